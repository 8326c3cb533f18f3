#!/usr/bin/env bats
# The sandbox's language against Lua's own: tests/language/*/ are rulesets whose examples compare.
load helpers

setup() { start; }

@test "patterns answer as Lua's own do" {
	run "$KOLANDER" test "$BATS_TEST_DIRNAME/language/strings"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "patterns that are none are told in plain words" {
	for p in 'a%' '[a' '(a' 'a)' '%b' '%f' '%bx' '[]' '%2(a)' '(%1)'; do
		printf 'local found = ("a)"):find("%s")\n' "$(printf %s "$p" | sed 's/%/%%/g')" | sed 's/%%/%/g' >rules/a.lua
		run "$KOLANDER" check rules
		[ "$status" -eq 1 ] || { echo "$p: $output"; false; }
		[[ "$output" == *"a.lua:1:"*"pattern"* ]] || { echo "$p: $output"; false; }
	done
}

@test "the library: answers, bounds, what is absent, frozen tables" {
	run "$KOLANDER" test "$BATS_TEST_DIRNAME/language/library"
	echo "$output"
	[ "$status" -eq 0 ]
}
