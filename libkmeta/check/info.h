/* SPDX-License-Identifier: Apache-2.0 */
/* info.h: names of directories of partitions, and paths. */
#ifndef KMETA_CHECK_INFO_H
#define KMETA_CHECK_INFO_H

#include "kmeta/check.h"

/* The parts of a name such as orders-0, orders-0.ID-delete. */
struct info_name {
	struct kmeta_bytes topic;
	int32_t partition;
	enum kmeta_stray suffix; /* KMETA_STRAY_NONE, _DELETED, _FUTURE or _MARKED */
};

/* Kafka's LocalLog.parseTopicPartitionName(). False: no partition has such a directory. */
bool info_take_name(struct info_name *parts, const char *name);

/* Puts '?' in the place of characters that a terminal might act on. */
void info_tame(char *text);

/* A path that the caller frees; NULL: out of memory. */
char *info_join(const char *directory, const char *name);

#endif
