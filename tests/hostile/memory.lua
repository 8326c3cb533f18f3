-- expect: error memory
rule "hostile/memory" {
  title = "Takes all memory",
  level = "review",
  check = function(creator)
    local all = {}
    for i = 1, 1e9 do all[i] = { i } end
  end,
}
