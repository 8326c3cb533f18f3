/* fold.c: folds a text in one pass. Uses the tables made by tables/make_fold_table.c; leaves to fold_special.c what
 * they do not settle. Knows nothing of terms.
 *
 * The pass writes the folded bytes and beside them what kind each byte is; from the kinds the bitmaps are gathered, 16
 * bytes at a time. ASCII is folded in blocks of 16 bytes, runs of characters of one kind in a loop of their own. */
#include <stdlib.h>

#include "text/fold_state.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 16
#define PLANES 6
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* ---- memory ---- */

/* Room for `bytes` folded bytes: text, kinds and bitmaps. */
static bool grow(folded *f, size_t bytes) {
	if (bytes <= f->capacity)
		return true;
	size_t more = (bytes + bytes / 2 + 63) / 64 * 64;
	if (more + FOLD_SLACK > UINT32_MAX)
		return false;
	char *p = realloc(f->p, more + FOLD_SLACK);
	f->p = p ? p : f->p;
	unsigned char *kinds = p ? realloc(f->kinds, more + FOLD_SLACK) : NULL;
	f->kinds = kinds ? kinds : f->kinds;
	uint64_t *bits = kinds ? realloc(f->words, PLANES * (more / 64 + 2) * sizeof *bits) : NULL;
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

void fold_anchor_at(folder *x, size_t o, size_t i, bool whole) {
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

/* ---- blocks ---- */

typedef struct block { /* a bit per byte */
	unsigned beyond, letters;
} block;

#ifdef __SSE2__

static inline __m128i within(__m128i v, char low, char high) {
	return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)(low - 1))),
	                     _mm_cmplt_epi8(v, _mm_set1_epi8((char)(high + 1))));
}

/* Folds 16 bytes as if they were ASCII, and says where they are not. */
static inline block fold_block(const unsigned char *s, char *p, unsigned char *kinds) {
	__m128i v = _mm_loadu_si128((const __m128i *)s);
	__m128i lower = _mm_or_si128(v, _mm_and_si128(within(v, 'A', 'Z'), _mm_set1_epi8(0x20)));
	__m128i letters = within(lower, 'a', 'z'), digits = within(v, '0', '9');
	__m128i spaces = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), within(v, '\t', '\r'));
	__m128i kind = _mm_or_si128(_mm_and_si128(letters, _mm_set1_epi8((char)(KIND_WORD | KIND_LETTER))),
	                            _mm_and_si128(digits, _mm_set1_epi8((char)(KIND_WORD | KIND_DIGIT))));
	__m128i known = _mm_or_si128(_mm_or_si128(letters, digits), spaces);
	_mm_storeu_si128((__m128i *)p, lower);
	_mm_storeu_si128((__m128i *)kinds, _mm_or_si128(kind, _mm_andnot_si128(known, _mm_set1_epi8(KIND_SYMBOL))));
	return (block){(unsigned)_mm_movemask_epi8(v), (unsigned)_mm_movemask_epi8(letters)};
}

/* The bitmaps of 64 kinds; counts letters. Most texts have nothing on the last three planes. */
static inline void gather(const unsigned char *kinds, uint64_t bits[static PLANES], size_t *letters) {
	__m128i sum = _mm_setzero_si128(), all = sum, zero = sum;
	memset(bits, 0, PLANES * sizeof *bits);
	for (int i = 0; i < 64; i += BLOCK) {
		__m128i v = _mm_loadu_si128((const __m128i *)(kinds + i));
		sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_and_si128(v, _mm_set1_epi8(KIND_LETTER)), zero));
		all = _mm_or_si128(all, v);
		bits[0] |= (uint64_t)(unsigned)_mm_movemask_epi8(v) << i;
		bits[1] |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_slli_epi16(v, 1)) << i;
		bits[2] |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_slli_epi16(v, 2)) << i;
	}
	*letters += (size_t)_mm_cvtsi128_si32(sum) + (size_t)_mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
	all = _mm_and_si128(all, _mm_set1_epi8(KIND_EDGE | KIND_SPACELESS | KIND_START));
	if (_mm_movemask_epi8(_mm_cmpeq_epi8(all, zero)) == 0xFFFF)
		return;
	for (int i = 0; i < 64; i += BLOCK) {
		__m128i v = _mm_loadu_si128((const __m128i *)(kinds + i));
		bits[3] |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_slli_epi16(v, 3)) << i;
		bits[4] |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_slli_epi16(v, 4)) << i;
		bits[5] |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_slli_epi16(v, 5)) << i;
	}
}

#else

static inline block fold_block(const unsigned char *s, char *p, unsigned char *kinds) {
	block b = {0, 0};
	for (unsigned i = 0; i < BLOCK; i++) {
		unsigned char c = s[i], lower = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
		bool letter = lower >= 'a' && lower <= 'z', digit = c >= '0' && c <= '9';
		p[i] = (char)lower;
		kinds[i] = letter                                 ? KIND_WORD | KIND_LETTER
		           : digit                                ? KIND_WORD | KIND_DIGIT
		           : c == ' ' || (c >= '\t' && c <= '\r') ? 0
		                                                  : KIND_SYMBOL;
		b.beyond |= (c >> 7 & 1u) << i;
		b.letters |= (unsigned)letter << i;
	}
	return b;
}

