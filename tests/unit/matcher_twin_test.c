/* matcher_twin_test.c: the matcher against a slow twin that tries each term at each character of the folded text, word
 * for word by what matcher.h says, on generated terms and texts. Prints TAP.
 * Arguments: how many texts (100,000), the seed (1). */
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "text/matcher.h"

enum { LISTS = 4, TERMS = 30, TEXTS = 60, SHOWN = 5, MOST_HITS = 20000 };

/* ---- the twin ----------------------------------------------------------------------------------- */

static bool word_at(const folded *t, size_t i) { return i < t->n && fold_bit(t->words, i); }
static bool spaceless_at(const folded *t, size_t i) { return i < t->n && fold_bit(t->spaceless, i); }
static bool space_char(const folded *t, size_t i) { return i < t->n && strchr(" \t\n\v\f\r", t->p[i]) && t->p[i]; }
static bool edge_at(const folded *t, size_t i) { return i < t->n && fold_bit(t->edges, i); }

static size_t char_end(const folded *t, size_t i) {
	for (i++; i < t->n && ((unsigned char)t->p[i] & 0xC0) == 0x80;)
		i++;
	return i;
}

static bool word_border(const folded *t, size_t i) {
	return i == 0 || !word_at(t, i - 1) || !word_at(t, i) || edge_at(t, i);
}

static bool tag_char(const folded *t, size_t i) {
	return word_at(t, i) || spaceless_at(t, i) || (i < t->n && t->p[i] == '_');
}

static size_t handle_stop(const folded *t, size_t at, bool spaceless) {
	size_t end = at, i = at;
	for (; i < t->n; i++)
		if (word_at(t, i) || t->p[i] == '_' || (spaceless && spaceless_at(t, i)))
			end = i + 1;
		else if (t->p[i] != '.' && t->p[i] != '-')
			break;
	return end;
}

static bool mention_at(const folded *t, size_t i) {
	return t->p[i] == '@' && (i == 0 || !(word_at(t, i - 1) || t->p[i - 1] == '_'));
}

/* Does byte i (a border) lie strictly inside a handle of words? */
static bool inside_handle(const folded *t, size_t i) {
	for (size_t k = 0; k < t->n; k++)
		if (mention_at(t, k) && k + 1 < i && i < handle_stop(t, k + 1, false))
			return true;
	return false;
}

static bool tag_start(const folded *t, size_t i) {
	if (!word_at(t, i ? i - 1 : t->n))
		return true;
	while (i > 0 && tag_char(t, i - 1))
		i--;
	return i > 0 && t->p[i - 1] == '#';
}

/* The kind of the end of a term: 'w' word, 's' spaceless, '#', '@', or 0. first: of the part [from, to) that begins. */
static char kind_of(const folded *f, size_t from, size_t to, size_t at, enum how how) {
	if (how == HOW_SUBSTRING)
		return 0;
	if (how == HOW_WRITTEN && to - from >= 2 && (f->p[from] == '#' || f->p[from] == '@')) {
		bool all = f->p[from + 1] != '.' && f->p[from + 1] != '-';
		for (size_t i = from + 1; i < to; i++)
			all = all && (tag_char(f, i) || (f->p[from] == '@' && (f->p[i] == '.' || f->p[i] == '-')));
		if (all)
			return f->p[from];
	}
	return word_at(f, at) ? 'w' : how == HOW_WRITTEN && spaceless_at(f, at) ? 's' : 0;
}

static bool capital_i(const folded *t, size_t i) {
	return t->p[i] == 'i' && t->original.p[fold_original_start(t, i)] == 'I';
}

/* One character of the term against the text: where both stand afterwards; false: they differ. */
static bool same_char(const folded *f, size_t *a, const folded *t, size_t *b, bool turkish) {
	size_t to = char_end(f, *a), n = to - *a;
	if (*b >= t->n)
		return false;
	bool dotless = n == 2 && !memcmp(f->p + *a, "ı", 2);
	if (turkish && capital_i(t, *b)) {
		if (!dotless)
			return false;
		*b += 1;
	} else {
		if (*b + n > t->n || memcmp(f->p + *a, t->p + *b, n) != 0)
			return false;
		*b += n;
	}
	*a = to;
	return true;
}

