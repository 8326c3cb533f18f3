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

/* Keeps the form of a posting if it is one word that is, or (star) begins, `word`, and better than what there is. */
static void keep_better(const matcher *m, const posting *p, str word, bool star, const uint64_t *use, size_t *longest,
                        uint32_t *best) {
	const form *f = &m->forms[p->form];
	const part *only = &m->parts[f->parts];
	if (!f->word || only->star != star || only->length < *longest || only->length > word.n ||
	    (!star && only->length < word.n) || memcmp(m->text + only->from, word.p, only->length) != 0)
		return;
	uint32_t number = entry_in_use(m, f, use);
	if (number != UINT32_MAX && (only->length > *longest || number < *best)) {
		*best = number;
		*longest = only->length;
	}
}

/* The best among the forms of one key; see look_up in matcher_scan.c. */
static uint32_t best_word(const matcher *m, const keys *k, uint64_t key, str word, bool star, const uint64_t *use) {
	uint32_t best = UINT32_MAX;
	size_t longest = 0;
	const slot *s = k->count ? keys_find(k, key) : NULL;
	if (s && s->count < MATCHER_CROWD)
		for (uint32_t i = 0; i < s->count; i++)
			keep_better(m, &m->postings[s->first + i], word, star, use, &longest, &best);
	if (!s || s->count < MATCHER_CROWD)
		return best;
	uint32_t low = 0, high = s->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (str_compare(posting_tail(m, &m->postings[s->first + middle]), word) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (uint32_t i = low ? s->first + low - 1 : UINT32_MAX; i != UINT32_MAX; i = m->postings[i].parent)
		keep_better(m, &m->postings[i], word, star, use, &longest, &best);
	return best;
}

uint32_t matcher_word(const matcher *m, str word, const uint64_t *use) {
	char copy[MATCHER_LONGEST + 8];
	if (word.n == 0 || word.n > MATCHER_LONGEST)
		return UINT32_MAX;
	memcpy(copy, word.p, word.n);
	memset(copy + word.n, 0, 8);
	uint32_t best = best_word(m, &m->by[BY_WORD], word_key(copy, word.n), word, false, use);
	for (unsigned n = word.n < 6 ? (unsigned)word.n : 6; n > 0 && best == UINT32_MAX; n--)
		best = best_word(m, &m->by[BY_WORD], short_key(load8(copy), n), word, true, use);
	return best;
}
