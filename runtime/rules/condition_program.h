/* condition_program.h: what a condition compiles to, and what running it needs. Private to the condition_ files.
 *
 * A code is a list of steps; step i's result is register i. A register holds numbers (an interval lo..hi per row;
 * exact ones have hi == lo, the same array), texts, or truths (a bit pair per row: true, unknown). What is summed up
 * over a creator's rows is a source: it runs its own code over chunks of child rows and ends in an array per creator.
 */
#ifndef RULES_CONDITION_PROGRAM_H
#define RULES_CONDITION_PROGRAM_H

#include "rules/condition_syntax.h"

#define MASK_WORDS (FRAME_ROWS / 64)
#define JOIN_MOST 4096 /* bytes; a longer text made with .. is unknown */

enum op {
	OP_COLUMN,      /* a: slot of the frame at hand */
	OP_COLUMN_TEXT, /* the same */
	OP_PARENT,      /* a: slot of the creators frame, gathered through the owner */
	OP_PARENT_TEXT,
	OP_CONSTANT, /* a: number of the constant */
	OP_CONSTANT_TEXT,
	OP_CONSTANT_TRUTH, /* k: 0, 1 or NaN */
	OP_SOURCE,         /* a: number of the source */
	OP_FLAG,           /* number a → truth */
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_FLOOR_DIVIDE,
	OP_MODULO,
	OP_POWER,
	OP_MIN,
	OP_MAX,
	OP_NEGATE,
	OP_ABS,
	OP_FLOOR,
	OP_DAYS_SINCE, /* k: as-of */
	OP_LT,         /* a < b */
	OP_LE,
	OP_EQ,
	OP_LT_K, /* a < k */
	OP_LE_K,
	OP_GT_K,
	OP_GE_K,
	OP_EQ_K,
	OP_TEXT_EQ,
	OP_TEXT_LT,
	OP_TEXT_LE,
	OP_TRUTH_EQ,
	OP_AND,
	OP_OR,
	OP_NOT,
	OP_NIL, /* is a missing? */
	OP_NIL_TEXT,
	OP_NIL_TRUTH,
	OP_DEFAULT,
	OP_DEFAULT_TEXT,
	OP_DEFAULT_TRUTH,
	OP_AMONG,      /* a in the numbers of list p */
	OP_AMONG_TEXT, /* a in the texts of list p */
	OP_SPEAKS,
	OP_LOOKUP,      /* p: a table; a, b, c: keys or -1 */
	OP_LOOKUP_TEXT, /* the same */
	OP_MONEY,       /* a: amount, b: its currency, c: the currency wanted, p: rates */
	OP_JOIN,        /* texts a .. b */
	OP_NUMBER_TEXT, /* number a as text */
	OP_ASK          /* what a text says. a: text; p: which asked_step */
};

enum holds { HOLDS_NUMBERS, HOLDS_TEXTS, HOLDS_TRUTHS };

typedef struct step {
	enum op op;
	enum holds holds;
	int exact; /* numbers without intervals */
	int a, b, c;
	int slot; /* where the result is kept; -1: it is only pointed to */
	double k;
	const void *p;
} step;

typedef struct code {
	step *steps;
	int count, capacity;
} code;

/* Texts that something is asked of. Those of a column are read once a chunk for all questions. */
typedef struct text_column {
	enum table table; /* whose column it is */
	int slot;         /* -1: a text that is made while the code runs, and belongs to one step */
	bool whole;       /* a rule for each row asks: all rows' texts matter */
	int language;     /* slot of the language stated of them; -1: none is */
	const char *field;
	question *questions;
	int count, capacity;
} text_column;

typedef struct asked_step { /* what OP_ASK points to; the same question of the same column is the same one */
	int column, question;
	bool parent; /* the column is the creators' and the code runs over their rows */
} asked_step;

enum type { TYPE_NONE, TYPE_NUMBER, TYPE_TEXT, TYPE_TRUTH, TYPE_NIL, TYPE_LIST, TYPE_AUDIENCE };

typedef struct typed { /* what the compiler found out about a node */
	enum type type;
	enum kind kind; /* of a number */
	bool constant, field;
	double num; /* constant number or truth */
	str text;
	const value *list;
	int reg;       /* -1: not made yet */
	int dimension; /* TYPE_AUDIENCE */
	int source;    /* -1: none */
	/* Money: whose currency it is in. */
	bool has_currency;
	str currency;              /* a fixed one */
	enum table currency_table; /* else this table's column … */
	int currency_slot;         /* … in this slot */
} typed;

enum source_kind {
	SOURCE_COUNT,
	SOURCE_SUM,
	SOURCE_MEAN,
	SOURCE_MEDIAN,
	SOURCE_MIN,
	SOURCE_MAX,
	SOURCE_SHARE,
	SOURCE_FAILED
};

typedef struct edge { /* an end of a window of time, asked of creators */
	code code;
	int reg;
	bool last;    /* age_days >= E, posted_at <= E; else the first: age_days <= E, posted_at >= E */
	bool in_days; /* of age_days, else of a time */
	bool strict;  /* < or > */
} edge;

typedef struct source {
	enum source_kind kind;
	enum table table;
	code code; /* over the table's rows */
	bool asks; /* something of texts */
	int where; /* register of the condition on rows; -1: all rows */
	int of;    /* register of the value; -1: none */
	edge *edges;
	int edge_count;
	int covered; /* enum covered; -1: not collected by time */
	bool complete;
	int64_t as_of;
	/* SOURCE_SHARE */
	int dimension;
	const str *keys;
	int key_count;
	int key; /* register in `code`, run over creators, instead of keys; -1: none */
	/* SOURCE_FAILED */
	int glob;
} source;

