-- expect: error 
rule "hostile/write_math" {
  title = "Writes to a library",
  level = "review",
  check = function(creator)
    math.huge = 1
  end,
}
