-- What Lua 5.4's own string functions answer, and what the sandbox's do. A list of cases: function, text, pattern, answer.
local cases = require "cases"

local function show(...)
  local out = {}
  for i = 1, select("#", ...) do out[i] = tostring((select(i, ...))) end
  return table.concat(out, "|")
end

local run = {
  find = function(s, p) return show(s:find(p)) end,
  match = function(s, p) return show(s:match(p, 2)) end,
  gsub = function(s, p) return show(s:gsub(p, "<%0>")) end,
  gmatch = function(s, p)
    local out = {}
    for a, b in s:gmatch(p) do out[#out + 1] = show(a, b) end
    return table.concat(out, ";")
  end,
  call = function(s, p)
    return show(s:gsub(p, function(a, b)
      if b then return tostring(b) .. tostring(a) end
      if a ~= "a" then return "[" .. tostring(a) .. "]" end
    end, 3))
  end,
}

local wrong = {}
for _, case in ipairs(cases) do
  local got = run[case[1]](case[2], case[3])
  if got ~= case[4] then
    wrong[#wrong + 1] = ("%s(%s, %s): %s, not %s"):format(case[1], case[2], case[3], got, case[4])
  end
end

rule "language/strings" {
  title = "Text functions answer as Lua's own do",
  level = "note",
  check = function()
    if #wrong > 0 then return fail("{n} differ: {first}", { n = #wrong, first = wrong[1] }) end
  end,
  examples = { { creator = {}, expect = "pass" } },
}
