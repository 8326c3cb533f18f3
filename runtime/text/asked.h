/* asked.h: everything that a plan asks of texts: lexicons, patterns, tone. Gathered while conditions are compiled,
 * built once, const from then on and shared by all workers. Answering is reader.c's work. */
#ifndef TEXT_ASKED_H
#define TEXT_ASKED_H

#include "text/lexicon.h"
#include "text/matcher.h"
#include "text/regex.h"

enum ask {
	ASK_HAS,       /* does the lexicon hit? */
	ASK_NEAR,      /* do both lexicons hit, at most `words` words apart? */
	ASK_MATCHES,   /* does the pattern match? */
	ASK_TONE,      /* a number -1 to 1 */
	ASK_COMMERCIAL /* are the text's own words those of advertising? */
};

typedef struct question {
	enum ask ask;
	int lexicon, other; /* numbers of asked_lexicon */
	int words;
	int pattern; /* number of asked_pattern */
} question;

typedef struct asked_pattern {
	str text;
	regex *compiled;
	int literals; /* the number of the lexicon of which a term must stand in the text; -1: none is known */
} asked_pattern;

/* The words that the host itself looks for. */
enum stock {
	STOCK_COMMERCIAL, /* "link in bio", "use my code" */
	STOCK_PURCHASE,   /* calls to buy: commercial beside the campaign's brand */
	STOCK_COUNT
};

#define TONE_LANGUAGES 9
extern const char *const tone_languages[TONE_LANGUAGES]; /* "de", "en" … */

typedef struct asked {
	arena *memory; /* the plan's */
	const lexicon **lexicons;
	int count, capacity;
	asked_pattern *patterns;
	int pattern_count, pattern_capacity;
	bool wants_tone, wants_language, wants_commercial;
	int stock[STOCK_COUNT]; /* their numbers; -1: not wanted */
	int brand;              /* number of the campaign's brand; -1: it has none */
	/* Built: */
	matcher *matcher;   /* of `lexicons` */
	matcher *languages; /* of the commonest words, one lexicon per language */
	int language_count;
	matcher
	    *tones[TONE_LANGUAGES + 1]; /* a language's words of tone (lexicon 0) and emoji (1); last: emoji alone (0) */
} asked;

asked *asked_new(arena *a); /* NULL when memory ended */
void asked_free(asked *a);  /* what the arena does not hold */

/* The lexicon's number, the same for the same lexicon; -1: memory ended. It is borrowed. */
int asked_lexicon(asked *a, const lexicon *l);
/* The pattern's number, the same for the same text; -1 and *err, *at (the pattern's byte), where it is wrong. */
int asked_pattern_of(asked *a, str text, size_t *at, kol_error *err);
/* The lexicon that holds the name of the campaign's brand. */
bool asked_brand(asked *a, const lexicon *l);

/* Reads what is wanted of the folder lexicons/ of stdlib and builds the indexes. What is wrong with its files goes to
 * `problems`. */
kol_status asked_build(asked *a, const char *stdlib, struct kol_problems *problems, kol_error *err);

/* Do two BCP 47 tags name one language? zh-Hant and zh do. */
bool same_language(str a, str b);

#endif
