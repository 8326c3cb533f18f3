#!/usr/bin/env bats
# Exports into a roster: every data row is stored, merged or rejected. What stops an import: import_failures.bats.

setup() {
	KOLANDER="${KOLANDER:-$BATS_TEST_DIRNAME/../build/kolander}"
	cd "$BATS_TEST_TMPDIR"
}

ask() { sqlite3 r.db "$1"; }
import() { run "$KOLANDER" import r.db "$@"; }
is() { [ "$1" = "$2" ] || { printf 'is:     %s\nwanted: %s\n' "$1" "$2" >&2 && false; }; }
says() { [[ "$output" == *"$1"* ]] || { printf 'is:     %s\nwanted: %s\n' "$output" "$1" >&2 && false; }; }
# Everything but the list of imports itself.
rows() { sqlite3 "${1:-r.db}" .dump | grep -v -e 'INTO import' -e 'INTO meta'; }

@test "numbers, duplicate headers, a blank first row and missing cells" {
	printf '\xef\xbb\xbfinstagram name,Followers,followers,"Likes\n(Avg.)"\n,,,\na.demo,409.8M,409812345,1.3w\nb.demo,3.4M,3400000,#VALOR!\n' >instagram.csv
	import instagram.csv
	is "$(ask "SELECT group_concat(followers || ':' || coalesce(avg_likes, '?')) FROM creator")" "409812345:13000.0,3400000:?"
}

@test "unknown columns of creators are told and kept in extra" {
	printf 'handle,followers,Manager,mood,Mood,Reach,Reach,\nb.demo,1,Ana "A",sunny,,1.2M,1234567,x\na.demo,2,-,,,N/A,,\n' >instagram.csv
	import instagram.csv
	says "columns it does not know: Manager, mood, Mood, Reach"
	is "$(ask "SELECT extra FROM creator WHERE handle = 'b.demo'")" '{"Manager":"Ana \"A\"","Reach":"1234567","mood":"sunny"}'
	is "$(ask "SELECT extra IS NULL FROM creator WHERE handle = 'a.demo'")" 1
	# A newer file's keys win, what it does not say stays; an older one only adds.
	echo '{"type":"creator","platform":"instagram","handle":"b.demo","mood":"calm","n":0.1,"gone":null}' >2030-01-01.ndjson
	echo '{"type":"creator","platform":"instagram","handle":"b.demo","mood":"old","since":2019}' >2020-01-01.ndjson
	import 2030-01-01.ndjson 2020-01-01.ndjson
	is "$(ask "SELECT extra FROM creator WHERE handle = 'b.demo'")" '{"Manager":"Ana \"A\"","Reach":"1234567","mood":"calm","n":0.1,"since":2019}'
}

@test "a broken quote costs its own row, wherever it stands" {
	printf 'handle,followers,bio\na.demo,1,\nb.demo,"2\nc.demo,3,"x, ""y""\nz"\nd.demo,many,\ne.demo,5,"open\nf.demo,6,\n' >instagram.csv
	import instagram.csv
	says "6 rows = 3 stored + 0 merged + 3 rejected"
	is "$(ask "SELECT group_concat(handle) FROM creator")" "a.demo,c.demo,f.demo"
	is "$(cut -d, -f1 instagram.csv.rejected.csv | paste -sd,)" "line,3,6,7"
	grep -q "^6,\"followers 'many' is not a number\",\"d.demo\",\"many\",\"\"$" instagram.csv.rejected.csv
}

@test "headers that have slipped put no number in a wrong field" {
	printf 'instagram name,Subscribers,Views avg.,Likes avg\na.demo,10,Spain,5\nb.demo,20,India,6\n' >instagram.csv
	import instagram.csv
	is "$(ask "SELECT count(*) FROM creator WHERE followers > 0 AND avg_views IS NULL AND avg_likes IS NULL")" 2
}

