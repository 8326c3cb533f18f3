/* condition_rows.c: compiles what is asked of a creator's rows: quantifiers, audience shares, failed().
 * Each becomes a source; two that are the same share one. */
#include "rules/condition_compile.h"

#include <math.h>

#include "base/suggest.h"

#define NONE ((typed){.reg = -1, .source = -1})

const char *const dimension_names[DIMENSION_COUNT] = {"country",    "city",     "gender",   "age",
                                                      "gender_age", "language", "interest", "type"};

static bool same_code(const code *a, const code *b) {
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++) {
		const step *x = &a->steps[i], *y = &b->steps[i];
		if (x->op != y->op || x->a != y->a || x->b != y->b || x->c != y->c || x->p != y->p ||
		    memcmp(&x->k, &y->k, sizeof x->k) != 0)
			return false;
	}
	return true;
}

static bool same_source(const source *a, const source *b) {
	if (a->kind != b->kind || a->table != b->table || a->where != b->where || a->of != b->of ||
	    a->edge_count != b->edge_count || a->complete != b->complete || a->as_of != b->as_of ||
	    a->dimension != b->dimension || a->key_count != b->key_count || a->key != b->key || a->glob != b->glob ||
	    !same_code(&a->code, &b->code))
		return false;
	for (int i = 0; i < a->edge_count; i++)
		if (a->edges[i].reg != b->edges[i].reg || a->edges[i].last != b->edges[i].last ||
		    a->edges[i].in_days != b->edges[i].in_days || a->edges[i].strict != b->edges[i].strict ||
		    !same_code(&a->edges[i].code, &b->edges[i].code))
			return false;
	for (int i = 0; i < a->key_count; i++)
		if (!str_eq(a->keys[i], b->keys[i]))
			return false;
	return true;
}

static typed use_source(compiler *m, source *src, enum kind kind) {
	conditions *all = m->all;
	int found = -1;
	for (int i = 0; i < all->source_count && found < 0; i++)
		if (same_source(&all->sources[i], src))
			found = i;
	if (found < 0) {
		void *items = all->sources;
		if (!compiler_grow(m, &items, all->source_count, &all->source_capacity, sizeof *src))
			return NONE;
		all->sources = items;
		int results[2] = {src->where >= 0 ? src->where : src->key, src->of};
		if (!code_assign_slots(all, &src->code, results, 2)) {
			m->memory = m->broken = true;
			return NONE;
		}
		for (int i = 0; i < src->edge_count; i++)
			if (!code_assign_slots(all, &src->edges[i].code, &src->edges[i].reg, 1)) {
				m->memory = m->broken = true;
				return NONE;
			}
		for (int i = 0; i < src->code.count; i++)
			src->asks |= src->code.steps[i].op == OP_ASK;
		all->sources[all->source_count] = *src;
		found = all->source_count++;
	}
	bool exact = src->kind != SOURCE_COUNT && src->kind != SOURCE_SHARE && src->kind != SOURCE_FAILED;
	typed r = typed_number(
	    kind, emit(m, (step){.op = OP_SOURCE, .holds = HOLDS_NUMBERS, .exact = exact, .a = found, .b = -1, .c = -1}));
	r.source = found;
	return r;
}

static source new_source(enum source_kind kind, enum table table) {
	return (source){
	    .kind = kind, .table = table, .where = -1, .of = -1, .covered = -1, .key = -1, .glob = -1, .dimension = -1};
}

/* ---- audience ---- */

typed compile_share(compiler *m, const node *n, int dimension, const str *keys, int key_count, const node *key) {
	if (m->inside)
		return complain(m, n->from, "the audience belongs to the creator: it cannot be asked inside a quantifier");
	source src = new_source(SOURCE_SHARE, TABLE_AUDIENCE);
	static const char *const columns[] = {"dimension", "segment", "share"};
	for (int i = 0; i < 3; i++) {
		int index;
		m->all->audience_slot[i] = field_slot(m, TABLE_AUDIENCE, str_of(columns[i]), n, &index);
		if (m->all->audience_slot[i] < 0)
			return NONE;
	}
	src.dimension = dimension;
	src.keys = keys;
	src.key_count = key_count;
	if (key) {
		compiler within = *m;
		within.code = &src.code;
		within.rows = TABLE_CREATOR;
		within.inside = true;
		typed t = compile_node(&within, key);
		m->broken |= within.broken;
		m->memory |= within.memory;
		if (t.type != TYPE_TEXT)
			return NONE;
		src.key = reg_of(&within, &t);
	}
	m->all->tables |= 1u << TABLE_AUDIENCE;
	return use_source(m, &src, KIND_SHARE);
}

