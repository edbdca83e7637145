/* SPDX-License-Identifier: Apache-2.0 */
/* sql.h: what the tables of one connection share: addresses, states, errors, columns. */
#ifndef SQL_SQL_H
#define SQL_SQL_H

#include <kmeta.h>
#include <sqlite3ext.h>

#include "register.h"
SQLITE_EXTENSION_INIT3

/* ---- the connection ---- */

struct sql_state;

struct sql {
	struct sql_options options;
	size_t users;             /* the modules of the connection */
	struct sql_state *states; /* the one that was used last comes first */
	int64_t now;              /* of the statement */
	size_t cursors;           /* that are open: a statement has its cursors until it ends */
	bool has_read_stdin;
};

/* All tables begin with this, and all cursors with the next one. */
struct sql_table {
	sqlite3_vtab base;
	struct sql *sql;
	const void *about; /* what the module was made for */
};

struct sql_cursor {
	sqlite3_vtab_cursor base;
	struct sql *sql;
	bool salvage; /* damage does not end this statement */
};

/* What a module was registered with. */
struct sql_module {
	struct sql *sql;
	const void *about;
};

/* Makes a table with this declaration of columns, for xConnect. */
int sql_connect(sqlite3 *db, void *aux, const char *columns, sqlite3_vtab **table);
int sql_disconnect(sqlite3_vtab *table);

/* For xOpen, of "size" bytes that are zero, and the end of xClose. */
int sql_open(sqlite3_vtab *table, size_t size, sqlite3_vtab_cursor **cursor);
void sql_close(struct sql_cursor *cursor);

/* ---- modules: NULL behind the last ---- */

struct sql_row_of_modules {
	const char *name; /* "kmeta_records" */
	const sqlite3_module *module;
	const void *about;
};

extern const struct sql_row_of_modules sql_records_modules[], sql_entities_modules[],
	sql_pulled_modules[];

/* ---- what goes wrong ---- */

/* The message of the statement is that of the finding. Returns SQLITE_ERROR. */
int sql_fail(sqlite3_vtab *table, const struct kmeta_finding *why, const char *address);

int sql_fail_text(sqlite3_vtab *table, const char *format, ...);

/* Whether a finding ends the statement: an error does unless it salvages. Others are passed on. */
bool sql_stops(const struct sql_cursor *cursor, const struct kmeta_finding *finding);

/* The same where it was met, with the message of the statement. */
int sql_meet(struct sql_cursor *cursor, const struct kmeta_finding *finding);

/* Shows how far the work is; false: it is to stop. */
bool sql_goes_on(const struct sql_cursor *cursor, int64_t done, int64_t total);

/* ---- arguments: hidden columns that have to be equal to something ---- */

enum { SQL_ARGUMENTS = 3 };

/* The columns from "first" on: those that a function takes, in their order. */
struct sql_arguments {
	int first;
	const char *names[SQL_ARGUMENTS]; /* NULL behind the last */
	int needed;
};

/*
 * Takes the arguments among the constraints of a plan. "letters" gets a digit for each value that
 * xFilter will get, and "count" how many. SQLITE_CONSTRAINT: this plan is impossible.
 */
int sql_take_arguments(sqlite3_index_info *info, const struct sql_arguments *arguments,
                       char *letters, int *count);

/* Hands the letters on to xFilter. A plan without an argument that is needed costs too much. */
int sql_end_plan(sqlite3_index_info *info, const struct sql_arguments *arguments,
                 const char *letters, int count);

/* The argument as text; NULL: it is not there. */
const char *sql_argument(const char *letters, int count, sqlite3_value **values, int number);

/* ---- addresses and states ---- */

/* The caller frees the path. A point behind the end is the end. */
int sql_address(struct sql_cursor *cursor, const char *address, char **path,
                struct kmeta_point *point);

/* False: it is standard input, which was read before. */
bool sql_may_read(struct sql *sql, const char *path);

/* The state at an address, which is loaded unless it was before and no file changed since. */
int sql_state_take(struct sql_cursor *cursor, const char *address, struct sql_state **state);
const struct kmeta_image *sql_state_image(const struct sql_state *state);
void sql_state_give_back(struct sql *sql, struct sql_state *state);
void sql_states_free(struct sql *sql);

/* ---- values ---- */

/* Text that the result copies; JSON is marked as such. Without memory, the result is an error. */
void sql_result_json_text(sqlite3_context *result, const char *text, size_t size);
void sql_result_buffer(sqlite3_context *result, const struct kmeta_buffer *text);
void sql_result_json(sqlite3_context *result, const struct kmeta_buffer *text);
void sql_result_time(sqlite3_context *result, struct kmeta_buffer *scratch, int64_t milliseconds,
                     unsigned flags);

/* A field as SQL has it: numbers, booleans as 0 and 1, enumerations as words, text, and JSON. */
void sql_result_field(sqlite3_context *result, struct kmeta_buffer *scratch,
                      const struct kmeta_fields *fields, const struct kmeta_field *field,
                      unsigned flags);

/* An absent field has its default. */
void sql_result_default(sqlite3_context *result, const struct kmeta_schema *schema,
                        const struct kmeta_schema_field *field);

/* The type of a column for a field. */
const char *sql_field_type(const struct kmeta_schema *schema,
                           const struct kmeta_schema_field *field);

/* Appends "leader_epoch" of "leaderEpoch". */
void sql_put_name(struct kmeta_buffer *out, const char *name);

#endif
