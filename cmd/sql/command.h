/* SPDX-License-Identifier: Apache-2.0 */
/* command.h: kmeta-sql: a database in memory with the tables in it, and how rows are printed. */
#ifndef SQL_COMMAND_H
#define SQL_COMMAND_H

#include <sqlite3.h>

#include "../common.h"
#include "register.h"

enum sql_format { SQL_TEXT, SQL_JSON, SQL_CSV };

/* What was asked for. */
struct asked {
	struct common common;
	enum sql_format format;
	bool salvage;
	const char *const *addresses;
	size_t addresses_count;
	const char *query;         /* NULL: standard input has it */
	struct kmeta_buffer typed; /* from there */
	sqlite3 *db;
};

/* ---- database.c ---- */

/* Opens the database, with a view of each table. */
enum kmeta_status sql_open_database(struct asked *a, struct kmeta_finding *why);

/* The message of the last call on the database as a finding. */
enum kmeta_status sql_database_fault(const struct asked *a, struct kmeta_finding *why);

/* ---- rows.c ---- */

/* Prints all rows of a statement, and counts them. */
enum kmeta_status sql_print_rows(struct asked *a, sqlite3_stmt *statement, int64_t *count,
                                 struct kmeta_finding *why);

#endif
