/* inquiry.c: gathers what a plan asks of texts and builds the index. Uses matcher, regex and stock. Knows nothing of
 * rules. */
#include "text/inquiry.h"

#include "text/regex_literal.h"

inquiry *inquiry_new(arena *a) {
	inquiry *it = ARENA_NEW(a, inquiry);
	if (!it)
		return NULL;
	it->memory = a;
	it->brand = it->commercial = it->purchase = -1;
	return it;
}

void inquiry_free(inquiry *a) {
	if (!a)
		return;
	for (int i = 0; i < a->pattern_count; i++)
		regex_free(a->patterns[i].compiled);
	matcher_free(a->matcher);
}

static bool grow(inquiry *a, void **items, int count, int *capacity, size_t size) {
	if (count < *capacity)
		return true;
	int more = *capacity ? *capacity * 2 : 16;
	void *grown = arena_zero(a->memory, (size_t)more * size);
	if (!grown)
		return false;
	if (count)
		memcpy(grown, *items, (size_t)count * size);
	*items = grown;
	*capacity = more;
	return true;
}

int inquiry_lexicon(inquiry *a, const lexicon *l) {
	for (int i = 0; i < a->count; i++)
		if (a->lexicons[i] == l)
			return i;
	void *items = a->lexicons;
	if (!grow(a, &items, a->count, &a->capacity, sizeof *a->lexicons))
		return -1;
	a->lexicons = items;
	a->lexicons[a->count] = l;
	if (l->language.n)
		a->parts |= STOCK_LANGUAGE;
	return a->count++;
}

bool inquiry_brand(inquiry *a, const lexicon *l) {
	a->brand = inquiry_lexicon(a, l);
	return a->brand >= 0;
}

/* The literals of a pattern become a lexicon of their own. */
static bool add_literals(inquiry *a, inquiry_pattern *p) {
	lexicon *l = ARENA_NEW(a->memory, lexicon);
	p->literals = -1;
	if (!l || !regex_literals(p->text, a->memory, &l->terms, &l->count))
		return false;
	if (!l->count)
		return true;
	l->name = p->text.p;
	p->literals = inquiry_lexicon(a, l);
	return p->literals >= 0;
}

int inquiry_pattern_of(inquiry *a, str text, size_t *at, kol_error *err) {
	for (int i = 0; i < a->pattern_count; i++)
		if (str_eq(a->patterns[i].text, text))
			return i;
	void *items = a->patterns;
	inquiry_pattern p = {.text = arena_str(a->memory, text)};
	if (!p.text.p || !grow(a, &items, a->pattern_count, &a->pattern_capacity, sizeof p)) {
		error_memory(err);
		return -1;
	}
	a->patterns = items;
	if (regex_compile(p.text, false, &p.compiled, at, err))
		return -1;
	a->patterns[a->pattern_count++] = p;
	if (!add_literals(a, &a->patterns[a->pattern_count - 1])) {
		error_memory(err);
		return -1;
	}
	return a->pattern_count - 1;
}

kol_status inquiry_build(inquiry *a, stock *from, struct kol_problems *problems, kol_error *err) {
	if (a->parts & STOCK_TONE)
		a->parts |= STOCK_LANGUAGE;
	a->stock = from;
	kol_status status = stock_want(from, a->parts, problems, err);
	if (status)
		return status;
	if (a->parts & STOCK_COMMERCIAL) {
		a->commercial = inquiry_lexicon(a, &from->commercial);
		a->purchase = inquiry_lexicon(a, &from->purchase);
		if (a->commercial < 0 || a->purchase < 0)
			return error_memory(err);
	}
	return a->count ? matcher_new(a->lexicons, a->count, &a->matcher, err) : KOL_OK;
}

static size_t primary(str tag) {
	size_t n = 0;
	while (n < tag.n && tag.p[n] != '-' && tag.p[n] != '_')
		n++;
	return n;
}

bool same_language(str a, str b) {
	size_t n = primary(a);
	if (n != primary(b))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((a.p[i] | 0x20) != (b.p[i] | 0x20))
			return false;
	return true;
}
