/* upsert.c: update where the key is there, else insert; statements are prepared once per table.
 * Uses db for sentences about failures. Knows nothing of files. */
#include "roster/upsert.h"

#include <stdlib.h>
#include <unistd.h>

#include "roster/db.h"

#define TABLES 24
#define WRITE_CACHE "-32768" /* KiB of pages: creators come in any order, so their index is all over the place */

struct upsert {
	sqlite3 *db;
	sqlite3_stmt *insert[TABLES], *update[TABLES];
	sqlite3_stmt *fill; /* creator: only what is missing */
	sqlite3_stmt *find; /* creator by platform and handle */
	buffer last;        /* platform, NUL, handle of the creator asked for last */
	int64_t last_id;    /* 0: none */
	buffer stored;      /* extra of the creator found last */
	buffer joined;      /* extra as it will be stored */
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
	buffer_free(&u->stored);
	buffer_free(&u->joined);
	free(u);
}

static kol_status prepare(upsert *u, buffer *sql, sqlite3_stmt **out, kol_error *err) {
	const char *text = buffer_text(sql);
	if (!text)
		return error_memory(err);
	int rc = sqlite3_prepare_v3(u->db, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
	return rc == SQLITE_OK ? KOL_OK : roster_failed(u->db, rc, "preparing to write", err);
}

/* SET: a known value is never overwritten by a missing one, nor by an older one where the row tells its age: posts by
 * captured_at in SQL, creators by updated_at through `fill`. extra comes joined. */
static int put_sets(buffer *sql, const upsert_column *c, bool creator, bool fill) {
	int set = 0, age = 0;
	for (int i = 0; c[i].name; i++)
		if (strcmp(c[i].name, creator ? "updated_at" : "captured_at") == 0)
			age = i + 1;
	for (int i = 0; c[i].name; i++) {
		const char *n = c[i].name;
		int p = i + 1;
		if (c[i].key)
			continue;
		buffer_z(sql, set++ ? ", " : "");
		if (p == age)
			buffer_printf(sql, "%s = max(coalesce(%s, ?%d), coalesce(?%d, %s))", n, n, p, p, n);
		else if (fill && strcmp(n, "extra") != 0)
			buffer_printf(sql, "\"%s\" = coalesce(\"%s\", ?%d)", n, n, p);
		else if (age && !creator)
			buffer_printf(
			    sql, "\"%s\" = CASE WHEN ?%d < captured_at THEN coalesce(\"%s\", ?%d) ELSE coalesce(?%d, \"%s\") END",
			    n, age, n, p, p, n);
		else
			buffer_printf(sql, "\"%s\" = coalesce(?%d, \"%s\")", n, p, n);
	}
	return set;
}

/* Column i is always parameter i + 1; a creator's id is the one behind the last column. */
static kol_status prepare_update(upsert *u, int table, bool fill, sqlite3_stmt **out, kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	const upsert_column *c = t->columns;
	bool creator = table == 0;
	buffer sql = {0};
	int last = 0;
	while (c[last].name)
		last++;
	buffer_printf(&sql, "UPDATE \"%s\" SET ", t->name);
	if (!put_sets(&sql, c, creator, fill))
		buffer_printf(&sql, "\"%s\" = \"%s\"", c[0].name, c[0].name);
	if (creator)
		buffer_printf(&sql, " WHERE id = ?%d", last + 1);
	for (int k = 0, n = 0; c[k].name && !creator; k++)
		if (c[k].key)
			buffer_printf(&sql, "%s \"%s\" IS ?%d", n++ ? " AND" : " WHERE", c[k].name, k + 1);
	kol_status rc = prepare(u, &sql, out, err);
	buffer_free(&sql);
	return rc;
}

static bool always_keyed(const upsert_table *t) {
	for (int i = 0; t->columns[i].name; i++)
		if (t->columns[i].may_miss)
			return false;
	return true;
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
	/* Where no key can be NULL the roster itself finds the row that is there. */
	buffer_z(&sql, always_keyed(t) ? ") ON CONFLICT DO NOTHING" : ")");
	kol_status rc = values.failed ? error_memory(err) : prepare(u, &sql, out, err);
	buffer_free(&sql);
	buffer_free(&values);
	return rc;
}

static int bind_cell(sqlite3_stmt *st, int at, const upsert_column *column, const upsert_cell *cell) {
	switch (cell->kind) {
	case CELL_INTEGER: return sqlite3_bind_int64(st, at, cell->i);
	case CELL_REAL: return sqlite3_bind_double(st, at, cell->r);
	case CELL_TEXT: return sqlite3_bind_text64(st, at, cell->s.p, cell->s.n, SQLITE_STATIC, SQLITE_UTF8);
	default: break;
	}
	return column->blank ? sqlite3_bind_text(st, at, "", 0, SQLITE_STATIC) : sqlite3_bind_null(st, at);
}

/* Runs a statement that returns no rows. A constraint is the row's fault: KOL_E_INPUT. */
static kol_status run(upsert *u, sqlite3_stmt *st, int bound, const char *table, kol_error *err) {
	int rc = bound == SQLITE_OK ? sqlite3_step(st) : bound;
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

typedef struct found {
	int64_t id;      /* 0: not there */
	int64_t updated; /* INT64_MIN: unknown */
} found;

static kol_status find_creator(upsert *u, str platform, str handle, bool extra, found *out, kol_error *err) {
	*out = (found){0, INT64_MIN};
	buffer_clear(&u->stored);
	if (!u->find) {
		buffer sql = {0};
		buffer_z(&sql, "SELECT id, updated_at, extra FROM creator WHERE platform = ?1 AND handle = ?2");
		kol_status bad = prepare(u, &sql, &u->find, err);
		buffer_free(&sql);
		if (bad)
			return bad;
	}
	int rc = sqlite3_bind_text64(u->find, 1, platform.p, platform.n, SQLITE_STATIC, SQLITE_UTF8);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text64(u->find, 2, handle.p, handle.n, SQLITE_STATIC, SQLITE_UTF8);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(u->find);
	if (rc == SQLITE_ROW) {
		out->id = sqlite3_column_int64(u->find, 0);
		if (sqlite3_column_type(u->find, 1) == SQLITE_INTEGER)
			out->updated = sqlite3_column_int64(u->find, 1);
		const void *text = extra ? sqlite3_column_text(u->find, 2) : NULL;
		if (text)
			buffer_add(&u->stored, text, (size_t)sqlite3_column_bytes(u->find, 2));
	}
	kol_status status = rc == SQLITE_ROW || rc == SQLITE_DONE ? KOL_OK : roster_failed(u->db, rc, "reading", err);
	sqlite3_reset(u->find);
	return !status && u->stored.failed ? error_memory(err) : status;
}

static kol_status step_update(upsert *u, int table, const upsert_cell *cells, int64_t id, bool fill, bool *there,
                              kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	sqlite3_stmt **st = fill ? &u->fill : &u->update[table];
	kol_status rc = *st ? KOL_OK : prepare_update(u, table, fill, st, err);
	if (rc)
		return rc;
	int i, bound = SQLITE_OK;
	for (i = 0; t->columns[i].name && bound == SQLITE_OK; i++)
		if (!(id && t->columns[i].key)) /* a creator's update names it by id alone */
			bound = bind_cell(*st, i + 1, &t->columns[i], &cells[i]);
	if (id && bound == SQLITE_OK)
		bound = sqlite3_bind_int64(*st, i + 1, id);
	rc = run(u, *st, bound, t->name, err);
	*there = !rc && sqlite3_changes(u->db) > 0;
	return rc;
}

static kol_status step_insert(upsert *u, int table, const upsert_cell *cells, bool *stored, kol_error *err) {
	const upsert_table *t = upsert_describe(table);
	kol_status rc = u->insert[table] ? KOL_OK : prepare_insert(u, table, &u->insert[table], err);
	if (rc)
		return rc;
	int bound = SQLITE_OK;
	for (int i = 0; t->columns[i].name && bound == SQLITE_OK; i++)
		bound = bind_cell(u->insert[table], i + 1, &t->columns[i], &cells[i]);
	rc = run(u, u->insert[table], bound, t->name, err);
	*stored = !rc && sqlite3_changes(u->db) > 0;
	return rc;
}

static kol_status remember(upsert *u, str platform, str handle, int64_t id, kol_error *err) {
	buffer_clear(&u->last);
	buffer_str(&u->last, platform);
	buffer_char(&u->last, 0);
	buffer_str(&u->last, handle);
	u->last_id = u->last.failed ? 0 : id;
	return u->last.failed ? error_memory(err) : KOL_OK;
}

static kol_status put_creator(upsert *u, const upsert_cell *cells, bool *stored, kol_error *err) {
	const upsert_cell *at = &cells[upsert_column_find(0, STR("updated_at"))];
	int extra = upsert_column_find(0, STR("extra"));
	upsert_cell joined[UPSERT_COLUMNS];
	bool there;
	found f;
	kol_status rc = step_insert(u, 0, cells, stored, err);
	if (rc)
		return rc;
	if (*stored)
		return remember(u, cells[0].s, cells[1].s, sqlite3_last_insert_rowid(u->db), err);
	if ((rc = find_creator(u, cells[0].s, cells[1].s, cells[extra].kind == CELL_TEXT, &f, err)))
		return rc;
	bool older = at->kind == CELL_INTEGER && at->i < f.updated;
	if (u->stored.n && !str_eq((str){u->stored.p, u->stored.n}, cells[extra].s)) {
		str was = {u->stored.p, u->stored.n}, is = cells[extra].s;
		if (!upsert_extra(&u->joined, older ? is : was, older ? was : is))
			return error_memory(err);
		memcpy(joined, cells, sizeof joined);
		joined[extra].s = (str){u->joined.p, u->joined.n};
		cells = joined;
	}
	/* Joined, extra is written even by a row that only fills what is missing. */
	rc = step_update(u, 0, cells, f.id, older, &there, err);
	return rc ? rc : remember(u, cells[0].s, cells[1].s, f.id, err);
}

kol_status upsert_put(upsert *u, int table, const upsert_cell *cells, bool *stored, kol_error *err) {
	bool there = false;
	*stored = false;
	if (table == 0)
		return put_creator(u, cells, stored, err);
	if (always_keyed(upsert_describe(table))) {
		kol_status rc = step_insert(u, table, cells, stored, err);
		return rc || *stored ? rc : step_update(u, table, cells, 0, false, &there, err);
	}
	kol_status rc = step_update(u, table, cells, 0, false, &there, err);
	return rc || there ? rc : step_insert(u, table, cells, stored, err);
}

kol_status upsert_ensure(upsert *u, int table, const upsert_cell *cells, kol_error *err) {
	bool stored;
	return step_insert(u, table, cells, &stored, err);
}

kol_status upsert_creator(upsert *u, str platform, str handle, int64_t *id, kol_error *err) {
	bool same = u->last_id && u->last.n == platform.n + 1 + handle.n &&
	            memcmp(u->last.p, platform.p, platform.n) == 0 && u->last.p[platform.n] == 0 &&
	            memcmp(u->last.p + platform.n + 1, handle.p, handle.n) == 0;
	*id = u->last_id;
	if (same)
		return KOL_OK;
	found f;
	kol_status rc = find_creator(u, platform, handle, false, &f, err);
	*id = f.id;
	return rc || !f.id ? rc : remember(u, platform, handle, f.id, err);
}

kol_status upsert_owned(upsert *u, int table, str platform, str handle, upsert_cell *cells, int64_t *creator_id,
                        bool *stored, kol_error *err) {
	const upsert_column *c = upsert_describe(table)->columns;
	kol_status rc = upsert_creator(u, platform, handle, creator_id, err);
	bool made = !rc && !*creator_id, ignored;
	int owner = 0;
	while (c[owner].type != 'o')
		owner++;
	if (rc || (made && (rc = upsert_mark(u, err))))
		return rc;
	if (made) {
		upsert_cell own[UPSERT_COLUMNS] = {{.kind = CELL_TEXT, .s = platform}, {.kind = CELL_TEXT, .s = handle}};
		rc = put_creator(u, own, &ignored, err);
		*creator_id = u->last_id;
	}
	cells[owner] = (upsert_cell){.kind = CELL_INTEGER, .i = *creator_id};
	if (!rc)
		rc = upsert_put(u, table, cells, stored, err);
	if (made) {
		kol_status released = upsert_release(u, rc == KOL_OK, rc ? NULL : err);
		rc = rc ? rc : released;
	}
	return rc;
}

kol_status upsert_begin(upsert *u, kol_error *err) {
	return roster_exec(u->db, "PRAGMA cache_size = " WRITE_CACHE "; BEGIN IMMEDIATE", err);
}
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
	kol_status status = run(u, st, SQLITE_OK, "import", err);
	sqlite3_finalize(st);
	return status;
}

void upsert_discard(sqlite3 *db, const char *path) {
	sqlite3_stmt *st = NULL;
	sqlite3_busy_timeout(db, 0);
	if (sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
		return;
	if (sqlite3_prepare_v2(db,
	                       "SELECT EXISTS (SELECT 1 FROM import) OR EXISTS (SELECT 1 FROM creator) OR "
	                       "EXISTS (SELECT 1 FROM brand) OR EXISTS (SELECT 1 FROM campaign)",
	                       -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW && !sqlite3_column_int(st, 0))
		unlink(path);
	sqlite3_finalize(st);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}