typed compile_audience(compiler *m, const node *n) {
	int dimension = -1;
	suggest s;
	char hint[120];
	if (n->count < 3)
		return complain(m, n->from, "name a part of the audience, as in creator.audience.country");
	suggest_begin(&s, n->names[2]);
	for (int i = 0; i < DIMENSION_COUNT; i++) {
		suggest_try(&s, str_of(dimension_names[i]));
		if (str_is(n->names[2], dimension_names[i]))
			dimension = i;
	}
	if (dimension < 0)
		return complain(m, n->from, "the audience is not known by '%.*s'%s", STR_ARG(n->names[2]),
		                suggest_text(&s, hint, sizeof hint));
	if (n->count == 3)
		return (typed){.type = TYPE_AUDIENCE, .dimension = dimension, .field = true, .reg = -1, .source = -1};
	if (n->count > 4)
		return complain(m, n->from, "'%.*s' has too many parts", STR_ARG(node_source(m->c, n)));
	typed r = compile_share(m, n, dimension, &n->names[3], 1, NULL);
	r.field = true;
	return r;
}

typed compile_failed(compiler *m, const node *n, str glob) {
	if (m->inside)
		return complain(m, n->from, "failed() cannot be asked inside a quantifier");
	conditions *all = m->all;
	str self = str_of(m->c->place.rule);
	m->p->second_pass = true;
	source src = new_source(SOURCE_FAILED, TABLE_CREATOR);
	for (int i = 0; i < all->glob_count; i++)
		if (str_eq(all->globs[i].glob, glob) && str_eq(all->globs[i].self, self))
			src.glob = i;
	if (src.glob >= 0)
		return use_source(m, &src, KIND_NUMBER);
	int *rules = compiler_alloc(m, sizeof *rules * (size_t)(m->s->rule_count + 1)), count = 0;
	void *items = all->globs;
	if (!rules || !compiler_grow(m, &items, all->glob_count, &all->glob_capacity, sizeof *all->globs))
		return NONE;
	all->globs = items;
	for (int i = 0; i < m->s->rule_count; i++)
		if (str_glob(glob, str_of(m->s->rule_ids[i])) && !str_eq(self, str_of(m->s->rule_ids[i])))
			rules[count++] = i;
	if (!count)
		return complain(m, n->kids[0]->from, "no other rule is called '%.*s'", STR_ARG(glob));
	all->globs[all->glob_count] = (failed_glob){glob, self, rules, count};
	src.glob = all->glob_count++;
	return use_source(m, &src, KIND_NUMBER);
}

/* ---- quantifiers ---- */

static bool asks_rows(const node *n) {
	if (n->op == NODE_NAME)
		return n->count == 1 && !str_is(n->names[0], "market");
	if (n->op == NODE_QUANTIFIER)
		return true;
	for (int i = 0; i < n->count; i++)
		if (asks_rows(n->kids[i]))
			return true;
	return false;
}

static const char *date_field(enum table t) {
	return t == TABLE_PARTNERSHIP ? "started_on" : t == TABLE_HISTORY ? "at" : t == TABLE_CREDENTIAL ? "" : "posted_at";
}

static void add_edge(compiler *m, source *src, const node *bound, bool last, bool in_days, bool strict) {
	if (asks_rows(bound))
		return;
	edge *edges = compiler_alloc(m, sizeof *edges * (size_t)(src->edge_count + 1));
	if (!edges)
		return;
	edge *e = &edges[src->edge_count];
	compiler at = *m;
	at.code = &e->code;
	at.rows = TABLE_CREATOR;
	at.inside = at.silent = true;
	typed t = compile_node(&at, bound);
	if (t.type == TYPE_TEXT && t.constant && !in_days && !date_to_time(&at, bound, &t))
		return;
	if (t.type != TYPE_NUMBER)
		return;
	e->reg = reg_of(&at, &t);
	e->last = last;
	e->in_days = in_days;
	e->strict = strict;
	if (src->edge_count)
		memcpy(edges, src->edges, sizeof *edges * (size_t)src->edge_count);
	src->edges = edges;
	src->edge_count++;
	m->memory |= at.memory;
}

