/* SPDX-License-Identifier: Apache-2.0 */
/* walk.h: the order of an image's entities, and a walk over a share of them, for threads. */
#ifndef KMETA_STATE_WALK_H
#define KMETA_STATE_WALK_H

#include "kmeta/state.h"
#include "state/image.h"

/* The items of a kind, or all topics, in the order of a walk; the caller frees them. NULL: no memory. */
const struct item **walk_items(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                               size_t *count);
const struct topic **walk_topics(const struct kmeta_image *image, size_t *count);

/* As kmeta_walk_open(), but gives only one share of "count": all shares together are the image. */
KMETA_CHECKED enum kmeta_status walk_open_share(struct kmeta_walk **walk,
                                                const struct kmeta_image *image, size_t number,
                                                size_t count, unsigned flags,
                                                struct kmeta_finding *why);

#endif
