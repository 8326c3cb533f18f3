#!/usr/bin/env bats
# Lexicons, patterns, near, hits and what is said of a text: each test is a small roster and a few rules.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	start
	cat >r.ndjson <<-'EOF'
		{"type":"brand","id":"b","name":"Brisk"}
		{"type":"brand_term","brand_id":"b","kind":"alias","term":"Brisk Tea"}
		{"type":"campaign","id":"c","brand_id":"b","name":"C","markets":["DE"],"banned":["cheap trick"],"competitors":["Rival"],"starts_on":"2026-12-01"}
		{"type":"creator","platform":"instagram","handle":"full","followers":1000,"bio":"Swindlers beware"}
		{"type":"creator","platform":"instagram","handle":"bare","followers":1000}
		{"type":"coverage","platform":"instagram","handle":"full","of":"posts","from_at":"2025-01-01","to_at":"2026-11-23"}
	EOF
	"$KOLANDER" import r.db r.ndjson >/dev/null 2>&1
}
# A post of full's: id, and more keys.
post() { printf '{"type":"post","platform":"instagram","handle":"full","id":"%s","posted_at":"2026-11-01T08:00:00Z",%s}\n' "$1" "$2" >p.ndjson && "$KOLANDER" import r.db p.ndjson >/dev/null 2>&1; }
lexicon() { echo "lexicon \"$1\" { $2 }" >>rules/r.lua; }
need() { echo "rule \"a/$1\" { title = \"t\", level = \"reject\", ${3:+each = \"$3\",} need = [[$2]] }" >>rules/r.lua; }
on_posts() { echo "rule \"a/$1\" { title = \"t\", level = \"reject\", each = \"post\", check = function(post, creator, campaign, set) $2 end }" >>rules/r.lua; }
findings() { vet --creator "instagram/${1:-full}" | jq -c 'select(.type == "verdict") | .findings[]'; }
told() { findings "$1" | jq -r '"\(.rule[2:]) \(.outcome) \(.message)"'; }
quotes() { findings | jq -r '.evidence[] | "\(.post // "-") \(.field) \(.start)-\(.end) \(.text)"'; }
is() { if [ "$1" != "$2" ]; then printf 'got:  %s\nwant: %s\n' "$1" "$2" && false; fi; }
seen() { printf '%s\n' "$1" | "$KOLANDER" text "${@:2}" | jq -r "$filter"; }

