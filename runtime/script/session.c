/* session.c: calls check functions on creators and posts, under counted budgets. Serves their fields, and marks an
 * evaluation that reads a missing one: it ends unknown whatever the function returns. Knows nothing of verdicts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "rules/template.h"
#include "script/state.h"

#define MISSING_MOST 64
#define COLLECT_EVERY ((size_t)8 << 20)

struct session {
	script *s;
	session_plan plan;
	cursor *cursor;
	const frame *creators;
	const coverage *covered;
	volatile int32_t *stand;
	const struct kol_ruleset *ruleset;
	frame rows[TABLE_COUNT];
	bool ready[TABLE_COUNT];
	int row, raw_row; /* the creator at hand; the one the cached table is of */
	int campaign, creator;
	int meta[TABLE_COUNT];
	size_t collected; /* bytes held after the last collection */
	char missing[MISSING_MOST][96];
	int missing_count;
};

static const char fail_mark, unknown_mark;

static int bind(lua_State *L, const char *mark) {
	lua_settop(L, 4);
	luaL_checktype(L, 1, LUA_TSTRING);
	lua_createtable(L, 4, 1);
	lua_pushboolean(L, 1);
	lua_rawsetp(L, 5, mark);
	for (int i = 1; i <= 4; i++) {
		lua_pushvalue(L, i);
		lua_rawseti(L, 5, i);
	}
	return 1;
}
int bind_fail(lua_State *L) { return bind(L, &fail_mark); }
int bind_unknown(lua_State *L) { return bind(L, &unknown_mark); }

