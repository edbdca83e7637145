/* SPDX-License-Identifier: Apache-2.0 */
/* expect.h: prefetches what the next records will change. */
#ifndef KMETA_STATE_EXPECT_H
#define KMETA_STATE_EXPECT_H

#include "kmeta/state.h"

enum { IMAGE_EXPECT = 16 };

/*
 * Announces up to IMAGE_EXPECT records that are applied next. The image fetches what they will
 * change from memory for all of them together, which saves much of the time of replay.
 */
void image_expect(const struct kmeta_image *image, const struct kmeta_record *const *records,
                  size_t count);

#endif
