/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.c: reads and checks the headers of record batches, and walks their records without copying.
 */
#include "record/batch.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif
#include <isa-l/crc.h>

#include "base/finding.h"
#include "base/wire.h"

enum {
	LARGEST_TYPE = 32767,
	FRAME = 3, /* bytes of frame, type and version, in all releases so far */

	/* A usual record has four numbers of up to three bytes, two other bytes, and a frame. */
	USUAL_ROOM = 4 * 3 + 2 + FRAME,
	NO_KEY = 0x01 /* its size, -1 */
};

static int64_t wrapping_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

void batch_read_header(struct kmeta_batch *batch, const uint8_t *at)
{
	batch->base_offset = (int64_t)wire_get64(at);
	batch->size = (int64_t)(int32_t)wire_get32(at + 8) + BATCH_OVERHEAD;
	batch->epoch = (int32_t)wire_get32(at + 12);
	batch->magic = (int8_t)at[16];
	batch->crc = wire_get32(at + 17);
	batch->attributes = wire_get16(at + 21);
	batch->last_offset_delta = (int32_t)wire_get32(at + 23);
	batch->base_timestamp = (int64_t)wire_get64(at + 27);
	batch->max_timestamp = (int64_t)wire_get64(at + 35);
	batch->producer_id = (int64_t)wire_get64(at + 43);
	batch->producer_epoch = (int16_t)wire_get16(at + 51);
	batch->base_sequence = (int32_t)wire_get32(at + 53);
	batch->count = (int32_t)wire_get32(at + 57);
	batch->last_offset = wrapping_add(batch->base_offset, batch->last_offset_delta);
}

/* Check the magic first: with another one the length has another meaning. */
enum kmeta_status batch_check_header(const struct kmeta_batch *batch, struct kmeta_finding *why)
{
	if (batch->magic == 0 || batch->magic == 1)
		return finding_set(why, KMETA_BAD_MAGIC,
		                   "magic %d: not a v2 record batch but an older message format, "
		                   "which KRaft never wrote",
		                   batch->magic);
	if (batch->magic != 2)
		return finding_set(why, KMETA_BAD_MAGIC, "magic %d: not a v2 record batch",
		                   batch->magic);
	if (batch->size < BATCH_HEADER)
		return finding_set(
			why, KMETA_BAD_LENGTH, "batch length %lld, but its header alone needs %d",
			(long long)batch->size - BATCH_OVERHEAD, BATCH_HEADER - BATCH_OVERHEAD);
	if ((uint64_t)batch->size > KMETA_BATCH_LIMIT)
		return finding_set(
			why, KMETA_BAD_LENGTH, "batch length %lld is above the limit of %zu MiB",
			(long long)batch->size - BATCH_OVERHEAD, KMETA_BATCH_LIMIT >> 20);
	return KMETA_OK;
}

#ifdef __x86_64__
__attribute__((target("avx"))) static void clear_upper_halves(void)
{
	_mm256_zeroupper();
}

/*
 * libisal's form for AVX-512 returns with the upper halves of vector registers in use. On processors
 * by Intel every SSE instruction after that waits for them, and the whole program is half as fast.
 */
static void leave_avx(void)
{
	if (__builtin_cpu_supports("avx"))
		clear_upper_halves();
}
#else
static void leave_avx(void)
{
}
#endif

uint32_t crc32c(const uint8_t *at, size_t size)
{
	/* libisal only reads its input, although its parameter is not const. */
	const uint32_t crc = crc32_iscsi((unsigned char *)(uintptr_t)at, (int)size, 0xffffffff);

	leave_avx();
	return ~crc;
}

uint32_t batch_crc(const uint8_t *at, size_t size)
{
	return crc32c(at + 21, size - 21);
}

/*
 * True for every batch that Kafka writes and rarely by chance. It saves computing the checksum of
 * most bytes that are no batch.
 */
static bool is_plausible(const struct kmeta_batch *batch)
{
	enum { UNUSED = 0xff80, SMALLEST_RECORD = 7 };
	const int64_t body = batch->size - BATCH_HEADER;

	if (batch->attributes & UNUSED || (batch->attributes & KMETA_BATCH_CODEC) > KMETA_ZSTD)
		return false;
	if (batch->base_offset < 0 || batch->epoch < -1 || batch->last_offset_delta < 0)
		return false;
	if (batch->count < 0 || batch->count > (int64_t)batch->last_offset_delta + 1)
		return false;
	return batch->attributes & KMETA_BATCH_CODEC || batch->count <= body / SMALLEST_RECORD;
}

