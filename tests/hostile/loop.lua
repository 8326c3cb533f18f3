-- expect: error steps
rule "hostile/loop" {
  title = "Runs for ever",
  level = "review",
  check = function(creator)
    while true do end
  end,
}
