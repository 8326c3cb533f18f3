-- expect: error steps
rule "hostile/loop_nested" {
  title = "Loops within loops",
  level = "review",
  check = function(creator)
    local n = 0
    for i = 1, 1e9 do for j = 1, 1e9 do for k = 1, 1e9 do n = n + i * j * k end end end
  end,
}
