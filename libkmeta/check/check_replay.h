/* SPDX-License-Identifier: Apache-2.0 */
/* check_replay.h: replays the records that are checked, and compares checkpoints with the state. */
#ifndef KMETA_CHECK_CHECK_REPLAY_H
#define KMETA_CHECK_CHECK_REPLAY_H

#include "check/check_file.h"
#include "check/check_meaning.h"
#include "check/check_quorum.h"
#include "kmeta/check.h"
#include "log/logdir.h"
#include "state/rejoin.h"

struct replay_check {
	struct kmeta_image *image;    /* NULL: not replayed */
	struct findings *findings;    /* of the current file */
	bool compares;                /* its checkpoints with the state at their end offsets */
	struct findings *comparisons; /* what the comparison finds */
	size_t next_checkpoint;
	bool violations; /* report violations */
	bool starts;     /* report checkpoints that end inside a batch */
	bool stopped;    /* the state is unknown from here on */
	int64_t from;    /* the first state holds the records below */
	struct rejoin rejoin;
	struct quorum_check quorum;
	struct meaning_check meaning;
	const char *dialect;
};

/* The observer that replays into "m". */
struct check_observer replay_check_observer(struct replay_check *m);

/* Starts with an empty state, or with that of a checkpoint. */
KMETA_CHECKED enum kmeta_status replay_check_begin(struct replay_check *m,
                                                   const struct logdir_file *base);

/* Records that the state is unknown because the log begins late. */
void replay_check_give_up(struct replay_check *m, const char *file, int64_t start);

/* Checks at the end of the log: a checkpoint at that offset, an open transaction. */
void replay_check_end(struct replay_check *m, const char *file);

void replay_check_release(struct replay_check *m);

#endif
