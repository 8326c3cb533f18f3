/* text_spans.c: hashtags, mentions, emoji and lines of a text; links.c and codes.c do the rest. Tags and handles are
 * read from the folded text, whose bitmaps know words and full-width signs; emoji and lines from the original, since
 * folding drops what joins them. Uses utf8proc for grapheme clusters. Knows nothing of lexicons. */
#include "text/text_spans.h"

#include <utf8proc.h>

#include "base/utf8.h"
#include "text/spans_parts.h"

#define TOPIC_MOST 60 /* characters between the two # of a Weibo topic */
#define LINK_BACK 100 /* bytes looked back for the link that a # or @ stands in */

bool span_keep(arena *a, text_spans *out, enum span_kind kind, size_t start, size_t end, str text) {
	if (out->count == out->capacity) {
		int capacity = out->capacity ? 2 * out->capacity : 8;
		text_span *items = ARENA_ARRAY(a, text_span, capacity);
		if (!items)
			return false;
		if (out->count)
			memcpy(items, out->items, sizeof *items * (size_t)out->count);
		out->items = items;
		out->capacity = capacity;
	}
	str copy = arena_str(a, text.p ? text : STR(""));
	if (!copy.p)
		return false;
	out->items[out->count++] = (text_span){.kind = kind, .start = start, .end = end, .text = copy};
	return true;
}

static bool add_folded(const folded *f, arena *a, text_spans *out, enum span_kind kind, size_t start, size_t end,
                       str text) {
	return span_keep(a, out, kind, fold_original_start(f, start), fold_original_end(f, end), text);
}

static bool space_byte(char c) { return (unsigned char)c <= ' '; }

static bool has_letter(const folded *f, size_t start, size_t end) {
	for (size_t i = start; i < end;) {
		uint32_t c;
		i += utf8_decode(f->p + i, end - i, &c);
		utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
		if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
			return true;
	}
	return false;
}

/* Does the sign at `at` belong to a link: example.com/#top, example.com/@handle? */
static bool in_link(const folded *f, size_t at) {
	if (at == 0 || !strchr("/=?", f->p[at - 1]))
		return false;
	size_t begin = at;
	bool slash = false;
	while (begin > 0 && at - begin < LINK_BACK && !space_byte(f->p[begin - 1])) {
		begin--;
		slash |= f->p[begin] == '/';
		if (slash && f->p[begin] == '.' && begin > 0 && word_at(f, begin - 1) && word_at(f, begin + 1))
			return true;
	}
	return false;
}

/* ---- hashtags -------------------------------------------------------------------------------- */

static bool tag_byte(const folded *f, size_t i) { return letter_at(f, i) || (i < f->n && f->p[i] == '_'); }

static size_t tag_end(const folded *f, size_t i) {
	for (size_t start = i;; i++)
		if (!tag_byte(f, i)) {
			/* Catalan's middle dot stands inside words: #col·laboració */
			bool dot = i > start && i + 2 < f->n && memcmp(f->p + i, "\xC2\xB7", 2) == 0 && tag_byte(f, i + 2);
			if (!dot)
				return i;
			i++;
		}
}

/* How many # stand in the run without spaces that is being read. */
typedef struct hash_run {
	size_t end;
	int hashes;
} hash_run;

static bool odd_hashes(const folded *f, size_t at, hash_run *run) {
	if (at >= run->end) {
		run->hashes = 0;
		for (run->end = at; run->end < f->n && !space_byte(f->p[run->end]); run->end++)
			run->hashes += f->p[run->end] == '#';
	}
	return run->hashes % 2 == 1;
}

static size_t marker_bytes(const char *p, size_t n) {
	static const char *const markers[] = {"[话题]", "[話題]", "[超话]"};
	for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
		size_t length = strlen(markers[i]);
		if (n > length && memcmp(p + n - length, markers[i], length) == 0)
			return length;
	}
	return 0;
}

/* What the letters between two # are; enough to tell a Weibo topic from two tags of Instagram. */
typedef struct content {
	bool spaceless, other; /* Han; Kana, Hangul, Thai … */
	bool spaces, first_spaceless;
} content;

