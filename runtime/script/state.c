/* state.c: makes the Lua state, counts what it uses, and freezes tables. Knows nothing of rules. */
#include "script/state.h"

#include <stdlib.h>

const char host_table = 0;

static void *allocate(void *ud, void *p, size_t before, size_t after) {
	script *s = ud;
	if (!p) {
		if (before == LUA_TSTRING && after > s->longest)
			s->longest = after;
		before = 0;
	}
	if (!after) {
		free(p);
		s->used -= before;
		return NULL;
	}
	/* Once refused, always refused: a collection in need would make room by what ran before. */
	if (after > before && (s->starved || s->used - before + after > s->limit)) {
		s->starved = true;
		return NULL;
	}
	void *q = realloc(p, after);
	if (!q) {
		s->starved = true;
		return NULL;
	}
	s->used = s->used - before + after;
	return q;
}

script *script_of(lua_State *L) {
	void *ud;
	lua_getallocf(L, &ud);
	return ud;
}

#define STEP_BYTES 32768 /* of text that one step may handle at no extra cost */

static void count_hook(lua_State *L, lua_Debug *ar) {
	script *s = script_of(L);
	/* One step may compare or join texts as long as the longest that there is: then it costs more. */
	s->instructions -= HOOK_EVERY * (1 + (long)(s->longest / STEP_BYTES));
	if (s->instructions >= 0)
		return;
	if (!s->rule)
		luaL_error(L, "it took more steps than a rule may take");
	lua_getinfo(L, "Sl", ar);
	lua_pushfstring(L, "%s:%d: rule '%s' used more than 1,000,000 steps on this creator", ar->short_src,
	                ar->currentline, s->rule);
	lua_error(L);
}

void script_hook(script *s, bool on) {
	lua_sethook(s->L, on ? count_hook : NULL, on ? LUA_MASKCOUNT : 0, on ? HOOK_EVERY : 0);
}

void script_begin(script *s, long instructions, size_t work, size_t memory, bool hooked) {
	s->instructions = instructions;
	s->work = work;
	s->limit = s->used + memory;
	s->starved = false;
	s->longest = 0;
	s->rule = NULL;
	script_hook(s, hooked);
}

void script_charge(lua_State *L, size_t bytes) {
	script *s = script_of(L);
	if (bytes > s->work) {
		s->work = 0;
		if (s->rule)
			luaL_error(L, "rule '%s' made the host handle more than %d MB on this creator", s->rule,
			           (int)(CALL_WORK >> 20));
		luaL_error(L, "it made the host handle more bytes than a rule may");
	}
	s->work -= bytes;
}

static int read_only(lua_State *L) {
	if (lua_type(L, 2) == LUA_TSTRING)
		return luaL_error(L, "'%s' cannot be set: nothing outside a function may change", lua_tostring(L, 2));
	return luaL_error(L, "this table cannot be changed");
}

static int frozen_length(lua_State *L) {
	unfrozen(L, 1);
	lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
	return 1;
}

bool unfrozen(lua_State *L, int index) {
	index = lua_absindex(L, index);
	if (!lua_istable(L, index))
		return false;
	if (lua_getmetatable(L, index)) {
		int type = lua_rawgetp(L, -1, &host_table);
		if (type == LUA_TBOOLEAN)
			luaL_error(L, "its fields are read by name, not walked");
		if (type == LUA_TTABLE) {
			lua_remove(L, -2);
			return true;
		}
		lua_pop(L, 2);
	}
	lua_pushvalue(L, index);
	return true;
}

void check_mutable(lua_State *L, int index) {
	luaL_checktype(L, index, LUA_TTABLE);
	if (lua_getmetatable(L, index))
		luaL_error(L, "this table belongs to the host and cannot be changed");
}

static void freeze_upvalues(lua_State *L, int function) {
	for (int i = 1; lua_getupvalue(L, function, i); i++) {
		int type = lua_type(L, -1);
		if (type != LUA_TTABLE && type != LUA_TFUNCTION) {
			lua_pop(L, 1);
			continue;
		}
		freeze(L);
		lua_setupvalue(L, function, i);
	}
}

/* Marks value `key` as seen with the value on top, which is popped. */
static void remember(lua_State *L, int seen, int key) {
	lua_pushvalue(L, key);
	lua_insert(L, -2);
	lua_rawset(L, seen);
}

void freeze(lua_State *L) {
	int type = lua_type(L, -1), it = lua_gettop(L);
	if ((type != LUA_TTABLE && type != LUA_TFUNCTION) || lua_iscfunction(L, it))
		return;
	luaL_checkstack(L, 12, "tables are nested too deep");
	if (it > 2000)
		luaL_error(L, "tables are nested too deep");
	lua_rawgeti(L, LUA_REGISTRYINDEX, script_of(L)->frozen);
	int seen = it + 1;
	lua_pushvalue(L, it);
	if (lua_rawget(L, seen) != LUA_TNIL) {
		lua_replace(L, it);
		lua_settop(L, it);
		return;
	}
	lua_pop(L, 1);
	if (type == LUA_TFUNCTION) {
		lua_pushvalue(L, it);
		remember(L, seen, it);
		freeze_upvalues(L, it);
		lua_settop(L, it);
		return;
	}
	if (lua_getmetatable(L, it)) { /* a stand-in already */
		lua_settop(L, it);
		return;
	}
	lua_newtable(L);
	int proxy = lua_gettop(L);
	lua_pushvalue(L, proxy);
	remember(L, seen, it);
	lua_pushnil(L);
	while (lua_next(L, it)) {
		if (lua_istable(L, -1) || lua_isfunction(L, -1)) {
			freeze(L);
			lua_pushvalue(L, -2);
			lua_insert(L, -2);
			lua_rawset(L, it);
		} else {
			lua_pop(L, 1);
		}
	}
	lua_createtable(L, 0, 5);
	lua_pushvalue(L, it);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, read_only);
	lua_setfield(L, -2, "__newindex");
	lua_pushcfunction(L, frozen_length);
	lua_setfield(L, -2, "__len");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_pushvalue(L, it);
	lua_rawsetp(L, -2, &host_table);
	lua_setmetatable(L, proxy);
	lua_pushvalue(L, proxy);
	lua_replace(L, it);
	lua_settop(L, it);
}

static int set_up(lua_State *L) {
	script *s = script_of(L);
	lua_newtable(L);
	s->frozen = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	s->examples = luaL_ref(L, LUA_REGISTRYINDEX);
	library_push(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "kolander.library");
	return 0;
}

script *script_new(kol_error *err) {
	script *s = calloc(1, sizeof *s);
	if (!s) {
		error_memory(err);
		return NULL;
	}
	s->limit = LOAD_MEMORY;
	s->L = lua_newstate(allocate, s);
	if (s->L) {
		script_begin(s, LOAD_INSTRUCTIONS, LOAD_WORK, LOAD_MEMORY, true);
		lua_pushcfunction(s->L, set_up);
		if (!lua_pcall(s->L, 0, 0, 0))
			return s;
		error_set(err, KOL_E_BUG, "the Lua state cannot be set up: %s", lua_tostring(s->L, -1));
	} else {
		error_memory(err);
	}
	script_free(s);
	return NULL;
}

void script_free(script *s) {
	if (!s)
		return;
	if (s->L)
		lua_close(s->L);
	patterns_free(s->patterns);
	regexes_free(s->regexes);
	free(s->checks);
	arena_free(&s->memory);
	free(s);
}