static void mark(session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void mark(session *s, const char *format, ...) {
	char name[96];
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

static void push_number(lua_State *L, double v) {
	if (v == floor(v) && fabs(v) < 9e15)
		lua_pushinteger(L, (lua_Integer)v);
	else
		lua_pushnumber(L, v);
}

/* Pushes a cell; false (nothing pushed) where it is missing. */
static bool push_cell(lua_State *L, enum kind kind, double num, str text) {
	if (kind == KIND_TEXT) {
		if (!text.p)
			return false;
		lua_pushlstring(L, text.p, text.n);
	} else if (isnan(num)) {
		return false;
	} else if (kind == KIND_FLAG) {
		lua_pushboolean(L, num != 0);
	} else {
		push_number(L, num);
	}
	return true;
}

static bool push_slot(lua_State *L, const frame *f, int slot, int row) {
	enum kind kind = frame_kind(f, slot);
	bool text = kind == KIND_TEXT;
	return push_cell(L, kind, text ? 0 : f->columns[slot].num[row], text ? f->columns[slot].text[row] : (str){0});
}

static void push_row(lua_State *L, session *s, const frame *f, int row) {
	int n = f->fetch->count[f->table];
	lua_createtable(L, 0, n);
	for (int i = 0; i < n; i++)
		if (push_slot(L, f, i, row))
			lua_setfield(L, -2, f->catalogue->fields[f->table][f->fetch->field[f->table][i]].name);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->meta[f->table]);
	lua_setmetatable(L, -2);
}

static kol_status rows_begin(session *s, enum table t, kol_error *err) {
	if (!s->cursor)
		return error_set(err, KOL_E_BUG, "no rows can be read here");
	if (!s->ready[t]) {
		kol_status status = frame_init(&s->rows[t], t, s->plan.catalogue, s->plan.want, err);
		if (status)
			return status;
		s->ready[t] = true;
	}
	return cursor_rows_of(s->cursor, t, s->creators, s->row, err);
}

static bool row_fits(lua_State *L, const double within, int filter, int row) {
	lua_getfield(L, row, "age_days");
	bool fits = isinf(within) || (lua_isnumber(L, -1) && lua_tonumber(L, -1) <= within);
	lua_pop(L, 1);
	if (!filter)
		return fits;
	for (lua_pushnil(L); fits && lua_next(L, filter); lua_pop(L, 1)) {
		if (lua_type(L, -2) == LUA_TSTRING && !strcmp(lua_tostring(L, -2), "within"))
			continue;
		lua_pushvalue(L, -2);
		lua_gettable(L, row);
		fits = lua_rawequal(L, -1, -2);
		lua_pop(L, 1);
	}
	lua_settop(L, row);
	return fits;
}

static void need_coverage(session *s, enum table t, double within) {
	static const int kinds[TABLE_COUNT] = {[TABLE_POST] = COVERED_POSTS,
	                                       [TABLE_COMMENT] = COVERED_COMMENTS,
	                                       [TABLE_PARTNERSHIP] = COVERED_PARTNERSHIPS,
	                                       [TABLE_HISTORY] = COVERED_HISTORY,
	                                       [TABLE_CREDENTIAL] = COVERED_CREDENTIALS};
	enum covered of = (enum covered)kinds[t];
	int64_t from = isinf(within) ? INT64_MIN : s->plan.as_of - (int64_t)(within * DAY_SECONDS);
	if (s->plan.assume & 1u << of || (s->covered && coverage_holds(s->covered, of, s->row, from, s->plan.as_of)))
		return;
	if (isinf(within))
		mark(s, "%s", table_plurals[t]);
	else
		mark(s, "%s of the last %.0f days", table_plurals[t], within);
}

/* creator:posts{ within = 90, sponsored = true } */
static int creator_rows(lua_State *L) {
	session *s = script_of(L)->session;
	enum table t = (enum table)lua_tointeger(L, lua_upvalueindex(1));
	int filter = lua_istable(L, 2) ? 2 : 0;
	double within = INFINITY;
	lua_settop(L, 2);
	if (filter && lua_getfield(L, 2, "within") != LUA_TNIL)
		within = luaL_checknumber(L, -1);
	if (!(within >= 0) || (!isinf(within) && within > 100000))
		return luaL_error(L, "within is a number of days from 0 to 100000");
	lua_settop(L, 2);
	need_coverage(s, t, within);
	lua_newtable(L);
	kol_error e = {0};
	if (rows_begin(s, t, &e))
		return luaL_error(L, "%s", e.message);
	frame *f = &s->rows[t];
	for (lua_Integer n = 0;;) {
		if (cursor_chunk(s->cursor, f, &e))
			return luaL_error(L, "%s", e.message);
		if (!f->rows)
			return 1;
		for (int i = 0; i < f->rows; i++) {
			script_charge(L, 64 * (size_t)(1 + f->fetch->count[t]));
			push_row(L, s, f, i);
			if (row_fits(L, within, filter, 4))
				lua_rawseti(L, 3, ++n);
			lua_settop(L, 3);
		}
	}
}

/* Pushes a creator's field; nil where missing. False: there is no such field. */
static bool push_field(lua_State *L, session *s, str name) {
	int at = catalogue_find(s->plan.catalogue, TABLE_CREATOR, name);
	if (at < 0)
		return false;
	const fetch *want = s->plan.want;
	for (int i = 0; i < want->count[TABLE_CREATOR]; i++)
		if (want->field[TABLE_CREATOR][i] == at) {
			if (!push_slot(L, s->creators, i, s->row))
				lua_pushnil(L);
			return true;
		}
	double num = NAN;
	str text = {0};
	kol_error e = {0};
	frame *f = &s->rows[TABLE_CREATOR];
	if (!s->ready[TABLE_CREATOR]) {
		if (frame_init(f, TABLE_CREATOR, s->plan.catalogue, want, &e))
			luaL_error(L, "%s", e.message);
		s->ready[TABLE_CREATOR] = true;
	}
	if (!s->cursor)
		luaL_error(L, "creator.%s was not read", name.p);
	if (cursor_cell(s->cursor, TABLE_CREATOR, s->creators->creator_id[s->row], at, f, &num, &text, &e))
		luaL_error(L, "%s", e.message);
	if (!push_cell(L, s->plan.catalogue->fields[TABLE_CREATOR][at].kind, num, text))
		lua_pushnil(L);
	return true;
}

static int creator_known(lua_State *L) {
	str name;
	name.p = luaL_checklstring(L, 2, &name.n);
	if (!push_field(L, script_of(L)->session, name))
		return luaL_error(L, "creator has no field '%s'", name.p);
	lua_pushboolean(L, !lua_isnil(L, -1));
	return 1;
}

static int creator_get(lua_State *L) {
	str name;
	name.p = luaL_checklstring(L, 2, &name.n);
	lua_settop(L, 3);
	if (!push_field(L, script_of(L)->session, name))
		return luaL_error(L, "creator has no field '%s'", name.p);
	if (lua_isnil(L, -1))
		lua_pushvalue(L, 3);
	return 1;
}

static int segment_read(lua_State *L) {
	session *s = script_of(L)->session;
	lua_getmetatable(L, 1);
	lua_getfield(L, -1, "whole");
	if (lua_toboolean(L, -1)) {
		lua_pushinteger(L, 0);
		return 1;
	}
	lua_getfield(L, -2, "dimension");
	mark(s, "audience.%s", lua_tostring(L, -1));
	return 0;
}

static int host_write(lua_State *L) { return luaL_error(L, "what the host gives cannot be changed"); }

/* Pushes creator.audience.<dimension>; nil where it has no rows. */
static int dimension_read(lua_State *L) {
	session *s = script_of(L)->session;
	str want;
	want.p = luaL_checklstring(L, 2, &want.n);
	kol_error e = {0};
	if (rows_begin(s, TABLE_AUDIENCE, &e))
		return luaL_error(L, "%s", e.message);
	frame *f = &s->rows[TABLE_AUDIENCE];
	double sum = 0;
	int rows = 0;
	lua_settop(L, 2);
	lua_newtable(L);
	for (;;) {
		if (cursor_chunk(s->cursor, f, &e))
			return luaL_error(L, "%s", e.message);
		if (!f->rows)
			break;
		for (int i = 0; i < f->rows; i++) {
			push_row(L, s, f, i);
			lua_pushliteral(L, "dimension");
			lua_rawget(L, 4);
			lua_pushliteral(L, "segment");
			lua_rawget(L, 4);
			lua_pushliteral(L, "share");
			lua_rawget(L, 4);
			if (lua_type(L, 5) == LUA_TSTRING && str_is(want, lua_tostring(L, 5)) && lua_isstring(L, 6)) {
				rows++;
				sum += lua_isnumber(L, 7) ? lua_tonumber(L, 7) : 0;
				lua_rawset(L, 3);
			}
			lua_settop(L, 3);
		}
	}
	if (!rows) {
		mark(s, "audience.%s", want.p);
		return 0;
	}
	lua_createtable(L, 0, 4);
	lua_pushcfunction(L, segment_read);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, host_write);
	lua_setfield(L, -2, "__newindex");
	lua_pushboolean(L, sum >= 1 - 1e-9);
	lua_setfield(L, -2, "whole");
	lua_pushvalue(L, 2);
	lua_setfield(L, -2, "dimension");
	lua_setmetatable(L, 3);
	return 1;
}

