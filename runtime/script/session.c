/* session.c: opens and closes a session, and makes the tables that functions are handed: read-only, and marking what
 * is missing. Uses bind_*.c for what the tables hold. Knows nothing of verdicts. */
#include "script/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/suggest.h"

static const char inner_mark;

void session_mark(session *s, const char *format, ...) {
	char name[sizeof *s->missing];
	if (s->driving)
		calls_marking(s);
	va_list args;
	va_start(args, format);
	vsnprintf(name, sizeof name, format, args);
	va_end(args);
	for (int i = 0; i < s->missing_count; i++)
		if (!strcmp(s->missing[i], name))
			return;
	if (s->missing_count < MISSING_MOST)
		strcpy(s->missing[s->missing_count++], name);
}

size_t host_begin(session *s) {
	size_t left = s->s->limit > s->s->used ? s->s->limit - s->s->used : 0;
	s->s->limit = s->s->used + HOST_MEMORY;
	return left;
}

void host_end(session *s, size_t left) { s->s->limit = s->s->used + left; }

int session_broke(lua_State *L, session *s) { return luaL_error(L, "%s", s->error.message); }

/* ---- tables of the host ---- */

static int host_write(lua_State *L) {
	const char *what = lua_tostring(L, lua_upvalueindex(1));
	if (lua_type(L, 2) == LUA_TSTRING)
		return luaL_error(L, "%s is read-only: '%s' cannot be set", what, lua_tostring(L, 2));
	return luaL_error(L, "%s is read-only", what);
}

void push_meta(lua_State *L, const char *name, bool walkable) {
	lua_createtable(L, 0, 5);           // index meta
	lua_insert(L, -2);                  // meta index
	lua_setfield(L, -2, "__index");     // meta
	lua_pushstring(L, name);            // meta name
	lua_pushvalue(L, -1);               // meta name name
	lua_setfield(L, -3, "__name");      // meta name
	lua_pushcclosure(L, host_write, 1); // meta write
	lua_setfield(L, -2, "__newindex");  // meta
	lua_pushboolean(L, 0);              // meta false
	lua_setfield(L, -2, "__metatable"); // meta
	if (!walkable) {
		lua_pushboolean(L, 1);           // meta true
		lua_rawsetp(L, -2, &host_table); // meta
	}
}

static int guard_read(lua_State *L) {
	lua_settop(L, 2);
	lua_gettable(L, lua_upvalueindex(1));
	if (lua_istable(L, -1))
		guard_push(L);
	return 1;
}

static int guard_length(lua_State *L) {
	lua_pushinteger(L, (lua_Integer)lua_rawlen(L, lua_upvalueindex(1)));
	return 1;
}

void guard_push(lua_State *L) {
	int it = lua_gettop(L);
	luaL_checkstack(L, 8, NULL);
	lua_newtable(L);                                       // it proxy
	lua_pushvalue(L, it);                                  // it proxy it
	lua_pushcclosure(L, guard_read, 1);                    // it proxy read
	if (luaL_getmetafield(L, it, "__name") != LUA_TSTRING) // it proxy read name
		lua_pushliteral(L, "what the host gives");
	lua_insert(L, -2);                       // it proxy name read
	push_meta(L, lua_tostring(L, -2), true); // it proxy name meta
	lua_pushvalue(L, it);                    // it proxy name meta it
	lua_pushcclosure(L, guard_length, 1);
	lua_setfield(L, -2, "__len");
	lua_pushvalue(L, it);
	lua_rawsetp(L, -2, &inner_mark);
	lua_pushvalue(L, it);
	bool walkable = true;
	if (lua_getmetatable(L, it)) {
		walkable = lua_rawgetp(L, -1, &host_table) != LUA_TBOOLEAN;
		lua_pop(L, 2);
	}
	if (!walkable) {
		lua_pop(L, 1);
		lua_pushboolean(L, 1);
	}
	lua_rawsetp(L, -2, &host_table); // it proxy name meta
	lua_setmetatable(L, it + 1);
	lua_settop(L, it + 1);
	lua_replace(L, it);
}

void push_inner(lua_State *L, int index) {
	luaL_checktype(L, index, LUA_TTABLE);
	index = lua_absindex(L, index);
	if (lua_getmetatable(L, index)) {
		if (lua_rawgetp(L, -1, &inner_mark) == LUA_TTABLE) {
			lua_remove(L, -2);
			return;
		}
		lua_pop(L, 2);
	}
	lua_pushvalue(L, index);
}

void push_cell(lua_State *L, enum kind kind, double num, str text) {
	if (kind == KIND_TEXT) {
		if (text.p)
			lua_pushlstring(L, text.p, text.n);
		else
			lua_pushnil(L);
	} else if (num != num) {
		lua_pushnil(L);
	} else if (kind == KIND_FLAG) {
		lua_pushboolean(L, num != 0);
	} else if (fabs(num) < 9e15 && num == (double)(lua_Integer)num) {
		lua_pushinteger(L, (lua_Integer)num);
	} else {
		lua_pushnumber(L, num);
	}
}

void push_slot(lua_State *L, const frame *f, int slot, int row) {
	enum kind kind = frame_kind(f, slot);
	if (kind == KIND_TEXT)
		push_cell(L, kind, 0, f->columns[slot].text[row]);
	else
		push_cell(L, kind, f->columns[slot].num[row], (str){NULL, 0});
}

int fetch_slot(const session *s, enum table t, int at) {
	const fetch *want = s->plan.want;
	for (int i = 0; i < want->count[t]; i++)
		if (want->field[t][i] == at)
			return i;
	return -1;
}

