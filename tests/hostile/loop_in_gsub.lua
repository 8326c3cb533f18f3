-- expect: error steps
rule "hostile/loop_in_gsub" {
  title = "Runs for ever in a callback",
  level = "review",
  check = function(creator)
    (("a"):rep(10)):gsub("a", function() while true do end end)
  end,
}
