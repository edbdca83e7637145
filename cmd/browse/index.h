/* SPDX-License-Identifier: Apache-2.0 */
/* index.h: what each page of the log holds, found out behind the scenes while the log is shown. */
#ifndef BROWSE_INDEX_H
#define BROWSE_INDEX_H

#include "job.h"
#include "states.h"

/* Bytes of the log that make a page. */
enum { PAGE_STEP = 64 << 10 };

enum {
	PAGE_HAS_LEADER = 1,  /* a change of the leader */
	PAGE_HAS_DAMAGE = 2,  /* or a gap, or a record that cannot be read */
	PAGE_ONLY_NO_OPS = 4, /* and nothing else */
	PAGE_ENDS_IN_NO_OP = 8
};

/* Whether a page has rows that a filter lets through. */
enum match { MATCH_UNKNOWN, MATCH_NONE, MATCH_SOME };

struct index_page {
	size_t file;
	int64_t begin, end;
	int64_t first_offset, last_offset, time; /* of the first record; -1: there is none */
	uint32_t rows, leading_no_ops;
	uint8_t flags;                /* PAGE_ */
	uint8_t match;                /* enum match */
	struct kmeta_dialect dialect; /* as the log before it showed */
};

struct index;

/*
 * An index of these pages, with the states of the log on the way. "address": what
 * kmeta_image_load() takes. "dialect": as a user asked for; NULL: auto. NULL: out of memory.
 */
struct index *index_new(const char *address, const char *dialect);
void index_free(struct index *index);

/* Begins, or goes on where the log ended before: the last page is then read again. */
bool index_start(struct index *index, const struct kmeta_pages *pages, int wake);

/* Forgets everything, since the files are others now. */
void index_reset(struct index *index);

struct job *index_job(struct index *index);
const char *index_address(const struct index *index);

/* As a user asked for it; NULL: auto. */
const char *index_release(const struct index *index);
struct states *index_states(struct index *index);

size_t index_count(struct index *index);

/* Page by number; false: the index does not reach so far. */
bool index_page(struct index *index, size_t number, struct index_page *page);

/* The page that a place lies in; false: the index does not know it yet. */
bool index_find(struct index *index, size_t file, int64_t position, size_t *number,
                struct index_page *page);

/* The last page that begins at or below an offset, or not later than a time; false: the index has
 * not yet come so far. */
bool index_find_offset(struct index *index, int64_t offset, size_t *number);
bool index_find_time(struct index *index, int64_t time, size_t *number);

/* What a filter found. */
void index_clear_matches(struct index *index);
void index_set_match(struct index *index, size_t number, enum match match);

/* The dialect where the index has not come to: that which the log has shown so far. */
struct kmeta_dialect index_dialect(struct index *index);

/* The names of all topics that were ever told of, while the lock is held. */
const struct kmeta_topics *index_lock_topics(struct index *index);
void index_unlock_topics(struct index *index);

/* True for the records that Kafka writes when nothing happens. */
bool is_no_op(const struct kmeta_row *row);

bool is_leader_change(const struct kmeta_row *row);

/* Says that rows are about to be applied, the first of them at least. */
void expect_rows(const struct kmeta_image *image, const struct kmeta_row *rows, size_t count);

#endif
