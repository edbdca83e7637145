/* SPDX-License-Identifier: Apache-2.0 */
/* arrow_fields.h: the fields of a kind of record, in all its layouts, as columns of a table. */
#ifndef KMETA_PRINT_ARROW_FIELDS_H
#define KMETA_PRINT_ARROW_FIELDS_H

#include "kmeta/print.h"
#include "print/arrow_stream.h"

/* A layout, and where each of its fields goes. */
struct arrow_layout;

struct arrow_fields {
	struct arrow_table *table;
	struct arrow_layout *layouts;
	size_t count, capacity;
	bool in_words; /* a number that stands for a word is the word */
};

/* The layouts of a type, or one alone. Those that are added first give names and order. */
void arrow_fields_take_type(struct arrow_fields *f, const struct kmeta_schema *type);
void arrow_fields_take(struct arrow_fields *f, const struct kmeta_schema *schema);
void arrow_fields_release(struct arrow_fields *f);

/* A field of the record itself has the name, in any case. */
bool arrow_fields_have(const struct arrow_fields *f, const char *name);

/* Adds the columns to the table, behind those that it has. A failure is in table->failed. */
void arrow_fields_make(struct arrow_fields *f);

/*
 * The values of a record, each as the next one of its column. A field without a value is left to
 * arrow_end_struct(), as is a record of a layout that was not taken.
 */
void arrow_fields_put(const struct arrow_fields *f, const struct kmeta_fields *record,
                      unsigned flags);

/* A text as the next value of its column; bytes that are not UTF-8 are replaced. */
void arrow_put_text(struct arrow_table *t, size_t column, struct kmeta_bytes text);

#endif
