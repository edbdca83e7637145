/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c: what all tables need: to open and close, to fail, and to take their arguments. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sql.h"
SQLITE_EXTENSION_INIT1

static const double impossible_cost = 1e99;

/* ---- tables and cursors ---- */

int sql_connect(sqlite3 *db, void *aux, const char *columns, sqlite3_vtab **table)
{
	const struct sql_module *module = aux;
	int code = sqlite3_declare_vtab(db, columns);
	struct sql_table *t;

	/* A view or trigger of a database that came from elsewhere must not read files. */
	if (code == SQLITE_OK)
		code = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	if (code != SQLITE_OK)
		return code;
	t = sqlite3_malloc(sizeof(*t));
	if (!t)
		return SQLITE_NOMEM;
	*t = (struct sql_table){ .sql = module->sql, .about = module->about };
	*table = &t->base;
	return SQLITE_OK;
}

int sql_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

static int64_t sql_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int sql_open(sqlite3_vtab *table, size_t size, sqlite3_vtab_cursor **cursor)
{
	struct sql_cursor *c = calloc(1, size);

	if (!c)
		return SQLITE_NOMEM;
	c->sql = ((struct sql_table *)table)->sql;
	/* "@-10m" means one moment, however often a statement comes back to it. */
	if (!c->sql->cursors++)
		c->sql->now = sql_clock();
	*cursor = &c->base;
	return SQLITE_OK;
}

void sql_close(struct sql_cursor *cursor)
{
	cursor->sql->cursors--;
	free(cursor);
}

/* ---- what goes wrong ---- */

int sql_fail_text(sqlite3_vtab *table, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	sqlite3_free(table->zErrMsg);
	table->zErrMsg = sqlite3_vmprintf(format, arguments);
	va_end(arguments);
	return SQLITE_ERROR;
}

int sql_fail(sqlite3_vtab *table, const struct kmeta_finding *why, const char *address)
{
	const char *file = why->file ? why->file : address;
	char place[64] = "";

	if (why->code == KMETA_OUT_OF_MEMORY)
		return SQLITE_NOMEM;
	if (why->position >= 0 && why->offset >= 0)
		snprintf(place, sizeof(place),
		         "byte %lld (offset %lld): ", (long long)why->position,
		         (long long)why->offset);
	else if (why->position >= 0)
		snprintf(place, sizeof(place), "byte %lld: ", (long long)why->position);
	else if (why->offset >= 0)
		snprintf(place, sizeof(place), "offset %lld: ", (long long)why->offset);
	return sql_fail_text(table, "%s%s%s%s", file ? file : "", file ? ": " : "", place,
	                     why->message);
}

bool sql_stops(const struct sql_cursor *cursor, const struct kmeta_finding *finding)
{
	const struct sql_options *o = &cursor->sql->options;

	if (!cursor->salvage && kmeta_code_severity(finding->code) == KMETA_ERROR)
		return true;
	if (o->report)
		o->report(o->context, finding);
	return false;
}

int sql_meet(struct sql_cursor *cursor, const struct kmeta_finding *finding)
{
	return sql_stops(cursor, finding) ? sql_fail(cursor->base.pVtab, finding, NULL) : SQLITE_OK;
}

bool sql_goes_on(const struct sql_cursor *cursor, int64_t done, int64_t total)
{
	const struct sql_options *o = &cursor->sql->options;

	return !o->progress || o->progress(o->context, done, total);
}

/* ---- arguments ---- */

int sql_take_arguments(sqlite3_index_info *info, const struct sql_arguments *arguments,
                       char *letters, int *count)
{
	bool given[SQL_ARGUMENTS] = { false };

	for (int i = 0; i < info->nConstraint; i++) {
		const int number = info->aConstraint[i].iColumn - arguments->first;

		if (number < 0 || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		/* Arguments that depend on another table need that one first. */
		if (!info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
		if (given[number])
			continue;
		given[number] = true;
		letters[(*count)++] = (char)('0' + number);
		info->aConstraintUsage[i].argvIndex = *count;
		info->aConstraintUsage[i].omit = 1;
	}
	return SQLITE_OK;
}

/* SQLite also asks for plans by a part of the conditions alone, which are not to be chosen. */
int sql_end_plan(sqlite3_index_info *info, const struct sql_arguments *arguments,
                 const char *letters, int count)
{
	for (int i = 0; i < arguments->needed; i++)
		if (!memchr(letters, '0' + i, (size_t)count))
			info->estimatedCost = impossible_cost;
	info->idxStr = sqlite3_mprintf("%.*s", count, letters);
	info->needToFreeIdxStr = 1;
	return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

const char *sql_argument(const char *letters, int count, sqlite3_value **values, int number)
{
	for (int i = 0; i < count; i++)
		if (letters[i] == '0' + number)
			return (const char *)sqlite3_value_text(values[i]);
	return NULL;
}
