/* SPDX-License-Identifier: Apache-2.0 */
/* pulled.h: tables whose rows come from a call of the library: history, differences, findings. */
#ifndef SQL_PULLED_H
#define SQL_PULLED_H

#include "pull.h"

enum { PULLED_COLUMNS = 32, PULLED_ADDRESSES = 2 };

struct pulled_cursor {
	struct sql_cursor common;
	struct pull pull;
	struct pull_value values[PULLED_COLUMNS];
	int64_t row;
	bool is_at_end;
	struct kmeta_buffer scratch;

	/* What was asked for. */
	char *arguments[SQL_ARGUMENTS];
	char *path;
	struct kmeta_point point;
	struct sql_state *states[PULLED_ADDRESSES];
	struct kmeta_history_span span;
};

/* A table: its columns, its arguments, and how its rows are made. */
struct pulled_kind {
	const char *declaration;
	int columns; /* without the arguments */
	int time;    /* the column with the time of the number before it, -1: none */
	struct sql_arguments arguments;
	/* Before the thread is there: loads states. */
	int (*prepare)(struct pulled_cursor *c);
	pull_run *run;
};

extern const struct pulled_kind pulled_history, pulled_diff, pulled_findings, pulled_state;

#endif
