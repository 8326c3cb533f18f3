/* library.c: what a rule file may call, from nothing: base functions, table, math, utf8. The string functions
 * are in strings.c. Whatever takes long charges the budget; nothing shows an address or an order by hash. */
#include <ctype.h>

#include "script/session.h"

#include <lualib.h>

#define UNPACK_MOST 1000
#define MOVE_MOST 1000000

void push_plain(lua_State *L, int index) {
	switch (lua_type(L, index)) {
	case LUA_TNUMBER:
	case LUA_TSTRING:
		lua_pushvalue(L, index);
		lua_tostring(L, -1);
		break;
	case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false"); break;
	default: lua_pushstring(L, luaL_typename(L, index));
	}
}

static int base_tostring(lua_State *L) {
	luaL_checkany(L, 1);
	push_plain(L, 1);
	return 1;
}

static int base_tonumber(lua_State *L) {
	luaL_checkany(L, 1);
	if (lua_isnoneornil(L, 2)) {
		size_t n;
		if (lua_type(L, 1) == LUA_TNUMBER) {
			lua_settop(L, 1);
			return 1;
		}
		const char *p = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &n) : NULL;
		if (p && lua_stringtonumber(L, p) == n + 1)
			return 1;
		lua_pushnil(L);
		return 1;
	}
	lua_Integer base = luaL_checkinteger(L, 2);
	luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
	size_t n;
	const char *p = luaL_checklstring(L, 1, &n), *end = p + n;
	lua_Unsigned v = 0;
	bool negative = false, digits = false;
	while (p < end && isspace((unsigned char)*p))
		p++;
	if (p < end && *p == '-')
		negative = *p++ == '-';
	for (; p < end && isalnum((unsigned char)*p); p++, digits = true) {
		int digit = isdigit((unsigned char)*p) ? *p - '0' : toupper((unsigned char)*p) - 'A' + 10;
		if (digit >= base)
			break;
		v = v * (lua_Unsigned)base + (lua_Unsigned)digit;
	}
	while (digits && p < end && isspace((unsigned char)*p))
		p++;
	if (p == end && digits)
		lua_pushinteger(L, (lua_Integer)(negative ? 0 - v : v));
	else
		lua_pushnil(L);
	return 1;
}

static int base_type(lua_State *L) {
	luaL_checkany(L, 1);
	lua_pushstring(L, luaL_typename(L, 1));
	return 1;
}

static int base_assert(lua_State *L) {
	luaL_checkany(L, 1);
	if (lua_toboolean(L, 1))
		return lua_gettop(L);
	lua_remove(L, 1);
	if (!lua_gettop(L))
		lua_pushliteral(L, "assertion failed!");
	lua_settop(L, 1);
	return lua_error(L);
}

static int base_error(lua_State *L) {
	int level = (int)luaL_optinteger(L, 2, 1);
	lua_settop(L, 1);
	if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
		luaL_where(L, level);
		lua_insert(L, 1);
		lua_concat(L, 2);
	}
	return lua_error(L);
}

static int base_select(lua_State *L) {
	int n = lua_gettop(L);
	if (lua_type(L, 1) == LUA_TSTRING && lua_tostring(L, 1)[0] == '#') {
		lua_pushinteger(L, n - 1);
		return 1;
	}
	lua_Integer i = luaL_checkinteger(L, 1);
	if (i < 0)
		i = n + i;
	else if (i > n)
		i = n;
	luaL_argcheck(L, i >= 1, 1, "index out of range");
	return n - (int)i;
}

static int ipairs_step(lua_State *L) {
	lua_Integer i = luaL_checkinteger(L, 2) + 1;
	lua_pushinteger(L, i);
	return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L) {
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_pushcfunction(L, ipairs_step);
	lua_pushvalue(L, 1);
	lua_pushinteger(L, 0);
	return 3;
}

/* Sorts list `list` (a plain table) 1..n with a merge sort: stable, and never more than n log n questions. */
typedef bool less_than(lua_State *L, int a, int b);

