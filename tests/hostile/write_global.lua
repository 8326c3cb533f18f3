-- expect: error 
rule "hostile/write_global" {
  title = "Writes through a table of the file",
  level = "review",
  check = function(creator)
    local t = table
    t.insert = print
  end,
}
