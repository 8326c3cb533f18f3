# What the .bats files share: the program, a scratch folder, a roster from NDJSON, a run's findings.
start() {
	KOLANDER="$(realpath "${KOLANDER:-$BATS_TEST_DIRNAME/../${BUILD:-build}/kolander}" 2>/dev/null || echo "$BATS_TEST_DIRNAME/../build/kolander")"
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir -p rules
}

# N creators a0001… with 1000 followers, and the campaign c.
people() {
	perl -e 'print qq({"type":"brand","id":"b","name":"B"}\n{"type":"campaign","id":"c","brand_id":"b","name":"C","markets":["DE","US"],"competitors":["Rival"],"starts_on":"2026-12-01"}\n);
		printf qq({"type":"creator","platform":"instagram","handle":"a%04d","followers":1000,"country":"DE"}\n), $_ for 1 .. shift' "$1" >r.ndjson
	"$KOLANDER" import r.db r.ndjson >/dev/null 2>&1
}

vet() { "$KOLANDER" vet r.db --rules rules --campaign c --as-of 2026-11-23 --format ndjson "$@"; }
