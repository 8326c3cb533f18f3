/* cmd_check.c: `kolander check`: loads the rules and tells everything that is wrong with them. */
#include <stdio.h>

#include "cli/cli.h"

enum { OPT_ROSTER = 1, OPT_CAMPAIGN };

typedef struct asked {
	const char *rules, *roster, *campaign;
} asked;

static bool take(void *user, int id, const char *text) {
	asked *a = user;
	if (id == OPT_ROSTER)
		a->roster = text;
	else
		a->campaign = text;
	return true;
}

static bool take_word(void *user, const char *word) {
	asked *a = user;
	if (a->rules) {
		say("check takes one folder of rules; '%s' is one more", word);
		return false;
	}
	a->rules = word;
	return true;
}

static int run(int argc, char **argv) {
	static const option_spec specs[] = {
	    {"roster", 'r', "a roster's file", OPT_ROSTER}, {"campaign", 'c', "a campaign's id", OPT_CAMPAIGN}, {0}};
	asked a = {0};
	int code = options_read(argc, argv, specs, take, take_word, &a);
	if (code)
		return code;
	if (!a.roster != !a.campaign) {
		say("--roster and --campaign go together: a roster's fields are checked for one campaign");
		return EXIT_USAGE;
	}
	const char *folder = a.rules ? a.rules : default_rules();
	kol_ruleset *ruleset = NULL;
	kol_plan *plan = NULL;
	kol_problems *problems = NULL;
	kol_error err;
	kol_plan_options o = {.roster = a.roster, .campaign = a.campaign};
	kol_status status = open_plan(folder, &o, &ruleset, &plan, &problems, &err);
	if (status) {
		code = say_failed(problems, &err);
		code = status == KOL_E_RULE ? EXIT_FOUND : code;
	} else {
		int n = kol_ruleset_rules(ruleset), found = kol_problems_count(kol_ruleset_warnings(ruleset));
		say_list(kol_ruleset_warnings(ruleset), "");
		say_list(kol_plan_advice(plan), "advice: ");
		if (found)
			fprintf(stderr, found == 1 ? "%d problem\n" : "%d problems\n", found);
		else
			printf("%s: %d rule%s, no problems\n", folder, n, n == 1 ? "" : "s");
		code = found ? EXIT_FOUND : EXIT_DONE;
	}
	kol_plan_close(plan);
	kol_ruleset_close(ruleset);
	return code;
}

const command command_check = {
    "check", "load the rules and tell everything that is wrong with them",
    "Usage: kolander check [RULES] [--roster ROSTER --campaign ID]\n\n"
    "Loads every .lua file of the folder RULES (default: scripts) and lists all problems of all files,\n"
    "each with file, line and what was probably meant. Conditions are checked against the columns that every\n"
    "roster has; with a roster and a campaign, against that roster's own columns and the campaign's settings.\n\n"
    "  --roster FILE    a roster, made by `kolander import`\n"
    "  --campaign ID    one of its campaigns\n\n"
    "Examples:\n"
    "  kolander check\n"
    "  kolander check scripts --roster roster.db --campaign spring\n\n"
    "Exit code 1 where there are problems.\n",
    run};
