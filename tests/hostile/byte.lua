-- expect: error 
rule "hostile/byte" {
  title = "Returns a million bytes",
  level = "review",
  check = function(creator)
    return (("x"):rep(1e6)):byte(1, -1)
  end,
}
