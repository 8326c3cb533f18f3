/* twin_eval.c: what a tree says, worked out the slow way. Written from the design, to be compared with the engine:
 * a missing operand makes a result unknown, and/or/not have three values, what is not finite is unknown, and what
 * rows not collected could still change is an interval. Knows nothing of the engine. */
#include "twin_eval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define OLDEST (-100000000000000 * (int64_t)86400) /* there is no time before */
#define LATEST (100000000000000 * (int64_t)86400)  /* nor after */

double twin_age(double time) { return floor(((double)TWIN_AS_OF - time) / 86400); }

/* ---- numbers ---- */

static void give(answer *out, double lo, double hi) {
	bool known = !isnan(lo) && !isnan(hi) && !(isinf(lo) && lo > 0) && !(isinf(hi) && hi < 0);
	out->lo = known ? lo : NAN;
	out->hi = known ? hi : NAN;
}

static bool missing(const answer *x) { return x->type == TREE_TEXT ? !x->text : isnan(x->lo); }
static bool exact(const answer *x) { return x->lo == x->hi; }

static double calculate(enum tree_op op, double x, double y) {
	switch (op) {
	case TREE_ADD: return x + y;
	case TREE_SUBTRACT: return x - y;
	case TREE_MULTIPLY: return x * y;
	case TREE_DIVIDE: return y == 0 ? NAN : x / y;
	case TREE_FLOOR_DIVIDE: return y == 0 ? NAN : floor(x / y);
	case TREE_MODULO: {
		if (y == 0)
			return NAN;
		double r = fmod(x, y);
		return r * y < 0 ? r + y : r;
	}
	case TREE_POWER: return pow(x, y);
	case TREE_MIN: return y < x ? y : x;
	default: return y > x ? y : x;
	}
}

/* "No bound" stands for something finite: none of it is none, and a part of what is finite is almost none. */
static double corner(enum tree_op op, double x, double y) {
	if (op == TREE_MULTIPLY && (x == 0 || y == 0))
		return 0;
	if (op == TREE_DIVIDE && isinf(y))
		return 0;
	return calculate(op, x, y);
}

static void arithmetic(enum tree_op op, const answer *x, const answer *y, answer *out) {
	if (missing(x) || missing(y)) {
		give(out, NAN, NAN);
		return;
	}
	if (exact(x) && exact(y)) {
		double r = calculate(op, x->lo, y->lo);
		give(out, isfinite(r) ? r : NAN, isfinite(r) ? r : NAN);
		return;
	}
	bool floored = op == TREE_FLOOR_DIVIDE;
	if (floored)
		op = TREE_DIVIDE;
	/* Not worth working out for intervals: unknown. */
	if (op == TREE_POWER || op == TREE_MODULO || (op == TREE_DIVIDE && y->lo <= 0 && y->hi >= 0)) {
		give(out, NAN, NAN);
		return;
	}
	double lo = INFINITY, hi = -INFINITY;
	for (int i = 0; i < 4; i++) {
		double a = i & 1 ? x->hi : x->lo, b = i & 2 ? y->hi : y->lo;
		bool opposite = op == TREE_ADD || op == TREE_SUBTRACT; /* inf - inf is no corner */
		if (opposite && ((op == TREE_ADD) == ((i & 1) != (i >> 1))))
			continue;
		double c = corner(op, a, b);
		lo = isnan(c) || isnan(lo) ? NAN : c < lo ? c : lo;
		hi = isnan(c) || isnan(hi) ? NAN : c > hi ? c : hi;
	}
	give(out, floored ? floor(lo) : lo, floored ? floor(hi) : hi);
}

static void unary(enum tree_op op, const answer *x, answer *out) {
	double a = x->lo, b = x->hi;
	if (missing(x))
		give(out, NAN, NAN);
	else if (op == TREE_NEGATE)
		give(out, -b, -a);
	else if (op == TREE_FLOOR)
		give(out, floor(a), floor(b));
	else if (op == TREE_DAYS_SINCE)
		give(out, floor(((double)TWIN_AS_OF - b) / 86400), floor(((double)TWIN_AS_OF - a) / 86400));
	else
		give(out, a <= 0 && b >= 0 ? 0 : fabs(fabs(a) < fabs(b) ? a : b), fabs(fabs(a) > fabs(b) ? a : b));
}

