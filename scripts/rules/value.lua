-- Is the price right?

rule "value/cpm" {
  title = "A thousand views cost a fair price",
  level = "review",
  set = { most = 45 }, -- euros for a thousand views
  need = "money(creator.fee, 'EUR') / creator.avg_views * 1000 <= set.most",
  examples = {
    { creator = { fee = 300, currency = "EUR", avg_views = 20000 }, expect = "pass" },
    { creator = { fee = 3000, currency = "EUR", avg_views = 20000 }, expect = "fail" },
    { creator = { fee = 300, currency = "EUR" }, expect = "unknown" },
  },
}
