/* judging.h: what judge.c, judge_rules.c and judge_findings.c share: one batch being judged. Private to vet/. */
#ifndef VET_JUDGING_H
#define VET_JUDGING_H

#include "vet/judge.h"

#define POST_FINDINGS_MOST 20 /* findings a post rule lists per creator; the rest are counted */
#define CONDEMNED_MOST 64

typedef struct condemned {
	int64_t creator_id;
	int rule;
} condemned;

struct judge {
	const kol_plan *plan;
	const report_format *format; /* NULL: count only, or visit */
	const report_run *run;
	stand *stand, own_stand;
	cursor *cursor;               /* batches */
	cursor *session_cursor;       /* rows that functions ask for, while a batch is being walked */
	frame frames[TABLE_CAMPAIGN]; /* initialised for the tables in use */
	frame quoted[TABLE_CAMPAIGN]; /* rows walked again for what they say; initialised when first wanted */
	coverage coverage;
	scan *scan;
	session *session;
	unsigned tables;                    /* child tables that conditions aggregate */
	unsigned covered_kinds;             /* what coverage is read for */
	bool functions, posts, second_pass; /* does any instance have one, is any a post rule, does any ask failed() */
	bool streams;                       /* is any asked of posts as they stream by? */
	condemned condemned[CONDEMNED_MOST];
	int condemned_count;

	/* The batch. Cells are [row * instances + instance]. */
	bool detail; /* findings are told */
	identity who[FRAME_ROWS];
	unsigned char *outcomes; /* kol_outcome */
	unsigned char *levels;   /* kol_level: what the outcomes ask for */
	unsigned char *initial;  /* outcomes of a row before any rule was asked */
	unsigned char *listed;   /* post rules: findings listed */
	uint32_t *more;          /* post rules: findings beyond those */
	mask *applies;           /* per instance with a function: rows, where `when` holds */
	mask rows, touched;      /* all rows; rows with an outcome other than pass or skip */
	int32_t post_count[FRAME_ROWS];
	double *failed_counts; /* per failed() glob: FRAME_ROWS failed, FRAME_ROWS unknown */
	struct kol_finding *first[FRAME_ROWS], *last[FRAME_ROWS];
	arena memory; /* findings; dies with the batch */

	/* Scratch for one creator. */
	buffer text;
	judged *judged;
	call *calls;
	call_result *results;
	int *call_instances;
	const struct kol_finding **sorted;
	int sorted_capacity;
};

static inline bool mask_has(const mask *m, int row) { return m->bits[row / 64] >> (row % 64) & 1; }
static inline void mask_set(mask *m, int row) { m->bits[row / 64] |= 1ULL << (row % 64); }

/* judge.c: reads and judges the first batch, for examples. */
kol_status judge_one(judge *j, range_result *result, kol_error *err);

/* judge_rules.c: asks every rule of the batch in frames[TABLE_CREATOR]. */
kol_status judge_ask(judge *j, range_result *result, kol_error *err);
/* A chunk of posts: asks the rules for each post that wait for no sum. */
kol_status judge_stream(judge *j, const frame *posts, range_result *result, kol_error *err);

/* judge_findings.c. Each returns KOL_E_MEMORY when memory ends. */
/* A finding of the condition `program` on row `row` of f (the creators, or posts). `whether`: program is the rule's
 * when. */
kol_status findings_explain(judge *j, int instance_index, int program, bool whether, const frame *f, int row,
                            kol_outcome outcome, kol_error *err);
kol_status findings_from_call(judge *j, int instance_index, int creator_row, const char *post, const call_result *r,
                              kol_level level, kol_error *err);
/* A finding with a fixed sentence and at most one missing thing. */
kol_status findings_say(judge *j, int instance_index, int creator_row, kol_outcome outcome, const char *message,
                        const char *missing, bool wall, kol_error *err);
/* Should a post rule list one more finding here? Counts those that it does not list. */
bool findings_room(judge *j, int instance_index, int creator_row, kol_outcome outcome);
/* Fills v for creator row `row`, findings in the order of rule id, market, post. */
kol_status findings_verdict(judge *j, int row, kol_decision decision, double min, double max, struct kol_verdict *v,
                            kol_error *err);
/* Rule outcomes of a row, market instances joined; returns how many. rules[i]: index into the ruleset. */
int findings_judged(judge *j, int row, judged *out, int *rules);

#endif
