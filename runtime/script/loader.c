/* loader.c: reads a ruleset's files in path order and runs them in the sandbox, each under a bound. What is wrong
 * in one file is told, and the others still load. Uses files, rule_load and team_load. */
#include "script/loader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/utf8.h"

#define ALL_INSTRUCTIONS (10 * (long)LOAD_INSTRUCTIONS) /* of all files together */
#define ALL_WORK (4 * LOAD_WORK)
#define RULESET_MEMORY ((size_t)512 << 20)
#define SEARCH_MOST ((size_t)64 << 20)
#define NESTED_MOST 180 /* Lua's compiler gives up at 200 */

void loader_problem(loader *l, int line, const char *format, ...) {
	kol_error e = {0};
	char sentence[900];
	va_list args;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	error_at(&e, KOL_E_RULE, l->path, line, 0, "%s", sentence);
	problems_add(l->problems, &e);
}

/* Messages point into the text as far as that is cheap: searching it is bounded. */
static bool find_field(loader *l, int line, const char *word, const char *const *path, source_field *out) {
	*out = (source_field){.line = line};
	if (l->searched > SEARCH_MOST)
		return false;
	l->searched += l->source.n;
	return source_find(l->source, line, word, path, out);
}

void loader_problem_at(loader *l, int line, const char *word, const char *const *path, const char *format, ...) {
	kol_error e = {0};
	source_field at;
	char sentence[900];
	va_list args;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	bool found = find_field(l, line, word, path, &at);
	error_at(&e, KOL_E_RULE, l->path, at.line, found ? at.column : 0, "%s", sentence);
	if (found)
		error_excerpt(&e, at.text.p, at.text.n, at.column);
	problems_add(l->problems, &e);
}

str loader_bare_word(loader *l, int line, const char *word, const char *key) {
	const char *const path[] = {key, NULL};
	source_field at;
	return find_field(l, line, word, path, &at) ? source_bare_word(&at) : (str){0};
}

int loader_line(loader *l, int line, const char *word, const char *const *path) {
	source_field at;
	return find_field(l, line, word, path, &at) ? at.line : line;
}

source_place loader_place(loader *l, int line, const char *word, const char *key) {
	source_place place = {.path = l->path, .line = line, .rule = word};
	const char *const path[] = {key, NULL};
	source_field at;
	if (!find_field(l, line, word, path, &at))
		return place;
	place.line = at.line;
	if (!at.piece_count)
		return place;
	place.line = at.pieces[0].line;
	place.column = at.pieces[0].column;
	source_piece *pieces = at.piece_count > 1 ? ARENA_ARRAY(&l->out->memory, source_piece, at.piece_count) : NULL;
	if (pieces) {
		memcpy(pieces, at.pieces, sizeof *pieces * (size_t)at.piece_count);
		place.pieces = pieces;
		place.piece_count = at.piece_count;
	}
	return place;
}

int loader_running(lua_State *L) {
	const loader *l = script_of(L)->loader;
	lua_Debug ar;
	for (int level = 1; l && lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Sl", &ar);
		if (ar.currentline > 0 && ar.source[0] == '@' && !strcmp(ar.source + 1, l->path))
			return ar.currentline;
	}
	return 0;
}

static bool id_fine(const char *id) {
	if (!*id || *id == '/' || strlen(id) > 200)
		return false;
	for (const char *p = id; *p; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9') && *p != '_' && *p != '-' &&
		    !(*p == '/' && p[1] && p[1] != '/'))
			return false;
	return true;
}

static int take_rule(lua_State *L) {
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "rules are declared while files load, not in a function");
	luaL_checktype(L, 1, LUA_TTABLE);
	const char *id = arena_printf(&l->out->memory, "%s", lua_tostring(L, lua_upvalueindex(1)));
	if (!id)
		return luaL_error(L, "out of memory");
	rule_load(l, id, 1, (int)lua_tointeger(L, lua_upvalueindex(2)));
	return 0;
}

static int ignore(lua_State *L) {
	(void)L;
	return 0;
}