@test "semicolons, tabs and bars separate as commas do" {
	printf 'handle;"Follower count";Bio, short\na.demo;1,5K;x\n"b;demo";"3";\n' >a-instagram.csv
	printf 'handle\tfollowers\nc.demo\t1,234\n' >b-instagram.csv
	printf '||\nhandle|followers|bio\nd.demo|7|a,b;c\n' >c-instagram.csv
	import a-instagram.csv b-instagram.csv c-instagram.csv
	is "$(ask "SELECT group_concat(handle || ':' || followers, ' ') FROM creator")" "a.demo:1500 b;demo:3 c.demo:1234 d.demo:7"
}

@test "formulas in rejected rows are plain text" {
	printf 'handle,followers,bio\na.demo,=1+1,"@x"\nb.demo,"+SUM(A1)","-2"\nc.demo,1,\nd.demo,2,\ne.demo,3,\n' >instagram.csv
	import instagram.csv
	is "$(tail -n 2 instagram.csv.rejected.csv | cut -d, -f3- | paste -sd' ')" "\"a.demo\",\"'=1+1\",\"'@x\" \"b.demo\",\"'+SUM(A1)\",\"'-2\""
}

@test "300 columns, a header alone, NUL bytes and bytes that are not UTF-8" {
	printf 'handle,followers%s\na.demo,1%s\n' "$(printf ',c%d' {1..298})" "$(printf ',v%d' {1..298})" >instagram.csv
	printf 'handle,followers\n' >header-instagram.csv
	printf 'handle,followers,bio\nb.demo,2,a\0b\nc.demo,3,a\xff\xfe\n' >nul-instagram.csv
	import instagram.csv header-instagram.csv nul-instagram.csv
	is "$status" 0
	says ", …"
	says "header-instagram.csv: 0 rows"
	is "$(ask "SELECT json_extract(extra, '$.c298') FROM creator WHERE handle = 'a.demo'")" v298
	is "$(ask "SELECT bio FROM creator WHERE handle = 'b.demo'")" ab
	is "$(ask "SELECT hex(bio) FROM creator WHERE handle = 'c.demo'")" 61EFBFBDEFBFBD
	printf 'handle%s\na\n' "$(printf ',c%d' {1..1100})" >wide-instagram.csv
	import wide-instagram.csv
	is "$status" 2
	says "it has more columns than the 1024 that are read"
}

@test "empty files, binary files and spreadsheets are refused with a sentence" {
	: >a.csv
	: >a.ndjson
	printf ',,\n\n' >b.csv
	head -c 10000 "$KOLANDER" >c.csv
	cp c.csv c.ndjson
	printf 'PK\3\4xxxx' >d.csv
	printf '\xff\xfeh\0a\0n\0d\0l\0e\0' >e.csv
	for want in "a.csv is empty" "a.ndjson is empty" "b.csv holds no header row" "c.csv is not UTF-8 text" \
		"c.ndjson is not UTF-8 text" "d.csv is a spreadsheet or a zip file" "e.csv is not UTF-8 text"; do
		import "${want%% *}"
		is "$status" 2
		says "$want"
	done
	[ ! -e r.db ]
}

