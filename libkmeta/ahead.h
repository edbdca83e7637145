/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.h: reading the records of a batch some steps before they are applied to an image. */
#ifndef KMETA_AHEAD_H
#define KMETA_AHEAD_H

#include "image.h"

/* How many records are read at a time. */
enum { AHEAD_RECORDS = KMETA_EXPECT };

/*
 * The partitions of a large cluster lie scattered over memory: what some records will change is
 * fetched all at once, before the first of them is applied. Start with {0}.
 */
struct ahead {
	struct kmeta_record records[AHEAD_RECORDS];
	struct kmeta_cursor cursor;
	size_t read, done;
	enum kmeta_status status; /* how the batch ended, or what stands next */
	struct kmeta_finding damage;
};

/* As kmeta_batch_next(), with the image that the records will be applied to, or NULL. */
KMETA_CHECKED enum kmeta_status ahead_next(struct ahead *a, const struct kmeta_batch *batch,
                                           const struct kmeta_image *image,
                                           const struct kmeta_record **record,
                                           struct kmeta_finding *why);

#endif
