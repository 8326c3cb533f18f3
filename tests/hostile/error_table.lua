-- expect: error 
rule "hostile/error_table" {
  title = "Raises a table",
  level = "review",
  check = function(creator)
    error({ secret = creator })
  end,
}