typedef struct program {
	const condition *syntax;
	const scope *scope; /* a copy */
	enum table rows;
	code code;
	int result;
	bool second_pass;
	bool sums;   /* asks for sums over rows */
	typed *info; /* per node */
	fetch *want;
} program;

typedef struct failed_glob {
	str glob;
	str self; /* the rule that asks: not counted */
	const int *rules;
	int count;
} failed_glob;

struct conditions {
	arena *memory;
	program *programs;
	int program_count, program_capacity;
	source *sources;
	int source_count, source_capacity;
	double *constants;
	int constant_count, constant_capacity;
	str *texts;
	int text_count, text_capacity;
	failed_glob *globs;
	int glob_count, glob_capacity;
	text_column *text_columns;
	int text_column_count, text_column_capacity;
	asked_step **asked_steps;
	int asked_step_count, asked_step_capacity;
	unsigned tables, covered;
	int slots[3];         /* most slots any code needs, per enum holds */
	int longest;          /* code */
	int audience_slot[3]; /* dimension, segment, share */
};

#define DIMENSION_COUNT 8
#define DIMENSION_INTEREST 6 /* not exclusive: its shares may add up to more than 1 */
extern const char *const dimension_names[DIMENSION_COUNT];

/* Gives every step that keeps its result a slot; slots are used again after their last reader. */
bool code_assign_slots(conditions *all, code *c, const int *results, int result_count);

/* ---- running ---- */

typedef struct reg {
	double *lo, *hi; /* the same array where exact */
	str *text;
	uint64_t *truth, *unknown;
} reg;

typedef struct tally { /* a source over one batch of creators */
	double *lo, *hi;   /* the answer */
	double *rows;      /* rows that count; SHARE: keys found */
	double *unknown;   /* rows that may count; SHARE: segments with a missing share, the keys' own */
	double *amount;    /* sum, least or most so far; SHARE: of the keys */
	double *total;     /* SHARE: of all segments; NaN: no rows */
	uint64_t *missing; /* which steps of the code found their field missing, in rows that may count */
	double *from, *to; /* the window, unix seconds; from -inf: no bound; to: as-of or before */
	bool *covered;
	str *key;       /* SHARE with a key per creator */
	double *values; /* MEDIAN: all values, creators in order */
	size_t value_count, value_capacity;
	size_t *first;
	mask limited; /* creators of whom a pattern reached its limit in a row that may count */
} tally;

typedef struct column_answers { /* to all questions asked of a column, for the chunk at hand */
	const frame *of;
	uint64_t filled;  /* which filling of that frame; 0: none */
	bool limited;     /* some limit is set */
	uint64_t *absent; /* MASK_WORDS: the text is missing */
	uint64_t *truths; /* per question: MASK_WORDS true, MASK_WORDS limit */
	double **scores;  /* per question: ASK_TONE: FRAME_ROWS numbers; else NULL */
} column_answers;

typedef struct limit_note { /* where a pattern first reached its limit */
	int source, creator;    /* row of the creators */
	str pattern, key;
} limit_note;

struct scan {
	const conditions *all;
	arena texts;     /* of the run at hand */
	arena keys;      /* of the batch: what share() is asked for */
	double *numbers; /* slot s: lo at [2 s FRAME_ROWS], hi behind it */
	str *slot_texts;
	uint64_t *truths; /* slot s: truth at [2 s MASK_WORDS], unknown behind it */
	reg *regs;
	double *constants; /* each FRAME_ROWS times */
	str *constant_texts;
	tally *tallies;
	const frame *creators;
	const coverage *covered;
	bool finished;
	const inquiry *asked;
	reader *reader;
	const mask *need;        /* rows of the chunk at hand whose texts matter; NULL: all */
	bool glancing;           /* texts are not read: which rows depend on them? */
	column_answers *answers; /* per text_column */
	limit_note *limits;      /* of the batch at hand */
	int limit_count, limit_capacity;
	struct quotes *quotes; /* where places are gathered while a row is explained; NULL: they are not */
};

typedef struct machine { /* where a code runs */
	scan *s;
	const frame *f;
	int row, n;   /* rows [row, row + n) */
	bool parents; /* f's rows belong to creators: go through f->owner */
	reg *regs;
	arena *texts;
} machine;

/* Steps' results must have a place: batch_registers or single_registers. */
void batch_registers(scan *s, const code *c, reg *regs);
bool single_registers(arena *a, const code *c, reg *regs);
kol_status code_run(const machine *m, const code *c, kol_error *err);
/* Sources: the answers from what the chunks gave. */
kol_status sources_begin(scan *s, kol_error *err);
kol_status sources_chunk(scan *s, const frame *children, kol_error *err);
void sources_finish(scan *s);

/* condition_answers.c: texts. */
bool answers_make(scan *s);
void answers_free(scan *s);
kol_status run_ask(const machine *m, const step *st, reg *out, kol_error *err);
/* Rows of the machine's frame in which a pattern of this code reached its limit. */
void code_limits(const scan *s, const code *c, const frame *f, mask *out);
/* Row `row` of f is unknown to a source: keeps whether a pattern's limit is why. False when memory ended. */
bool note_limit(scan *s, int number, const code *c, const frame *f, int row);

#endif
