-- expect: error 
rule "hostile/gsub_grows" {
  title = "Replaces by more and more",
  level = "review",
  check = function(creator)
    local s = "x"
    for _ = 1, 60 do s = s:gsub("x", "xxxx") end
  end,
}
