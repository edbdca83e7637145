/* SPDX-License-Identifier: Apache-2.0 */
/* model.h: the open log, the place of the user in it, and the work on it. It draws nothing. */
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

/* Another log to compare with, up to a point. */
struct other {
	const char *address; /* as it was given */
	char *path;
	struct kmeta_point point;
};

struct model {
	const char *address, *dialect;
	struct other *others; /* borrowed */
	size_t others_count;
	unsigned flags;      /* KMETA_SHOW_ */
	bool is_interactive; /* a terminal shows it; without one, each key waits for all work */
	int wake[2];         /* a pipe; jobs write to it when they end */

	struct kmeta_pages *pages;
	struct index *index;
	struct rows *rows;
	bool is_checkpoint; /* a checkpoint: one state on all lines */

	struct cursor cursor;
	struct marks marks;
	struct filter filter;
	struct search search;
	struct task task;

	bool following;
	int64_t refreshed; /* when the files were checked last, in ms */
	bool moved;        /* the cursor moved: views should follow */
	bool replaced;     /* the files were replaced: views should drop their content */
	bool is_lost;      /* memory ran out */
	char message[MESSAGE_LIMIT];
	bool is_error;
};

/* Opens the address. FAILED: "why" says what is wrong. Close the model in any case. */
enum kmeta_status model_open(struct model *m, struct kmeta_finding *why);
void model_close(struct model *m);

/* True if a job or a task runs. */
bool model_is_busy(struct model *m);

/*
 * Takes in finished jobs and changes of files. "wait": waits for all jobs. True: something is new.
 */
bool model_tick(struct model *m, bool wait);

/* Goes to the end of the log and stays there as the log grows, or ends that. */
void model_toggle_following(struct model *m);

/* Shows secrets, or hides them. */
void model_toggle_secrets(struct model *m);

/* Folds runs of no-op records, or shows each record. */
void model_toggle_fold(struct model *m);

#endif
