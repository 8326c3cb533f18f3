/* bind_campaign.c: what stays the same for a whole session: `campaign` and each rule's `set`. Frozen tables, made once.
 * A missing field of the campaign marks the evaluation; an unknown one is an error. Knows nothing of creators. */
#include "script/session.h"

static void push_value(lua_State *L, session *s, const value *v);

static void push_list(lua_State *L, session *s, const value *v) {
	lua_createtable(L, v->shape == VALUE_LIST ? v->count : 0, v->shape == VALUE_TABLE ? v->count : 0);
	for (int i = 0; i < v->count; i++) {
		if (v->shape == VALUE_TABLE) {
			lua_pushlstring(L, v->members[i].name.p, v->members[i].name.n);
			push_value(L, s, &v->members[i].v);
			lua_rawset(L, -3);
		} else {
			push_cell(L, v->kind, v->kind == KIND_TEXT ? 0 : v->nums[i],
			          v->kind == KIND_TEXT ? v->texts[i] : (str){NULL, 0});
			lua_rawseti(L, -2, i + 1);
		}
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_LIST_META]);
	lua_setmetatable(L, -2);
}

static void push_value(lua_State *L, session *s, const value *v) {
	luaL_checkstack(L, 6, "tables are nested too deep");
	if (v->shape == VALUE_MISSING)
		lua_pushnil(L);
	else if (v->shape == VALUE_ONE)
		push_cell(L, v->kind, v->num, v->text);
	else
		push_list(L, s, v);
}

/* Leaves a table with the values; `index` answers for what is not in it. */
static void push_values(lua_State *L, session *s, const values *v, const char *name, lua_CFunction index) {
	lua_createtable(L, 0, v ? v->count : 0);
	for (int i = 0; v && i < v->count; i++) {
		lua_pushlstring(L, v->items[i].name.p, v->items[i].name.n);
		push_value(L, s, &v->items[i].v);
		lua_rawset(L, -3);
	}
	lua_pushlightuserdata(L, (void *)(uintptr_t)v);
	lua_pushcclosure(L, index, 1);
	push_meta(L, name, true);
	lua_setmetatable(L, -2);
}

/* Reads of what is not in the table; upvalue: its values. */
static int campaign_index(lua_State *L) {
	session *s = script_of(L)->session;
	const values *v = lua_touserdata(L, lua_upvalueindex(1));
	str name = check_name(L, 2, "campaign");
	if (!values_find(v, name) && catalogue_find(s->plan.catalogue, TABLE_CAMPAIGN, name) < 0)
		return unknown_field(L, "campaign", TABLE_CAMPAIGN, v, NULL, name);
	session_mark(s, "campaign.%s", name.p);
	return 0;
}

static int set_index(lua_State *L) {
	const values *v = lua_touserdata(L, lua_upvalueindex(1));
	str name = check_name(L, 2, "set");
	if (v && values_find(v, name)) /* a parameter without a value */
		return 0;
	return unknown_field(L, "set", -1, v, NULL, name);
}

void campaign_open(lua_State *L, session *s) {
	lua_pushnil(L);
	push_meta(L, "what the host gives", true);
	s->ref[REF_LIST_META] = luaL_ref(L, LUA_REGISTRYINDEX);
	push_values(L, s, s->plan.campaign, "campaign", campaign_index);
	lua_pushvalue(L, -1);
	s->ref[REF_CAMPAIGN] = luaL_ref(L, LUA_REGISTRYINDEX);
	guard_push(L);
	s->ref[REF_CAMPAIGN_GUARD] = luaL_ref(L, LUA_REGISTRYINDEX);
}

const session_set *set_of(lua_State *L, session *s, const call *c) {
	session_set *it = &s->sets[c->rule->check - 1];
	if (it->ref != LUA_NOREF && it->of == c->set)
		return it;
	size_t left = host_begin(s);
	luaL_unref(L, LUA_REGISTRYINDEX, it->ref);
	luaL_unref(L, LUA_REGISTRYINDEX, it->guard);
	*it = (session_set){c->set, LUA_NOREF, LUA_NOREF};
	push_values(L, s, c->set, "set", set_index);
	lua_pushvalue(L, -1);
	guard_push(L);
	it->guard = luaL_ref(L, LUA_REGISTRYINDEX);
	it->ref = luaL_ref(L, LUA_REGISTRYINDEX);
	host_end(s, left);
	return it;
}
