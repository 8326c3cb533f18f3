/* arena.h: memory that dies with its batch. Blocks are kept across resets. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_block;
typedef struct arena {
	struct arena_block *first, *current;
	size_t limit; /* most bytes it may hold; 0: no bound */
	size_t held;  /* bytes in blocks */
} arena;

/* 16-byte aligned, not cleared. NULL when memory or the limit ends. */
void *arena_alloc(arena *a, size_t size);
void *arena_zero(arena *a, size_t size);             /* cleared */
char *arena_text(arena *a, const char *p, size_t n); /* a copy with a NUL behind it */
str arena_str(arena *a, str s);                      /* a copy (NUL behind it); p NULL stays NULL, and on failure */
char *arena_printf(arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_reset(arena *a); /* everything given out is gone; blocks beyond 1 MiB are freed */
void arena_free(arena *a);

#define ARENA_NEW(a, type) ((type *)arena_zero((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_zero((a), sizeof(type) * (size_t)(count)))

#endif
