/* bind_finding.c: fail(message, values, evidence, { level = … }) and unknown(reason): what a function returns, and how
 * it becomes a result. Uses template for the message. Runs under the function's own bounds. */
#include "script/session.h"

#include <stdlib.h>

#include "base/suggest.h"
#include "base/utf8.h"
#include "rules/template.h"

#define VALUES_MOST 64
#define EVIDENCE_MOST 100
#define TEXT_MOST 4000 /* bytes of a message or a quoted text */

static const char fail_mark = 0, unknown_mark = 0;

static int bind(lua_State *L, const char *mark) {
	lua_settop(L, 4);
	if (lua_type(L, 1) != LUA_TSTRING)
		return luaL_error(L, "%s begins with a sentence; this is a %s", mark == &fail_mark ? "fail(…)" : "unknown(…)",
		                  luaL_typename(L, 1));
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

/* Memory of the batch's arena ended: that is no fault of the rule. */
static void no_memory(lua_State *L, session *s) {
	error_memory(&s->error);
	session_broke(L, s);
}

/* Raises an error that names the rule's place: the function has returned, so there is no line. */
static void wrong(lua_State *L, const char *format, ...) {
	session *s = script_of(L)->session;
	const rule *r = s->calls[s->taking].rule;
	va_list args;
	va_start(args, format);
	lua_pushfstring(L, "%s:%d: ", r->path, r->line);
	lua_pushvfstring(L, format, args);
	va_end(args);
	lua_concat(L, 2);
	lua_error(L);
}

/* A copy in the batch's arena, of at most TEXT_MOST bytes. */
static str keep(lua_State *L, session *s, str text) {
	if (text.n > TEXT_MOST)
		text.n = utf8_cut(text, TEXT_MOST);
	str copy = arena_str(s->arena, text);
	if (text.p && !copy.p)
		no_memory(L, s);
	return copy;
}

static void *room(lua_State *L, session *s, size_t size) {
	void *p = arena_zero(s->arena, size);
	if (!p)
		no_memory(L, s);
	return p;
}

static str text_at(lua_State *L, int index) {
	str text = {NULL, 0};
	if (lua_type(L, index) == LUA_TSTRING)
		text.p = lua_tolstring(L, index, &text.n);
	return text;
}

/* ---- message ---- */

typedef struct filling {
	session *s;
	const call *call;
	const finding_value *values;
	int count;
} filling;

static bool of_cell(enum kind kind, double num, str text, template_value *out) {
	if (kind == KIND_FLAG && num == num)
		text = num != 0 ? STR("true") : STR("false");
	*out = (template_value){kind == KIND_TEXT || (kind == KIND_FLAG && num == num), text, num};
	return true;
}

static bool of_frame(const filling *f, const frame *rows, enum table t, int row, str name, template_value *out) {
	int at = catalogue_find(f->s->plan.catalogue, t, name);
	int slot = at < 0 ? -1 : fetch_slot(f->s, t, at);
	if (slot < 0 || !rows)
		return false;
	bool text = frame_kind(rows, slot) == KIND_TEXT;
	return of_cell(frame_kind(rows, slot), text ? 0 : rows->columns[slot].num[row],
	               text ? rows->columns[slot].text[row] : (str){NULL, 0}, out);
}

/* A field of the creator that nothing announced. What the roster cannot give is told when the message is filled. */
static bool of_roster(session *s, str name, template_value *out) {
	const catalogue *c = s->plan.catalogue;
	int at = catalogue_find(c, TABLE_CREATOR, name);
	double num = 0;
	str text = {NULL, 0};
	return at >= 0 && !creator_cell(s, at, &num, &text) && of_cell(c->fields[TABLE_CREATOR][at].kind, num, text, out);
}

static bool of_values(const values *v, str name, template_value *out) {
	const value *it = values_find(v, name);
	if (!it || it->shape == VALUE_LIST || it->shape == VALUE_TABLE)
		return false;
	if (it->shape == VALUE_MISSING)
		return of_cell(KIND_TEXT, 0, (str){NULL, 0}, out);
	return of_cell(it->kind, it->num, it->text, out);
}

static bool behind(str name, const char *head, str *rest) {
	size_t n = strlen(head);
	if (name.n <= n || memcmp(name.p, head, n) != 0)
		return false;
	*rest = (str){name.p + n, name.n - n};
	return true;
}

static bool look(void *user, str name, template_value *out) {
	const filling *f = user;
	str rest;
	for (int i = 0; i < f->count; i++) {
		const finding_value *v = &f->values[i];
		enum kind kind = v->kind == FINDING_TEXT ? KIND_TEXT : v->kind == FINDING_FLAG ? KIND_FLAG : KIND_NUMBER;
		if (str_eq(v->name, name))
			return of_cell(kind, v->num, v->text, out);
	}
	if (behind(name, "set.", &rest))
		return of_values(f->call->set, rest, out);
	if (behind(name, "campaign.", &rest))
		return of_values(f->s->plan.campaign, rest, out);
	if (behind(name, "creator.", &rest))
		return of_frame(f, f->s->creators, TABLE_CREATOR, f->s->row, rest, out) || of_roster(f->s, rest, out);
	if (behind(name, "post.", &rest))
		return of_frame(f, f->call->posts, TABLE_POST, f->call->post_row, rest, out);
	if (str_is(name, "market") && f->call->market)
		return of_cell(KIND_TEXT, 0, str_of(f->call->market), out);
	return false;
}

/* The message, filled in. */
static void take_message(lua_State *L, session *s, const call *c, call_result *r, str sentence) {
	filling f = {s, c, r->values, r->value_count};
	kol_error e = {0};
	buffer_clear(&s->text);
	if (template_fill(sentence, look, &f, &s->text, &e)) {
		if (e.code == KOL_E_MEMORY)
			no_memory(L, s);
		if (s->error.code)
			session_broke(L, s);
		wrong(L, "fail's message: %s", e.message);
	}
	r->message = keep(L, s, (str){s->text.p ? s->text.p : "", s->text.n});
}

/* ---- values ---- */

static int by_name(const void *a, const void *b) {
	return str_compare(((const finding_value *)a)->name, ((const finding_value *)b)->name);
}

/* Name and value on top → *v. */
static void take_value(lua_State *L, session *s, finding_value *v) {
	if (lua_type(L, -2) != LUA_TSTRING)
		wrong(L, "fail's values have names, such as { ratio = ratio }");
	v->name = keep(L, s, text_at(L, -2));
	switch (lua_type(L, -1)) {
	case LUA_TNUMBER:
		v->kind = FINDING_NUMBER;
		v->num = lua_tonumber(L, -1);
		break;
	case LUA_TBOOLEAN:
		v->kind = FINDING_FLAG;
		v->num = lua_toboolean(L, -1);
		break;
	case LUA_TSTRING:
		v->kind = FINDING_TEXT;
		v->text = keep(L, s, text_at(L, -1));
		break;
	default: wrong(L, "fail's value '%s' is a %s; give numbers, texts or flags", v->name.p, luaL_typename(L, -1));
	}
}

/* The table on top → r->values. */
static void take_values(lua_State *L, session *s, call_result *r) {
	int count = 0;
	if (!unfrozen(L, -1))
		wrong(L, "fail's second argument is a table of values, such as { ratio = ratio }; this is a %s",
		      luaL_typename(L, -1));
	int table = lua_gettop(L);
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
		if (++count > VALUES_MOST)
			wrong(L, "fail takes at most %d values", VALUES_MOST);
	if (!count)
		return;
	r->values = room(L, s, sizeof *r->values * (size_t)count);
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
		take_value(L, s, &r->values[r->value_count++]);
	qsort(r->values, (size_t)count, sizeof *r->values, by_name);
}

/* ---- evidence ---- */

static int64_t offset_at(lua_State *L, const char *name, int64_t least) {
	lua_pushstring(L, name);
	lua_rawget(L, -2);
	lua_Integer v = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : -1;
	if (v < least)
		wrong(L, "evidence: %s is a byte offset into the field's text, and end is not before start", name);
	lua_pop(L, 1);
	return v;
}

static str part_at(lua_State *L, session *s, const char *name, bool required) {
	lua_pushstring(L, name);
	lua_rawget(L, -2);
	str text = text_at(L, -1);
	if (!text.p && (required || !lua_isnil(L, -1)))
		wrong(L, "evidence: %s must be text; evidence is { field = …, text = …, start = …, end = … }", name);
	text = keep(L, s, text);
	lua_pop(L, 1);
	return text;
}

/* The evidence on top → *out. */
static void take_place(lua_State *L, session *s, evidence *out) {
	out->field = part_at(L, s, "field", true);
	out->text = part_at(L, s, "text", true);
	out->term = part_at(L, s, "term", false);
	out->lexicon = part_at(L, s, "lexicon", false);
	out->post = part_at(L, s, "post", false);
	out->before = part_at(L, s, "before", false);
	out->after = part_at(L, s, "after", false);
	out->reads_as = part_at(L, s, "reads_as", false);
	out->start = offset_at(L, "start", 0);
	out->end = offset_at(L, "end", out->start);
	lua_pushliteral(L, "disguised");
	lua_rawget(L, -2);
	out->disguised = lua_toboolean(L, -1);
	lua_pop(L, 1);
}

/* One place, or a list of them, on top → r->evidence. */
static void take_evidence(lua_State *L, session *s, call_result *r) {
	if (!unfrozen(L, -1))
		wrong(L, "fail's third argument is a list of evidence; this is a %s", luaL_typename(L, -1));
	int list = lua_gettop(L);
	lua_pushliteral(L, "field");
	bool one = lua_rawget(L, list) != LUA_TNIL;
	lua_Unsigned count = one ? 1 : lua_rawlen(L, list);
	if (count > EVIDENCE_MOST)
		count = EVIDENCE_MOST;
	if (!count)
		return;
	r->evidence = room(L, s, sizeof *r->evidence * (size_t)count);
	for (lua_Unsigned i = 0; i < count; i++) {
		lua_settop(L, list);
		if (!one)
			lua_rawgeti(L, list, (lua_Integer)i + 1);
		if (!unfrozen(L, -1))
			wrong(L, "evidence is { field = …, text = …, start = …, end = … }, or a list of these");
		take_place(L, s, &r->evidence[r->evidence_count++]);
	}
}

/* { level = … } on top. */
static void take_level(lua_State *L, call_result *r) {
	static const char *const levels[] = {"note", "review", "reject"};
	if (!unfrozen(L, -1))
		wrong(L, "fail's fourth argument is a table such as { level = \"note\" }; this is a %s", luaL_typename(L, -1));
	lua_pushliteral(L, "level");
	lua_rawget(L, -2);
	str word = text_at(L, -1);
	suggest near;
	suggest_begin(&near, word.p ? word : STR(""));
	for (int i = 0; i < 3; i++) {
		if (word.p && str_is(word, levels[i]))
			r->level = (kol_level)i;
		suggest_try(&near, str_of(levels[i]));
	}
	char hint[80];
	if (!lua_isnil(L, -1) && (int)r->level < 0)
		wrong(L, "fail's level is note, review or reject%s", suggest_text(&near, hint, sizeof hint));
}

static void take_fail(lua_State *L, session *s, const call *c, call_result *r) {
	int it = lua_gettop(L);
	for (int i = 2; i <= 4; i++) {
		if (lua_rawgeti(L, it, i) != LUA_TNIL) {
			if (i == 2)
				take_values(L, s, r);
			else if (i == 3)
				take_evidence(L, s, r);
			else
				take_level(L, r);
		}
		lua_settop(L, it);
	}
	lua_rawgeti(L, it, 1);
	str sentence = text_at(L, -1);
	if (!sentence.p)
		wrong(L, "fail(…) begins with a sentence");
	take_message(L, s, c, r, sentence);
	r->outcome = KOL_FAIL;
}

void finding_take(lua_State *L, session *s, const call *c, call_result *r) {
	luaL_checkstack(L, 16, NULL);
	s->taking = (int)(c - s->calls);
	int it = lua_gettop(L);
	if (lua_istable(L, it)) {
		if (lua_rawgetp(L, it, &fail_mark) == LUA_TBOOLEAN) {
			lua_settop(L, it);
			take_fail(L, s, c, r);
			return;
		}
		if (lua_rawgetp(L, it, &unknown_mark) == LUA_TBOOLEAN) {
			lua_rawgeti(L, it, 1);
			r->message = keep(L, s, text_at(L, -1));
			r->outcome = KOL_UNKNOWN;
			return;
		}
		lua_settop(L, it);
	}
	wrong(L, "the function returned a %s; it returns nothing, fail(…) or unknown(…)", luaL_typename(L, it));
}
