/* disguise_spot.c: comes upon what may be in disguise. Works on fold.c's bitmaps and on 64 bytes at a time, so that a
 * text with nothing of the kind costs next to nothing. */
#include "base/utf8.h"
#include "text/disguise_parts.h"
#include "text/lookalike.h"

typedef unsigned char sixteen __attribute__((vector_size(16)));

typedef struct block { /* 64 bytes: bit i says something of byte i */
	const char *p;
	uint64_t word, next_word, after_word; /* this one's words, the next's, the one's behind that */
	uint64_t before;                      /* those of the block before */
} block;

/* One bit for each of 64 bytes that are 0 or 0xFF. */
static uint64_t gather(const sixteen v[4]) {
	uint64_t bits = 0;
	for (int i = 0; i < 8; i++) {
		uint64_t eight;
		memcpy(&eight, (const char *)v + 8 * i, 8);
		bits |= ((eight & 0x0101010101010101u) * 0x0102040810204080u >> 56) << (8 * i);
	}
	return bits;
}

static bool any(const sixteen v[4]) {
	sixteen all = v[0] | v[1] | v[2] | v[3];
	uint64_t halves[2];
	memcpy(halves, &all, 16);
	return halves[0] | halves[1];
}

/* ---- letters set apart --------------------------------------------------------------------------- */

static uint64_t single_letters(uint64_t word, uint64_t before, uint64_t next) {
	uint64_t begins = word & ~(word << 1 | before >> 63);
	return begins & ~(word >> 1 | next << 63);
}

/* Words of two bytes: a letter beyond ASCII, or two of ASCII. */
static uint64_t double_letters(uint64_t word, uint64_t before, uint64_t next) {
	uint64_t begins = word & ~(word << 1 | before >> 63);
	return begins & (word >> 1 | next << 63) & ~(word >> 2 | next << 62);
}

static uint64_t ahead(uint64_t bits, uint64_t next, int n) { return bits >> n | next << (64 - n); }

/* First bytes of those two-byte words that are one letter. */
static uint64_t beyond_ascii(const char *p, uint64_t words) {
	uint64_t found = 0;
	for (; words; words &= words - 1)
		if ((unsigned char)p[__builtin_ctzll(words)] >= 0x80)
			found |= words & -words;
	return found;
}

/* Where three letters begin that stand one separator apart. */
static uint64_t letters_apart(const block *b, bool ascii) {
	uint64_t one = single_letters(b->word, b->before, b->next_word);
	uint64_t one_next = single_letters(b->next_word, b->word, b->after_word);
	if (ascii)
		return one & ahead(one, one_next, 2) & ahead(one, one_next, 4);
	uint64_t two = double_letters(b->word, b->before, b->next_word);
	uint64_t two_next = double_letters(b->next_word, b->word, b->after_word);
	uint64_t all = one | two, all_next = one_next | two_next;
	uint64_t second = (one & ahead(all, all_next, 2)) | (two & ahead(all, all_next, 3));
	uint64_t second_next = (one_next & all_next >> 2) | (two_next & all_next >> 3) | UINT64_C(7) << 61;
	return (one & ahead(second, second_next, 2)) | beyond_ascii(b->p, two & ahead(second, second_next, 3));
}

/* ---- signs ------------------------------------------------------------------------------------------ */

/* Signs between letters or before them (€ has three bytes); a $ also behind them. */
static uint64_t signs(const block *b, uint64_t symbols, uint64_t letter_behind, bool dollar) {
	uint64_t bits = 0, left = symbols & (letter_behind | letter_behind >> 2 | b->next_word << 61);
	if (dollar)
		left |= symbols & (b->word << 1 | b->before >> 63);
	for (; left; left &= left - 1) {
		const char *p = b->p + __builtin_ctzll(left);
		bool behind = left & -left & letter_behind;
		switch (*p) {
		case '@':
		case '!':
		case '|':
		case '+': bits |= behind ? left & -left : 0; break;
		case '$': bits |= left & -left; break;
		case '\xE2': bits |= memcmp(p, "€", 3) == 0 ? left & -left : 0; break;
		default: break;
		}
	}
	return bits;
}

