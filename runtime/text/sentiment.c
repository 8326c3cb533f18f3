/* sentiment.c: finds the words of tone in a text, sentence by sentence, and sums up what weighing them gave. Uses
 * matcher and fold. Knows no language. */
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <math.h>

#include "text/sentiment_parts.h"

/* The score of a sum s over n words is t / sqrt(t² + EVEN), t = s / sqrt(n): a plain word of praise (2) says 0.5, and
 * ten say more than one, but not ten times as much. */
#define EVEN 14.0
#define RUNS_MOST 4 /* stretches in one word that are looked up in all ways ("sooo gooood" is two words) */
#define WORD_MOST 64
#define MARKS_ROOM 32

typedef struct walk {
	const folded *text;
	const matcher *m;
	const uint64_t *use;
	arena *memory;
	sentiment *out;
	sentence now;
	int capacity;   /* of out->tones */
	uint32_t steps; /* so far */
	uint32_t clause;
	bool ended;    /* an end of the sentence was read */
	bool shouted;  /* most of the text is in capitals … */
	bool measured; /* … which is only asked when a word is */
	bool lines;    /* the text has line breaks */
	size_t start, end;
	double sum;
	bool failed;
} walk;

/* ---- what bytes are ---- */

static bool is_word(const walk *w, size_t i) {
	return i >= w->start && i < w->end && (fold_bit(w->text->words, i) || fold_bit(w->text->spaceless, i));
}

static bool is_at(const walk *w, size_t i, const char *z) {
	size_t n = strlen(z);
	return i + n <= w->end && memcmp(w->text->p + i, z, n) == 0;
}

/* An apostrophe within a word: "don't" is one word. */
static bool is_joint(const walk *w, size_t i) {
	return w->text->p[i] == '\'' && i > w->start && is_word(w, i - 1) && is_word(w, i + 1);
}

/* Bits [from, to) of 64. */
static uint64_t bits_between(size_t from, size_t to) {
	if (from >= to)
		return 0;
	return (to >= 64 ? UINT64_MAX : ((uint64_t)1 << to) - 1) & UINT64_MAX << from;
}

static bool divides_clauses(const walk *w, size_t i) {
	switch (w->text->p[i]) {
	case ',':
	case ';':
	case ':':
	case '(':
	case ')': return true;
	case '-': return i > w->start && w->text->p[i - 1] == ' ';
	default:
		return is_at(w, i, "\xE3\x80\x81") || is_at(w, i, "\xE2\x80\x93") || is_at(w, i, "\xE2\x80\x94"); /* 、–— */
	}
}

/* ---- letters of the original ---- */

static void count_letters(str s, size_t *upper, size_t *lower) {
	for (size_t i = 0; i < s.n; i++) {
		*upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
		*lower += s.p[i] >= 'a' && s.p[i] <= 'z';
	}
}

static str original_of(const walk *w, size_t start, size_t end) {
	size_t from = fold_original_start(w->text, start), to = fold_original_end(w->text, end);
	return (str){w->text->original.p + from, to - from};
}

static bool in_capitals(walk *w, const hit *h) {
	size_t upper = 0, lower = 0;
	count_letters(original_of(w, h->start, h->end), &upper, &lower);
	if (upper < 2 || lower > 0)
		return false;
	if (!w->measured) {
		size_t all_upper = 0, all_lower = 0;
		count_letters(original_of(w, w->start, w->end), &all_upper, &all_lower);
		w->shouted = all_upper > all_lower;
		w->measured = true;
	}
	return !w->shouted;
}

/* ---- sentences ---- */

static void add_tone(walk *w, const mark *m) {
	sentiment *out = w->out;
	if (out->count == w->capacity) {
		int more = w->capacity ? w->capacity * 2 : 8;
		tone *grown = arena_alloc(w->memory, sizeof *grown * (size_t)more);
		if (!grown) {
			w->failed = true;
			return;
		}
		if (out->count)
			memcpy(grown, out->tones, sizeof *grown * (size_t)out->count);
		out->tones = grown;
		w->capacity = more;
	}
	out->tones[out->count++] = (tone){.at = m->at, .points = m->points};
	w->sum += m->points;
}