@test "hits counts posts in a window, and quotes them" {
	lexicon bad 'terms = { "shit", "swindl*" }'
	need 1 "hits('bad', 30) <= 0"
	post p1 '"caption":"Oh SHIT, what a\nswindle"'
	post p2 '"caption":"all fine"'
	is "$(told)" "1 fail hits('bad', 30) is 1, at most 0 allowed"
	is "$(quotes)" "$(printf 'p1 caption 3-7 SHIT\np1 caption 16-23 swindle')"
}
@test "hits looks in every text of a post, and names the field" {
	lexicon bad 'terms = { "shit" }'
	need 1 "hits('bad') == 0"
	for f in title overlay_text first_comment transcript; do post "$f" "\"caption\":\"fine\",\"$f\":\"oh shit\""; done
	is "$(told)" "1 fail hits('bad') is at least 4, 0 needed"
	is "$(quotes | cut -d' ' -f1,2 | tr '\n' ',')" "first_comment first_comment,overlay_text overlay_text,title title,transcript transcript,"
}
@test "a post without a caption leaves hits open, unless another text hits; posts not collected leave it open" {
	lexicon bad 'terms = { "shit" }'
	need 1 "hits('bad', 30) <= 0"
	post p1 '"views":5'
	is "$(told)" "1 unknown not known without post.caption: hits('bad', 30) is between 0 and 1, at most 0 allowed"
	post p1 '"title":"shit"'
	is "$(told)" "1 fail hits('bad', 30) is 1, at most 0 allowed"
	is "$(told bare)" "1 unknown not known without posts of the last 30 days: hits('bad', 30) is at least 0, at most 0 allowed"
}
@test "has, near and matches on a post and on the bio" {
	lexicon brand 'from = "campaign.brand"'
	lexicon bad 'terms = { "awful", "hate", "swindl*" }'
	need 1 "not has(creator.bio, 'bad')"
	need 2 "not near(post.caption, 'brand', 'bad', 3)" post
	need 3 'not matches(post.caption, "(?i)what'"'"'?s\s?app\s*\+\d+")' post
	post p1 '"caption":"I hate rain. This Brisk Tea is awful! Whats app +4912"'
	is "$(told)" "$(printf "1 fail creator.bio has a term of 'bad'\n2 fail post.caption has 'brand' near 'bad'\n3 fail post.caption matches '(?i)what's?\\\\s?app\\\\s*\\\\+\\\\d+'" | sed "s/what's?/what'?s/")"
	is "$(quotes | head -3)" "$(printf '%s\n' '- bio 0-9 Swindlers' '- caption 2-6 hate' '- caption 18-27 Brisk Tea')"
	need 4 "not near(post.caption, 'brand', 'bad', 0)" post
	is "$(told | grep -c '^4')" 0
}
@test "lexicons of the campaign's: terms that are its own" {
	lexicon banned 'from = "campaign.banned"'
	lexicon rivals 'from = "campaign.competitors"'
	need 1 "not has(post.caption, 'banned')" post
	need 2 "not has(post.caption, 'rivals')" post
	post p1 '"caption":"A CHEAP\n trick by @rival"'
	is "$(quotes)" "$(printf -- '- caption 2-14 CHEAP\n trick\n- caption 19-24 rival')"
}
@test "exceptions beat terms; a file of terms with weights, comments and exceptions" {
	mkdir -p rules/lexicons
	printf -- '-- what we never want\nshoot\t2\nkill*\n\n[except]\nphoto shoot\nkill it\n' >rules/lexicons/bad.txt
	lexicon bad 'file = "lexicons/bad.txt"'
	need 1 "not has(post.caption, 'bad')" post
	post p1 '"caption":"photo shoot today, kill it!"'
	is "$(told)" ""
	post p1 '"caption":"photo shoot today, they shoot and killed it"'
	is "$(quotes)" "$(printf -- '- caption 24-29 shoot\n- caption 34-40 killed')"
}
@test "a lexicon with a language: the stated one wins, a line in another language is not judged by it" {
	lexicon en 'language = "en", terms = { "die" }'
	need 1 "not has(post.caption, 'en')" post
	post p1 '"caption":"die Sonne und der Mond sind schön"'
	is "$(told)" ""
	post p2 '"caption":"die","language":"en"'
	post p3 '"caption":"You will die of laughter when you see this"'
	post p4 '"caption":"die Sonne und der Mond sind heute schön","language":"de"'
	post p5 '"caption":"Das ist nicht mein Tag und die Sonne scheint auch nicht\nbut you will die of laughter when you see this"'
	is "$(findings | jq -r '"\(.post) \(.evidence[0].start)"')" "$(printf 'p2 0\np3 9\np5 69')"
}
@test "a disguised hit says what it reads as" {
	lexicon ad 'terms = { "#ad", "kill" }'
	need 1 "not has(post.caption, 'ad')" post
	post p1 '"caption":"look #аd"'
	is "$(findings | jq -c '.evidence[] | [.text, .term, .disguised, .reads_as]')" '["#аd","#ad",true,"#ad"]'
	post p1 '"caption":"k i l l the lights"'
	is "$(findings | jq -c '.evidence[] | [.text, .term, .disguised, .reads_as]')" '["k i l l","kill",true,"kill"]'
	"$KOLANDER" vet r.db --rules rules --campaign c --as-of 2026-11-23 | grep -F 'caption: "[k i l l] the lights" (disguised, reads as "kill")'
}
@test "evidence: bytes into the original, some words around, cut between characters" {
	lexicon bad 'terms = { "schlecht" }'
	need 1 "not has(post.caption, 'bad')" post
	post p1 '"caption":"👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧 ÄÖÜX SCHLECHT éééééééééééééééééééééééééééééééééé"'
	findings | jq -e '.evidence[0] | .text == "SCHLECHT" and .before == "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧 ÄÖÜX " and (.after | startswith(" ééééé")) and (.after | length) < 40'
	findings | jq -r '.evidence[0] | "\(.start) \(.end)"' | { read -r from to; [ "$(sqlite3 r.db "SELECT caption FROM post" | tr -d '\n' | head -c "$to" | tail -c "$((to - from))")" = SCHLECHT ]; }
}
@test "a pattern that needs too much work is an error that names pattern and post; others are judged" {
	need 1 'not matches(post.caption, "[ab]{0,300}[ab]{0,300}\d")' post
	need 2 'none(posts where matches(caption, "[ab]{0,300}[ab]{0,300}\d"))'
	post p1 "\"caption\":\"$(printf 'ab%.0s' $(seq 10000))\""
	is "$(told)" "$(printf '%s\n' "1 error the pattern '[ab]{0,300}[ab]{0,300}\d' needs too much work on post p1; make it simpler" "2 error the pattern '[ab]{0,300}[ab]{0,300}\d' needs too much work on post p1; make it simpler")"
	post p2 '"caption":"a5"'
	is "$(told | cut -d' ' -f1,2 | sort | tr '\n' ,)" "1 error,1 fail,2 fail,"
}
@test "check: a slow pattern is advice; a broken one is a problem with its place" {
	need 1 'not matches(creator.bio, "\d+")'
	run -0 "$KOLANDER" check rules
	[[ $output == *"advice: rules/r.lua:1:"*"this pattern is slow"* ]]
	need 2 'not matches(creator.bio, "a(b")'
	run -1 "$KOLANDER" check rules
	[[ $output == *"rules/r.lua:2:"*"missing closing parenthesis"* ]]
}
@test "check: what is wrong with lexicons, with file and line" {
	mkdir -p rules/lexicons
	printf "fine\nFINE\nx\n\t2\nab*\n#\n" >rules/lexicons/bad.txt
	lexicon file 'file = "lexicons/bad.txt"'
	lexicon none 'terms = {}'
	printf 'lexicon "list" {\n  terms = {\n    "good",\n    "photo shoot",\n  },\n  except = { "photo shoot" },\n}\n' >>rules/r.lua
	need 1 "not has(creator.bio, 'file') and not has(creator.bio, 'list')"
	run -1 "$KOLANDER" check rules
	[[ $output == *"bad.txt:2: "*"FINE"* ]]
	[[ $output == *"bad.txt:3: "* ]]
	[[ $output == *"bad.txt:5: "* ]]
	[[ $output == *"bad.txt:6: "*"single sign"* ]]
	[[ $output == *"lexicon 'none' has no terms"* ]]
	[[ $output == *"r.lua:6: "*"photo shoot"*"in line 8"* ]]
	run vet
	[ "$status" -eq 0 ]
}
@test "names that are not known, with the one that was meant" {
	lexicon profanity 'terms = { "shit" }'
	need 1 "hits('profanty') < 1"
	need 2 "has(post.caption, 'profanity')"
	need 3 "has(creator.followers, 'profanity')"
	need 4 "near(creator.bio, 'profanity', 'profanity', 1000)"
	need 5 "hits('profanity', creator.followers) < 1"
	lexicon again 'from = "campaign.baned"'
	lexicon more 'file = "lexicons/none.txt"'
	run -1 "$KOLANDER" check rules
	[[ $output == *"there is no lexicon 'profanty'; did you mean 'profanity'?"* ]]
	[[ $output == *"'post.caption' is known only in rules with each"* ]]
	[[ $output == *"has() wants a text such as post.caption here, and 'creator.followers' is a number"* ]]
	[[ $output == *"near() looks 0 to 100 words away"* ]]
	[[ $output == *"hits() wants a number of days here"* ]]
	[[ $output == *"did you mean 'banned'?"* ]]
	[[ $output == *"there is no file 'lexicons/none.txt'"* ]]
}
@test "post.commercial: by its record or by its own words, with the reason" {
	need 1 "not post.commercial" post
	post p1 '"caption":"Seven cups of tea"'
	is "$(told)" ""
	post p1 '"caption":"Seven cups of tea","relationship":"gifted"'
	is "$(told)" "1 fail post.commercial is true"
	post p1 '"caption":"Use my code ANNA20 for 20% off","relationship":null'
	post p2 '"caption":"the one I use: https://amzn.to/3xyz"'
	post p3 '"caption":"Shop Brisk tea now"'
	post p4 '"caption":"Brisk weather today"'
	post p5 '"views":5'
	is "$(findings | jq -r '"\(.post) \(.outcome) \(.evidence | map(.lexicon) | unique | join(","))"')" "$(printf 'p1 fail commercial,discount code\np2 fail affiliate link\np3 fail campaign.brand,commercial,purchase\np5 unknown ' | sed 's/campaign.brand,commercial,purchase/campaign.brand,purchase/')"
}
@test "functions: hits, tags, mentions, links, codes, fold, language" {
	lexicon bad 'terms = { "shit" }'
	on_posts 1 'local h = post:hits "bad"
		local names = {} for _, l in ipairs { post.hashtags, post.mentions, post.urls, post.codes } do for _, x in ipairs(l) do names[#names + 1] = x.name end end
		return fail("{n} {what} {fold} {lang} {has}", { n = #h, what = table.concat(names, " "), fold = post.fold, lang = text.language(post.caption), has = post:has "bad" }, h)'
	post p1 '"caption":"Oh shit, thank you @lena.k. #Ad #tea_time use code TEA20: https://bit.ly/x"'
	is "$(told)" "1 fail 1 ad tea_time lena.k https://bit.ly/x TEA20 74 en true"
	is "$(quotes)" "- caption 3-7 shit"
	post p2 '"views":5'
	is "$(findings | jq -r '"\(.post) \(.outcome)"')" "$(printf 'p1 fail\np2 unknown')"
}
@test "functions: rows of creator:posts answer for their texts too" {
	lexicon bad 'terms = { "shit" }'
	echo 'rule "a/1" { title = "t", level = "reject", check = function(creator) for _, p in ipairs(creator:posts { within = 90 }) do if p:has "bad" then return fail("{id}", { id = p.id }, p:hits "bad") end end end }' >>rules/r.lua
	post p1 '"caption":"fine"'
	post p2 '"caption":"oh shit"'
	is "$(told)" "1 fail p2"
	is "$(quotes)" "p2 caption 3-7 shit"
}
@test "functions: text.hits, text.has, and errors that help" {
	lexicon bad 'terms = { "shit" }'
	on_posts 1 'if text.has(post.caption, "bad") then return fail("{n}", { n = text.hits(post.caption, "bad")[1].start }) end'
	on_posts 2 'return fail(tostring(#post:hits "bda"))'
	on_posts 3 'return fail(post.hastags)'
	post p1 '"caption":"oh shit"'
	run -1 "$KOLANDER" check rules
	[[ $output == *"post has no field 'hastags'; did you mean 'hashtags'?"* ]]
	sed -i '/a\/3/d' rules/r.lua
	told | grep -q "^1 fail 3$"
	told | grep -q "^2 error .*there is no lexicon 'bda'; did you mean 'bad'?"
}
@test "kolander text: one object a line, offsets in bytes" {
	lexicon bad 'terms = { "shit" }'
	filter='[.hits[].text, .hashtags[].name, .mentions[].name, .codes[].name] | join(" ")'
	is "$(seen 'Schöner shit #Tea @lena use code TEA20' rules)" 'shit use code tea lena TEA20'
	filter='.hits | length'
	is "$(seen 'shit' )" 0
	printf 'a\n\nb' | "$KOLANDER" text | wc -l | grep -qx 3
	filter='.language'
	is "$(seen 'これは何ですか' )" ja
	is "$(seen 'das' --language de)" de
	printf '\xff\xfe shit \x80\n' | "$KOLANDER" text rules | jq -e '.hits[0].start == 3'
}
@test "workers and batches do not change what is quoted" {
	lexicon bad 'terms = { "shit" }'
	need 1 "hits('bad', 30) <= 0"
	need 2 "not has(post.caption, 'bad')" post
	post p1 '"caption":"oh shit"'
	vet >one
	vet --workers 2 --batch-size 1 >two
	cmp <(grep -v '"run"' one) <(grep -v '"run"' two)
}
@test "hostile lines: each gives one sound object, whose places are what they say" {
	lexicon bad 'terms = { "ab", "种草", "한국", "#x", "@y", "kill*", "k i", ":)" }'
	perl -e 'srand 7; my @p = ("abcXYZ019", "\xC3\xA9\xC3\x9F", "\xD0\xB0\xD0\xB1", "\xE7\xA7\x8D\xE8\x8D\x89", "\xED\x95\x9C", "\xE0\xB9\x84", "\xE0\xA4\xB9\xE0\xA5\x8D",
		"\xCC\x81\xCC\xB6\xE2\x80\x8D\xEF\xB8\x8F\xC2\xAD", "\xF0\x9F\x94\xA5\xF0\x9F\x87\xA9", "#\@_.-/:!\$|+", " \t\xE3\x80\x80", "\xFF\xFE\xE2\x80", "www.a.co.uk https://x.y kill");
		for (1 .. 4000) { my $s = ""; $s .= substr($_, rand length, 1 + rand 6) for map { $p[rand @p] } 1 .. rand 40; $s =~ tr/\n//d; print "$s\n" }' >lines
	"$KOLANDER" text rules <lines >seen
	[ "$(wc -l <seen)" -eq 4000 ]
	# Bytes that are no UTF-8 are written as U+FFFD: places are checked where there are none.
	jq -s -e 'all(.[]; . as $o | (.text | contains("\uFFFD")) or ((.hits + .hashtags + .mentions + .urls + .codes) | all(.[]; .start < .end and (.text | utf8bytelength) == .end - .start)))' seen >/dev/null
	"$KOLANDER" text rules <lines | cmp - seen
}
@test "functions: regex.find with named groups, from a place on, and its errors" {
	on_posts 1 'local m = regex.find(post.caption, "(?i)(?<what>whatsapp)\\s*(\\+\\d+)?")
		return fail("{w} {n} {s}-{e} {next}", { w = m.groups.what, n = m.groups[2], s = m.start, e = m["end"], next = tostring(regex.find(post.caption, "whatsapp", 20)) },
			{ field = "caption", text = m.text, start = m.start, ["end"] = m["end"] })'
	on_posts 2 'if regex.find(post.caption, "a(b") then return fail "x" end'
	on_posts 3 'return fail(tostring(regex.find(("ab"):rep(10000), "[ab]{0,300}[ab]{0,300}\\d")))'
	post p1 '"caption":"Ä WhatsApp +4912"'
	told | grep -q '^1 fail WhatsApp +4912 3-17 nil$'
	is "$(quotes)" "- caption 3-17 WhatsApp +4912"
	told | grep -q "^2 error .*r.lua:.*regex 'a(b' cannot be read at character 4: missing closing parenthesis"
	told | grep -q "^3 error .*the pattern '.*' needs too much work on this text"
}
@test "tone, in nine languages: praise, blame, neither, with the terms that made it" {
	tone() { filter='if .sentiment.score > 0.1 then "+" elif .sentiment.score < -0.1 then "-" else "0" end' && seen "$1"; }
	signs=
	for s in "I love this tea" "Not good at all, a waste of money" "This is a sick beat" "A cake to die for" "We went to the lake, see https://a.example/b" \
		"Ich liebe diesen Tee" "Das war leider gar nicht gut" "C'est vraiment délicieux" "C'est nul, je suis déçue" "Me encanta, está buenísimo" "No me gusta nada, qué asco" \
		"Eu amei, é maravilhoso" "Não gostei, péssimo" "Buonissimo, lo adoro" "Non mi è piaciuto, pessimo" "种草了，太好用了" "踩雷了，大家别买" "翻車了，再也不買" "今天我去了北京" \
		"とても美味しいです" "二度と買いません" "진짜 재밌어요 강추" "돈 아까운 영화" "😍😍" "😡"; do signs=$signs$(tone "$s"); done
	is "$signs" "+-++0+-+-+-+-+-+--0+-+-+-"
	filter='[.sentiment.terms[] | .text] | join(",")'
	is "$(seen 'Not good, but the SOOO lovely bottle!')" "Not good,lovely"
}
@test "functions: the tone of all of a text, and of the sentences about a brand" {
	lexicon brand 'from = "campaign.brand"'
	on_posts 1 'local all, terms = text.sentiment(post.caption) local about = text.sentiment_about(post.caption, "brand")
		return fail("{all} {about} {first} {none}", { all = all > 0 and "good" or "bad", about = about > 0 and "good" or "bad", first = terms[1].text, none = tostring(text.sentiment_about("nothing of it", "brand")) })'
	post p1 '"caption":"What a wonderful, lovely, great day! The Brisk Tea was awful. I love my life."'
	is "$(told)" "1 fail good bad What a wonderful nil"
}
@test "conditions, which read a column at a time, and functions, which read text by text, say the same" {
	perl -e 'srand 3; my @w = ("awful", "sh1t", "kill", "k i l l", "Brisk", "tea", "use code TEA20", "link in bio", "good", "not", "茶", "#ad", "whatsapp +49", "\\n", "\xD0\xB0", "\xE2\x80\x8D", "e\xCC\x81", "7%", "schön", "und das ist");
		for my $i (1 .. 400) { my $c = join " ", map { $w[rand @w] } 1 .. 1 + rand 9;
			printf qq({"type":"post","platform":"instagram","handle":"full","id":"p%03d","posted_at":"2026-%02d-03T08:00:00Z"%s%s%s}\n), $i, 1 + rand 11, rand() < .9 ? qq(,"caption":"$c") : "", rand() < .2 ? q(,"title":"awful kill") : "", rand() < .3 ? q(,"language":"en") : "" }' >p.ndjson
	"$KOLANDER" import r.db p.ndjson >/dev/null 2>&1
	lexicon bad 'terms = { "awful", "shit", "kill", "#ad" }, except = { "awful good" }, language = "en"'
	lexicon tea 'terms = { "tea", "茶" }'
	each() { need "c$1" "$2" post; on_posts "l$1" "$3"; }
	each 1 "not has(post.caption, 'bad')" 'if text.has(post.caption, "bad", post:get "language") then return fail "x" end'
	each 2 'not matches(post.caption, "(?i)whatsapp\s*\+\d+|\b\d+%")' 'if regex.find(post.caption, "(?i)whatsapp\\s*\\+\\d+|\\b\\d+%") then return fail "x" end'
	each 3 'sentiment(post.caption) >= 0.1' 'if text.sentiment(post.caption, post:get "language") < 0.1 then return fail "x" end'
	each 4 'not post.commercial' 'if post.commercial then return fail "x" end'
	each 5 "not (has(post.caption, 'bad') and has(post.caption, 'tea'))" 'local l = post:get "language" if text.has(post.caption, "bad", l) and text.has(post.caption, "tea", l) then return fail "x" end'
	need n1 "hits('bad', 200) <= 0"
	echo 'rule "a/n2" { title = "t", level = "reject", check = function(creator) local n = 0 for _, p in ipairs(creator:posts { within = 200 }) do if p:has "bad" then n = n + 1 end end return fail("{n}", { n = n }) end }' >>rules/r.lua
	for rule in 1 2 3 4 5; do
		for kind in c l; do vet --set "a/n2.mode=off" | jq -c --arg r "a/$kind$rule" 'select(.type == "verdict") | .findings[] | select(.rule == $r) | [.post, .outcome, .more]' >"$kind"; done
		[ -s c ]
		cmp c l || { echo "rule $rule"; diff c l | head; false; }
	done
	# A function that met a missing caption ends unknown; what it counted stands in the condition's message.
	sqlite3 r.db "UPDATE post SET caption = 'fine' WHERE caption IS NULL"
	n=$(findings | jq -r 'select(.rule == "a/n2") | .message')
	[ "$n" -gt 10 ]
	findings | jq -r 'select(.rule == "a/n1") | .message' | grep -qF "hits('bad', 200) is $n, at most 0 allowed"
}
