/* matcher_build.c: makes the index: counts how often terms have each anchor, enters each form by its rarest, and sorts
 * the forms of anchors that many share, so that a place in a text meets few that do not stand there. */
#include <stdlib.h>

#include "text/matcher_index.h"

#define COMMON_COST 10000

/* Words that are in most texts: terms are entered by them only if they have nothing else. */
static const char common_words[] =
    "the and to of in is it for on with you my this that me your be are so we at all but have not just do what "
    "die der das und ist ich nicht ein eine mit zu den auf für von es im "
    "de la le les et un une des est pas pour dans que je en sur au du avec ce "
    "el los las y una por con no se lo para es mi al "
    "il di che e non per sono da mi ti una con del "
    "o os um uma em não com por na do da meu "
    "het een van en ik niet je dat op met voor te "
    "ve bir bu da için çok ne ile ben "
    "и в не на я что с это как а по все ты у из "
    "في من على و ما لا يا هذا की के है में का को से और ";

static bool count_anchors(const terms *t, tally *counts) {
	for (const char *p = common_words; *p;) {
		const char *space = strchr(p, ' ');
		char word[32 + 8] = "";
		memcpy(word, p, (size_t)(space - p));
		struct tally_slot *s = tally_find(counts, word_key(word, (size_t)(space - p)));
		if (!s)
			return false;
		s->value = COMMON_COST;
		p = space + 1;
	}
	const anchor *anchors = (const anchor *)(const void *)t->anchors.p;
	for (size_t i = 0; i < t->anchors.n / sizeof *anchors; i++) {
		struct tally_slot *s = tally_find(counts, anchors[i].key + anchors[i].kind);
		if (!s)
			return false;
		s->value++;
	}
	return true;
}

/* Moves the cheapest anchor of each form to `chosen`, in the order of forms. */
static void choose_anchors(const terms *t, tally *counts, anchor *chosen) {
	const anchor *anchors = (const anchor *)(const void *)t->anchors.p;
	uint64_t least = 0;
	size_t count = 0;
	for (size_t i = 0; i < t->anchors.n / sizeof *anchors; i++) {
		/* Found: all are there, so that nothing is allocated. */
		uint64_t cost = (uint64_t)anchors[i].cost + tally_find(counts, anchors[i].key + anchors[i].kind)->value;
		if (count == 0 || chosen[count - 1].form != anchors[i].form)
			count++;
		else if (cost >= least)
			continue;
		chosen[count - 1] = anchors[i];
		least = cost;
	}
}

/* ---- one index --------------------------------------------------------------------------------- */

static unsigned bits_for(size_t least) {
	unsigned bits = 1;
	while (((size_t)1 << bits) < least)
		bits++;
	return bits;
}

static bool make_room(arena *a, keys *k, size_t anchors) {
	/* At least 32 bits of filter for a key, and at most half of the slots in use. */
	unsigned words = bits_for(anchors / 2), slots = bits_for(anchors * 2);
	words = words > 20 ? 20 : words;
	k->filter = ARENA_ARRAY(a, uint64_t, (size_t)1 << words);
	k->slots = ARENA_ARRAY(a, slot, (size_t)1 << slots);
	k->filter_shift = 64 - words;
	k->slot_shift = 64 - slots;
	k->slot_mask = (uint32_t)(((size_t)1 << slots) - 1);
	return k->filter && k->slots;
}

static slot *take_slot(keys *k, uint64_t key) {
	for (uint64_t i = key >> k->slot_shift;; i++) {
		slot *s = &k->slots[i & k->slot_mask];
		if (s->count == 0 || s->key == key)
			return s;
	}
}

static void count_key(keys *k, uint64_t key) {
	slot *s = take_slot(k, key);
	s->key = key;
	k->count += s->count++ == 0;
	k->filter[key >> k->filter_shift] |= (uint64_t)1 << (key >> 32 & 63);
}

/* Anchors of BY_BYTES with the same first byte come into the same group. */
static unsigned group_of(const char *bytes) { return (unsigned char)bytes[0] & 7; }

static void note_length(matcher *m, const anchor *a) {
	lengths *l = &m->lengths[a->kind];
	m->pairs |= a->kind == BY_WORD && a->length == WORD_PAIR;
	if (a->kind == BY_WORD && (a->length == WORD_PAIR || a->length == WHOLE_WORD))
		return;
	for (unsigned i = 0; i < l->count; i++)
		if (l->marks[i] == length_mark(a->length))
			return;
	l->masks[l->count] = length_mask(a->length);
	l->marks[l->count++] = length_mark(a->length);
}

static void fill(matcher *m, const anchor *chosen, uint32_t *used) {
	for (uint32_t i = 0; i < m->form_count; i++)
		count_key(&m->by[chosen[i].kind], chosen[i].key);
	uint32_t first = 0;
	for (int kind = 0; kind < BY_COUNT; kind++)
		for (size_t i = 0; m->by[kind].count && i <= m->by[kind].slot_mask; i++) {
			m->by[kind].slots[i].first = first;
			first += m->by[kind].slots[i].count;
		}
	for (uint32_t i = 0; i < m->form_count; i++) {
		const anchor *a = &chosen[i];
		slot *s = take_slot(&m->by[a->kind], a->key);
		posting p = {.form = a->form, .part = a->part, .at = a->at, .parent = UINT32_MAX};
		const char *bytes = m->text + m->parts[m->forms[a->form].parts + a->part].from + a->at;
		if (a->kind == BY_WORD && a->length == WHOLE_WORD && m->forms[a->form].word && !m->forms[a->form].turkish) {
			const part *only = &m->parts[m->forms[a->form].parts];
			p.from = only->from;
			p.length = only->star ? 0 : only->length;
			p.written = m->forms[a->form].written;
		}
		m->postings[s->first + used[s->first]++] = p;
		note_length(m, a);
		if (a->kind == BY_SYMBOL)
			m->symbol_lengths[(unsigned char)*bytes] |= (uint8_t)(1u << a->length);
		else if (a->kind == BY_BYTES)
			fingerprints_add(&m->bytes, group_of(bytes), bytes, a->length);
	}
}

