/* reader.h: reads one text at a time, once, and answers everything that is asked of it. A worker's scratch. */
#ifndef TEXT_READER_H
#define TEXT_READER_H

#include "text/inquiry.h"
#include "text/sentiment.h"

typedef struct reader reader;

reader *reader_new(const inquiry *a, kol_error *err);
void reader_free(reader *r);

/* Folds the text and finds what the plan's lexicons have in it. language: what is stated of it (BCP 47), or p NULL.
 * Both are borrowed until the next call. False when memory ended, as everywhere below. */
bool reader_read(reader *r, str text, str language);

const folded *reader_folded(const reader *r);
/* The stated language, else the one the text is in; p NULL where it cannot be told. */
str reader_language(reader *r);
/* Hits that count, in order: exceptions, other languages' lexicons and patterns' literals are taken away. */
const hits *reader_hits(const reader *r);

typedef struct reply {
	bool yes;
	bool limit;   /* ASK_MATCHES: a bound was reached, so that it is not known */
	double score; /* ASK_TONE; NaN: its language has no words of tone */
} reply;
bool reader_ask(reader *r, const question *q, reply *out);

/* Can the answer be other than no? In most texts nothing stands that a question looks for. */
bool reader_may_ask(const reader *r, const question *q);

/* Searches with a pattern of the plan: a bound on the work over all of the text. */
enum regex_result reader_search(reader *r, int pattern, size_t from, regex_match *out);

/* The tone of the text, or of its sentences in which lexicon `number` hits (number ≥ 0). *known false: the language has
 * no words of tone, or no sentence has the lexicon. Tones are hits of the matcher *of. */
bool reader_tone(reader *r, int number, arena *a, sentiment *out, const matcher **of, bool *known);

/* A place that made an answer true, for evidence. */
typedef struct text_quote {
	size_t start, end;   /* bytes of the text */
	const char *lexicon; /* its name, or what kind of thing it is: "pattern", "discount code", "affiliate link" */
	str term;            /* p NULL: none */
	bool disguised;
	str reads_as; /* disguised: what it folds to; else p NULL */
} text_quote;
/* At most `most` of them into out (room for that many); texts live in a. */
bool reader_quotes(reader *r, const question *q, arena *a, text_quote *out, int most, int *count);
/* The quote of one hit. */
bool reader_quote(reader *r, const hit *h, arena *a, text_quote *out);

#endif
