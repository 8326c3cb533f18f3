/* reasons.h: which reason rejected most rows. Reasons that differ in a number or a quoted text alone are one. */
#ifndef IMPORT_REASONS_H
#define IMPORT_REASONS_H

#include <stdint.h>

#define REASONS 64 /* kinds that are told apart; the first ones are kept */

typedef struct reasons {
	struct reason {
		uint64_t kind;
		int64_t count;
		char text[256]; /* the first of its kind */
	} items[REASONS];
	int n;
} reasons;

void reasons_add(reasons *r, const char *why);
const struct reason *reasons_most(const reasons *r); /* NULL: there was none */

#endif
