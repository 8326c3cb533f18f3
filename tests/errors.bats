#!/usr/bin/env bats
# Errors of a ruleset and of the command's words: one sentence each with file, line, suggestion and caret; all at once.
load helpers

setup() { start; people 2; }

# refused LUA WORD…: vet refuses the file with exit 2, naming file and line 1, and says each word.
refused() {
	printf '%s\n' "$1" >rules/bad.lua
	shift
	run vet
	[ "$status" -eq 2 ]
	[[ "$output" == *"bad.lua:1:"* ]]
	for w; do [[ "$output" == *"$w"* ]] || { echo "'$w' not in: $output"; return 1; }; done
}

need() { printf 'rule "a/b" { title = "t", level = "review", need = "%s" }' "$1"; }

@test "a misspelt field is suggested, with a caret" { refused "$(need 'creator.folowers > 1')" folowers followers '^'; }
@test "an unknown key of a rule is suggested" {
	refused 'rule "a/b" { title = "t", levle = "review", need = "1 > 0" }' levle level
}
@test "a level that is none" {
	refused 'rule "a/b" { title = "t", level = "fatal", need = "1 > 0" }' fatal review
}
@test "= for ==" { refused "$(need 'creator.followers = 1')" '==' '^'; }
@test "!= for ~=" { refused "$(need 'creator.followers != 1')" '~=' '^'; }
@test "a condition cut short" { refused "$(need 'creator.followers >')" '^'; }
@test "a share compared with 40" { refused "$(need 'share(creator.audience.country, campaign.markets) >= 40')" 0.4; }
@test "and on numbers suggests default" { refused "$(need 'creator.followers and creator.followers > 1')" default; }
@test "a text compared with a number" { refused "$(need 'creator.country > 5')" country; }
@test "an unknown function is suggested" { refused "$(need "amogn(creator.country, campaign.markets)")" amogn among; }
@test "an unknown rule in failed" { refused "$(need "failed('nowhere/*') < 1")" nowhere; }
@test "a text without quotes" {
	refused "$(need 'creator.country == DE')" "quotes: 'DE'" '^'
	refused "$(need 'money(creator.fee, EUR) > 1')" "quotes: 'EUR'"
	refused "$(need 'any(posts where platform == TT)')" "quotes: 'TT'"
	refused "$(need 'creator.country == germany')" "quotes: 'germany'"
}
@test "numbers as people write them" {
	refused "$(need "share(creator.audience.country, 'US') >= 40%")" "write 0.4 for 40 %" '^'
	refused "$(need '(creator.followers >= 40%) and 1 > 0')" "write 0.4 for 40 %"
	refused "$(need 'creator.followers > 10,000')" "write 10000"
	refused "$(need '(creator.followers > 1,500,000)')" "write 1500000"
	refused "$(need 'creator.followers > 10K')" "write 10000"
	refused "$(need 'creator.followers > 1.5M')" "write 1500000"
	refused "$(need 'creator.followers > 10_000')" "write 10000"
}
@test "an audience asked with a name in brackets" {
	refused "$(need 'creator.audience.country[campaign.markets] > 1')" "share(creator.audience.country, campaign.markets)"
}
@test "a lookup table that nobody declared" {
	refused "$(need "lookup('rates', creator.country) > 1")" 'lookup "rates" {'
}
@test "a field that begins so is suggested" { refused "$(need 'count(posts where age < 30) > 1')" "'age_days'"; }
@test "curly quotes in a condition and in Lua" {
	refused "$(need 'creator.country == “DE”')" "straight quotes" '^'
	refused 'rule "a/b" { title = “t” }' "straight quotes" '^'
	refused 'rule "a/b" { title = "t” }' "straight quotes"
}
@test "a comma that lacks is told where it belongs" {
	refused 'rule "a/b" { title = "t" say = "x" }' "comma is missing before 'say'" '^'
	refused 'rule "a/b" { title = "t", set = { a = 1 }  -- least
  level = "note" }' "bad.lua:1:42:" "before 'level', at the end of line 1"
	refused 'rule "a/b" { title = "t", tags = { "a" "b" } }' 'before "b"'
	refused "rule 'a/b' { title = 'it's' }" "'}' expected"
}
@test "a global that is none" {
	refused 'Rule "a/b" { }' "'Rule'" "did you mean 'rule'"
	refused 'local x = os.time()' "rules have no 'os'"
}
@test "a level without quotes" {
	refused 'rule "a/b" { title = "t", level = note, need = "1 > 0" }' 'level = "note" with quotes' '^'
	refused 'rule "a/b" { title = "t", need = "1 > 0" }' 'or "note"'
}

