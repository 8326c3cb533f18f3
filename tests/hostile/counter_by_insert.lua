-- expect: error
local kept = {}
rule "hostile/counter" {
  title = "Counts creators",
  level = "review",
  check = function()
    table.insert(kept, true)
    if #kept > 1 then return fail("I remember") end
  end,
}