static void close_sentence(walk *w) {
	if (w->now.count > 0) {
		sentiment_weigh(&w->now);
		for (int i = 0; i < w->now.count && !w->failed; i++)
			if (w->now.marks[i].points != 0)
				add_tone(w, &w->now.marks[i]);
	}
	w->now.count = w->now.bangs = w->now.questions = 0;
	w->clause = 0;
	w->ended = false;
}

static mark *add_mark(walk *w) {
	sentence *s = &w->now;
	if (s->count == s->capacity) {
		int more = s->capacity * 2;
		mark *grown = arena_alloc(w->memory, sizeof *grown * (size_t)more);
		if (!grown) {
			w->failed = true;
			return NULL;
		}
		memcpy(grown, s->marks, sizeof *grown * (size_t)s->count);
		s->marks = grown;
		s->capacity = more;
	}
	s->marks[s->count] = (mark){.strength = 1};
	return &s->marks[s->count++];
}

/* Steps of the words that begin under `mask` in block k of 64 bytes. */
static uint32_t steps_in(const folded *f, size_t k, uint64_t mask) {
	uint64_t before = f->words[k] << 1 | (k > 0 ? f->words[k - 1] >> 63 : 0);
	uint64_t words = ((f->words[k] & ~before) | f->edges[k]) & mask, characters = f->starts[k] & mask;
	uint32_t steps = 0;
	for (; words; words &= words - 1)
		steps += STEPS_WORD;
	for (; characters; characters &= characters - 1)
		steps += STEPS_CHARACTER;
	return steps;
}

/* Punctuation and line breaks. */
static void divide(walk *w, size_t i) {
	const folded *f = w->text;
	if (f->p[i] == '\n') {
		close_sentence(w);
	} else if (f->p[i] == '!' || f->p[i] == '?') {
		w->now.bangs += f->p[i] == '!' && w->now.bangs < 100;
		w->now.questions += f->p[i] == '?' && w->now.questions < 100;
		w->ended = true;
	} else if ((f->p[i] == '.' && !is_word(w, i + 1)) || is_at(w, i, "\xE3\x80\x82")) { /* 。 */
		w->ended = true;
	} else if (is_joint(w, i)) {
		w->steps -= STEPS_WORD; /* what follows was part of it */
	} else if (divides_clauses(w, i)) {
		w->clause++;
	}
}

static void step(walk *w, uint32_t steps) {
	if (steps > 0 && w->ended)
		close_sentence(w);
	w->steps += steps;
}

/* Reads what stands between entries, a block of 64 bytes at a time: words count steps, punctuation divides. In a
 * sentence nothing matters before its first entry. */
static void pass(walk *w, size_t from, size_t to) {
	const folded *f = w->text;
	for (size_t k = from / 64; from < to && w->now.count > 0; k++) {
		size_t base = k * 64, at = from - base, last = to - base < 64 ? to - base : 64;
		uint64_t spaces = w->lines ? ~(f->words[k] | f->spaceless[k]) : 0;
		uint64_t places = (f->symbols[k] | spaces) & bits_between(at, last);
		for (; places; places &= places - 1) {
			size_t next = (size_t)__builtin_ctzll(places);
			step(w, steps_in(f, k, bits_between(at, next)));
			divide(w, base + next);
			at = next + 1;
		}
		step(w, steps_in(f, k, bits_between(at, last)));
		from = base + last;
	}
	if (w->now.count == 0)
		close_sentence(w);
}

static uint32_t steps_between(const walk *w, size_t from, size_t to) {
	uint32_t steps = 0;
	for (size_t k = from / 64; from < to; k++) {
		size_t base = k * 64, last = to - base < 64 ? to - base : 64;
		steps += steps_in(w->text, k, bits_between(from - base, last));
		uint64_t symbols = w->text->symbols[k] & bits_between(from - base, last);
		for (; symbols; symbols &= symbols - 1)
			steps -= is_joint(w, base + (size_t)__builtin_ctzll(symbols)) ? STEPS_WORD : 0;
		from = base + last;
	}
	return steps;
}

/* ---- entries ---- */

