/* team_load.c: reads ruleset { … }: packs, switches of rules, assumptions, decision bounds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "script/loader.h"

/* Walks a table in the order of its keys: pushes the next key and its value. keys: index of push_keys's list, the
 * table lies before it. False (and the list popped) at the end. */
static bool next_field(lua_State *L, int keys, lua_Integer *i) {
	lua_settop(L, keys);
	if (lua_rawgeti(L, keys, ++*i) == LUA_TNIL) {
		lua_settop(L, keys - 1);
		return false;
	}
	lua_pushvalue(L, -1);
	lua_rawget(L, keys - 1);
	return true;
}

static int begin_fields(lua_State *L) {
	push_keys(L, -1);
	return lua_gettop(L);
}

static void add_override(loader *l, const char *id, const char *prefix, const char *name, value v, int line) {
	struct kol_ruleset *out = l->out;
	const char *const set_path[] = {"rules", id, "set", name, NULL}, *const path[] = {"rules", id, name, NULL},
	                  *const id_path[] = {"rules", id, NULL};
	int exact = loader_line(l, line, "ruleset", *prefix ? set_path : path);
	line = exact != line ? exact : loader_line(l, line, "ruleset", id_path);
	str full = str_of(arena_printf(&out->memory, "%s%s", prefix, name)), copy = arena_str(&out->memory, str_of(id));
	bool grow = (out->override_count & (out->override_count - 1)) == 0;
	int capacity = out->override_count ? 2 * out->override_count : 1;
	override *more = grow ? ARENA_ARRAY(&out->memory, override, capacity) : out->overrides;
	if (!more || !full.p || !copy.p) {
		l->problems->out_of_memory = true;
		return;
	}
	if (grow && out->override_count)
		memcpy(more, out->overrides, sizeof *more * (size_t)out->override_count);
	out->overrides = more;
	more[out->override_count++] =
	    (override){.id = copy, .name = full, .v = v, .at = {.path = l->path, .line = line, .rule = copy.p}};
}

static void one_rule(loader *l, const char *id, int line) {
	static const char *const names[] = {"set", "level", "weight", "bonus", "mode", NULL};
	lua_State *L = l->s->L;
	char hint[128];
	value v;
	if (lua_type(L, -1) == LUA_TSTRING) {
		value_load(l, -1, &v, 0);
		add_override(l, id, "", "mode", v, line);
		return;
	}
	if (!lua_istable(L, -1)) {
		const char *const path[] = {"rules", id, NULL};
		loader_problem_at(l, line, "ruleset", path, "ruleset: rules['%s'] must be \"off\", \"shadow\" or a table", id);
		return;
	}
	int keys = begin_fields(L);
	for (lua_Integer i = 0; next_field(L, keys, &i);) {
		const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
		values set;
		if (!strcmp(key, "set") && lua_istable(L, -1)) {
			if (values_load(l, -1, &set, line, id))
				for (int k = 0; k < set.count; k++)
					add_override(l, id, "set.", set.items[k].name.p, set.items[k].v, line);
		} else if (loader_word(key, names) > 0 && value_load(l, -1, &v, 0)) {
			add_override(l, id, "", key, v, line);
		} else {
			const char *const path[] = {"rules", id, key, NULL};
			loader_problem_at(l, line, "ruleset", path, "ruleset: rules['%s'] cannot set '%.60s' so%s", id, key,
			                  loader_hint(key, names, hint, sizeof hint));
		}
	}
}

static void load_packs(loader *l, int line) {
	lua_State *L = l->s->L;
	lua_Integer n = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, -1, i);
		const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
		const char *const path[] = {"packs", arena_printf(&l->out->memory, "#%d", (int)i), NULL};
		char packs[1024], dir[1200], shown[200], hint[1024];
		struct stat st;
		snprintf(packs, sizeof packs, "%s/packs", l->stdlib);
		snprintf(dir, sizeof dir, "%s/%s", packs, name);
		snprintf(shown, sizeof shown, "stdlib/packs/%.150s", name);
		if (!*name || strchr(name, '/') || name[0] == '.' || stat(dir, &st) || !S_ISDIR(st.st_mode))
			loader_problem_at(l, line, "ruleset", path, "ruleset: there is no pack '%.60s'%s", name,
			                  files_hint(name, packs, "", "", hint, sizeof hint));
		else
			loader_folder(l, dir, shown, l->real_stdlib, false);
		lua_pop(L, 1);
	}
}

static void load_assume(loader *l, int line) {
	static const char *const names[] = {"posts", "comments", "partnerships", "history", "credentials", NULL};
	lua_State *L = l->s->L;
	char hint[128];
	int keys = begin_fields(L);
	for (lua_Integer i = 0; next_field(L, keys, &i);) {
		const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
		int which = loader_word(key, names);
		const char *v = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
		const char *const path[] = {"assume", key, NULL};
		if (which < 0)
			loader_problem_at(l, line, "ruleset", path, "ruleset: nothing named '%.60s' can be assumed%s", key,
			                  loader_hint(key, names, hint, sizeof hint));
		else if (strcmp(v, "complete"))
			loader_problem_at(l, line, "ruleset", path, "ruleset: assume.%s can only be \"complete\"", key);
		else
			l->out->assume |= 1u << which;
	}
}

static void load_decide(loader *l, int line) {
	static const char *const names[] = {"review_below", "reject_below", NULL};
	lua_State *L = l->s->L;
	char hint[128];
	int keys = begin_fields(L);
	for (lua_Integer i = 0; next_field(L, keys, &i);) {
		const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
		int which = loader_word(key, names);
		double v = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;
		const char *const path[] = {"decide", key, NULL};
		if (which < 0)
			loader_problem_at(l, line, "ruleset", path, "ruleset: decide has no '%.60s'%s", key,
			                  loader_hint(key, names, hint, sizeof hint));
		else if (!(v >= 0 && v <= 100))
			loader_problem_at(l, line, "ruleset", path, "ruleset: decide.%s must be a number from 0 to 100", key);
		else if (which == 0)
			l->out->decide.review_below = v;
		else
			l->out->decide.reject_below = v;
	}
}

static void load_rules(loader *l, int line) {
	lua_State *L = l->s->L;
	int keys = begin_fields(L);
	for (lua_Integer i = 0; next_field(L, keys, &i);) {
		if (lua_type(L, -2) == LUA_TSTRING)
			one_rule(l, lua_tostring(L, -2), line);
		else
			loader_problem(l, line, "ruleset: rules are named by id");
	}
}

void team_load(loader *l, int index, int line) {
	static const char *const names[] = {"packs", "rules", "assume", "decide", NULL};
	lua_State *L = l->s->L;
	char hint[128];
	if (!l->team) {
		loader_problem(l, line, "ruleset { … } stands in ruleset.lua alone");
		return;
	}
	lua_pushvalue(L, index);
	int keys = begin_fields(L);
	for (lua_Integer i = 0; next_field(L, keys, &i);) {
		const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
		int which = loader_word(key, names);
		if (which < 0) {
			const char *const path[] = {key, NULL};
			loader_problem_at(l, line, "ruleset", path, "ruleset has no '%.60s'%s", key,
			                  loader_hint(key, names, hint, sizeof hint));
		} else if (!lua_istable(L, -1)) {
			loader_problem(l, line, "ruleset: %s must be a table", key);
		} else if (which == 0) {
			load_packs(l, line);
		} else if (which == 2) {
			load_assume(l, line);
		} else if (which == 3) {
			load_decide(l, line);
		} else {
			load_rules(l, line);
		}
	}
}
