-- expect: error
rule "hostile/late" {
  title = "Declares a rule while judging",
  level = "review",
  check = function() rule "hostile/later" { title = "t", level = "note", need = "1 < 2" } end,
}
