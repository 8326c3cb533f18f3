/* matcher.h: finds the terms of many lexicons in a folded text in one pass. Const once made; any number of texts. */
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
