/* condition_calls.c: the functions that conditions know: their arguments' kinds and their steps. */
#include "rules/condition_compile.h"

#include <math.h>
#include <stdlib.h>

#include "base/suggest.h"

#define NONE ((typed){.reg = -1, .source = -1})

typedef struct function {
	const char *name;
	int least, most; /* arguments */
	const char *usage;
	typed (*compile)(compiler *m, const node *n, typed *args);
} function;

static typed wrong(compiler *m, const node *n, int arg, const char *wants, const typed *got) {
	return complain(m, n->kids[arg]->from, "%.*s() wants %s here, and '%.*s' is %s", STR_ARG(n->text), wants,
	                STR_ARG(node_source(m->c, n->kids[arg])), type_name(got));
}

static int compare_strs(const void *a, const void *b) { return str_compare(*(const str *)a, *(const str *)b); }

/* The distinct texts of a constant, sorted. False: not constant texts. */
static bool constant_texts(compiler *m, const typed *t, const str **out, int *count) {
	bool list =
	    t->type == TYPE_LIST && t->list->shape == VALUE_LIST && (t->list->count == 0 || t->list->kind == KIND_TEXT);
	if (!list && (t->type != TYPE_TEXT || !t->constant || !t->text.p))
		return false;
	int n = list ? t->list->count : 1;
	str *copy = compiler_alloc(m, sizeof *copy * (size_t)(n + 1));
	if (!copy)
		return false;
	for (int i = 0; i < n; i++)
		copy[i] = list ? t->list->texts[i] : t->text;
	qsort(copy, (size_t)n, sizeof *copy, compare_strs);
	int kept = 0;
	for (int i = 0; i < n; i++)
		if (copy[i].p && (!kept || !str_eq(copy[i], copy[kept - 1])))
			copy[kept++] = copy[i];
	*out = copy;
	*count = kept;
	return true;
}

static typed call_share(compiler *m, const node *n, typed *args) {
	if (args[0].type != TYPE_AUDIENCE)
		return wrong(m, n, 0, "a part of the audience, as in creator.audience.country,", &args[0]);
	const str *keys;
	int count;
	if (constant_texts(m, &args[1], &keys, &count))
		return compile_share(m, n, args[0].dimension, keys, count, NULL);
	if (args[1].type != TYPE_TEXT)
		return wrong(m, n, 1, "a text or a list of texts", &args[1]);
	return compile_share(m, n, args[0].dimension, NULL, 0, n->kids[1]);
}

static typed call_among(compiler *m, const node *n, typed *args) {
	step s = {.holds = HOLDS_TRUTHS, .exact = 1, .b = -1, .c = -1};
	const typed *list = &args[1];
	if (list->type == TYPE_TEXT && args[0].type == TYPE_TEXT) { /* one value, or a missing list */
		s.op = OP_TEXT_EQ;
		s.b = reg_of(m, &args[1]);
	} else if (list->type != TYPE_LIST || list->list->shape != VALUE_LIST) {
		return wrong(m, n, 1, "a list", list);
	} else if (args[0].type == TYPE_TEXT) {
		text_set *set = compiler_alloc(m, sizeof *set);
		if (!set)
			return NONE;
		if (!constant_texts(m, list, &set->texts, &set->count))
			return complain(m, n->kids[1]->from, "'%.*s' is a list of numbers, and '%.*s' is text",
			                STR_ARG(node_source(m->c, n->kids[1])), STR_ARG(node_source(m->c, n->kids[0])));
		s.op = OP_AMONG_TEXT;
		s.p = set;
	} else if (args[0].type == TYPE_NUMBER) {
		number_set *set = compiler_alloc(m, sizeof *set);
		if (!set)
			return NONE;
		if (list->list->count && list->list->kind == KIND_TEXT)
			return complain(m, n->kids[1]->from, "'%.*s' is a list of texts, and '%.*s' is a number",
			                STR_ARG(node_source(m->c, n->kids[1])), STR_ARG(node_source(m->c, n->kids[0])));
		*set = (number_set){list->list->nums, list->list->count};
		s.op = OP_AMONG;
		s.p = set;
	} else {
		return wrong(m, n, 0, "a text or a number", &args[0]);
	}
	s.a = reg_of(m, &args[0]);
	return typed_truth(emit(m, s));
}

