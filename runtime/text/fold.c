/* fold.c: folds a text in one pass. Uses the tables made by tables/make_fold_table.c, and fold_rare.c for the stretches
 * in which characters join. Knows nothing of terms.
 *
 * The pass writes the folded bytes and beside them what kind each byte is; from the kinds the bitmaps are gathered, 16
 * bytes at a time. ASCII is taken in blocks of 16. Other characters are copied or replaced by table. Only a mark can
 * depend on what stands before it: whether it may compose or must change places is read off the folded text before
 * it, and only where it may, the stretch (from the last character that joins with nothing before it, to the next such)
 * is folded again as a whole. */
#include <stdlib.h>

#include "text/fold.h"
#include "text/fold_rare.h"
#include "text/fold_kinds.h"
#include "base/utf8.h"
#include "fold_table.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 16
#define SLACK 128 /* bytes that are written behind the end of what is folded, or by one step */
#define PLANES 6

typedef struct folder {
	folded *f;
	const unsigned char *text; /* the original */
	size_t size;
	size_t i, o; /* where we stand in the original and in what is folded */
	/* The last character that joins with nothing before it, and `script` before it. */
	size_t last_i, last_o;
	uint8_t last_script;
	/* Behind the last mark: how the next may join. */
	size_t mark_end;
	bool mark_open, mark_odd;
	uint8_t mark_order;
	uint8_t script; /* of the last letter that needs spaces */
	bool failed;
} folder;

/* ---- memory ---- */

/* Room for `bytes` folded bytes: text, kinds and bitmaps. */
static bool grow(folded *f, size_t bytes) {
	if (bytes <= f->capacity)
		return true;
	size_t more = (bytes + bytes / 2 + 63) / 64 * 64;
	if (more + SLACK > UINT32_MAX)
		return false;
	char *p = realloc(f->p, more + SLACK);
	f->p = p ? p : f->p;
	unsigned char *kinds = p ? realloc(f->kinds, more + SLACK) : NULL;
	f->kinds = kinds ? kinds : f->kinds;
	uint64_t *bits = kinds ? realloc(f->words, PLANES * (more / 64 + 2) * sizeof *bits) : NULL;
	if (!bits)
		return false;
	f->words = bits;
	f->capacity = more;
	return true;
}

/* Room for `bytes` more, and for what is left of the original at three bytes for one. */
static bool need(folder *x, size_t bytes) {
	if (!x->failed && !grow(x->f, x->o + bytes + 3 * (x->size - x->i) + SLACK))
		x->failed = true;
	return !x->failed;
}

static void add_anchor(folder *x, size_t o, size_t i, bool whole) {
	folded *f = x->f;
	fold_anchor a = {(uint32_t)o, (uint32_t)i & 0x7FFFFFFF, whole}, *last = &f->anchors[f->anchor_count - 1];
	/* What is empty can go, unless it marks where something whole ended. */
	if (last->folded == a.folded && (last->original == a.original || (f->anchor_count > 1 && !last[-1].whole))) {
		*last = a;
		return;
	}
	if (f->anchor_count == f->anchor_capacity) {
		fold_anchor *more = realloc(f->anchors, 2 * (size_t)f->anchor_capacity * sizeof *more);
		if (!more) {
			x->failed = true;
			return;
		}
		f->anchors = more;
		f->anchor_capacity *= 2;
	}
	f->anchors[f->anchor_count++] = a;
}

/* ---- one character ---- */

/* Here begins a character that joins with nothing before it. */
static inline void set_last(folder *x) {
	x->last_i = x->i;
	x->last_o = x->o;
	x->last_script = x->script;
}

static inline uint32_t entry_of(uint32_t c) { return fold_pages[fold_index[c / 64]][c % 64]; }
static inline const special *special_of(uint32_t entry) { return &fold_specials[entry >> 16]; }
static inline uint8_t script_of(uint32_t entry) { return (uint8_t)(entry >> 8); }

/* A letter of another script than the last letter: KIND_EDGE where both stand in one run of word bytes. */
static unsigned change_script(folder *x, size_t o, uint8_t script) {
	const unsigned char *kinds = x->f->kinds;
	x->script = script;
	for (; o > 0 && kinds[o - 1] & KIND_WORD; o--)
		if (kinds[o - 1] & KIND_LETTER)
			return KIND_EDGE;
	return 0;
}

/* What is known of a letter of this kind that is written at o: whether it is an edge, and the count of its script.
 * Latin letters are counted at the end. */
