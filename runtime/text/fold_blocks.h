/* fold_blocks.h: 16 bytes folded at once: ASCII, and the letters of one script among it that need no table. Only fold.c
 * includes it. Where there is no SSE2, only the portable fold_latin and gather_bits at its end. */
#ifndef TEXT_FOLD_BLOCKS_H
#define TEXT_FOLD_BLOCKS_H

#include <stdbool.h>
#include <string.h>

#include "text/fold_kinds.h"

#define BLOCK 16
#define PLANES 6 /* words, digits, symbols; edges, spaceless, starts: the bits of a kind from above */

typedef struct block { /* a bit per byte */
	unsigned other;    /* neither ASCII nor one of these letters, or cut off */
	unsigned latin;    /* first bytes of Latin letters */
	unsigned letters;  /* first bytes of letters of the script asked for */
	unsigned kana;     /* some of these */
	unsigned rest;     /* bytes behind the first of a character */
} block;

#ifdef __SSE2__

#include <immintrin.h>

#define ALL(byte) _mm_set1_epi8((char)(byte))

typedef struct sixteen { /* what ASCII there is */
	__m128i text, kinds, letters;
} sixteen;

static inline __m128i is(__m128i v, int byte) { return _mm_cmpeq_epi8(v, ALL(byte)); }
/* low to high: moved to the bottom of what signed comparison sees. */
static inline __m128i within(__m128i v, int low, int high) {
	return _mm_cmpgt_epi8(ALL(high - low + 1 - 128), _mm_add_epi8(v, ALL(-low - 128)));
}
static inline __m128i both(__m128i a, __m128i b) { return _mm_and_si128(a, b); }
static inline __m128i any(__m128i a, __m128i b) { return _mm_or_si128(a, b); }
static inline unsigned bits_of(__m128i v) { return (unsigned)_mm_movemask_epi8(v); }
static inline __m128i next(__m128i v) { return _mm_srli_si128(v, 1); }
static inline __m128i behind(__m128i v) { return _mm_slli_si128(v, 1); }
/* Bytes 80 to BF */
static inline __m128i follows(__m128i v) { return _mm_cmpgt_epi8(ALL(0xC0), v); }

static inline sixteen fold_ascii_of(__m128i v) {
	__m128i letters = within(any(v, ALL(0x20)), 'a', 'z'), digits = within(v, '0', '9');
	__m128i spaces = any(is(v, ' '), within(v, '\t', '\r'));
	__m128i known = any(any(letters, digits), any(spaces, _mm_cmpgt_epi8(_mm_setzero_si128(), v)));
	__m128i kinds = any(both(letters, ALL(KIND_WORD | KIND_LETTER)), both(digits, ALL(KIND_WORD | KIND_DIGIT)));
	return (sixteen){any(v, both(letters, ALL(0x20))), any(kinds, _mm_andnot_si128(known, ALL(KIND_SYMBOL))), letters};
}

static inline __m128i load(const unsigned char *s) { return _mm_loadu_si128((const __m128i *)s); }

static inline void store(const sixteen *a, unsigned char *p, unsigned char *kinds) {
	_mm_storeu_si128((__m128i *)p, a->text);
	_mm_storeu_si128((__m128i *)kinds, a->kinds);
}

static inline void add_letters(sixteen *a, __m128i first, __m128i rest, int kind) {
	a->kinds = any(a->kinds, any(both(first, ALL(kind)), both(rest, ALL(kind & KIND_REST))));
}

/* Signs and emoji that are copied: dashes, quotes and bullets, U+2600 to U+2775, U+1F1C0 to U+1F1FF, U+1F300 to
 * U+1FAFF. Adds the bytes behind the first to *rest. n, m: v from the next byte on, from the one behind it. */
static inline unsigned signs_of(sixteen *a, __m128i v, __m128i n, __m128i m, unsigned *rest) {
	__m128i quotes = both(is(n, 0x80), any(within(m, 0x93, 0x96), within(m, 0x9C, 0xA3)));
	__m128i marks = any(both(within(n, 0x98, 0x9C), follows(m)), both(is(n, 0x9D), within(m, 0x80, 0xB5)));
	__m128i three = both(is(v, 0xE2), any(quotes, marks));
	__m128i emoji =
	    both(both(is(v, 0xF0), is(n, 0x9F)), both(any(is(m, 0x87), within(m, 0x8C, 0xAB)), follows(next(m))));
	a->kinds = any(a->kinds, both(any(three, emoji), ALL(KIND_SYMBOL)));
	unsigned threes = bits_of(three), fours = bits_of(emoji), all = threes | fours;
	*rest |= all << 1 | all << 2 | fours << 3;
	return all;
}