static int base_rule(lua_State *L) {
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "rules are declared while files load, not in a function");
	const char *id = luaL_checkstring(L, 1);
	int line = loader_running(L);
	if (!id_fine(id)) {
		loader_problem(l, line, "'%.100s' is no rule id; use small letters, digits, - and _, with / between parts", id);
		lua_pushcfunction(L, ignore);
		return 1;
	}
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.ids");
	if (lua_getfield(L, -1, id) == LUA_TSTRING) {
		loader_problem(l, line, "rule '%s' is already declared at %s", id, lua_tostring(L, -1));
		lua_pushcfunction(L, ignore);
		return 1;
	}
	if (l->rule_count >= RULES_MOST)
		return luaL_error(L, "a ruleset holds at most %d rules", RULES_MOST);
	lua_pushfstring(L, "%s:%d", l->path, line);
	lua_setfield(L, -3, id);
	const char *copy = arena_text(&l->out->memory, id, strlen(id));
	if (!copy)
		return luaL_error(L, "out of memory");
	lua_pushstring(L, copy);
	lua_pushinteger(L, line);
	lua_pushcclosure(L, take_rule, 2);
	return 1;
}

static int base_ruleset(lua_State *L) {
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "a ruleset is declared while files load, not in a function");
	luaL_checktype(L, 1, LUA_TTABLE);
	team_load(l, 1, loader_running(L));
	return 0;
}

/* "attempt to call a nil value (global 'Rule')" → what is meant instead; false: Lua says something else. */
static bool tell_global(const char *message, char *out, size_t size) {
	static const char *const known[] = {
	    "rule",   "lexicon",  "lookup",   "ruleset", "require", "fail", "unknown", "assert", "error", "ipairs", "pairs",
	    "select", "tonumber", "tostring", "type",    "table",   "math", "string",  "utf8",   "text",  "regex",  NULL};
	static const char *const absent[] = {
	    "os",       "io",      "print",          "pcall", "xpcall", "load",   "loadstring",   "loadfile",     "dofile",
	    "debug",    "package", "coroutine",      "_G",    "next",   "rawget", "setmetatable", "getmetatable", "rawset",
	    "rawequal", "rawlen",  "collectgarbage", NULL};
	const char *at = strstr(message, "a nil value (global '");
	char name[64], hint[128];
	if (!at || sscanf(at, "a nil value (global '%63[^']", name) != 1)
		return false;
	if (loader_word(name, absent) >= 0)
		snprintf(out, size, "rules have no '%s': they reach nothing but what they are given", name);
	else
		snprintf(out, size, "there is no '%s' here%s", name, loader_hint(name, known, hint, sizeof hint));
	return true;
}

/* What a file that Lua cannot read most often lacks. Moves *line and *place there. */
static bool tell_syntax(loader *l, const char *message, int *line, int *place, char *out, size_t size) {
	str text = *line ? source_line(l->source, *line) : (str){0};
	const char *near = strstr(message, "near '"), *end = near ? strrchr(message, '\'') : NULL;
	int curly = near ? source_curly(text) : 0, at = 0;
	if (curly && (strstr(near, "near '<\\") || strstr(message, "unfinished string"))) {
		*place = curly;
		snprintf(out, size, "use straight quotes: \" or '");
		return true;
	}
	if (strncmp(message, "'}' expected", 12) != 0 || !end || end <= near + 6)
		return false;
	str word = {near + 6, (size_t)(end - near - 6)};
	if (!source_lacks_comma(l->source, *line, word, &at, place))
		return false;
	size_t shown = word.n < 60 ? word.n : 60;
	snprintf(out, size, "a comma is missing before %s%.*s%s", *word.p == '"' ? "" : "'", (int)shown, word.p,
	         *word.p == '"' ? "" : "'");
	if (at != *line)
		snprintf(out + strlen(out), size - strlen(out), ", at the end of line %d", at);
	*line = at;
	return true;
}

