/* inquiry.h: everything that a plan asks of texts: lexicons, patterns, tone. Gathered while conditions are compiled,
 * built once, const from then on and shared by all workers. Answering is reader.c's work. */
#ifndef TEXT_INQUIRY_H
#define TEXT_INQUIRY_H

#include "text/lexicon.h"
#include "text/matcher.h"
#include "text/regex.h"
#include "text/stock.h"

enum ask {
	ASK_HAS,       /* does the lexicon hit? */
	ASK_NEAR,      /* do both lexicons hit, at most `words` words apart? */
	ASK_MATCHES,   /* does the pattern match? */
	ASK_TONE,      /* a number -1 to 1 */
	ASK_COMMERCIAL /* are the text's own words those of advertising? */
};

typedef struct question {
	enum ask ask;
	int lexicon, other; /* numbers of inquiry_lexicon */
	int words;
	int pattern; /* number of inquiry_pattern */
} question;

typedef struct inquiry_pattern {
	str text;
	regex *compiled;
	int literals; /* the number of the lexicon of which a term must stand in the text; -1: none is known */
} inquiry_pattern;

typedef struct inquiry {
	arena *memory; /* the plan's */
	const lexicon **lexicons;
	int count, capacity;
	inquiry_pattern *patterns;
	int pattern_count, pattern_capacity;
	unsigned parts;           /* of the stock: enum stock_part */
	int commercial, purchase; /* numbers of the stock's lexicons; -1: not wanted */
	int brand;                /* number of the campaign's brand; -1: it has none */
	/* Built: */
	matcher *matcher; /* of `lexicons` */
	const stock *stock;
} inquiry;

inquiry *inquiry_new(arena *a); /* NULL when memory ended */
void inquiry_free(inquiry *a);  /* what the arena does not hold */

/* The lexicon's number, the same for the same lexicon; -1: memory ended. It is borrowed. */
int inquiry_lexicon(inquiry *a, const lexicon *l);
/* The pattern's number, the same for the same text; -1 and *err, *at (the pattern's byte), where it is wrong. */
int inquiry_pattern_of(inquiry *a, str text, size_t *at, kol_error *err);
/* The lexicon that holds the name of the campaign's brand. */
bool inquiry_brand(inquiry *a, const lexicon *l);

/* Gets what is wanted from the stock and builds the index. */
kol_status inquiry_build(inquiry *a, stock *from, struct kol_problems *problems, kol_error *err);

/* Do two BCP 47 tags name one language? zh-Hant and zh do. */
bool same_language(str a, str b);

#endif