str check_name(lua_State *L, int index, const char *what) {
	str name;
	if (lua_type(L, index) != LUA_TSTRING)
		luaL_error(L, "fields of %s have names; this is a %s", what, luaL_typename(L, index));
	name.p = lua_tolstring(L, index, &name.n);
	return name;
}

int unknown_field(lua_State *L, const char *what, int table, const values *also, const char *const *more, str name) {
	const catalogue *c = script_of(L)->session->plan.catalogue;
	char hint[160];
	suggest near;
	suggest_begin(&near, name);
	for (int i = 0; table >= 0 && i < c->count[table]; i++)
		suggest_try(&near, str_of(c->fields[table][i].name));
	for (int i = 0; also && i < also->count; i++)
		suggest_try(&near, also->items[i].name);
	for (int i = 0; more && more[i]; i++)
		suggest_try(&near, str_of(more[i]));
	suggest_text(&near, hint, sizeof hint);
	lua_pushlstring(L, name.p, name.n < 80 ? name.n : 80);
	return luaL_error(L, "%s has no field '%s'%s", what, lua_tostring(L, -1), hint);
}

kol_status rows_begin(session *s, enum table t) {
	if (!s->cursor)
		return error_set(&s->error, KOL_E_BUG, "functions have no roster to read %s from", table_plurals[t]);
	if (!s->ready[t]) {
		kol_status status = frame_init(&s->rows[t], t, s->plan.catalogue, s->plan.want, &s->error);
		if (status)
			return status;
		s->ready[t] = true;
	}
	return KOL_OK;
}

/* ---- opening ---- */

/* Which columns of t some function names; the others are not worth handing over. */
static bool choose_slots(session *s, int which, enum table t) {
	const fetch *want = s->plan.want;
	s->slots[which] = calloc((size_t)want->count[t] + 1, sizeof(int));
	for (int i = 0; s->slots[which] && i < want->count[t]; i++) {
		str name = str_of(s->plan.catalogue->fields[t][want->field[t][i]].name);
		bool named = false;
		for (int k = 0; k < s->s->check_count && !named; k++)
			for (int n = 0; n < s->s->checks[k].name_count && !named; n++)
				named = str_eq(s->s->checks[k].names[n], name);
		if (named)
			s->slots[which][s->slot_count[which]++] = i;
	}
	return s->slots[which] != NULL;
}

static int open_state(lua_State *L) {
	session *s = lua_touserdata(L, 1);
	campaign_open(L, s);
	rows_open(L, s);
	creator_open(L, s);
	post_open(L, s);
	calls_open(L, s);
	return 0;
}

static void begin(session *s) {
	script_begin(s->s, 0, CALL_WORK, LOAD_MEMORY, false);
	s->hooked = false;
}

kol_status session_open(script *s, const session_plan *plan, session **out, kol_error *err) {
	session *it = calloc(1, sizeof *it);
	*out = NULL;
	if (!it)
		return error_memory(err);
	it->s = s;
	it->plan = *plan;
	it->row = -1;
	for (int i = 0; i < REF_COUNT; i++)
		it->ref[i] = LUA_NOREF;
	it->reader = reader_new(plan->asked, err);
	it->sets = calloc((size_t)s->check_count + 1, sizeof *it->sets);
	for (int i = 0; it->sets && i < s->check_count; i++)
		it->sets[i] = (session_set){NULL, LUA_NOREF, LUA_NOREF};
	bool fine = it->reader && it->sets && choose_slots(it, 0, TABLE_CREATOR) && choose_slots(it, 1, TABLE_POST);
	session *before = s->session;
	s->session = it;
	if (fine) {
		begin(it);
		lua_gc(s->L, LUA_GCSTOP);
		lua_settop(s->L, 0);
		lua_pushcfunction(s->L, open_state);
		lua_pushlightuserdata(s->L, it);
		fine = lua_pcall(s->L, 1, 0, 0) == LUA_OK;
		lua_settop(s->L, 0);
	}
	if (!fine) {
		session_close(it);
		s->session = before;
		return error_memory(err);
	}
	*out = it;
	return KOL_OK;
}

void session_close(session *s) {
	if (!s)
		return;
	lua_State *L = s->s->L;
	begin(s);
	for (int t = 0; t < TABLE_COUNT; t++)
		if (s->ready[t])
			frame_free(&s->rows[t]);
	for (int i = 0; i < REF_COUNT; i++)
		luaL_unref(L, LUA_REGISTRYINDEX, s->ref[i]);
	for (int i = 0; s->sets && i < s->s->check_count; i++) {
		luaL_unref(L, LUA_REGISTRYINDEX, s->sets[i].ref);
		luaL_unref(L, LUA_REGISTRYINDEX, s->sets[i].guard);
	}
	if (s->s->session == s)
		s->s->session = NULL;
	free(s->sets);
	free(s->listed);
	free(s->slots[0]);
	free(s->slots[1]);
	buffer_free(&s->text);
	reader_free(s->reader);
	arena_free(&s->scratch);
	free(s);
}

void session_batch(session *s, cursor *c, const frame *creators, const coverage *covered) {
	s->cursor = c;
	s->creators = creators;
	s->covered = covered;
	s->row = -1;
	s->posts = NULL;
}

void session_stand(session *s, volatile int32_t *rule_index, const struct kol_ruleset *r) {
	s->stand = rule_index;
	s->ruleset = r;
}
