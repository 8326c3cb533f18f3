/* frame.h: rows held as columns: 1,024 creators, or up to 1,024 of the rows that belong to them.
 * Missing is NaN for numbers (all kinds but text) and p == NULL for text. Flags are 0 or 1. */
#ifndef ROSTER_FRAME_H
#define ROSTER_FRAME_H

#include <stdint.h>

#include "base/arena.h"
#include "roster/fields.h"

#define FRAME_ROWS 1024

typedef union column {
	double *num; /* FRAME_ROWS values; every kind but KIND_TEXT */
	str *text;   /* KIND_TEXT; bytes live in the frame's arena */
} column;

typedef struct frame {
	enum table table;
	const catalogue *catalogue;
	const fetch *fetch; /* column i holds field fetch->field[table][i] */
	int rows;
	uint64_t filled; /* another number each time it is filled; 0: not yet */
	column *columns;
	int64_t *creator_id;        /* per row */
	uint16_t *owner;            /* child frames: index of the creator's row in `parent` */
	str *key;                   /* posts: post id */
	const struct frame *parent; /* child frames: the creators */
	arena texts;                /* dies with the next batch */
} frame;

kol_status frame_init(frame *f, enum table t, const catalogue *c, const fetch *want, kol_error *err);
void frame_free(frame *f);

static inline enum kind frame_kind(const frame *f, int slot) {
	return f->catalogue->fields[f->table][f->fetch->field[f->table][slot]].kind;
}

#endif
