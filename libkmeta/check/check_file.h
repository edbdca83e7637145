/* SPDX-License-Identifier: Apache-2.0 */
/* check_file.h: checking one segment or checkpoint by itself. */
#ifndef KMETA_CHECK_CHECK_FILE_H
#define KMETA_CHECK_CHECK_FILE_H

#include "base/findings.h"
#include "check/loss.h"
#include "kmeta/check.h"

/* Told of each sound record, for checks of its meaning. */
struct check_observer {
	enum kmeta_status (*record)(void *context, const struct kmeta_batch *batch,
	                            const struct kmeta_record *record,
	                            const struct kmeta_fields *fields);
	void (*batch_done)(void *context, const struct kmeta_batch *batch);
	void (*lost)(void *context,
	             const struct kmeta_finding *why); /* records are missing from here on */
	const struct kmeta_image *image;               /* that the records go to; may be NULL */
	void *context;
};

/* Where an epoch begins. */
struct check_epoch {
	int32_t epoch;
	int64_t offset;
};

struct check_epochs {
	struct check_epoch *at;
	size_t count, capacity;
};

/* One file: what is to be checked, and what was found. */
struct check_file {
	const char *path;
	bool is_checkpoint; /* by its name */
	bool is_nameless;   /* its first record says whether it is a checkpoint */
	bool may_grow;      /* a batch at the end may be just being written */
	unsigned checks;
	bool checksum_only; /* of each batch, and nothing of its records */
	bool alone;         /* by one thread */
	const char *dialect;
	const struct check_observer *observer; /* NULL: none */
	void (*progress)(void *context, int64_t bytes);
	void *progress_context;

	struct findings findings, meaning; /* of the file's own checks, and of its replay */
	char *index_paths[2];              /* findings refer to them */
	int64_t batches, records, bytes;
	struct loss lost;
	int64_t first_offset, last_offset; /* -1: no batch */
	int64_t first_time, last_time;
	int64_t last_position; /* of the last batch */
	struct check_epochs epochs;
	bool damaged;    /* something could not be read */
	bool lost_start; /* before the first batch that could */
	bool failed;     /* it could not be read at all, or not to its end, as "why" says */
	struct kmeta_finding why;
};

/* FAILED: as "why" and one of the findings say. */
KMETA_CHECKED enum kmeta_status check_file(struct check_file *f);
void check_file_release(struct check_file *f);

#endif
