/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pull.h: rows of calls that report by a function, one by one to whoever asks. The call runs in a
 * thread of its own, and only while somebody waits for rows: the two never run at once.
 */
#ifndef SQL_PULL_H
#define SQL_PULL_H

#include <pthread.h>

#include "sql.h"

struct pull;

/* Runs the call, which puts its rows. Returns false if it failed, with the reason in "why". */
typedef bool pull_run(struct pull *pull, void *context, struct kmeta_finding *why);

struct pull {
	pull_run *run;
	void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	bool is_started, is_making, is_done, is_stopped, has_failed;
	struct kmeta_buffer rows; /* that were made and not yet taken */
	size_t at;                /* where the next row begins */
	struct kmeta_finding why;
	struct kmeta_buffer file; /* the name of its file, which is borrowed */
};

/* What a value is. */
enum pull_type { PULL_NULL, PULL_NUMBER, PULL_TEXT, PULL_JSON };

struct pull_value {
	enum pull_type type;
	int64_t number;
	struct kmeta_bytes text;
};

void pull_begin(struct pull *pull, pull_run *run, void *context);

/* Stops the call, waits for its thread, and frees all. A pull that is { 0 } is fine. */
void pull_end(struct pull *pull);

/* Sets "values" to the next row, which is borrowed until the next call. END, or FAILED. */
enum kmeta_status pull_next(struct pull *pull, struct pull_value *values, size_t count,
                            struct kmeta_finding *why);

/* ---- for the call ---- */

void pull_put_null(struct pull *pull);
void pull_put_number(struct pull *pull, int64_t number);
void pull_put_bytes(struct pull *pull, enum pull_type type, struct kmeta_bytes bytes);
void pull_put_text(struct pull *pull, const char *text); /* NULL: null */

/* Ends a row; false: nobody wants more. */
bool pull_end_row(struct pull *pull);

#endif