/* ---- comparisons ---- */

static int less(double al, double ah, double bl, double bh, bool or_equal) {
	if (or_equal ? ah <= bl : ah < bl)
		return 1;
	return (or_equal ? al > bh : al >= bh) ? 0 : -1;
}

static int compare(enum tree_op op, const answer *x, const answer *y) {
	if (x->type == TREE_TRUTH) {
		int same = x->truth < 0 || y->truth < 0 ? -1 : x->truth == y->truth;
		return same < 0 || op == TREE_EQ ? same : !same;
	}
	if (missing(x) || missing(y))
		return -1;
	double al = x->lo, ah = x->hi, bl = y->lo, bh = y->hi;
	if (x->type == TREE_TEXT) {
		al = ah = strcmp(x->text, y->text);
		bl = bh = 0;
	}
	switch (op) {
	case TREE_LT: return less(al, ah, bl, bh, false);
	case TREE_LE: return less(al, ah, bl, bh, true);
	case TREE_GT: return less(bl, bh, al, ah, false);
	case TREE_GE: return less(bl, bh, al, ah, true);
	default: {
		int same = al == ah && bl == bh && al == bl ? 1 : ah < bl || bh < al ? 0 : -1;
		return same < 0 || op == TREE_EQ ? same : !same;
	}
	}
}

/* ---- functions ---- */

static int among(const answer *x, const twin_list *list) {
	if (missing(x))
		return -1;
	int truth = 0;
	for (int i = 0; i < list->count; i++) {
		answer item = {
		    .type = x->type, .lo = list->items[i].num, .hi = list->items[i].num, .text = list->items[i].text};
		int same = compare(TREE_EQ, x, &item);
		truth = same == 1 || truth == 1 ? 1 : same < 0 ? -1 : truth;
	}
	return truth;
}

/* A tag is parts between - or _: it speaks a language whose parts it begins with. */
static int speaks(const char *tag, const char *language) {
	if (!tag || !language)
		return -1;
	size_t n = strlen(language);
	for (size_t i = 0; i < n; i++) {
		char a = tag[i] == '_' ? '-' : tag[i], b = language[i] == '_' ? '-' : language[i];
		if (!a || ((a | 32) != (b | 32)))
			return 0;
	}
	return n > 0 && (!tag[n] || tag[n] == '-' || tag[n] == '_');
}

static cell look_up(const char *table, const char *first, const char *second) {
	for (int i = 0; i < twin_entry_count; i++) {
		const twin_entry *e = &twin_entries[i];
		if (strcmp(e->table, table) == 0 && first && strcmp(e->keys[0], first) == 0 &&
		    (!e->keys[1] || (second && strcmp(e->keys[1], second) == 0)))
			return e->value;
	}
	return (cell){NAN, NULL};
}

/* Is t an amount of money? Its currency goes to *out; NULL: not known. */
static bool currency_of(const tree *t, const place *at, const char **out) {
	int kids = t->op == TREE_ROWS ? t->kids[0] != NULL : t->kid_count;
	if (t->op == TREE_FIELD && twin_fields[t->table][t->field].kind == KIND_MONEY) {
		*out = t->table == TABLE_CREATOR ? at->w->creator[at->creator].cells[CREATOR_CURRENCY].text
		                                 : at->row->cells[PARTNERSHIP_CURRENCY].text;
		return true;
	}
	if (t->op == TREE_CONSTANT || t->op == TREE_MONEY) {
		*out = t->op == TREE_MONEY ? t->kids[1]->constant.text : "EUR";
		return t->op == TREE_MONEY || (t->word && strcmp(t->word, "campaign.budget") == 0);
	}
	for (int i = 0; i < kids && t->type == TREE_NUMBER && t->op != TREE_LOOKUP && t->op != TREE_DAYS_SINCE; i++)
		if (currency_of(t->kids[i], at, out))
			return true;
	*out = NULL;
	return false;
}

static void convert(const answer *x, const char *from, const char *to, answer *out) {
	double rate[2] = {NAN, NAN};
	for (int i = 0; i < twin_rate_count; i++) {
		if (from && strcmp(twin_rates[i].currency, from) == 0)
			rate[0] = twin_rates[i].rate;
		if (to && strcmp(twin_rates[i].currency, to) == 0)
			rate[1] = twin_rates[i].rate;
	}
	if (from && to && strcmp(from, to) == 0)
		rate[0] = rate[1] = 1;
	answer factor = {.lo = rate[0] / rate[1], .hi = rate[0] / rate[1]};
	arithmetic(TREE_MULTIPLY, x, &factor, out);
}

