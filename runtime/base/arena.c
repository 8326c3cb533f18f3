/* arena.c: bump allocation in blocks that a reset keeps. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK_BYTES ((size_t)64 * 1024)
#define KEEP_BYTES ((size_t)1024 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size, used; /* of the bytes that follow this header */
	size_t pad;        /* keeps those bytes 16-byte aligned */
};

static struct arena_block *grow(arena *a, size_t size) {
	size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
	if (bytes > SIZE_MAX - sizeof(struct arena_block) || (a->limit && a->held + bytes > a->limit))
		return NULL;
	struct arena_block *b = malloc(sizeof *b + bytes);
	if (!b)
		return NULL;
	b->size = bytes;
	b->used = 0;
	a->held += bytes;
	if (a->current) {
		b->next = a->current->next;
		a->current->next = b;
	} else {
		b->next = NULL;
		a->first = b;
	}
	return b;
}

void *arena_alloc(arena *a, size_t size) {
	if (size > SIZE_MAX - 32)
		return NULL;
	size = (size + 15) & ~(size_t)15;
	struct arena_block *b = a->current;
	while (b && b->size - b->used < size) {
		b = b->next;
		if (b) {
			b->used = 0;
			a->current = b;
		}
	}
	if (!b) {
		b = grow(a, size);
		if (!b)
			return NULL;
		a->current = b;
	}
	void *p = (char *)(b + 1) + b->used;
	b->used += size;
	return p;
}

void *arena_zero(arena *a, size_t size) {
	void *p = arena_alloc(a, size);
	if (p)
		memset(p, 0, size);
	return p;
}

char *arena_text(arena *a, const char *p, size_t n) {
	char *copy = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;
	if (!copy)
		return NULL;
	if (n)
		memcpy(copy, p, n);
	copy[n] = 0;
	return copy;
}

str arena_str(arena *a, str s) {
	if (!s.p)
		return s;
	char *p = arena_text(a, s.p, s.n);
	return (str){p, p ? s.n : 0};
}

char *arena_printf(arena *a, const char *format, ...) {
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return p;
}

void arena_reset(arena *a) {
	size_t kept = 0;
	struct arena_block **link = &a->first;
	while (*link) {
		struct arena_block *b = *link;
		if (kept + b->size > KEEP_BYTES && b != a->first) {
			*link = b->next;
			a->held -= b->size;
			free(b);
		} else {
			kept += b->size;
			b->used = 0;
			link = &b->next;
		}
	}
	a->current = a->first;
}

void arena_free(arena *a) {
	for (struct arena_block *b = a->first; b;) {
		struct arena_block *next = b->next;
		free(b);
		b = next;
	}
	a->first = a->current = NULL;
	a->held = 0;
}
