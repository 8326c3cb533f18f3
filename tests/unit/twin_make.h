/* twin_make.h: random conditions for the slow twin, as trees and as the text of a rule, and random creators. */
#ifndef TESTS_TWIN_MAKE_H
#define TESTS_TWIN_MAKE_H

#include "base/buffer.h"
#include "twin_eval.h"

typedef struct rng {
	uint64_t state;
} rng;
int pick(rng *r, int n); /* 0 … n - 1 */
bool chance(rng *r, int percent);

/* What campaign.x, set.x and market are; kind MONEY is in EUR. A list where `list` is given. */
typedef struct twin_name {
	const char *name; /* "campaign.budget" */
	enum kind kind;
	cell value;
	const twin_list *list;
} twin_name;
extern const twin_name twin_names[];
extern const int twin_name_count;
extern const twin_list twin_looked_up; /* what the lookup table `lists` holds for 'DE' */
extern const char *const twin_globs[TWIN_GLOBS];

/* Texts that fields hold and conditions name. */
const char *any_text(rng *r);
const char *any_segment(rng *r, const char *dimension);
const char *any_dimension(rng *r);
double any_number(rng *r);

typedef struct maker {
	arena *a;
	rng *r;
	enum table rows;   /* TABLE_CREATOR or TABLE_POST: what is asked */
	enum table inside; /* whose rows a quantifier asks; TABLE_CREATOR: in none */
} maker;
tree *make_condition(const maker *m);
/* Fills from and to of the nodes. Parentheses where needed, and sometimes where not. */
void print_condition(tree *t, rng *r, buffer *out);

/* Fills *w; rows live in `a`. Tables that are not present have none. */
void make_world(world *w, rng *r, const catalogue *fields, arena *a);

#endif
