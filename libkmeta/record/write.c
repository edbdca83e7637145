/* SPDX-License-Identifier: Apache-2.0 */
/* write.c: writes records as batches v2: Kafka's DefaultRecordBatch and DefaultRecord. */
#include "record/write.h"

#include "base/buffer.h"
#include "base/finding.h"
#include "base/wire.h"
#include "record/batch.h"
#include "record/pack.h"

/* ---- records ---- */

static uint64_t zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static size_t varint_size(uint64_t value)
{
	size_t size = 1;

	for (; value >= 0x80; value >>= 7)
		size++;
	return size;
}

/* The length of a key or value as it is written: -1 for null. */
static uint64_t nullable_length(struct kmeta_bytes bytes)
{
	return zigzag(bytes.data ? (int64_t)bytes.size : -1);
}

static size_t nullable_size(struct kmeta_bytes bytes)
{
	return varint_size(nullable_length(bytes)) + (bytes.data ? bytes.size : 0);
}

static void write_nullable(struct kmeta_buffer *out, struct kmeta_bytes bytes)
{
	buffer_varint(out, nullable_length(bytes));
	if (bytes.data)
		buffer_add(out, bytes.data, bytes.size);
}

void batch_writer_add(struct batch_writer *w, const struct kmeta_new_record *record)
{
	struct kmeta_buffer *out = &w->records;
	uint64_t time, number;
	size_t size;

	if (!w->count) {
		out->size = 0;
		w->base_timestamp = w->max_timestamp = record->timestamp;
	}
	if (record->timestamp > w->max_timestamp)
		w->max_timestamp = record->timestamp;
	/* Deltas of times wrap, as Java's do. */
	time = zigzag((int64_t)((uint64_t)record->timestamp - (uint64_t)w->base_timestamp));
	number = zigzag(w->count);
	/* One byte of attributes, and one for no headers. */
	size = 1 + varint_size(time) + varint_size(number) + nullable_size(record->key) +
	       nullable_size(record->value) + 1;
	buffer_varint(out, zigzag((int64_t)size));
	buffer_char(out, 0);
	buffer_varint(out, time);
	buffer_varint(out, number);
	write_nullable(out, record->key);
	write_nullable(out, record->value);
	buffer_char(out, 0);
	w->count++;
}

/* ---- batches ---- */

/* All of a header but length and checksum, which follow from the records. */
static void write_header(const struct kmeta_batch *batch, struct kmeta_buffer *out)
{
	buffer_big_endian(out, (uint64_t)batch->base_offset, 8);
	buffer_big_endian(out, 0, 4);
	buffer_big_endian(out, (uint32_t)batch->epoch, 4);
	buffer_char(out, (char)batch->magic);
	buffer_big_endian(out, 0, 4);
	buffer_big_endian(out, batch->attributes, 2);
	buffer_big_endian(out, (uint32_t)batch->last_offset_delta, 4);
	buffer_big_endian(out, (uint64_t)batch->base_timestamp, 8);
	buffer_big_endian(out, (uint64_t)batch->max_timestamp, 8);
	buffer_big_endian(out, (uint64_t)batch->producer_id, 8);
	buffer_big_endian(out, (uint16_t)batch->producer_epoch, 2);
	buffer_big_endian(out, (uint32_t)batch->base_sequence, 4);
	buffer_big_endian(out, (uint32_t)batch->count, 4);
}

static void set_number(uint8_t *at, uint32_t number)
{
	for (int i = 3; i >= 0; i--, number >>= 8)
		at[i] = (uint8_t)number;
}

static void seal_batch(uint8_t *at, size_t size)
{
	set_number(at + 8, (uint32_t)(size - BATCH_OVERHEAD));
	set_number(at + 17, batch_crc(at, size));
}

enum kmeta_status kmeta_rewrite_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch,
                                      struct kmeta_bytes records, struct kmeta_finding *why)
{
	const size_t start = out->size;
	enum kmeta_status status = KMETA_OK;

	if (records.size > KMETA_BATCH_LIMIT - BATCH_HEADER)
		status = finding_set(why, KMETA_TOO_LARGE,
		                     "%d records are above a batch's limit of %zu MiB",
		                     batch->count, KMETA_BATCH_LIMIT >> 20);
	if (status == KMETA_OK) {
		write_header(batch, out);
		status = codec_pack(batch->attributes & KMETA_BATCH_CODEC, records, out, why);
	}
	if (status == KMETA_OK && out->failed)
		status = finding_memory(why);
	if (status == KMETA_OK)
		seal_batch((uint8_t *)out->at + start, out->size - start);
	else
		out->size = start;
	return status == KMETA_OK ? KMETA_OK : KMETA_FAILED;
}

static enum kmeta_status check_batch_to_write(const struct batch_writer *w,
                                              struct kmeta_finding *why)
{
	if (!w->count)
		return finding_set(why, KMETA_BAD_ARGUMENT, "a batch needs a record");
	if (w->batch.base_offset < 0 || w->batch.base_offset > INT64_MAX - w->count)
		return finding_set(why, KMETA_BAD_ARGUMENT, "no batch can begin at offset %lld",
		                   (long long)w->batch.base_offset);
	return w->records.failed ? finding_memory(why) : KMETA_OK;
}

enum kmeta_status batch_writer_end(struct batch_writer *w, struct kmeta_buffer *out,
                                   struct kmeta_finding *why)
{
	const struct kmeta_batch batch = {
		.base_offset = w->batch.base_offset,
		.epoch = w->batch.epoch,
		.magic = 2,
		.attributes =
			(uint16_t)(w->batch.codec | (w->batch.control ? KMETA_BATCH_CONTROL : 0)),
		.last_offset_delta = w->count - 1,
		.base_timestamp = w->base_timestamp,
		.max_timestamp = w->max_timestamp,
		.producer_id = -1,
		.producer_epoch = -1,
		.base_sequence = -1,
		.count = w->count,
	};
	enum kmeta_status status = check_batch_to_write(w, why);

	if (status == KMETA_OK)
		status = kmeta_rewrite_batch(out, &batch, kmeta_buffer_bytes(&w->records), why);
	w->count = 0;
	return status == KMETA_OK ? KMETA_OK : KMETA_FAILED;
}

void batch_writer_release(struct batch_writer *w)
{
	kmeta_buffer_release(&w->records);
}

enum kmeta_status kmeta_write_batch(struct kmeta_buffer *out, const struct kmeta_new_batch *batch,
                                    const struct kmeta_new_record *records, size_t count,
                                    struct kmeta_finding *why)
{
	struct batch_writer w = { .batch = *batch };
	enum kmeta_status status;

	for (size_t i = 0; i < count && w.records.size <= KMETA_BATCH_LIMIT; i++)
		batch_writer_add(&w, &records[i]);
	status = batch_writer_end(&w, out, why);
	batch_writer_release(&w);
	return status;
}
