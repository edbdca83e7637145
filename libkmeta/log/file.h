/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: the batches of one segment or checkpoint, one after another, over damage if need be. */
#ifndef KMETA_LOG_FILE_H
#define KMETA_LOG_FILE_H

#include "kmeta/log.h"
#include "log/stream.h"

/* What of a file is wanted; batches outside are passed over by their headers. */
struct file_window {
	struct kmeta_range offsets, times, epochs;
};

struct log_file {
	struct stream stream;
	const struct file_window *wanted;
	struct kmeta_buffer unpacked; /* the records of a compressed batch */
	int64_t pending;              /* bytes of the batch given out last */
	int64_t next_offset;          /* what should come, -1: not known yet */
	int beyond;                   /* batches in a row past the wanted offsets */
	bool growing;                 /* an unfinished end is no damage */
	bool failure_told;            /* of the stream */
	bool lost;                    /* damage was reported: find the next sound batch */
	int64_t lost_from;            /* where it begins */
	int64_t lost_size;            /* of the damaged batch, if its length may be right */
};

/* "name" and "wanted" are kept. */
KMETA_CHECKED enum kmeta_status file_open(struct log_file *f, const char *path, const char *name,
                                          const struct file_window *wanted, bool growing,
                                          struct kmeta_finding *why);
void file_close(struct log_file *f);

/* As kmeta_source_next(), for this file. */
KMETA_CHECKED enum kmeta_status file_next(struct log_file *f, struct kmeta_batch *batch,
                                          struct kmeta_finding *why);

/* The position where the next call of file_next() begins. */
int64_t file_position(const struct log_file *f);

/* Goes to a batch's start in a seekable file. */
void file_seek(struct log_file *f, int64_t position);

/* Goes near to and not past the batch that holds "offset", by bisection over sound batches; only if
 * seekable. */
void file_seek_offset(struct log_file *f, int64_t offset);

/* Goes to the next sound batch from the position on; false: there is none that begins before "end".
 */
bool file_find_sound(struct log_file *f, int64_t end);

/* True once all batches from here on lie past the wanted offsets. */
bool file_is_past(const struct log_file *f);

#endif