/* Does the folded term f stand at byte `at` of t? Then where it ends. */
static bool stands(const folded *f, enum how how, bool turkish, const folded *t, size_t at, size_t *end) {
	size_t n = f->n, i = 0, j = at, from = 0, part = 0;
	while (n > 0 && space_char(f, n - 1))
		n--;
	while (i < n && space_char(f, i))
		i++;
	size_t begin = i;
	bool star = false, went_on = false;
	from = part = i;
	size_t part_text = j;
	size_t last = i;
	if (i == n)
		return false;
	while (i < n) {
		if (space_char(f, i)) {
			while (space_char(f, i))
				i++;
			bool joined = spaceless_at(f, last) || spaceless_at(f, i);
			size_t spaces = j;
			while (space_char(t, j))
				j++;
			if (j == spaces && !joined)
				return false;
			part = i;
			part_text = j;
			star = went_on = false;
		} else if (how == HOW_WRITTEN && f->p[i] == '*' && i > part && (i + 1 == n || space_char(f, i + 1)) &&
		           (word_at(f, last) || spaceless_at(f, last))) {
			star = word_at(f, last);
			i++;
			if (star && i < n)
				while (!word_border(t, j))
					j++;
		} else {
			last = i;
			if (!same_char(f, &i, t, &j, turkish))
				return false;
		}
	}
	(void)went_on;
	size_t part_end = star || (how == HOW_WRITTEN && f->p[n - 1] == '*' && n - 1 > part &&
	                           (word_at(f, last) || spaceless_at(f, last)))
	                      ? n - 1
	                      : n;
	size_t first_end = begin;
	while (first_end < n && !space_char(f, first_end))
		first_end++;
	if (first_end > begin + 1 && how == HOW_WRITTEN && f->p[first_end - 1] == '*' &&
	    (word_at(f, first_end - 2) || spaceless_at(f, first_end - 2)))
		first_end--;
	char left = kind_of(f, from, first_end, begin, how);
	size_t letters = 0;
	if (how == HOW_WRITTEN && !strncmp(f->p + begin, "\xF0\x9F\x87", 3))
		while (at >= 4 * (letters + 1) && !strncmp(t->p + at - 4 * (letters + 1), "\xF0\x9F\x87", 3))
			letters++;
	if (letters % 2)
		return false;
	char right = how == HOW_PREFIX ? 0 : kind_of(f, part, part_end, last, how);
	if ((left == 'w' && !word_border(t, at)) || (left == 's' && !fold_bit(t->starts, at)) ||
	    (left == '#' && !tag_start(t, at)) || (left == '@' && !mention_at(t, at)))
		return false;
	size_t stop = j;
	if (right == 'w')
		while (!word_border(t, stop))
			stop++;
	else if (right == '#')
		while (tag_char(t, stop))
			stop++;
	else if (right == '@')
		stop = handle_stop(t, j, spaceless_at(t, part_text + 1));
	else if (right == 's' && spaceless_at(t, j) && !fold_bit(t->starts, j))
		return false;
	if (stop > j && !star)
		return false;
	if (how == HOW_WRITTEN && ((left == 'w' && inside_handle(t, at)) || (right == 'w' && inside_handle(t, stop))))
		return false;
	*end = stop;
	return true;
}

static int hit_order(const void *a, const void *b) {
	const hit *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

/* ---- terms and texts ---------------------------------------------------------------------------- */

static uint64_t state;

static unsigned draw(unsigned below) {
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 32) * below >> 32);
}

static const char *const pieces[] = {
    "a",        "b",      "ab",   "aba",  "abab", "bab", "abcdefgh", "abcdefghi", "abcdefghabcdefghab",
    "i",        "ı",      "I",    "İ",    "kız",  "KIZ", "ilk",      "é",         "straße",
    "1",        "18",     "го",   "год",  "ГОД",  "कल",  "कलम",      "ر",         "ربح",
    "茶",       "好",     "好茶", "茶好", "好好", "カ",  "カラ",     "광",        "광고",
    "고",       "ก",      "กา",   "กำ",   "โก",   "ิน",   "ᄀ",       "ᅡ",        "👍",
    "👍🏽", "❤️", "🇩🇪",   "🇪",    "🇪🇩"};
static const char *const joints[] = {" ", " ",  " ",  "  ", "\n", "　", ".", "-", "_", "'", "#",
                                     "@", " #", " @", "*",  "+",  ":)", "",  "",  "",  ""};
#define ANY(list) list[draw(sizeof list / sizeof *list)]

static void make(buffer *b, unsigned most, unsigned sharp) {
	buffer_clear(b);
	if (draw(8) < sharp)
		buffer_z(b, draw(2) ? "#" : "@");
	for (unsigned i = 1 + draw(most); i > 0; i--) {
		buffer_z(b, ANY(pieces));
		if (i > 1)
			buffer_z(b, ANY(joints));
	}
}

