/* language.h: which language a text is in, from its scripts and its commonest words. */
#ifndef TEXT_LANGUAGE_H
#define TEXT_LANGUAGE_H

#include "text/matcher.h"

/* Reads stdlib/lexicons/languages.txt into one lexicon per language ([de] der 2 …), to be matched with the others.
 * *out: *count lexicons in `a`, named "de" and so on. Problems carry path and line. False when memory ended. */
bool language_read(arena *a, const char *path, str bytes, lexicon **out, int *count, struct kol_problems *problems);

/* The language of bytes [start, end) of a folded text, or NULL where it cannot be told: "en", "zh", "ja". h: hits of a
 * matcher in whose list `languages` (those of language_read, by their names) stand from `first` on. zh does not say
 * which script. What is returned lives as long as `languages`. */
const char *language_of(const folded *text, size_t start, size_t end, const matcher *m, const hits *h,
                        const lexicon *languages, int first, int count);

#endif
