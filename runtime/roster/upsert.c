/* upsert.c: update where the key is there, else insert; statements are prepared once per table.
 * Uses db for sentences about failures. Knows nothing of files. */
#include "roster/upsert.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "roster/db.h"

#define TABLES 24

struct upsert {
	sqlite3 *db;
	sqlite3_stmt *insert[TABLES], *update[TABLES];
	sqlite3_stmt *fill; /* creator: only what is missing */
	sqlite3_stmt *find; /* creator by platform and handle */
	buffer last;        /* platform, NUL, handle of the creator asked for last */
	int64_t last_id;    /* 0: none */
};

kol_status upsert_open(sqlite3 *db, upsert **out, kol_error *err) {
	*out = calloc(1, sizeof **out);
	if (!*out)
		return error_memory(err);
	(*out)->db = db;
	return KOL_OK;
}

void upsert_close(upsert *u) {
	if (!u)
		return;
	for (int i = 0; i < TABLES; i++) {
		sqlite3_finalize(u->insert[i]);
		sqlite3_finalize(u->update[i]);
	}
	sqlite3_finalize(u->fill);
	sqlite3_finalize(u->find);
	buffer_free(&u->last);
	free(u);
}

static kol_status prepare(upsert *u, buffer *sql, sqlite3_stmt **out, kol_error *err) {
	const char *text = buffer_text(sql);
	if (!text)
		return error_memory(err);
	int rc = sqlite3_prepare_v3(u->db, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
	return rc == SQLITE_OK ? KOL_OK : roster_failed(u->db, rc, "preparing to write", err);
}

/* Column i is always parameter i + 1; a creator's id is the one behind the last column. */
static kol_status prepare_update(upsert *u, int table, bool fill, sqlite3_stmt **out, kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	const upsert_column *c = t->columns;
	bool creator = str_is(STR("creator"), t->name);
	buffer sql = {0};
	int set = 0, i;
	buffer_printf(&sql, "UPDATE \"%s\" SET ", t->name);
	for (i = 0; c[i].name; i++)
		if (!c[i].key) {
			bool last = str_is(STR("updated_at"), c[i].name);
			buffer_z(&sql, set++ ? ", " : "");
			if (last && creator)
				buffer_printf(&sql, "updated_at = max(coalesce(updated_at, ?%d), coalesce(?%d, updated_at))", i + 1,
				              i + 1);
			else if (fill)
				buffer_printf(&sql, "\"%s\" = coalesce(\"%s\", ?%d)", c[i].name, c[i].name, i + 1);
			else
				buffer_printf(&sql, "\"%s\" = coalesce(?%d, \"%s\")", c[i].name, i + 1, c[i].name);
		}
	if (!set)
		buffer_printf(&sql, "\"%s\" = \"%s\"", c[0].name, c[0].name);
	if (creator)
		buffer_printf(&sql, " WHERE id = ?%d", i + 1);
	for (int k = 0, n = 0; c[k].name && !creator; k++)
		if (c[k].key)
			buffer_printf(&sql, "%s \"%s\" IS ?%d", n++ ? " AND" : " WHERE", c[k].name, k + 1);
	kol_status rc = prepare(u, &sql, out, err);
	buffer_free(&sql);
	return rc;
}

static kol_status prepare_insert(upsert *u, int table, sqlite3_stmt **out, kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	buffer sql = {0}, values = {0};
	buffer_printf(&sql, "INSERT INTO \"%s\" (", t->name);
	for (int i = 0; t->columns[i].name; i++) {
		buffer_printf(&sql, "%s\"%s\"", i ? ", " : "", t->columns[i].name);
		buffer_printf(&values, "%s?%d", i ? ", " : "", i + 1);
	}
	buffer_z(&sql, ") VALUES (");
	buffer_add(&sql, values.p, values.n);
	buffer_z(&sql, ")");
	kol_status rc = values.failed ? error_memory(err) : prepare(u, &sql, out, err);
	buffer_free(&sql);
	buffer_free(&values);
	return rc;
}

static void bind_cell(sqlite3_stmt *st, int at, const upsert_column *column, const upsert_cell *cell) {
	if (cell->kind == CELL_INTEGER)
		sqlite3_bind_int64(st, at, cell->i);
	else if (cell->kind == CELL_REAL)
		sqlite3_bind_double(st, at, cell->r);
	else if (cell->kind == CELL_TEXT)
		sqlite3_bind_text64(st, at, cell->s.p, cell->s.n, SQLITE_STATIC, SQLITE_UTF8);
	else if (column->blank)
		sqlite3_bind_text(st, at, "", 0, SQLITE_STATIC);
	else
		sqlite3_bind_null(st, at);
}

/* Runs a statement that returns no rows. A constraint is the row's fault: KOL_E_INPUT. */
static kol_status run(upsert *u, sqlite3_stmt *st, const char *table, kol_error *err) {
	int rc = sqlite3_step(st);
	int more = sqlite3_extended_errcode(u->db);
	kol_status status = KOL_OK;
	if (rc != SQLITE_DONE && (rc & 0xff) == SQLITE_CONSTRAINT) {
		if (more == SQLITE_CONSTRAINT_FOREIGNKEY)
			status =
			    error_set(err, KOL_E_INPUT, "this %s names a campaign or brand that is not in the roster yet", table);
		else
			status = error_set(err, KOL_E_INPUT, "a value of this %s is not one the roster takes (%s)", table,
			                   sqlite3_errmsg(u->db));
	} else if (rc != SQLITE_DONE && (rc & 0xff) == SQLITE_TOOBIG) {
		status = error_set(err, KOL_E_INPUT, "a text of this %s is too long", table);
	} else if (rc != SQLITE_DONE) {
		status = roster_failed(u->db, rc, "writing", err);
	}
	sqlite3_reset(st);
	return status;
}

static kol_status find_creator(upsert *u, str platform, str handle, int64_t *id, int64_t *updated, kol_error *err) {
	*id = 0;
	*updated = INT64_MIN;
	if (!u->find) {
		buffer sql = {0};
		buffer_z(&sql, "SELECT id, updated_at FROM creator WHERE platform = ?1 AND handle = ?2");
		kol_status bad = prepare(u, &sql, &u->find, err);
		buffer_free(&sql);
		if (bad)
			return bad;
	}
	sqlite3_bind_text64(u->find, 1, platform.p, platform.n, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_text64(u->find, 2, handle.p, handle.n, SQLITE_STATIC, SQLITE_UTF8);
	int rc = sqlite3_step(u->find);
	if (rc == SQLITE_ROW) {
		*id = sqlite3_column_int64(u->find, 0);
		if (sqlite3_column_type(u->find, 1) == SQLITE_INTEGER)
			*updated = sqlite3_column_int64(u->find, 1);
	}
	kol_status status = rc == SQLITE_ROW || rc == SQLITE_DONE ? KOL_OK : roster_failed(u->db, rc, "reading", err);
	sqlite3_reset(u->find);
	return status;
}

static kol_status step_update(upsert *u, int table, const upsert_cell *cells, int64_t id, bool fill, bool *found,
                              kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	sqlite3_stmt **st = fill ? &u->fill : &u->update[table];
	kol_status rc = *st ? KOL_OK : prepare_update(u, table, fill, st, err);
	if (rc)
		return rc;
	int i;
	for (i = 0; t->columns[i].name; i++)
		if (!(id && t->columns[i].key)) /* a creator's update names it by id alone */
			bind_cell(*st, i + 1, &t->columns[i], &cells[i]);
	if (id)
		sqlite3_bind_int64(*st, i + 1, id);
	rc = run(u, *st, t->name, err);
	*found = !rc && sqlite3_changes(u->db) > 0;
	return rc;
}

static kol_status step_insert(upsert *u, int table, const upsert_cell *cells, kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	kol_status rc = u->insert[table] ? KOL_OK : prepare_insert(u, table, &u->insert[table], err);
	if (rc)
		return rc;
	for (int i = 0; t->columns[i].name; i++)
		bind_cell(u->insert[table], i + 1, &t->columns[i], &cells[i]);
	return run(u, u->insert[table], t->name, err);
}

kol_status upsert_put(upsert *u, int table, const upsert_cell *cells, bool *stored, kol_error *err) {
	bool found = false, creator = table == 0;
	int64_t id = 0, updated = INT64_MIN;
	kol_status rc = KOL_OK;
	*stored = false;
	if (creator) {
		rc = find_creator(u, cells[0].s, cells[1].s, &id, &updated, err);
		const upsert_cell *at = &cells[upsert_column_find(0, STR("updated_at"))];
		bool older = at->kind == CELL_INTEGER && at->i < updated;
		if (!rc && id)
			rc = step_update(u, table, cells, id, older, &found, err);
	} else {
		rc = step_update(u, table, cells, 0, false, &found, err);
	}
	if (rc || found)
		return rc;
	*stored = true;
	u->last_id = 0;
	return step_insert(u, table, cells, err);
}

kol_status upsert_creator(upsert *u, str platform, str handle, int64_t *id, kol_error *err) {
	int64_t updated;
	bool same = u->last_id && u->last.n == platform.n + 1 + handle.n &&
	            memcmp(u->last.p, platform.p, platform.n) == 0 && u->last.p[platform.n] == 0 &&
	            memcmp(u->last.p + platform.n + 1, handle.p, handle.n) == 0;
	*id = u->last_id;
	if (same)
		return KOL_OK;
	kol_status rc = find_creator(u, platform, handle, id, &updated, err);
	if (!rc && !*id) {
		upsert_cell cells[UPSERT_COLUMNS] = {{.kind = CELL_TEXT, .s = platform}, {.kind = CELL_TEXT, .s = handle}};
		rc = step_insert(u, 0, cells, err);
		*id = sqlite3_last_insert_rowid(u->db);
	}
	if (rc)
		return rc;
	buffer_clear(&u->last);
	buffer_str(&u->last, platform);
	buffer_char(&u->last, 0);
	buffer_str(&u->last, handle);
	if (u->last.failed)
		return error_memory(err);
	u->last_id = *id;
	return KOL_OK;
}

kol_status upsert_begin(upsert *u, kol_error *err) { return roster_exec(u->db, "BEGIN IMMEDIATE", err); }
kol_status upsert_commit(upsert *u, kol_error *err) { return roster_exec(u->db, "COMMIT", err); }

void upsert_rollback(upsert *u) {
	u->last_id = 0;
	if (!sqlite3_get_autocommit(u->db))
		sqlite3_exec(u->db, "ROLLBACK", NULL, NULL, NULL);
}

kol_status upsert_mark(upsert *u, kol_error *err) { return roster_exec(u->db, "SAVEPOINT row", err); }

kol_status upsert_release(upsert *u, bool keep, kol_error *err) {
	if (!keep)
		u->last_id = 0;
	return roster_exec(u->db, keep ? "RELEASE row" : "ROLLBACK TO row; RELEASE row", err);
}

kol_status upsert_seen(upsert *u, str sha256, int64_t *at, kol_error *err) {
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(u->db, "SELECT at FROM import WHERE sha256 = ?1 ORDER BY id LIMIT 1", -1, &st, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text64(st, 1, sha256.p, sha256.n, SQLITE_STATIC, SQLITE_UTF8);
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW)
			*at = sqlite3_column_int64(st, 0);
	}
	kol_status status = rc == SQLITE_ROW || rc == SQLITE_DONE ? KOL_OK : roster_failed(u->db, rc, "reading", err);
	sqlite3_finalize(st);
	return status;
}

kol_status upsert_note(upsert *u, const upsert_import *row, kol_error *err) {
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(u->db,
	                            "INSERT INTO import (file, sha256, profile, at, stored, merged, rejected) "
	                            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	                            -1, &st, NULL);
	if (rc != SQLITE_OK)
		return roster_failed(u->db, rc, "writing", err);
	const str texts[] = {row->file, row->sha256, row->profile};
	for (int i = 0; i < 3; i++)
		sqlite3_bind_text64(st, i + 1, texts[i].p, texts[i].n, SQLITE_STATIC, SQLITE_UTF8);
	const int64_t numbers[] = {row->at, row->stored, row->merged, row->rejected};
	for (int i = 0; i < 4; i++)
		sqlite3_bind_int64(st, i + 4, numbers[i]);
	kol_status status = run(u, st, "import", err);
	sqlite3_finalize(st);
	return status;
}

void upsert_done(sqlite3 *db) { sqlite3_close_v2(db); }
