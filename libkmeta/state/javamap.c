/* SPDX-License-Identifier: Apache-2.0 */
/* javamap.c: puts elements into the order in which Kafka's hash maps iterate over them. */
#include "state/javamap.h"

#include <stdlib.h>
#include <string.h>

#include "base/wire.h"
#include "print/scalar.h"

enum { UUID = 16, FIRST_TABLE = 16 };

struct element {
	size_t start, span; /* first entry and number of entries in the array of fields */
	uint32_t hash;
	size_t inserted;
	uint32_t bucket;
};

static uint32_t utf8_value(const uint8_t *at, size_t size)
{
	static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t value = at[0] & masks[size];

	for (size_t i = 1; i < size; i++)
		value = value << 6 | (at[i] & 0x3f);
	return value;
}

/* String.hashCode(), spread as HashMap spreads it. */
static uint32_t java_hash(struct kmeta_bytes text)
{
	uint32_t h = 0;

	for (size_t i = 0; i < text.size;) {
		bool valid;
		const size_t size = utf8_step(text.data + i, text.size - i, &valid);
		const uint32_t c = valid ? utf8_value(text.data + i, size) : 0xfffd;

		if (c >= 0x10000) {
			h = h * 31 + (0xd7c0 + (c >> 10));
			h = h * 31 + (0xdc00 + (c & 0x3ff));
		} else {
			h = h * 31 + c;
		}
		i += size;
	}
	return h ^ h >> 16;
}

/* A map doubles when it gets more than three quarters full. A copy gets a size that is enough. */
static uint32_t table_size(size_t count, enum javamap_size how)
{
	size_t size = how == JAVAMAP_GROWN ? FIRST_TABLE : 1;

	if (how == JAVAMAP_COPIED) {
		while (size < count * 4 / 3 + 1)
			size *= 2;
		return (uint32_t)size;
	}
	while (how == JAVAMAP_SIZED && size < count)
		size *= 2;
	/* The threshold is size * 0.75, without its fraction. */
	while (count > size * 3 / 4)
		size *= 2;
	return (uint32_t)size;
}

static int by_bucket(const void *a, const void *b)
{
	const struct element *x = a, *y = b;

	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return x->inserted < y->inserted ? -1 : 1;
}

static void put_into_map(struct element *elements, size_t count, enum javamap_size size)
{
	const uint32_t mask = table_size(count, size) - 1;

	for (size_t i = 0; i < count; i++) {
		elements[i].inserted = i;
		elements[i].bucket = elements[i].hash & mask;
	}
	qsort(elements, count, sizeof(*elements), by_bucket);
}

static void list_elements(const struct kmeta_fields *fields, size_t array, struct element *elements)
{
	const size_t end = array + fields->at[array].span;
	size_t n = 0;

	for (size_t i = array + 1; i < end; i += fields->at[i].span, n++)
		elements[n] = (struct element){ .start = i,
			                        .span = fields->at[i].span,
			                        .hash = java_hash(fields->at[i + 1].value.bytes) };
}

bool javamap_order(struct kmeta_fields *fields, const char *array, enum javamap_size size)
{
	const struct kmeta_field *field = kmeta_fields_find(fields, array);
	const size_t count = field ? (size_t)field->value.integer : 0;
	const size_t start = field ? (size_t)(field - fields->at) : 0;
	struct element *elements;
	struct kmeta_field *moved, *to;

	if (count < 2)
		return true;
	elements = calloc(count, sizeof(*elements));
	moved = calloc(field->span, sizeof(*moved));
	if (elements && moved) {
		list_elements(fields, start, elements);
		put_into_map(elements, count, JAVAMAP_GROWN);
		if (size != JAVAMAP_GROWN)
			put_into_map(elements, count, size);
		to = moved;
		for (size_t i = 0; i < count; to += elements[i].span, i++)
			memcpy(to, fields->at + elements[i].start, elements[i].span * sizeof(*to));
		memcpy(fields->at + start + 1, moved, (field->span - 1) * sizeof(*moved));
	}
	free(elements);
	free(moved);
	return elements && moved;
}

static int by_halves(const void *a, const void *b)
{
	const uint8_t *x = a, *y = b;

	for (size_t half = 0; half < UUID; half += 8) {
		const int64_t m = (int64_t)wire_get64(x + half), n = (int64_t)wire_get64(y + half);

		if (m != n)
			return m < n ? -1 : 1;
	}
	return 0;
}

void javamap_sort_uuids(uint8_t *uuids, size_t count)
{
	if (count)
		qsort(uuids, count, UUID, by_halves);
}
