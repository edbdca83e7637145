/* SPDX-License-Identifier: Apache-2.0 */
/* table_view.h: the view of the state as a table. */
#ifndef BROWSE_VIEWS_TABLE_VIEW_H
#define BROWSE_VIEWS_TABLE_VIEW_H

#include "../model/table.h"
#include "state.h"

/* How the user wants to see the table of a kind. */
struct table_look {
	size_t columns[TABLE_COLUMNS]; /* that are shown, in their order */
	size_t count;                  /* 0: as the table of columns has them */
	size_t chosen;                 /* one of them */
	size_t first;                  /* the first one that is drawn behind those of the key */
	int widths[TABLE_COLUMNS];     /* of the widest cell that was drawn, by column */
	size_t by;                     /* the column to sort by */
	bool sorted, down;
};

/* A column as it was drawn last. */
struct table_slot {
	size_t at; /* in look.columns */
	int x, width;
};

struct table_state {
	struct table table;   /* the task's own while it runs */
	bool ready;           /* the table is that of "kind" at the log's cursor */
	unsigned long number; /* of the state that the table is of */

	enum kmeta_entity_kind kind;
	char *text; /* of the terms; NULL: none */
	struct table_terms terms;
	struct table_look looks[KMETA_ENTITY_KINDS];

	size_t cursor, top;      /* rows */
	struct kmeta_buffer key; /* of the entity to stay on */
	char *path;              /* of one to go to; NULL: none */
	struct table_search search;
	struct pattern *pattern;        /* the search's own */
	size_t searched[TABLE_COLUMNS]; /* the columns that it looks at */

	struct area rows; /* as drawn last */
	struct table_slot slots[TABLE_COLUMNS];
	size_t slots_count;
	struct grid picture; /* what was drawn last, which is shown while the task works */
};

static inline struct table_state *table_of(const struct screen *s)
{
	return s->states[VIEW_TABLE];
}

static inline struct table_look *look_of(struct table_state *v)
{
	return &v->looks[v->kind];
}

/* The table is there, no task has it, and the state that it is of is still there. */
static inline bool table_is_free(const struct screen *s)
{
	return !job_is_running(&s->model->task.job) && table_of(s)->ready &&
	       table_of(s)->number == state_of(s)->number;
}

/* ---- table_draw.c ---- */

void table_draw(struct screen *s, struct area area);

#endif
