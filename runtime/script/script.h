/* script.h: the Lua side. Loads rule files in a sandbox and calls check functions under counted budgets.
 * The only floor that knows lua.h; nothing of Lua shows here. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "roster/cursor.h"
#include "rules/ruleset.h"

typedef struct script script; /* opaque: holds the lua_State */

/* Loads stdlib and every .lua file of folder (ruleset.lua first, then path order) into *out. Every error of
 * every file goes to `problems`; the status is KOL_E_RULE if there is one. */
kol_status script_load(const char *folder, const char *stdlib, struct kol_ruleset *out, struct kol_problems *problems,
                       kol_error *err);
void script_free(script *s);
const char *script_engine(void); /* "Lua 5.4.4" */

/* What a function needs read beforehand: adds the fields its bytecode names to `want`. */
void script_wants(const script *s, const rule *r, const catalogue *c, fetch *want);

/* What a function asks of texts: the lexicons it may name, the host's own that it needs. False when memory ended. */
bool script_asks(const script *s, const rule *r, const lexicon *lexicons, int count, inquiry *a);

/* Tells the fields of creator, campaign, set and post that its function names and nobody knows. */
void script_check(const script *s, const rule *r, const catalogue *c, const values *campaign,
                  struct kol_problems *problems);

/* Example i of a rule, as roster rows: calls `row` for each (JSON object text, as an NDJSON line of design §6,
 * "type" included; the creator's handle and the campaign's id are "example", and so is the platform where the example
 * gives none). *as_of is the example's, else 2026-01-01: an example never depends on the clock. Texts live as long as
 * the script. */
typedef kol_status script_row(void *user, const char *json, kol_error *err);
kol_status script_example(script *s, const rule *r, int i, script_row *row, void *user, const char **expect,
                          const char **as_of, int *line, kol_error *err);

/* ---- judging ---- */

typedef struct session session; /* a worker's: binds the functions to one plan and one cursor */

typedef struct session_plan {
	const catalogue *catalogue;
	const fetch *want;
	const values *campaign;
	int64_t as_of;
	assume assume;
	const inquiry *asked;
	const lexicon *lexicons; /* by name */
	int lexicon_count;
} session_plan;

kol_status session_open(script *s, const session_plan *plan, session **out, kol_error *err);
void session_close(session *s);

/* Points functions at a batch. covered may be NULL where no function asks for rows. */
void session_batch(session *s, cursor *c, const frame *creators, const coverage *covered);

/* Where the worker stands, written before each function runs; a supervisor reads it. NULL: nobody asks. */
void session_stand(session *s, volatile int32_t *rule_index, const struct kol_ruleset *r);

typedef struct call {
	const rule *rule;
	const values *set;  /* resolved parameters */
	const char *market; /* each = "market"; else NULL */
	const frame *posts; /* each = "post": the chunk and row; else NULL */
	int post_row;
} call;

typedef struct call_result {
	kol_outcome outcome; /* PASS, FAIL, UNKNOWN, ERROR */
	kol_level level;     /* of a fail: lowered by { level = … } or the rule's own (-1 → the rule's) */
	str message;
	evidence *evidence;
	int evidence_count;
	finding_value *values;
	int value_count;
	str *missing;
	int missing_count;
	bool memory; /* it ran out of memory: judge again alone in a fresh worker */
} call_result;

/* Calls `count` functions on one creator (row of the frame), under one protected call where that is faster;
 * results live in `a`. A failing status means the session itself broke, not a rule. */
kol_status session_call(session *s, int creator_row, const call *calls, int count, call_result *results, arena *a,
                        kol_error *err);

#endif
