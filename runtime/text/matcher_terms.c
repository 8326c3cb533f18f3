/* matcher_terms.c: makes forms of terms: folds them, cuts them at spaces, settles their borders, and lists the pieces
 * by which each could be entered. Uses fold. Which piece it becomes is matcher_build.c's choice. */
#include <stdlib.h>

#include "text/matcher_index.h"

/* What anchors cost beyond how often terms have them: about how common they are in texts, and what they cost texts that
 * do not have them. By their length. */
static const uint32_t word_costs[] = {0, 6000, 400, 60, 50};
static const uint32_t beginning_costs[] = {0, 30000, 8000, 1000, 200, 200, 150};
static const uint32_t symbol_costs[] = {0, 20000, 3000, 190, 100};
static const uint32_t bytes_costs[] = {0, 60000, 40000, 20000, 7000};
enum { PAIR_COST = 10, CHARACTER_COST = 8000 };

typedef struct gatherer {
	terms *out;
	folded folded, variant;
	tally known;       /* hash of an identity → the form's number + 1 */
	buffer identity;   /* of the form at hand */
	buffer identities; /* of all forms: from identity_from[form] to the next */
	buffer identity_from;
	/* the form at hand */
	form form;
	buffer parts;
	enum how how;
	/* the whole word before the one at hand; word: its part, or NULL */
	const part *word;
	size_t word_at;
	uint64_t word_key;
	uint32_t word_cost;
	bool failed;
} gatherer;

static uint64_t hash_bytes(str s) {
	uint64_t h = s.n * HASH_FACTOR;
	for (size_t i = 0; i < s.n; i += 8) {
		uint64_t x = 0;
		memcpy(&x, s.p + i, s.n - i < 8 ? s.n - i : 8);
		h = (h ^ x) * HASH_FACTOR;
		h ^= h >> 29;
	}
	return h;
}

struct tally_slot *tally_find(tally *t, uint64_t key) {
	if (t->count * 2 >= t->mask) {
		tally grown = {.mask = t->mask ? t->mask * 2 + 1 : 255, .count = t->count};
		grown.slots = calloc(grown.mask + 1, sizeof *grown.slots);
		if (!grown.slots)
			return NULL;
		for (size_t i = 0; t->slots && i <= t->mask; i++)
			if (t->slots[i].used) {
				size_t at = (t->slots[i].key >> 20) & grown.mask;
				while (grown.slots[at].used)
					at = (at + 1) & grown.mask;
				grown.slots[at] = t->slots[i];
			}
		free(t->slots);
		*t = grown;
	}
	size_t at = (key >> 20) & t->mask;
	while (t->slots[at].used && t->slots[at].key != key)
		at = (at + 1) & t->mask;
	if (!t->slots[at].used) {
		t->slots[at] = (struct tally_slot){.key = key, .used = true};
		t->count++;
	}
	return &t->slots[at];
}

void tally_free(tally *t) { free(t->slots); }

/* ---- parts ------------------------------------------------------------------------------------ */

static part *part_at(const gatherer *g, size_t i) { return (part *)(void *)g->parts.p + i; }

static bool is_begin(const folded *t, size_t i) {
	return is_word(t, i) && (i == 0 || !is_word(t, i - 1) || fold_bit(t->edges, i));
}

/* Is a * at byte i one that means "and words that go on"? */
static bool is_star(const gatherer *g, const folded *t, size_t i, size_t end) {
	return g->how == HOW_WRITTEN && t->p[i] == '*' && i + 1 == end && i > 0 &&
	       (is_word(t, i - 1) || is_spaceless(t, i - 1));
}

/* Cuts the folded term at its white space; parts' `from` counts from the folded term's first byte. */
static void cut_parts(gatherer *g, const folded *t) {
	buffer_clear(&g->parts);
	bool spaceless_before = false;
	for (size_t i = 0; i < t->n;) {
		size_t space = space_at(t->p, i, t->n);
		if (space) {
			i += space;
			continue;
		}
		size_t end = i;
		while (end < t->n && !space_at(t->p, end, t->n))
			end++;
		part p = {.from = (uint32_t)i};
		size_t last = end;
		if (is_star(g, t, end - 1, end)) {
			last--;
			p.star = is_word(t, last - 1);
		}
		p.length = (uint16_t)(last - i);
		p.joined = g->parts.n && (spaceless_before || is_spaceless(t, i));
		spaceless_before = is_spaceless(t, last - 1);
		size_t word = last - 1;
		while (p.star && word > i && !is_begin(t, word))
			word--;
		p.last = (uint16_t)(word - i);
		buffer_add(&g->parts, (const char *)&p, sizeof p);
		i = end;
	}
	g->form.part_count = (uint16_t)(g->parts.n / sizeof(part));
}

