/* supervisor.c: one run: gives ranges to workers, watches them, takes back what dead ones left, writes head and foot.
 * Uses zygote, ranges, snapshot. Judges nothing itself: where the plan wants no workers, here.c does. */
#include "vet/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "roster/snapshot.h"
#include "vet/endings.h"
#include "vet/here.h"
#include "vet/zygote.h"

#define SPARES 2
#define TRIES 12       /* to begin all transactions on one state of the roster */
#define LOCKED_TRIES 3 /* where another program's lock kept some from beginning */
#define WALL_SECONDS 30
#define BARE_MOST 3 /* deaths at one creator outside any function: what kills there would kill again */

typedef struct slot {
	int fd; /* -1: no worker */
	enum { SLOT_OPENING, SLOT_IDLE, SLOT_BUSY } state;
	bool fresh, retiring; /* retiring: killed on purpose */
	job *job;
	worker_answer answer;
	kol_error error;
	size_t got; /* bytes of the answer so far */
	int64_t ticks, still_ms;
} slot;

typedef struct supervisor {
	const kol_plan *plan;
	ranges ranges;
	worker_task task;
	zygote zygote;
	snapshot *snapshot;
	int64_t version;
	bool open;       /* ranges may go out */
	bool locked_out; /* a worker could not begin; why: in locked */
	kol_error locked;
	bool moved; /* the roster went on and no worker is left that reads the old state */
	slot *slots;
	struct pollfd *polled;
	int count, doomed_count, kills;
	doomed doomed[KILLS_MOST];
	int64_t bare_kills[KILLS_MOST]; /* creators at which workers died outside any function */
	int bare_count;
	sigset_t mask; /* the caller's */
	const kol_report_options *asked;
	int64_t now_ms, wall_ms;
} supervisor;

/* A reader may let the sink wait for ever: meanwhile signals come through. */
static bool speak(void *user, const char *bytes, size_t count) {
	supervisor *s = user;
	sigset_t held;
	pthread_sigmask(SIG_SETMASK, &s->mask, &held);
	bool taken = s->asked->sink(s->asked->sink_user, bytes, count);
	int why = errno;
	pthread_sigmask(SIG_SETMASK, &held, NULL);
	errno = why;
	return taken;
}

/* ---- workers ---- */

static bool order(slot *w, worker_order *o) {
	struct iovec part = {o, sizeof *o};
	w->got = 0;
	w->still_ms = 0;
	return channel_send(w->fd, &part, 1); /* a failure shows as the end of its socket */
}

static void order_open(slot *w, bool rest) {
	worker_order o = {.what = rest ? WORKER_REST : WORKER_OPEN};
	w->state = SLOT_OPENING;
	order(w, &o);
}

static kol_status fork_worker(supervisor *s, int i, kol_error *err) {
	slot *w = &s->slots[i];
	int fd;
	kol_status status = zygote_fork(&s->zygote, i, &fd, err);
	if (status)
		return status;
	*w = (slot){.fd = fd, .fresh = true};
	order_open(w, false);
	return KOL_OK;
}

/* Outside functions nothing can be left out, so the creator is judged again, and not for ever. */
static kol_status count_bare(supervisor *s, int64_t id, kol_error *err) {
	int times = 1;
	for (int i = 0; i < s->bare_count; i++)
		times += s->bare_kills[i] == id;
	s->bare_kills[s->bare_count++] = id;
	if (times < BARE_MOST)
		return KOL_OK;
	return error_set(err, KOL_E_UNFINISHED,
	                 "%d workers died near creator %lld outside any function, so the run stopped", times,
	                 (long long)id);
}

/* A worker's socket ended. */
static kol_status bury(supervisor *s, int i, kol_error *err) {
	slot *w = &s->slots[i];
	job *j = w->job;
	stand at = s->task.stands[i];
	kol_status status = KOL_OK;
	close(w->fd);
	w->fd = -1;
	if (w->retiring)
		return fork_worker(s, i, err);
	if (++s->kills >= KILLS_MOST)
		return error_set(err, KOL_E_UNFINISHED, "%d workers were killed, so the run stopped", s->kills);
	if (j) {
		j->state = JOB_WAITING;
		buffer_clear(&j->out);
		if (at.rule >= 0)
			s->doomed[s->doomed_count++] = (doomed){at.creator_id, at.rule};
		else
			status = count_bare(s, at.creator_id ? at.creator_id : j->from, err);
	}
	return status ? status : fork_worker(s, i, err);
}

