-- Is the creator active, and not only for money?

rule "activity/posts-lately" {
  title = "The creator posts now and then",
  level = "review",
  set = { days = 90, least = 1 },
  need = "count(posts where age_days <= set.days) >= set.least",
  examples = {
    { creator = { posts = { { id = "a", posted_at = "2026-11-01" } } }, as_of = "2026-11-20", expect = "pass" },
    { creator = { posts = { { id = "a", posted_at = "2025-01-01" } } }, as_of = "2026-11-20", expect = "fail" },
    { creator = {}, as_of = "2026-11-20", expect = "unknown" },
  },
}

rule "activity/not-only-ads" {
  title = "Paid posts are a minority",
  level = "review",
  set = { days = 90, most = 0.5 },
  need = "count(posts where sponsored and age_days <= set.days)"
    .. " <= set.most * count(posts where age_days <= set.days)",
  examples = {
    {
      creator = {
        posts = {
          { id = "a", posted_at = "2026-11-01", paid_label = false },
          { id = "b", posted_at = "2026-11-02", relationship = "paid" },
        },
      },
      as_of = "2026-11-20",
      expect = "pass",
    },
    {
      creator = { posts = { { id = "a", posted_at = "2026-11-01", relationship = "paid" } } },
      as_of = "2026-11-20",
      expect = "fail",
    },
    {
      creator = { posts = { { id = "a", posted_at = "2026-11-01", relationship = "paid" } } },
      complete = false, -- there may be others
      as_of = "2026-11-20",
      expect = "unknown",
    },
  },
}
