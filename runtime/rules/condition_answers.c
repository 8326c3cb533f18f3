/* condition_answers.c: puts the questions that conditions ask of texts to a reader. A column's texts are read once a
 * chunk for all questions of all rules; a row that is explained is read again alone, and its quotes are gathered.
 * Uses text/reader. Knows nothing of syntax. */
#include <math.h>
#include <stdlib.h>

#include "rules/condition_kernels.h"
#include "rules/condition_quotes.h"

static uint64_t *truths_of(const column_answers *a, int q) { return a->truths + (size_t)q * 2 * MASK_WORDS; }
static uint64_t *limits_of(const column_answers *a, int q) { return truths_of(a, q) + MASK_WORDS; }

bool answers_make(scan *s) {
	const conditions *all = s->all;
	s->answers = calloc((size_t)all->text_column_count + 1, sizeof *s->answers);
	bool ok = s->answers != NULL;
	for (int i = 0; ok && i < all->text_column_count; i++) {
		const text_column *c = &all->text_columns[i];
		column_answers *a = &s->answers[i];
		a->absent = calloc(MASK_WORDS, sizeof *a->absent);
		a->truths = calloc((size_t)c->count * 2 * MASK_WORDS + 1, sizeof *a->truths);
		a->scores = calloc((size_t)c->count + 1, sizeof *a->scores);
		ok = a->absent && a->truths && a->scores;
		for (int q = 0; ok && q < c->count; q++)
			if (c->questions[q].ask == ASK_TONE)
				ok = (a->scores[q] = calloc(FRAME_ROWS, sizeof **a->scores)) != NULL;
	}
	return ok;
}

void answers_free(scan *s) {
	for (int i = 0; s->answers && i < s->all->text_column_count; i++) {
		column_answers *a = &s->answers[i];
		for (int q = 0; a->scores && q < s->all->text_columns[i].count; q++)
			free(a->scores[q]);
		free(a->absent);
		free(a->truths);
		free(a->scores);
	}
	free(s->answers);
	free(s->limits);
	reader_free(s->reader);
}

static bool has_row(const uint64_t *bits, int row) { return bits[row / 64] >> (row % 64) & 1; }
static void put(uint64_t *bits, int row, bool on) { bits[row / 64] |= (uint64_t)on << (row % 64); }

static str language_of_row(const text_column *c, const frame *f, int row) {
	return c->language >= 0 ? f->columns[c->language].text[row] : (str){NULL, 0};
}

/* Reads the texts of f's rows that are needed (NULL: all) and answers all questions asked of their column. Those that
 * nobody needs count as missing. */
static bool answer_texts(scan *s, int number, const str *texts, const frame *f, const mask *need) {
	const text_column *c = &s->all->text_columns[number];
	column_answers *a = &s->answers[number];
	a->limited = false;
	memset(a->absent, 0, MASK_WORDS * sizeof *a->absent);
	memset(a->truths, 0, (size_t)c->count * 2 * MASK_WORDS * sizeof *a->truths);
	for (int row = 0; row < f->rows; row++) {
		bool wanted = texts[row].p && (!need || has_row(need->bits, row));
		put(a->absent, row, !wanted);
		if (wanted && !reader_read(s->reader, texts[row], language_of_row(c, f, row)))
			return false;
		for (int q = 0; wanted && q < c->count; q++) {
			reply given;
			if (!reader_may_ask(s->reader, &c->questions[q]))
				continue;
			if (!reader_ask(s->reader, &c->questions[q], &given))
				return false;
			put(truths_of(a, q), row, given.yes);
			put(limits_of(a, q), row, given.limit);
			a->limited |= given.limit;
			if (a->scores[q])
				a->scores[q][row] = given.score;
		}
	}
	return true;
}

/* The rows of a frame that a column's answers are of: the creators', where the code runs over their rows. */
static const frame *frame_of(const scan *s, const asked_step *st, const frame *f) {
	return st->parent ? s->creators : f;
}

