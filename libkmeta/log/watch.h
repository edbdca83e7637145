/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h: waiting for a file or a directory to change. */
#ifndef KMETA_LOG_WATCH_H
#define KMETA_LOG_WATCH_H

#include "kmeta/log.h"

struct watch {
	int fd; /* of inotify, -1: the system has none, and waiting is sleeping */
};

/* Watches a file and, or, a directory; NULL: none. */
void watch_open(struct watch *w, const char *file, const char *directory);
void watch_close(struct watch *w);

/*
 * Returns when something changed or the time is over, whichever is first. Network file systems tell
 * of no changes made elsewhere: the caller has to look for itself every now and then.
 */
void watch_wait(struct watch *w, int milliseconds);

#endif