/* A replacement that reads another state than the others, or none, is of no use. */
static void dismiss(supervisor *s, slot *w) {
	close(w->fd);
	w->fd = -1;
	zygote_kill(&s->zygote, (int)(w - s->slots));
}

static void finish_open(supervisor *s, slot *w) {
	bool failed = w->answer.what == ANSWER_ERROR;
	int64_t version;
	w->state = SLOT_IDLE;
	if (s->open) {
		if (failed || snapshot_probe(s->snapshot, &version, NULL) || version != s->version)
			dismiss(s, w);
		return;
	}
	if (failed) {
		s->locked_out = true;
		s->locked = w->error;
		return;
	}
	s->ranges.from = w->answer.next;
	s->ranges.ended = !w->answer.more;
}

static kol_status finish(supervisor *s, slot *w, kol_error *err) {
	job *j = w->job;
	w->got = 0;
	if (w->state == SLOT_OPENING) {
		finish_open(s, w);
		return KOL_OK;
	}
	w->state = SLOT_IDLE;
	if (w->answer.what != ANSWER_RANGE) {
		if (err)
			*err = w->error;
		return w->error.code ? w->error.code : KOL_E_BUG;
	}
	w->job = NULL;
	w->fresh = false;
	j->result = w->answer.result;
	return ranges_done(&s->ranges, j, w->answer.more, w->answer.next, err);
}

/* Reads what a worker sent, straight to where it belongs. */
static kol_status hear(supervisor *s, int i, kol_error *err) {
	slot *w = &s->slots[i];
	for (;;) {
		size_t head = sizeof w->answer, middle = 0, tail = 0, got = w->got;
		char *p = (char *)&w->answer + got;
		size_t n = head - got;
		if (got >= head) {
			bool range = w->answer.what == ANSWER_RANGE && w->job;
			middle = range                            ? sizeof(rule_tally) * (size_t)s->plan->ruleset->rule_count
			         : w->answer.what == ANSWER_ERROR ? sizeof w->error
			                                          : 0;
			tail = range ? w->answer.bytes : 0;
			if (got == head + middle + tail)
				return finish(s, w, err);
			got -= head;
			p = (range ? (char *)w->job->tallies : (char *)&w->error) + got;
			n = middle - got;
			if (got >= middle) {
				got -= middle;
				w->job->out.n = 0;
				if (!buffer_reserve(&w->job->out, tail))
					return error_memory(err);
				p = w->job->out.p + got;
				n = tail - got;
				w->job->out.n = tail;
			}
		}
		ssize_t r = recv(w->fd, p, n, MSG_DONTWAIT);
		if (r < 0 && (errno == EAGAIN || errno == EINTR))
			return KOL_OK;
		if (r <= 0)
			return bury(s, i, err);
		w->got += (size_t)r;
		w->still_ms = 0;
	}
}

/* Kills who stands still. Time in which this process itself did not run does not count. */
static void watch(supervisor *s) {
	int64_t now = clock_ticks(), gap = now - s->now_ms;
	s->now_ms = now;
	if (gap > 500)
		gap = 500;
	for (int i = 0; i < s->count; i++) {
		slot *w = &s->slots[i];
		int64_t ticks = s->task.stands[i].ticks;
		w->still_ms = w->fd < 0 || w->state == SLOT_IDLE || ticks != w->ticks ? 0 : w->still_ms + gap;
		w->ticks = ticks;
		if (w->still_ms >= s->wall_ms) {
			zygote_kill(&s->zygote, i);
			w->still_ms = 0;
		}
	}
}

static kol_status listen_once(supervisor *s, kol_error *err) {
	for (int i = 0; i < s->count; i++)
		s->polled[i] = (struct pollfd){s->slots[i].fd, POLLIN, 0};
	int n = poll(s->polled, (nfds_t)s->count, 100);
	if (endings_wait())
		return error_set(err, KOL_E_INTERRUPTED, "interrupted");
	if (n < 0 && errno != EINTR)
		return error_set(err, KOL_E_IO, "the workers could not be heard: %s", strerror(errno));
	kol_status status = KOL_OK;
	for (int i = 0; n > 0 && i < s->count && !status; i++)
		if (s->polled[i].revents)
			status = hear(s, i, err);
	watch(s);
	ranges_progress(&s->ranges);
	return status;
}

/* ---- one state of the roster for all ---- */

static kol_status listen_all(supervisor *s, kol_error *err) {
	for (bool opening = true; opening;) {
		kol_status status = listen_once(s, err);
		if (status)
			return status;
		opening = false;
		for (int i = 0; i < s->count; i++)
			opening |= s->slots[i].state == SLOT_OPENING;
	}
	return KOL_OK;
}

