/* SPDX-License-Identifier: Apache-2.0 */
/* register.h: metadata logs as tables of an SQLite connection, for kmeta-sql and for kmeta.so. */
#ifndef SQL_REGISTER_H
#define SQL_REGISTER_H

#include <kmeta.h>

struct sqlite3;
struct sqlite3_api_routines;

/* What the one who opens the connection decides; no statement can change it. { 0 } is fine. */
struct sql_options {
	unsigned flags;      /* KMETA_SHOW_ */
	bool salvage;        /* damage ends no statement */
	const char *dialect; /* NULL: auto */
	/* Gets findings that end no statement; its result is not used. May be NULL. */
	kmeta_report *report;
	kmeta_progress *progress; /* may be NULL */
	void *context;            /* for both */
};

/*
 * Adds the tables, as functions, or replaces those that are there. "api" NULL: that of the last
 * call. What "options" points to stays valid as long as the connection. Returns a code of SQLite.
 */
int sql_register(struct sqlite3 *db, const struct sqlite3_api_routines *api,
                 const struct sql_options *options);

#endif
