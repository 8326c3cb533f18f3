# kolander. `make help` tells what each target does.
VERSION := 0.1.0
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
PKGS := lua5.4 sqlite3 libpcre2-8 libutf8proc jansson libmd
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wconversion $(if $(WERROR),-Werror)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Iruntime -I$(BUILD)/gen -fPIC -fvisibility=hidden $(WARN) $(PKG_CFLAGS) \
	-DKOL_STDLIB='"$(PREFIX)/share/kolander/stdlib"' -MMD -MP $(CFLAGS)
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
LIBS = $(shell pkg-config --libs $(PKGS)) -lcsv -lm
SONAME := libkolander.so.0

# Debian packages, by what needs them: each target installs only its own.
DEPS_BUILD := gcc make pkg-config liblua5.4-dev libsqlite3-dev libpcre2-dev libutf8proc-dev libjansson-dev libcsv-dev \
	libmd-dev iso-codes libicu-dev
DEPS_TEST := bats sqlite3 jq perl
DEPS_LINT := clang clang-format cppcheck lua-check
DEPS_BENCH := valgrind procps sqlite3 libvectorscan-dev

SOURCES := $(sort $(wildcard runtime/*.c runtime/*/*.c))
CLI_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter runtime/cli/%,$(SOURCES)))
LIB_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out runtime/cli/%,$(SOURCES)))
UNITS := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/unit/*_test.c)))
TWIN_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/twin_*.c))
EXAMPLES := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard examples/*.c)))
BENCH := $(addprefix $(BUILD)/bench/,scan captions $(shell pkg-config --exists libhs && echo text))
PROGRAMS := $(BUILD)/kolander $(BUILD)/libkolander.so $(EXAMPLES) $(UNITS)

all: $(BUILD)/kolander $(BUILD)/libkolander.so  ## build/kolander and the libraries (the default)
everything: $(PROGRAMS) $(BENCH)  ## all, and the examples and test programs

help:  ## this text
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

deps:  ## install what a build needs (Debian packages, through sudo when not root)
	@sh tests/lint/deps $(DEPS_BUILD)
deps-test:
	@sh tests/lint/deps $(DEPS_BUILD) $(DEPS_TEST)
deps-lint:
	@sh tests/lint/deps $(DEPS_BUILD) $(DEPS_LINT)
deps-bench:
	@sh tests/lint/deps $(DEPS_BUILD) $(DEPS_BENCH)
deps-all:  ## install what build, tests and lint need
	@sh tests/lint/deps $(DEPS_BUILD) $(DEPS_TEST) $(DEPS_LINT)

# Each goal runs make again after its packages are there: pkg-config must see them.
demo: deps  ## import sample exports, vet them for a sample campaign, say what came out
	@$(MAKE) --no-print-directory all $(BUILD)/examples/generate
	@BUILD=$(BUILD) sh examples/demo/run

test: deps-test  ## build and run every test; the last line counts them
	@$(MAKE) --no-print-directory everything
	@BUILD=$(BUILD) bash tests/run

lint: deps-lint  ## warnings as errors with gcc and clang, clang-format, cppcheck, floors, luacheck
	@bash tests/lint/run

bench: deps-bench  ## time and memory over a million creators, as ratios (some minutes)
	@$(MAKE) --no-print-directory everything
	@BUILD=$(BUILD) bash examples/bench/run; status=$$?; BUILD=$(BUILD) bash examples/bench/run-text && exit $$status

bench-text: deps-bench  ## of that, only what is about texts: beside Vectorscan, and posts in a roster
	@$(MAKE) --no-print-directory everything
	@BUILD=$(BUILD) bash examples/bench/run-text

SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: deps  ## build with the address and undefined-behaviour sanitizers in build/asan
	@$(MAKE) --no-print-directory BUILD=build/asan CFLAGS="$(SANITIZE)" all
test-asan: deps-test  ## every test, with the sanitizers
	@$(MAKE) --no-print-directory BUILD=build/asan CFLAGS="$(SANITIZE)" everything
	@BUILD=build/asan bash tests/run

install: all install-files  ## into DESTDIR/PREFIX (/usr/local): program, libraries, header, pkg-config file, stdlib
install-files:
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include \
		$(DESTDIR)$(PREFIX)/share/kolander
	install -m 755 $(BUILD)/kolander $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(BUILD)/libkolander.a $(DESTDIR)$(PREFIX)/lib/
	install -m 755 $(BUILD)/libkolander.so $(DESTDIR)$(PREFIX)/lib/libkolander.so.$(VERSION)
	ln -sf libkolander.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libkolander.so
	install -m 644 runtime/kolander.h $(DESTDIR)$(PREFIX)/include/
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@PKGS@|$(PKGS)|' runtime/kolander.pc.in \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/kolander.pc
	rm -rf $(DESTDIR)$(PREFIX)/share/kolander/stdlib
	cp -R stdlib $(DESTDIR)$(PREFIX)/share/kolander/stdlib

clean:  ## remove build/
	rm -rf build

$(BUILD)/kolander: $(CLI_OBJECTS) $(BUILD)/libkolander.a
	@echo "  LD $@"; $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libkolander.a: $(LIB_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/libkolander.so: $(LIB_OBJECTS)
	@echo "  LD $@"; $(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -o $@ $^ $(LIBS)
	@ln -sf libkolander.so $(BUILD)/$(SONAME)

# The inner loops over texts are where time goes.
$(BUILD)/runtime/text/%.o: private ALL_CFLAGS += -funroll-loops
$(BUILD)/runtime/%.o: runtime/%.c $(BUILD)/flags | $(BUILD)/gen/schema.sql.h
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CFLAGS) -c -o $@ $<

# Test programs may look inside: they link the static library. So does what lies in examples/.
$(BUILD)/tests/unit/%_test: tests/unit/%_test.c $(BUILD)/libkolander.a $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.o,$^) $(BUILD)/libkolander.a $(LIBS)
$(BUILD)/tests/unit/condition_twin_test: $(TWIN_OBJECTS)
$(BUILD)/tests/unit/fold_test: private LIBS += $(shell pkg-config --libs icu-uc)
$(BUILD)/tests/unit/memory_test: private LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(BUILD)/tests/unit/%.o: tests/unit/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CFLAGS) -c -o $@ $<
$(BUILD)/examples/%: examples/%.c $(BUILD)/libkolander.a $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libkolander.a $(LIBS)
# Vectorscan is a rival to measure against: only the benchmark knows it, and only where it is installed.
$(BUILD)/bench/%: examples/bench/%.c $(BUILD)/libkolander.a $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(ALL_CFLAGS) $(RIVAL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(BUILD)/libkolander.a $(LIBS) \
		$(RIVAL_LIBS)
$(BUILD)/bench/captions: examples/bench/languages.c
$(BUILD)/bench/text: private RIVAL_CFLAGS = $(shell pkg-config --cflags libhs)
$(BUILD)/bench/text: private RIVAL_LIBS = $(shell pkg-config --libs libhs)

# SQL files become C strings: each line quoted, for #include.
$(BUILD)/gen/schema.sql.h: runtime/roster/schema.sql
	@mkdir -p $(@D)
	@sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $< > $@

# Tables of folding and of look-alikes: made by programs in the tree, which alone need ICU.
$(BUILD)/runtime/text/fold_table.o: | $(BUILD)/gen/fold_table.h
$(BUILD)/runtime/text/lookalike.o: | $(BUILD)/gen/lookalike_table.h
.SECONDARY: $(BUILD)/gen/make_fold_table $(BUILD)/gen/make_lookalike_table
$(BUILD)/gen/%_table.h: $(BUILD)/gen/make_%_table
	@$< > $@.new && mv $@.new $@
$(BUILD)/gen/make_%_table: runtime/text/tables/make_%_table.c runtime/text/fold_rare.c $(wildcard runtime/text/fold*.h) \
		$(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(LDFLAGS) -o $@ $(filter %.c,$^) \
		$(shell pkg-config --libs libutf8proc icu-i18n icu-uc)

# Objects of different compilers or flags never mix: this file changes when they do.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(LDFLAGS))' | cmp -s - $@ || \
		echo '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(LDFLAGS))' > $@

-include $(CLI_OBJECTS:.o=.d) $(LIB_OBJECTS:.o=.d) $(UNITS:=.d) $(TWIN_OBJECTS:.o=.d) $(EXAMPLES:=.d) $(BENCH:=.d)
.PHONY: all everything help deps deps-test deps-lint deps-bench deps-all demo test lint bench bench-text asan test-asan install \
	install-files \
	clean FORCE