static inline unsigned note_letter(folder *x, size_t o, unsigned kind, uint8_t script) {
	if (!(kind & KIND_LETTER))
		return kind;
	x->f->letters[script < SCRIPT_OTHER ? script : SCRIPT_OTHER]++;
	if (kind & KIND_WORD && script != x->script)
		kind |= change_script(x, o, script);
	return kind;
}

static inline void set_kinds(folder *x, size_t o, unsigned kind, size_t n) {
	memset(x->f->kinds + o, kind & KIND_REST, 4);
	if (n > 4)
		memset(x->f->kinds + o, kind & KIND_REST, n);
	x->f->kinds[o] = (unsigned char)kind;
}

static inline void put(folder *x, const char *p, size_t n, unsigned kind, uint8_t script) {
	set_kinds(x, x->o, note_letter(x, x->o, kind, script), n);
	memcpy(x->f->p + x->o, p, 4); /* there is always room to read and write four */
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
	return entry_of(c);
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
	put(x, (const char *)fold_texts + s->at, s->n, kind, s->script);
	if (s->order == 0)
		x->mark_odd = kind & KIND_LETTER ? false : x->mark_odd;
}

/* Any folded code point. */
static void put_code_point(folder *x, uint32_t c) {
	uint32_t entry = entry_of(c);
	if (entry >> 16) {
		put_mark(x, special_of(entry));
		return;
	}
	char text[4];
	size_t n = utf8_encode(c, text);
	put(x, text, n, entry & 0xFF, script_of(entry));
	x->mark_odd = is_odd_base(entry);
}

/* ---- where characters join ---- */

static uint32_t next_entry(const folder *x, size_t i, size_t *n, uint32_t *c) {
	*n = utf8_decode((const char *)x->text + i, x->size - i, c);
	return entry_of(*c);
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
		entry = entry_of(c);
		if (entry & KIND_LETTER)
			f->letters[script_of(entry) < SCRIPT_OTHER ? script_of(entry) : SCRIPT_OTHER]--;
	}
	x->i = x->last_i;
	x->o = x->last_o;
	x->script = x->last_script;
	while (f->anchor_count > 1 && f->anchors[f->anchor_count - 1].original >= x->i)
		f->anchor_count--;
	f->anchors[0].whole &= f->anchors[0].original < x->i;
	add_anchor(x, x->o, x->i, false);
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
			add_anchor(x, o, x->i, !step);
		}
		for (size_t k = 0; k < n; k++)
			put_code_point(x, to[k]);
		x->i += length;
		dropped = n == 0;
		add_anchor(x, x->o, x->i, false);
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
	if (!need(x, 4 * n))
		return;
	if (same && apart_count == n) {
		put_apart(x, end);
	} else {
		f->regular = false;
		add_anchor(x, x->o, x->i, true);
		for (size_t k = 0; k < n; k++)
			put_code_point(x, f->joined[k]);
		x->i = end;
		add_anchor(x, x->o, x->i, false);
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
		add_anchor(x, x->o, x->i, true);
	put_mark(x, s);
	if (s->flags & SPECIAL_CHANGES)
		x->f->regular = false;
	x->mark_order = s->order;
	if (!s->order)
		x->mark_open = s->kind & KIND_OPEN;
	x->mark_end = x->o;
	x->i += length;
	if (s->n != length)
		add_anchor(x, x->o, x->i, false);
}

/* ---- the rest of what is special ---- */

/* All that is dropped in a row. Between two characters of words it makes one word of two. */
static void fold_drops(folder *x) {
	size_t n;
	uint32_t c;
	do
		next_entry(x, x->i, &n, &c), x->i += n;
	while (x->i < x->size && is_action(next_entry(x, x->i, &n, &c), SPECIAL_DROP));
	add_anchor(x, x->o, x->i, false);
	if (x->i == x->size || x->o == 0 || !(x->f->kinds[x->o - 1] & KIND_REST))
		return;
	uint32_t entry = next_entry(x, x->i, &n, &c);
	if (entry & KIND_REST)
		x->f->regular = false;
}

static void fold_texts_of(folder *x, const special *s, size_t length) {
	if (!need(x, s->n))
		return;
	add_anchor(x, x->o, x->i, true);
	for (size_t at = 0, n; at < s->n; at += n) {
		uint32_t c;
		n = utf8_decode((const char *)fold_texts + s->at + at, s->n - at, &c);
		put_code_point(x, c);
	}
	x->i += length;
	add_anchor(x, x->o, x->i, false);
}

