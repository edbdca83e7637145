/* SPDX-License-Identifier: Apache-2.0 */
/* logdir.h: lists the segments and checkpoints of a metadata directory. */
#ifndef KMETA_LOG_LOGDIR_H
#define KMETA_LOG_LOGDIR_H

#include "kmeta/log.h"

struct logdir_file {
	char *path;
	int64_t offset; /* by the name: a segment's first offset, a checkpoint's end offset */
	int32_t epoch;  /* of a checkpoint */
};

struct logdir_files {
	struct logdir_file *at;
	size_t count, capacity;
};

/* Both lists are in order of offset and epoch. */
struct logdir {
	char *path; /* of the metadata directory itself */
	struct logdir_files segments, checkpoints;
};

/*
 * Lists a metadata directory, or the one inside a log directory. NOT_A_LOG: the path is neither.
 * "empty": a directory without any segment or checkpoint is fine.
 */
KMETA_CHECKED enum kmeta_status logdir_open(struct logdir *dir, const char *path, bool empty,
                                            struct kmeta_finding *why);
void logdir_release(struct logdir *dir);

/*
 * Reads end offset and epoch from a checkpoint's name. False: Kafka names no checkpoint like that.
 */
bool logdir_checkpoint_name(const char *path, int64_t *end_offset, int32_t *epoch);

/* Reads the first offset from a segment's name. False: Kafka names no segment like that. */
bool logdir_segment_name(const char *path, int64_t *first_offset);

/*
 * The highest timestamp of a finished segment, from its time index. False: there is no such index.
 */
bool logdir_last_time(const char *segment, int64_t *milliseconds);

#endif