/* Finds age_days <= E, posted_at >= E and their like among the conditions that must all hold. */
static void find_edges(compiler *m, source *src, const node *n) {
	if (n->op == NODE_AND) {
		find_edges(m, src, n->kids[0]);
		find_edges(m, src, n->kids[1]);
		return;
	}
	if (n->op < NODE_LT || n->op > NODE_GE)
		return;
	for (int side = 0; side < 2; side++) {
		const node *name = n->kids[side], *bound = n->kids[1 - side];
		if (name->op != NODE_NAME || name->count != 1)
			continue;
		bool less = (n->op == NODE_LT || n->op == NODE_LE) == (side == 0);
		bool strict = n->op == NODE_LT || n->op == NODE_GT;
		if (str_is(name->names[0], "age_days"))
			add_edge(m, src, bound, !less, true, strict);
		else if (str_is(name->names[0], date_field(src->table)))
			add_edge(m, src, bound, less, false, strict);
	}
}

static bool find_rows(compiler *m, const node *n, enum table *out) {
	static const enum table tables[] = {TABLE_POST, TABLE_PARTNERSHIP, TABLE_COMMENT, TABLE_HISTORY, TABLE_CREDENTIAL};
	static const int covered[] = {COVERED_POSTS, COVERED_PARTNERSHIPS, COVERED_COMMENTS, COVERED_HISTORY,
	                              COVERED_CREDENTIALS};
	suggest s;
	char hint[120];
	suggest_begin(&s, n->table);
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		suggest_try(&s, str_of(table_plurals[tables[i]]));
		if (str_is(n->table, table_plurals[tables[i]])) {
			*out = tables[i];
			return covered[i] >= 0;
		}
	}
	if (str_is(n->table, "audience"))
		complain(m, n->table_at, "the audience is asked with share(creator.audience.country, 'US')");
	else
		complain(m, n->table_at,
		         "a creator has no rows '%.*s'%s; there are posts, partnerships, comments, history, credentials",
		         STR_ARG(n->table), suggest_text(&s, hint, sizeof hint));
	return false;
}

static enum covered covered_of(enum table t) {
	switch (t) {
	case TABLE_POST: return COVERED_POSTS;
	case TABLE_PARTNERSHIP: return COVERED_PARTNERSHIPS;
	case TABLE_COMMENT: return COVERED_COMMENTS;
	case TABLE_HISTORY: return COVERED_HISTORY;
	default: return COVERED_CREDENTIALS;
	}
}

static int truth_step(compiler *m, enum op op, int a, int b, double k) {
	return emit(m, (step){.op = op, .holds = HOLDS_TRUTHS, .exact = 1, .a = a, .b = b, .c = -1, .k = k});
}

/* The condition on rows and the value drawn from them. all(C of T where W) counts the rows that break it. */
static bool compile_parts(compiler *m, const node *n, source *src, bool all, typed *drawn) {
	const node *of = n->kids[0], *where = n->kids[1];
	typed w = {0}, v = {0};
	if (all && !of && !where)
		complain(m, n->from, "all(%.*s) asks nothing of them: write all(%.*s where …)", STR_ARG(n->table),
		         STR_ARG(n->table));
	if (where) {
		w = compile_node(m, where);
		if (w.type != TYPE_TRUTH && w.type != TYPE_NONE)
			complain(m, where->from, "what stands behind 'where' must be true or false, and '%.*s' is %s",
			         STR_ARG(node_source(m->c, where)), type_name(&w));
	}
	if (of) {
		v = compile_node(m, of);
		if (v.type != (all ? TYPE_TRUTH : TYPE_NUMBER) && v.type != TYPE_NONE)
			complain(m, of->from, "%.*s() wants %s before 'of', and '%.*s' is %s", STR_ARG(n->text),
			         all ? "true or false" : "a number", STR_ARG(node_source(m->c, of)), type_name(&v));
	}
	if (m->broken)
		return false;
	if (where)
		src->where = reg_of(m, &w);
	if (all && of) {
		int not_of = truth_step(m, OP_NOT, reg_of(m, &v), -1, 0);
		src->where = where ? truth_step(m, OP_AND, src->where, not_of, 0) : not_of;
	} else if (all && where) {
		src->where = truth_step(m, OP_NOT, src->where, -1, 0);
	} else if (of) {
		if (v.has_currency && !v.currency.p)
			complain(m, of->from, "the rows may be in different currencies: write %.*s(money(%.*s, 'EUR') of %.*s …)",
			         STR_ARG(n->text), STR_ARG(node_source(m->c, of)), STR_ARG(n->table));
		src->of = reg_of(m, &v);
		*drawn = v;
	}
	if (where && !(all && !of))
		find_edges(m, src, where);
	return !m->broken;
}

