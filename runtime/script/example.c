/* example.c: what a function needs read, and a rule's examples as roster rows. */
#include <stdlib.h>

#include "base/json.h"
#include "script/state.h"

void script_wants(const script *s, const rule *r, const catalogue *c, fetch *want) {
	if (!r->check)
		return;
	const check *k = &s->checks[r->check - 1];
	for (int t = 0; t < TABLE_CAMPAIGN; t++) {
		bool reads = t == TABLE_CREATOR || (t == TABLE_POST && r->each == EACH_POST);
		for (int i = 0; i < k->name_count; i++)
			reads |= str_is(k->names[i], t == TABLE_AUDIENCE ? "audience" : table_plurals[t]);
		for (int i = 0; reads && i < c->count[t]; i++) {
			str name = str_of(c->fields[t][i].name);
			bool wanted = t == TABLE_AUDIENCE || (t != TABLE_CREATOR && str_is(name, "age_days"));
			wanted |= words_field(k, (enum table)t, name);
			for (int n = 0; n < k->name_count && !wanted; n++)
				wanted = str_eq(k->names[n], name);
			if (wanted)
				fetch_want(want, (enum table)t, i);
		}
	}
}

/* ---- examples ---- */

typedef struct sending { /* what must be freed whatever Lua does */
	script *s;
	const rule *rule;
	int number; /* from 1 */
	script_row *row;
	void *user;
	buffer text;
	kol_status status; /* of row */
	kol_error *err;
	const char *expect, *as_of;
	int line;
} sending;

/* Where things stand on the stack while an example is sent. */
enum { EXAMPLE = 1, CREATOR, CAMPAIGN, PLATFORM, HANDLE, SCRATCH };

static bool among(const char *name, const char *const *names) {
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static str text_at(lua_State *L, int index) {
	str s;
	s.p = lua_tolstring(L, index, &s.n);
	return s;
}

/* Writes the value on top: a text, number or flag, a list of texts, or, in `set`, a table of these. */
static void add_value(lua_State *L, buffer *b, const char *name, int depth) {
	int it = lua_gettop(L);
	switch (lua_type(L, it)) {
	case LUA_TNUMBER: json_number(b, lua_tonumber(L, it)); return;
	case LUA_TBOOLEAN: json_bool(b, lua_toboolean(L, it)); return;
	case LUA_TSTRING: json_string(b, text_at(L, it)); return;
	case LUA_TTABLE: break;
	default: luaL_error(L, "%s cannot be a %s", name, luaL_typename(L, it));
	}
	unfrozen(L, it);
	lua_Integer n = (lua_Integer)lua_rawlen(L, it + 1);
	buffer_char(b, '[');
	for (lua_Integer i = 1; i <= n; i++) {
		if (depth)
			luaL_error(L, "%s takes texts, not lists of lists", name);
		lua_rawgeti(L, it + 1, i);
		json_comma(b);
		add_value(L, b, name, depth + 1);
		lua_settop(L, it + 1);
	}
	buffer_char(b, ']');
	lua_settop(L, it);
}

/* Writes the fields of the table at `index`, but for those in `but`. */
static void add_fields(lua_State *L, buffer *b, int index, const char *const *but) {
	int top = lua_gettop(L);
	push_keys(L, index); // keys
	unfrozen(L, index);  // keys fields
	for (lua_Integer i = 1; lua_rawgeti(L, top + 1, i) != LUA_TNIL; i++) {
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "fields have names, such as followers = 20000");
		const char *name = lua_tostring(L, -1);
		if (!among(name, but)) {
			json_key(b, name);
			lua_getfield(L, top + 2, name);
			add_value(L, b, name, 0);
		}
		lua_settop(L, top + 2);
	}
	lua_settop(L, top);
}

