-- expect: refused error_table_at_load.lua
error({})
