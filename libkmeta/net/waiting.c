/* SPDX-License-Identifier: Apache-2.0 */
/* waiting.c: waits that end: at a moment, or when the caller wants to stop. */
#include "net/waiting.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/finding.h"

int64_t waiting_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* 1: the descriptor is ready, 0: the time is over, -1: stopped, or errno is set. */
static int wait_once(const struct waiting *w, int fd, short events, bool *stopped)
{
	struct pollfd fds[2] = { { .fd = fd, .events = events },
		                 { .fd = w->stop > 0 ? w->stop : -1, .events = POLLIN } };

	for (;;) {
		const int64_t left = w->deadline - waiting_now();
		const int n = poll(fds, 2, left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		*stopped = fds[1].revents != 0;
		if (*stopped)
			return -1;
		return fds[0].revents != 0;
	}
}

enum kmeta_status waiting_for(const struct waiting *w, int fd, short events,
                              struct kmeta_finding *why)
{
	bool stopped = false;
	const int ready = wait_once(w, fd, events, &stopped);

	if (ready > 0)
		return KMETA_OK;
	if (stopped)
		return finding_stopped(why);
	if (ready == 0)
		return finding_set(why, KMETA_CANNOT_CONNECT, "no answer in time");
	return finding_set(why, KMETA_CANNOT_CONNECT, "%s", strerror(errno));
}

enum kmeta_status waiting_pause(int stop, int64_t milliseconds, struct kmeta_finding *why)
{
	const struct waiting w = { .deadline = waiting_now() + milliseconds, .stop = stop };
	bool stopped = false;

	wait_once(&w, -1, 0, &stopped);
	return stopped ? finding_stopped(why) : KMETA_OK;
}
