/* plan.h: ruleset × roster columns × campaign × --set. Made once, shared by all workers copy-on-write. */
#ifndef VET_PLAN_H
#define VET_PLAN_H

#include "report/report.h"
#include "rules/parameters.h"
#include "script/script.h"

typedef struct instance { /* a rule as it is run: once, or once per market */
	int rule;             /* index into ruleset->rules */
	const char *market;   /* each = "market"; else NULL */
	int need, when;       /* programs, or -1 */
	bool second_pass;     /* asks failed() */
	bool streams;         /* of posts: asked while they are summed up; nothing in it waits for a sum */
} instance;

struct kol_plan {
	arena memory;
	struct kol_ruleset *ruleset;
	char *roster_path;
	catalogue catalogue;
	fetch want;
	conditions *conditions;
	lexicon *lexicons; /* of the ruleset, filled in from the campaign; one more: the campaign's brand */
	int lexicon_count;
	inquiry *asked;
	struct kol_problems advice; /* what works and could be better; `check` tells it */
	resolved *resolved;         /* per rule of the ruleset */
	instance *instances;        /* rules not switched off, ordered by rule id, then market */
	int instance_count;
	values campaign;
	const char *campaign_id, *campaign_name, *brand;
	selection who;
	int64_t expected; /* creators, for progress; -1: not counted */
	int64_t as_of;
	char as_of_text[16];
	char fingerprint[72], roster_uuid[40];
	const char *const *assumptions;
	int assumption_count;
	int workers, batch_rows;
	bool backward;
};

/* Reads the roster's schema and the campaign, resolves parameters, compiles every condition; closes the roster.
 * What is wrong with rules goes to `problems` (KOL_E_RULE). */
kol_status plan_open(struct kol_ruleset *ruleset, const kol_plan_options *options, struct kol_plan **out,
                     struct kol_problems *problems, kol_error *err);
/* The same on an open roster (the rules' examples use one in memory). options->roster is only a name then. */
kol_status plan_make(struct kol_ruleset *ruleset, sqlite3 *db, const kol_plan_options *options, struct kol_plan **out,
                     struct kol_problems *problems, kol_error *err);
void plan_close(struct kol_plan *plan);
/* "kolander 0.1.0, Lua 5.4.4, …" */
const char *plan_engine(void);

#endif
