/* bind_audience.c: creator.audience.<dimension>.<segment>: shares, read once per creator. A dimension without rows
 * marks the evaluation; so does an absent segment, unless the listed ones leave nothing for it. */
#include "script/session.h"

static const char *const dimensions[] = {"country",  "city",     "gender", "age", "gender_age",
                                         "language", "interest", "type",   NULL};

static bool is_dimension(str name) {
	for (int i = 0; dimensions[i]; i++)
		if (str_is(name, dimensions[i]))
			return true;
	return false;
}

/* A segment that is not listed. Upvalues: the dimension, whether the listed shares are all there is. */
static int segment_index(lua_State *L) {
	if (lua_type(L, 2) != LUA_TSTRING)
		return luaL_error(L, "segments of audience.%s have names; this is a %s", lua_tostring(L, lua_upvalueindex(1)),
		                  luaL_typename(L, 2));
	if (lua_toboolean(L, lua_upvalueindex(2))) {
		lua_pushinteger(L, 0);
		return 1;
	}
	session_mark(script_of(L)->session, "audience.%s", lua_tostring(L, lua_upvalueindex(1)));
	return 0;
}

/* A dimension without rows. */
static int dimension_index(lua_State *L) {
	str name = check_name(L, 2, "audience");
	if (!is_dimension(name))
		return unknown_field(L, "creator.audience", -1, NULL, dimensions, name);
	session_mark(script_of(L)->session, "audience.%s", name.p);
	return 0;
}

typedef struct shares { /* the columns of an audience row */
	int dimension, segment, share;
} shares;

static bool find_columns(const session *s, shares *out) {
	const catalogue *c = s->plan.catalogue;
	int at_field[] = {catalogue_find(c, TABLE_AUDIENCE, STR("dimension")),
	                  catalogue_find(c, TABLE_AUDIENCE, STR("segment")),
	                  catalogue_find(c, TABLE_AUDIENCE, STR("share"))};
	*out = (shares){-1, -1, -1};
	if (!c->present[TABLE_AUDIENCE] || at_field[0] < 0 || at_field[1] < 0 || at_field[2] < 0)
		return false;
	*out = (shares){fetch_slot(s, TABLE_AUDIENCE, at_field[0]), fetch_slot(s, TABLE_AUDIENCE, at_field[1]),
	                fetch_slot(s, TABLE_AUDIENCE, at_field[2])};
	return true;
}

/* Adds the chunk's rows to the audience at index `it`, and their shares to the sums behind it. */
static void add_rows(lua_State *L, int it, const frame *f, const shares *at) {
	for (int i = 0; i < f->rows; i++) {
		str dimension = f->columns[at->dimension].text[i], segment = f->columns[at->segment].text[i];
		double share = f->columns[at->share].num[i];
		if (!dimension.p || !segment.p || share != share)
			continue;
		lua_pushlstring(L, dimension.p, dimension.n); // name
		lua_pushvalue(L, -1);
		if (lua_rawget(L, it) != LUA_TTABLE) { // name nil
			lua_pop(L, 1);
			lua_newtable(L);
			lua_pushvalue(L, -2);
			lua_pushvalue(L, -2);
			lua_rawset(L, it); // name dimension
		}
		lua_pushlstring(L, segment.p, segment.n);
		lua_pushnumber(L, share);
		lua_rawset(L, -3);
		lua_pushvalue(L, -2);
		lua_rawget(L, it + 1);
		lua_pushnumber(L, share + lua_tonumber(L, -1)); // name dimension before sum
		lua_pushvalue(L, -4);
		lua_insert(L, -2);
		lua_rawset(L, it + 1); // name dimension before
		lua_pop(L, 3);
	}
}

/* Gives each dimension of the audience at index `it` the metatable that answers for absent segments. */
static void close_dimensions(lua_State *L, int it) {
	for (lua_pushnil(L); lua_next(L, it); lua_pop(L, 1)) { // name dimension
		lua_pushvalue(L, -2);
		lua_pushvalue(L, -3);
		lua_rawget(L, it + 1);
		/* Interests overlap, so their shares never add up to a whole. */
		bool whole = lua_tonumber(L, -1) >= 1 - 1e-9 && strcmp(lua_tostring(L, -2), "interest") != 0;
		lua_pop(L, 1);
		lua_pushboolean(L, whole);
		lua_pushcclosure(L, segment_index, 2);
		push_meta(L, "creator.audience", true);
		if (!whole) {
			lua_pushfstring(L, "audience.%s", lua_tostring(L, -3));
			lua_setfield(L, -2, "open");
		}
		lua_setmetatable(L, -2);
	}
}

/* Leaves the creator's audience on the stack. */
static void read_audience(lua_State *L, session *s) {
	shares at;
	lua_newtable(L);
	int it = lua_gettop(L);
	lua_newtable(L);
	s->cost[TABLE_AUDIENCE] = 0;
	if (find_columns(s, &at)) {
		frame *f = &s->rows[TABLE_AUDIENCE];
		if (at.dimension < 0 || at.segment < 0 || at.share < 0)
			luaL_error(L, "the audience is read only where a rule writes creator.audience");
		if (rows_begin(s, TABLE_AUDIENCE) ||
		    cursor_rows_of(s->cursor, TABLE_AUDIENCE, s->creators, s->row, &s->error) ||
		    cursor_chunk(s->cursor, f, &s->error))
			session_broke(L, s);
		while (f->rows) {
			add_rows(L, it, f, &at);
			s->cost[TABLE_AUDIENCE] += 64 * (size_t)f->rows;
			if (cursor_chunk(s->cursor, f, &s->error))
				session_broke(L, s);
		}
	}
	close_dimensions(L, it);
	lua_settop(L, it);
	lua_pushcfunction(L, dimension_index);
	push_meta(L, "creator.audience", true);
	lua_pushliteral(L, "audience");
	lua_setfield(L, -2, "open");
	lua_setmetatable(L, it);
}

void audience_push(lua_State *L, session *s) {
	luaL_checkstack(L, 12, NULL);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_KEPT]);
	if (!(s->kept & 1u << TABLE_AUDIENCE)) {
		size_t left = host_begin(s);
		read_audience(L, s);
		lua_rawseti(L, -2, TABLE_AUDIENCE + 1);
		host_end(s, left);
		s->kept |= 1u << TABLE_AUDIENCE;
	}
	script_charge(L, s->cost[TABLE_AUDIENCE]);
	lua_rawgeti(L, -1, TABLE_AUDIENCE + 1);
	lua_remove(L, -2);
}

bool audience_find(lua_State *L, session *s, str path) {
	const char *dot = memchr(path.p, '.', path.n);
	str name = {path.p, dot ? (size_t)(dot - path.p) : path.n};
	audience_push(L, s);
	lua_pushlstring(L, name.p, name.n);
	if (lua_rawget(L, -2) != LUA_TTABLE) {
		lua_settop(L, lua_gettop(L) - 2);
		if (is_dimension(name))
			lua_pushnil(L);
		return is_dimension(name);
	}
	lua_remove(L, -2); // dimension
	if (!dot)
		return true;
	lua_pushlstring(L, dot + 1, path.n - name.n - 1);
	if (lua_rawget(L, -2) == LUA_TNIL && luaL_getmetafield(L, -2, "__index") == LUA_TFUNCTION) {
		lua_getupvalue(L, -1, 2);
		if (lua_toboolean(L, -1)) {
			lua_pushinteger(L, 0);
			return true;
		}
		lua_pushnil(L);
	}
	return true;
}
