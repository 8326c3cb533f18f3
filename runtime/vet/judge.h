/* judge.h: one worker's work: reads batches through its own connection, asks every rule of every creator,
 * draws verdicts, and renders them. Knows nothing of processes. */
#ifndef VET_JUDGE_H
#define VET_JUDGE_H

#include "vet/plan.h"

typedef struct judge judge;

typedef struct rule_tally { /* per rule of the ruleset: creators with that outcome */
	int64_t fail, unknown, error, waived;
} rule_tally;

typedef struct range_result {
	int64_t last;  /* the last creator id judged; everything selected in [from, last] is done */
	bool complete; /* the whole [from, to] is done */
	int64_t creators, approve, review, reject, errors;
	int64_t detailed; /* creators rendered */
	int64_t wrong_type, cut;
	/* Creators that a function ran out of memory on; the supervisor judges each again alone, in a fresh worker. */
	int64_t memory_ids[16];
	int memory_count;
} range_result;

/* Where a worker stands: a page it shares with its supervisor. */
typedef struct stand {
	volatile int64_t creator_id; /* being judged; 0: none */
	volatile int32_t rule;       /* index into the ruleset; -1: none */
	volatile int64_t ticks;      /* grows with every creator and function: no growth for long means stuck */
} stand;

/* db: the worker's connection, inside its read transaction. format NULL: count only. */
kol_status judge_open(const kol_plan *plan, sqlite3 *db, const report_format *format, const report_run *run,
                      stand *where, judge **out, kol_error *err);
void judge_close(judge *j);

/* A creator and rule that must not be run again: it killed a worker. Outcome error with wall = true. */
void judge_condemn(judge *j, int64_t creator_id, int rule_index);

/* Judges selected creators with ids in [from, to], in id order, at most about `most` of them (whole batches).
 * Appends renderings to out (at most `details` creators that are not approved for text; all for the other
 * formats), separated by format->between, and adds to tallies[rule]. */
kol_status judge_range(judge *j, int64_t from, int64_t to, int most, int details, buffer *out, rule_tally *tallies,
                       range_result *result, kol_error *err);
/* The same for the library: each verdict goes to the visitor instead. */
kol_status judge_visit(judge *j, int64_t from, int64_t to, kol_visitor *visit, void *user, kol_error *err);

#endif
