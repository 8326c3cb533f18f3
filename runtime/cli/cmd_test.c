/* cmd_test.c: `kolander test`: runs the examples that rules carry. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

typedef struct tally {
	int passed, missed;
} tally;

static bool no_option(void *user, int id, const char *text) {
	(void)user;
	(void)id;
	(void)text;
	return true;
}

static bool take_word(void *user, const char *word) {
	const char **rules = user;
	if (*rules) {
		say("test takes one folder of rules; '%s' is one more", word);
		return false;
	}
	*rules = word;
	return true;
}

static void visit(void *user, const char *rule, int example, const char *expected, const char *actual,
                  const char *message, const char *path, int line) {
	tally *t = user;
	if (strcmp(expected, actual) == 0) {
		t->passed++;
		return;
	}
	t->missed++;
	printf("%s:%d: %s, example %d: expected %s, got %s", path ? path : "?", line, rule, example, expected, actual);
	if (message && *message)
		printf(": %s", message);
	putchar('\n');
}

static int run(int argc, char **argv) {
	static const option_spec specs[] = {{0}};
	const char *rules = NULL;
	int code = options_read(argc, argv, specs, no_option, take_word, &rules);
	if (code)
		return code;
	kol_ruleset *ruleset;
	kol_problems *problems;
	kol_error err;
	kol_status status = kol_ruleset_open(rules ? rules : default_rules(), NULL, &ruleset, &problems, &err);
	if (status) {
		code = say_failed(problems, &err);
		kol_ruleset_close(ruleset);
		return status == KOL_E_RULE ? EXIT_FOUND : code;
	}
	tally t = {0};
	status = kol_ruleset_examples(ruleset, visit, &t, &err);
	if (status)
		code = say_error(&err);
	else
		printf("%d examples passed, %d failed\n", t.passed, t.missed);
	kol_ruleset_close(ruleset);
	return code ? code : t.missed ? EXIT_FOUND : EXIT_DONE;
}

const command command_test = {
    "test", "run the examples that the rules carry",
    "Usage: kolander test [RULES]\n\n"
    "Runs the examples of every rule in the folder RULES (default: scripts) and lists those that\n"
    "come out otherwise than expected.\n\n"
    "Examples:\n"
    "  kolander test\n"
    "  kolander test scripts\n\n"
    "Exit code 1 where an example fails or a rule has a problem.\n",
    run};
