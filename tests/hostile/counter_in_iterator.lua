-- expect: error iterator
-- The iterator keeps its place between calls; it must not be made while the file loads and stepped later.
local step, list = pairs({ 1, 2, 3 })
rule "hostile/counter" {
  title = "Counts creators",
  level = "review",
  check = function()
    if step(list) ~= 1 then return fail("I remember") end
    error("the first step")
  end,
}
