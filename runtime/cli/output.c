/* output.c: where a report goes. A file is written aside and renamed when whole, so that a failed run leaves the
 * old one; a closed pipe is remembered and ends the run quietly. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static bool write_all(int fd, const char *p, size_t n) {
	while (n) {
		ssize_t wrote = write(fd, p, n);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return false;
		p += wrote;
		n -= (size_t)wrote;
	}
	return true;
}

static bool say_why(const output *o, const char *doing, int reason) {
	say("could not %s '%s': %s", doing, o->path ? o->path : "standard output", strerror(reason));
	return false;
}

/* The mode a new file would have, or the old one's. */
static mode_t wanted_mode(const char *path) {
	struct stat st;
	if (stat(path, &st) == 0)
		return st.st_mode & 07777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

bool output_open(output *o, const char *path) {
	struct stat st;
	if (path && strcmp(path, "-") == 0)
		path = NULL;
	*o = (output){.fd = STDOUT_FILENO, .path = path};
	if (!path)
		return true;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* a device or a pipe cannot be renamed over */
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		return o->fd >= 0 || say_why(o, "write", errno);
	}
	o->target = realpath(path, NULL);
	if (!o->target)
		o->target = strdup(path);
	if (!o->target || asprintf(&o->aside, "%s.XXXXXX", o->target) < 0) {
		o->aside = NULL;
		output_discard(o);
		return say_why(o, "write", ENOMEM);
	}
	o->fd = mkostemp(o->aside, O_CLOEXEC);
	if (o->fd < 0) {
		int reason = errno;
		free(o->aside);
		o->aside = NULL;
		output_discard(o);
		return say_why(o, "write", reason);
	}
	(void)!fchmod(o->fd, wanted_mode(o->target));
	return true;
}

bool output_sink(void *user, const char *bytes, size_t count) {
	output *o = user;
	if (!o->failed && !write_all(o->fd, bytes, count))
		o->failed = errno;
	errno = o->failed;
	return !o->failed;
}

void output_discard(output *o) {
	if (o->path && o->fd >= 0)
		close(o->fd);
	if (o->aside)
		unlink(o->aside);
	free(o->aside);
	free(o->target);
	o->aside = o->target = NULL;
	o->fd = -1;
}

bool output_commit(output *o) {
	int reason = o->failed;
	if (!reason && o->aside && fsync(o->fd) != 0)
		reason = errno;
	if (o->path && o->fd >= 0 && close(o->fd) != 0 && !reason)
		reason = errno;
	o->fd = -1;
	if (!reason && o->aside && rename(o->aside, o->target) != 0)
		reason = errno;
	if (!reason) {
		free(o->aside);
		o->aside = NULL;
	}
	output_discard(o);
	return !reason || say_why(o, "write", reason);
}

/* ---- signals ---- */

static const char *volatile aside_on_signal;
static pid_t owner;

/* Workers inherit the handler; only the process that opened the file removes it. */
static void stop(int number) {
	if (getpid() == owner) {
		if (aside_on_signal)
			unlink(aside_on_signal);
		if (isatty(STDERR_FILENO))
			(void)!write(STDERR_FILENO, "\r\033[K", 4);
	}
	_exit(128 + number);
}

void output_on_signal(output *o) {
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction act = {.sa_handler = stop}, old;
	owner = getpid();
	aside_on_signal = o ? o->aside : NULL;
	for (int i = 0; i < 3; i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* nohup */
			sigaction(numbers[i], o ? &act : &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
}
