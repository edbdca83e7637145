/* SPDX-License-Identifier: Apache-2.0 */
/* events_partition.h: what a change of a partition is, by what it was and is, and how long it was down. */
#ifndef KMETA_STATE_EVENTS_PARTITION_H
#define KMETA_STATE_EVENTS_PARTITION_H

#include "kmeta/events.h"
#include "state/image.h"

/* What a change of a partition did. */
struct event_change {
	enum kmeta_cause cause;  /* if nothing else explains it */
	bool found, moved, lost; /* a leader */
	bool shrunk, grown, unclean;
	int32_t broker; /* that fell out, or that came; -1: none, or several */
	int32_t leader;
};

/* Tells two states of a partition apart. "before" may be NULL: it was not there. */
struct event_change event_change_of(const struct partition *before, const struct partition *after);

void event_count_effects(struct kmeta_effects *effects, const struct event_change *change);

/* Since when partitions are down, and how many are. */
struct downtimes {
	struct table table;
	struct pool pool;
	int64_t leaderless, under_replicated;
};

/* Notes what became of a partition at a time. Either may be NULL. False: out of memory. */
KMETA_CHECKED bool downtimes_note(struct downtimes *d, const struct kmeta_image *image,
                                  const struct partition *before, const struct partition *after,
                                  int64_t time);

/* Counts all partitions of the image again, and starts or ends their downtimes. False: out of memory. */
KMETA_CHECKED bool downtimes_scan(struct downtimes *d, const struct kmeta_image *image,
                                  int64_t time);

void downtimes_sum(const struct downtimes *d, enum kmeta_downtime_kind kind, int64_t now,
                   struct kmeta_downtime *sum);
void downtimes_release(struct downtimes *d);

#endif
