/* preview.c: how much of a caption each platform shows before "more", and the borders of grapheme clusters. Uses
 * utf8proc. The figures are what platforms were seen to do, not promises: `confirmed` says which were checked. */
#include "text/preview.h"

#include <utf8proc.h>

#include "base/utf8.h"

#define LOOK_BACK 256 /* bytes; a cluster that is longer is cut at a character's border */
#define LOOK_AHEAD 256

static const preview known[] = {
    {"instagram", "caption", 125, 3, true, "about 125 characters; first three lines: FTC, 19 Apr 2017"},
    {"tiktok", "caption", 150, 1, false, "about one line or 150 characters"},
    {"youtube", "title", 100, 0, false, "the longest title"},
    {"youtube", "caption", 157, 3, false, "about 157 characters or three lines of the description"},
    {"x", "caption", 280, 0, false, "the longest ordinary post"},
    {"twitter", "caption", 280, 0, false, "the longest ordinary post"},
    {"facebook", "caption", 125, 0, true, "125 characters on a phone (477 on a desktop): trade guides, 22 May 2026"},
    {"linkedin", "caption", 140, 0, false, "about 140 characters on a phone (210 on a desktop)"},
    {"threads", "caption", 500, 0, false, "the longest post"},
    {"bluesky", "caption", 300, 0, false, "the longest post"},
    {"pinterest", "caption", 50, 0, false, "about 50 characters"},
    {"twitch", "title", 140, 0, false, "the longest title"},
    {"weibo", "caption", 140, 0, false, "140 characters, then 全文: one weak source"},
    {"xiaohongshu", "title", 20, 0, false, "the longest title"},
    {"xiaohongshu", "caption", 0, 2, false, "about two or three lines"},
};

const preview *preview_of(str platform, str field) {
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is(platform, known[i].platform) && str_is(field, known[i].field))
			return &known[i];
	return NULL;
}

/* The end of the cluster that begins at `at`, which is at most at + most (then the border of a character). */
static size_t cluster_end(str s, size_t at, size_t most) {
	uint32_t before, c;
	utf8proc_int32_t state = 0;
	size_t i = at + utf8_decode(s.p + at, s.n - at, &before);
	for (; i < s.n && i - at < most; before = c) {
		size_t length = utf8_decode(s.p + i, s.n - i, &c);
		if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)c, &state))
			break;
		i += length;
	}
	return i;
}

size_t preview_end(const preview *p, str text) {
	int lines = 1, graphemes = 0;
	for (size_t i = 0; i < text.n; graphemes++) {
		if (p->graphemes && graphemes == p->graphemes)
			return i;
		bool breaks = text.p[i] == '\n' || text.p[i] == '\r'; /* \r\n is one cluster */
		if (breaks && p->lines && lines++ == p->lines)
			return i;
		i = cluster_end(text, i, text.n);
	}
	return text.n;
}

/* The first byte of the character that byte `at` lies in. */
static size_t character_start(str s, size_t at) {
	if (at >= s.n || ((unsigned char)s.p[at] & 0xC0) != 0x80)
		return at;
	for (size_t back = 1; back <= 3 && back <= at; back++) {
		if (((unsigned char)s.p[at - back] & 0xC0) == 0x80)
			continue;
		uint32_t c;
		return utf8_decode(s.p + at - back, s.n - at + back, &c) > back ? at - back : at;
	}
	return at;
}

/* A border before `at` from which clusters may be counted: between two ASCII bytes, else at the bound. */
static size_t sure_border(str s, size_t at) {
	size_t least = at > LOOK_BACK ? at - LOOK_BACK : 0;
	for (size_t i = at; i > least; i--)
		if (i < s.n && (unsigned char)s.p[i] < 0x80 && (unsigned char)s.p[i - 1] < 0x80 && s.p[i] != '\n')
			return i;
	return character_start(s, least);
}

size_t grapheme_before(str text, size_t at) {
	if (at >= text.n)
		return text.n;
	size_t i = sure_border(text, at);
	for (size_t next; i < at; i = next) {
		next = cluster_end(text, i, 2 * LOOK_BACK);
		if (next > at)
			break;
	}
	return i;
}

size_t grapheme_after(str text, size_t at) {
	if (at >= text.n)
		return text.n;
	size_t i = grapheme_before(text, at);
	return i == at ? at : cluster_end(text, i, at - i + LOOK_AHEAD);
}
