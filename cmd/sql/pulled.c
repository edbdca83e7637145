/* SPDX-License-Identifier: Apache-2.0 */
/* pulled.c: the modules of tables whose rows come from a call of the library. */
#include "pulled.h"

#include <stdlib.h>
#include <string.h>

static const struct pulled_kind *kind_of(const sqlite3_vtab *table)
{
	return ((const struct sql_table *)table)->about;
}

static int pulled_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                          sqlite3_vtab **table, char **error)
{
	const struct sql_module *module = aux;
	const struct pulled_kind *kind = module->about;

	(void)argc, (void)argv, (void)error;
	return sql_connect(db, aux, kind->declaration, table);
}

static int pulled_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	char letters[SQL_ARGUMENTS + 1] = "";
	int count = 0;
	const struct sql_arguments *arguments = &kind_of(table)->arguments;
	const int code = sql_take_arguments(info, arguments, letters, &count);

	if (code != SQLITE_OK)
		return code;
	info->estimatedCost = 100000;
	info->estimatedRows = 10000;
	return sql_end_plan(info, arguments, letters, count);
}

static int pulled_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
	return sql_open(table, sizeof(struct pulled_cursor), cursor);
}

static void pulled_reset(struct pulled_cursor *c)
{
	pull_end(&c->pull);
	for (size_t i = 0; i < PULLED_ADDRESSES; i++) {
		sql_state_give_back(c->common.sql, c->states[i]);
		c->states[i] = NULL;
	}
	for (size_t i = 0; i < SQL_ARGUMENTS; i++) {
		free(c->arguments[i]);
		c->arguments[i] = NULL;
	}
	free(c->path);
	c->path = NULL;
	c->is_at_end = false;
}

static int pulled_close(sqlite3_vtab_cursor *cursor)
{
	struct pulled_cursor *c = (struct pulled_cursor *)cursor;

	pulled_reset(c);
	kmeta_buffer_release(&c->scratch);
	sql_close(&c->common);
	return SQLITE_OK;
}

static int pulled_step(struct pulled_cursor *c)
{
	const struct pulled_kind *kind = kind_of(c->common.base.pVtab);
	struct kmeta_finding why;
	enum kmeta_status status;

	c->row++;
	status = pull_next(&c->pull, c->values, (size_t)kind->columns, &why);
	if (status == KMETA_FAILED)
		return sql_fail(c->common.base.pVtab, &why, c->path);
	c->is_at_end = status == KMETA_END;
	return SQLITE_OK;
}

static int take_arguments(struct pulled_cursor *c, const char *letters, int count,
                          sqlite3_value **values)
{
	for (int i = 0; i < SQL_ARGUMENTS; i++) {
		const char *text = sql_argument(letters, count, values, i);

		c->arguments[i] = text ? strdup(text) : NULL;
		if (text && !c->arguments[i])
			return SQLITE_NOMEM;
	}
	return SQLITE_OK;
}

static int pulled_filter(sqlite3_vtab_cursor *cursor, int number, const char *letters, int count,
                         sqlite3_value **values)
{
	struct pulled_cursor *c = (struct pulled_cursor *)cursor;
	const struct pulled_kind *kind = kind_of(cursor->pVtab);
	int code;

	(void)number;
	pulled_reset(c);
	c->common.salvage = c->common.sql->options.salvage;
	c->row = -1;
	code = take_arguments(c, letters, count, values);
	if (code == SQLITE_OK)
		code = kind->prepare(c);
	if (code != SQLITE_OK)
		return code;
	pull_begin(&c->pull, kind->run, c);
	return pulled_step(c);
}

static int pulled_next(sqlite3_vtab_cursor *cursor)
{
	return pulled_step((struct pulled_cursor *)cursor);
}

static int pulled_eof(sqlite3_vtab_cursor *cursor)
{
	return ((struct pulled_cursor *)cursor)->is_at_end;
}

static int pulled_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int column)
{
	struct pulled_cursor *c = (struct pulled_cursor *)cursor;
	const struct pulled_kind *kind = kind_of(cursor->pVtab);
	const struct pull_value *value = &c->values[column < kind->columns ? column : 0];

	if (column >= kind->columns)
		return SQLITE_OK;
	switch (value->type) {
	case PULL_NULL:
		break;
	case PULL_NUMBER:
		if (column == kind->time)
			sql_result_time(result, &c->scratch, value->number,
			                c->common.sql->options.flags);
		else
			sqlite3_result_int64(result, value->number);
		break;
	case PULL_TEXT:
		sqlite3_result_text64(result, (const char *)value->text.data, value->text.size,
		                      SQLITE_TRANSIENT, SQLITE_UTF8);
		break;
	case PULL_JSON:
		sql_result_json_text(result, (const char *)value->text.data, value->text.size);
	}
	return SQLITE_OK;
}

static int pulled_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
	*rowid = ((struct pulled_cursor *)cursor)->row;
	return SQLITE_OK;
}

static const sqlite3_module pulled_module = { .xConnect = pulled_connect,
	                                      .xBestIndex = pulled_plan,
	                                      .xDisconnect = sql_disconnect,
	                                      .xOpen = pulled_open,
	                                      .xClose = pulled_close,
	                                      .xFilter = pulled_filter,
	                                      .xNext = pulled_next,
	                                      .xEof = pulled_eof,
	                                      .xColumn = pulled_column,
	                                      .xRowid = pulled_rowid };

const struct sql_row_of_modules sql_pulled_modules[] = {
	{ "kmeta_history", &pulled_module, &pulled_history },
	{ "kmeta_diff", &pulled_module, &pulled_diff },
	{ "kmeta_findings", &pulled_module, &pulled_findings },
	{ "kmeta_state", &pulled_module, &pulled_state },
	{ NULL, NULL, NULL }
};
