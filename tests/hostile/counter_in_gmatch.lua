-- expect: error iterator
local step = ("a b c"):gmatch("%a")
rule "hostile/counter" {
  title = "Counts creators",
  level = "review",
  check = function()
    if step() ~= "a" then return fail("I remember") end
    error("the first step")
  end,
}
