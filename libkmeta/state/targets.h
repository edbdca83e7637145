/* SPDX-License-Identifier: Apache-2.0 */
/* targets.h: which entities a history is asked for. */
#ifndef KMETA_STATE_TARGETS_H
#define KMETA_STATE_TARGETS_H

#include "kmeta/state.h"
#include "state/image.h"

/* A topic or partition by name, glob or id; or any entity by its path. */
struct target {
	char *topic;     /* NULL: a path */
	char *partition; /* NULL: the topic with all that belongs to it */
	char *path;
	bool by_id, is_glob, any_partition;
	int64_t number; /* of a partition that is given as one, -1: not so */
	uint8_t id[IMAGE_ID];
};

struct targets {
	struct target *at;
	size_t count;
	struct kmeta_buffer path; /* of the entity at hand */
};

/* False: out of memory. */
KMETA_CHECKED bool targets_parse(struct targets *t, const char *const *words, size_t count);
void targets_release(struct targets *t);

/* "whole": with all that belongs to it, not for one of its partitions. */
bool targets_topic(const struct targets *t, const uint8_t *id, struct kmeta_bytes name, bool whole);
bool targets_partition(const struct targets *t, const struct topic *topic, int32_t id);

/* False if no target can be a partition of this number: most are told apart by it alone. */
bool targets_number(const struct targets *t, int32_t id);

/* An entity that is neither a topic nor a partition. */
bool targets_item(struct targets *t, const struct kmeta_entity *entity);

#endif
