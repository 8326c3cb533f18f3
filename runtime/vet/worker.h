/* worker.h: a process that judges the ranges it is given, until its socket ends. */
#ifndef VET_WORKER_H
#define VET_WORKER_H

#include "vet/channel.h"

typedef struct worker_task { /* what all workers of a run share; made before the fork */
	const kol_plan *plan;
	const report_format *format;
	const report_run *run;
	stand *stands; /* one per slot, in memory that the supervisor shares */
} worker_task;

_Noreturn void worker_main(const worker_task *task, int slot, int fd);

#endif