static inline void gather(const unsigned char *kinds, uint64_t bits[static PLANES], size_t *letters) {
	memset(bits, 0, PLANES * sizeof *bits);
	for (int i = 0; i < 64; i++) {
		*letters += kinds[i] & KIND_LETTER;
		for (int plane = 0; plane < PLANES; plane++)
			bits[plane] |= (uint64_t)(kinds[i] >> (7 - plane) & 1) << i;
	}
}

#endif

static void gather_all(folded *f) {
	size_t count = (f->n + 63) / 64, each = f->capacity / 64 + 2, letters = 0, others = 0;
	uint64_t bits[PLANES], *to = f->words;
	memset(f->kinds + f->n, 0, 64);
	for (size_t i = 0; i < count; i++) {
		gather(f->kinds + i * 64, bits, &letters);
		for (size_t plane = 0; plane < PLANES; plane++)
			to[plane * each + i] = bits[plane];
	}
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

/* ---- the pass ---- */

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
	return (b | c) < 0x40 ? fold_pages[fold_index3[(s[0] & 15) << 6 | b]][c] : fold_entry(0xD800);
}

static inline uint32_t entry_of_four(const unsigned char *s) {
	unsigned b = s[1] ^ 0x80u, c = s[2] ^ 0x80u, d = s[3] ^ 0x80u, all = (s[0] & 7u) << 18 | b << 12 | c << 6 | d;
	return s[0] < 0xF5 && (b | c | d) < 0x40 && all >= 0x10000 && all < 0x110000 ? fold_entry(all) : fold_entry(0xD800);
}

/* ASCII up to the first other byte, at most up to `end`. */
static inline place fold_ascii(folder *x, place at, const unsigned char *end) {
	size_t k;
	do {
		block b = fold_block(at.s, (char *)at.p, at.kinds);
		k = (size_t)__builtin_ctz(b.beyond | 1u << BLOCK);
		k = k < (size_t)(end - at.s) ? k : (size_t)(end - at.s);
		if (x->script != SCRIPT_LATIN && b.letters & ((1u << k) - 1)) {
			unsigned char *first = at.kinds + __builtin_ctz(b.letters);
			*first |= (unsigned char)fold_change_script(x, (size_t)(first - x->f->kinds), SCRIPT_LATIN);
		}
		at = ahead(at, k, k);
	} while (k == BLOCK && at.s < end);
	return at;
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

/* Folds from x->i up to `stop`; s: what stands there, with a block to read behind `stop`. */
static void fold_up_to(folder *x, const unsigned char *s, size_t stop) {
	const unsigned char *end = s + (stop - x->i);
	size_t from = x->i;
	while (x->i < stop && !x->failed) {
		place first = {s + (x->i - from), (unsigned char *)x->f->p + x->o, x->f->kinds + x->o}, last = first, at;
		size_t n = *first.s < 0xE0 ? 2 : *first.s < 0xF0 ? 3 : 4;
		if (*first.s < 0x80) {
			at = fold_ascii(x, first, end);
			last = (place){at.s - 1, at.p - 1, at.kinds - 1};
		} else {
			uint32_t entry = *first.s < 0xC0 ? fold_entry(0xD800)
			                 : n == 4        ? entry_of_four(first.s)
			                                 : entry_of_length(first.s, n);
			const special *sp = special_of(entry);
			bool turn = entry & KIND_WORD && script_of(entry) != x->script && !(entry & KIND_LETTER);
			x->f->ascii = false;
			if (entry >> 16 && (sp->action != SPECIAL_TEXT || sp->n != n || sp->flags)) {
				fold_special(x, sp, n);
				continue;
			}
			if (entry >> 16)
				at = fold_single(x, first, fold_texts + sp->at, sp->kind | (uint32_t)sp->script << 8, n);
			else if (n == 4 || turn)
				at = fold_single(x, first, first.s, entry, n);
			else if (n == 2)
				at = fold_run(x, first, end, entry, 2, &last);
			else
				at = fold_run(x, first, end, entry, 3, &last);
		}
		x->last_i = x->i + (size_t)(last.s - first.s);
		x->last_o = x->o + (size_t)(last.kinds - first.kinds);
		x->i += (size_t)(at.s - first.s);
		x->o += (size_t)(at.kinds - first.kinds);
	}
}

static void fold_all(folder *x) {
	unsigned char tail[3 * BLOCK] = {0};
	if (x->size > BLOCK)
		fold_up_to(x, x->text, x->size - BLOCK);
	if (x->failed || x->i == x->size)
		return;
	memcpy(tail, x->text + x->i, x->size - x->i);
	fold_up_to(x, tail, x->size);
}

bool fold_text(folded *f, str original) {
	folder x = {.f = f,
	            .text = (const unsigned char *)original.p,
	            .size = original.n,
	            .mark_end = SIZE_MAX,
	            .script = SCRIPT_NONE};
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
	if (!f->anchors || !fold_need(&x, 0))
		return false;
	f->anchors[0] = (fold_anchor){0, 0, false};
	f->anchor_count = 1;
	fold_all(&x);
	if (x.failed)
		return false;
	f->n = x.o;
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
