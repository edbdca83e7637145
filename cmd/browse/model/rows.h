/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: the log as lines. Folds and the filter hide some of its rows. */
#ifndef BROWSE_ROWS_H
#define BROWSE_ROWS_H

#include "index.h"

/* Which rows are lines, and how lines are printed. */
struct rows_options {
	bool fold;                         /* a run of no-ops is one line */
	const struct kmeta_filter *filter; /* NULL: everything; borrowed */
	unsigned flags;                    /* KMETA_SHOW_ */
};

struct rows;

/* Index and pages have to stay open as long as the rows. NULL: out of memory. */
struct rows *rows_new(const struct kmeta_pages *pages, struct index *index);
void rows_free(struct rows *rows);
void rows_set(struct rows *rows, const struct rows_options *options);

/* Changes the flags alone; the same rows stay lines. */
void rows_restyle(struct rows *rows, unsigned flags);
struct rows_options rows_options(const struct rows *rows);

/* Drops all pages after the files changed. False: out of memory. */
bool rows_reload(struct rows *rows, const struct kmeta_pages *pages);

/* One line. All but the place is borrowed until the next call. */
struct line {
	struct kmeta_place place;
	const struct kmeta_row *row;
	const struct kmeta_batch *batch;    /* NULL: damage, and no batch follows it */
	const struct kmeta_finding *damage; /* NULL: a record */
	struct kmeta_dialect dialect;
	int64_t no_ops; /* how many records are folded into it; 0: none */
	int64_t last_offset;
	bool certain; /* its text stays the same when the index has come further */
};

enum found {
	ROW_FOUND,
	ROW_NONE,   /* no line in that direction */
	ROW_UNKNOWN /* the index or the filter has not come there yet */
};

/* Returns the line at a place, else the first one after it, else the last one before it. */
enum found rows_at(struct rows *rows, struct kmeta_place place, struct line *line);
enum found rows_next(struct rows *rows, struct kmeta_place place, struct line *line);
enum found rows_previous(struct rows *rows, struct kmeta_place place, struct line *line);
enum found rows_first(struct rows *rows, struct line *line);
enum found rows_last(struct rows *rows, struct line *line);

/*
 * Returns the line of the record with an offset, or the first one after it. UNKNOWN: the record was
 * not found, and the index may know better later.
 */
enum found rows_at_offset(struct rows *rows, int64_t offset, struct line *line);

/* Returns the first line on a page of the index. */
enum found rows_on_page(struct rows *rows, size_t number, struct line *line);

/* Sets "done" to the bytes of the log before a place, and "total" to all of them. */
void rows_extent(const struct rows *rows, struct kmeta_place place, int64_t *done, int64_t *total);
struct kmeta_place rows_at_extent(const struct rows *rows, int64_t done);

/* Appends the line as text without a newline. "styled": with sequences for colours. */
void rows_text(struct rows *rows, const struct line *line, bool styled, struct kmeta_buffer *out);

/* Decodes the record of a line. False: it is damage or cannot be decoded, as "why" says. */
bool rows_decode(const struct line *line, struct kmeta_fields *fields, struct kmeta_finding *why);

/* Filters a page of the index, for the job that does so ahead of the screen. */
enum match rows_match_page(struct rows *rows, const struct kmeta_stretch *page);

const struct kmeta_pages *rows_pages(const struct rows *rows);

int place_compare(struct kmeta_place a, struct kmeta_place b);

#endif
