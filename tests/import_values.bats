#!/usr/bin/env bats
# What a row may hold, and the sentences about what it may not.

setup() {
	KOLANDER="${KOLANDER:-$BATS_TEST_DIRNAME/../build/kolander}"
	cd "$BATS_TEST_TMPDIR"
}

ask() { sqlite3 r.db "$1"; }
import() { run "$KOLANDER" import r.db "$@"; }
is() { [ "$1" = "$2" ] || { printf 'is:     %s\nwanted: %s\n' "$1" "$2" >&2 && false; }; }
says() { [[ "$output" == *"$1"* ]] || { printf 'is:     %s\nwanted: %s\n' "$output" "$1" >&2 && false; }; }
rejects() { # file, sentences
	local file=$1
	shift
	for why in "$@"; do
		grep -qF "$why" "$file.rejected.csv" || { echo "no: $why" && cat "$file.rejected.csv" && false; }
	done
	is "$(($(wc -l <"$file.rejected.csv") - 1))" $#
}

@test "countries of audiences are codes, and shares are between 0 and 1" {
	printf 'handle,dimension,segment,share\na.demo,country,Germany,40%%\na.demo,country,uk,0.2\na.demo,country,Atlantis,0.1\na.demo,city,Germany,1\na.demo,country,FR,40\na.demo,country,IT,-0.1\n' >audience-instagram.csv
	import audience-instagram.csv --as audience
	is "$(ask "SELECT group_concat(dimension || ':' || segment || ':' || share, ' ') FROM audience")" \
		"city:Germany:1.0 country:DE:0.4 country:GB:0.2"
	rejects audience-instagram.csv "segment 'Atlantis' is not a country; write its name or a code such as DE" \
		"share 40 is above 1; write a percentage with its %" "share -0.1 is below zero"
	line() { echo "{\"type\":\"audience\",\"platform\":\"tiktok\",\"handle\":\"b.demo\",\"dimension\":\"country\",\"segment\":\"$1\",\"share\":$2}"; }
	{
		line Spain 0.5
		line uk '"30%"'
		line Nowhere 0.1
		line FR 1.5
		line IT -1
	} >b.ndjson
	import b.ndjson
	is "$(ask "SELECT group_concat(segment || ':' || share, ' ') FROM audience JOIN creator ON id = creator_id WHERE platform = 'tiktok'")" "ES:0.5 GB:0.3"
	rejects b.ndjson "segment 'Nowhere' is not a country" "share 1.5 is above 1" "share -1 is below zero"
}

@test "a count with a fraction is asked about, not cut" {
	printf 'handle,followers\na.demo,12.345\nb.demo,"1,23"\nc.demo,12.000\nd.demo,1234.5\ne.demo,1.234.567\nf.demo,"12,345"\ng.demo,48500000.00\nh.demo,1.2345K\ni.demo,12.5\nj.demo,"1.234,00"\n' >instagram.csv
	import instagram.csv
	rejects instagram.csv "followers 12.345: thousands or a fraction? write 12345" "followers 1,23 is not a whole number" \
		"followers 12.000: thousands or a fraction? write 12000" "followers 1234.5 is not a whole number" \
		"followers 12.5 is not a whole number"
	is "$(ask "SELECT group_concat(handle || followers, ' ') FROM creator")" \
		"e.demo1234567 f.demo12345 g.demo48500000 h.demo1235 j.demo1234"
	printf '{"type":"creator","platform":"instagram","handle":"k.demo","followers":%s}\n' 12.345 7.0 >k.ndjson
	import k.ndjson
	rejects k.ndjson "followers 12.345 is not a whole number"
	is "$(ask "SELECT followers FROM creator WHERE handle = 'k.demo'")" 7
}

@test "currencies are three letters, in upper case" {
	printf '{"type":"creator","platform":"instagram","handle":"%s","fee":1,"currency":"%s"}\n' a eur b Euro c '€' d '' >a.ndjson
	echo '{"type":"fx","currency":"gbp","at":"2026-01-01","rate":1.2}' >>a.ndjson
	echo '{"type":"fx","currency":"-","at":"2026-01-01","rate":1.2}' >>a.ndjson
	echo '{"type":"fx","currency":"JPY","at":"2026-01-01","rate":0}' >>a.ndjson
	import a.ndjson
	rejects a.ndjson "currency 'Euro' is not a code of three letters, such as EUR" "currency '€' is not" \
		"this fx has no currency" "the rate of a currency is above zero"
	is "$(ask "SELECT group_concat(handle || coalesce(currency, '?')) FROM creator")" "aEUR,d?"
	is "$(ask "SELECT currency FROM fx")" GBP
}

