/* policy.h: draws the decision and the score from a creator's outcomes. */
#ifndef VERDICT_POLICY_H
#define VERDICT_POLICY_H

#include "verdict/finding.h"

typedef struct decide { /* ruleset.lua's decide: review_below is compared with the least the score may be, reject_below
	                      with the most (then it is certain); NaN where not set */
	double review_below, reject_below;
} decide;

typedef struct judged {      /* one rule's outcome for one creator, over all posts and markets */
	kol_outcome outcome;     /* the worst */
	kol_level level;         /* of a fail: the highest level a finding had; the rule's own otherwise */
	kol_level unknown_level; /* what missing data costs: NOTE or REVIEW */
	bool shadow;
	double weight, bonus;
} judged;

kol_decision policy_decide(const judged *outcomes, int count, const decide *d, double *min, double *max);
double policy_default_weight(kol_level level); /* reject 40, review 15, note 0 */

#endif
