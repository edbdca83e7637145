/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rejoin.h: finds the checkpoint that makes the state known again behind records that are lost.
 */
#ifndef KMETA_STATE_REJOIN_H
#define KMETA_STATE_REJOIN_H

#include "kmeta/state.h"
#include "log/logdir.h"

/* Set it to { 0 }, with the checkpoints' directory, or NULL for a single file. */
struct rejoin {
	const struct logdir *dir;
	int64_t next_offset; /* behind the last batch; -1: records are lost here */
	int64_t whole_from;  /* from here on no record is lost */
	size_t next;         /* the next checkpoint to look at */
};

/* Records are lost before the next batch. */
void rejoin_lose(struct rejoin *r);

/* True if there is a checkpoint to come that ends at or behind an offset. */
bool rejoin_is_ahead(const struct rejoin *r, int64_t offset);

/*
 * Passes the next batch, and returns a checkpoint whose end offset it reaches, with no record lost
 * since. Call it again until it returns NULL: there is none, or no further one.
 */
const struct logdir_file *rejoin_find(struct rejoin *r, const struct kmeta_batch *batch);

/* Loads the state of a checkpoint, which the caller frees. */
KMETA_CHECKED enum kmeta_status rejoin_load(struct kmeta_image **image,
                                            const struct logdir_file *checkpoint,
                                            const char *dialect, struct kmeta_finding *why);

#endif