static typed call_speaks(compiler *m, const node *n, typed *args) {
	for (int i = 0; i < 2; i++)
		if (args[i].type != TYPE_TEXT)
			return wrong(m, n, i, "a language such as 'en'", &args[i]);
	int a = reg_of(m, &args[0]), b = reg_of(m, &args[1]);
	return typed_truth(emit(m, (step){.op = OP_SPEAKS, .holds = HOLDS_TRUTHS, .exact = 1, .a = a, .b = b, .c = -1}));
}

static typed call_days_since(compiler *m, const node *n, typed *args) {
	if (args[0].type == TYPE_TEXT && args[0].constant && !date_to_time(m, n->kids[0], &args[0]))
		return NONE;
	if (args[0].type != TYPE_NUMBER || args[0].kind == KIND_SHARE || args[0].kind == KIND_MONEY)
		return wrong(m, n, 0, "a date", &args[0]);
	int a = reg_of(m, &args[0]);
	return typed_number(KIND_NUMBER, emit(m, (step){.op = OP_DAYS_SINCE,
	                                                .holds = HOLDS_NUMBERS,
	                                                .exact = reg_exact(m, a),
	                                                .a = a,
	                                                .b = -1,
	                                                .c = -1,
	                                                .k = (double)m->s->as_of}));
}

static typed call_default(compiler *m, const node *n, typed *args) {
	if (args[0].type == TYPE_TEXT && args[1].type == TYPE_NUMBER && args[0].constant)
		return wrong(m, n, 1, "text, as the first value,", &args[1]);
	if (args[0].type != args[1].type || args[0].type < TYPE_NUMBER || args[0].type > TYPE_TRUTH)
		return complain(m, n->from, "default(x, v) wants v of the same kind: '%.*s' is %s and '%.*s' is %s",
		                STR_ARG(node_source(m->c, n->kids[0])), type_name(&args[0]),
		                STR_ARG(node_source(m->c, n->kids[1])), type_name(&args[1]));
	int a = reg_of(m, &args[0]), b = reg_of(m, &args[1]);
	step s = {.exact = reg_exact(m, a) && reg_exact(m, b), .a = a, .b = b, .c = -1};
	typed r = args[0];
	r.constant = r.field = false;
	s.op = r.type == TYPE_NUMBER ? OP_DEFAULT : r.type == TYPE_TEXT ? OP_DEFAULT_TEXT : OP_DEFAULT_TRUTH;
	s.holds = r.type == TYPE_NUMBER ? HOLDS_NUMBERS : r.type == TYPE_TEXT ? HOLDS_TEXTS : HOLDS_TRUTHS;
	r.reg = emit(m, s);
	return r;
}

/* All leaves `depth` keys below v must be of one kind: it goes to *kind; false where they differ. */
static bool leaf_kind(const value *v, int depth, const value **leaf) {
	if (depth > 0) {
		for (int i = 0; v->shape == VALUE_TABLE && i < v->count; i++)
			if (!leaf_kind(&v->members[i].v, depth - 1, leaf))
				return false;
		return v->shape == VALUE_TABLE || v->shape == VALUE_MISSING;
	}
	if (v->shape == VALUE_MISSING)
		return true;
	if (v->shape != VALUE_ONE || (*leaf && ((*leaf)->kind == KIND_TEXT) != (v->kind == KIND_TEXT)) ||
	    (*leaf && ((*leaf)->kind == KIND_FLAG) != (v->kind == KIND_FLAG)))
		return false;
	*leaf = v;
	return true;
}

static const value *find_table(compiler *m, const node *n, str name) {
	const value *v = values_find(m->s->lookups, name);
	if (v)
		return v;
	suggest s;
	char hint[120];
	suggest_begin(&s, name);
	for (int i = 0; m->s->lookups && i < m->s->lookups->count; i++)
		suggest_try(&s, m->s->lookups->items[i].name);
	suggest_text(&s, hint, sizeof hint);
	if (hint[0])
		complain(m, n->kids[0]->from, "there is no lookup table '%.*s'%s", STR_ARG(name), hint);
	else
		complain(m, n->kids[0]->from,
		         "there is no lookup table '%.*s'; declare it in a rule file: lookup \"%.*s\" { US = 1, DE = 2 }",
		         STR_ARG(name), STR_ARG(name));
	return NULL;
}

