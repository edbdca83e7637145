/* SPDX-License-Identifier: Apache-2.0 */
/* states.h: the state at any offset: copies kept on the way, and replay from the nearest. */
#ifndef BROWSE_STATES_H
#define BROWSE_STATES_H

#include "job.h"

#include <kmeta.h>

struct states;
struct index;

/* "address": where a state is loaded from that the copies do not lead to. NULL: out of memory. */
struct states *states_new(const char *address, const char *dialect);
void states_free(struct states *states);
void states_clear(struct states *states);

/* Offered an image by who replays the log; a copy is kept now and then. */
void states_offer(struct states *states, const struct kmeta_image *image);

/*
 * Makes "image" (which may point to NULL) the state made by all records below an offset, from what
 * it is now or the nearest copy. "seen" is told of the changes by records from "watched" on.
 * FAILED: the state cannot be told, or the job was stopped; *image is NULL then.
 */
enum kmeta_status states_reach(struct states *states, struct index *index,
                               struct kmeta_pages *pages, int64_t end_offset,
                               struct kmeta_image **image, int64_t watched, kmeta_event_seen *seen,
                               void *context, struct job *job, struct kmeta_finding *why);

/* Says that rows are about to be applied, the first of them at least. */
void expect_rows(const struct kmeta_image *image, const struct kmeta_row *rows, size_t count);

#endif
