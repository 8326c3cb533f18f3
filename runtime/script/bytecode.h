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

/* `key` is read of the function's parameter (from 0). */
typedef void bytecode_field(void *user, int parameter, str key, int line);

/* Reads a dump made without stripping, nested functions too, and tells every text constant, and the fields that
 * the outermost function reads of its first four parameters where it never assigns them. Adds to *out.
 * False: the dump is not in the format expected. */
bool bytecode_read(str dump, bytecode *out, bytecode_text *text, bytecode_field *field, void *user);

#endif
