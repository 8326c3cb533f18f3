/* lookalike.h: which ASCII letter or digit a character is taken for. */
#ifndef TEXT_LOOKALIKE_H
#define TEXT_LOOKALIKE_H

#include <stdint.h>

/* The small letter or digit of ASCII that c, which is folded and not ASCII, looks like, itself or its capital; 0: none.
 * A bar is read as l: where l, i and 1 matter, look at all three. */
char look_alike(uint32_t c);

#endif
