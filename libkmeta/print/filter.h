/* SPDX-License-Identifier: Apache-2.0 */
/* filter.h: the conditions of a filter, for those that look at records. */
#ifndef KMETA_PRINT_FILTER_H
#define KMETA_PRINT_FILTER_H

#include "kmeta/print.h"
#include "print/needle.h"

enum { FILTER_TYPES = 64, FILTER_ID = 16, FILTER_NEEDLES = 8 };

struct ranges {
	struct kmeta_range *at;
	size_t count;
	struct kmeta_range hull;
};

/*
 * Types below FILTER_TYPES are bits, for metadata and control records apart. Higher types, which no
 * release knows, are numbers.
 */
struct types {
	uint64_t metadata, control;
	struct ranges others;
	bool any;
};

struct words {
	char **at;
	size_t count;
};

struct kmeta_filter {
	struct types types, not_types;
	struct ranges offsets, times, epochs, partitions, brokers;
	struct words topics, greps;
	struct kmeta_buffer
		ids; /* those of the topics that are given as ids, one after the other */
	/* One for each of "greps", unless one of them has none or there are too many. */
	struct needle needles[FILTER_NEEDLES];
	size_t needles_count;
	bool control, is_empty;
};

/* A decimal number, which may be negative. False: the text is none, or it is too large. */
bool filter_decimal(const char *text, size_t size, int64_t *number);

/* True if --topic has the name of a topic, or its id, or a name that "topics" knows for the id. */
bool filter_wants_topic(const struct kmeta_filter *filter, struct kmeta_bytes name);
bool filter_wants_topic_id(const struct kmeta_filter *filter, const struct kmeta_topics *topics,
                           const uint8_t *id);

/* True if one of the numbers, each an int32 as on the wire, is in the ranges. */
bool filter_has_number(const struct ranges *ranges, struct kmeta_bytes numbers);

#endif
