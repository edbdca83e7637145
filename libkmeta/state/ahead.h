/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.h: decodes the records of a source in a thread that runs ahead of the caller. */
#ifndef KMETA_STATE_AHEAD_H
#define KMETA_STATE_AHEAD_H

#include "kmeta/state.h"
#include "state/block.h"

struct ahead;

struct ahead_options {
	bool undecoded; /* do not decode the records */
	/* no thread: the caller may use the source between calls */
	bool alone;
	const struct kmeta_image *image; /* the image that the records will change, or NULL */
};

/*
 * Starts a thread if the input is large and there is a second processor. The caller must not use
 * the source until ahead_close(), which also gives back what the dialect has learned. NULL: out of
 * memory.
 */
KMETA_CHECKED struct ahead *ahead_open(struct kmeta_source *source, struct kmeta_dialect *dialect,
                                       const struct ahead_options *options);
void ahead_close(struct ahead *ahead);

/* As kmeta_source_next(). Skips the records of the batch before that were not taken. */
KMETA_CHECKED enum kmeta_status ahead_batch(struct ahead *ahead, struct kmeta_batch *batch,
                                            struct kmeta_finding *why);

/* Valid until the next call. */
struct ahead_record {
	const struct kmeta_record *record;
	const struct kmeta_fields *fields; /* without unknown tags; NULL: could not be decoded */
	const struct kmeta_finding *fault; /* why it could not be decoded, or NULL */
};

/* As kmeta_batch_next() of that batch. DAMAGED: there is no record. */
KMETA_CHECKED enum kmeta_status ahead_record(struct ahead *ahead, struct ahead_record *record,
                                             struct kmeta_finding *why);

/* As kmeta_source_progress(), slightly ahead. Needs a batch first. */
void ahead_progress(const struct ahead *ahead, int64_t *done, int64_t *total);

/* False if "progress" is not NULL and returns false. */
bool ahead_go_on(const struct ahead *ahead, kmeta_progress *progress, void *context);

#endif
