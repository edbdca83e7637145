/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot.h: turns an entity of an image into the record that a snapshot holds. */
#ifndef KMETA_STATE_SNAPSHOT_H
#define KMETA_STATE_SNAPSHOT_H

#include "kmeta/state.h"
#include "state/image.h"

/* Fields of a partition's record. */
enum { SNAPSHOT_FIELDS = 16 };

/* Initialize with the image and the flags. An entity is valid until the next call. */
struct snapshot {
	const struct kmeta_image *image;
	unsigned flags; /* KMETA_WALK_ */
	struct kmeta_buffer key, value;
	struct kmeta_fields fields, newest;
	/* the schema of the next member; NULL: none yet */
	const struct kmeta_schema *partition_schema;
	uint8_t partition_sources[SNAPSHOT_FIELDS]; /* where each field comes from */
};

/* False: a snapshot of this state does not hold the item. */
bool snapshot_is_written(const struct snapshot *s, const struct item *item);

/* False: out of memory. */
KMETA_CHECKED bool snapshot_topic(struct snapshot *s, const struct topic *topic,
                                  struct kmeta_entity *entity);
KMETA_CHECKED bool snapshot_partition(struct snapshot *s, const struct partition *p,
                                      struct kmeta_entity *entity);
KMETA_CHECKED enum kmeta_status snapshot_item(struct snapshot *s, const struct item *item,
                                              struct kmeta_entity *entity,
                                              struct kmeta_finding *why);
void snapshot_release(struct snapshot *s);

#endif
