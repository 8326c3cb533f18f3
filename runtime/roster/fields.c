/* fields.c: looks fields up by name, and keeps which of them a plan reads. Uses base. Knows nothing of SQL. */
#include "roster/fields.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/suggest.h"

const char *const table_names[TABLE_COUNT] = {"creator", "post",       "partnership", "comment",
                                              "history", "credential", "audience",    "campaign"};
const char *const table_plurals[TABLE_COUNT] = {"creators", "posts",       "partnerships", "comments",
                                                "history",  "credentials", "audience",     "campaigns"};

int catalogue_find(const catalogue *c, enum table t, str name) {
	for (int i = 0; i < c->count[t]; i++)
		if (str_is(name, c->fields[t][i].name))
			return i;
	return -1;
}

const char *catalogue_unknown(const catalogue *c, enum table t, str name, char *out, size_t size) {
	char hint[160];
	suggest s;
	suggest_begin(&s, name);
	for (int i = 0; i < c->count[t]; i++)
		suggest_try(&s, str_of(c->fields[t][i].name));
	for (int i = 0; i < c->count[t] && !s.best.p && name.n >= 3; i++)
		if (!strncmp(c->fields[t][i].name, name.p, name.n))
			s.best = str_of(c->fields[t][i].name);
	size_t shown = name.n < 80 ? name.n : 80;
	snprintf(out, size, "%s has no field '%.*s'%s%s", table_names[t], (int)shown, name.p, shown < name.n ? "…" : "",
	         suggest_text(&s, hint, sizeof hint));
	return out;
}

const char *kind_name(enum kind k) {
	switch (k) {
	case KIND_NUMBER: return "a number";
	case KIND_SHARE: return "a share (0–1)";
	case KIND_TIME: return "a date";
	case KIND_MONEY: return "an amount of money";
	case KIND_FLAG: return "true or false";
	case KIND_TEXT: return "text";
	}
	return "a value";
}

int fetch_want(fetch *f, enum table t, int field_index) {
	for (int i = 0; i < f->count[t]; i++)
		if (f->field[t][i] == field_index)
			return i;
	if (f->count[t] == f->capacity[t]) {
		int capacity = f->capacity[t] ? f->capacity[t] * 2 : 16;
		int *grown = realloc(f->field[t], sizeof *grown * (size_t)capacity);
		if (!grown)
			return -1;
		f->field[t] = grown;
		f->capacity[t] = capacity;
	}
	f->field[t][f->count[t]] = field_index;
	return f->count[t]++;
}

void fetch_free(fetch *f) {
	for (int t = 0; t < TABLE_COUNT; t++)
		free(f->field[t]);
	memset(f, 0, sizeof *f);
}
