/* coverage.c: reads for which time a creator's rows are complete, and joins spans that touch. Uses cursor. */
#include "roster/coverage.h"

#include <stdlib.h>

#include "roster/db.h"

static const char *const names[COVERED_COUNT] = {"posts", "comments", "partnerships", "history", "credentials"};

static int kind_of(str name) {
	for (int i = 0; i < COVERED_COUNT; i++)
		if (str_is(name, names[i]))
			return i;
	return -1;
}

/* NULL is unbounded; what is no time at all makes the span void. */
static bool bound(sqlite3_stmt *st, int i, int64_t unbounded, int64_t *out) {
	int type = sqlite3_column_type(st, i);
	*out = type == SQLITE_NULL ? unbounded : sqlite3_column_int64(st, i);
	return type == SQLITE_NULL || type == SQLITE_INTEGER;
}

/* Spans of one creator and kind come ascending by their beginning: each joins the last or follows it. */
static bool add_span(coverage *c, int of, int start, int *count, span s) {
	if (*count > start) {
		span *last = &c->spans[of][*count - 1];
		if (last->to == INT64_MAX || s.from <= last->to + 1) {
			last->to = s.to > last->to ? s.to : last->to;
			return true;
		}
	}
	if (*count == c->capacity[of]) {
		int capacity = c->capacity[of] ? c->capacity[of] * 2 : 1024;
		span *grown = realloc(c->spans[of], sizeof *grown * (size_t)capacity);
		if (!grown)
			return false;
		c->spans[of] = grown;
		c->capacity[of] = capacity;
	}
	c->spans[of][(*count)++] = s;
	return true;
}

/* Rows up to `row` (not included) have all their spans. */
static void close_rows(coverage *out, const int *count, int *closed, int row) {
	for (; *closed < row; (*closed)++)
		for (int of = 0; of < COVERED_COUNT; of++)
			out->first[of][*closed + 1] = count[of];
}

/* Reads the spans of the creators in rows [row, end). */
static kol_status read_run(cursor *c, sqlite3_stmt *st, const frame *creators, int row, int end, unsigned wanted,
                           int *count, int *closed, coverage *out, kol_error *err) {
	int rc;
	bool fine = true;
	sqlite3_bind_int64(st, 1, creators->creator_id[row]);
	sqlite3_bind_int64(st, 2, creators->creator_id[end - 1]);
	while (fine && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(st, 0);
		while (row < end && creators->creator_id[row] < id)
			row++;
		if (row >= end || creators->creator_id[row] != id)
			continue;
		close_rows(out, count, closed, row);
		const char *name = (const char *)sqlite3_column_text(st, 1);
		int of = name ? kind_of(str_of(name)) : -1;
		span s;
		if (of < 0 || !(wanted & 1u << of) || !bound(st, 2, INT64_MIN, &s.from) || !bound(st, 3, INT64_MAX, &s.to) ||
		    s.from > s.to)
			continue;
		fine = add_span(out, of, out->first[of][row], &count[of], s);
	}
	kol_status status = !fine               ? error_memory(err)
	                    : rc != SQLITE_DONE ? roster_failed(cursor_db(c), rc, "reading coverage", err)
	                                        : KOL_OK;
	sqlite3_reset(st);
	return status;
}

/* A channel has no rows from before it existed: a span that reaches back to joined_at reaches back for ever. */
static void reach_back(const frame *creators, int64_t as_of, coverage *out) {
	const catalogue *c = creators->catalogue;
	int joined_at = catalogue_find(c, TABLE_CREATOR, STR("joined_at")), slot = 0;
	while (slot < creators->fetch->count[TABLE_CREATOR] && creators->fetch->field[TABLE_CREATOR][slot] != joined_at)
		slot++;
	if (joined_at < 0 || slot == creators->fetch->count[TABLE_CREATOR])
		return;
	const double *joined = creators->columns[slot].num;
	for (int of = 0; of < COVERED_COUNT; of++)
		for (int row = 0; row < creators->rows; row++)
			for (int i = out->first[of][row]; i < out->first[of][row + 1]; i++)
				if (joined[row] <= (double)as_of && (double)out->spans[of][i].from <= joined[row] &&
				    (double)out->spans[of][i].to >= joined[row])
					out->spans[of][i].from = INT64_MIN;
}

kol_status coverage_read(cursor *c, const frame *creators, unsigned wanted, coverage *out, kol_error *err) {
	int count[COVERED_COUNT] = {0}, closed = 0;
	sqlite3_stmt *st = NULL;
	for (int of = 0; of < COVERED_COUNT; of++)
		out->first[of][0] = 0;
	kol_status status = wanted ? cursor_coverage(c, &st, err) : KOL_OK;
	for (int row = 0, end; st && !status && row < creators->rows; row = end) {
		end = frame_run(creators, row);
		status = read_run(c, st, creators, row, end, wanted, count, &closed, out, err);
	}
	close_rows(out, count, &closed, creators->rows);
	if (wanted && !status)
		reach_back(creators, cursor_as_of(c), out);
	return status;
}

bool coverage_holds(const coverage *c, enum covered of, int row, int64_t from, int64_t to) {
	int low = c->first[of][row], end = c->first[of][row + 1], high = end;
	if (from > to)
		return true;
	/* Spans do not touch, so one of them holds all of it or none does: the last that begins at or before `from`. */
	while (low < high) {
		int middle = low + (high - low) / 2;
		if (c->spans[of][middle].from <= from)
			low = middle + 1;
		else
			high = middle;
	}
	return low > c->first[of][row] && c->spans[of][low - 1].to >= to;
}

void coverage_free(coverage *c) {
	for (int of = 0; of < COVERED_COUNT; of++)
		free(c->spans[of]);
	memset(c, 0, sizeof *c);
}
