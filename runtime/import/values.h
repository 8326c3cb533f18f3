/* values.h: what people write in cells, as values of the roster: numbers, dates, flags, countries, platforms. */
#ifndef IMPORT_VALUES_H
#define IMPORT_VALUES_H

#include "base/arena.h"
#include "roster/upsert.h"

str value_trim(str s); /* spaces, NBSP and a BOM, at both ends */
/* "", "-", "--", "N/A'", "#VALOR!", "unknown" and the like. */
bool value_missing(str s);
/* "1.2K", "3,4M", "12万", "123,456", "12.5%" (0.125). *rounded: a unit stood behind it; *percent: so did %. */
bool value_number(str s, double *out, bool *rounded, bool *percent);
/* A name or code → ISO 3166-1 alpha-2 (lives in static memory). False: unknown; then *no_names tells whether the names
 * (Debian's iso-codes) could not be read. Not for several threads at once. */
bool value_country(str s, const char **code, bool *no_names);
/* Lower case, without spaces; "ig", "insta" → "instagram". */
str value_platform(str s, arena *a);
str value_handle(str s);          /* without spaces around and a leading @; of a profile's address the handle in it */
str value_clean(str s, arena *a); /* invalid UTF-8 → U+FFFD; NULs are dropped. p NULL: out of memory */
/* Text as a value for a column; KOL_E_INPUT says what is wrong. Missing gives CELL_MISSING. */
kol_status value_cell(str text, const upsert_column *column, upsert_cell *out, arena *a, kol_error *err);
/* A number as a value for a column. */
kol_status value_of_number(double v, const upsert_column *column, upsert_cell *out, kol_error *err);

#endif
