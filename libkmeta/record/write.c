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

static enum kmeta_status check_batch_to_write(const struct batch_writer *w,
                                              struct kmeta_finding *why)
{
	if (!w->count)
		return finding_set(why, KMETA_BAD_ARGUMENT, "a batch needs a record");
	if (w->batch.base_offset < 0 || w->batch.base_offset > INT64_MAX - w->count)
		return finding_set(why, KMETA_BAD_ARGUMENT, "no batch can begin at offset %lld",
		                   (long long)w->batch.base_offset);
	if (w->records.failed)
		return finding_memory(why);
	if (w->records.size > KMETA_BATCH_LIMIT - BATCH_HEADER) {
		finding_set(why, KMETA_TOO_LARGE, "%d records are above a batch's limit of %zu MiB",
		            w->count, KMETA_BATCH_LIMIT >> 20);
		return KMETA_FAILED;
	}
	return KMETA_OK;
}

/* All of the header but length and checksum, which follow from the records. */
static void write_header(const struct batch_writer *w, struct kmeta_buffer *out)
{
	const uint16_t attributes =
		(uint16_t)(w->batch.codec | (w->batch.control ? KMETA_BATCH_CONTROL : 0));

	buffer_big_endian(out, (uint64_t)w->batch.base_offset, 8);
	buffer_big_endian(out, 0, 4);
	buffer_big_endian(out, (uint32_t)w->batch.epoch, 4);
	buffer_char(out, 2);
	buffer_big_endian(out, 0, 4);
	buffer_big_endian(out, attributes, 2);
	buffer_big_endian(out, (uint32_t)(w->count - 1), 4);
	buffer_big_endian(out, (uint64_t)w->base_timestamp, 8);
	buffer_big_endian(out, (uint64_t)w->max_timestamp, 8);
	/* No producer id, no producer epoch, no sequence number. */
	buffer_big_endian(out, UINT64_MAX, 8);
	buffer_big_endian(out, UINT64_MAX, 2);
	buffer_big_endian(out, UINT64_MAX, 4);
	buffer_big_endian(out, (uint32_t)w->count, 4);
}

static void set_number(uint8_t *at, uint32_t number)
{
	for (int i = 3; i >= 0; i--, number >>= 8)
		at[i] = (uint8_t)number;
}

void batch_seal(uint8_t *at, size_t size)
{
	set_number(at + 8, (uint32_t)(size - BATCH_OVERHEAD));
	set_number(at + 17, batch_crc(at, size));
}

enum kmeta_status batch_writer_end(struct batch_writer *w, struct kmeta_buffer *out,
                                   struct kmeta_finding *why)
{
	const size_t start = out->size;
	enum kmeta_status status = check_batch_to_write(w, why);

	if (status == KMETA_OK) {
		write_header(w, out);
		status = codec_pack(w->batch.codec, kmeta_buffer_bytes(&w->records), out, why);
	}
	if (status == KMETA_OK && out->failed)
		status = finding_memory(why);
	if (status == KMETA_OK)
		batch_seal((uint8_t *)out->at + start, out->size - start);
	else
		out->size = start;
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
