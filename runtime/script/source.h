/* source.h: where things stand in the text of a rule file, for messages. */
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

#include "rules/condition.h"

#define SOURCE_PIECES 16
#define SOURCE_DEPTH 4

/* A field of a table as it is written: `need = "a" .. "b"`. */
typedef struct source_field {
	int line, column; /* of its name, from 1; column in characters */
	str text;         /* the line it stands on */
	source_piece pieces[SOURCE_PIECES];
	int piece_count; /* 0: the value is not written as texts */
} source_field;

/* Finds the field path[0] (path[1] of its table, …, up to NULL) of the table behind `word`, which stands on or shortly
 * behind `line`. "#2" names the second item of a list. False where the text is written otherwise. */
bool source_find(str source, int line, const char *word, const char *const *path, source_field *out);
/* The text of a line. */
str source_line(str source, int line);
/* Does a comma lack before the word `near` of that line, between two fields or items? Then where it belongs. */
bool source_lacks_comma(str source, int line, str near, int *at, int *place);
/* The first curly quote of a line: its place; 0: none. */
int source_curly(str line);
/* The bare word that stands as a field's value; n 0: something else does. */
str source_bare_word(const source_field *of);
/* The first place at which more than `most` brackets are open; false: nowhere. */
bool source_too_deep(str source, int most, int *line, int *place);

#endif
