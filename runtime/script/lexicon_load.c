/* lexicon_load.c: lexicon "name" { … } of a rule file: its terms, listed or from a file of the team's folder, or a list
 * of the campaign's that is filled in when a campaign is known. Uses text/lexicon for what a file of terms looks like.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "roster/campaign.h"
#include "script/loader.h"

#define TERMS_MOST 1000000
#define TERM_MOST 1000 /* bytes */
#define FILE_MOST ((size_t)16 << 20)

static const char *const names[] = {"terms",  "from",  "file",   "weights", "language",
                                    "except", "about", "source", "as_of",   NULL};
enum { TERMS, FROM, FILE_OF, WEIGHTS, LANGUAGE, EXCEPT };

typedef struct taking {
	loader *l;
	declared_lexicon *to;
	int line;
	size_t at; /* byte of the file up to which terms were found */
	int at_line;
} taking;

/* The line a term is written on: terms are looked for in the order in which they come. */
static int line_of(taking *t, str text) {
	const str source = t->l->source;
	if (!text.n || t->l->searched > (size_t)64 << 20)
		return t->at_line;
	for (size_t from = t->at; from < source.n;) {
		const char *p = memmem(source.p + from, source.n - from, text.p, text.n);
		if (!p)
			break;
		size_t at = (size_t)(p - source.p);
		from = at + 1;
		if (at == 0 || (source.p[at - 1] != '"' && source.p[at - 1] != '\''))
			continue;
		for (size_t i = t->at; i < at; i++)
			t->at_line += source.p[i] == '\n';
		t->l->searched += at - t->at;
		t->at = at;
		return t->at_line;
	}
	t->l->searched += source.n - t->at;
	return t->at_line;
}

/* From the line on where the list stands. */
static void begin_search(taking *t, const char *const *path) {
	const str source = t->l->source;
	int from = loader_line(t->l, t->line, t->to->words.name, path);
	size_t i = 0;
	for (int line = 1; line < from && i < source.n; i++)
		line += source.p[i] == '\n';
	t->at = i;
	t->at_line = from;
}

static bool add(taking *t, str text, enum role role) {
	if (t->to->words.count >= TERMS_MOST)
		return false;
	str copy = arena_str(&t->l->out->memory, text);
	return copy.p &&
	       lexicon_add(&t->l->out->memory, &t->to->words,
	                   (term){.text = copy, .weight = 1, .role = role, .path = t->l->path, .line = line_of(t, text)});
}

/* The list on top of the stack. */
static void take_list(lua_State *L, taking *t, const char *key, enum role role) {
	const char *const path[] = {key, NULL};
	unfrozen(L, -1);
	int list = lua_gettop(L);
	lua_Integer n = (lua_Integer)lua_rawlen(L, list);
	push_keys(L, list);
	if ((lua_Integer)lua_rawlen(L, -1) != n)
		loader_problem_at(t->l, t->line, t->to->words.name, path,
		                  "lexicon '%.60s': %s is a list of texts, such as { \"scam\", \"rip off\" }",
		                  t->to->words.name, key);
	lua_settop(L, list);
	begin_search(t, path);
	for (lua_Integer i = 1; i <= n; i++, lua_settop(L, list)) {
		str text;
		if (lua_rawgeti(L, list, i) != LUA_TSTRING) {
			loader_problem_at(t->l, t->line, t->to->words.name, path,
			                  "lexicon '%.60s': place %d of %s holds a %s; terms are texts in quotes",
			                  t->to->words.name, (int)i, key, luaL_typename(L, -1));
			return;
		}
		text.p = lua_tolstring(L, -1, &text.n);
		if (text.n > TERM_MOST)
			loader_problem_at(t->l, t->line, t->to->words.name, path, "lexicon '%.60s': a term is longer than %d bytes",
			                  t->to->words.name, TERM_MOST);
		else if (!add(t, text, role))
			luaL_error(L, "out of memory: lexicon '%s' has too many terms", t->to->words.name);
	}
}

