/* channel.c: whole messages over sockets, and descriptors with them. Knows nothing of what they mean. */
#include "vet/channel.h"

#include <errno.h>
#include <sys/socket.h>

bool channel_send(int fd, struct iovec *parts, int count) {
	while (count) {
		if (!parts->iov_len) {
			parts++;
			count--;
			continue;
		}
		struct msghdr m = {.msg_iov = parts, .msg_iovlen = (size_t)count};
		ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		for (size_t sent = (size_t)n; sent;) {
			size_t step = sent < parts->iov_len ? sent : parts->iov_len;
			parts->iov_base = (char *)parts->iov_base + step;
			parts->iov_len -= step;
			sent -= step;
			if (!parts->iov_len) {
				parts++;
				count--;
			}
		}
	}
	return true;
}

bool channel_receive(int fd, void *p, size_t n) {
	for (size_t got = 0; got < n;) {
		ssize_t r = recv(fd, (char *)p + got, n - got, 0);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

typedef union room { /* for one descriptor */
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
} room;

bool channel_ask(int fd, const zygote_order *order, int passed) {
	room r = {0};
	struct iovec part = {(void *)(uintptr_t)order, sizeof *order};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
	if (passed >= 0) {
		m.msg_control = r.bytes;
		m.msg_controllen = sizeof r.bytes;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof passed);
		memcpy(CMSG_DATA(c), &passed, sizeof passed);
	}
	ssize_t n;
	do
		n = sendmsg(fd, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof *order;
}

int channel_asked(int fd, zygote_order *order, int *passed) {
	room r = {0};
	struct iovec part = {order, sizeof *order};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = r.bytes, .msg_controllen = sizeof r.bytes};
	*passed = -1;
	ssize_t n;
	do
		n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return (int)n;
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(passed, CMSG_DATA(c), sizeof *passed);
	return n == (ssize_t)sizeof *order ? 1 : -1;
}
