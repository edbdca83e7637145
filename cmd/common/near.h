/* SPDX-License-Identifier: Apache-2.0 */
/* near.h: names like one that does not exist. */
#ifndef COMMON_NEAR_H
#define COMMON_NEAR_H

#include <kmeta.h>

enum { NEAR_NAMES = 3, NEAR_LONGEST = 255 };

/* The nearest names so far. Longer ones than NEAR_LONGEST bytes are passed over. */
struct near_names {
	struct kmeta_bytes word; /* borrowed */
	struct near_name {
		size_t distance, size;
		char text[NEAR_LONGEST];
	} at[NEAR_NAMES];
	size_t count;
};

/* Begins a search for names like "word", which has to stay. */
void near_begin(struct near_names *near, const char *word);

/* Takes a name that exists, if it is near enough. Any number of them may be offered. */
void near_offer(struct near_names *near, struct kmeta_bytes name);

/* Takes the topics of a state. */
void near_offer_topics(struct near_names *near, const struct kmeta_image *state);

/* Appends "; did you mean A, B or C?", or nothing if no name is near. */
void near_put(struct kmeta_buffer *out, const struct near_names *near);

#endif
