/* matcher_scan.c: goes through a folded text once for each kind of anchor that the index has: words, characters of
 * scripts without spaces, symbols, and, only where some term has nothing better, bytes.
 *
 * The inner loops have no branches that depend on the text: they write down where something may begin, then which of
 * these pass the filter of the index; only what passes (some in a hundred, and what really is an anchor) is looked up.
 */
#include <stdlib.h>

#include "text/matcher_index.h"

#define BLOCKS 8                      /* words of bitmap that are handled at a time: 512 bytes of text */
#define PLACES (BLOCKS * 64 + 1 + 16) /* one left over, and list_bits writes up to 16 too many */

typedef struct scan {
	const matcher *m;
	const folded *text;
	hits *out;
	bool failed;
} scan;

typedef struct places {
	uint32_t at[PLACES];
	size_t count;
} places;

static inline unsigned count_bits(uint64_t x) {
	x -= x >> 1 & 0x5555555555555555u;
	x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
	x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
	return (unsigned)(x * 0x0101010101010101u >> 56);
}

/* Writes down where bits are set, sixteen at a time without asking whether there are so many. */
static inline void list_bits(places *list, uint64_t bits, uint32_t base) {
	uint32_t *out = list->at + list->count;
	unsigned count = count_bits(bits);
	list->count += count;
	for (;;) {
		for (int i = 0; i < 12; i++) {
			out[i] = base + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
			bits &= bits - 1;
		}
		if (count <= 12)
			return;
		count -= 12;
		out += 12;
	}
}

/* ---- hits --------------------------------------------------------------------------------------- */

static void add_hit(scan *s, uint32_t number, size_t start, size_t end) {
	hits *h = s->out;
	if (h->count == h->capacity) {
		uint32_t more = h->capacity ? h->capacity * 2 : 16;
		hit *grown = realloc(h->items, sizeof *grown * more);
		if (!grown) {
			s->failed = true;
			return;
		}
		h->items = grown;
		h->capacity = more;
	}
	h->items[h->count++] = (hit){.start = (uint32_t)start, .end = (uint32_t)end, .entry = number & 0x7FFFFFFF};
}

static void try_posting(scan *s, const posting *p, size_t at) {
	size_t start, end;
	if (!form_stands(s->m, s->text, p, at, &start, &end))
		return;
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

/* The first four bytes behind the white space at byte `end`; the last four before that before `at`. False: there is no
 * white space. */
static bool glance_next(const folded *t, size_t end, uint32_t *out) {
	size_t from = end;
	for (size_t n; (n = space_at(t->p, from, t->n)) > 0;)
		from += n;
	memcpy(out, t->p + from, sizeof *out);
	return from > end;
}

static bool glance_last(const folded *t, size_t at, uint32_t *out) {
	size_t to = at;
	char bytes[4] = "";
	for (size_t n; (n = space_before(t->p, to)) > 0;)
		to -= n;
	size_t n = to < 4 ? to : 4;
	memcpy(bytes + 4 - n, t->p + to - n, n);
	memcpy(out, bytes, sizeof *out);
	return to < at;
}

/* As look_up, for a word [at, end), with a glance at its neighbours. */
static void look_up_word(scan *s, uint64_t key, size_t at, size_t end) {
	const keys *k = &s->m->by[BY_WORD];
	const slot *found = keys_find(k, key);
	if (!found)
		return;
	if (found->count >= MATCHER_CROWD) {
		look_up(s, k, key, at);
		return;
	}
	bool seen = false, there[3] = {true, false, false};
	uint32_t glance[3] = {0};
	for (uint32_t i = 0; i < found->count; i++) {
		const posting *p = &s->m->postings[found->first + i];
		if (p->neighbour != NEIGHBOUR_NONE && !seen) {
			there[NEIGHBOUR_NEXT] = glance_next(s->text, end, &glance[NEIGHBOUR_NEXT]);
			there[NEIGHBOUR_LAST] = glance_last(s->text, at, &glance[NEIGHBOUR_LAST]);
			seen = true;
		}
		if (there[p->neighbour] && (glance[p->neighbour] & p->mask) == p->glance)
			try_posting(s, p, at);
	}
}

static int hit_order(const void *a, const void *b) {
	const hit *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

static void sort_hits(hits *h) {
	if (h->count > 32) {
		qsort(h->items, h->count, sizeof *h->items, hit_order);
		return;
	}
	for (uint32_t i = 1; i < h->count; i++) {
		hit item = h->items[i];
		uint32_t j = i;
		for (; j > 0 && hit_order(&h->items[j - 1], &item) > 0; j--)
			h->items[j] = h->items[j - 1];
		h->items[j] = item;
	}
}

/* ---- words -------------------------------------------------------------------------------------- */

static void scan_whole_words(scan *s, const uint32_t *starts, const uint32_t *ends, size_t count) {
	const keys *k = &s->m->by[BY_WORD];
	const char *text = s->text->p;
	uint64_t passed[PLACES];
	uint16_t which[PLACES];
	size_t passes = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t key = word_key(text + starts[i], ends[i] - starts[i]);
		passed[passes] = key;
		which[passes] = (uint16_t)i;
		passes += filter_pass(k, key);
	}
	for (size_t i = 0; i < passes; i++)
		__builtin_prefetch(&k->slots[passed[i] >> k->slot_shift]);
	for (size_t i = 0; i < passes; i++)
		look_up_word(s, passed[i], starts[which[i]], ends[which[i]]);
}

static void scan_beginnings(scan *s, const uint32_t *starts, size_t count, unsigned length) {
	const keys *k = &s->m->by[BY_BEGINNING];
	const char *text = s->text->p;
	uint16_t passed[PLACES];
	size_t passes = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t key = short_key(load8(text + starts[i]), length);
		passed[passes] = (uint16_t)i;
		passes += filter_pass(k, key);
	}
	for (size_t i = 0; i < passes; i++) {
		uint32_t at = starts[passed[i]];
		look_up(s, k, short_key(load8(text + at), length), at);
	}
}

