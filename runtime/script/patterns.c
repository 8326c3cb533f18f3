/* patterns.c: find, match, gmatch and gsub with Lua's patterns on PCRE2, byte by byte. Steps are bounded in grades:
 * most matches end within few; one that needs more is run again with more and charged for all of them, so that the same
 * input meets the same limit on any machine. Uses translate and text/regex. */
#include "script/patterns.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "text/regex.h"

#define PATTERN_MOST 8192
#define CACHE 64 /* compiled patterns kept per state */

typedef struct pattern {
	char *text; /* with its flag in front */
	size_t n;
	regex *compiled;
	translated shape;
} pattern;

struct pattern_cache {
	pattern kept[CACHE];
	int next, last; /* the place to give away next; the one found last */
};

void patterns_free(struct pattern_cache *cache) {
	for (int i = 0; cache && i < CACHE; i++) {
		regex_free(cache->kept[i].compiled);
		free(cache->kept[i].text);
	}
	free(cache);
}

static const pattern *compile(lua_State *L, struct pattern_cache *cache, str text, bool literal_caret) {
	buffer b = {0};
	pattern made = {.n = text.n + 1};
	kol_error e = {0};
	size_t at;
	const char *wrong =
	    text.n > PATTERN_MOST ? "it is longer than 8 KiB" : pattern_translate(&b, text, literal_caret, &made.shape);
	bool memory = false;
	if (!wrong) {
		kol_status status = b.failed ? KOL_E_MEMORY : regex_compile((str){b.p, b.n}, true, &made.compiled, &at, &e);
		made.text = status ? NULL : malloc(made.n);
		memory = status == KOL_E_MEMORY || (!status && !made.text);
		wrong = status ? "it cannot be read" : NULL;
	}
	buffer_free(&b);
	if (wrong || memory) {
		regex_free(made.compiled);
		luaL_error(L, memory ? "out of memory" : "pattern '%s': %s", text.n > 200 ? "…" : text.p, wrong);
	}
	made.text[0] = literal_caret ? 'g' : ' ';
	memcpy(made.text + 1, text.p, text.n);
	pattern *place = &cache->kept[cache->next];
	regex_free(place->compiled);
	free(place->text);
	*place = made;
	cache->last = cache->next;
	cache->next = (cache->next + 1) % CACHE;
	return place;
}

static bool is_pattern(const pattern *p, str text, bool literal_caret) {
	return p->text && p->n == text.n + 1 && p->text[0] == (literal_caret ? 'g' : ' ') &&
	       !memcmp(p->text + 1, text.p, text.n);
}

/* The compiled pattern: good until the next one is asked for, which any callback may do. Its compilation is charged
 * where it is named, kept or not: what was matched before must not show in a budget. */
static const pattern *pattern_of(lua_State *L, str text, bool literal_caret) {
	script *s = script_of(L);
	if (!s->patterns && !(s->patterns = calloc(1, sizeof *s->patterns)))
		luaL_error(L, "out of memory");
	struct pattern_cache *c = s->patterns;
	for (int i = 0; i < CACHE; i++) {
		int at = (c->last + i) % CACHE;
		if (is_pattern(&c->kept[at], text, literal_caret)) {
			c->last = at;
			return &c->kept[at];
		}
	}
	return compile(L, c, text, literal_caret);
}

static str pattern_arg(lua_State *L, int i) {
	str text = text_arg(L, i);
	script_charge(L, 256 + 64 * (text.n < PATTERN_MOST ? text.n : 0));
	return text;
}

static bool search(lua_State *L, const pattern *p, str s, size_t from, bool anchored, regex_match *m) {
	static const struct grade {
		uint32_t steps;
		size_t charge; /* bytes */
	} grades[] = {{1000, 0}, {30000, 100000}, {1000000, 3000000}};
	script_charge(L, s.n - from + 16);
	enum regex_result found = REGEX_LIMIT;
	for (size_t i = 0; i < sizeof grades / sizeof *grades && found == REGEX_LIMIT; i++) {
		size_t steps = grades[i].steps + 4 * (s.n - from);
		script_charge(L, grades[i].charge);
		found = regex_find(p->compiled, s, from, anchored, steps > UINT32_MAX ? UINT32_MAX : (uint32_t)steps, m);
	}
	if (found == REGEX_LIMIT)
		luaL_error(L, "a pattern took more steps than it may take");
	m->groups = p->shape.captures + 1;
	return found == REGEX_HIT;
}

