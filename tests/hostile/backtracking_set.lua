-- expect: error 
rule "hostile/backtracking_set" {
  title = "A pattern that tries everything",
  level = "review",
  check = function(creator)
    return (("a"):rep(28)):find(("a-"):rep(26) .. "[bc]")
  end,
}
