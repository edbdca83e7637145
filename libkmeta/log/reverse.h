/* SPDX-License-Identifier: Apache-2.0 */
/* reverse.h: the batches of one file from its end to its beginning. */
#ifndef KMETA_LOG_REVERSE_H
#define KMETA_LOG_REVERSE_H

#include "kmeta/log.h"
#include "log/file.h"

/*
 * Batches cannot be walked backwards. The file is cut into stretches; the batches of each are found
 * by reading it forwards.
 */
struct places {
	int64_t *at;
	size_t count, capacity;
};

struct reverse {
	struct places stretches; /* where each begins; the last one is removed when it is done */
	struct places batches;   /* the same for the current stretch */
	int64_t end;             /* where the current stretch ends */
};

/* Finds the stretches of a file that was just opened. It must be seekable. */
KMETA_CHECKED enum kmeta_status reverse_begin(struct reverse *r, struct log_file *f,
                                              struct kmeta_finding *why);
void reverse_release(struct reverse *r);

/* As file_next(), backwards. */
KMETA_CHECKED enum kmeta_status reverse_next(struct reverse *r, struct log_file *f,
                                             struct kmeta_batch *batch, struct kmeta_finding *why);

#endif
