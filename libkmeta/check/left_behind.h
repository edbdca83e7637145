/* SPDX-License-Identifier: Apache-2.0 */
/*
 * left_behind.h: settings of a topic that Kafka keeps although the topic is gone: when one delta
 * makes, configures and deletes a topic, Kafka's image keeps what was set (MetadataDelta). Every
 * start and every catch-up replays many records in one delta.
 */
#ifndef KMETA_CHECK_LEFT_BEHIND_H
#define KMETA_CHECK_LEFT_BEHIND_H

#include "kmeta/state.h"

/* Settings that are in a checkpoint and not in the state that the log makes. */
struct left_behind {
	struct kmeta_image *settings; /* NULL: none was added */
	struct kmeta_image *set;      /* those that the log set last, and set to what they are */
};

/* True if an entity is a setting that Kafka may have left behind. */
bool left_behind_may_be(const struct kmeta_entity *entity);

/* Adds such a setting of a checkpoint's image. False: out of memory. */
KMETA_CHECKED bool left_behind_add(struct left_behind *l, const struct kmeta_image *checkpoint,
                                   const struct kmeta_entity *entity);

/*
 * Looks in the log of a directory, between two offsets, for the records that set what was added.
 * FAILED: the log cannot be read.
 */
KMETA_CHECKED enum kmeta_status left_behind_look(struct left_behind *l, const char *directory,
                                                 struct kmeta_range offsets, const char *dialect,
                                                 struct kmeta_finding *why);

/*
 * True if the last record about a setting gave it the value that it has. As it is not in the state of
 * the log, it went with its topic.
 */
bool left_behind_is(const struct left_behind *l, const struct kmeta_entity *entity);

void left_behind_release(struct left_behind *l);

#endif
