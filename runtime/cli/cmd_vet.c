/* cmd_vet.c: `kolander vet`: judges a roster for a campaign and writes the report. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/suggest.h"
#include "cli/cli.h"

enum {
	OPT_RULES = 1,
	OPT_CAMPAIGN,
	OPT_CREATOR,
	OPT_ENROLLED,
	OPT_FORMAT,
	OPT_OUTPUT,
	OPT_AS_OF,
	OPT_WORKERS,
	OPT_SET,
	OPT_FAIL_ON,
	OPT_ALL,
	OPT_TOP,
	OPT_BATCH,
	OPT_BACKWARD,
	OPT_QUIET
};

enum fail_on { FAIL_NEVER, FAIL_REJECT, FAIL_REVIEW, FAIL_ERROR };

typedef struct asked {
	kol_plan_options plan;
	const char *rules, *output_path;
	const char **set, **creators; /* as many as words: enough */
	kol_format format;
	enum fail_on fail_on;
	int details;
	bool quiet;
} asked;

static bool take_format(asked *a, const char *text) {
	static const char *const names[] = {"text", "json", "ndjson", "csv"};
	suggest s;
	char meant[64];
	suggest_begin(&s, str_of(text));
	for (int i = 0; i < 4; i++) {
		if (strcmp(text, names[i]) == 0) {
			a->format = (kol_format)i; /* in the order of kol_format */
			return true;
		}
		suggest_try(&s, str_of(names[i]));
	}
	say("there is no format '%s'%s; there are text, json, ndjson and csv", text, suggest_text(&s, meant, sizeof meant));
	return false;
}

static bool take_fail_on(asked *a, const char *text) {
	if (strcmp(text, "reject") == 0)
		a->fail_on = FAIL_REJECT;
	else if (strcmp(text, "review") == 0)
		a->fail_on = FAIL_REVIEW;
	else if (strcmp(text, "error") == 0)
		a->fail_on = FAIL_ERROR;
	else
		say("--fail-on takes error, review or reject, not '%s'", text);
	return a->fail_on != FAIL_NEVER;
}

static bool take_set(asked *a, const char *text) {
	const char *equals = strchr(text, '=');
	if (!equals || !memchr(text, '.', (size_t)(equals - text))) {
		say("--set takes rule.name=value, such as brand-fit/audience-in-market.least=0.5, not '%s'", text);
		return false;
	}
	a->set[a->plan.set_count++] = text;
	return true;
}

static bool take(void *user, int id, const char *text) {
	asked *a = user;
	switch (id) {
	case OPT_RULES: a->rules = text; return true;
	case OPT_CAMPAIGN: a->plan.campaign = text; return true;
	case OPT_CREATOR: a->creators[a->plan.creators_count++] = text; return true;
	case OPT_ENROLLED: a->plan.enrolled = true; return true;
	case OPT_FORMAT: return take_format(a, text);
	case OPT_OUTPUT: a->output_path = text; return true;
	case OPT_AS_OF: a->plan.as_of = text; return true;
	case OPT_WORKERS: return read_int("workers", text, 0, 256, &a->plan.workers);
	case OPT_SET: return take_set(a, text);
	case OPT_FAIL_ON: return take_fail_on(a, text);
	case OPT_ALL: a->details = -1; return true;
	case OPT_TOP: return read_int("top", text, 0, 1000000, &a->details);
	case OPT_BATCH: return read_int("batch-size", text, 1, 1024, &a->plan.batch_rows);
	case OPT_BACKWARD: a->plan.backward = true; return true;
	default: a->quiet = true; return true;
	}
}

static bool take_word(void *user, const char *word) {
	asked *a = user;
	if (a->plan.roster) {
		say("vet takes one roster; '%s' is one more", word);
		return false;
	}
	a->plan.roster = word;
	return true;
}

static int cores(void) {
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return n < 1 ? 1 : n > 256 ? 256 : n;
}

static void message(void *user, const char *sentence) {
	(void)user;
	progress_erase();
	say("%s", sentence);
}

static bool reached(enum fail_on level, const kol_totals *t) {
	switch (level) {
	case FAIL_ERROR: return t->errors || t->review || t->reject;
	case FAIL_REVIEW: return t->review || t->reject;
	case FAIL_REJECT: return t->reject != 0;
	default: return false;
	}
}

