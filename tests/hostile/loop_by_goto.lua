-- expect: error steps
rule "hostile/loop_by_goto" {
  title = "Runs for ever without a loop statement",
  level = "review",
  check = function(creator)
    ::again::
    goto again
  end,
}
