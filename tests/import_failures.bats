#!/usr/bin/env bats
# What stops an import leaves the roster as it was, says one sentence and leaves nothing lying around.

setup() {
	KOLANDER="${KOLANDER:-$BATS_TEST_DIRNAME/../build/kolander}"
	cd "$BATS_TEST_TMPDIR"
	echo '{"type":"creator","platform":"instagram","handle":"old.demo","followers":1}' >old.ndjson
}

teardown() {
	[ -z "${disk-}" ] || umount "$disk"
}

is() { [ "$1" = "$2" ] || { printf 'is:     %s\nwanted: %s\n' "$1" "$2" >&2 && false; }; }
says() { [[ "$output" == *"$1"* ]] || { printf 'is:     %s\nwanted: %s\n' "$output" "$1" >&2 && false; }; }

creators() { # how many
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		printf "{\"type\":\"creator\",\"platform\":\"instagram\",\"handle\":\"demo.%d\",\"followers\":%d,\"bio\":\"%0200d\"}\n", i, i, i }'
}

# A roster with one creator, and what is in it.
old_roster() {
	"$KOLANDER" import -q "${1:-r.db}" old.ndjson
	sqlite3 "${1:-r.db}" .dump >was
}
unchanged() {
	is "$(sqlite3 "${1:-r.db}" 'PRAGMA integrity_check')" ok
	sqlite3 "${1:-r.db}" .dump | cmp - was
}

small_disk() {
	disk="$BATS_TEST_TMPDIR/disk"
	mkdir "$disk"
	mount -t tmpfs -o "size=$1" none "$disk" 2>/dev/null || { disk= && skip "mounting is not permitted"; }
}

@test "a full disk leaves the old roster" {
	small_disk 1m
	creators 20000 >new.ndjson
	old_roster disk/r.db
	run "$KOLANDER" import disk/r.db new.ndjson
	is "$status" 3
	says "is full"
	is "$(ls disk)" r.db
	unchanged disk/r.db
}

@test "a full disk leaves no new roster" {
	for size in 4k 64k 1m; do
		small_disk "$size"
		creators 20000 >new.ndjson
		run "$KOLANDER" import disk/r.db new.ndjson
		is "$status" 3
		is "$(ls -A disk)" ""
		umount disk
		rmdir disk
		disk=
	done
}

@test "a disk too full for the rejected rows stops the import before anything is stored" {
	small_disk 64k
	{
		cat old.ndjson
		yes 'not json at all' | head -n 20000
	} >new.ndjson
	old_roster
	run "$KOLANDER" import r.db new.ndjson --rejected disk/no.csv
	is "$status" 3
	says "disk/no.csv cannot be written: No space left on device; nothing was imported"
	is "$(ls -A disk)" ""
	unchanged
}

@test "a rejected file that cannot be put in its place is found out before the commit" {
	printf 'handle,followers\nnew.demo,2\nb.demo,3\nc.demo,many\n' >instagram.csv
	old_roster
	mkdir instagram.csv.rejected.csv
	run "$KOLANDER" import r.db instagram.csv
	is "$status" 3
	says "instagram.csv.rejected.csv cannot be written"
	unchanged
	run "$KOLANDER" import r.db instagram.csv --rejected nowhere/no.csv
	is "$status" 3
	says "nowhere/no.csv cannot be written"
	unchanged
}

@test "rejected rows of an earlier import go with it, and come back when the next one fails" {
	printf 'handle,followers\nb.demo,3\nd.demo,4\nc.demo,many\n' >instagram.csv
	"$KOLANDER" import -q r.db instagram.csv
	cp instagram.csv.rejected.csv first
	sqlite3 r.db 'CREATE TRIGGER stop BEFORE INSERT ON import BEGIN SELECT RAISE(ABORT, "stop"); END'
	printf 'handle,followers\nb.demo,3\nd.demo,4\nc.demo,lots\n' >instagram.csv
	run "$KOLANDER" import r.db instagram.csv
	[ "$status" -ne 0 ]
	cmp first instagram.csv.rejected.csv
	sqlite3 r.db 'DROP TRIGGER stop'
	printf 'handle,followers\nb.demo,3\nd.demo,4\nc.demo,5\n' >instagram.csv
	"$KOLANDER" import -q r.db instagram.csv
	is "$(ls)" "$(printf '%s\n' first instagram.csv old.ndjson r.db)"
}

