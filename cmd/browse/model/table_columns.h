/* SPDX-License-Identifier: Apache-2.0 */
/* table_columns.h: the columns of the tables: one constant table for each kind of entity. */
#ifndef BROWSE_MODEL_TABLE_COLUMNS_H
#define BROWSE_MODEL_TABLE_COLUMNS_H

#include <kmeta.h>

struct table;
struct table_node;

/* What a cell says. A flag is a number: 1 or 0. */
enum value_kind { VALUE_NONE, VALUE_UNKNOWN, VALUE_NUMBER, VALUE_LIST, VALUE_TEXT };

struct table_value {
	enum value_kind kind;
	double number;          /* of a list: how many it has */
	struct kmeta_bytes ids; /* of a list of nodes: their ids, big-endian; borrowed */
};

struct table_row {
	const struct table *table;
	const struct kmeta_entity *entity;
	size_t number; /* in the list of all */
};

struct column;

/* Sets the value, and appends its text unless "text" is NULL. */
typedef void column_put(const struct table_row *row, const struct column *column,
                        struct table_value *value, struct kmeta_buffer *text);

/* Bits of a column. */
enum {
	COLUMN_KEY = 1,         /* stays at the left edge */
	COLUMN_RIGHT = 2,       /* numbers end at its right edge */
	COLUMN_HIDDEN = 4,      /* not shown until it is asked for */
	COLUMN_TEXT = 8,        /* sorted as text */
	COLUMN_IN_ORDER = 16,   /* the list is sorted by it */
	COLUMN_FLAG = 32,       /* yes or no */
	COLUMN_WRONG_SOME = 64, /* anything but 0 in it is wrong */
	COLUMN_WRONG_NONE = 128 /* "none", which is a number below 0, is wrong in it */
};

struct column {
	const char *name; /* at its head, and in terms */
	column_put *put;
	const char *field; /* of the entity's record; NULL: none */
	unsigned number;   /* for "put": of a tally */
	int width;         /* at most, while others want the room */
	unsigned flags;
	unsigned color; /* of what is wrong, as cells have it */
};

/* What partitions make of topics and brokers, counted for each. */
enum {
	TALLY_PARTITIONS,
	TALLY_LEADERLESS,
	TALLY_UNDER_REPLICATED,
	TALLY_REASSIGNING,
	TALLY_LEAST_REPLICAS,
	TALLY_MOST_REPLICAS,
	TALLY_OVERRIDES,
	TALLIES_OF_TOPIC
};
enum { TALLY_LEADERS, TALLY_REPLICAS, TALLY_BEHIND, TALLIES_OF_BROKER };

/* What the headline counts. */
enum table_total {
	TOTAL_TOPICS,
	TOTAL_PARTITIONS,
	TOTAL_LEADERLESS,
	TOTAL_UNDER_REPLICATED,
	TOTAL_REASSIGNING,
	TOTAL_BROKERS,
	TOTAL_FENCED,
	TABLE_TOTALS
};

/* The most columns of a kind. */
enum { TABLE_COLUMNS = 24 };

struct table_kind {
	const struct column *columns;
	size_t count;
	size_t tallies;         /* for each entity */
	bool counts_partitions; /* the columns or the headline need all partitions */
};

/* Never NULL for a kind. */
const struct table_kind *table_kind(enum kmeta_entity_kind kind);

/* The column of a name, in any case, with "_" for "-". False: there is none. */
bool table_column(const struct table_kind *kind, const char *name, size_t size, size_t *column);

/* A cell of a row. */
void table_cell(const struct table_row *row, const struct column *column, struct table_value *value,
                struct kmeta_buffer *text);

/* Finds a field that nearly always stands where it stood before, at "*at". NULL: there is none. */
const struct kmeta_field *table_field(const struct kmeta_fields *fields, const char *name,
                                      size_t *at);

/* A broker of the state. NULL: it is not registered. */
const struct table_node *table_node(const struct table *t, int32_t id);

/* A number of an array, as fields have them. */
static inline int32_t table_id(struct kmeta_bytes ids, size_t number)
{
	const uint8_t *at = ids.data + number * 4;

	return (int32_t)((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
	                 at[3]);
}

#endif
