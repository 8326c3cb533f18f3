-- Are the followers real, and do they care?

local metrics = require "kolander.metrics"

rule "authenticity/engagement-usual" {
  title = "Engagement is what creators of this size get",
  level = "review",
  when = "creator.platform == 'instagram' or creator.platform == 'tiktok'", -- others publish no comparable figures
  set = { low = 0.3, high = 5 }, -- times the usual
  check = function(creator, _, set)
    local usual = metrics.usual_engagement(creator.platform, creator.followers)
    local ratio = creator.engagement_rate / usual
    if ratio < set.low or ratio > set.high then
      return fail("{ratio:.1f} times the usual engagement", { ratio = ratio })
    end
  end,
  examples = {
    { creator = { platform = "instagram", followers = 20000, engagement_rate = 0.03 }, expect = "pass" },
    { creator = { platform = "instagram", followers = 20000, engagement_rate = 0.30 }, expect = "fail" },
    { creator = { platform = "instagram", followers = 20000 }, expect = "unknown" },
    { creator = { platform = "youtube", followers = 20000, engagement_rate = 0.30 }, expect = "skip" },
  },
}

rule "authenticity/credible-audience" {
  title = "Most followers look like real people",
  level = "reject",
  set = { least = 0.60 },
  need = "creator.audience_credibility >= set.least",
  examples = {
    { creator = { audience_credibility = 0.85 }, expect = "pass" },
    { creator = { audience_credibility = 0.40 }, expect = "fail" },
    { creator = {}, expect = "unknown" },
  },
}

rule "authenticity/no-sudden-growth" {
  title = "Followers did not arrive all at once",
  about = "A count that grew by half within three months was often bought.",
  level = "review",
  set = { times = 1.5, days = 100 },
  need = "creator.followers <= set.times * min(followers of history where age_days <= set.days)",
  examples = {
    {
      creator = { followers = 1000, history = { { at = "2026-10-01", followers = 900 } } },
      as_of = "2026-11-20",
      expect = "pass",
    },
    {
      creator = { followers = 9000, history = { { at = "2026-10-01", followers = 900 } } },
      as_of = "2026-11-20",
      expect = "fail",
    },
    { creator = { history = { { at = "2026-10-01", followers = 900 } } }, as_of = "2026-11-20", expect = "unknown" },
  },
}
