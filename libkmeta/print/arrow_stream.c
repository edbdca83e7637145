/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrow_stream.c: the stream format of Apache Arrow, written by its specification (format/Schema.fbs
 * and Message.fbs). Its metadata is in flatbuffers. They are written from front to back here: a
 * table comes behind what refers to it, and its list of fields (the vtable) just before it.
 */
#include "print/arrow_stream.h"

#include <endian.h>
#include <stdlib.h>

#include "base/wire.h"

enum { ALIGNMENT = 8, SLOTS = 8, VERSION_5 = 4, DOUBLE_PRECISION = 2 };
enum { HEADER_SCHEMA = 1, HEADER_BATCH = 3 };
enum {
	TYPE_INT = 2,
	TYPE_FLOAT = 3,
	TYPE_UTF8 = 5,
	TYPE_BOOL = 6,
	TYPE_LIST = 12,
	TYPE_STRUCT = 13
};

/* A field of a flatbuffers table. An offset has 4 bytes and is set once its target is written. */
struct slot {
	size_t size; /* 0: absent */
	uint64_t value;
};

/* A table in the buffer, and where its fields are. */
struct placed {
	size_t at, slots[SLOTS];
};

/* ---- little-endian bytes ---- */

static void store(char *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (char)(value >> 8 * i & 0xff);
}

static inline void put(struct kmeta_buffer *b, uint64_t value, size_t size)
{
	const uint64_t bytes = htole64(value);
	char *at = buffer_room(b, sizeof(bytes));

	if (!at)
		return;
	memcpy(at, &bytes, sizeof(bytes));
	b->size += size;
}

static void put_zeros(struct kmeta_buffer *b, size_t count)
{
	char *at = buffer_room(b, count);

	if (!at)
		return;
	memset(at, 0, count);
	b->size += count;
}

/* "start" is where the message begins, which is what counts for the alignment. */
static void align_to(struct kmeta_buffer *b, size_t start, size_t alignment)
{
	put_zeros(b, (alignment - (b->size - start) % alignment) % alignment);
}