static const char *written(const answer *x, arena *texts) {
	if (missing(x) || x->type == TREE_TEXT)
		return x->type == TREE_TEXT ? x->text : NULL;
	if (!exact(x))
		return NULL;
	if (fabs(x->lo) < 1e15 && floor(x->lo) == x->lo)
		return arena_printf(texts, "%lld", (long long)x->lo);
	return arena_printf(texts, "%.14g", x->lo);
}

static void join(const answer *parts, arena *texts, answer *out) {
	const char *a = written(&parts[0], texts), *b = written(&parts[1], texts);
	out->text = a && b ? arena_printf(texts, "%s%s", a, b) : NULL;
}

/* ---- the audience ---- */

static bool is_key(const tree *t, const char *key, const char *segment) {
	if (key)
		return strcmp(key, segment) == 0;
	for (int i = 0; t->list && i < t->list->count; i++)
		if (strcmp(t->list->items[i].text, segment) == 0)
			return true;
	return false;
}

static int distinct_keys(const tree *t, const char *key) {
	int n = key != NULL;
	for (int i = 0; !key && t->list && i < t->list->count; i++) {
		int j = 0;
		while (j < i && strcmp(t->list->items[i].text, t->list->items[j].text) != 0)
			j++;
		n += j == i;
	}
	return n;
}

/* Listed shares are known. What is not listed, or without its share, lies between 0 and what the others leave of 1;
 * interests overlap, so that each may be anything up to 1. */
static void audience_share(const tree *t, const place *at, answer *out) {
	answer key = {.text = NULL};
	give(out, NAN, NAN);
	if (t->op == TREE_SEGMENT)
		key.text = t->constant.text;
	else if (t->op == TREE_SHARE && !t->list)
		twin_eval(t->kids[0], at, &key);
	if (t->op == TREE_SHARE && !t->list && !key.text)
		return;
	bool any = false, overlap = strcmp(t->word, "interest") == 0;
	double listed = 0, found = 0;
	int open = distinct_keys(t, key.text);
	const int *first = at->w->first[TABLE_AUDIENCE];
	for (int i = first[at->creator]; i < first[at->creator + 1]; i++) {
		const cell *row = at->w->rows[TABLE_AUDIENCE][i].cells;
		if (strcmp(row[AUDIENCE_DIMENSION].text, t->word) != 0)
			continue;
		any = true;
		if (isnan(row[AUDIENCE_SHARE].num))
			continue;
		listed += row[AUDIENCE_SHARE].num;
		if (is_key(t, key.text, row[AUDIENCE_SEGMENT].text)) {
			found += row[AUDIENCE_SHARE].num;
			open--;
		}
	}
	if (any)
		give(out, found, open == 0 ? found : overlap ? found + open : found + fmax(0, 1 - listed));
}

/* ---- rows ---- */

static bool reads_row(const tree *t) {
	if ((t->op == TREE_FIELD && t->table != TABLE_CREATOR))
		return true;
	for (int i = 0; i < t->kid_count; i++)
		if (t->kids[i] && reads_row(t->kids[i]))
			return true;
	return false;
}

static bool holds_then(const tree *t, const place *at, int64_t time) {
	twin_row row = {.owner = at->creator};
	row.cells[DATE_FIELD].num = (double)time;
	row.cells[AGE_FIELD].num = fmax(0, twin_age((double)time));
	answer a;
	twin_eval(t, &(place){at->w, at->creator, &row, at->texts}, &a);
	return a.truth != 0;
}

