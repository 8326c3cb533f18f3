/* value.c: finds constants by name. */
#include "rules/value.h"

const value *values_find(const values *v, str name) {
	for (int i = 0; v && i < v->count; i++)
		if (str_eq(v->items[i].name, name))
			return &v->items[i].v;
	return NULL;
}
