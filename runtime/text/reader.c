/* reader.c: reads one text at a time, once, and answers everything that is asked of it: folding, plain and second
 * reading, which lexicons apply in the text's language, patterns where their literal stands, tone.
 * Uses asked, fold, matcher, disguise, language, sentiment, spans, regex. Knows nothing of rules and rows. */
#include "text/reader.h"

#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "text/disguise.h"
#include "text/language.h"
#include "text/text_spans.h"

struct reader {
	const inquiry *asked;
	disguise *disguise;
	folded text;
	hits found; /* all, in order; kept holds those that count */
	hits kept;
	hits words; /* of languages, then of tone */
	str stated, told;
	bool language_asked;
	bool irregular;     /* patterns' literals may stand otherwise in the folded text, or not at all */
	uint64_t *present;  /* a bit per lexicon that has a hit that counts, or a literal that stands */
	uint64_t *literals; /* a bit per lexicon: it holds a pattern's literals */
	size_t bit_words;
	arena scratch;
};

static void set_bit(uint64_t *bits, int i) { bits[i / 64] |= UINT64_C(1) << (i % 64); }
static bool has_bit(const uint64_t *bits, int i) { return bits[i / 64] >> (i % 64) & 1; }

reader *reader_new(const inquiry *a, kol_error *err) {
	reader *r = calloc(1, sizeof *r);
	if (r) {
		r->asked = a;
		r->bit_words = (size_t)a->count / 64 + 1;
		r->disguise = disguise_new();
		r->present = calloc(r->bit_words, sizeof *r->present);
		r->literals = calloc(r->bit_words, sizeof *r->literals);
	}
	if (!r || !r->disguise || !r->present || !r->literals) {
		reader_free(r);
		error_memory(err);
		return NULL;
	}
	for (int i = 0; i < a->pattern_count; i++)
		if (a->patterns[i].literals >= 0)
			set_bit(r->literals, a->patterns[i].literals);
	return r;
}

void reader_free(reader *r) {
	if (!r)
		return;
	disguise_free(r->disguise);
	fold_free(&r->text);
	hits_free(&r->found);
	hits_free(&r->kept);
	hits_free(&r->words);
	free(r->present);
	free(r->literals);
	arena_free(&r->scratch);
	free(r);
}

/* ---- language ---- */

static const char *language_between(reader *r, size_t start, size_t end, bool *memory) {
	if (!r->asked->stock->languages)
		return NULL;
	if (!matcher_scan(r->asked->stock->languages, &r->text, &r->words)) {
		*memory = false;
		return NULL;
	}
	const stock *from = r->asked->stock;
	return language_of(&r->text, start, end, from->languages, &r->words, from->language_words, 0, from->language_count);
}

static bool find_language(reader *r) {
	bool memory = true;
	if (!r->language_asked && !r->stated.n)
		r->told = str_of(language_between(r, 0, r->text.n, &memory));
	r->language_asked = true;
	return memory;
}

str reader_language(reader *r) {
	if (r->stated.n)
		return r->stated;
	return find_language(r) ? r->told : (str){NULL, 0};
}

/* The line of the folded text that holds byte i. */
static void line_around(const folded *f, size_t i, size_t *start, size_t *end) {
	const char *newline = memrchr(f->p, '\n', i);
	*start = newline ? (size_t)(newline - f->p) + 1 : 0;
	newline = memchr(f->p + i, '\n', f->n - i);
	*end = newline ? (size_t)(newline - f->p) : f->n;
}

/* A lexicon with a language is meant for texts of that language. A text that states none is what it looks like, and one
 * that mixes languages is judged line by line. */
static bool applies(reader *r, const lexicon *l, const hit *h, bool *memory) {
	if (!l->language.n)
		return true;
	if (r->stated.n)
		return same_language(r->stated, l->language);
	*memory &= find_language(r);
	if (!r->told.n || same_language(r->told, l->language))
		return true;
	size_t start, end;
	line_around(&r->text, h->start, &start, &end);
	if (start == 0 && end == r->text.n)
		return false;
	const char *line = language_between(r, start, end, memory);
	return line && same_language(str_of(line), l->language);
}

