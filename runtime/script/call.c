/* call.c: calls check functions on a creator, each under bounds that are counted from its own start, many under one
 * protected call. Everything that can raise runs inside it; what is done with an error allocates nothing of Lua's. */
#include "script/session.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

#define COLLECT_EVERY ((size_t)8 << 20)
#define SENTENCE_MOST 400

/* Where run() keeps what it hands over; stand-ins lie behind what they stand for. */
enum place { AT_CREATOR = 1, AT_CREATOR_GUARD, AT_CAMPAIGN, AT_CAMPAIGN_GUARD, AT_POST, AT_POST_GUARD };

static void collect(session *s) {
	lua_gc(s->s->L, LUA_GCCOLLECT);
	s->collected = s->s->used;
}

/* Bytes that nothing needs any more, at most. */
static size_t garbage(const session *s) { return s->s->used > s->collected ? s->s->used - s->collected : 0; }

static void begin(session *s, const call *c, const check *k) {
	script *it = s->s;
	it->rule = c->rule->id;
	it->instructions = CALL_INSTRUCTIONS;
	it->work = CALL_WORK;
	it->limit = it->used + CALL_MEMORY;
	it->starved = false;
	s->missing_count = 0;
	s->guarded = k->writes;
	if (k->hooked || s->hooked)
		script_hook(it, k->hooked);
	s->hooked = k->hooked;
}

/* ---- the driver ---- */

/* Functions that neither loop nor write nor call others need no bounds of their own: the bounds of one do for all, and
 * where they do not, each is called alone. They are called from Lua, which costs half of calling each from here. */
static const char driver_source[] = "local from, to, at, functions, sets, take, creator, campaign = ...\n"
                                    "for i = from, to do\n"
                                    "  at[1] = i\n"
                                    "  local found = functions[i](creator, campaign, sets[i])\n"
                                    "  if found ~= nil then take(i, found) end\n"
                                    "end\n";

/* The call that the driver has come to. Asks for no memory. */
static int driven(session *s) {
	lua_State *L = s->s->L;
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_AT]);
	lua_rawgeti(L, -1, 1);
	int at = (int)lua_tointeger(L, -1) - 1;
	lua_pop(L, 2);
	return at;
}

static int by_text(const void *a, const void *b) { return str_compare(*(const str *)a, *(const str *)b); }

/* A function that read what is missing ends unknown, whatever it returned or raised. False: out of memory. */
static bool take_missing(session *s, call_result *r) {
	*r =
	    (call_result){.outcome = KOL_UNKNOWN, .level = (kol_level)-1, .message = STR("what the rule needs is missing")};
	r->missing = ARENA_ARRAY(s->arena, str, s->missing_count);
	if (!r->missing)
		return false;
	for (int i = 0; i < s->missing_count; i++) {
		r->missing[i] = arena_str(s->arena, str_of(s->missing[i]));
		if (!r->missing[i].p)
			return false;
	}
	r->missing_count = s->missing_count;
	qsort(r->missing, (size_t)r->missing_count, sizeof *r->missing, by_text);
	return true;
}

static void settle_marked(session *s) {
	if (s->marked >= 0 && s->missing_count && !take_missing(s, &s->results[s->marked]))
		error_memory(&s->error);
	s->missing_count = 0;
	s->marked = -1;
}

void calls_marking(session *s) {
	int at = driven(s);
	if (at == s->marked)
		return;
	settle_marked(s);
	s->marked = at;
}

/* take(i, found) */
static int take_found(lua_State *L) {
	session *s = script_of(L)->session;
	lua_Integer i = lua_tointeger(L, 1) - 1;
	if (s->marked != i)
		finding_take(L, s, &s->calls[i], &s->results[i]);
	return 0;
}

void calls_open(lua_State *L, session *s) {
	if (luaL_loadbufferx(L, driver_source, sizeof driver_source - 1, "=driver", "t"))
		lua_error(L);
	s->ref[REF_DRIVER] = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_createtable(L, 1, 0);
	lua_pushinteger(L, 1);
	lua_rawseti(L, -2, 1);
	s->ref[REF_AT] = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	s->ref[REF_FUNCTIONS] = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	s->ref[REF_SETS] = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_pushcfunction(L, take_found);
	s->ref[REF_TAKE] = luaL_ref(L, LUA_REGISTRYINDEX);
}

static bool can_drive(const session *s, const call *c) {
	const check *k = &s->s->checks[c->rule->check - 1];
	return !k->hooked && !k->writes && !c->posts && !c->market;
}

