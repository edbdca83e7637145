/* SPDX-License-Identifier: Apache-2.0 */
/* stats.h: statistics as people read them, for kmeta-stat and kmeta-browse. */
#ifndef KMETA_STATS_H
#define KMETA_STATS_H

#include <kmeta.h>

/* The statistics to print, and how to print them. */
struct stats_text {
	struct kmeta_buffer *out;
	const struct kmeta_stats *stats;
	size_t top;     /* how many topics and brokers are printed */
	size_t width;   /* of the screen, in columns */
	unsigned flags; /* KMETA_SHOW_ */
};

void stats_print(const struct stats_text *c);

/* Returns the state of the migration from ZooKeeper in a word. */
const char *stats_migration(int32_t state);

#endif
