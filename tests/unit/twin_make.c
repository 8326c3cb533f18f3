/* twin_make.c: random typed trees over the twin's tables, and their text. Knows how rules are written, by Lua's
 * precedences; knows neither the parser nor the engine. */
#include "twin_make.h"

#include <math.h>
#include <stdlib.h>

const twin_field twin_fields[TABLE_COUNT][TWIN_FIELDS] = {
    [TABLE_CREATOR] = {{"followers", KIND_NUMBER},
                       {"engagement_rate", KIND_SHARE},
                       {"country", KIND_TEXT},
                       {"verified", KIND_FLAG},
                       {"language", KIND_TEXT},
                       {"fee", KIND_MONEY},
                       {"currency", KIND_TEXT},
                       {"updated_at", KIND_TIME},
                       {"score", KIND_NUMBER}},
    [TABLE_POST] = {{"posted_at", KIND_TIME},
                    {"age_days", KIND_NUMBER},
                    {"views", KIND_NUMBER},
                    {"sponsored", KIND_FLAG},
                    {"language", KIND_TEXT},
                    {"completion_rate", KIND_SHARE}},
    [TABLE_PARTNERSHIP] = {{"started_on", KIND_TIME},
                           {"age_days", KIND_NUMBER},
                           {"brand", KIND_TEXT},
                           {"fee", KIND_MONEY},
                           {"currency", KIND_TEXT},
                           {"clicks", KIND_NUMBER}},
    [TABLE_COMMENT] = {{"posted_at", KIND_TIME},
                       {"age_days", KIND_NUMBER},
                       {"author", KIND_TEXT},
                       {"likes", KIND_NUMBER}},
    [TABLE_HISTORY] = {{"at", KIND_TIME}, {"age_days", KIND_NUMBER}, {"followers", KIND_NUMBER}},
    [TABLE_CREDENTIAL] = {{"valid_to", KIND_TIME}, {"kind", KIND_TEXT}, {"level", KIND_NUMBER}},
    [TABLE_AUDIENCE] = {{"dimension", KIND_TEXT}, {"segment", KIND_TEXT}, {"share", KIND_SHARE}}};

const twin_entry twin_entries[] = {{"allowed", {"FR"}, {0, NULL}},     {"allowed", {"US"}, {1, NULL}},
                                   {"fees", {"DE"}, {10, NULL}},       {"fees", {"FR"}, {-2, NULL}},
                                   {"fees", {"US"}, {50, NULL}},       {"names", {"DE", "en"}, {NAN, "Brisk"}},
                                   {"names", {"DE", "fr"}, {NAN, ""}}, {"names", {"US", "en"}, {NAN, "US"}}};
const int twin_entry_count = (int)(sizeof twin_entries / sizeof twin_entries[0]);
const twin_rate twin_rates[] = {{"EUR", 1}, {"GBP", 1.25}, {"USD", 0.5}};
const int twin_rate_count = (int)(sizeof twin_rates / sizeof twin_rates[0]);

#define N(number) \
	{ number, NULL }
#define T(text) \
	{ NAN, text }
static const twin_list markets = {"campaign.markets", false, 3, {T("DE"), T("US"), T("US")}};
static const twin_list rivals = {"campaign.rivals", false, 1, {T("Brisk")}};
static const twin_list nobody = {"campaign.nobody", false, 0, {{0, NULL}}};
const twin_list twin_looked_up = {"lookup('lists', 'DE')", false, 2, {T("FR"), T("de")}};
static const twin_list sizes = {"set.sizes", true, 3, {N(10), N(50), N(0.5)}};
static const twin_list many = {
    "set.many", false, 10, {T("x"), T("US"), T("b"), T("FR"), T(""), T("en"), T("q"), T("r"), T("Brisk"), T("us")}};
const twin_name twin_names[] = {{"campaign.budget", KIND_MONEY, N(100), NULL},
                                {"campaign.goal", KIND_TEXT, T("US"), NULL},
                                {"campaign.launch", KIND_TIME, N((double)(TWIN_AS_OF + 1 - 30 * 86400)), NULL},
                                {"campaign.markets", KIND_TEXT, T(NULL), &markets},
                                {"campaign.nobody", KIND_TEXT, T(NULL), &nobody},
                                {"campaign.note", KIND_TEXT, T(NULL), NULL},
                                {"campaign.rivals", KIND_TEXT, T(NULL), &rivals},
                                {"campaign.starts_on", KIND_TIME, N(NAN), NULL},
                                {"market", KIND_TEXT, T("DE"), NULL},
                                {"set.days", KIND_NUMBER, N(30), NULL},
                                {"set.gone", KIND_NUMBER, N(NAN), NULL},
                                {"set.many", KIND_TEXT, T(NULL), &many},
                                {"set.maybe", KIND_FLAG, N(NAN), NULL},
                                {"set.sizes", KIND_NUMBER, N(NAN), &sizes},
                                {"set.strict", KIND_FLAG, N(1), NULL}};