/* Puts call i into the driver's tables. */
static void list_call(lua_State *L, session *s, int i) {
	const call *c = &s->calls[i];
	const session_set *set = set_of(L, s, c);
	size_t left = host_begin(s);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_FUNCTIONS]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->s->checks[c->rule->check - 1].ref);
	lua_rawseti(L, -2, i + 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_SETS]);
	lua_rawgeti(L, LUA_REGISTRYINDEX, set->ref);
	lua_rawseti(L, -2, i + 1);
	lua_pop(L, 2);
	host_end(s, left);
	s->listed[i] = (struct listed){c->rule, c->set};
}

/* The end of the calls from s->at on that can be driven; their results say pass. */
static int drive_end(lua_State *L, session *s) {
	int i = s->at;
	for (; i < s->count && !s->alone; i++) {
		const call *c = &s->calls[i];
		if (s->listed[i].rule != c->rule || s->listed[i].set != c->set || c->posts || c->market) {
			if (!can_drive(s, c))
				break;
			list_call(L, s, i);
		}
		s->results[i] = (call_result){.level = (kol_level)-1};
	}
	return i;
}

/* Calls the functions from s->at up to `end`. */
static void drive(lua_State *L, session *s, int end) {
	static const int handed[] = {REF_AT, REF_FUNCTIONS, REF_SETS, REF_TAKE, REF_CREATOR, REF_CAMPAIGN};
	begin(s, &s->calls[s->at], &s->s->checks[s->calls[s->at].rule->check - 1]);
	s->marked = -1;
	size_t before = garbage(s);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_AT]);
	lua_pushinteger(L, s->at + 1);
	lua_rawseti(L, -2, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[REF_DRIVER]);
	lua_pushinteger(L, s->at + 1);
	lua_pushinteger(L, end);
	for (size_t i = 0; i < sizeof handed / sizeof *handed; i++)
		lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[handed[i]]);
	s->driving = true;
	lua_call(L, 8, 0);
	s->driving = false;
	lua_pop(L, 1);
	settle_marked(s);
	s->alone = garbage(s) > CALL_MEMORY && before;
	if (!s->alone)
		s->at = end;
}

/* ---- one by one ---- */

/* Calls the function of s->calls[s->at] and takes what it returns. */
static void call_one(lua_State *L, session *s) {
	const call *c = &s->calls[s->at];
	const check *k = &s->s->checks[c->rule->check - 1];
	call_result *r = &s->results[s->at];
	const session_set *set = set_of(L, s, c);
	if (c->posts && (c->posts != s->posts || c->post_row != s->post_row))
		post_fill(L, s, c);
	memset(r, 0, sizeof *r);
	r->level = (kol_level)-1;
	begin(s, c, k);
	int top = lua_gettop(L), behind = k->writes ? 1 : 0, count = 3;
	lua_rawgeti(L, LUA_REGISTRYINDEX, k->ref);
	if (c->posts) {
		lua_pushvalue(L, AT_POST + behind);
		count++;
	}
	lua_pushvalue(L, AT_CREATOR + behind);
	lua_pushvalue(L, AT_CAMPAIGN + behind);
	lua_rawgeti(L, LUA_REGISTRYINDEX, k->writes ? set->guard : set->ref);
	if (c->market) {
		lua_pushstring(L, c->market);
		count++;
	}
	lua_call(L, count, 1);
	if (!lua_isnil(L, -1) && !s->missing_count)
		finding_take(L, s, c, r);
	lua_settop(L, top);
	if (s->missing_count && !take_missing(s, r)) {
		error_memory(&s->error);
		session_broke(L, s);
	}
}

static int run(lua_State *L) {
	static const int refs[] = {REF_CREATOR,        REF_CREATOR_GUARD, REF_CAMPAIGN,
	                           REF_CAMPAIGN_GUARD, REF_POST,          REF_POST_GUARD};
	session *s = lua_touserdata(L, 1);
	lua_settop(L, 0);
	luaL_checkstack(L, 32, NULL);
	for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
		lua_rawgeti(L, LUA_REGISTRYINDEX, s->ref[refs[i]]);
	if (!s->filled)
		creator_fill(L, s);
	while (s->at < s->count) {
		if (s->stand && s->ruleset)
			*s->stand = (int32_t)(s->calls[s->at].rule - s->ruleset->rules);
		if (garbage(s) > COLLECT_EVERY)
			collect(s);
		int end = drive_end(L, s);
		if (end > s->at + 1) {
			drive(L, s, end);
			continue;
		}
		size_t before = garbage(s);
		call_one(L, s);
		/* Texts that lie about from other evaluations are shared, not made: near the bound that would count. What meets
		 * the bound in spite of them meets it without. */
		if (garbage(s) > CALL_MEMORY && before) {
			collect(s);
			call_one(L, s);
		}
		s->at++;
	}
	return 0;
}

