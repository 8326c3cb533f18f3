/* lexicon_check.c: what is wrong with a lexicon's terms, told so that their author can mend it. Uses fold, and a
 * matcher of the exceptions to find the terms that they swallow. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "text/matcher.h"

/* A term as it is compared with texts: folded, its spaces made one. */
typedef struct plain {
	str text; /* in the arena */
	int index;
	int same;           /* the first term that is the same, or -1 */
	bool star;          /* "swindl*": text is without it */
	size_t last;        /* characters of its last word; 0: it ends with something else */
	bool single_letter; /* one character, of a word */
} plain;

typedef struct checker {
	const lexicon *lexicon;
	struct kol_problems *problems;
	arena memory;
	folded folded;
	plain *plains;
	bool failed;
} checker;

/* "line 12", or with the path where that differs from the place that is told already. */
static const char *place_of(const term *t, const term *from, char *out, size_t size) {
	if (t->path && from->path && strcmp(t->path, from->path) == 0)
		snprintf(out, size, "in line %d", t->line);
	else if (t->path)
		snprintf(out, size, "in %.400s:%d", t->path, t->line);
	else
		snprintf(out, size, "in the list");
	return out;
}

static void complain(checker *c, const term *t, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void complain(checker *c, const term *t, const char *format, ...) {
	char sentence[900];
	kol_error e;
	va_list args;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	if (t->path)
		error_at(&e, KOL_E_RULE, t->path, t->line, 0, "%s", sentence);
	else
		error_set(&e, KOL_E_RULE, "lexicon '%.80s': %s", c->lexicon->name ? c->lexicon->name : "", sentence);
	problems_add(c->problems, &e);
}

#define SHOWN(s) (int)utf8_cut((s), 80), (s).p

static void make_plain(checker *c, int index) {
	const term *t = &c->lexicon->terms[index];
	plain *p = &c->plains[index];
	*p = (plain){.index = index, .same = -1};
	if (!fold_text(&c->folded, t->text)) {
		c->failed = true;
		return;
	}
	const folded *f = &c->folded;
	char *out = arena_alloc(&c->memory, f->n + 1);
	if (!out) {
		c->failed = true;
		return;
	}
	size_t n = 0, letters = 0;
	for (size_t i = 0; i < f->n; i++) {
		bool space = f->p[i] == ' ' || (f->p[i] >= '\t' && f->p[i] <= '\r');
		if (space && (n == 0 || out[n - 1] == ' '))
			continue;
		bool star = t->how == HOW_WRITTEN && f->p[i] == '*' && i + 1 == f->n && p->last > 0;
		if (star) {
			p->star = true;
			break;
		}
		out[n++] = space ? ' ' : f->p[i];
		bool inner = ((unsigned char)f->p[i] & 0xC0) == 0x80;
		letters += !inner;
		p->last = !fold_bit(f->words, i) ? 0 : inner ? p->last : p->last + 1;
	}
	while (n && out[n - 1] == ' ')
		n--;
	p->text = (str){out, n};
	p->single_letter = letters == 1 && p->last == 1 && !p->star;
}

static void check_alone(checker *c, const plain *p) {
	const term *t = &c->lexicon->terms[p->index];
	bool exact = t->how == HOW_WRITTEN || t->how == HOW_WORD;
	if (t->text.n == 0)
		complain(c, t, "this term is empty; take it away");
	else if (p->text.n == 0)
		complain(c, t, "of this term nothing is left to look for but spaces and invisible characters; take it away");
	else if (p->text.n > MATCHER_LONGEST)
		complain(c, t, "\"%.*s…\" is not looked for: terms have at most %d bytes; shorten it", SHOWN(p->text),
		         MATCHER_LONGEST);
	else if (exact && p->single_letter)
		complain(c, t, "\"%.*s\" is a word of one letter and hits wherever it stands alone; write a longer term",
		         SHOWN(t->text));
	else if (exact && p->text.n == 1 && p->last == 0)
		complain(c, t, "\"%.*s\" is a single sign and hits wherever it stands; write what belongs to it",
		         SHOWN(t->text));
	else if (p->star && p->last < 3 && !memchr(p->text.p, ' ', p->text.n))
		complain(c, t, "\"%.*s\" hits too many words; write at least three letters before the *", SHOWN(t->text));
}

static int by_text(const void *a, const void *b, void *user) {
	const checker *c = user;
	const plain *x = &c->plains[*(const int *)a], *y = &c->plains[*(const int *)b];
	const term *s = &c->lexicon->terms[x->index], *t = &c->lexicon->terms[y->index];
	int order = str_compare(x->text, y->text);
	if (order == 0)
		order = (x->star > y->star) - (x->star < y->star);
	if (order == 0)
		order = (int)s->how - (int)t->how;
	return order ? order : (int)s->role - (int)t->role;
}

static int by_text_and_index(const void *a, const void *b, void *user) {
	int order = by_text(a, b, user);
	return order ? order : *(const int *)a - *(const int *)b;
}

/* Notes in each term that is there already the first that is the same. */
static void find_duplicates(checker *c) {
	size_t count = (size_t)c->lexicon->count;
	int *order = ARENA_ARRAY(&c->memory, int, count + 1);
	if (!order) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		order[i] = (int)i;
	qsort_r(order, count, sizeof *order, by_text_and_index, c);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (by_text(&order[first], &order[i], c) != 0)
			first = i;
		else if (c->plains[order[i]].text.n)
			c->plains[order[i]].same = order[first];
	}
}

