/* SPDX-License-Identifier: Apache-2.0 */
/* wire.h: the one gate through which bytes enter: a bounds-checked reader of Kafka's encodings. */
#ifndef KMETA_BASE_WIRE_H
#define KMETA_BASE_WIRE_H

#include "kmeta/base.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Reads from "at" up to "end". A failed reader gives zeros, moves nothing, and keeps its first
 * fault.
 */
struct wire {
	const uint8_t *start, *at, *end;
	const char *fault; /* NULL: none */
	const uint8_t *fault_at;
};

static inline struct wire wire_over(const uint8_t *data, size_t size)
{
	/* Adding to NULL is undefined, even adding 0. */
	if (!data)
		data = (const uint8_t *)"";
	return (struct wire){ .start = data, .at = data, .end = data + size };
}

static inline size_t wire_left(const struct wire *w)
{
	return (size_t)(w->end - w->at);
}

static inline void wire_fail(struct wire *w, const char *fault)
{
	if (w->fault)
		return;
	w->fault = fault;
	w->fault_at = w->at;
	w->end = w->at;
}

/* The next "size" bytes, or NULL. */
static inline const uint8_t *wire_take(struct wire *w, size_t size)
{
	const uint8_t *at = w->at;

	if (size > wire_left(w)) {
		wire_fail(w, "it ends inside a field");
		return NULL;
	}
	w->at += size;
	return at;
}

static inline uint16_t wire_get16(const uint8_t *at)
{
	return (uint16_t)((unsigned)at[0] << 8 | at[1]);
}

static inline uint32_t wire_get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t wire_get64(const uint8_t *at)
{
	return (uint64_t)wire_get32(at) << 32 | wire_get32(at + 4);
}

static inline int8_t wire_int8(struct wire *w)
{
	const uint8_t *at = wire_take(w, 1);

	return at ? (int8_t)at[0] : 0;
}

static inline int16_t wire_int16(struct wire *w)
{
	const uint8_t *at = wire_take(w, 2);

	return at ? (int16_t)wire_get16(at) : 0;
}

static inline int32_t wire_int32(struct wire *w)
{
	const uint8_t *at = wire_take(w, 4);

	return at ? (int32_t)wire_get32(at) : 0;
}

static inline int64_t wire_int64(struct wire *w)
{
	const uint8_t *at = wire_take(w, 8);

	return at ? (int64_t)wire_get64(at) : 0;
}

static inline uint64_t wire_varint_long(struct wire *w, unsigned bits)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < bits; shift += 7) {
		const uint8_t *at = wire_take(w, 1);

		if (!at)
			return 0;
		value |= (uint64_t)(*at & 0x7f) << shift;
		if (!(*at & 0x80))
			return value;
	}
	wire_fail(w, "a variable-length number does not end");
	return 0;
}

/* As Kafka's reader: ignore the bits above 32 of a fifth byte, and accept padded forms. */
static inline uint32_t wire_uvarint(struct wire *w)
{
	const uint8_t *at = w->at;

	if (at < w->end && at[0] < 0x80) {
		w->at++;
		return at[0];
	}
	if (w->end - at >= 2 && at[1] < 0x80) {
		w->at += 2;
		return (at[0] & 0x7fu) | (uint32_t)at[1] << 7;
	}
	return (uint32_t)wire_varint_long(w, 32);
}

/* Zigzag. */
static inline int32_t wire_varint(struct wire *w)
{
	const uint32_t n = wire_uvarint(w);

	return (int32_t)(n >> 1 ^ -(n & 1));
}

static inline int64_t wire_varlong(struct wire *w)
{
	const bool is_short = w->at < w->end && *w->at < 0x80;
	const uint64_t n = is_short ? *w->at++ : wire_varint_long(w, 64);

	return (int64_t)(n >> 1 ^ -(n & 1));
}

#endif
