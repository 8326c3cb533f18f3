-- expect: refused loop_at_load.lua
while true do end