@test "lines over 16 MiB are one rejected row each, in bounded memory" {
	long() { head -c "$1" /dev/zero | tr '\0' x; }
	{
		echo '{"type":"creator","platform":"instagram","handle":"a.demo"}'
		printf '{"type":"creator","platform":"instagram","handle":"b.demo","bio":"'
		long 100000000
		printf '"}\n{"type":"creator","platform":"instagram","handle":"c.demo"}\n'
	} >a.ndjson
	{
		printf 'handle,bio\nd.demo,x\ne.demo,'
		long 40000000
		printf '\nf.demo,"'
		long 40000000
		printf '"\ng.demo,x\n'
	} >b-instagram.csv
	{
		printf '[{"type":"creator","platform":"instagram","handle":"h.demo","bio":"\\"}{'
		long 40000000
		printf '"},\n{"type":"creator","platform":"instagram","handle":"i.demo"}]'
	} >c.json
	# The sanitizers need more address space than there is.
	grep -q __asan_init "$KOLANDER" || ulimit -v 160000
	import a.ndjson b-instagram.csv c.json
	is "$status" 0
	says "a.ndjson: 3 rows = 2 stored + 0 merged + 1 rejected"
	says "b-instagram.csv: 4 rows = 2 stored + 0 merged + 2 rejected"
	says "c.json: 2 rows = 1 stored + 0 merged + 1 rejected"
	is "$(ask "SELECT group_concat(handle) FROM creator")" "a.demo,c.demo,d.demo,g.demo,i.demo"
	is "$(cut -c1-27 a.ndjson.rejected.csv | tail -n 1)" '2,"longer than 16 MiB","{""'
	is "$(cut -d, -f1,2 b-instagram.csv.rejected.csv | paste -sd' ')" 'line,reason 3,"longer than 16 MiB" 4,"longer than 16 MiB"'
}

@test "hostile JSON is rejected line by line" {
	{
		printf '{"type":"creator","platform":"instagram","handle":"a.demo","x":'
		head -c 100000 /dev/zero | tr '\0' '['
		echo
		echo '{"type":"creator","platform":"instagram","handle":"b.demo","handle":"c.demo"}'
		echo '{"type":"creator","platform":"instagram","handle":"d.demo","followers":1e999}'
		echo '{"type":"creator","platform":"instagram","handle":"e\u0000.demo"}'
		echo '{"type":"creator","platform":"instagram","handle":"f.demo","bio":"x\u0000y"}'
		printf '{"type":"creator","platform":"instagram","handle":"g.demo","bio":"x\0y\xff"}\n'
		echo '[1]'
		echo '{"type":"creature","handle":"h.demo"}'
		echo '{"handle":"h.demo"}'
		echo '{"type":"creator","handle":"h.demo"}'
		echo '{"type":"creator","platform":"instagram","handle":"h.demo","followers":-1}'
		echo '{"type":"creator","platform":"instagram","handle":"h.demo","followers":"many"}'
		echo '{"type":"creator","platform":"instagram","handle":"h.demo","country":"Atlantis"}'
		echo '{"type":"post","platform":"instagram","handle":"h.demo","id":"p","relationship":"friend"}'
		echo '{"type":"post","platform":"instagram","handle":"h.demo"}'
		echo '{"type":"campaign_market","campaign_id":"nowhere","country":"DE"}'
	} >a.ndjson
	import a.ndjson
	is "$status" 0
	says "16 rows = 2 stored + 0 merged + 14 rejected"
	is "$(ask "SELECT group_concat(handle || ':' || hex(bio)) FROM creator")" "f.demo:7879,g.demo:7879EFBFBD"
	for why in "maximum parsing depth" "duplicate object key" "real number overflow" "a character that no handle has" \
		"not a JSON object" "there is no type 'creature'" 'the object has no ""type""' "this creator names no platform" \
		"followers is below zero" "followers 'many' is not a number" "'Atlantis' is not a country" "relationship" \
		"this post has no id" "names a campaign or brand that is not in the roster yet"; do
		grep -qF "$why" a.ndjson.rejected.csv || { echo "no: $why" && cut -c1-300 a.ndjson.rejected.csv && false; }
	done
}

