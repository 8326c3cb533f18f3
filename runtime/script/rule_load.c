/* rule_load.c: turns the tables of rule "id" { … } and ruleset { … } into rules and overrides, and tells all that
 * is wrong with them. Uses condition_parse. Knows nothing of judging. */
#include <math.h>
#include <stdlib.h>

#include "script/bytecode.h"
#include "script/loader.h"

static const char *const levels[] = {"note", "review", "reject", NULL};
static const char *const modes[] = {"on", "off", "shadow", NULL};
static const char *const eaches[] = {"creator", "post", "market", NULL};
static const char *const keys[] = {"title", "level",    "set",      "need",    "when",  "say",        "check",
                                   "each",  "examples", "about",    "source",  "as_of", "confidence", "weight",
                                   "bonus", "tags",     "waivable", "unknown", "mode",  NULL};

int loader_word(const char *word, const char *const *names) {
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], word))
			return i;
	return -1;
}

const char *loader_hint(const char *word, const char *const *names, char *out, size_t size) {
	suggest s;
	suggest_begin(&s, str_of(word));
	for (int i = 0; names[i]; i++)
		suggest_try(&s, str_of(names[i]));
	return suggest_text(&s, out, size);
}

bool value_load(loader *l, int index, value *out, int depth) {
	lua_State *L = l->s->L;
	arena *a = &l->out->memory;
	memset(out, 0, sizeof *out);
	out->shape = VALUE_ONE;
	switch (lua_type(L, index)) {
	case LUA_TNUMBER:
		out->kind = KIND_NUMBER;
		out->num = lua_tonumber(L, index);
		return isfinite(out->num);
	case LUA_TBOOLEAN:
		out->kind = KIND_FLAG;
		out->num = lua_toboolean(L, index);
		return true;
	case LUA_TSTRING: {
		str s;
		s.p = lua_tolstring(L, index, &s.n);
		out->kind = KIND_TEXT;
		out->text = arena_str(a, s);
		return out->text.p;
	}
	case LUA_TTABLE: break;
	default: return false;
	}
	index = lua_absindex(L, index);
	lua_Integer n = (lua_Integer)lua_rawlen(L, index);
	if (!n) {
		values members;
		if (depth > 20)
			return false;
		if (!values_load(l, index, &members, 0, NULL))
			return false;
		out->shape = members.count ? VALUE_TABLE : VALUE_LIST;
		out->kind = KIND_TEXT;
		out->count = members.count;
		out->members = members.items;
		return true;
	}
	str *texts = n > 1000000 ? NULL : ARENA_ARRAY(a, str, n);
	double *nums = texts ? ARENA_ARRAY(a, double, n) : NULL;
	if (!nums)
		return false;
	out->shape = VALUE_LIST;
	out->count = (int)n;
	for (lua_Integer i = 1; i <= n; i++) {
		value one;
		lua_rawgeti(L, index, i);
		bool fine = !lua_istable(L, -1) && value_load(l, -1, &one, depth + 1);
		lua_pop(L, 1);
		if (!fine || (i > 1 && one.kind != out->kind))
			return false;
		out->kind = one.kind;
		texts[i - 1] = one.text;
		nums[i - 1] = one.num;
	}
	out->texts = out->kind == KIND_TEXT ? texts : NULL;
	out->nums = out->kind == KIND_TEXT ? NULL : nums;
	return true;
}

static int by_name(const void *a, const void *b) {
	return str_compare(((const named_value *)a)->name, ((const named_value *)b)->name);
}

bool values_load(loader *l, int index, values *out, int line, const char *what) {
	lua_State *L = l->s->L;
	static const int depth_most = 180;
	index = lua_absindex(L, index);
	if (index > depth_most)
		return false;
	luaL_checkstack(L, 12, NULL);
	push_keys(L, index);
	int keys_at = lua_gettop(L), n = (int)lua_rawlen(L, -1);
	out->count = 0;
	out->items = ARENA_ARRAY(&l->out->memory, named_value, n + 1);
	bool fine = out->items;
	for (int i = 1; fine && i <= n; i++, lua_settop(L, keys_at)) {
		named_value *it = &out->items[out->count];
		lua_rawgeti(L, keys_at, i);
		lua_pushvalue(L, -1);
		lua_rawget(L, index);
		fine = lua_type(L, -2) == LUA_TSTRING || lua_type(L, -2) == LUA_TNUMBER;
		bool loaded = fine && value_load(l, -1, &it->v, 0);
		if (fine) {
			it->name.p = lua_tolstring(L, -2, &it->name.n);
			it->name = arena_str(&l->out->memory, it->name);
			fine = loaded && it->name.p;
		}
		if (!fine && what)
			loader_problem(l, line, "%s: '%s' must be a number, a text, true, false or a list of one of these", what,
			               it->name.p ? it->name.p : "?");
		out->count += fine;
	}
	lua_settop(L, keys_at - 1);
	if (fine)
		qsort(out->items, (size_t)out->count, sizeof *out->items, by_name);
	return fine;
}

