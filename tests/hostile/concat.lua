-- expect: error 
rule "hostile/concat" {
  title = "Joins without end",
  level = "review",
  check = function(creator)
    return table.concat({}, ("x"):rep(1000), 1, 1e9)
  end,
}