static void begin_row(lua_State *L, sending *g, const char *type, bool owned) {
	buffer_clear(&g->text);
	buffer_printf(&g->text, "{\"type\":\"%s\"", type);
	if (!owned)
		return;
	json_key(&g->text, "platform");
	json_string(&g->text, text_at(L, PLATFORM));
	json_key(&g->text, "handle");
	json_string(&g->text, text_at(L, HANDLE));
}

static void send(lua_State *L, sending *g) {
	buffer_char(&g->text, '}');
	const char *text = buffer_text(&g->text);
	g->status = text ? g->row(g->user, text, g->err) : error_memory(g->err);
	if (g->status)
		luaL_error(L, "%s", "the row was refused");
}

/* Pushes a field of the table at `index` that must be a table of rows, without its frost; false: it is absent. */
static bool push_rows(lua_State *L, int index, const char *name) {
	int top = lua_gettop(L);
	if (!lua_istable(L, index))
		return false;
	unfrozen(L, index);
	if (lua_getfield(L, -1, name) == LUA_TNIL) {
		lua_settop(L, top);
		return false;
	}
	if (!unfrozen(L, -1))
		luaL_error(L, "%s must be a table", name);
	lua_replace(L, top + 1);
	lua_settop(L, top + 1);
	return true;
}

/* Rows stand inside the creator or beside it. */
static bool push_child(lua_State *L, const char *name) {
	return push_rows(L, CREATOR, name) || push_rows(L, EXAMPLE, name);
}

static const char *const no_fields[] = {NULL};

/* Sends the rows of a list; without an id of its own a post or comment has its place as id. */
static void send_list(lua_State *L, sending *g, const char *type, bool numbered) {
	int list = lua_gettop(L);
	push_keys(L, list);
	for (lua_Integer i = 1; lua_rawgeti(L, list + 1, i) != LUA_TNIL; i++) {
		if (!lua_isinteger(L, -1) || lua_rawget(L, list) != LUA_TTABLE)
			luaL_error(L, "each %s stands in a table of its own: { { … }, { … } }", type);
		begin_row(L, g, type, true);
		unfrozen(L, list + 2);
		if (numbered && lua_getfield(L, list + 3, "id") == LUA_TNIL)
			buffer_printf(&g->text, ",\"id\":\"%d\"", (int)i);
		lua_settop(L, list + 2);
		add_fields(L, &g->text, list + 2, no_fields);
		send(L, g);
		lua_settop(L, list + 1);
	}
	lua_settop(L, list - 1);
}

static void send_audience(lua_State *L, sending *g) {
	int all = lua_gettop(L);
	push_keys(L, all); // audience dimensions
	for (lua_Integer i = 1; lua_rawgeti(L, all + 1, i) != LUA_TNIL; i++) {
		lua_pushvalue(L, -1);
		if (lua_rawget(L, all) != LUA_TTABLE || lua_type(L, all + 2) != LUA_TSTRING)
			luaL_error(L, "write the audience as { country = { DE = 0.6 } }");
		unfrozen(L, -1);
		int shares = lua_gettop(L);
		push_keys(L, shares); // … dimension _ shares segments
		for (lua_Integer k = 1; lua_rawgeti(L, shares + 1, k) != LUA_TNIL; k++) {
			lua_pushvalue(L, -1);
			lua_rawget(L, shares);
			if (!lua_isnumber(L, -1) || lua_type(L, -2) != LUA_TSTRING)
				luaL_error(L, "an audience's shares are numbers: { country = { DE = 0.6 } }");
			begin_row(L, g, "audience", true);
			json_key(&g->text, "dimension");
			json_string(&g->text, text_at(L, all + 2));
			json_key(&g->text, "segment");
			json_string(&g->text, text_at(L, -2));
			json_key(&g->text, "share");
			json_number(&g->text, lua_tonumber(L, -1));
			send(L, g);
			lua_settop(L, shares + 1);
		}
		lua_settop(L, all + 1);
	}
	lua_settop(L, all - 1);
}

