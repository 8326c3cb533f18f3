/* condition_quotes.h: places in texts, gathered while a row is explained. Private to the condition_ files. */
#ifndef RULES_CONDITION_QUOTES_H
#define RULES_CONDITION_QUOTES_H

#include "rules/condition_program.h"

#define QUOTES_MOST 20 /* per finding */
#define QUOTES_PER_TEXT 5

typedef struct quotes {
	arena *memory;
	explanation *into;
	bool named; /* the rows are not the row asked: quotes name their post */
} quotes;

/* The places that made q true in the text the reader has just read. f: its rows, NULL: it is the creator's. */
bool quotes_add(scan *s, const question *q, const char *name, const frame *f, int row, str text);

#endif
