/* cmd_import.c: `kolander import`: exports into a roster. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

enum { OPT_AS = 1, OPT_PLATFORM, OPT_AT, OPT_COVERS, OPT_REJECTED, OPT_QUIET, OPT_MAPPING };

typedef struct asked {
	kol_import_options options;
	const char **files;
	int count;
	bool quiet, mapping;
} asked;

static volatile int cancelled;
static void cancel(int number) {
	(void)number;
	cancelled = 1;
}

static bool take(void *user, int id, const char *text) {
	asked *a = user;
	switch (id) {
	case OPT_AS: a->options.as = text; break;
	case OPT_PLATFORM: a->options.platform = text; break;
	case OPT_AT: a->options.at = text; break;
	case OPT_COVERS: a->options.covers = text; break;
	case OPT_REJECTED: a->options.rejected = text; break;
	case OPT_QUIET: a->quiet = true; break;
	default: a->mapping = true;
	}
	return true;
}

static bool take_word(void *user, const char *word) {
	asked *a = user;
	if (!a->options.roster)
		a->options.roster = word;
	else
		a->files[a->count++] = word;
	return true;
}

static void tell(const asked *a, const char *file, const kol_import_report *r) {
	printf("%s: %" PRId64 " rows = %" PRId64 " stored + %" PRId64 " merged + %" PRId64 " rejected\n", file, r->rows,
	       r->stored, r->merged, r->rejected);
	if (r->rejected)
		printf("  rejected rows and why: %s\n", r->rejected_path);
	if (r->reason_count)
		printf("  commonest reason (%" PRId64 "): %s\n", r->reason_count, r->reason);
	if (r->unknown_columns[0])
		printf("  columns it does not know: %s\n", r->unknown_columns);
	if (r->unread_columns[0])
		printf("  not read: %s, because what they hold is not what they say\n", r->unread_columns);
	if (a->mapping && r->mapping[0])
		printf("%s\n", r->mapping);
}

/* Files that came to nothing because an earlier one, or the first of them, could not be read. */
static void tell_unread(const asked *a, int from) {
	buffer names = {0};
	for (int i = from; i < a->count && a->count > 1; i++) {
		buffer_z(&names, i > from ? ", " : "");
		buffer_z(&names, a->files[i]);
	}
	const char *text = names.n ? buffer_text(&names) : NULL;
	if (text)
		say("not read: %s", text);
	buffer_free(&names);
}

static int import_all(asked *a) {
	int code = EXIT_DONE;
	struct sigaction act = {.sa_handler = cancel};
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	a->options.cancel = &cancelled;
	a->options.progress = a->quiet ? NULL : progress_show;
	a->options.progress_user = "bytes";
	for (int i = 0; i < a->count; i++) {
		kol_import_report report = {0};
		kol_error err = {0};
		a->options.file = a->files[i];
		kol_status status = kol_import(&a->options, &report, &err);
		progress_erase();
		if (status) {
			code = say_error(&err);
			tell_unread(a, i);
			return code;
		}
		if (!a->quiet)
			tell(a, a->files[i], &report);
		if (report.rows && report.rejected == report.rows) {
			say("%s: none of its %" PRId64 " rows could be imported, most of them because: %s", a->files[i],
			    report.rows, report.reason);
			code = EXIT_USAGE;
		}
	}
	return code;
}

static int run(int argc, char **argv) {
	static const option_spec specs[] = {{"as", 0, "a table (creators, posts, …)", OPT_AS},
	                                    {"platform", 'p', "a platform (instagram, tiktok, …)", OPT_PLATFORM},
	                                    {"at", 0, "a date such as 2026-11-23", OPT_AT},
	                                    {"covers", 0, "two dates, FROM..TO,", OPT_COVERS},
	                                    {"rejected", 0, "a file", OPT_REJECTED},
	                                    {"mapping", 0, NULL, OPT_MAPPING},
	                                    {"quiet", 'q', NULL, OPT_QUIET},
	                                    {0}};
	asked a = {.files = calloc((size_t)argc + 1, sizeof *a.files)};
	if (!a.files) {
		say("out of memory");
		return EXIT_UNFINISHED;
	}
	int code = options_read(argc, argv, specs, take, take_word, &a);
	if (!code && !a.count) {
		say("import needs a roster and at least one file: kolander import ROSTER FILE…");
		code = EXIT_USAGE;
	}
	if (!code && a.count > 1 && a.options.rejected) {
		say("--rejected names one file, so import one file at a time with it");
		code = EXIT_USAGE;
	}
	if (!code)
		code = import_all(&a);
	free(a.files);
	return code;
}

const command command_import = {
    "import", "read exports into a roster",
    "Usage: kolander import ROSTER FILE… [options]\n\n"
    "Reads CSV, JSON or NDJSON exports into ROSTER, which is made if it is not there. Rows that are there\n"
    "already are joined by platform and handle; rows that cannot be read go to FILE.rejected.csv with reasons.\n"
    "Each file is stored as a whole or not at all; when one holds rows and none can be read, the exit code is 2.\n\n"
    "  --as TABLE          what a CSV file's rows are: creators (default), posts, audience, history, partnerships\n"
    "  --platform NAME     the platform, where the file does not say\n"
    "  --at DATE           the day the numbers were true. Default: the date in the file's name (2022-06-30, 20220630,\n"
    "                      or 2022-06: the last day of that month), else the day the file was last written.\n"
    "                      Each day is a row of history; an older file never overwrites what a newer one said\n"
    "  --covers FROM..TO   the time for which the file's posts (partnerships, history) are complete\n"
    "  --rejected FILE     where rejected rows go\n"
    "  --mapping           tell which column became which field\n"
    "  --quiet             tell only what is wrong\n\n"
    "Examples:\n"
    "  kolander import roster.db creators.csv --platform instagram --at 2026-11-01\n"
    "  kolander import roster.db posts.ndjson --covers 2026-05-01..2026-11-20\n",
    run};