all_types() {
	cat <<'LINES'
{"type":"brand","id":"brisk","name":"Brisk","category":"tea","aliases":["Brisk Tea"],"competitors":["Rival"],"values":["calm"]}
{"type":"brand_term","brand_id":"brisk","kind":"against","term":"waste"}
{"type":"campaign","id":"spring","brand_id":"brisk","name":"Spring tea","goal":"conversion","markets":["US","Germany"],"competitors":["Rival"],"banned":["cure"],"starts_on":"2026-03-01","ends_on":"2026-03-31","budget":5000,"currency":"EUR","set":{"a/b":{"least":0.4,"on":true,"who":"x"}}}
{"type":"campaign_market","campaign_id":"spring","country":"FR"}
{"type":"campaign_term","campaign_id":"spring","kind":"hashtag","term":"#brisk"}
{"type":"campaign_set","campaign_id":"spring","rule_id":"a/c","name":"most","value":"3"}
{"type":"creator","platform":"instagram","handle":"@A.demo","followers":10,"verified":true,"country":"Spain","joined_at":"2020-02-29","extra":{"k":[1,0.1]}}
{"type":"campaign_creator","campaign_id":"spring","platform":"instagram","handle":"a.demo","status":"asked","fee":100}
{"type":"coverage","platform":"instagram","handle":"a.demo","of":"comments","from_at":null,"to_at":"2026-11-20"}
{"type":"audience","platform":"ig","handle":"a.demo","dimension":"country","segment":"DE","share":0.7}
{"type":"history","platform":"instagram","handle":"a.demo","at":"2026-01-01","followers":8}
{"type":"post","platform":"instagram","handle":"a.demo","id":"p1","posted_at":"2026-11-02T08:00:00+02:00","likes":5,"paid_label":false,"relationship":"paid"}
{"type":"post","platform":"tiktok","handle":"new.demo","id":"p2"}
{"type":"comment","platform":"instagram","handle":"a.demo","post_id":"p1","id":"c1","text":"Nice"}
{"type":"partnership","platform":"instagram","handle":"a.demo","brand":"Rival","started_on":"2026-01-01","exclusive_until":"2026-06-30"}
{"type":"partnership","platform":"instagram","handle":"a.demo","brand":"Rival"}
{"type":"credential","platform":"instagram","handle":"a.demo","kind":"medical","valid_to":"2027-01-01"}
{"type":"fx","currency":"EUR","at":"2026-11-01","rate":1.08}
LINES
}

@test "NDJSON lines of every table" {
	all_types >r.ndjson
	import r.ndjson --at 2026-11-10
	says "18 rows = 18 stored + 0 merged + 0 rejected"
	is "$(ask "SELECT id, brand_id, goal, datetime(ends_on, 'unixepoch'), budget FROM campaign")" "spring|brisk|conversion|2026-03-31 23:59:59|5000.0"
	is "$(ask "SELECT group_concat(country) FROM campaign_market")" "DE,FR,US"
	is "$(ask "SELECT group_concat(kind || ':' || term) FROM campaign_term")" "banned:cure,competitor:Rival,hashtag:#brisk"
	is "$(ask "SELECT group_concat(rule_id || '.' || name || '=' || value, ' ') FROM campaign_set")" "a/b.least=0.4 a/b.on=true a/b.who=x a/c.most=3"
	is "$(ask "SELECT group_concat(kind || ':' || term) FROM brand_term")" "against:waste,alias:Brisk Tea,competitor:Rival,value:calm"
	is "$(ask "SELECT handle, followers, verified, country, extra FROM creator WHERE id = 1")" 'A.demo|10|1|ES|{"k":[1,0.1]}'
	is "$(ask "SELECT status, fee FROM campaign_creator")" "asked|100.0"
	is "$(ask "SELECT segment, share FROM audience")" "DE|0.7"
	is "$(ask "SELECT date(at, 'unixepoch'), followers FROM history ORDER BY at" | paste -sd' ')" "2026-01-01|8 2026-11-10|10"
	is "$(ask "SELECT id, datetime(posted_at, 'unixepoch'), likes, paid_label, relationship FROM post WHERE creator_id = 1")" "p1|2026-11-02 06:00:00|5|0|paid"
	is "$(ask "SELECT platform, handle, followers IS NULL FROM creator WHERE id = 2")" "tiktok|new.demo|1"
	is "$(ask "SELECT post_id, id, text FROM comment")" "p1|c1|Nice"
	is "$(ask "SELECT brand, date(started_on, 'unixepoch'), datetime(exclusive_until, 'unixepoch') FROM partnership" | paste -sd' ')" "Rival|2026-01-01|2026-06-30 23:59:59 Rival||"
	is "$(ask "SELECT kind, number, datetime(valid_to, 'unixepoch') FROM credential")" "medical||2027-01-01 23:59:59"
	is "$(ask "SELECT currency, rate FROM fx")" "EUR|1.08"
	is "$(ask "SELECT \"of\", from_at IS NULL, date(to_at, 'unixepoch') FROM coverage WHERE source = ''")" "comments|1|2026-11-20"
	is "$(ask "SELECT \"of\", datetime(from_at, 'unixepoch'), from_at = to_at FROM coverage WHERE source = 'import'")" "posts|2026-11-02 06:00:00|1"
}