@test "what a row lacks, and words that a column does not take" {
	cat >a.ndjson <<'LINES'
{"type":"campaign","id":"spring"}
{"type":"brand","id":"brisk"}
{"type":"campaign","id":"spring","brand_id":"brisk","status":"actve"}
{"type":"post","platform":"instagram","handle":"a","id":"p","relationship":"Paid"}
{"type":"coverage","platform":"instagram","handle":"a","of":"post"}
{"type":"audience","platform":"instagram","handle":"a","dimension":"contry","segment":"DE","share":0.1}
{"type":"brand_term","brand_id":"brisk","kind":"nothing","term":"x"}
LINES
	import a.ndjson
	is "$status" 2
	rejects a.ndjson "this campaign has no brand_id" "this brand has no name" \
		"status is one of draft, active, done, not 'actve'; did you mean 'active'?" "did you mean 'paid'?" \
		"of is one of posts, comments, partnerships, history, credentials, not 'post'; did you mean 'posts'?" \
		"dimension is one of country, city, gender, age, gender_age, language, interest, type, not 'contry'; did you mean 'country'?" \
		"kind is one of alias, competitor, value, against, banned, not 'nothing'"
	! grep CHECK a.ndjson.rejected.csv
}

@test "the commonest reason, and exit code 2 for a file of which nothing is imported" {
	printf 'handle,followers\na.demo,1\nb.demo,many\nc.demo,lots\nd.demo,1.5\ne.demo,3\nf.demo,4\n' >instagram.csv
	import instagram.csv
	is "$status" 0
	says "commonest reason (2): followers 'many' is not a number"
	printf 'handle,country\na.demo,Atlantis\n' >none-instagram.csv
	import -q none-instagram.csv
	is "$status" 2
	says "none of its 1 rows could be imported, most of them because: country 'Atlantis'"
	import none-instagram.csv instagram.csv
	is "$status" 2
	says "6 rows = 0 stored + 3 merged + 3 rejected"
	import instagram.csv gone.csv none-instagram.csv
	is "$status" 2
	says "gone.csv cannot be read: No such file or directory"
	says "not read: gone.csv, none-instagram.csv"
}

@test "a profile's address is its handle, and the url where there is none" {
	printf 'handle,followers,url\nhttps://www.tiktok.com/@Max.demo?lang=de,5,\ntiktok.com/@eva.demo/,6,https://eva.example\nhttps://www.tiktok.com/@max.demo/video/1,1,\nhttps://instagram.com/max,2,\n' >tiktok.csv
	import tiktok.csv
	is "$(ask "SELECT handle, url FROM creator ORDER BY followers" | paste -sd' ')" \
		"Max.demo|https://www.tiktok.com/@Max.demo?lang=de eva.demo|https://eva.example"
	rejects tiktok.csv "is not a profile's address; write the handle" \
		"the handle is an address on instagram, but the platform is tiktok"
	printf '{"type":"creator","handle":"%s"}\n' instagram.com/a.demo/ https://youtube.com/@B HTTPS://www.youtube.com/c/d \
		https://x.com/e https://youtube.com/watch?v=1 https://www.instagram.com/p/1/ https://shop.example/x >a.ndjson
	import a.ndjson
	says "7 rows = 4 stored + 0 merged + 3 rejected"
	is "$(ask "SELECT platform, handle, url FROM creator WHERE platform <> 'tiktok'" | paste -sd' ')" \
		"instagram|a.demo|https://instagram.com/a.demo/ youtube|B|https://youtube.com/@B youtube|d|HTTPS://www.youtube.com/c/d x|e|https://x.com/e"
	echo '{"type":"post","platform":"tiktok","handle":"https://www.tiktok.com/@max.demo","id":"p"}' >p.ndjson
	import p.ndjson
	is "$(ask "SELECT handle FROM post JOIN creator ON creator.id = creator_id")" Max.demo
}

@test "a platform that is nearly a known one is refused, an unknown one is not" {
	printf 'handle,followers\na.demo,1\n' >a.csv
	import a.csv --platform Instgram
	is "$status" 2
	says "there is no platform 'instgram'; did you mean 'instagram'?"
	[ ! -e r.db ]
	for platform in kwai douyu X twitter IG Blog; do
		import a.csv --platform "$platform"
		is "$status" 0
	done
	is "$(ask "SELECT group_concat(platform) FROM (SELECT platform FROM creator ORDER BY 1)")" "blog,douyu,instagram,kwai,twitter,x"
	echo '{"type":"creator","platform":"tiktk","handle":"a"}' >b.ndjson
	import b.ndjson
	rejects b.ndjson "there is no platform 'tiktk'; did you mean 'tiktok'?"
}

@test "columns that hold what they do not say are told apart from unknown ones" {
	printf 'instagram name,Subscribers,Views avg.,Likes avg,Manager\na.demo,10,Spain,5,x\nb.demo,20,India,6,y\n' >instagram.csv
	import instagram.csv
	says "columns it does not know: Manager"$'\n'
	says "not read: Views avg., Likes avg, because what they hold is not what they say"
}

@test "a post dated 1970 or 2099 does not widen the time that was collected" {
	printf '{"type":"post","platform":"instagram","handle":"a.demo","id":"%s","posted_at":"%s"}\n' p1 1970-01-01 p2 2026-01-05 \
		p3 2026-02-05 p4 2099-01-01 >posts.ndjson
	import posts.ndjson
	is "$(ask "SELECT date(from_at, 'unixepoch') || ' ' || date(to_at, 'unixepoch') FROM coverage")" "2026-01-05 2026-02-05"
	is "$(ask "SELECT count(*) FROM post")" 4
}
