-- expect: error 
rule "hostile/memory_in_text" {
  title = "Takes all memory by joining",
  level = "review",
  check = function(creator)
    local s = "x"
    while true do s = s .. s end
  end,
}
