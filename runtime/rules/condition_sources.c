/* condition_sources.c: sums up a creator's rows, chunk by chunk, into one answer per creator.
 * What was not collected, and rows whose condition is unknown, make an answer an interval or unknown. */
#include <math.h>
#include <stdlib.h>

#include "rules/condition_program.h"

static void clear(double *p, double v) {
	for (int i = 0; i < FRAME_ROWS; i++)
		p[i] = v;
}

static void begin_tally(const source *src, tally *t) {
	clear(t->lo, src->kind == SOURCE_FAILED ? NAN : 0);
	clear(t->hi, src->kind == SOURCE_FAILED ? NAN : 0);
	if (src->kind == SOURCE_FAILED)
		return;
	clear(t->rows, 0);
	clear(t->unknown, 0);
	clear(t->amount, 0);
	clear(t->total, NAN);
	clear(t->from, -INFINITY);
	clear(t->to, (double)src->as_of);
	memset(&t->limited, 0, sizeof t->limited);
	memset(t->missing, 0, sizeof *t->missing * FRAME_ROWS);
	memset(t->covered, 0, sizeof *t->covered * FRAME_ROWS);
	memset(t->key, 0, sizeof *t->key * FRAME_ROWS);
	t->value_count = 0;
}

/* The first or last second that an edge lets in. */
static double edge_second(const edge *e, double bound, int64_t as_of) {
	if (!e->in_days)
		return e->last ? (e->strict ? ceil(bound) - 1 : floor(bound)) : (e->strict ? floor(bound) + 1 : ceil(bound));
	if (e->last)
		return (double)as_of - (e->strict ? floor(bound) + 1 : ceil(bound)) * 86400;
	/* whole days: 90 days old is all that is not yet 91 */
	return (double)as_of - ((e->strict ? ceil(bound) - 1 : floor(bound)) + 1) * 86400 + 1;
}

static kol_status run_edge(scan *s, const edge *e, int64_t as_of, tally *t, kol_error *err) {
	int n = s->creators->rows;
	machine m = {.s = s, .f = s->creators, .n = n, .regs = s->regs, .texts = &s->texts};
	batch_registers(s, &e->code, s->regs);
	kol_status status = code_run(&m, &e->code, err);
	const double *bound = s->regs[e->reg].lo;
	for (int i = 0; !status && i < n; i++) {
		double at = edge_second(e, bound[i], as_of);
		if (e->in_days && !e->last && at > (double)as_of)
			at = INFINITY; /* nothing is younger than no days: not even what is still to come */
		if (e->last ? at < t->to[i] : at > t->from[i])
			*(e->last ? &t->to[i] : &t->from[i]) = at;
	}
	return status;
}

static bool is_covered(const scan *s, const source *src, double from, double to, int row) {
	bool future = src->covered == COVERED_PARTNERSHIPS && from > to && isfinite(from) && to >= (double)src->as_of;
	if (src->complete || (from > to && !future) || to < -9e18)
		return true;
	if (!s->covered || src->covered == COVERED_CREDENTIALS)
		return false;
	int64_t start = from > -9e18 ? (int64_t)from : INT64_MIN;
	/* Deals may be closed for a time to come; posts and comments of that time do not exist. */
	return coverage_holds(s->covered, (enum covered)src->covered, row, start, future ? INT64_MAX : (int64_t)to);
}

static kol_status begin_source(scan *s, const source *src, tally *t, kol_error *err) {
	kol_status status = KOL_OK;
	begin_tally(src, t);
	for (int i = 0; i < src->edge_count && !status; i++)
		status = run_edge(s, &src->edges[i], src->as_of, t, err);
	for (int i = 0; src->covered >= 0 && i < s->creators->rows; i++)
		t->covered[i] = is_covered(s, src, t->from[i], t->to[i], i);
	if (status || src->kind != SOURCE_SHARE || src->key < 0)
		return status;
	machine m = {.s = s, .f = s->creators, .n = s->creators->rows, .regs = s->regs, .texts = &s->keys};
	batch_registers(s, &src->code, s->regs);
	status = code_run(&m, &src->code, err);
	for (int i = 0; !status && i < m.n; i++)
		t->key[i] = s->regs[src->key].text[i];
	return status;
}

kol_status sources_begin(scan *s, kol_error *err) {
	kol_status status = KOL_OK;
	arena_reset(&s->texts);
	arena_reset(&s->keys);
	s->limit_count = 0;
	for (int i = 0; i < s->all->source_count && !status; i++)
		status = begin_source(s, &s->all->sources[i], &s->tallies[i], err);
	return status;
}

/* ---- audience ---- */

static bool is_key(const source *src, const tally *t, int owner, str segment) {
	if (src->key >= 0)
		return t->key[owner].p && str_eq(t->key[owner], segment);
	for (int k = 0; k < src->key_count; k++)
		if (str_eq(src->keys[k], segment))
			return true;
	return false;
}

