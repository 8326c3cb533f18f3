/* regex.h: regular expressions under counted limits. A limit that is reached is told apart from "no match". */
#ifndef TEXT_REGEX_H
#define TEXT_REGEX_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

#define REGEX_STEPS 1000000 /* for a match that nothing else bounds */
#define REGEX_GROUPS 33     /* the whole match and 32 captures */

typedef struct regex regex; /* compiled, with JIT where there is one; one thread at a time */

typedef struct regex_match {
	int groups;
	size_t start[REGEX_GROUPS], end[REGEX_GROUPS]; /* start SIZE_MAX: the group took no part */
} regex_match;

enum regex_result { REGEX_NONE, REGEX_HIT, REGEX_LIMIT, REGEX_MEMORY };

/* bytes: single bytes are matched; else UTF-8 with Unicode classes, case as written unless the pattern says (?i).
 * On an error *at is the pattern's byte. The caller frees *out. */
kol_status regex_compile(str pattern, bool bytes, regex **out, size_t *at, kol_error *err);

/* For patterns of bytes. Looks for the first match at or behind byte `from`. anchored: only there. steps: most that one
 * start may take, counted by PCRE2; nothing bounds the sum over all starts. */
enum regex_result regex_find(const regex *r, str text, size_t from, bool anchored, uint32_t steps, regex_match *out);

/* For patterns of text. The leftmost match at or behind byte `from`, as long as *budget lasts: each item of the pattern
 * that is tried costs 1, each byte it walks 1, whichever start it is tried from; *budget is what is left. A unit is
 * worth up to about 7 ns with JIT. An invalid byte of the text matches nothing, not even `.`, and no match spans one;
 * the text on both sides is searched. MEMORY: judge again when there is some. */
enum regex_result regex_search(const regex *r, str text, size_t from, uint64_t *budget, regex_match *out);

/* What a text of n bytes is worth. No pattern whose work grows with the text alone comes near it. */
static inline uint64_t regex_budget(size_t n) { return 1000000 + 100 * (uint64_t)n; }

/* The name of group `group` of a pattern of text, or n 0: it has none. */
str regex_group_name(const regex *r, int group);
void regex_free(regex *r);
const char *regex_engine(void); /* "PCRE2 10.42 jit" */

#endif
