-- Do the people whom the campaign wants to reach follow this creator?

rule "brand-fit/audience-in-market" {
  title = "Enough of the audience lives where the campaign sells",
  level = "reject",
  set = { least = 0.40 }, -- 0.40 is 40 %
  need = "share(creator.audience.country, campaign.markets) >= set.least",
  examples = {
    { creator = { audience = { country = { US = 0.6, DE = 0.2 } } }, campaign = { markets = { "US" } }, expect = "pass" },
    { creator = { audience = { country = { FR = 0.9, US = 0.1 } } }, campaign = { markets = { "US" } }, expect = "fail" },
    { creator = {}, campaign = { markets = { "US" } }, expect = "unknown" },
  },
}

rule "brand-fit/adult-audience" {
  title = "The audience is grown up",
  level = "review",
  set = { most = 0.20 },
  need = "creator.audience.age['13-17'] <= set.most",
  examples = {
    { creator = { audience = { age = { ["13-17"] = 0.05, ["18-24"] = 0.95 } } }, expect = "pass" },
    { creator = { audience = { age = { ["13-17"] = 0.40, ["18-24"] = 0.60 } } }, expect = "fail" },
    { creator = {}, expect = "unknown" },
  },
}

rule "brand-fit/human" {
  title = "The creator is a person, not a drawn one",
  level = "review",
  need = "not creator.is_virtual",
  examples = {
    { creator = { is_virtual = false }, expect = "pass" },
    { creator = { is_virtual = true }, expect = "fail" },
    { creator = {}, expect = "unknown" },
  },
}
