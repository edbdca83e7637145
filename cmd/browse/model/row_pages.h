/* SPDX-License-Identifier: Apache-2.0 */
/* row_pages.h: reads the pages of rows.c, and keeps those that were used last. */
#ifndef BROWSE_ROW_PAGES_H
#define BROWSE_ROW_PAGES_H

#include "rows.h"

/* How lines are printed that a filter searches: the same at any width. */
enum { SLOTS = 12, FILTERED_FLAGS = KMETA_SHOW_SECRETS };

struct visible {
	uint32_t row;
	uint32_t no_ops;
};

/* A page in memory, and which of its rows are lines. */
struct slot {
	bool used, shown; /* "visible" is valid */
	bool known;       /* the index has come here: dialect and names are those of the log */
	uint64_t stamp;
	int64_t wanted_end; /* the page ends with the batch there */
	struct kmeta_page page;
	struct kmeta_dialect dialect;
	struct visible *visible;
	size_t count, capacity;
};

struct rows {
	struct kmeta_pages *pages;
	struct index *index;
	struct rows_options options;
	struct kmeta_matcher *matcher; /* of the filter; NULL: none, or no memory for it */
	struct slot slots[SLOTS];
	uint64_t stamp;
	struct {
		struct slot *slot; /* NULL: none yet */
		size_t number;     /* the line in it */
	} given;                   /* returned last */
	struct kmeta_fields fields;
	struct kmeta_text *text;
	struct kmeta_printer *printer; /* of lines without colours; NULL: no memory for it */
	struct kmeta_buffer scratch;
};

/* Returns the size of a file. False: no file has that number. */
int64_t row_pages_size(const struct rows *rows, size_t file);
bool row_pages_has(const struct rows *rows, size_t file);

/* Returns the page that begins at a position, from memory or the file. NULL: there is none. */
struct slot *row_pages_read(struct rows *rows, size_t file, int64_t begin, int64_t end);

/* Returns the page that holds a place. UNKNOWN: it cannot be filtered yet. */
enum found row_pages_at(struct rows *rows, struct kmeta_place place, struct slot **slot);

/*
 * Return the first page with lines at or after a position, and the last that ends at or before it.
 */
enum found row_pages_from(struct rows *rows, size_t file, int64_t position, struct slot **slot);
enum found row_pages_before(struct rows *rows, size_t file, int64_t position, struct slot **slot);

#endif
