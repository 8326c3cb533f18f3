/* lookalike.c: the table of look-alikes that tables/make_lookalike_table.c makes when kolander is built. */
#include "text/lookalike.h"

#include "lookalike_table.h"

char look_alike(uint32_t c) { return c < LOOKALIKE_END ? lookalike_pages[lookalike_index[c / 64]][c % 64] : 0; }
