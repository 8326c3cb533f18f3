-- Must end with an error that names this file: the memory bound.
local t = {}
for i = 1, 1e9 do t[i] = ("x"):rep(100000) .. i end
