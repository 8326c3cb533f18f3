/* examples.h: runs the examples that rules carry. */
#ifndef EXAMPLES_H
#define EXAMPLES_H

#include "rules/ruleset.h"

/* Calls visit for each example of each rule, in the order of rule ids. An example that cannot be judged is told
 * through visit too: its actual outcome is "broken". */
kol_status examples_run(struct kol_ruleset *ruleset, kol_example_visitor *visit, void *user, kol_error *err);

#endif
