/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_side_files.h: checks the small files of a metadata directory and of the log directory above
 * it.
 */
#ifndef KMETA_CHECK_CHECK_SIDE_FILES_H
#define KMETA_CHECK_CHECK_SIDE_FILES_H

#include "check/check_file.h"
#include "check/check_quorum.h"
#include "kmeta/check.h"
#include "log/logdir.h"

/* What the segments tell, to compare the small files with. */
struct side_files {
	const char *directory;
	const struct check_epochs *epochs; /* of all segments, in order */
	int64_t first_offset;              /* -1: no batch */
	const struct logdir_files *checkpoints;
	bool damaged;                    /* part of the segments could not be read */
	const struct quorum_end *quorum; /* where they end */
	/* Found: quorum-state is JSON, but not what releases before 3.9 wrote; its voters as int32_t,
	   sorted. */
	bool has_later_quorum_state;
	struct kmeta_buffer quorum_voters;
	struct findings *findings;
	char *paths[8]; /* findings borrow them */
	size_t paths_count;
};

void side_files_check(struct side_files *d);
void side_files_release(struct side_files *d);

#endif
