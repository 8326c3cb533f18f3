/* bytecode.h: what a Lua function can do, read from its compiled form. Knows the format of Lua 5.4 alone. */
#ifndef SCRIPT_BYTECODE_H
#define SCRIPT_BYTECODE_H

#include "base/str.h"

typedef struct bytecode {
	bool loops, closures, writes;
	int assigns_line; /* where it assigns an upvalue or a global; 0: nowhere */
	str assigns;      /* which; borrowed from the bytes */
} bytecode;

typedef void bytecode_text(void *user, str constant);

/* Reads a dump made without stripping, nested functions too, and tells every text constant. Adds to *out.
 * False: the dump is not in the format expected. */
bool bytecode_read(str dump, bytecode *out, bytecode_text *text, void *user);

#endif