bool batch_may_be_sound(struct kmeta_batch *batch, const uint8_t *at)
{
	struct kmeta_finding ignored; /* only whether it may be a batch is asked */

	batch_read_header(batch, at);
	return batch_check_header(batch, &ignored) == KMETA_OK && is_plausible(batch);
}

int32_t batch_sequence(const struct kmeta_batch *batch, int32_t delta)
{
	const int64_t sequence = (int64_t)batch->base_sequence + delta;

	return (int32_t)(sequence > INT32_MAX ? sequence - INT32_MAX - 1 : sequence);
}

/* ---- records ---- */

static enum kmeta_status header_damaged(const struct kmeta_batch *batch,
                                        const struct kmeta_cursor *start, int64_t offset,
                                        struct kmeta_finding *why)
{
	why->file = batch->file;
	why->offset = offset;
	why->position = batch->position;
	why->size = batch->size;
	if (!(batch->attributes & KMETA_BATCH_CODEC)) {
		why->position += BATCH_HEADER + (int64_t)start->at;
		why->size -= BATCH_HEADER + (int64_t)start->at;
	}
	return KMETA_DAMAGED;
}

/* A length of -1 is null; others below 0 are damage, as they are to Kafka. */
static inline struct kmeta_bytes take_nullable(struct wire *w)
{
	const int32_t size = wire_varint(w);
	struct kmeta_bytes bytes = { 0 };

	if (size < -1) {
		wire_fail(w, "a negative length");
		return bytes;
	}
	if (size == -1)
		return bytes;
	bytes.data = wire_take(w, (size_t)size);
	bytes.size = bytes.data ? (size_t)size : 0;
	return bytes;
}

static void take_headers(struct wire *w, struct kmeta_record *record)
{
	const uint8_t *start;

	record->header_count = wire_varint(w);
	start = w->at;
	if (record->header_count < 0)
		wire_fail(w, "a negative header count");
	if (record->header_count > 0 && (size_t)record->header_count > wire_left(w))
		wire_fail(w, "more headers than bytes");
	for (int32_t i = 0; i < record->header_count && !w->fault; i++) {
		if (!take_nullable(w).data)
			wire_fail(w, "a header without a key");
		take_nullable(w);
	}
	record->headers = (struct kmeta_bytes){ start, (size_t)(w->at - start) };
}

/*
 * Kafka's tools cut types and versions to 16 bits. Its reader refuses larger ones, and so does this
 * one.
 */
static int32_t small_number(struct wire *w)
{
	const uint32_t n = wire_uvarint(w);

	if (n > LARGEST_TYPE)
		wire_fail(w, "too large");
	return w->fault ? -1 : (int32_t)n;
}

static void tell_metadata(struct kmeta_record *record)
{
	const uint8_t *at = record->value.data;
	struct wire w = wire_over(record->value.data, record->value.size);

	if (record->value.size >= FRAME && !((at[0] | at[1] | at[2]) & 0x80)) {
		record->frame = at[0];
		record->type = at[1];
		record->version = at[2];
		record->body = FRAME;
		return;
	}
	record->frame = small_number(&w);
	record->type = small_number(&w);
	record->version = small_number(&w);
	record->body = (uint32_t)(w.at - w.start);
}

static void tell_control(struct kmeta_record *record)
{
	record->frame = -1;
	record->type = record->key.size >= 4 ? (int16_t)wire_get16(record->key.data + 2) : -1;
	record->version = record->value.size >= 2 ? (int16_t)wire_get16(record->value.data) : -1;
	/*
	 * Transaction markers have their version in front of the fields; in the others it is the
	 * first field.
	 */
	record->body =
		(record->type == KMETA_CONTROL_ABORT || record->type == KMETA_CONTROL_COMMIT) &&
				record->value.size >= 2
			? 2
			: 0;
}

