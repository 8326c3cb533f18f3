# kolander. `make help` tells what each target does.
VERSION := 0.1.0
PREFIX ?= /usr/local
CC ?= gcc
BUILD ?= build
PKGS := lua5.4 sqlite3 libpcre2-8 libutf8proc jansson libmd
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wconversion $(if $(WERROR),-Werror)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Iruntime -I$(BUILD)/gen -fPIC -fvisibility=hidden $(WARN) $(PKG_CFLAGS) \
	-DKOL_STDLIB='"$(PREFIX)/share/kolander/stdlib"' -MMD -MP $(CFLAGS)
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
LIBS = $(shell pkg-config --libs $(PKGS)) -lcsv -lm

SOURCES := $(sort $(wildcard runtime/*.c runtime/*/*.c))
CLI_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter runtime/cli/%,$(SOURCES)))
LIB_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out runtime/cli/%,$(SOURCES)))

all: $(BUILD)/kolander

$(BUILD)/kolander: $(CLI_OBJECTS) $(BUILD)/libkolander.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libkolander.a: $(LIB_OBJECTS)
	rm -f $@
	ar rcs $@ $^

$(BUILD)/runtime/%.o: runtime/%.c $(BUILD)/gen/schema.sql.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# SQL files become C strings: each line quoted, for #include.
$(BUILD)/gen/schema.sql.h: runtime/roster/schema.sql
	@mkdir -p $(@D)
	sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $< > $@

-include $(CLI_OBJECTS:.o=.d) $(LIB_OBJECTS:.o=.d)
.PHONY: all
