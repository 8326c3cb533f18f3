/* row.h: what a row must hold before it goes to the roster, said in words. CSV and NDJSON share it. */
#ifndef IMPORT_ROW_H
#define IMPORT_ROW_H

#include "import/values.h"

/* Writes countries of audiences and currencies as the roster does. KOL_E_INPUT: a value that must be there is not, or
 * is none of those that a column takes. a: for new texts; they live as long as it. */
kol_status row_check(const upsert_table *t, upsert_cell *cells, arena *a, kol_error *err);

#endif
