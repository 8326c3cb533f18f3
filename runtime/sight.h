/* sight.h: what the engine sees in a text, for people who write rules and lexicons. */
#ifndef SIGHT_H
#define SIGHT_H

#include "base/buffer.h"
#include "rules/ruleset.h"

typedef struct sight sight;

/* ruleset NULL: without lexicons of a team. stock: of the ruleset, or the caller's; borrowed like the ruleset. Lexicons
 * that are a campaign's have no terms here. */
kol_status sight_open(const struct kol_ruleset *ruleset, stock *from, sight **out, kol_error *err);
void sight_close(sight *s);
/* Appends one JSON object. language: stated, or p NULL. */
kol_status sight_tell(sight *s, str text, str language, buffer *out, kol_error *err);

#endif
