/* upsert.h: puts rows into a roster by their natural keys. A known value is never overwritten by a missing one.
 * Not for several threads. Works on any roster opened for writing, in memory too. */
#ifndef ROSTER_UPSERT_H
#define ROSTER_UPSERT_H

#include <sqlite3.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

#define UPSERT_COLUMNS 40 /* most columns of a table */

typedef struct upsert_column {
	const char *name;
	/* i whole number, r number, m money or rate with a fraction, s text, t time, e end of a span (a date is its last
	 * second), f flag, c country, l language, o the owning creator's id */
	char type;
	bool key;
	bool blank;    /* missing is stored as "" */
	bool may_miss; /* a key that a row can lack: NULL equals NULL then */
} upsert_column;

typedef struct upsert_table {
	const char *name;
	upsert_column columns[UPSERT_COLUMNS]; /* ends with name NULL */
} upsert_table;

typedef struct upsert_cell {
	enum { CELL_MISSING, CELL_INTEGER, CELL_REAL, CELL_TEXT } kind;
	int64_t i;
	double r;
	str s; /* borrowed during the call */
} upsert_cell;

typedef struct upsert upsert;

kol_status upsert_open(sqlite3 *db, upsert **out, kol_error *err); /* db stays the caller's */
void upsert_close(upsert *u);                                      /* NULL is fine */
/* Removes the file of a roster that was made in vain: nothing is in it and nobody else is writing. Keeps db open. */
void upsert_discard(sqlite3 *db, const char *path);
/* Index of a table by its name in schema.sql; -1 where there is none. */
int upsert_find(str name);
const upsert_table *upsert_describe(int table);
int upsert_column_find(int table, str name); /* -1 */

/* Puts one row: cells[i] belongs to column i of the table. *stored: the row is new (else merged). KOL_E_INPUT: the row
 * is at fault and nothing of it was kept; everything else ends the import. A creator row whose updated_at is older than
 * the stored one only fills what is missing; keys of `extra` are joined one by one. */
kol_status upsert_put(upsert *u, int table, const upsert_cell *cells, bool *stored, kol_error *err);
/* Puts a row of a table with a primary key only where there is none; one that is there stays as it is. */
kol_status upsert_ensure(upsert *u, int table, const upsert_cell *cells, kol_error *err);
/* The id of a creator, 0 if it is not there. Handles compare without case. */
kol_status upsert_creator(upsert *u, str platform, str handle, int64_t *id, kol_error *err);
/* As upsert_put for a row that belongs to a creator: it is made with its first row, and not for one at fault. The cell
 * of the column of type 'o' is filled in. */
kol_status upsert_owned(upsert *u, int table, str platform, str handle, upsert_cell *cells, int64_t *creator_id,
                        bool *stored, kol_error *err);
/* Joins two JSON objects, in the order of their keys; where both have one, `second` wins. False: out of memory. */
bool upsert_extra(buffer *out, str first, str second);

/* One transaction; it takes the write lock at once. */
kol_status upsert_begin(upsert *u, kol_error *err);
kol_status upsert_commit(upsert *u, kol_error *err);
void upsert_rollback(upsert *u);
/* A row made of several rows: all or none. */
kol_status upsert_mark(upsert *u, kol_error *err);
kol_status upsert_release(upsert *u, bool keep, kol_error *err);

typedef struct upsert_import {
	str file, sha256, profile;
	int64_t at, stored, merged, rejected;
} upsert_import;
/* When was a file with these bytes imported, and for which date? *at stays where it never was. */
kol_status upsert_seen(upsert *u, str sha256, int64_t *at, kol_error *err);
kol_status upsert_note(upsert *u, const upsert_import *row, kol_error *err);

#endif
