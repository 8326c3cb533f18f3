-- expect: error
rule "hostile/late" {
  title = "Requires while judging",
  level = "review",
  check = function() return require "kolander.metrics" end,
}