/* What is given is complete, unless coverage rows speak of its kind or the example says complete = false. */
static void send_coverage(lua_State *L, sending *g) {
	unsigned said = 0;
	lua_settop(L, SCRATCH - 1);
	if (push_child(L, "coverage")) {
		for (lua_Integer i = 1; lua_rawgeti(L, SCRATCH, i) == LUA_TTABLE; lua_settop(L, SCRATCH), i++) {
			unfrozen(L, -1);
			lua_getfield(L, -1, "of");
			for (int t = TABLE_POST; t <= TABLE_CREDENTIAL; t++)
				if (lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), table_plurals[t]))
					said |= 1u << t;
		}
		lua_settop(L, SCRATCH);
		send_list(L, g, "coverage", false);
	}
	lua_settop(L, SCRATCH - 1);
	bool complete = lua_getfield(L, EXAMPLE, "complete") == LUA_TNIL || lua_toboolean(L, -1);
	for (int t = TABLE_POST; complete && t <= TABLE_CREDENTIAL; t++) {
		lua_settop(L, SCRATCH - 1);
		if (said & 1u << t || !push_child(L, table_plurals[t]))
			continue;
		begin_row(L, g, "coverage", true);
		json_key(&g->text, "of");
		json_string(&g->text, str_of(table_plurals[t]));
		send(L, g);
	}
	lua_settop(L, SCRATCH - 1);
}

static void send_creator(lua_State *L, sending *g) {
	static const char *const not_fields[] = {"platform", "handle",      "posts",    "partnerships", "comments",
	                                         "history",  "credentials", "audience", "coverage",     NULL};
	begin_row(L, g, "creator", true);
	if (lua_istable(L, CREATOR))
		add_fields(L, &g->text, CREATOR, not_fields);
	send(L, g);
	if (push_child(L, "audience"))
		send_audience(L, g);
	for (int t = TABLE_POST; t <= TABLE_CREDENTIAL; t++)
		if (push_child(L, table_plurals[t]))
			send_list(L, g, table_names[t], t == TABLE_POST || t == TABLE_COMMENT);
	send_coverage(L, g);
}

/* The campaign, its brand, and what the example sets: as the campaign's own settings. */
static void send_campaign(lua_State *L, sending *g) {
	static const char *const not_fields[] = {"id", "brand", "brand_id", "values", "set", NULL};
	bool given = lua_istable(L, CAMPAIGN);
	begin_row(L, g, "brand", false);
	buffer_z(&g->text, ",\"id\":\"example\",\"name\":");
	if (given && lua_getfield(L, CAMPAIGN, "brand") == LUA_TSTRING)
		json_string(&g->text, text_at(L, -1));
	else
		json_string(&g->text, STR("Example"));
	lua_settop(L, SCRATCH - 1);
	if (given && lua_getfield(L, CAMPAIGN, "values") != LUA_TNIL) {
		json_key(&g->text, "values");
		add_value(L, &g->text, "values", 0);
	}
	lua_settop(L, SCRATCH - 1);
	send(L, g);
	begin_row(L, g, "campaign", false);
	buffer_z(&g->text, ",\"id\":\"example\",\"brand_id\":\"example\"");
	if (given)
		add_fields(L, &g->text, CAMPAIGN, not_fields);
	if (push_rows(L, EXAMPLE, "set")) {
		json_key(&g->text, "set");
		buffer_char(&g->text, '{');
		json_key(&g->text, g->rule->id);
		buffer_char(&g->text, '{');
		add_fields(L, &g->text, SCRATCH, no_fields);
		buffer_z(&g->text, "}}");
	}
	lua_settop(L, SCRATCH - 1);
	send(L, g);
}

