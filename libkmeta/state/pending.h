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
	const char *file; /* belongs to the image; may be NULL */
	int32_t epoch;
};

/* Where a reader of the waiting records stands; begin with { 0 }. */
struct pending_cursor {
	int64_t at;                 /* in the temporary file and the memory behind it */
	struct kmeta_buffer window; /* a piece of the file */
	int64_t window_at;
};

/* Adds a record to those that wait. Many of them go to a temporary file. "batch" may be NULL. */
KMETA_CHECKED enum kmeta_status pending_keep(struct kmeta_image *image,
                                             const struct kmeta_batch *batch,
                                             const struct kmeta_record *record,
                                             const struct kmeta_fields *fields,
                                             struct kmeta_finding *why);

/* The next waiting record, whose value is valid until the next call. END: there are no more. */
KMETA_CHECKED enum kmeta_status pending_next(struct kmeta_image *image,
                                             struct pending_cursor *cursor, struct pending *p,
                                             struct kmeta_finding *why);
void pending_cursor_release(struct pending_cursor *cursor);

/* Forgets them all. */
void pending_drop(struct kmeta_image *image);

/* Copies them into an image that has none. False: out of memory. */
KMETA_CHECKED bool pending_copy(struct kmeta_image *to, const struct kmeta_image *from);

#endif
