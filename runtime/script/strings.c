/* strings.c: the string library: Lua's functions, bounded. Lua patterns are translated to PCRE2 and matched byte by
 * byte under its limits; every function charges for the bytes it reads or makes. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "script/state.h"
#include "text/regex.h"

#define REGEX_META "kolander.regex"

static str text_arg(lua_State *L, int i) {
	str s;
	s.p = luaL_checklstring(L, i, &s.n);
	script_charge(L, s.n + 16);
	return s;
}

static size_t place(lua_Integer i, size_t n) {
	if (i >= 0)
		return (size_t)i;
	return (size_t)-i > n ? 0 : n + 1 - (size_t)-i;
}

static int text_len(lua_State *L) {
	lua_pushinteger(L, (lua_Integer)text_arg(L, 1).n);
	return 1;
}

static int text_sub(lua_State *L) {
	str s = text_arg(L, 1);
	size_t from = place(luaL_checkinteger(L, 2), s.n), to = place(luaL_optinteger(L, 3, -1), s.n);
	from = from ? from : 1;
	to = to > s.n ? s.n : to;
	if (from > to)
		lua_pushliteral(L, "");
	else
		lua_pushlstring(L, s.p + from - 1, to - from + 1);
	return 1;
}

static int change(lua_State *L, int how) {
	str s = text_arg(L, 1);
	luaL_Buffer b;
	char *p = luaL_buffinitsize(L, &b, s.n);
	for (size_t i = 0; i < s.n; i++) {
		char c = how == 'r' ? s.p[s.n - 1 - i] : s.p[i];
		if (how == 'u' && c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		if (how == 'l' && c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		p[i] = c;
	}
	luaL_pushresultsize(&b, s.n);
	return 1;
}
static int text_upper(lua_State *L) { return change(L, 'u'); }
static int text_lower(lua_State *L) { return change(L, 'l'); }
static int text_reverse(lua_State *L) { return change(L, 'r'); }

static int text_rep(lua_State *L) {
	str s = text_arg(L, 1);
	lua_Integer n = luaL_checkinteger(L, 2);
	size_t between_n;
	const char *between = luaL_optlstring(L, 3, "", &between_n);
	if (n <= 0)
		n = 0;
	if (n > 1 && (size_t)n > ((size_t)64 << 20) / (s.n + between_n + 1))
		return luaL_error(L, "string.rep: the result would be too long");
	script_charge(L, (size_t)n * (s.n + between_n));
	luaL_Buffer b;
	luaL_buffinit(L, &b);
	for (lua_Integer i = 0; i < n; i++) {
		if (i)
			luaL_addlstring(&b, between, between_n);
		luaL_addlstring(&b, s.p, s.n);
	}
	luaL_pushresult(&b);
	return 1;
}

static int text_byte(lua_State *L) {
	str s = text_arg(L, 1);
	lua_Integer first = luaL_optinteger(L, 2, 1);
	size_t from = place(first, s.n), to = place(luaL_optinteger(L, 3, (lua_Integer)from), s.n);
	from = from ? from : 1;
	to = to > s.n ? s.n : to;
	if (from > to)
		return 0;
	if (to - from >= 1000 || !lua_checkstack(L, (int)(to - from + 1)))
		return luaL_error(L, "string.byte returns at most 1000 values");
	for (size_t i = from; i <= to; i++)
		lua_pushinteger(L, (unsigned char)s.p[i - 1]);
	return (int)(to - from + 1);
}

static int text_char(lua_State *L) {
	int n = lua_gettop(L);
	luaL_Buffer b;
	char *p = luaL_buffinitsize(L, &b, (size_t)n);
	for (int i = 1; i <= n; i++) {
		lua_Integer c = luaL_checkinteger(L, i);
		luaL_argcheck(L, c >= 0 && c < 256, i, "value out of range");
		p[i - 1] = (char)c;
	}
	luaL_pushresultsize(&b, (size_t)n);
	return 1;
}

static int text_format(lua_State *L) {
	str f = text_arg(L, 1);
	int arg = 1;
	luaL_Buffer b;
	luaL_buffinit(L, &b);
	for (size_t i = 0; i < f.n; i++) {
		if (f.p[i] != '%' || (i + 1 < f.n && f.p[i + 1] == '%')) {
			luaL_addchar(&b, f.p[i]);
			i += f.p[i] == '%';
			continue;
		}
		char spec[32] = "%", out[512];
		size_t n = 1;
		for (i++; i < f.n && n < 12 && strchr("-+ #0123456789.", f.p[i]) && f.p[i]; i++)
			spec[n++] = f.p[i];
		int width = 0, digits = 0, run = 0;
		for (size_t k = 1; k < n; k++) {
			run = isdigit((unsigned char)spec[k]) ? run + 1 : 0;
			width = run > width ? run : width;
			digits += spec[k] == '.';
		}
		char c = i < f.n ? f.p[i] : 0;
		if (width > 2 || digits > 1 || !c || !strchr("dioxXucsfeEgG", c))
			return luaL_error(L, "string.format: '%s%c' is no format (one of d i u x X c s f e g; widths below 100)",
			                  spec, c ? c : '?');
		arg++;
		if (c == 's') {
			luaL_checkany(L, arg);
			push_plain(L, arg);
			size_t size;
			const char *p = lua_tolstring(L, -1, &size);
			script_charge(L, size);
			if (n == 1) {
				luaL_addvalue(&b);
				continue;
			}
			spec[n] = 's';
			snprintf(out, sizeof out, spec, p);
			lua_pop(L, 1);
		} else if (strchr("feEgG", c)) {
			spec[n] = c;
			snprintf(out, sizeof out, spec, luaL_checknumber(L, arg));
		} else if (c == 'c') {
			spec[n] = 'c';
			snprintf(out, sizeof out, spec, (int)luaL_checkinteger(L, arg));
		} else {
			spec[n] = spec[n + 1] = 'l';
			spec[n + 2] = c;
			snprintf(out, sizeof out, spec, (long long)luaL_checkinteger(L, arg));
		}
		luaL_addstring(&b, out);
	}
	luaL_pushresult(&b);
	return 1;
}

/* ---- patterns ---- */

