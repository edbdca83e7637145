/* SPDX-License-Identifier: Apache-2.0 */
/* row_pages.h: the pages that rows.c takes its lines from, the last of them kept in memory. */
#ifndef BROWSE_ROW_PAGES_H
#define BROWSE_ROW_PAGES_H

#include "rows.h"

enum { SLOTS = 12 };

struct visible {
	uint32_t row;
	uint32_t no_ops;
};

/* A page that was read, and which of its rows are lines. */
struct slot {
	bool used, shown; /* "visible" is up to date */
	uint64_t stamp;
	struct kmeta_page page;
	struct kmeta_dialect dialect;
	struct visible *visible;
	size_t count, capacity;
};

struct rows {
	struct kmeta_pages *pages;
	struct index *index;
	struct rows_options options;
	struct slot slots[SLOTS];
	uint64_t stamp;
	struct {
		struct slot *slot; /* NULL: none yet */
		size_t number;     /* of a line in it */
	} given;                   /* last */
	struct kmeta_fields fields;
	struct kmeta_text *text;
	struct kmeta_buffer scratch;
};

/* A file's size, and whether there is a file of that number. */
int64_t row_pages_size(const struct rows *rows, size_t file);
bool row_pages_has(const struct rows *rows, size_t file);

/* The page that begins at a position, from memory or the file; NULL: there is none. */
struct slot *row_pages_read(struct rows *rows, size_t file, int64_t begin, int64_t end);

/* The page that a place lies in. */
struct slot *row_pages_at(struct rows *rows, struct kmeta_place place);

/* The first page with lines from a position on, and the last that ends at or before one. */
enum found row_pages_from(struct rows *rows, size_t file, int64_t position, struct slot **slot);
enum found row_pages_before(struct rows *rows, size_t file, int64_t position, struct slot **slot);

#endif
