/* policy.c: draws the decision and the score from a creator's outcomes. Knows nothing of rules, rosters or Lua. */
#include "verdict/policy.h"

#include <math.h>

double policy_default_weight(kol_level level) {
	return level == KOL_LEVEL_REJECT ? 40 : level == KOL_LEVEL_REVIEW ? 15 : 0;
}

static kol_decision worse(kol_decision a, kol_decision b) { return a > b ? a : b; }

/* What one outcome asks for by itself. An error is never silence, whatever the rule's level. */
static kol_decision asks(const judged *j) {
	switch (j->outcome) {
	case KOL_FAIL:
		return j->level == KOL_LEVEL_REJECT ? KOL_REJECT : j->level == KOL_LEVEL_REVIEW ? KOL_REVIEW : KOL_APPROVE;
	case KOL_ERROR: return KOL_REVIEW;
	case KOL_UNKNOWN: return j->unknown_level == KOL_NOTE ? KOL_APPROVE : KOL_REVIEW;
	default: return KOL_APPROVE;
	}
}

static double between_0_and_100(double v) { return v > 100 ? 100 : v > 0 ? v : 0; }

kol_decision policy_decide(const judged *outcomes, int count, const decide *d, double *min, double *max) {
	kol_decision decision = KOL_APPROVE;
	double least = 100, most = 100;
	for (int i = 0; i < count; i++) {
		const judged *j = &outcomes[i];
		if (j->shadow)
			continue;
		decision = worse(decision, asks(j));
		double weight = isnan(j->weight) ? policy_default_weight(j->level) : j->weight;
		double bonus = isnan(j->bonus) ? 0 : j->bonus;
		bool open = j->outcome == KOL_UNKNOWN || j->outcome == KOL_ERROR;
		if (j->outcome == KOL_FAIL || open)
			least -= weight;
		if (j->outcome == KOL_FAIL)
			most -= weight;
		if (j->outcome == KOL_PASS)
			least += bonus;
		if (j->outcome == KOL_PASS || open)
			most += bonus;
	}
	*min = between_0_and_100(least);
	*max = between_0_and_100(most);
	/* NaN, not set, is never above. What is missing rejects nobody: only the best case below the bound does. */
	if (d && *max < d->reject_below)
		decision = KOL_REJECT;
	else if (d && (*min < d->review_below || *min < d->reject_below))
		decision = worse(decision, KOL_REVIEW);
	return decision;
}
