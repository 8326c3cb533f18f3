/* loader.c: reads a ruleset's files in path order and runs them in the sandbox, each under a bound. What is wrong
 * in one file is shown, and the others still load. Uses rule_load and team_load. */
#include "script/loader.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_MOST (1 << 20)
#define DEPTH_MOST 16

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

static int line_of(lua_State *L) {
	lua_Debug ar;
	for (int level = 1; lua_getstack(L, level, &ar); level++) {
		lua_getinfo(L, "Sl", &ar);
		if (ar.currentline > 0)
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
	int line = line_of(L);
	if (!id_fine(id)) {
		loader_problem(l, line, "'%.100s' is no rule id; use small letters, digits, - and _, with / between parts", id);
		lua_pushcfunction(L, ignore);
		return 1;
	}
	const char *copy = arena_text(&l->out->memory, id, strlen(id));
	if (!copy)
		return luaL_error(L, "out of memory");
	for (int i = 0; i < l->rule_count; i++)
		if (!strcmp(l->rules[i].id, copy)) {
			loader_problem(l, line, "rule '%s' is already declared at %s:%d", copy, l->rules[i].path, l->rules[i].line);
			lua_pushcfunction(L, ignore);
			return 1;
		}
	lua_pushstring(L, copy);
	lua_pushinteger(L, line);
	lua_pushcclosure(L, take_rule, 2);
	return 1;
}

static int base_lexicon(lua_State *L) {
	luaL_checkstring(L, 1);
	lua_pushcfunction(L, ignore);
	return 1;
}

static int take_lookup(lua_State *L) {
	loader *l = script_of(L)->loader;
	luaL_checktype(L, 1, LUA_TTABLE);
	value v;
	struct kol_ruleset *out = l->out;
	const char *name = lua_tostring(L, lua_upvalueindex(1));
	if (!value_load(l, 1, &v, 0)) {
		loader_problem(l, line_of(L), "lookup '%s' must hold numbers, texts, and tables of these", name);
		return 0;
	}
	named_value *more = ARENA_ARRAY(&out->memory, named_value, out->lookups.count + 1);
	if (!more)
		return luaL_error(L, "out of memory");
	if (out->lookups.count)
		memcpy(more, out->lookups.items, sizeof *more * (size_t)out->lookups.count);
	more[out->lookups.count++] = (named_value){arena_str(&out->memory, str_of(name)), v};
	out->lookups.items = more;
	lua_settop(L, 1);
	return 1;
}

static int base_lookup(lua_State *L) {
	if (!script_of(L)->loader)
		return luaL_error(L, "lookups are declared while files load");
	luaL_checkstring(L, 1);
	lua_settop(L, 1);
	lua_pushcclosure(L, take_lookup, 1);
	return 1;
}

static int base_ruleset(lua_State *L) {
	loader *l = script_of(L)->loader;
	luaL_checktype(L, 1, LUA_TTABLE);
	if (l)
		team_load(l, 1, line_of(L));
	return 0;
}

/* Reads a file into memory; false after a problem was shown. The caller frees. */
static bool read_source(loader *l, const char *path, str *out) {
	FILE *f = fopen(path, "rb");
	char *p = f ? malloc(FILE_MOST + 1) : NULL;
	size_t n = p ? fread(p, 1, FILE_MOST + 1, f) : 0;
	bool fine = p && !ferror(f);
	if (f)
		fclose(f);
	if (!fine)
		loader_problem(l, 0, "the file cannot be read");
	else if (n > FILE_MOST)
		loader_problem(l, 0, "the file is larger than 1 MiB; split it into several");
	else if (n && (p[0] == 27 || memchr(p, 0, n)))
		loader_problem(l, 0, "this is no text: a rule file is Lua source, never compiled");
	else {
		*out = (str){p, n};
		return true;
	}
	free(p);
	return false;
}

/* Lua says path:line: sentence. */
static void tell_error(loader *l, const char *message) {
	size_t n = strlen(l->path);
	int line = 0, used = 0;
	kol_error e = {0};
	if (!strncmp(message, l->path, n) && message[n] == ':' && sscanf(message + n, ":%d: %n", &line, &used) == 1)
		message += n + (size_t)used;
	if (script_of(l->s->L)->starved)
		message = "loading it takes more memory than rule files may take";
	error_at(&e, KOL_E_RULE, l->path, line, 0, "%.800s", message);
	const char *p = l->source.p, *end = p + l->source.n;
	for (int i = 1; i < line && p && p < end; i++) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		p = newline ? newline + 1 : end;
	}
	const char *near = strstr(message, "near '");
	if (line && p && p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t width = (size_t)((stop ? stop : end) - p);
		int place = 1;
		if (near) {
			near += 6;
			size_t word = strcspn(near, "'");
			const char *at = word ? memmem(p, width, near, word) : NULL;
			place = at ? (int)(at - p) + 1 : 1;
		}
		e.column = near ? place : 0;
		error_excerpt(&e, p, width, place);
	}
	problems_add(l->problems, &e);
}

/* Argument 1: the loader. Returns what the file returns. */
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
	return 1;
}

/* Runs one file; leaves its result on the stack, or false after telling what is wrong. */
static bool load_file(loader *l, const char *path, const char *shown, bool team) {
	lua_State *L = l->s->L;
	loader before = *l;
	l->path = arena_text(&l->out->memory, shown, strlen(shown));
	l->team = team;
	bool fine = l->path && read_source(l, path, &l->source);
	if (fine) {
		size_t prefix = strlen(l->folder); /* the fingerprint does not depend on where the folder lies */
		bool below = !strncmp(shown, l->folder, prefix);
		sha256_str(&l->hash, str_of(below ? shown + prefix : strrchr(shown, '/')));
		sha256_str(&l->hash, l->source);
		lua_pushcfunction(L, run_file);
		lua_pushlightuserdata(L, l);
		fine = lua_pcall(L, 1, 1, 0) == LUA_OK;
		if (!fine) {
			tell_error(l,
			           lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "it raised an error without a sentence");
			lua_pop(L, 1);
		}
		free((void *)(uintptr_t)l->source.p);
	}
	l->path = before.path;
	l->source = before.source;
	l->team = before.team;
	return fine;
}

