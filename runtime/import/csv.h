/* csv.h: what the columns of a CSV export are, and its records as cells of the roster. */
#ifndef IMPORT_CSV_H
#define IMPORT_CSV_H

#include "import/ndjson.h"
#include "import/source.h"

#define CSV_COLUMNS 1024

typedef struct csv_record {
	str cells[CSV_COLUMNS];
	int count;
	buffer text;
	size_t ends[CSV_COLUMNS];
} csv_record;

typedef struct csv_map {
	int table;
	int columns;              /* of the header */
	char *names[CSV_COLUMNS]; /* headers, trimmed; in memory */
	int field[CSV_COLUMNS];   /* column of the table, or one of the negative below */
	int rounded[CSV_COLUMNS]; /* how many sampled cells are rounded ("1.2M") */
	int twin[CSV_COLUMNS];    /* the first column of the same name */
	int extra[CSV_COLUMNS];   /* unknown columns, each name once, in the order of their names */
	int extras;
	int handle, platform; /* columns; -1: none */
	str guessed_platform; /* from headers; p NULL: none */
	arena memory;
} csv_map;
enum { CSV_UNKNOWN = -1, CSV_IGNORED = -2, CSV_ENGAGEMENT = -3, CSV_BROKEN = -4, CSV_WHO = -5 };

/* False: out of memory, or more than CSV_COLUMNS cells (record->count is -1 then). */
bool csv_split(csv_record *r, str line, char delimiter);
void csv_record_free(csv_record *r);
bool csv_blank(const csv_record *r);
/* Reads header and a sample; leaves s behind the header. */
kol_status csv_open(csv_map *m, source *s, const char *as, kol_error *err);
void csv_close(csv_map *m);
/* One record into rows. KOL_E_INPUT: the record is at fault. */
kol_status csv_store(csv_map *m, ndjson_context *c, const csv_record *r, ndjson_result *out, kol_error *err);

#endif