static int row_read(lua_State *L) {
	session *s = script_of(L)->session;
	enum table t = (enum table)lua_tointeger(L, lua_upvalueindex(1));
	str name;
	if (lua_type(L, 2) != LUA_TSTRING)
		return 0;
	name.p = lua_tolstring(L, 2, &name.n);
	if (t == TABLE_CREATOR) {
		for (int i = TABLE_POST; i <= TABLE_CREDENTIAL; i++)
			if (str_is(name, table_plurals[i])) {
				lua_pushinteger(L, i);
				lua_pushcclosure(L, creator_rows, 1);
				return 1;
			}
		if (str_is(name, "known") || str_is(name, "get")) {
			lua_pushcfunction(L, name.p[0] == 'k' ? creator_known : creator_get);
			return 1;
		}
		if (str_is(name, "audience")) {
			lua_newtable(L);
			lua_createtable(L, 0, 2);
			lua_pushcfunction(L, dimension_read);
			lua_setfield(L, -2, "__index");
			lua_pushcfunction(L, host_write);
			lua_setfield(L, -2, "__newindex");
			lua_setmetatable(L, -2);
			return 1;
		}
		if (push_field(L, s, name)) {
			if (lua_isnil(L, -1))
				mark(s, "creator.%s", name.p);
			return 1;
		}
	} else if (catalogue_find(s->plan.catalogue, t, name) >= 0) {
		mark(s, "%s.%s", table_names[t], name.p);
		return 0;
	}
	char sentence[256];
	return luaL_error(L, "%s", catalogue_unknown(s->plan.catalogue, t, name, sentence, sizeof sentence));
}

static void push_value(lua_State *L, const value *v) {
	if (v->shape == VALUE_ONE) {
		if (!push_cell(L, v->kind, v->num, v->text))
			lua_pushnil(L);
		return;
	}
	if (v->shape == VALUE_MISSING) {
		lua_pushnil(L);
		return;
	}
	luaL_checkstack(L, 4, NULL);
	lua_createtable(L, v->count, 0);
	for (int i = 0; i < v->count; i++) {
		if (v->shape == VALUE_TABLE) {
			lua_pushlstring(L, v->members[i].name.p, v->members[i].name.n);
			push_value(L, &v->members[i].v);
			lua_rawset(L, -3);
			continue;
		}
		if (v->kind == KIND_TEXT)
			lua_pushlstring(L, v->texts[i].p, v->texts[i].n);
		else
			push_number(L, v->nums[i]);
		lua_rawseti(L, -2, i + 1);
	}
}

