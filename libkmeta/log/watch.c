/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: waits for changes by inotify, or sleeps where the system has none. */
#include "log/watch.h"

#include <poll.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/inotify.h>

void watch_open(struct watch *w, const char *file, const char *directory)
{
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd < 0)
		return;
	if (file)
		inotify_add_watch(w->fd, file, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF);
	if (directory)
		inotify_add_watch(w->fd, directory,
		                  IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF);
}

static void drop_events(int fd)
{
	char events[4096];

	while (read(fd, events, sizeof(events)) > 0)
		continue;
}
#else
void watch_open(struct watch *w, const char *file, const char *directory)
{
	(void)file;
	(void)directory;
	w->fd = -1;
}

static void drop_events(int fd)
{
	(void)fd;
}
#endif

void watch_close(struct watch *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

void watch_wait(struct watch *w, int milliseconds)
{
	struct pollfd event = { .fd = w->fd, .events = POLLIN };

	/* poll() ignores a negative descriptor: without inotify this is a sleep. */
	if (poll(&event, 1, milliseconds) > 0)
		drop_events(w->fd);
}