static content look_into(const folded *f, size_t start, size_t end) {
	content c = {0};
	for (size_t i = start; i < end;) {
		uint32_t u;
		size_t length = utf8_decode(f->p + i, end - i, &u);
		if (fold_bit(f->spaceless, i)) {
			bool han = (u >= 0x3400 && u <= 0x9FFF) || (u >= 0xF900 && u <= 0xFAFF) || u >= 0x20000 || u == 0x3007;
			c.spaceless = true;
			c.other |= !han;
			c.first_spaceless |= !c.spaces;
		}
		c.spaces |= u == ' ' || u == '\t';
		i += length;
	}
	return c;
}

/* #topic with spaces# and #topic[话题]#: the end of the content, and the place behind the closing sign in *end;
 * 0 where this is none. */
static size_t closed_tag(const folded *f, size_t at, hash_run *run, size_t *end) {
	size_t i = at + 1;
	for (int characters = 0; i < f->n && f->p[i] != '#'; characters++) {
		uint32_t c;
		if (characters == TOPIC_MOST || f->p[i] == '\n' || f->p[i] == '\r')
			return 0;
		i += utf8_decode(f->p + i, f->n - i, &c);
	}
	if (i >= f->n || i == at + 1 || space_byte(f->p[at + 1]) || space_byte(f->p[i - 1]))
		return 0;
	*end = i + 1;
	size_t marker = marker_bytes(f->p + at + 1, i - at - 1);
	if (marker)
		return i - marker;
	content c = look_into(f, at + 1, i);
	if (!c.spaceless)
		return 0;
	if (tag_byte(f, i + 1)) { /* the second # may begin a tag: #咖啡#日常#好喝 */
		bool topic = !c.other && (c.spaces ? c.first_spaceless : !odd_hashes(f, at, run));
		return topic ? i : 0;
	}
	return c.spaces && c.other ? 0 : i;
}

static bool find_hashtags(const folded *f, arena *a, text_spans *out) {
	size_t last = SIZE_MAX;
	hash_run run = {0};
	for (size_t i = 0; i < f->n; i++) {
		const char *sign = memchr(f->p + i, '#', f->n - i);
		if (!sign)
			return true;
		i = (size_t)(sign - f->p);
		bool behind_word = i > 0 && (word_at(f, i - 1) || f->p[i - 1] == '_' || f->p[i - 1] == '&');
		if ((behind_word && i != last) || in_link(f, i))
			continue;
		size_t end, stop = closed_tag(f, i, &run, &end);
		if (!stop) {
			stop = end = tag_end(f, i + 1);
			if (!has_letter(f, i + 1, end))
				continue;
		}
		if (!add_folded(f, a, out, SPAN_HASHTAG, i, end, (str){f->p + i + 1, stop - i - 1}))
			return false;
		last = end;
		i = end - 1;
	}
	return true;
}

/* ---- mentions -------------------------------------------------------------------------------- */

static bool lower(char c) { return c >= 'a' && c <= 'z'; }
static bool upper(char c) { return c >= 'A' && c <= 'Z'; }

/* "thanks @brand.Great tea": a dot before a capital ends a handle in small letters. */
static bool sentence_ends(const folded *f, size_t start, size_t dot) {
	str o = f->original;
	size_t first = fold_original_start(f, start), next = fold_original_start(f, dot + 1);
	return first < o.n && next + 1 < o.n && lower(o.p[first]) && upper(o.p[next]) && lower(o.p[next + 1]);
}

static size_t handle_end(const folded *f, size_t start) {
	bool spaceless = start < f->n && fold_bit(f->spaceless, start);
	size_t i = start;
	for (; i < f->n; i++) {
		char c = f->p[i];
		bool joined = i > start && (tag_byte(f, i + 1) && (spaceless || !fold_bit(f->spaceless, i + 1)));
		if (c == '.' && joined && !spaceless && !sentence_ends(f, start, i))
			continue;
		if (c == '_' || (c == '-' && joined))
			continue;
		if (spaceless ? !letter_at(f, i) : !word_at(f, i) || (i > start && fold_bit(f->edges, i)))
			break;
	}
	return i;
}

/* Handles hold a letter or an underscore, and are no time of day (@5pm). */
static bool is_handle(const folded *f, size_t start, size_t end) {
	size_t digits = start;
	while (digits < end && fold_bit(f->digits, digits))
		digits++;
	if (digits == end)
		return false;
	bool time = digits > start && digits - start <= 2 && end - digits == 2 && f->p[end - 1] == 'm' &&
	            (f->p[digits] == 'a' || f->p[digits] == 'p');
	return !time;
}

