/* SPDX-License-Identifier: Apache-2.0 */
/* entities.h: tables of what is in a state: a table for each kind of entity. */
#ifndef SQL_ENTITIES_H
#define SQL_ENTITIES_H

#include "sql.h"

/* A cursor over the entities of one kind. */
struct entities_cursor {
	struct sql_cursor common;
	enum kmeta_entity_kind kind;
	struct sql_state *state;
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	int64_t row;
	bool is_at_end;
	struct kmeta_buffer scratch;

	/* Partitions of which only the leaders are asked for, in their order. */
	int32_t *leaders;
	size_t leaders_count;
};

/* ---- partitions.c ---- */

/* The declaration of the table of partitions, and the number of its column "address". */
extern const char *const partitions_declaration;
extern const int partitions_address, partitions_topic, partitions_leader;

void partitions_put_column(struct entities_cursor *c, sqlite3_context *result, int column);

/* Sorts the leaders of all partitions, for statements that count by them. */
int partitions_gather_leaders(struct entities_cursor *c);

#endif
