-- expect: error 
rule "hostile/long_text" {
  title = "A text of ten billion bytes",
  level = "review",
  check = function(creator)
    local s = ("x"):rep(1e10)
    return fail(s)
  end,
}
