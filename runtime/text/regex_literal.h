/* regex_literal.h: what must stand in a text so that a pattern can match at all. */
#ifndef TEXT_REGEX_LITERAL_H
#define TEXT_REGEX_LITERAL_H

#include "text/lexicon.h"

/* Terms of which at least one stands (folded) in every text that the pattern matches and whose folding is `regular` and
 * has no `odd_marks`: HOW_WORD where both ends are borders of words (or signs), HOW_PREFIX where the beginning is, else
 * HOW_SUBSTRING. A space in any of them stands for a run of white space. *count 0: there is none that would be worth
 * looking for (all are shorter than three letters, or there are more than 64), or the pattern has what is not read
 * here. The pattern must be one that regex_compile takes. Texts live in `a`. False when memory ended. */
bool regex_literals(str pattern, arena *a, term **out, int *count);

#endif
