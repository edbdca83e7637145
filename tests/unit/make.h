/* SPDX-License-Identifier: Apache-2.0 */
/* make.h: record batches made byte by byte, by plans whose zeros mean what is usual. */
#ifndef KMETA_TEST_MAKE_H
#define KMETA_TEST_MAKE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <kmeta.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The bytes of a string literal, without its NUL. */
#define BYTES(literal) ((struct kmeta_bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

/* ---- bytes ---- */

/* Start with {0}, free with made_release(). */
struct made {
	uint8_t *at;
	size_t size, capacity;
};

static inline void made_release(struct made *m)
{
	free(m->at);
	*m = (struct made){ 0 };
}

static inline void put(struct made *m, const void *data, size_t size)
{
	if (m->size + size > m->capacity) {
		m->capacity = (m->size + size) * 2 + 64;
		m->at = realloc(m->at, m->capacity);
		if (!m->at)
			abort();
	}
	if (size)
		memcpy(m->at + m->size, data, size);
	m->size += size;
}

static inline void put_all(struct made *m, struct kmeta_bytes bytes)
{
	put(m, bytes.data, bytes.size);
}

static inline struct kmeta_bytes made_bytes(const struct made *m)
{
	return (struct kmeta_bytes){ m->at, m->size };
}

/* A big-endian number of so many bytes, written at "at". */
static inline void set(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = size; i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

static inline void put_number(struct made *m, int64_t value, size_t size)
{
	uint8_t bytes[8];

	set(bytes, (uint64_t)value, size);
	put(m, bytes, size);
}

static inline void put_byte(struct made *m, int value)
{
	put_number(m, value, 1);
}

static inline void put_uvarint(struct made *m, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		put_byte(m, (int)(value & 0x7f) | 0x80);
	put_byte(m, (int)value);
}

/* Zigzag, for both the 32 and the 64 bit kind. */
static inline void put_varint(struct made *m, int64_t value)
{
	put_uvarint(m, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

/* A compact string or byte string. */
static inline void put_compact(struct made *m, struct kmeta_bytes bytes)
{
	put_uvarint(m, bytes.data ? bytes.size + 1 : 0);
	put_all(m, bytes);
}

/* ---- records ---- */

struct record_plan {
	struct kmeta_bytes value, key; /* data NULL: null */
	struct kmeta_bytes headers;    /* their count and what follows; data NULL: none */
	int64_t offset_delta, timestamp_delta;
};

static inline void put_nullable(struct made *m, struct kmeta_bytes bytes)
{
	put_varint(m, bytes.data ? (int64_t)bytes.size : -1);
	put_all(m, bytes);
}

static inline void put_record(struct made *m, const struct record_plan *plan)
{
	struct made body = { 0 };

	put_byte(&body, 0);
	put_varint(&body, plan->timestamp_delta);
	put_varint(&body, plan->offset_delta);
	put_nullable(&body, plan->key);
	put_nullable(&body, plan->value);
	if (plan->headers.data)
		put_all(&body, plan->headers);
	else
		put_byte(&body, 0);
	put_varint(m, (int64_t)body.size);
	put_all(m, made_bytes(&body));
	made_release(&body);
}

/* ---- batches ---- */

enum { MADE_HEADER = 61, MADE_TIME = 1730000000 };

/* CRC-32C bit by bit, as its definition has it: what the library's is held against. */
static inline uint32_t reference_crc32c(const uint8_t *at, size_t size)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < size; i++) {
		crc ^= at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* Zero: one record, epoch 1, at MADE_TIME seconds. */
struct batch_plan {
	int64_t base_offset, base_timestamp, max_timestamp;
	int32_t count, last_offset_delta, epoch;
	uint16_t attributes;
	struct kmeta_bytes records; /* as they stand in the batch: compressed, if it says so */
};

/* Makes the checksum of the batch right that begins at "at". */
static inline void seal(uint8_t *at, size_t size)
{
	set(at + 17, reference_crc32c(at + 21, size - 21), 4);
}

static inline void put_batch(struct made *m, const struct batch_plan *plan)
{
	const int64_t time = plan->base_timestamp ? plan->base_timestamp : MADE_TIME * 1000LL;
	const int32_t count = plan->count ? plan->count : 1;
	const size_t start = m->size;

	put_number(m, plan->base_offset, 8);
	put_number(m, (int64_t)plan->records.size + MADE_HEADER - 12, 4);
	put_number(m, plan->epoch ? plan->epoch : 1, 4);
	put_byte(m, 2);
	put_number(m, 0, 4);
	put_number(m, plan->attributes, 2);
	put_number(m, plan->last_offset_delta ? plan->last_offset_delta : count - 1, 4);
	put_number(m, time, 8);
	put_number(m, plan->max_timestamp ? plan->max_timestamp : time, 8);
	put_number(m, -1, 8);
	put_number(m, -1, 2);
	put_number(m, -1, 4);
	put_number(m, count, 4);
	put_all(m, plan->records);
	seal(m->at + start, m->size - start);
}

/* ---- metadata records in common use ---- */

/* An id that differs from number to number; its text begins with A's. */
static inline void set_id(uint8_t id[16], uint64_t number)
{
	memset(id, 0, 16);
	set(id + 8, number, 8);
}

/* Frame version, type and version, and then the fields. */
static inline void put_head(struct made *m, unsigned type, unsigned version)
{
	put_byte(m, 1);
	put_uvarint(m, type);
	put_uvarint(m, version);
}

/* TOPIC_RECORD. */
static inline void put_topic(struct made *m, const char *name, uint64_t number)
{
	uint8_t id[16];

	set_id(id, number);
	put_head(m, 2, 0);
	put_compact(m, (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) });
	put(m, id, sizeof(id));
	put_byte(m, 0);
}

/* A batch of TOPIC_RECORDs "topic-OFFSET", whose ids are their offsets. */
static inline void put_topic_batch(struct made *m, int64_t base_offset, int32_t count)
{
	struct made records = { 0 };
	struct batch_plan plan = { .base_offset = base_offset, .count = count };

	for (int32_t i = 0; i < count; i++) {
		struct made value = { 0 };
		char name[32] = "topic-", *digits = name + 6;
		int64_t rest = base_offset + i;

		do {
			memmove(digits + 1, digits, strlen(digits) + 1);
			*digits = (char)('0' + rest % 10);
		} while (rest /= 10);
		put_topic(&value, name, (uint64_t)(base_offset + i));
		put_record(&records,
		           &(struct record_plan){ .value = made_bytes(&value), .offset_delta = i });
		made_release(&value);
	}
	plan.records = made_bytes(&records);
	put_batch(m, &plan);
	made_release(&records);
}

#endif
