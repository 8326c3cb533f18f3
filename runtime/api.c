/* api.c: kolander.h over the parts: rulesets from script/, plans and verdicts from vet/, reports from report/.
 * Finds stdlib. The only file that sees both the public handles and what is behind them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roster/campaign.h"
#include "roster/snapshot.h"
#include "examples.h"
#include "sight.h"
#include "vet/supervisor.h"

#ifndef KOL_STDLIB
#define KOL_STDLIB "/usr/local/share/kolander/stdlib"
#endif

/* ---- stdlib ---- */

static bool is_folder(const char *path) {
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Beside the executable: ../stdlib where it runs from a build tree, ../share/kolander/stdlib where it is installed. */
static bool beside_executable(char out[static PATH_MAX]) {
	static const char *const places[] = {"stdlib", "share/kolander/stdlib"};
	char exe[PATH_MAX], real[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	if (n <= 0)
		return false;
	exe[n] = 0;
	char *slash = strrchr(exe, '/');
	if (!slash)
		return false;
	*slash = 0;
	for (int i = 0; i < 2; i++) {
		if (snprintf(out, PATH_MAX, "%s/../%s", exe, places[i]) >= PATH_MAX || !is_folder(out) || !realpath(out, real))
			continue;
		memcpy(out, real, strlen(real) + 1);
		return true;
	}
	return false;
}

static kol_status find_stdlib(const char *option, char out[static PATH_MAX], kol_error *err) {
	const char *named = option ? option : getenv("KOLANDER_STDLIB");
	if (named && *named) {
		if (!is_folder(named))
			return error_set(err, KOL_E_USAGE, "the library of rules is not at '%s'%s", named,
			                 option ? "" : "; KOLANDER_STDLIB must name kolander's stdlib folder");
		snprintf(out, PATH_MAX, "%s", named);
		return KOL_OK;
	}
	if (beside_executable(out))
		return KOL_OK;
	if (is_folder(KOL_STDLIB)) {
		snprintf(out, PATH_MAX, "%s", KOL_STDLIB);
		return KOL_OK;
	}
	return error_set(err, KOL_E_USAGE,
	                 "the library of rules is not at '%s'; set KOLANDER_STDLIB to kolander's stdlib folder",
	                 KOL_STDLIB);
}

/* ---- problems ---- */

int kol_problems_count(const kol_problems *problems) { return problems ? problems->count : 0; }

const kol_error *kol_problems_get(const kol_problems *problems, int i) {
	return problems && i >= 0 && i < problems->count ? &problems->items[i] : NULL;
}

void kol_problems_close(kol_problems *problems) {
	if (!problems)
		return;
	problems_free(problems);
	free(problems);
}

/* Hands the list out where it says what is wrong; otherwise it goes. */
static kol_status give_problems(kol_status status, struct kol_problems *list, kol_problems **out, kol_error *err) {
	if (status == KOL_E_RULE && list->count) {
		problems_sort(list);
		if (err)
			*err = list->items[0];
		if (out) {
			*out = list;
			return status;
		}
	}
	kol_problems_close(list);
	return status;
}

/* ---- rulesets ---- */

kol_status kol_ruleset_open(const char *folder, const char *stdlib, kol_ruleset **out, kol_problems **problems,
                            kol_error *err) {
	char library[PATH_MAX];
	*out = NULL;
	if (problems)
		*problems = NULL;
	if (!folder || !is_folder(folder))
		return error_set(err, KOL_E_USAGE, "there is no folder of rules at '%s'", folder ? folder : "");
	kol_status status = find_stdlib(stdlib, library, err);
	if (status)
		return status;
	struct kol_problems *list = calloc(1, sizeof *list);
	struct kol_ruleset *ruleset = calloc(1, sizeof *ruleset);
	if (!list || !ruleset) {
		free(list);
		free(ruleset);
		return error_memory(err);
	}
	status = script_load(folder, library, ruleset, list, err);
	if (status == KOL_OK || status == KOL_E_RULE)
		*out = ruleset;
	else
		kol_ruleset_close(ruleset);
	for (int i = 0; *out && i < list->count; i++)
		problems_add(&ruleset->problems, &list->items[i]);
	return give_problems(status, list, problems, err);
}

void kol_ruleset_close(kol_ruleset *ruleset) {
	if (!ruleset)
		return;
	script_free(ruleset->script);
	stock_free(ruleset->stock);
	problems_free(&ruleset->problems);
	problems_free(&ruleset->warnings);
	arena_free(&ruleset->memory);
	free(ruleset);
}

const char *kol_ruleset_fingerprint(const kol_ruleset *ruleset) { return ruleset->fingerprint; }
int kol_ruleset_rules(const kol_ruleset *ruleset) { return ruleset->rule_count; }

const char *kol_ruleset_rule_id(const kol_ruleset *ruleset, int i) {
	return i >= 0 && i < ruleset->rule_count ? ruleset->rules[i].id : NULL;
}

const kol_problems *kol_ruleset_warnings(const kol_ruleset *ruleset) { return &ruleset->warnings; }

/* ---- texts ---- */

struct kol_reader {
	stock *own; /* where there is no ruleset */
	sight *sight;
	buffer json;
};

kol_status kol_reader_open(kol_ruleset *ruleset, const char *stdlib, kol_reader **out, kol_error *err) {
	char library[PATH_MAX];
	*out = NULL;
	kol_status status = ruleset ? KOL_OK : find_stdlib(stdlib, library, err);
	if (status)
		return status;
	kol_reader *r = calloc(1, sizeof *r);
	if (!r || (!ruleset && !(r->own = stock_new(library)))) {
		free(r);
		return error_memory(err);
	}
	status = sight_open(ruleset, ruleset ? ruleset->stock : r->own, &r->sight, err);
	if (status)
		kol_reader_close(r);
	else
		*out = r;
	return status;
}

void kol_reader_close(kol_reader *r) {
	if (!r)
		return;
	sight_close(r->sight);
	stock_free(r->own);
	buffer_free(&r->json);
	free(r);
}

kol_status kol_reader_read(kol_reader *r, const char *text, size_t n, const char *language, const char **json,
                           size_t *json_n, kol_error *err) {
	if (n >= (size_t)1 << 30)
		return error_set(err, KOL_E_LIMIT, "a text of more than 1 GiB is not read");
	buffer_clear(&r->json);
	kol_status status = sight_tell(r->sight, (str){text, n}, str_of(language), &r->json, err);
	*json = r->json.p;
	*json_n = r->json.n;
	return status;
}

/* ---- plans ---- */

kol_status kol_plan_open(kol_ruleset *ruleset, const kol_plan_options *options, kol_plan **out, kol_problems **problems,
                         kol_error *err) {
	*out = NULL;
	if (problems)
		*problems = NULL;
	struct kol_problems *list = calloc(1, sizeof *list);
	if (!list)
		return error_memory(err);
	kol_status status = plan_open(ruleset, options, out, list, err);
	return give_problems(status, list, problems, err);
}

void kol_plan_close(kol_plan *plan) { plan_close(plan); }
const kol_problems *kol_plan_advice(const kol_plan *plan) { return &plan->advice; }

const char *kol_plan_fingerprint(const kol_plan *plan) { return plan->fingerprint; }

kol_status kol_ruleset_examples(kol_ruleset *ruleset, kol_example_visitor *visit, void *user, kol_error *err) {
	return examples_run(ruleset, visit, user, err);
}

/* ---- verdicts ---- */

static kol_status no_roster(kol_error *err) {
	return error_set(err, KOL_E_USAGE, "this plan was made to check rules, without a roster; it judges nobody");
}

/* Judges ids from..to on a connection of its own, inside one read transaction. creator: look its id up first. */
static kol_status visit_range(kol_plan *plan, const char *creator, kol_visitor *visit, void *user, kol_error *err) {
	sqlite3 *db = NULL;
	judge *j = NULL;
	int64_t from = INT64_MIN, to = INT64_MAX;
	kol_plan one = *plan; /* a creator that is asked for by name is judged whether or not the plan selects it */
	if (!plan->roster_path)
		return no_roster(err);
	kol_status status = roster_open(plan->roster_path, &db, err);
	if (status)
		return status;
	status = snapshot_begin_read(db, err);
	if (!status && creator) {
		status = campaign_creator(db, creator, &from, err);
		to = from;
		one.who = (selection){.how = SELECT_IDS, .ids = &from, .count = 1};
	}
	if (!status)
		status = judge_open(&one, db, NULL, NULL, NULL, &j, err);
	if (!status)
		status = judge_visit(j, from, to, visit, user, err);
	judge_close(j);
	roster_close(db);
	return status;
}

kol_status kol_vet(kol_plan *plan, kol_visitor *visit, void *user, kol_error *err) {
	return visit_range(plan, NULL, visit, user, err);
}

kol_status kol_vet_creator(kol_plan *plan, const char *creator, kol_visitor *visit, void *user, kol_error *err) {
	if (!creator || !*creator)
		return error_set(err, KOL_E_USAGE, "which creator? write platform/handle, or @handle");
	return visit_range(plan, creator, visit, user, err);
}

/* ---- reports ---- */

/* Counting reads an index through, so it is done only for somebody who watches. */
static void count_expected(kol_plan *plan) {
	sqlite3 *db;
	if (plan->who.how == SELECT_IDS)
		plan->expected = plan->who.count;
	else if (roster_open(plan->roster_path, &db, NULL) == KOL_OK) {
		plan->expected = campaign_count(db, plan->campaign_id, plan->who.how == SELECT_ENROLLED);
		roster_close(db);
	}
}

kol_status kol_report(kol_plan *plan, const kol_report_options *options, kol_totals *totals, kol_error *err) {
	const report_format *format = report_find(options->format);
	size_t rules = (size_t)plan->ruleset->rule_count + 1;
	rule_tally *tallies = calloc(rules, sizeof *tallies);
	report_summary sum = {0};
	report_run run = {.campaign = plan->campaign_id,
	                  .campaign_name = plan->campaign_name,
	                  .brand = plan->brand,
	                  .as_of = plan->as_of_text,
	                  .ruleset = plan->ruleset->fingerprint,
	                  .plan = plan->fingerprint,
	                  .roster = plan->roster_uuid,
	                  .engine = plan_engine(),
	                  .assumptions = plan->assumptions,
	                  .assumption_count = plan->assumption_count,
	                  .color = options->color,
	                  .details = options->details};
	if (!plan->roster_path) {
		free(tallies);
		return no_roster(err);
	}
	if (options->progress)
		count_expected(plan);
	kol_status status = !format    ? error_set(err, KOL_E_USAGE, "there is no such format")
	                    : !tallies ? error_memory(err)
	                               : supervisor_run(plan, format, &run, options, tallies, &sum, err);
	if (totals)
		*totals = sum.totals;
	free(tallies);
	return status;
}
