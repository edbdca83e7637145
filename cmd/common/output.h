/* SPDX-License-Identifier: Apache-2.0 */
/* output.h: standard output, written in large pieces. */
#ifndef COMMON_OUTPUT_H
#define COMMON_OUTPUT_H

#include <kmeta.h>

/* Lines gather in the buffer until there are enough of them, or all are wanted. */
struct output {
	const char *command; /* its name, for messages */
	struct kmeta_buffer buffer;
	bool closed; /* the reader went away: no use going on, but no trouble */
	bool failed; /* it could not be written, and a message said so */
};

/* Writes what has gathered if it is much, or all of it; false: no use going on. */
bool output_drain(struct output *out);
bool output_flush(struct output *out);

/* "1 batch", "2 batches". */
void output_count(struct kmeta_buffer *out, int64_t count, const char *one, const char *many);

#endif