/* Is the part a # or @ with letters (and _ . -) up to its end? */
static bool is_sigil(const folded *t, const part *p, char sigil) {
	if (p->length < 2 || t->p[p->from] != sigil)
		return false;
	for (size_t i = p->from + 1; i < p->from + p->length; i++) {
		char c = t->p[i];
		if (!is_word(t, i) && !is_spaceless(t, i) && c != '_' &&
		    (sigil == '#' || (c != '.' && c != '-') || i == p->from + 1))
			return false;
	}
	return true;
}

static enum border border_of(const gatherer *g, const folded *t, const part *p, size_t at) {
	if (g->how == HOW_SUBSTRING)
		return BORDER_NONE;
	if (g->how == HOW_WRITTEN && is_sigil(t, p, '#'))
		return BORDER_TAG;
	if (g->how == HOW_WRITTEN && is_sigil(t, p, '@'))
		return BORDER_HANDLE;
	if (is_word(t, at))
		return BORDER_WORD;
	return g->how == HOW_WRITTEN && is_spaceless(t, at) ? BORDER_CLUSTER : BORDER_NONE;
}

static void settle_borders(gatherer *g, const folded *t) {
	const part *first = part_at(g, 0), *last = part_at(g, g->form.part_count - 1u);
	g->form.begin = (uint8_t)border_of(g, t, first, first->from);
	if (g->how == HOW_WRITTEN && is_flag_letter(t->p + first->from))
		g->form.begin = BORDER_FLAG;
	g->form.end = g->how == HOW_PREFIX ? BORDER_NONE : (uint8_t)border_of(g, t, last, last->from + last->length - 1);
	g->form.word = g->form.part_count == 1 && g->form.begin == BORDER_WORD && g->form.end == BORDER_WORD;
	for (size_t i = first->from + 1; g->form.word && i < first->from + first->length; i++)
		g->form.word = is_word(t, i) && !fold_bit(t->edges, i);
}

/* ---- anchors ---------------------------------------------------------------------------------- */

static void add_anchor(gatherer *g, const part *p, size_t at, int kind, uint64_t key, size_t length, uint32_t cost) {
	anchor a = {.key = key,
	            .form = (uint32_t)(g->out->forms.n / sizeof(form)),
	            .part = (uint16_t)(p - part_at(g, 0)),
	            .at = (uint16_t)(at - p->from),
	            .kind = (uint8_t)kind,
	            .length = (uint8_t)length,
	            .cost = cost};
	buffer_add(&g->out->anchors, (const char *)&a, sizeof a);
}

/* The word [at, end) of a part, whole in texts too, or only a beginning. A whole word that follows another one makes a
 * pair with it, which is far rarer. */
static void add_word_anchor(gatherer *g, const folded *t, const part *p, size_t at, size_t end, bool whole) {
	static const uint8_t beginnings[] = {0, 1, 2, 3, 4, 4, 6};
	size_t n = end - at, begin = beginnings[n < 6 ? n : 6];
	if (!whole) {
		add_anchor(g, p, at, BY_WORD, short_key(load8(t->p + at), (unsigned)begin), begin, beginning_costs[begin]);
		g->word = NULL;
		return;
	}
	uint64_t key = word_key(t->p + at, n);
	uint32_t cost = word_costs[n < 4 ? n : 4];
	add_anchor(g, p, at, BY_WORD, key, WHOLE_WORD, cost);
	if (g->word)
		add_anchor(g, g->word, g->word_at, BY_WORD, pair_key(g->word_key, key), WORD_PAIR,
		           PAIR_COST + (cost + g->word_cost) / 200);
	g->word = p;
	g->word_at = at;
	g->word_key = key;
	g->word_cost = cost;
}

static void add_word_anchors(gatherer *g, const folded *t, const part *p) {
	bool first = p == part_at(g, 0), last = p == part_at(g, g->form.part_count - 1u);
	bool open_left = first && g->how == HOW_SUBSTRING;
	bool open_right = p->star || (last && (g->how == HOW_SUBSTRING || g->how == HOW_PREFIX));
	size_t end = p->from + p->length;
	for (size_t i = p->from; i < end;) {
		if (!is_word(t, i)) {
			i++;
			continue;
		}
		size_t stop = i + 1;
		while (stop < end && is_word(t, stop) && !fold_bit(t->edges, stop))
			stop++;
		if (i > p->from || !open_left)
			add_word_anchor(g, t, p, i, stop, stop < end || !open_right);
		else
			g->word = NULL;
		i = stop;
	}
}

