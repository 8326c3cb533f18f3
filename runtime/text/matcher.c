/* matcher.c: what is asked of a matcher and of hits apart from the scan itself. */
#include <stdlib.h>

#include "text/matcher_index.h"

void matcher_free(matcher *m) {
	if (m)
		arena_free(&m->memory);
	free(m);
}

entry matcher_entry(const matcher *m, uint32_t number) { return m->entries[number]; }

void hits_free(hits *h) {
	free(h->items);
	*h = (hits){0};
}

/* Takes away the exceptions of a lexicon and the hits that lie inside them. */
static void except_of(const matcher *m, hits *h, int number) {
	uint32_t kept = 0, reach = 0; /* reach: where the exceptions end that began at or before the hit at hand */
	for (uint32_t i = 0, group = 0; i < h->count; i++) {
		for (; group < h->count && h->items[group].start <= h->items[i].start; group++) {
			entry e = m->entries[h->items[group].entry];
			if (e.lexicon == number && e.term->role == ROLE_EXCEPT && h->items[group].end > reach)
				reach = h->items[group].end;
		}
		entry e = m->entries[h->items[i].entry];
		if (e.lexicon != number || (e.term->role != ROLE_EXCEPT && h->items[i].end > reach))
			h->items[kept++] = h->items[i];
	}
	h->count = kept;
}

void hits_except(const matcher *m, hits *h) {
	for (uint32_t i = 0; i < h->count;) {
		entry e = m->entries[h->items[i].entry];
		if (e.term->role != ROLE_EXCEPT) {
			i++;
			continue;
		}
		except_of(m, h, e.lexicon);
		i = 0;
	}
}

/* The first entry of the form that is of a lexicon in use. */
static uint32_t entry_in_use(const matcher *m, const form *f, const uint64_t *use) {
	for (uint32_t i = 0; i < f->entry_count; i++) {
		uint32_t number = m->entry_of[f->entries + i];
		int l = m->entries[number].lexicon;
		if (use[l / 64] >> (l % 64) & 1)
			return number;
	}
	return UINT32_MAX;
}

/* Among the forms of one key those that are one word: the longest that begins `word`, or all of it. */
static uint32_t best_word(const matcher *m, const keys *k, uint64_t key, str word, bool whole, const uint64_t *use,
                          size_t *longest) {
	uint32_t best = UINT32_MAX;
	const slot *s = k->count ? keys_find(k, key) : NULL;
	for (uint32_t i = 0; s && i < s->count; i++) {
		const form *f = &m->forms[m->postings[s->first + i].form];
		const part *p = &m->parts[f->parts];
		if (!f->word || p->star == whole || p->length > word.n || (whole && p->length < word.n) ||
		    p->length < *longest || memcmp(m->text + p->from, word.p, p->length) != 0)
			continue;
		uint32_t number = entry_in_use(m, f, use);
		if (number != UINT32_MAX && (p->length > *longest || number < best)) {
			best = number;
			*longest = p->length;
		}
	}
	return best;
}

uint32_t matcher_word(const matcher *m, str word, const uint64_t *use) {
	char copy[MATCHER_LONGEST + 8];
	size_t longest = 0;
	if (word.n == 0 || word.n > MATCHER_LONGEST)
		return UINT32_MAX;
	memcpy(copy, word.p, word.n);
	memset(copy + word.n, 0, 8);
	uint64_t first = load8(copy);
	uint32_t best = best_word(m, &m->by[BY_WORD], word_key(copy, word.n), word, true, use, &longest);
	for (unsigned n = 6; n > 0 && best == UINT32_MAX; n--)
		if (m->lengths[BY_BEGINNING] >> n & 1 && n <= word.n)
			best = best_word(m, &m->by[BY_BEGINNING], short_key(first, n), word, false, use, &longest);
	return best;
}
