-- expect: error read-only
-- Runs before the harmless rule, which must still see the creator as it is.
rule "abuse/write" {
  title = "Writes to the creator",
  level = "review",
  check = function(creator)
    creator.followers = 1e9
    creator.country = nil
    error("written")
  end,
}
