/* db.h: opens rosters. A roster that is vetted is only ever read. */
#ifndef ROSTER_DB_H
#define ROSTER_DB_H

#include <sqlite3.h>

#include "base/error.h"

#define ROSTER_APPLICATION_ID 0x4b4f4c31 /* "KOL1" */
#define ROSTER_VERSION 1                 /* PRAGMA user_version this engine writes */
#define ROSTER_TEXT_MOST (1 << 20)       /* bytes of one text that are read; a longer one is cut and said so */

/* Opens an existing roster for reading. Missing, empty, truncated, foreign, newer or locked files each
 * get their own sentence (KOL_E_ROSTER). A file without our application_id that has a table or view
 * `creator` is accepted (a team's own database with views of these names). */
kol_status roster_open(const char *path, sqlite3 **out, kol_error *err);
/* Opens for writing, making it (schema, uuid) if missing, migrating if older. */
kol_status roster_create(const char *path, sqlite3 **out, kol_error *err);
void roster_close(sqlite3 *db); /* NULL is fine */
/* An empty roster in memory, for the rules' examples. */
kol_status roster_memory(sqlite3 **out, kol_error *err);
/* Runs SQL text on a roster opened for writing. */
kol_status roster_exec(sqlite3 *db, const char *sql, kol_error *err);
/* Fills *err from db's last error: disk full, I/O, locked, damaged → a sentence each. */
kol_status roster_failed(sqlite3 *db, int rc, const char *doing, kol_error *err);
kol_status roster_uuid(sqlite3 *db, char out[static 40], kol_error *err); /* "" where there is none */

#endif
