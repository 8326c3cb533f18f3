/* condition_compile.h: what the compiler's files share. Private to the condition_ files. */
#ifndef RULES_CONDITION_COMPILE_H
#define RULES_CONDITION_COMPILE_H

#include "rules/condition_kernels.h"

typedef struct compiler {
	conditions *all;
	const condition *c;
	const scope *s;
	fetch *want;
	struct kol_problems *problems;
	program *p;
	code *code;      /* what is being added to */
	enum table rows; /* whose rows it runs over */
	bool inside;     /* a quantifier or another place that is asked once per creator */
	bool silent;     /* what is wrong has been told already */
	bool broken, memory;
} compiler;

/* Says what is wrong at byte `at`; the result is TYPE_NONE, which every caller passes on in silence. */
typed complain(compiler *m, int at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void *compiler_alloc(compiler *m, size_t size); /* cleared */
/* Grows an array of the plan; false when memory ended. */
bool compiler_grow(compiler *m, void **items, int count, int *capacity, size_t size);

typed compile_node(compiler *m, const node *n);
typed compile_name(compiler *m, const node *n);
typed compile_call(compiler *m, const node *n);
typed compile_quantifier(compiler *m, const node *n);
/* creator.audience.country, or one of its segments */
typed compile_audience(compiler *m, const node *n);
typed compile_share(compiler *m, const node *n, int dimension, const str *keys, int key_count, const node *key);
typed compile_failed(compiler *m, const node *n, str glob);
/* condition_words.c: what texts say. */
typed call_has(compiler *m, const node *n, typed *args);
typed call_near(compiler *m, const node *n, typed *args);
typed call_matches(compiler *m, const node *n, typed *args);
typed call_sentiment(compiler *m, const node *n, typed *args);
typed call_hits(compiler *m, const node *n, typed *args);
/* post.commercial; rows: whose field it is */
typed compile_commercial(compiler *m, const node *n);
/* A count of the creator's posts for which `where` emits a truth into its code. days: NaN: all of them. */
typed compile_post_count(compiler *m, const node *n, double days, int (*where)(compiler *rows, void *user), void *user);
typed typed_of_value(const value *v);

int emit(compiler *m, step s);
typed emit_truth(compiler *m, enum op op, int a, int b, double k);
/* Registers that hold the value; constants are made here. */
int reg_of(compiler *m, typed *t);
bool reg_exact(const compiler *m, int reg);
typed typed_number(enum kind kind, int reg);
typed typed_truth(int reg);
typed typed_text(int reg);
const char *type_name(const typed *t);
/* Two amounts that meet: same currency, or a problem is told. */
bool same_currency(compiler *m, const node *n, const typed *a, const typed *b);
/* A date text that meets a time becomes that time. */
bool date_to_time(compiler *m, const node *n, typed *t);
int field_slot(compiler *m, enum table t, str name, const node *n, int *index);

#endif
