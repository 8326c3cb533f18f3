/* twin_eval.h: the slow twin of the condition engine: creators and their rows as plain structs, conditions as plain
 * trees, and what a tree says of one creator (or of one post), worked out one row at a time.
 * Shares nothing with runtime/rules but the public words for tables, kinds and coverage. */
#ifndef TESTS_TWIN_EVAL_H
#define TESTS_TWIN_EVAL_H

#include "roster/coverage.h"
#include "roster/fields.h"

#define TWIN_AS_OF (1000 * (int64_t)86400 - 1)
enum { TWIN_CREATORS = 1024, TWIN_FIELDS = 9, TWIN_SPANS = 2, TWIN_GLOBS = 2, TWIN_LIST = 12 };

typedef struct cell { /* num NaN, text NULL: missing */
	double num;
	const char *text;
} cell;

typedef struct twin_row {
	int owner;
	cell cells[TWIN_FIELDS];
} twin_row;

/* Tables of dated rows begin with the date and age_days. */
typedef struct twin_field {
	const char *name;
	enum kind kind;
} twin_field;
extern const twin_field twin_fields[TABLE_COUNT][TWIN_FIELDS]; /* name NULL: no more */
enum { DATE_FIELD = 0, AGE_FIELD = 1, CREATOR_CURRENCY = 6, PARTNERSHIP_CURRENCY = 4 };
enum { AUDIENCE_DIMENSION, AUDIENCE_SEGMENT, AUDIENCE_SHARE };

typedef struct world {
	int creators;
	twin_row creator[TWIN_CREATORS];
	twin_row *rows[TABLE_COUNT]; /* of creator c: [first[c], first[c + 1]) */
	int first[TABLE_COUNT][TWIN_CREATORS + 1];
	span spans[COVERED_COUNT][TWIN_CREATORS][TWIN_SPANS];
	int span_count[COVERED_COUNT][TWIN_CREATORS];
	double failed[TWIN_GLOBS][TWIN_CREATORS], open[TWIN_GLOBS][TWIN_CREATORS];
	assume assume;
} world;

/* What the plan knows: lookup tables with one or two keys, and exchange rates. */
typedef struct twin_entry {
	const char *table, *keys[2];
	cell value;
} twin_entry;
extern const twin_entry twin_entries[];
extern const int twin_entry_count;
typedef struct twin_rate {
	const char *currency;
	double rate;
} twin_rate;
extern const twin_rate twin_rates[];
extern const int twin_rate_count;

typedef struct twin_list {
	const char *name; /* how it is called, or NULL: written out */
	bool numbers;
	int count;
	cell items[TWIN_LIST];
} twin_list;

enum tree_type { TREE_NUMBER, TREE_TEXT, TREE_TRUTH };
enum tree_op {
	TREE_CONSTANT, /* cell; word: its name (set.days), or NULL: a literal */
	TREE_DATE,     /* cell.num, written as a date in quotes */
	TREE_FIELD,
	TREE_NOT,
	TREE_NEGATE,
	TREE_OR,
	TREE_AND,
	TREE_LT,
	TREE_GT,
	TREE_LE,
	TREE_GE,
	TREE_NE,
	TREE_EQ,
	TREE_JOIN,
	TREE_ADD,
	TREE_SUBTRACT,
	TREE_MULTIPLY,
	TREE_DIVIDE,
	TREE_FLOOR_DIVIDE,
	TREE_MODULO,
	TREE_POWER,
	TREE_IS_NIL, /* kid == nil; `not_nil`: ~= */
	TREE_DEFAULT,
	TREE_AMONG,
	TREE_SPEAKS,
	TREE_DAYS_SINCE,
	TREE_LOOKUP, /* word: the table */
	TREE_MONEY,
	TREE_MIN,
	TREE_MAX,
	TREE_ABS,
	TREE_FLOOR,
	TREE_SHARE,     /* word: dimension; list or kid 0: the keys */
	TREE_SEGMENT,   /* word: dimension; text: the segment */
	TREE_DIMENSION, /* word */
	TREE_FAILED,    /* field: which glob */
	TREE_ROWS       /* word: count, any …; table; kid 0: of, kid 1: where, or NULL */
};

typedef struct tree {
	enum tree_op op;
	enum tree_type type;
	struct tree *kids[3];
	int kid_count;
	enum table table;
	int field;
	bool not_nil;
	const char *word;
	cell constant;
	const twin_list *list;
	int from, to; /* where it stands in the printed source, without parentheses around it */
} tree;

typedef struct answer {
	enum tree_type type;
	double lo, hi; /* NaN: missing */
	const char *text;
	int truth; /* 1, 0, -1: unknown */
} answer;

typedef struct place { /* what is asked: a creator, and perhaps one of the rows that belong to it */
	const world *w;
	int creator;
	const twin_row *row;
	arena *texts; /* for texts made on the way */
} place;

void twin_eval(const tree *t, const place *at, answer *out);
double twin_age(double time); /* whole days before as-of */

#endif