static void merge_sort(lua_State *L, int list, lua_Integer n, less_than *less) {
	luaL_checkstack(L, 8, NULL);
	lua_createtable(L, (int)n, 0);
	int spare = lua_gettop(L), from = list, to = spare;
	for (lua_Integer width = 1; width < n; width *= 2) {
		script_charge(L, (size_t)n * 16);
		for (lua_Integer at = 1; at <= n; at += 2 * width) {
			lua_Integer i = at, middle = at + width, j = middle, end = at + 2 * width;
			if (middle > n + 1)
				middle = j = n + 1;
			if (end > n + 1)
				end = n + 1;
			for (lua_Integer k = at; k < end; k++) {
				bool right = i >= middle;
				if (!right && j < end) {
					lua_rawgeti(L, from, j);
					lua_rawgeti(L, from, i);
					right = less(L, lua_gettop(L) - 1, lua_gettop(L));
					lua_pop(L, 2);
				}
				lua_rawgeti(L, from, right ? j++ : i++);
				lua_rawseti(L, to, k);
			}
		}
		int swap = from;
		from = to;
		to = swap;
	}
	if (from != list)
		for (lua_Integer k = 1; k <= n; k++) {
			lua_rawgeti(L, from, k);
			lua_rawseti(L, list, k);
		}
	lua_settop(L, spare - 1);
}

static int key_rank(int type) {
	return type == LUA_TNUMBER ? 0 : type == LUA_TSTRING ? 1 : type == LUA_TBOOLEAN ? 2 : 3;
}

static bool key_less(lua_State *L, int a, int b) {
	int x = key_rank(lua_type(L, a)), y = key_rank(lua_type(L, b));
	if (x != y)
		return x < y;
	if (x == 0)
		return lua_compare(L, a, b, LUA_OPLT);
	if (x == 1) {
		str p, q;
		p.p = lua_tolstring(L, a, &p.n);
		q.p = lua_tolstring(L, b, &q.n);
		script_charge(L, p.n < q.n ? p.n : q.n);
		return str_compare(p, q) < 0;
	}
	return x == 2 && lua_toboolean(L, a) < lua_toboolean(L, b);
}

void check_fresh(lua_State *L, int index) {
	if (!lua_toboolean(L, index) && script_of(L)->loaded)
		luaL_error(L, "an iterator made while the file loaded cannot be stepped in a function; make it there");
}

/* Upvalues: sorted keys, the place reached, whether it was made after loading. */
static int pairs_step(lua_State *L) {
	check_fresh(L, lua_upvalueindex(3));
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
	for (;;) {
		if (lua_rawgeti(L, lua_upvalueindex(1), ++i) == LUA_TNIL)
			return 1;
		lua_pushvalue(L, -1);
		if (lua_gettable(L, 1) != LUA_TNIL)
			break;
		lua_pop(L, 2);
	}
	lua_pushinteger(L, i);
	lua_replace(L, lua_upvalueindex(2));
	return 2;
}

/* Walking an audience that may have more segments than are listed reads what is missing. */
static void mark_walk(lua_State *L, int table) {
	if (!lua_getmetatable(L, table))
		return;
	if (lua_getfield(L, -1, "open") == LUA_TSTRING && script_of(L)->session)
		session_mark(script_of(L)->session, "%s", lua_tostring(L, -1));
	lua_pop(L, 2);
}

void push_keys(lua_State *L, int index) {
	index = lua_absindex(L, index);
	luaL_checkstack(L, 12, "tables are nested too deep");
	unfrozen(L, index);
	int table = lua_gettop(L);
	mark_walk(L, table);
	lua_newtable(L);
	lua_Integer n = 0;
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		if (key_rank(lua_type(L, -2)) == 3)
			luaL_error(L, "only tables whose keys are numbers, texts or flags can be walked");
		lua_pushvalue(L, -2);
		lua_rawseti(L, table + 1, ++n);
		script_charge(L, 16);
	}
	merge_sort(L, table + 1, n, key_less);
	lua_remove(L, table);
}

