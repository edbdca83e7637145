/* SPDX-License-Identifier: Apache-2.0 */
/* model.h: the log that is open, where the reader is in it, and the work on it. It draws nothing. */
#ifndef BROWSE_MODEL_MODEL_H
#define BROWSE_MODEL_MODEL_H

#include <kmeta.h>

#include "cursor.h"
#include "filter.h"
#include "index.h"
#include "marks.h"
#include "message.h"
#include "rows.h"
#include "search.h"
#include "task.h"

enum { MESSAGE_LIMIT = 512 };

struct model {
	const char *address, *dialect;
	unsigned flags;      /* KMETA_SHOW_ */
	bool is_interactive; /* a terminal shows it; otherwise all work is waited for */
	int wake[2];         /* a pipe into which jobs write when they end */

	struct kmeta_pages *pages;
	struct index *index;
	struct rows *rows;
	bool is_checkpoint; /* which holds one state, whatever line the cursor is on */

	struct cursor cursor;
	struct marks marks;
	struct filter filter;
	struct search search;
	struct task task;

	bool following;
	int64_t refreshed; /* when the files were looked at, in ms */
	bool moved;        /* the cursor's line changed: views should follow */
	bool replaced;     /* the files are other ones: views should forget theirs */
	bool is_lost;      /* no memory is left to go on with */
	char message[MESSAGE_LIMIT];
	bool is_error;
};

/* Opens the address. FAILED: "why" says what is wrong. Close the model in any case. */
enum kmeta_status model_open(struct model *m, struct kmeta_finding *why);
void model_close(struct model *m);

/* For times that are typed: a time of day is the last one that the log covers. */
struct kmeta_clock model_clock(const struct model *m);

/* True if a job or a task runs. */
bool model_is_busy(struct model *m);

/* Looks after jobs and files. "wait": until all jobs are done. True: something is new. */
bool model_tick(struct model *m, bool wait);

/* Goes to the end of the log, and stays there as it grows, or no longer. */
void model_toggle_following(struct model *m);

/* Shows secrets, or hides them. */
void model_toggle_secrets(struct model *m);

/* Folds no-op records, or shows each. */
void model_toggle_fold(struct model *m);

#endif