static void take(walk *w, const hit *h, const term *t, bool negate, bool negate_after, bool stretched) {
	bool symbol = !is_word(w, h->start);
	if (w->ended && !symbol)
		close_sentence(w);
	uint32_t from = w->steps;
	w->steps += steps_between(w, h->start, h->end);
	/* "not really very good": what strengthens keeps nothing apart. */
	if (t->role == ROLE_STRENGTHEN || t->role == ROLE_WEAKEN)
		w->steps = from;
	if (t->role == ROLE_NEUTRAL)
		return;
	mark *m = add_mark(w);
	if (!m)
		return;
	m->at = *h;
	m->term = t;
	m->from = from;
	m->to = w->steps;
	m->clause = w->clause;
	m->symbol = symbol;
	m->negate = negate;
	m->negate_after = negate_after;
	m->stretched = stretched;
	m->capitals = t->role == ROLE_TERM && in_capitals(w, h);
}

/* Not the ":p" of "so:perfect". */
static bool within_words(const walk *w, const hit *h) {
	return (unsigned char)w->text->p[h->start] < 0x80 && !is_word(w, h->start) && w->text->p[h->start] != '#' &&
	       h->start > w->start && is_word(w, h->start - 1) && is_word(w, h->end);
}

static bool is_prefix(const term *t) { return t->how == HOW_WRITTEN && t->text.n && t->text.p[t->text.n - 1] == '*'; }

/* The entries of one stretch of text, hits [i, returned): a whole word says more than a beginning, then the earlier
 * entry; a negation may be of both kinds. */
static uint32_t choose(const walk *w, const hits *h, uint32_t i, hit *best, bool *negate, bool *negate_after) {
	const hit *first = &h->items[i];
	bool chosen = false;
	*negate = *negate_after = false;
	for (; i < h->count && h->items[i].start == first->start && h->items[i].end == first->end; i++) {
		entry e = matcher_entry(w->m, h->items[i].entry);
		if (!fold_bit(w->use, (size_t)e.lexicon))
			continue;
		if (!chosen || (is_prefix(matcher_entry(w->m, best->entry).term) && !is_prefix(e.term)))
			*best = h->items[i];
		chosen = true;
		*negate |= e.term->role == ROLE_NEGATE;
		*negate_after |= e.term->role == ROLE_NEGATE_AFTER;
	}
	if (!chosen)
		best->end = 0;
	return i;
}

/* ---- stretched words ---- */

typedef struct stretch {
	size_t at, unit, end; /* in the word: the first character, its bytes, where its repetitions end */
} stretch;

static size_t character_size(const char *p, size_t n) {
	size_t size = 1;
	while (size < n && ((unsigned char)p[size] & 0xC0) == 0x80)
		size++;
	return size;
}

/* The runs of three and more of one character; -1: more than are looked up. */
static int find_stretches(str word, stretch out[RUNS_MOST]) {
	int count = 0;
	for (size_t i = 0; i < word.n;) {
		size_t unit = character_size(word.p + i, word.n - i), end = i + unit;
		while (end + unit <= word.n && memcmp(word.p + i, word.p + end, unit) == 0)
			end += unit;
		if (end - i >= 3 * unit) {
			if (count == RUNS_MOST)
				return -1;
			out[count++] = (stretch){i, unit, end};
		}
		i = end;
	}
	return count;
}

/* "goooood" is looked up as "good", then as "god": bit k of `single` says that run k keeps one character. */
static uint32_t look_up_shortened(const walk *w, str word) {
	stretch runs[RUNS_MOST];
	int count = find_stretches(word, runs);
	for (int single = 0; count > 0 && single < 1 << count; single++) {
		char copy[WORD_MOST];
		size_t n = 0, from = 0;
		for (int k = 0; k <= count; k++) {
			size_t to = k < count ? runs[k].at + runs[k].unit * (single >> k & 1 ? 1 : 2) : word.n;
			if (n + to - from > sizeof copy)
				return UINT32_MAX;
			memcpy(copy + n, word.p + from, to - from);
			n += to - from;
			from = k < count ? runs[k].end : to;
		}
		uint32_t found = matcher_word(w->m, (str){copy, n}, w->use);
		if (found != UINT32_MAX)
			return found;
	}
	return UINT32_MAX;
}

