/* SPDX-License-Identifier: Apache-2.0 */
/* block.h: a block: several batches with their decoded records, handed over at once. */
#ifndef KMETA_STATE_BLOCK_H
#define KMETA_STATE_BLOCK_H

#include "kmeta/state.h"

enum { BLOCK_BATCHES = 256 };

/*
 * A record, with its fields in the block's array. DAMAGED: instead of a record, the reason why the
 * rest of its batch cannot be read.
 */
struct block_record {
	struct kmeta_record record;
	enum kmeta_status status;
	int32_t fault;                     /* in the block's array, -1: none */
	const struct kmeta_schema *schema; /* NULL: not decoded */
	size_t first_field, fields_count;
	unsigned irregular;
};

/*
 * The result of one call to the source: a batch, with those of its records that are in this block.
 */
struct stretch {
	enum kmeta_status status;
	struct kmeta_finding why; /* if the status is not OK */
	struct kmeta_batch batch;
	size_t begin, end; /* of its records in the block */
	bool goes_on;      /* continues in the next block */
};

struct block {
	struct stretch stretches[BLOCK_BATCHES];
	struct block_record *records;
	struct kmeta_field *fields;
	struct kmeta_finding *faults;
	uint8_t *bytes; /* of copied batches */
	size_t stretches_count, records_count, fields_count, faults_count, bytes_count;
	size_t records_capacity, fields_capacity, faults_capacity;
	int64_t done, total; /* bytes of the source */
	bool no_memory;      /* for what would follow in this block */
};

/* Reads a source into blocks. */
struct block_reader {
	struct kmeta_source *source;
	struct kmeta_dialect dialect;
	bool undecoded; /* do not decode the records */
	size_t enough;  /* about how many records fill a block */
	bool one_batch; /* a block has one batch, which need not be copied */

	struct kmeta_fields fields; /* of the current record */
	struct kmeta_batch batch;   /* the current one */
	struct kmeta_cursor cursor;
	bool in_batch;
	bool lent;  /* the block borrows the source's memory */
	bool ended; /* the source returned END or FAILED */
};

/* NULL: out of memory. */
KMETA_CHECKED struct block *block_new(void);
void block_free(struct block *block);

/*
 * Fills a block with what comes next. If the reader has lent a batch and finished it, the caller
 * must have used up all earlier blocks.
 */
void block_fill(struct block *block, struct block_reader *reader);
void block_reader_release(struct block_reader *reader);

#endif
