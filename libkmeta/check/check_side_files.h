/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_side_files.h: the small files of a metadata directory, and of the log directory above it.
 */
#ifndef KMETA_CHECK_CHECK_SIDE_FILES_H
#define KMETA_CHECK_CHECK_SIDE_FILES_H

#include "check/check_file.h"
#include "kmeta/check.h"
#include "log/logdir.h"

/* What the segments say, against which the small files are held. */
struct dirfiles {
	const char *directory;
	const struct check_epochs *epochs; /* of all segments, rising */
	int64_t first_offset;              /* -1: no batch */
	const struct logdir_files *checkpoints;
	bool damaged; /* the segments could not be read whole */
	struct findings *findings;
	char *paths[8]; /* findings refer to them */
	size_t paths_count;
};

void dirfiles_check(struct dirfiles *d);
void dirfiles_release(struct dirfiles *d);

#endif
