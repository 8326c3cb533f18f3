-- expect: refused assign
local function counter()
  local n = 0
  return function()
    n = n + 1
    return n
  end
end
local count = counter()
rule "hostile/counter" {
  title = "Counts creators",
  level = "review",
  check = function()
    if count() > 1 then return fail("I remember") end
  end,
}
