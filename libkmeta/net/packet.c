/* SPDX-License-Identifier: Apache-2.0 */
/* packet.c: the encodings of Kafka's protocol (KIP-482). */
#include "net/packet.h"

/* ---- writing ---- */

void packet_int8(struct kmeta_buffer *out, int8_t value)
{
	kmeta_buffer_add(out, &value, 1);
}

static void put_big_endian(struct kmeta_buffer *out, uint64_t value, unsigned bytes)
{
	uint8_t at[8];

	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
	kmeta_buffer_add(out, at, bytes);
}

void packet_int16(struct kmeta_buffer *out, int16_t value)
{
	put_big_endian(out, (uint16_t)value, 2);
}

void packet_int32(struct kmeta_buffer *out, int32_t value)
{
	put_big_endian(out, (uint32_t)value, 4);
}

void packet_int64(struct kmeta_buffer *out, int64_t value)
{
	put_big_endian(out, (uint64_t)value, 8);
}

void packet_uvarint(struct kmeta_buffer *out, uint32_t value)
{
	while (value > 0x7f) {
		packet_int8(out, (int8_t)(value | 0x80));
		value >>= 7;
	}
	packet_int8(out, (int8_t)value);
}

void packet_bytes(struct kmeta_buffer *out, struct kmeta_bytes bytes)
{
	packet_uvarint(out, bytes.data ? (uint32_t)bytes.size + 1 : 0);
	kmeta_buffer_add(out, bytes.data, bytes.size);
}

void packet_string(struct kmeta_buffer *out, const char *text)
{
	packet_bytes(out, (struct kmeta_bytes){ (const uint8_t *)text, text ? strlen(text) : 0 });
}

void packet_plain_string(struct kmeta_buffer *out, const char *text)
{
	const size_t size = strlen(text);

	packet_int16(out, (int16_t)size);
	kmeta_buffer_add(out, text, size);
}

void packet_count(struct kmeta_buffer *out, uint32_t count)
{
	packet_uvarint(out, count + 1);
}

void packet_no_tags(struct kmeta_buffer *out)
{
	packet_int8(out, 0);
}

void packet_patch32(struct kmeta_buffer *out, size_t at, int32_t value)
{
	for (size_t i = 0; i < 4 && at + i < out->size; i++)
		out->at[at + i] = (char)((uint32_t)value >> (24 - 8 * i));
}

/* ---- reading ---- */

struct kmeta_bytes packet_take_bytes(struct wire *w)
{
	const uint32_t size = wire_uvarint(w);
	const uint8_t *data = size ? wire_take(w, size - 1) : NULL;

	return (struct kmeta_bytes){ data, data ? size - 1 : 0 };
}

size_t packet_take_count(struct wire *w, size_t smallest)
{
	const uint32_t count = wire_uvarint(w);

	if (count <= 1)
		return 0;
	if (count - 1 > wire_left(w) / smallest) {
		wire_fail(w, "a count is above what the bytes can hold");
		return 0;
	}
	return count - 1;
}

uint32_t packet_take_tags(struct wire *w)
{
	return wire_uvarint(w);
}

bool packet_next_tag(struct wire *w, uint32_t *left, uint32_t *tag, struct wire *value)
{
	uint32_t size;
	const uint8_t *at;

	if (!*left || w->fault)
		return false;
	--*left;
	*tag = wire_uvarint(w);
	size = wire_uvarint(w);
	at = wire_take(w, size);
	if (!at)
		return false;
	*value = wire_over(at, size);
	return true;
}

void packet_skip_tags(struct wire *w)
{
	uint32_t left = packet_take_tags(w), tag;
	struct wire value;

	while (packet_next_tag(w, &left, &tag, &value))
		;
}

void packet_text(char *text, size_t size, struct kmeta_bytes bytes)
{
	size_t n = bytes.size < size - 1 ? bytes.size : size - 1;

	for (size_t i = 0; i < n; i++)
		text[i] = bytes.data[i] >= 0x20 && bytes.data[i] < 0x7f ? (char)bytes.data[i] : '?';
	text[n] = '\0';
}