static void place_record(const struct kmeta_batch *batch, const uint8_t *start,
                         struct kmeta_record *record)
{
	record->position = batch->position;
	record->value_position = -1;
	if (batch->attributes & KMETA_BATCH_CODEC)
		return;
	record->position += BATCH_HEADER + (start - batch->records.data);
	if (record->value.data)
		record->value_position =
			batch->position + BATCH_HEADER + (record->value.data - batch->records.data);
}

/* The parts of a record have to fill its length exactly. */
static void take_record(struct wire *w, const struct kmeta_batch *batch,
                        struct kmeta_record *record)
{
	int64_t timestamp_delta;

	wire_int8(w);
	timestamp_delta = wire_varlong(w);
	record->offset = wrapping_add(batch->base_offset, wire_varint(w));
	record->timestamp = batch->attributes & KMETA_BATCH_LOG_APPEND_TIME
	                            ? batch->max_timestamp
	                            : wrapping_add(batch->base_timestamp, timestamp_delta);
	record->key = take_nullable(w);
	record->value = take_nullable(w);
	if (w->at < w->end && *w->at == 0) {
		w->at++;
		record->header_count = 0;
		record->headers = (struct kmeta_bytes){ 0 };
	} else {
		take_headers(w, record);
	}
	if (!w->fault && wire_left(w))
		wire_fail(w, "bytes left after its last part");
}

/*
 * Reads the record at the cursor and moves the cursor behind it. Returns NULL, or what is wrong:
 * then the cursor stays.
 */
static const char *read_record(const struct kmeta_batch *batch, struct kmeta_cursor *cursor,
                               struct kmeta_record *record)
{
	/* An empty batch may have no bytes to point to. */
	const uint8_t *const data = batch->records.data ? batch->records.data : (const uint8_t *)"";
	const uint8_t *const start = data + cursor->at;
	struct wire w = { start, start, data + batch->records.size, NULL, NULL };
	const int32_t length = wire_varint(&w);

	if (length < 0)
		wire_fail(&w, "a negative record length");
	else if ((size_t)length > wire_left(&w))
		wire_fail(&w, "a record length past the end of the batch");
	else
		w.end = w.at + length;
	record->control = batch->attributes & KMETA_BATCH_CONTROL;
	take_record(&w, batch, record);
	if (w.fault)
		return w.fault;
	if (record->control)
		tell_control(record);
	else
		tell_metadata(record);
	place_record(batch, start, record);
	cursor->at = (size_t)(w.end - data);
	cursor->index++;
	return NULL;
}

/* A number of one to three bytes, as all of the usual records are; NULL: it is longer. */
static inline const uint8_t *take_short(const uint8_t *at, uint32_t *number)
{
	*number = at[0];
	if (*number < 0x80)
		return at + 1;
	*number = (*number & 0x7f) | (uint32_t)at[1] << 7;
	if (at[1] < 0x80)
		return at + 2;
	*number = (*number & 0x3fff) | (uint32_t)at[2] << 14;
	return at[2] < 0x80 ? at + 3 : NULL;
}

static inline int32_t short_signed(uint32_t number)
{
	return (int32_t)(number >> 1 ^ -(number & 1));
}

/*
 * Reads the record at the cursor if it is a usual one: without key and headers, with short numbers,
 * and not among the last bytes. False: it may be anything, and the cursor stays.
 */
static bool read_usual_record(const struct kmeta_batch *batch, struct kmeta_cursor *cursor,
                              struct kmeta_record *record)
{
	const uint8_t *const start = batch->records.data + cursor->at;
	const uint8_t *at = start, *end;
	uint32_t length, time, offset, size;

	if (batch->records.size - cursor->at < USUAL_ROOM ||
	    batch->attributes & (KMETA_BATCH_CONTROL | KMETA_BATCH_LOG_APPEND_TIME))
		return false;
	at = take_short(at, &length);
	if (!at || length & 1 ||
	    length / 2 > batch->records.size - cursor->at - (size_t)(at - start))
		return false;
	end = at + length / 2;
	at = take_short(at + 1, &time);
	at = at ? take_short(at, &offset) : NULL;
	if (!at || *at++ != NO_KEY)
		return false;
	at = take_short(at, &size);
	/* Behind the value, an empty list of headers is all that is left. */
	if (!at || size & 1 || size / 2 < FRAME || end - at != (ptrdiff_t)(size / 2 + 1) ||
	    end[-1] || (at[0] | at[1] | at[2]) & 0x80)
		return false;
	record->control = false;
	record->offset = wrapping_add(batch->base_offset, short_signed(offset));
	record->timestamp = wrapping_add(batch->base_timestamp, short_signed(time));
	record->key = (struct kmeta_bytes){ 0 };
	record->value = (struct kmeta_bytes){ at, size / 2 };
	record->header_count = 0;
	record->headers = (struct kmeta_bytes){ 0 };
	record->frame = at[0];
	record->type = at[1];
	record->version = at[2];
	record->body = FRAME;
	place_record(batch, start, record);
	cursor->at = (size_t)(end - batch->records.data);
	cursor->index++;
	return true;
}

