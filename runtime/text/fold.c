/* fold.c: folds a text in one pass. Uses the tables made by tables/make_fold_table.c; leaves to fold_special.c what
 * they do not settle. Knows nothing of terms.
 *
 * The pass writes the folded bytes and beside them what kind each byte is; from the kinds the bitmaps are gathered, 16
 * bytes at a time. ASCII is folded in blocks of 16 bytes, runs of characters of one kind in a loop of their own. */
#include <stdlib.h>

#include "text/fold_blocks.h"
#include "text/fold_state.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* ---- memory ---- */

/* Room for `bytes` folded bytes: text, kinds and bitmaps. */
static bool grow(folded *f, size_t bytes) {
	if (bytes <= f->capacity)
		return true;
	size_t more = (bytes + bytes / 8 + 63) / 64 * 64;
	if (bytes > UINT32_MAX) /* anchors hold no more */
		return false;
	char *p = realloc(f->p, more + FOLD_SLACK);
	if (!p)
		return false;
	f->p = p;
	unsigned char *kinds = realloc(f->kinds, more + FOLD_SLACK);
	if (!kinds)
		return false;
	f->kinds = kinds;
	uint64_t *bits = realloc(f->words, PLANES * (more / 64 + 2) * sizeof *bits);
	if (!bits)
		return false;
	f->words = bits;
	f->capacity = more;
	return true;
}

bool fold_need(folder *x, size_t bytes) {
	if (!x->failed && !grow(x->f, x->o + bytes + 3 * (x->size - x->i) + FOLD_SLACK))
		x->failed = true;
	return !x->failed;
}

bool fold_more_anchors(folder *x) {
	folded *f = x->f;
	fold_anchor *more = realloc(f->anchors, 2 * (size_t)f->anchor_capacity * sizeof *more);
	if (!more) {
		x->failed = true;
		return false;
	}
	f->anchors = more;
	f->anchor_capacity *= 2;
	return true;
}

/* ---- bitmaps ---- */

typedef void gatherer(const unsigned char *kinds, uint64_t bits[static PLANES], size_t *letters);

/* All bitmaps, `each` words apart. Returns how many letters there are. */
ALWAYS_INLINE size_t gather_with(const folded *f, size_t count, size_t each, gatherer *gather) {
	size_t letters = 0;
	uint64_t *to = f->words;
	for (size_t i = 0; i < count; i++) {
		uint64_t bits[PLANES];
		gather(f->kinds + i * 64, bits, &letters);
		to[i] = bits[0];
		to[each + i] = bits[1];
		to[2 * each + i] = bits[2];
		to[3 * each + i] = bits[3];
		to[4 * each + i] = bits[4];
		to[5 * each + i] = bits[5];
	}
	return letters;
}

static size_t gather_narrow(const folded *f, size_t count, size_t each) {
	return gather_with(f, count, each, gather_bits);
}

#ifdef GATHERS_WIDE
GATHERS_WIDE static size_t gather_wide(const folded *f, size_t count, size_t each) {
	return gather_with(f, count, each, gather_bits_wide);
}

