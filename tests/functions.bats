#!/usr/bin/env bats
# What check functions see and what becomes of what they return: each test is one small roster and a few functions.
load helpers

setup() {
	start
	cat >r.ndjson <<-'END'
		{"type":"brand","id":"b","name":"Brisk"}
		{"type":"campaign","id":"c","brand_id":"b","name":"C","goal":"sales","markets":["US","DE"],"competitors":["Rival"],"starts_on":"2026-12-01"}
		{"type":"creator","platform":"instagram","handle":"full","followers":1000,"engagement_rate":0.05,"country":"DE","verified":false,"fee":100.5}
		{"type":"creator","platform":"instagram","handle":"bare"}
		{"type":"audience","platform":"instagram","handle":"full","dimension":"country","segment":"DE","share":0.7}
		{"type":"audience","platform":"instagram","handle":"full","dimension":"country","segment":"US","share":0.3}
		{"type":"audience","platform":"instagram","handle":"full","dimension":"age","segment":"18-24","share":0.4}
		{"type":"post","platform":"instagram","handle":"full","id":"p1","posted_at":"2026-11-10T08:00:00Z","views":100,"style":"review","relationship":"paid","paid_label":true,"caption":"#ad Seven cups"}
		{"type":"post","platform":"instagram","handle":"full","id":"p2","posted_at":"2026-10-01T08:00:00Z","style":"haul","paid_label":false}
		{"type":"partnership","platform":"instagram","handle":"full","brand":"Rival","started_on":"2026-06-01"}
		{"type":"coverage","platform":"instagram","handle":"full","of":"posts","from_at":"2026-09-01","to_at":"2026-11-23"}
	END
	"$KOLANDER" import r.db r.ndjson >/dev/null 2>&1
}

# A rule a/NAME whose function's body is given; NAME decides the order.
check() { echo "rule \"a/$1\" { title = \"t\", level = \"reject\", set = { most = 5, list = { 'x', 'y' } }, check = function(creator, campaign, set, market) $2 end }" >>rules/rules.lua; }
on_posts() { echo "rule \"a/$1\" { title = \"t\", level = \"reject\", each = \"post\", check = function(post, creator, campaign, set) $2 end }" >>rules/rules.lua; }
# What the creator's findings say: outcome, message, what is missing.
told() { vet --creator "instagram/$1" | jq -r 'select(.type == "verdict") | .findings[] | "\(.rule[2:]) \(.outcome) \(.message) [\(.missing | join(", "))]"'; }
is() { if [ "$1" != "$2" ]; then printf 'got:  %s\nwant: %s\n' "$1" "$2" && false; fi; }

@test "a missing field marks, however it is read; all that were read are named" {
	check 1 "if creator.followers > 5 then return fail 'x' end"
	check 2 "local a, b = creator.fee, creator.country return fail 'x'"
	check 3 "if not creator.verified then return fail 'x' end"
	check 4 "local name = 'bi' .. 'o' if creator[name] then return fail 'x' end"
	check 5 "local f = creator.followers error 'x'"
	check 6 "if campaign.budget then return fail 'x' end"
	check 7 "if creator.audience.city.Berlin then return fail 'x' end"
	is "$(told bare | cut -d' ' -f1,2 --output-delimiter=' '; told bare | grep -o '\[.*')" "$(printf '%s unknown\n' 1 2 3 4 5 6 7; printf '[%s]\n' creator.followers 'creator.country, creator.fee' creator.verified creator.bio creator.followers campaign.budget audience.city)"
}

@test "known and get ask without marking; names are checked, with a suggestion" {
	check 1 "return fail(creator:known 'country' and 'known' or 'not known')"
	check 2 "return fail('{x}', { x = creator:get('followers', 7) })"
	check 3 "return fail('{x}', { x = creator:get('audience.country.US', 9) })"
	check 4 "return fail(creator:known 'audience.country' and 'known' or 'not known')"
	check 5 "return creator:known 'folowers'"
	check 6 "local it = creator return it.folowers"
	check 7 "local it = campaign return it.goals"
	check 8 "local it = set return it.mots"
	check 9 "return creator.audience.contry"
	is "$(told full | cut -d' ' -f2- | head -4)" "$(printf 'fail %s []\n' known 1000 0.3 known)"
	is "$(told bare | cut -d' ' -f2- | head -4)" "$(printf 'fail %s []\n' 'not known' 7 9 'not known')"
	is "$(told full | tail -5)" "5 error rules/rules.lua:5: creator has no field 'folowers'; did you mean 'followers'? []
6 error rules/rules.lua:6: creator has no field 'folowers'; did you mean 'followers'? []
7 error rules/rules.lua:7: campaign has no field 'goals'; did you mean 'goal'? []
8 error rules/rules.lua:8: set has no field 'mots'; did you mean 'most'? []
9 error rules/rules.lua:9: creator.audience has no field 'contry'; did you mean 'country'? []"
}

