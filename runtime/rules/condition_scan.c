/* condition_scan.c: a worker's scratch: registers, constants and sources; evaluates programs over frames. */
#include <stdlib.h>

#include "rules/condition_program.h"

static bool tally_make(tally *t) {
	double **numbers[] = {&t->lo, &t->hi, &t->rows, &t->unknown, &t->amount, &t->total, &t->from, &t->to};
	double *block = calloc(FRAME_ROWS * (sizeof numbers / sizeof numbers[0]), sizeof *block);
	t->missing = calloc(FRAME_ROWS, sizeof *t->missing);
	t->covered = calloc(FRAME_ROWS, sizeof *t->covered);
	t->key = calloc(FRAME_ROWS, sizeof *t->key);
	t->first = calloc(FRAME_ROWS, sizeof *t->first);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		*numbers[i] = block ? block + i * FRAME_ROWS : NULL;
	return block && t->missing && t->covered && t->key && t->first;
}

static void tally_free(tally *t) {
	free(t->lo); /* the block of all */
	free(t->missing);
	free(t->covered);
	free(t->key);
	free(t->first);
	free(t->values);
}

static bool make_constants(scan *s) {
	const conditions *all = s->all;
	s->constants = calloc((size_t)all->constant_count * FRAME_ROWS + 1, sizeof *s->constants);
	s->constant_texts = calloc((size_t)all->text_count * FRAME_ROWS + 1, sizeof *s->constant_texts);
	if (!s->constants || !s->constant_texts)
		return false;
	for (size_t i = 0; i < (size_t)all->constant_count * FRAME_ROWS; i++)
		s->constants[i] = all->constants[i / FRAME_ROWS];
	for (size_t i = 0; i < (size_t)all->text_count * FRAME_ROWS; i++)
		s->constant_texts[i] = all->texts[i / FRAME_ROWS];
	return true;
}

scan *scan_new(const conditions *all, const inquiry *a, kol_error *err) {
	scan *s = calloc(1, sizeof *s);
	if (!s) {
		error_memory(err);
		return NULL;
	}
	s->all = all;
	s->asked = a;
	s->numbers = calloc((size_t)all->slots[HOLDS_NUMBERS] * 2 * FRAME_ROWS + 1, sizeof *s->numbers);
	s->slot_texts = calloc((size_t)all->slots[HOLDS_TEXTS] * FRAME_ROWS + 1, sizeof *s->slot_texts);
	s->truths = calloc((size_t)all->slots[HOLDS_TRUTHS] * 2 * MASK_WORDS + 1, sizeof *s->truths);
	s->regs = calloc((size_t)all->longest + 1, sizeof *s->regs);
	s->tallies = calloc((size_t)all->source_count + 1, sizeof *s->tallies);
	bool ok = s->numbers && s->slot_texts && s->truths && s->regs && s->tallies && make_constants(s);
	for (int i = 0; ok && i < all->source_count; i++)
		ok = tally_make(&s->tallies[i]);
	ok = ok && answers_make(s);
	if (ok && all->text_column_count)
		ok = (s->reader = reader_new(a, err)) != NULL;
	if (!ok) {
		error_memory(err);
		scan_free(s);
		return NULL;
	}
	return s;
}

void scan_free(scan *s) {
	if (!s)
		return;
	for (int i = 0; s->tallies && i < s->all->source_count; i++)
		tally_free(&s->tallies[i]);
	free(s->tallies);
	answers_free(s);
	free(s->numbers);
	free(s->slot_texts);
	free(s->truths);
	free(s->regs);
	free(s->constants);
	free(s->constant_texts);
	arena_free(&s->texts);
	arena_free(&s->keys);
	free(s);
}

kol_status scan_begin(scan *s, const frame *creators, const coverage *covered, kol_error *err) {
	s->creators = creators;
	s->covered = covered;
	s->finished = false;
	return sources_begin(s, err);
}

kol_status scan_chunk(scan *s, const frame *children, kol_error *err) {
	s->finished = false;
	return sources_chunk(s, children, err);
}

void scan_failed(scan *s, int glob, const double *failed, const double *unknown) {
	for (int k = 0; k < s->all->source_count; k++) {
		if (s->all->sources[k].kind != SOURCE_FAILED || s->all->sources[k].glob != glob)
			continue;
		for (int i = 0; i < s->creators->rows; i++) {
			s->tallies[k].lo[i] = failed[i];
			s->tallies[k].hi[i] = failed[i] + unknown[i];
		}
	}
}

kol_status scan_eval(scan *s, int number, const frame *f, mask *truth, mask *unknown, kol_error *err) {
	const program *p = &s->all->programs[number];
	if (!s->finished && p->sums)
		sources_finish(s);
	arena_reset(&s->texts);
	machine m = {
	    .s = s, .f = f, .n = f->rows, .parents = p->rows != TABLE_CREATOR, .regs = s->regs, .texts = &s->texts};
	batch_registers(s, &p->code, s->regs);
	kol_status status = code_run(&m, &p->code, err);
	if (status)
		return status;
	const reg *r = &s->regs[p->result];
	for (int w = 0; w < MASK_WORDS; w++) {
		int left = f->rows - w * 64;
		uint64_t valid = left >= 64 ? UINT64_MAX : left > 0 ? (UINT64_C(1) << left) - 1 : 0;
		truth->bits[w] = valid ? r->truth[w] & valid : 0;
		unknown->bits[w] = valid ? r->unknown[w] & valid : 0;
	}
	return KOL_OK;
}
