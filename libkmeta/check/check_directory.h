/* SPDX-License-Identifier: Apache-2.0 */
/* check_directory.h: checks what one address names: one file, or the directory of one node. */
#ifndef KMETA_CHECK_CHECK_DIRECTORY_H
#define KMETA_CHECK_CHECK_DIRECTORY_H

#include <pthread.h>

#include "check/check_companions.h"
#include "check/check_file.h"
#include "check/check_side_files.h"
#include "check/check_start.h"
#include "check/identity.h"
#include "kmeta/check.h"
#include "log/logdir.h"

/* What to check, the same for all addresses. */
struct check_wishes {
	unsigned checks, jobs;
	int release;                      /* to judge for; -1: all that are known */
	struct kmeta_bytes static_voters; /* int32_t, sorted; none: not known */
	bool start_alone; /* all is checked, and only what concerns the start is kept */
	bool checksum_only;
	const char *dialect;
	size_t findings_limit;
	void (*progress)(void *context, int64_t bytes); /* called by any thread; may be NULL */
	void *context;
};

/* One directory, or one file as if it were alone in one. */
struct check_directory {
	const struct check_wishes *wishes;
	struct kmeta_point until;
	struct logdir dir;
	bool is_directory, has_log_directory;
	bool is_new;              /* no log is there yet */
	struct check_file *files; /* segments, then checkpoints, then bootstrap.checkpoint */
	char *bootstrap;          /* its path; NULL: there is none */
	size_t count, segments;
	struct findings findings;    /* about the directory as a whole */
	struct findings comparisons; /* from comparing its checkpoints with the log */
	struct side_files side_files;
	struct companions companions;
	struct identity identity;
	struct quorum_end quorum;        /* by the replay of the segments */
	struct start_state state;        /* as Kafka loads it */
	int first_release, last_release; /* that start, as numbers; first above last: none */
	char *parent;                    /* the path that was given */
	struct check_epochs epochs;
	bool damaged; /* a segment could not be read whole */
	pthread_mutex_t lock;
	size_t next_task; /* under the lock */
};

/*
 * Lists the files, without those behind the point where the check ends. Release it in any case.
 */
KMETA_CHECKED enum kmeta_status check_directory_open(struct check_directory *d,
                                                     const struct check_wishes *wishes,
                                                     const char *path, struct kmeta_point until,
                                                     struct kmeta_finding *why);

/* The size of its files in bytes. */
int64_t check_directory_size(const struct check_directory *d);

/*
 * Checks all files, and whether they fit together. FAILED: a file could not be checked; its "why"
 * tells the reason.
 */
KMETA_CHECKED enum kmeta_status check_directory_run(struct check_directory *d);

/* True if it is asked whether Kafka starts on it. */
bool check_directory_is_judged(const struct check_directory *d);

/* True if a file vanished before it was read, as files do while Kafka runs. */
bool check_directory_is_stale(const struct check_directory *d);

void check_directory_release(struct check_directory *d);

#endif
