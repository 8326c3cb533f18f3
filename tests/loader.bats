#!/usr/bin/env bats
# What loading refuses and where it points: files, links, required modules, fields, conditions over several lines.
load helpers

setup() { start; }

# refused WORD…: check refuses the folder rules and says each word; the message ends with a count, no crash.
refused() {
	run "$KOLANDER" check rules
	[ "$status" -eq 1 ] || { echo "exit $status: $output"; false; }
	for w; do [[ "$output" == *"$w"* ]] || { echo "'$w' not in: $output"; false; }; done
}

good() { printf 'rule "%s" { title = "t", level = "review", need = "1 < 2" }\n' "$1"; }

@test "a source of 20 MB" {
	perl -e 'print "-- ", "x" x 20_000_000, "\n"' >rules/big.lua
	refused "rules/big.lua" "larger than 1 MiB"
}

@test "bytecode" {
	printf '\033LuaT\0\031\223\r\n\032\n' >rules/compiled.lua
	refused "rules/compiled.lua" "never compiled"
}

@test "a byte order mark is passed over" {
	{ printf '\xEF\xBB\xBF'; good a/b; } >rules/a.lua
	run "$KOLANDER" check rules
	[ "$status" -eq 0 ] || { echo "$output"; false; }
}

@test "5,000 nested brackets point at the place" {
	perl -e 'print "\nlocal t = ", "{" x 5000, "}" x 5000, "\n"' >rules/deep.lua
	refused "rules/deep.lua:2:" "nested deeper" '^'
}

@test "a link that leads out of the folder, a link to a folder, a link to nothing" {
	good a/b >outside.lua
	mkdir elsewhere
	ln -s ../outside.lua rules/one.lua
	ln -s ../elsewhere rules/two
	ln -s nothing.lua rules/three.lua
	refused "rules/one.lua" "leads out" "rules/two" "real folders" "rules/three.lua" "cannot be read"
}

@test "a link within the folder is one more file" {
	good a/b >rules/one.lua
	ln -s one.lua rules/two.lua
	refused "rules/two.lua:1:" "already declared at rules/one.lua:1"
}

@test "a module is loaded once, whether required or met" {
	mkdir rules/lib
	echo 'return { least = 3 }' >rules/lib/numbers.lua
	good a/b >rules/zz.lua
	echo 'require "zz" local n = require "lib.numbers" rule "c/d" { title = "t", level = "note", set = { least = n.least }, need = "set.least == 3" }' >rules/first.lua
	run "$KOLANDER" check rules
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	[[ "$output" == *"2 rules"* ]]
}

@test "a missing module names what exists; a ring of modules is told" {
	echo 'require "kolander.metrcs"' >rules/one.lua
	echo 'require "kolander.zzzzzzzzzzzzz"' >rules/two.lua
	echo 'require "four"' >rules/three.lua
	echo 'require "three"' >rules/four.lua
	refused "rules/one.lua:1:" "did you mean 'kolander.metrics'" "there are: kolander.metrics" "rules/four.lua:1:" "requires itself"
}

@test "fields of a rule are pointed at, each on its line" {
	printf 'rule "a/b" {\n  title = "t",\n  level = "revew",\n  each = "psot",\n  mode = "shado",\n  unknown = "rejct",\n  wieght = 5,\n  need = "1 < 2",\n}\n' >rules/a.lua
	refused a.lua:3: "'review'" a.lua:4: "'post'" a.lua:5: "'shadow'" a.lua:6: "'note', 'review'" a.lua:7: "'weight'"
}

@test "a condition over several lines, and one that is joined" {
	printf 'rule "a/b" { title = "t", level = "review", need = [[\n  creator.followers > 1\n  and creator.following !== 3\n]] }\n' >rules/a.lua
	printf 'rule "a/c" { title = "t", level = "review",\n  need = "creator.followers > 1 "\n    .. "and creator.folowing > 3" }\n' >rules/b.lua
	refused a.lua:3: "'~='"
	rm rules/a.lua
	refused b.lua:3: folowing following
}

@test "the team's file: packs, rules, decide and assume are pointed at" {
	good a/b >rules/a.lua
	printf 'ruleset {\n  packs = {\n    "nowhere",\n  },\n  rules = {\n    ["a/b"] = { levle = "note" },\n    ["a/c"] = "off",\n  },\n  decide = { review_belw = 3 },\n  assume = { postss = "complete" },\n}\n' >rules/ruleset.lua
	refused ruleset.lua:3: nowhere ruleset.lua:6: "'level'" ruleset.lua:9: review_below ruleset.lua:10: "'posts'"
	printf 'ruleset {\n  rules = {\n    ["a/c"] = "off",\n  },\n}\n' >rules/ruleset.lua
	refused ruleset.lua:3: "'a/b'"
}

@test "examples say what they expect, and name what a roster has" {
	printf 'rule "a/b" { title = "t", level = "review", need = "1 < 2", examples = {\n  { creator = {} },\n  { creatr = {}, expect = "pass" },\n  { creator = {}, expect = "pas" },\n} }\n' >rules/a.lua
	refused a.lua:2: expect a.lua:3: "'creator'" a.lua:4: "'pass'"
	printf 'rule "a/b" { title = "t", level = "review", need = "1 < 2", examples = {\n  { creator = { folowers = 3 }, expect = "pass" } } }\n' >rules/a.lua
	run "$KOLANDER" test rules
	[ "$status" -eq 1 ]
	[[ "$output" == *"a.lua:2:"*folowers* ]]
}

@test "an example's platform, rows, coverage, set and date" {
	cat >rules/a.lua <<'RULES'
rule "a/b" {
  title = "t",
  level = "review",
  set = { least = 1 },
  need = "count(posts where age_days < 30) >= set.least",
  examples = {
    { creator = { platform = "tiktok", posts = { { posted_at = "2025-12-30" } } }, expect = "pass" },
    { creator = { posts = { { posted_at = "2025-12-30" } } }, as_of = "2026-06-01", expect = "fail" },
    { creator = { posts = { { posted_at = "2025-12-30" } } }, set = { least = 2 }, expect = "fail" },
    { creator = {}, posts = {}, expect = "fail" },
    { creator = {}, expect = "unknown" },
    { creator = {}, posts = {}, complete = false, expect = "unknown" },
    { creator = {}, coverage = { { of = "posts", from_at = "2025-06-01", to_at = "2026-01-01" } }, expect = "fail" },
    { creator = {}, coverage = { { of = "posts", from_at = "2025-06-01", to_at = "2025-12-20" } }, expect = "unknown" },
  },
}
RULES
	run "$KOLANDER" test rules
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the fingerprint covers every file of stdlib, and not where the folder lies" {
	good a/b >rules/a.lua
	people 1
	cp -R "${KOLANDER_STDLIB:-$BATS_TEST_DIRNAME/../stdlib}" lib
	one=$(KOLANDER_STDLIB=$PWD/lib vet | jq -r 'select(.type == "run").ruleset')
	cp -R rules moved
	two=$(KOLANDER_STDLIB=$PWD/lib "$KOLANDER" vet r.db --rules moved --campaign c --as-of 2026-11-23 --format ndjson | jq -r 'select(.type == "run").ruleset')
	echo '-- one more line' >>lib/kolander/metrics.lua
	three=$(KOLANDER_STDLIB=$PWD/lib vet | jq -r 'select(.type == "run").ruleset')
	[ "$one" = "$two" ] && [ "$one" != "$three" ]
}