/* Words begin at word bytes that have none before them, or an edge; they end where no word goes on. */
static void scan_words(scan *s) {
	const folded *t = s->text;
	const matcher *m = s->m;
	places starts, ends;
	starts.count = ends.count = 0;
	uint64_t before = 0;
	size_t blocks = t->n / 64 + 1;
	for (size_t from = 0; from < blocks; from += BLOCKS) {
		size_t to = from + BLOCKS < blocks ? from + BLOCKS : blocks;
		for (size_t b = from; b < to; b++) {
			uint64_t words = t->words[b], behind = words << 1 | before;
			uint64_t start = words & (~behind | t->edges[b]);
			list_bits(&starts, start, (uint32_t)b * 64);
			list_bits(&ends, behind & (~words | start), (uint32_t)b * 64);
			before = words >> 63;
		}
		size_t count = ends.count;
		if (m->by[BY_WORD].count)
			scan_whole_words(s, starts.at, ends.at, count);
		for (unsigned n = 1; m->lengths[BY_BEGINNING] >> n; n++)
			if (m->lengths[BY_BEGINNING] >> n & 1)
				scan_beginnings(s, starts.at, count, n);
		starts.at[0] = starts.at[count]; /* one that goes on, if there is one */
		starts.count -= count;
		ends.count = 0;
	}
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

static void scan_short(scan *s, const keys *k, const places *list, unsigned length) {
	const char *text = s->text->p;
	uint16_t passed[PLACES];
	size_t passes = 0;
	for (size_t i = 0; i < list->count; i++) {
		passed[passes] = (uint16_t)i;
		passes += filter_pass(k, short_key(load8(text + list->at[i]), length));
	}
	for (size_t i = 0; i < passes; i++) {
		uint32_t at = list->at[passed[i]];
		look_up(s, k, short_key(load8(text + at), length), at);
	}
}

static void scan_characters(scan *s) {
	const folded *t = s->text;
	places list;
	size_t blocks = (t->n + 63) / 64;
	for (size_t from = 0; from < blocks; from += BLOCKS) {
		size_t to = from + BLOCKS < blocks ? from + BLOCKS : blocks;
		list.count = 0;
		for (size_t b = from; b < to; b++)
			if (t->spaceless[b])
				list_bits(&list, t->spaceless[b] & first_bytes(t->p + 64 * b), (uint32_t)b * 64);
		if (list.count && s->m->lengths[BY_CHARACTER] >> 6 & 1)
			scan_short(s, &s->m->by[BY_CHARACTER], &list, 6);
		if (list.count && s->m->lengths[BY_CHARACTER] >> 3 & 1)
			scan_short(s, &s->m->by[BY_CHARACTER], &list, 3);
	}
}

/* ---- symbols and bytes ---------------------------------------------------------------------------- */

static void scan_symbols(scan *s) {
	const folded *t = s->text;
	const keys *k = &s->m->by[BY_SYMBOL];
	for (size_t b = 0; b < (t->n + 63) / 64; b++)
		for (uint64_t bits = t->symbols[b]; bits; bits &= bits - 1) {
			size_t at = b * 64 + (size_t)__builtin_ctzll(bits);
			uint8_t lengths = s->m->symbol_lengths[(unsigned char)t->p[at]];
			for (unsigned n = 1; lengths >> n; n++) {
				uint64_t key = short_key(load8(t->p + at), n);
				if (lengths >> n & 1 && filter_pass(k, key))
					look_up(s, k, key, at);
			}
		}
}

/* Looks at every stride-th byte: of what is entered by as many anchors, each a byte further on, one is met. */
static void scan_bytes(scan *s, const keys *k, unsigned length, unsigned stride) {
	const folded *t = s->text;
	places list;
	for (size_t from = 0; from < t->n;) {
		for (list.count = 0; list.count < BLOCKS * 64 && from < t->n; from += stride)
			list.at[list.count++] = (uint32_t)from;
		scan_short(s, k, &list, length);
	}
}

bool matcher_scan(const matcher *m, const folded *text, hits *out) {
	scan s = {.m = m, .text = text, .out = out};
	out->count = 0;
	if (m->by[BY_WORD].count || m->by[BY_BEGINNING].count)
		scan_words(&s);
	if (m->by[BY_CHARACTER].count)
		scan_characters(&s);
	if (m->by[BY_SYMBOL].count)
		scan_symbols(&s);
	for (unsigned n = 1; m->lengths[BY_BYTES] >> n; n++)
		if (m->lengths[BY_BYTES] >> n & 1)
			scan_bytes(&s, &m->by[BY_BYTES], n, 1);
	if (m->by[BY_MORE_BYTES].count)
		scan_bytes(&s, &m->by[BY_MORE_BYTES], 4, MORE_BYTES_STRIDE);
	sort_hits(out);
	return !s.failed;
}
