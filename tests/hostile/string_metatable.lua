-- expect: error 
rule "hostile/string_metatable" {
  title = "Looks for the metatable of texts",
  level = "review",
  check = function(creator)
    local meta = getmetatable("")
    meta.__index = nil
  end,
}
