/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.h: the records of a source, decoded by a thread that is ahead of who takes them. */
#ifndef KMETA_STATE_AHEAD_H
#define KMETA_STATE_AHEAD_H

#include "kmeta/state.h"
#include "state/block.h"

struct ahead;

struct ahead_options {
	bool undecoded;                  /* the records' fields are not wanted */
	bool alone;                      /* no thread: the source is the caller's between calls */
	const struct kmeta_image *image; /* that the records will be applied to, or NULL */
};

/*
 * A thread is started where the input is large and there is another processor for it: the source is
 * then not to be touched until this is closed. What was learnt goes back into the dialect at that
 * time. NULL: out of memory.
 */
KMETA_CHECKED struct ahead *ahead_open(struct kmeta_source *source, struct kmeta_dialect *dialect,
                                       const struct ahead_options *options);
void ahead_close(struct ahead *ahead);

/* As kmeta_source_next(). What was not taken of the batch before is passed over. */
KMETA_CHECKED enum kmeta_status ahead_batch(struct ahead *ahead, struct kmeta_batch *batch,
                                            struct kmeta_finding *why);

/* Valid until the next call. */
struct ahead_record {
	const struct kmeta_record *record;
	const struct kmeta_fields *fields; /* without unknown tags; NULL: not decoded */
	const struct kmeta_finding *fault; /* why it could not be, or NULL */
};

/* As kmeta_batch_next() of that batch; with DAMAGED there is no record. */
KMETA_CHECKED enum kmeta_status ahead_record(struct ahead *ahead, struct ahead_record *record,
                                             struct kmeta_finding *why);

/* As kmeta_source_progress(), a little more; once there is a batch. */
void ahead_progress(const struct ahead *ahead, int64_t *done, int64_t *total);

/* False if "progress" is there and says no. */
bool ahead_go_on(const struct ahead *ahead, kmeta_progress *progress, void *context);

#endif
