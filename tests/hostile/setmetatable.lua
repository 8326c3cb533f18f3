-- expect: refused setmetatable
local t = setmetatable({}, {})