/* ---- errors ---- */

/* The sentence of the error on top, into out. No Lua memory is asked for. */
static void tell_error(session *s, bool memory, char *out, size_t size) {
	lua_State *L = s->s->L;
	const rule *r = s->calls[s->at].rule;
	str text = {NULL, 0};
	if (memory) {
		snprintf(out, size, "%s:%d: rule '%s' used more than %d MB of memory on this creator", r->path, r->line, r->id,
		         (int)(CALL_MEMORY >> 20));
		return;
	}
	int type = lua_type(L, -1);
	if (type == LUA_TSTRING)
		text.p = lua_tolstring(L, -1, &text.n);
	if (text.n) {
		text.n = utf8_cut(text, text.n < SENTENCE_MOST ? text.n : SENTENCE_MOST);
		snprintf(out, size, "%.*s", STR_ARG(text));
	} else if (type == LUA_TNUMBER) {
		snprintf(out, size, "%s:%d: rule '%s' raised the error %.14g", r->path, r->line, r->id, lua_tonumber(L, -1));
	} else {
		snprintf(out, size, "%s:%d: rule '%s' raised an error without a sentence (%s)", r->path, r->line, r->id,
		         type == LUA_TSTRING ? "an empty text" : lua_typename(L, type));
	}
}

/* The call at hand raised. False: out of memory. */
static bool take_error(session *s, bool memory) {
	call_result *r = &s->results[s->at];
	if (s->missing_count)
		return take_missing(s, r);
	char sentence[SENTENCE_MOST + 400];
	tell_error(s, memory, sentence, sizeof sentence);
	*r = (call_result){.outcome = KOL_ERROR, .level = (kol_level)-1, .memory = memory};
	r->message = arena_str(s->arena, str_of(sentence));
	return r->message.p != NULL;
}

/* Runs the calls from s->at on, protected. */
static int protect(session *s) {
	lua_State *L = s->s->L;
	lua_settop(L, 0);
	lua_pushcfunction(L, run);
	lua_pushlightuserdata(L, s);
	return lua_pcall(L, 1, 0, 0);
}

static kol_status call_all(session *s) {
	while (s->at < s->count) {
		int failed = protect(s);
		if (!failed)
			break;
		if (s->error.code)
			return s->error.code;
		bool memory = s->s->starved || failed == LUA_ERRMEM;
		bool bound = memory || !s->s->work, driving = s->driving;
		s->s->starved = false;
		s->s->limit = s->s->used + HOST_MEMORY;
		if (driving) {
			s->driving = false;
			s->at = driven(s);
			if (s->marked != s->at)
				settle_marked(s);
			s->alone = bound && !s->missing_count; /* whose fault it was shows when it is called alone */
			if (s->alone)
				continue;
		}
		if (!take_error(s, memory))
			return error_memory(&s->error);
		s->at++;
	}
	return s->error.code;
}

static kol_status make_room(session *s, int count) {
	if (count <= s->listed_count)
		return KOL_OK;
	struct listed *more = realloc(s->listed, sizeof *more * (size_t)count);
	if (!more)
		return error_memory(&s->error);
	memset(more + s->listed_count, 0, sizeof *more * (size_t)(count - s->listed_count));
	s->listed = more;
	s->listed_count = count;
	return KOL_OK;
}

kol_status session_call(session *s, int creator_row, const call *calls, int count, call_result *results, arena *a,
                        kol_error *err) {
	s->s->session = s;
	if (s->row != creator_row)
		s->filled = false;
	s->row = creator_row;
	s->posts = NULL;
	s->calls = calls;
	s->count = count;
	s->at = 0;
	s->results = results;
	s->arena = a;
	s->error.code = KOL_OK;
	s->driving = s->alone = false;
	kol_status status = make_room(s, count);
	if (!status)
		status = call_all(s);
	lua_settop(s->s->L, 0);
	if (s->hooked)
		script_hook(s->s, false);
	s->hooked = false;
	s->s->rule = NULL;
	if (s->stand)
		*s->stand = -1;
	if (status && err)
		*err = s->error;
	return status;
}