/* Where a character of two bytes begins that is a letter of Latin Extended-A or a Vietnamese one; *odd: the second byte
 * of a pair whose small letter is the odd one, *even: the even one. */
static inline __m128i extended_latin(__m128i v, __m128i n, __m128i *odd, __m128i *even) {
	/* not the dotted capital i, nor the ligatures ij */
	__m128i c4 = both(is(v, 0xC4), any(any(within(n, 0x80, 0xAF), is(n, 0xB1)), within(n, 0xB4, 0xB7)));
	__m128i c5 = is(v, 0xC5), c6 = is(v, 0xC6);
	__m128i odds = any(any(c4, both(c5, within(n, 0x8A, 0xB7))), both(c6, within(n, 0xA0, 0xA1)));
	__m128i evens = any(both(c5, any(within(n, 0x81, 0x88), within(n, 0xB9, 0xBE))), both(c6, within(n, 0xAF, 0xB0)));
	*odd = behind(odds);
	*even = behind(evens);
	return any(odds, evens);
}

/* ASCII, and the letters and signs that are usual among it. */
static inline block fold_latin(const unsigned char *s, unsigned char *p, unsigned char *kinds) {
	__m128i v = load(s);
	sixteen a = fold_ascii_of(v);
	unsigned beyond = bits_of(v), latin = bits_of(a.letters), rest = 0;
	if (!beyond) {
		store(&a, p, kinds);
		return (block){0, latin, latin, 0, 0};
	}
	/* U+00C0 to U+00FF, not the signs of division and multiplication, nor sharp s */
	__m128i n = next(v), first = both(is(v, 0xC3), follows(n)), third = _mm_setzero_si128();
	first = _mm_andnot_si128(any(any(is(n, 0xB7), is(n, 0x97)), is(n, 0x9F)), first);
	a.text = any(a.text, both(both(behind(first), _mm_cmpgt_epi8(ALL(0xA0), v)), ALL(0x20)));
	/* Most texts have no others, or have them often. What begins with the last byte is cut off anyway. */
	unsigned all = bits_of(first);
	if (beyond & ~(all * 3) & 0x7FFF) {
		__m128i m = next(n), odd, even, more = extended_latin(v, n, &odd, &even);
		/* U+1EA0 to U+1EFF */
		__m128i low = both(is(n, 0xBA), _mm_cmpgt_epi8(m, ALL(0x9F)));
		__m128i e1 = both(both(is(v, 0xE1), follows(m)), any(low, is(n, 0xBB)));
		third = behind(behind(e1));
		a.text = any(a.text, both(any(odd, third), ALL(1)));
		a.text = _mm_add_epi8(a.text, both(even, both(v, ALL(1))));
		first = any(first, any(more, e1));
		rest = bits_of(third);
		all = bits_of(first) | signs_of(&a, v, n, m, &rest);
	}
	add_letters(&a, first, any(behind(first), third), KIND_WORD | KIND_LETTER);
	store(&a, p, kinds);
	unsigned firsts = bits_of(first);
	rest |= firsts << 1;
	latin |= firsts;
	return (block){beyond & ~(all | rest), latin, latin, 0, rest};
}

/* Letters of the basic Russian alphabet, and ASCII without letters. */
static inline block fold_cyrillic(const unsigned char *s, unsigned char *p, unsigned char *kinds) {
	__m128i v = load(s), n = next(v);
	sixteen a = fold_ascii_of(v);
	__m128i d0 = both(is(v, 0xD0), within(n, 0x90, 0xBF));
	__m128i d1 = both(is(v, 0xD1), any(both(follows(n), _mm_cmpgt_epi8(ALL(0x90), n)), is(n, 0x91)));
	__m128i first = any(d0, d1), rest = behind(d0);
	/* Capitals: D090 to D09F are D0B0 to D0BF, D0A0 to D0AF are D180 to D18F. */
	__m128i near = both(rest, _mm_cmpgt_epi8(ALL(0xA0), v)), far = both(rest, within(v, 0xA0, 0xAF));
	a.text = _mm_xor_si128(a.text, both(any(near, far), ALL(0x20)));
	a.text = any(a.text, both(next(far), ALL(1)));
	add_letters(&a, first, behind(first), KIND_WORD | KIND_LETTER);
	store(&a, p, kinds);
	unsigned firsts = bits_of(first);
	return (block){(bits_of(v) & ~(firsts | firsts << 1)) | bits_of(a.letters), 0, firsts, 0, firsts << 1};
}

