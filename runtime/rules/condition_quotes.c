/* condition_quotes.c: gathers the places in texts that a condition's answer rests on, row by row. A creator's rows are
 * walked again for it: this happens only where a finding is told. */
#include "rules/condition_quotes.h"

#include "text/around.h"

static bool is_told(const explanation *e, const citation *p) {
	for (int i = 0; i < e->quote_count; i++) {
		const citation *x = &e->quotes[i];
		if (x->at.start == p->at.start && x->at.end == p->at.end && str_eq(x->field, p->field) &&
		    str_eq(x->post, p->post) && str_eq(x->at.term, p->at.term) && !strcmp(x->at.lexicon, p->at.lexicon))
			return true;
	}
	return false;
}

/* The text is gone with the next chunk: what is quoted of it is copied. */
static bool keep_place(arena *a, str text, citation *p) {
	str before, after;
	text_around(text, p->at.start, p->at.end, &before, &after);
	p->text = arena_str(a, (str){text.p + p->at.start, p->at.end - p->at.start});
	p->before = arena_str(a, before);
	p->after = arena_str(a, after);
	bool fine = p->text.p && p->before.p && p->after.p;
	if (p->post.p)
		fine &= (p->post = arena_str(a, p->post)).p != NULL;
	return fine;
}

bool quotes_add(scan *s, const question *q, const char *name, const frame *f, int row, str text) {
	quotes *into = s->quotes;
	explanation *e = into->into;
	text_quote found[QUOTES_PER_TEXT];
	int count, room = QUOTES_MOST - e->quote_count;
	if (room <= 0)
		return true;
	if (!reader_quotes(s->reader, q, into->memory, found, room < QUOTES_PER_TEXT ? room : QUOTES_PER_TEXT, &count))
		return false;
	if (count && !e->quotes)
		e->quotes = ARENA_ARRAY(into->memory, citation, QUOTES_MOST);
	if (count && !e->quotes)
		return false;
	for (int i = 0; i < count; i++) {
		citation p = {.field = str_of(name), .at = found[i]};
		if (into->named && f && f->table == TABLE_POST)
			p.post = f->key[row];
		if (is_told(e, &p))
			continue;
		if (!keep_place(into->memory, text, &p))
			return false;
		e->quotes[e->quote_count++] = p;
	}
	return true;
}

/* Runs a source's code on one row, without quotes: does the row count? */
static kol_status counts(const machine *m, const source *src, bool *yes, kol_error *err) {
	struct quotes *held = m->s->quotes;
	m->s->quotes = NULL;
	kol_status status = code_run(m, &src->code, err);
	m->s->quotes = held;
	*yes = !status && (src->where < 0 || (*m->regs[src->where].truth & 1));
	return status;
}

static kol_status quote_rows(scan *s, const source *src, const frame *f, arena *a, quotes *into, kol_error *err) {
	reg *regs = ARENA_ARRAY(a, reg, src->code.count + 1);
	if (!regs || !single_registers(a, &src->code, regs))
		return error_memory(err);
	kol_status status = KOL_OK;
	for (int row = 0; row < f->rows && !status && into->into->quote_count < QUOTES_MOST; row++) {
		machine m = {.s = s, .f = f, .row = row, .n = 1, .parents = true, .regs = regs, .texts = a};
		bool yes;
		status = counts(&m, src, &yes, err);
		if (status || !yes)
			continue;
		s->quotes = into;
		status = code_run(&m, &src->code, err);
		s->quotes = NULL;
	}
	return status;
}

kol_status scan_quote(scan *s, const frame *rows, arena *a, explanation *out, kol_error *err) {
	quotes into = {a, out, true};
	kol_status status = KOL_OK;
	for (int i = 0; i < out->source_count && !status; i++) {
		const source *src = &s->all->sources[out->sources[i]];
		if (src->table == rows->table)
			status = quote_rows(s, src, rows, a, &into, err);
	}
	return status;
}
