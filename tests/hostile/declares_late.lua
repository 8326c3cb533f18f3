-- expect: error while files load
local late = { rule "hostile/never", lookup "never", lexicon "never" }
rule "hostile/late" {
  title = "Keeps what declares, and calls it while judging",
  level = "review",
  check = function(creator)
    if creator.handle == "a0001" then late[1] {} end
    if creator.handle == "a0002" then late[2] { 1 } end
    late[3] { terms = { "a" } }
  end,
}
