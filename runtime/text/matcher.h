/* matcher.h: finds the terms of many lexicons in a folded text in one pass. Const once made; any number of texts.
 *
 * A term (HOW_WRITTEN) is folded as texts are. Where it begins or ends with a word character it must do so at a border:
 * the text's end, anything that is no word character, or an edge (the script changes). Where it begins or ends with a
 * character of a script without spaces, anything may stand beside it, but no grapheme cluster is cut. Symbols ("18+",
 * ":)", emoji) need no border, but no flag is cut out of the letters of two others. Its other characters stand
 * literally; nothing may stand between them but:
 * - A space stands for any run of white space and line breaks; beside a spaceless character also for none ("유료 광고"
 *   hits 유료광고; 翻车 without a space hits no "翻 车").
 * - A * behind a word (of a phrase too) lets the word go on: "fall* apart". The hit covers what goes on. Behind a
 *   spaceless character, which may go on anyway, it means nothing. Elsewhere it is a literal *.
 * - #tag hits whole tags: letters, marks, numbers and _ of all scripts. The # stands not directly behind a word, unless
 *   that is a tag (#ad#brisk). With a *, tags that begin so.
 * - @handle hits whole handles: letters, marks, numbers and _ . - but . and - not at the end; the @ stands behind no
 *   word character or _ (e-mail addresses). A handle that begins with a spaceless character takes those too; any other
 *   ends there: @nikeさん. With a *, handles that begin so.
 * - A word's part of a handle is no hit: "nike" hits @nike but not @nike.shop. What goes on for more than 64 bytes is
 * no handle.
 * - Turkish and Azerbaijani lexicons: a capital I of the original reads as a dotless i, so that "altın" hits ALTIN and
 *   "ilk" hits İLK but not ILK. Of a term with more than four dotless i only these spellings are looked for: as
 * written, all capitals, capital initials. HOW_WORD needs the borders of words and no others; HOW_PREFIX the first of
 * them, HOW_SUBSTRING none; of what is said above only the space is true for these three.
 *
 * The time goes with the text's length and the hits. Bounded for that: terms (MATCHER_LONGEST) and what is compared at
 * one place: of the terms that share an anchor (two words, two characters …), beyond a handful only those are compared
 * that follow it as the text does.
 *
 * Of a folded text only p, n and the bitmaps are read; for Turkish lexicons also where bytes stand in the original. */
#ifndef TEXT_MATCHER_H
#define TEXT_MATCHER_H

#include "text/fold.h"
#include "text/lexicon.h"

/* Bytes of the folded text, half-open; entry: matcher_entry. Ordered by start, then longer first, then entry. */
typedef struct hit {
	uint32_t start, end;
	uint32_t entry : 31;
	uint32_t disguised : 1;
} hit;

typedef struct hits {
	hit *items;
	uint32_t count, capacity;
} hits;

typedef struct entry { /* a term of a lexicon */
	int lexicon;       /* its place in the list that matcher_new was given */
	const term *term;
} entry;

#define MATCHER_LONGEST 1000 /* bytes of a folded term: longer ones are left out, and lexicon_check says so */

typedef struct matcher matcher;

/* One index over all lexicons, which are borrowed. Terms that fold to nothing are left out. The caller frees *out. */
kol_status matcher_new(const lexicon *const *lexicons, int count, matcher **out, kol_error *err);
void matcher_free(matcher *m);
entry matcher_entry(const matcher *m, uint32_t number);

/* All hits, exceptions' own among them (hits_except takes both away). Words of mentions are found only as whole
 * handles. Replaces what `out` held. False when memory ended. */
bool matcher_scan(const matcher *m, const folded *text, hits *out);
/* Takes away the hits that lie inside an exception of their lexicon, and the exceptions. */
void hits_except(const matcher *m, hits *h);
/* A one-word term that is this folded word, else the longest prefix it begins with, of a lexicon in `use` (a bit per
 * lexicon): its entry, the earliest lexicon's; UINT32_MAX: none. */
uint32_t matcher_word(const matcher *m, str word, const uint64_t *use);
void hits_free(hits *h);

#endif
