/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_companions.h: checks the producer snapshots beside the segments, and what the names of files
 * say of where the log once ended.
 */
#ifndef KMETA_CHECK_CHECK_COMPANIONS_H
#define KMETA_CHECK_CHECK_COMPANIONS_H

#include "base/findings.h"
#include "log/logdir.h"

struct companions {
	const char *directory;
	const struct logdir_files *segments;
	int64_t end_offset; /* of the log; -1: unknown, or not to be compared */
	struct findings *findings;
	char **paths; /* findings borrow them */
	size_t count, capacity;
};

/* FAILED: out of memory. A directory that cannot be read is reported elsewhere. */
KMETA_CHECKED enum kmeta_status companions_check(struct companions *c, struct kmeta_finding *why);
void companions_release(struct companions *c);

#endif
