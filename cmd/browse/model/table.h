/* SPDX-License-Identifier: Apache-2.0 */
/* table.h: the entities of one kind in a state as rows, which are chosen by terms and sorted. */
#ifndef BROWSE_MODEL_TABLE_H
#define BROWSE_MODEL_TABLE_H

#include "../term/pattern.h"
#include "job.h"
#include "table_columns.h"
#include "table_terms.h"

/* Whether a broker is there, by its id. */
struct table_node {
	int32_t id;
	bool online;
};

/* No row is kept, only its number in the list: its entity is made when it is looked at. */
struct table {
	enum kmeta_entity_kind kind;
	const struct table_kind *about;
	const struct kmeta_image *image; /* borrowed */
	unsigned flags;                  /* KMETA_SHOW_ */
	struct kmeta_list *list;
	uint32_t *order; /* the numbers of the rows that are shown, in their order */
	size_t count;

	uint32_t *tallies;        /* about->tallies of each entity */
	struct table_node *nodes; /* the brokers, sorted */
	size_t nodes_count;
	size_t totals[TABLE_TOTALS];
	struct kmeta_entity entity; /* of the row that was looked at last */
};

/* ---- table_tally.c ---- */

/* Counts what the columns and the headline have of partitions. False: stopped, or out of memory. */
bool table_tally(struct table *t, struct job *job);

/* ---- table.c ---- */

/*
 * Makes the table of a kind, which shows all rows. A table is { 0 } before; the image must not change
 * until table_close(). False: the job was stopped, or memory ran out.
 */
bool table_open(struct table *t, const struct kmeta_image *image, enum kmeta_entity_kind kind,
                unsigned flags, struct job *job);
void table_close(struct table *t);

/* Gets the entity of a row that is shown, borrowed until the next call on the table. */
bool table_row(struct table *t, size_t row, struct table_row *out);

/* Shows the rows that meet all terms, in the order of the list. False: as table_open(). */
bool table_choose(struct table *t, struct table_terms *terms, struct job *job);

/*
 * Sorts by a column, the smallest or, "down", the largest first. Equal rows stay in their order.
 * False: as table_open(); the order is then as before.
 */
bool table_sort(struct table *t, size_t column, bool down, struct job *job);

/* Finds the row that shows the entity with this key. False: none does. */
bool table_row_of(struct table *t, struct kmeta_bytes key, size_t *row);

/* A search through the rows that are shown, from a row on, and then from the other end. */
struct table_search {
	const struct pattern *pattern;
	const size_t *columns; /* to look at */
	size_t columns_count;
	size_t from;
	bool backwards;

	bool found, wrapped;
	size_t row;
};

void table_look(struct table *t, struct table_search *search, struct job *job);

#endif