typedef unsigned char sixteen __attribute__((vector_size(16)));

/* Is there a character of a script that has marks of its own? First bytes from D6 to E1, EA, and F0 but for emoji. */
static bool any_own_marks(const folded *f) {
	sixteen found = {0};
	for (size_t i = 0; i < f->n; i += 16) { /* FOLD_PAD bytes stand behind the text */
		sixteen b, next;
		memcpy(&b, f->p + i, 16);
		memcpy(&next, f->p + i + 1, 16);
		found |= (sixteen)(((b >= 0xD6) & (b <= 0xE1)) | (b == 0xEA) | ((b == 0xF0) & (next < 0x9D)));
	}
	uint64_t halves[2];
	memcpy(halves, &found, 16);
	return halves[0] | halves[1];
}

/* Does a mark of one script stand on a letter of another, or on none? Together they are one word, which PCRE2 sees
 * otherwise. */
static bool has_strays(const folded *f) {
	uint32_t before = 0, c;
	if (f->ascii || !any_own_marks(f))
		return false;
	for (size_t i = 0; i < f->n; before = c) {
		i += utf8_decode(f->p + i, f->n - i, &c);
		if (c < 0x590 || c >> 8 == before >> 8)
			continue;
		utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)c);
		if (kind >= UTF8PROC_CATEGORY_MN && kind <= UTF8PROC_CATEGORY_ME)
			return true;
	}
	return false;
}

/* ---- reading ---- */

static bool keep_hit(reader *r, const hit *h) {
	if (r->kept.count == r->kept.capacity) {
		uint32_t more = r->kept.capacity ? r->kept.capacity * 2 : 64;
		hit *grown = realloc(r->kept.items, more * sizeof *grown);
		if (!grown)
			return false;
		r->kept.items = grown;
		r->kept.capacity = more;
	}
	r->kept.items[r->kept.count++] = *h;
	return true;
}

bool reader_read(reader *r, str text, str language) {
	const inquiry *a = r->asked;
	r->stated = language.p ? language : (str){NULL, 0};
	r->told = (str){NULL, 0};
	r->language_asked = false;
	r->kept.count = r->found.count = 0;
	memset(r->present, 0, r->bit_words * sizeof *r->present);
	if (!fold_text(&r->text, text))
		return false;
	r->irregular = !r->text.regular || r->text.odd_marks || (a->pattern_count && has_strays(&r->text));
	if (!a->matcher)
		return true;
	if (!matcher_scan(a->matcher, &r->text, &r->found) || !disguise_scan(r->disguise, a->matcher, &r->text, &r->found))
		return false;
	if (!r->found.count)
		return true;
	hits_except(a->matcher, &r->found);
	bool memory = true;
	for (uint32_t i = 0; i < r->found.count && memory; i++) {
		const hit *h = &r->found.items[i];
		int number = matcher_entry(a->matcher, h->entry).lexicon;
		if (has_bit(r->literals, number)) {
			set_bit(r->present, number);
		} else if (applies(r, a->lexicons[number], h, &memory)) {
			set_bit(r->present, number);
			memory &= keep_hit(r, h);
		}
	}
	return memory;
}

const folded *reader_folded(const reader *r) { return &r->text; }
const hits *reader_hits(const reader *r) { return &r->kept; }

/* ---- near ---- */

static int lexicon_of(const reader *r, const hit *h) { return matcher_entry(r->asked->matcher, h->entry).lexicon; }

/* Words that begin in [from, to): a word of a script with spaces, or two characters of one without. */
static int words_between(const folded *f, size_t from, size_t to, int most) {
	int words = 0, halves = 0;
	for (size_t i = from; i < to && words + halves / 2 <= most; i++) {
		if (fold_bit(f->words, i))
			words += i == 0 || !fold_bit(f->words, i - 1) || fold_bit(f->edges, i);
		else
			halves += fold_bit(f->spaceless, i) && ((unsigned char)f->p[i] & 0xC0) != 0x80;
	}
	return words + halves / 2;
}

