/* disguise.c: the second reading. Where disguise_find.c says that words may be in disguise, they are written out as
 * they look, with a few words around them so that phrases are found too; that text is folded and scanned with the same
 * matcher, and its hits go back to where they stand in the plain reading. */
#include "text/disguise.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "text/disguise_parts.h"

#define AROUND_WORDS 8
#define AROUND_BYTES 200
#define DROP_LEAST 4
#define DROP_MOST 32 /* letters set apart of which the first or last may be words of their own: "i k i l l" */
#define WORD_BACK 64 /* bytes looked back for the beginning of the word that is shown */
#define CHANGED 0x80000000u
#define APART '\x1F' /* between windows: in no term */

/* Words in disguise and those around them, in one piece: places [first, last). */
typedef struct window {
	uint32_t start, end;
	uint32_t first, last;
	uint8_t kinds;
	uint8_t choices; /* the most of a place */
	bool drops;      /* has letters set apart of which one may be a word */
} window;

/* How one text is read again. */
typedef enum pass {
	PASS_LOOKS,
	PASS_NATIVE,
	PASS_I,  /* signs are read; what may be i or l is i */
	PASS_L,  /* … is l */
	PASS_IL, /* … is i, l, i, l */
	PASS_LI,
	PASS_FIRST, /* the first of letters set apart is a word of its own */
	PASS_LAST,
	PASSES
} pass;

struct disguise {
	disguise_place *places;
	uint32_t place_count, place_capacity;
	window *windows;
	uint32_t window_count, window_capacity;
	buffer text;      /* the second reading */
	uint32_t *source; /* for each of its bytes, two: the byte of the plain reading that it is for (CHANGED: it differs),
	                   * and the byte behind that */
	size_t source_capacity;
	folded folded;
	hits scanned, found;
};

disguise *disguise_new(void) { return calloc(1, sizeof(disguise)); }

void disguise_free(disguise *d) {
	if (!d)
		return;
	free(d->places);
	free(d->windows);
	free(d->source);
	buffer_free(&d->text);
	fold_free(&d->folded);
	hits_free(&d->scanned);
	hits_free(&d->found);
	free(d);
}

static bool grow(void **items, uint32_t *capacity, uint32_t count, size_t size) {
	if (count < *capacity)
		return true;
	uint32_t more = *capacity ? *capacity * 2 : 32;
	void *grown = realloc(*items, more * size);
	if (!grown)
		return false;
	*items = grown;
	*capacity = more;
	return true;
}

/* ---- places and windows ------------------------------------------------------------------------ */

static bool find_places(disguise *d, const folded *f) {
	disguise_finder finder;
	disguise_begin(&finder, f);
	d->place_count = 0;
	size_t done = 0; /* what lies before was looked at */
	for (size_t i; (i = disguise_next(&finder, done)) < f->n;) {
		disguise_place p;
		if (disguise_place_at(&finder, disguise_word_start(f, i, done), &p)) {
			if (!grow((void **)&d->places, &d->place_capacity, d->place_count, sizeof *d->places))
				return false;
			d->places[d->place_count++] = p;
		}
		done = p.end > i ? p.end : i + 1;
	}
	return true;
}

static bool word_at(const folded *f, size_t i) { return i < f->n && fold_bit(f->words, i); }
static bool character_start(const folded *f, size_t i) { return i >= f->n || ((unsigned char)f->p[i] & 0xC0) != 0x80; }

/* Eight words before `at`, not before `least`. */
static size_t around_start(const folded *f, size_t at, size_t least) {
	size_t i = at;
	for (int words = 0; i > least && at - i < AROUND_BYTES; i--) {
		words += word_at(f, i) && !word_at(f, i - 1);
		if (words > AROUND_WORDS)
			break;
	}
	while (i < at && (!character_start(f, i) || (i && word_at(f, i) && word_at(f, i - 1))))
		i++;
	return i;
}

/* Eight words behind `at`, but not further than `most`. */
static size_t around_end(const folded *f, size_t at, size_t most) {
	size_t i = at;
	for (int words = 0; i < most && i - at < AROUND_BYTES; i++) {
		words += word_at(f, i) && (i == at || !word_at(f, i - 1));
		if (words > AROUND_WORDS)
			break;
	}
	while (i > at && i < most && (!character_start(f, i) || (word_at(f, i) && word_at(f, i - 1))))
		i--;
	return i;
}

/* Words of one letter stand before and behind letters set apart: "i k i l l", "k i l l a". Three must be left. */
static bool drops(const disguise_place *p) {
	return p->kinds & DISGUISE_SPACED && p->end - p->start >= 2 * DROP_LEAST - 1 && p->end - p->start <= 2 * DROP_MOST;
}

