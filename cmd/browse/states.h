/* SPDX-License-Identifier: Apache-2.0 */
/* states.h: copies of the state at some offsets of the log, from which others are near. */
#ifndef BROWSE_STATES_H
#define BROWSE_STATES_H

#include <kmeta.h>

/* Any number of threads may use one object. */
struct states;

/* NULL: out of memory. */
struct states *states_new(void);
void states_free(struct states *states);
void states_clear(struct states *states);

/* Records that are quicker replayed than a copy is made an image. */
enum { WORTH_THAWING = 8 << 10 };

/* Offered an image by who replays the log; a copy is kept now and then. */
void states_offer(struct states *states, const struct kmeta_image *image);

/* Where there is a copy much nearer to an offset, from below, than what "image" points to (which
 * may be NULL), it takes its place. NULL after it: there is none. */
void states_take_nearer(struct states *states, int64_t end_offset, struct kmeta_image **image);

/* Keeps a copy in front of a state that is looked at, so that it is quick to go back from there. */
void states_leave_near(struct states *states, const struct kmeta_image *image);

#endif
