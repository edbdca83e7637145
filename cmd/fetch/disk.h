/* SPDX-License-Identifier: Apache-2.0 */
/* disk.h: a copy of a metadata log on disk: its segments and checkpoints, and what is added. */
#ifndef FETCH_DISK_H
#define FETCH_DISK_H

#include "../common.h"

/* A segment or a checkpoint, by its name. */
struct copy_file {
	int64_t offset; /* the first one of a segment, the end of a checkpoint */
	int32_t epoch;  /* of a checkpoint */
};

struct copy_files {
	struct copy_file *at; /* by rising offset */
	size_t count;
};

struct copy {
	const char *root; /* what --out names */
	char *directory;  /* __cluster_metadata-0 in it */
	int lock;         /* the directory, open and locked; -1: it is not there */
	int64_t segment_bytes;
	struct copy_files segments, checkpoints;

	/* Where it ends. */
	int64_t offset; /* the next one, -1: there is nothing */
	int32_t epoch;
	bool has_last; /* the last batch, to be held against the quorum's */
	int64_t last_offset, last_size;
	uint32_t last_crc;
	int32_t before_epoch; /* of the record before it */
	int64_t cut;          /* bytes of a torn batch that were cut off */

	/* The segment that is written. */
	int fd; /* -1: none is open */
	int64_t size;
	struct kmeta_buffer pending;
	bool is_unsynced;
	bool has_failed; /* a write: its end may be torn */
};

/* Looks what there is, and touches nothing. FAILED: another run is at work, or it cannot be read. */
enum kmeta_status copy_open(struct copy *c, struct kmeta_finding *why);

/* Finds where it ends, and removes what a killed run left there. FAILED: it is damaged before its
 * end. */
enum kmeta_status copy_settle(struct copy *c, struct kmeta_finding *why);

/* Makes the directories, unless they are there. */
enum kmeta_status copy_make(struct copy *c, struct kmeta_finding *why);

/* Appends a batch, to a new segment if the last one is full or "new_segment" is set. */
enum kmeta_status copy_append(struct copy *c, const struct kmeta_batch *batch,
                              struct kmeta_bytes bytes, bool new_segment,
                              struct kmeta_finding *why);

/* Writes what has gathered; and sees that it is on the disk. */
enum kmeta_status copy_flush(struct copy *c, struct kmeta_finding *why);
enum kmeta_status copy_sync(struct copy *c, struct kmeta_finding *why);

/* What is added gets its name only when it is on the disk: FILE is NAME.part before. */
enum kmeta_status copy_rename(struct copy *c, const char *directory, const char *name,
                              struct kmeta_finding *why);
enum kmeta_status copy_add_checkpoint(struct copy *c, struct kmeta_checkpoint_id id,
                                      struct kmeta_finding *why);

/* Removes a file by its name. */
enum kmeta_status copy_remove(struct copy *c, const char *name, struct kmeta_finding *why);

void copy_segment_name(char name[64], int64_t offset);
void copy_checkpoint_name(char name[64], int64_t offset, int32_t epoch);
bool copy_has_checkpoint(const struct copy *c, struct kmeta_checkpoint_id id);

/* DIRECTORY/NAME; the caller frees it. NULL: no memory. */
char *copy_path(const char *directory, const char *name);

/* A fault about a file of the copy, by errno. */
enum kmeta_status copy_fault(struct kmeta_finding *why, const char *file, const char *doing,
                             int error);

void copy_close(struct copy *c);

#endif
