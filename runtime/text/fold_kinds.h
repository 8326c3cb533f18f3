/* fold_kinds.h: how build/gen/fold_table.h, which tables/make_fold_table.c makes, is read.
 *
 * A code point has an entry: kind, script << 8, special << 16. Special 0: it is copied as it is. */
#ifndef TEXT_FOLD_KINDS_H
#define TEXT_FOLD_KINDS_H

#include <stdint.h>

enum { /* the kind of a folded character; the six upper bits become the bitmaps of fold.h, bit 7 `words` first */
	   KIND_WORD = 0x80,
	   KIND_EDGE = 0x10,
	   KIND_DIGIT = 0x40,
	   KIND_SPACELESS = 0x08,
	   KIND_START = 0x04,
	   KIND_SYMBOL = 0x20,
	   KIND_OPEN = 0x02,                      /* what follows may compose with it */
	   KIND_LETTER = 0x01,                    /* a letter of a script */
	   KIND_REST = KIND_WORD | KIND_SPACELESS /* what its bytes behind the first are */
};

#define SCRIPT_NONE 255 /* scripts above SCRIPT_OTHER are told apart only to find edges */

enum special_action {
	SPECIAL_TEXT,  /* becomes one other character */
	SPECIAL_TEXTS, /* becomes several */
	SPECIAL_MARK,  /* may join or change places with what stands before it */
	SPECIAL_DROP,
	SPECIAL_INVALID, /* must not be written in UTF-8 */
};

enum {                       /* flags */
	   SPECIAL_CHANGES = 1,  /* becomes another kind of character: `regular` ends */
	   SPECIAL_MAYBE = 2,    /* composes with some characters before it */
	   SPECIAL_RARE = 4,     /* always left to fold_rare.c */
	   SPECIAL_INHERITS = 8, /* a mark of no script: spaceless where what stands before it is */
};

typedef struct special {
	uint16_t at; /* in fold_texts */
	uint8_t n;   /* bytes */
	uint8_t action, flags;
	uint8_t kind, script; /* of the (first) character that it becomes */
	uint8_t order;        /* the combining class of a mark */
} special;

/* By code point / 64 the page; the same by the first byte of two, the first two of three. */
extern const uint16_t fold_index[], fold_index2[], fold_index3[];
extern const uint32_t fold_pages[][64];
extern const special fold_specials[];
extern const unsigned char fold_texts[]; /* with four bytes behind the last */

#endif
