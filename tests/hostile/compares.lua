-- expect: error steps
-- Comparing long texts is work, though the machine counts it as one step.
rule "hostile/compares" {
  title = "Compares for ever", level = "review",
  check = function()
    local a, b = ("a"):rep(4000000), ("a"):rep(4000000)
    local n = 0
    for _ = 1, 300000 do
      if a == b or a < b then n = n + 1 end
    end
  end,
}

rule "harmless/followers" { title = "A harmless rule", level = "note", need = "creator.followers >= 0" }
