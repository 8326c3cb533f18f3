/* spans.h: the oldest and newest post of each creator in one file. */
#ifndef IMPORT_SPANS_H
#define IMPORT_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct span_of {
	int64_t creator_id, from, to; /* id 0: an empty place; from > to: no post */
} span_of;
typedef struct spans {
	span_of *items; /* capacity places, a power of two */
	size_t count, capacity;
} spans;

/* time INT64_MIN: the creator alone. false: out of memory. */
bool spans_add(spans *s, int64_t creator_id, int64_t time);
void spans_free(spans *s);

#endif
