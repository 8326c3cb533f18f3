/* condition_names.c: what the names in a condition stand for: fields, parameters, the campaign, the market.
 * Uses the catalogue for fields; a name that is not known is told with the one that was probably meant. */
#include "base/suggest.h"
#include "rules/condition_compile.h"

int field_slot(compiler *m, enum table t, str name, const node *n, int *index) {
	*index = catalogue_find(m->s->catalogue, t, name);
	if (*index < 0) {
		char sentence[300];
		complain(m, n->from, "%s", catalogue_unknown(m->s->catalogue, t, name, sentence, sizeof sentence));
		return -1;
	}
	int slot = fetch_want(m->want, t, *index);
	if (slot < 0)
		m->memory = m->broken = true;
	return slot;
}

static typed compile_field(compiler *m, const node *n, enum table t, str name) {
	if (t == TABLE_POST && str_is(name, "commercial") && catalogue_find(m->s->catalogue, t, name) < 0)
		return compile_commercial(m, n);
	int index, slot = field_slot(m, t, name, n, &index);
	if (slot < 0)
		return (typed){.reg = -1, .source = -1};
	enum kind kind = m->s->catalogue->fields[t][index].kind;
	bool text = kind == KIND_TEXT, near = t == m->rows;
	enum op op = near ? (text ? OP_COLUMN_TEXT : OP_COLUMN) : (text ? OP_PARENT_TEXT : OP_PARENT);
	int at =
	    emit(m, (step){.op = op, .holds = text ? HOLDS_TEXTS : HOLDS_NUMBERS, .exact = 1, .a = slot, .b = -1, .c = -1});
	typed r = text ? typed_text(at) : typed_number(kind, at);
	if (kind == KIND_FLAG)
		r = emit_truth(m, OP_FLAG, at, -1, 0);
	r.field = true;
	int currency = kind == KIND_MONEY ? catalogue_find(m->s->catalogue, t, STR("currency")) : -1;
	if (kind == KIND_MONEY) {
		r.has_currency = true;
		r.currency_table = t;
		r.currency_slot = currency < 0 ? -1 : fetch_want(m->want, t, currency);
	}
	return r;
}

static typed compile_constant(compiler *m, const node *n, const values *from, const char *what) {
	const value *v = values_find(from, n->names[1]);
	if (n->count == 2 && v)
		return typed_of_value(v);
	suggest s;
	char hint[120];
	suggest_begin(&s, n->names[1]);
	for (int i = 0; from && i < from->count; i++)
		suggest_try(&s, from->items[i].name);
	if (v)
		return complain(m, n->from, "'%.*s' has no parts", STR_ARG(n->names[1]));
	return complain(m, n->from, "%s '%.*s'%s", what, STR_ARG(n->names[1]), suggest_text(&s, hint, sizeof hint));
}

/* DE, EUR, USD: a text that lacks its quotes. */
static bool is_capitals(str name) {
	for (size_t i = 0; i < name.n; i++)
		if (!(name.p[i] >= 'A' && name.p[i] <= 'Z'))
			return false;
	return name.n > 1;
}

static typed compile_bare(compiler *m, const node *n) {
	str name = n->names[0];
	if (is_capitals(name) && catalogue_find(m->s->catalogue, m->rows, name) < 0)
		return complain(m, n->from, "texts stand in quotes: '%.*s'", STR_ARG(name));
	if (m->inside && m->rows != TABLE_CREATOR)
		return compile_field(m, n, m->rows, name);
	if (catalogue_find(m->s->catalogue, m->s->rows, name) >= 0)
		return complain(m, n->from, "'%.*s' stands alone; did you mean '%s.%.*s'?", STR_ARG(name),
		                table_names[m->s->rows], STR_ARG(name));
	if (values_find(m->s->set, name))
		return complain(m, n->from, "'%.*s' stands alone; did you mean 'set.%.*s'?", STR_ARG(name), STR_ARG(name));
	return complain(m, n->from,
	                "'%.*s' is not known here; fields are written creator.x, campaign.x, set.x%s, and texts stand in "
	                "quotes: '%.*s'",
	                STR_ARG(name), m->s->rows == TABLE_POST ? ", post.x" : "", STR_ARG(name));
}

typed compile_name(compiler *m, const node *n) {
	str first = n->names[0];
	if (n->count == 1 && str_is(first, "market")) {
		if (m->s->market)
			return typed_of_value(m->s->market);
		return complain(m, n->from, "'market' is known only in rules with each = \"market\"");
	}
	if (n->count == 1)
		return compile_bare(m, n);
	if (str_is(first, "creator") && str_is(n->names[1], "audience"))
		return compile_audience(m, n);
	if (str_is(first, "set"))
		return compile_constant(m, n, m->s->set, "the rule has no parameter");
	if (str_is(first, "campaign"))
		return compile_constant(m, n, m->s->campaign, "campaign has no field");
	if (n->count > 2)
		return complain(m, n->from, "'%.*s' has too many parts", STR_ARG(node_source(m->c, n)));
	if (str_is(first, "creator"))
		return compile_field(m, n, TABLE_CREATOR, n->names[1]);
	if (str_is(first, "post") && m->s->rows == TABLE_POST && !m->inside)
		return compile_field(m, n, TABLE_POST, n->names[1]);
	if (str_is(first, "post"))
		return complain(m, n->from,
		                m->inside ? "inside a quantifier the rows' own fields stand alone: write %.*s"
		                          : "'post.%.*s' is known only in rules with each = \"post\"",
		                STR_ARG(n->names[1]));
	suggest s;
	char hint[120];
	suggest_begin(&s, first);
	suggest_try(&s, STR("creator"));
	suggest_try(&s, STR("campaign"));
	suggest_try(&s, STR("set"));
	suggest_try(&s, STR("post"));
	return complain(m, n->from, "'%.*s' is not known here%s", STR_ARG(first), suggest_text(&s, hint, sizeof hint));
}
