-- expect: refused deep
local t = {}
for _ = 1, 5000 do t = { t = t } end
rule "hostile/deep" {
  title = "A table nested too deep",
  level = "review",
  check = function() return t.t end,
}
