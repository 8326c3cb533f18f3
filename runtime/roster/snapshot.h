/* snapshot.h: lets a parent know that all its workers read the same state of a roster.
 *
 * A keeper connection begins a transaction and reads once (in rollback mode that also keeps writers
 * from committing); a probe connection is never in a transaction, so that its PRAGMA data_version
 * moves with every commit of others (inside a transaction it never moves). The order that makes it safe:
 *
 *     snapshot_open                 in the process that supervises, after it has forked whoever opens the roster
 *     before = snapshot_probe
 *     snapshot_begin                the keeper
 *     workers: roster_open, snapshot_begin_read, report
 *     after = snapshot_probe        equal: all read the same; else snapshot_end, and workers re-open
 */
#ifndef ROSTER_SNAPSHOT_H
#define ROSTER_SNAPSHOT_H

#include <sqlite3.h>
#include <stdint.h>

#include "roster/db.h"

typedef struct snapshot snapshot;

/* Opens keeper and probe; neither is in a transaction yet. Errors as roster_open. */
kol_status snapshot_open(const char *path, snapshot **out, kol_error *err);
/* Does what the roster holds differ? Compare two numbers of one snapshot; they mean nothing else. */
kol_status snapshot_probe(snapshot *s, int64_t *version, kol_error *err);
/* The keeper begins (again, where it had begun) and reads once. */
kol_status snapshot_begin(snapshot *s, kol_error *err);
/* The keeper lets go. */
void snapshot_end(snapshot *s);
void snapshot_close(snapshot *s); /* NULL is fine */

/* For a worker's own connection: BEGIN and one read; ends first what transaction it may be in. */
kol_status snapshot_begin_read(sqlite3 *db, kol_error *err);

#endif
