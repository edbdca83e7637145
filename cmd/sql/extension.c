/* SPDX-License-Identifier: Apache-2.0 */
/* extension.c: the entry point of kmeta.so, a loadable extension of SQLite. */
#include <sqlite3ext.h>

#include "register.h"

/* As SQLite derives it of the name of the file. */
KMETA_API int sqlite3_kmeta_init(sqlite3 *db, char **error, const sqlite3_api_routines *api);

int sqlite3_kmeta_init(sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
	const struct sql_options options = { .flags = 0 };

	/* Older ones lack functions at the end of the table, which must not be looked at. */
	if (api->libversion_number() < 3038000) {
		*error = api->mprintf("kmeta needs SQLite 3.38 or later, and this is %s",
		                      api->libversion());
		return SQLITE_ERROR;
	}
	return sql_register(db, api, &options);
}
