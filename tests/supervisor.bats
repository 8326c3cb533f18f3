#!/usr/bin/env bats
# One run, many processes: ids of any size, workers and zygotes that die or stop, signals, readers that stall, writers
# that wait. Every test ends in seconds; whoever is killed here was started here.
load helpers

setup() { start; }
slow() { echo 'rule "a/slow" { title = "t", level = "review", check = function(c) local n = 0 for i = 1, 20000 do n = n + i end if n + c.followers < 0 then return fail "x" end end }' >rules/r.lua; }
kids() { cat "/proc/$1/task/$1/children" 2>/dev/null; }
# The zygote and the workers of run $1, once there are $2 workers.
crew() {
	for _ in $(seq 400); do
		kill -0 "$1" 2>/dev/null || return 1
		zygote=$(kids "$1") zygote=${zygote%% *}
		[ -n "$zygote" ] && read -ra workers <<<"$(kids "$zygote")" && [ "${#workers[@]}" -ge "$2" ] && return
		sleep 0.01
	done
	return 1
}
gone() { # all of these, within two seconds
	for _ in $(seq 40); do
		local left=0 pid
		for pid; do [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null && left=1; done
		[ $left -eq 0 ] && return
		sleep 0.05
	done
	return 1
}
begin() { # options: vets in the background, pid in $pid
	"$KOLANDER" vet r.db --rules rules --campaign c --as-of 2026-11-23 --format ndjson --workers 2 "$@" >out 2>err &
	pid=$!
}
ended() { rc=0; wait "$pid" || rc=$?; }

@test "ids from the least to the greatest number, far apart: the same bytes for any workers, batches, direction" {
	people 3000
	sqlite3 r.db "UPDATE creator SET id = CASE WHEN id = 1 THEN -9223372036854775808 WHEN id = 2 THEN -5 WHEN id = 3 THEN 0
		WHEN id = 2999 THEN 4611686018427387904 WHEN id = 3000 THEN 9223372036854775807
		WHEN id > 2000 THEN id * 1000000007 ELSE id END"
	echo 'rule "a/b" { title = "t", level = "review", need = "creator.followers > 1000 or creator.handle == '"'a0007'"'" }' >rules/r.lua
	for format in ndjson text; do
		more=$([ $format = ndjson ] || echo "--top 2500")
		vet --workers 0 --format $format $more >want
		[ "$format" = text ] || [ "$(grep -c '"type":"verdict"' want)" -eq 3000 ]
		for workers in 1 2 7; do
			for how in "--batch-size 1024" "--batch-size 7 --backward"; do
				vet --workers $workers --format $format $more $how | cmp - want
			done
		done
	done
}

@test "a creator on whom memory ends is judged again alone: the same bytes for any workers" {
	people 9000
	echo 'rule "a/m" { title = "t", level = "review", check = function(c) if c.handle == "a0002" or c.handle == "a0003" or c.handle == "a4097" then local t = {} for i = 1, 100000000 do t[i] = i .. "x" end end end }' >rules/r.lua
	vet --workers 0 >want
	[ "$(grep -c '"outcome":"error"' want)" -eq 3 ]
	vet --workers 2 | cmp - want
}

@test "a worker killed while it opens costs no creator" {
	people 4000
	slow
	vet --workers 0 | grep '"type":"verdict"' >want
	begin
	crew $pid 1
	kill -KILL "${workers[0]}"
	ended
	[ $rc -eq 3 ]
	grep '"type":"verdict"' out | diff - want >differ || [ "$(grep -c '^<.*"wall":true' differ)" -eq "$(grep -c '^<' differ)" ]
}

@test "sixteen kills: the run stops" {
	people 20000
	slow
	begin
	while kill -0 $pid 2>/dev/null; do
		crew $pid 1 && kill -KILL "${workers[@]}" 2>/dev/null || true
	done
	ended
	[ $rc -eq 3 ]
	grep -Eq "workers (were killed|died)|was killed" err
}

@test "a stopped spare, and a stopped zygote, delay nobody for long" {
	people 4000
	slow
	vet --workers 0 >want
	begin
	crew $pid 4
	kill -STOP "${workers[3]}" "$zygote"
	ended
	[ $rc -eq 0 ]
	cmp out want
	gone "$zygote" "${workers[@]}"
}

@test "a killed zygote ends the run, a killed run ends its workers" {
	people 20000
	slow
	begin
	crew $pid 4
	kill -KILL "$zygote"
	ended
	[ $rc -eq 3 ]
	gone "${workers[@]}"
	begin
	crew $pid 4
	kill -STOP "${workers[1]}"
	kill -KILL $pid
	ended
	gone "$zygote" "${workers[@]}"
}

@test "TERM: 143 and nobody left, also when the reader of the output stalls" {
	people 20000
	slow
	echo old >kept
	mkdir d
	begin -o d/report
	crew $pid 4
	kill -TERM $pid
	ended
	[ $rc -eq 143 ]
	gone "$zygote" "${workers[@]}"
	[ -z "$(ls d)" ]
	echo 'rule "a/b" { title = "t", level = "review", need = "creator.followers == 1" }' >rules/r.lua
	mkfifo pipe
	exec 7<>pipe
	"$KOLANDER" vet r.db --rules rules --campaign c --format ndjson --workers 2 >pipe 2>err 7>&- &
	pid=$!
	crew $pid 1
	sleep 0.7
	kill -TERM $pid
	ended
	exec 7>&-
	[ $rc -eq 143 ]
	gone "$zygote" "${workers[@]}"
}

@test "rollback mode: programs that wait long to write do not keep workers out" {
	people 3000
	sqlite3 r.db "PRAGMA journal_mode=delete" >/dev/null
	echo 'rule "a/b" { title = "t", level = "review", need = "creator.followers == 1000" }' >rules/r.lua
	for _ in 1 2; do
		(for _ in $(seq 40); do [ -e stop ] || sqlite3 -cmd '.timeout 20000' r.db "UPDATE creator SET followers = 3000 - followers"; done) >/dev/null 2>&1 3>&- &
	done
	for _ in 1 2; do
		vet --workers 2 >out
		n=$(grep -c '"decision":"approve"' out || true)
		[ "$n" -eq 0 ] || [ "$n" -eq 3000 ]
	done
	touch stop
	wait
}
