/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoints.h: checkpoints of a few topics, whole or cut. */
#ifndef KMETA_TEST_CHECKPOINTS_H
#define KMETA_TEST_CHECKPOINTS_H

#include "files.h"

#define CHECKPOINT_9  "00000000000000000009-0000000001.checkpoint"
#define CHECKPOINT_12 "00000000000000000012-0000000001.checkpoint"

static inline void put_frame(struct made *m, int64_t offset, struct kmeta_bytes key,
                             struct kmeta_bytes value)
{
	struct made records = { 0 };
	struct batch_plan plan = { .base_offset = offset, .attributes = KMETA_BATCH_CONTROL };

	put_record(&records, &(struct record_plan){ .key = key, .value = value });
	plan.records = made_bytes(&records);
	put_batch(m, &plan);
	made_release(&records);
}

/* Header, topics, and footer, if it is whole. */
static inline void write_checkpoint(const char *path, int32_t topics, bool whole)
{
	struct made m = { 0 };

	put_frame(&m, 0, BYTES("\0\0\0\3"), BYTES("\0\0\0\0\0\0\0\0\0\7\0"));
	put_topic_batch(&m, 1, topics);
	if (whole)
		put_frame(&m, topics + 1, BYTES("\0\0\0\4"), BYTES("\0\0\0"));
	write_file(path, made_bytes(&m));
	made_release(&m);
}

#endif
