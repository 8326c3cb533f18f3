/* check_fields.c: finds the misspelt fields that a check function reads of creator, campaign, set and post, before it
 * runs. Reads the function's compiled form; what a function hands on or renames is judged when it runs. */
#include <stdio.h>

#include "base/buffer.h"
#include "base/suggest.h"
#include "script/bytecode.h"
#include "script/session.h"

#define TOLD_MOST 20 /* of one function */

typedef struct checker {
	const rule *rule;
	const catalogue *catalogue;
	const values *campaign;
	struct kol_problems *problems;
	str told[TOLD_MOST];
	int told_of[TOLD_MOST], told_count;
} checker;

/* Tries every name that creator (0), campaign, set or post (3) knows; true: `name` is one of them. */
static bool known(const checker *c, int parameter, str name, suggest *s) {
	static const enum table tables[] = {TABLE_CREATOR, TABLE_CAMPAIGN, TABLE_COUNT, TABLE_POST};
	static const char *const methods[] = {"known",    "get",     "audience",    "posts", "partnerships",
	                                      "comments", "history", "credentials", NULL};
	enum table t = tables[parameter];
	const values *also = parameter == 1 ? c->campaign : parameter == 2 ? &c->rule->set : NULL;
	bool found = false;
	for (int i = 0; t < TABLE_COUNT && i < c->catalogue->count[t]; i++) {
		str field_name = str_of(c->catalogue->fields[t][i].name);
		suggest_try(s, field_name);
		found |= str_eq(name, field_name);
	}
	for (int i = 0; also && i < also->count; i++) {
		suggest_try(s, also->items[i].name);
		found |= str_eq(name, also->items[i].name);
	}
	for (int i = 0; parameter == 3 && words_names[i]; i++) {
		suggest_try(s, str_of(words_names[i]));
		found |= str_is(name, words_names[i]);
	}
	for (int i = 0; parameter != 1 && parameter != 2 && methods[i]; i++) {
		suggest_try(s, str_of(methods[i]));
		found |= str_is(name, methods[i]);
	}
	return found;
}

static void check_one(void *user, int parameter, str name, int line) {
	static const char *const parameters[] = {"creator", "campaign", "set", "post"};
	checker *c = user;
	suggest s;
	char hint[160], sentence[400];
	bool of_post = c->rule->each == EACH_POST; /* post, creator, campaign, set; else creator, campaign, set, market */
	if (!of_post && parameter == 3)
		return;
	parameter = of_post ? (parameter + 3) % 4 : parameter;
	for (int i = 0; i < c->told_count; i++)
		if (c->told_of[i] == parameter && str_eq(c->told[i], name))
			return;
	suggest_begin(&s, name);
	if (c->told_count == TOLD_MOST || known(c, parameter, name, &s))
		return;
	c->told_of[c->told_count] = parameter;
	c->told[c->told_count++] = name;
	kol_error e = {0};
	snprintf(sentence, sizeof sentence, "rule '%.100s': %s has no %s '%.*s'%s", c->rule->id, parameters[parameter],
	         parameter == 2 ? "parameter" : "field", STR_ARG(name), suggest_text(&s, hint, sizeof hint));
	error_at(&e, KOL_E_RULE, c->rule->path, line, 0, "%s", sentence);
	problems_add(c->problems, &e);
}

static int dump_writer(lua_State *L, const void *p, size_t n, void *user) {
	(void)L;
	buffer_add(user, p, n);
	return ((buffer *)user)->failed;
}

void script_check(const script *s, const rule *r, const catalogue *fields, const values *campaign,
                  struct kol_problems *problems) {
	if (!r->check)
		return;
	checker c = {.rule = r, .catalogue = fields, .campaign = campaign, .problems = problems};
	buffer dump = {0};
	bytecode ignored = {0};
	lua_rawgeti(s->L, LUA_REGISTRYINDEX, s->checks[r->check - 1].ref);
	if (lua_iscfunction(s->L, -1) || lua_dump(s->L, dump_writer, &dump, 0))
		problems->out_of_memory |= dump.failed;
	else
		bytecode_read((str){dump.p, dump.n}, &ignored, NULL, check_one, &c);
	lua_pop(s->L, 1);
	buffer_free(&dump);
}