/* A problem with the field `key` of a rule. */
#define field_problem(l, line, id, key, ...) \
	loader_problem_at((l), (line), (id), (const char *const[]){(key), NULL}, __VA_ARGS__)

static const char *text_field(loader *l, int index, const char *key, int line, const char *id) {
	lua_State *L = l->s->L;
	const char *copy = NULL;
	int type = lua_getfield(L, index, key);
	if (type == LUA_TSTRING) {
		size_t n;
		const char *p = lua_tolstring(L, -1, &n);
		copy = arena_text(&l->out->memory, p, n);
	} else if (type != LUA_TNIL) {
		field_problem(l, line, id, key, "rule '%s': %s must be text; it is a %s", id, key, lua_typename(L, type));
	}
	lua_pop(L, 1);
	return copy;
}

/* A field that takes one of some words; `otherwise` where it is absent or wrong. */
static int word_field(loader *l, int index, const char *key, const char *const *words, int otherwise, int line,
                      const char *id) {
	char hint[128];
	buffer all = {0};
	const char *word = text_field(l, index, key, line, id);
	if (!word)
		return otherwise;
	int found = loader_word(word, words);
	loader_hint(word, words, hint, sizeof hint);
	for (int i = 0; found < 0 && !hint[0] && words[i]; i++)
		buffer_printf(&all, "%s'%s'", i ? ", " : "; it is one of ", words[i]);
	if (found < 0)
		field_problem(l, line, id, key, "rule '%s': %s cannot be '%.60s'%s", id, key, word,
		              hint[0] || !buffer_text(&all) ? hint : buffer_text(&all));
	buffer_free(&all);
	return found < 0 ? otherwise : found;
}

static double number_field(loader *l, int index, const char *key, double otherwise, int line, const char *id) {
	lua_State *L = l->s->L;
	int type = lua_getfield(L, index, key);
	double v = type == LUA_TNUMBER ? lua_tonumber(L, -1) : otherwise;
	if ((type != LUA_TNIL && type != LUA_TNUMBER) || (type == LUA_TNUMBER && !(v >= 0 && v <= 100)))
		field_problem(l, line, id, key, "rule '%s': %s must be a number of points from 0 to 100", id, key);
	lua_pop(L, 1);
	return v;
}

static const condition *condition_field(loader *l, int index, const char *key, str *source, int line, const char *id) {
	const char *p = text_field(l, index, key, line, id);
	if (!p)
		return NULL;
	kol_error e = {0};
	*source = str_of(p);
	const condition *c = condition_parse(&l->out->memory, *source, loader_place(l, line, id, key), &e);
	if (!c)
		problems_add(l->problems, &e);
	return c;
}

typedef struct gathering {
	script *s;
	check *c;
	bool failed;
} gathering;

static void gather_name(void *user, str constant);

/* Names within a text: "{post.views} views", "audience.country.US". */
static void gather_inside(gathering *g, str text) {
	if (text.n > 9 && !memcmp(text.p, "audience.", 9))
		gather_name(g, STR("audience"));
	for (size_t i = 0; i + 6 < text.n; i++) {
		if (memcmp(text.p + i, "{post.", 6) != 0)
			continue;
		size_t n = 0;
		while (i + 6 + n < text.n && text.p[i + 6 + n] != '}' && text.p[i + 6 + n] != ':')
			n++;
		gather_name(g, (str){text.p + i + 6, n});
	}
}

