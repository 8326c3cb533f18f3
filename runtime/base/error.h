/* error.h: one error value, carried out, never printed deep down. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>

#include "kolander.h"

/* Fills *err (which may be NULL) and returns code, so that callers write: return error_set(err, …). */
kol_status error_set(kol_error *err, kol_status code, const char *format, ...) __attribute__((format(printf, 3, 4)));
kol_status error_at(kol_error *err, kol_status code, const char *path, int line, int column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
kol_status error_memory(kol_error *err);
/* Writes `line_text` (length n, no newline needed) and a caret under `column` (from 1) into err->excerpt. */
void error_excerpt(kol_error *err, const char *line_text, size_t n, int column);

/* A growing list of errors: everything wrong with a ruleset is told in one go. */
struct kol_problems {
	kol_error *items;
	int count, capacity;
	bool out_of_memory; /* an item could not be kept */
};
void problems_add(struct kol_problems *list, const kol_error *err);
void problems_sort(struct kol_problems *list); /* by path, line, column; stable */
void problems_free(struct kol_problems *list); /* the items, not the list itself */

#endif
