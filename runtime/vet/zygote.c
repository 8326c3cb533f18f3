/* zygote.c: forks workers from a plan that is ready, kills them where told, and reaps them. Since it alone reaps, a
 * kill never reaches a stranger with a dead worker's number. Uses worker, channel. */
#include "vet/zygote.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MS 5000 /* a fork takes milliseconds: a zygote that takes longer was stopped */
#define END_MS 2000

/* Dies with the parent. A parent that died before prctl took hold shows as another number. */
static void follow(pid_t parent) {
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

/* The terminal, or a group's killer, sends these to all: the supervisor answers for all. */
static void plain_signals(void) {
	static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	static const int restored[] = {SIGPIPE, SIGCHLD, SIGALRM, SIGUSR1, SIGUSR2};
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	for (size_t i = 0; i < sizeof restored / sizeof *restored; i++)
		signal(restored[i], SIG_DFL);
}

static void reap(pid_t *pids, int slots) {
	pid_t pid;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (int i = 0; i < slots; i++)
			if (pids[i] == pid)
				pids[i] = 0;
}

/* Waits for the slot's last worker, so that two never share a stand. */
static void clear_slot(pid_t *pids, int slot) {
	if (pids[slot] > 0) {
		kill(pids[slot], SIGKILL);
		while (waitpid(pids[slot], NULL, 0) < 0 && errno == EINTR) {
		}
		pids[slot] = 0;
	}
}

static void obey(const zygote_order *o, int passed, int control, int events, pid_t *pids, const worker_task *task,
                 const sigset_t *signals) {
	if (o->what == ZYGOTE_KILL) {
		if (pids[o->slot] > 0)
			kill(pids[o->slot], SIGKILL);
		return;
	}
	clear_slot(pids, o->slot);
	memset(&task->stands[o->slot], 0, sizeof *task->stands);
	task->stands[o->slot].rule = -1;
	pid_t self = getpid(), pid = fork();
	if (pid == 0) {
		follow(self);
		close(control);
		close(events);
		signal(SIGCHLD, SIG_DFL);
		sigprocmask(SIG_SETMASK, signals, NULL);
		worker_main(task, o->slot, passed);
	}
	zygote_answer a = {o->slot, pid < 0 ? errno : 0};
	if (pid > 0)
		pids[o->slot] = pid;
	struct iovec part = {&a, sizeof a};
	channel_send(control, &part, 1);
}

_Noreturn static void zygote_main(int control, const worker_task *task, int slots, const sigset_t *signals) {
	sigset_t children;
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_SETMASK, &children, NULL);
	int events = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
	pid_t *pids = calloc((size_t)slots, sizeof *pids);
	while (pids && events >= 0) {
		struct pollfd fds[] = {{control, POLLIN, 0}, {events, POLLIN, 0}};
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		struct signalfd_siginfo info;
		while (read(events, &info, sizeof info) > 0) {
		}
		reap(pids, slots);
		if (!fds[0].revents)
			continue;
		zygote_order order = {ZYGOTE_FORK, 0};
		int passed;
		if (channel_asked(control, &order, &passed) <= 0)
			break;
		obey(&order, passed, control, events, pids, task, signals);
		if (passed >= 0)
			close(passed);
	}
	for (int i = 0; pids && i < slots; i++)
		clear_slot(pids, i);
	_exit(0);
}

kol_status zygote_start(zygote *z, const worker_task *task, int slots, const sigset_t *signals, kol_error *err) {
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return error_set(err, KOL_E_IO, "no connection for the workers could be made: %s", strerror(errno));
	pid_t self = getpid(), pid = fork();
	if (pid == 0) {
		follow(self);
		close(pair[0]);
		plain_signals();
		zygote_main(pair[1], task, slots, signals);
	}
	int why = errno;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return error_set(err, KOL_E_IO, "no process for the workers could be started: %s", strerror(why));
	}
	*z = (zygote){pid, pair[0]};
	return KOL_OK;
}

/* Is there something to read, or the end, within that time? */
static bool ready(int fd, int milliseconds) {
	struct pollfd p = {fd, POLLIN, 0};
	int n;
	do
		n = poll(&p, 1, milliseconds);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

kol_status zygote_fork(zygote *z, int slot, int *fd, kol_error *err) {
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return error_set(err, KOL_E_IO, "no connection for a worker could be made: %s", strerror(errno));
	int room = 1 << 20;
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	zygote_order order = {ZYGOTE_FORK, slot};
	zygote_answer a = {0};
	bool asked = channel_ask(z->fd, &order, pair[1]);
	close(pair[1]);
	bool heard = asked && ready(z->fd, ANSWER_MS);
	bool done = heard && channel_receive(z->fd, &a, sizeof a);
	if (done && !a.error) {
		*fd = pair[0];
		return KOL_OK;
	}
	close(pair[0]);
	if (done)
		return error_set(err, KOL_E_IO, "a worker could not be started: %s", strerror(a.error));
	return error_set(err, KOL_E_UNFINISHED, "the process that starts workers was %s; run it again",
	                 asked && !heard ? "stopped" : "killed");
}

void zygote_kill(zygote *z, int slot) {
	zygote_order order = {ZYGOTE_KILL, slot};
	channel_ask(z->fd, &order, -1);
}

void zygote_stop(zygote *z) {
	if (!z->pid)
		return;
	shutdown(z->fd, SHUT_WR);
	if (!ready(z->fd, END_MS)) /* stopped: its workers die with it */
		kill(z->pid, SIGKILL);
	while (waitpid(z->pid, NULL, 0) < 0 && errno == EINTR) {
	}
	close(z->fd);
	z->pid = 0;
}
