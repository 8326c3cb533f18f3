/* endings.h: signals that end a program, held back while it has workers. */
#ifndef VET_ENDINGS_H
#define VET_ENDINGS_H

#include <stdbool.h>

/* Blocks INT, TERM and HUP in this thread; they reach whom they are meant for when the caller restores its mask. */
void endings_hold(void);
/* Does one wait? HUP counts only where it is not ignored. */
bool endings_wait(void);

#endif
