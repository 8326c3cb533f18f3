/* frame.c: makes and frees the columns that rows are read into. Knows nothing of SQL. */
#include "roster/frame.h"

#include <stdlib.h>

kol_status frame_init(frame *f, enum table t, const catalogue *c, const fetch *want, kol_error *err) {
	memset(f, 0, sizeof *f);
	f->table = t;
	f->catalogue = c;
	f->fetch = want;
	int count = want->count[t];
	f->columns = calloc((size_t)count + 1, sizeof *f->columns);
	f->creator_id = calloc(FRAME_ROWS, sizeof *f->creator_id);
	f->owner = calloc(FRAME_ROWS, sizeof *f->owner);
	f->key = calloc(FRAME_ROWS, sizeof *f->key);
	bool fine = f->columns && f->creator_id && f->owner && f->key;
	for (int i = 0; fine && i < count; i++) {
		if (frame_kind(f, i) == KIND_TEXT)
			fine = (f->columns[i].text = calloc(FRAME_ROWS, sizeof(str))) != NULL;
		else
			fine = (f->columns[i].num = calloc(FRAME_ROWS, sizeof(double))) != NULL;
	}
	if (fine)
		return KOL_OK;
	frame_free(f);
	return error_memory(err);
}

void frame_free(frame *f) {
	int count = f->columns ? f->fetch->count[f->table] : 0;
	for (int i = 0; i < count; i++) {
		if (frame_kind(f, i) == KIND_TEXT)
			free(f->columns[i].text);
		else
			free(f->columns[i].num);
	}
	free(f->columns);
	free(f->creator_id);
	free(f->owner);
	free(f->key);
	arena_free(&f->texts);
	memset(f, 0, sizeof *f);
}
