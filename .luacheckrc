-- Rule files run in kolander's sandbox: these are the names it gives them.
std = {
	read_globals = {
		"rule", "ruleset", "lexicon", "lookup", "fail", "unknown", "text", "require",
		"assert", "error", "ipairs", "pairs", "select", "tonumber", "tostring", "type", "_VERSION",
		math = { other_fields = true }, string = { other_fields = true }, table = { other_fields = true },
		utf8 = { other_fields = true },
	},
}
max_line_length = 140
unused_args = false
