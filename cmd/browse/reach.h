/* SPDX-License-Identifier: Apache-2.0 */
/* reach.h: the state at any offset, by replay from the nearest that is kept. */
#ifndef BROWSE_REACH_H
#define BROWSE_REACH_H

#include "index.h"

/*
 * Makes "image" (which may point to NULL) the state made by all records below an offset, from what
 * it is now or the nearest copy. "seen" is told of the changes by records from "watched" on.
 * FAILED: the state cannot be told, or the job was stopped; *image is NULL then.
 */
enum kmeta_status reach_state(struct index *index, struct kmeta_pages *pages, int64_t end_offset,
                              struct kmeta_image **image, int64_t watched, kmeta_event_seen *seen,
                              void *context, struct job *job, struct kmeta_finding *why);

#endif