static bool make_windows(disguise *d, const folded *f) {
	window *w = NULL;
	d->window_count = 0;
	for (uint32_t i = 0; i < d->place_count; i++) {
		const disguise_place *p = &d->places[i];
		uint32_t next = i + 1 < d->place_count ? d->places[i + 1].start : (uint32_t)f->n;
		if (!w || p->start > w->end) {
			if (!grow((void **)&d->windows, &d->window_capacity, d->window_count, sizeof *w))
				return false;
			/* Handles stand in so many texts that those which may be a word (@ss) are read alone. */
			size_t start = p->at_only ? p->start : around_start(f, p->start, w ? w->end : 0);
			w = &d->windows[d->window_count++];
			*w = (window){.start = (uint32_t)start, .first = i};
		}
		w->last = i + 1;
		w->kinds |= p->kinds;
		if (p->kinds & DISGUISE_SIGNS && p->choices > w->choices)
			w->choices = p->choices;
		w->drops |= drops(p);
		w->end = p->at_only ? p->end : (uint32_t)around_end(f, p->end, next);
	}
	return true;
}

static bool reads(const window *w, pass p) {
	switch (p) {
	case PASS_LOOKS: return w->kinds & (DISGUISE_LOOKS | DISGUISE_SPACED);
	case PASS_NATIVE: return w->kinds & DISGUISE_NATIVE;
	case PASS_I: return w->kinds & DISGUISE_SIGNS;
	case PASS_L: return w->choices >= 1;
	case PASS_IL:
	case PASS_LI: return w->choices >= 2;
	case PASS_FIRST:
	case PASS_LAST: return w->drops;
	default: return false;
	}
}

/* ---- writing the second reading ----------------------------------------------------------------- */

static bool reserve(disguise *d, size_t more) {
	if (!buffer_reserve(&d->text, more))
		return false;
	size_t need = 2 * (d->text.n + more);
	if (need <= d->source_capacity)
		return true;
	size_t capacity = need > 2 * d->source_capacity ? need : 2 * d->source_capacity;
	uint32_t *grown = realloc(d->source, capacity * sizeof *grown);
	if (!grown)
		return false;
	d->source = grown;
	d->source_capacity = capacity;
	return true;
}

static void write_byte(disguise *d, char c, uint32_t from, size_t to) {
	d->source[2 * d->text.n] = from;
	d->source[2 * d->text.n + 1] = (uint32_t)to;
	d->text.p[d->text.n++] = c;
}

static bool copy(disguise *d, const folded *f, size_t start, size_t end) {
	if (start >= end)
		return true;
	if (!reserve(d, end - start))
		return false;
	for (size_t i = start; i < end; i++)
		write_byte(d, f->p[i], (uint32_t)i, i + 1);
	return true;
}

static char chosen(pass p, uint32_t number) {
	return p == PASS_L || (p == PASS_IL && number % 2) || (p == PASS_LI && number % 2 == 0) ? 'l' : 'i';
}

static bool last_word(const folded *f, size_t start, size_t end) {
	while (start < end && word_at(f, start))
		start++;
	return start == end;
}

/* Calls `put` with each character that the place shows in this pass; c 0: nothing, a mark is taken away. */
typedef bool put_character(void *user, uint32_t c, size_t start, size_t end, bool changed);

static bool show_place(const folded *f, const disguise_place *place, pass p, put_character *put, void *user) {
	uint8_t kinds = place->kinds;
	if (p == PASS_LOOKS || p == PASS_NATIVE)
		kinds &= (uint8_t)~DISGUISE_SIGNS;
	bool native = p == PASS_NATIVE && kinds & DISGUISE_NATIVE, spaced = kinds & DISGUISE_SPACED;
	uint32_t number = 0;
	for (size_t i = place->start; i < place->end;) {
		uint32_t c;
		size_t end = i + utf8_decode(f->p + i, place->end - i, &c);
		bool separator = spaced && !word_at(f, i);
		if (separator) {
			bool kept = (p == PASS_FIRST && number == 1) || (p == PASS_LAST && last_word(f, end, place->end));
			if (kept && drops(place) && !put(user, c, i, end, false))
				return false;
		} else {
			bool sign = !place->at_only || i == place->start;
			uint32_t read =
			    disguise_reads(c, sign ? kinds : (uint8_t)(kinds & ~DISGUISE_SIGNS), native, chosen(p, number));
			number += spaced ? end == place->end || !word_at(f, end) : disguise_choice(c);
			if (!put(user, read, i, end, spaced || read != c))
				return false;
		}
		i = end;
	}
	return true;
}

static bool put_source(void *user, uint32_t c, size_t start, size_t end, bool changed) {
	disguise *d = user;
	char bytes[4];
	size_t n = c ? utf8_encode(c, bytes) : 0;
	if (!n && d->text.n) { /* the letter before it has it */
		d->source[2 * d->text.n - 2] |= CHANGED;
		d->source[2 * d->text.n - 1] = (uint32_t)end;
	}
	if (!reserve(d, n))
		return false;
	for (size_t i = 0; i < n; i++)
		write_byte(d, bytes[i], (uint32_t)start | (changed ? CHANGED : 0), end);
	return true;
}

