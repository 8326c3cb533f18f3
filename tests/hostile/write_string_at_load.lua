-- expect: refused write_string_at_load.lua
string.rep = function() return "owned" end
