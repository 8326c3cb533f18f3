-- expect: error 
rule "hostile/pattern_cost" {
  title = "A thousand long patterns",
  level = "review",
  check = function(creator)
    for i = 1, 1e6 do (("a"):rep(100)):find(("a?"):rep(100) .. i) end
  end,
}
