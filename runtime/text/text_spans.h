/* text_spans.h: hashtags, mentions, links, discount codes, emoji and lines of a text, found only when somebody asks. */
#ifndef TEXT_TEXT_SPANS_H
#define TEXT_TEXT_SPANS_H

#include "base/arena.h"
#include "text/fold.h"

enum span_kind {
	SPAN_HASHTAG, /* #ad, ＃ad, Weibo's #…#, Xiaohongshu's #…[话题]# */
	SPAN_MENTION, /* @handle; not in e-mail addresses */
	SPAN_URL,     /* with or without a scheme: bit.ly/x */
	SPAN_CODE,    /* a discount code: BRISK20 */
	SPAN_EMOJI,   /* one grapheme cluster */
	SPAN_LINE     /* a line of the original, without its end */
};

typedef struct text_span { /* bytes of the original, half-open */
	enum span_kind kind;
	size_t start, end;
	str text; /* folded: a tag without # and [话题], a handle without @, a code (in capitals), a URL as written */
} text_span;

typedef struct text_spans {
	text_span *items;
	int count, capacity;
} text_spans;

/* Adds all spans of one kind, in order. Everything lives in `a`. False when memory ended. */
bool text_spans_find(const folded *text, enum span_kind kind, arena *a, text_spans *out);

/* Is the link an affiliate's (amzn.to, ltk.app, ?tag=, utm_medium=affiliate …)? */
bool url_affiliate(str url);

#endif
