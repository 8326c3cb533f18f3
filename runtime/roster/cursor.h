/* cursor.h: walks creators in id order, a batch at a time, and the rows that belong to them.
 * Reads only the columns a plan wants. Knows nothing of rules. */
#ifndef ROSTER_CURSOR_H
#define ROSTER_CURSOR_H

#include <sqlite3.h>

#include "roster/frame.h"

/* Which creators are judged. */
typedef struct selection {
	enum { SELECT_ALL, SELECT_ENROLLED, SELECT_IDS } how;
	const char *campaign; /* SELECT_ENROLLED */
	const int64_t *ids;   /* SELECT_IDS: ascending */
	int64_t count;
} selection;

typedef struct cursor cursor;

/* db is read inside a transaction the caller began. as_of: later posts, comments, history rows do not exist
 * (a row without a date exists; its age is missing). */
kol_status cursor_open(sqlite3 *db, const catalogue *c, const fetch *want, const selection *who, int64_t as_of,
                       cursor **out, kol_error *err);
void cursor_close(cursor *c);

/* The least selected creator id ≥ from: *found false where there is none. */
kol_status cursor_first(cursor *c, int64_t from, int64_t *id, bool *found, kol_error *err);
/* Fills f with the next creators whose ids are in [from, to], at most `most` (≤ FRAME_ROWS); rows 0: the end.
 * Ascending. identity: platform and handle are always read into the batch's identity arrays. */
typedef struct identity {
	str platform, handle, external_id; /* external_id.p NULL where missing */
} identity;
/* who NULL: nobody needs them, so they are not read. Fewer than `most` rows do not mean the end: long texts cut a batch
 * short, so that it fits in memory. */
kol_status cursor_creators(cursor *c, int64_t from, int64_t to, int most, frame *f, identity *who, kol_error *err);

/* Starts walking table t's rows of all creators in `creators`, ordered by creator id, then key. */
kol_status cursor_children(cursor *c, enum table t, const frame *creators, kol_error *err);
/* Next chunk, at most FRAME_ROWS rows; rows 0: the end. `f` was initialised for t. Texts live until the next call. */
kol_status cursor_chunk(cursor *c, frame *f, kol_error *err);
/* All rows of t that belong to one creator (for functions), appended into chunks the caller loops over:
 * the same as cursor_children for a single creator row. */
kol_status cursor_rows_of(cursor *c, enum table t, const frame *creators, int row, kol_error *err);
/* One field of one creator read directly, for a function that reads a field nobody announced. Text lives in f->texts.
 */
kol_status cursor_cell(cursor *c, enum table t, int64_t creator_id, int field_index, frame *f, double *num, str *text,
                       kol_error *err);

/* How many cells had the wrong type, and how many texts were cut, since cursor_open. */
typedef struct cursor_counts {
	int64_t wrong_type, cut;
} cursor_counts;
cursor_counts cursor_stats(const cursor *c);

/* For coverage.c: the statement that reads spans of creators ?1 to ?2; *st NULL where the roster has no such table. */
kol_status cursor_coverage(cursor *c, sqlite3_stmt **st, kol_error *err);
sqlite3 *cursor_db(const cursor *c);
int64_t cursor_as_of(const cursor *c);

/* The end of the run of creators that begins at `row`: their ids lie so close that one range scan reads them best. */
static inline int frame_run(const frame *creators, int row) {
	int end = row + 1;
	while (end < creators->rows && creators->creator_id[end] - creators->creator_id[end - 1] <= 16)
		end++;
	return end;
}

#endif
