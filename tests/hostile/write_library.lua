-- expect: error 
rule "hostile/write_library" {
  title = "Writes to a library",
  level = "review",
  check = function(creator)
    string.rep = nil
  end,
}
