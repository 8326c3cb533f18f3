/* cursor_children.c: walks the rows that belong to the creators of a frame: posts, partnerships, comments and the like,
 * joined to them as they stream by. Uses cursor's cells and db. */
#include <math.h>

#include "roster/cursor_parts.h"
#include "roster/db.h"

/* What tells rows of one creator apart, in order, where there is no rowid to go by. */
static const char *const keys[TABLE_COUNT][4] = {
    [TABLE_POST] = {"id"},
    [TABLE_COMMENT] = {"post_id", "id"},
    [TABLE_HISTORY] = {"at"},
    [TABLE_AUDIENCE] = {"dimension", "segment"},
    [TABLE_CREDENTIAL] = {"kind", "number"},
    [TABLE_PARTNERSHIP] = {"brand", "campaign_id", "kind", "started_on"},
};
static const char *const dated[TABLE_COUNT] = {
    [TABLE_POST] = "posted_at", [TABLE_COMMENT] = "posted_at", [TABLE_HISTORY] = "at"};

static bool has_rowid_order(cursor *c, enum table t) {
	sqlite3_stmt *st;
	bool plain = false;
	if (sqlite3_prepare_v2(c->db, "SELECT type = 'table' AND NOT wr FROM pragma_table_list(?1) WHERE schema = 'main'",
	                       -1, &st, NULL) == SQLITE_OK) {
		sqlite3_bind_text(st, 1, table_names[t], -1, SQLITE_STATIC);
		plain = sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int(st, 0);
		sqlite3_finalize(st);
	}
	return plain && t == TABLE_PARTNERSHIP;
}

/* Rows of t from the ?5th on, with every wanted field, or with the one expression `only` ("": none). */
static kol_status prepare_walk(cursor *c, enum table t, const char *only, sqlite3_stmt **st, kol_error *err) {
	buffer sql = {0};
	bool keyed = t == TABLE_POST && catalogue_find(c->catalogue, t, STR("id")) >= 0;
	buffer_printf(&sql, "SELECT creator_id%s", t == TABLE_POST ? keyed ? ", id" : ", NULL" : "");
	if (!only)
		cursor_add_fields(c, t, &sql);
	else if (*only)
		buffer_printf(&sql, ", %s", only);
	buffer_printf(&sql, " FROM %s WHERE creator_id BETWEEN ?2 AND ?3", table_names[t]);
	/* A date that is none at all counts as missing, and such rows exist. */
	if (dated[t] && catalogue_find(c->catalogue, t, str_of(dated[t])) >= 0)
		buffer_printf(&sql, " AND (%s IS NULL OR %s <= ?1 OR typeof(%s) NOT IN ('integer', 'real'))", dated[t],
		              dated[t], dated[t]);
	buffer_z(&sql, " ORDER BY creator_id");
	if (has_rowid_order(c, t))
		buffer_z(&sql, ", rowid");
	else
		for (int i = 0; i < 4 && keys[t][i]; i++)
			if (catalogue_find(c->catalogue, t, str_of(keys[t][i])) >= 0)
				buffer_printf(&sql, ", %s", keys[t][i]);
	buffer_z(&sql, " LIMIT -1 OFFSET ?5");
	return cursor_prepare(c, &sql, st, err);
}

static kol_status prepare_children(cursor *c, enum table t, kol_error *err) {
	reader *r = &c->children[t];
	r->skip = t == TABLE_POST ? 2 : 1;
	return r->st || !c->catalogue->present[t] ? KOL_OK : prepare_walk(c, t, NULL, &r->st, err);
}

static kol_status children_begin(cursor *c, enum table t, const frame *creators, int from, int to, kol_error *err) {
	if (c->child_open && c->children[c->child].st)
		sqlite3_reset(c->children[c->child].st);
	c->child_open = false;
	c->child = t;
	c->parent = creators;
	c->run = c->run_end = from;
	c->parent_end = to;
	return prepare_children(c, t, err);
}

kol_status cursor_children(cursor *c, enum table t, const frame *creators, kol_error *err) {
	return children_begin(c, t, creators, 0, creators->rows, err);
}

kol_status cursor_rows_of(cursor *c, enum table t, const frame *creators, int row, kol_error *err) {
	return children_begin(c, t, creators, row, row + 1, err);
}

/* Opens the range scan of the next run of creators. */
static void next_run(cursor *c, sqlite3_stmt *st) {
	c->run = c->run_end;
	c->run_end = frame_run(c->parent, c->run);
	if (c->run_end > c->parent_end)
		c->run_end = c->parent_end;
	sqlite3_reset(st);
	c->run_from = c->parent->creator_id[c->run];
	sqlite3_bind_int64(st, 2, c->run_from);
	sqlite3_bind_int64(st, 3, c->parent->creator_id[c->run_end - 1]);
	sqlite3_bind_int64(st, 5, 0);
	c->child_at = 0;
	c->child_open = true;
}

