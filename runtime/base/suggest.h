/* suggest.h: what was probably meant. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/str.h"

typedef struct suggest {
	str word;
	str best; /* p NULL: nothing is near */
	int distance;
} suggest;

void suggest_begin(suggest *s, str word);
void suggest_try(suggest *s, str candidate);
/* "; did you mean 'x'?" or "" into out. */
const char *suggest_text(const suggest *s, char *out, size_t size);

#endif