static void gather_name(void *user, str constant) {
	gathering *g = user;
	check *c = g->c;
	gather_inside(g, constant);
	if (constant.n > 64 || g->failed)
		return;
	for (int i = 0; i < c->name_count; i++)
		if (str_eq(c->names[i], constant))
			return;
	if ((c->name_count & (c->name_count - 1)) == 0) {
		str *more = arena_alloc(&g->s->memory, sizeof *more * (size_t)(c->name_count ? c->name_count * 2 : 1));
		if (!more) {
			g->failed = true;
			return;
		}
		if (c->name_count)
			memcpy(more, c->names, sizeof *more * (size_t)c->name_count);
		c->names = more;
	}
	str copy = arena_str(&g->s->memory, constant);
	if (copy.p)
		c->names[c->name_count++] = copy;
}

static int dump_writer(lua_State *L, const void *p, size_t n, void *user) {
	(void)L;
	buffer_add(user, p, n);
	return ((buffer *)user)->failed;
}

/* Walks what the function on top of the stack can reach; pops it. seen: index of a table. */
static void analyse(loader *l, gathering *g, int seen, const char *id, int *functions) {
	lua_State *L = l->s->L;
	luaL_checkstack(L, 8, NULL);
	int it = lua_gettop(L);
	lua_pushvalue(L, it);
	bool known = it > 2000 || lua_rawget(L, seen) != LUA_TNIL;
	lua_settop(L, it);
	if (known && lua_isfunction(L, it)) /* it may come back to itself */
		g->c->hooked = true;
	if (known || lua_iscfunction(L, it) || (!lua_istable(L, it) && !lua_isfunction(L, it))) {
		lua_pop(L, 1);
		return;
	}
	lua_pushvalue(L, it);
	lua_pushboolean(L, 1);
	lua_rawset(L, seen);
	if (lua_istable(L, it)) {
		unfrozen(L, it);
		for (lua_pushnil(L); lua_next(L, it + 1);)
			analyse(l, g, seen, id, functions);
		lua_settop(L, it - 1);
		return;
	}
	buffer dump = {0};
	bytecode b = {0};
	if (lua_dump(L, dump_writer, &dump, 0) || dump.failed ||
	    !bytecode_read((str){dump.p, dump.n}, &b, gather_name, NULL, g))
		loader_problem(l, 0, "rule '%s': its function cannot be read", id);
	g->c->writes |= b.writes;
	g->c->hooked |= b.loops || b.closures || *functions > 0;
	++*functions;
	if (b.assigns_line)
		loader_problem(l, b.assigns_line,
		               "rule '%s': a function may not assign what lives outside it (%s); use a local variable", id,
		               str_is(b.assigns, "_ENV") ? "a global" : "a local of the file");
	buffer_free(&dump);
	for (int i = 1; lua_getupvalue(L, it, i); i++)
		analyse(l, g, seen, id, functions);
	lua_settop(L, it - 1);
}

static int check_field(loader *l, int index, const char *id, int line) {
	lua_State *L = l->s->L;
	script *s = l->s;
	int type = lua_getfield(L, index, "check");
	if (type != LUA_TFUNCTION) {
		if (type != LUA_TNIL)
			field_problem(l, line, id, "check", "rule '%s': check must be a function; it is a %s", id,
			              lua_typename(L, type));
		lua_pop(L, 1);
		return 0;
	}
	if (s->check_count == s->check_capacity) {
		int capacity = s->check_capacity ? s->check_capacity * 2 : 16;
		check *more = realloc(s->checks, sizeof *more * (size_t)capacity);
		if (!more)
			luaL_error(L, "out of memory");
		s->checks = more;
		s->check_capacity = capacity;
	}
	check *c = &s->checks[s->check_count++];
	*c = (check){.ref = luaL_ref(L, LUA_REGISTRYINDEX)};
	return s->check_count;
}

/* After all files ran: what each function can do, then nothing it reaches may change. */
void checks_finish(loader *l) {
	lua_State *L = l->s->L;
	for (int i = 0; i < l->rule_count; i++) {
		rule *r = &l->rules[i];
		if (!r->check)
			continue;
		gathering g = {.s = l->s, .c = &l->s->checks[r->check - 1]};
		int functions = 0;
		l->path = r->path;
		l->ready_line = r->line;
		lua_newtable(L);
		int seen = lua_gettop(L);
		lua_rawgeti(L, LUA_REGISTRYINDEX, g.c->ref);
		analyse(l, &g, seen, r->id, &functions);
		lua_settop(L, seen - 1);
		g.c->hooked |= functions > 1;
	}
	for (int i = 0; i < l->rule_count; i++) {
		if (!l->rules[i].check)
			continue;
		l->path = l->rules[i].path;
		l->ready_line = l->rules[i].line;
		lua_rawgeti(L, LUA_REGISTRYINDEX, l->s->checks[l->rules[i].check - 1].ref);
		freeze(L);
		lua_pop(L, 1);
	}
}

