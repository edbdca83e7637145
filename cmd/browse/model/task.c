/* SPDX-License-Identifier: Apache-2.0 */
/* task.c: the one long piece of work that the user waits for. */
#include "model.h"

static void task_finish(struct task *task)
{
	kmeta_pages_close(task->pages);
	task->pages = NULL;
	if (!job_should_stop(&task->job))
		task->done(task->context);
}

bool task_goes_on(struct task *task, int64_t done, int64_t total)
{
	job_progress(&task->job, done, total);
	return !job_should_stop(&task->job);
}

bool task_stop(struct model *m)
{
	if (!job_is_running(&m->task.job))
		return false;
	job_stop(&m->task.job);
	task_finish(&m->task);
	return true;
}

void task_tick(struct model *m, bool wait)
{
	if (job_is_running(&m->task.job) && job_wait(&m->task.job, wait ? -1 : 0))
		task_finish(&m->task);
}

void task_begin(struct model *m, const char *what, job_work *work, task_done *done, void *context)
{
	struct task *task = &m->task;

	task_stop(m);
	task->done = done;
	task->context = context;
	task->failed = false;
	task->pages = kmeta_pages_copy(m->pages);
	if (!task->pages || !job_start(&task->job, what, work, context, m->wake[1])) {
		kmeta_pages_close(task->pages);
		task->pages = NULL;
		model_complain(m, "no memory for %s", what);
		return;
	}
	if (job_wait(&task->job, m->is_interactive ? JOB_AT_ONCE : -1))
		task_finish(task);
}
