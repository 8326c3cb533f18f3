/* matcher_scan.c: goes through a folded text once for each kind of anchor that the index has: words, characters of
 * scripts without spaces, symbols, and, only where some term has nothing better, bytes.
 *
 * The inner loops have no branches that depend on the text but where a block ends: each place's key is written down,
 * and counted only if it passes the filter of the index. What passed (a few in a hundred, and what really is an anchor)
 * is looked up later. */
#include <stdlib.h>

#include "text/matcher_index.h"

#define ROOM 768      /* places that are written down before they are looked up */
#define MOST (64 * 8) /* places in 64 bytes: words, pairs of words, beginnings of each length */

typedef struct scan {
	const matcher *m;
	const folded *text;
	hits *out;
	bool failed;
} scan;

typedef struct places {
	size_t count;
	uint64_t keys[ROOM];
	uint32_t at[ROOM];
} places;

/* Writes down a place if its key passes the filter. */
static inline void note_place(places *found, const keys *k, uint64_t key, size_t at) {
	if (__builtin_expect(filter_pass(k, key) != 0, 0)) {
		found->keys[found->count] = key;
		found->at[found->count++] = (uint32_t)at;
	}
}

/* ---- hits --------------------------------------------------------------------------------------- */

static bool grow(scan *s, uint32_t least) {
	hits *h = s->out;
	uint32_t more = h->capacity ? h->capacity * 2 : 16;
	more = more < least ? least : more;
	hit *grown = realloc(h->items, sizeof *grown * more);
	if (!grown) {
		s->failed = true;
		return false;
	}
	h->items = grown;
	h->capacity = more;
	return true;
}

static inline void add_hit(scan *s, uint32_t number, size_t start, size_t end) {
	hits *h = s->out;
	if (h->count < h->capacity || grow(s, h->count + 1))
		h->items[h->count++] = (hit){.start = (uint32_t)start, .end = (uint32_t)end, .entry = number & 0x7FFFFFFF};
}

static bool same_word(const char *p, const char *q, size_t n) {
	if (n <= 8)
		return ((load8(p) ^ load8(q)) & ~(uint64_t)0 >> (64 - 8 * n)) == 0;
	return memcmp(p, q, n) == 0;
}

static void try_posting(scan *s, const posting *p, size_t at) {
	const folded *t = s->text;
	size_t start = at, end = at + p->length;
	if (p->length) {
		if (end > t->n || !same_word(t->p + at, s->m->text + p->from, p->length) ||
		    (is_word(t, end) && !fold_bit(t->edges, end)) || (p->written && word_cuts_handle(t, start, end)))
			return;
	} else if (!form_stands(s->m, t, p, at, &start, &end)) {
		return;
	}
	const form *f = &s->m->forms[p->form];
	for (uint32_t i = 0; i < f->entry_count; i++)
		add_hit(s, s->m->entry_of[f->entries + i], start, end);
}