/* Letters of the basic Arabic alphabet, and ASCII without letters. */
static inline block fold_arabic(const unsigned char *s, unsigned char *p, unsigned char *kinds) {
	__m128i v = load(s), n = next(v);
	sixteen a = fold_ascii_of(v);
	__m128i d8 = both(is(v, 0xD8), within(n, 0xA1, 0xBA)), first = any(d8, both(is(v, 0xD9), within(n, 0x81, 0x8A)));
	/* Alef with something is alef, D8A7. */
	__m128i alef = both(behind(d8), any(any(is(v, 0xA2), is(v, 0xA3)), is(v, 0xA5)));
	a.text = any(a.text, both(alef, ALL(7)));
	add_letters(&a, first, behind(first), KIND_WORD | KIND_LETTER);
	store(&a, p, kinds);
	unsigned firsts = bits_of(first);
	return (block){(bits_of(v) & ~(firsts | firsts << 1)) | bits_of(a.letters), 0, firsts, 0, firsts << 1};
}

static inline block finish_three(__m128i v, sixteen *a, __m128i letters, __m128i signs, __m128i kana, unsigned char *p,
                                 unsigned char *kinds) {
	__m128i second = behind(letters), n = next(v);
	add_letters(a, letters, any(second, behind(second)), KIND_SPACELESS | KIND_START | KIND_LETTER);
	a->kinds = any(a->kinds, both(signs, ALL(KIND_SYMBOL)));
	unsigned firsts = bits_of(letters), all = firsts | bits_of(signs), rest = all << 1 | all << 2;
	if (bits_of(any(is(v, 0xE2), is(v, 0xF0))))
		all |= signs_of(a, v, n, next(n), &rest);
	store(a, p, kinds);
	return (block){bits_of(v) & ~(all | rest), bits_of(a->letters), firsts, bits_of(kana), rest};
}

/* ASCII, the common Han, Hiragana, Katakana, and the commonest of their punctuation; emoji. */
static inline block fold_han(const unsigned char *s, unsigned char *p, unsigned char *kinds) {
	__m128i v = load(s), n = next(v), m = next(n), whole = both(follows(n), follows(m));
	sixteen a = fold_ascii_of(v);
	__m128i han = any(within(v, 0xE5, 0xE9), both(is(v, 0xE4), _mm_cmpgt_epi8(n, ALL(0xB7))));
	__m128i e3 = is(v, 0xE3);
	__m128i low = both(is(n, 0x81), _mm_cmpgt_epi8(m, ALL(0x80)));
	__m128i middle = both(is(n, 0x82), any(_mm_cmpgt_epi8(ALL(0x97), m), _mm_cmpgt_epi8(m, ALL(0xA0))));
	__m128i high = both(is(n, 0x83), any(_mm_cmpgt_epi8(ALL(0xBB), m), is(m, 0xBC)));
	__m128i kana = both(both(e3, whole), any(any(low, middle), high));
	__m128i signs = both(both(e3, is(n, 0x80)), any(within(m, 0x81, 0x83), within(m, 0x88, 0x92)));
	return finish_three(v, &a, any(both(han, whole), kana), signs, kana, p, kinds);
}

/* ASCII, the syllables of Hangul, emoji. */
static inline block fold_hangul(const unsigned char *s, unsigned char *p, unsigned char *kinds) {
	__m128i v = load(s), n = next(v), m = next(n), whole = both(follows(n), follows(m));
	sixteen a = fold_ascii_of(v);
	__m128i low = both(is(v, 0xEA), _mm_cmpgt_epi8(n, ALL(0xAF))),
	        high = both(is(v, 0xED), _mm_cmpgt_epi8(ALL(0x9E), n));
	__m128i letters = both(whole, any(within(v, 0xEB, 0xEC), any(low, high)));
	return finish_three(v, &a, letters, _mm_setzero_si128(), _mm_setzero_si128(), p, kinds);
}