/* Lua says path:line: sentence. */
static void tell_error(loader *l, const char *message) {
	size_t n = strlen(l->path);
	int line = 0, used = 0, place = 0;
	kol_error e = {0};
	if (!strncmp(message, l->path, n) && message[n] == ':' && sscanf(message + n, ":%d: %n", &line, &used) == 1)
		message += n + (size_t)used;
	if (l->s->starved)
		message = "loading it takes more memory than rule files may take";
	else if (l->s->instructions < 0)
		message = "loading it takes more steps than rule files may take";
	else if ((strstr(message, "C stack overflow") || strstr(message, "too many C levels")) &&
	         source_too_deep(l->source, NESTED_MOST, &line, &place))
		message = "brackets are nested deeper than Lua reads (200 levels)";
	char meant[300];
	if (tell_global(message, meant, sizeof meant) || tell_syntax(l, message, &line, &place, meant, sizeof meant))
		message = meant;
	str text = line ? source_line(l->source, line) : (str){0};
	const char *near = strstr(message, "near '");
	if (near && text.n) {
		size_t word = strcspn(near + 6, "'");
		const char *at = word ? memmem(text.p, text.n, near + 6, word) : NULL;
		place = at ? (int)utf8_length((str){text.p, (size_t)(at - text.p)}) + 1 : 1;
	}
	error_at(&e, KOL_E_RULE, l->path, line, place, "%.800s", message);
	if (text.n)
		error_excerpt(&e, text.p, text.n, place ? place : (int)strspn(text.p, " ") + 1);
	problems_add(l->problems, &e);
}

/* Argument 1: the loader. Keeps what the file returns, or true, under its path. */
static int run_file(lua_State *L) {
	loader *l = lua_touserdata(L, 1);
	lua_settop(L, 0);
	const char *chunk = lua_pushfstring(L, "@%s", l->path);
	if (luaL_loadbufferx(L, l->source.p, l->source.n, chunk, "t"))
		return lua_error(L);
	lua_newtable(L);
	lua_createtable(L, 0, 1);
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.library");
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.envs");
	lua_pushvalue(L, -2);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
	lua_pop(L, 1);
	lua_setupvalue(L, -2, 1);
	lua_call(L, 0, 1);
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		lua_pushboolean(L, 1);
	}
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.files");
	lua_insert(L, -2);
	lua_setfield(L, -2, l->path);
	return 0;
}

/* Marks a file as one that is being loaded: true; false where it was loaded before or is being loaded. */
static bool claim(lua_State *L, const char *shown) {
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.files");
	bool fresh = lua_getfield(L, -1, shown) == LUA_TNIL;
	lua_pop(L, 1);
	if (fresh) {
		lua_pushboolean(L, 0);
		lua_setfield(L, -2, shown);
	}
	lua_pop(L, 1);
	return fresh;
}

typedef struct claimed {
	const char *shown;
	bool fresh;
} claimed;

static int claim_protected(lua_State *L) {
	claimed *c = lua_touserdata(L, 1);
	c->fresh = claim(L, c->shown);
	return 0;
}

/* The same from outside Lua, where a failed allocation has nobody to catch it. */
static bool claim_here(loader *l, const char *shown) {
	claimed c = {shown, false};
	lua_pushcfunction(l->s->L, claim_protected);
	lua_pushlightuserdata(l->s->L, &c);
	if (lua_pcall(l->s->L, 1, 0, 0) != LUA_OK) {
		lua_pop(l->s->L, 1);
		l->problems->out_of_memory = true;
	}
	return c.fresh;
}

/* Runs one file and keeps what it returns; tells what is wrong. */
static void load_file(loader *l, const char *path, const char *shown, bool team) {
	lua_State *L = l->s->L;
	loader before = *l;
	l->path = arena_text(&l->out->memory, shown, strlen(shown));
	l->team = team;
	if (!l->path) {
		l->problems->out_of_memory = true;
		l->path = before.path;
	} else if (files_read(l, path, &l->source)) {
		size_t prefix = strlen(l->folder); /* the fingerprint does not depend on where the folder lies */
		if (!strncmp(shown, l->folder, prefix)) {
			sha256_str(&l->hash, str_of(shown + prefix));
			sha256_str(&l->hash, l->source);
		}
		lua_pushcfunction(L, run_file);
		lua_pushlightuserdata(L, l);
		if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
			bool text = lua_type(L, -1) == LUA_TSTRING;
			tell_error(l, text ? lua_tostring(L, -1) : "it raised an error without a sentence");
			lua_pop(L, 1);
		}
		free((void *)(uintptr_t)l->source.p);
	}
	l->path = before.path;
	l->source = before.source;
	l->team = before.team;
}

