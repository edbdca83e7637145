/* SPDX-License-Identifier: Apache-2.0 */
/* logdir.h: which segments and checkpoints a metadata directory holds. */
#ifndef KMETA_LOG_LOGDIR_H
#define KMETA_LOG_LOGDIR_H

#include "kmeta/log.h"

struct logdir_file {
	char *path;
	int64_t offset; /* from the name: a segment's first, a checkpoint's end offset */
	int32_t epoch;  /* of a checkpoint */
};

struct logdir_files {
	struct logdir_file *at;
	size_t count, capacity;
};

/* Both lists rise by offset and epoch. */
struct logdir {
	char *path; /* of the metadata directory itself */
	struct logdir_files segments, checkpoints;
};

/*
 * Lists a metadata directory, or the one in a log directory. NOT_A_LOG: neither, unless "empty"
 * allows for one that has nothing in it yet.
 */
KMETA_CHECKED enum kmeta_status logdir_open(struct logdir *dir, const char *path, bool empty,
                                            struct kmeta_finding *why);
void logdir_release(struct logdir *dir);

/* The end offset and epoch that a path's name says, if it is called as Kafka calls a checkpoint. */
bool logdir_checkpoint_name(const char *path, int64_t *end_offset, int32_t *epoch);

/* The first offset that a segment's name says. */
bool logdir_segment_name(const char *path, int64_t *first_offset);

/* The highest timestamp in a finished segment by its time index; false: no index that says. */
bool logdir_last_time(const char *segment, int64_t *milliseconds);

#endif
