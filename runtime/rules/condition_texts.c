/* condition_texts.c: comparisons and functions over columns of texts. p NULL is missing: unknown. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "rules/condition_kernels.h"

static void clear_truths(reg *out, int n) {
	memset(out->truth, 0, sizeof(uint64_t) * (size_t)((n + 63) / 64));
	memset(out->unknown, 0, sizeof(uint64_t) * (size_t)((n + 63) / 64));
}

static void put(reg *out, int i, bool truth, bool unknown) {
	out->truth[i / 64] |= (uint64_t)(truth && !unknown) << (i % 64);
	out->unknown[i / 64] |= (uint64_t)unknown << (i % 64);
}

static int compare_texts(const void *a, const void *b) { return str_compare(*(const str *)a, *(const str *)b); }

bool text_set_has(const text_set *set, str x) {
	if (set->count >= LIST_SORTED)
		return bsearch(&x, set->texts, (size_t)set->count, sizeof(str), compare_texts) != NULL;
	for (int i = 0; i < set->count; i++)
		if (str_eq(set->texts[i], x))
			return true;
	return false;
}

static char tag_char(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '_' ? '-' : c; }

bool tag_speaks(str tag, str language) {
	if (tag.n < language.n || language.n == 0)
		return false;
	for (size_t i = 0; i < language.n; i++)
		if (tag_char(tag.p[i]) != tag_char(language.p[i]))
			return false;
	return tag.n == language.n || tag_char(tag.p[language.n]) == '-';
}

static void compare_columns(const step *st, const str *a, const str *b, reg *out, int n) {
	for (int i = 0; i < n; i++) {
		bool unknown = !a[i].p || !b[i].p, truth = false;
		if (!unknown && st->op == OP_TEXT_EQ)
			truth = str_eq(a[i], b[i]);
		else if (!unknown && st->op == OP_SPEAKS)
			truth = tag_speaks(a[i], b[i]);
		else if (!unknown)
			truth = str_compare(a[i], b[i]) < (st->op == OP_TEXT_LE);
		put(out, i, truth, unknown);
	}
}

/* The value behind up to three keys; NULL: there is none, or a key is missing. */
static const value *find_entry(const step *st, const reg *regs, int i) {
	const value *v = st->p;
	const int keys[3] = {st->a, st->b, st->c};
	for (int k = 0; k < 3 && v && keys[k] >= 0; k++) {
		str key = regs[keys[k]].text[i];
		if (!key.p || v->shape != VALUE_TABLE)
			return NULL;
		const value *found = NULL;
		int low = 0, high = v->count;
		while (low < high && !found) {
			int middle = low + (high - low) / 2, order = str_compare(key, v->members[middle].name);
			if (order == 0)
				found = &v->members[middle].v;
			else if (order < 0)
				high = middle;
			else
				low = middle + 1;
		}
		v = found;
	}
	return v && v->shape == VALUE_ONE ? v : NULL;
}

static void lookup(const step *st, const reg *regs, reg *out, int n) {
	for (int i = 0; i < n; i++) {
		const value *v = find_entry(st, regs, i);
		if (st->op == OP_LOOKUP_TEXT)
			out->text[i] = v ? v->text : (str){0};
		else
			out->lo[i] = v ? v->num : NAN;
	}
}

static double rate_of(const rates *fx, str currency) {
	for (int i = 0; fx && i < fx->count; i++)
		if (str_eq(fx->items[i].currency, currency))
			return fx->items[i].rate;
	return NAN;
}

static void convert(const step *st, const reg *regs, reg *out, int n) {
	const reg *x = &regs[st->a];
	const str *from = regs[st->b].text, *to = regs[st->c].text;
	for (int i = 0; i < n; i++) {
		double factor = NAN;
		if (from[i].p && to[i].p)
			factor = str_eq(from[i], to[i]) ? 1 : rate_of(st->p, from[i]) / rate_of(st->p, to[i]);
		double lo = x->lo[i] * factor, hi = x->hi[i] * factor;
		bool known = factor > 0 && isfinite(factor) && lo == lo && (isfinite(lo) || lo != hi);
		out->lo[i] = known ? lo : NAN;
		if (!st->exact)
			out->hi[i] = known ? hi : NAN;
	}
}

static bool join(const str *a, const str *b, reg *out, int n, arena *texts) {
	for (int i = 0; i < n; i++) {
		out->text[i] = (str){0};
		if (!a[i].p || !b[i].p || a[i].n + b[i].n > JOIN_MOST)
			continue;
		char *p = arena_alloc(texts, a[i].n + b[i].n + 1);
		if (!p)
			return false;
		memcpy(p, a[i].p, a[i].n);
		memcpy(p + a[i].n, b[i].p, b[i].n);
		out->text[i] = (str){p, a[i].n + b[i].n};
	}
	return true;
}

static bool number_text(const reg *x, reg *out, int n, arena *texts) {
	for (int i = 0; i < n; i++) {
		out->text[i] = (str){0};
		if (x->lo[i] != x->hi[i]) /* also where missing */
			continue;
		char text[40];
		bool whole = fabs(x->lo[i]) < 1e15 && x->lo[i] == floor(x->lo[i]);
		int used = snprintf(text, sizeof text, whole ? "%.0f" : "%.14g", x->lo[i] + 0.0); /* -0 is 0 */
		out->text[i] = (str){arena_text(texts, text, (size_t)used), (size_t)used};
		if (!out->text[i].p)
			return false;
	}
	return true;
}

bool kernel_texts(const step *st, const reg *regs, reg *out, int n, arena *texts) {
	const str *a = regs[st->a].text, *b = st->b >= 0 ? regs[st->b].text : a;
	if (st->holds == HOLDS_TRUTHS)
		clear_truths(out, n);
	switch (st->op) {
	case OP_NIL_TEXT:
		for (int i = 0; i < n; i++)
			put(out, i, !a[i].p, false);
		break;
	case OP_DEFAULT_TEXT:
		for (int i = 0; i < n; i++)
			out->text[i] = a[i].p ? a[i] : b[i];
		break;
	case OP_AMONG_TEXT:
		for (int i = 0; i < n; i++)
			put(out, i, a[i].p && text_set_has(st->p, a[i]), !a[i].p);
		break;
	case OP_LOOKUP:
	case OP_LOOKUP_TEXT: lookup(st, regs, out, n); break;
	case OP_MONEY: convert(st, regs, out, n); break;
	case OP_JOIN: return join(a, b, out, n, texts);
	case OP_NUMBER_TEXT: return number_text(&regs[st->a], out, n, texts);
	default: compare_columns(st, a, b, out, n);
	}
	return true;
}
