/* SPDX-License-Identifier: Apache-2.0 */
/* check_replay.h: replaying what is checked, and holding checkpoints against it. */
#ifndef KMETA_CHECK_CHECK_REPLAY_H
#define KMETA_CHECK_CHECK_REPLAY_H

#include "check/check_file.h"
#include "kmeta/check.h"
#include "log/logdir.h"

struct meaning {
	struct kmeta_image *image; /* NULL: not replayed */
	struct findings *findings; /* of the file at hand */
	const struct logdir_files
		*checkpoints; /* to be held against the state when it is reached; NULL: none */
	struct findings *comparisons; /* what comes of that */
	size_t next_checkpoint;
	bool violations; /* are told of */
	bool stopped;    /* the state is not known any more */
	int64_t from;    /* records below are in the state already */
	const char *dialect;
};

/* The observer that replays; "m" is its context. */
struct check_observer meaning_observer(struct meaning *m);

/* Begins with an empty state, or that of a checkpoint. */
KMETA_CHECKED enum kmeta_status meaning_begin(struct meaning *m, const struct logdir_file *base);

/* The state is not known, since the log begins late. */
void meaning_give_up(struct meaning *m, const char *file, int64_t start);

/* At the end of the log: a checkpoint of its very end, a transaction that is open. */
void meaning_end(struct meaning *m, const char *file);

void meaning_release(struct meaning *m);

#endif
