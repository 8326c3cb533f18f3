-- expect: error
rule "abuse/write" {
  title = "Writes to texts",
  level = "review",
  check = function()
    local s = "x"
    s.rep = nil
  end,
}
