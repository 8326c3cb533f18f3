/* matcher_index.h: what a matcher is made of; only the matcher_*.c files look inside.
 *
 * A form is a term as it is looked for: folded, cut at its spaces into parts. Terms that fold alike share one. Each
 * form is entered by an anchor, the piece of it that should be rarest in texts: a whole word, the beginning of a word,
 * two characters of a script without spaces, a symbol, or four bytes anywhere. An index leads from anchors to forms;
 * around the place of an anchor the rest of the form is compared with the text (matcher_verify.c). */
#ifndef TEXT_MATCHER_INDEX_H
#define TEXT_MATCHER_INDEX_H

#include "base/arena.h"
#include "base/buffer.h"
#include "text/matcher.h"

#define MATCHER_CROWD 8 /* postings of one key from which on they are sorted */

enum border { BORDER_NONE, BORDER_WORD, BORDER_CLUSTER, BORDER_TAG, BORDER_HANDLE, BORDER_FLAG };

typedef struct part {
	uint32_t from;   /* its bytes in matcher.text */
	uint16_t length; /* in bytes, from 1 */
	uint16_t last;   /* star: where in the part the word begins that may go on */
	bool star;       /* the last word may go on */
	bool joined;     /* no white space is needed before it: a spaceless character stands on one side */
} part;

typedef struct form {
	uint32_t parts, entries; /* the first ones, in matcher.parts and matcher.entry_of */
	uint32_t entry_count;
	uint32_t capitals; /* Turkish: the n-th i of the form stands for a dotless one, capital I in the original */
	uint16_t part_count;
	uint8_t begin, end; /* enum border */
	bool turkish;       /* an i is no capital I, except as in `capitals` */
	bool written;       /* HOW_WRITTEN */
	bool word;          /* one word, or with a star the beginning of one */
} form;

typedef struct posting {
	uint32_t form;
	uint16_t part, at; /* the anchor: byte `at` of that part */
	uint32_t parent;   /* crowded keys: the posting whose tail begins this one's tail, or UINT32_MAX */
	/* A form that is one whole word (most are): it stands where these bytes do and no word goes on. Else length 0. */
	uint32_t from;
	uint16_t length;
	bool written;
} posting;

typedef struct slot {
	uint64_t key;
	uint32_t first, count; /* postings; count 0: the slot is free */
} slot;

typedef struct keys {
	uint64_t *filter; /* a key that is in the index has its bit set */
	unsigned filter_shift;
	unsigned slot_shift;
	uint32_t slot_mask;
	uint32_t count; /* keys */
	slot *slots;
} keys;

enum {
	BY_WORD,      /* a word, whole, or two of them, or the first 1, 2, 3, 4 or 6 bytes of one */
	BY_CHARACTER, /* a spaceless character and the next: 6 bytes, or 3 */
	BY_SYMBOL,    /* a symbol and what follows: up to 4 bytes */
	BY_BYTES,     /* 1 to 4 bytes, anywhere */
	BY_COUNT
};
enum { WHOLE_WORD = 0, WORD_PAIR = 7 }; /* in place of a length in bytes */

/* The lengths in bytes that anchors of a kind have, as what makes a key of eight bytes. */
typedef struct lengths {
	unsigned count;
	uint64_t masks[6], marks[6];
} lengths;

/* Which bytes may begin an anchor of BY_BYTES: a bit for each of eight groups of anchors, by the lower and the upper
 * half of its first four bytes. Where none of the groups is left after all eight look-ups, none begins. */
typedef struct fingerprints {
	uint8_t low[4][16], high[4][16];
	bool wide; /* the processor has AVX2 */
} fingerprints;

struct matcher {
	arena memory;
	char *text; /* of all parts; FOLD_PAD zero bytes behind it */
	form *forms;
	part *parts;
	posting *postings;
	uint32_t *entry_of;
	entry *entries;
	uint32_t entry_count, form_count;
	keys by[BY_COUNT];
	fingerprints bytes;
	lengths lengths[BY_COUNT];
	bool pairs;                  /* some forms are entered by two words */
	uint8_t symbol_lengths[256]; /* by the symbol's first byte: bit n for n bytes */
};

#define HASH_FACTOR 0x9E3779B97F4A7C15u /* odd, so that what differs before differs afterwards */

