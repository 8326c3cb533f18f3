/* fold_state.h: what fold.c and fold_special.c share while a text is folded. Nobody else includes it. */
#ifndef TEXT_FOLD_STATE_H
#define TEXT_FOLD_STATE_H

#include "text/fold.h"
#include "text/fold_kinds.h"

#define FOLD_SLACK 128 /* bytes that are written behind the end of what is folded, or by one step */

typedef struct folder {
	folded *f;
	const unsigned char *text; /* the original */
	size_t size;
	size_t i, o;           /* where we stand in the original and in what is folded */
	size_t last_i, last_o; /* the last character that joins with nothing before it */
	/* Behind the last mark: how the next may join. */
	size_t mark_end;
	bool mark_open, mark_odd;
	uint8_t mark_order;
	uint8_t script; /* of the last letter that needs spaces */
	bool failed;
	unsigned beyond; /* not 0: something was not ASCII */
} folder;

/* Room for `bytes` more, and for what is left of the original at three bytes for one. False when memory ended. */
bool fold_need(folder *x, size_t bytes);
bool fold_more_anchors(folder *x);
/* Folds what begins at x->i, a character of `length` bytes, and whatever joins with it. */
void fold_special(folder *x, const special *s, size_t length);
/* KIND_EDGE where the letter at o, of another script than the last letter, stands in one run of word bytes with it. */
unsigned fold_change_script(folder *x, size_t o, uint8_t script);

static inline uint32_t fold_entry(uint32_t c) { return fold_pages[fold_index[c / 64]][c % 64]; }
static inline const special *special_of(uint32_t entry) { return &fold_specials[entry >> 16]; }
static inline uint8_t script_of(uint32_t entry) { return (uint8_t)(entry >> 8); }
static inline unsigned counted_as(uint8_t script) { return script < SCRIPT_OTHER ? script : SCRIPT_OTHER; }

/* What stands from o on comes from what begins at i. */
static inline void fold_anchor_at(folder *x, size_t o, size_t i, bool whole) {
	folded *f = x->f;
	fold_anchor a = {(uint32_t)o, (uint32_t)i & 0x7FFFFFFF, whole}, *last = &f->anchors[f->anchor_count - 1];
	/* What is empty can go, unless it marks where something whole ended. */
	if (last->folded == a.folded && (last->original == a.original || (f->anchor_count > 1 && !last[-1].whole)))
		*last = a;
	else if (f->anchor_count < f->anchor_capacity || fold_more_anchors(x))
		f->anchors[f->anchor_count++] = a;
}

/* The kind of a letter that is written at o, with its edge. */
static inline unsigned kind_at(folder *x, size_t o, unsigned kind, uint8_t script) {
	if ((kind & (KIND_WORD | KIND_LETTER)) == (KIND_WORD | KIND_LETTER) && script != x->script)
		kind |= fold_change_script(x, o, script);
	return kind;
}

/* One folded character of at most four bytes, of which four can be read; the caller counts it. Writes four bytes. */
static inline void put_at(folder *x, size_t o, const unsigned char *p, unsigned kind) {
	memcpy(x->f->p + o, p, 4);
	memset(x->f->kinds + o, kind & KIND_REST, 4);
	x->f->kinds[o] = (unsigned char)kind;
}

#endif
