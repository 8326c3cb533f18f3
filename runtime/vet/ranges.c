/* ranges.c: which ids are judged next, and what came of them in id order. Alone calls the sink. Uses buffer, report.
 * Knows nothing of processes. */
#include "vet/ranges.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"

#define HELD_MOST ((size_t)12 << 20) /* bytes that wait for an earlier range */
#define WRITE_LEAST ((size_t)256 << 10)

static job *job_new(ranges *r, job **at, int64_t from, int64_t to, kol_error *err) {
	job *j = calloc(1, sizeof *j);
	if (j)
		j->tallies = calloc((size_t)r->plan->ruleset->rule_count + 1, sizeof *j->tallies);
	if (!j || !j->tallies) {
		free(j);
		error_memory(err);
		return NULL;
	}
	j->from = from;
	j->to = to;
	j->next = *at;
	*at = j;
	r->jobs++;
	return j;
}

static void job_free(ranges *r, job *j) {
	buffer_free(&j->out);
	free(j->tallies);
	free(j);
	r->jobs--;
}

static bool is_text(const ranges *r) { return r->format == &report_text; }

/* Text tells only the first creators: how many are left to tell. */
static int left_to_tell(const ranges *r) {
	if (!is_text(r) || r->options->details < 0)
		return -1;
	int64_t left = r->options->details - r->rendered;
	return left > 0 ? (int)left : 0;
}

bool ranges_solo(const ranges *r) {
	for (const job *j = r->first; j; j = j->next)
		if (j->solo && j->state == JOB_WAITING)
			return true;
	return false;
}

job *ranges_take(ranges *r, bool fresh, int *details, kol_error *err) {
	job **at = &r->first;
	*details = left_to_tell(r);
	for (; *at; at = &(*at)->next) {
		job *j = *at;
		if (j != r->first && r->held > HELD_MOST)
			return NULL;
		if (j->state == JOB_WAITING && (fresh || !j->solo)) {
			j->state = JOB_RUNNING;
			return j;
		}
	}
	if (r->ended || r->jobs >= r->window || (r->first && r->held > HELD_MOST))
		return NULL;
	int64_t to = r->from > INT64_MAX - r->width ? INT64_MAX : r->from + r->width - 1;
	job *j = job_new(r, at, r->from, to, err);
	if (!j)
		return NULL;
	r->ended = to == INT64_MAX;
	r->from = r->ended ? to : to + 1;
	j->state = JOB_RUNNING;
	return j;
}

/* ---- the sink ---- */

static kol_status write_out(ranges *r, const char *p, size_t n, kol_error *err) {
	if (!n)
		return KOL_OK;
	r->written = true;
	errno = 0;
	if (r->options->sink(r->options->sink_user, p, n))
		return KOL_OK;
	int why = errno;
	if (why == EPIPE)
		return error_set(err, KOL_E_PIPE, "the reader of the output went away");
	return error_set(err, KOL_E_IO, "the report could not be written: %s", why ? strerror(why) : "it was refused");
}

kol_status ranges_flush(ranges *r, kol_error *err) {
	if (r->pending.failed)
		return error_memory(err);
	kol_status status = write_out(r, r->pending.p, r->pending.n, err);
	buffer_clear(&r->pending);
	return status;
}

/* ---- merging ---- */

static void add_up(ranges *r, const job *j) {
	kol_totals *t = &r->sum->totals;
	t->creators += j->result.creators;
	t->approve += j->result.approve;
	t->review += j->result.review;
	t->reject += j->result.reject;
	t->errors += j->result.errors;
	r->sum->wrong_type += j->result.wrong_type;
	r->sum->cut += j->result.cut;
	for (int i = 0; i < r->plan->ruleset->rule_count; i++) {
		r->tallies[i].fail += j->tallies[i].fail;
		r->tallies[i].unknown += j->tallies[i].unknown;
		r->tallies[i].error += j->tallies[i].error;
		r->tallies[i].waived += j->tallies[i].waived;
	}
}

static kol_status merge(ranges *r, kol_error *err) {
	kol_status status = KOL_OK;
	while (!status && r->first && r->first->state == JOB_DONE) {
		job *j = r->first;
		int left = left_to_tell(r);
		r->held -= j->out.n;
		if (left >= 0 && j->result.detailed > left) {
			if (left > 0) { /* handed out before an earlier range told its creators: tell exactly the rest */
				buffer_clear(&j->out);
				j->state = JOB_WAITING;
				return KOL_OK;
			}
			buffer_clear(&j->out);
			j->result.detailed = 0;
		}
		if (j->result.detailed && r->rendered)
			buffer_z(&r->pending, r->format->between);
		r->rendered += j->result.detailed;
		add_up(r, j);
		if (j->out.n < WRITE_LEAST)
			buffer_add(&r->pending, j->out.p, j->out.n);
		if (r->pending.n >= WRITE_LEAST || j->out.n >= WRITE_LEAST || r->pending.failed)
			status = ranges_flush(r, err);
		if (!status && j->out.n >= WRITE_LEAST)
			status = write_out(r, j->out.p, j->out.n, err);
		r->first = j->next;
		job_free(r, j);
	}
	return status;
}

/* The creator that ran out of memory becomes a range of its own, and so does what stands around it. */
static kol_status set_apart(ranges *r, job *j, int64_t id, kol_error *err) {
	int64_t from = j->from, to = j->to;
	buffer_clear(&j->out);
	j->state = JOB_WAITING;
	if (id < to && !job_new(r, &j->next, id + 1, to, err))
		return KOL_E_MEMORY;
	if (id > from) {
		j->to = id - 1;
		j = job_new(r, &j->next, id, id, err);
		if (!j)
			return KOL_E_MEMORY;
	}
	j->to = id;
	j->solo = true;
	return KOL_OK;
}

static void adapt(ranges *r, const job *j) {
	if (!j->result.complete)
		r->width = r->width > 1 ? r->width / 2 : 1;
	else if (j->result.creators < RANGE_MOST / 2 && r->width < INT64_MAX / 4)
		r->width *= 2;
}

kol_status ranges_done(ranges *r, job *j, bool more, int64_t next, kol_error *err) {
	const range_result *result = &j->result;
	if (result->memory_count && !j->solo)
		return set_apart(r, j, result->memory_ids[0], err);
	adapt(r, j);
	if (!result->complete && result->last < j->to) {
		if (more && next <= j->to && !job_new(r, &j->next, next, j->to, err))
			return KOL_E_MEMORY;
		j->to = result->last;
	}
	if (!more)
		r->ended = true;
	else if (next > r->from)
		r->from = next;
	j->state = JOB_DONE;
	r->held += j->out.n;
	return merge(r, err);
}

void ranges_progress(ranges *r) {
	const kol_report_options *o = r->options;
	int64_t now = clock_ticks();
	if (!o->progress || now - r->told < 200)
		return;
	r->told = now;
	o->progress(o->progress_user, r->sum->totals.creators, r->plan->expected);
}

void ranges_free(ranges *r) {
	while (r->first) {
		job *j = r->first;
		r->first = j->next;
		job_free(r, j);
	}
	buffer_free(&r->pending);
}