static void add_other_anchors(gatherer *g, const folded *t, const part *p) {
	size_t end = p->from + p->length;
	for (size_t i = p->from; i < end; i++) {
		if (is_spaceless(t, i) && ((unsigned char)t->p[i] & 0xC0) != 0x80) {
			size_t next = i + ((unsigned char)t->p[i] >= 0xF0 ? 4 : 3);
			if (next < end && is_spaceless(t, next))
				add_anchor(g, p, i, BY_CHARACTER, short_key(load8(t->p + i), 6), 6, PAIR_COST);
			else
				add_anchor(g, p, i, BY_CHARACTER, short_key(load8(t->p + i), 3), 3, CHARACTER_COST);
		} else if (fold_bit(t->symbols, i)) {
			size_t n = end - i < 4 ? end - i : 4;
			add_anchor(g, p, i, BY_SYMBOL, short_key(load8(t->p + i), (unsigned)n), n, symbol_costs[n]);
		}
	}
}

/* Bytes anywhere: for what has no other anchor. */
static void add_bytes_anchor(gatherer *g, const folded *t) {
	const part *longest = part_at(g, 0);
	for (size_t i = 1; i < g->form.part_count; i++)
		if (part_at(g, i)->length > longest->length)
			longest = part_at(g, i);
	size_t n = longest->length < 4 ? longest->length : 4;
	add_anchor(g, longest, longest->from, BY_BYTES, short_key(load8(t->p + longest->from), (unsigned)n), n,
	           bytes_costs[n]);
}

/* ---- forms ------------------------------------------------------------------------------------ */

/* Bytes that differ for forms that match differently. 0xFE and 0xFF stand in no folded text. */
static str identify(gatherer *g, const folded *t) {
	buffer_clear(&g->identity);
	buffer_char(&g->identity, (char)('0' + g->how));
	buffer_char(&g->identity, g->form.turkish ? 't' : '-');
	buffer_add(&g->identity, (const char *)&g->form.capitals, sizeof g->form.capitals);
	for (size_t i = 0; i < g->form.part_count; i++) {
		const part *p = part_at(g, i);
		if (i)
			buffer_char(&g->identity, ' ');
		buffer_add(&g->identity, t->p + p->from, p->length);
		if (p->star)
			buffer_char(&g->identity, (char)0xFF);
	}
	return (str){g->identity.p, g->identity.n};
}

/* The number of the form that has this identity, or a new one: then *fresh. */
static uint32_t find_form(gatherer *g, str identity, bool *fresh) {
	const uint32_t *from = (const uint32_t *)(const void *)g->identity_from.p;
	uint32_t count = (uint32_t)(g->out->forms.n / sizeof(form));
	for (uint64_t key = hash_bytes(identity);; key += HASH_FACTOR) {
		struct tally_slot *s = tally_find(&g->known, key);
		if (!s) {
			g->failed = true;
			return 0;
		}
		if (s->value == 0) {
			s->value = count + 1;
			uint32_t at = (uint32_t)g->identities.n;
			buffer_add(&g->identity_from, (const char *)&at, sizeof at);
			buffer_str(&g->identities, identity);
			*fresh = true;
			return count;
		}
		uint32_t known = s->value - 1;
		size_t end = known + 1 < count ? from[known + 1] : g->identities.n;
		if (str_eq(identity, (str){g->identities.p + from[known], end - from[known]})) {
			*fresh = false;
			return known;
		}
	}
}

static void store_form(gatherer *g, const folded *t) {
	terms *out = g->out;
	size_t anchors = out->anchors.n;
	g->word = NULL;
	for (size_t i = 0; i < g->form.part_count; i++) {
		add_word_anchors(g, t, part_at(g, i));
		add_other_anchors(g, t, part_at(g, i));
	}
	if (out->anchors.n == anchors || g->how == HOW_SUBSTRING)
		add_bytes_anchor(g, t);
	g->form.parts = (uint32_t)(out->parts.n / sizeof(part));
	for (size_t i = 0; i < g->form.part_count; i++) {
		part p = *part_at(g, i);
		if (i)
			buffer_char(&out->text, ' ');
		p.from = (uint32_t)out->text.n;
		buffer_add(&out->text, t->p + part_at(g, i)->from, p.length);
		buffer_add(&out->parts, (const char *)&p, sizeof p);
	}
	buffer_add(&out->forms, (const char *)&g->form, sizeof g->form);
}

