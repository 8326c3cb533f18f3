# The command line: usage errors, suggestions, exit codes, whole output files, closed pipes.

setup() {
	KOLANDER="${KOLANDER:-$BATS_TEST_DIRNAME/../build/kolander}"
	cd "$BATS_TEST_TMPDIR"
	mkdir rules
	cat > rules/size.lua <<-'LUA'
		rule "size/large-enough" {
			title = "Enough followers",
			level = "reject",
			set = { least = 1000 },
			need = "creator.followers >= set.least",
			examples = { { creator = { followers = 10 }, expect = "fail" }, { creator = { followers = 2000 }, expect = "pass" } },
		}
	LUA
	cat > roster.ndjson <<-'JSON'
		{"type":"brand","id":"brisk","name":"Brisk"}
		{"type":"campaign","id":"spring","brand_id":"brisk","name":"Spring tea","markets":["DE"]}
		{"type":"creator","platform":"instagram","handle":"lena.cooks","followers":48200}
		{"type":"creator","platform":"instagram","handle":"tiny.tom","followers":12}
		{"type":"creator","platform":"tiktok","handle":"quiet.kim"}
	JSON
}

roster() { "$KOLANDER" import roster.db roster.ndjson --quiet; }
vet() { "$KOLANDER" vet roster.db --rules rules --campaign spring --as-of 2026-11-23 "$@"; }

@test "no command, an unknown one and a mistyped one" {
	run "$KOLANDER"
	[ "$status" -eq 2 ]
	run "$KOLANDER" vett
	[ "$status" -eq 2 ]
	[[ "$output" == *"did you mean 'vet'?"* ]]
}

@test "help and version" {
	for c in import check test vet; do
		run "$KOLANDER" $c --help
		[ "$status" -eq 0 ]
		[[ "$output" == *"Usage: kolander $c"* ]]
		[[ "$output" == *"Examples:"* ]]
	done
	run "$KOLANDER" --version
	[ "$status" -eq 0 ]
	[ "$output" = "kolander 0.1.0" ]
}

@test "mistyped options, missing and wrong values" {
	run "$KOLANDER" vet roster.db --campagn spring
	[ "$status" -eq 2 ]
	[[ "$output" == *"did you mean --campaign?"* ]]
	run "$KOLANDER" vet roster.db --campaign
	[ "$status" -eq 2 ]
	run "$KOLANDER" vet roster.db --campaign x --workers=many
	[ "$status" -eq 2 ]
	run "$KOLANDER" vet roster.db --campaign x --format sarif
	[ "$status" -eq 2 ]
	[[ "$output" == *"text, json, ndjson and csv"* ]]
	run "$KOLANDER" vet roster.db
	[ "$status" -eq 2 ]
	[[ "$output" == *"--campaign"* ]]
	run "$KOLANDER" import roster.db
	[ "$status" -eq 2 ]
}

@test "decisions, exit codes and --fail-on" {
	roster
	run vet
	[ "$status" -eq 0 ]
	[[ "$output" == *"tiny.tom"* ]]
	run vet --fail-on=reject
	[ "$status" -eq 1 ]
	run vet --creator instagram/lena.cooks --fail-on error
	[ "$status" -eq 0 ]
	run vet --creator tiktok/quiet.kim --fail-on reject
	[ "$status" -eq 0 ]
	run vet --creator tiktok/quiet.kim --fail-on review
	[ "$status" -eq 1 ]
	run vet --creator instagram/nobody
	[ "$status" -eq 2 ]
	run vet --set size/large-enough.least=5 --creator instagram/tiny.tom --fail-on error
	[ "$status" -eq 0 ]
}

@test "ndjson: run, verdicts, summary" {
	roster
	vet --format ndjson > out.ndjson
	[ "$(wc -l < out.ndjson)" -eq 5 ]
	[[ "$(head -1 out.ndjson)" == '{"type":"run","v":1,"campaign":"spring","as_of":"2026-11-23"'* ]]
	[[ "$(tail -1 out.ndjson)" == '{"type":"summary","creators":3,"approve":1,"review":1,"reject":1,"errors":0,'* ]]
}

@test "workers and batch sizes change nothing" {
	roster
	for f in text json ndjson csv; do
		vet --format $f --workers 0 > expected
		for o in "--workers 1" "--workers 2" "--workers 7" "--batch-size 1" "--backward"; do
			vet --format $f $o > got
			cmp expected got
		done
	done
}

@test "-o replaces a file only when the new one is whole" {
	roster
	echo old > report.csv
	run "$KOLANDER" vet roster.db --rules rules --campaign none --format csv -o report.csv
	[ "$status" -eq 2 ]
	[ "$(cat report.csv)" = old ]
	vet --format csv -o report.csv
	[[ "$(head -1 report.csv)" == platform,handle,* ]]
	[ "$(ls report.csv* | wc -l)" -eq 1 ]
	run vet -o nowhere/report.txt
	[ "$status" -eq 3 ]
}

@test "a full disk is one sentence" {
	roster
	run bash -c "'$KOLANDER' vet roster.db --rules rules --campaign spring > /dev/full"
	[ "$status" -eq 3 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == *"No space left"* ]]
}

@test "a closed pipe ends it quietly" {
	roster
	run bash -c "{ '$KOLANDER' vet roster.db --rules rules --campaign spring --format ndjson; echo code \$? >&2; } | true"
	[ "$output" = "code 0" ]
}

@test "check and test tell problems and end with 1" {
	run "$KOLANDER" check rules
	[ "$status" -eq 0 ]
	run "$KOLANDER" test rules
	[ "$status" -eq 0 ]
	sed -i 's/expect = "fail"/expect = "pass"/' rules/size.lua
	run "$KOLANDER" test rules
	[ "$status" -eq 1 ]
	[[ "$output" == *"expected pass, got fail"* ]]
	echo 'rule "x/y" {' > rules/broken.lua
	run "$KOLANDER" check rules
	[ "$status" -eq 1 ]
	[[ "$output" == *"broken.lua:"* ]]
}
