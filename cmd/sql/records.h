/* SPDX-License-Identifier: Apache-2.0 */
/* records.h: the table of records: what a statement asks for, and where a scan of the log is. */
#ifndef SQL_RECORDS_H
#define SQL_RECORDS_H

#include "sql.h"

enum records_column {
	RECORDS_OFFSET,
	RECORDS_TIMESTAMP,
	RECORDS_TIME,
	RECORDS_EPOCH,
	RECORDS_TYPE,
	RECORDS_VERSION,
	RECORDS_TOPIC,
	RECORDS_PARTITION,
	RECORDS_BROKER,
	RECORDS_DATA,
	RECORDS_ERROR,
	RECORDS_FILE,
	RECORDS_POSITION,
	RECORDS_BATCH_OFFSET,
	RECORDS_BATCH_SIZE,
	RECORDS_CODEC,
	RECORDS_VALID,
	RECORDS_CONTROL,
	RECORDS_SIZE,
	RECORDS_ADDRESS
};

/* What a statement asks for: ranges that the source seeks, and a filter for the rest. */
struct records_wish {
	struct kmeta_range offsets, times, epochs;
	struct kmeta_filter *filter; /* NULL: every record */
	struct kmeta_buffer topics;  /* names that the filter cannot take, each with its NUL */
	bool is_empty;               /* no record can be so */
	bool is_ordered, is_reverse; /* by offset */
	bool needs_names;            /* of topics */
};

struct records_cursor {
	struct sql_cursor common;
	struct records_wish wish;

	/* The log. */
	struct kmeta_source *source;
	struct kmeta_point until;
	char *path;
	struct kmeta_dialect dialect;
	struct kmeta_topics *topics; /* NULL: nobody asks for names */
	int64_t next_offset;         /* that is to come if no record is missing, -1: any */
	int64_t last_offset;         /* of the row before, if rows are ordered */
	bool has_begun, has_row_before, is_at_end;

	/* The batch, and where in it. */
	struct kmeta_batch batch;
	bool is_in_batch, is_damaged;
	struct kmeta_finding damage; /* of the batch */
	struct kmeta_cursor at;
	struct kmeta_cursor *places; /* of the records of a batch that is read backwards */
	size_t places_left, places_capacity;

	/* The row. */
	struct kmeta_record record;
	int32_t number; /* of the record in its batch */
	bool has_error;
	struct kmeta_finding error;
	enum { RECORDS_NOT_TRIED, RECORDS_DECODED, RECORDS_UNKNOWN } decoded;
	struct kmeta_fields fields;

	struct kmeta_printer *printer;
	size_t data_at; /* in the line that it printed last */
	struct kmeta_buffer scratch;
};

/* ---- records_plan.c ---- */

int records_plan(sqlite3_vtab *table, sqlite3_index_info *info);

/* Reads the values that the plan asked for. */
int records_wish_take(struct records_cursor *c, int number, const char *letters, int count,
                      sqlite3_value **values);
void records_wish_release(struct records_wish *wish);

/* The address and the flag among them. */
const char *records_address(const char *letters, int count, sqlite3_value **values);

/* ---- records_scan.c ---- */

int records_open_log(struct records_cursor *c, const char *address);
void records_close_log(struct records_cursor *c);

/* Goes to the next record that is wanted. */
int records_step(struct records_cursor *c);

/* Decodes the record unless it was before; what cannot be decoded has an error then. */
int records_decode(struct records_cursor *c);

/* ---- records_columns.c ---- */

int records_put_column(struct records_cursor *c, sqlite3_context *result, int column);

#endif
