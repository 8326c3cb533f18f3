-- expect: error cannot be
local kept = { count = 0 }
rule "hostile/counter" {
  title = "Counts creators through another name",
  level = "review",
  check = function()
    local same = kept
    same.count = same.count + 1
  end,
}
