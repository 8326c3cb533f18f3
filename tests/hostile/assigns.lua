-- expect: refused assigns.lua
local count = 0
rule "hostile/assigns" { title = "Assigns", level = "review", check = function() count = count + 1 end }