/* With constant keys the entry is a constant of any shape. */
static bool constant_entry(compiler *m, const node *n, const value *v, const typed *args, typed *out) {
	for (int k = 1; k < n->count; k++)
		if (!args[k].constant || !args[k].text.p)
			return false;
	for (int k = 1; k < n->count && v; k++) {
		const value *found = NULL;
		for (int i = 0; v->shape == VALUE_TABLE && i < v->count; i++)
			if (str_eq(v->members[i].name, args[k].text))
				found = &v->members[i].v;
		v = found;
	}
	if (!v || v->shape != VALUE_LIST)
		return false;
	(void)m;
	*out = typed_of_value(v);
	return true;
}

static typed call_lookup(compiler *m, const node *n, typed *args) {
	if (args[0].type != TYPE_TEXT || !args[0].constant || !args[0].text.p)
		return wrong(m, n, 0, "a table's name in quotes", &args[0]);
	const value *v = find_table(m, n, args[0].text), *leaf = NULL;
	if (!v)
		return NONE;
	for (int k = 1; k < n->count; k++)
		if (args[k].type != TYPE_TEXT)
			return wrong(m, n, k, "a text as key", &args[k]);
	typed fixed;
	if (constant_entry(m, n, v, args, &fixed))
		return fixed;
	if (!leaf_kind(v, n->count - 1, &leaf))
		return complain(m, n->from, "table '%.*s' does not hold one kind of value behind %d key%s",
		                STR_ARG(args[0].text), n->count - 1, n->count == 2 ? "" : "s");
	enum kind kind = leaf ? leaf->kind : KIND_NUMBER;
	step s = {.op = kind == KIND_TEXT ? OP_LOOKUP_TEXT : OP_LOOKUP,
	          .holds = kind == KIND_TEXT ? HOLDS_TEXTS : HOLDS_NUMBERS,
	          .exact = 1,
	          .p = v,
	          .a = reg_of(m, &args[1]),
	          .b = n->count > 2 ? reg_of(m, &args[2]) : -1,
	          .c = n->count > 3 ? reg_of(m, &args[3]) : -1};
	typed r = kind == KIND_TEXT ? typed_text(emit(m, s)) : typed_number(kind, emit(m, s));
	if (kind == KIND_FLAG)
		r = typed_truth(
		    emit(m, (step){.op = OP_FLAG, .holds = HOLDS_TRUTHS, .exact = 1, .a = r.reg, .b = -1, .c = -1}));
	r.field = true;
	return r;
}

static typed call_money(compiler *m, const node *n, typed *args) {
	if (args[0].type != TYPE_NUMBER || !args[0].has_currency)
		return wrong(m, n, 0, "an amount of money such as creator.fee", &args[0]);
	if (args[1].type != TYPE_TEXT || !args[1].constant)
		return wrong(m, n, 1, "a currency such as 'EUR'", &args[1]);
	typed from = typed_text(-1);
	from.constant = true;
	from.text = args[0].currency;
	if (!args[0].currency.p && args[0].currency_table != TABLE_CAMPAIGN && args[0].currency_slot >= 0)
		from.reg = emit(m, (step){.op = args[0].currency_table == m->rows ? OP_COLUMN_TEXT : OP_PARENT_TEXT,
		                          .holds = HOLDS_TEXTS,
		                          .exact = 1,
		                          .a = args[0].currency_slot,
		                          .b = -1,
		                          .c = -1});
	int a = reg_of(m, &args[0]), b = reg_of(m, &from), c = reg_of(m, &args[1]);
	typed r = typed_number(KIND_MONEY, emit(m, (step){.op = OP_MONEY,
	                                                  .holds = HOLDS_NUMBERS,
	                                                  .exact = reg_exact(m, a),
	                                                  .a = a,
	                                                  .b = b,
	                                                  .c = c,
	                                                  .p = m->s->fx}));
	r.has_currency = true;
	r.currency = args[1].text;
	r.currency_table = TABLE_CAMPAIGN;
	return r;
}

static typed call_failed(compiler *m, const node *n, typed *args) {
	if (args[0].type != TYPE_TEXT || !args[0].constant || !args[0].text.p)
		return wrong(m, n, 0, "rules in quotes, as in 'authenticity/*',", &args[0]);
	return compile_failed(m, n, args[0].text);
}

