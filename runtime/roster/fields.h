/* fields.h: what rules may read: the tables of the roster, their fields, kinds and units.
 * The catalogue is made from the roster's real schema, so extra columns are fields too. */
#ifndef ROSTER_FIELDS_H
#define ROSTER_FIELDS_H

#include "base/arena.h"
#include "base/error.h"

enum kind {
	KIND_NUMBER,
	KIND_SHARE, /* a fraction 0–1: comparing it with 40 is an error */
	KIND_TIME,  /* unix seconds, UTC */
	KIND_MONEY, /* its currency stands in the same row's `currency` */
	KIND_FLAG,  /* true or false */
	KIND_TEXT
};

enum table {
	TABLE_CREATOR,
	TABLE_POST,
	TABLE_PARTNERSHIP,
	TABLE_COMMENT,
	TABLE_HISTORY,
	TABLE_CREDENTIAL,
	TABLE_AUDIENCE,
	TABLE_CAMPAIGN, /* one row: constants of a plan */
	TABLE_COUNT
};

typedef struct field {
	const char *name; /* as rules write it: "followers", "age_days" */
	const char *sql;  /* expression over the table's columns; ?1 is as-of (unix seconds) */
	enum kind kind;
	bool extra;       /* a column this project does not define */
	const char *help; /* unit or meaning; may be "" */
} field;

typedef struct catalogue {
	field *fields[TABLE_COUNT];
	int count[TABLE_COUNT];
	bool present[TABLE_COUNT]; /* the table exists in the roster */
} catalogue;

/* Rules say creator.x, post.x, campaign.x; quantifiers say posts, partnerships, comments, history, credentials. */
extern const char *const table_names[TABLE_COUNT];   /* "creator", "post", … */
extern const char *const table_plurals[TABLE_COUNT]; /* "creators", "posts", … */

/* -1 where the table has no such field. */
int catalogue_find(const catalogue *c, enum table t, str name);
/* "creator has no field 'folowers'; did you mean 'followers'?" into out. */
const char *catalogue_unknown(const catalogue *c, enum table t, str name, char *out, size_t size);
const char *
kind_name(enum kind k); /* "a number", "a share (0–1)", "a date", "an amount of money", "true or false", "text" */

/* Derived fields every catalogue holds: creator.age_days? no; post.age_days, comment.age_days, history.age_days
 * (from posted_at / at), partnership.age_days (from started_on): days from the row's date to as-of, whole, ≥ 0. */

/* Which fields a plan reads, table by table; a column's slot is its place here. */
typedef struct fetch {
	int *field[TABLE_COUNT]; /* index into catalogue->fields[t] */
	int count[TABLE_COUNT];
	int capacity[TABLE_COUNT];
} fetch;
int fetch_want(fetch *f, enum table t, int field_index); /* the slot; -1: out of memory. Idempotent */
void fetch_free(fetch *f);

#endif
