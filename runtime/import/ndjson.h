/* ndjson.h: one JSON object of the roster's NDJSON into rows. Also used for the rules' examples, on a roster in memory:
 * open it with roster_memory, an upsert on it, and give each object's text to ndjson_object. */
#ifndef IMPORT_NDJSON_H
#define IMPORT_NDJSON_H

#include "base/buffer.h"
#include "import/values.h"

typedef struct ndjson_result {
	bool stored;        /* the object's own row is new */
	int table;          /* upsert_find */
	int64_t creator_id; /* 0: the row belongs to no creator */
	int64_t posted_at;  /* of a post; INT64_MIN where missing */
} ndjson_result;

typedef struct ndjson_context {
	upsert *u;
	arena memory;    /* reset at each object */
	str platform;    /* where the object does not say; p NULL: none */
	int64_t at;      /* when the data was true, unix seconds: creators get it as updated_at and a row of history.
	                    INT64_MIN: neither, as the rules' examples want it */
	buffer *unknown; /* names of unknown keys, comma-separated, are added here; or NULL */
} ndjson_context;

/* The object need not end with a NUL. KOL_E_INPUT: the object is at fault, nothing of it was kept. */
kol_status ndjson_object(ndjson_context *c, const char *json, size_t n, ndjson_result *out, kol_error *err);
void ndjson_free(ndjson_context *c); /* its memory, not u */

/* Shared with CSV: stores a creator's cells (0 platform, 1 handle, …) and its row of history. */
kol_status ndjson_creator(ndjson_context *c, upsert_cell *cells, ndjson_result *out, kol_error *err);
/* Checks who a row belongs to, and writes both as the roster does. KOL_E_INPUT: nobody. */
kol_status ndjson_owner(const char *table, str *platform, str *handle, arena *a, kol_error *err);
/* A creator's url, where it has none and its handle is given as a profile's address. */
kol_status ndjson_url(upsert_cell *cells, str handle, arena *a, kol_error *err);
/* Adds a name to a comma-separated list, once; the list says when it grew too long. NULL is fine. */
void ndjson_list(buffer *list, str name);

#endif
