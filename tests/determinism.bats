#!/usr/bin/env bats
# Law 2: the same input gives the same bytes, whatever the workers, batches and direction.
load helpers

@test "workers, batch sizes and direction change no byte of any format" {
	start
	people 1
	perl -e 'for (1 .. 3000) { my $h = sprintf "m%05d", $_ * 7919 % 99991; printf qq({"type":"creator","platform":"tiktok","handle":"$h"%s%s}\n), $_ % 5 ? qq(,"followers":) . $_ * 37 % 9000 : "", $_ % 7 ? qq(,"country":") . (qw(DE US FR))[$_ % 3] . q(") : "";
		print qq({"type":"audience","platform":"tiktok","handle":"$h","dimension":"country","segment":"DE","share":0.) . ($_ % 9 + 1) . "}\n" if $_ % 4;
		printf qq({"type":"post","platform":"tiktok","handle":"$h","id":"p$_","posted_at":"2026-10-%02dT08:00:00Z","views":%d,"caption":"%s tea %s #%s"}\n), $_ + $h % 28 % 28 + 1 > 28 ? 28 : $_, $_ * 31 % 500, ("lovely", "awful", "sh1t", "use code TEA20", "not good", "k i l l")[$_ * 7 % 6], ("link in bio", "ab" x ($_ % 90), "\xE8\x8C\xB6")[$_ % 3], qw(ad fun)[$_ % 2] for 1 .. $_ % 4; }' >more.ndjson
	"$KOLANDER" import r.db more.ndjson >/dev/null 2>&1
	cat >rules/r.lua <<'L'
rule "a/followers" { title = "t", level = "reject", need = "creator.followers >= 3000" }
rule "a/share" { title = "t", level = "review", need = "share(creator.audience.country, campaign.markets) >= 0.4" }
rule "a/views" { title = "t", level = "review", need = "median(views of posts) >= 100" }
rule "b/post" { title = "t", each = "post", level = "note", need = "post.views > 200" }
rule "b/lua" { title = "t", level = "review", check = function(creator) if creator.followers % 3 == 1 then return fail("{n} followers", { n = creator.followers }) end end }
lexicon "bad" { terms = { "awful", "shit", "kill" } }
lexicon "tea" { terms = { "tea", "茶" } }
rule "t/hits" { title = "t", level = "review", need = "hits('bad', 60) < 1" }
rule "t/posts" { title = "t", each = "post", level = "note", when = "post.commercial", need = [[near(post.caption, 'tea', 'bad') or matches(post.caption, '(?:ab){20}|code \w+')]] }
rule "t/tone" { title = "t", level = "note", need = "mean(sentiment(caption) of posts) > 0.2" }
rule "t/lua" { title = "t", each = "post", level = "note", check = function(post) local h = post:hits "bad" if #h > 0 then return fail("{n}, {s}", { n = #h, s = text.sentiment(post.caption) }, h) end end }
rule "b/both" { title = "t", level = "review", need = "failed('a/*') < 2" }
L
	for f in ndjson json text csv; do
		vet --format $f --workers 1 >want || true
		[ -s want ]
		for how in "--workers 2" "--workers 7" "--batch-size 1" "--batch-size 1024" "--backward" "--workers 7 --batch-size 1 --backward"; do
			vet --format $f $how >got || true
			cmp want got || { echo "$f $how"; false; }
		done
	done
}
