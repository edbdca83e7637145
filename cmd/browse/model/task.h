/* SPDX-License-Identifier: Apache-2.0 */
/* task.h: the one piece of long work that the reader waits for. */
#ifndef BROWSE_MODEL_TASK_H
#define BROWSE_MODEL_TASK_H

#include <kmeta.h>

#include "job.h"

struct model;

/* Takes over the result of a task that was not stopped, on the thread that has the terminal. */
typedef void task_done(void *context);

struct task {
	struct job job;
	task_done *done;
	void *context; /* of "done" */
	bool failed;
	struct kmeta_finding why;  /* if it failed */
	struct kmeta_pages *pages; /* of its own */
};

/*
 * Begins a task in place of the one that runs. "work" gets the context, and may use the task and
 * what nobody else touches meanwhile. A task that takes no time is done when the call returns.
 */
void task_begin(struct model *m, const char *what, job_work *work, task_done *done, void *context);

/* Stops the task. True: one was running. */
bool task_stop(struct model *m);

/* Takes over the result if the task has ended. "wait": waits for that. */
void task_tick(struct model *m, bool wait);

/* Shows progress. False: the task was asked to stop. */
bool task_goes_on(struct task *task, int64_t done, int64_t total);

#endif