static void add_shares(scan *s, const frame *f, const source *src, tally *t, const uint8_t *dimension) {
	const str *segments = f->columns[s->all->audience_slot[1]].text;
	const double *shares = f->columns[s->all->audience_slot[2]].num;
	for (int i = 0; i < f->rows; i++) {
		if (dimension[i] != src->dimension || !segments[i].p)
			continue;
		int owner = f->owner[i];
		bool given = shares[i] == shares[i];
		t->total[owner] = (t->total[owner] == t->total[owner] ? t->total[owner] : 0) + (given ? shares[i] : 0);
		if (!is_key(src, t, owner, segments[i]))
			continue;
		t->rows[owner] += given;
		t->amount[owner] += given ? shares[i] : 0;
	}
}

static void chunk_audience(scan *s, const frame *f) {
	const str *names = f->columns[s->all->audience_slot[0]].text;
	uint8_t dimension[FRAME_ROWS];
	for (int i = 0; i < f->rows; i++) {
		dimension[i] = UINT8_MAX;
		for (uint8_t d = 0; d < DIMENSION_COUNT; d++)
			if (names[i].p && str_is(names[i], dimension_names[d])) {
				dimension[i] = d;
				break;
			}
	}
	for (int i = 0; i < s->all->source_count; i++)
		if (s->all->sources[i].kind == SOURCE_SHARE)
			add_shares(s, f, &s->all->sources[i], &s->tallies[i], dimension);
}

/* Keys that are not listed share what the listed segments leave of 1; interests may overlap, each up to 1. */
static void finish_share(const source *src, tally *t, int i) {
	int keys = src->key >= 0 ? 1 : src->key_count;
	t->lo[i] = t->hi[i] = NAN;
	if (t->total[i] != t->total[i] || (src->key >= 0 && !t->key[i].p))
		return;
	double absent = keys - t->rows[i], sum = t->amount[i];
	double rest = src->dimension == DIMENSION_INTEREST ? absent : fmax(0, 1 - t->total[i]);
	t->lo[i] = sum;
	t->hi[i] = absent <= 0 ? sum : src->dimension == DIMENSION_INTEREST ? sum + rest : fmax(sum, fmin(1, sum + rest));
}

/* ---- rows ---- */

static bool keep_value(tally *t, int owner, double v) {
	if (t->value_count == t->value_capacity) {
		size_t more = t->value_capacity ? t->value_capacity * 2 : 4096;
		double *grown = realloc(t->values, more * sizeof *grown);
		if (!grown)
			return false;
		t->values = grown;
		t->value_capacity = more;
	}
	if (t->rows[owner] == 0)
		t->first[owner] = t->value_count;
	t->values[t->value_count++] = v;
	return true;
}

static bool reads(const step *s, int k) { return s->op > OP_SOURCE && (s->a == k || s->b == k || s->c == k); }

/* Does it matter where step k's text is missing? Not where it is only asked about, and counts as "no" then. */
static bool needed(const code *c, int k) {
	for (int i = k + 1; i < c->count; i++) {
		if (!reads(&c->steps[i], k))
			continue;
		bool defaulted = false;
		for (int j = i + 1; c->steps[i].op == OP_ASK && j < c->count; j++)
			defaulted |= c->steps[j].op == OP_DEFAULT_TRUTH && c->steps[j].a == i;
		if (!defaulted)
			return true;
	}
	return false;
}

/* Which of the code's fields a row lacks: told where an answer stays unknown. */
static uint64_t missing_fields(const source *src, const reg *regs, int i) {
	uint64_t bits = 0;
	for (int k = 0; k < src->code.count && k < 64; k++) {
		enum op op = src->code.steps[k].op;
		if (op == OP_COLUMN_TEXT && !needed(&src->code, k))
			continue;
		if (op == OP_COLUMN || op == OP_PARENT)
			bits |= (uint64_t)(regs[k].lo[i] != regs[k].lo[i]) << k;
		else if (op == OP_COLUMN_TEXT || op == OP_PARENT_TEXT)
			bits |= (uint64_t)(regs[k].text[i].p == NULL) << k;
	}
	return bits;
}

static void add_unknown(const source *src, tally *t, const reg *regs, int owner, int i) {
	t->unknown[owner]++;
	t->missing[owner] |= missing_fields(src, regs, i);
}

static bool add_row(const source *src, tally *t, const reg *regs, int owner, int i) {
	double v = src->of >= 0 ? regs[src->of].lo[i] : 0;
	if (v != v) {
		add_unknown(src, t, regs, owner, i);
		return true;
	}
	if (src->kind == SOURCE_MEDIAN && !keep_value(t, owner, v))
		return false;
	if (src->kind == SOURCE_MIN)
		t->amount[owner] = t->rows[owner] == 0 || v < t->amount[owner] ? v : t->amount[owner];
	else if (src->kind == SOURCE_MAX)
		t->amount[owner] = t->rows[owner] == 0 || v > t->amount[owner] ? v : t->amount[owner];
	else
		t->amount[owner] += v;
	t->rows[owner]++;
	return true;
}