/* require "kolander.x" or one of the team's own files. */
static int base_require(lua_State *L) {
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "require belongs at the top of a file, not in a function");
	size_t n;
	const char *name = luaL_checklstring(L, 1, &n);
	char part[256], path[1024], shown[1024], hint[1024];
	if (n >= sizeof part || !n || name[0] == '.' || name[n - 1] == '.' || strstr(name, "..") || strpbrk(name, "/\\"))
		return luaL_error(L, "'%s' is no module name; write it as \"kolander.metrics\" or \"folder.file\"", name);
	for (size_t i = 0; i <= n; i++)
		part[i] = name[i] == '.' ? '/' : name[i];
	bool own = strncmp(part, "kolander/", 9) != 0;
	snprintf(path, sizeof path, "%s/%s.lua", own ? l->folder : l->stdlib, part);
	snprintf(shown, sizeof shown, "%s/%s.lua", own ? l->folder : "stdlib", part);
	struct stat st;
	if (stat(path, &st) || !S_ISREG(st.st_mode)) {
		char *slash = strrchr(part, '/'), prefix[256] = "", dir[1024];
		if (slash) {
			*slash = 0;
			snprintf(prefix, sizeof prefix, "%.*s.", (int)(slash - part), name);
		}
		snprintf(dir, sizeof dir, "%s/%s", own ? l->folder : l->stdlib, slash ? part : "");
		return luaL_error(L, "there is no module '%s'%s", name,
		                  files_hint(name, dir, prefix, ".lua", hint, sizeof hint));
	}
	if (!files_inside(path, own ? l->real_folder : l->real_stdlib))
		return luaL_error(L, "module '%s' is a link that leads out of the folder; copy the file into it", name);
	if (claim(L, shown))
		load_file(l, path, shown, false);
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.files");
	if (lua_getfield(L, -1, shown) == LUA_TBOOLEAN && !lua_toboolean(L, -1))
		return luaL_error(L, "module '%s' is not there: it did not load, or it requires itself", name);
	return 1;
}

/* One file with a budget of its own, taken from what all files together may spend. */
static void load_bounded(loader *l, const char *path, const char *shown, bool team) {
	script *s = l->s;
	int top = lua_gettop(s->L);
	long outer_instructions = s->instructions; /* of ruleset.lua, while it names a pack */
	size_t outer_work = s->work, outer_limit = s->limit;
	long instructions = l->instructions < LOAD_INSTRUCTIONS ? l->instructions : LOAD_INSTRUCTIONS;
	size_t work = l->work < LOAD_WORK ? l->work : LOAD_WORK;
	script_begin(s, instructions, work, s->used < LOAD_MEMORY ? LOAD_MEMORY - s->used : 0, true);
	load_file(l, path, shown, team);
	lua_settop(s->L, top);
	l->instructions -= instructions - (s->instructions < 0 ? 0 : s->instructions);
	l->work -= work - s->work;
	s->instructions = outer_instructions;
	s->work = outer_work;
	s->limit = outer_limit;
	if (s->starved)
		lua_gc(s->L, LUA_GCCOLLECT);
	if (l->instructions > 0 && l->work && l->out->memory.held < RULESET_MEMORY / 2)
		return;
	l->spent = true;
	l->path = shown;
	loader_problem(l, 0, "the files up to this one take more than a ruleset may take; those behind it were not read");
}

void loader_folder(loader *l, const char *dir, const char *shown, const char *root, bool team) {
	const char *before = l->path;
	file_list list;
	files_gather(l, dir, shown, root, ".lua", &list);
	for (int pass = team ? 0 : 1; pass < 2; pass++)
		for (int i = 0; i < list.count && !l->spent; i++) {
			bool first = team && !strcmp(list.names[i], "ruleset.lua");
			char path[2048], name[2048];
			if (first != (pass == 0))
				continue;
			snprintf(path, sizeof path, "%s/%s", dir, list.names[i]);
			snprintf(name, sizeof name, "%s/%s", shown, list.names[i]);
			if (claim_here(l, name))
				load_bounded(l, path, name, first);
		}
	files_free(&list);
	l->path = before;
}

/* What stdlib holds is part of every ruleset, whether it is required or not. */
static void hash_stdlib(loader *l, const char *ending) {
	file_list list;
	files_gather(l, l->stdlib, "stdlib", l->real_stdlib, ending, &list);
	for (int i = 0; i < list.count; i++) {
		char path[2048], name[2048];
		str source;
		snprintf(path, sizeof path, "%s/%s", l->stdlib, list.names[i]);
		snprintf(name, sizeof name, "stdlib/%s", list.names[i]);
		l->path = name;
		if (files_read(l, path, &source)) {
			sha256_str(&l->hash, str_of(list.names[i]));
			sha256_str(&l->hash, source);
			free((void *)(uintptr_t)source.p);
		}
	}
	files_free(&list);
	l->path = l->folder;
}

