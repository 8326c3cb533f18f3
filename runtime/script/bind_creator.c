/* bind_creator.c: `creator`, as functions see it. Its wanted fields stand in one table that is filled anew for each
 * creator; what is absent there is served here: missing fields mark the evaluation, unannounced ones are looked up,
 * and audience, posts and the like come from bind_audience and bind_rows. */
#include "script/session.h"

static const char *const methods[] = {"known",    "get",     "audience",    "posts", "partnerships",
                                      "comments", "history", "credentials", NULL};

kol_status creator_cell(session *s, int at, double *num, str *text) {
	kol_status status = rows_begin(s, TABLE_CREATOR);
	if (status)
		return status;
	frame *f = &s->rows[TABLE_CREATOR];
	arena_reset(&f->texts);
	return cursor_cell(s->cursor, TABLE_CREATOR, s->creators->creator_id[s->row], at, f, num, text, &s->error);
}

/* Pushes the value of a known field, nil where missing. */
static void push_field(lua_State *L, session *s, int at) {
	int slot = fetch_slot(s, TABLE_CREATOR, at);
	if (slot >= 0) {
		push_slot(L, s->creators, slot, s->row);
		return;
	}
	double num = 0;
	str text = {NULL, 0};
	if (creator_cell(s, at, &num, &text))
		session_broke(L, s);
	script_charge(L, 256 + text.n);
	push_cell(L, s->plan.catalogue->fields[TABLE_CREATOR][at].kind, num, text);
}

static int creator_index(lua_State *L) {
	session *s = script_of(L)->session;
	str name = check_name(L, 2, "creator");
	if (str_is(name, "audience")) {
		audience_push(L, s);
		return 1;
	}
	int at = catalogue_find(s->plan.catalogue, TABLE_CREATOR, name);
	if (at < 0)
		return unknown_field(L, "creator", TABLE_CREATOR, NULL, methods, name);
	push_field(L, s, at);
	if (lua_isnil(L, -1))
		session_mark(s, "creator.%s", name.p);
	return 1;
}

/* Pushes what known and get ask for, without marking; argument 2 names it. */
static void push_asked(lua_State *L, session *s) {
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_CREATOR]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_CREATOR_GUARD]);
	if (!lua_rawequal(L, 1, -1) && !lua_rawequal(L, 1, -2))
		luaL_error(L, "write creator:known \"field\" and creator:get(\"field\", default), with a colon");
	lua_pop(L, 2);
	str name = check_name(L, 2, "creator");
	if (name.n > 9 && !memcmp(name.p, "audience.", 9)) {
		if (!audience_find(L, s, (str){name.p + 9, name.n - 9}))
			unknown_field(L, "creator", TABLE_CREATOR, NULL, methods, name);
		return;
	}
	int at = catalogue_find(s->plan.catalogue, TABLE_CREATOR, name);
	if (at < 0)
		unknown_field(L, "creator", TABLE_CREATOR, NULL, methods, name);
	push_field(L, s, at);
}

static int creator_known(lua_State *L) {
	lua_settop(L, 2);
	push_asked(L, script_of(L)->session);
	lua_pushboolean(L, !lua_isnil(L, -1));
	return 1;
}

static int creator_get(lua_State *L) {
	lua_settop(L, 3);
	push_asked(L, script_of(L)->session);
	if (lua_isnil(L, -1))
		lua_pushvalue(L, 3);
	return 1;
}

void creator_open(lua_State *L, session *s) {
	lua_createtable(L, 0, s->slot_count[0] + 8); // creator
	lua_pushcfunction(L, creator_known);
	lua_setfield(L, -2, "known");
	lua_pushcfunction(L, creator_get);
	lua_setfield(L, -2, "get");
	for (int t = TABLE_POST; t <= TABLE_CREDENTIAL; t++) {
		lua_pushinteger(L, t);
		lua_pushcclosure(L, rows_method, 1);
		lua_setfield(L, -2, table_plurals[t]);
	}
	lua_pushcfunction(L, creator_index); // creator index
	push_meta(L, "creator", false);      // creator meta
	lua_setmetatable(L, -2);             // creator
	lua_pushvalue(L, -1);
	s->ref[REF_CREATOR] = luaL_ref(L, LUA_REGISTRYINDEX);
	guard_push(L);
	s->ref[REF_CREATOR_GUARD] = luaL_ref(L, LUA_REGISTRYINDEX);
}

void creator_fill(lua_State *L, session *s) {
	size_t left = host_begin(s);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_KEYS]);
	lua_rawgeti(L, -1, TABLE_CREATOR);                      // all keys
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_CREATOR]); // all keys creator
	for (int i = 0; i < s->slot_count[0]; i++) {
		int slot = s->slots[0][i];
		lua_rawgeti(L, -2, slot + 1); // all keys creator key
		push_slot(L, s->creators, slot, s->row);
		lua_rawset(L, -3); // all keys creator
	}
	lua_pop(L, 3);
	if (s->kept) { /* the rows of the creator before */
		lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_KEPT]);
		for (int t = 0; t < TABLE_COUNT; t++) {
			lua_pushboolean(L, 0);
			lua_rawseti(L, -2, t + 1);
		}
		lua_pop(L, 1);
		s->kept = 0;
	}
	s->filled = true;
	host_end(s, left);
}
