/* strings.c: the string library but for its patterns: Lua's functions, bounded. Each charges for the bytes it reads or
 * makes. */
#include <ctype.h>
#include <stdio.h>

#include "script/patterns.h"

str text_arg(lua_State *L, int i) {
	str s;
	s.p = luaL_checklstring(L, i, &s.n);
	script_charge(L, s.n + 16);
	return s;
}

size_t text_place(lua_Integer i, size_t n) {
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
	size_t from = text_place(luaL_checkinteger(L, 2), s.n), to = text_place(luaL_optinteger(L, 3, -1), s.n);
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
	size_t from = text_place(first, s.n), to = text_place(luaL_optinteger(L, 3, (lua_Integer)from), s.n);
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
		int made;
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
			luaL_argcheck(L, strlen(p) == size, arg, "a text with zeros has no width");
			made = snprintf(out, sizeof out, spec, p);
			lua_pop(L, 1);
		} else if (strchr("feEgG", c)) {
			spec[n] = c;
			made = snprintf(out, sizeof out, spec, luaL_checknumber(L, arg));
		} else if (c == 'c') {
			spec[n] = 'c';
			made = snprintf(out, sizeof out, spec, (int)luaL_checkinteger(L, arg));
		} else {
			spec[n] = spec[n + 1] = 'l';
			spec[n + 2] = c;
			made = snprintf(out, sizeof out, spec, (long long)luaL_checkinteger(L, arg));
		}
		luaL_addlstring(&b, out, (size_t)made);
	}
	luaL_pushresult(&b);
	return 1;
}

void strings_push(lua_State *L) {
	static const luaL_Reg all[] = {{"byte", text_byte},        {"char", text_char},
	                               {"find", pattern_find},     {"format", text_format},
	                               {"gmatch", pattern_gmatch}, {"gsub", pattern_gsub},
	                               {"len", text_len},          {"lower", text_lower},
	                               {"match", pattern_match},   {"rep", text_rep},
	                               {"reverse", text_reverse},  {"sub", text_sub},
	                               {"upper", text_upper},      {NULL, NULL}};
	luaL_newlib(L, all);
}
