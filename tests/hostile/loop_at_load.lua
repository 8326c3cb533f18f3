-- Must end with an error that names this file: the instruction budget.
while true do end
