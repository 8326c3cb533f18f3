/* upsert_extra.c: joins what exports said of a creator beyond the roster's columns. jansson parses and writes. */
#include <jansson.h>
#include <stdlib.h>

#include "roster/upsert.h"

static int add(const char *bytes, size_t n, void *out) {
	buffer_add(out, bytes, n);
	return ((buffer *)out)->failed ? -1 : 0;
}

bool upsert_extra(buffer *out, str first, str second) {
	json_t *a = json_loadb(first.p, first.n, JSON_ALLOW_NUL, NULL);
	json_t *b = json_loadb(second.p, second.n, JSON_ALLOW_NUL, NULL);
	bool objects = json_is_object(a) && json_is_object(b);
	bool ok = !objects || json_object_update(a, b) == 0;
	buffer_clear(out);
	/* 15 digits: what was written as 0.1 stays 0.1. */
	if (objects && ok)
		ok = json_dump_callback(a, add, out, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0;
	else if (ok)
		buffer_str(out, second);
	json_decref(a);
	json_decref(b);
	return ok && !out->failed;
}