static bool is_near(const reader *r, const hit *a, const hit *b, int words) {
	const hit *first = a->start <= b->start ? a : b, *second = first == a ? b : a;
	if (second->start < first->end)
		return a != b;
	return words_between(&r->text, first->end, second->start, words) <= words;
}

/* The first two hits that are near each other. A hit has few neighbours: those behind it are walked until one lies too
 * far away. */
static bool find_near(const reader *r, const question *q, const hit **x, const hit **y) {
	const hit *items = r->kept.items;
	for (uint32_t i = 0; i < r->kept.count; i++) {
		int one = lexicon_of(r, &items[i]);
		if (one != q->lexicon && one != q->other)
			continue;
		for (uint32_t k = i; k < r->kept.count; k++) {
			int two = lexicon_of(r, &items[k]);
			bool pair = (one == q->lexicon && two == q->other) || (one == q->other && two == q->lexicon);
			if (pair && (k != i || q->lexicon == q->other) && is_near(r, &items[i], &items[k], q->words)) {
				*x = &items[i];
				*y = &items[k];
				return true;
			}
			if (k > i && items[k].start > items[i].end &&
			    words_between(&r->text, items[i].end, items[k].start, q->words) > q->words)
				break;
		}
	}
	return false;
}

/* ---- patterns ---- */

/* A literal is looked for in the folded text; where folding did more than replace characters one by one, the pattern
 * itself is asked. */
static bool may_match(const reader *r, const inquiry_pattern *p) {
	return p->literals < 0 || r->irregular || has_bit(r->present, p->literals);
}

enum regex_result reader_search(reader *r, int pattern, size_t from, regex_match *out) {
	const inquiry_pattern *p = &r->asked->patterns[pattern];
	if (!may_match(r, p))
		return REGEX_NONE;
	uint64_t budget = regex_budget(r->text.original.n);
	return regex_search(p->compiled, r->text.original, from, &budget, out);
}

/* ---- commercial ---- */

static bool has_span(reader *r, enum span_kind kind, bool affiliate, text_span *out, bool *memory) {
	text_spans found = {0};
	arena_reset(&r->scratch);
	if (!text_spans_find(&r->text, kind, &r->scratch, &found)) {
		*memory = false;
		return false;
	}
	for (int i = 0; i < found.count; i++)
		if (!affiliate || url_affiliate(found.items[i].text)) {
			*out = found.items[i];
			return true;
		}
	return false;
}

static bool has_lexicon(const reader *r, int number) { return number >= 0 && has_bit(r->present, number); }

static bool brand_called(const reader *r) {
	return has_lexicon(r, r->asked->brand) && has_lexicon(r, r->asked->purchase);
}

static bool is_commercial(reader *r, bool *memory) {
	text_span s;
	return has_lexicon(r, r->asked->commercial) || brand_called(r) || has_span(r, SPAN_CODE, false, &s, memory) ||
	       has_span(r, SPAN_URL, true, &s, memory);
}

/* ---- tone ---- */

/* The words of tone for the text: of its language; of English where a text in Latin letters does not tell. */
static const matcher *tone_words(reader *r, bool *known, bool *memory) {
	*memory &= find_language(r);
	str language = r->stated.n ? r->stated : r->told;
	*known = true;
	for (int i = 0; i < TONE_LANGUAGES; i++)
		if (language.n ? same_language(language, str_of(tone_languages[i])) : str_is(STR("en"), tone_languages[i]))
			return r->asked->stock->tones[i];
	*known = false;
	return r->asked->stock->tones[TONE_LANGUAGES];
}

