/* main.c: the command table. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "cli/cli.h"

static const command *const commands[] = {&command_import, &command_check, &command_test, &command_vet, &command_text};
#define COMMANDS (sizeof commands / sizeof commands[0])

static int help(void) {
	printf(
	    "kolander vets creators for influencer marketing: a team's rules in, approve, review or reject out, each with "
	    "reasons.\n\nUsage: kolander COMMAND …\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	printf("\n`kolander COMMAND --help` explains each; `kolander --version` tells the version.\n"
	       "Exit codes: 0 done; 1 --fail-on reached, or problems found; 2 bad usage or input;\n"
	       "3 the run could not finish as it should; 130 interrupted.\n");
	return EXIT_DONE;
}

static const command *find(const char *name) {
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int unknown(const char *name) {
	suggest s;
	char meant[128];
	suggest_begin(&s, str_of(name));
	for (size_t i = 0; i < COMMANDS; i++)
		suggest_try(&s, str_of(commands[i]->name));
	say("there is no command '%s'%s%s", name, suggest_text(&s, meant, sizeof meant),
	    s.best.p ? "" : "; `kolander --help` lists them");
	return EXIT_USAGE;
}

static bool is_help(const char *word) { return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0; }

int main(int argc, char **argv) {
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is told by write */
	if (argc < 2) {
		say("which command? `kolander --help` lists them");
		return EXIT_USAGE;
	}
	if (is_help(argv[1]) || strcmp(argv[1], "help") == 0) {
		const command *asked = argc > 2 ? find(argv[2]) : NULL;
		return asked ? (fputs(asked->help, stdout), EXIT_DONE) : argc > 2 ? unknown(argv[2]) : help();
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("kolander " KOL_VERSION);
		return EXIT_DONE;
	}
	const command *c = find(argv[1]);
	if (!c)
		return unknown(argv[1]);
	for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (is_help(argv[i])) {
			fputs(c->help, stdout);
			return EXIT_DONE;
		}
	return c->run(argc - 2, argv + 2);
}
