/* bind_post.c: `post`, as the functions of post rules see it: one table, filled anew for each post. */
#include "script/session.h"

/* Pushes the value of the field that argument 2 names, nil where missing. */
static void push_field(lua_State *L, session *s, str name) {
	int at = catalogue_find(s->plan.catalogue, TABLE_POST, name);
	if (at < 0 && words_push(L, name))
		return;
	if (at < 0)
		unknown_field(L, "post", TABLE_POST, NULL, words_names, name);
	int slot = fetch_slot(s, TABLE_POST, at);
	if (slot < 0)
		luaL_error(L, "post.%s is read only where a rule writes that name", name.p);
	push_slot(L, s->posts, slot, s->post_row);
}

static int post_index(lua_State *L) {
	session *s = script_of(L)->session;
	str name = check_name(L, 2, "post");
	push_field(L, s, name);
	if (lua_isnil(L, -1) && catalogue_find(s->plan.catalogue, TABLE_POST, name) >= 0)
		session_mark(s, "post.%s", name.p);
	return 1;
}

static void push_asked(lua_State *L, session *s) {
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_POST]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_POST_GUARD]);
	if (!lua_rawequal(L, 1, -1) && !lua_rawequal(L, 1, -2))
		luaL_error(L, "write post:known \"field\" and post:get(\"field\", default), with a colon");
	lua_pop(L, 2);
	push_field(L, s, check_name(L, 2, "post"));
}

static int post_known(lua_State *L) {
	lua_settop(L, 2);
	push_asked(L, script_of(L)->session);
	lua_pushboolean(L, !lua_isnil(L, -1));
	return 1;
}

static int post_get(lua_State *L) {
	lua_settop(L, 3);
	push_asked(L, script_of(L)->session);
	if (lua_isnil(L, -1))
		lua_pushvalue(L, 3);
	return 1;
}

void post_open(lua_State *L, session *s) {
	lua_createtable(L, 0, s->slot_count[1] + 2); // post
	lua_pushcfunction(L, post_known);
	lua_setfield(L, -2, "known");
	lua_pushcfunction(L, post_get);
	lua_setfield(L, -2, "get");
	lua_pushcfunction(L, post_index); // post index
	push_meta(L, "post", false);      // post meta
	lua_setmetatable(L, -2);          // post
	lua_pushvalue(L, -1);
	s->ref[REF_POST] = luaL_ref(L, LUA_REGISTRYINDEX);
	guard_push(L);
	s->ref[REF_POST_GUARD] = luaL_ref(L, LUA_REGISTRYINDEX);
}

void post_fill(lua_State *L, session *s, const call *c) {
	size_t left = host_begin(s);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_KEYS]);
	lua_rawgeti(L, -1, TABLE_POST);                      // all keys
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_POST]); // all keys post
	for (int i = 0; i < s->slot_count[1]; i++) {
		int slot = s->slots[1][i];
		lua_rawgeti(L, -2, slot + 1);
		push_slot(L, c->posts, slot, c->post_row);
		lua_rawset(L, -3);
	}
	lua_pop(L, 3);
	s->posts = c->posts;
	s->post_row = c->post_row;
	host_end(s, left);
}
