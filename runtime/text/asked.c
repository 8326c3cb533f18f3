/* asked.c: gathers what a plan asks of texts and builds the indexes. Reads the host's own lexicons from stdlib.
 * Uses matcher, regex, language and sentiment. Knows nothing of rules. */
#include "text/asked.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "text/language.h"
#include "text/regex_literal.h"
#include "text/sentiment.h"

#define FILE_MOST ((size_t)16 << 20)

const char *const tone_languages[TONE_LANGUAGES] = {"de", "en", "es", "fr", "it", "ja", "ko", "pt", "zh"};

asked *asked_new(arena *a) {
	asked *it = ARENA_NEW(a, asked);
	if (!it)
		return NULL;
	it->memory = a;
	it->brand = -1;
	for (int i = 0; i < STOCK_COUNT; i++)
		it->stock[i] = -1;
	return it;
}

void asked_free(asked *a) {
	if (!a)
		return;
	for (int i = 0; i < a->pattern_count; i++)
		regex_free(a->patterns[i].compiled);
	matcher_free(a->matcher);
	matcher_free(a->languages);
	for (int i = 0; i <= TONE_LANGUAGES; i++)
		matcher_free(a->tones[i]);
}

static bool grow(asked *a, void **items, int count, int *capacity, size_t size) {
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

int asked_lexicon(asked *a, const lexicon *l) {
	for (int i = 0; i < a->count; i++)
		if (a->lexicons[i] == l)
			return i;
	void *items = a->lexicons;
	if (!grow(a, &items, a->count, &a->capacity, sizeof *a->lexicons))
		return -1;
	a->lexicons = items;
	a->lexicons[a->count] = l;
	a->wants_language |= l->language.n > 0;
	return a->count++;
}

bool asked_brand(asked *a, const lexicon *l) {
	a->brand = asked_lexicon(a, l);
	return a->brand >= 0;
}

/* The literals of a pattern become a lexicon of their own. */
static bool add_literals(asked *a, asked_pattern *p) {
	lexicon *l = ARENA_NEW(a->memory, lexicon);
	p->literals = -1;
	if (!l || !regex_literals(p->text, a->memory, &l->terms, &l->count))
		return false;
	if (!l->count)
		return true;
	l->name = p->text.p;
	p->literals = asked_lexicon(a, l);
	return p->literals >= 0;
}

int asked_pattern_of(asked *a, str text, size_t *at, kol_error *err) {
	for (int i = 0; i < a->pattern_count; i++)
		if (str_eq(a->patterns[i].text, text))
			return i;
	void *items = a->patterns;
	asked_pattern p = {.text = arena_str(a->memory, text)};
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

/* ---- the host's own lexicons ---- */

/* A file of stdlib/lexicons, in the plan's memory. */
static kol_status read_file(asked *a, const char *stdlib, const char *name, const char **path, str *out,
                            kol_error *err) {
	*path = arena_printf(a->memory, "%s/lexicons/%s.txt", stdlib, name);
	if (!*path)
		return error_memory(err);
	FILE *in = fopen(*path, "rb");
	if (!in)
		return error_set(err, KOL_E_IO, "cannot read '%s': %s", *path, strerror(errno));
	buffer b = {0};
	char part[65536];
	size_t n;
	while (b.n < FILE_MOST && (n = fread(part, 1, sizeof part, in)) > 0)
		buffer_add(&b, part, n);
	kol_status status = ferror(in) ? error_set(err, KOL_E_IO, "cannot read '%s': %s", *path, strerror(errno)) : KOL_OK;
	fclose(in);
	*out = arena_str(a->memory, (str){b.p ? b.p : "", b.n});
	if (!status && (b.failed || !out->p))
		status = error_memory(err);
	buffer_free(&b);
	return status;
}

static kol_status add_stock(asked *a, enum stock which, const char *stdlib, struct kol_problems *problems,
                            kol_error *err) {
	static const char *const names[STOCK_COUNT] = {"commercial", "purchase"};
	const char *path;
	str bytes;
	lexicon *l = ARENA_NEW(a->memory, lexicon);
	if (!l)
		return error_memory(err);
	l->name = names[which];
	kol_status status = read_file(a, stdlib, names[which], &path, &bytes, err);
	if (status)
		return status;
	if (!lexicon_read(a->memory, l, path, bytes, problems))
		return error_memory(err);
	a->stock[which] = asked_lexicon(a, l);
	return a->stock[which] < 0 ? error_memory(err) : KOL_OK;
}

static kol_status build_languages(asked *a, const char *stdlib, struct kol_problems *problems, kol_error *err) {
	const char *path;
	str bytes;
	lexicon *all;
	kol_status status = read_file(a, stdlib, "languages", &path, &bytes, err);
	if (status)
		return status;
	if (!language_read(a->memory, path, bytes, &all, &a->language_count, problems))
		return error_memory(err);
	const lexicon **list = ARENA_ARRAY(a->memory, const lexicon *, a->language_count + 1);
	if (!list)
		return error_memory(err);
	for (int i = 0; i < a->language_count; i++)
		list[i] = &all[i];
	return matcher_new(list, a->language_count, &a->languages, err);
}

static kol_status read_tone(asked *a, const char *stdlib, const char *language, lexicon **out,
                            struct kol_problems *problems, kol_error *err) {
	char name[64];
	const char *path;
	str bytes;
	lexicon *l = ARENA_NEW(a->memory, lexicon);
	if (!l)
		return error_memory(err);
	snprintf(name, sizeof name, "sentiment/%s", language);
	kol_status status = read_file(a, stdlib, name, &path, &bytes, err);
	if (status)
		return status;
	l->name = language;
	*out = l;
	return sentiment_read(a->memory, l, path, bytes, problems) ? KOL_OK : error_memory(err);
}

static kol_status build_tones(asked *a, const char *stdlib, struct kol_problems *problems, kol_error *err) {
	lexicon *emoji, *words;
	kol_status status = read_tone(a, stdlib, "emoji", &emoji, problems, err);
	for (int i = 0; i < TONE_LANGUAGES && !status; i++) {
		status = read_tone(a, stdlib, tone_languages[i], &words, problems, err);
		if (!status)
			status = matcher_new((const lexicon *const[]){words, emoji}, 2, &a->tones[i], err);
	}
	if (!status)
		status = matcher_new((const lexicon *const[]){emoji}, 1, &a->tones[TONE_LANGUAGES], err);
	return status;
}

kol_status asked_build(asked *a, const char *stdlib, struct kol_problems *problems, kol_error *err) {
	kol_status status = KOL_OK;
	for (int i = 0; i < STOCK_COUNT && a->wants_commercial && !status; i++)
		status = add_stock(a, (enum stock)i, stdlib, problems, err);
	if (!status && a->count)
		status = matcher_new(a->lexicons, a->count, &a->matcher, err);
	if (!status && (a->wants_language || a->wants_tone))
		status = build_languages(a, stdlib, problems, err);
	if (!status && a->wants_tone)
		status = build_tones(a, stdlib, problems, err);
	return status;
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