const int twin_name_count = (int)(sizeof twin_names / sizeof twin_names[0]);
const char *const twin_globs[TWIN_GLOBS] = {"a/*", "b/*"};

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int pick(rng *r, int n) {
	uint64_t z = (r->state += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (int)((z ^ (z >> 31)) % (uint64_t)n);
}

bool chance(rng *r, int percent) { return pick(r, 100) < percent; }

const char *any_text(rng *r) {
	static const char *const texts[] = {"US",    "US",      "DE", "DE",    "FR",    "us",  "en", "en-US",        "de",
	                                    "de_AT", "english", "fr", "Brisk", "a'\\b", "EUR", "",   "J\xC3\xBCrgen"};
	return texts[pick(r, COUNT(texts))];
}

const char *any_dimension(rng *r) {
	static const char *const names[] = {"country", "interest", "age"};
	return names[pick(r, COUNT(names))];
}

const char *any_segment(rng *r, const char *dimension) {
	static const char *const segments[][4] = {
	    {"US", "DE", "FR", "BR"}, {"art", "music", "and", "sport"}, {"18-24", "25-34", "35-44", "45+"}};
	return segments[dimension[0] == 'c' ? 0 : dimension[0] == 'i' ? 1 : 2][pick(r, 4)];
}

double any_number(rng *r) {
	static const double numbers[] = {0, 1, 2, 3, 5, 10, 50, 100, 30, 90, -2, 0.5, 0.25, 1000, 1e15, 1e308};
	return numbers[pick(r, chance(r, 95) ? COUNT(numbers) - 2 : COUNT(numbers))];
}

/* ---- trees ---- */

enum flavour { PLAIN, SHARE, TIME, EUR };
static tree *make_number(const maker *m, int depth, enum flavour f);
static tree *make_text(const maker *m, int depth);
static tree *make_truth(const maker *m, int depth);

static tree *node(const maker *m, enum tree_op op, enum tree_type type, tree *a, tree *b) {
	tree *t = ARENA_NEW(m->a, tree);
	if (!t)
		abort();
	*t = (tree){.op = op, .type = type, .kids = {a, b}, .kid_count = b ? 2 : a ? 1 : 0};
	return t;
}

static tree *literal(const maker *m, enum tree_type type, double num, const char *text) {
	tree *t = node(m, TREE_CONSTANT, type, NULL, NULL);
	t->constant = (cell){num, text};
	return t;
}

static tree *number(const maker *m, double v) { return literal(m, TREE_NUMBER, v, NULL); }
static tree *text(const maker *m, const char *v) { return literal(m, TREE_TEXT, NAN, v); }

static tree *named(const maker *m, const char *name) {
	int i = 0;
	while (strcmp(twin_names[i].name, name) != 0)
		i++;
	const twin_name *n = &twin_names[i];
	enum tree_type type = n->kind == KIND_TEXT ? TREE_TEXT : n->kind == KIND_FLAG ? TREE_TRUTH : TREE_NUMBER;
	tree *t = literal(m, type, n->value.num, n->value.text);
	t->word = name;
	return t;
}

/* A field of what is at hand: the rows of a quantifier, the post, or the creator. */
static tree *field_of_kind(const maker *m, enum kind kind) {
	enum table near = m->inside != TABLE_CREATOR ? m->inside : m->rows;
	for (int tries = 0; tries < 3; tries++) {
		enum table table = chance(m->r, 60) ? near : TABLE_CREATOR;
		int found[TWIN_FIELDS], n = 0;
		for (int i = 0; i < TWIN_FIELDS && twin_fields[table][i].name; i++)
			if (twin_fields[table][i].kind == kind)
				found[n++] = i;
		if (n == 0)
			continue;
		tree *t = node(m, TREE_FIELD,
		               kind == KIND_TEXT   ? TREE_TEXT
		               : kind == KIND_FLAG ? TREE_TRUTH
		                                   : TREE_NUMBER,
		               NULL, NULL);
		t->table = table;
		t->field = found[pick(m->r, n)];
		return t;
	}
	return kind == KIND_TEXT ? text(m, any_text(m->r)) : number(m, 0.25);
}

static const twin_list *make_list(const maker *m, bool numbers, const char *dimension) {
	static const twin_list *const lists[] = {&markets, &rivals, &nobody, &twin_looked_up, &many};
	if (chance(m->r, 50))
		return numbers ? &sizes : lists[pick(m->r, dimension ? 4 : 5)];
	twin_list *l = ARENA_NEW(m->a, twin_list);
	if (!l)
		abort();
	l->numbers = numbers;
	l->count = pick(m->r, chance(m->r, 80) ? 4 : TWIN_LIST + 1);
	for (int i = 0; i < l->count; i++)
		l->items[i] = (cell){any_number(m->r), numbers     ? NULL
		                                       : dimension ? any_segment(m->r, dimension)
		                                                   : any_text(m->r)};
	return l;
}

static tree *make_share(const maker *m, int depth) {
	tree *t = node(m, chance(m->r, 50) ? TREE_SHARE : TREE_SEGMENT, TREE_NUMBER, NULL, NULL);
	t->word = any_dimension(m->r);
	t->constant = (cell){NAN, any_segment(m->r, t->word)};
	if (t->op == TREE_SEGMENT)
		return t;
	if (chance(m->r, 60)) {
		t->list = make_list(m, false, t->word);
		return t;
	}
	/* asked of the creator, whatever the rows at hand */
	maker at = *m;
	at.rows = TABLE_CREATOR;
	t->kids[0] = depth > 0 && chance(m->r, 40) ? make_text(&at, 1) : field_of_kind(&at, KIND_TEXT);
	t->kid_count = 1;
	return t;
}

/* age_days and dates against what a creator, a parameter or a literal says. */
static tree *make_window(const maker *m) {
	static const double days[] = {3, 10, 30, 90, 0, -1, 30.5, 10, 30};
	bool by_date = chance(m->r, 40);
	tree *name = node(m, TREE_FIELD, TREE_NUMBER, NULL, NULL), *bound;
	name->table = m->inside;
	name->field = by_date ? DATE_FIELD : AGE_FIELD;
	maker outside = *m;
	outside.inside = outside.rows = TABLE_CREATOR;
	if (by_date) {
		bound = chance(m->r, 30) ? field_of_kind(&outside, KIND_TIME)
		                         : named(m, chance(m->r, 90) ? "campaign.launch" : "campaign.starts_on");
		if (chance(m->r, 50)) {
			bound = node(m, TREE_DATE, TREE_NUMBER, NULL, NULL);
			bound->constant.num = (double)(TWIN_AS_OF + 1) - 86400 * floor(days[pick(m->r, COUNT(days))]);
		}
	} else {
		bound = chance(m->r, 20)   ? field_of_kind(&outside, KIND_NUMBER)
		        : chance(m->r, 30) ? named(m, chance(m->r, 90) ? "set.days" : "set.gone")
		                           : number(m, days[pick(m->r, COUNT(days))]);
	}
	bool mirrored = chance(m->r, 20), young = chance(m->r, 80), strict = chance(m->r, 40);
	bool more = (by_date == young) != mirrored;
	enum tree_op op = more ? (strict ? TREE_GT : TREE_GE) : (strict ? TREE_LT : TREE_LE);
	return mirrored ? node(m, op, TREE_TRUTH, bound, name) : node(m, op, TREE_TRUTH, name, bound);
}

static tree *make_rows(const maker *m, int depth, const char *word, enum tree_type type, enum flavour f) {
	static const enum table tables[] = {TABLE_POST,    TABLE_POST,    TABLE_POST,      TABLE_PARTNERSHIP,
	                                    TABLE_COMMENT, TABLE_HISTORY, TABLE_CREDENTIAL};
	tree *t = node(m, TREE_ROWS, type, NULL, NULL);
	maker in = *m;
	in.inside = t->table = f == EUR ? TABLE_PARTNERSHIP : tables[pick(m->r, COUNT(tables))];
	t->kid_count = 2;
	t->word = word;
	if (strcmp(word, "all") == 0)
		t->kids[0] = chance(m->r, 60) ? make_truth(&in, depth - 1) : NULL;
	else if (type == TREE_NUMBER && strcmp(word, "count") != 0)
		t->kids[0] = make_number(&in, depth - 1, f);
	if (t->table != TABLE_CREDENTIAL && chance(m->r, 70))
		t->kids[1] = make_window(&in);
	if (strcmp(word, "all") == 0 && !t->kids[0] && !t->kids[1])
		t->kids[1] = make_truth(&in, depth - 1);
	for (int i = 0; i < 2; i++)
		if (chance(m->r, t->kids[1] ? 35 : 60)) {
			tree *more =
			    t->table != TABLE_CREDENTIAL && chance(m->r, 20) ? make_window(&in) : make_truth(&in, depth - 1);
			t->kids[1] = !t->kids[1] ? more
			             : chance(m->r, 50)
			                 ? node(m, TREE_AND, TREE_TRUTH, t->kids[1], more)
			                 : node(m, chance(m->r, 80) ? TREE_AND : TREE_OR, TREE_TRUTH, more, t->kids[1]);
		}
	return t;
}

static tree *make_leaf(const maker *m, enum flavour f) {
	bool at_hand = chance(m->r, 70);
	switch (f) {
	case SHARE: return at_hand ? field_of_kind(m, KIND_SHARE) : number(m, pick(m->r, 9) / 8.0);
	case TIME: return at_hand ? field_of_kind(m, KIND_TIME) : named(m, "campaign.launch");
	case EUR: {
		tree *fee = at_hand ? field_of_kind(m, KIND_MONEY) : NULL;
		return fee && fee->op == TREE_FIELD ? node(m, TREE_MONEY, TREE_NUMBER, fee, text(m, "EUR"))
		                                    : named(m, "campaign.budget");
	}
	default:
		if (at_hand)
			return field_of_kind(m, KIND_NUMBER);
		return chance(m->r, 20) ? named(m, chance(m->r, 70) ? "set.days" : "set.gone") : number(m, any_number(m->r));
	}
}

static tree *make_money(const maker *m, int depth) {
	tree *a = make_number(m, depth - 1, EUR);
	switch (pick(m->r, 5)) {
	case 0: return node(m, TREE_MULTIPLY, TREE_NUMBER, a, make_number(m, depth - 1, PLAIN));
	case 1: return node(m, TREE_DIVIDE, TREE_NUMBER, a, number(m, any_number(m->r)));
	case 2: { /* whose currency is found through the product */
		tree *fee = field_of_kind(m, KIND_MONEY);
		if (fee->op != TREE_FIELD)
			return a;
		fee = node(m, TREE_MULTIPLY, TREE_NUMBER, fee, make_number(m, depth - 1, PLAIN));
		return node(m, TREE_MONEY, TREE_NUMBER, fee, text(m, "EUR"));
	}
	case 3:
		return node(m, TREE_MONEY, TREE_NUMBER,
		            node(m, TREE_MONEY, TREE_NUMBER, a, text(m, chance(m->r, 90) ? "USD" : "JPY")), text(m, "EUR"));
	default:
		return node(m, chance(m->r, 50) ? TREE_ADD : TREE_SUBTRACT, TREE_NUMBER, a, make_number(m, depth - 1, EUR));
	}
}

static tree *make_plain(const maker *m, int depth) {
	static const enum tree_op ops[] = {TREE_ADD,    TREE_SUBTRACT, TREE_MULTIPLY, TREE_DIVIDE,  TREE_FLOOR_DIVIDE,
	                                   TREE_MODULO, TREE_POWER,    TREE_ADD,      TREE_MULTIPLY};
	static const enum tree_op ones[] = {TREE_NEGATE, TREE_ABS, TREE_FLOOR};
	tree *t;
	switch (pick(m->r, 6)) {
	case 0: return node(m, ones[pick(m->r, 3)], TREE_NUMBER, make_number(m, depth - 1, PLAIN), NULL);
	case 1: return node(m, TREE_DAYS_SINCE, TREE_NUMBER, make_number(m, depth - 1, TIME), NULL);
	case 2:
		t = node(m, TREE_LOOKUP, TREE_NUMBER, make_text(m, depth - 1), NULL);
		t->word = "fees";
		return t;
	case 3:
		return node(m, chance(m->r, 70) ? TREE_SUBTRACT : TREE_DIVIDE, TREE_NUMBER, make_number(m, depth - 1, TIME),
		            make_number(m, depth - 1, TIME));
	default: {
		tree *a = make_number(m, depth - 1, chance(m->r, 80) ? PLAIN : SHARE);
		return node(m, ops[pick(m->r, COUNT(ops))], TREE_NUMBER, a,
		            make_number(m, depth - 1, chance(m->r, 80) ? PLAIN : SHARE));
	}
	}
}

static tree *make_number(const maker *m, int depth, enum flavour f) {
	static const char *const draws[] = {"sum", "mean", "median", "min", "max"};
	bool outside = m->inside == TABLE_CREATOR;
	if (depth <= 0 || chance(m->r, 25))
		return make_leaf(m, f);
	int what = pick(m->r, 10);
	if (outside && what < 3 && f == PLAIN)
		return make_rows(m, depth, "count", TREE_NUMBER, f);
	if (outside && what < 4)
		return make_rows(m, depth, draws[f == SHARE || f == TIME ? 1 + pick(m->r, 4) : pick(m->r, 5)], TREE_NUMBER, f);
	if (outside && what == 4 && f == PLAIN) {
		tree *t = node(m, TREE_FAILED, TREE_NUMBER, NULL, NULL);
		t->field = pick(m->r, TWIN_GLOBS);
		return t;
	}
	if (what == 5)
		return node(m, TREE_DEFAULT, TREE_NUMBER, make_number(m, depth - 1, f), make_number(m, depth - 1, f));
	if (what == 6) {
		tree *t = node(m, chance(m->r, 50) ? TREE_MIN : TREE_MAX, TREE_NUMBER, make_number(m, depth - 1, f),
		               make_number(m, depth - 1, f));
		if (chance(m->r, 30))
			t->kids[t->kid_count++] = make_number(m, depth - 1, f);
		return t;
	}
	switch (f) {
	case SHARE: return outside ? make_share(m, depth) : make_leaf(m, f);
	case EUR: return make_money(m, depth);
	case TIME:
		return node(m, chance(m->r, 50) ? TREE_ADD : TREE_SUBTRACT, TREE_NUMBER, make_leaf(m, TIME),
		            chance(m->r, 50) ? number(m, 86400.0 * pick(m->r, 40)) : make_number(m, depth - 1, PLAIN));
	default: return make_plain(m, depth);
	}
}

static tree *make_text(const maker *m, int depth) {
	static const char *const names[] = {"market", "campaign.goal", "campaign.note"};
	switch (depth <= 0 ? 0 : pick(m->r, 8)) {
	case 1: return node(m, TREE_JOIN, TREE_TEXT, make_text(m, depth - 1), make_text(m, depth - 1));
	case 2: return node(m, TREE_JOIN, TREE_TEXT, make_text(m, depth - 1), make_number(m, depth - 1, PLAIN));
	case 3: return node(m, TREE_DEFAULT, TREE_TEXT, make_text(m, depth - 1), make_text(m, depth - 1));
	case 4: {
		tree *t = node(m, TREE_LOOKUP, TREE_TEXT, make_text(m, depth - 1), make_text(m, depth - 1));
		t->word = "names";
		return t;
	}
	default:
		if (chance(m->r, 70))
			return field_of_kind(m, KIND_TEXT);
		return chance(m->r, 50) ? text(m, any_text(m->r)) : named(m, names[pick(m->r, 3)]);
	}
}

static tree *make_comparison(const maker *m, int depth) {
	enum tree_op op = (enum tree_op)(TREE_LT + pick(m->r, 6));
	enum flavour f = (enum flavour)(chance(m->r, 50) ? PLAIN : pick(m->r, 4));
	if (chance(m->r, 15))
		return node(m, op, TREE_TRUTH, make_text(m, depth - 1), make_text(m, depth - 1));
	if (chance(m->r, 10))
		return node(m, chance(m->r, 50) ? TREE_EQ : TREE_NE, TREE_TRUTH, make_truth(m, depth - 1),
		            make_truth(m, depth - 1));
	if (f == EUR && chance(m->r, 20)) { /* whose rate nobody knows, and needs only where the currency is another */
		tree *fee = field_of_kind(m, KIND_MONEY);
		if (fee->op == TREE_FIELD)
			fee = node(m, TREE_MONEY, TREE_NUMBER, fee, text(m, "JPY"));
		return node(m, op, TREE_TRUTH, fee, number(m, any_number(m->r)));
	}
	tree *a = make_number(m, depth - 1, f), *b;
	if (f == TIME && chance(m->r, 40) && !a->word) {
		b = node(m, TREE_DATE, TREE_NUMBER, NULL, NULL);
		b->constant.num = (double)(TWIN_AS_OF + 1) - 86400.0 * pick(m->r, 40);
	} else {
		b = chance(m->r, 50) ? make_leaf(m, f) : make_number(m, depth - 1, f);
	}
	return chance(m->r, 80) ? node(m, op, TREE_TRUTH, a, b) : node(m, op, TREE_TRUTH, b, a);
}

static tree *make_nil(const maker *m) {
	static const enum kind kinds[] = {KIND_NUMBER, KIND_TEXT, KIND_FLAG, KIND_TIME, KIND_SHARE};
	static const char *const names[] = {"set.gone", "set.days", "campaign.note", "set.maybe", "market"};
	tree *x;
	if (chance(m->r, 30) && m->inside == TABLE_CREATOR) {
		x = node(m, chance(m->r, 50) ? TREE_SEGMENT : TREE_DIMENSION, TREE_NUMBER, NULL, NULL);
		x->word = any_dimension(m->r);
		x->constant = (cell){NAN, any_segment(m->r, x->word)};
	} else if (chance(m->r, 20)) {
		x = named(m, names[pick(m->r, COUNT(names))]);
	} else {
		do
			x = field_of_kind(m, kinds[pick(m->r, COUNT(kinds))]);
		while (x->op != TREE_FIELD);
	}
	tree *t = node(m, TREE_IS_NIL, TREE_TRUTH, x, NULL);
	t->not_nil = chance(m->r, 50);
	return t;
}

static tree *make_truth_leaf(const maker *m) {
	tree *t;
	switch (pick(m->r, 6)) {
	case 0: return make_nil(m);
	case 1:
		t = chance(m->r, 70) ? field_of_kind(m, KIND_FLAG) : named(m, chance(m->r, 50) ? "set.strict" : "set.maybe");
		return t->type == TREE_TRUTH ? t : literal(m, TREE_TRUTH, chance(m->r, 50), NULL);
	case 2: return literal(m, TREE_TRUTH, chance(m->r, 50), NULL);
	default: return make_comparison(m, 1);
	}
}

static tree *make_truth(const maker *m, int depth) {
	static const char *const asks[] = {"any", "none", "all"};
	tree *t;
	if (depth <= 0)
		return make_truth_leaf(m);
	switch (pick(m->r, 14)) {
	case 0: return node(m, TREE_NOT, TREE_TRUTH, make_truth(m, depth - 1), NULL);
	case 1:
	case 2: return node(m, TREE_AND, TREE_TRUTH, make_truth(m, depth - 1), make_truth(m, depth - 1));
	case 3:
	case 4: return node(m, TREE_OR, TREE_TRUTH, make_truth(m, depth - 1), make_truth(m, depth - 1));
	case 5: return node(m, TREE_DEFAULT, TREE_TRUTH, make_truth(m, depth - 1), make_truth(m, depth - 1));
	case 6: {
		bool numbers = chance(m->r, 30);
		t = node(m, TREE_AMONG, TREE_TRUTH, numbers ? make_number(m, depth - 1, PLAIN) : make_text(m, depth - 1), NULL);
		if (!numbers && chance(m->r, 10))
			t->kids[t->kid_count++] = make_text(m, depth - 1); /* a list of one */
		else
			t->list = make_list(m, numbers, NULL);
		return t;
	}
	case 7: return node(m, TREE_SPEAKS, TREE_TRUTH, make_text(m, depth - 1), make_text(m, 0));
	case 8:
		if (m->inside == TABLE_CREATOR)
			return make_rows(m, depth, asks[pick(m->r, 3)], TREE_TRUTH, PLAIN);
		return make_truth_leaf(m);
	case 9:
		if (chance(m->r, 70))
			return make_truth_leaf(m);
		t = node(m, TREE_LOOKUP, TREE_TRUTH, make_text(m, depth - 1), NULL);
		t->word = "allowed";
		return t;
	default: return make_comparison(m, depth);
	}
}

tree *make_condition(const maker *m) { return make_truth(m, 1 + pick(m->r, 4)); }
