/* rejects.h: the file of rows that were not imported, and why. It is whole or not there. */
#ifndef IMPORT_REJECTS_H
#define IMPORT_REJECTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "base/str.h"

typedef struct rejects {
	FILE *file;       /* NULL: no row yet, or closed */
	char target[512]; /* its path */
	char aside[560];  /* written first */
	char before[580]; /* where the file of an earlier import waits for this one's end; "": nowhere */
	bool placed;
} rejects;

/* path NULL: FILE.rejected.csv. It may be neither the export nor the roster (KOL_E_USAGE). Writes nothing yet. */
kol_status rejects_open(rejects *r, const char *path, const char *file, const char *roster, kol_error *err);
/* Begins the file if it is not begun; cells follow, then rejects_end. */
kol_status rejects_begin(rejects *r, kol_error *err);
void rejects_cell(rejects *r, str cell); /* quoted; what a spreadsheet would take for a formula is made plain text */
kol_status rejects_end(rejects *r, kol_error *err);
/* Before the roster's commit: puts the file under its name, or the earlier one away. Whatever can fail fails here. */
kol_status rejects_place(rejects *r, kol_error *err);
/* After it: keep or undo that. */
void rejects_settle(rejects *r, bool keep);

#endif
