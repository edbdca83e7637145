/* SPDX-License-Identifier: Apache-2.0 */
/* query.h: what conditions on partitions rest upon. */
#ifndef KMETA_STATE_QUERY_H
#define KMETA_STATE_QUERY_H

#include "state/image.h"

/* min.insync.replicas of a topic, as far as the log tells it. */
int64_t query_min_isr(const struct kmeta_image *image, struct kmeta_bytes topic);

#endif
