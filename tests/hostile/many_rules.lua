-- expect: refused many_rules.lua
for i = 1, 1e7 do rule("hostile/r" .. i) { title = "t", level = "note", need = "1 < 2" } end
