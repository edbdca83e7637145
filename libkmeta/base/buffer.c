/* SPDX-License-Identifier: Apache-2.0 */
/* buffer.c: a growing buffer of text, and numbers as decimal digits. */
#include "base/buffer.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_ELEMENTS = 64 };

const char digit_pairs[201] = "0001020304050607080910111213141516171819"
			      "2021222324252627282930313233343536373839"
			      "4041424344454647484950515253545556575859"
			      "6061626364656667686970717273747576777879"
			      "8081828384858687888990919293949596979899";

/* clang-format off */
#define TENS(a) \
	a "0" a "1" a "2" a "3" a "4" a "5" a "6" a "7" a "8" a "9"
#define HUNDREDS(a) \
	TENS(a "0") TENS(a "1") TENS(a "2") TENS(a "3") TENS(a "4") \
	TENS(a "5") TENS(a "6") TENS(a "7") TENS(a "8") TENS(a "9")

const char digit_triples[3002] =
	HUNDREDS("0") HUNDREDS("1") HUNDREDS("2") HUNDREDS("3") HUNDREDS("4")
	HUNDREDS("5") HUNDREDS("6") HUNDREDS("7") HUNDREDS("8") HUNDREDS("9");
/* clang-format on */

void *array_grow(void *at, size_t *capacity, size_t wanted, size_t size)
{
	size_t larger = *capacity ? *capacity : FIRST_ELEMENTS;
	void *moved;

	while (larger < wanted)
		larger *= 2;
	moved = realloc(at, larger * size);
	if (moved)
		*capacity = larger;
	return moved;
}

static int by_node_number(const void *a, const void *b)
{
	const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

void numbers_sort(void *at, size_t count)
{
	if (count)
		qsort(at, count, sizeof(int32_t), by_node_number);
}

bool buffer_grow(struct kmeta_buffer *b, size_t room)
{
	size_t capacity = b->capacity ? b->capacity : 4096;
	char *at;

	if (b->failed)
		return false;
	while (capacity - b->size < room) {
		if (capacity > SIZE_MAX / 2) {
			b->failed = true;
			return false;
		}
		capacity *= 2;
	}
	at = realloc(b->at, capacity);
	if (!at) {
		b->failed = true;
		return false;
	}
	b->at = at;
	b->capacity = capacity;
	return true;
}

struct kmeta_bytes kmeta_buffer_bytes(const struct kmeta_buffer *buffer)
{
	return (struct kmeta_bytes){ (const uint8_t *)buffer->at, buffer->size };
}

int kmeta_bytes_compare(struct kmeta_bytes a, struct kmeta_bytes b)
{
	const size_t size = a.size < b.size ? a.size : b.size;
	const int order = size ? memcmp(a.data, b.data, size) : 0;

	return order ? order : (a.size > b.size) - (a.size < b.size);
}

void kmeta_buffer_release(struct kmeta_buffer *buffer)
{
	free(buffer->at);
	*buffer = (struct kmeta_buffer){ 0 };
}

static char *put_pair(char *at, uint32_t value)
{
	memcpy(at, digit_pairs + 2 * value, 2);
	return at + 2;
}

static char *four_digits(char *at, uint32_t value)
{
	return put_pair(put_pair(at, value / 100), value % 100);
}

static char *eight_digits(char *at, uint32_t value)
{
	return four_digits(four_digits(at, value / 10000), value % 10000);
}

/* Below 10^4, without leading zeros. */
static char *up_to_four_digits(char *at, uint32_t value)
{
	if (value < 100) {
		*at = digit_pairs[2 * value + 1];
		return value < 10 ? at + 1 : put_pair(at, value);
	}
	if (value >= 1000)
		return four_digits(at, value);
	*at = (char)('0' + value / 100);
	return put_pair(at + 1, value % 100);
}

char *digits_unsigned(char *at, uint64_t value)
{
	enum { EIGHT = 100000000 };

	if (value < 10000)
		return up_to_four_digits(at, (uint32_t)value);
	if (value < EIGHT) {
		at = up_to_four_digits(at, (uint32_t)value / 10000);
		return four_digits(at, (uint32_t)value % 10000);
	}
	at = digits_unsigned(at, value / EIGHT);
	return eight_digits(at, (uint32_t)(value % EIGHT));
}

char *digits_signed(char *at, int64_t value)
{
	if (value >= 0)
		return digits_unsigned(at, (uint64_t)value);
	*at++ = '-';
	return digits_unsigned(at, 0 - (uint64_t)value);
}

void buffer_integer(struct kmeta_buffer *b, int64_t value)
{
	char *at = buffer_room(b, 20);

	if (at)
		buffer_wrote(b, digits_signed(at, value));
}

void kmeta_buffer_add(struct kmeta_buffer *buffer, const void *data, size_t size)
{
	buffer_add(buffer, data, size);
}

void kmeta_buffer_format(struct kmeta_buffer *b, const char *format, ...)
{
	va_list arguments, again;
	int size;
	char *at;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	at = size > 0 ? buffer_room(b, (size_t)size + 1) : NULL;
	if (at) {
		vsnprintf(at, (size_t)size + 1, format, again);
		b->size += (size_t)size;
	}
	va_end(again);
	va_end(arguments);
}

void buffer_big_endian(struct kmeta_buffer *b, uint64_t value, size_t size)
{
	const uint64_t wire = htobe64(value << 8 * (sizeof(value) - size));

	buffer_add(b, &wire, size);
}

void buffer_long_varint(struct kmeta_buffer *b, uint64_t value)
{
	uint8_t bytes[10];
	size_t size = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[size++] = (uint8_t)(value | 0x80);
	bytes[size++] = (uint8_t)value;
	buffer_add(b, bytes, size);
}