@test "an absent segment is nothing where the others are all, else unknown" {
	check 1 "if creator.audience.country.FR ~= 0 then return fail 'x' end"
	check 2 "if creator.audience.age['25-34'] then return fail 'x' end"
	check 3 "local n = 0 for k, v in pairs(creator.audience.country) do n = n + v end if n ~= 1 then return fail('{n}', { n = n }) end"
	is "$(told full)" "2 unknown not known without audience.age [audience.age]"
}

@test "rows: filters, coverage, missing fields" {
	check 01 "if #creator:posts { within = 60 } ~= 2 then return fail 'x' end"
	check 02 "if #creator:posts { within = 20 } ~= 1 then return fail 'x' end"
	check 03 "if #creator:posts { style = 'haul', within = 60 } ~= 1 then return fail 'x' end"
	check 04 "if #creator:posts { sponsored = true, within = 60 } ~= 1 then return fail 'x' end"
	check 05 "local n = 0 for _, p in ipairs(creator:posts { within = 60 }) do n = n + p.views end"
	check 06 "for _, p in ipairs(creator:posts { within = 60 }) do if p:known 'views' and p:get('views', 0) ~= 100 then return fail 'x' end end"
	check 07 "if #creator:posts { within = 365 } > 5 then return fail 'x' end"
	check 08 "if #creator:posts() > 5 then return fail 'x' end"
	check 09 "if #creator:partnerships { brand = 'Rival' } > 0 then return fail 'x' end"
	check 10 "return #creator:posts { stile = 'haul' }"
	check 11 "return #creator:posts { style = true }"
	check 12 "return #creator.posts { within = 3 }"
	check 13 "for _, p in ipairs(creator:posts { within = 60 }) do if p.vews then return end end"
	check 14 "if #creator:posts { views = 100, within = 60 } > 5 then return fail 'x' end"
	is "$(told full)" "05 unknown not known without post.views [post.views]
07 unknown not known without posts of the last 365 days [posts of the last 365 days]
08 unknown not known without posts [posts]
09 unknown not known without partnerships [partnerships]
10 error rules/rules.lua:10: post has no field 'stile'; did you mean 'style'? []
11 error rules/rules.lua:11: post.style is text; it is never boolean []
12 error rules/rules.lua:12: write creator:posts { … }, with a colon []
13 error rules/rules.lua:13: post has no field 'vews'; did you mean 'views'? []
14 unknown not known without post.views [post.views]"
	echo 'ruleset { assume = { partnerships = "complete", posts = "complete" } }' >rules/ruleset.lua
	is "$(told full | grep -c 'of the last\|\[posts\]\|\[partnerships\]')" 0
}

@test "post rules see the post and its creator" {
	on_posts 1 "if post.views > 5 then return fail('{post.id} {views} {creator.followers}', { views = post.views }) end"
	on_posts 2 "if not post:known 'views' then return fail(post.id) end"
	on_posts 3 "local it = post if it.vews then return end"
	on_posts 4 "if #creator:posts { within = 60 } ~= 2 then return fail 'x' end"
	is "$(told full)" "1 fail p1 100 1000 []
1 unknown not known without post.views [post.views]
2 fail p2 []
3 error rules/rules.lua:3: post has no field 'vews'; did you mean 'views'? []
3 error rules/rules.lua:3: post has no field 'vews'; did you mean 'views'? []"
}

@test "market rules are told the market" {
	echo 'rule "a/1" { title = "t", level = "note", each = "market", check = function(creator, campaign, set, market) return fail("{market} " .. market) end }' >rules/rules.lua
	is "$(told full)" "1 fail DE DE []
1 fail US US []"
}

