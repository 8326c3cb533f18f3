/* bind_rows.c: creator:posts { within = 90, sponsored = true } and its like. The rows of a creator are read once and
 * kept; a call hands over those that fit, and marks the evaluation where the roster does not have them all. */
#include <math.h>

#include "base/clock.h"
#include "script/session.h"

static const char *const filters[] = {"within", NULL};
static const char *const row_methods[] = {"known", "get", NULL};

/* ---- one row ---- */

/* The value of a row's field without marking; raises an error for a field there is not. Argument 1: the row. */
static void push_asked(lua_State *L, enum table t) {
	session *s = script_of(L)->session;
	str name = check_name(L, 2, table_names[t]);
	int at = catalogue_find(s->plan.catalogue, t, name);
	if (at < 0 && t == TABLE_POST && words_push(L, name))
		return;
	if (at < 0)
		unknown_field(L, table_names[t], (int)t, NULL, t == TABLE_POST ? words_names : row_methods, name);
	if (fetch_slot(s, t, at) < 0)
		luaL_error(L, "%s.%s is read only where a rule writes that name", table_names[t], name.p);
	push_inner(L, 1);
	lua_pushvalue(L, 2);
	lua_rawget(L, -2);
}

static int row_known(lua_State *L) {
	lua_settop(L, 2);
	push_asked(L, (enum table)lua_tointeger(L, lua_upvalueindex(1)));
	lua_pushboolean(L, !lua_isnil(L, -1));
	return 1;
}

static int row_get(lua_State *L) {
	lua_settop(L, 3);
	push_asked(L, (enum table)lua_tointeger(L, lua_upvalueindex(1)));
	if (lua_isnil(L, -1))
		lua_pushvalue(L, 3);
	return 1;
}

/* A field that is not in the row. Upvalues: the table, known, get. */
static int row_index(lua_State *L) {
	session *s = script_of(L)->session;
	enum table t = (enum table)lua_tointeger(L, lua_upvalueindex(1));
	str name = check_name(L, 2, table_names[t]);
	if (str_is(name, "known") || str_is(name, "get")) {
		lua_pushvalue(L, lua_upvalueindex(name.p[0] == 'k' ? 2 : 3));
		return 1;
	}
	push_asked(L, t);
	if (lua_isnil(L, -1) && catalogue_find(s->plan.catalogue, t, name) >= 0)
		session_mark(s, "%s.%s", table_names[t], name.p);
	return 1;
}

static void push_row_meta(lua_State *L, enum table t) {
	lua_pushinteger(L, t);
	lua_pushinteger(L, t);
	lua_pushcclosure(L, row_known, 1);
	lua_pushinteger(L, t);
	lua_pushcclosure(L, row_get, 1);
	lua_pushcclosure(L, row_index, 3);
	push_meta(L, table_names[t], false);
}

void rows_open(lua_State *L, session *s) {
	const catalogue *c = s->plan.catalogue;
	lua_createtable(L, TABLE_COUNT, 0); // keys
	lua_createtable(L, TABLE_COUNT, 0); // keys metas
	lua_createtable(L, TABLE_COUNT, 0); // keys metas kept
	for (int t = 0; t < TABLE_COUNT; t++) {
		lua_createtable(L, s->plan.want->count[t], 0);
		for (int i = 0; i < s->plan.want->count[t]; i++) {
			lua_pushstring(L, c->fields[t][s->plan.want->field[t][i]].name);
			lua_rawseti(L, -2, i + 1);
		}
		lua_rawseti(L, -4, t);
		push_row_meta(L, (enum table)t);
		lua_rawseti(L, -3, t);
		lua_pushboolean(L, 0);
		lua_rawseti(L, -2, t + 1);
	}
	s->ref[REF_KEPT] = luaL_ref(L, LUA_REGISTRYINDEX);
	s->ref[REF_ROW_META] = luaL_ref(L, LUA_REGISTRYINDEX);
	s->ref[REF_KEYS] = luaL_ref(L, LUA_REGISTRYINDEX);
}

/* ---- reading ---- */

/* Pushes row i of f as a table. keys, meta: where the names and the metatable are on the stack. */
static void push_row(lua_State *L, session *s, const frame *f, int i, int keys, int meta) {
	int n = s->plan.want->count[f->table];
	lua_createtable(L, 0, n);
	for (int slot = 0; slot < n; slot++) {
		lua_rawgeti(L, keys, slot + 1);
		push_slot(L, f, slot, i);
		lua_rawset(L, -3);
		if (frame_kind(f, slot) == KIND_TEXT)
			s->cost[f->table] += f->columns[slot].text[i].n;
	}
	lua_pushvalue(L, meta);
	lua_setmetatable(L, -2);
	s->cost[f->table] += 64 * (size_t)(1 + n);
}

/* Leaves the list of the creator's rows on the stack. */
static void read_rows(lua_State *L, session *s, enum table t) {
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_KEYS]);
	lua_rawgeti(L, -1, t);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_ROW_META]);
	lua_rawgeti(L, -1, t);
	int meta = lua_gettop(L), keys = meta - 2;
	lua_newtable(L);
	frame *f = &s->rows[t];
	s->cost[t] = 0;
	if (rows_begin(s, t) || cursor_rows_of(s->cursor, t, s->creators, s->row, &s->error))
		session_broke(L, s);
	for (lua_Integer n = 0;;) {
		if (cursor_chunk(s->cursor, f, &s->error))
			session_broke(L, s);
		if (!f->rows)
			return;
		for (int i = 0; i < f->rows; i++) {
			push_row(L, s, f, i, keys, meta);
			lua_rawseti(L, -2, ++n);
		}
	}
}

