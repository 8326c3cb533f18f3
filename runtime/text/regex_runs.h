/* regex_runs.h: what the parts of a pattern match, as lists of runs. Only regex_literal.c asks.
 *
 * A run is literal text with marks in it: GAP, anything or nothing; NONWORD, one or more characters that \w does not
 * match; BORDER, nothing, but no \w stands on one side; and a space, one or more white spaces. Whatever a part matches
 * looks like one of its runs. Parts in a row: each run of one with each of the other; alternatives: the runs of all. */
#ifndef TEXT_REGEX_RUNS_H
#define TEXT_REGEX_RUNS_H

#include "text/lexicon.h"

enum { RUN_GAP = 1, RUN_NONWORD = 2, RUN_BORDER = 3 }; /* all other bytes are text, from the space on */

#define RUNS 64
#define RUN_MOST 160 /* bytes */

typedef struct run {
	unsigned char n;
	char p[RUN_MOST];
} run;

typedef struct runs {
	int count;
	run items[RUNS];
} runs;

typedef struct row { /* parts in a row, as far as they were read */
	runs now;
	runs best; /* kept aside where `now` grew too long; count 0: nothing */
	int best_score;
} row;

void runs_one(runs *r, const char *p, size_t n);
void runs_mark(runs *r, char mark);
bool runs_add(runs *r, const run *item);                  /* false: there is no room */
void runs_repeat(runs *r, unsigned least, unsigned most); /* most UINT32_MAX: no bound */
void run_character(run *r, uint32_t c);                   /* text, white space or a mark */
bool is_loose(char c);                                    /* a space or an ASCII sign, not _ */
char lower(char c);

void row_begin(row *l);
void row_join(row *l, const runs *part);
const runs *row_end(const row *l);

typedef struct choice { /* a literal of a run */
	const char *p;
	int n;
	enum how how;
	int score; /* 0: none is worth looking for */
} choice;

choice run_best(const run *r);
int runs_score(const runs *r); /* the worst of the best, less for many; 0: some run has none */

#endif
