/* progress.c: a bar on stderr where that is a terminal, drawn at most ten times a second. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

#define CELLS 30

static bool drawn;

static bool is_time(void) {
	static struct timespec last;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	double since = (double)(now.tv_sec - last.tv_sec) + (double)(now.tv_nsec - last.tv_nsec) / 1e9;
	if (since < 0.1)
		return false;
	last = now;
	return true;
}

void progress_show(void *user, int64_t done, int64_t total) {
	const char *what = user;
	static int terminal = -1;
	if (terminal < 0)
		terminal = isatty(STDERR_FILENO);
	if (!terminal || !is_time())
		return;
	drawn = true;
	if (total <= 0) {
		fprintf(stderr, "\r%" PRId64 " %s\033[K", done, what);
		return;
	}
	int full = done >= total ? CELLS : (int)((double)done / (double)total * CELLS);
	fputs("\r[", stderr);
	for (int i = 0; i < CELLS; i++)
		fputs(i < full ? "█" : " ", stderr);
	fprintf(stderr, "] %d %% of %" PRId64 " %s\033[K", (int)((double)done / (double)total * 100), total, what);
}

void progress_erase(void) {
	if (drawn)
		fputs("\r\033[K", stderr);
	drawn = false;
}
