/* SPDX-License-Identifier: Apache-2.0 */
/* buffer.c: a growing buffer of text, and numbers as decimal digits. */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char digit_pairs[201] = "0001020304050607080910111213141516171819"
			      "2021222324252627282930313233343536373839"
			      "4041424344454647484950515253545556575859"
			      "6061626364656667686970717273747576777879"
			      "8081828384858687888990919293949596979899";

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

void kmeta_buffer_release(struct kmeta_buffer *buffer)
{
	free(buffer->at);
	*buffer = (struct kmeta_buffer){ 0 };
}

char *digits_unsigned(char *at, uint64_t value)
{
	char digits[20];
	char *from = digits + sizeof(digits);
	size_t size;

	while (value >= 100) {
		from -= 2;
		memcpy(from, digit_pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		from -= 2;
		memcpy(from, digit_pairs + value * 2, 2);
	} else {
		*--from = (char)('0' + value);
	}
	size = (size_t)(digits + sizeof(digits) - from);
	memcpy(at, from, size);
	return at + size;
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

void buffer_format(struct kmeta_buffer *b, const char *format, ...)
{
	char text[512];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (size > 0)
		buffer_add(b, text, (size_t)size < sizeof(text) ? (size_t)size : sizeof(text) - 1);
}
