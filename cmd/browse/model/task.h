/* SPDX-License-Identifier: Apache-2.0 */
/* task.h: the one long piece of work that the user waits for. */
#ifndef BROWSE_MODEL_TASK_H
#define BROWSE_MODEL_TASK_H

#include <kmeta.h>

#include "job.h"

struct model;

/* Takes over the result of a task that was not stopped, in the thread that has the terminal. */
typedef void task_done(void *context);

struct task {
	struct job job;
	task_done *done;
	void *context; /* for "done" */
	bool failed;
	struct kmeta_finding why;  /* why it failed */
	struct kmeta_pages *pages; /* the task's own pages */
};

/*
 * Stops the task that runs and begins another. "work" gets the context; it may use the task, and
 * what no other thread uses meanwhile. A short task is done when the call returns.
 */
void task_begin(struct model *m, const char *what, job_work *work, task_done *done, void *context);

/* Stops the task. True: one was running. */
bool task_stop(struct model *m);

/* Takes over the result if the task has ended. "wait": waits for its end. */
void task_tick(struct model *m, bool wait);

/* Shows progress. False: the task was asked to stop. */
bool task_goes_on(struct task *task, int64_t done, int64_t total);

#endif
