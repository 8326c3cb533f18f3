-- expect: error 
rule "hostile/deep_recursion" {
  title = "Recurses without end",
  level = "review",
  check = function(creator)
    local function f(n) return 1 + f(n + 1) end
    return f(1)
  end,
}
