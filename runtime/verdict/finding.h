/* finding.h: outcomes other than pass or skip, with level, message, values and evidence. */
#ifndef VERDICT_FINDING_H
#define VERDICT_FINDING_H

#include <stdint.h>

#include "base/str.h"
#include "kolander.h"

typedef struct evidence { /* a place in an original text: bytes, end exclusive */
	str field, lexicon, term, text;
	str before, after; /* about 30 characters on each side; p NULL where not known */
	str post;          /* whose text it is, where the finding is not of one post; else p NULL */
	int64_t start, end;
	bool disguised;
	str reads_as; /* disguised: what it reads as; else p NULL */
} evidence;

typedef struct finding_value {
	str name;
	enum { FINDING_NUMBER, FINDING_TEXT, FINDING_FLAG, FINDING_RANGE } kind;
	double num, hi; /* RANGE: num..hi; hi may be infinite (written as null) */
	str text;
} finding_value;

/* The public kol_finding. Lives in the batch's arena. */
struct kol_finding {
	struct kol_finding *next;
	const char *rule;
	const char *title; /* of the rule; or NULL */
	int rule_index;
	kol_level level;
	kol_outcome outcome;
	bool shadow;        /* reported, never deciding */
	bool wall;          /* killed by the supervisor */
	const char *market; /* or NULL */
	const char *post;   /* or NULL */
	const char *message;
	evidence *evidence;
	int evidence_count;
	finding_value *values;
	int value_count;
	str *missing;
	int missing_count;
	int64_t more; /* posts beyond the 20 listed, on the last finding of a rule */
};

/* The public kol_verdict: one creator. */
struct kol_verdict {
	const char *campaign;
	const char *platform, *handle;
	const char *external_id; /* or NULL */
	kol_decision decision;
	double score_min, score_max;
	const struct kol_finding **findings; /* ordered by rule id, market, post */
	size_t count;
};

#endif