@test "a folder or roster that cannot be written" {
	[ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null || skip "needs root and setpriv"
	cp "$KOLANDER" kolander
	umask 022
	mkdir shut
	cp old.ndjson shut/
	old_roster shut/r.db
	printf 'handle,followers\nb.demo,3\nd.demo,4\nc.demo,many\n' >shut/instagram.csv
	path="$PWD"
	while [ "$path" != / ]; do
		chmod a+rx "$path"
		path=$(dirname "$path")
	done
	as_nobody() { run setpriv --reuid=65534 --regid=65534 --clear-groups ./kolander "$@"; }
	as_nobody import shut/new.db old.ndjson
	is "$status" 2
	says "the roster 'shut/new.db' cannot be made"
	as_nobody import shut/r.db old.ndjson
	is "$status" 2
	says "no permission to write to the roster 'shut/r.db'"
	chmod a+w shut/r.db
	as_nobody import shut/r.db old.ndjson
	is "$status" 2
	says "shut/r.db"
	unchanged shut/r.db
	mkdir open
	chmod a+rwx open
	as_nobody import open/r.db shut/instagram.csv
	is "$status" 3
	says "shut/instagram.csv.rejected.csv cannot be written: Permission denied; nothing was imported"
	is "$(ls open)" ""
	is "$(ls shut)" "$(printf '%s\n' instagram.csv old.ndjson r.db)"
}

@test "a locked roster is told and left alone" {
	old_roster
	mkfifo hold
	sqlite3 r.db <hold &
	locker=$!
	exec 8>hold
	echo 'BEGIN IMMEDIATE; SELECT 1;' >&8
	for _ in $(seq 100); do
		timeout 1 sqlite3 r.db 'BEGIN IMMEDIATE; ROLLBACK' 2>/dev/null || break
		sleep 0.05
	done
	run "$KOLANDER" import r.db old.ndjson 8>&-
	exec 8>&-
	wait "$locker" || true
	is "$status" 2
	says "another program has locked '"
	says "r.db'; try again when it is done"
	unchanged
}

@test "a failed import takes no new roster away that another one is filling" {
	creators 30000 >good.ndjson
	{
		echo '['
		creators 30000 | sed 's/$/,/'
	} >bad.json
	"$KOLANDER" import -q r.db good.ndjson &
	good=$!
	run "$KOLANDER" import r.db bad.json
	is "$status" 2
	# Either that one has its roster, or it was told that it has none.
	if wait "$good"; then
		is "$(sqlite3 r.db 'SELECT count(*) FROM creator')" 30000
	else
		[ ! -e r.db ]
	fi
}

@test "killed in the middle of a big import: the old roster" {
	creators 100000 >new.ndjson
	old_roster
	for wait in 0.1 0.3 0.6; do
		"$KOLANDER" import -q r.db new.ndjson &
		pid=$!
		sleep "$wait"
		kill -9 "$pid" || true
		wait "$pid" || true
		is "$(sqlite3 r.db 'PRAGMA integrity_check')" ok
		sqlite3 r.db .dump >is
		# On a fast machine it may have been done already: then it is the new one, whole.
		cmp is was || is "$(sqlite3 r.db 'SELECT count(*) FROM creator')" 100001
	done
	"$KOLANDER" import -q r.db new.ndjson
	is "$(sqlite3 r.db 'SELECT count(*) FROM creator')" 100001
	is "$(ls r.db*)" r.db
}

@test "Ctrl-C: exit code 130, the old roster or none" {
	creators 300000 >new.ndjson
	old_roster
	stop() { # roster
		# A shell's background jobs ignore SIGINT; a program started by timeout does not.
		run timeout --preserve-status -s INT 0.2 "$KOLANDER" import "$1" new.ndjson
		is "$status" 130
		says "stopped; the roster is as it was"
	}
	stop r.db
	unchanged
	stop fresh.db
	is "$(ls)" "$(printf '%s\n' new.ndjson old.ndjson r.db was)"
}

@test "a failed import into a new roster leaves nothing behind" {
	printf '[{"type":"creator","platform":"instagram","handle":"a.demo"},\nnonsense\n,{"type":' >a.json
	run "$KOLANDER" import r.db a.json
	is "$status" 2
	run "$KOLANDER" import r.db missing.csv
	is "$status" 2
	says "missing.csv cannot be read: No such file or directory"
	run "$KOLANDER" import r.db .
	says ". cannot be read: it is not a file"
	is "$(ls)" "$(printf '%s\n' a.json old.ndjson)"
}
