/* SPDX-License-Identifier: Apache-2.0 */
/*
 * since.h: watches, while a state is loaded, since when partitions and other entities are as they are.
 * What did not change since the first record that it saw has been so at least since then.
 */
#ifndef KMETA_STATE_SINCE_H
#define KMETA_STATE_SINCE_H

#include "state/image.h"

/* The record since which something is so; an offset of SINCE_BEFORE: longer than was watched. */
enum { SINCE_BEFORE = -1 };

struct since_mark {
	int64_t offset, time;
};

/* What a partition can be, as bits, each with a mark. */
enum partition_trouble {
	TROUBLE_LEADERLESS,
	TROUBLE_UNDER_REPLICATED,
	TROUBLE_REASSIGNING,
	TROUBLE_NO_ISR,     /* below a min.insync.replicas of 1 */
	TROUBLE_ISR_OF_ONE, /* of 2 */
	TROUBLE_ISR_OF_TWO, /* of 3 */
	TROUBLES
};

/* The last election of a leader that was neither in the ISR nor in the ELR. */
struct unclean_election {
	struct since_mark at;
	int32_t leader;
	size_t isr_count;
	int32_t isr[]; /* before it */
};

struct since_partition {
	uint8_t topic_id[IMAGE_ID];
	int32_t id;
	struct since_mark marks[TROUBLES];
	struct since_mark moved;          /* the last change while it is reassigned */
	struct unclean_election *unclean; /* NULL: none */
};

/* The NO_OP records that were seen, and the longest time without any record in one epoch. */
struct since_no_ops {
	int64_t count;
	struct since_mark first, last;
	int64_t silence; /* milliseconds */
	struct since_mark before_silence;
};

struct since;

/* Watches an image from its moment on. False: out of memory. */
KMETA_CHECKED bool since_watch(struct kmeta_image *image);

/* Lets what has watched one image watch another one, which shows the same moment. */
void since_move(struct kmeta_image *from, struct kmeta_image *to);

/* What watches an image. NULL: nothing does. */
const struct since *since_of(const struct kmeta_image *image);

/* The end offset and the time of the state from which on the image was watched. */
struct since_mark since_begin(const struct since *since);

/* NULL: no change of it was seen, or it is well. */
const struct since_partition *since_partition(const struct since *since, const uint8_t *topic_id,
                                              int32_t id);

/*
 * The last change of another entity; of a broker, the last one of whether it is registered and fenced.
 * SINCE_BEFORE: no change of it was seen.
 */
struct since_mark since_item(const struct since *since, enum kmeta_entity_kind kind,
                             struct kmeta_bytes key);

/* What came of NO_OP records. Borrowed. */
const struct since_no_ops *since_no_ops(const struct since *since);

/* What a partition is, as bits by enum partition_trouble. */
unsigned partition_troubles(const struct partition *partition);

/* The replicas without those that a reassignment adds: as many as there are in sync when all is well. */
size_t partition_wanted_isr(const struct partition *partition);

#endif
