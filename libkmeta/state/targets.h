/* SPDX-License-Identifier: Apache-2.0 */
/* targets.h: the entities that a history is about. */
#ifndef KMETA_STATE_TARGETS_H
#define KMETA_STATE_TARGETS_H

#include "kmeta/state.h"
#include "state/image.h"

/* A topic or partition by name, glob or id; or any entity by its path. */
struct target {
	char *topic;     /* NULL: a path */
	char *partition; /* NULL: the topic with everything that belongs to it */
	char *path;
	bool by_id, is_glob, any_partition;
	bool found;     /* there is, or was, what it means */
	int64_t number; /* the partition's number, -1: a glob */
	uint8_t id[IMAGE_ID];
};

struct targets {
	struct target *at;
	size_t count;
	struct kmeta_buffer path; /* of the current entity */
};

/* FAILED: a word cannot be right, or memory ran out. Release the targets in any case. */
KMETA_CHECKED enum kmeta_status targets_parse(struct targets *t, const char *const *words,
                                              size_t count, struct kmeta_finding *why);
void targets_release(struct targets *t);

/* "whole": only targets that mean the topic with everything that belongs to it. */
bool targets_topic(struct targets *t, const uint8_t *id, struct kmeta_bytes name, bool whole);
bool targets_partition(struct targets *t, const struct topic *topic, int32_t id);

/* False if no target can be a partition with this number, which rules out most of them. */
bool targets_number(const struct targets *t, int32_t id);

/* For entities other than topics and partitions. */
bool targets_item(struct targets *t, const struct kmeta_entity *entity);

#endif
