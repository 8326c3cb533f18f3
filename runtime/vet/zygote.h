/* zygote.h: the process that forks all workers of a run. It never opens a roster, so that no worker inherits
 * SQLite's table of locks. */
#ifndef VET_ZYGOTE_H
#define VET_ZYGOTE_H

#include <signal.h>
#include <sys/types.h>

#include "vet/worker.h"

typedef struct zygote {
	pid_t pid; /* 0: none */
	int fd;
} zygote;

/* Forks. `signals` is the signal mask the children are to have. The caller has no roster open. */
kol_status zygote_start(zygote *z, const worker_task *task, int slots, const sigset_t *signals, kol_error *err);
/* A fresh worker for the slot; *fd is the caller's end of its socket. */
kol_status zygote_fork(zygote *z, int slot, int *fd, kol_error *err);
/* Kills the slot's worker; its socket ends. Does nothing where it is dead already. */
void zygote_kill(zygote *z, int slot);
/* Ends it and every worker, and waits for it. Fine where it never started. */
void zygote_stop(zygote *z);

#endif
