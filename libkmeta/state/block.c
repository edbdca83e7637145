/* SPDX-License-Identifier: Apache-2.0 */
/* block.c: fills a block: several batches with their decoded records, handed over at once. */
#include "state/block.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum {
	ENOUGH_FIELDS = 1 << 14,
	COPIED_BATCH = 1 << 18, /* bytes; larger batches are lent */
	ROOM = 2 * COPIED_BATCH
};

/* ---- arrays ---- */

static struct block_record *add_record(struct block *b)
{
	struct block_record *at =
		array_room(b->records, &b->records_capacity, b->records_count + 1, sizeof(*at));

	b->no_memory = !at;
	if (!at)
		return NULL;
	b->records = at;
	at += b->records_count++;
	at->fault = -1;
	at->schema = NULL;
	return at;
}

static void add_fault(struct block *b, struct block_record *record, const struct kmeta_finding *why)
{
	struct kmeta_finding *at =
		array_room(b->faults, &b->faults_capacity, b->faults_count + 1, sizeof(*at));

	b->no_memory = !at;
	if (!at)
		return;
	b->faults = at;
	at[b->faults_count] = *why;
	record->fault = (int32_t)b->faults_count++;
}

static void add_fields(struct block *b, struct block_record *record,
                       const struct kmeta_fields *fields)
{
	struct kmeta_field *at = array_room(b->fields, &b->fields_capacity,
	                                    b->fields_count + fields->count, sizeof(*at));

	b->no_memory = !at;
	if (!at)
		return;
	b->fields = at;
	for (size_t i = 0; i < fields->count; i++)
		at[b->fields_count + i] = fields->at[i];
	record->schema = fields->schema;
	record->first_field = b->fields_count;
	record->fields_count = fields->count;
	record->irregular = fields->irregular;
	b->fields_count += fields->count;
}

/* ---- records ---- */

static void decode(struct block *b, struct block_reader *r, struct block_record *record)
{
	struct kmeta_finding why;

	switch (kmeta_decode(&r->dialect, &record->record, &r->fields, &why)) {
	case KMETA_OK:
		add_fields(b, record, &r->fields);
		break;
	case KMETA_DAMAGED:
		why.file = r->batch.file;
		add_fault(b, record, &why);
		break;
	default:
		b->no_memory = true;
	}
}

static bool has_enough(const struct block *b, const struct block_reader *r)
{
	return b->records_count >= r->enough || b->fields_count >= ENOUGH_FIELDS;
}

/* Adds the records of the current batch, as many as fit. */
static void fill_records(struct block *b, struct block_reader *r, struct stretch *s)
{
	s->begin = b->records_count;
	/* A batch that was copied must not continue in another block. */
	while (r->in_batch && !b->no_memory && !(r->lent && has_enough(b, r))) {
		struct kmeta_finding why;
		struct block_record *record = add_record(b);

		if (!record)
			break;
		record->status = kmeta_batch_next(&r->batch, &r->cursor, &record->record, &why);
		if (record->status == KMETA_END) {
			b->records_count--;
			r->in_batch = false;
		} else if (record->status == KMETA_DAMAGED) {
			add_fault(b, record, &why);
		} else if (!r->undecoded) {
			decode(b, r, record);
		}
	}
	if (b->no_memory && b->records_count > s->begin)
		b->records_count--;
	s->end = b->records_count;
	s->goes_on = r->in_batch;
}

/* ---- batches ---- */

/*
 * A batch borrows the source's memory until the next read. Copy one of usual size, so that reading
 * can go on at once.
 */
static void keep_bytes(struct block *b, struct block_reader *r)
{
	struct kmeta_bytes *records = &r->batch.records;

	r->lent = r->one_batch || records->size > COPIED_BATCH;
	if (r->lent || !records->size)
		return;
	memcpy(b->bytes + b->bytes_count, records->data, records->size);
	records->data = b->bytes + b->bytes_count;
	b->bytes_count += records->size;
}

static void read_batch(struct block *b, struct block_reader *r, struct stretch *s)
{
	r->batch = (struct kmeta_batch){ 0 };
	s->status = kmeta_source_next(r->source, &r->batch, &s->why);
	r->lent = false;
	r->ended = s->status == KMETA_END || s->status == KMETA_FAILED;
	r->in_batch = s->status == KMETA_OK;
	r->cursor = (struct kmeta_cursor){ 0 };
	if (s->status == KMETA_OK)
		keep_bytes(b, r);
	else
		r->batch.records = (struct kmeta_bytes){ 0 };
}

/* ---- blocks ---- */

struct block *block_new(void)
{
	struct block *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->bytes = malloc(ROOM);
	if (b->bytes)
		return b;
	free(b);
	return NULL;
}

void block_free(struct block *block)
{
	if (!block)
		return;
	free(block->records);
	free(block->fields);
	free(block->faults);
	free(block->bytes);
	free(block);
}

static bool takes_more(const struct block *b, const struct block_reader *r)
{
	return !r->ended && !r->lent && !b->no_memory && !has_enough(b, r) &&
	       b->bytes_count <= ROOM - COPIED_BATCH && b->stretches_count < BLOCK_BATCHES;
}

void block_fill(struct block *block, struct block_reader *reader)
{
	struct block *b = block;

	b->stretches_count = b->records_count = b->fields_count = b->faults_count = 0;
	b->bytes_count = 0;
	b->no_memory = false;
	do {
		struct stretch *s = &b->stretches[b->stretches_count++];

		if (reader->in_batch)
			s->status = KMETA_OK;
		else
			read_batch(b, reader, s);
		s->batch = reader->batch;
		fill_records(b, reader, s);
	} while (takes_more(b, reader));
	kmeta_source_progress(reader->source, &b->done, &b->total);
}

void block_reader_release(struct block_reader *reader)
{
	kmeta_fields_release(&reader->fields);
}
