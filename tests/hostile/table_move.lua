-- expect: error 
rule "hostile/table_move" {
  title = "Moves without end",
  level = "review",
  check = function(creator)
    table.move({}, 1, 1 << 50, 2)
  end,
}