/* The top bits of 64 bytes, which are then shifted. */
static inline uint64_t next_plane(__m128i v[static 4]) {
	unsigned low = bits_of(v[0]) | bits_of(v[1]) << 16, high = bits_of(v[2]) | bits_of(v[3]) << 16;
	v[0] = _mm_add_epi8(v[0], v[0]);
	v[1] = _mm_add_epi8(v[1], v[1]);
	v[2] = _mm_add_epi8(v[2], v[2]);
	v[3] = _mm_add_epi8(v[3], v[3]);
	return low | (uint64_t)high << 32;
}

/* The bitmaps of 64 kinds; counts letters. Most texts have nothing on the last three planes. */
static inline void gather_bits(const unsigned char *kinds, uint64_t bits[static PLANES], size_t *letters) {
	__m128i v[4] = {load(kinds), load(kinds + BLOCK), load(kinds + 2 * BLOCK), load(kinds + 3 * BLOCK)};
	__m128i one = ALL(KIND_LETTER), all = any(any(v[0], v[1]), any(v[2], v[3]));
	__m128i sum =
	    _mm_add_epi8(_mm_add_epi8(both(v[0], one), both(v[1], one)), _mm_add_epi8(both(v[2], one), both(v[3], one)));
	sum = _mm_sad_epu8(sum, _mm_setzero_si128());
	*letters += (size_t)_mm_cvtsi128_si32(sum) + (size_t)_mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
	bits[0] = next_plane(v);
	bits[1] = next_plane(v);
	bits[2] = next_plane(v);
	bits[3] = bits[4] = bits[5] = 0;
	if (bits_of(is(both(all, ALL(KIND_EDGE | KIND_SPACELESS | KIND_START)), 0)) == 0xFFFF)
		return;
	bits[3] = next_plane(v);
	bits[4] = next_plane(v);
	bits[5] = next_plane(v);
}

#define GATHERS_WIDE __attribute__((target("avx2,popcnt")))

GATHERS_WIDE static inline uint64_t next_plane_wide(__m256i v[static 2]) {
	uint64_t bits = (uint32_t)_mm256_movemask_epi8(v[0]) | (uint64_t)(uint32_t)_mm256_movemask_epi8(v[1]) << 32;
	v[0] = _mm256_add_epi8(v[0], v[0]);
	v[1] = _mm256_add_epi8(v[1], v[1]);
	return bits;
}

/* The same, 32 bytes at a time where the processor can. Letters are the last plane of all. */
GATHERS_WIDE static inline void gather_bits_wide(const unsigned char *kinds, uint64_t bits[static PLANES],
                                                 size_t *letters) {
	__m256i v[2] = {_mm256_loadu_si256((const __m256i *)(const void *)kinds),
	                _mm256_loadu_si256((const __m256i *)(const void *)(kinds + 32))};
	__m256i last[2] = {_mm256_slli_epi16(v[0], 7), _mm256_slli_epi16(v[1], 7)};
	*letters += (size_t)__builtin_popcountll(next_plane_wide(last));
	for (int plane = 0; plane < PLANES; plane++)
		bits[plane] = next_plane_wide(v);
}

#else

static inline block fold_latin(const unsigned char *s, unsigned char *p, unsigned char *kinds) {
	block b = {0};
	for (unsigned i = 0; i < BLOCK; i++) {
		unsigned c = s[i], lower = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
		bool letter = lower >= 'a' && lower <= 'z', digit = c >= '0' && c <= '9',
		     space = c == ' ' || (c >= 9 && c <= 13);
		p[i] = (unsigned char)lower;
		kinds[i] = letter ? KIND_WORD | KIND_LETTER : digit ? KIND_WORD | KIND_DIGIT : space ? 0 : KIND_SYMBOL;
		b.other |= (c >> 7) << i;
		b.latin |= (unsigned)letter << i;
	}
	return b;
}

static inline block fold_none(const unsigned char *s, unsigned char *p, unsigned char *kinds) {
	(void)s, (void)p, (void)kinds;
	return (block){.other = 1};
}
#define fold_cyrillic fold_none
#define fold_arabic fold_none
#define fold_han fold_none
#define fold_hangul fold_none

static inline void gather_bits(const unsigned char *kinds, uint64_t bits[static PLANES], size_t *letters) {
	memset(bits, 0, PLANES * sizeof *bits);
	for (int i = 0; i < 64; i++) {
		*letters += kinds[i] & KIND_LETTER;
		for (int plane = 0; plane < PLANES; plane++)
			bits[plane] |= (uint64_t)(kinds[i] >> (7 - plane) & 1) << i;
	}
}

#endif

#endif
