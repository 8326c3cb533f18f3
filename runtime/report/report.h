/* report.h: one writer per format. Workers render creators, the parent adds head and foot, so a format is
 * three functions over a buffer. Knows nothing of rosters or Lua. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buffer.h"
#include "verdict/finding.h"

typedef struct report_rule_counts {
	const char *id, *title;
	kol_level level;
	bool shadow;
	int64_t fail, unknown, error, waived; /* creators */
} report_rule_counts;

typedef struct report_run {
	const char *campaign, *campaign_name, *brand; /* name and brand may be NULL */
	const char *as_of;                            /* "2026-11-23" */
	const char *ruleset, *plan, *roster;          /* fingerprints; roster uuid or "" */
	const char *engine;
	const char *const *assumptions; /* "partnerships are kept complete" */
	int assumption_count;
	bool color;
	int details; /* as in kol_report_options */
} report_run;

typedef struct report_summary {
	kol_totals totals;
	const report_rule_counts *rules; /* in id order */
	int rule_count;
	int64_t detailed;        /* text: creators told in detail */
	int64_t undetailed;      /* text: creators not approved that are not told */
	int64_t wrong_type, cut; /* cells of the wrong type, texts cut */
} report_summary;

typedef struct report_format {
	const char *name;
	bool wants_creators; /* render() is called for each creator; text: only for the first `details` not approved */
	void (*begin)(buffer *out, const report_run *run);
	void (*render)(buffer *out, const struct kol_verdict *v, const report_run *run);
	/* What stands between two creators' renderings (JSON: ","). May be "". */
	const char *between;
	void (*end)(buffer *out, const report_run *run, const report_summary *sum);
} report_format;

extern const report_format report_text, report_json, report_ndjson, report_csv;
const report_format *report_find(kol_format f);

#endif
