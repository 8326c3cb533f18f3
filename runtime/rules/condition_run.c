/* condition_run.c: runs a code over the rows of a frame: one plain loop per step.
 * Three rules hold everywhere: a missing operand makes the result unknown, what is not finite is unknown,
 * and an interval holds every value that is possible. Knows nothing of syntax. */
#include "rules/condition_kernels.h"

void batch_registers(scan *s, const code *c, reg *regs) {
	for (int i = 0; i < c->count; i++) {
		const step *st = &c->steps[i];
		regs[i] = (reg){0};
		if (st->slot < 0)
			continue;
		size_t slot = (size_t)st->slot;
		if (st->holds == HOLDS_TEXTS) {
			regs[i].text = s->slot_texts + slot * FRAME_ROWS;
		} else if (st->holds == HOLDS_TRUTHS) {
			regs[i].truth = s->truths + slot * 2 * MASK_WORDS;
			regs[i].unknown = regs[i].truth + MASK_WORDS;
		} else {
			regs[i].lo = s->numbers + slot * 2 * FRAME_ROWS;
			regs[i].hi = st->exact ? regs[i].lo : regs[i].lo + FRAME_ROWS;
		}
	}
}

bool single_registers(arena *a, const code *c, reg *regs) {
	struct cell {
		double lo, hi;
		str text;
		uint64_t truth, unknown;
	} *cells = ARENA_ARRAY(a, struct cell, c->count + 1);
	if (!cells)
		return false;
	for (int i = 0; i < c->count; i++)
		regs[i] = (reg){&cells[i].lo, c->steps[i].exact ? &cells[i].lo : &cells[i].hi, &cells[i].text, &cells[i].truth,
		                &cells[i].unknown};
	return true;
}

static void gather(double *restrict out, const double *restrict from, const uint16_t *restrict owner, int n) {
	for (int i = 0; i < n; i++)
		out[i] = from[owner[i]];
}

static void run_load(const machine *m, const step *st, reg *out) {
	const frame *creators = m->s->creators;
	const uint16_t *owner = m->f->owner + m->row;
	switch (st->op) {
	case OP_COLUMN: out->lo = out->hi = m->f->columns[st->a].num + m->row; break;
	case OP_COLUMN_TEXT: out->text = m->f->columns[st->a].text + m->row; break;
	case OP_PARENT: gather(out->lo, creators->columns[st->a].num, owner, m->n); break;
	case OP_PARENT_TEXT:
		for (int i = 0; i < m->n; i++)
			out->text[i] = creators->columns[st->a].text[owner[i]];
		break;
	case OP_CONSTANT: out->lo = out->hi = m->s->constants + (size_t)st->a * FRAME_ROWS; break;
	case OP_CONSTANT_TEXT: out->text = m->s->constant_texts + (size_t)st->a * FRAME_ROWS; break;
	case OP_SOURCE: {
		const tally *t = &m->s->tallies[st->a];
		if (m->parents) {
			gather(out->lo, t->lo, owner, m->n);
			if (!st->exact)
				gather(out->hi, t->hi, owner, m->n);
		} else {
			out->lo = t->lo + m->row;
			out->hi = st->exact ? out->lo : t->hi + m->row;
		}
		break;
	}
	default: /* OP_CONSTANT_TRUTH */
		memset(out->truth, st->k > 0 ? 0xFF : 0, sizeof(uint64_t) * (size_t)((m->n + 63) / 64));
		memset(out->unknown, st->k != st->k ? 0xFF : 0, sizeof(uint64_t) * (size_t)((m->n + 63) / 64));
	}
}

static void run_truth(const step *st, const reg *regs, reg *out, int n) {
	int words = (n + 63) / 64;
	const uint64_t *at = regs[st->a].truth, *au = regs[st->a].unknown;
	const uint64_t *bt = st->b >= 0 ? regs[st->b].truth : at, *bu = st->b >= 0 ? regs[st->b].unknown : au;
	for (int w = 0; w < words; w++) {
		uint64_t t, u;
		switch (st->op) {
		case OP_AND:
			t = at[w] & bt[w];
			u = (at[w] | au[w]) & (bt[w] | bu[w]) & ~t;
			break;
		case OP_OR:
			t = at[w] | bt[w];
			u = (au[w] | bu[w]) & ~t;
			break;
		case OP_NOT:
			t = ~(at[w] | au[w]);
			u = au[w];
			break;
		case OP_NIL_TRUTH:
			t = au[w];
			u = 0;
			break;
		case OP_DEFAULT_TRUTH:
			t = at[w] | (au[w] & bt[w]);
			u = au[w] & bu[w];
			break;
		default: /* OP_TRUTH_EQ */ u = au[w] | bu[w]; t = ~(at[w] ^ bt[w]) & ~u;
		}
		out->truth[w] = t;
		out->unknown[w] = u;
	}
}

kol_status code_run(const machine *m, const code *c, kol_error *err) {
	for (int i = 0; i < c->count; i++) {
		const step *st = &c->steps[i];
		reg *out = &m->regs[i];
		if (st->op <= OP_SOURCE)
			run_load(m, st, out);
		else if (st->op >= OP_FLAG && st->op <= OP_EQ_K)
			kernel_numbers(st, m->regs, out, m->n);
		else if (st->op >= OP_TRUTH_EQ && st->op <= OP_NOT)
			run_truth(st, m->regs, out, m->n);
		else if (st->op == OP_NIL_TRUTH || st->op == OP_DEFAULT_TRUTH)
			run_truth(st, m->regs, out, m->n);
		else if (st->op == OP_NIL || st->op == OP_DEFAULT || st->op == OP_AMONG)
			kernel_numbers(st, m->regs, out, m->n);
		else if (st->op == OP_ASK) {
			kol_status status = run_ask(m, st, out, err);
			if (status)
				return status;
		} else if (!kernel_texts(st, m->regs, out, m->n, m->texts))
			return error_memory(err);
	}
	return KOL_OK;
}
