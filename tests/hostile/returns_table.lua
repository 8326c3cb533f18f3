-- expect: error 
rule "hostile/returns_table" {
  title = "Returns a table that is no finding",
  level = "review",
  check = function(creator)
    return { level = "reject" }
  end,
}
