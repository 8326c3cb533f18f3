/* cursor_parts.h: what cursor.c and cursor_children.c share. For them alone. */
#ifndef ROSTER_CURSOR_PARTS_H
#define ROSTER_CURSOR_PARTS_H

#include "base/buffer.h"
#include "roster/cursor.h"

#define BATCH_TEXT_MOST ((size_t)8 << 20) /* bytes of text after which a frame counts as full */

/* A prepared statement and where its wanted columns begin. */
typedef struct reader {
	sqlite3_stmt *st;
	int skip; /* columns before the first wanted one */
} reader;

struct cursor {
	sqlite3 *db;
	const catalogue *catalogue;
	const fetch *want;
	selection who;
	int64_t as_of;
	reader creators[2]; /* without and with identity */
	sqlite3_stmt *first;
	reader children[TABLE_COUNT];
	sqlite3_stmt *coverage;
	sqlite3_stmt **cells[TABLE_COUNT]; /* per field of the catalogue, made when first asked */
	bool coverage_known;
	/* The walk over creators: it goes on where the last batch ended. */
	reader *walk;
	int64_t next_from, walk_to;
	int64_t next_id; /* SELECT_IDS: index of the next id */
	/* The walk over children. */
	enum table child;
	const frame *parent;
	int64_t run_from;             /* the run's first creator */
	int run, run_end, parent_end; /* rows of the parent: this run, and the end of all */
	int64_t child_at;             /* rows of this run's scan that were stepped over */
	bool child_open;
	cursor_counts counts;
};

/* Prepares sql (and frees it), binding as-of to ?1 and the campaign to ?4. */
kol_status cursor_prepare(cursor *c, buffer *sql, sqlite3_stmt **st, kol_error *err);
/* Adds ", expression" for each wanted field of t. */
void cursor_add_fields(cursor *c, enum table t, buffer *sql);

/* Reads the wanted cells of the row a statement stands on. False: out of memory. *bytes grows by the texts' lengths. */
bool cursor_fill_row(cursor *c, const reader *r, frame *f, int row, size_t *bytes);
bool cursor_text(cursor *c, frame *f, sqlite3_value *v, str *out, size_t *bytes);
/* Texts of identity and keys: a number is fine there, it is only shown. */
bool cursor_name(cursor *c, frame *f, sqlite3_value *v, str *out, size_t *bytes);
double cursor_number(cursor *c, sqlite3_value *v, enum kind kind);

#endif
