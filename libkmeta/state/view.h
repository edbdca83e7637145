/* SPDX-License-Identifier: Apache-2.0 */
/* view.h: an entity of an image as the fields of the record that a snapshot holds it as. */
#ifndef KMETA_STATE_VIEW_H
#define KMETA_STATE_VIEW_H

#include "kmeta/state.h"
#include "state/image.h"

/* Fields of a partition's record. */
enum { VIEW_FIELDS = 16 };

/* Start with the image and the flags; an entity is valid until the next is viewed. */
struct view {
	const struct kmeta_image *image;
	unsigned flags; /* KMETA_WALK_ */
	struct kmeta_buffer key, value;
	struct kmeta_fields fields, newest;
	const struct kmeta_schema *partition_schema; /* NULL: none yet, and for its fields: */
	uint8_t partition_sources[VIEW_FIELDS];      /* where each comes from */
};

/* False: a snapshot of this state does not hold it. */
bool view_is_written(const struct view *v, const struct item *item);

/* False: out of memory. */
KMETA_CHECKED bool view_topic(struct view *v, const struct topic *topic,
                              struct kmeta_entity *entity);
KMETA_CHECKED bool view_partition(struct view *v, const struct partition *p,
                                  struct kmeta_entity *entity);
KMETA_CHECKED enum kmeta_status view_item(struct view *v, const struct item *item,
                                          struct kmeta_entity *entity, struct kmeta_finding *why);
void view_release(struct view *v);

#endif
