/* disguise.h: a second reading of what is written so that a reader sees a word and a filter does not: look-alike
 * letters (UTS #39), marks heaped on letters, digits and signs for letters (k1ll, $ex), letters set apart (k i l l). */
#ifndef TEXT_DISGUISE_H
#define TEXT_DISGUISE_H

#include "base/buffer.h"
#include "text/matcher.h"

typedef struct disguise disguise; /* scratch, used again from text to text */

disguise *disguise_new(void); /* NULL when memory ended */
void disguise_free(disguise *d);

/* Adds to h (hits of the plain reading, of the same matcher) those of the second reading that the plain one does not
 * have, with `disguised` set and at the places of the plain reading; h stays ordered. Costs next to nothing where the
 * text has nothing that looks disguised. False when memory ended. */
bool disguise_scan(disguise *d, const matcher *m, const folded *text, hits *h);

/* What the folded bytes [start, end) look like: "#ad" for a hashtag with a Cyrillic a. False when memory ended. */
bool disguise_shown(const folded *text, size_t start, size_t end, buffer *out);

#endif
