-- expect: error in time
rule "hostile/backtracking" {
  title = "A pattern that could try everything, and finds nothing",
  level = "review",
  check = function(creator)
    if not (("a"):rep(28)):find(("a-"):rep(26) .. "b") then error("answered in time") end
  end,
}
