/* SPDX-License-Identifier: Apache-2.0 */
/* changes.h: reports what each replayed record changes. */
#ifndef KMETA_STATE_CHANGES_H
#define KMETA_STATE_CHANGES_H

#include "kmeta/state.h"
#include "state/image.h"

/* Which topics and partitions to watch. Other entities are few and are always watched. */
struct changes_filter {
	bool (*topic)(void *context, const uint8_t *id, struct kmeta_bytes name);
	bool (*partition)(void *context, const struct topic *topic, int32_t id);
	/* false: no topic's partition with this number is wanted */
	bool (*number)(void *context, int32_t id);
	void *context;
};

/*
 * As kmeta_image_watch(), for what the filter wants, which is borrowed. NULL: everything. False:
 * out of memory.
 */
KMETA_CHECKED bool changes_watch(struct kmeta_image *image, const struct changes_filter *filter,
                                 kmeta_event_seen *seen, void *context);

#endif
