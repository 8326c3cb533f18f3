/* examples.c: judges a rule's examples the way creators are judged: each becomes a roster in memory with one creator
 * and one campaign. Uses ndjson, plan, judge. */
#include "examples.h"

#include <stdio.h>

#include "import/ndjson.h"
#include "roster/db.h"
#include "vet/judging.h"

static kol_status add_row(void *user, const char *json, kol_error *err) {
	ndjson_result result;
	return ndjson_object(user, json, strlen(json), &result, err);
}

static kol_status fill(sqlite3 *db, struct kol_ruleset *rs, const rule *r, int i, const char **expect,
                       const char **as_of, int *line, kol_error *err) {
	upsert *u;
	kol_status status = upsert_open(db, &u, err);
	if (status)
		return status;
	buffer unknown = {0};
	ndjson_context c = {.u = u, .at = INT64_MIN, .unknown = &unknown};
	status = script_example(rs->script, r, i, add_row, &c, expect, as_of, line, err);
	const char *names = unknown.n || unknown.failed ? buffer_text(&unknown) : NULL;
	if (!status && names)
		status = error_set(err, KOL_E_RULE, "a roster has no field '%.200s'", names);
	else if (!status && unknown.failed)
		status = error_memory(err);
	buffer_free(&unknown);
	ndjson_free(&c);
	upsert_close(u);
	return status;
}

/* The worst outcome of rule `at`, over its markets and posts, and its first message. */
static kol_status outcome_of(struct judge *j, int at, kol_outcome *outcome, char *message, size_t size,
                             kol_error *err) {
	range_result result = {0};
	frame *creators = &j->frames[TABLE_CREATOR];
	j->detail = true;
	kol_status status = judge_one(j, &result, err);
	if (status || !creators->rows)
		return status ? status : error_set(err, KOL_E_BUG, "an example has no creator");
	int count = findings_judged(j, 0, j->judged, j->call_instances);
	for (int i = 0; i < count; i++)
		if (j->call_instances[i] == at)
			*outcome = j->judged[i].outcome;
	for (const struct kol_finding *f = j->first[0]; f && !message[0]; f = f->next)
		if (j->plan->instances[f->rule_index].rule == at)
			snprintf(message, size, "%s", f->message);
	return KOL_OK;
}

static kol_status judge_example(struct kol_ruleset *rs, int at, int i, const char **expect, int *line,
                                kol_outcome *outcome, char *message, size_t size, kol_error *err) {
	sqlite3 *db = NULL;
	struct kol_plan *plan = NULL;
	judge *j = NULL;
	struct kol_problems problems = {0};
	kol_plan_options options = {.campaign = "example"};
	kol_status status = roster_memory(&db, err);
	if (!status)
		status = fill(db, rs, &rs->rules[at], i, expect, &options.as_of, line, err);
	if (!status)
		status = plan_make(rs, db, &options, &plan, &problems, err);
	if (!status)
		status = judge_open(plan, db, NULL, NULL, NULL, &j, err);
	*outcome = KOL_SKIP; /* switched off */
	if (!status)
		status = outcome_of(j, at, outcome, message, size, err);
	judge_close(j);
	plan_close(plan);
	roster_close(db);
	problems_free(&problems);
	return status;
}

kol_status examples_run(struct kol_ruleset *ruleset, kol_example_visitor *visit, void *user, kol_error *err) {
	kol_error local = {0};
	err = err ? err : &local;
	/* Rules are tested as they were written: a team's own numbers must not break the tests of a pack. */
	struct kol_ruleset written = *ruleset, *rs = &written;
	written.override_count = 0;
	written.assume = 0;
	for (int at = 0; at < rs->rule_count; at++) {
		const rule *r = &rs->rules[at];
		for (int i = 0; i < r->examples; i++) {
			char message[1600] = "";
			const char *expect = "pass";
			int line = r->line;
			kol_outcome outcome;
			kol_status status = judge_example(rs, at, i, &expect, &line, &outcome, message, sizeof message, err);
			if (status == KOL_E_MEMORY)
				return status;
			if (status)
				kol_error_text(err, message, sizeof message);
			visit(user, r->id, i + 1, expect, status ? "broken" : kol_outcome_name(outcome), message, r->path, line);
		}
	}
	return KOL_OK;
}
