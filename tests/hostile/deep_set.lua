-- expect: refused deep_set.lua
local t = {}
for _ = 1, 5000 do t = { t = t } end
rule "hostile/deep" { title = "A parameter nested too deep", level = "review", set = { t = t }, need = "1 < 2" }
