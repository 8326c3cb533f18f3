/* condition_syntax.h: the tree that the parser makes and the compiler reads. Private to the condition_ files. */
#ifndef RULES_CONDITION_SYNTAX_H
#define RULES_CONDITION_SYNTAX_H

#include "rules/condition.h"

enum node_op {
	NODE_NUMBER,
	NODE_TEXT,
	NODE_NIL,
	NODE_TRUE,
	NODE_FALSE,
	NODE_NAME,       /* names[0..count): creator.audience.country.US */
	NODE_LIST,       /* { 'US', 'DE' } */
	NODE_CALL,       /* text: the function; kids: its arguments */
	NODE_QUANTIFIER, /* text: count, any …; table; kids: of, where (either may be NULL) */
	NODE_NOT,
	NODE_NEGATE,
	NODE_AND,
	NODE_OR,
	NODE_EQ,
	NODE_NE,
	NODE_LT,
	NODE_LE,
	NODE_GT,
	NODE_GE,
	NODE_ADD,
	NODE_SUBTRACT,
	NODE_MULTIPLY,
	NODE_DIVIDE,
	NODE_FLOOR_DIVIDE,
	NODE_MODULO,
	NODE_POWER,
	NODE_JOIN
};

typedef struct node {
	enum node_op op;
	int id;       /* 0 … condition.nodes - 1 */
	int at, from; /* bytes into the source: where an error points (an operator), where the text begins */
	int to;       /* behind the last byte */
	double number;
	str text;
	str *names;
	int count;  /* of names or kids */
	int height; /* of the tree below */
	struct node **kids;
	str table;    /* NODE_QUANTIFIER */
	int table_at; /* where it stands */
} node;

struct condition {
	str source;
	source_place place;
	const node *root;
	int nodes;
};

/* Fills *err with place, sentence and caret for byte `at` of the condition's source. */
kol_status condition_error(const condition *c, int at, kol_error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
str node_source(const condition *c, const node *n);

#endif
