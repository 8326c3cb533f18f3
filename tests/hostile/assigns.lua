-- Must end with an error: nothing outside a function may be assigned.
local count = 0
rule "hostile/assigns" { title = "Assigns", level = "review", check = function() count = count + 1 end }
