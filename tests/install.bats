#!/usr/bin/env bats
# The library and the program as they are installed: a stranger's program builds against them and vets a creator.
load helpers

setup() {
	start
	people 2
	echo 'rule "a/b" { title = "Enough followers", level = "reject", need = "creator.followers >= 2000" }' >rules/r.lua
}

@test "examples/embed.c vets one creator" {
	run env KOLANDER_STDLIB="$BATS_TEST_DIRNAME/../stdlib" "$(dirname "$KOLANDER")/examples/embed" rules r.db c instagram/a0001
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "instagram/a0001: reject" ]
	[ "${lines[1]}" = "  fail a/b: creator.followers is 1000, at least 2000 needed" ]
	run env KOLANDER_STDLIB="$BATS_TEST_DIRNAME/../stdlib" "$(dirname "$KOLANDER")/examples/embed" rules r.db c instagram/nobody
	[ "$status" -eq 2 ]
	[[ "$output" == "there is no creator 'instagram/nobody' in this roster"* ]]
}

@test "make install: program, header, libraries and pkg-config file work from another place" {
	make -s -C "$BATS_TEST_DIRNAME/.." install-files BUILD="$(dirname "$KOLANDER")" DESTDIR="$PWD/root" PREFIX=/usr
	export PKG_CONFIG_PATH="$PWD/root/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$PWD/root"
	unset KOLANDER_STDLIB
	(cd / && "$OLDPWD/root/usr/bin/kolander" check "$OLDPWD/rules")
	library=root/usr/lib/libkolander.so
	sanitize=$(nm -D "$library" | grep -q __asan_init && echo -fsanitize=address,undefined || true)
	${CC:-cc} $sanitize "$BATS_TEST_DIRNAME/../examples/embed.c" $(pkg-config --cflags --libs kolander) -o mine
	run env LD_LIBRARY_PATH="$PWD/root/usr/lib" KOLANDER_STDLIB="$PWD/root/usr/share/kolander/stdlib" ./mine rules r.db c instagram/a0002
	[ "${lines[0]}" = "instagram/a0002: reject" ]
	# Nothing but the public names leaves the shared library.
	[ -n "$sanitize" ] || [ -z "$(nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^kol_')" ]
}