static void fold_special(folder *x, const special *s, size_t length) {
	if (s->action == SPECIAL_MARK) {
		fold_mark(x, s, length);
		return;
	}
	if (s->action == SPECIAL_DROP) {
		fold_drops(x);
		return;
	}
	set_last(x);
	if (s->flags & SPECIAL_CHANGES)
		x->f->regular = false;
	if (s->action == SPECIAL_TEXTS) {
		fold_texts_of(x, s, length);
		return;
	}
	if (s->n != length)
		add_anchor(x, x->o, x->i, true);
	put(x, (const char *)fold_texts + s->at, s->n, s->kind, s->script);
	x->i += length;
	if (s->n != length)
		add_anchor(x, x->o, x->i, false);
}

static void fold_invalid(folder *x) {
	set_last(x);
	add_anchor(x, x->o, x->i, true);
	put(x, "\xEF\xBF\xBD", 3, KIND_SYMBOL, SCRIPT_NONE);
	x->i++;
	add_anchor(x, x->o, x->i, false);
}

/* ---- the pass ---- */

static void fold_all(folder *x) {
	while (x->i < x->size && !x->failed) {
		const char *p = (const char *)x->text + x->i;
		uint32_t c;
		size_t n = utf8_decode(p, x->size - x->i, &c);
		if (c == 0xFFFD && n == 1) {
			fold_invalid(x);
			continue;
		}
		uint32_t entry = entry_of(c);
		if (entry >> 16) {
			fold_special(x, special_of(entry), n);
			continue;
		}
		set_last(x);
		char text[4] = {0};
		memcpy(text, p, n);
		put(x, text, n, entry & 0xFF, script_of(entry));
		x->i += n;
	}
}

static void gather_bits(folded *f) {
	size_t count = (f->n + 63) / 64;
	uint64_t *planes[PLANES] = {f->words, f->edges, f->digits, f->spaceless, f->starts, f->symbols};
	memset(f->kinds + f->n, 0, 64);
	for (size_t i = 0; i < count; i++) {
		uint64_t bits[PLANES] = {0};
		for (size_t k = 0; k < 64; k++)
			for (int plane = 0; plane < PLANES; plane++)
				bits[plane] |= (uint64_t)(f->kinds[i * 64 + k] >> (7 - plane) & 1) << k;
		for (int plane = 0; plane < PLANES; plane++)
			planes[plane][i] = bits[plane];
	}
	for (int plane = 0; plane < PLANES; plane++)
		planes[plane][count] = 0;
}

static void place_bitmaps(folded *f) {
	size_t each = f->capacity / 64 + 2;
	f->edges = f->words + each;
	f->digits = f->edges + each;
	f->spaceless = f->digits + each;
	f->starts = f->spaceless + each;
	f->symbols = f->starts + each;
}

bool fold_text(folded *f, str original) {
	folder x = {.f = f,
	            .text = (const unsigned char *)original.p,
	            .size = original.n,
	            .mark_end = SIZE_MAX,
	            .script = SCRIPT_NONE,
	            .last_script = SCRIPT_NONE};
	f->original = original;
	f->n = 0;
	f->ascii = true;
	f->regular = true;
	f->odd_marks = false;
	memset(f->letters, 0, sizeof f->letters);
	if (!f->anchors) {
		f->anchor_capacity = 16;
		f->anchors = malloc(f->anchor_capacity * sizeof *f->anchors);
	}
	if (!f->anchors || !need(&x, 0))
		return false;
	f->anchors[0] = (fold_anchor){0, 0, false};
	f->anchor_count = 1;
	fold_all(&x);
	if (x.failed)
		return false;
	f->n = x.o;
	memset(f->p + f->n, 0, FOLD_PAD);
	for (size_t i = 0; i < original.n && f->ascii; i++)
		f->ascii = x.text[i] < 0x80;
	place_bitmaps(f);
	gather_bits(f);
	return true;
}

void fold_free(folded *f) {
	free(f->p);
	free(f->kinds);
	free(f->words);
	free(f->anchors);
	free(f->joined);
	*f = (folded){0};
}

/* ---- the way back ---- */

/* The last anchor whose stretch begins before or at folded byte `at`. */
static const fold_anchor *anchor_at(const folded *f, size_t at) {
	uint32_t low = 0, high = f->anchor_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (f->anchors[middle].folded <= at)
			low = middle;
		else
			high = middle;
	}
	return &f->anchors[low];
}

size_t fold_original_start(const folded *f, size_t start) {
	const fold_anchor *a = anchor_at(f, start);
	return a->whole ? a->original : a->original + (start - a->folded);
}

size_t fold_original_end(const folded *f, size_t end) {
	if (end == 0)
		return 0;
	const fold_anchor *a = anchor_at(f, end - 1);
	return a->whole ? a[1].original : a->original + (end - a->folded);
}
