-- expect: error cannot be
rule "hostile/counter" {
  title = "Counts creators",
  level = "review",
  set = { count = 0 },
  check = function(_, _, set) set.count = set.count + 1 end,
}
