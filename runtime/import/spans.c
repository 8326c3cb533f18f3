/* spans.c: a hash table of creator ids. Knows nothing of files and tables. */
#include "import/spans.h"

#include <stdlib.h>

static span_of *place(spans *s, int64_t id) {
	size_t i = (size_t)((uint64_t)id * 0x9e3779b97f4a7c15u >> 20) & (s->capacity - 1);
	while (s->items[i].creator_id && s->items[i].creator_id != id)
		i = (i + 1) & (s->capacity - 1);
	return &s->items[i];
}

static bool grow(spans *s) {
	spans bigger = {.capacity = s->capacity ? s->capacity * 2 : 256, .count = s->count};
	if (!(bigger.items = calloc(bigger.capacity, sizeof *bigger.items)))
		return false;
	for (size_t i = 0; i < s->capacity; i++)
		if (s->items[i].creator_id)
			*place(&bigger, s->items[i].creator_id) = s->items[i];
	free(s->items);
	*s = bigger;
	return true;
}

bool spans_add(spans *s, int64_t id, int64_t time) {
	if (s->count * 2 >= s->capacity && !grow(s))
		return false;
	span_of *p = place(s, id);
	if (!p->creator_id) {
		*p = (span_of){id, INT64_MAX, INT64_MIN};
		s->count++;
	}
	if (time != INT64_MIN) {
		p->from = time < p->from ? time : p->from;
		p->to = time > p->to ? time : p->to;
	}
	return true;
}

void spans_free(spans *s) { free(s->items); }
