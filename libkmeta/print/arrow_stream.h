/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrow_stream.h: the stream format of Apache Arrow (columnar format 1.x, metadata version 5): a
 * schema, batches of rows, and the end. Knows nothing of Kafka.
 */
#ifndef KMETA_PRINT_ARROW_STREAM_H
#define KMETA_PRINT_ARROW_STREAM_H

#include "base/buffer.h"

enum arrow_type { ARROW_INT, ARROW_DOUBLE, ARROW_BOOL, ARROW_TEXT, ARROW_LIST, ARROW_STRUCT };

/*
 * A column and the rows that it has so far. The columns inside a list or struct are its children.
 * Column 0 of a table is a struct that stands for the row itself.
 */
struct arrow_column {
	const char *name;
	enum arrow_type type;
	uint8_t size; /* of a number, in bytes */
	bool is_signed;
	size_t parent, child, next; /* numbers of columns; 0: none */
	int64_t rows, nulls;
	struct kmeta_buffer valid;   /* a bit a row */
	struct kmeta_buffer offsets; /* of lists and texts: one more than rows */
	struct kmeta_buffer values;  /* of booleans, a bit a row */
};

struct arrow_table {
	struct arrow_column *at;
	size_t count, capacity;
	bool failed; /* out of memory, or a row too large for the format */
};

/* Adds a column as the last child of "parent" and returns its number; 0 if memory ran out. */
size_t arrow_add_column(struct arrow_table *t, size_t parent, const struct arrow_column *like);
void arrow_release(struct arrow_table *t);

/* The next value of a column. */
void arrow_int(struct arrow_column *column, int64_t value);
/* The next "count" values of a column of 4 bytes, from their big-endian form. */
void arrow_int32s(struct arrow_column *column, const uint8_t *wire, size_t count);

void arrow_double(struct arrow_column *column, double value);
void arrow_bool(struct arrow_column *column, bool value);
void arrow_null(struct arrow_table *t, size_t column);

/* What was appended to the values of a text, or to the child of a list, is the next value. */
void arrow_end_text(struct arrow_table *t, size_t column);
void arrow_end_list(struct arrow_table *t, size_t column);

/* The values of the struct's columns were appended: a null for each that has none yet. */
void arrow_end_struct(struct arrow_table *t, size_t column);

/* The bytes of the rows so far. */
size_t arrow_bytes(const struct arrow_table *t);

/* The three messages. A batch takes the rows out of the table. */
void arrow_put_schema(struct kmeta_buffer *out, const struct arrow_table *t);
void arrow_put_batch(struct kmeta_buffer *out, struct arrow_table *t);
void arrow_put_end(struct kmeta_buffer *out);

#endif