static void add_form(gatherer *g, const folded *t, enum how how, bool turkish, uint32_t capitals,
                     uint32_t entry_number) {
	g->how = how;
	g->form = (form){.written = how == HOW_WRITTEN, .turkish = turkish, .capitals = capitals};
	cut_parts(g, t);
	if (g->form.part_count == 0)
		return;
	settle_borders(g, t);
	str identity = identify(g, t);
	if (g->identity.failed || g->parts.failed) {
		g->failed = true;
		return;
	}
	bool fresh = false;
	uint32_t number = find_form(g, identity, &fresh);
	if (fresh)
		store_form(g, t);
	uint32_t use[2] = {number, entry_number};
	terms *out = g->out;
	buffer_add(&out->uses, (const char *)use, sizeof use);
	g->failed |= out->forms.failed || out->parts.failed || out->text.failed || out->anchors.failed ||
	             out->uses.failed || g->identities.failed || g->identity_from.failed;
}

/* ---- Turkish ---------------------------------------------------------------------------------- */

static bool is_turkish(str language) {
	return language.n >= 2 && (!memcmp(language.p, "tr", 2) || !memcmp(language.p, "az", 2)) &&
	       (language.n == 2 || language.p[2] == '-');
}

/* The term with some of its dotless i (by number, counted in dotless) written as the i that folding makes of a capital;
 * *capitals: which i these are. False where one of them is beyond the 32nd i. */
static bool respell(const folded *t, uint32_t chosen, buffer *out, uint32_t *capitals) {
	int letters = 0, dotless = 0;
	*capitals = 0;
	buffer_clear(out);
	for (size_t i = 0; i < t->n; i++) {
		bool is_dotless = (unsigned char)t->p[i] == 0xC4 && (unsigned char)t->p[i + 1] == 0xB1;
		if (is_dotless && dotless < 32 && chosen >> dotless & 1) {
			if (letters >= 32)
				return false;
			*capitals |= (uint32_t)1 << letters;
			i++;
			buffer_char(out, 'i');
			letters++;
		} else {
			buffer_char(out, t->p[i]);
			letters += t->p[i] == 'i';
		}
		dotless += is_dotless;
	}
	return true;
}

/* Every spelling of up to four dotless i; of more, all as capitals, and those that begin words. */
static void add_respelt(gatherer *g, enum how how, uint32_t entry_number) {
	const folded *t = &g->folded;
	uint32_t count = 0, initials = 0;
	for (size_t i = 0; i + 1 < t->n; i++)
		if ((unsigned char)t->p[i] == 0xC4 && (unsigned char)t->p[i + 1] == 0xB1) {
			if (count < 32 && is_begin(t, i))
				initials |= (uint32_t)1 << count;
			count++;
		}
	buffer text = {0};
	uint32_t all = count >= 32 ? UINT32_MAX : ((uint32_t)1 << count) - 1, capitals;
	for (uint32_t chosen = 1; chosen && chosen <= all && !g->failed; chosen++) {
		if (count > 4)
			chosen = chosen == 1 && initials && initials != all ? initials : all;
		if (respell(t, chosen, &text, &capitals)) {
			if (text.failed || !fold_text(&g->variant, (str){text.p, text.n}))
				g->failed = true;
			else
				add_form(g, &g->variant, how, true, capitals, entry_number);
		}
		if (chosen == all)
			break;
	}
	buffer_free(&text);
}

/* ------------------------------------------------------------------------------------------------ */

bool terms_gather(const lexicon *const *lexicons, int count, terms *out) {
	gatherer g = {.out = out};
	uint32_t number = 0;
	for (int l = 0; l < count && !g.failed; l++)
		for (int i = 0; i < lexicons[l]->count && !g.failed; i++, number++) {
			const term *t = &lexicons[l]->terms[i];
			bool turkish = t->how == HOW_WRITTEN && is_turkish(lexicons[l]->language);
			if (!fold_text(&g.folded, t->text)) {
				g.failed = true;
			} else if (g.folded.n <= MATCHER_LONGEST) {
				add_form(&g, &g.folded, t->how, turkish, 0, number);
				if (turkish)
					add_respelt(&g, t->how, number);
			}
		}
	fold_free(&g.folded);
	fold_free(&g.variant);
	tally_free(&g.known);
	buffer_free(&g.identity);
	buffer_free(&g.identities);
	buffer_free(&g.identity_from);
	buffer_free(&g.parts);
	return !g.failed;
}

void terms_free(terms *t) {
	buffer_free(&t->forms);
	buffer_free(&t->parts);
	buffer_free(&t->text);
	buffer_free(&t->anchors);
	buffer_free(&t->uses);
}
