/* suggest.c: the nearest name by optimal string alignment distance, case-blind. */
#include "base/suggest.h"

#include <stdio.h>

#define LONGEST 64

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static int distance(str a, str b) {
	int rows[3][LONGEST + 1];
	if (a.n > LONGEST || b.n > LONGEST)
		return LONGEST;
	int *before = rows[0], *last = rows[1], *now = rows[2];
	for (size_t j = 0; j <= b.n; j++)
		last[j] = (int)j;
	for (size_t i = 1; i <= a.n; i++) {
		now[0] = (int)i;
		for (size_t j = 1; j <= b.n; j++) {
			int same = lower(a.p[i - 1]) == lower(b.p[j - 1]);
			int best = last[j - 1] + !same;
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && lower(a.p[i - 1]) == lower(b.p[j - 2]) && lower(a.p[i - 2]) == lower(b.p[j - 1]) &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		int *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[b.n];
}

void suggest_begin(suggest *s, str word) { *s = (suggest){.word = word, .distance = LONGEST}; }

void suggest_try(suggest *s, str candidate) {
	int d = distance(s->word, candidate);
	size_t n = s->word.n > candidate.n ? s->word.n : candidate.n;
	int allowed = n <= 3 ? 1 : n <= 6 ? 2 : (int)(n / 3);
	if (d <= allowed && d < s->distance && (size_t)d < n) {
		s->distance = d;
		s->best = candidate;
	}
}

const char *suggest_text(const suggest *s, char *out, size_t size) {
	if (s->best.p)
		snprintf(out, size, "; did you mean '%.*s'?", STR_ARG(s->best));
	else if (size)
		out[0] = 0;
	return out;
}