static enum kmeta_status end_walk(const struct kmeta_batch *batch, struct kmeta_cursor *cursor)
{
	cursor->at = batch->records.size;
	cursor->index = batch->count;
	cursor->uncounted = true;
	return KMETA_END;
}

/*
 * All records that the header counts were read. If others follow, the count is wrong, and they are
 * read as well; Kafka throws, or reads none of a batch whose count is 0.
 */
static enum kmeta_status look_behind_last(const struct kmeta_batch *batch,
                                          struct kmeta_cursor *cursor, struct kmeta_finding *why)
{
	const struct kmeta_cursor start = *cursor;
	const size_t left = batch->records.size - start.at;
	struct kmeta_cursor next = start;
	struct kmeta_record record;

	if (!left && batch->count >= 0)
		return end_walk(batch, cursor);
	cursor->uncounted = true;
	if (batch->count < 0) {
		finding_set(why, KMETA_BAD_COUNT, "record count %d", batch->count);
		return header_damaged(batch, &start, batch->base_offset, why);
	}
	if (!read_record(batch, &next, &record) &&
	    record.offset == wrapping_add(batch->base_offset, start.index)) {
		finding_set(why, KMETA_BAD_COUNT, "record count %d, but the batch holds more",
		            batch->count);
		return header_damaged(batch, &start, record.offset, why);
	}
	end_walk(batch, cursor);
	finding_set(why, KMETA_SLACK, "%zu bytes after the last of %d records", left, batch->count);
	return header_damaged(batch, &start, batch->last_offset, why);
}

enum kmeta_status kmeta_batch_next(const struct kmeta_batch *batch, struct kmeta_cursor *cursor,
                                   struct kmeta_record *record, struct kmeta_finding *why)
{
	const struct kmeta_cursor here = *cursor;
	const char *fault;

	if (cursor->index >= batch->count && !cursor->uncounted)
		return look_behind_last(batch, cursor, why);
	if (cursor->uncounted && here.at == batch->records.size)
		return KMETA_END;
	if (here.at == batch->records.size) {
		end_walk(batch, cursor);
		finding_set(why, KMETA_BAD_COUNT, "record count %d, but the batch holds %d",
		            batch->count, here.index);
		return header_damaged(batch, &here, wrapping_add(batch->base_offset, here.index),
		                      why);
	}
	fault = read_usual_record(batch, cursor, record) ? NULL
	                                                 : read_record(batch, cursor, record);
	if (fault) {
		end_walk(batch, cursor);
		finding_set(why, KMETA_BAD_RECORD, "record %d of %d: %s", here.index + 1,
		            batch->count, fault);
		return header_damaged(batch, &here, wrapping_add(batch->base_offset, here.index),
		                      why);
	}
	/* Kafka numbers the records of a metadata batch without gaps. */
	if (record->offset != wrapping_add(batch->base_offset, here.index)) {
		finding_set(why, KMETA_BAD_OFFSET, "record %d of %d has offset %lld",
		            here.index + 1, batch->count, (long long)record->offset);
		return header_damaged(batch, &here, wrapping_add(batch->base_offset, here.index),
		                      why);
	}
	return KMETA_OK;
}

bool kmeta_header_next(struct kmeta_bytes *headers, struct kmeta_bytes *key,
                       struct kmeta_bytes *value)
{
	struct wire w = wire_over(headers->data, headers->size);

	if (!headers->size)
		return false;
	*key = take_nullable(&w);
	*value = take_nullable(&w);
	*headers = (struct kmeta_bytes){ w.at, wire_left(&w) };
	return !w.fault;
}
