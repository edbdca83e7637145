/* SPDX-License-Identifier: Apache-2.0 */
/* block.h: some batches of a source with their records decoded, as they are handed over at once. */
#ifndef KMETA_STATE_BLOCK_H
#define KMETA_STATE_BLOCK_H

#include "kmeta/state.h"

enum { BLOCK_BATCHES = 256 };

/*
 * A record, with its fields in its block's array; or, DAMAGED, the reason why its batch cannot be
 * read on here.
 */
struct block_record {
	struct kmeta_record record;
	enum kmeta_status status;
	int32_t fault;                     /* in its block's array, -1: none */
	const struct kmeta_schema *schema; /* NULL: not decoded */
	size_t first_field, fields_count;
	unsigned irregular;
};

/* What one call to the source gave: a batch, or as many of its records as are in this block. */
struct stretch {
	enum kmeta_status status;
	struct kmeta_finding why; /* unless OK */
	struct kmeta_batch batch;
	size_t begin, end; /* of its records */
	bool goes_on;      /* in the next block */
};

struct block {
	struct stretch stretches[BLOCK_BATCHES];
	struct block_record *records;
	struct kmeta_field *fields;
	struct kmeta_finding *faults;
	uint8_t *bytes; /* of the batches that were copied */
	size_t stretches_count, records_count, fields_count, faults_count, bytes_count;
	size_t records_capacity, fields_capacity, faults_capacity;
	int64_t done, total; /* bytes of the source */
	bool no_memory;      /* for what would have come behind all that */
};

/* Where blocks come from. */
struct block_reader {
	struct kmeta_source *source;
	struct kmeta_dialect dialect;
	bool undecoded; /* records are wanted, but not their fields */
	size_t enough;  /* records for a block, about */
	bool one_batch; /* a block, so that it need not be copied */

	struct kmeta_fields fields; /* of the record at hand */
	struct kmeta_batch batch;   /* at hand */
	struct kmeta_cursor cursor;
	bool in_batch;
	bool lent;  /* blocks refer to the source's own memory */
	bool ended; /* with END or FAILED */
};

/* NULL: out of memory. */
KMETA_CHECKED struct block *block_new(void);
void block_free(struct block *block);

/*
 * Fills a block anew, with what comes next. Where the reader has lent a batch that is read to its
 * end, all blocks before must have been used up.
 */
void block_fill(struct block *block, struct block_reader *reader);
void block_reader_release(struct block_reader *reader);

#endif
