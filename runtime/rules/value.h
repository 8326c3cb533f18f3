/* value.h: what is constant once a plan is made: parameters, the campaign's fields, market, tables, rates. */
#ifndef RULES_VALUE_H
#define RULES_VALUE_H

#include "roster/fields.h"

typedef struct value {
	enum { VALUE_MISSING, VALUE_ONE, VALUE_LIST, VALUE_TABLE } shape;
	enum kind kind; /* of the one value, or of the list's (TEXT or NUMBER) */
	double num;
	str text;
	str currency; /* KIND_MONEY; p NULL: unknown */
	int count;
	const str *texts;                  /* VALUE_LIST of text */
	const double *nums;                /* VALUE_LIST of numbers */
	const struct named_value *members; /* VALUE_TABLE: `count` members, sorted by name */
} value;

typedef struct named_value {
	str name;
	value v;
} named_value;

typedef struct values { /* `set`, `campaign`, lookups: sorted by name or short enough to scan */
	named_value *items;
	int count;
} values;

const value *values_find(const values *v, str name);

typedef struct rate { /* fx: what one unit of `currency` is worth in the roster's common base, latest at as-of */
	str currency;
	double rate;
} rate;
typedef struct rates {
	rate *items;
	int count;
} rates;

#endif
