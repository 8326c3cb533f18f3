#!/usr/bin/env bats
# Decisions, scores, levels, overrides, markets, posts, selection, exit codes and the shape of the output.
load helpers

setup() { start; people 2; }
rule() { printf 'rule "%s" { title = "t", level = "%s", %s }\n' "$@" >>rules/r.lua; }
decision() { vet --creator instagram/a0001 "$@" | jq -r 'select(.type == "verdict") | .decision'; }
score() { vet --creator instagram/a0001 | jq -c 'select(.type == "verdict") | [.score.min, .score.max]'; }

@test "nothing against: approve" { rule a/b reject 'need = "1 > 0"'; [ "$(decision)" = approve ]; }
@test "a failed reject rule rejects" { rule a/b reject 'need = "1 > 2"'; [ "$(decision)" = reject ]; [ "$(score)" = "[60,60]" ]; }
@test "a failed review rule asks for review" { rule a/b review 'need = "1 > 2"'; [ "$(decision)" = review ]; [ "$(score)" = "[85,85]" ]; }
@test "a failed note approves" { rule a/b note 'need = "1 > 2"'; [ "$(decision)" = approve ]; [ "$(score)" = "[100,100]" ]; }
@test "unknown on a reject rule: review, and a range" { rule a/b reject 'need = "creator.fee > 2"'; [ "$(decision)" = review ]; [ "$(score)" = "[60,100]" ]; }
@test "unknown on a note approves" { rule a/b note 'need = "creator.fee > 2"'; [ "$(decision)" = approve ]; }
@test "unknown = note approves" { rule a/b reject 'unknown = "note", need = "creator.fee > 2"'; [ "$(decision)" = approve ]; }
@test "an error on a note: review" { rule a/b note 'check = function() error "x" end'; [ "$(decision)" = review ]; }
@test "weights and bonuses" { rule a/b review 'weight = 30, need = "1 > 2"'; rule a/c note 'bonus = 5, need = "1 > 0"'; [ "$(score)" = "[75,75]" ]; }
@test "scores stay within 0 and 100" { rule a/b reject 'weight = 100, need = "1 > 2"'; [ "$(score)" = "[0,0]" ]; }
@test "decide: a low score asks for review; only a score that is certainly low rejects" {
	echo 'ruleset { decide = { review_below = 70, reject_below = 40 } }' >rules/ruleset.lua
	rule a/b note 'weight = 35, need = "1 > 2"'
	[ "$(decision)" = review ]
	rule a/c note 'weight = 30, need = "creator.fee > 2"'
	[ "$(decision) $(score)" = "review [35,65]" ]
	rm rules/r.lua
	rule a/b note 'weight = 65, need = "1 > 2"'
	[ "$(decision) $(score)" = "reject [35,35]" ]
}
@test "a lowered fail" {
	rule a/b reject 'check = function() return fail("x", {}, {}, { level = "note" }) end'
	[ "$(decision)" = approve ]
}

@test "parameters: rule, ruleset.lua, campaign_set, --set; the last one counts" {
	rule a/b review 'set = { least = 1 }, need = "creator.followers >= set.least"'
	[ "$(decision)" = approve ]
	sqlite3 r.db "INSERT INTO campaign_set VALUES ('c', 'a/b', 'least', '2000')"
	[ "$(decision)" = review ]
	[ "$(decision --set a/b.least=5)" = approve ]
	[ "$(decision --set a/b.level=reject)" = reject ]
	[ "$(decision --set a/b.mode=shadow)" = approve ]
}

@test "a market rule speaks for each market" {
	rule a/b review 'each = "market", need = "market == '"'DE'"'"'
	[ "$(vet --creator instagram/a0001 | jq -c 'select(.type == "verdict") | [.findings[].market]')" = '["US"]' ]
}

@test "a post rule: 20 findings, then more; posts after as-of do not exist" {
	perl -e 'printf qq({"type":"post","platform":"instagram","handle":"a0001","id":"p%02d","posted_at":"2026-11-%02dT08:00:00Z","views":1}\n), $_, $_ for 1 .. 28' >p.ndjson
	"$KOLANDER" import r.db p.ndjson
	rule a/b review 'each = "post", need = "post.views > 5"'
	vet --creator instagram/a0001 | jq -esc '.[] | select(.type == "verdict") | .findings | (map(select(.post)) | length) == 20 and any(.more == 3)'
	"$KOLANDER" vet r.db --rules rules --campaign c --format ndjson --as-of 2026-11-04 --creator @a0001 | jq -esc '.[] | select(.type == "verdict") | .findings | length == 4'
}