/* One attempt; s->open says whether all read the same. */
static kol_status open_once(supervisor *s, kol_error *err) {
	int64_t after = 0;
	s->locked_out = false;
	kol_status status = snapshot_probe(s->snapshot, &s->version, err);
	if (!status)
		status = snapshot_begin(s->snapshot, err);
	for (int i = 0; i < s->count && !status; i++) {
		if (s->slots[i].fd < 0)
			status = fork_worker(s, i, err);
		else
			order_open(&s->slots[i], false);
	}
	if (!status)
		status = listen_all(s, err);
	if (status || s->locked_out)
		return status;
	s->locked_out = snapshot_probe(s->snapshot, &after, &s->locked) != KOL_OK;
	s->open = !s->locked_out && after == s->version;
	return KOL_OK;
}

/* All let go, so that a program which waits to write can. In rollback mode it keeps new readers out while it waits for
 * the old ones. */
static kol_status rest_all(supervisor *s, kol_error *err) {
	snapshot_end(s->snapshot);
	for (int i = 0; i < s->count; i++)
		if (s->slots[i].fd >= 0)
			order_open(&s->slots[i], true);
	return listen_all(s, err);
}

static kol_status open_all(supervisor *s, kol_error *err) {
	int locked = 0;
	for (int attempt = 0; attempt < TRIES; attempt++) {
		kol_status status = open_once(s, err);
		if (status || s->open)
			return status;
		if (s->locked_out && ++locked == LOCKED_TRIES) {
			if (err)
				*err = s->locked;
			return s->locked.code;
		}
		status = rest_all(s, err);
		if (status)
			return status;
		poll(NULL, 0, 5 << (attempt < 6 ? attempt : 6));
	}
	return error_set(err, KOL_E_UNFINISHED,
	                 "the roster changed all the time, so the workers never saw the same; run it again");
}

/* ---- handing out ---- */

/* A worker for a range: one that judged before, so that fresh ones last; `fresh`: one that never did. */
static slot *idle_worker(supervisor *s, bool fresh) {
	slot *found = NULL;
	for (int i = 0; i < s->count; i++) {
		slot *w = &s->slots[i];
		if (w->fd >= 0 && w->state == SLOT_IDLE && !w->retiring && (!fresh || w->fresh) &&
		    (!found || (found->fresh && !w->fresh)))
			found = w;
	}
	return found;
}

/* No fresh worker is left for a creator that needs one: one that idles makes way. */
static void make_fresh(supervisor *s) {
	slot *w = NULL;
	for (int i = 0; i < s->count; i++) {
		if (s->slots[i].fd >= 0 && (s->slots[i].retiring || s->slots[i].fresh))
			return;
		if (s->slots[i].fd >= 0 && s->slots[i].state == SLOT_IDLE)
			w = &s->slots[i];
	}
	if (w) {
		w->retiring = true;
		zygote_kill(&s->zygote, (int)(w - s->slots));
	}
}

static kol_status hand_out(supervisor *s, kol_error *err) {
	int busy = 0, alive = 0;
	for (int i = 0; i < s->count; i++) {
		busy += s->slots[i].fd >= 0 && s->slots[i].state == SLOT_BUSY;
		alive += s->slots[i].fd >= 0;
	}
	s->moved = !alive;
	if (!alive)
		return error_set(
		    err, KOL_E_UNFINISHED,
		    "the roster changed while workers had to be replaced, so what was written so far is void; run it again");
	if (ranges_solo(&s->ranges) && !idle_worker(s, true))
		make_fresh(s);
	for (; busy < s->plan->workers; busy++) {
		bool solo = ranges_solo(&s->ranges) && idle_worker(s, true);
		slot *w = idle_worker(s, solo);
		if (!w)
			return KOL_OK;
		worker_order o = {.what = WORKER_JUDGE, .most = RANGE_MOST};
		kol_error why = {0};
		job *j = ranges_take(&s->ranges, w->fresh, &o.details, &why);
		if (!j) {
			if (why.code && err)
				*err = why;
			return why.code;
		}
		o.from = j->from;
		o.to = j->to;
		o.doomed_count = s->doomed_count;
		memcpy(o.doomed, s->doomed, sizeof o.doomed);
		w->job = j;
		w->state = SLOT_BUSY;
		order(w, &o);
	}
	return KOL_OK;
}

