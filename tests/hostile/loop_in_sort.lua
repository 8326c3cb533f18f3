-- expect: error steps
rule "hostile/loop_in_sort" {
  title = "Runs for ever in a comparison",
  level = "review",
  check = function(creator)
    table.sort({ 1, 2, 3 }, function() while true do end end)
  end,
}