@test "fail: message, values, evidence, a lower level; unknown: a reason" {
	check 1 "return fail('{ratio:.1f} of {set.most}, {campaign.goal}, {creator.country}, {flag}', { ratio = 2.25, flag = true, text = 'x' }, { { field = 'caption', text = '#ad', start = 0, ['end'] = 3, term = '#ad', lexicon = 'labels' } }, { level = 'note' })"
	check 2 "return unknown 'who knows'"
	check 3 "return fail('{rato}', { ratio = 1 })"
	check 4 "return fail('x', {}, {}, { level = 'nite' })"
	check 5 "return fail('x', { list = {} })"
	check 6 "return fail('x', {}, { { field = 'caption' } })"
	check 7 "return fail()"
	check 8 "return 5"
	is "$(told full)" "1 fail 2.2 of 5, sales, DE, true []
2 unknown who knows []
3 error rules/rules.lua:3: fail's message: there is no 'rato' to fill in []
4 error rules/rules.lua:4: fail's level is note, review or reject; did you mean 'note'? []
5 error rules/rules.lua:5: fail's value 'list' is a table; give numbers, texts or flags []
6 error rules/rules.lua:6: evidence: text must be text; evidence is { field = …, text = …, start = …, end = … } []
7 error rules/rules.lua:7: fail(…) begins with a sentence; this is a nil []
8 error rules/rules.lua:8: the function returned a number; it returns nothing, fail(…) or unknown(…) []"
	vet --creator instagram/full >out
	is "$(jq -c 'select(.type == "verdict") | .findings[0] | [.level, .values, .evidence]' out)" '["note",{"flag":true,"ratio":2.25,"text":"x"},[{"field":"caption","start":0,"end":3,"text":"#ad","lexicon":"labels","term":"#ad","disguised":false}]]'
}

@test "errors are a sentence, whatever was raised" {
	check 1 "error 'plain'"
	check 2 "error {}"
	check 3 "error()"
	check 4 "error(5)"
	check 5 "local x = nil + 1"
	check 6 "while true do end"
	check 7 "error('')"
	is "$(told full)" "1 error rules/rules.lua:1: plain []
2 error rules/rules.lua:2: rule 'a/2' raised an error without a sentence (table) []
3 error rules/rules.lua:3: rule 'a/3' raised an error without a sentence (nil) []
4 error rules/rules.lua:4: rule 'a/4' raised the error 5 []
5 error rules/rules.lua:5: attempt to perform arithmetic on a nil value []
6 error rules/rules.lua:6: rule 'a/6' used more than 1,000,000 steps on this creator []
7 error rules/rules.lua:7:  []"
}

@test "no function leaves anything behind for another rule or creator" {
	check 1 "creator.followers = 1"
	check 2 "creator.audience.country.DE = 1"
	check 3 "for _, p in ipairs(creator:posts { within = 60 }) do p.style = 'x' end"
	check 4 "campaign.markets[1] = 'XX'"
	check 5 "set.list[1] = 'z'"
	check 6 "table.insert(creator:posts { within = 60 }[1], 1)"
	check 7 "table.insert(campaign.markets, 'XX')"
	check 8 "table.sort(set.list, function(a, b) return a > b end)"
	check 9 "local list = creator:posts { within = 60 } list[1] = nil table.remove(list)"
	check a "local mine = { 1 } mine.x = creator.followers mine.y = { z = 1 } mine.y.z = 2 table.insert(mine, 5)"
	check b "do local x, y = 1, {} end do local p, q = table.unpack({ 1, creator }) q.followers = 1 end"
	check c "do local a, b, c, d, e = 1, 2, 3, 4, {} end for _, p in ipairs(creator:posts { within = 60 }) do p.style = 'x' end"
	check d "local t = {} for i = 1, 2 do t.followers = 1 t = creator end"
	check z "if creator.followers ~= 1000 or creator.audience.country.DE ~= 0.7 or campaign.markets[1] ~= 'DE' or #campaign.markets ~= 2 or set.list[1] ~= 'x' or #creator:posts { within = 60 } ~= 2 or creator:posts { within = 60 }[1].style ~= 'review' then return fail 'changed' end"
	is "$(told full | cut -d' ' -f1,2 | tr '\n' ' ')" "1 error 2 error 3 error 4 error 5 error 6 error 7 error 8 error b error c error d error "
	told full | grep -q "1 error .*creator is read-only: 'followers' cannot be set"
	told full | grep -q "3 error .*post is read-only: 'style' cannot be set"
}

@test "a function's answer does not depend on what else is asked" {
	for n in 1 2 3 4 5 6 7 8; do
		check "$n" "local s = {} for i = 1, 40000 do s[i] = ('%d'):format(i) .. 'abc' end if #s > $n then return fail('{n}', { n = #s }) end"
		check "x$n" "if creator.followers > $n then return fail('{n}', { n = creator.followers }) end"
		check "y$n" "if creator.country == 'DE' then return fail 'DE' end"
	done
	together=$(told full; told bare)
	mv rules/rules.lua all.lua
	alone=$(for who in full bare; do
		sort all.lua | while read -r line; do
			echo "$line" >rules/rules.lua
			told $who
		done
	done)
	is "$together" "$alone"
}