static bool answer_column(scan *s, const asked_step *st, const frame *f, const str *made) {
	const text_column *c = &s->all->text_columns[st->column];
	column_answers *a = &s->answers[st->column];
	const frame *of = frame_of(s, st, f);
	if (c->slot >= 0 && a->of == of && a->filled == of->filled && of->filled)
		return true;
	a->of = of;
	a->filled = of->filled;
	return answer_texts(s, st->column, c->slot >= 0 ? of->columns[c->slot].text : made, of,
	                    of == f && !c->whole ? s->need : NULL);
}

static void give_row(const asked_step *st, const column_answers *a, reg *out, int i, int row) {
	if (a->scores[st->question]) {
		out->lo[i] = has_row(a->absent, row) ? NAN : a->scores[st->question][row];
		return;
	}
	put(out->truth, i, has_row(truths_of(a, st->question), row));
	put(out->unknown, i, has_row(a->absent, row) || has_row(limits_of(a, st->question), row));
}

static void clear_out(const step *st, reg *out, int n) {
	if (st->holds == HOLDS_TRUTHS) {
		memset(out->truth, 0, sizeof(uint64_t) * (size_t)((n + 63) / 64));
		memset(out->unknown, 0, sizeof(uint64_t) * (size_t)((n + 63) / 64));
	}
}

/* One row alone, with its quotes. */
static kol_status ask_alone(const machine *m, const step *st, reg *out, kol_error *err) {
	scan *s = m->s;
	const asked_step *asks = st->p;
	const text_column *c = &s->all->text_columns[asks->column];
	const question *q = &c->questions[asks->question];
	str text = *m->regs[st->a].text;
	bool creators = asks->parent || m->f == s->creators;
	int row = asks->parent ? m->f->owner[m->row] : m->row;
	reply given = {.score = NAN};
	if (text.p && (!reader_read(s->reader, text, language_of_row(c, creators ? s->creators : m->f, row)) ||
	               !reader_ask(s->reader, q, &given)))
		return error_memory(err);
	if (st->holds == HOLDS_NUMBERS)
		*out->lo = given.score;
	else {
		*out->truth = given.yes;
		*out->unknown = !text.p || given.limit;
	}
	if (!s->quotes || !text.p || (st->holds == HOLDS_TRUTHS && !given.yes))
		return KOL_OK;
	return quotes_add(s, q, c->field, creators ? NULL : m->f, m->row, text) ? KOL_OK : error_memory(err);
}

/* Nothing is read: the answer is open. */
static void leave_open(const step *st, reg *out, int n) {
	for (int i = 0; st->holds == HOLDS_NUMBERS && i < n; i++)
		out->lo[i] = NAN;
	for (int w = 0; st->holds == HOLDS_TRUTHS && w * 64 < n; w++) {
		out->truth[w] = 0;
		out->unknown[w] = UINT64_MAX;
	}
}

kol_status run_ask(const machine *m, const step *st, reg *out, kol_error *err) {
	const asked_step *asks = st->p;
	if (m->s->glancing) {
		leave_open(st, out, m->n);
		return KOL_OK;
	}
	if (m->s->quotes || m->n < m->f->rows || m->row)
		return ask_alone(m, st, out, err);
	if (!answer_column(m->s, asks, m->f, m->regs[st->a].text))
		return error_memory(err);
	const column_answers *a = &m->s->answers[asks->column];
	clear_out(st, out, m->n);
	if (!asks->parent && !a->scores[asks->question]) {
		const uint64_t *yes = truths_of(a, asks->question), *limit = limits_of(a, asks->question);
		for (int w = 0; w * 64 < m->n; w++) {
			out->truth[w] = yes[w] & ~a->absent[w];
			out->unknown[w] = a->absent[w] | limit[w];
		}
		return KOL_OK;
	}
	for (int i = 0; i < m->n; i++)
		give_row(asks, a, out, i, asks->parent ? m->f->owner[i] : i);
	return KOL_OK;
}