static int child_step(cursor *c, sqlite3_stmt *st) {
	for (;;) {
		if (!c->child_open) {
			if (c->run_end >= c->parent_end)
				return SQLITE_DONE;
			next_run(c, st);
		}
		int rc = sqlite3_step(st);
		c->child_at += rc == SQLITE_ROW;
		if (rc != SQLITE_DONE)
			return rc;
		sqlite3_reset(st);
		c->child_open = false;
	}
}

/* Steps a statement of its own to the row the walk failed on. *st NULL: that cell is too long to load. */
static kol_status at_failed_row(cursor *c, const char *only, sqlite3_stmt **st, kol_error *err) {
	kol_status status = prepare_walk(c, c->child, only, st, err);
	if (status)
		return status;
	sqlite3_bind_int64(*st, 2, c->run_from);
	sqlite3_bind_int64(*st, 3, c->parent->creator_id[c->run_end - 1]);
	sqlite3_bind_int64(*st, 5, c->child_at);
	int rc = sqlite3_step(*st);
	if (rc == SQLITE_ROW)
		return KOL_OK;
	if ((rc & 0xff) != SQLITE_TOOBIG)
		status = roster_failed(c->db, rc, "reading what belongs to creators", err);
	sqlite3_finalize(*st);
	*st = NULL;
	return status;
}

/* A row with a cell that is too long to load, as in oversize_creator. *id: whose it is. */
static kol_status oversize_child(cursor *c, frame *f, int row, int64_t *id, size_t *bytes, kol_error *err) {
	sqlite3_stmt *st;
	kol_status status = at_failed_row(c, "", &st, err);
	if (!status && !st)
		status = error_set(err, KOL_E_LIMIT, "reading what belongs to creators: an id in the roster is too long");
	if (status)
		return status;
	*id = sqlite3_column_int64(st, 0);
	f->key[row] = (str){NULL, 0};
	bool fine = c->child != TABLE_POST || cursor_name(c, f, sqlite3_column_value(st, 1), &f->key[row], bytes);
	sqlite3_finalize(st);
	int skip = c->children[c->child].skip;
	for (int i = 0; fine && i < f->fetch->count[f->table]; i++) {
		const field *wanted = &f->catalogue->fields[f->table][f->fetch->field[f->table][i]];
		status = at_failed_row(c, wanted->sql, &st, err);
		if (status)
			return status;
		c->counts.cut += !st;
		if (wanted->kind != KIND_TEXT)
			f->columns[i].num[row] = st ? cursor_number(c, sqlite3_column_value(st, skip), wanted->kind) : NAN;
		else if (!st)
			f->columns[i].text[row] = (str){NULL, 0};
		else
			fine = cursor_text(c, f, sqlite3_column_value(st, skip), &f->columns[i].text[row], bytes);
		sqlite3_finalize(st);
	}
	/* The walk goes on behind it. */
	st = c->children[c->child].st;
	sqlite3_reset(st);
	sqlite3_bind_int64(st, 5, ++c->child_at);
	return fine ? KOL_OK : error_memory(err);
}

static bool fill_child(cursor *c, const reader *r, frame *f, int row, size_t *bytes) {
	f->key[row] = (str){NULL, 0};
	return (c->child != TABLE_POST || cursor_name(c, f, sqlite3_column_value(r->st, 1), &f->key[row], bytes)) &&
	       cursor_fill_row(c, r, f, row, bytes);
}

kol_status cursor_chunk(cursor *c, frame *f, kol_error *err) {
	const reader *r = &c->children[c->child];
	size_t bytes = 0;
	int rc = SQLITE_ROW, rows = 0;
	f->rows = 0;
	f->filled++;
	f->parent = c->parent;
	arena_reset(&f->texts);
	if (!r->st)
		return KOL_OK;
	while (rows < FRAME_ROWS && bytes < BATCH_TEXT_MOST) {
		rc = child_step(c, r->st);
		bool oversize = (rc & 0xff) == SQLITE_TOOBIG;
		if (rc != SQLITE_ROW && !oversize)
			break;
		int64_t id = 0;
		kol_status status = KOL_OK;
		if (oversize)
			status = oversize_child(c, f, rows, &id, &bytes, err);
		else
			id = sqlite3_column_int64(r->st, 0);
		if (status)
			return status;
		rc = SQLITE_ROW;
		while (c->run < c->run_end && c->parent->creator_id[c->run] < id)
			c->run++;
		if (c->run >= c->run_end || c->parent->creator_id[c->run] != id)
			continue;
		f->creator_id[rows] = id;
		f->owner[rows] = (uint16_t)c->run;
		if (!oversize && !fill_child(c, r, f, rows, &bytes))
			return error_memory(err);
		rows++;
	}
	f->rows = rows;
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		kol_status status = roster_failed(c->db, rc, "reading what belongs to creators", err);
		sqlite3_reset(r->st);
		return status;
	}
	return KOL_OK;
}
