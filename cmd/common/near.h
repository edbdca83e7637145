/* SPDX-License-Identifier: Apache-2.0 */
/* near.h: the names that are nearest to a word that is none, as it may be a slip. */
#ifndef COMMON_NEAR_H
#define COMMON_NEAR_H

#include <kmeta.h>

/* Longer words have no neighbours: no topic of Kafka has so many bytes. */
enum { NEAR_KEPT = 3, NEAR_BYTES = 250 };

struct near {
	char word[NEAR_BYTES];
	size_t size;
	int bound; /* what is farther away is not kept; -1: nothing could be nearer */
	struct near_name {
		char text[NEAR_BYTES];
		size_t size;
		int distance;
	} kept[NEAR_KEPT]; /* the nearest first; of equal ones that which came first */
	size_t count;
};

void near_begin(struct near *n, const char *word, size_t size);

/*
 * Keeps the name if it is one of the nearest: it takes few changes of letters to make it of the
 * word, or it begins with the word; upper and lower case are the same. Allocates nothing, and passes
 * most of many names by a look at their lengths.
 */
void near_add(struct near *n, const char *name, size_t size);

/* Appends "; did you mean A, B or C?", or nothing if there is none. */
void near_put(const struct near *n, struct kmeta_buffer *out);

#endif
