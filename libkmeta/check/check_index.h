/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_index.h: compares a segment's offset and time index with its batches while they are read.
 */
#ifndef KMETA_CHECK_CHECK_INDEX_H
#define KMETA_CHECK_CHECK_INDEX_H

#include "base/findings.h"
#include "kmeta/check.h"
#include "log/stream.h"

/*
 * An index that is read along with its segment. Its next entry waits for the batch that it points
 * to.
 */
struct index_file {
	char *path;
	struct stream stream;
	bool open, waiting;
	int64_t position;      /* of the waiting entry in the index */
	int64_t first, second; /* its content: offset and position, or time and offset */
	int64_t last_first, last_second;
};

struct index_check {
	struct index_file offsets, times;
	struct findings *findings;
	int64_t base;   /* the segment's first offset */
	int64_t latest; /* the highest time so far */
	bool moved;     /* entries count from a base offset that the name does not tell */
};

void index_check_open(struct index_check *c, const char *segment, struct findings *findings);
void index_check_batch(struct index_check *c, const struct kmeta_batch *batch);

/* "damaged": part of the segment could not be read, so entries without a batch are no fault. */
void index_check_close(struct index_check *c, bool damaged);

#endif