/* Where a character may stand three times, or `to`: three equal bytes, or parts of characters with one between. */
static size_t find_repeated(const folded *f, size_t from, size_t to) {
	size_t i = from;
#ifdef __SSE2__
	for (; i < to; i += 16) { /* FOLD_PAD bytes stand behind the text */
		__m128i here = _mm_loadu_si128((const __m128i *)(const void *)(f->p + i));
		__m128i next = _mm_loadu_si128((const __m128i *)(const void *)(f->p + i + 1));
		__m128i third = _mm_loadu_si128((const __m128i *)(const void *)(f->p + i + 2));
		__m128i same = _mm_or_si128(_mm_cmpeq_epi8(here, next), _mm_cmplt_epi8(here, _mm_setzero_si128()));
		unsigned found = (unsigned)_mm_movemask_epi8(_mm_and_si128(same, _mm_cmpeq_epi8(here, third)));
		if (found)
			return i + (size_t)__builtin_ctz(found) < to ? i + (size_t)__builtin_ctz(found) : to;
	}
	return to;
#else
	while (i < to && !(f->p[i] == f->p[i + 2] && ((unsigned char)f->p[i] >= 0x80 || f->p[i] == f->p[i + 1])))
		i++;
	return i;
#endif
}

/* Takes the stretched words of [from, to), in which no entry stands, and passes by the rest. */
static void pass_stretched(walk *w, size_t from, size_t to) {
	const folded *f = w->text;
	size_t done = from;
	for (size_t i = find_repeated(f, from, to); i + 2 < to; i = find_repeated(f, i + 1, to)) {
		if (!fold_bit(f->words, i) || !fold_bit(f->words, i + 2))
			continue;
		size_t start = i, end = i;
		while (start > done && !fold_bit(f->edges, start) && fold_bit(f->words, start - 1))
			start--;
		while (end < to && fold_bit(f->words, end) && (end == i || !fold_bit(f->edges, end)))
			end++;
		uint32_t number = look_up_shortened(w, (str){f->p + start, end - start});
		if (number != UINT32_MAX) {
			hit h = {.start = (uint32_t)start, .end = (uint32_t)end, .entry = number & 0x7FFFFFFF};
			const term *t = matcher_entry(w->m, number).term;
			pass(w, done, start);
			take(w, &h, t, t->role == ROLE_NEGATE, t->role == ROLE_NEGATE_AFTER, true);
			done = end;
		}
		i = end - 1;
	}
	pass(w, done, to);
}

/* ---- the whole ---- */

/* The first hit that begins at `start` or behind it. */
static uint32_t first_hit(const hits *h, size_t start) {
	uint32_t low = 0, high = h->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (h->items[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool sentiment_of(const folded *text, size_t start, size_t end, const matcher *m, const hits *h, const uint64_t *use,
                  arena *a, sentiment *out) {
	mark room[MARKS_ROOM]; /* enough for most sentences */
	walk w = {.text = text, .m = m, .use = use, .memory = a, .out = out, .start = start, .end = end};
	w.now.marks = room;
	w.now.capacity = MARKS_ROOM;
	size_t done = start;
	*out = (sentiment){0};
	w.lines = memchr(text->p + start, '\n', end - start);
	for (uint32_t i = first_hit(h, start); i < h->count && h->items[i].start < end && !w.failed;) {
		hit best = h->items[i];
		bool negate, negate_after;
		if (best.start < done || best.end > end) {
			i++;
			continue;
		}
		i = choose(&w, h, i, &best, &negate, &negate_after);
		const term *chosen = matcher_entry(m, best.entry).term;
		if (best.end == 0 || (chosen->role != ROLE_NEUTRAL && within_words(&w, &best)))
			continue;
		pass_stretched(&w, done, best.start);
		take(&w, &best, chosen, negate, negate_after, false);
		done = best.end;
	}
	pass_stretched(&w, done, end);
	close_sentence(&w);
	if (out->count > 0) {
		double mean = w.sum / sqrt(out->count);
		out->score = mean / sqrt(mean * mean + EVEN);
	}
	return !w.failed;
}
