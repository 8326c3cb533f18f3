/* example.c: what a function needs read, and a rule's examples as roster rows. */
#include <stdlib.h>

#include "base/json.h"
#include "script/state.h"

void script_wants(const script *s, const rule *r, const catalogue *c, fetch *want) {
	if (!r->check)
		return;
	const check *k = &s->checks[r->check - 1];
	for (int t = 0; t < TABLE_CAMPAIGN; t++) {
		bool asked = t == TABLE_CREATOR || (t == TABLE_POST && r->each == EACH_POST);
		for (int i = 0; i < k->name_count; i++)
			asked |= str_is(k->names[i], t == TABLE_AUDIENCE ? "audience" : table_plurals[t]);
		for (int i = 0; asked && i < c->count[t]; i++) {
			str name = str_of(c->fields[t][i].name);
			bool wanted = t == TABLE_AUDIENCE || (t != TABLE_CREATOR && str_is(name, "age_days"));
			for (int n = 0; n < k->name_count && !wanted; n++)
				wanted = str_eq(k->names[n], name);
			if (wanted)
				fetch_want(want, (enum table)t, i);
		}
	}
}

/* Writes the fields of the table on top; lists become JSON lists. */
static void add_fields(lua_State *L, buffer *b) {
	int table = lua_gettop(L);
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		if (lua_type(L, -2) != LUA_TSTRING)
			continue;
		json_key(b, lua_tostring(L, -2));
		str s;
		switch (lua_type(L, -1)) {
		case LUA_TNUMBER: json_number(b, lua_tonumber(L, -1)); break;
		case LUA_TBOOLEAN: json_bool(b, lua_toboolean(L, -1)); break;
		case LUA_TSTRING:
			s.p = lua_tolstring(L, -1, &s.n);
			json_string(b, s);
			break;
		default:
			buffer_char(b, '[');
			for (lua_Integer i = 1; lua_istable(L, -1) && lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
				s.p = lua_tolstring(L, -1, &s.n);
				json_comma(b);
				json_string(b, s);
				lua_pop(L, 1);
			}
			lua_settop(L, table + 2);
			buffer_char(b, ']');
		}
	}
}

static kol_status send(script_row *row, void *user, buffer *b, kol_error *err) {
	const char *text = buffer_text(b);
	kol_status status = text ? row(user, text, err) : error_memory(err);
	buffer_clear(b);
	return status;
}

#define OWNER ",\"platform\":\"example\",\"handle\":\"example\""

static kol_status send_rows(lua_State *L, int it, bool complete, script_row *row, void *user, buffer *b,
                            kol_error *err) {
	kol_status status = KOL_OK;
	for (int t = TABLE_POST; t <= TABLE_CREDENTIAL && !status; t++) {
		lua_settop(L, it);
		if (lua_getfield(L, it, table_plurals[t]) != LUA_TTABLE)
			continue;
		for (lua_Integer i = 1; !status && lua_rawgeti(L, it + 1, i) == LUA_TTABLE; i++) {
			buffer_printf(b, "{\"type\":\"%s\"" OWNER, table_names[t]);
			lua_getfield(L, -1, "id");
			if (lua_isnil(L, -1) && (t == TABLE_POST || t == TABLE_COMMENT))
				buffer_printf(b, ",\"id\":\"%d\"", (int)i);
			lua_pop(L, 1);
			add_fields(L, b);
			buffer_char(b, '}');
			status = send(row, user, b, err);
			lua_settop(L, it + 1);
		}
		if (complete && !status) {
			buffer_printf(b, "{\"type\":\"coverage\"" OWNER ",\"of\":\"%s\",\"from_at\":null,\"to_at\":null}",
			              table_plurals[t]);
			status = send(row, user, b, err);
		}
	}
	lua_settop(L, it);
	if (!status && lua_getfield(L, it, "audience") == LUA_TTABLE)
		for (lua_pushnil(L); !status && lua_next(L, it + 1); lua_settop(L, it + 2))
			for (lua_pushnil(L); lua_istable(L, it + 3) && !status && lua_next(L, it + 3); lua_pop(L, 1)) {
				buffer_printf(b, "{\"type\":\"audience\"" OWNER ",\"dimension\":");
				json_string(b, str_of(lua_type(L, it + 2) == LUA_TSTRING ? lua_tostring(L, it + 2) : ""));
				buffer_z(b, ",\"segment\":");
				json_string(b, str_of(lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : ""));
				buffer_z(b, ",\"share\":");
				json_number(b, lua_tonumber(L, -1));
				buffer_char(b, '}');
				status = send(row, user, b, err);
			}
	return status;
}

kol_status script_example(script *s, const rule *r, int i, script_row *row, void *user, const char **expect, int *line,
                          kol_error *err) {
	lua_State *L = s->L;
	script_begin(s, LOAD_INSTRUCTIONS, LOAD_WORK, LOAD_MEMORY, false);
	lua_settop(L, 0);
	*line = r->line;
	lua_rawgeti(L, LUA_REGISTRYINDEX, s->examples);
	if (lua_getfield(L, 1, r->id) != LUA_TTABLE || lua_rawgeti(L, 2, i + 1) != LUA_TTABLE) {
		lua_settop(L, 0);
		return error_at(err, KOL_E_RULE, r->path, r->line, 0, "rule '%s': example %d must be a table", r->id, i + 1);
	}
	lua_getfield(L, 3, "expect");
	*expect = lua_type(L, 4) == LUA_TSTRING ? arena_printf(&s->memory, "%s", lua_tostring(L, 4)) : "pass";
	lua_getfield(L, 3, "complete");
	lua_getfield(L, 3, "coverage");
	bool complete = (lua_isnil(L, 5) || lua_toboolean(L, 5)) && lua_isnil(L, 6);
	buffer b = {0};
	static const char *const heads[] = {"{\"type\":\"creator\"" OWNER, "{\"type\":\"campaign\",\"id\":\"example\""};
	kol_status status = KOL_OK;
	for (int k = 0; k < 2 && !status; k++) {
		lua_settop(L, 3);
		buffer_z(&b, heads[k]);
		if (lua_getfield(L, 3, k ? "campaign" : "creator") == LUA_TTABLE)
			add_fields(L, &b);
		buffer_char(&b, '}');
		status = send(row, user, &b, err);
	}
	lua_settop(L, 3);
	if (!status)
		status = send_rows(L, 3, complete, row, user, &b, err);
	buffer_free(&b);
	lua_settop(L, 0);
	return status;
}
