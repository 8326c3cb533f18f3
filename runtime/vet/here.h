/* here.h: a run in the calling thread, under counted budgets alone. */
#ifndef VET_HERE_H
#define VET_HERE_H

#include "vet/ranges.h"

/* Opens the roster, judges and merges every range. A sink or a signal handler of the caller's may end it. */
kol_status here_run(ranges *r, kol_error *err);

#endif
