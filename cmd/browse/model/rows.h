/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: the log as lines to go up and down in, some of them folded or filtered away. */
#ifndef BROWSE_ROWS_H
#define BROWSE_ROWS_H

#include "index.h"

/* Which rows are lines, and how they read. */
struct rows_options {
	bool fold;                         /* a run of no-ops is one line */
	const struct kmeta_filter *filter; /* NULL: everything; borrowed */
	unsigned flags;                    /* KMETA_SHOW_ */
};

struct rows;

/* Both must outlive the rows. NULL: out of memory. */
struct rows *rows_new(const struct kmeta_pages *pages, struct index *index);
void rows_free(struct rows *rows);
void rows_set(struct rows *rows, const struct rows_options *options);

/* Other flags alone: which rows are lines stays as it is. */
void rows_restyle(struct rows *rows, unsigned flags);
struct rows_options rows_options(const struct rows *rows);

/* What was read is read again, since the files changed. False: out of memory. */
bool rows_reload(struct rows *rows, const struct kmeta_pages *pages);

/* One line. Borrowed until the next call, but for the place. */
struct line {
	struct kmeta_place place;
	const struct kmeta_row *row;
	const struct kmeta_batch *batch;    /* NULL: damage in front of no batch */
	const struct kmeta_finding *damage; /* NULL: a record */
	struct kmeta_dialect dialect;
	int64_t no_ops; /* how many records the line stands for; 0: itself alone */
	int64_t last_offset;
};

enum found {
	ROW_FOUND,
	ROW_NONE,   /* there is none in that direction */
	ROW_UNKNOWN /* the filter has not looked there yet */
};

/* The line at a place, or the first behind it, or else the last before it. */
enum found rows_at(struct rows *rows, struct kmeta_place place, struct line *line);
enum found rows_next(struct rows *rows, struct kmeta_place place, struct line *line);
enum found rows_previous(struct rows *rows, struct kmeta_place place, struct line *line);
enum found rows_first(struct rows *rows, struct line *line);
enum found rows_last(struct rows *rows, struct line *line);

/* The line of the record with an offset, or the first behind it. */
enum found rows_at_offset(struct rows *rows, int64_t offset, struct line *line);

/* The first line on a page of the index. */
enum found rows_on_page(struct rows *rows, size_t number, struct line *line);

/* How far into the log a place is, in bytes of all. */
void rows_extent(const struct rows *rows, struct kmeta_place place, int64_t *done, int64_t *total);
struct kmeta_place rows_at_extent(const struct rows *rows, int64_t done);

/* The line as text, without a newline; with "styled", sequences that make parts of it stand out. */
void rows_text(struct rows *rows, const struct line *line, bool styled, struct kmeta_buffer *out);

/* Decodes the line's record; false: it is damage, or cannot be decoded, for a reason in "why". */
bool rows_decode(const struct line *line, struct kmeta_fields *fields, struct kmeta_finding *why);

/* Looks through a page of the index with a filter, for who does so ahead of the screen. */
enum match rows_match_page(struct rows *rows, const struct kmeta_stretch *page);

const struct kmeta_pages *rows_pages(const struct rows *rows);

int place_compare(struct kmeta_place a, struct kmeta_place b);

#endif
