/* worker.c: opens the roster for itself, judges ranges, sends what came out. Uses judge, snapshot, channel.
 * Owns no output and decides nothing about the run. */
#include "vet/worker.h"

#include <stdlib.h>
#include <unistd.h>

#include "roster/snapshot.h"

typedef struct worker {
	const worker_task *task;
	stand *stand;
	int fd, doomed; /* how many the judge was told */
	sqlite3 *db;
	judge *judge;
	cursor *ahead; /* says where creators stand, so that empty ranges cost nothing */
	rule_tally *tallies;
	buffer out;
} worker;

static kol_status look_ahead(worker *w, int64_t from, worker_answer *a, kol_error *err) {
	w->stand->ticks++;
	return cursor_first(w->ahead, from, &a->next, &a->more, err);
}

static void let_go(worker *w) {
	judge_close(w->judge);
	cursor_close(w->ahead);
	roster_close(w->db);
	w->judge = NULL;
	w->ahead = NULL;
	w->db = NULL;
	w->doomed = 0;
}

/* Opens, or lets go and opens again: a transaction that begins now. */
static kol_status open_roster(worker *w, worker_answer *a, kol_error *err) {
	const worker_task *t = w->task;
	let_go(w);
	kol_status status = roster_open(t->plan->roster_path, &w->db, err);
	w->stand->ticks++;
	if (!status)
		status = snapshot_begin_read(w->db, err);
	if (!status)
		status = cursor_open(w->db, &t->plan->catalogue, &t->plan->want, &t->plan->who, t->plan->as_of, &w->ahead, err);
	if (!status)
		status = judge_open(t->plan, w->db, t->format, t->run, w->stand, &w->judge, err);
	if (!status)
		status = look_ahead(w, INT64_MIN, a, err);
	return status;
}

static kol_status judge_one(worker *w, const worker_order *o, worker_answer *a, kol_error *err) {
	for (; w->doomed < o->doomed_count; w->doomed++)
		judge_condemn(w->judge, o->doomed[w->doomed].creator_id, o->doomed[w->doomed].rule);
	kol_status status = look_ahead(w, o->from, a, err);
	if (status)
		return status;
	if (!a->more || a->next > o->to) {
		a->result.last = o->to;
		a->result.complete = true;
		return KOL_OK;
	}
	status = judge_range(w->judge, a->next, o->to, o->most, o->details, &w->out, w->tallies, &a->result, err);
	if (status)
		return status;
	if (a->result.last == INT64_MAX) {
		a->more = false;
		return KOL_OK;
	}
	return look_ahead(w, a->result.last + 1, a, err);
}

static bool answer(worker *w, const worker_order *o) {
	worker_answer a = {0};
	kol_error err = {0};
	size_t size = sizeof *w->tallies * (size_t)w->task->plan->ruleset->rule_count;
	buffer_clear(&w->out);
	memset(w->tallies, 0, size);
	bool range = o->what == WORKER_JUDGE;
	a.what = range ? ANSWER_RANGE : ANSWER_OPEN;
	kol_status status = KOL_OK;
	switch (o->what) {
	case WORKER_OPEN: status = open_roster(w, &a, &err); break;
	case WORKER_REST: let_go(w); break;
	default: status = judge_one(w, o, &a, &err);
	}
	w->stand->ticks++;
	if (status) {
		a.what = ANSWER_ERROR;
		err.code = status;
		struct iovec parts[] = {{&a, sizeof a}, {&err, sizeof err}};
		return channel_send(w->fd, parts, 2);
	}
	a.bytes = w->out.n;
	struct iovec parts[] = {{&a, sizeof a}, {w->tallies, size}, {w->out.p, w->out.n}};
	return channel_send(w->fd, parts, range ? 3 : 1);
}

_Noreturn void worker_main(const worker_task *task, int slot, int fd) {
	worker w = {.task = task, .stand = &task->stands[slot], .fd = fd};
	w.tallies = calloc((size_t)task->plan->ruleset->rule_count + 1, sizeof *w.tallies);
	worker_order order;
	while (w.tallies && channel_receive(fd, &order, sizeof order) && answer(&w, &order)) {
	}
	_exit(0);
}