static void class_of(buffer *b, char c, bool inside) {
	static const char *const names[] = {"aalpha", "ddigit",  "llower", "sspace", "uupper",
	                                    "walnum", "xxdigit", "ppunct", "ccntrl", "ggraph"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (tolower((unsigned char)c) == names[i][0]) {
			bool not = isupper((unsigned char)c);
			buffer_printf(b, inside ? "[:%s%s:]" : "[[:%s%s:]]", not ? "^" : "", names[i] + 1);
			return;
		}
	buffer_printf(b, "\\x{%02x}", (unsigned char)c);
}

/* Reads a set [ … ] at p[i]; returns the place behind it, 0 where it does not end. */
static size_t set_of(buffer *b, str p, size_t i) {
	buffer_char(b, '[');
	if (++i < p.n && p.p[i] == '^') {
		buffer_char(b, '^');
		i++;
	}
	for (bool first = true; i < p.n && (p.p[i] != ']' || first); i++, first = false) {
		if (p.p[i] == '%' && i + 1 < p.n) {
			class_of(b, p.p[++i], true);
		} else {
			buffer_printf(b, "\\x{%02x}", (unsigned char)p.p[i]);
			if (i + 2 < p.n && p.p[i + 1] == '-' && p.p[i + 2] != ']') {
				buffer_printf(b, "-\\x{%02x}", (unsigned char)p.p[i + 2]);
				i += 2;
			}
		}
	}
	buffer_char(b, ']');
	return i < p.n ? i + 1 : 0;
}

/* NULL, or what is wrong. */
static const char *translate(buffer *b, str p, size_t i) {
	buffer_z(b, "(?s)");
	while (i < p.n) {
		char c = p.p[i];
		if (c == '(' && i + 1 < p.n && p.p[i + 1] == ')')
			return "position captures () are not available";
		if (c == '(' || c == ')') {
			buffer_char(b, c);
			i++;
			continue;
		}
		if (c == '$' && i + 1 == p.n) {
			buffer_z(b, "\\z");
			break;
		}
		if (c == '%' && i + 1 == p.n)
			return "the pattern ends in %";
		if (c == '%' && p.p[i + 1] == 'b')
			return "%b is not available";
		if (c == '%' && isdigit((unsigned char)p.p[i + 1])) {
			buffer_printf(b, "\\g{%c}", p.p[i + 1]);
			i += 2;
			continue;
		}
		if (c == '%' && p.p[i + 1] == 'f') {
			buffer set = {0};
			size_t behind = i + 2 < p.n && p.p[i + 2] == '[' ? set_of(&set, p, i + 2) : 0;
			const char *s = buffer_text(&set);
			if (behind && s)
				buffer_printf(b, "(?<!%s)(?=%s)", s, s);
			buffer_free(&set);
			if (!behind)
				return "%f needs a set [ … ] behind it";
			i = behind;
			continue;
		}
		if (c == '[') {
			i = set_of(b, p, i);
			if (!i)
				return "a set [ … ] does not end";
		} else if (c == '%') {
			class_of(b, p.p[i + 1], false);
			i += 2;
		} else {
			if (c == '.')
				buffer_char(b, '.');
			else
				buffer_printf(b, "\\x{%02x}", (unsigned char)c);
			i++;
		}
		if (i < p.n && strchr("*+?-", p.p[i]) && p.p[i])
			buffer_z(b, p.p[i] == '-' ? "*?" : (char[]){p.p[i], 0}), i++;
	}
	return NULL;
}

static int regex_gc(lua_State *L) {
	regex **r = lua_touserdata(L, 1);
	regex_free(*r);
	*r = NULL;
	return 0;
}

/* Pushes an owner of the compiled pattern. Patterns are compiled once per session and kept by text. */
static const regex *pattern_arg(lua_State *L, int i, bool *anchored) {
	str p = text_arg(L, i);
	*anchored = p.n && p.p[0] == '^';
	regex **own = lua_newuserdatauv(L, sizeof *own, 0);
	*own = NULL;
	if (luaL_newmetatable(L, REGEX_META)) {
		lua_pushcfunction(L, regex_gc);
		lua_setfield(L, -2, "__gc");
	}
	lua_setmetatable(L, -2);
	script_charge(L, 256 + 64 * p.n);
	buffer b = {0};
	const char *wrong = translate(&b, p, *anchored);
	kol_error e = {0};
	size_t at;
	if (!wrong && (b.failed || regex_compile((str){b.p, b.n}, true, own, &at, &e)))
		wrong = "it is malformed";
	buffer_free(&b);
	if (wrong)
		luaL_error(L, "pattern '%s': %s", p.p, wrong);
	return *own;
}

static bool find(lua_State *L, const regex *r, str s, size_t from, bool anchored, regex_match *m) {
	script_charge(L, s.n - from + 16);
	enum regex_result found = regex_find(r, s, from, anchored, m);
	if (found == REGEX_LIMIT)
		luaL_error(L, "a pattern took more steps than it may take");
	return found == REGEX_HIT;
}

static int push_groups(lua_State *L, str s, const regex_match *m, bool whole) {
	int pushed = 0;
	for (int i = m->groups > 1 ? 1 : whole ? 0 : 1; i < m->groups; i++, pushed++)
		if (m->start[i] == SIZE_MAX)
			lua_pushnil(L);
		else
			lua_pushlstring(L, s.p + m->start[i], m->end[i] - m->start[i]);
	return pushed;
}

static int search(lua_State *L, bool places) {
	str s = text_arg(L, 1);
	size_t from = place(luaL_optinteger(L, 3, 1), s.n);
	bool anchored;
	regex_match m;
	from = from ? from - 1 : 0;
	if (from > s.n) {
		lua_pushnil(L);
		return 1;
	}
	if (places && lua_toboolean(L, 4)) {
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
	luaL_checkstack(L, 40, NULL);
	const regex *r = pattern_arg(L, 2, &anchored);
	if (!find(L, r, s, from, anchored, &m)) {
		lua_pushnil(L);
		return 1;
	}
	if (!places)
		return push_groups(L, s, &m, true);
	lua_pushinteger(L, (lua_Integer)m.start[0] + 1);
	lua_pushinteger(L, (lua_Integer)m.end[0]);
	return 2 + push_groups(L, s, &m, false);
}
static int text_find(lua_State *L) { return search(L, true); }
static int text_match(lua_State *L) { return search(L, false); }

static int gmatch_step(lua_State *L) {
	str s;
	s.p = lua_tolstring(L, lua_upvalueindex(1), &s.n);
	regex **r = lua_touserdata(L, lua_upvalueindex(2));
	size_t from = (size_t)lua_tointeger(L, lua_upvalueindex(3));
	regex_match m;
	check_fresh(L, lua_upvalueindex(4));
	luaL_checkstack(L, 40, NULL);
	if (from > s.n || !find(L, *r, s, from, false, &m))
		return 0;
	lua_pushinteger(L, (lua_Integer)(m.end[0] == m.start[0] ? m.end[0] + 1 : m.end[0]));
	lua_replace(L, lua_upvalueindex(3));
	return push_groups(L, s, &m, true);
}

static int text_gmatch(lua_State *L) {
	bool anchored;
	text_arg(L, 1);
	lua_pushvalue(L, 1);
	pattern_arg(L, 2, &anchored);
	lua_pushinteger(L, 0);
	lua_pushboolean(L, script_of(L)->loaded);
	lua_pushcclosure(L, gmatch_step, 4);
	return 1;
}

/* Adds what replaces a match. */
static void replacement(lua_State *L, luaL_Buffer *b, str s, const regex_match *m, int type) {
	str whole = {s.p + m->start[0], m->end[0] - m->start[0]};
	if (type == LUA_TSTRING || type == LUA_TNUMBER) {
		str by;
		by.p = lua_tolstring(L, 3, &by.n);
		script_charge(L, by.n);
		for (size_t i = 0; i < by.n; i++) {
			if (by.p[i] != '%') {
				luaL_addchar(b, by.p[i]);
				continue;
			}
			int group = ++i < by.n && isdigit((unsigned char)by.p[i]) ? by.p[i] - '0' : -1;
			if (group == 1 && m->groups == 1)
				group = 0;
			if (group < 0 && i < by.n && by.p[i] == '%')
				luaL_addchar(b, '%');
			else if (group < 0 || group >= m->groups)
				luaL_error(L, "string.gsub: a %% in the replacement must be followed by a capture's number");
			else if (m->start[group] != SIZE_MAX)
				luaL_addlstring(b, s.p + m->start[group], m->end[group] - m->start[group]);
		}
		return;
	}
	if (type == LUA_TFUNCTION) {
		lua_pushvalue(L, 3);
		int n = push_groups(L, s, m, true);
		lua_call(L, n, 1);
	} else {
		int group = m->groups > 1 ? 1 : 0;
		lua_pushlstring(L, s.p + m->start[group], m->end[group] - m->start[group]);
		lua_gettable(L, 3);
	}
	if (!lua_toboolean(L, -1)) {
		lua_pop(L, 1);
		luaL_addlstring(b, whole.p, whole.n);
	} else if (lua_isstring(L, -1)) {
		luaL_addvalue(b);
	} else {
		luaL_error(L, "string.gsub: a replacement must be text; it is a %s", luaL_typename(L, -1));
	}
}

static int text_gsub(lua_State *L) {
	str s = text_arg(L, 1);
	int type = lua_type(L, 3);
	luaL_argcheck(L, type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
	              "text, table or function expected");
	lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)s.n + 1), n = 0;
	bool anchored;
	const regex *r = pattern_arg(L, 2, &anchored);
	regex_match m;
	size_t from = 0;
	luaL_Buffer b;
	luaL_checkstack(L, 60, NULL);
	luaL_buffinit(L, &b);
	while (n < most && from <= s.n && find(L, r, s, from, anchored, &m)) {
		luaL_addlstring(&b, s.p + from, m.start[0] - from);
		replacement(L, &b, s, &m, type);
		n++;
		from = m.end[0];
		if (m.end[0] == m.start[0]) {
			if (from < s.n)
				luaL_addchar(&b, s.p[from]);
			from++;
		}
		if (anchored)
			break;
	}
	if (from < s.n)
		luaL_addlstring(&b, s.p + from, s.n - from);
	luaL_pushresult(&b);
	lua_pushinteger(L, n);
	return 2;
}

void strings_push(lua_State *L) {
	static const luaL_Reg all[] = {
	    {"byte", text_byte},     {"char", text_char}, {"find", text_find},       {"format", text_format},
	    {"gmatch", text_gmatch}, {"gsub", text_gsub}, {"len", text_len},         {"lower", text_lower},
	    {"match", text_match},   {"rep", text_rep},   {"reverse", text_reverse}, {"sub", text_sub},
	    {"upper", text_upper},   {NULL, NULL}};
	luaL_newlib(L, all);
}
