#!/usr/bin/env bats
# Hostile rules (tests/hostile/*.lua). The first line says what must happen: "-- expect: error WORDS" (an error finding
# for every creator, everything else judged as ever) or "-- expect: refused WORDS" (not loaded, exit 1 or 2).
load helpers

@test "no hostile rule escapes, hangs the run or changes another rule's answer" {
	start
	people 5
	bad=0
	for file in "$BATS_TEST_DIRNAME"/hostile/*.lua; do
		rm -rf rules
		mkdir rules
		cp "$file" rules/
		echo 'rule "harmless/many" { title = "h", level = "review", check = function(creator) if creator.followers < 2000 then return fail "few" end end }' >rules/harmless.lua
		read -r _ _ how words <"$file"
		rc=0
		timeout 120 "$KOLANDER" vet r.db --rules rules --campaign c --as-of 2026-11-23 --format ndjson >out 2>err || rc=$?
		if [ "$how" = refused ]; then
			[ $rc -eq 1 ] || [ $rc -eq 2 ] && grep -qiF -- "$words" err || { echo "$file: exit $rc, not refused with '$words'"; bad=1; }
		else
			[ $rc -eq 0 ] && jq -es --arg w "$words" '[.[] | select(.type == "verdict")] | length == 5 and all(
				([.findings[] | select(.rule == "harmless/many" and .outcome == "fail")] | length == 1) and
				any(.findings[]; .rule != "harmless/many" and .outcome == "error" and (.message | ascii_downcase | contains($w | ascii_downcase))))' out >/dev/null ||
				{ echo "$file: exit $rc, wanted error '$words'"; bad=1; }
		fi
	done
	[ $bad -eq 0 ]
}
