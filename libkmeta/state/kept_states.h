/* SPDX-License-Identifier: Apache-2.0 */
/* kept_states.h: compressed copies of the state at some offsets, to reach others from. */
#ifndef KMETA_STATE_KEPT_STATES_H
#define KMETA_STATE_KEPT_STATES_H

#include "kmeta/state.h"

/* Thawing a copy takes about as long as replaying this many records, or one for each entity. */
enum { WORTH_THAWING = 8 << 10 };

/* From how many records on a copy of the state is quicker to take than to replay. */
int64_t kept_states_worth(const struct kmeta_image *image);

/* Any number of threads may use one object. */
struct kept_states;

/* "memory": bytes for all copies. NULL: out of memory. */
KMETA_CHECKED struct kept_states *kept_states_new(size_t memory);
void kept_states_free(struct kept_states *kept);
void kept_states_clear(struct kept_states *kept);

/*
 * Offers the state of a replay that goes on. Copies are made now and then, so that they take little
 * of the time of the replay. When they exceed their memory, every second one goes.
 */
void kept_states_offer(struct kept_states *kept, const struct kmeta_image *image);

/* Keeps one copy in addition, shortly before a state that is looked at, for steps back from it. */
void kept_states_put_near(struct kept_states *kept, const struct kmeta_image *image);

/*
 * Replaces *image (which may be NULL) by the copy that is nearest to "end_offset" from below, if
 * that is much nearer than *image. *image is NULL afterwards if neither is at or below it.
 */
void kept_states_take(struct kept_states *kept, int64_t end_offset, struct kmeta_image **image);

/* How many copies there are, and their bytes. */
size_t kept_states_count(struct kept_states *kept);
size_t kept_states_memory(struct kept_states *kept);

#endif
