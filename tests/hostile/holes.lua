-- expect: error no list
-- A table with holes may claim any border as its length: what moves its elements must not believe it.
local function holes()
  local t = {}
  for _, k in ipairs({ 1, 2, 3, 4, 5, 8, 9 }) do t[k] = 1 end
  for k = 4, 60 do t[1 << k] = 1 end
  return t
end

rule "hostile/holes" {
  title = "A list full of holes", level = "review",
  check = function()
    local t = holes()
    table.insert(t, 1, 5)
    table.sort(t)
  end,
}

rule "harmless/followers" { title = "A harmless rule", level = "note", need = "creator.followers >= 0" }
