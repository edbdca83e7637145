/* SPDX-License-Identifier: Apache-2.0 */
/* output.h: standard output, written in large pieces. */
#ifndef COMMON_OUTPUT_H
#define COMMON_OUTPUT_H

#include <kmeta.h>

#include "columns.h"
#include "pager.h"

/*
 * Lines gather in the buffer until there are enough of them, or all are wanted. What is written is
 * whole lines. Where a pager may come they are held back as long as they fit the screen, with the
 * messages between them; if that is all there is, no pager comes.
 */
struct output {
	const char *command; /* its name, for messages */
	struct kmeta_buffer buffer;
	struct pager pager;
	bool cuts; /* at the width of the terminal, while no pager runs */
	struct columns columns;
	bool has_messages;            /* in the buffer */
	struct kmeta_buffer as_shown; /* what is being written, if that is not the buffer itself */
	bool closed;                  /* the reader went away: no use going on, but no trouble */
	bool failed;                  /* it could not be written, and a message said so */
};

/* Writes what has gathered if it is much, or all of it; false: no use going on. */
bool output_drain(struct output *out);
bool output_flush(struct output *out);

/* Writes all of it. What fits the screen needs no pager now. */
bool output_end(struct output *out);

/* Writes a message to standard error, behind the lines that were before it. */
void output_message(struct output *out, struct kmeta_bytes message);

/* Waits for the pager, and frees all. */
void output_close(struct output *out);

/* "1 batch", "2 batches". */
void output_count(struct kmeta_buffer *out, int64_t count, const char *one, const char *many);

#endif
