/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_directory.h: all that one address names, checked: one file, or a directory as what one node
 * has.
 */
#ifndef KMETA_CHECK_CHECK_DIRECTORY_H
#define KMETA_CHECK_CHECK_DIRECTORY_H

#include <pthread.h>

#include "check/check_file.h"
#include "check/check_side_files.h"
#include "kmeta/check.h"
#include "log/logdir.h"

/* What is asked for, of every place alike. */
struct place_wishes {
	unsigned checks, jobs;
	bool checksum_only;
	const char *dialect;
	size_t findings_limit;
	void (*progress)(void *context, int64_t bytes); /* by any thread; may be NULL */
	void *context;
};

/* One directory, or one file as if it were alone in one. */
struct place {
	const struct place_wishes *wishes;
	struct logdir dir;
	bool is_directory;
	struct check_file *files; /* segments, then checkpoints */
	size_t count, segments;
	struct findings findings;    /* of the place as a whole */
	struct findings comparisons; /* of its checkpoints with the log */
	struct dirfiles dirfiles;
	struct check_epochs epochs;
	bool damaged; /* a segment could not be read whole */
	pthread_mutex_t lock;
	size_t next_task; /* of those side by side, under the lock */
};

/* Lists what is there. Release it in any case. */
KMETA_CHECKED enum kmeta_status place_open(struct place *p, const struct place_wishes *wishes,
                                           const char *path, struct kmeta_finding *why);

/* The bytes of its files. */
int64_t place_size(const struct place *p);

/* Checks all files, and how they go together. FAILED: something was not, as a file's "why" says. */
KMETA_CHECKED enum kmeta_status place_check(struct place *p);

/* A file of the directory went away before it was read, as it does where Kafka is running. */
bool place_is_stale(const struct place *p);

void place_release(struct place *p);

#endif
