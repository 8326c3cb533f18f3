-- The team's policy. This file says which rules count and how much; the rules themselves are in rules/.
-- Change a number here, then run `kolander check` and `kolander test` to see that all is well.

ruleset {
  -- What a score means. It starts at 100 and loses a failed rule's weight (40 for reject, 15 for review).
  -- Below these a creator is reviewed or rejected even where no single rule said so.
  decide = { review_below = 60, reject_below = 20 },

  -- The team's own numbers, rule by rule. The left side is a rule's id; a campaign or --set still goes before these.
  rules = {
    ["brand-fit/audience-in-market"] = { set = { least = 0.35 } },
    ["value/cpm"] = { set = { most = 60 } },
  },
}
