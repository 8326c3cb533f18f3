/* fold_special.c: what a table look-up does not settle: marks, stretches in which characters join, what is dropped,
 * what becomes several characters, invalid bytes.
 *
 * Only a mark (or a vowel or final of Hangul) can depend on what stands before it: whether it may compose or must
 * change places is read off the folded text before it, and only where it may, the stretch from the last character that
 * joins with nothing before it to the next such is folded again as a whole. Uses fold_rare.c. */
#include <stdlib.h>

#include "base/utf8.h"
#include "text/fold_rare.h"
#include "text/fold_state.h"

/* ---- one character ---- */

unsigned fold_change_script(folder *x, size_t o, uint8_t script) {
	const unsigned char *kinds = x->f->kinds;
	x->script = script;
	for (; o > 0 && kinds[o - 1] & KIND_WORD; o--)
		if (kinds[o - 1] & KIND_LETTER)
			return KIND_EDGE;
	return 0;
}

static void put(folder *x, const unsigned char *p, size_t n, unsigned kind, uint8_t script) {
	put_at(x, x->o, p, kind_at(x, x->o, kind, script));
	x->f->letters[counted_as(script)] += kind & KIND_LETTER;
	x->o += n;
}

/* The last folded character: where it begins. */
static size_t before(const folder *x, size_t o) {
	do
		o--;
	while (o > 0 && ((unsigned char)x->f->p[o] & 0xC0) == 0x80);
	return o;
}

static uint32_t entry_at(const folder *x, size_t o) {
	uint32_t c;
	utf8_decode(x->f->p + o, x->o - o, &c);
	return fold_entry(c);
}

static bool is_odd_base(uint32_t entry) { return entry & KIND_LETTER && script_of(entry) <= SCRIPT_GREEK; }

/* A mark, or a vowel or final of Hangul, as it is. */
static void put_mark(folder *x, const special *s) {
	unsigned kind = s->kind;
	if (s->flags & SPECIAL_INHERITS) {
		if (x->o > 0 && x->f->kinds[x->o - 1] & KIND_SPACELESS)
			kind = (kind & ~(unsigned)KIND_WORD) | KIND_SPACELESS;
		if (x->mark_odd) {
			x->f->odd_marks = true;
			x->f->regular = false;
		}
	}
	put(x, fold_texts + s->at, s->n, kind, s->script);
	if (s->order == 0)
		x->mark_odd = kind & KIND_LETTER ? false : x->mark_odd;
}

/* Any folded code point. */
static void put_code_point(folder *x, uint32_t c) {
	uint32_t entry = fold_entry(c);
	if (entry >> 16) {
		put_mark(x, special_of(entry));
		return;
	}
	char text[4] = {(char)c};
	size_t n = c < 0x80 ? 1 : utf8_encode(c, text);
	put(x, (unsigned char *)text, n, entry & 0xFF, script_of(entry));
	x->mark_odd = is_odd_base(entry);
}

/* ---- where characters join ---- */

static uint32_t next_entry(const folder *x, size_t i, size_t *n, uint32_t *c) {
	*n = utf8_decode((const char *)x->text + i, x->size - i, c);
	return fold_entry(*c);
}

static bool is_action(uint32_t entry, enum special_action action) {
	return entry >> 16 && special_of(entry)->action == action;
}

/* Forgets what was folded from last_i on. */
static void rewind_to_last(folder *x) {
	folded *f = x->f;
	for (size_t o = x->last_o, n; o < x->o; o += n) {
		uint32_t c, entry;
		n = utf8_decode(f->p + o, x->o - o, &c);
		entry = fold_entry(c);
		if (entry & KIND_LETTER)
			f->letters[counted_as(script_of(entry))]--;
	}
	/* The first character will be of the script that it was of, and an edge where it was one. */
	unsigned kind = x->last_o < x->o ? f->kinds[x->last_o] : 0;
	if (kind & KIND_EDGE)
		x->script = SCRIPT_NONE;
	else if ((kind & (KIND_WORD | KIND_LETTER)) == (KIND_WORD | KIND_LETTER))
		x->script = script_of(entry_at(x, x->last_o));
	x->i = x->last_i;
	x->o = x->last_o;
	while (f->anchor_count > 1 && f->anchors[f->anchor_count - 1].original >= x->i)
		f->anchor_count--;
	f->anchors[0].whole &= f->anchors[0].original < x->i;
	fold_anchor_at(x, x->o, x->i, false);
}

static bool add_joined(folder *x, size_t *n, const uint32_t *c, size_t more) {
	folded *f = x->f;
	/* The upper half is fold_compose's. */
	if (2 * (*n + more) > f->joined_capacity) {
		size_t capacity = 4 * (*n + more) + 128;
		uint32_t *p = realloc(f->joined, capacity * sizeof *p);
		if (!p) {
			x->failed = true;
			return false;
		}
		f->joined = p;
		f->joined_capacity = capacity;
	}
	memcpy(f->joined + *n, c, more * sizeof *c);
	*n += more;
	return true;
}

/* Code points that each fold alone, one after the other. */
static void put_apart(folder *x, size_t end) {
	bool dropped = false;
	while (x->i < end && !x->failed) {
		uint32_t c, to[FOLD_ONE], spare[FOLD_ONE];
		size_t length, o = x->o;
		uint32_t entry = next_entry(x, x->i, &length, &c);
		size_t n = fold_compose(to, (size_t)fold_one(c, to), spare);
		char text[4];
		bool step = n == 1 && utf8_encode(to[0], text) == length;
		if (n > 0) {
			if (dropped && o > 0 && x->f->kinds[o - 1] & KIND_REST)
				x->f->regular = false;
			if (entry >> 16 && special_of(entry)->flags & SPECIAL_CHANGES)
				x->f->regular = false;
			fold_anchor_at(x, o, x->i, !step);
		}
		for (size_t k = 0; k < n; k++)
			put_code_point(x, to[k]);
		x->i += length;
		dropped = n == 0;
		fold_anchor_at(x, x->o, x->i, false);
	}
}

