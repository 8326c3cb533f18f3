/* sentiment_parts.h: what finding the words of tone (sentiment.c) hands to weighing them (sentiment_weigh.c). */
#ifndef TEXT_SENTIMENT_PARTS_H
#define TEXT_SENTIMENT_PARTS_H

#include "text/sentiment.h"

/* Distances are counted in steps, so that a language with spaces and one without share them. */
#define STEPS_WORD 4
#define STEPS_CHARACTER 3 /* of a script without spaces: most of its words have one or two */

/* An entry that stands in a sentence: a word of tone, or one that changes others. */
typedef struct mark {
	hit at;
	const term *term;
	uint32_t from, to; /* steps of the text before it, and up to its end; equal where it keeps no words apart */
	uint32_t clause;   /* of the sentence, counted from 0 */
	bool symbol;       /* an emoji or emoticon: no word turns or strengthens it */
	bool capitals;     /* written in capitals, in a text that is not */
	bool stretched;    /* "gooood" */
	bool negate, negate_after;
	/* what weighing finds */
	bool used; /* a negation that turned something */
	bool turned;
	double strength; /* factors of what stands about it */
	double conceded; /* factor of the "although" that it stands behind; 1: none */
	double points;   /* 0: it does not count */
} mark;

typedef struct sentence {
	mark *marks; /* in order */
	int count, capacity;
	int bangs, questions; /* that end it */
} sentence;

/* Gives every mark of the sentence its points. */
void sentiment_weigh(sentence *s);

#endif