static void tell_duplicate(checker *c, const plain *p) {
	const term *t = &c->lexicon->terms[p->index], *before = &c->lexicon->terms[p->same];
	char place[512];
	complain(c, t, "\"%.*s\" is the same term as \"%.*s\" %s; take one of them away", SHOWN(t->text),
	         SHOWN(before->text), place_of(before, t, place, sizeof place));
}

/* The entry of m that covers at least bytes [from, to) of a text; UINT32_MAX: none, or memory ended. */
static uint32_t covering(checker *c, const matcher *m, hits *h, const buffer *text, size_t from, size_t to) {
	if (text->failed || !fold_text(&c->folded, (str){text->p, text->n}) || !matcher_scan(m, &c->folded, h)) {
		c->failed = true;
		return UINT32_MAX;
	}
	for (uint32_t i = 0; i < h->count; i++)
		if (h->items[i].start <= from && h->items[i].end >= to)
			return h->items[i].entry;
	return UINT32_MAX;
}

/* Where a term may stand inside a word, or its word may go on, an exception must cover that too. */
static uint32_t swallowing(checker *c, const matcher *m, hits *h, buffer *sample, const plain *p) {
	const term *t = &c->lexicon->terms[p->index];
	bool inside = t->how == HOW_SUBSTRING, on = p->star || inside || t->how == HOW_PREFIX;
	buffer_clear(sample);
	buffer_str(sample, p->text);
	uint32_t found = covering(c, m, h, sample, 0, sample->n);
	if (found == UINT32_MAX || !on)
		return found;
	buffer_clear(sample);
	buffer_z(sample, inside ? "qx" : "");
	size_t from = sample->n;
	buffer_str(sample, p->text);
	size_t to = sample->n;
	buffer_z(sample, "qx");
	return covering(c, m, h, sample, from, p->star ? sample->n : to);
}

/* A matcher of the exceptions alone into *out, NULL where there are none. */
static void match_exceptions(checker *c, lexicon *exceptions, matcher **out) {
	const lexicon *list = exceptions;
	for (int i = 0; i < c->lexicon->count && !c->failed; i++)
		if (c->lexicon->terms[i].role == ROLE_EXCEPT)
			c->failed = !lexicon_add(&c->memory, exceptions, c->lexicon->terms[i]);
	if (!c->failed && exceptions->count)
		c->failed = matcher_new(&list, 1, out, NULL) != KOL_OK;
}

static void check_all(checker *c) {
	lexicon exceptions = {.name = c->lexicon->name, .language = c->lexicon->language};
	matcher *m = NULL;
	hits h = {0};
	buffer sample = {0};
	match_exceptions(c, &exceptions, &m);
	for (int i = 0; i < c->lexicon->count && !c->failed; i++) {
		const plain *p = &c->plains[i];
		const term *t = &c->lexicon->terms[i];
		check_alone(c, p);
		if (p->same >= 0)
			tell_duplicate(c, p);
		if (!m || t->role == ROLE_EXCEPT || p->text.n == 0)
			continue;
		uint32_t found = swallowing(c, m, &h, &sample, p);
		if (found == UINT32_MAX)
			continue;
		const term *e = matcher_entry(m, found).term;
		char place[512];
		complain(c, t,
		         "\"%.*s\" never counts: the exception \"%.*s\" %s covers it wherever it stands; take one of them away",
		         SHOWN(t->text), SHOWN(e->text), place_of(e, t, place, sizeof place));
	}
	matcher_free(m);
	hits_free(&h);
	buffer_free(&sample);
}

bool lexicon_check(const lexicon *l, struct kol_problems *problems) {
	checker c = {.lexicon = l, .problems = problems};
	c.plains = ARENA_ARRAY(&c.memory, plain, l->count + 1);
	c.failed = !c.plains;
	for (int i = 0; i < l->count && !c.failed; i++)
		make_plain(&c, i);
	if (!c.failed)
		find_duplicates(&c);
	if (!c.failed)
		check_all(&c);
	fold_free(&c.folded);
	arena_free(&c.memory);
	return !c.failed && !problems->out_of_memory;
}
