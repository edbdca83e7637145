/* SPDX-License-Identifier: Apache-2.0 */
/* load.h: continues a loaded state along its log. */
#ifndef KMETA_STATE_LOAD_H
#define KMETA_STATE_LOAD_H

#include "kmeta/state.h"

/*
 * Applies the records of the segments at "path" from the image's moment up to a point that is not
 * before it. No checkpoint is used. On failure the image is useless.
 */
KMETA_CHECKED enum kmeta_status load_advance(struct kmeta_image *image, const char *path,
                                             struct kmeta_point point,
                                             const struct kmeta_load_options *options,
                                             struct kmeta_finding *why);

#endif
