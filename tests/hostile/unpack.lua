-- expect: error 
rule "hostile/unpack" {
  title = "Returns a million values",
  level = "review",
  check = function(creator)
    return table.unpack({}, 1, 1e6)
  end,
}
