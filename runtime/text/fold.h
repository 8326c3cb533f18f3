/* fold.h: a text in the one form that everything is matched in, and the way back to the original.
 *
 * Folding is NFKC, full case folding, and default-ignorables (and U+2800, U+3164) dropped, until nothing changes; curly
 * apostrophes become ', the hyphens U+2010 and U+2011 become -, the Arabic tatweel and vowel marks go, alef with hamza
 * or madda becomes bare alef; trade marks (U+2122, U+2120, U+00AE) stay, so that "Brisk™" is the word "brisk". Turkish
 * capital dotted I becomes i, and dotless i stays. An invalid byte becomes U+FFFD. A lone acute
 * accent and the letters U+02BB and U+02BC are apostrophes too; a dot above that stays on an i goes (others make it of
 * the Turkish capital), and so does a hamza or madda that stays on an alef.
 *
 * While it decodes, folding marks what each folded byte is, a bit per byte; the 64 bits that hold byte i are word i
 * / 64. Underscores, skin tones, flags' letters, enclosing signs (of keycaps: U+20E3) and controls are symbols. A mark
 * without a script of its own is spaceless behind what is spaceless, else it belongs to words.
 *
 * `regular` is what a search for a literal in place of a pattern rests on: where original characters stand next to each
 * other, what they fold to stands next to each other too, as it would alone, and the borders of words are where they
 * were. It ends where characters were composed or changed places; where something was dropped between two characters
 * of words; where one became another kind of character (letters and marks, spaceless ones, decimal digits, other
 * numbers, spaces, the rest; the ordinals U+00AA and U+00BA count as signs), as in a circled digit, a square "kg", an
 * accent that becomes a space and a mark; and with odd marks, behind which a pattern may see a border.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include <stdint.h>

#include "base/str.h"

#define FOLD_PAD 64 /* zero bytes behind the folded text, so that it may be read in blocks */

/* From folded byte `folded` on (up to the next anchor's) stands what begins at byte `original`. Both run in step, byte
 * for byte, unless `whole`: then the stretch is one thing (an expansion, a composition) and only known as a whole. */
typedef struct fold_anchor {
	uint32_t folded;
	uint32_t original : 31;
	uint32_t whole : 1;
} fold_anchor;

enum script {
	SCRIPT_LATIN, /* fullwidth and the like count as what they fold to */
	SCRIPT_CYRILLIC,
	SCRIPT_GREEK,
	SCRIPT_ARABIC,
	SCRIPT_HEBREW,
	SCRIPT_DEVANAGARI,
	SCRIPT_HAN, /* from here to SCRIPT_THAI: written without spaces */
	SCRIPT_KANA,
	SCRIPT_HANGUL,
	SCRIPT_THAI, /* also Lao, Khmer, Myanmar */
	SCRIPT_OTHER,
	SCRIPT_COUNT
};

typedef struct folded {
	str original; /* borrowed */
	char *p;      /* n bytes, FOLD_PAD zero bytes behind them */
	size_t n;
	/* (n + 63) / 64 words each, and one zero word behind them. */
	uint64_t *words;     /* letters, marks, numbers of scripts with spaces */
	uint64_t *edges;     /* a word's first byte although a word byte stands before it: the script of letters changes */
	uint64_t *digits;    /* ASCII digits (they are in `words` too) */
	uint64_t *spaceless; /* letters of Han, Kana, Hangul, Thai …: all bytes */
	uint64_t *starts; /* spaceless: first bytes of characters that begin a grapheme cluster; single vowels and finals of
	                   * Hangul do, Thai and Lao vowels behind their consonant do not */
	uint64_t *symbols; /* first bytes of what is neither letter, number nor space: punctuation, emoji */
	fold_anchor *anchors;
	uint32_t anchor_count;          /* ≥ 1: the first is {0, 0} */
	uint32_t letters[SCRIPT_COUNT]; /* characters by script; Latin ones of ASCII blocks are counted too */
	bool ascii;                     /* the original was pure ASCII */
	bool regular;   /* a run of original characters folds to the same bytes wherever it stands: nothing was composed,
	                 * reordered or dropped, and no character changed what kind it is */
	bool odd_marks; /* a combining mark stayed on a Latin, Greek or Cyrillic letter */
	/* what the arrays hold */
	size_t capacity;
	uint32_t anchor_capacity;
	/* fold.c's own: the kind of each folded byte, and the code points of a stretch in which characters join */
	unsigned char *kinds;
	uint32_t *joined;
	size_t joined_capacity;
} folded;

/* Folds into *out, whose memory is used again from text to text (zeroed at first). Texts are less than 2^30 bytes long.
 * False when memory ended. */
bool fold_text(folded *out, str original);
void fold_free(folded *f);

/* Where the folded bytes [start, end) stand in the original: what begins or ends inside a `whole` stretch covers it. */
size_t fold_original_start(const folded *f, size_t start);
size_t fold_original_end(const folded *f, size_t end);

static inline bool fold_bit(const uint64_t *bits, size_t i) { return bits[i / 64] >> (i % 64) & 1; }

#endif
