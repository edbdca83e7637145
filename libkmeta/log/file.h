/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: the batches of one segment or checkpoint, one after another, also past damage. */
#ifndef KMETA_LOG_FILE_H
#define KMETA_LOG_FILE_H

#include "kmeta/log.h"
#include "log/stream.h"

/* The wanted part of a file. Batches outside of it are skipped by their headers. */
struct file_window {
	struct kmeta_range offsets, times, epochs;
};

struct log_file {
	struct stream stream;
	const struct file_window *wanted;
	struct kmeta_buffer unpacked; /* the records of a compressed batch */
	int64_t pending;              /* bytes of the batch that was returned last */
	int64_t next_offset;          /* offset expected next, -1: not known yet */
	int beyond;                   /* batches in a row past the wanted offsets */
	bool growing;                 /* a batch cut off by the end of the file is not damage */
	bool failure_told;            /* of the stream */
	bool given_up;     /* the rest of the file is not looked at, which was reported */
	bool lost;         /* damage was reported: search for the next sound batch */
	int64_t lost_from; /* where the damage begins */
	int64_t lost_size; /* size of the damaged batch, if its length may be right */
};

/* "name" and "wanted" are kept; "member" as for stream_open(). */
KMETA_CHECKED enum kmeta_status file_open(struct log_file *f, const char *path, const char *name,
                                          const struct file_window *wanted, bool member,
                                          bool growing, struct kmeta_finding *why);
void file_close(struct log_file *f);

/* As kmeta_source_next(), for this file. */
KMETA_CHECKED enum kmeta_status file_next(struct log_file *f, struct kmeta_batch *batch,
                                          struct kmeta_finding *why);

/* The position at which the next file_next() reads. */
int64_t file_position(const struct log_file *f);

/* Moves to the start of a batch in a seekable file. */
void file_seek(struct log_file *f, int64_t position);

/*
 * Moves close to the batch that holds "offset" and never past it, by bisection over sound batches.
 * The file must be seekable.
 */
void file_seek_offset(struct log_file *f, int64_t offset);

/* Moves to the next sound batch. False: none begins before "end". */
bool file_find_sound(struct log_file *f, int64_t end);

/* True if all batches from here on are past the wanted offsets. */
bool file_is_past(const struct log_file *f);

#endif
