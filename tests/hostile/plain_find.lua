-- expect: error 
rule "hostile/plain_find" {
  title = "A long needle in a long text",
  level = "review",
  check = function(creator)
    return (("a"):rep(8e6)):find(("a"):rep(4e6) .. "b", 1, true)
  end,
}
