/* str.h: a borrowed run of bytes. p is NULL where there is none (missing), which differs from "". */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct str {
	const char *p;
	size_t n;
} str;

#define STR(literal) ((str){(literal), sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

static inline str str_of(const char *z) { return (str){z, z ? strlen(z) : 0}; }
static inline bool str_eq(str a, str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }
static inline bool str_is(str a, const char *z) { return str_eq(a, str_of(z)); }
int str_compare(str a, str b); /* byte order */

/* In pattern, an asterisk stands for any run of characters. */
bool str_glob(str pattern, str text);

#endif