/* Narrows [from, to] to the times at which rows can meet the parts of `where` that must all hold. */
static void narrow(const tree *t, enum table table, const place *at, int64_t *from, int64_t *to, bool *never) {
	if (t->op == TREE_AND) {
		narrow(t->kids[0], table, at, from, to, never);
		narrow(t->kids[1], table, at, from, to, never);
		return;
	}
	if (t->op < TREE_LT || t->op > TREE_GE)
		return;
	for (int side = 0; side < 2; side++) {
		const tree *name = t->kids[side];
		bool dated = table == TABLE_CREDENTIAL ? false : name->field <= AGE_FIELD;
		if (name->op != TREE_FIELD || name->table != table || !dated || reads_row(t->kids[1 - side]))
			continue;
		/* The condition holds up to a moment, or from it on: find the moment. */
		bool late = holds_then(t, at, TWIN_AS_OF), early = holds_then(t, at, OLDEST);
		if (late && early)
			continue;
		bool later = !late && !early && table == TABLE_PARTNERSHIP && holds_then(t, at, LATEST);
		if (!late && !early && !later) {
			*from = TWIN_AS_OF + 1;
			*never = true;
			continue;
		}
		int64_t low = later ? TWIN_AS_OF : OLDEST, high = later ? LATEST : TWIN_AS_OF;
		late |= later;
		while (high - low > 1) {
			int64_t middle = low + (high - low) / 2;
			if (holds_then(t, at, middle) == early)
				low = middle;
			else
				high = middle;
		}
		if (late && high > *from)
			*from = high;
		if (early && low < *to)
			*to = low;
	}
}

static bool covered(const tree *where, enum table table, const place *at) {
	static const enum covered kinds[] = {[TABLE_POST] = COVERED_POSTS,
	                                     [TABLE_PARTNERSHIP] = COVERED_PARTNERSHIPS,
	                                     [TABLE_COMMENT] = COVERED_COMMENTS,
	                                     [TABLE_HISTORY] = COVERED_HISTORY,
	                                     [TABLE_CREDENTIAL] = COVERED_CREDENTIALS};
	enum covered of = kinds[table];
	int64_t from = INT64_MIN, to = TWIN_AS_OF;
	bool never = false; /* no row can meet it; else, past as-of, only deals still to come */
	if (where)
		narrow(where, table, at, &from, &to, &never);
	if (from > to && !never && table == TABLE_PARTNERSHIP && to >= TWIN_AS_OF)
		to = INT64_MAX;
	if (from > to || (at->w->assume >> of) & 1)
		return true;
	for (int i = 0; i < at->w->span_count[of][at->creator]; i++) {
		span s = at->w->spans[of][at->creator][i];
		if (s.from <= from && s.to >= to)
			return true;
	}
	return false;
}

