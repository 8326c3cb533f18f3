/* spans_parts.h: what spans.c, links.c and codes.c share. Nobody else includes it. */
#ifndef TEXT_SPANS_PARTS_H
#define TEXT_SPANS_PARTS_H

#include "text/text_spans.h"

/* Copies `text` into the arena. False when memory ended. */
bool span_keep(arena *a, text_spans *out, enum span_kind kind, size_t start, size_t end, str text);

bool links_find(const folded *f, arena *a, text_spans *out); /* links.c */
bool codes_find(const folded *f, arena *a, text_spans *out); /* codes.c */

/* Is folded byte i part of a word, of whatever script? */
static inline bool letter_at(const folded *f, size_t i) {
	return i < f->n && (fold_bit(f->words, i) || fold_bit(f->spaceless, i));
}

static inline bool word_at(const folded *f, size_t i) { return i < f->n && fold_bit(f->words, i); }

#endif
