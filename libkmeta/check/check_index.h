/* SPDX-License-Identifier: Apache-2.0 */
/* check_index.h: holding a segment's offset and time index against its batches as they are read. */
#ifndef KMETA_CHECK_CHECK_INDEX_H
#define KMETA_CHECK_CHECK_INDEX_H

#include "base/findings.h"
#include "kmeta/check.h"
#include "log/stream.h"

/*
 * One index file that is read beside the segment; its next entry waits for the batch that it names.
 */
struct index_file {
	char *path;
	struct stream stream;
	bool open, waiting;
	int64_t position;      /* of the entry that waits, in the index */
	int64_t first, second; /* what it holds: offset and place, or time and offset */
	int64_t last_first, last_second;
};

struct index_check {
	struct index_file offsets, times;
	struct findings *findings;
	int64_t base;   /* the segment's first offset */
	int64_t latest; /* the highest time so far */
	bool moved;     /* offsets of entries count from a base that the name does not tell */
};

void index_check_open(struct index_check *c, const char *segment, struct findings *findings);
void index_check_batch(struct index_check *c, const struct kmeta_batch *batch);

/* "damaged": the segment could not be read whole, so that entries without a batch say nothing. */
void index_check_close(struct index_check *c, bool damaged);

#endif
