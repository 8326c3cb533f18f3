/* catalogue.h: makes the catalogue of fields from a roster's real schema. */
#ifndef ROSTER_CATALOGUE_H
#define ROSTER_CATALOGUE_H

#include <sqlite3.h>

#include "roster/fields.h"

/* Everything lives in `a`. An extra column counts as: INTEGER/REAL → number, is_/has_ → flag, TEXT → text. */
kol_status catalogue_read(sqlite3 *db, arena *a, catalogue *out, kol_error *err);
/* Is there such a table or view with such a column? */
bool catalogue_column(sqlite3 *db, const char *table, const char *column);

#endif
