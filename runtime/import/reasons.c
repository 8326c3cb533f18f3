/* reasons.c: counts why rows were rejected, in bounded memory. */
#include "import/reasons.h"

#include <stdio.h>

#include "base/str.h"
#include "base/utf8.h"

static uint64_t kind_of(const char *why) {
	uint64_t h = 14695981039346656037u;
	for (const char *p = why; *p; p++) {
		if (*p == '\'') { /* a word's own apostrophe ("creator's") has a letter before it */
			const char *end = p > why && p[-1] != ' ' ? NULL : strrchr(p + 1, '\'');
			p = end ? end : p;
			continue;
		}
		if (*p >= '0' && *p <= '9')
			continue;
		h = (h ^ (unsigned char)*p) * 1099511628211u;
	}
	return h;
}

void reasons_add(reasons *r, const char *why) {
	uint64_t kind = kind_of(why);
	for (int i = 0; i < r->n; i++)
		if (r->items[i].kind == kind) {
			r->items[i].count++;
			return;
		}
	if (r->n == REASONS)
		return;
	struct reason *new = &r->items[r->n++];
	new->kind = kind;
	new->count = 1;
	snprintf(new->text, sizeof new->text, "%.*s", (int)utf8_cut(str_of(why), sizeof new->text - 1), why);
}

const struct reason *reasons_most(const reasons *r) {
	const struct reason *most = NULL;
	for (int i = 0; i < r->n; i++)
		if (!most || r->items[i].count > most->count)
			most = &r->items[i];
	return most;
}
