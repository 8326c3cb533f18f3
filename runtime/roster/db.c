/* db.c: opens rosters, makes and migrates them, and says in one sentence what is wrong with a file. Uses SQLite and
 * base. The file is only ever opened by SQLite: closing a descriptor of our own would drop SQLite's locks. */
#include "roster/db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"

#define BUSY_MS 15000          /* how long to wait for another program's lock */
#define LENGTH_MOST (16 << 20) /* bytes of a cell that SQLite may load at all */
#define READ_CACHE "-2048"     /* KiB of pages a reader keeps: a scan needs few */
#define MESSAGE_PATH_MOST 300  /* bytes of a path that a sentence shows */

static const char schema[] =
#include "schema.sql.h"
    ;

/* steps[i] brings a roster from version i to i + 1. Never change one that was released: add another. */
static const char *const steps[ROSTER_VERSION] = {schema};

/* ---- sentences ---- */

static const char *file_of(sqlite3 *db) {
	const char *name = db ? sqlite3_db_filename(db, "main") : NULL;
	return name && *name ? name : "the roster";
}

static kol_status io_failed(const char *path, const char *doing, sqlite3 *db, kol_error *err) {
	int cause = db ? sqlite3_system_errno(db) : 0;
	return error_set(err, KOL_E_IO, "%s: reading or writing '%.*s' failed%s%s", doing, MESSAGE_PATH_MOST, path,
	                 cause ? ": " : "", cause ? strerror(cause) : "");
}

static kol_status failed_on(const char *path, sqlite3 *db, int rc, const char *doing, kol_error *err) {
	const int n = MESSAGE_PATH_MOST;
	switch (rc & 0xff) {
	case SQLITE_NOMEM: return error_memory(err);
	case SQLITE_FULL: return error_set(err, KOL_E_IO, "%s: the disk of '%.*s' is full", doing, n, path);
	case SQLITE_IOERR: return (rc == SQLITE_IOERR_NOMEM) ? error_memory(err) : io_failed(path, doing, db, err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, KOL_E_ROSTER, "%s: another program has locked '%.*s'; try again when it is done", doing,
		                 n, path);
	case SQLITE_NOTADB:
		return error_set(err, KOL_E_ROSTER, "'%.*s' is not a roster: it is no SQLite database, or its start is damaged",
		                 n, path);
	case SQLITE_CORRUPT:
		return error_set(err, KOL_E_ROSTER,
		                 "%s: '%.*s' is damaged or cut short; restore it, or import the exports anew", doing, n, path);
	case SQLITE_READONLY:
		return error_set(err, KOL_E_ROSTER, "%s: '%.*s' or its folder cannot be written", doing, n, path);
	case SQLITE_PERM:
	case SQLITE_AUTH: return error_set(err, KOL_E_ROSTER, "%s: no permission for '%.*s'", doing, n, path);
	case SQLITE_CANTOPEN: return error_set(err, KOL_E_ROSTER, "%s: '%.*s' cannot be opened", doing, n, path);
	case SQLITE_TOOBIG:
		return error_set(err, KOL_E_LIMIT, "%s: a cell in '%.*s' is longer than %d MiB", doing, n, path,
		                 LENGTH_MOST >> 20);
	case SQLITE_INTERRUPT: return error_set(err, KOL_E_INTERRUPTED, "%s: interrupted", doing);
	default:
		return error_set(err, KOL_E_ROSTER, "%s: %s ('%.*s')", doing, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc), n,
		                 path);
	}
}

kol_status roster_failed(sqlite3 *db, int rc, const char *doing, kol_error *err) {
	/* The extended code of the same failure tells more: out of memory from a failed disk, for one. */
	if (db && (sqlite3_extended_errcode(db) & 0xff) == (rc & 0xff))
		rc = sqlite3_extended_errcode(db);
	return failed_on(file_of(db), db, rc, doing, err);
}