/* ---- anchors that many forms share -------------------------------------------------------------- */

static int by_tail(const void *a, const void *b, void *user) {
	const posting *x = a, *y = b;
	int order = str_compare(posting_tail(user, x), posting_tail(user, y));
	return order ? order : (x->form > y->form) - (x->form < y->form);
}

/* Sorted by tails, those that stand at a place are the last one that is not behind it in order, and its parents. */
static void sort_crowds(matcher *m) {
	for (int kind = 0; kind < BY_COUNT; kind++)
		for (size_t i = 0; m->by[kind].count && i <= m->by[kind].slot_mask; i++) {
			const slot *s = &m->by[kind].slots[i];
			if (s->count < MATCHER_CROWD)
				continue;
			qsort_r(m->postings + s->first, s->count, sizeof(posting), by_tail, m);
			for (uint32_t p = s->first + 1; p < s->first + s->count; p++) {
				str tail = posting_tail(m, &m->postings[p]);
				uint32_t parent = p - 1;
				while (parent != UINT32_MAX) {
					str begin = posting_tail(m, &m->postings[parent]);
					if (begin.n <= tail.n && memcmp(begin.p, tail.p, begin.n) == 0)
						break;
					parent = m->postings[parent].parent;
				}
				m->postings[p].parent = parent;
			}
		}
}

/* ------------------------------------------------------------------------------------------------- */

static bool copy_entries(matcher *m, const lexicon *const *lexicons, int count, const terms *t) {
	size_t all = 0;
	for (int l = 0; l < count; l++)
		all += (size_t)lexicons[l]->count;
	m->entries = ARENA_ARRAY(&m->memory, entry, all + 1);
	size_t uses = t->uses.n / (2 * sizeof(uint32_t));
	m->entry_of = ARENA_ARRAY(&m->memory, uint32_t, uses + 1);
	if (!m->entries || !m->entry_of)
		return false;
	for (int l = 0; l < count; l++)
		for (int i = 0; i < lexicons[l]->count; i++)
			m->entries[m->entry_count++] = (entry){l, &lexicons[l]->terms[i]};
	const uint32_t *use = (const uint32_t *)(const void *)t->uses.p;
	for (size_t i = 0; i < uses; i++)
		m->forms[use[2 * i]].entry_count++;
	uint32_t first = 0;
	for (uint32_t i = 0; i < m->form_count; i++) {
		m->forms[i].entries = first;
		first += m->forms[i].entry_count;
		m->forms[i].entry_count = 0;
	}
	for (size_t i = 0; i < uses; i++) {
		form *f = &m->forms[use[2 * i]];
		m->entry_of[f->entries + f->entry_count++] = use[2 * i + 1];
	}
	return true;
}

static bool copy_forms(matcher *m, const terms *t) {
	m->form_count = (uint32_t)(t->forms.n / sizeof(form));
	m->forms = ARENA_ARRAY(&m->memory, form, m->form_count + 1);
	m->parts = arena_alloc(&m->memory, t->parts.n + sizeof(part));
	m->text = arena_zero(&m->memory, t->text.n + FOLD_PAD);
	if (!m->forms || !m->parts || !m->text)
		return false;
	if (m->form_count) {
		memcpy(m->forms, t->forms.p, t->forms.n);
		memcpy(m->parts, t->parts.p, t->parts.n);
		memcpy(m->text, t->text.p, t->text.n);
	}
	return true;
}

static bool make_index(matcher *m, const anchor *chosen) {
	size_t counts[BY_COUNT] = {0};
	for (uint32_t i = 0; i < m->form_count; i++)
		counts[chosen[i].kind]++;
	for (int kind = 0; kind < BY_COUNT; kind++)
		if (!make_room(&m->memory, &m->by[kind], counts[kind]))
			return false;
	m->postings = ARENA_ARRAY(&m->memory, posting, m->form_count + 1);
	uint32_t *used = calloc(m->form_count + 1, sizeof *used);
	if (m->postings && used) {
		fill(m, chosen, used);
		sort_crowds(m);
	}
	bool fine = m->postings && used;
	free(used);
	return fine;
}

kol_status matcher_new(const lexicon *const *lexicons, int count, matcher **out, kol_error *err) {
	terms t = {0};
	tally counts = {0};
	matcher *m = calloc(1, sizeof *m);
	anchor *chosen = NULL;
	bool fine = m && terms_gather(lexicons, count, &t) && count_anchors(&t, &counts) && copy_forms(m, &t) &&
	            copy_entries(m, lexicons, count, &t) && (chosen = calloc(m->form_count + 1, sizeof *chosen)) != NULL;
	if (fine) {
		choose_anchors(&t, &counts, chosen);
		fine = make_index(m, chosen);
	}
	terms_free(&t);
	tally_free(&counts);
	free(chosen);
	if (!fine) {
		matcher_free(m);
		return error_memory(err);
	}
	*out = m;
	return KOL_OK;
}
