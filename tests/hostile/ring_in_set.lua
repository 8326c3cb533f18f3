-- expect: refused ring_in_set.lua
local t = {}
t.t = t
rule "hostile/ring" { title = "A parameter that holds itself", level = "review", set = { t = t }, need = "1 < 2" }
