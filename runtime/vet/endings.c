/* endings.c: a run ends its workers first and lets the signal through then, so that the caller's handlers stay its own
 * and nothing runs on without it. */
#include "vet/endings.h"

#include <signal.h>
#include <stddef.h>

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
#define ENDINGS (sizeof endings / sizeof *endings)

void endings_hold(void) {
	sigset_t held;
	sigemptyset(&held);
	for (size_t i = 0; i < ENDINGS; i++)
		sigaddset(&held, endings[i]);
	pthread_sigmask(SIG_BLOCK, &held, NULL);
}

/* A script's background job ignores INT from its start, and yet who sends it one means it; nohup means what it says. */
static bool is_ignored(int number) {
	struct sigaction act;
	return number == SIGHUP && sigaction(number, NULL, &act) == 0 && act.sa_handler == SIG_IGN;
}

bool endings_wait(void) {
	sigset_t waiting;
	if (sigpending(&waiting) != 0)
		return false;
	for (size_t i = 0; i < ENDINGS; i++)
		if (sigismember(&waiting, endings[i]) && !is_ignored(endings[i]))
			return true;
	return false;
}
