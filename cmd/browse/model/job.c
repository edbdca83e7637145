/* SPDX-License-Identifier: Apache-2.0 */
/* job.c: work that goes on while the screen stays alive. */
#include "job.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static void *run(void *context)
{
	struct job *job = context;
	const char byte = 0;

	job->work(job, job->context);
	atomic_store(&job->finished, true);
	if (job->wake >= 0 && write(job->wake, &byte, 1) < 0)
		return NULL;
	return NULL;
}

bool job_start(struct job *job, const char *what, job_work *work, void *context, int wake)
{
	sigset_t all, before;

	job->what = what;
	job->work = work;
	job->context = context;
	job->wake = wake;
	atomic_store(&job->stop, false);
	atomic_store(&job->finished, false);
	job_progress(job, 0, 0);
	/* Signals go to the thread that has the terminal, so block them here. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	job->started = pthread_create(&job->thread, NULL, run, job) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	/* Nobody should wait for what never began. */
	if (!job->started)
		atomic_store(&job->finished, true);
	return job->started;
}

bool job_wait(struct job *job, int milliseconds)
{
	const struct timespec nap = { .tv_nsec = 500000 };

	if (!job->started)
		return true;
	for (int i = 0; milliseconds >= 0 && !atomic_load(&job->finished); i++) {
		if (i >= milliseconds * 2)
			return false;
		nanosleep(&nap, NULL);
	}
	pthread_join(job->thread, NULL);
	job->started = false;
	return true;
}

void job_stop(struct job *job)
{
	atomic_store(&job->stop, true);
	job_wait(job, -1);
}

int job_percent(const struct job *job)
{
	const long long total = atomic_load_explicit(&job->total, memory_order_relaxed);
	const long long done = atomic_load_explicit(&job->done, memory_order_relaxed);

	if (total <= 0)
		return -1;
	return done >= total ? 100 : (int)((double)done * 100 / (double)total);
}
