/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.h: what a timeline knows: its stretches, names of topics, and kept states. */
#ifndef KMETA_STATE_TIMELINE_H
#define KMETA_STATE_TIMELINE_H

#include <pthread.h>

#include "kmeta/state.h"
#include "state/kept_states.h"

/* Bytes of the log in one stretch. */
enum { STRETCH_BYTES = 64 << 10 };

struct kmeta_timeline {
	char *address; /* as kmeta_image_load() takes it */
	char *dialect; /* as a user asked for it; NULL: auto */

	pthread_mutex_t lock; /* guards the next members */
	struct kmeta_stretch *stretches;
	size_t count, capacity;
	bool complete; /* the scan has reached the end of the log */
	struct kmeta_topics *topics;

	struct kept_states *kept; /* has a lock of its own */

	/* Used by the scan alone. */
	struct kmeta_pages *pages;
	struct kmeta_dialect stream; /* learns from the records */
	struct kmeta_image *image;   /* NULL: the state is unknown here */
	struct kmeta_frozen *frozen; /* the image between two scans */
	bool begun;                  /* the first state was looked for */
	int64_t next_offset;         /* that should follow, -1: any may */
	int64_t lost_offset;         /* from here on the state is unknown, -1: it is known */
	int64_t latest;              /* time of a batch, INT64_MIN: none */
	bool out_of_memory;
	int64_t tried_offset; /* of the last checkpoint that was tried after that */
	size_t file;          /* where to go on */
	int64_t position;
	struct kmeta_fields fields;

	/* Used by kmeta_timeline_next_change() alone. */
	char *target;
	int64_t *changes;
	size_t changes_count, changes_capacity;
};

/* Drops what kmeta_timeline_next_change() has found. */
void timeline_forget_changes(struct kmeta_timeline *t);

/*
 * The stretch to begin a replay at an offset with. Without one, it has no rows, and the dialect is
 * that of the whole log.
 */
struct kmeta_stretch timeline_stretch_at(struct kmeta_timeline *t, int64_t offset);

/* The first stretch with a batch that is later than a time. False: the scan has not met one. */
bool timeline_find_later(struct kmeta_timeline *t, int64_t time, struct kmeta_stretch *stretch);

/* Prefetches what the next rows will change. */
void timeline_expect(const struct kmeta_image *image, const struct kmeta_row *rows, size_t count);

#endif
