/* disguise_parts.h: what disguise_spot.c comes upon, disguise_find.c looks at and disguise.c reads again. Nobody else
 * includes it. */
#ifndef TEXT_DISGUISE_PARTS_H
#define TEXT_DISGUISE_PARTS_H

#include "text/fold.h"

enum disguise_kind {
	DISGUISE_LOOKS = 1,  /* letters that look like Latin ones, or marks heaped on letters */
	DISGUISE_SIGNS = 2,  /* digits and signs for letters */
	DISGUISE_SPACED = 4, /* letters set apart */
	DISGUISE_NATIVE = 8  /* Latin letters among Cyrillic ones */
};

typedef struct disguise_place { /* folded bytes of a word, or of letters set apart */
	uint32_t start, end;
	uint8_t kinds;
	uint8_t choices; /* how many characters may be i or l, at most 255 */
	bool at_only;    /* @ss: the @ alone is read again, the rest is a handle's */
} disguise_place;

/* What is known of a text while places are looked for in it. */
typedef struct disguise_finder {
	const folded *text;
	size_t block;                /* of 64 bytes, for which … */
	uint64_t bits;               /* … a bit says where something may be */
	size_t link_start, link_end; /* the last link with a scheme that was passed, or the next one */
	size_t links_from;           /* links are known up to here */
	bool scan;                   /* as many Latin letters as others, or more: look-alikes are looked for */
	bool latin;                  /* mostly Latin: whole words of other scripts stand out */
	bool dollar;                 /* has a $ */
	int turkish;                 /* 1: yes, 0: no, -1: not looked yet */
} disguise_finder;

void disguise_begin(disguise_finder *d, const folded *text);

/* Is what begins at byte i written in disguise? *out is the word there, or the letters set apart, in any case: what
 * comes next begins at or behind out->end. i: the first byte of a word or of a sign before one. */
bool disguise_place_at(disguise_finder *d, size_t i, disguise_place *out);
/* The first byte at or behind `from` where something may be in disguise, as the bitmaps tell; n: nothing. */
size_t disguise_next(disguise_finder *d, size_t from);
/* Is the text Turkish, in which the dotless i is a letter of its own? */
bool disguise_turkish(disguise_finder *d);
/* The first byte of the word (with the signs in it) that byte i belongs to, not before `least`. */
size_t disguise_word_start(const folded *f, size_t i, size_t least);

/* What the character c of a place says when signs are read, with `choice` ('i' or 'l') for what may be both: 0:
 * nothing, itself otherwise where it is no sign. */
uint32_t disguise_reads(uint32_t c, uint8_t kinds, bool native, char choice);
/* A mark that can be heaped on any letter. */
static inline bool disguise_mark(uint32_t c) {
	return (c >= 0x300 && c <= 0x36F) || (c >= 0x483 && c <= 0x489) || (c >= 0x1AB0 && c <= 0x1AFF) ||
	       (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F);
}

/* May c be an i as well as an l? */
static inline bool disguise_choice(uint32_t c) { return c == '1' || c == '!' || c == '|'; }

#endif