static bool write_reading(disguise *d, const folded *f, pass p) {
	buffer_clear(&d->text);
	for (uint32_t k = 0; k < d->window_count; k++) {
		const window *w = &d->windows[k];
		if (!reads(w, p))
			continue;
		size_t at = w->start;
		for (uint32_t i = w->first; i < w->last; i++) {
			if (!copy(d, f, at, d->places[i].start) || !show_place(f, &d->places[i], p, put_source, d))
				return false;
			at = d->places[i].end;
		}
		if (!copy(d, f, at, w->end) || !reserve(d, 1))
			return false;
		write_byte(d, APART, w->end, w->end);
	}
	return true;
}

/* ---- hits --------------------------------------------------------------------------------------- */

static int hit_order(const void *a, const void *b) {
	const hit *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

/* Does the plain reading have this entry at this place? */
static bool plain_has(const hits *h, const hit *one) {
	uint32_t low = 0, high = h->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (h->items[middle].start < one->start)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < h->count && h->items[low].start == one->start; low++)
		if (h->items[low].entry == one->entry)
			return true;
	return false;
}

static bool keep_hits(disguise *d, const hits *plain) {
	for (uint32_t i = 0; i < d->scanned.count; i++) {
		const hit *s = &d->scanned.items[i];
		size_t start = fold_original_start(&d->folded, s->start), end = fold_original_end(&d->folded, s->end);
		bool changed = false;
		if (start >= end)
			continue;
		for (size_t k = start; k < end && !changed; k++)
			changed = d->source[2 * k] & CHANGED;
		if (!changed)
			continue;
		hit h = {
		    .start = d->source[2 * start] & ~CHANGED, .end = d->source[2 * end - 1], .entry = s->entry, .disguised = 1};
		if (plain_has(plain, &h))
			continue;
		if (!grow((void **)&d->found.items, &d->found.capacity, d->found.count, sizeof h))
			return false;
		d->found.items[d->found.count++] = h;
	}
	return true;
}

/* Puts what was found between the plain hits. */
static bool merge(disguise *d, hits *h) {
	hits *f = &d->found;
	qsort(f->items, f->count, sizeof *f->items, hit_order);
	uint32_t count = 0;
	for (uint32_t i = 0; i < f->count; i++)
		if (!i || hit_order(&f->items[i], &f->items[i - 1]) != 0)
			f->items[count++] = f->items[i];
	f->count = count;
	if (h->capacity - h->count < count) {
		hit *grown = realloc(h->items, sizeof *grown * (h->count + count));
		if (!grown)
			return false;
		h->items = grown;
		h->capacity = h->count + count;
	}
	uint32_t plain = h->count, second = count;
	for (uint32_t to = h->count + count; second;)
		h->items[--to] = plain && hit_order(&h->items[plain - 1], &f->items[second - 1]) > 0 ? h->items[--plain]
		                                                                                     : f->items[--second];
	h->count += count;
	return true;
}

bool disguise_scan(disguise *d, const matcher *m, const folded *text, hits *h) {
	if (!find_places(d, text))
		return false;
	if (!d->place_count)
		return true;
	if (!make_windows(d, text))
		return false;
	d->found.count = 0;
	for (pass p = 0; p < PASSES; p++) {
		if (!write_reading(d, text, p))
			return false;
		if (!d->text.n)
			continue;
		if (!fold_text(&d->folded, (str){d->text.p, d->text.n}) || !matcher_scan(m, &d->folded, &d->scanned) ||
		    !keep_hits(d, h))
			return false;
	}
	return !d->found.count || merge(d, h);
}

/* ---- for people --------------------------------------------------------------------------------- */

typedef struct shown {
	buffer *out;
	size_t start, end;
} shown;

static bool put_shown(void *user, uint32_t c, size_t start, size_t end, bool changed) {
	shown *s = user;
	(void)changed;
	char bytes[4];
	if (c && start >= s->start && end <= s->end)
		buffer_add(s->out, bytes, utf8_encode(c, bytes));
	return !s->out->failed;
}

bool disguise_shown(const folded *text, size_t start, size_t end, buffer *out) {
	disguise_finder finder;
	disguise_begin(&finder, text);
	shown s = {out, start, end};
	for (size_t i = start; i < end;) {
		disguise_place p;
		uint32_t c;
		size_t next = i + utf8_decode(text->p + i, text->n - i, &c);
		size_t word = i == start ? disguise_word_start(text, i, i > WORD_BACK ? i - WORD_BACK : 0) : i;
		if (!disguise_place_at(&finder, word, &p) || p.end <= i)
			p = (disguise_place){.start = (uint32_t)i, .end = p.end > next ? p.end : (uint32_t)next};
		bool native = p.kinds & DISGUISE_NATIVE && !(finder.latin && p.kinds & DISGUISE_LOOKS);
		if (!show_place(text, &p, native ? PASS_NATIVE : PASS_I, put_shown, &s))
			return false;
		i = p.end;
	}
	return !out->failed;
}
