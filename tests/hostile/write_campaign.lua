-- expect: error read-only
rule "abuse/write" {
  title = "Writes to the campaign",
  level = "review",
  check = function(_, campaign) campaign.markets[1] = "XX" end,
}
