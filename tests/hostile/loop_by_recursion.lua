-- expect: error steps
rule "hostile/loop_by_recursion" {
  title = "Runs for ever by tail calls",
  level = "review",
  check = function(creator)
    local function f() return f() end
    return f()
  end,
}