static bool tone_between(reader *r, const matcher *m, size_t start, size_t end, arena *a, sentiment *out) {
	uint64_t all = UINT64_MAX;
	return sentiment_of(&r->text, start, end, m, &r->words, &all, a, out);
}

/* The end of the sentence that begins at `from`. */
static size_t sentence_end(const folded *f, size_t from) {
	for (size_t i = from; i < f->n; i++) {
		char c = f->p[i];
		bool stop = c == '\n' || ((c == '.' || c == '!' || c == '?') &&
		                          (i + 1 == f->n || f->p[i + 1] == ' ' || f->p[i + 1] == '\n'));
		if (stop)
			return i + 1;
		if ((unsigned char)c == 0xE3 && i + 3 <= f->n && !memcmp(f->p + i, "\xE3\x80\x82", 3)) /* 。 */
			return i + 3;
	}
	return f->n;
}

/* Adds one sentence's tones to those of the others; *room: of all->tones. */
static bool join_tones(arena *a, sentiment *all, int *room, const sentiment *more) {
	if (all->count + more->count > *room) {
		*room = 2 * (all->count + more->count);
		tone *grown = ARENA_ARRAY(a, tone, *room);
		if (!grown)
			return false;
		if (all->count)
			memcpy(grown, all->tones, sizeof *grown * (size_t)all->count);
		all->tones = grown;
	}
	if (more->count)
		memcpy(all->tones + all->count, more->tones, sizeof *more->tones * (size_t)more->count);
	all->count += more->count;
	return true;
}

/* The mean over the sentences in which the lexicon hits. */
static bool tone_about(reader *r, const matcher *m, int number, arena *a, sentiment *out, bool *known) {
	int sentences = 0, room = 0;
	size_t end = 0; /* of the last sentence that counted */
	*out = (sentiment){0};
	for (uint32_t i = 0; i < r->kept.count; i++) {
		const hit *h = &r->kept.items[i];
		if (lexicon_of(r, h) != number || h->start < end)
			continue;
		size_t start = end;
		while ((end = sentence_end(&r->text, start)) <= h->start)
			start = end;
		sentiment one;
		if (!tone_between(r, m, start, end, a, &one) || !join_tones(a, out, &room, &one))
			return false;
		out->score += one.score;
		sentences++;
	}
	*known &= sentences > 0;
	out->score = sentences ? out->score / sentences : 0;
	return true;
}

bool reader_tone(reader *r, int number, arena *a, sentiment *out, const matcher **of, bool *known) {
	bool memory = true;
	*of = tone_words(r, known, &memory);
	if (!memory || !matcher_scan(*of, &r->text, &r->words))
		return false;
	if (number >= 0)
		return tone_about(r, *of, number, a, out, known);
	if (!tone_between(r, *of, 0, r->text.n, a, out))
		return false;
	*known |= out->count > 0; /* emoji alone say enough */
	return true;
}

/* ---- answers ---- */

bool reader_may_ask(const reader *r, const question *q) {
	switch (q->ask) {
	case ASK_HAS: return has_bit(r->present, q->lexicon);
	case ASK_NEAR: return has_bit(r->present, q->lexicon) && has_bit(r->present, q->other);
	case ASK_MATCHES: return may_match(r, &r->asked->patterns[q->pattern]);
	default: return true;
	}
}

bool reader_ask(reader *r, const question *q, reply *out) {
	bool memory = true, known;
	const hit *x, *y;
	regex_match match;
	sentiment found;
	const matcher *of;
	*out = (reply){.score = NAN};
	switch (q->ask) {
	case ASK_HAS: out->yes = has_bit(r->present, q->lexicon); break;
	case ASK_NEAR: out->yes = find_near(r, q, &x, &y); break;
	case ASK_MATCHES: {
		enum regex_result result = reader_search(r, q->pattern, 0, &match);
		out->yes = result == REGEX_HIT;
		out->limit = result == REGEX_LIMIT;
		memory = result != REGEX_MEMORY;
		break;
	}
	case ASK_TONE:
		arena_reset(&r->scratch);
		memory = reader_tone(r, -1, &r->scratch, &found, &of, &known);
		if (memory && known)
			out->score = found.score;
		break;
	case ASK_COMMERCIAL: out->yes = is_commercial(r, &memory); break;
	}
	return memory;
}

