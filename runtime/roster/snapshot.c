/* snapshot.c: a keeper that holds a roster still and a probe that sees whether it moved. Uses db. */
#include "roster/snapshot.h"

#include <stdlib.h>

struct snapshot {
	sqlite3 *keeper; /* holds one read transaction */
	sqlite3 *probe;  /* never in a transaction: there data_version would stand still */
};

kol_status snapshot_open(const char *path, snapshot **out, kol_error *err) {
	*out = NULL;
	snapshot *s = calloc(1, sizeof *s);
	if (!s)
		return error_memory(err);
	kol_status status = roster_open(path, &s->keeper, err);
	if (!status)
		status = roster_open(path, &s->probe, err);
	if (status) {
		snapshot_close(s);
		return status;
	}
	*out = s;
	return KOL_OK;
}

kol_status snapshot_probe(snapshot *s, int64_t *version, kol_error *err) {
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(s->probe, "PRAGMA data_version", -1, &st, NULL);
	if (rc != SQLITE_OK)
		return roster_failed(s->probe, rc, "asking whether the roster changed", err);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*version = sqlite3_column_int64(st, 0);
	kol_status status =
	    rc == SQLITE_ROW ? KOL_OK : roster_failed(s->probe, rc, "asking whether the roster changed", err);
	sqlite3_finalize(st);
	return status;
}

kol_status snapshot_begin(snapshot *s, kol_error *err) { return snapshot_begin_read(s->keeper, err); }

void snapshot_end(snapshot *s) {
	if (!sqlite3_get_autocommit(s->keeper))
		sqlite3_exec(s->keeper, "ROLLBACK", NULL, NULL, NULL);
}

void snapshot_close(snapshot *s) {
	if (!s)
		return;
	sqlite3_close(s->probe);
	sqlite3_close(s->keeper);
	free(s);
}

kol_status snapshot_begin_read(sqlite3 *db, kol_error *err) {
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	/* BEGIN alone takes no lock; the first read does. */
	int rc = sqlite3_exec(db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	return rc == SQLITE_OK ? KOL_OK : roster_failed(db, rc, "beginning to read the roster", err);
}
