/* SPDX-License-Identifier: Apache-2.0 */
/* freeze.h: keeps a state compressed, for callers that keep many and rarely need one. */
#ifndef KMETA_STATE_FREEZE_H
#define KMETA_STATE_FREEZE_H

#include "kmeta/state.h"

/* A compressed state: some tenth of its size. */
struct kmeta_frozen;

/* Compresses a copy of a state, within an open transaction too. NULL: out of memory. */
KMETA_CHECKED struct kmeta_frozen *image_freeze(const struct kmeta_image *image);

/* A new image with the state that was frozen, without its watcher. NULL: out of memory. */
KMETA_CHECKED struct kmeta_image *image_thaw(const struct kmeta_frozen *frozen);

/* Bytes that it takes. */
size_t frozen_memory(const struct kmeta_frozen *frozen);

/* NULL is fine. */
void frozen_free(struct kmeta_frozen *frozen);

#endif
