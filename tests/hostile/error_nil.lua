-- expect: error 
rule "hostile/error_nil" {
  title = "Raises nothing",
  level = "review",
  check = function(creator)
    error(nil)
  end,
}