static inline uint64_t load8(const char *p) {
	uint64_t x;
	memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

/* The key of a word of n bytes, from its first eight and its last eight; different for different words of up to eight.
 * Reads eight bytes from p. */
static inline uint64_t word_key(const char *p, size_t n) {
	static const uint64_t masks[] = {
	    0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF};
	size_t first = n < 8 ? n : 8;
	return ((load8(p) & masks[first]) ^ (load8(p + (n - first)) & masks[first]) >> 29) * HASH_FACTOR;
}

/* Of two words that follow each other, whatever stands between them. */
static inline uint64_t pair_key(uint64_t first, uint64_t second) { return (first << 23 | first >> 41) ^ second; }

/* The key of an anchor's bytes; no word has it. */
static inline uint64_t masked_key(uint64_t x, uint64_t mask, uint64_t mark) {
	return ((x & mask) | mark) * HASH_FACTOR;
}
static inline uint64_t length_mask(unsigned n) { return ((uint64_t)1 << 8 * n) - 1; }
static inline uint64_t length_mark(unsigned n) { return (uint64_t)n << 56; }
static inline uint64_t short_key(uint64_t x, unsigned n) { return masked_key(x, length_mask(n), length_mark(n)); }

static inline uint64_t filter_pass(const keys *k, uint64_t key) {
	return k->filter[key >> k->filter_shift] >> (key >> 32 & 63) & 1;
}

static inline const slot *keys_find(const keys *k, uint64_t key) {
	for (uint64_t i = key >> k->slot_shift;; i++) {
		const slot *s = &k->slots[i & k->slot_mask];
		if (s->count == 0)
			return NULL;
		if (s->key == key)
			return s;
	}
}

/* What of a form follows its anchor, as far as nothing in it may vary but white space (one space). */
str posting_tail(const matcher *m, const posting *p);
/* Does the form of a posting stand around byte `at`, where its anchor is? */
bool form_stands(const matcher *m, const folded *text, const posting *p, size_t at, size_t *start, size_t *end);
/* Is the character at p one of the letters that flags are made of, two each? */
static inline bool is_flag_letter(const char *p) {
	return !memcmp(p, "\xF0\x9F\x87", 3) && (unsigned char)p[3] >= 0xA6;
}
/* Does the word that is [start, end) cut a handle in two? Then it is no hit. */
bool word_cuts_handle(const folded *text, size_t start, size_t end);
/* Compares a tail with what stands at byte `at`, a run of white space counting as one space: 0 when it stands there. */
int tail_compare(const folded *text, size_t at, str tail);

/* Byte n: 0 (nothing stands behind the text). */
static inline bool is_word(const folded *t, size_t i) { return fold_bit(t->words, i); }
static inline bool is_spaceless(const folded *t, size_t i) { return fold_bit(t->spaceless, i); }
/* The length of the white space or line break at byte i, or 0; of that which ends before byte i. Three bytes may be
 * read. */
static inline size_t space_at(const char *p, size_t i, size_t n) {
	const unsigned char *s = (const unsigned char *)p + i;
	if (i >= n || s[0] > 0xE2 || (s[0] > ' ' && s[0] < 0xC2))
		return 0;
	if (s[0] <= ' ')
		return s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r');
	if (s[0] == 0xC2 && s[1] == 0x85)
		return 2;
	bool line = s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9);
	return line || (s[0] == 0xE1 && s[1] == 0x9A && s[2] == 0x80) ? 3 : 0;
}

static inline size_t space_before(const char *p, size_t i) {
	if (i == 0 || ((unsigned char)p[i - 1] > ' ' && (unsigned char)p[i - 1] < 0x80))
		return 0;
	if (space_at(p, i - 1, i) == 1)
		return 1;
	if (i >= 2 && space_at(p, i - 2, i) == 2)
		return 2;
	return i >= 3 && space_at(p, i - 3, i) == 3 ? 3 : 0;
}

/* matcher_bytes.c. `group`: 0 to 7; bytes: of an anchor, n of them. */
void fingerprints_add(fingerprints *f, unsigned group, const char *bytes, size_t n);
/* At which of the next 64 bytes an anchor may begin, a bit each; `left`: bytes to the text's end. */
uint64_t fingerprints_find(const fingerprints *f, const char *p, size_t left);

/* matcher_terms.c: from terms to forms with the anchors that they may have. */
typedef struct anchor {
	uint64_t key;
	uint32_t form;
	uint16_t part, at;
	uint8_t kind, length; /* in bytes, or WHOLE_WORD, WORD_PAIR */
	uint32_t cost;        /* how common such an anchor is, before it is counted */
} anchor;

typedef struct terms {
	buffer forms, parts, text; /* form, part, char */
	buffer anchors;            /* anchor: of each form in turn, at least one */
	buffer uses;               /* uint32_t form, uint32_t entry */
} terms;

bool terms_gather(const lexicon *const *lexicons, int count, terms *out); /* false when memory ended */
void terms_free(terms *t);

/* A hash table from 64-bit hashes to numbers. */
typedef struct tally {
	struct tally_slot {
		uint64_t key;
		uint32_t value;
		bool used;
	} * slots;
	size_t count, mask;
} tally;
/* The first slot for the key, made if there is none (value 0); NULL when memory ended. */
struct tally_slot *tally_find(tally *t, uint64_t key);
void tally_free(tally *t);

#endif
