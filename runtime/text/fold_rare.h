/* fold_rare.h: what folding means, spelled out with utf8proc. The tables are made with it, and fold.c hands it the rare
 * stretch of text in which characters join. */
#ifndef TEXT_FOLD_RARE_H
#define TEXT_FOLD_RARE_H

#include <stddef.h>
#include <stdint.h>

#define FOLD_ONE 24 /* most code points that one becomes; U+FDFA becomes 18 */

/* What code point c alone becomes, decomposed; returns how many, 0 where it is dropped. */
int fold_one(uint32_t c, uint32_t out[static FOLD_ONE]);
/* Puts the marks of n decomposed code points in canonical order and composes, in place; returns how many are left.
 * spare: room for n. Takes time in proportion to n. */
size_t fold_compose(uint32_t *c, size_t n, uint32_t *spare);

#endif