/* fx = { USD = 1, EUR = 1.1 } */
static void send_rates(lua_State *L, sending *g) {
	if (!push_rows(L, EXAMPLE, "fx"))
		return;
	push_keys(L, SCRATCH);
	for (lua_Integer i = 1; lua_rawgeti(L, SCRATCH + 1, i) != LUA_TNIL; lua_settop(L, SCRATCH + 1), i++) {
		lua_pushvalue(L, -1);
		if (lua_rawget(L, SCRATCH) != LUA_TNUMBER || lua_type(L, SCRATCH + 2) != LUA_TSTRING)
			luaL_error(L, "write fx as { USD = 1, EUR = 1.1 }");
		begin_row(L, g, "fx", false);
		json_key(&g->text, "currency");
		json_string(&g->text, text_at(L, SCRATCH + 2));
		json_key(&g->text, "rate");
		json_number(&g->text, lua_tonumber(L, -1));
		buffer_z(&g->text, ",\"at\":\"1970-01-01\"");
		send(L, g);
	}
	lua_settop(L, SCRATCH - 1);
}

/* Pushes a table of the example, or nil. */
static void push_part(lua_State *L, const char *name) {
	if (!push_rows(L, EXAMPLE, name))
		lua_pushnil(L);
}

/* Pushes a text of the creator, or `otherwise`. */
static void push_name(lua_State *L, const char *name, const char *otherwise) {
	if (lua_istable(L, CREATOR)) {
		if (lua_getfield(L, CREATOR, name) == LUA_TSTRING)
			return;
		lua_pop(L, 1);
	}
	lua_pushstring(L, otherwise);
}

static const char *keep_text(lua_State *L, sending *g, const char *name, const char *otherwise) {
	const char *text = otherwise;
	if (lua_getfield(L, EXAMPLE, name) == LUA_TSTRING)
		text = arena_printf(&g->s->memory, "%s", lua_tostring(L, -1));
	lua_pop(L, 1);
	return text;
}

static int send_example(lua_State *L) {
	sending *g = lua_touserdata(L, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, g->s->examples);
	if (lua_getfield(L, -1, g->rule->id) != LUA_TTABLE || lua_rawgeti(L, -1, g->number) != LUA_TTABLE)
		return luaL_error(L, "the rule has no such example");
	lua_getfield(L, -1, "line");
	g->line = (int)lua_tointeger(L, -1);
	lua_pop(L, 1);
	lua_getfield(L, -1, "example");
	unfrozen(L, -1);
	lua_replace(L, EXAMPLE);
	lua_settop(L, EXAMPLE);
	g->expect = keep_text(L, g, "expect", "pass");
	g->as_of = keep_text(L, g, "as_of", "2026-01-01");
	push_part(L, "creator");
	push_part(L, "campaign");
	push_name(L, "platform", "example");
	push_name(L, "handle", "example");
	send_campaign(L, g);
	send_creator(L, g);
	send_rates(L, g);
	return 0;
}

kol_status script_example(script *s, const rule *r, int i, script_row *row, void *user, const char **expect,
                          const char **as_of, int *line, kol_error *err) {
	lua_State *L = s->L;
	sending g = {.s = s, .rule = r, .number = i + 1, .row = row, .user = user, .err = err, .line = r->line};
	lua_settop(L, 0);
	script_begin(s, LOAD_INSTRUCTIONS, LOAD_WORK, LOAD_MEMORY, false);
	lua_pushcfunction(L, send_example);
	lua_pushlightuserdata(L, &g);
	bool fine = lua_pcall(L, 1, 0, 0) == LUA_OK && g.expect && g.as_of && !g.text.failed;
	kol_status status = KOL_OK;
	if (!fine && g.status)
		status = g.status;
	else if (!fine && (s->starved || lua_type(L, -1) != LUA_TSTRING))
		status = error_memory(err);
	else if (!fine)
		status = error_set(err, KOL_E_RULE, "%s", lua_tostring(L, -1));
	*line = g.line;
	*expect = g.expect ? g.expect : "pass";
	*as_of = g.as_of ? g.as_of : "2026-01-01";
	buffer_free(&g.text);
	lua_settop(L, 0);
	return status;
}