static void check_keys(loader *l, int index, const char *id, int line) {
	lua_State *L = l->s->L;
	char hint[128];
	int top = lua_gettop(L);
	push_keys(L, index);
	for (lua_Integer i = 1; lua_rawgeti(L, top + 1, i) != LUA_TNIL; lua_settop(L, top + 1), i++) {
		const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
		if (!key)
			loader_problem(l, line, "rule '%s': fields have names, such as title = \"…\"", id);
		else if (loader_word(key, keys) < 0)
			field_problem(l, line, id, key, "rule '%s' has no field '%.60s'%s", id, key,
			              loader_hint(key, keys, hint, sizeof hint));
	}
	lua_settop(L, top);
}

/* Each example is a table that says what is expected; keeps them, and where they are written, for script_example. */
static void load_examples(loader *l, rule *r, int line) {
	static const char *const outcomes[] = {"pass", "fail", "unknown", "error", "skip", NULL};
	static const char *const names[] = {"creator",      "campaign", "expect",  "as_of",       "set",
	                                    "complete",     "coverage", "fx",      "audience",    "posts",
	                                    "partnerships", "comments", "history", "credentials", NULL};
	lua_State *L = l->s->L;
	int list = lua_gettop(L);
	char hint[128];
	r->examples = (int)lua_rawlen(L, list);
	lua_rawgeti(L, LUA_REGISTRYINDEX, l->s->examples); // list examples
	lua_createtable(L, r->examples, 0);                // list examples kept
	for (int i = 1; i <= r->examples; i++) {
		char number[16];
		snprintf(number, sizeof number, "#%d", i);
		const char *const path[] = {"examples", number, NULL};
		lua_createtable(L, 0, 2);
		lua_pushinteger(L, loader_line(l, line, r->id, path));
		lua_setfield(L, -2, "line");
		if (lua_rawgeti(L, list, i) != LUA_TTABLE) {
			loader_problem_at(l, line, r->id, path, "rule '%s': example %d must be a table", r->id, i);
			lua_settop(L, list + 2);
			continue;
		}
		const char *expect = lua_getfield(L, -1, "expect") == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
		if (!expect)
			loader_problem_at(l, line, r->id, path,
			                  "rule '%s': example %d does not say what is expected; add expect = "
			                  "\"pass\", \"fail\" or \"unknown\"",
			                  r->id, i);
		else if (loader_word(expect, outcomes) < 0)
			loader_problem_at(l, line, r->id, path, "rule '%s': example %d cannot expect '%.60s'%s", r->id, i, expect,
			                  loader_hint(expect, outcomes, hint, sizeof hint));
		lua_pop(L, 1); // list examples kept one example
		push_keys(L, -1);
		for (lua_Integer k = 1; lua_rawgeti(L, list + 5, k) != LUA_TNIL; lua_pop(L, 1), k++) {
			const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "1";
			if (loader_word(key, names) < 0)
				loader_problem_at(l, line, r->id, path, "rule '%s': example %d has no '%.60s'%s", r->id, i, key,
				                  loader_hint(key, names, hint, sizeof hint));
		}
		lua_settop(L, list + 4);
		lua_setfield(L, -2, "example");
		lua_rawseti(L, list + 2, i);
	}
	lua_setfield(L, list + 1, r->id);
	lua_settop(L, list);
}

