/* stock.c: reads the host's own lexicons from stdlib/lexicons and builds their indexes. Uses lexicon, language,
 * sentiment and matcher. */
#include "text/stock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "text/language.h"
#include "text/sentiment.h"

#define FILE_MOST ((size_t)16 << 20)

const char *const tone_languages[TONE_LANGUAGES] = {"de", "en", "es", "fr", "it", "ja", "ko", "pt", "zh"};

stock *stock_new(const char *stdlib) {
	stock *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->folder = arena_printf(&s->memory, "%s/lexicons", stdlib);
	if (!s->folder) {
		stock_free(s);
		return NULL;
	}
	return s;
}

void stock_free(stock *s) {
	if (!s)
		return;
	matcher_free(s->languages);
	for (int i = 0; i <= TONE_LANGUAGES; i++)
		matcher_free(s->tones[i]);
	arena_free(&s->memory);
	free(s);
}

static kol_status read_bytes(stock *s, const char *path, str *out, kol_error *err) {
	FILE *in = fopen(path, "rb");
	if (!in)
		return error_set(err, KOL_E_IO, "cannot read '%s': %s", path, strerror(errno));
	buffer b = {0};
	char part[65536];
	size_t n;
	while (b.n < FILE_MOST && (n = fread(part, 1, sizeof part, in)) > 0)
		buffer_add(&b, part, n);
	kol_status status = ferror(in) ? error_set(err, KOL_E_IO, "cannot read '%s': %s", path, strerror(errno)) : KOL_OK;
	fclose(in);
	*out = arena_str(&s->memory, (str){b.p ? b.p : "", b.n});
	if (!status && (b.failed || !out->p))
		status = error_memory(err);
	buffer_free(&b);
	return status;
}

/* One file of the folder, and where it lies. */
static kol_status read_file(stock *s, const char *name, const char **path, str *out, kol_error *err) {
	*path = arena_printf(&s->memory, "%s/%s.txt", s->folder, name);
	return *path ? read_bytes(s, *path, out, err) : error_memory(err);
}

static kol_status read_lexicon(stock *s, const char *name, lexicon *out, struct kol_problems *problems,
                               kol_error *err) {
	const char *path;
	str bytes;
	kol_status status = read_file(s, name, &path, &bytes, err);
	if (status)
		return status;
	out->name = name;
	return lexicon_read(&s->memory, out, path, bytes, problems) ? KOL_OK : error_memory(err);
}

static kol_status read_languages(stock *s, struct kol_problems *problems, kol_error *err) {
	const char *path;
	str bytes;
	kol_status status = read_file(s, "languages", &path, &bytes, err);
	if (status)
		return status;
	if (!language_read(&s->memory, path, bytes, &s->language_words, &s->language_count, problems))
		return error_memory(err);
	const lexicon **list = ARENA_ARRAY(&s->memory, const lexicon *, s->language_count + 1);
	if (!list)
		return error_memory(err);
	for (int i = 0; i < s->language_count; i++)
		list[i] = &s->language_words[i];
	return matcher_new(list, s->language_count, &s->languages, err);
}

static kol_status read_tone(stock *s, const char *name, lexicon **out, struct kol_problems *problems, kol_error *err) {
	char file[64];
	const char *path;
	str bytes;
	lexicon *l = *out = ARENA_NEW(&s->memory, lexicon);
	if (!l)
		return error_memory(err);
	snprintf(file, sizeof file, "sentiment/%s", name);
	kol_status status = read_file(s, file, &path, &bytes, err);
	if (status)
		return status;
	l->name = name;
	return sentiment_read(&s->memory, l, path, bytes, problems) ? KOL_OK : error_memory(err);
}

static kol_status read_tones(stock *s, struct kol_problems *problems, kol_error *err) {
	lexicon *emoji, *words;
	kol_status status = read_tone(s, "emoji", &emoji, problems, err);
	for (int i = 0; i < TONE_LANGUAGES && !status; i++) {
		status = read_tone(s, tone_languages[i], &words, problems, err);
		if (!status)
			status = matcher_new((const lexicon *const[]){words, emoji}, 2, &s->tones[i], err);
	}
	return status ? status : matcher_new((const lexicon *const[]){emoji}, 1, &s->tones[TONE_LANGUAGES], err);
}

kol_status stock_want(stock *s, unsigned parts, struct kol_problems *problems, kol_error *err) {
	kol_status status = KOL_OK;
	parts &= ~s->read;
	s->read |= parts;
	if (parts & STOCK_LANGUAGE)
		status = read_languages(s, problems, err);
	if (!status && parts & STOCK_TONE)
		status = read_tones(s, problems, err);
	if (!status && parts & STOCK_COMMERCIAL)
		status = read_lexicon(s, "commercial", &s->commercial, problems, err);
	if (!status && parts & STOCK_COMMERCIAL)
		status = read_lexicon(s, "purchase", &s->purchase, problems, err);
	return status;
}