/* ---- opening ---- */

/* What the file system knows before SQLite is asked. */
static kol_status look(const char *path, bool *there, off_t *size, kol_error *err) {
	struct stat st;
	const int n = MESSAGE_PATH_MOST;
	*there = false;
	*size = 0;
	if (!*path)
		return error_set(err, KOL_E_ROSTER, "the roster's path is empty; name a roster file");
	if (stat(path, &st)) {
		if (errno == ENOENT)
			return KOL_OK;
		return error_set(err, KOL_E_ROSTER, "the roster '%.*s' cannot be reached: %s", n, path, strerror(errno));
	}
	if (S_ISDIR(st.st_mode))
		return error_set(err, KOL_E_ROSTER, "'%.*s' is a folder; name the roster file in it", n, path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, KOL_E_ROSTER, "'%.*s' is not a regular file, so it cannot be a roster", n, path);
	if (access(path, R_OK))
		return error_set(err, KOL_E_ROSTER, "no permission to read the roster '%.*s'", n, path);
	*there = true;
	*size = st.st_size;
	return KOL_OK;
}

static void configure(sqlite3 *db) {
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, BUSY_MS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MOST);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

static int pragma_int(sqlite3 *db, const char *sql, int64_t *value) {
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(st);
	*value = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	int end = sqlite3_finalize(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : end;
}

/* Whose file is it, and is it one this engine can read? *version: user_version of ours, -1 of a team's own. */
static kol_status recognise(sqlite3 *db, const char *path, bool fresh_is_fine, int64_t *version, kol_error *err) {
	int64_t id = 0, creators = 0, things = 0;
	int rc = pragma_int(db, "PRAGMA application_id", &id);
	if (rc == SQLITE_OK)
		rc = pragma_int(db, "PRAGMA user_version", version);
	if (rc == SQLITE_OK)
		rc = pragma_int(db, "SELECT count(*) FROM sqlite_schema", &things);
	if (rc == SQLITE_OK)
		rc = pragma_int(
		    db, "SELECT count(*) FROM sqlite_schema WHERE type IN ('table', 'view') AND lower(name) = 'creator'",
		    &creators);
	if (rc != SQLITE_OK)
		return failed_on(path, db, rc, "opening the roster", err);
	const int n = MESSAGE_PATH_MOST;
	if (fresh_is_fine && !id && !*version && !things)
		return KOL_OK;
	if (id == ROSTER_APPLICATION_ID && *version > ROSTER_VERSION)
		return error_set(
		    err, KOL_E_ROSTER,
		    "'%.*s' was made by a newer kolander (its version is %lld, this one reads up to %d); update kolander", n,
		    path, (long long)*version, ROSTER_VERSION);
	if (id == ROSTER_APPLICATION_ID && (fresh_is_fine || creators))
		return KOL_OK;
	if (creators && !fresh_is_fine) {
		*version = -1;
		return KOL_OK;
	}
	if (creators)
		return error_set(
		    err, KOL_E_ROSTER,
		    "'%.*s' is a database of another program; it can be vetted, but imports need a roster of their own", n,
		    path);
	return error_set(err, KOL_E_ROSTER, "'%.*s' is a database, but no roster: it has no table or view 'creator'", n,
	                 path);
}

/* SQLite takes options such as immutable only in a URI, where ? # % mean something. */
static int open_immutable(const char *path, sqlite3 **db) {
	buffer uri = {0};
	buffer_z(&uri, *path == '/' ? "file://" : "file:");
	for (const char *p = path; *p; p++)
		if (*p == '?' || *p == '#' || *p == '%')
			buffer_printf(&uri, "%%%02X", (unsigned)*p);
		else
			buffer_char(&uri, *p);
	buffer_z(&uri, "?immutable=1");
	const char *text = buffer_text(&uri);
	int rc = text ? sqlite3_open_v2(text, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL)
	              : SQLITE_NOMEM;
	buffer_free(&uri);
	return rc;
}

static bool beside(const char *path, const char *suffix) {
	char name[4096];
	return snprintf(name, sizeof name, "%s%s", path, suffix) < (int)sizeof name && access(name, F_OK) == 0;
}

/* A roster in WAL mode whose folder cannot be written, or one whose last writer was interrupted. */
static kol_status reopen_read_only(const char *path, sqlite3 **db, int rc, kol_error *err) {
	struct statvfs fs;
	const int n = MESSAGE_PATH_MOST;
	bool wal = beside(path, "-wal");
	if (beside(path, "-journal"))
		return error_set(
		    err, KOL_E_ROSTER,
		    "the last import into '%.*s' was interrupted and its folder cannot be written; make the folder "
		    "writable once so that the import can be undone",
		    n, path);
	if (!wal && !statvfs(path, &fs) && (fs.f_flag & ST_RDONLY)) {
		sqlite3_close(*db);
		*db = NULL;
		rc = open_immutable(path, db);
		if (rc == SQLITE_OK)
			return KOL_OK;
		return failed_on(path, *db, rc, "opening the roster", err);
	}
	return error_set(err, KOL_E_ROSTER,
	                 "'%.*s' is in WAL mode and its folder cannot be written; make the folder writable, or copy the "
	                 "roster%s elsewhere",
	                 n, path, wal ? " together with its -wal file" : "");
}

kol_status roster_open(const char *path, sqlite3 **out, kol_error *err) {
	sqlite3 *db = NULL;
	bool there;
	off_t size;
	int64_t version = 0;
	*out = NULL;
	kol_status status = look(path, &there, &size, err);
	if (status)
		return status;
	if (!there)
		return error_set(err, KOL_E_ROSTER, "there is no roster '%.*s'; import an export into it first",
		                 MESSAGE_PATH_MOST, path);
	/* In WAL mode the pages may all still stand in the -wal file. */
	if (!size && !beside(path, "-wal"))
		return error_set(err, KOL_E_ROSTER, "the roster '%.*s' is an empty file; import an export into it first",
		                 MESSAGE_PATH_MOST, path);
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK) {
		configure(db);
		rc = pragma_int(db, "SELECT count(*) FROM sqlite_schema", &version);
		int kind = rc & 0xff;
		if (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY) {
			status = reopen_read_only(path, &db, rc, err);
			rc = SQLITE_OK;
			if (!status)
				configure(db);
		}
	}
	if (!status && rc != SQLITE_OK)
		status = failed_on(path, db, rc, "opening the roster", err);
	if (!status)
		status = recognise(db, path, false, &version, err);
	if (!status) {
		rc = sqlite3_exec(
		    db,
		    "PRAGMA query_only = 1; PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0; PRAGMA temp_store = 2;"
		    "PRAGMA cache_size = " READ_CACHE,
		    NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			status = failed_on(path, db, rc, "opening the roster", err);
	}
	if (status)
		sqlite3_close(db);
	else
		*out = db;
	return status;
}

/* ---- making and migrating ---- */

static kol_status add_uuid(sqlite3 *db, kol_error *err) {
	unsigned char r[16];
	if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
		return error_set(err, KOL_E_IO, "the system gave no random numbers for the roster's id");
	r[6] = (unsigned char)((r[6] & 0x0f) | 0x40);
	r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);
	char sql[200];
	snprintf(sql, sizeof sql,
	         "INSERT INTO meta (uuid, created_at) VALUES "
	         "('%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x', %lld)",
	         r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14], r[15],
	         (long long)clock_now());
	return roster_exec(db, sql, err);
}