static kol_status chunk_rows(scan *s, const frame *f, int number, kol_error *err) {
	const source *src = &s->all->sources[number];
	tally *t = &s->tallies[number];
	machine m = {.s = s, .f = f, .n = f->rows, .parents = true, .regs = s->regs, .texts = &s->texts};
	arena_reset(&s->texts);
	batch_registers(s, &src->code, s->regs);
	kol_status status = code_run(&m, &src->code, err);
	if (status)
		return status;
	for (int w = 0; w * 64 < f->rows; w++) {
		int left = f->rows - w * 64;
		uint64_t valid = left >= 64 ? UINT64_MAX : (UINT64_C(1) << left) - 1;
		uint64_t truth = valid & (src->where >= 0 ? s->regs[src->where].truth[w] : UINT64_MAX);
		uint64_t unknown = valid & (src->where >= 0 ? s->regs[src->where].unknown[w] : 0);
		for (uint64_t bits = truth; bits; bits &= bits - 1) {
			int i = w * 64 + __builtin_ctzll(bits);
			if (!add_row(src, t, s->regs, f->owner[i], i))
				return error_memory(err);
		}
		for (uint64_t bits = unknown; bits; bits &= bits - 1) {
			int i = w * 64 + __builtin_ctzll(bits);
			add_unknown(src, t, s->regs, f->owner[i], i);
			if (!note_limit(s, number, &src->code, f, i))
				return error_memory(err);
		}
	}
	return KOL_OK;
}

/* Rows whose texts may change an answer: those that are not left out by a date or anything else that is cheap to ask.
 */
static kol_status needed_rows(scan *s, const frame *f, mask *need, kol_error *err) {
	kol_status status = KOL_OK;
	memset(need, 0, sizeof *need);
	s->glancing = true;
	for (int i = 0; i < s->all->source_count && !status; i++) {
		const source *src = &s->all->sources[i];
		if (src->kind >= SOURCE_SHARE || src->table != f->table || !src->asks)
			continue;
		machine m = {.s = s, .f = f, .n = f->rows, .parents = true, .regs = s->regs, .texts = &s->texts};
		arena_reset(&s->texts);
		batch_registers(s, &src->code, s->regs);
		status = code_run(&m, &src->code, err);
		for (int w = 0; w * 64 < f->rows && !status; w++) {
			uint64_t open = src->where >= 0 ? s->regs[src->where].unknown[w] : UINT64_MAX;
			uint64_t counted = src->where >= 0 && src->of >= 0 ? s->regs[src->where].truth[w] : 0;
			need->bits[w] |= open | counted;
		}
	}
	s->glancing = false;
	return status;
}

kol_status sources_chunk(scan *s, const frame *f, kol_error *err) {
	if (f->table == TABLE_AUDIENCE) {
		if ((s->all->tables >> TABLE_AUDIENCE) & 1)
			chunk_audience(s, f);
		return KOL_OK;
	}
	mask need;
	kol_status status = s->all->text_column_count ? needed_rows(s, f, &need, err) : KOL_OK;
	s->need = s->all->text_column_count ? &need : NULL;
	for (int i = 0; i < s->all->source_count && !status; i++)
		if (s->all->sources[i].kind < SOURCE_SHARE && s->all->sources[i].table == f->table)
			status = chunk_rows(s, f, i, err);
	s->need = NULL;
	return status;
}

static int compare_numbers(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double middle(double *v, size_t n) {
	qsort(v, n, sizeof *v, compare_numbers);
	return n % 2 ? v[n / 2] : v[n / 2 - 1] + (v[n / 2] - v[n / 2 - 1]) / 2;
}

static void finish_rows(const source *src, tally *t, int i) {
	if (src->kind == SOURCE_COUNT) {
		t->lo[i] = t->rows[i];
		t->hi[i] = t->covered[i] ? t->rows[i] + t->unknown[i] : INFINITY;
		return;
	}
	double r = t->amount[i];
	if (src->kind == SOURCE_MEAN)
		r /= t->rows[i];
	else if (src->kind == SOURCE_MEDIAN && t->rows[i] > 0)
		r = middle(t->values + t->first[i], (size_t)t->rows[i]);
	bool known = t->covered[i] && t->unknown[i] == 0 && isfinite(r) && (t->rows[i] > 0 || src->kind == SOURCE_SUM);
	t->lo[i] = t->hi[i] = known ? r : NAN;
}

void sources_finish(scan *s) {
	for (int k = 0; k < s->all->source_count; k++) {
		const source *src = &s->all->sources[k];
		for (int i = 0; i < s->creators->rows; i++)
			if (src->kind == SOURCE_SHARE)
				finish_share(src, &s->tallies[k], i);
			else if (src->kind != SOURCE_FAILED)
				finish_rows(src, &s->tallies[k], i);
	}
	s->finished = true;
}