static void lists(loader *l, rule *r, int index, int line) {
	lua_State *L = l->s->L;
	value v = {0};
	int type = lua_getfield(L, index, "set");
	if (type == LUA_TTABLE)
		values_load(l, -1, &r->set, line, r->id);
	else if (type != LUA_TNIL)
		field_problem(l, line, r->id, "set", "rule '%s': set must be a table of parameters", r->id);
	lua_pop(L, 1);
	type = lua_getfield(L, index, "tags");
	if (type != LUA_TNIL && (type != LUA_TTABLE || !value_load(l, -1, &v, 0) || v.kind != KIND_TEXT))
		field_problem(l, line, r->id, "tags", "rule '%s': tags must be a list of texts", r->id);
	const char **tags = v.count ? ARENA_ARRAY(&l->out->memory, const char *, v.count) : NULL;
	for (int i = 0; tags && v.texts && i < v.count; i++)
		tags[r->tag_count++] = v.texts[i].p;
	r->tags = tags;
	lua_pop(L, 1);
	type = lua_getfield(L, index, "examples");
	if (type == LUA_TTABLE) {
		load_examples(l, r, line);
	} else if (type != LUA_TNIL) {
		field_problem(l, line, r->id, "examples", "rule '%s': examples must be a list of tables", r->id);
	}
	lua_pop(L, 1);
	type = lua_getfield(L, index, "waivable");
	r->waivable = type == LUA_TNIL || lua_toboolean(L, -1);
	if (type != LUA_TNIL && type != LUA_TBOOLEAN)
		field_problem(l, line, r->id, "waivable", "rule '%s': waivable must be true or false", r->id);
	lua_pop(L, 1);
}

/* A word without quotes is nil to Lua, which leaves no trace of the field. */
static void lacks_level(loader *l, const char *id, int line) {
	suggest s;
	suggest_begin(&s, loader_bare_word(l, line, id, "level"));
	for (int i = 0; s.word.n && levels[i]; i++)
		suggest_try(&s, str_of(levels[i]));
	if (s.best.p)
		field_problem(l, line, id, "level", "rule '%s' has no level; write level = \"%s\" with quotes", id, s.best.p);
	else
		loader_problem(l, line, "rule '%s' has no level; write level = \"reject\", \"review\" or \"note\"", id);
}

void rule_load(loader *l, const char *id, int index, int line) {
	static const char *const unknowns[] = {"note", "review", NULL};
	static const char *const confidences[] = {"confirmed", "unconfirmed", NULL};
	lua_State *L = l->s->L;
	index = lua_absindex(L, index);
	rule r = {.id = id, .path = l->path, .line = line};
	check_keys(l, index, id, line);
	r.title = text_field(l, index, "title", line, id);
	if (!r.title)
		loader_problem(l, line, "rule '%s' has no title; say in one sentence what must hold", id);
	lua_getfield(L, index, "level");
	if (lua_isnil(L, -1))
		lacks_level(l, id, line);
	lua_pop(L, 1);
	r.level = (kol_level)word_field(l, index, "level", levels, 1, line, id);
	r.each = (enum each)word_field(l, index, "each", eaches, 0, line, id);
	r.mode = (enum mode)word_field(l, index, "mode", modes, 0, line, id);
	r.unknown = word_field(l, index, "unknown", unknowns, -1, line, id);
	word_field(l, index, "confidence", confidences, 0, line, id);
	r.confidence = text_field(l, index, "confidence", line, id);
	r.about = text_field(l, index, "about", line, id);
	r.source = text_field(l, index, "source", line, id);
	r.as_of = text_field(l, index, "as_of", line, id);
	r.weight = number_field(l, index, "weight", NAN, line, id);
	r.bonus = number_field(l, index, "bonus", 0, line, id);
	r.say = str_of(text_field(l, index, "say", line, id));
	if (r.say.p)
		r.say_at = loader_place(l, line, id, "say");
	r.need = condition_field(l, index, "need", &r.need_text, line, id);
	r.when = condition_field(l, index, "when", &r.when_text, line, id);
	lua_getfield(L, index, "need");
	lua_getfield(L, index, "check");
	if (lua_isnil(L, -1) == lua_isnil(L, -2))
		loader_problem(l, line, "rule '%s' must have either need (a condition) or check (a function)%s", id,
		               lua_isnil(L, -1) ? "" : ", not both");
	lua_pop(L, 2);
	lists(l, &r, index, line);
	r.check = check_field(l, index, id, line);
	if (l->rule_count == l->rule_capacity) {
		int capacity = l->rule_capacity ? l->rule_capacity * 2 : 64;
		rule *more = realloc(l->rules, sizeof *more * (size_t)capacity);
		if (!more)
			luaL_error(L, "out of memory");
		l->rules = more;
		l->rule_capacity = capacity;
	}
	l->rules[l->rule_count++] = r;
}
