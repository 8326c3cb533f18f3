/* ranges.h: the ranges of ids that a run is made of: handed out ascending, merged in id order, written to the sink. */
#ifndef VET_RANGES_H
#define VET_RANGES_H

#include "vet/channel.h"

#define RANGE_MOST 4096 /* creators in a range, about */

typedef struct job { /* a range; jobs form a list in id order */
	struct job *next;
	int64_t from, to;
	enum { JOB_WAITING, JOB_RUNNING, JOB_DONE } state;
	bool solo; /* one creator that ran out of memory: for a fresh worker; that answer counts */
	buffer out;
	rule_tally *tallies;
	range_result result;
} job;

typedef struct ranges {
	const kol_plan *plan;
	const report_format *format;
	const report_run *run;
	const kol_report_options *options;
	rule_tally *tallies; /* of what is merged */
	report_summary *sum;
	job *first;
	int jobs, window; /* in the list; the most there may be */
	int64_t from, width;
	bool ended;     /* nothing is left beyond the list */
	size_t held;    /* bytes rendered and not merged */
	buffer pending; /* merged and not written */
	int64_t rendered;
	bool written; /* bytes went to the sink */
	int64_t told; /* when progress was told last, in clock_ticks */
} ranges;

/* The next range to judge, now JOB_RUNNING; NULL: none now. fresh: may it be one for a fresh worker? *details: as for
 * judge_range. */
job *ranges_take(ranges *r, bool fresh, int *details, kol_error *err);
/* Is a range waiting that wants a fresh worker? */
bool ranges_solo(const ranges *r);
/* A range was judged: j->out, j->tallies and j->result are filled. Merges what is due. */
kol_status ranges_done(ranges *r, job *j, bool more, int64_t next, kol_error *err);
kol_status ranges_flush(ranges *r, kol_error *err);
/* Tells the caller how many creators are merged, now and then. */
void ranges_progress(ranges *r);
void ranges_free(ranges *r);

#endif