/* ---- letters ---------------------------------------------------------------------------------------- */

/* First bytes of letters that look like Latin ones, and of heaped marks. The accented letters of Europe are neither;
 * letters of scripts that are not led in by C4–D4, E1, E2 or EA need not be looked at: among Latin ones there is an
 * edge. */
static uint64_t odd_letters(disguise_finder *d, const block *b) {
	sixteen leads[4];
	for (int i = 0; i < 4; i++) {
		sixteen c;
		memcpy(&c, b->p + 16 * i, 16);
		leads[i] = (sixteen)(((sixteen)(c - 0xC4) <= 0xD4 - 0xC4) & (c != 0xC5)) |
		           (sixteen)((c == 0xE1) | (c == 0xE2) | (c == 0xEA));
	}
	if (!any(leads))
		return 0;
	uint64_t bits = 0;
	for (uint64_t left = gather(leads) & b->word; left; left &= left - 1) {
		const char *p = b->p + __builtin_ctzll(left);
		if (*p == '\xC4' && p[1] != '\xB1') /* of these only the dotless i */
			continue;
		uint32_t c;
		utf8_decode(p, 4, &c); /* zeros stand behind the text */
		if (c == 0x131 ? !disguise_turkish(d) : disguise_mark(c) || look_alike(c))
			bits |= left & -left;
	}
	return bits;
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static uint64_t block_bits(disguise_finder *d, size_t w) {
	const folded *f = d->text;
	block b = {.p = f->p + 64 * w,
	           .word = f->words[w],
	           .before = w ? f->words[w - 1] : 0,
	           .next_word = f->words[w + 1], /* one word of zeros stands behind the last */
	           .after_word = 64 * (w + 1) < f->n ? f->words[w + 2] : 0};
	uint64_t digits = f->digits[w], letter = b.word & ~digits, found = f->edges[w];
	uint64_t letter_behind = letter >> 1 | (b.next_word & ~f->digits[w + 1]) << 63;
	if (digits)
		found |= digits & (letter << 1 | (w ? (b.before & ~f->digits[w - 1]) >> 63 : 0) | letter_behind);
	found |= letters_apart(&b, f->ascii);
	if (f->symbols[w])
		found |= signs(&b, f->symbols[w], letter_behind, d->dollar);
	/* In Cyrillic text only words of mixed scripts matter, and edges tell those. */
	if (!f->ascii && b.word && (d->scan || f->odd_marks))
		found |= odd_letters(d, &b);
	return found;
}

size_t disguise_next(disguise_finder *d, size_t from) {
	size_t blocks = (d->text->n + 63) / 64;
	for (size_t w = from / 64; w < blocks; w++) {
		if (d->block != w) {
			d->block = w;
			d->bits = block_bits(d, w);
		}
		uint64_t bits = w == from / 64 ? d->bits & ~UINT64_C(0) << from % 64 : d->bits;
		if (bits)
			return 64 * w + (size_t)__builtin_ctzll(bits);
	}
	return d->text->n;
}

void disguise_begin(disguise_finder *d, const folded *text) {
	const uint32_t *letters = text->letters;
	uint64_t others = (uint64_t)letters[SCRIPT_CYRILLIC] + letters[SCRIPT_GREEK] + letters[SCRIPT_OTHER];
	*d = (disguise_finder){.text = text, .block = SIZE_MAX, .turkish = -1};
	d->dollar = memchr(text->p, '$', text->n) != NULL;
	d->scan = letters[SCRIPT_LATIN] && letters[SCRIPT_LATIN] >= others;
	d->latin = letters[SCRIPT_LATIN] && letters[SCRIPT_LATIN] >= 3 * others;
}
