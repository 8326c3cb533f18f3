/* patterns.h: Lua's patterns, matched by PCRE2 under counted limits. */
#ifndef SCRIPT_PATTERNS_H
#define SCRIPT_PATTERNS_H

#include "base/buffer.h"
#include "script/state.h"

/* string.find, match, gmatch, gsub */
int pattern_find(lua_State *L);
int pattern_match(lua_State *L);
int pattern_gmatch(lua_State *L);
int pattern_gsub(lua_State *L);

/* translate.c: a pattern in PCRE2's words. */
typedef struct translated {
	int captures;
	uint32_t positions; /* bit i: capture i + 1 is a position: () */
} translated;
/* literal_caret: ^ at the start is a character (gmatch). NULL, or what is wrong; b may have failed. */
const char *pattern_translate(buffer *b, str pattern, bool literal_caret, translated *out);

/* strings.c: a text argument, charged for; a place in a text of n bytes, counted from 1, negative from the end. */
str text_arg(lua_State *L, int i);
size_t text_place(lua_Integer i, size_t n);

#endif