static void look_up(scan *s, const keys *k, uint64_t key, size_t at) {
	const slot *found = keys_find(k, key);
	if (!found)
		return;
	const posting *p = s->m->postings + found->first;
	if (found->count < MATCHER_CROWD) {
		for (uint32_t i = 0; i < found->count; i++)
			try_posting(s, p + i, at);
		return;
	}
	/* The last posting whose tail is not behind what stands here. */
	uint32_t low = 0, high = found->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (tail_compare(s->text, at, posting_tail(s->m, p + middle)) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (uint32_t i = low ? found->first + low - 1 : UINT32_MAX; i != UINT32_MAX; i = s->m->postings[i].parent)
		try_posting(s, s->m->postings + i, at);
}

static inline bool comes_before(const hit *a, const hit *b) {
	uint64_t x = (uint64_t)a->start << 32 | ~a->end, y = (uint64_t)b->start << 32 | ~b->end;
	return x != y ? x < y : a->entry < b->entry;
}

/* The hits from number `from` on are those of one kind of anchor, found from left to right: a hit belongs at most as
 * many places further left as there are hits within it. */
static void sort_run(hits *h, uint32_t from) {
	for (uint32_t i = from + 1; i < h->count; i++) {
		if (!comes_before(&h->items[i], &h->items[i - 1]))
			continue;
		hit item = h->items[i];
		uint32_t j = i;
		for (; j > from && comes_before(&item, &h->items[j - 1]); j--)
			h->items[j] = h->items[j - 1];
		h->items[j] = item;
	}
}

/* Sorts the hits from number `from` on, and merges them with those before, which are in order. */
static void merge_run(scan *s, uint32_t from) {
	hits *h = s->out;
	sort_run(h, from);
	if (from == 0 || from == h->count || comes_before(&h->items[from - 1], &h->items[from]))
		return;
	uint32_t more = h->count - from;
	if (h->capacity - h->count < more && !grow(s, h->count + more))
		return;
	hit *end = h->items + h->count, *run = memcpy(end, h->items + from, sizeof *end * more);
	for (uint32_t left = from; more > 0;) /* from the right, where there is room */
		if (left > 0 && comes_before(&run[more - 1], &h->items[left - 1]))
			*--end = h->items[--left];
		else
			*--end = run[--more];
}

/* ---- words -------------------------------------------------------------------------------------- */

static void look_up_all(scan *s, const keys *k, places *found) {
	for (size_t i = 0; i < found->count; i++)
		__builtin_prefetch(&k->slots[found->keys[i] >> k->slot_shift]);
	for (size_t i = 0; i < found->count; i++)
		look_up(s, k, found->keys[i], found->at[i]);
	found->count = 0;
}

/* Notes what may stand at a place, for each length that anchors have. */
static inline void note_lengths(places *found, const keys *k, const lengths *l, const char *text, size_t at) {
	uint64_t bytes = load8(text + at);
	for (unsigned i = 0; i < l->count; i++)
		note_place(found, k, masked_key(bytes, l->masks[i], l->marks[i]), at);
}

/* A word ends behind a word byte where no word byte follows, or another word begins. Starts and ends take turns, so the
 * next start is taken when a word ends; at the end of a block that is the word that goes on, if one does. */
__attribute__((always_inline)) static inline void scan_words(scan *s, bool pairs, bool beginnings) {
	const folded *t = s->text;
	const keys *k = &s->m->by[BY_WORD];
	const lengths l = s->m->lengths[BY_WORD]; /* a copy, which no writing can change */
	places found;
	found.count = 0;
	uint64_t before = 0, last_key = ~(uint64_t)0; /* not 0: a pair of nothing and a word is not that word */
	size_t start = 0, last = 0;
	for (size_t b = 0; b <= t->n / 64; b++) {
		/* Where words begin: word bytes that have none before them, or an edge. */
		uint64_t words = t->words[b], behind = words << 1 | before, starts = words & (~behind | t->edges[b]);
		uint64_t ends = behind & (~words | starts);
		starts |= (uint64_t)1 << 63; /* so that there is one to be taken when the last word ends */
		if (!before) {
			start = b * 64 + (size_t)__builtin_ctzll(starts);
			starts &= starts - 1;
		}
		for (; ends; ends &= ends - 1) {
			uint64_t key = word_key(t->p + start, b * 64 + (size_t)__builtin_ctzll(ends) - start);
			note_place(&found, k, key, start);
			if (pairs)
				note_place(&found, k, pair_key(last_key, key), last);
			if (beginnings)
				note_lengths(&found, k, &l, t->p, start);
			last = start;
			last_key = key;
			start = b * 64 + (size_t)__builtin_ctzll(starts);
			starts &= starts - 1;
		}
		before = words >> 63;
		if (found.count > ROOM - MOST)
			look_up_all(s, k, &found);
	}
	look_up_all(s, k, &found);
}

static void scan_all_words(scan *s) {
	if (s->m->lengths[BY_WORD].count)
		scan_words(s, true, true);
	else if (s->m->pairs)
		scan_words(s, true, false);
	else
		scan_words(s, false, false);
}

/* ---- scripts without spaces ---------------------------------------------------------------------- */

/* Which of 64 bytes begin a character. */
static uint64_t first_bytes(const char *p) {
	uint64_t all = 0;
	for (int i = 0; i < 8; i++) {
		uint64_t x = load8(p + 8 * i);
		uint64_t inner = x & ~(x << 1) & 0x8080808080808080u; /* 10xxxxxx */
		all |= ((inner >> 7) * 0x0102040810204080u >> 56) << (8 * i);
	}
	return ~all;
}

static void scan_characters(scan *s) {
	const folded *t = s->text;
	const keys *k = &s->m->by[BY_CHARACTER];
	const lengths l = s->m->lengths[BY_CHARACTER]; /* a copy, which no writing can change */
	places found;
	found.count = 0;
	for (size_t b = 0; b < (t->n + 63) / 64; b++) {
		uint64_t bits = t->spaceless[b] ? t->spaceless[b] & first_bytes(t->p + 64 * b) : 0;
		for (; bits; bits &= bits - 1)
			note_lengths(&found, k, &l, t->p, b * 64 + (size_t)__builtin_ctzll(bits));
		if (found.count > ROOM - MOST)
			look_up_all(s, k, &found);
	}
	look_up_all(s, k, &found);
}

/* ---- symbols and bytes ---------------------------------------------------------------------------- */

static void scan_symbols(scan *s) {
	const folded *t = s->text;
	const keys *k = &s->m->by[BY_SYMBOL];
	for (size_t b = 0; b < (t->n + 63) / 64; b++)
		for (uint64_t bits = t->symbols[b]; bits; bits &= bits - 1) {
			size_t at = b * 64 + (size_t)__builtin_ctzll(bits);
			unsigned left = s->m->symbol_lengths[(unsigned char)t->p[at]];
			for (; left; left &= left - 1) {
				uint64_t key = short_key(load8(t->p + at), (unsigned)__builtin_ctz(left));
				if (filter_pass(k, key))
					look_up(s, k, key, at);
			}
		}
}

static void scan_bytes(scan *s) {
	const folded *t = s->text;
	const keys *k = &s->m->by[BY_BYTES];
	const lengths l = s->m->lengths[BY_BYTES]; /* a copy, which no writing can change */
	places found;
	found.count = 0;
	for (size_t from = 0; from < t->n; from += 64) {
		uint64_t bits = fingerprints_find(&s->m->bytes, t->p + from, t->n - from);
		for (; bits; bits &= bits - 1)
			note_lengths(&found, k, &l, t->p, from + (size_t)__builtin_ctzll(bits));
		if (found.count > ROOM - MOST)
			look_up_all(s, k, &found);
	}
	look_up_all(s, k, &found);
}

bool matcher_scan(const matcher *m, const folded *text, hits *out) {
	static void (*const passes[BY_COUNT])(scan *) = {scan_all_words, scan_characters, scan_symbols, scan_bytes};
	scan s = {.m = m, .text = text, .out = out};
	out->count = 0;
	for (int kind = 0; kind < BY_COUNT; kind++) {
		uint32_t from = out->count;
		if (m->by[kind].count)
			passes[kind](&s);
		merge_run(&s, from);
	}
	return !s.failed;
}
