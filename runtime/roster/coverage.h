/* coverage.h: for which time a creator's posts, comments, partnerships and history are complete. */
#ifndef ROSTER_COVERAGE_H
#define ROSTER_COVERAGE_H

#include "roster/cursor.h"

enum covered {
	COVERED_POSTS,
	COVERED_COMMENTS,
	COVERED_PARTNERSHIPS,
	COVERED_HISTORY,
	COVERED_CREDENTIALS,
	COVERED_COUNT
};

/* Bits: 1 << enum covered. What ruleset.lua says a team keeps in full (assume = { partnerships = "complete" }). */
typedef unsigned assume;

typedef struct span {
	int64_t from, to; /* INT64_MIN / INT64_MAX: unbounded (NULL in the table) */
} span;

typedef struct coverage {
	int first[COVERED_COUNT][FRAME_ROWS + 1]; /* spans of creator row r: spans[of][first[of][r] .. first[of][r+1]) */
	span *spans[COVERED_COUNT];               /* merged, ascending, per creator */
	int capacity[COVERED_COUNT];
} coverage;

/* Reads the spans of all creators in the frame for the kinds in the bit set `wanted`. Where the frame holds joined_at,
 * a span that begins at or before it has no beginning. */
kol_status coverage_read(cursor *c, const frame *creators, unsigned wanted, coverage *out, kol_error *err);
/* Is [from, to] complete for creator row r? */
bool coverage_holds(const coverage *c, enum covered of, int row, int64_t from, int64_t to);
void coverage_free(coverage *c);

#endif