static void push_rows(lua_State *L, session *s, enum table t) {
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_KEPT]);
	if (!(s->kept & 1u << t)) {
		int top = lua_gettop(L);
		size_t left = host_begin(s);
		read_rows(L, s, t);
		lua_rawseti(L, top, t + 1);
		lua_settop(L, top);
		host_end(s, left);
		s->kept |= 1u << t;
	}
	script_charge(L, s->cost[t]);
	lua_rawgeti(L, -1, t + 1);
	lua_remove(L, -2);
}

/* ---- creator:posts(filter) ---- */

static void need_coverage(session *s, enum table t, double within) {
	static const enum covered kinds[TABLE_COUNT] = {[TABLE_POST] = COVERED_POSTS,
	                                                [TABLE_COMMENT] = COVERED_COMMENTS,
	                                                [TABLE_PARTNERSHIP] = COVERED_PARTNERSHIPS,
	                                                [TABLE_HISTORY] = COVERED_HISTORY,
	                                                [TABLE_CREDENTIAL] = COVERED_CREDENTIALS};
	/* Whole days: 90 days old is all that is not yet 91. */
	int64_t from = isinf(within) ? INT64_MIN : s->plan.as_of - ((int64_t)within + 1) * DAY_SECONDS + 1;
	if (s->plan.assume & 1u << kinds[t] ||
	    (s->covered && coverage_holds(s->covered, kinds[t], s->row, from, s->plan.as_of)))
		return;
	if (isinf(within))
		session_mark(s, "%s", table_plurals[t]);
	else
		session_mark(s, "%s of the last %.0f days", table_plurals[t], floor(within));
}

/* Checks the filter at index 2: its names are fields of t, and compared with values of their kind. */
static void check_filter(lua_State *L, session *s, enum table t) {
	const catalogue *c = s->plan.catalogue;
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		str name = check_name(L, -2, table_names[t]);
		if (str_is(name, "within"))
			continue;
		int at = catalogue_find(c, t, name);
		if (at < 0)
			unknown_field(L, table_names[t], (int)t, NULL, filters, name);
		if (fetch_slot(s, t, at) < 0)
			luaL_error(L, "%s.%s is read only where a rule writes that name", table_names[t], name.p);
		enum kind kind = c->fields[t][at].kind;
		int wanted = kind == KIND_TEXT ? LUA_TSTRING : kind == KIND_FLAG ? LUA_TBOOLEAN : LUA_TNUMBER;
		if (lua_type(L, -1) != wanted)
			luaL_error(L, "%s.%s is %s; it is never %s", table_names[t], name.p, kind_name(kind), luaL_typename(L, -1));
	}
}

static double check_within(lua_State *L, session *s, enum table t) {
	double within = INFINITY;
	if (lua_getfield(L, 2, "within") != LUA_TNIL) {
		within = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
		int at = catalogue_find(s->plan.catalogue, t, STR("age_days"));
		if (at < 0 || fetch_slot(s, t, at) < 0)
			luaL_error(L, "%s have no date; within cannot choose among them", table_plurals[t]);
		if (!(within >= 0 && within <= 100000))
			luaL_error(L, "within is a number of days from 0 to 100000");
	}
	lua_pop(L, 1);
	return within;
}

/* Does the row on top fit? Only where no part of the filter speaks against it, what is missing marks. */
static bool row_fits(lua_State *L, session *s, enum table t, double within) {
	int row = lua_gettop(L);
	bool missing = false;
	for (int pass = 0; pass < 2; pass++) {
		if (!isinf(within)) {
			lua_pushliteral(L, "age_days");
			if (lua_rawget(L, row) == LUA_TNIL)
				missing = true;
			else if (lua_tonumber(L, -1) > within)
				return false;
			if (pass && lua_isnil(L, -1))
				session_mark(s, "%s.age_days", table_names[t]);
			lua_settop(L, row);
		}
		for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) { // … name wanted
			if (!strcmp(lua_tostring(L, -2), "within"))
				continue;
			lua_pushvalue(L, -2);
			bool absent = lua_rawget(L, row) == LUA_TNIL;
			bool same = lua_rawequal(L, -1, -2);
			lua_pop(L, 1);
			missing |= absent;
			if (pass && absent)
				session_mark(s, "%s.%s", table_names[t], lua_tostring(L, -2));
			if (!absent && !same) {
				lua_settop(L, row);
				return false;
			}
		}
		if (!missing)
			return true;
	}
	return false;
}

int rows_method(lua_State *L) {
	session *s = script_of(L)->session;
	enum table t = (enum table)lua_tointeger(L, lua_upvalueindex(1));
	lua_settop(L, 2);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_CREATOR]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_CREATOR_GUARD]);
	if (!lua_rawequal(L, 1, 3) && !lua_rawequal(L, 1, 4))
		return luaL_error(L, "write creator:%s { … }, with a colon", table_plurals[t]);
	lua_settop(L, 2);
	if (lua_isnil(L, 2))
		lua_newtable(L);
	else if (!unfrozen(L, 2))
		return luaL_error(L, "creator:%s takes a table such as { within = 90 }", table_plurals[t]);
	lua_replace(L, 2); // creator filter
	check_filter(L, s, t);
	double within = check_within(L, s, t);
	need_coverage(s, t, within);
	lua_newtable(L); // creator filter list
	if (!s->plan.catalogue->present[t])
		return 1;
	push_rows(L, s, t); // creator filter list rows
	lua_Integer n = 0, count = (lua_Integer)lua_rawlen(L, 4);
	for (lua_Integer i = 1; i <= count; i++) {
		lua_rawgeti(L, 4, i);
		if (row_fits(L, s, t, within)) {
			if (s->guarded)
				guard_push(L);
			lua_rawseti(L, 3, ++n);
		}
		lua_settop(L, 4);
	}
	lua_pop(L, 1);
	return 1;
}
