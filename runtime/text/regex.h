/* regex.h: regular expressions under counted limits. A limit that is reached is told apart from "no match". */
#ifndef TEXT_REGEX_H
#define TEXT_REGEX_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

#define REGEX_STEPS 1000000 /* for a match that nothing else bounds */
#define REGEX_GROUPS 33     /* the whole match and 32 captures */

typedef struct regex regex; /* compiled, with JIT where there is one; const once made */

typedef struct regex_match {
	int groups;
	size_t start[REGEX_GROUPS], end[REGEX_GROUPS]; /* start SIZE_MAX: the group took no part */
} regex_match;

enum regex_result { REGEX_NONE, REGEX_HIT, REGEX_LIMIT };

/* bytes: single bytes are matched; else UTF-8 with Unicode classes. On an error *at is the pattern's byte.
 * The caller frees *out. */
kol_status regex_compile(str pattern, bool bytes, regex **out, size_t *at, kol_error *err);
/* Looks for the first match at or behind byte `from`. anchored: only there. steps: most that it may take, counted by
 * PCRE2. Invalid UTF-8 never matches. */
enum regex_result regex_find(const regex *r, str text, size_t from, bool anchored, uint32_t steps, regex_match *out);
void regex_free(regex *r);
const char *regex_engine(void); /* "PCRE2 10.42 jit" */

#endif
