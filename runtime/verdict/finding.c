/* finding.c: what the public header lets a client read of verdicts and findings. Knows nothing of how they were made.
 */
#include "verdict/finding.h"

const char *kol_verdict_platform(const kol_verdict *v) { return v->platform; }
const char *kol_verdict_handle(const kol_verdict *v) { return v->handle; }
kol_decision kol_verdict_decision(const kol_verdict *v) { return v->decision; }
size_t kol_verdict_findings(const kol_verdict *v) { return v->count; }

void kol_verdict_score(const kol_verdict *v, double *min, double *max) {
	if (min)
		*min = v->score_min;
	if (max)
		*max = v->score_max;
}

const kol_finding *kol_verdict_finding(const kol_verdict *v, size_t i) { return i < v->count ? v->findings[i] : NULL; }

const char *kol_finding_rule(const kol_finding *f) { return f->rule; }
kol_level kol_finding_level(const kol_finding *f) { return f->level; }
kol_outcome kol_finding_outcome(const kol_finding *f) { return f->outcome; }
const char *kol_finding_market(const kol_finding *f) { return f->market; }
const char *kol_finding_post(const kol_finding *f) { return f->post; }
const char *kol_finding_message(const kol_finding *f) { return f->message; }

const char *kol_decision_name(kol_decision d) {
	switch (d) {
	case KOL_APPROVE: return "approve";
	case KOL_REVIEW: return "review";
	case KOL_REJECT: return "reject";
	}
	return "?";
}

const char *kol_level_name(kol_level l) {
	switch (l) {
	case KOL_NOTE: return "note";
	case KOL_LEVEL_REVIEW: return "review";
	case KOL_LEVEL_REJECT: return "reject";
	}
	return "?";
}

const char *kol_outcome_name(kol_outcome o) {
	switch (o) {
	case KOL_PASS: return "pass";
	case KOL_SKIP: return "skip";
	case KOL_WAIVED: return "waived";
	case KOL_UNKNOWN: return "unknown";
	case KOL_ERROR: return "error";
	case KOL_FAIL: return "fail";
	}
	return "?";
}
