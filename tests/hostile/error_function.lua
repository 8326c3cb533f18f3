-- expect: error 
rule "hostile/error_function" {
  title = "Raises a function",
  level = "review",
  check = function(creator)
    error(function() end)
  end,
}
