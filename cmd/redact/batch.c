/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c: a batch with all of it replaced that may not be shown. */
#include <string.h>

#include "redact.h"

/* Words that no batch begins with, and that a reader sees. */
static const char words[] = "kmeta-redact: not understood, and not copied. ";

void redact_fill(struct redact *r, uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)words[i % (sizeof(words) - 1)];
	r->names.places[CLASS_RAW] += size > 0;
	r->bytes_raw += (int64_t)size;
}

/* Where bytes of the batch are in the copy of its records. */
static uint8_t *in_copy(struct redact *r, const struct kmeta_batch *batch, const uint8_t *at)
{
	return (uint8_t *)r->records.at + (at - batch->records.data);
}

/* Metadata has no headers; nobody knows what those would be. */
static void fill_headers(struct redact *r, const struct kmeta_batch *batch,
                         const struct kmeta_record *record)
{
	struct kmeta_bytes left = record->headers, key, value;

	while (kmeta_header_next(&left, &key, &value)) {
		if (key.size)
			redact_fill(r, in_copy(r, batch, key.data), key.size);
		if (value.size)
			redact_fill(r, in_copy(r, batch, value.data), value.size);
	}
}

/* The key of a control record is its version and its type; more, or any other key, means nothing. */
static void fill_key(struct redact *r, const struct kmeta_batch *batch,
                     const struct kmeta_record *record)
{
	enum { CONTROL_KEY = 4 };
	const size_t known = record->control && record->key.size >= CONTROL_KEY ? CONTROL_KEY : 0;

	if (record->key.size > known)
		redact_fill(r, in_copy(r, batch, record->key.data + known),
		            record->key.size - known);
}

/* A tag that is written twice hides its first value behind the last. */
static bool is_understood(const struct kmeta_fields *fields)
{
	return !(fields->irregular & KMETA_IRREGULAR_REPEAT);
}

static enum kmeta_status redact_record(struct redact *r, const struct kmeta_batch *batch,
                                       const struct kmeta_record *record, struct kmeta_finding *why)
{
	const enum kmeta_status status = kmeta_decode(&r->dialect, record, &r->fields, why);
	uint8_t *value;

	if (status == KMETA_FAILED)
		return status;
	fill_key(r, batch, record);
	fill_headers(r, batch, record);
	if (!record->value.size)
		return KMETA_OK;
	value = in_copy(r, batch, record->value.data);
	if (status != KMETA_OK || !is_understood(&r->fields)) {
		redact_fill(r, value, record->value.size);
		return KMETA_OK;
	}
	if (!rules_redact(r, &r->fields, value, record->value.data))
		return common_fault(why, KMETA_BAD_VALUE, NULL, "%s",
		                    r->names.fault ? r->names.fault : "a record is too deep");
	for (size_t i = 0; i < r->fields.unknown_count; i++) {
		const struct kmeta_bytes tag = r->fields.unknown[i].value;

		if (tag.size)
			redact_fill(r, in_copy(r, batch, tag.data), tag.size);
	}
	return KMETA_OK;
}

/* What cannot be told apart is not copied: all records of the batch. */
static enum kmeta_status redact_records(struct redact *r, const struct kmeta_batch *batch,
                                        struct kmeta_finding *why)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	enum kmeta_status status;

	while ((status = kmeta_batch_next(batch, &cursor, &record, why)) == KMETA_OK ||
	       (status == KMETA_DAMAGED && why->code == KMETA_BAD_OFFSET))
		if (redact_record(r, batch, &record, why) != KMETA_OK)
			return KMETA_FAILED;
	if (status == KMETA_DAMAGED)
		redact_fill(r, (uint8_t *)r->records.at, r->records.size);
	return KMETA_OK;
}

enum kmeta_status batch_redact(struct redact *r, const struct kmeta_batch *batch,
                               struct kmeta_finding *why)
{
	enum kmeta_status status;

	r->records.size = 0;
	kmeta_buffer_add(&r->records, batch->records.data, batch->records.size);
	if (r->records.failed)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	status = redact_records(r, batch, why);
	if (status == KMETA_OK)
		status = kmeta_rewrite_batch(&r->buffer, batch, kmeta_buffer_bytes(&r->records),
		                             why);
	r->batches++;
	return status;
}