static int compare_doubles(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double draw(const char *word, double *v, int n) {
	double sum = 0;
	for (int i = 0; i < n; i++)
		sum += v[i];
	if (strcmp(word, "sum") == 0)
		return sum;
	if (strcmp(word, "mean") == 0)
		return n ? sum / n : NAN;
	qsort(v, (size_t)n, sizeof *v, compare_doubles);
	if (n == 0)
		return NAN;
	return strcmp(word, "min") == 0 ? v[0] : strcmp(word, "max") == 0 ? v[n - 1] : v[(n - 1) / 2] / 2 + v[n / 2] / 2;
}

static void quantifier(const tree *t, const place *at, answer *out) {
	const tree *of = t->kids[0], *where = t->kids[1];
	bool all = strcmp(t->word, "all") == 0, draws = of && !all;
	double values[TWIN_CREATORS];
	int sure = 0, open = 0;
	const int *first = at->w->first[t->table];
	for (int i = first[at->creator]; i < first[at->creator + 1]; i++) {
		place row = {at->w, at->creator, &at->w->rows[t->table][i], at->texts};
		answer in = {.truth = 1}, value = {.truth = 1};
		if (where)
			twin_eval(where, &row, &in);
		if (of)
			twin_eval(of, &row, &value);
		if (all && !of) { /* counts rows that break it */
			in.truth = in.truth < 0 ? -1 : !in.truth;
		} else if (all) {
			int breaks = value.truth < 0 ? -1 : !value.truth;
			in.truth = in.truth == 0 || breaks == 0 ? 0 : in.truth < 0 || breaks < 0 ? -1 : 1;
		}
		if (in.truth < 0 || (in.truth == 1 && draws && missing(&value)))
			open++;
		else if (in.truth == 1)
			values[sure++] = draws ? value.lo : 0;
	}
	bool complete = covered(all && !of ? NULL : where, t->table, at);
	if (draws) {
		double r = complete && !open ? draw(t->word, values, sure) : NAN;
		give(out, isfinite(r) ? r : NAN, isfinite(r) ? r : NAN);
	} else if (strcmp(t->word, "count") == 0) {
		give(out, sure, complete ? (double)(sure + open) : (double)INFINITY);
	} else {
		int any = sure > 0 ? 1 : open > 0 || !complete ? -1 : 0;
		out->truth = any < 0 || strcmp(t->word, "any") == 0 ? any : !any;
	}
}

/* ---- the whole ---- */

static void give_cell(enum kind kind, cell c, answer *out) {
	if (kind == KIND_TEXT)
		out->text = c.text;
	else if (kind == KIND_FLAG)
		out->truth = isnan(c.num) ? -1 : c.num != 0;
	else
		give(out, c.num, c.num);
}

static enum kind kind_of(enum tree_type type) {
	return type == TREE_TEXT ? KIND_TEXT : type == TREE_TRUTH ? KIND_FLAG : KIND_NUMBER;
}

static void call(const tree *t, const place *at, const answer *x, answer *out) {
	switch (t->op) {
	case TREE_IS_NIL: {
		bool gone = t->kids[0]->type == TREE_TRUTH ? x[0].truth < 0 : missing(&x[0]);
		out->truth = gone != t->not_nil;
		break;
	}
	case TREE_DEFAULT: {
		bool gone = t->type == TREE_TRUTH ? x[0].truth < 0 : missing(&x[0]);
		*out = x[gone];
		break;
	}
	case TREE_AMONG: out->truth = t->list ? among(&x[0], t->list) : compare(TREE_EQ, &x[0], &x[1]); break;
	case TREE_SPEAKS: out->truth = speaks(x[0].text, x[1].text); break;
	case TREE_LOOKUP:
		give_cell(kind_of(t->type), look_up(t->word, x[0].text, t->kid_count > 1 ? x[1].text : NULL), out);
		break;
	case TREE_MONEY: {
		const char *from;
		currency_of(t->kids[0], at, &from);
		convert(&x[0], from, x[1].text, out);
		break;
	}
	case TREE_JOIN: join(x, at->texts, out); break;
	case TREE_NEGATE:
	case TREE_DAYS_SINCE:
	case TREE_ABS:
	case TREE_FLOOR: unary(t->op, &x[0], out); break;
	case TREE_MIN:
	case TREE_MAX:
		*out = x[0];
		for (int i = 1; i < t->kid_count; i++) {
			answer so_far = *out;
			arithmetic(t->op, &so_far, &x[i], out);
		}
		break;
	default: arithmetic(t->op, &x[0], &x[1], out);
	}
}

void twin_eval(const tree *t, const place *at, answer *out) {
	answer x[3];
	*out = (answer){.type = t->type, .lo = NAN, .hi = NAN, .truth = -1};
	if (t->op == TREE_ROWS) {
		quantifier(t, at, out);
		return;
	}
	for (int i = 0; i < t->kid_count; i++)
		twin_eval(t->kids[i], at, &x[i]);
	switch (t->op) {
	case TREE_CONSTANT: give_cell(kind_of(t->type), t->constant, out); break;
	case TREE_DATE: give(out, t->constant.num, t->constant.num); break;
	case TREE_FIELD: {
		const twin_row *row = t->table == TABLE_CREATOR ? &at->w->creator[at->creator] : at->row;
		give_cell(twin_fields[t->table][t->field].kind, row->cells[t->field], out);
		break;
	}
	case TREE_NOT: out->truth = x[0].truth < 0 ? -1 : !x[0].truth; break;
	case TREE_AND: out->truth = !x[0].truth || !x[1].truth ? 0 : x[0].truth < 0 || x[1].truth < 0 ? -1 : 1; break;
	case TREE_OR: out->truth = x[0].truth > 0 || x[1].truth > 0 ? 1 : x[0].truth < 0 || x[1].truth < 0 ? -1 : 0; break;
	case TREE_SHARE:
	case TREE_SEGMENT:
	case TREE_DIMENSION: audience_share(t, at, out); break;
	case TREE_FAILED: {
		double failed = at->w->failed[t->field][at->creator];
		give(out, failed, failed + at->w->open[t->field][at->creator]);
		break;
	}
	default:
		if (t->op >= TREE_LT && t->op <= TREE_EQ)
			out->truth = compare(t->op, &x[0], &x[1]);
		else
			call(t, at, x, out);
	}
}
