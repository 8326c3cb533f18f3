/* bind_regex.c: regex.find(text, pattern [, from]): PCRE2 on texts, for functions. Compiled patterns are kept;
 * compiling is charged for where a pattern is named, kept or not, so that what was matched before does not show in a
 * budget. Uses text/regex. */
#include <stdlib.h>

#include "script/patterns.h"
#include "text/regex.h"

#define PATTERN_MOST 8192
#define CACHE 64

typedef struct kept {
	char *text;
	size_t n;
	regex *compiled;
} kept;

struct regex_cache {
	kept items[CACHE];
	int next; /* the place to give away next */
};

void regexes_free(struct regex_cache *cache) {
	for (int i = 0; cache && i < CACHE; i++) {
		regex_free(cache->items[i].compiled);
		free(cache->items[i].text);
	}
	free(cache);
}

static const regex *compiled(lua_State *L, str pattern) {
	script *s = script_of(L);
	if (!s->regexes && !(s->regexes = calloc(1, sizeof *s->regexes)))
		luaL_error(L, "out of memory");
	struct regex_cache *c = s->regexes;
	for (int i = 0; i < CACHE; i++)
		if (c->items[i].text && c->items[i].n == pattern.n && !memcmp(c->items[i].text, pattern.p, pattern.n))
			return c->items[i].compiled;
	kept made = {.n = pattern.n};
	kol_error e = {0};
	size_t at = 0;
	kol_status status = pattern.n > PATTERN_MOST ? error_set(&e, KOL_E_LIMIT, "it is longer than 8 KiB")
	                                             : regex_compile(pattern, false, &made.compiled, &at, &e);
	if (!status && !(made.text = malloc(made.n + 1)))
		status = KOL_E_MEMORY;
	if (status) {
		regex_free(made.compiled);
		if (status == KOL_E_MEMORY)
			luaL_error(L, "out of memory");
		luaL_error(L, "regex '%s' cannot be read at character %d: %s", pattern.n > 200 ? "…" : pattern.p, (int)at + 1,
		           e.message);
	}
	memcpy(made.text, pattern.p, pattern.n);
	kept *place = &c->items[c->next];
	regex_free(place->compiled);
	free(place->text);
	*place = made;
	c->next = (c->next + 1) % CACHE;
	return made.compiled;
}

/* Pushes the groups that took part, by number and by name. */
static void push_groups(lua_State *L, const regex *r, str text, const regex_match *m) {
	lua_createtable(L, m->groups, 0);
	for (int i = 1; i < m->groups; i++) {
		if (m->start[i] == SIZE_MAX)
			continue;
		lua_pushlstring(L, text.p + m->start[i], m->end[i] - m->start[i]);
		str name = regex_group_name(r, i);
		if (name.n) {
			lua_pushvalue(L, -1);
			lua_setfield(L, -3, name.p);
		}
		lua_rawseti(L, -2, i);
	}
}

/* regex.find(text, pattern [, from]): nil, or { start, end, text, groups }. Offsets are bytes of the text from 0, the
 * end exclusive, as in evidence; from is such an offset. A pattern that needs too much work raises an error. */
static int find(lua_State *L) {
	str text = text_arg(L, 1), pattern = text_arg(L, 2);
	lua_Integer from = luaL_optinteger(L, 3, 0);
	luaL_argcheck(L, from >= 0, 3, "from is a byte of the text, 0 or more");
	script_charge(L, 256 + 64 * (pattern.n < PATTERN_MOST ? pattern.n : 0));
	const regex *r = compiled(L, pattern);
	if ((size_t)from > text.n) {
		lua_pushnil(L);
		return 1;
	}
	regex_match m;
	uint64_t all = regex_budget(text.n), left = all;
	enum regex_result found = regex_search(r, text, (size_t)from, &left, &m);
	script_charge(L, (size_t)((all - left) / 4));
	if (found == REGEX_MEMORY)
		return luaL_error(L, "out of memory");
	if (found == REGEX_LIMIT)
		return luaL_error(L, "the pattern '%s' needs too much work on this text; make it simpler",
		                  pattern.n > 200 ? "…" : pattern.p);
	if (found == REGEX_NONE) {
		lua_pushnil(L);
		return 1;
	}
	lua_createtable(L, 0, 4);
	lua_pushinteger(L, (lua_Integer)m.start[0]);
	lua_setfield(L, -2, "start");
	lua_pushinteger(L, (lua_Integer)m.end[0]);
	lua_setfield(L, -2, "end");
	lua_pushlstring(L, text.p + m.start[0], m.end[0] - m.start[0]);
	lua_setfield(L, -2, "text");
	push_groups(L, r, text, &m);
	lua_setfield(L, -2, "groups");
	return 1;
}

void regexes_push(lua_State *L) {
	static const luaL_Reg library[] = {{"find", find}, {NULL, NULL}};
	luaL_newlib(L, library);
}
