/* sentiment.h: what tone a text has, from lexicons, with the terms that made it. */
#ifndef TEXT_SENTIMENT_H
#define TEXT_SENTIMENT_H

#include "text/matcher.h"

/* Reads a lexicon of stdlib/lexicons/sentiment: [words] (valence -4 to 4 behind a TAB), [strengthen], [weaken]
 * (a factor), [negate] and [negate after] (what stands behind or before; a number counts where nothing is turned),
 * [contrast] ("but"; with a factor below 1 "although", for what follows), [neutral] (swallows shorter entries). A term
 * may be both under [negate] and [negate after]. Problems carry path and line. False when memory ended. */
bool sentiment_read(arena *a, lexicon *l, const char *path, str bytes, struct kol_problems *problems);

typedef struct tone { /* a term that counted */
	hit at;
	double points; /* its part, after negation and strength; same sign as its effect */
} tone;

typedef struct sentiment {
	double score; /* -1 to 1; 0: neutral, or nothing was found */
	tone *tones;  /* in order; in the arena given */
	int count;
} sentiment;

/* The tone of bytes [start, end) of a folded text. h: hits of matcher m; use: only hits of these lexicons of m count
 * (a bit per lexicon: the text's language and emoji). Tells capitals and repeated letters from the original. Repeated
 * letters ("gooood") are looked up in m. False when memory ended. */
bool sentiment_of(const folded *text, size_t start, size_t end, const matcher *m, const hits *h, const uint64_t *use,
                  arena *a, sentiment *out);

#endif
