/* session.h: a worker's session: what it hands to functions, and what it remembers while one runs. Shared by the files
 * that judge: session.c, call.c and bind_*.c. Everything here that takes a lua_State runs under a protected call. */
#ifndef SCRIPT_SESSION_H
#define SCRIPT_SESSION_H

#include "base/buffer.h"
#include "script/state.h"

#define MISSING_MOST 64
#define HOST_MEMORY ((size_t)64 << 20) /* bytes of rows and texts handed over for one creator */

enum session_ref {
	REF_CREATOR, /* the creator's fields; one table for all creators, filled anew for each */
	REF_CREATOR_GUARD,
	REF_POST,
	REF_POST_GUARD,
	REF_CAMPAIGN,
	REF_CAMPAIGN_GUARD,
	REF_LIST_META, /* the metatable of lists in set and campaign */
	REF_KEYS,      /* table → its wanted fields' names, by slot */
	REF_ROW_META,  /* table → the metatable of its rows */
	REF_KEPT,      /* table → the list of the creator's rows, once read */
	REF_DRIVER,    /* calls many functions in a row */
	REF_AT,        /* { which of them } */
	REF_FUNCTIONS, /* by number of the call, from 1 */
	REF_SETS,
	REF_TAKE,
	REF_COUNT
};

typedef struct session_set { /* a rule's parameters as a table */
	const values *of;
	int ref, guard;
} session_set;

struct session {
	script *s;
	session_plan plan;
	cursor *cursor;
	const frame *creators;
	const coverage *covered;
	volatile int32_t *stand;
	const struct kol_ruleset *ruleset;
	int ref[REF_COUNT];
	session_set *sets; /* per check */
	int *slots[2];     /* columns of creators and posts that functions name */
	int slot_count[2];
	frame rows[TABLE_COUNT];
	bool ready[TABLE_COUNT];

	/* The creator at hand. */
	int row;                  /* -1: none */
	bool filled;              /* its table holds its fields */
	unsigned kept;            /* bits: tables whose rows are read */
	size_t cost[TABLE_COUNT]; /* bytes of host work that handing these rows over counts for */

	/* The calls at hand. */
	const call *calls;
	call_result *results;
	int count, at;
	int taking; /* the call whose result is being taken */
	arena *arena;
	const frame *posts; /* the post whose fields the post table holds */
	int post_row;
	bool driving;   /* the driver runs: REF_AT says which call */
	bool alone;     /* no driver for this creator: a bound was met */
	int marked;     /* driving: the call that `missing` is of; -1: none */
	struct listed { /* what the driver's tables hold */
		const rule *rule;
		const values *set;
	} * listed;
	int listed_count;
	bool guarded;     /* the function may write into tables: it gets stand-ins */
	bool hooked;      /* the hook is set */
	size_t collected; /* bytes held after the last full collection */
	char missing[MISSING_MOST][96];
	int missing_count;
	buffer text;     /* scratch */
	reader *reader;  /* of texts */
	arena scratch;   /* what is read from one */
	kol_error error; /* the session itself broke: not a rule's fault */
};

/* session.c */
void session_mark(session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What is made between the two does not count against the function. */
size_t host_begin(session *s);
void host_end(session *s, size_t used);
/* Ends the call with an error that breaks the session. */
int session_broke(lua_State *L, session *s);
/* Replaces the table on top by a stand-in that reads through, all the way down, and refuses writes. */
void guard_push(lua_State *L);
/* Pushes the table behind a stand-in, or the table itself; raises an error where there is none. */
void push_inner(lua_State *L, int index);
/* Leaves a metatable on the stack: __index is the function on top (popped) or absent (nil). */
void push_meta(lua_State *L, const char *name, bool walkable);
/* Pushes a cell; nil where it is missing. */
void push_cell(lua_State *L, enum kind kind, double num, str text);
void push_slot(lua_State *L, const frame *f, int slot, int row);
int fetch_slot(const session *s, enum table t, int at); /* -1: not read */
/* Raises "creator has no field 'x'; did you mean 'y'?"; more: names besides the fields, NULL at the end. */
int unknown_field(lua_State *L, const char *what, int table, const values *also, const char *const *more, str name);
/* The text at `index`, which must be one. */
str check_name(lua_State *L, int index, const char *what);
kol_status rows_begin(session *s, enum table t);

/* call.c */
void calls_open(lua_State *L, session *s);
/* The driver has come to another call: what is marked from here on is that one's. */
void calls_marking(session *s);

/* bind_*.c: each `open` makes its tables once, each `fill` puts in the creator or post at hand. */
void creator_open(lua_State *L, session *s);
void creator_fill(lua_State *L, session *s);
void post_open(lua_State *L, session *s);
void post_fill(lua_State *L, session *s, const call *c);
void rows_open(lua_State *L, session *s);
int rows_method(lua_State *L); /* upvalue: the table */
void campaign_open(lua_State *L, session *s);
/* Looks up a field of the creator that nothing announced; a failure is left in s->error. */
kol_status creator_cell(session *s, int at, double *num, str *text);
/* The rule's parameters as a table, made at the first call. */
const session_set *set_of(lua_State *L, session *s, const call *c);
/* creator.audience. */
void audience_push(lua_State *L, session *s);
/* Pushes the share at "country" or "country.US", nil where unknown. False: no such dimension (nothing pushed). */
bool audience_find(lua_State *L, session *s, str path);
/* bind_text.c: pushes what a post says of its own texts: a member or method of that name; argument 1 is the post or
 * row. False: there is no such thing (nothing pushed). */
bool words_push(lua_State *L, str name);
extern const char *const words_names[]; /* all of them, NULL at the end */
/* bind_finding.c: what the function returned, on top of the stack, becomes *r. */
void finding_take(lua_State *L, session *s, const call *c, call_result *r);

#endif