@test "importing twice changes nothing: NDJSON and CSV" {
	all_types >r.ndjson
	printf 'handle,followers,engagement_rate,Mood\na.demo,11,3.5%%,x\nb.demo,1.2K,0.031,y\nb.demo,1300,,z\nc.demo,?,,\n' >instagram.csv
	printf 'handle,post id,date,likes\na.demo,p9,2026-05-01,3\n' >posts-instagram.csv
	all() {
		import r.ndjson instagram.csv
		import posts-instagram.csv --as posts --covers 2026-01-01..2026-05-31
	}
	all
	rows >first
	touch -d 2020-01-01 ./*.ndjson ./*.csv
	all
	says "1 rows = 0 stored + 1 merged + 0 rejected"
	rows | cmp - first
	is "$(ask "SELECT sum(stored) FROM import WHERE id > 3")" 0
}

@test "a JSON list imports; one that is cut short is refused whole" {
	printf '\xef\xbb\xbf[ {"type":"creator","platform":"instagram","handle":"a.demo","bio":"]}"},\n {"type":"creator",\n"platform":"instagram","handle":"b.demo"} ]\n' >a.json
	size=$(stat -c %s a.json)
	for cut in 2 5 20 80 $((size / 2)); do
		head -c -"$cut" a.json >cut.json
		import cut.json
		is "$status" 2
		says "cut.json is cut short"
		[ ! -e r.db ]
	done
	import a.json
	says "2 rows = 2 stored"
	echo '[]' >none.json
	import none.json
	says "none.json: 0 rows"
}

@test "the date is the file's: --at, else its name's, else when it was written" {
	dated() { # name date
		printf '{"type":"creator","platform":"instagram","handle":"%s","followers":1}\n' "$1" >"$1"
		touch -d 2026-10-05T13:00:00Z "$1"
		import "$1"
		is "$(ask "SELECT date(updated_at, 'unixepoch') FROM creator WHERE handle = '$1'")" "$2"
	}
	dated a-2022-06.ndjson 2022-06-30
	dated b_2024_02.jsonl 2024-02-29
	dated 2022-06-15.ndjson 2022-06-15
	dated c20220630x.ndjson 2022-06-30
	dated 2022-05-01..2022-05-20.ndjson 2022-05-20
	for other in d.ndjson e-2022-13.ndjson f-2022-06-31.ndjson g-120220630.ndjson h-1234-05.ndjson i-202206.ndjson; do
		dated "$other" 2026-10-05
	done
	mkdir 2021-01-01
	dated 2021-01-01/j.ndjson 2026-10-05
	import a-2022-06.ndjson --at 2023-01-01
	is "$(ask "SELECT count(*) FROM history JOIN creator ON id = creator_id WHERE handle = 'a-2022-06.ndjson'")" 2
}

@test "snapshots in any order leave the same creators and one row of history each" {
	printf 'handle,followers,likes avg,country,mood\na.demo,100,10,Spain,x\nb.demo,50,,,\n' >instagram-2022-06.csv
	printf 'handle,followers,likes avg,country,mood\na.demo,200,,France,y\nb.demo,,7,DE,\n' >instagram-2022-09.csv
	printf 'handle,followers,likes avg,country,mood\na.demo,300,30,,\nb.demo,70,,,z\n' >instagram-2022-12.csv
	see() {
		sqlite3 "$1" "SELECT platform, handle, followers, avg_likes, country, extra, updated_at FROM creator ORDER BY handle;
			SELECT handle, date(at, 'unixepoch'), h.followers, h.avg_likes FROM history h JOIN creator ON id = creator_id ORDER BY 1, 2"
	}
	for order in "06 09" "09 06" "06 12" "12 06" "09 12" "12 09"; do
		for month in $order; do "$KOLANDER" import -q "${order/ /}.db" "instagram-2022-$month.csv"; done
	done
	for pair in "0609 0906" "0612 1206" "0912 1209"; do
		is "$(see "${pair% *}.db")" "$(see "${pair#* }.db")"
	done
	import instagram-2022-{12,06,09}.csv
	is "$(ask "SELECT followers, avg_likes FROM creator" | paste -sd' ')" "300|30.0 70|7.0"
	is "$(ask "SELECT DISTINCT date(at, 'unixepoch') FROM history ORDER BY 1" | paste -sd,)" "2022-06-30,2022-09-30,2022-12-31"
}

@test "posts: an older capture never overwrites a newer one" {
	new='{"type":"post","platform":"instagram","handle":"a.demo","id":"p","captured_at":"2026-02-01","likes":20}'
	old='{"type":"post","platform":"instagram","handle":"a.demo","id":"p","captured_at":"2026-01-01","likes":10,"views":5}'
	echo "$new" >new.ndjson
	echo "$old" >old.ndjson
	for order in "new old" "old new"; do
		rm -f r.db
		for file in $order; do import "$file.ndjson"; done
		is "$(ask "SELECT likes, views, date(captured_at, 'unixepoch') FROM post")" "20|5|2026-02-01"
	done
}

@test "--as and --covers" {
	spans() { ask "SELECT handle, \"of\", date(from_at, 'unixepoch'), datetime(to_at, 'unixepoch') FROM coverage JOIN creator ON id = creator_id ORDER BY 1, 2, 3" | paste -sd' '; }
	printf 'username,shortcode,posted at,caption,likes\na.demo,p1,2026-05-03,"Tea, twice",1.2K\na.demo,p2,2026-05-09T10:00:00Z,x,5\nb.demo,p3,,x,5\nb.demo,,2026-05-09,x,5\n' >instagram.csv
	import instagram.csv --as posts --covers 2026-05-01..2026-05-31
	says "4 rows = 3 stored + 0 merged + 1 rejected"
	is "$(spans)" "a.demo|posts|2026-05-01|2026-05-31 23:59:59 a.demo|posts|2026-05-03|2026-05-09 10:00:00 b.demo|posts|2026-05-01|2026-05-31 23:59:59"
	is "$(ask "SELECT likes, caption FROM post WHERE id = 'p1'")" "1200|Tea, twice"
	printf 'handle,dimension,segment,share\na.demo,country,DE,71%%\n' >audience-instagram.csv
	import audience-instagram.csv --as audience
	is "$(ask "SELECT dimension, segment, share FROM audience")" "country|DE|0.71"
	printf 'handle,month,followers\na.demo,2026-04-01,900\n' >history-instagram.csv
	import history-instagram.csv --as history
	is "$(ask "SELECT date(at, 'unixepoch'), followers FROM history")" "2026-04-01|900"
	printf 'handle,brand,start date,end date,fee,currency\nc.demo,Rival,2026-01-01,2026-02-28,"1,500",EUR\n' >deals-instagram.csv
	import deals-instagram.csv --as partnerships --covers 2026-01-01..2026-12-31
	is "$(ask "SELECT brand, datetime(ended_on, 'unixepoch'), fee, currency FROM partnership")" "Rival|2026-02-28 23:59:59|1500.0|EUR"
	[[ "$(spans)" == *"c.demo|partnerships|2026-01-01|2026-12-31 23:59:59" ]]
	echo '{"type":"coverage","platform":"instagram","handle":"d.demo","of":"posts","from_at":"2026-01-01","to_at":"2026-01-31"}' >d.ndjson
	import d.ndjson
	[[ "$(spans)" == *"d.demo|posts|2026-01-01|2026-01-31 23:59:59" ]]
}

@test "options that make no sense are refused" {
	printf 'handle,followers\na.demo,1\n' >instagram.csv
	echo '{"type":"creator","platform":"instagram","handle":"a.demo"}' >a.ndjson
	printf 'followers\n1\n' >nobody-instagram.csv
	cp instagram.csv keep
	refused() { # sentence, words
		local want=$1
		shift
		import "$@"
		is "$status" "${wanted:-2}"
		says "$want"
		[ ! -e r.db ]
	}
	refused "a file of creators has none" instagram.csv --covers 2026-01-01..2026-01-31
	refused "--covers takes two dates" instagram.csv --as posts --covers 2026-02-01..2026-01-31
	refused "--covers takes two dates" instagram.csv --as posts --covers 2026-02-01
	refused "--as takes" instagram.csv --as pictures
	refused "--as is for CSV files" a.ndjson --as posts
	refused "--at takes a date" a.ndjson --at tomorrow
	refused "--rejected names the export itself" instagram.csv --rejected ./instagram.csv
	refused "--rejected names the roster itself" instagram.csv --rejected r.db
	refused "the name must end in" keep
	refused "no column for the creator's handle" nobody-instagram.csv
	mkdir there
	wanted=3 refused "it is there and is not a file" instagram.csv --rejected there
	cmp instagram.csv keep
}

@test "the sample exports import" {
	cp "$BATS_TEST_DIRNAME"/../examples/exports/*.csv .
	for f in *-2026-09.csv; do "$KOLANDER" import r.db "$f"; done
	is "$(ask "SELECT count(*) FROM creator")" 255
}

@test "the real exports import, in any order and twice the same" {
	real="$BATS_TEST_DIRNAME/../../shared/data/exports"
	[ -d "$real" ] || skip "not here"
	cp "$real"/*.csv .
	for f in *.csv; do "$KOLANDER" import r.db "$f"; done
	is "$(ask "SELECT sum(stored + merged + rejected) FROM import")" 7096
	is "$(ask "SELECT DISTINCT date(at, 'unixepoch') FROM history JOIN creator ON id = creator_id WHERE platform = 'instagram' ORDER BY 1" | paste -sd,)" "2022-06-30,2022-09-30,2022-12-31"
	rows >first
	for f in instagram-*.csv tiktok-*.csv youtube-*.csv; do "$KOLANDER" import r.db "$f"; done
	rows | cmp - first
	see() { sqlite3 "$1" "SELECT platform, handle, followers, engagement_rate, name, category, avg_views, updated_at FROM creator ORDER BY 1, 2"; }
	for f in instagram-2022-{12,09,06}.csv tiktok-2022-{11,09}.csv youtube-2022-{12,06}.csv; do "$KOLANDER" import back.db "$f"; done
	see r.db >forth
	see back.db | cmp - forth
}

@test "a campaign may come before its brand, and never renames it" {
	printf '%s\n' '{"type":"campaign","id":"x","brand_id":"late"}' '{"type":"brand","id":"late","name":"Late"}' \
		'{"type":"campaign","id":"y","brand_id":"late"}' >late.ndjson
	"$KOLANDER" import late.db late.ndjson
	[ "$(sqlite3 late.db 'SELECT name FROM brand')" = Late ]
}