static int begin(lua_State *L) {
	static const luaL_Reg declare[] = {
	    {"rule", base_rule},       {"lexicon", declare_lexicon}, {"lookup", declare_lookup}, {"ruleset", base_ruleset},
	    {"require", base_require}, {"fail", bind_fail},          {"unknown", bind_unknown},  {NULL, NULL}};
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.library");
	luaL_setfuncs(L, declare, 0);
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "kolander.envs");
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "kolander.files");
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "kolander.ids");
	return 0;
}

/* Each file's globals get the library's, so that one read-only table is all a function sees. */
static int finish(lua_State *L) {
	loader *l = lua_touserdata(L, 1);
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.library");
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.envs");
	for (lua_Integer i = 1; lua_rawgeti(L, 3, i) == LUA_TTABLE; i++) {
		lua_pushnil(L);
		lua_setmetatable(L, 4);
		for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
			lua_pushvalue(L, -2);
			if (lua_rawget(L, 4) == LUA_TNIL) {
				lua_pushvalue(L, -3);
				lua_pushvalue(L, -3);
				lua_rawset(L, 4);
			}
			lua_pop(L, 1);
		}
		lua_settop(L, 3);
	}
	checks_finish(l);
	return 0;
}

static int by_id(const void *a, const void *b) { return strcmp(((const rule *)a)->id, ((const rule *)b)->id); }

kol_status script_load(const char *folder, const char *stdlib, struct kol_ruleset *out, struct kol_problems *problems,
                       kol_error *err) {
	loader l = {.out = out, .problems = problems, .folder = folder, .stdlib = stdlib, .path = folder};
	struct stat st;
	if (stat(folder, &st) || !S_ISDIR(st.st_mode))
		return error_set(err, KOL_E_USAGE, "there is no folder '%s' with rules", folder);
	if (!realpath(folder, l.real_folder) || !realpath(stdlib, l.real_stdlib))
		return error_set(err, KOL_E_USAGE, "the folder '%s' or '%s' cannot be read", folder, stdlib);
	script *s = script_new(err);
	if (!s)
		return err ? err->code : KOL_E_MEMORY;
	out->script = l.s = s;
	out->memory.limit = RULESET_MEMORY;
	l.instructions = ALL_INSTRUCTIONS;
	l.work = ALL_WORK;
	out->decide = (decide){NAN, NAN};
	snprintf(out->folder, sizeof out->folder, "%s", folder);
	out->stock = stock_new(stdlib);
	if (!out->stock)
		return error_memory(err);
	s->loader = &l;
	sha256_begin(&l.hash);
	lua_pushcfunction(s->L, begin);
	bool fine = lua_pcall(s->L, 0, 0, 0) == LUA_OK;
	if (fine) {
		loader_folder(&l, folder, folder, l.real_folder, true);
		hash_stdlib(&l, ".lua");
		hash_stdlib(&l, ".txt");
		script_begin(s, LOAD_INSTRUCTIONS, LOAD_WORK, LOAD_MEMORY, false);
		lua_pushcfunction(s->L, finish);
		lua_pushlightuserdata(s->L, &l);
		fine = lua_pcall(s->L, 1, 0, 0) == LUA_OK;
		if (!fine)
			loader_problem(&l, l.ready_line, "%s",
			               lua_type(s->L, -1) == LUA_TSTRING ? lua_tostring(s->L, -1)
			                                                 : "the rules cannot be made ready");
	}
	s->loader = NULL;
	s->loaded = true;
	sha256_end(&l.hash, out->fingerprint);
	out->rules = ARENA_ARRAY(&out->memory, rule, l.rule_count + 1);
	if (out->rules && l.rule_count) {
		memcpy(out->rules, l.rules, sizeof(rule) * (size_t)l.rule_count);
		out->rule_count = l.rule_count;
		qsort(out->rules, (size_t)out->rule_count, sizeof(rule), by_id);
	}
	free(l.rules);
	problems_sort(problems);
	if (!out->rules || problems->out_of_memory)
		return error_memory(err);
	return problems->count || !fine ? error_set(err, KOL_E_RULE, "the ruleset has problems") : KOL_OK;
}

const char *script_engine(void) { return LUA_RELEASE; }