static kol_status migrate(sqlite3 *db, const char *path, kol_error *err) {
	kol_status status = roster_exec(db, "BEGIN IMMEDIATE", err);
	int64_t version = 0;
	if (status)
		return status;
	status = recognise(db, path, true, &version, err);
	bool fresh = version == 0;
	for (int64_t i = version; !status && i < ROSTER_VERSION; i++)
		status = roster_exec(db, steps[i], err);
	if (!status && fresh)
		status = add_uuid(db, err);
	if (!status && version < ROSTER_VERSION) {
		char sql[120];
		snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", ROSTER_APPLICATION_ID,
		         ROSTER_VERSION);
		status = roster_exec(db, sql, err);
	}
	if (!status)
		status = roster_exec(db, "COMMIT", err);
	if (status && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

static kol_status prepare_writer(sqlite3 *db, const char *path, kol_error *err) {
	configure(db);
	kol_status status =
	    roster_exec(db, "PRAGMA page_size = 4096; PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0", err);
	if (!status)
		status = migrate(db, path, err);
	if (!status)
		status = roster_exec(db, "PRAGMA foreign_keys = 1", err);
	return status;
}

kol_status roster_create(const char *path, sqlite3 **out, kol_error *err) {
	sqlite3 *db = NULL;
	bool there;
	off_t size;
	*out = NULL;
	kol_status status = look(path, &there, &size, err);
	if (status)
		return status;
	if (there && access(path, W_OK))
		return error_set(err, KOL_E_ROSTER, "no permission to write to the roster '%.*s'", MESSAGE_PATH_MOST, path);
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if ((rc & 0xff) == SQLITE_CANTOPEN)
		status = error_set(err, KOL_E_ROSTER, "the roster '%.*s' cannot be made: %s", MESSAGE_PATH_MOST, path,
		                   db && sqlite3_system_errno(db) ? strerror(sqlite3_system_errno(db))
		                                                  : "is its folder there, and may it be written?");
	else if (rc != SQLITE_OK)
		status = failed_on(path, db, rc, "opening the roster", err);
	else
		status = prepare_writer(db, path, err);
	if (!status) {
		*out = db;
		return KOL_OK;
	}
	sqlite3_close(db);
	/* Leave nothing behind that was not there: SQLite makes the file before its first page. */
	struct stat st;
	if (!there && !stat(path, &st) && S_ISREG(st.st_mode) && !st.st_size)
		unlink(path);
	return status;
}

kol_status roster_memory(sqlite3 **out, kol_error *err) {
	sqlite3 *db = NULL;
	*out = NULL;
	int rc = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	kol_status status =
	    rc == SQLITE_OK ? prepare_writer(db, "memory", err) : failed_on("memory", db, rc, "making a roster", err);
	if (status)
		sqlite3_close(db);
	else
		*out = db;
	return status;
}

void roster_close(sqlite3 *db) { sqlite3_close_v2(db); }

kol_status roster_exec(sqlite3 *db, const char *sql, kol_error *err) {
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? KOL_OK : roster_failed(db, rc, "writing to the roster", err);
}

kol_status roster_uuid(sqlite3 *db, char out[static 40], kol_error *err) {
	sqlite3_stmt *st;
	int64_t found = 0;
	out[0] = 0;
	int rc = pragma_int(db, "SELECT count(*) FROM pragma_table_xinfo('meta') WHERE name = 'uuid'", &found);
	if (rc == SQLITE_OK && !found)
		return KOL_OK;
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "SELECT uuid FROM meta LIMIT 1", -1, &st, NULL);
	if (rc != SQLITE_OK)
		return roster_failed(db, rc, "reading the roster's id", err);
	rc = sqlite3_step(st);
	const unsigned char *text = rc == SQLITE_ROW ? sqlite3_column_text(st, 0) : NULL;
	kol_status status =
	    rc == SQLITE_ROW || rc == SQLITE_DONE ? KOL_OK : roster_failed(db, rc, "reading the roster's id", err);
	if (text)
		snprintf(out, 40, "%s", (const char *)text);
	sqlite3_finalize(st);
	return status;
}