/* ---- quotes ---- */

bool reader_quote(reader *r, const hit *h, arena *a, text_quote *out) {
	entry e = matcher_entry(r->asked->matcher, h->entry);
	*out = (text_quote){.start = fold_original_start(&r->text, h->start),
	                    .end = fold_original_end(&r->text, h->end),
	                    .lexicon = r->asked->lexicons[e.lexicon]->name,
	                    .term = e.term->text,
	                    .disguised = h->disguised};
	if (!h->disguised)
		return true;
	buffer shown = {0};
	bool fine = disguise_shown(&r->text, h->start, h->end, &shown);
	out->reads_as = arena_str(a, (str){shown.p ? shown.p : "", shown.n});
	buffer_free(&shown);
	return fine && out->reads_as.p;
}

static bool quote_lexicon(reader *r, int number, arena *a, text_quote *out, int most, int *count) {
	for (uint32_t i = 0; number >= 0 && i < r->kept.count && *count < most; i++)
		if (lexicon_of(r, &r->kept.items[i]) == number && !reader_quote(r, &r->kept.items[i], a, &out[(*count)++]))
			return false;
	return true;
}

static bool quote_span(reader *r, enum span_kind kind, bool affiliate, const char *what, text_quote *out, int most,
                       int *count) {
	text_span s;
	bool memory = true;
	if (*count < most && has_span(r, kind, affiliate, &s, &memory))
		out[(*count)++] = (text_quote){.start = s.start, .end = s.end, .lexicon = what};
	return memory;
}

static bool quote_tone(reader *r, arena *a, text_quote *out, int most, int *count) {
	sentiment found;
	const matcher *of;
	bool known;
	arena_reset(&r->scratch);
	if (!reader_tone(r, -1, &r->scratch, &found, &of, &known))
		return false;
	(void)a;
	for (int i = 0; i < found.count && *count < most; i++)
		out[(*count)++] = (text_quote){.start = fold_original_start(&r->text, found.tones[i].at.start),
		                               .end = fold_original_end(&r->text, found.tones[i].at.end),
		                               .lexicon = "tone",
		                               .term = matcher_entry(of, found.tones[i].at.entry).term->text};
	return true;
}

bool reader_quotes(reader *r, const question *q, arena *a, text_quote *out, int most, int *count) {
	const hit *x, *y;
	regex_match match;
	*count = 0;
	if (most <= 0)
		return true;
	switch (q->ask) {
	case ASK_HAS: return quote_lexicon(r, q->lexicon, a, out, most, count);
	case ASK_NEAR:
		if (!find_near(r, q, &x, &y))
			return true;
		if (!reader_quote(r, x, a, &out[(*count)++]))
			return false;
		return *count >= most || reader_quote(r, y, a, &out[(*count)++]);
	case ASK_MATCHES:
		if (reader_search(r, q->pattern, 0, &match) == REGEX_HIT)
			out[(*count)++] = (text_quote){.start = match.start[0],
			                               .end = match.end[0],
			                               .lexicon = "pattern",
			                               .term = r->asked->patterns[q->pattern].text};
		return true;
	case ASK_TONE: return quote_tone(r, a, out, most, count);
	default:
		if (!quote_lexicon(r, r->asked->commercial, a, out, most, count) ||
		    !quote_span(r, SPAN_CODE, false, "discount code", out, most, count) ||
		    !quote_span(r, SPAN_URL, true, "affiliate link", out, most, count))
			return false;
		return !brand_called(r) || (quote_lexicon(r, r->asked->brand, a, out, most, count) &&
		                            quote_lexicon(r, r->asked->purchase, a, out, most, count));
	}
}
