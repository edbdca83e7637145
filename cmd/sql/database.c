/* SPDX-License-Identifier: Apache-2.0 */
/* database.c: a database in memory that has the tables, and a view of each for the addresses. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

KMETA_API int sqlite3_kmeta_init(sqlite3 *db, char **error, const struct sqlite3_api_routines *api);

/* Views by the names of the functions that they call. */
static const char *const views[] = {
	"records", "topics", "partitions", "brokers",  "controllers", "voters",  "configs",  "acls",
	"quotas",  "scram",  "tokens",     "features", "state",       "history", "findings",
};

enum kmeta_status sql_database_fault(const struct asked *a, struct kmeta_finding *why)
{
	return common_fault(why, KMETA_BAD_ARGUMENT, NULL, "%s",
	                    a->db ? sqlite3_errmsg(a->db) : "out of memory");
}

/* Runs a statement that is written as sqlite3_mprintf() takes it. */
static int run_statement(sqlite3 *db, const char *format, ...)
{
	va_list arguments;
	char *statement;
	int code;

	va_start(arguments, format);
	statement = sqlite3_vmprintf(format, arguments);
	va_end(arguments);
	code = statement ? sqlite3_exec(db, statement, NULL, NULL, NULL) : SQLITE_NOMEM;
	sqlite3_free(statement);
	return code;
}

/* The table of one log as it is, those of several with the address of each before its rows. */
static int create_view(const struct asked *a, const char *name)
{
	if (a->addresses_count == 1)
		return run_statement(a->db,
		                     "CREATE TEMP VIEW \"%w\" AS SELECT * FROM \"kmeta_%w\"(%Q)",
		                     name, name, a->addresses[0]);
	return run_statement(a->db,
	                     "CREATE TEMP VIEW \"%w\" AS SELECT l.log, t.* FROM temp.logs l"
	                     " CROSS JOIN \"kmeta_%w\"(l.log) t",
	                     name, name);
}

static int create_views(const struct asked *a)
{
	int code = run_statement(a->db, "CREATE TEMP TABLE logs(log TEXT)");

	for (size_t i = 0; i < a->addresses_count && code == SQLITE_OK; i++)
		code = run_statement(a->db, "INSERT INTO temp.logs VALUES(%Q)", a->addresses[i]);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]) && code == SQLITE_OK; i++)
		code = create_view(a, views[i]);
	if (code == SQLITE_OK && a->addresses_count == 2)
		code = run_statement(a->db,
		                     "CREATE TEMP VIEW changes AS SELECT * FROM kmeta_diff(%Q, %Q)",
		                     a->addresses[0], a->addresses[1]);
	return code;
}

enum kmeta_status sql_open_database(struct asked *a, struct kmeta_finding *why)
{
	struct common *c = &a->common;
	const struct sql_options options = {
		.flags = c->flags & (KMETA_SHOW_SECRETS | KMETA_SHOW_UTC),
		.salvage = a->salvage,
		.dialect = c->dialect,
		.report = common_report,
		.progress = c->progress.wanted ? common_progress : NULL,
		.context = c
	};
	/* Nobody asks how much memory SQLite takes, and counting it takes time. */
	int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

	/* So the tables learn where the functions of this SQLite are, as if they were loaded. */
	if (code == SQLITE_OK)
		code = sqlite3_auto_extension((void (*)(void))sqlite3_kmeta_init);
	if (code == SQLITE_OK)
		code = sqlite3_open_v2(
			":memory:", &a->db,
			SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sql_register(a->db, NULL, &options);
	if (code == SQLITE_OK)
		code = create_views(a);
	return code == SQLITE_OK ? KMETA_OK : sql_database_fault(a, why);
}
