/* sight.c: what the engine sees in a text, as one JSON object: hits, tags, mentions, links, codes, tone. Uses
 * text/reader and spans. */
#include "sight.h"

#include <stdlib.h>

#include "base/json.h"
#include "text/reader.h"
#include "text/text_spans.h"

struct sight {
	arena memory; /* the inquiry's */
	arena told;   /* of the text at hand */
	inquiry *asked;
	reader *reader;
};

kol_status sight_open(const struct kol_ruleset *ruleset, stock *from, sight **out, kol_error *err) {
	sight *s = calloc(1, sizeof *s);
	*out = NULL;
	if (!s)
		return error_memory(err);
	struct kol_problems problems = {0};
	s->asked = inquiry_new(&s->memory);
	bool fine = s->asked != NULL;
	for (int i = 0; fine && ruleset && i < ruleset->lexicon_count; i++)
		fine = inquiry_lexicon(s->asked, &ruleset->lexicons[i].words) >= 0;
	kol_status status = fine ? KOL_OK : error_memory(err);
	if (fine) {
		s->asked->parts = STOCK_LANGUAGE | STOCK_TONE | STOCK_COMMERCIAL;
		status = inquiry_build(s->asked, from, &problems, err);
	}
	if (!status && problems.count) {
		status = KOL_E_RULE;
		if (err)
			*err = problems.items[0];
	}
	if (!status && !(s->reader = reader_new(s->asked, err)))
		status = KOL_E_MEMORY;
	problems_free(&problems);
	if (status)
		sight_close(s);
	else
		*out = s;
	return status;
}

void sight_close(sight *s) {
	if (!s)
		return;
	reader_free(s->reader);
	inquiry_free(s->asked);
	arena_free(&s->told);
	arena_free(&s->memory);
	free(s);
}

static void tell_place(buffer *out, str text, size_t start, size_t end) {
	json_comma(out);
	buffer_char(out, '{');
	json_key(out, "start");
	buffer_int(out, (long long)start);
	json_key(out, "end");
	buffer_int(out, (long long)end);
	json_key(out, "text");
	json_string(out, (str){text.p + start, end - start});
}

static bool tell_hits(sight *s, str text, buffer *out) {
	const hits *all = reader_hits(s->reader);
	json_key(out, "hits");
	buffer_char(out, '[');
	for (uint32_t i = 0; i < all->count; i++) {
		text_quote q;
		if (!reader_quote(s->reader, &all->items[i], &s->told, &q))
			return false;
		tell_place(out, text, q.start, q.end);
		json_key(out, "lexicon");
		json_string(out, str_of(q.lexicon));
		json_key(out, "term");
		json_string(out, q.term);
		json_key(out, "disguised");
		json_bool(out, q.disguised);
		if (q.reads_as.p) {
			json_key(out, "reads_as");
			json_string(out, q.reads_as);
		}
		buffer_char(out, '}');
	}
	buffer_char(out, ']');
	return true;
}

static bool tell_spans(sight *s, str text, const char *key, enum span_kind kind, buffer *out) {
	text_spans all = {0};
	if (!text_spans_find(reader_folded(s->reader), kind, &s->told, &all))
		return false;
	json_key(out, key);
	buffer_char(out, '[');
	for (int i = 0; i < all.count; i++) {
		tell_place(out, text, all.items[i].start, all.items[i].end);
		json_key(out, "name");
		json_string(out, all.items[i].text);
		buffer_char(out, '}');
	}
	buffer_char(out, ']');
	return true;
}

static bool tell_tone(sight *s, str text, buffer *out) {
	sentiment found;
	const matcher *of;
	bool known;
	if (!reader_tone(s->reader, -1, &s->told, &found, &of, &known))
		return false;
	json_key(out, "sentiment");
	if (!known) {
		buffer_z(out, "null");
		return true;
	}
	buffer_char(out, '{');
	json_key(out, "score");
	buffer_fixed(out, found.score, 4);
	json_key(out, "terms");
	buffer_char(out, '[');
	const folded *f = reader_folded(s->reader);
	for (int i = 0; i < found.count; i++) {
		const tone *t = &found.tones[i];
		tell_place(out, text, fold_original_start(f, t->at.start), fold_original_end(f, t->at.end));
		json_key(out, "term");
		json_string(out, matcher_entry(of, t->at.entry).term->text);
		json_key(out, "points");
		buffer_fixed(out, t->points, 4);
		buffer_char(out, '}');
	}
	buffer_z(out, "]}");
	return true;
}

static bool tell(sight *s, str text, buffer *out) {
	reply commercial;
	str language = reader_language(s->reader);
	buffer_char(out, '{');
	json_key(out, "text");
	json_string(out, text);
	json_key(out, "language");
	json_string(out, language);
	bool fine = tell_hits(s, text, out) && tell_spans(s, text, "hashtags", SPAN_HASHTAG, out) &&
	            tell_spans(s, text, "mentions", SPAN_MENTION, out) && tell_spans(s, text, "urls", SPAN_URL, out) &&
	            tell_spans(s, text, "codes", SPAN_CODE, out) && tell_tone(s, text, out) &&
	            reader_ask(s->reader, &(question){.ask = ASK_COMMERCIAL}, &commercial);
	if (!fine)
		return false;
	json_key(out, "commercial");
	json_bool(out, commercial.yes);
	buffer_char(out, '}');
	return !out->failed;
}

kol_status sight_tell(sight *s, str text, str language, buffer *out, kol_error *err) {
	arena_reset(&s->told);
	return reader_read(s->reader, text, language) && tell(s, text, out) ? KOL_OK : error_memory(err);
}
