/* SPDX-License-Identifier: Apache-2.0 */
/* check_file.h: checks one segment or checkpoint by itself. */
#ifndef KMETA_CHECK_CHECK_FILE_H
#define KMETA_CHECK_CHECK_FILE_H

#include "base/findings.h"
#include "check/loss.h"
#include "kmeta/check.h"

/* Gets each sound record, to check what it means. */
struct check_observer {
	enum kmeta_status (*record)(void *context, const struct kmeta_batch *batch,
	                            const struct kmeta_record *record,
	                            const struct kmeta_fields *fields, struct kmeta_finding *why);
	void (*batch_done)(void *context, const struct kmeta_batch *batch);
	void (*lost)(void *context,
	             const struct kmeta_finding *why); /* records are missing after this point */
	/* the image that the records change; may be NULL */
	const struct kmeta_image *image;
	void *context;
};

/* The first offset of an epoch. */
struct check_epoch {
	int32_t epoch;
	int64_t offset;
};

struct check_epochs {
	struct check_epoch *at;
	size_t count, capacity;
};

/* One file: what to check, and what was found. */
struct check_file {
	const char *path;
	bool is_checkpoint;              /* according to its name */
	bool is_nameless;                /* its first record decides whether it is a checkpoint */
	bool is_member;                  /* of a directory: a pipe or device is not read */
	const struct kmeta_point *until; /* where the check ends; NULL: at the end */
	bool may_grow;                   /* Kafka may be writing the batch at its end */
	unsigned checks;
	bool checksum_only; /* check the checksum of each batch, and no records */
	bool alone;         /* without a thread for reading ahead */
	const char *dialect;
	const struct check_observer *observer; /* NULL: none */
	void (*progress)(void *context, int64_t bytes);
	void *progress_context;

	struct findings findings, meaning; /* from checking the file, and from replaying it */
	char *index_paths[2];              /* findings borrow them */
	int64_t batches, records, bytes;
	struct loss lost;
	int64_t first_offset, last_offset; /* -1: no batch */
	int64_t first_time, last_time;
	int64_t last_position; /* of the last batch */
	struct check_epochs epochs;
	bool damaged;    /* part of it could not be read */
	bool lost_start; /* the part before the first readable batch could not be read */
	/* it could not be read at all, or not to its end; "why" tells the reason */
	bool failed;
	struct kmeta_finding why;
};

/* FAILED: the file could not be read; "why" and one of the findings tell the reason. */
KMETA_CHECKED enum kmeta_status check_file(struct check_file *f);

/* True if part of the file may lie behind the point where the check ends. */
bool check_file_ends_early(const struct check_file *f);
void check_file_release(struct check_file *f);

#endif
