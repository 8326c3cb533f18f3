/* declare.c: lexicon "name" { … } and lookup "name" { … } of a rule file. Both are declared while files load alone:
 * what they leave behind (a function that takes the table) refuses later. */
#include "script/loader.h"

static int take_lexicon(lua_State *L) {
	static const char *const names[] = {"terms", "from",   "file",  "weights", "language",
	                                    "about", "source", "as_of", NULL};
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "lexicons are declared while files load, not in a function");
	luaL_checktype(L, 1, LUA_TTABLE);
	const char *name = lua_tostring(L, lua_upvalueindex(1));
	int line = (int)lua_tointeger(L, lua_upvalueindex(2)), given = 0;
	push_keys(L, 1);
	for (lua_Integer i = 1; lua_rawgeti(L, 2, i) != LUA_TNIL; lua_settop(L, 2), i++) {
		char hint[128];
		const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
		const char *const path[] = {key, NULL};
		int which = loader_word(key, names);
		int type = lua_getfield(L, 1, key);
		if (which < 0)
			loader_problem_at(l, line, name, path, "lexicon '%.60s' has no field '%.60s'%s", name, key,
			                  loader_hint(key, names, hint, sizeof hint));
		else if ((which == 0 || which == 3) != (type == LUA_TTABLE))
			loader_problem_at(l, line, name, path, "lexicon '%.60s': %s must be %s", name, key,
			                  which == 0 || which == 3 ? "a table" : "text");
		given += which >= 0 && which < 3;
	}
	if (given != 1)
		loader_problem(l, line, "lexicon '%.60s' takes one of terms = { … }, file = \"…\" and from = \"campaign.…\"",
		               name);
	return 0;
}

int declare_lexicon(lua_State *L) {
	if (!script_of(L)->loader)
		return luaL_error(L, "lexicons are declared while files load, not in a function");
	luaL_checkstring(L, 1);
	lua_settop(L, 1);
	lua_pushinteger(L, loader_running(L));
	lua_pushcclosure(L, take_lexicon, 2);
	return 1;
}

static int take_lookup(lua_State *L) {
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "lookups are declared while files load, not in a function");
	luaL_checktype(L, 1, LUA_TTABLE);
	value v;
	struct kol_ruleset *out = l->out;
	const char *name = lua_tostring(L, lua_upvalueindex(1));
	if (!value_load(l, 1, &v, 0)) {
		loader_problem(l, loader_running(L), "lookup '%s' must hold numbers, texts, and tables of these", name);
		return 0;
	}
	values *all = &out->lookups;
	if (values_find(all, str_of(name)))
		loader_problem(l, loader_running(L), "lookup '%.60s' is declared twice", name);
	if ((all->count & (all->count - 1)) == 0) {
		named_value *more = ARENA_ARRAY(&out->memory, named_value, all->count ? 2 * all->count : 1);
		if (!more)
			return luaL_error(L, "out of memory");
		if (all->count)
			memcpy(more, all->items, sizeof *more * (size_t)all->count);
		all->items = more;
	}
	str copy = arena_str(&out->memory, str_of(name));
	if (!copy.p)
		return luaL_error(L, "out of memory");
	all->items[all->count++] = (named_value){copy, v};
	lua_settop(L, 1);
	return 1;
}

int declare_lookup(lua_State *L) {
	if (!script_of(L)->loader)
		return luaL_error(L, "lookups are declared while files load, not in a function");
	luaL_checkstring(L, 1);
	lua_settop(L, 1);
	lua_pushcclosure(L, take_lookup, 1);
	return 1;
}
