/* SPDX-License-Identifier: Apache-2.0 */
/* check_partition.h: whether a partition is one that Kafka's controller would write. */
#ifndef KMETA_CHECK_CHECK_PARTITION_H
#define KMETA_CHECK_CHECK_PARTITION_H

#include "check/known_nodes.h"
#include "state/image.h"

/* Gets one sentence for each fault. */
typedef void partition_odd(void *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct partition_check {
	const struct known_nodes *known; /* NULL: nodes are not compared */
	/* Replicas and directories of the partition before the record; empty: it is new. */
	struct kmeta_buffer replicas, directories;
	partition_odd *odd;
	void *context;
};

/* Keeps replicas and directories of a partition; NULL: it is new. False: out of memory. */
KMETA_CHECKED bool partition_check_before(struct partition_check *c, const struct partition *p);

/* "is_new": a record of the log makes it, so it begins with epochs of 0. */
void partition_check_after(const struct partition_check *c, const struct partition *p, bool is_new);
void partition_check_release(struct partition_check *c);

#endif