static void push_capture(lua_State *L, const pattern *p, str s, const regex_match *m, int i) {
	if (i && p->shape.positions >> (i - 1) & 1)
		lua_pushinteger(L, (lua_Integer)m->start[i] + 1);
	else
		lua_pushlstring(L, s.p + m->start[i], m->end[i] - m->start[i]);
}

/* All captures; without any, the whole match where that is asked for. */
static int push_captures(lua_State *L, const pattern *p, str s, const regex_match *m, bool whole) {
	luaL_checkstack(L, m->groups + 4, "too many captures");
	if (m->groups == 1 && whole) {
		push_capture(L, p, s, m, 0);
		return 1;
	}
	for (int i = 1; i < m->groups; i++)
		push_capture(L, p, s, m, i);
	return m->groups - 1;
}

static int find_plain(lua_State *L, str s, size_t from) {
	str p = text_arg(L, 2);
	script_charge(L, s.n);
	const char *at = p.n ? memmem(s.p + from, s.n - from, p.p, p.n) : s.p + from;
	if (!at) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushinteger(L, at - s.p + 1);
	lua_pushinteger(L, at - s.p + (lua_Integer)p.n);
	return 2;
}

static int find_or_match(lua_State *L, bool places) {
	str s = text_arg(L, 1);
	size_t from = text_place(luaL_optinteger(L, 3, 1), s.n);
	regex_match m;
	from = from ? from - 1 : 0;
	if (from > s.n) {
		lua_pushnil(L);
		return 1;
	}
	if (places && lua_toboolean(L, 4))
		return find_plain(L, s, from);
	str text = pattern_arg(L, 2);
	const pattern *p = pattern_of(L, text, false);
	if (!search(L, p, s, from, text.n && text.p[0] == '^', &m)) {
		lua_pushnil(L);
		return 1;
	}
	if (!places)
		return push_captures(L, p, s, &m, true);
	lua_pushinteger(L, (lua_Integer)m.start[0] + 1);
	lua_pushinteger(L, (lua_Integer)m.end[0]);
	return 2 + push_captures(L, p, s, &m, false);
}
int pattern_find(lua_State *L) { return find_or_match(L, true); }
int pattern_match(lua_State *L) { return find_or_match(L, false); }

/* The next match from *from on that does not end where the last one did: an empty match does not follow another. */
static bool next_match(lua_State *L, const pattern *p, str s, size_t *from, size_t last, bool anchored,
                       regex_match *m) {
	while (*from <= s.n && search(L, p, s, *from, anchored, m)) {
		if (m->end[0] != last)
			return true;
		++*from;
		if (anchored)
			return false;
	}
	return false;
}

/* Upvalues: text, pattern, the place reached, where the last match ended (-1: none), made after loading. */
static int gmatch_step(lua_State *L) {
	str s, text;
	regex_match m;
	check_fresh(L, lua_upvalueindex(5));
	s.p = lua_tolstring(L, lua_upvalueindex(1), &s.n);
	text.p = lua_tolstring(L, lua_upvalueindex(2), &text.n);
	size_t from = (size_t)lua_tointeger(L, lua_upvalueindex(3)), last = (size_t)lua_tointeger(L, lua_upvalueindex(4));
	const pattern *p = pattern_of(L, text, true);
	if (!next_match(L, p, s, &from, last, false, &m)) {
		lua_pushinteger(L, (lua_Integer)s.n + 1);
		lua_replace(L, lua_upvalueindex(3));
		return 0;
	}
	lua_pushinteger(L, (lua_Integer)m.end[0]);
	lua_pushvalue(L, -1);
	lua_replace(L, lua_upvalueindex(3));
	lua_replace(L, lua_upvalueindex(4));
	return push_captures(L, p, s, &m, true);
}

