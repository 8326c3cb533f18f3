/* file_date.h: the day a file's name speaks of. */
#ifndef IMPORT_FILE_DATE_H
#define IMPORT_FILE_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* "x-2022-06-30.csv", "x_20220630.csv", "x 2022-06.csv" (a month: its last day); of several dates the last. The folder
 * does not count. False: the name has none. *out: that day's first second, UTC. */
bool file_date(const char *path, int64_t *out);

#endif