static size_t padded(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* ---- flatbuffers ---- */

/* Lets the offset at "from" lead to the end of the buffer. */
static void lead_here(struct kmeta_buffer *b, size_t from)
{
	if (!b->failed)
		store(b->at + from, b->size - from, 4);
}

/* Writes the table that the offset at "from" is to lead to. */
static struct placed put_table(struct kmeta_buffer *b, size_t start, size_t from,
                               const struct slot *slots, size_t count)
{
	struct placed table = { 0 };
	size_t vtable, size = 4;

	/* Each field is aligned to its own size; the table begins with the way to its vtable. */
	for (size_t i = 0; i < count; i++) {
		if (!slots[i].size)
			continue;
		size = (size + slots[i].size - 1) / slots[i].size * slots[i].size;
		table.slots[i] = size;
		size += slots[i].size;
	}
	align_to(b, start, ALIGNMENT);
	vtable = b->size;
	put(b, 4 + 2 * count, 2);
	put(b, size, 2);
	for (size_t i = 0; i < count; i++)
		put(b, table.slots[i], 2);
	align_to(b, start, ALIGNMENT);
	table.at = b->size;
	lead_here(b, from);
	put_zeros(b, size);
	for (size_t i = 0; i < count; i++) {
		table.slots[i] += table.at;
		if (slots[i].size && !b->failed)
			store(b->at + table.slots[i], slots[i].value, slots[i].size);
	}
	if (!b->failed)
		store(b->at + table.at, table.at - vtable, 4);
	return table;
}

/* The count of a vector whose elements are aligned as their size needs. */
static void begin_vector(struct kmeta_buffer *b, size_t start, size_t from, size_t count,
                         size_t alignment)
{
	align_to(b, start, 4);
	while ((b->size + 4 - start) % alignment && !b->failed)
		put_zeros(b, 4);
	lead_here(b, from);
	put(b, count, 4);
}

static void put_column_name(struct kmeta_buffer *b, size_t start, size_t from, const char *text)
{
	begin_vector(b, start, from, strlen(text), 4);
	buffer_add(b, text, strlen(text) + 1);
}

/* ---- messages ---- */

/* Begins a message and returns where the offset of its header is. */
static size_t begin_message(struct kmeta_buffer *out, size_t *start, unsigned header, size_t body)
{
	const struct slot slots[] = { { 2, VERSION_5 }, { 1, header }, { 4, 0 }, { 8, body } };

	put(out, UINT32_MAX, 4);
	put(out, 0, 4);
	*start = out->size;
	put(out, 0, 4);
	return put_table(out, *start, *start, slots, 4).slots[2];
}

static void end_message(struct kmeta_buffer *out, size_t start)
{
	align_to(out, start, ALIGNMENT);
	if (!out->failed)
		store(out->at + start - 4, out->size - start, 4);
}

static size_t count_children(const struct arrow_table *t, size_t column)
{
	size_t count = 0;

	for (size_t c = t->at[column].child; c; c = t->at[c].next)
		count++;
	return count;
}

static void put_type_table(struct kmeta_buffer *out, size_t start, size_t from,
                           const struct arrow_column *column)
{
	const struct slot number[] = { { 4, column->size * 8u }, { 1, column->is_signed } };
	const struct slot real[] = { { 2, DOUBLE_PRECISION } };

	if (column->type == ARROW_INT)
		put_table(out, start, from, number, 2);
	else if (column->type == ARROW_DOUBLE)
		put_table(out, start, from, real, 1);
	else
		put_table(out, start, from, NULL, 0);
}

static void put_fields(struct kmeta_buffer *out, size_t start, size_t from,
                       const struct arrow_table *t, size_t parent)
{
	static const uint8_t types[] = {
		[ARROW_INT] = TYPE_INT,   [ARROW_DOUBLE] = TYPE_FLOAT, [ARROW_BOOL] = TYPE_BOOL,
		[ARROW_TEXT] = TYPE_UTF8, [ARROW_LIST] = TYPE_LIST,    [ARROW_STRUCT] = TYPE_STRUCT
	};
	const size_t count = count_children(t, parent);
	size_t at;

	begin_vector(out, start, from, count, 4);
	at = out->size;
	put_zeros(out, 4 * count);
	/* As deep as the tables of records: three levels. */
	for (size_t c = t->at[parent].child; c; c = t->at[c].next, at += 4) {
		const struct slot slots[] = { { 4, 0 }, { 1, 1 }, { 1, types[t->at[c].type] },
			                      { 4, 0 }, { 0, 0 }, { 4, 0 } };
		const struct placed field = put_table(out, start, at, slots, 6);

		put_column_name(out, start, field.slots[0], t->at[c].name);
		put_type_table(out, start, field.slots[3], &t->at[c]);
		put_fields(out, start, field.slots[5], t, c);
	}
}

void arrow_put_schema(struct kmeta_buffer *out, const struct arrow_table *t)
{
	const struct slot slots[] = { { 2, 0 }, { 4, 0 } };
	size_t start;
	const size_t header = begin_message(out, &start, HEADER_SCHEMA, 0);
	const struct placed schema = put_table(out, start, header, slots, 2);

	put_fields(out, start, schema.slots[1], t, 0);
	end_message(out, start);
}

/* The order of the format: a column, its children, and what is beside it. */
static size_t following(const struct arrow_table *t, size_t column)
{
	if (t->at[column].child)
		return t->at[column].child;
	while (column && !t->at[column].next)
		column = t->at[column].parent;
	return t->at[column].next;
}

static size_t buffers_of(const struct arrow_column *column, const struct kmeta_buffer *buffers[3])
{
	size_t count = 0;

	buffers[count++] = &column->valid;
	if (column->type == ARROW_TEXT || column->type == ARROW_LIST)
		buffers[count++] = &column->offsets;
	if (column->type != ARROW_LIST && column->type != ARROW_STRUCT)
		buffers[count++] = &column->values;
	return count;
}

static void clear_rows(struct arrow_column *column)
{
	column->rows = column->nulls = 0;
	column->valid.size = column->values.size = column->offsets.size = 0;
	if (column->type == ARROW_TEXT || column->type == ARROW_LIST)
		put(&column->offsets, 0, 4);
}

void arrow_put_batch(struct kmeta_buffer *out, struct arrow_table *t)
{
	const struct slot slots[] = { { 8, (uint64_t)t->at[0].rows }, { 4, 0 }, { 4, 0 } };
	const struct kmeta_buffer *buffers[3];
	struct placed batch;
	size_t start, header, count = 0, body = 0;

	for (size_t c = t->at[0].child; c; c = following(t, c)) {
		const size_t of_column = buffers_of(&t->at[c], buffers);

		for (size_t i = 0; i < of_column; i++)
			body += padded(buffers[i]->size);
		count += of_column;
	}
	header = begin_message(out, &start, HEADER_BATCH, body);
	batch = put_table(out, start, header, slots, 3);
	begin_vector(out, start, batch.slots[1], t->count - 1, 8);
	for (size_t c = t->at[0].child; c; c = following(t, c)) {
		put(out, (uint64_t)t->at[c].rows, 8);
		put(out, (uint64_t)t->at[c].nulls, 8);
	}
	begin_vector(out, start, batch.slots[2], count, 8);
	body = 0;
	for (size_t c = t->at[0].child; c; c = following(t, c)) {
		const size_t of_column = buffers_of(&t->at[c], buffers);

		for (size_t i = 0; i < of_column; body += padded(buffers[i++]->size)) {
			put(out, body, 8);
			put(out, buffers[i]->size, 8);
		}
	}
	end_message(out, start);
	for (size_t c = t->at[0].child; c; c = following(t, c)) {
		const size_t of_column = buffers_of(&t->at[c], buffers);

		for (size_t i = 0; i < of_column; i++) {
			buffer_add(out, buffers[i]->at, buffers[i]->size);
			put_zeros(out, padded(buffers[i]->size) - buffers[i]->size);
		}
	}
	for (size_t c = 0; c < t->count; c++)
		clear_rows(&t->at[c]);
}

void arrow_put_end(struct kmeta_buffer *out)
{
	put(out, UINT32_MAX, 4);
	put(out, 0, 4);
}

/* ---- rows ---- */

size_t arrow_add_column(struct arrow_table *t, size_t parent, const struct arrow_column *like)
{
	struct arrow_column *at = array_room(t->at, &t->capacity, t->count + 1, sizeof(*at));
	size_t *link;

	if (!at) {
		t->failed = true;
		return 0;
	}
	t->at = at;
	at[t->count] = *like;
	at[t->count].child = at[t->count].next = 0;
	at[t->count].parent = parent;
	clear_rows(&at[t->count]);
	if (t->count) {
		for (link = &at[parent].child; *link; link = &at[*link].next)
			;
		*link = t->count;
	}
	return t->count++;
}

void arrow_release(struct arrow_table *t)
{
	for (size_t c = 0; c < t->count; c++) {
		kmeta_buffer_release(&t->at[c].valid);
		kmeta_buffer_release(&t->at[c].offsets);
		kmeta_buffer_release(&t->at[c].values);
	}
	free(t->at);
	*t = (struct arrow_table){ 0 };
}

static inline void put_bit(struct kmeta_buffer *bits, int64_t row, bool bit)
{
	if ((row & 7) == 0)
		buffer_char(bits, bit);
	else if (bit && !bits->failed)
		bits->at[bits->size - 1] =
			(char)((uint8_t)bits->at[bits->size - 1] | 1u << (row & 7));
}

static inline void end_row(struct arrow_column *column, bool valid)
{
	put_bit(&column->valid, column->rows, valid);
	column->rows++;
	column->nulls += !valid;
}

void arrow_int(struct arrow_column *column, int64_t value)
{
	put(&column->values, (uint64_t)value, column->size);
	end_row(column, true);
}

void arrow_int32s(struct arrow_column *column, const uint8_t *wire, size_t count)
{
	char *at = buffer_room(&column->values, 4 * count);

	for (size_t i = 0; at && i < count; i++) {
		const uint32_t bytes = htole32(wire_get32(wire + 4 * i));

		memcpy(at + 4 * i, &bytes, sizeof(bytes));
	}
	column->values.size += at ? 4 * count : 0;
	for (size_t i = 0; i < count; i++)
		end_row(column, true);
}

void arrow_double(struct arrow_column *column, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	put(&column->values, bits, 8);
	end_row(column, true);
}

void arrow_bool(struct arrow_column *column, bool value)
{
	put_bit(&column->values, column->rows, value);
	end_row(column, true);
}

static void put_offset(struct arrow_table *t, struct arrow_column *column, uint64_t end)
{
	t->failed |= end > INT32_MAX;
	put(&column->offsets, end, 4);
}

void arrow_end_text(struct arrow_table *t, size_t column)
{
	put_offset(t, &t->at[column], t->at[column].values.size);
	end_row(&t->at[column], true);
}

void arrow_end_list(struct arrow_table *t, size_t column)
{
	put_offset(t, &t->at[column], (uint64_t)t->at[t->at[column].child].rows);
	end_row(&t->at[column], true);
}

static void fill_children(struct arrow_table *t, size_t column)
{
	for (size_t c = t->at[column].child; c; c = t->at[c].next)
		if (t->at[c].rows <= t->at[column].rows)
			arrow_null(t, c);
}

void arrow_end_struct(struct arrow_table *t, size_t column)
{
	fill_children(t, column);
	end_row(&t->at[column], true);
}

void arrow_null(struct arrow_table *t, size_t column)
{
	struct arrow_column *c = &t->at[column];

	if (c->type == ARROW_INT || c->type == ARROW_DOUBLE)
		put(&c->values, 0, c->size);
	else if (c->type == ARROW_BOOL)
		put_bit(&c->values, c->rows, false);
	else if (c->type == ARROW_TEXT)
		put_offset(t, c, c->values.size);
	else if (c->type == ARROW_LIST)
		put_offset(t, c, (uint64_t)t->at[c->child].rows);
	else
		fill_children(t, column);
	end_row(c, false);
}

size_t arrow_bytes(const struct arrow_table *t)
{
	size_t bytes = 0;

	for (size_t c = 1; c < t->count; c++)
		bytes += t->at[c].values.size + t->at[c].offsets.size;
	return bytes;
}
