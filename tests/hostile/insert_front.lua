-- expect: error 
rule "hostile/insert_front" {
  title = "Moves a long list again and again",
  level = "review",
  check = function(creator)
    local t = {}
    for i = 1, 1e7 do table.insert(t, 1, i) end
  end,
}
