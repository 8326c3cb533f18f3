-- expect: error 
rule "hostile/sort_long" {
  title = "Sorts without end",
  level = "review",
  check = function(creator)
    local t = {}
    for i = 1, 1e5 do t[i] = -i end
    for _ = 1, 1e6 do table.sort(t, function(a, b) return a < b end) end
  end,
}