/* weights = { ["kill it"] = 2 } on top of the stack; for terms that are listed. */
static void take_weights(lua_State *L, taking *t) {
	const char *const path[] = {"weights", NULL};
	lexicon *l = &t->to->words;
	unfrozen(L, -1);
	int table = lua_gettop(L);
	push_keys(L, table);
	for (lua_Integer i = 1; lua_rawgeti(L, table + 1, i) != LUA_TNIL; lua_settop(L, table + 1), i++) {
		bool found = false;
		str name = {"", 0};
		if (lua_type(L, -1) == LUA_TSTRING)
			name.p = lua_tolstring(L, -1, &name.n);
		lua_pushvalue(L, -1);
		if (lua_rawget(L, table) != LUA_TNUMBER) {
			loader_problem_at(t->l, t->line, l->name, path,
			                  "lexicon '%.60s': weights gives each term a number, such as { scam = 2 }", l->name);
			return;
		}
		for (int k = 0; k < l->count; k++)
			if (l->terms[k].role == ROLE_TERM && str_eq(l->terms[k].text, name)) {
				l->terms[k].weight = lua_tonumber(L, -1);
				found = true;
			}
		if (!found)
			loader_problem_at(t->l, t->line, l->name, path,
			                  "lexicon '%.60s': weights names '%.60s', which is no term of it", l->name, name.p);
	}
}

/* "lexicons/swearing.txt", in the team's folder. */
static void take_file(lua_State *L, taking *t) {
	loader *l = t->l;
	const char *const path[] = {"file", NULL};
	const char *name = lua_tostring(L, -1);
	char full[2048], hint[1024], dir[2048];
	struct stat st;
	snprintf(full, sizeof full, "%s/%s", l->folder, name);
	if (strlen(name) > 1000 || name[0] == '/' || strstr(name, "..")) {
		loader_problem_at(l, t->line, t->to->words.name, path,
		                  "lexicon '%.60s': file is a path in the rules' folder, such as \"lexicons/swearing.txt\"",
		                  t->to->words.name);
		return;
	}
	if (stat(full, &st) || !S_ISREG(st.st_mode)) {
		const char *slash = strrchr(name, '/');
		snprintf(dir, sizeof dir, "%s/%.*s", l->folder, slash ? (int)(slash - name) : 0, name);
		loader_problem_at(l, t->line, t->to->words.name, path, "lexicon '%.60s': there is no file '%.200s'%s",
		                  t->to->words.name, name,
		                  files_hint(slash ? slash + 1 : name, dir, "", ".txt", hint, sizeof hint));
		return;
	}
	if (!files_inside(full, l->real_folder)) {
		loader_problem_at(l, t->line, t->to->words.name, path,
		                  "lexicon '%.60s': '%.200s' is a link that leads out of the folder; copy the file into it",
		                  t->to->words.name, name);
		return;
	}
	FILE *in = (size_t)st.st_size <= FILE_MOST ? fopen(full, "rb") : NULL;
	char *bytes = in ? arena_alloc(&l->out->memory, (size_t)st.st_size + 1) : NULL;
	size_t n = bytes ? fread(bytes, 1, (size_t)st.st_size, in) : 0;
	bool fine = bytes && !ferror(in);
	if (in)
		fclose(in);
	if (!fine) {
		loader_problem_at(l, t->line, t->to->words.name, path, "lexicon '%.60s': '%.200s' cannot be read%s",
		                  t->to->words.name, name,
		                  (size_t)st.st_size > FILE_MOST ? ": it is larger than 16 MiB; split it" : "");
		return;
	}
	size_t mark = n >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3) ? 3 : 0;
	sha256_str(&l->hash, str_of(name));
	sha256_str(&l->hash, (str){bytes, n});
	const char *shown = arena_printf(&l->out->memory, "%s", full);
	if (!shown || !lexicon_read(&l->out->memory, &t->to->words, shown, (str){bytes + mark, n - mark}, l->problems))
		luaL_error(L, "out of memory");
}

/* "campaign.banned" */
static void take_from(lua_State *L, taking *t) {
	const char *const path[] = {"from", NULL};
	const char *known[LIST_COUNT + 2] = {"brand"};
	char hint[128];
	const char *name = lua_tostring(L, -1);
	for (int i = 0; i < LIST_COUNT; i++)
		known[i + 1] = campaign_list_names[i];
	bool prefixed = !strncmp(name, "campaign.", 9);
	int which = loader_word(prefixed ? name + 9 : name, known);
	if (!prefixed || which < 0)
		loader_problem_at(t->l, t->line, t->to->words.name, path,
		                  "lexicon '%.60s': from is a list of the campaign's, such as \"campaign.banned\"%s",
		                  t->to->words.name, loader_hint(prefixed ? name + 9 : name, known, hint, sizeof hint));
	else
		t->to->from = known[which];
}

