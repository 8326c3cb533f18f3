#!/usr/bin/env bats
# Exports into a roster: every data row is stored, merged or rejected.

setup() {
	KOLANDER="${KOLANDER:-$BATS_TEST_DIRNAME/../build/kolander}"
	cd "$BATS_TEST_TMPDIR"
}

ask() { sqlite3 r.db "$1"; }

@test "numbers, duplicate headers, a blank first row and missing cells" {
	printf '\xef\xbb\xbfinstagram name,Followers,followers,"Likes\n(Avg.)"\n,,,\na.demo,409.8M,409812345,1.3w\nb.demo,3.4M,3400000,#VALOR!\n' >instagram.csv
	"$KOLANDER" import r.db instagram.csv
	[ "$(ask "SELECT group_concat(followers || ':' || coalesce(avg_likes, '?')) FROM creator")" = "409812345:13000.0,3400000:?" ]
}

@test "a broken quote costs its own row" {
	printf 'handle,followers\na.demo,1\nb.demo,"2\nc.demo,3\nd.demo,many\n' >instagram.csv
	"$KOLANDER" import r.db instagram.csv || true
	[ "$(ask "SELECT group_concat(handle) FROM creator")" = "a.demo,c.demo" ]
	[ "$(wc -l <instagram.csv.rejected.csv)" -eq 3 ]
}

@test "headers that have slipped put no number in a wrong field" {
	printf 'instagram name,Subscribers,Views avg.,Likes avg\na.demo,10,Spain,5\nb.demo,20,India,6\n' >instagram.csv
	"$KOLANDER" import r.db instagram.csv
	[ "$(ask "SELECT count(*) FROM creator WHERE followers > 0 AND avg_views IS NULL AND avg_likes IS NULL")" -eq 2 ]
}

@test "NDJSON of all kinds; bad lines are rejected, the rest goes on; twice changes nothing" {
	cat >r.ndjson <<'L'
{"type":"campaign","id":"spring","brand_id":"brisk","markets":["US","DE"],"competitors":["Rival"],"set":{"a/b":{"least":0.5}}}
{"type":"creator","platform":"instagram","handle":"a.demo","followers":10,"mood":"sunny"}
{"type":"creator","platform":"instagram","handle":"b.demo","followers":1e999}
{"type":"creator","type":"creator","handle":"c.demo"}
not json
{"type":"post","platform":"instagram","handle":"@A.demo","id":"p1","posted_at":"2026-11-02T08:00:00Z","paid_label":false}
{"type":"coverage","platform":"instagram","handle":"a.demo","of":"comments","from_at":null,"to_at":"2026-11-20"}
{"type":"audience","platform":"instagram","handle":"a.demo","dimension":"country","segment":"DE","share":0.7}
L
	"$KOLANDER" import r.db r.ndjson || true
	[ "$(ask "SELECT (SELECT count(*) FROM creator), (SELECT count(*) FROM campaign_market), (SELECT count(*) FROM coverage)")" = "1|2|2" ]
	[ "$(ask "SELECT extra FROM creator")" = '{"mood":"sunny"}' ]
	[ "$(wc -l <r.ndjson.rejected.csv)" -eq 4 ]
	sqlite3 r.db .dump | grep -v 'INTO import' >first
	"$KOLANDER" import r.db r.ndjson || true
	sqlite3 r.db .dump | grep -v 'INTO import' | cmp - first
}

@test "the sample exports import" {
	cp "$BATS_TEST_DIRNAME"/../examples/exports/*.csv .
	for f in *-2026-09.csv; do "$KOLANDER" import r.db "$f"; done
	[ "$(ask "SELECT count(*) FROM creator")" -eq 255 ]
}

@test "the real exports import, twice the same" {
	real="$BATS_TEST_DIRNAME/../../shared/data/exports"
	[ -d "$real" ] || skip "not here"
	cp "$real"/*.csv .
	for f in *.csv; do "$KOLANDER" import r.db "$f"; done
	[ "$(ask "SELECT sum(stored + merged + rejected) FROM import")" -eq 7096 ]
	sqlite3 r.db .dump | grep -v 'INTO import' >first
	for f in instagram-*.csv tiktok-*.csv youtube-*.csv; do "$KOLANDER" import r.db "$f"; done
	sqlite3 r.db .dump | grep -v 'INTO import' | cmp - first
}