static bool can_gather_wide(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"); }
#else
static size_t gather_wide(const folded *f, size_t count, size_t each) { return gather_narrow(f, count, each); }
static bool can_gather_wide(void) { return false; }
#endif

static void gather_all(folded *f) {
	size_t count = (f->n + 63) / 64, each = f->capacity / 64 + 2, others = 0;
	uint64_t *to = f->words;
	memset(f->kinds + f->n, 0, 64);
	size_t letters = can_gather_wide() ? gather_wide(f, count, each) : gather_narrow(f, count, each);
	for (size_t plane = 0; plane < PLANES; plane++)
		to[plane * each + count] = 0;
	f->digits = to + each;
	f->symbols = to + 2 * each;
	f->edges = to + 3 * each;
	f->spaceless = to + 4 * each;
	f->starts = to + 5 * each;
	for (int script = SCRIPT_LATIN + 1; script < SCRIPT_COUNT; script++)
		others += f->letters[script];
	f->letters[SCRIPT_LATIN] = (uint32_t)(letters - others);
}

/* ---- blocks ---- */

enum way { WAY_TABLE, WAY_LATIN, WAY_CYRILLIC, WAY_ARABIC, WAY_HAN, WAY_HANGUL };

/* How to fold what begins here. */
static inline enum way way_of(const unsigned char *s) {
	unsigned char lead = s[0];
	if (lead == 0xE3 && s[1] > 0x83) /* behind Katakana: single letters of Hangul, and signs */
		return WAY_TABLE;
	return lead < 0x80 || lead == 0xC3    ? WAY_LATIN
	       : lead == 0xD0 || lead == 0xD1 ? WAY_CYRILLIC
	       : lead == 0xD8 || lead == 0xD9 ? WAY_ARABIC
	       : lead >= 0xE3 && lead <= 0xE9 ? WAY_HAN
	       : lead >= 0xEA && lead <= 0xED ? WAY_HANGUL
	                                      : WAY_TABLE;
}

/* The bits of two numbers of 16 bits each, counted apart. */
static inline uint32_t count_bits(uint32_t v) {
	v -= v >> 1 & 0x55555555;
	v = (v & 0x33333333) + (v >> 2 & 0x33333333);
	v = (v + (v >> 4)) & 0x0F0F0F0F;
	return (v + (v >> 8)) & 0x1F001F;
}

/* Letters of a script with spaces, of which the first stands at o + the lowest bit. */
static inline void meet(folder *x, unsigned letters, size_t o, uint8_t script) {
	if (x->script == script || !letters)
		return;
	o += (size_t)__builtin_ctz(letters);
	x->f->kinds[o] |= (unsigned char)fold_change_script(x, o, script);
}

/* Bytes up to the first that is set. The usual numbers are told by branches, which can be foreseen: the next block is
 * then begun before this one is done. */
ALWAYS_INLINE size_t whole_bytes(unsigned other) {
	if (LIKELY(other == 0))
		return BLOCK;
	if (LIKELY(other == 1u << (BLOCK - 1)))
		return BLOCK - 1;
	if (LIKELY(other == 3u << (BLOCK - 2)))
		return BLOCK - 2;
	return (size_t)__builtin_ctz(other);
}

/* Where blocks stand, apart from the folder, so that stores of bytes do not make the compiler read it again. */
typedef struct standing {
	size_t i, o, last; /* last: bytes from the last character's beginning to here; 0: as the folder says */
	unsigned beyond;
	uint32_t letters; /* kana above the lower 16 bits */
} standing;

/* Folds a block, at s, of ASCII and letters of one script; returns how many bytes. Nothing changes its length. */
ALWAYS_INLINE size_t fold_block(folder *x, enum way way, const unsigned char *s, standing *at, size_t most,
                                unsigned char *p, unsigned char *kinds) {
	block b = way == WAY_LATIN      ? fold_latin(s, p, kinds)
	          : way == WAY_CYRILLIC ? fold_cyrillic(s, p, kinds)
	          : way == WAY_ARABIC   ? fold_arabic(s, p, kinds)
	          : way == WAY_HAN      ? fold_han(s, p, kinds)
	                                : fold_hangul(s, p, kinds);
	size_t k = whole_bytes(b.other);
	if (UNLIKELY(k > most))
		k = most;
	unsigned here = (1u << k) - 1;
	meet(x, b.latin & here, at->o, SCRIPT_LATIN);
	if (way == WAY_CYRILLIC || way == WAY_ARABIC)
		meet(x, b.letters & here, at->o, way == WAY_CYRILLIC ? SCRIPT_CYRILLIC : SCRIPT_ARABIC);
	if (way != WAY_LATIN)
		at->letters += count_bits((b.letters & here) | (b.kana & here) << 16);
	at->beyond |= b.rest & here;
	/* The last character; where there is none, what was the last one stays it. */
	at->last = k ? k - (31 - (size_t)__builtin_clz(~b.rest & here)) : at->last;
	at->i += k;
	at->o += k;
	return k;
}

static inline void leave(folder *x, enum way way, const standing *at) {
	uint32_t kana = at->letters >> 16, letters = at->letters & 0xFFFF;
	if (at->last) {
		x->last_i = at->i - at->last;
		x->last_o = at->o - at->last;
	}
	x->i = at->i;
	x->o = at->o;
	x->beyond |= at->beyond;
	if (way == WAY_LATIN)
		return;
	x->f->letters[SCRIPT_KANA] += kana;
	x->f->letters[way == WAY_CYRILLIC ? SCRIPT_CYRILLIC
	              : way == WAY_ARABIC ? SCRIPT_ARABIC
	              : way == WAY_HAN    ? SCRIPT_HAN
	                                  : SCRIPT_HANGUL] += letters - kana;
}

/* ---- characters ---- */

/* Where we stand, in locals: stores of bytes may not make the compiler read them again. */
typedef struct place {
	const unsigned char *s; /* what is to be folded */
	unsigned char *p;       /* where it goes, and its kind */
	unsigned char *kinds;
} place;

ALWAYS_INLINE place ahead(place at, size_t read, size_t written) {
	return (place){at.s + read, at.p + written, at.kinds + written};
}

ALWAYS_INLINE void copy_at(place at, const unsigned char *text, unsigned kind) {
	memcpy(at.p, text, 4);
	memset(at.kinds, kind & KIND_REST, 4);
	at.kinds[0] = (unsigned char)kind;
}

/* The entries of characters of two, three and four bytes. Bytes that are none have the entry of a surrogate. */
static inline uint32_t entry_of_two(const unsigned char *s) {
	unsigned b = s[1] ^ 0x80u;
	return b < 0x40 ? fold_pages[fold_index2[s[0] & 31]][b] : fold_entry(0xD800);
}

static inline uint32_t entry_of_three(const unsigned char *s) {
	unsigned b = s[1] ^ 0x80u, c = s[2] ^ 0x80u;
	return (b | c) < 0x40 ? fold_pages[fold_index3[(s[0] & 15u) << 6 | b]][c] : fold_entry(0xD800);
}

static inline uint32_t entry_of_four(const unsigned char *s) {
	unsigned b = s[1] ^ 0x80u, c = s[2] ^ 0x80u, d = s[3] ^ 0x80u, all = (s[0] & 7u) << 18 | b << 12 | c << 6 | d;
	return s[0] < 0xF5 && (b | c | d) < 0x40 && all >= 0x10000 && all < 0x110000 ? fold_entry(all) : fold_entry(0xD800);
}

static inline bool leads(unsigned char lead, size_t n) { return n == 2 ? lead >> 5 == 6 : lead >> 4 == 14; }

ALWAYS_INLINE uint32_t entry_of_length(const unsigned char *s, size_t n) {
	return n == 2 ? entry_of_two(s) : entry_of_three(s);
}

/* Copied characters of one script that are all of words, or spaceless, or neither. */
static inline bool alike(uint32_t a, uint32_t b) { return ((a ^ b) & (~(uint32_t)0xFF | KIND_REST)) == 0; }

/* A mark that surely stays where it is, behind a copied letter of its own script that it does not compose with. */
static inline bool stays(const special *s, uint32_t letter) {
	return s->action == SPECIAL_MARK && s->n == 3 && !(s->flags & ~SPECIAL_MAYBE) &&
	       !(s->flags & SPECIAL_MAYBE && letter & KIND_OPEN) && s->script > SCRIPT_GREEK &&
	       alike(s->kind | (uint32_t)s->script << 8, letter);
}

ALWAYS_INLINE place copy_mark(folder *x, place at, const special *s, uint32_t letter) {
	copy_at(at, fold_texts + s->at, s->kind);
	at = ahead(at, 3, 3);
	x->mark_end = (size_t)(at.kinds - x->f->kinds);
	x->mark_order = s->order;
	x->mark_open = (s->order ? letter : s->kind) & KIND_OPEN;
	x->mark_odd = false;
	return at;
}

/* Copies characters of n bytes, 2 or 3, as long as they are alike, with single spaces and single marks between them.
 * Says in *last where the last one stands that joins with nothing before it. */
ALWAYS_INLINE place fold_run(folder *x, place at, const unsigned char *end, uint32_t entry, size_t n, place *last) {
	uint32_t letters = 0, first = entry;
	unsigned kind = kind_at(x, (size_t)(at.kinds - x->f->kinds), entry & 0xFF, script_of(entry));
	for (;; kind = entry & 0xFF) {
		copy_at(at, at.s, kind);
		letters += kind & KIND_LETTER;
		*last = at;
		at = ahead(at, n, n);
		if (at.s[0] == ' ' && at.s[1] >= 0x80 && at.s + 1 < end) {
			copy_at(at, at.s, 0);
			*last = at;
			at = ahead(at, 1, 1);
		}
		if (at.s >= end || !leads(at.s[0], n))
			break;
		uint32_t next = entry_of_length(at.s, n);
		if (n == 3 && next >> 16 && at.s == last->s + n && stays(special_of(next), entry)) {
			letters += special_of(next)->kind & KIND_LETTER;
			at = copy_mark(x, at, special_of(next), entry);
			if (at.s >= end || !leads(at.s[0], n))
				break;
			next = entry_of_length(at.s, n);
		}
		if (!alike(next, first))
			break;
		entry = next;
	}
	x->f->letters[counted_as(script_of(first))] += letters;
	return at;
}

static inline place fold_single(folder *x, place at, const unsigned char *text, uint32_t entry, size_t n) {
	copy_at(at, text, kind_at(x, (size_t)(at.kinds - x->f->kinds), entry & 0xFF, script_of(entry)));
	x->f->letters[counted_as(script_of(entry))] += entry & KIND_LETTER;
	return ahead(at, n, n);
}

/* A character that becomes one other, in more or fewer bytes. */
static void fold_other_length(folder *x, const special *s, size_t length) {
	place at = {NULL, (unsigned char *)x->f->p + x->o, x->f->kinds + x->o};
	x->last_i = x->i;
	x->last_o = x->o;
	fold_anchor_at(x, x->o, x->i, true);
	fold_single(x, at, fold_texts + s->at, s->kind | (uint32_t)s->script << 8, s->n);
	x->i += length;
	x->o += s->n;
	fold_anchor_at(x, x->o, x->i, false);
}

/* One character, or a run of such. */
static void fold_character(folder *x, const unsigned char *s, const unsigned char *end) {
	place first = {s, (unsigned char *)x->f->p + x->o, x->f->kinds + x->o}, last = first, at;
	size_t n = *s < 0x80 ? 1 : *s < 0xE0 ? 2 : *s < 0xF0 ? 3 : 4;
	uint32_t entry = n == 1      ? fold_entry(*s)
	                 : *s < 0xC0 ? fold_entry(0xD800)
	                 : n == 4    ? entry_of_four(s)
	                             : entry_of_length(s, n);
	const special *sp = special_of(entry);
	bool turn = entry & KIND_WORD && script_of(entry) != x->script && !(entry & KIND_LETTER);
	x->beyond |= n > 1;
	if (entry >> 16 && (sp->action != SPECIAL_TEXT || sp->flags)) {
		fold_special(x, sp, n);
		return;
	}
	if (entry >> 16 && sp->n != n) {
		fold_other_length(x, sp, n);
		return;
	}
	if (entry >> 16)
		at = fold_single(x, first, fold_texts + sp->at, sp->kind | (uint32_t)sp->script << 8, n);
	else if (n == 1 || n == 4 || turn)
		at = fold_single(x, first, s, entry, n);
	else if (n == 2)
		at = fold_run(x, first, end, entry, 2, &last);
	else
		at = fold_run(x, first, end, entry, 3, &last);
	x->last_i = x->i + (size_t)(last.s - s);
	x->last_o = x->o + (size_t)(last.s - s);
	x->i += (size_t)(at.s - s);
	x->o += (size_t)(at.s - s);
}

/* ---- the pass ---- */

typedef struct stretch { /* of the original, in memory behind which a block can be read */
	const unsigned char *s;
	/* What s is in the original; up to where characters may begin; up to where they may end. */
	size_t from, stop, end;
} stretch;

/* Folds in blocks of one way, and character by character what stops them, until another way is better: returns it. */
ALWAYS_INLINE enum way fold_on(folder *x, enum way way, const stretch *of) {
	const unsigned char *end = of->s + (of->stop - of->from), *s;
	while (x->i < of->stop && !x->failed) {
		standing at = {.i = x->i, .o = x->o};
		unsigned char *p = (unsigned char *)x->f->p, *kinds = x->f->kinds;
		size_t k;
		do {
			s = of->s + (at.i - of->from);
			k = fold_block(x, way, s, &at, of->end - at.i, p + at.o, kinds + at.o);
		} while (k >= BLOCK - 3 && at.i < of->stop && (at.letters & 0xFFFF) < 0x8000);
		leave(x, way, &at);
		if (k >= BLOCK - 3)
			continue;
		for (bool first = true; x->i < of->stop && !x->failed; first = false) {
			s = of->s + (x->i - of->from);
			enum way better = way_of(s);
			if (better != WAY_TABLE && better != way)
				return better;
			if (better != WAY_TABLE && !first)
				break;
			fold_character(x, s, end);
		}
	}
	return way;
}

static enum way fold_up_to(folder *x, enum way way, const stretch *of) {
	while (x->i < of->stop && !x->failed)
		switch (way) {
		case WAY_CYRILLIC: way = fold_on(x, WAY_CYRILLIC, of); break;
		case WAY_ARABIC: way = fold_on(x, WAY_ARABIC, of); break;
		case WAY_HAN: way = fold_on(x, WAY_HAN, of); break;
		case WAY_HANGUL: way = fold_on(x, WAY_HANGUL, of); break;
		default: way = fold_on(x, WAY_LATIN, of); break;
		}
	return way;
}

static void fold_all(folder *x) {
	unsigned char tail[3 * BLOCK] = {0};
	enum way way = WAY_LATIN;
	if (x->size > BLOCK)
		way = fold_up_to(x, way, &(stretch){x->text, 0, x->size - BLOCK, x->size});
	if (x->failed || x->i == x->size)
		return;
	memcpy(tail, x->text + x->i, x->size - x->i);
	fold_up_to(x, way, &(stretch){tail, x->i, x->size, x->size});
}

bool fold_text(folded *f, str original) {
	folder x = {.f = f,
	            .text = (const unsigned char *)(original.p ? original.p : ""),
	            .size = original.n,
	            .mark_end = SIZE_MAX,
	            .script = SCRIPT_NONE};
	f->original = original;
	f->n = 0;
	f->regular = true;
	f->odd_marks = false;
	memset(f->letters, 0, sizeof f->letters);
	if (!f->anchors) {
		f->anchor_capacity = 16;
		f->anchors = malloc(f->anchor_capacity * sizeof *f->anchors);
	}
	if (!f->anchors || !fold_need(&x, 0))
		return false;
	f->anchors[0] = (fold_anchor){0, 0, false};
	f->anchor_count = 1;
	fold_all(&x);
	if (x.failed)
		return false;
	f->n = x.o;
	f->ascii = !x.beyond;
	memset(f->p + f->n, 0, FOLD_PAD);
	gather_all(f);
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
