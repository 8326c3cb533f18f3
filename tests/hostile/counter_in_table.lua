-- expect: refused assign
local kept = { count = 0 }
rule "hostile/counter" {
  title = "Counts creators",
  level = "review",
  check = function()
    kept.count = kept.count + 1
    if kept.count > 1 then return fail("I remember") end
  end,
}