/* Folds again, as a whole, from the last character that joins with nothing before it up to the next. */
static void fold_joined(folder *x) {
	folded *f = x->f;
	size_t n = 0, apart_count = 0, end = x->last_i, length;
	bool same = true;
	rewind_to_last(x);
	for (size_t i = x->i; i < x->size; i += length) {
		uint32_t c, to[FOLD_ONE];
		uint32_t entry = next_entry(x, i, &length, &c);
		bool mark = is_action(entry, SPECIAL_MARK), drop = is_action(entry, SPECIAL_DROP);
		if (i > x->i && !mark && !drop)
			break;
		if (!add_joined(x, &n, to, (size_t)fold_one(c, to)))
			return;
		if (!drop)
			end = i + length;
	}
	n = fold_compose(f->joined, n, f->joined + n);
	/* Is it what each becomes alone? */
	for (size_t i = x->i; i < end && same; i += length) {
		uint32_t c, to[FOLD_ONE], spare[FOLD_ONE];
		next_entry(x, i, &length, &c);
		size_t count = fold_compose(to, (size_t)fold_one(c, to), spare);
		same = apart_count + count <= n && memcmp(f->joined + apart_count, to, count * sizeof *to) == 0;
		apart_count += count;
	}
	if (!fold_need(x, 4 * n))
		return;
	if (same && apart_count == n) {
		put_apart(x, end);
	} else {
		f->regular = false;
		fold_anchor_at(x, x->o, x->i, true);
		for (size_t k = 0; k < n; k++)
			put_code_point(x, f->joined[k]);
		x->i = end;
		fold_anchor_at(x, x->o, x->i, false);
	}
	x->mark_end = SIZE_MAX;
}

/* What stands before a mark decides whether it may join: false where only fold_joined can tell. */
static bool mark_stands(folder *x, const special *s) {
	if (x->o == 0) {
		x->mark_open = x->mark_odd = false;
		x->mark_order = 0;
	} else if (x->o != x->mark_end) {
		uint32_t entry = entry_at(x, before(x, x->o));
		if (entry >> 16 && special_of(entry)->order)
			return false;
		x->mark_open = entry & KIND_OPEN;
		x->mark_odd = is_odd_base(entry);
		x->mark_order = 0;
	}
	if (s->flags & SPECIAL_RARE || (s->flags & SPECIAL_MAYBE && x->mark_open))
		return false;
	return !s->order || s->order >= x->mark_order;
}

static void fold_mark(folder *x, const special *s, size_t length) {
	if (!mark_stands(x, s)) {
		fold_joined(x);
		return;
	}
	if (s->n != length)
		fold_anchor_at(x, x->o, x->i, true);
	put_mark(x, s);
	if (s->flags & SPECIAL_CHANGES)
		x->f->regular = false;
	x->mark_order = s->order;
	if (!s->order)
		x->mark_open = s->kind & KIND_OPEN;
	x->mark_end = x->o;
	x->i += length;
	if (s->n != length)
		fold_anchor_at(x, x->o, x->i, false);
}

/* ---- the rest of what is special ---- */

/* All that is dropped in a row. Between two characters of words it makes one word of two. */
static void fold_drops(folder *x) {
	size_t n;
	uint32_t c;
	do
		next_entry(x, x->i, &n, &c), x->i += n;
	while (x->i < x->size && is_action(next_entry(x, x->i, &n, &c), SPECIAL_DROP));
	fold_anchor_at(x, x->o, x->i, false);
	if (x->i == x->size || x->o == 0 || !(x->f->kinds[x->o - 1] & KIND_REST))
		return;
	uint32_t entry = next_entry(x, x->i, &n, &c);
	if (entry & KIND_REST)
		x->f->regular = false;
}

static void fold_texts_of(folder *x, const special *s, size_t length) {
	if (!fold_need(x, s->n))
		return;
	fold_anchor_at(x, x->o, x->i, true);
	for (size_t at = 0, n; at < s->n; at += n) {
		uint32_t c = fold_texts[s->at + at];
		n = c < 0x80 ? 1 : utf8_decode((const char *)fold_texts + s->at + at, s->n - at, &c);
		put_code_point(x, c);
	}
	x->i += length;
	fold_anchor_at(x, x->o, x->i, false);
}

static void fold_invalid(folder *x) {
	x->last_i = x->i;
	x->last_o = x->o;
	fold_anchor_at(x, x->o, x->i, true);
	put(x, (const unsigned char *)"\xEF\xBF\xBD", 3, KIND_SYMBOL, SCRIPT_NONE);
	x->i++;
	fold_anchor_at(x, x->o, x->i, false);
}

void fold_special(folder *x, const special *s, size_t length) {
	if (s->action == SPECIAL_MARK) {
		fold_mark(x, s, length);
		return;
	}
	if (s->action == SPECIAL_DROP) {
		fold_drops(x);
		return;
	}
	if (s->action == SPECIAL_INVALID) {
		fold_invalid(x);
		return;
	}
	x->last_i = x->i;
	x->last_o = x->o;
	if (s->flags & SPECIAL_CHANGES)
		x->f->regular = false;
	if (s->action == SPECIAL_TEXTS) {
		fold_texts_of(x, s, length);
		return;
	}
	if (s->n != length)
		fold_anchor_at(x, x->o, x->i, true);
	put(x, fold_texts + s->at, s->n, s->kind, s->script);
	x->i += length;
	if (s->n != length)
		fold_anchor_at(x, x->o, x->i, false);
}
