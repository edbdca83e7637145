/* SPDX-License-Identifier: Apache-2.0 */
/* pending.h: the records of an open transaction, which take effect at its end (KIP-868). */
#ifndef KMETA_STATE_PENDING_H
#define KMETA_STATE_PENDING_H

#include "kmeta/state.h"
#include "state/image.h"

/* A record that waits for the end of its transaction. */
struct pending {
	struct kmeta_record record; /* only its value is kept, not its key and headers */
	const struct kmeta_schema *schema;
	const char *file; /* borrowed from the source until pending_keep_files(); may be NULL */
	int32_t epoch;
};

/* Adds a record to those that wait. "batch" may be NULL. False: out of memory. */
KMETA_CHECKED bool pending_keep(struct kmeta_image *image, const struct kmeta_batch *batch,
                                const struct kmeta_record *record,
                                const struct kmeta_fields *fields);

/* The next waiting record; start with "at" 0. Its value is borrowed from the image. */
bool pending_next(const struct kmeta_image *image, size_t *at, struct pending *p);

/*
 * Copies the borrowed file names into the image, so that the source may be closed. False: out of
 * memory.
 */
KMETA_CHECKED bool pending_keep_files(struct kmeta_image *image);

#endif