static void take_field(lua_State *L, taking *t, int which) {
	switch (which) {
	case TERMS: take_list(L, t, "terms", ROLE_TERM); break;
	case EXCEPT: take_list(L, t, "except", ROLE_EXCEPT); break;
	case FILE_OF: take_file(L, t); break;
	case FROM: take_from(L, t); break;
	case LANGUAGE:
		t->to->words.language = arena_str(&t->l->out->memory, str_of(lua_tostring(L, -1)));
		if (!t->to->words.language.p)
			luaL_error(L, "out of memory");
		break;
	default: break;
	}
}

static declared_lexicon *new_lexicon(loader *l, const char *name, int line) {
	struct kol_ruleset *out = l->out;
	for (int i = 0; i < out->lexicon_count; i++)
		if (!strcmp(out->lexicons[i].words.name, name)) {
			loader_problem(l, line, "lexicon '%.60s' is already declared at %s:%d", name, out->lexicons[i].path,
			               out->lexicons[i].line);
			return NULL;
		}
	if (out->lexicon_count == out->lexicon_capacity) {
		int more = out->lexicon_capacity ? out->lexicon_capacity * 2 : 16;
		declared_lexicon *grown = ARENA_ARRAY(&out->memory, declared_lexicon, more);
		if (!grown)
			return NULL;
		if (out->lexicon_count)
			memcpy(grown, out->lexicons, sizeof *grown * (size_t)out->lexicon_count);
		out->lexicons = grown;
		out->lexicon_capacity = more;
	}
	char *copy = arena_printf(&out->memory, "%s", name);
	if (!copy)
		return NULL;
	declared_lexicon *d = &out->lexicons[out->lexicon_count++];
	*d = (declared_lexicon){.words.name = copy, .path = l->path, .line = line};
	return d;
}

static int take_lexicon(lua_State *L) {
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "lexicons are declared while files load, not in a function");
	luaL_checktype(L, 1, LUA_TTABLE);
	const char *name = lua_tostring(L, lua_upvalueindex(1));
	int line = (int)lua_tointeger(L, lua_upvalueindex(2)), given = 0;
	taking t = {.l = l, .line = line};
	t.to = new_lexicon(l, name, line);
	if (!t.to)
		return 0;
	push_keys(L, 1);
	for (lua_Integer i = 1; lua_rawgeti(L, 2, i) != LUA_TNIL; lua_settop(L, 2), i++) {
		char hint[128];
		const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
		const char *const path[] = {key, NULL};
		int which = loader_word(key, names);
		int type = lua_getfield(L, 1, key);
		bool table = which == TERMS || which == WEIGHTS || which == EXCEPT;
		if (which < 0)
			loader_problem_at(l, line, name, path, "lexicon '%.60s' has no field '%.60s'%s", name, key,
			                  loader_hint(key, names, hint, sizeof hint));
		else if (table ? type != LUA_TTABLE : type != LUA_TSTRING)
			loader_problem_at(l, line, name, path, "lexicon '%.60s': %s must be %s", name, key,
			                  table ? "a table" : "text");
		else
			take_field(L, &t, which);
		given += which >= TERMS && which <= FILE_OF;
	}
	if (lua_getfield(L, 1, "weights") == LUA_TTABLE)
		take_weights(L, &t);
	if (given != 1)
		loader_problem(l, line, "lexicon '%.60s' takes one of terms = { … }, file = \"…\" and from = \"campaign.…\"",
		               name);
	if (given == 1 && !t.to->from && !t.to->words.count) {
		kol_error e;
		error_at(&e, KOL_E_RULE, l->path, line, 0, "lexicon '%.60s' has no terms: it never hits", name);
		problems_add(&l->out->warnings, &e);
	}
	if (!lexicon_check(&t.to->words, &l->out->warnings))
		return luaL_error(L, "out of memory");
	return 0;
}

int declare_lexicon(lua_State *L) {
	if (!script_of(L)->loader)
		return luaL_error(L, "lexicons are declared while files load, not in a function");
	luaL_checkstring(L, 1);
	lua_settop(L, 1);
	lua_pushinteger(L, loader_running(L));
	lua_pushcclosure(L, take_lexicon, 2);
	return 1;
}