int pattern_gmatch(lua_State *L) {
	str s = text_arg(L, 1), text = pattern_arg(L, 2);
	size_t from = text_place(luaL_optinteger(L, 3, 1), s.n);
	pattern_of(L, text, true); /* what is wrong with it is told here */
	lua_settop(L, 2);
	lua_pushinteger(L, (lua_Integer)(from ? from - 1 : 0));
	lua_pushinteger(L, -1);
	lua_pushboolean(L, script_of(L)->loaded);
	lua_pushcclosure(L, gmatch_step, 5);
	return 1;
}

/* Adds what a text of the replacement says. */
static void add_text(lua_State *L, luaL_Buffer *b, const pattern *p, str s, const regex_match *m) {
	str by;
	by.p = lua_tolstring(L, 3, &by.n);
	script_charge(L, by.n);
	for (size_t i = 0; i < by.n; i++) {
		if (by.p[i] != '%') {
			luaL_addchar(b, by.p[i]);
			continue;
		}
		char c = ++i < by.n ? by.p[i] : 0;
		int group = c == '1' && m->groups == 1 ? 0 : c - '0';
		if (c == '%')
			luaL_addchar(b, '%');
		else if (c < '0' || c > '9' || group >= m->groups)
			luaL_error(L, "string.gsub: a %% in the replacement must be followed by a capture's number");
		else {
			push_capture(L, p, s, m, group);
			script_charge(L, lua_type(L, -1) == LUA_TSTRING ? (size_t)lua_rawlen(L, -1) : 0);
			luaL_tolstring(L, -1, NULL);
			lua_remove(L, -2);
			luaL_addvalue(b);
		}
	}
}

/* Adds what replaces a match: where nothing does, the match. Callbacks may compile patterns: p is not used
 * behind them. */
static void replace(lua_State *L, luaL_Buffer *b, const pattern *p, str s, const regex_match *m, int type) {
	if (type == LUA_TSTRING || type == LUA_TNUMBER) {
		add_text(L, b, p, s, m);
		return;
	}
	if (type == LUA_TFUNCTION) {
		lua_pushvalue(L, 3);
		lua_call(L, push_captures(L, p, s, m, true), 1);
	} else {
		push_capture(L, p, s, m, m->groups > 1 ? 1 : 0);
		lua_gettable(L, 3);
	}
	if (!lua_toboolean(L, -1)) {
		lua_pop(L, 1);
		luaL_addlstring(b, s.p + m->start[0], m->end[0] - m->start[0]);
		return;
	}
	if (!lua_isstring(L, -1))
		luaL_error(L, "string.gsub: a replacement must be text; it is a %s", luaL_typename(L, -1));
	script_charge(L, (size_t)lua_rawlen(L, -1));
	luaL_addvalue(b);
}

int pattern_gsub(lua_State *L) {
	str s = text_arg(L, 1), text = pattern_arg(L, 2);
	int type = lua_type(L, 3);
	luaL_argcheck(L, type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
	              "text, table or function expected");
	lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)s.n + 1), n = 0;
	bool anchored = text.n && text.p[0] == '^';
	regex_match m;
	size_t from = 0, copied = 0, last = SIZE_MAX;
	luaL_Buffer b;
	luaL_checkstack(L, 60, NULL);
	luaL_buffinit(L, &b);
	while (n < most) {
		const pattern *p = pattern_of(L, text, false);
		if (!next_match(L, p, s, &from, last, anchored, &m))
			break;
		luaL_addlstring(&b, s.p + copied, m.start[0] - copied);
		replace(L, &b, p, s, &m, type);
		n++;
		copied = from = last = m.end[0];
		if (anchored)
			break;
	}
	luaL_addlstring(&b, s.p + copied, s.n - copied);
	luaL_pushresult(&b);
	lua_pushinteger(L, n);
	return 2;
}
