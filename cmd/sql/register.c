/* SPDX-License-Identifier: Apache-2.0 */
/* register.c: adds the tables to a connection. */
#include "register.h"

#include <stdlib.h>

#include "sql.h"

static void release_module(void *aux)
{
	struct sql_module *module = aux;
	struct sql *sql = module->sql;

	free(module);
	if (--sql->users)
		return;
	sql_states_free(sql);
	free(sql);
}

/* SQLite calls release_module() itself if it cannot add the module. */
static int add_modules(sqlite3 *db, struct sql *sql, const struct sql_row_of_modules *rows)
{
	int code = SQLITE_OK;

	for (; rows->name && code == SQLITE_OK; rows++) {
		struct sql_module *module = malloc(sizeof(*module));

		if (!module)
			return SQLITE_NOMEM;
		*module = (struct sql_module){ sql, rows->about };
		sql->users++;
		code = sqlite3_create_module_v2(db, rows->name, rows->module, module,
		                                release_module);
	}
	return code;
}

int sql_register(sqlite3 *db, const sqlite3_api_routines *api, const struct sql_options *options)
{
	struct sql *sql = calloc(1, sizeof(*sql));
	int code;

	if (api) {
		SQLITE_EXTENSION_INIT2(api);
	}
	if (!sql)
		return SQLITE_NOMEM;
	sql->options = *options;
	sql->users = 1;
	code = add_modules(db, sql, sql_records_modules);
	if (code == SQLITE_OK)
		code = add_modules(db, sql, sql_entities_modules);
	if (code == SQLITE_OK)
		code = add_modules(db, sql, sql_pulled_modules);
	if (!--sql->users)
		free(sql);
	return code;
}
