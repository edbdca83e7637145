/* SPDX-License-Identifier: Apache-2.0 */
/* records.c: kmeta_records(), the table of a log's records. */
#include "records.h"

#include <stdlib.h>
#include <string.h>

static int records_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                           sqlite3_vtab **table, char **error)
{
	(void)argc, (void)argv, (void)error;
	return sql_connect(db, aux,
	                   "CREATE TABLE records(\"offset\" INTEGER, timestamp INTEGER, time TEXT,"
	                   " epoch INTEGER, type TEXT, version INTEGER, topic TEXT,"
	                   " \"partition\" INTEGER, broker INTEGER, data JSON TEXT, error TEXT,"
	                   " file TEXT, position INTEGER, batch_offset INTEGER,"
	                   " batch_size INTEGER, codec TEXT, valid BOOLEAN, control BOOLEAN,"
	                   " size INTEGER,"
	                   " address HIDDEN)",
	                   table);
}

static int records_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
	return sql_open(table, sizeof(struct records_cursor), cursor);
}

static void records_reset(struct records_cursor *c)
{
	records_close_log(c);
	records_wish_release(&c->wish);
}

static int records_close(sqlite3_vtab_cursor *cursor)
{
	struct records_cursor *c = (struct records_cursor *)cursor;

	records_reset(c);
	kmeta_fields_release(&c->fields);
	kmeta_buffer_release(&c->scratch);
	kmeta_printer_free(c->printer);
	free(c->places);
	sql_close(&c->common);
	return SQLITE_OK;
}

static int records_filter(sqlite3_vtab_cursor *cursor, int number, const char *letters, int count,
                          sqlite3_value **values)
{
	struct records_cursor *c = (struct records_cursor *)cursor;
	int code;

	records_reset(c);
	c->common.salvage = c->common.sql->options.salvage;
	code = records_wish_take(c, number, letters, count, values);
	if (code != SQLITE_OK)
		return code;
	c->is_at_end = c->wish.is_empty;
	if (!c->is_at_end)
		code = records_open_log(c, records_address(letters, count, values));
	return code == SQLITE_OK && !c->is_at_end ? records_step(c) : code;
}

static int records_next(sqlite3_vtab_cursor *cursor)
{
	return records_step((struct records_cursor *)cursor);
}

static int records_eof(sqlite3_vtab_cursor *cursor)
{
	return ((struct records_cursor *)cursor)->is_at_end;
}

static int records_column_of(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int column)
{
	return records_put_column((struct records_cursor *)cursor, result, column);
}

/*
 * The place of a record in the log, which is the same in every scan: SQLite tells by it which rows it
 * has had, where a condition with OR takes two. Offsets may be there twice in a damaged log.
 */
static int records_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
	const struct records_cursor *c = (const struct records_cursor *)cursor;
	uint64_t hash = UINT64_C(14695981039346656037);

	for (const char *at = c->batch.file; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	hash ^= (uint64_t)c->batch.position * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	*rowid = (sqlite3_int64)(hash + (uint64_t)c->number);
	return SQLITE_OK;
}

static const sqlite3_module records_module = { .xConnect = records_connect,
	                                       .xBestIndex = records_plan,
	                                       .xDisconnect = sql_disconnect,
	                                       .xOpen = records_open,
	                                       .xClose = records_close,
	                                       .xFilter = records_filter,
	                                       .xNext = records_next,
	                                       .xEof = records_eof,
	                                       .xColumn = records_column_of,
	                                       .xRowid = records_rowid };

const struct sql_row_of_modules sql_records_modules[] = {
	{ "kmeta_records", &records_module, NULL }, { NULL, NULL, NULL }
};