static source rows_source(compiler *m, enum source_kind kind, enum table table) {
	source src = new_source(kind, table);
	src.covered = (int)covered_of(table);
	src.complete = (m->s->assume >> src.covered) & 1;
	src.as_of = m->s->as_of;
	return src;
}

/* The compiler of a source's own code, which runs over the rows of its table. */
static compiler rows_compiler(const compiler *m, source *src) {
	compiler rows = *m;
	rows.code = &src->code;
	rows.rows = src->table;
	rows.inside = true;
	rows.broken = false;
	return rows;
}

static void note_tables(compiler *m, const source *src) {
	if (m->s->catalogue->present[src->table])
		m->all->tables |= 1u << src->table;
	if (src->covered != COVERED_CREDENTIALS)
		m->all->covered |= 1u << src->covered;
}

typed compile_post_count(compiler *m, const node *n, double days, int (*where)(compiler *rows, void *user),
                         void *user) {
	source src = rows_source(m, SOURCE_COUNT, TABLE_POST);
	compiler rows = rows_compiler(m, &src);
	int r = where(&rows, user);
	if (r < 0)
		complain(&rows, n->from, "the roster's posts have no texts to look in");
	if (r >= 0 && days == days) {
		int index, slot = field_slot(&rows, TABLE_POST, STR("age_days"), n, &index);
		edge *e = compiler_alloc(&rows, sizeof *e);
		if (slot < 0 || !e) {
			m->memory |= rows.memory;
			m->broken = true;
			return NONE;
		}
		int age = emit(&rows, (step){.op = OP_COLUMN, .holds = HOLDS_NUMBERS, .exact = 1, .a = slot, .b = -1, .c = -1});
		r = truth_step(&rows, OP_AND, truth_step(&rows, OP_LE_K, age, -1, days), r, 0);
		compiler at = rows;
		typed bound = {.type = TYPE_NUMBER, .constant = true, .num = days, .reg = -1, .source = -1};
		at.code = &e->code;
		at.rows = TABLE_CREATOR;
		e->reg = reg_of(&at, &bound);
		e->in_days = true;
		rows.memory |= at.memory;
		src.edges = e;
		src.edge_count = 1;
	}
	src.where = r;
	m->memory |= rows.memory;
	m->broken |= rows.broken;
	if (m->broken)
		return NONE;
	note_tables(m, &src);
	return use_source(m, &src, KIND_NUMBER);
}

typed compile_quantifier(compiler *m, const node *n) {
	static const struct {
		const char *name;
		enum source_kind kind;
	} kinds[] = {{"sum", SOURCE_SUM},
	             {"mean", SOURCE_MEAN},
	             {"median", SOURCE_MEDIAN},
	             {"min", SOURCE_MIN},
	             {"max", SOURCE_MAX}};
	if (m->inside)
		return complain(m, n->from, "a quantifier cannot stand inside another quantifier");
	enum table table = TABLE_POST;
	if (!find_rows(m, n, &table))
		return NONE;
	source src = rows_source(m, SOURCE_COUNT, table);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (str_is(n->text, kinds[i].name))
			src.kind = kinds[i].kind;
	compiler rows = rows_compiler(m, &src);
	typed drawn = {.kind = KIND_NUMBER};
	bool ok = compile_parts(&rows, n, &src, str_is(n->text, "all"), &drawn);
	m->memory |= rows.memory;
	m->broken |= !ok;
	if (!ok)
		return NONE;
	note_tables(m, &src);
	bool added_up = src.kind == SOURCE_SUM && drawn.kind != KIND_MONEY;
	typed r = use_source(m, &src, added_up ? KIND_NUMBER : drawn.kind);
	r.has_currency = drawn.has_currency;
	r.currency = drawn.currency;
	r.currency_table = TABLE_CAMPAIGN;
	int source_number = r.source;
	if (r.type == TYPE_NONE)
		return r;
	if (str_is(n->text, "any"))
		r = typed_truth(truth_step(m, OP_GE_K, r.reg, -1, 1));
	else if (str_is(n->text, "none") || str_is(n->text, "all"))
		r = typed_truth(truth_step(m, OP_LT_K, r.reg, -1, 1));
	r.source = source_number;
	return r;
}
