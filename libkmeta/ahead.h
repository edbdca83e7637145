/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.h: reading the records of a batch some steps before they are applied to an image. */
#ifndef KMETA_AHEAD_H
#define KMETA_AHEAD_H

#include "image.h"

/* How many records are read ahead. */
enum { AHEAD_RECORDS = 16 };

/*
 * The partitions of a large cluster lie scattered over memory: what a record will change is fetched
 * while those before it are applied. Start with {0}.
 */
struct ahead {
	struct kmeta_record records[AHEAD_RECORDS];
	struct ahead_partition {
		bool named;
		int32_t id;
		uint64_t topic;      /* the hash of its id */
	} partitions[AHEAD_RECORDS]; /* that the records name */
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
