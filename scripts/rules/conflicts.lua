-- Is the creator free to work for this brand?

rule "conflicts/exclusive" {
  title = "No competitor holds the creator exclusively while the campaign runs",
  level = "reject",
  need = "none(partnerships where among(brand, campaign.competitors) and exclusive_until >= campaign.starts_on)",
  examples = {
    {
      creator = { partnerships = { { brand = "Lipwell", exclusive_until = "2027-01-01" } } },
      campaign = { competitors = { "Lipwell" }, starts_on = "2026-12-01" },
      expect = "fail",
    },
    {
      creator = { partnerships = { { brand = "Solbit", exclusive_until = "2027-01-01" } } },
      campaign = { competitors = { "Lipwell" }, starts_on = "2026-12-01" },
      expect = "pass",
    },
    { creator = {}, campaign = { competitors = { "Lipwell" }, starts_on = "2026-12-01" }, expect = "unknown" },
  },
}