@test "fail-on, enrolled, creator" {
	rule a/b review 'need = "1 > 2"'
	run vet --fail-on reject
	[ "$status" -eq 0 ]
	run vet --fail-on review
	[ "$status" -eq 1 ]
	sqlite3 r.db "INSERT INTO campaign_creator SELECT 'c', id, NULL, NULL FROM creator WHERE handle = 'a0002'"
	[ "$(vet --enrolled | jq -r 'select(.type == "verdict") | .creator.handle')" = a0002 ]
	[ "$(vet --creator @a0001 | grep -c '"verdict"')" -eq 1 ]
}

@test "ndjson: a run line, verdicts, a summary, with the design's keys; json holds the same" {
	rule a/b reject 'need = "creator.followers > 2000"'
	vet >o
	[ "$(jq -r .type o | tr '\n' ' ')" = "run verdict verdict summary " ]
	[ "$(sed -n 1p o | jq -c keys)" = '["as_of","campaign","engine","plan","roster","ruleset","type","v"]' ]
	[ "$(sed -n 2p o | jq -c keys)" = '["campaign","creator","decision","findings","score","type"]' ]
	[ "$(sed -n 2p o | jq -c '.findings[0] | keys')" = '["evidence","level","market","message","missing","outcome","post","rule","values","waiver"]' ]
	[ "$(tail -n 1 o | jq -c '[.creators, .reject, .errors, .rules["a/b"].fail]')" = "[2,2,0,2]" ]
	[ "$(vet --format json | jq -c '[.. | objects | select(has("decision")) | [.creator.handle, .decision, .findings]]')" = \
		"$(jq -sc '[.[] | select(.type == "verdict") | [.creator.handle, .decision, .findings]]' o)" ]
}

@test "a ruleset without a rule that is on is refused, not taken for approval" {
	run vet
	[ "$status" -eq 2 ]
	[[ "$output" == *"there are no rules in 'rules'"* ]]
	rule a/b review 'mode = "off", need = "1 > 2"'
	run vet
	[ "$status" -eq 2 ]
	[[ "$output" == *"switched off"* ]]
}

@test "an unknown campaign: what was meant, or what there is" {
	rule a/b review 'need = "1 > 2"'
	run "$KOLANDER" vet r.db --rules rules --campaign cc
	[ "$output" = "kolander: there is no campaign 'cc'; did you mean 'c'?" ]
	run "$KOLANDER" vet r.db --rules rules --campaign elsewhere
	[ "$output" = "kolander: there is no campaign 'elsewhere'; this roster has: c" ]
}

@test "-o never takes the place of the roster or of a rule" {
	rule a/b review 'need = "1 > 2"'
	for o in r.db ./r.db r.db-wal rules/r.lua; do
		run vet -o "$o"
		[ "$status" -eq 2 ]
		[[ "$output" == *"name another file"* ]]
	done
	sqlite3 r.db 'SELECT count(*) FROM creator' | grep -qx 2
}

@test "deals in a time to come are not covered by what was collected until now" {
	rule a/b review 'need = "none(partnerships where started_on >= campaign.starts_on)"'
	[ "$(decision)" = review ]
	echo 'ruleset { assume = { partnerships = "complete" } }' >rules/ruleset.lua
	[ "$(decision)" = approve ]
}

@test "interests overlap: one that is not listed is not known, in conditions and in functions" {
	printf '{"type":"audience","platform":"instagram","handle":"a0001","dimension":"interest","segment":"%s","share":%s}\n' beauty 0.7 food 0.6 >i.ndjson
	"$KOLANDER" import r.db i.ndjson
	rule a/b review 'need = "creator.audience.interest.gambling <= 0.1"'
	[ "$(decision)" = review ]
	rm rules/r.lua
	rule a/b review 'check = function(creator) if creator.audience.interest.gambling > 0.1 then return fail("x") end end'
	[ "$(decision)" = review ]
}

@test "walking an audience that is listed in part reads what is missing" {
	printf '{"type":"audience","platform":"instagram","handle":"a0001","dimension":"%s","segment":"%s","share":%s}\n' country DE 0.5 gender female 0.4 gender male 0.6 >i.ndjson
	"$KOLANDER" import r.db i.ndjson
	rule a/b review 'check = function(creator) local s = 0 for k, v in pairs(creator.audience.country) do if k ~= "DE" then s = s + v end end if s > 0.1 then return fail("x") end end'
	[ "$(decision)" = review ]
	rm rules/r.lua
	rule a/b review 'check = function(creator) local s = 0 for _, v in pairs(creator.audience.gender) do s = s + v end if s > 1.1 then return fail("x") end end'
	[ "$(decision)" = approve ]
}
