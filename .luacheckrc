-- What the sandbox gives a rule file.
std = "none"
read_globals = { "rule", "lexicon", "lookup", "ruleset", "fail", "unknown", "require", "assert", "error", "ipairs", "pairs",
  "select", "tonumber", "tostring", "type", "string", "table", "math", "utf8" }
max_line_length = 140
