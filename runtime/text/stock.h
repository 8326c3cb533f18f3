/* stock.h: the host's own lexicons, of stdlib/lexicons: read when first wanted, once per ruleset, and shared by its
 * plans. */
#ifndef TEXT_STOCK_H
#define TEXT_STOCK_H

#include "text/matcher.h"

#define TONE_LANGUAGES 9
extern const char *const tone_languages[TONE_LANGUAGES]; /* "de", "en" … */

enum stock_part {
	STOCK_LANGUAGE = 1,  /* the commonest words of many languages */
	STOCK_TONE = 2,      /* words of praise and blame */
	STOCK_COMMERCIAL = 4 /* what advertising says */
};

typedef struct stock {
	arena memory;
	char *folder;            /* stdlib/lexicons */
	unsigned read;           /* parts that are here */
	lexicon commercial;      /* "link in bio", "use my code" */
	lexicon purchase;        /* calls to buy: commercial beside the campaign's brand */
	lexicon *language_words; /* per language */
	matcher *languages;      /* one lexicon per language, named "de" and so on */
	int language_count;
	matcher *tones[TONE_LANGUAGES + 1]; /* a language's words (lexicon 0) and emoji (1); last: emoji alone (0) */
} stock;

stock *stock_new(const char *stdlib); /* NULL when memory ended */
void stock_free(stock *s);
/* Reads the parts (1 << … of stock_part) that are not here yet. What is wrong with a file goes to `problems`. */
kol_status stock_want(stock *s, unsigned parts, struct kol_problems *problems, kol_error *err);

#endif
