/* supervisor.h: forks a zygote and workers, hands out ranges, merges results in id order, survives dead workers.
 * The parent opens no roster before the fork; one snapshot for all (design §2). */
#ifndef VET_SUPERVISOR_H
#define VET_SUPERVISOR_H

#include "vet/judge.h"

/* plan->workers ≥ 1: processes; 0: in the calling thread. */
kol_status supervisor_run(const kol_plan *plan, const report_format *format, const report_run *run,
                          const kol_report_options *options, rule_tally *tallies, report_summary *sum, kol_error *err);

#endif
