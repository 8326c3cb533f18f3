-- expect: refused pcall.lua
pcall(error)