static void make_term(buffer *b) {
	make(b, 3, 1);
	if (draw(4) == 0)
		buffer_z(b, "*");
	if (draw(12) == 0) {
		buffer_z(b, " ");
		buffer_z(b, ANY(pieces));
	}
}

static void make_text(buffer *b, const lexicon *lists) {
	make(b, 8, 1);
	for (unsigned i = draw(4); i > 0; i--) {
		const lexicon *l = &lists[draw(LISTS)];
		buffer_z(b, ANY(joints));
		buffer_str(b, l->terms[draw((unsigned)l->count)].text);
		buffer_z(b, ANY(joints));
		buffer_z(b, ANY(pieces));
	}
}

/* ------------------------------------------------------------------------------------------------ */

static long differences, all_hits;

static void show(const char *who, const folded *t, const hits *h, const matcher *m) {
	printf("#   %s:", who);
	for (uint32_t i = 0; i < h->count; i++) {
		entry e = matcher_entry(m, h->items[i].entry);
		printf(" %u-%u %d%s", h->items[i].start, h->items[i].end, (int)e.term->how, e.lexicon % 2 ? "t" : "");
		printf("'%.*s'", STR_ARG(e.term->text));
	}
	printf(" in '%.*s'\n", (int)t->n, t->p);
}

static void compare(const matcher *m, const lexicon *lists, folded (*folds)[TERMS], const folded *t, hits *twin,
                    hits *got) {
	twin->count = 0;
	uint32_t number = 0;
	for (int l = 0; l < LISTS; l++)
		for (int k = 0; k < lists[l].count; k++, number++)
			for (size_t at = 0, end; at < t->n; at = char_end(t, at)) {
				enum how how = lists[l].terms[k].how;
				if (stands(&folds[l][k], how, how == HOW_WRITTEN && l % 2, t, at, &end))
					twin->items[twin->count++] = (hit){(uint32_t)at, (uint32_t)end, number & 0x7FFFFFFF, 0};
			}
	qsort(twin->items, twin->count, sizeof *twin->items, hit_order);
	if (!matcher_scan(m, t, got))
		abort();
	all_hits += got->count;
	bool same = got->count == twin->count;
	for (uint32_t i = 0; same && i < got->count; i++)
		same = hit_order(&got->items[i], &twin->items[i]) == 0;
	if (!same && differences++ < SHOWN) {
		show("matcher", t, got, m);
		show("twin   ", t, twin, m);
	}
}

/* One set of terms and its texts. */
static void round_of(void) {
	static folded folds[LISTS][TERMS], text; /* used again */
	static hits twin, got;
	arena a = {0};
	lexicon lists[LISTS] = {{0}};
	const lexicon *all[LISTS];
	buffer b = {0};
	unsigned terms = draw(3) ? TERMS : 3;
	if (!twin.items)
		twin.items = malloc(sizeof *twin.items * MOST_HITS);
	for (int l = 0; l < LISTS; l++) {
		all[l] = &lists[l];
		lists[l].language = l % 2 ? STR("tr") : STR("");
		for (unsigned k = 0; k < terms; k++) {
			make_term(&b);
			term t = {
			    .weight = 1, .how = draw(3) ? HOW_WRITTEN : (enum how)draw(4), .text = arena_str(&a, (str){b.p, b.n})};
			if (!lexicon_add(&a, &lists[l], t) || !fold_text(&folds[l][k], t.text))
				abort();
		}
	}
	matcher *m;
	if (matcher_new(all, LISTS, &m, NULL) != KOL_OK)
		abort();
	for (int i = 0; i < TEXTS; i++) {
		make_text(&b, lists);
		if (!fold_text(&text, (str){b.p, b.n}))
			abort();
		compare(m, lists, folds, &text, &twin, &got);
	}
	matcher_free(m);
	buffer_free(&b);
	arena_free(&a);
}

int main(int argc, char **argv) {
	long texts = argc > 1 ? atol(argv[1]) : 100000;
	state = 0x9E3779B97F4A7C15u * (argc > 2 ? (uint64_t)atol(argv[2]) : 1) + 1;
	for (long i = 0; i < texts; i += TEXTS)
		round_of();
	printf("# %ld texts, %ld hits\n", texts, all_hits);
	printf("%s 1 - the matcher finds what its slow twin finds\n1..1\n", differences || !all_hits ? "not ok" : "ok");
	if (differences)
		printf("# %ld texts differ\n", differences);
	return differences != 0;
}