static void push_values(lua_State *L, const values *v) {
	lua_createtable(L, 0, v ? v->count : 0);
	for (int i = 0; v && i < v->count; i++) {
		lua_pushlstring(L, v->items[i].name.p, v->items[i].name.n);
		push_value(L, &v->items[i].v);
		lua_rawset(L, -3);
	}
	freeze(L);
}

static int open_state(lua_State *L) {
	session *s = lua_touserdata(L, 1);
	for (int t = 0; t < TABLE_COUNT; t++) {
		lua_createtable(L, 0, 3);
		lua_pushinteger(L, t);
		lua_pushcclosure(L, row_read, 1);
		lua_setfield(L, -2, "__index");
		lua_pushcfunction(L, host_write);
		lua_setfield(L, -2, "__newindex");
		lua_pushboolean(L, 0);
		lua_setfield(L, -2, "__metatable");
		s->meta[t] = luaL_ref(L, LUA_REGISTRYINDEX);
	}
	push_values(L, s->plan.campaign);
	s->campaign = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

kol_status session_open(script *s, const session_plan *plan, session **out, kol_error *err) {
	session *it = calloc(1, sizeof *it);
	*out = NULL;
	if (!it)
		return error_memory(err);
	it->s = s;
	it->plan = *plan;
	script_begin(s, LOAD_INSTRUCTIONS, LOAD_WORK, LOAD_MEMORY, false);
	lua_gc(s->L, LUA_GCSTOP);
	lua_pushcfunction(s->L, open_state);
	lua_pushlightuserdata(s->L, it);
	if (lua_pcall(s->L, 1, 0, 0)) {
		lua_settop(s->L, 0);
		free(it);
		return error_memory(err);
	}
	it->collected = s->used;
	*out = it;
	return KOL_OK;
}

void session_close(session *s) {
	if (!s)
		return;
	for (int t = 0; t < TABLE_COUNT; t++) {
		if (s->ready[t])
			frame_free(&s->rows[t]);
		luaL_unref(s->s->L, LUA_REGISTRYINDEX, s->meta[t]);
	}
	luaL_unref(s->s->L, LUA_REGISTRYINDEX, s->campaign);
	free(s);
}

void session_batch(session *s, cursor *c, const frame *creators, const coverage *covered) {
	s->cursor = c;
	s->creators = creators;
	s->covered = covered;
}

void session_stand(session *s, volatile int32_t *rule_index, const struct kol_ruleset *r) {
	s->stand = rule_index;
	s->ruleset = r;
}

static int evaluate(lua_State *L) {
	session *s = script_of(L)->session;
	const call *c = lua_touserdata(L, 1);
	lua_settop(L, 0);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->s->checks[c->rule->check - 1].ref);
	int count = 4;
	if (c->posts) {
		push_row(L, s, c->posts, c->post_row);
		count++;
	}
	push_row(L, s, s->creators, s->row);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->campaign);
	push_values(L, c->set);
	lua_pushstring(L, c->market);
	lua_call(L, count, 1);
	return 1;
}

typedef struct filling {
	lua_State *L;
	const values *set;
} filling;

static bool look(void *user, str name, template_value *out) {
	filling *f = user;
	lua_State *L = f->L;
	*out = (template_value){0};
	if (name.n > 4 && !memcmp(name.p, "set.", 4)) {
		const value *v = values_find(f->set, (str){name.p + 4, name.n - 4});
		if (!v || v->shape != VALUE_ONE)
			return false;
		*out = (template_value){v->kind == KIND_TEXT, v->text, v->num};
		return true;
	}
	if (!lua_istable(L, -1))
		return false;
	lua_pushlstring(L, name.p, name.n);
	lua_rawget(L, -2);
	int type = lua_type(L, -1);
	if (type == LUA_TNUMBER)
		out->number = lua_tonumber(L, -1);
	out->is_text = type == LUA_TSTRING;
	if (out->is_text)
		out->text.p = lua_tolstring(L, -1, &out->text.n); /* the values table keeps it */
	lua_pop(L, 1);
	return type == LUA_TNUMBER || type == LUA_TSTRING;
}

