/* cli.h: what the commands share: options with sentences of their own, output that is whole or not there,
 * problems told line by line. The cli is kolander.h's first client: it sees that header and base/ alone. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/buffer.h"
#include "kolander.h"

enum exit_code { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_USAGE = 2, EXIT_UNFINISHED = 3, EXIT_INTERRUPTED = 130 };

typedef struct command {
	const char *name, *summary, *help;
	int (*run)(int argc, char **argv); /* argv[0]: the first word behind the command's name */
} command;

extern const command command_import, command_check, command_test, command_vet, command_text;

/* One option: --name, -letter (0: none). `value` names what follows, for messages; NULL: a switch. */
typedef struct option_spec {
	const char *name;
	char letter;
	const char *value;
	int id;
} option_spec;

/* Takes an option (text NULL for a switch); false: it has said what is wrong. */
typedef bool option_taker(void *user, int id, const char *text);
/* A word that is no option. */
typedef bool word_taker(void *user, const char *word);

/* Walks the words; EXIT_DONE, or EXIT_USAGE after a sentence on stderr. "--" ends the options. */
int options_read(int argc, char **argv, const option_spec *specs, option_taker *take, word_taker *word, void *user);

/* "kolander: …" on stderr; control characters are not let through. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Tells an error and says the exit code that goes with it. */
int say_error(const kol_error *err);
/* Each with its line and caret, `kind` in front. */
void say_list(const kol_problems *problems, const char *kind);
/* Every problem with its line and caret, then how many; frees the list. */
int say_problems(kol_problems *problems);
/* The first or both, as an open call left them. */
int say_failed(kol_problems *problems, const kol_error *err);

/* Loads rules and binds them. Broken rules are bound too, so that everything wrong is told in one go. Close all three.
 */
kol_status open_plan(const char *rules, const kol_plan_options *options, kol_ruleset **ruleset, kol_plan **plan,
                     kol_problems **problems, kol_error *err);

bool read_int(const char *option, const char *text, int least, int most, int *out);
/* "scripts", or the workspace's own folder where that has a ruleset.lua. */
const char *default_rules(void);

/* ---- output.c ---- */

typedef struct output {
	int fd;
	const char *path; /* NULL: stdout */
	char *target;     /* the file behind path's links */
	char *aside;      /* written first, then renamed; NULL: written directly */
	int failed;       /* errno of the first failed write */
} output;

bool output_open(output *o, const char *path); /* NULL or "-": stdout. False: it has said why */
bool output_sink(void *user, const char *bytes, size_t count);
bool output_commit(output *o); /* fsync and rename; false: it has said why, and the old file is as it was */
void output_discard(output *o);
/* A signal ends the process: the file aside and the bar go, and the code is 130 for SIGINT. */
void output_on_signal(output *o);

/* ---- progress.c ---- */

void progress_show(void *user, int64_t done, int64_t total); /* a bar on stderr, where that is a terminal */
void progress_erase(void);

#endif
