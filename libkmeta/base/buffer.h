/* SPDX-License-Identifier: Apache-2.0 */
/* buffer.h: appending to a kmeta_buffer; room is made once for many small appends. */
#ifndef KMETA_BASE_BUFFER_H
#define KMETA_BASE_BUFFER_H

#include <string.h>

#include "kmeta/base.h"

/*
 * A larger array, with room for "wanted" elements of "size" bytes each. NULL: out of memory; the
 * array at "at" stays as it is.
 */
void *array_grow(void *at, size_t *capacity, size_t wanted, size_t size);

/* The same array where it has that room already. */
static inline void *array_room(void *at, size_t *capacity, size_t wanted, size_t size)
{
	return at && wanted <= *capacity ? at : array_grow(at, capacity, wanted, size);
}

/* Sorts int32_t numbers, as node ids are. "at" may be NULL if there is none. */
void numbers_sort(void *at, size_t count);

/* The slow part of buffer_room(): makes the buffer larger. */
bool buffer_grow(struct kmeta_buffer *b, size_t room);

/* Room for so many bytes at the buffer's end, or NULL once memory ran out. */
static inline char *buffer_room(struct kmeta_buffer *b, size_t room)
{
	if ((room > b->capacity - b->size || !b->at) && !buffer_grow(b, room))
		return NULL;
	return b->at + b->size;
}

/* Ends what the caller wrote into the room from buffer_room(). */
static inline void buffer_wrote(struct kmeta_buffer *b, const char *end)
{
	b->size = (size_t)(end - b->at);
}

static inline void buffer_add(struct kmeta_buffer *b, const void *data, size_t size)
{
	char *at = buffer_room(b, size);

	if (!at || !size)
		return;
	memcpy(at, data, size);
	b->size += size;
}

static inline void buffer_text(struct kmeta_buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

static inline void buffer_char(struct kmeta_buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

/* Decimal digits of a number, written at "at", which has room for DIGITS_ROOM; returns the end. */
enum { DIGITS_ROOM = 20 };
char *digits_unsigned(char *at, uint64_t value);
char *digits_signed(char *at, int64_t value);

/* "000" to "999", and room to read four bytes at the last. */
extern const char digit_triples[3002];

/* The same where most numbers are small: below 1000 it takes no branch. */
static inline char *digits_small(char *at, int64_t value)
{
	const size_t size = 1u + (value > 9) + (value > 99);

	if ((uint64_t)value > 999)
		return digits_signed(at, value);
	/* The fourth byte is written over by what comes next. */
	memcpy(at, digit_triples + 3 * value + 3 - size, 4);
	return at + size;
}

/* Copies a literal to "at", which has the room, and returns the end. */
#define PUT(at, literal) ((char *)memcpy(at, literal, sizeof(literal) - 1) + sizeof(literal) - 1)

/* "00" to "99", to write two digits at once. */
extern const char digit_pairs[201];

void buffer_integer(struct kmeta_buffer *b, int64_t value);

/* Numbers as they are on the wire: big-endian of 1 to 8 bytes, and of variable length. */
void buffer_big_endian(struct kmeta_buffer *b, uint64_t value, size_t size);
void buffer_long_varint(struct kmeta_buffer *b, uint64_t value);

static inline void buffer_varint(struct kmeta_buffer *b, uint64_t value)
{
	if (value < 0x80)
		buffer_char(b, (char)value);
	else
		buffer_long_varint(b, value);
}

#define buffer_format kmeta_buffer_format

#endif