static kol_status run_workers(supervisor *s, kol_error *err) {
	size_t size = sizeof(stand) * (size_t)s->count;
	stand *stands = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stands == MAP_FAILED)
		return error_memory(err);
	s->task.stands = stands;
	s->slots = calloc((size_t)s->count, sizeof *s->slots);
	s->polled = calloc((size_t)s->count, sizeof *s->polled);
	kol_status status = s->slots && s->polled ? KOL_OK : error_memory(err);
	for (int i = 0; i < s->count && !status; i++)
		s->slots[i].fd = -1;
	bool made = !status;
	if (!status)
		status = zygote_start(&s->zygote, &s->task, s->count, &s->mask, err);
	if (!status)
		status = snapshot_open(s->plan->roster_path, &s->snapshot, err);
	if (!status)
		status = open_all(s, err);
	while (!status && (s->ranges.first || !s->ranges.ended)) {
		status = hand_out(s, err);
		if (!status)
			status = listen_once(s, err);
	}
	for (int i = 0; made && i < s->count; i++)
		if (s->slots[i].fd >= 0)
			close(s->slots[i].fd);
	snapshot_close(s->snapshot);
	zygote_stop(&s->zygote);
	free(s->slots);
	free(s->polled);
	munmap(stands, size);
	return status;
}

/* ---- the run ---- */

static kol_status foot(supervisor *s, report_summary *sum, kol_error *err) {
	const struct kol_ruleset *set = s->plan->ruleset;
	const ranges *r = &s->ranges;
	report_rule_counts *rules = calloc((size_t)set->rule_count + 1, sizeof *rules);
	if (!rules)
		return error_memory(err);
	int n = 0;
	for (int i = 0; i < set->rule_count; i++) {
		const resolved *how = &s->plan->resolved[i];
		const rule_tally *t = &r->tallies[i];
		if (how->mode != MODE_OFF)
			rules[n++] =
			    (report_rule_counts){set->rules[i].id, set->rules[i].title, how->level, how->mode == MODE_SHADOW,
			                         t->fail,          t->unknown,          t->error,   t->waived};
	}
	sum->rules = rules;
	sum->rule_count = n;
	sum->totals.kills = s->kills;
	sum->totals.killed = s->kills > 0;
	sum->detailed = r->rendered;
	sum->undetailed = r->format == &report_text ? sum->totals.review + sum->totals.reject - r->rendered : 0;
	r->format->end(&s->ranges.pending, r->run, sum);
	sum->rules = NULL;
	sum->rule_count = 0;
	free(rules);
	return ranges_flush(&s->ranges, err);
}

static int64_t wall_ms(void) {
	const char *text = getenv("KOLANDER_WALL_SECONDS");
	double seconds = text ? strtod(text, NULL) : 0;
	return seconds > 0 && seconds < 86400 ? (int64_t)(seconds * 1000) : WALL_SECONDS * 1000;
}

static kol_status run_once(supervisor *s, report_summary *sum, kol_error *err) {
	ranges *r = &s->ranges;
	memset(sum, 0, sizeof *sum);
	memset(r->tallies, 0, sizeof *r->tallies * (size_t)s->plan->ruleset->rule_count);
	s->wall_ms = wall_ms();
	s->now_ms = clock_ticks();
	s->count = s->plan->workers + SPARES;
	r->format->begin(&r->pending, r->run);
	kol_status status = s->plan->workers > 0 ? run_workers(s, err) : here_run(r, err);
	return status ? status : foot(s, sum, err);
}

kol_status supervisor_run(const kol_plan *plan, const report_format *format, const report_run *run,
                          const kol_report_options *options, rule_tally *tallies, report_summary *sum, kol_error *err) {
	sigset_t before;
	kol_status status = KOL_OK;
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	if (plan->workers > 0)
		endings_hold();
	for (int attempt = 0; attempt < 2; attempt++) {
		supervisor s = {.plan = plan, .task = {plan, format, run, NULL}, .mask = before, .asked = options};
		kol_report_options spoken = *options;
		spoken.sink = speak;
		spoken.sink_user = &s;
		s.ranges = (ranges){.plan = plan,
		                    .format = format,
		                    .run = run,
		                    .options = &spoken,
		                    .tallies = tallies,
		                    .sum = sum,
		                    .width = RANGE_MOST,
		                    .window = 16 * (plan->workers + 1)};
		status = run_once(&s, sum, err);
		bool again = status && s.moved && !s.ranges.written; /* what the sink took cannot be taken back */
		ranges_free(&s.ranges);
		if (!again)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL); /* a signal that waited is delivered here */
	return status;
}
