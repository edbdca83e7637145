/* SPDX-License-Identifier: Apache-2.0 */
/* write.h: gathers records, and makes a batch of them. */
#ifndef KMETA_RECORD_WRITE_H
#define KMETA_RECORD_WRITE_H

#include "kmeta/record.h"

/* Set "batch" for each batch, add its records, and end it. Release it once. */
struct batch_writer {
	struct kmeta_new_batch batch;
	struct kmeta_buffer records; /* as they stand in a batch that is not compressed */
	int64_t base_timestamp, max_timestamp;
	int32_t count;
};

/* Copies a record to the end of the batch. The buffer's "failed" tells whether memory ran out. */
void batch_writer_add(struct batch_writer *w, const struct kmeta_new_record *record);

/* Appends the batch to "out", and begins another one. A batch without records is BAD_ARGUMENT. */
KMETA_CHECKED enum kmeta_status batch_writer_end(struct batch_writer *w, struct kmeta_buffer *out,
                                                 struct kmeta_finding *why);
void batch_writer_release(struct batch_writer *w);

#endif