static int base_pairs(lua_State *L) {
	luaL_checktype(L, 1, LUA_TTABLE);
	push_keys(L, 1);
	lua_pushinteger(L, 0);
	lua_pushboolean(L, script_of(L)->loaded);
	lua_pushcclosure(L, pairs_step, 3);
	lua_pushvalue(L, 1);
	return 2;
}

/* ---- table ---- */

static bool value_less(lua_State *L, int a, int b) {
	if (lua_isnoneornil(L, 2)) {
		if (lua_type(L, a) == LUA_TSTRING && lua_type(L, b) == LUA_TSTRING)
			return key_less(L, a, b);
		return lua_compare(L, a, b, LUA_OPLT);
	}
	lua_pushvalue(L, 2);
	lua_pushvalue(L, a);
	lua_pushvalue(L, b);
	lua_call(L, 2, 1);
	bool less = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return less;
}

/* The length of the list at argument 1. A table full of holes may claim any border: more than this is no list. */
#define LIST_MOST 4000000

static lua_Integer list_length(lua_State *L) {
	lua_Integer n = luaL_len(L, 1);
	if (n > LIST_MOST)
		luaL_error(L, "this table is no list: its places are not numbered 1, 2, 3 …");
	return n;
}

static int table_sort(lua_State *L) {
	check_mutable(L, 1);
	lua_settop(L, 2);
	merge_sort(L, 1, list_length(L), value_less);
	return 0;
}

static int table_insert(lua_State *L) {
	check_mutable(L, 1);
	lua_Integer n = list_length(L) + 1, at = n;
	if (lua_gettop(L) == 3) {
		at = luaL_checkinteger(L, 2);
		luaL_argcheck(L, at >= 1 && at <= n, 2, "position out of bounds");
		script_charge(L, (size_t)(n - at) * 16);
		for (lua_Integer i = n; i > at; i--) {
			lua_rawgeti(L, 1, i - 1);
			lua_rawseti(L, 1, i);
		}
	} else if (lua_gettop(L) != 2) {
		return luaL_error(L, "table.insert takes a table, perhaps a position, and a value");
	}
	lua_rawseti(L, 1, at);
	return 0;
}

static int table_remove(lua_State *L) {
	check_mutable(L, 1);
	lua_Integer n = list_length(L), at = luaL_optinteger(L, 2, n);
	if (lua_gettop(L) > 1)
		luaL_argcheck(L, (n == 0 && at == 0) || (at >= 1 && at <= n + 1), 2, "position out of bounds");
	lua_rawgeti(L, 1, at);
	script_charge(L, at < n ? (size_t)(n - at) * 16 : 0);
	for (; at < n; at++) {
		lua_rawgeti(L, 1, at + 1);
		lua_rawseti(L, 1, at);
	}
	if (at <= n) {
		lua_pushnil(L);
		lua_rawseti(L, 1, at);
	}
	return 1;
}

static int table_concat(lua_State *L) {
	luaL_checktype(L, 1, LUA_TTABLE);
	size_t between_n;
	const char *between = luaL_optlstring(L, 2, "", &between_n);
	lua_Integer i = luaL_optinteger(L, 3, 1), n = luaL_opt(L, luaL_checkinteger, 4, luaL_len(L, 1));
	luaL_Buffer b;
	luaL_buffinit(L, &b);
	for (lua_Integer first = i; i <= n; i++) {
		if (i != first)
			luaL_addlstring(&b, between, between_n);
		lua_geti(L, 1, i);
		size_t size = 0;
		if (!lua_isstring(L, -1))
			return luaL_error(L, "table.concat: place %d holds %s", (int)i, luaL_typename(L, -1));
		lua_tolstring(L, -1, &size);
		script_charge(L, size + between_n + 16);
		luaL_addvalue(&b);
	}
	luaL_pushresult(&b);
	return 1;
}

