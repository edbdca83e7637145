/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h: waits for a file or a directory to change. */
#ifndef KMETA_LOG_WATCH_H
#define KMETA_LOG_WATCH_H

#include "kmeta/log.h"

struct watch {
	int fd; /* of inotify; -1: the system has none, and watch_wait() sleeps */
};

/* Watches a file, a directory, or both; NULL: none. */
void watch_open(struct watch *w, const char *file, const char *directory);
void watch_close(struct watch *w);

/*
 * Returns when something changed or the time is over. Network file systems do not report changes
 * from other hosts, so callers should also look now and then.
 */
void watch_wait(struct watch *w, int milliseconds);

#endif