@test "rules that may stand in a file that did not load are not missed; a missing one is told once" {
	need '1 > 0' >rules/one.lua
	echo 'ruleset { rules = { ["my/fee"] = { level = "note", mode = "off" } } }' >rules/ruleset.lua
	run vet
	[ "$(grep -c "no rule 'my/fee'" <<<"$output")" -eq 1 ]
	echo 'rule "my/fee" { title = ' >rules/two.lua
	run vet
	[ "$status" -eq 2 ]
	[[ "$output" == *two.lua* && "$output" != *"no rule"* ]]
}

@test "a misspelt field in a function is found before it runs, each on its line" {
	cat >rules/a.lua <<'RULES'
rule "a/b" { title = "t", level = "note", set = { most = 3 },
  check = function(creator, campaign, set)
    if creator.followers > set.mst then return fail "x" end
    if campaign.bran == "x" and campaign.brand then return fail "y" end

    return creator.folowers and creator:known "country" and fail "z"
  end }
rule "a/c" { title = "t", level = "note", each = "post",
  check = function(post, creator, campaign, set)
    creator = { folwers = creator }
    return (post.age_dys > 3 or creator.folwers) and fail "x"
  end }
RULES
	run "$KOLANDER" check rules
	[ "$status" -eq 1 ]
	for w in "a.lua:3:" "'most'" "a.lua:4:" "'brand'" "a.lua:6:" "'followers'" "a.lua:11:" "'age_days'" "4 problems"; do
		[[ "$output" == *"$w"* ]] || { echo "'$w' not in: $output"; false; }
	done
}

@test "Lua that is no Lua" {
	refused 'rule "a/b" { title = = }' 'unexpected symbol'
}
@test "a rule with neither need nor check" {
	refused 'rule "a/b" { title = "t", level = "review" }' need check
}

@test "a duplicate id names both places" {
	need '1 > 0' >rules/one.lua
	need '1 > 0' >rules/two.lua
	run vet
	[ "$status" -eq 2 ]
	[[ "$output" == *"two.lua:1:"* && "$output" == *"one.lua"* && "$output" == *"a/b"* ]]
}

@test "all errors of all files in one go; a broken file drops nothing silently" {
	echo 'rule "a/b" { title = ' >rules/one.lua
	printf 'rule "c/d" { title = "t", level = "bad", need = "1 > 0" }\n\nrule "e/f" { title = "t", level = "wrong", need = "1 > 0" }\n' >rules/two.lua
	echo 'rule "g/h" { title = "t", level = "review", need = "creator.folowers > 1" }' >rules/three.lua
	run vet
	[ "$status" -eq 2 ]
	for w in one.lua:2 two.lua:1 two.lua:3 three.lua:1; do [[ "$output" == *"$w"* ]] || { echo "no $w: $output"; false; }; done
	[[ "$output" != *'"verdict"'* ]]
}

@test "--set: unknown rule, unknown parameter, wrong type" {
	echo 'rule "a/b" { title = "t", level = "review", set = { least = 5 }, need = "creator.followers > set.least" }' >rules/a.lua
	for s in a/c.least=1 a/b.leest=1 a/b.least=many; do
		run vet --set "$s"
		[ "$status" -eq 2 ]
		[[ "$output" == *a/b* ]]
	done
	run vet --set a/b.leest=1
	[[ "$output" == *least* ]]
}

@test "an unknown campaign and an unknown creator" {
	need '1 > 0' >rules/a.lua
	run "$KOLANDER" vet r.db --rules rules --campaign sprnig
	[ "$status" -eq 2 ]
	[[ "$output" == *sprnig* ]]
	run vet --creator instagram/nobody
	[ "$status" -eq 2 ]
	[[ "$output" == *nobody* ]]
}