static typed call_number(compiler *m, const node *n, typed *args) {
	bool least = str_is(n->text, "min"), most = str_is(n->text, "max");
	enum op op = least ? OP_MIN : most ? OP_MAX : str_is(n->text, "abs") ? OP_ABS : OP_FLOOR;
	for (int i = 0; i < n->count; i++)
		if (args[i].type != TYPE_NUMBER)
			return wrong(m, n, i, "a number", &args[i]);
	typed r = args[0];
	r.reg = reg_of(m, &args[0]);
	r.constant = r.field = false;
	for (int i = 1; i < n->count; i++) {
		typed pair[2] = {r, args[i]};
		if (r.has_currency && args[i].has_currency && !same_currency(m, n, &pair[0], &pair[1]))
			return NONE;
		if (args[i].kind != r.kind && !args[i].constant)
			r.kind = KIND_NUMBER;
		int b = reg_of(m, &args[i]);
		r.reg = emit(m, (step){.op = op,
		                       .holds = HOLDS_NUMBERS,
		                       .exact = reg_exact(m, r.reg) && reg_exact(m, b),
		                       .a = r.reg,
		                       .b = b,
		                       .c = -1});
	}
	if (!least && !most)
		r.reg = emit(
		    m, (step){.op = op, .holds = HOLDS_NUMBERS, .exact = reg_exact(m, r.reg), .a = r.reg, .b = -1, .c = -1});
	return r;
}

static const function functions[] = {
    {"share", 2, 2, "share(creator.audience.country, 'US')", call_share},
    {"among", 2, 2, "among(creator.country, campaign.markets)", call_among},
    {"speaks", 2, 2, "speaks(creator.language, 'en')", call_speaks},
    {"days_since", 1, 1, "days_since(creator.updated_at)", call_days_since},
    {"has", 2, 2, "has(post.caption, 'lexicon')", call_has},
    {"hits", 1, 2, "hits('lexicon', 180)", call_hits},
    {"matches", 2, 2, "matches(post.caption, 'pattern')", call_matches},
    {"near", 3, 4, "near(post.caption, 'brand', 'negative', 5)", call_near},
    {"sentiment", 1, 1, "sentiment(post.caption)", call_sentiment},
    {"default", 2, 2, "default(creator.verified, false)", call_default},
    {"lookup", 2, 4, "lookup('table', key)", call_lookup},
    {"money", 2, 2, "money(creator.fee, 'EUR')", call_money},
    {"failed", 1, 1, "failed('pack/*')", call_failed},
    {"min", 1, 16, "min(a, b)", call_number},
    {"max", 1, 16, "max(a, b)", call_number},
    {"abs", 1, 1, "abs(x)", call_number},
    {"floor", 1, 1, "floor(x)", call_number},
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

typed compile_call(compiler *m, const node *n) {
	const function *f = NULL;
	suggest s;
	char hint[120];
	suggest_begin(&s, n->text);
	for (size_t i = 0; i < FUNCTIONS; i++) {
		if (str_is(n->text, functions[i].name))
			f = &functions[i];
		suggest_try(&s, str_of(functions[i].name));
	}
	static const char *const counts[] = {"count", "any", "none", "all", "sum", "mean", "median"};
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		suggest_try(&s, str_of(counts[i]));
	if (!f)
		return complain(
		    m, n->from,
		    "there is no function '%.*s'%s; conditions know has, hits, matches, near, sentiment, share, among, speaks, "
		    "days_since, default, lookup, money, failed, min, max, abs, floor, and count, any, none, all, sum, mean, "
		    "median over rows",
		    STR_ARG(n->text), suggest_text(&s, hint, sizeof hint));
	if (n->count < f->least || n->count > f->most)
		return complain(m, n->from, "%s() does not take %d value%s: write %s", f->name, n->count,
		                n->count == 1 ? "" : "s", f->usage);
	typed args[16];
	bool ok = true;
	for (int i = 0; i < n->count; i++) {
		args[i] = compile_node(m, n->kids[i]);
		ok &= args[i].type != TYPE_NONE;
	}
	return ok ? f->compile(m, n, args) : NONE;
}
