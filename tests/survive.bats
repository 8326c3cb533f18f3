#!/usr/bin/env bats
# Killed and stopped workers, writers, bad rosters, bad output: the run ends, and says what happened in one sentence.
load helpers

setup() { start; }
slow() { echo 'rule "a/slow" { title = "t", level = "review", check = function(c) local n = 0 for i = 1, 20000 do n = n + i end if n + c.followers < 0 then return fail "x" end end }' >rules/r.lua; }
child() { for _ in $(seq 200); do pgrep -P "$(pgrep -P "$1" | head -n 1)" 2>/dev/null | head -n 1 | grep . && return; sleep 0.02; done; }

@test "a killed or stopped worker: the run finishes, exit 3, every verdict there" {
	people 20000
	slow
	for signal in KILL STOP; do
		KOLANDER_WALL_SECONDS=2 "$KOLANDER" vet r.db --rules rules --campaign c --as-of 2026-11-23 --format ndjson --workers 2 >out 2>err &
		pid=$!
		kill -$signal "$(child $pid)"
		rc=0
		wait $pid || rc=$?
		[ $rc -eq 3 ]
		[ "$(grep -c '"type":"verdict"' out)" -eq 20000 ]
	done
}

@test "one snapshot under a busy writer, in WAL and rollback mode" {
	echo 'rule "a/b" { title = "t", level = "review", need = "creator.followers == 1000" }' >rules/r.lua
	for mode in wal delete; do
		rm -f r.db*
		people 5000
		sqlite3 r.db "PRAGMA journal_mode=$mode" >/dev/null
		(for i in $(seq 30); do sqlite3 -cmd '.timeout 2000' r.db "UPDATE creator SET followers = 3000 - followers"; done) >/dev/null 2>&1 &
		writer=$!
		for i in 1 2 3; do
			vet --workers 2 >out
			n=$(grep -c '"decision":"approve"' out || true)
			[ "$n" -eq 0 ] || [ "$n" -eq 5000 ]
			[ "$(tail -n 1 out | jq .creators)" -eq 5000 ]
		done
		wait $writer || true
	done
}

@test "interrupted: 130, and -o leaves the old file" {
	people 20000
	slow
	echo old >out
	"$KOLANDER" vet r.db --rules rules --campaign c --format ndjson -o out 2>err &
	pid=$!
	child $pid >/dev/null
	kill -INT $pid
	rc=0
	wait $pid || rc=$?
	[ $rc -eq 130 ]
	[ "$(cat out)" = old ]
}

@test "a killed import leaves the old roster" {
	people 2
	perl -e 'printf qq({"type":"creator","platform":"x","handle":"k%d"}\n), $_ for 1 .. 400000' >big.ndjson
	"$KOLANDER" import r.db big.ndjson >/dev/null 2>&1 &
	pid=$!
	sleep 0.3
	kill -KILL $pid
	wait $pid || true
	[ "$(sqlite3 r.db 'SELECT count(*) FROM creator')" -eq 2 ]
}

@test "missing, empty, truncated, foreign, newer, locked, creatorless rosters" {
	echo 'rule "a/b" { title = "t", level = "review", need = "1 > 0" }' >rules/r.lua
	people 2000
	cp r.db good
	try() { run timeout 60 "$KOLANDER" vet "$1" --rules rules --campaign c; [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || { echo "$1: $status $output"; return 1; }; [ -n "$output" ]; }
	try missing.db
	[ ! -e missing.db ]
	: >empty.db; try empty.db
	head -c 20000 good >cut.db; try cut.db
	echo hello >text.db; try text.db
	cp good newer.db; sqlite3 newer.db "PRAGMA user_version=99"; try newer.db
	cp good none.db; sqlite3 none.db "DELETE FROM creator"; try none.db
	sqlite3 good "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE;" ".shell sleep 40" & lock=$!
	sleep 0.5; try good
	kill $lock 2>/dev/null || true
}

@test "invalid UTF-8, NUL bytes and a 100 MB field do no harm" {
	echo 'rule "a/b" { title = "t", level = "review", need = "creator.name == nil" }' >rules/r.lua
	people 4
	sqlite3 r.db "UPDATE creator SET name = CAST(x'ff00fe' AS TEXT) WHERE handle='a0001'; UPDATE creator SET name = CAST(zeroblob(100000000) AS TEXT) WHERE handle='a0002'"
	vet >out 2>err || [ $? -eq 3 ]
	[ "$(jq -s '[.[] | select(.type == "verdict")] | length' out)" -eq 4 ]
}

@test "a full disk" {
	mkdir small
	mount -t tmpfs -o size=256k tmpfs small 2>/dev/null || skip "may not mount"
	people 20000
	echo 'rule "a/b" { title = "t", level = "review", need = "1 > 2" }' >rules/r.lua
	run "$KOLANDER" import small/r.db r.ndjson
	import=$status
	run vet -o small/out
	umount small
	[ "$import" -eq 2 ] || [ "$import" -eq 3 ]
	[ "$status" -eq 2 ] || [ "$status" -eq 3 ]
	[ -n "$output" ]
}
