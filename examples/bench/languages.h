/* languages.h: what captions.c makes words of, per language: the commonest real words, and parts of syllables. */
#ifndef BENCH_LANGUAGES_H
#define BENCH_LANGUAGES_H

#include <stdbool.h>

typedef struct language {
	const char *tag;    /* BCP 47 */
	int share;          /* of the corpus' bytes, in hundredths, written with accents, quotes and emoji */
	bool joined;        /* no spaces between words */
	bool cjk;           /* its terms are strings of characters */
	const char *common; /* function words, the commonest first */
	const char *heads;  /* a syllable is a head, a core and perhaps a tail; _ is an empty one */
	const char *cores;  /* "": none */
	const char *tails;
	int tail_percent;    /* syllables with a tail */
	int most_syllables;  /* in a word */
	const char *endings; /* "" or what a word may end in */
	const char *commas;  /* between parts of a sentence */
	const char *full;    /* behind it */
	const char *ad;      /* how its advertisers talk; NULL: as in English */
} language;

extern const language languages[];
extern const int language_count;
extern const char *const emoji[];
extern const int emoji_count;
extern const char *const tags[]; /* hashtags that people use everywhere */
extern const int tag_count;

#endif