static int table_unpack(lua_State *L) {
	lua_Integer i = luaL_optinteger(L, 2, 1), n = luaL_opt(L, luaL_checkinteger, 3, luaL_len(L, 1));
	if (i > n)
		return 0;
	if (n >= i + UNPACK_MOST || n - i < 0 || !lua_checkstack(L, (int)(n - i + 1)))
		return luaL_error(L, "table.unpack returns at most %d values", UNPACK_MOST);
	script_charge(L, (size_t)(n - i + 1) * 16);
	for (lua_Integer k = i; k <= n; k++)
		lua_geti(L, 1, k);
	return (int)(n - i + 1);
}

static int table_pack(lua_State *L) {
	int n = lua_gettop(L);
	lua_createtable(L, n, 1);
	lua_insert(L, 1);
	for (int i = n; i >= 1; i--)
		lua_rawseti(L, 1, i);
	lua_pushinteger(L, n);
	lua_setfield(L, 1, "n");
	return 1;
}

static int table_move(lua_State *L) {
	lua_Integer from = luaL_checkinteger(L, 2), end = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
	int target = lua_isnoneornil(L, 5) ? 1 : 5;
	luaL_checktype(L, 1, LUA_TTABLE);
	check_mutable(L, target);
	if (end >= from) {
		if (from < 1 || to < 1 || end - from >= MOVE_MOST || to > INT32_MAX)
			return luaL_error(L, "table.move moves at most %d values, from 1 on", MOVE_MOST);
		script_charge(L, (size_t)(end - from + 1) * 16);
		bool backward = to > from && to <= end;
		for (lua_Integer k = 0; k <= end - from; k++) {
			lua_Integer i = backward ? end - from - k : k;
			lua_geti(L, 1, from + i);
			lua_rawseti(L, target, to + i);
		}
	}
	lua_pushvalue(L, target);
	return 1;
}

/* Calls Lua's own function (upvalue 1) after charging for the text it reads. */
static int charged(lua_State *L) {
	script_charge(L, 16 + (lua_type(L, 1) == LUA_TSTRING ? (size_t)lua_rawlen(L, 1) : 0));
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
	return lua_gettop(L);
}

static void push_utf8(lua_State *L) {
	static const char *const names[] = {"char", "codepoint", "len", "offset"};
	lua_pushcfunction(L, luaopen_utf8);
	lua_call(L, 0, 1);
	lua_newtable(L);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		lua_getfield(L, -2, names[i]);
		lua_pushcclosure(L, charged, 1);
		lua_setfield(L, -2, names[i]);
	}
	lua_getfield(L, -2, "codes");
	lua_setfield(L, -2, "codes");
	lua_remove(L, -2);
}

void library_push(lua_State *L) {
	static const luaL_Reg base[] = {{"assert", base_assert}, {"error", base_error},       {"ipairs", base_ipairs},
	                                {"pairs", base_pairs},   {"select", base_select},     {"tonumber", base_tonumber},
	                                {"type", base_type},     {"tostring", base_tostring}, {NULL, NULL}};
	static const luaL_Reg tables[] = {
	    {"concat", table_concat}, {"insert", table_insert}, {"move", table_move},     {"pack", table_pack},
	    {"remove", table_remove}, {"sort", table_sort},     {"unpack", table_unpack}, {NULL, NULL}};
	lua_newtable(L);
	luaL_setfuncs(L, base, 0);
	luaL_newlib(L, tables);
	freeze(L);
	lua_setfield(L, -2, "table");
	lua_pushcfunction(L, luaopen_math);
	lua_call(L, 0, 1);
	lua_pushnil(L);
	lua_setfield(L, -2, "random");
	lua_pushnil(L);
	lua_setfield(L, -2, "randomseed");
	freeze(L);
	lua_setfield(L, -2, "math");
	push_utf8(L);
	freeze(L);
	lua_setfield(L, -2, "utf8");
	texts_push(L);
	freeze(L);
	lua_setfield(L, -2, "text");
	regexes_push(L);
	freeze(L);
	lua_setfield(L, -2, "regex");
	strings_push(L);
	freeze(L);
	lua_pushliteral(L, "");
	lua_createtable(L, 0, 2);
	lua_pushvalue(L, -3);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_pop(L, 1);
	lua_setfield(L, -2, "string");
}