/* ---- limits ---- */

/* A pattern whose limit was reached in row `row` of f; NULL: none was. */
static const question *limited_row(const scan *s, const code *c, const frame *f, int row) {
	for (int i = 0; i < c->count; i++) {
		if (c->steps[i].op != OP_ASK)
			continue;
		const asked_step *st = c->steps[i].p;
		const column_answers *a = &s->answers[st->column];
		if (a->limited && a->of == frame_of(s, st, f) &&
		    has_row(limits_of(a, st->question), st->parent ? f->owner[row] : row))
			return &s->all->text_columns[st->column].questions[st->question];
	}
	return NULL;
}

void code_limits(const scan *s, const code *c, const frame *f, mask *out) {
	memset(out, 0, sizeof *out);
	for (int i = 0; i < c->count; i++) {
		if (c->steps[i].op != OP_ASK)
			continue;
		const asked_step *st = c->steps[i].p;
		const uint64_t *limit = limits_of(&s->answers[st->column], st->question);
		if (!s->answers[st->column].limited)
			continue;
		for (int row = 0; row < f->rows; row++)
			put(out->bits, row, has_row(limit, st->parent ? f->owner[row] : row));
	}
}

bool note_limit(scan *s, int number, const code *c, const frame *f, int row) {
	const question *q = limited_row(s, c, f, row);
	mask *limited = &s->tallies[number].limited;
	int creator = f->owner[row];
	if (!q || has_row(limited->bits, creator))
		return true;
	put(limited->bits, creator, true);
	if (s->limit_count == s->limit_capacity) {
		int more = s->limit_capacity ? s->limit_capacity * 2 : 16;
		limit_note *grown = realloc(s->limits, sizeof *grown * (size_t)more);
		if (!grown)
			return false;
		s->limits = grown;
		s->limit_capacity = more;
	}
	str key = f->table == TABLE_POST ? arena_str(&s->keys, f->key[row]) : (str){NULL, 0};
	s->limits[s->limit_count++] = (limit_note){number, creator, s->asked->patterns[q->pattern].text, key};
	return true;
}

void scan_limits(const scan *s, int number, const frame *f, mask *out) {
	const program *p = &s->all->programs[number];
	code_limits(s, &p->code, f, out);
	for (int i = 0; i < p->code.count; i++) {
		const step *st = &p->code.steps[i];
		if (st->op != OP_SOURCE)
			continue;
		const uint64_t *limited = s->tallies[st->a].limited.bits;
		for (int row = 0; row < f->rows; row++)
			put(out->bits, row, has_row(limited, p->rows == TABLE_CREATOR ? row : f->owner[row]));
	}
}

static str tell_limit(arena *a, str pattern, str post) {
	const char *sentence = arena_printf(a, "the pattern '%.*s%s' needs too much work%s%.*s; make it simpler",
	                                    (int)(pattern.n > 80 ? 80 : pattern.n), pattern.p, pattern.n > 80 ? "…" : "",
	                                    post.p ? " on post " : "", post.p ? (int)post.n : 0, post.p ? post.p : "");
	return str_of(sentence);
}

str scan_limit_told(const scan *s, int number, const frame *f, int row, arena *a) {
	const program *p = &s->all->programs[number];
	const question *q = limited_row(s, &p->code, f, row);
	if (q)
		return tell_limit(a, s->asked->patterns[q->pattern].text, f->table == TABLE_POST ? f->key[row] : (str){0});
	int creator = p->rows == TABLE_CREATOR ? row : f->owner[row];
	for (int i = 0; i < p->code.count; i++)
		for (int k = 0; p->code.steps[i].op == OP_SOURCE && k < s->limit_count; k++)
			if (s->limits[k].source == p->code.steps[i].a && s->limits[k].creator == creator)
				return tell_limit(a, s->limits[k].pattern, s->limits[k].key);
	return (str){NULL, 0};
}