/* require "kolander.x" or one of the team's own files. */
static int base_require(lua_State *L) {
	loader *l = script_of(L)->loader;
	if (!l)
		return luaL_error(L, "require belongs at the top of a file, not in a function");
	size_t n;
	const char *name = luaL_checklstring(L, 1, &n);
	char part[256], path[1024], shown[512];
	if (n >= sizeof part || !n || name[0] == '.' || strstr(name, "..") || strpbrk(name, "/\\"))
		return luaL_error(L, "'%s' is no module name; write it as \"kolander.metrics\" or \"folder.file\"", name);
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.modules");
	if (lua_getfield(L, -1, name) != LUA_TNIL) {
		if (lua_isboolean(L, -1))
			return luaL_error(L, "module '%s' is not there: it did not load, or it requires itself", name);
		return 1;
	}
	lua_pop(L, 1);
	for (size_t i = 0; i <= n; i++)
		part[i] = name[i] == '.' ? '/' : name[i];
	bool own = strncmp(part, "kolander/", 9) != 0;
	snprintf(path, sizeof path, "%s/%s.lua", own ? l->folder : l->stdlib, part);
	snprintf(shown, sizeof shown, "%s%s.lua", own ? "" : "stdlib/", part);
	if (own)
		snprintf(shown, sizeof shown, "%s/%s.lua", l->folder, part);
	struct stat st;
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return luaL_error(L, "there is no module '%s'", name);
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, name);
	if (!load_file(l, path, shown, false))
		return luaL_error(L, "module '%s' did not load", name);
	lua_pushvalue(L, -1);
	lua_setfield(L, -3, name);
	return 1;
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void gather(loader *l, const char *dir, const char *prefix, char ***list, int *count, int depth) {
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		char path[2048], relative[1024];
		struct stat st;
		if (e->d_name[0] == '.' || snprintf(path, sizeof path, "%s/%s", dir, e->d_name) >= (int)sizeof path ||
		    snprintf(relative, sizeof relative, "%s%s", prefix, e->d_name) >= (int)sizeof relative || stat(path, &st))
			continue;
		size_t n = strlen(e->d_name);
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MOST && strcmp(e->d_name, "tests")) {
			strcat(relative, "/");
			gather(l, path, relative, list, count, depth + 1);
		} else if (S_ISREG(st.st_mode) && n > 4 && !strcmp(e->d_name + n - 4, ".lua")) {
			char **more = realloc(*list, sizeof *more * (size_t)(*count + 1));
			char *copy = more ? strdup(relative) : NULL;
			if (more)
				*list = more;
			if (copy)
				(*list)[(*count)++] = copy;
			else
				l->problems->out_of_memory = true;
		}
	}
	if (d)
		closedir(d);
}

void loader_folder(loader *l, const char *dir, const char *shown, bool team) {
	char **list = NULL;
	int count = 0;
	lua_State *L = l->s->L;
	gather(l, dir, "", &list, &count, 0);
	qsort(list, (size_t)count, list ? sizeof *list : 1, by_text);
	for (int pass = team ? 0 : 1; pass < 2; pass++)
		for (int i = 0; i < count; i++) {
			bool first = team && !strcmp(list[i], "ruleset.lua");
			char path[2048], name[2048];
			if (first != (pass == 0))
				continue;
			snprintf(path, sizeof path, "%s/%s", dir, list[i]);
			snprintf(name, sizeof name, "%s/%s", shown, list[i]);
			int top = lua_gettop(L);
			script_begin(l->s, LOAD_INSTRUCTIONS, LOAD_WORK, LOAD_MEMORY, true);
			load_file(l, path, name, first);
			lua_settop(L, top);
		}
	for (int i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

static int begin(lua_State *L) {
	static const luaL_Reg declare[] = {
	    {"rule", base_rule},       {"lexicon", base_lexicon}, {"lookup", base_lookup},   {"ruleset", base_ruleset},
	    {"require", base_require}, {"fail", bind_fail},       {"unknown", bind_unknown}, {NULL, NULL}};
	lua_getfield(L, LUA_REGISTRYINDEX, "kolander.library");
	luaL_setfuncs(L, declare, 0);
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "kolander.envs");
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, "kolander.modules");
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
	script *s = script_new(err);
	if (!s)
		return err ? err->code : KOL_E_MEMORY;
	out->script = l.s = s;
	out->decide = (decide){NAN, NAN};
	snprintf(out->folder, sizeof out->folder, "%s", folder);
	s->loader = &l;
	sha256_begin(&l.hash);
	lua_pushcfunction(s->L, begin);
	bool fine = lua_pcall(s->L, 0, 0, 0) == LUA_OK;
	if (fine) {
		loader_folder(&l, folder, folder, true);
		script_begin(s, LOAD_INSTRUCTIONS, LOAD_WORK, LOAD_MEMORY, false);
		lua_pushcfunction(s->L, finish);
		lua_pushlightuserdata(s->L, &l);
		fine = lua_pcall(s->L, 1, 0, 0) == LUA_OK;
		if (!fine)
			loader_problem(&l, 0, "the rules cannot be made ready: %s", lua_tostring(s->L, -1));
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
