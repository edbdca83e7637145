/* SPDX-License-Identifier: Apache-2.0 */
/* compare_checkpoint.h: holds a checkpoint against the state that the log makes up to its end offset. */
#ifndef KMETA_CHECK_COMPARE_CHECKPOINT_H
#define KMETA_CHECK_COMPARE_CHECKPOINT_H

#include "base/findings.h"
#include "kmeta/state.h"
#include "log/logdir.h"

struct checkpoint_comparison {
	const struct logdir *dir;
	const struct logdir_file *checkpoint;
	const struct kmeta_image *log; /* the state that the log makes */
	int64_t from;                  /* the offset from which on its records were replayed */
	const char *dialect;
	struct findings *findings; /* gets what differs, or why nothing was compared */
};

void compare_checkpoint(const struct checkpoint_comparison *c);

#endif
