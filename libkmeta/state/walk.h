/* SPDX-License-Identifier: Apache-2.0 */
/* walk.h: a walk over a share of an image's entities, for threads that divide it. */
#ifndef KMETA_STATE_WALK_H
#define KMETA_STATE_WALK_H

#include "kmeta/state.h"

/* As kmeta_walk_open(), but gives only one share of "count": all shares together are the image. */
KMETA_CHECKED enum kmeta_status walk_open_share(struct kmeta_walk **walk,
                                                const struct kmeta_image *image, size_t number,
                                                size_t count, unsigned flags,
                                                struct kmeta_finding *why);

#endif
