/* source.h: a file as a window of bytes, cut into records: lines, CSV records, JSON values. Memory stays bounded. */
#ifndef IMPORT_SOURCE_H
#define IMPORT_SOURCE_H

#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/error.h"

#define RECORD_MOST (16u << 20) /* bytes of one record */

enum source_kind { SOURCE_LINES, SOURCE_CSV, SOURCE_JSON };

typedef struct source {
	FILE *file;
	const char *path;
	enum source_kind kind;
	buffer window;
	size_t at;      /* the window's bytes before it are done */
	bool ended;     /* the file has no more bytes than the window */
	int64_t read;   /* bytes */
	int64_t line;   /* of the next record, from 1 */
	int open;       /* JSON: brackets of lists around the records */
	char delimiter; /* CSV */
} source;

/* KOL_E_INPUT: empty, or not text. */
kol_status source_open(source *s, const char *path, enum source_kind kind, kol_error *err);
void source_close(source *s);
/* The next record, without its line's end; record->p NULL at the end. Borrowed until the next call. *line: where it
 * began. *why: NULL, or why it cannot be read (a broken quote, too long); then the record is its line, cut.
 * KOL_E_INPUT: a JSON file that ends in the middle. */
kol_status source_next(source *s, str *record, int64_t *line, const char **why, kol_error *err);
/* Takes a CSV record back but for its first line. */
void source_resync(source *s, str record, int64_t line);

#endif
