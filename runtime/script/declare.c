/* declare.c: lookup "name" { … } of a rule file. It is declared while files load alone: what it leaves behind (a
 * function that takes the table) refuses later. */
#include "script/loader.h"

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