static bool find_mentions(const folded *f, arena *a, text_spans *out) {
	for (size_t i = 0; i < f->n; i++) {
		const char *sign = memchr(f->p + i, '@', f->n - i);
		if (!sign)
			return true;
		i = (size_t)(sign - f->p);
		if ((i > 0 && (word_at(f, i - 1) || f->p[i - 1] == '_')) || in_link(f, i))
			continue;
		size_t end = handle_end(f, i + 1);
		if (!is_handle(f, i + 1, end))
			continue;
		if (!add_folded(f, a, out, SPAN_MENTION, i, end, (str){f->p + i + 1, end - i - 1}))
			return false;
		i = end - 1;
	}
	return true;
}

/* ---- emoji ----------------------------------------------------------------------------------- */

/* Pictographs of the old blocks are text unless a variation selector (U+FE0F) says otherwise; these show as emoji. */
static bool shows_as_emoji(uint32_t c) {
	return c >= 0x1F000 || (c >= 0x2600 && c <= 0x27BF) || c == 0x231A || c == 0x231B || (c >= 0x23E9 && c <= 0x23F3) ||
	       c == 0x25FD || c == 0x25FE || c == 0x2B1B || c == 0x2B1C || c == 0x2B50 || c == 0x2B55;
}

typedef struct cluster {
	uint32_t first, second; /* characters; second 0 where there is one only */
	bool keycap;
	size_t end;
} cluster;

static cluster read_cluster(str s, size_t at) {
	cluster k = {0};
	utf8proc_int32_t state = 0;
	size_t i = at + utf8_decode(s.p + at, s.n - at, &k.first);
	for (uint32_t before = k.first, c; i < s.n; before = c) {
		size_t length = utf8_decode(s.p + i, s.n - i, &c);
		if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)c, &state))
			break;
		if (!k.second)
			k.second = c;
		k.keycap |= c == 0x20E3;
		i += length;
	}
	k.end = i;
	return k;
}

static bool is_emoji(const cluster *k) {
	if (k->keycap)
		return k->first < 0x80;
	int kind = utf8proc_get_property((utf8proc_int32_t)k->first)->boundclass;
	if (kind == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR)
		return k->second >= 0x1F1E6 && k->second <= 0x1F1FF;
	return kind == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC && k->second != 0xFE0E &&
	       (shows_as_emoji(k->first) || k->second == 0xFE0F);
}

static bool find_emoji(const folded *f, arena *a, text_spans *out) {
	str s = f->original;
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		/* A keycap is a digit, # or *, then something that is not ASCII. */
		if (c < 0x80 && (i + 1 >= s.n || (unsigned char)s.p[i + 1] < 0x80)) {
			i++;
			continue;
		}
		cluster k = read_cluster(s, i);
		if (is_emoji(&k) && !span_keep(a, out, SPAN_EMOJI, i, k.end, (str){s.p + i, k.end - i}))
			return false;
		i = k.end;
	}
	return true;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* The bytes of the line end at i: \n, \r\n, \r, U+2028, U+2029. 0 where there is none. */
static size_t line_end(str s, size_t i) {
	if (s.p[i] == '\n')
		return 1;
	if (s.p[i] == '\r')
		return i + 1 < s.n && s.p[i + 1] == '\n' ? 2 : 1;
	bool separator =
	    i + 2 < s.n && memcmp(s.p + i, "\xE2\x80", 2) == 0 && (s.p[i + 2] == '\xA8' || s.p[i + 2] == '\xA9');
	return separator ? 3 : 0;
}

static bool find_lines(const folded *f, arena *a, text_spans *out) {
	str s = f->original;
	size_t start = 0;
	for (size_t i = 0; i < s.n;) {
		size_t length = line_end(s, i);
		if (!length) {
			i++;
			continue;
		}
		if (!span_keep(a, out, SPAN_LINE, start, i, (str){s.p + start, i - start}))
			return false;
		start = i += length;
	}
	return start == s.n || span_keep(a, out, SPAN_LINE, start, s.n, (str){s.p + start, s.n - start});
}

bool text_spans_find(const folded *text, enum span_kind kind, arena *a, text_spans *out) {
	switch (kind) {
	case SPAN_HASHTAG: return find_hashtags(text, a, out);
	case SPAN_MENTION: return find_mentions(text, a, out);
	case SPAN_URL: return links_find(text, a, out);
	case SPAN_CODE: return codes_find(text, a, out);
	case SPAN_EMOJI: return find_emoji(text, a, out);
	case SPAN_LINE: return find_lines(text, a, out);
	}
	return true;
}
