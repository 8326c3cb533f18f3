/* clock.h: dates and times as unix seconds UTC. The only place that asks what time it is. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/str.h"

#define DAY_SECONDS 86400

int64_t clock_now(void);
int64_t clock_ticks(void); /* milliseconds since some moment; only grows: for waiting */
/* "2026-11-23" → that day's first second. False when it is no date. */
bool clock_date(str text, int64_t *out);
/* A date, or "2026-11-23T08:00[:00[.000]][Z|±hh:mm]" (a space for T is fine). *whole_day: only a date stood there. */
bool clock_time(str text, int64_t *out, bool *whole_day);
/* Writes "2026-11-23". */
void clock_format_date(int64_t t, char out[static 16]);
int64_t clock_day_end(int64_t t); /* the last second of t's UTC day */

#endif
