/* cmd_text.c: `kolander text`: what the engine sees in each line of standard input. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { OPT_LANGUAGE = 1 };

typedef struct chosen {
	const char *rules, *language;
} chosen;

static bool take(void *user, int id, const char *text) {
	chosen *c = user;
	(void)id;
	c->language = text;
	return true;
}

static bool take_word(void *user, const char *word) {
	chosen *c = user;
	if (c->rules) {
		say("text takes one folder of rules; '%s' is one more", word);
		return false;
	}
	c->rules = word;
	return true;
}

/* Each line, without its end, as one JSON object on a line of its own. */
static int read_lines(kol_reader *reader, const char *language) {
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	kol_error err = {0};
	kol_status status = KOL_OK;
	while (!status && (n = getline(&line, &room, stdin)) > 0) {
		const char *json;
		size_t size;
		if (line[n - 1] == '\n')
			n--;
		if (n && line[n - 1] == '\r')
			n--;
		status = kol_reader_read(reader, line, (size_t)n, language, &json, &size, &err);
		if (!status && (fwrite(json, 1, size, stdout) != size || putchar('\n') == EOF))
			break;
	}
	bool unread = ferror(stdin);
	free(line);
	if (status)
		return say_error(&err);
	if (unread) {
		say("standard input cannot be read: %s", strerror(errno));
		return EXIT_UNFINISHED;
	}
	if (fflush(stdout) == EOF || ferror(stdout)) {
		if (errno == EPIPE)
			return EXIT_DONE;
		say("cannot write: %s", strerror(errno));
		return EXIT_UNFINISHED;
	}
	return EXIT_DONE;
}

static int run(int argc, char **argv) {
	static const option_spec specs[] = {{"language", 'l', "a language such as en or pt-BR", OPT_LANGUAGE}, {0}};
	chosen c = {0};
	int code = options_read(argc, argv, specs, take, take_word, &c);
	if (code)
		return code;
	kol_ruleset *ruleset = NULL;
	kol_problems *problems = NULL;
	kol_reader *reader = NULL;
	kol_error err;
	kol_status status = KOL_OK;
	const char *folder = c.rules ? c.rules : default_rules();
	/* Whoever names no rules and has none here asks what the engine itself sees. */
	if (c.rules || access(folder, F_OK) == 0)
		status = kol_ruleset_open(folder, NULL, &ruleset, &problems, &err);
	if (status) {
		code = say_failed(problems, &err);
	} else if (kol_reader_open(ruleset, NULL, &reader, &err)) {
		code = say_error(&err);
	} else {
		code = read_lines(reader, c.language);
	}
	kol_reader_close(reader);
	kol_ruleset_close(ruleset);
	return code;
}

const command command_text = {
    "text", "what the engine sees in each line of standard input",
    "Usage: kolander text [RULES] [--language L]\n\n"
    "Reads lines of text from standard input and writes what the engine sees in each: one JSON object a line with\n"
    "language, hits of the lexicons of the folder RULES (default: scripts, where there is one), hashtags, mentions,\n"
    "urls, codes, sentiment (score -1 to 1 and the terms that made it; null where the language has no words of tone)\n"
    "and whether the words are commercial. Offsets are bytes, the end is exclusive.\n\n"
    "  --language L     the language of the lines, such as en or pt-BR; else each line is what it looks like\n\n"
    "Example:\n"
    "  echo 'Use my code ANNA20, link in bio!' | kolander text\n",
    run};