/* A run that lost a worker still has a verdict for everyone: its report is kept. */
static bool same_file(const char *a, const char *b) {
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* A report must not take the place of what it was made from. */
static bool is_source(const asked *a) {
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
	const char *o = a->output_path;
	size_t n = o ? strlen(o) : 0;
	bool source = n > 4 && strcmp(o + n - 4, ".lua") == 0;
	for (int i = 0; o && i < 4 && !source; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s%s", a->plan.roster, endings[i]);
		source = strcmp(o, path) == 0 || same_file(o, path);
	}
	if (source)
		say("-o %s would replace the roster or a rule file; name another file", o);
	return source;
}

static int write_report(asked *a, kol_plan *plan) {
	output out;
	kol_totals totals = {0};
	kol_error err = {0};
	if (is_source(a))
		return EXIT_USAGE;
	if (!output_open(&out, a->output_path))
		return EXIT_UNFINISHED;
	bool color = a->format == KOL_TEXT && !a->output_path && isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	kol_report_options options = {.format = a->format,
	                              .details = a->details,
	                              .color = color,
	                              .sink = output_sink,
	                              .sink_user = &out,
	                              .progress = a->quiet || !isatty(STDERR_FILENO) ? NULL : progress_show,
	                              .progress_user = "creators",
	                              .message = message};
	output_on_signal(&out);
	kol_status status = kol_report(plan, &options, &totals, &err);
	progress_erase();
	bool pipe_closed = out.failed == EPIPE || status == KOL_E_PIPE;
	int code = EXIT_DONE;
	if (pipe_closed) {
		output_discard(&out);
	} else if (out.failed || !status) {
		code = output_commit(&out) ? EXIT_DONE : EXIT_UNFINISHED;
	} else {
		output_discard(&out);
	}
	output_on_signal(NULL);
	if (pipe_closed || code)
		return code;
	if (status)
		return say_error(&err);
	if (totals.killed) {
		say("%lld worker%s died or stood still and %s replaced: every creator was judged, but take no decision from "
		    "this run",
		    (long long)totals.kills, totals.kills == 1 ? "" : "s", totals.kills == 1 ? "was" : "were");
		return EXIT_UNFINISHED;
	}
	return reached(a->fail_on, &totals) ? EXIT_FOUND : EXIT_DONE;
}

static int vet(asked *a) {
	kol_ruleset *ruleset = NULL;
	kol_plan *plan = NULL;
	kol_problems *problems = NULL;
	kol_error err = {0};
	int code;
	kol_status status = open_plan(a->rules ? a->rules : default_rules(), &a->plan, &ruleset, &plan, &problems, &err);
	code = status ? say_failed(problems, &err) : write_report(a, plan);
	kol_plan_close(plan);
	kol_ruleset_close(ruleset);
	return code;
}

static int run(int argc, char **argv) {
	static const option_spec specs[] = {{"rules", 'r', "a folder of rules", OPT_RULES},
	                                    {"campaign", 'c', "a campaign's id", OPT_CAMPAIGN},
	                                    {"creator", 0, "platform/handle or @handle", OPT_CREATOR},
	                                    {"enrolled", 0, NULL, OPT_ENROLLED},
	                                    {"format", 'f', "text, json, ndjson or csv", OPT_FORMAT},
	                                    {"output", 'o', "a file", OPT_OUTPUT},
	                                    {"as-of", 0, "a date such as 2026-11-23", OPT_AS_OF},
	                                    {"workers", 'j', "a number", OPT_WORKERS},
	                                    {"set", 0, "rule.name=value", OPT_SET},
	                                    {"fail-on", 0, "error, review or reject", OPT_FAIL_ON},
	                                    {"all", 0, NULL, OPT_ALL},
	                                    {"top", 0, "a number", OPT_TOP},
	                                    {"batch-size", 0, "a number", OPT_BATCH},
	                                    {"backward", 0, NULL, OPT_BACKWARD},
	                                    {"quiet", 'q', NULL, OPT_QUIET},
	                                    {0}};
	asked a = {.details = 10, .plan.workers = cores()};
	int code = EXIT_USAGE;
	a.set = calloc((size_t)argc + 1, sizeof *a.set);
	a.creators = calloc((size_t)argc + 1, sizeof *a.creators);
	if (!a.set || !a.creators) {
		say("out of memory");
		code = EXIT_UNFINISHED;
	} else if (!options_read(argc, argv, specs, take, take_word, &a)) {
		a.plan.set = a.set;
		a.plan.creators = a.creators;
		if (!a.plan.roster)
			say("vet needs a roster: kolander vet ROSTER --campaign ID");
		else if (!a.plan.campaign)
			say("vet needs a campaign: name it with --campaign ID");
		else
			code = vet(&a);
	}
	free(a.set);
	free(a.creators);
	return code;
}

const command command_vet = {
    "vet", "judge creators for a campaign",
    "Usage: kolander vet ROSTER --campaign ID [options]\n\n"
    "Asks every rule of every creator of ROSTER and says approve, review or reject, and why.\n\n"
    "  --rules DIR            the folder of rules (default: scripts)\n"
    "  --campaign ID          what the creators are vetted for\n"
    "  --creator HANDLE       only this one, platform/handle or @handle; may be given again\n"
    "  --enrolled             only the campaign's own creators\n"
    "  --format FORMAT        text (default), json, ndjson or csv\n"
    "  -o, --output FILE      write there; the old file stays until the new one is whole\n"
    "  --as-of DATE           judge as of the end of that day, UTC (default: today)\n"
    "  --set RULE.NAME=VALUE  change a parameter, level, weight or mode for this run; may be given again\n"
    "  --fail-on LEVEL        exit with 1 where a creator is rejected (reject); rejected or to review (review);\n"
    "                         either of these or a rule broke (error)\n"
    "  --all, --top N         text: tell why for everyone not approved, or for the first N (default: 10)\n"
    "  --workers N            processes (default: one per core; 0: none beside this one)\n"
    "  --batch-size N         creators that are judged at once, 1 to 1024\n"
    "  --backward             judge from the last creator to the first; the report is the same\n"
    "  --quiet                no progress bar\n\n"
    "Examples:\n"
    "  kolander vet roster.db --campaign spring\n"
    "  kolander vet roster.db --campaign spring --creator instagram/lena.cooks --all\n"
    "  kolander vet roster.db --campaign spring --format csv -o spring.csv --fail-on reject\n",
    run};
