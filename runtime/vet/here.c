/* here.c: the slow twin of supervisor and workers: the same ranges, judged one after the other in the calling thread.
 * Uses judge, ranges. Knows nothing of processes and signals. */
#include "vet/here.h"

#include "roster/snapshot.h"

typedef struct place {
	ranges *ranges;
	sqlite3 *db;
	judge *judge;
	cursor *ahead;
} place;

/* A creator that ran out of memory is judged again with nothing left from others, like in a fresh worker. */
static kol_status ready_judge(place *p, bool fresh, kol_error *err) {
	if (p->judge && !fresh)
		return KOL_OK;
	judge_close(p->judge);
	p->judge = NULL;
	return judge_open(p->ranges->plan, p->db, p->ranges->format, p->ranges->run, NULL, &p->judge, err);
}

static kol_status judge_next(place *p, kol_error *err) {
	ranges *r = p->ranges;
	kol_error why = {0};
	int details;
	job *at = ranges_take(r, true, &details, &why);
	if (!at)
		return error_set(err, why.code ? why.code : KOL_E_BUG, "%s", why.code ? why.message : "no range is left");
	bool more = false;
	int64_t next = 0;
	memset(at->tallies, 0, sizeof *at->tallies * (size_t)r->plan->ruleset->rule_count);
	kol_status status = ready_judge(p, at->solo, err);
	if (!status)
		status = judge_range(p->judge, at->from, at->to, RANGE_MOST, details, &at->out, at->tallies, &at->result, err);
	if (!status && at->result.last < INT64_MAX)
		status = cursor_first(p->ahead, at->result.last + 1, &next, &more, err);
	return status ? status : ranges_done(r, at, more, next, err);
}

static kol_status open_roster(place *p, kol_error *err) {
	const kol_plan *plan = p->ranges->plan;
	bool more = false;
	kol_status status = roster_open(plan->roster_path, &p->db, err);
	if (!status)
		status = snapshot_begin_read(p->db, err);
	if (!status)
		status = cursor_open(p->db, &plan->catalogue, &plan->want, &plan->who, plan->as_of, &p->ahead, err);
	if (!status)
		status = cursor_first(p->ahead, INT64_MIN, &p->ranges->from, &more, err);
	p->ranges->ended = !more;
	return status;
}

kol_status here_run(ranges *r, kol_error *err) {
	place p = {.ranges = r};
	kol_status status = open_roster(&p, err);
	while (!status && (r->first || !r->ended)) {
		status = judge_next(&p, err);
		ranges_progress(r);
	}
	judge_close(p.judge);
	cursor_close(p.ahead);
	roster_close(p.db);
	return status;
}
