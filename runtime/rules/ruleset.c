/* ruleset.c: finds rules by id. Knows nothing of how they were loaded. */
#include "rules/ruleset.h"

int ruleset_find(const struct kol_ruleset *r, str id) {
	int low = 0, high = r->rule_count;
	while (low < high) {
		int middle = low + (high - low) / 2;
		int order = str_compare(str_of(r->rules[middle].id), id);
		if (!order)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}
