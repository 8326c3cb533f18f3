/* condition_kernels.h: the loops behind steps. Private to the condition_ files. */
#ifndef RULES_CONDITION_KERNELS_H
#define RULES_CONDITION_KERNELS_H

#include "rules/condition_program.h"

void kernel_numbers(const step *st, const reg *regs, reg *out, int n);
/* False when memory ran out. */
bool kernel_texts(const step *st, const reg *regs, reg *out, int n, arena *texts);

/* The share of keys of a list that are sorted: from this many entries on a list is searched, not walked. */
#define LIST_SORTED 9
typedef struct text_set { /* what OP_AMONG_TEXT points to; texts sorted by str_compare where count ≥ LIST_SORTED */
	const str *texts;
	int count;
} text_set;
typedef struct number_set {
	const double *nums;
	int count;
} number_set;
bool text_set_has(const text_set *set, str x);
/* Does a BCP 47 tag name this language? en-US speaks en; case-blind. */
bool tag_speaks(str tag, str language);

#endif
