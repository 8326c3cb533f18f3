/* channel.h: what a supervisor, its zygote and its workers say to each other, over sockets that die with them. */
#ifndef VET_CHANNEL_H
#define VET_CHANNEL_H

#include <sys/uio.h>

#include "vet/judge.h"

#define KILLS_MOST 16 /* killed workers after which a run stops */

typedef struct zygote_order { /* supervisor → zygote; with the worker's end of its socket where it asks for a fork */
	enum { ZYGOTE_FORK, ZYGOTE_KILL } what;
	int slot;
} zygote_order;

typedef struct zygote_answer { /* to ZYGOTE_FORK alone */
	int slot, error;           /* errno of a failed fork; 0: forked */
} zygote_answer;

typedef struct doomed { /* a creator and rule that killed a worker */
	int64_t creator_id;
	int rule;
} doomed;

typedef struct worker_order {                             /* supervisor → worker */
	enum { WORKER_OPEN, WORKER_REST, WORKER_JUDGE } what; /* REST: let go of the roster; answered like OPEN */
	int most, details;                                    /* as for judge_range */
	int64_t from, to;
	int doomed_count;
	doomed doomed[KILLS_MOST];
} worker_order;

typedef struct worker_answer { /* then, for ANSWER_RANGE, a rule_tally per rule and `bytes` rendered bytes; for
	                              ANSWER_ERROR a kol_error */
	enum { ANSWER_OPEN, ANSWER_RANGE, ANSWER_ERROR } what;
	bool more;    /* there are selected creators behind what was judged */
	int64_t next; /* the first of them */
	size_t bytes;
	range_result result;
} worker_answer;

/* Sends all parts, however long it takes. False: the other end is gone (errno). Changes the parts. */
bool channel_send(int fd, struct iovec *parts, int count);
/* Reads exactly n bytes. False at the end or on failure. */
bool channel_receive(int fd, void *p, size_t n);
/* One zygote_order, with a descriptor where fd ≥ 0. */
bool channel_ask(int fd, const zygote_order *order, int passed);
/* Returns 1, 0 at the end, -1 on failure; *passed is -1 where none came, and the caller's to close. */
int channel_asked(int fd, zygote_order *order, int *passed);

#endif
