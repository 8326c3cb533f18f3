-- expect: refused text
Lua not really