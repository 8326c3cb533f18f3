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

/* The bitmaps of 64 kinds; counts letters. */
static inline void gather(const unsigned char *kinds, uint64_t bits[static PLANES], size_t *letters) {
	__m128i sum = _mm_setzero_si128();
	memset(bits, 0, PLANES * sizeof *bits);
	for (int i = 0; i < 64; i += BLOCK) {
		__m128i v = _mm_loadu_si128((const __m128i *)(kinds + i));
		sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_and_si128(v, _mm_set1_epi8(KIND_LETTER)), _mm_setzero_si128()));
		for (int plane = 0; plane < PLANES; plane++) {
			bits[plane] |= (uint64_t)(unsigned)_mm_movemask_epi8(v) << i;
			v = _mm_add_epi8(v, v);
		}
	}
	*letters += (size_t)_mm_cvtsi128_si32(sum) + (size_t)_mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
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
	f->edges = to + each;
	f->digits = to + 2 * each;
	f->spaceless = to + 3 * each;
	f->starts = to + 4 * each;
	f->symbols = to + 5 * each;
	for (int script = SCRIPT_LATIN + 1; script < SCRIPT_COUNT; script++)
		others += f->letters[script];
	f->letters[SCRIPT_LATIN] = (uint32_t)(letters - others);
}

/* ---- the pass ---- */

/* The entry and length of the character at s, of which four bytes can be read; bytes that are none are invalid. */
static inline uint32_t decode(const unsigned char *s, size_t *n) {
	unsigned lead = s[0], b1 = s[1] ^ 0x80u, b2 = s[2] ^ 0x80u, b3 = s[3] ^ 0x80u;
	if (lead >= 0xE0 && lead < 0xF0 && (b1 | b2) < 0x40) {
		*n = 3;
		return fold_pages[fold_index3[(lead & 15) << 6 | b1]][b2];
	}
	if (lead >= 0xC0 && lead < 0xE0 && b1 < 0x40) {
		*n = 2;
		return fold_pages[fold_index2[lead & 31]][b1];
	}
	if (lead >= 0xF0 && lead < 0xF5 && (b1 | b2 | b3) < 0x40) {
		unsigned c = (lead & 7) << 18 | b1 << 12 | b2 << 6 | b3;
		*n = 4;
		if (c >= 0x10000 && c < 0x110000)
			return fold_entry(c);
	}
	*n = 1;
	return fold_entry(0xD800);
}

/* ASCII from s on: folds up to the first other byte, at most `most` bytes. Returns how many. */
static size_t fold_ascii(folder *x, const unsigned char *s, size_t o, size_t most) {
	size_t done = 0, k;
	do {
		block b = fold_block(s + done, x->f->p + o + done, x->f->kinds + o + done);
		k = (size_t)__builtin_ctz(b.beyond | 1u << BLOCK);
		k = k < most - done ? k : most - done;
		b.letters &= (1u << k) - 1;
		if (x->script != SCRIPT_LATIN && b.letters) {
			size_t at = o + done + (size_t)__builtin_ctz(b.letters);
			x->f->kinds[at] |= (unsigned char)fold_change_script(x, at, SCRIPT_LATIN);
		}
		done += k;
	} while (k == BLOCK && done < most);
	return done;
}

/* Copies characters that have the same entry. */
static size_t fold_run(folder *x, const unsigned char *s, size_t most, uint32_t entry, size_t n) {
	size_t done = 0, next = n, count = 0;
	unsigned kind = kind_at(x, x->o, entry & 0xFF, script_of(entry));
	uint32_t e;
	do {
		n = next;
		put_at(x, x->o + done, s + done, kind);
		kind = entry & 0xFF;
		done += n;
		count++;
		e = done < most ? decode(s + done, &next) : ~entry;
	} while (e == entry);
	if (entry & KIND_LETTER)
		x->f->letters[counted_as(script_of(entry))] += (uint32_t)count;
	x->last_i = x->i + done - n;
	x->last_o = x->o + done - n;
	return done;
}

/* Folds from x->i up to `stop`; s: what stands there, with a block to read behind `stop`. ASCII and copied characters
 * run up to `end`. */
static void fold_up_to(folder *x, const unsigned char *s, size_t stop) {
	size_t from = x->i;
	while (x->i < stop && !x->failed) {
		const unsigned char *p = s + (x->i - from);
		size_t n;
		if (*p < 0x80) {
			n = fold_ascii(x, p, x->o, stop - x->i);
			x->i += n;
			x->o += n;
			x->last_i = x->i - 1;
			x->last_o = x->o - 1;
			continue;
		}
		uint32_t entry = decode(p, &n);
		x->f->ascii = false;
		if (entry >> 16) {
			fold_special(x, special_of(entry), n);
			continue;
		}
		n = fold_run(x, p, stop - x->i, entry, n);
		x->i += n;
		x->o += n;
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