/* fail(message, values, evidence, { level = … }) on top of the stack. */
static void take_fail(lua_State *L, const call *c, call_result *r, arena *a) {
	int it = lua_gettop(L);
	str message;
	lua_rawgeti(L, it, 1);
	message.p = lua_tolstring(L, -1, &message.n);
	lua_rawgeti(L, it, 4);
	if (lua_istable(L, -1)) {
		static const char *const levels[] = {"note", "review", "reject"};
		lua_pushliteral(L, "level");
		lua_rawget(L, -2);
		for (int i = 0; i < 3 && lua_type(L, -1) == LUA_TSTRING; i++)
			if (!strcmp(lua_tostring(L, -1), levels[i]))
				r->level = (kol_level)i;
		lua_pop(L, 1);
	}
	lua_rawgeti(L, it, 2);
	filling f = {L, c->set};
	buffer b = {0};
	kol_error e = {0};
	r->outcome = KOL_FAIL;
	if (template_fill(message, look, &f, &b, &e)) {
		r->outcome = KOL_ERROR;
		r->message = str_of(arena_printf(a, "%s", e.message));
	} else {
		r->message = arena_str(a, (str){b.p ? b.p : "", b.n});
	}
	buffer_free(&b);
	lua_settop(L, it);
}

static void call_one(session *s, const call *c, call_result *r, arena *a) {
	lua_State *L = s->s->L;
	const check *k = &s->s->checks[c->rule->check - 1];
	memset(r, 0, sizeof *r);
	r->level = (kol_level)-1;
	s->missing_count = 0;
	if (s->stand && s->ruleset)
		*s->stand = (int32_t)(c->rule - s->ruleset->rules);
	script_begin(s->s, CALL_INSTRUCTIONS, CALL_WORK, CALL_MEMORY, k->hooked);
	lua_pushcfunction(L, evaluate);
	lua_pushlightuserdata(L, (void *)(uintptr_t)c);
	int failed = lua_pcall(L, 1, 1, 0);
	bool starved = s->s->starved;
	script_begin(s->s, 0, CALL_WORK, LOAD_MEMORY, false);
	lua_gc(L, LUA_GCSTOP);
	if (failed) {
		r->outcome = KOL_ERROR;
		r->memory = starved || failed == LUA_ERRMEM;
		const char *why =
		    lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "it raised an error without a sentence";
		if (r->memory)
			why = "it took more memory than a rule may take";
		r->message = str_of(arena_printf(a, "%.400s", why));
	} else if (lua_istable(L, -1) && lua_rawgetp(L, -1, &fail_mark) == LUA_TBOOLEAN) {
		lua_pop(L, 1);
		take_fail(L, c, r, a);
	} else if (lua_istable(L, 1) && lua_rawgetp(L, 1, &unknown_mark) == LUA_TBOOLEAN) {
		lua_rawgeti(L, 1, 1);
		r->outcome = KOL_UNKNOWN;
		r->message = str_of(arena_printf(a, "%.400s", lua_tostring(L, -1)));
	} else if (!lua_isnil(L, 1)) {
		r->outcome = KOL_ERROR;
		r->message = STR("the function returned something else than nothing, fail(…) or unknown(…)");
	}
	lua_settop(L, 0);
	if (!s->missing_count)
		return;
	r->outcome = KOL_UNKNOWN;
	r->memory = false;
	r->message = STR("what the rule needs is missing");
	r->missing = ARENA_ARRAY(a, str, s->missing_count);
	for (int i = 0; r->missing && i < s->missing_count; i++)
		r->missing[r->missing_count++] = arena_str(a, str_of(s->missing[i]));
}

kol_status session_call(session *s, int creator_row, const call *calls, int count, call_result *results, arena *a,
                        kol_error *err) {
	script *it = s->s;
	it->session = s;
	s->row = creator_row;
	for (int i = 0; i < count; i++) {
		call_one(s, &calls[i], &results[i], a);
		if (results[i].outcome != KOL_PASS && results[i].outcome != KOL_SKIP && !results[i].message.p)
			return error_memory(err);
	}
	if (it->used > s->collected + COLLECT_EVERY) {
		lua_gc(it->L, LUA_GCCOLLECT);
		s->collected = it->used;
	}
	return KOL_OK;
}
