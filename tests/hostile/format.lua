-- expect: error 
rule "hostile/format" {
  title = "A format that is too wide",
  level = "review",
  check = function(creator)
    return (("%99999999d")):format(1)
  end,
}
