/* SPDX-License-Identifier: Apache-2.0 */
/* job.h: work that goes on while the screen stays alive. */
#ifndef BROWSE_JOB_H
#define BROWSE_JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct job;

/* What a job does, on a thread of its own, until it is done or asked to stop. */
typedef void job_work(struct job *job, void *context);

/* Start with {0}. */
struct job {
	const char *what; /* "searching", for the status line */
	job_work *work;
	void *context;
	pthread_t thread;
	bool started; /* and not yet joined */
	atomic_bool stop, finished;
	atomic_llong done, total; /* progress; total 0: not known */
	int wake;                 /* a descriptor that is written to at the end */
};

/* Starts a job that is not running; "wake": where a byte goes when it is done, -1: nowhere. False:
 * no thread could be had. */
bool job_start(struct job *job, const char *what, job_work *work, void *context, int wake);

/* Waits up to so many milliseconds (-1: for ever) for a job to be done, and takes it in; false: it
 * goes on. */
bool job_wait(struct job *job, int milliseconds);

/* Asks it to stop, and waits for that. */
void job_stop(struct job *job);

/* True between start and the call that took it in. */
static inline bool job_is_running(const struct job *job)
{
	return job->started;
}

static inline bool job_should_stop(const struct job *job)
{
	return atomic_load_explicit(&job->stop, memory_order_relaxed);
}

static inline void job_progress(struct job *job, int64_t done, int64_t total)
{
	atomic_store_explicit(&job->done, done, memory_order_relaxed);
	atomic_store_explicit(&job->total, total, memory_order_relaxed);
}

/* How far it has come, in percent; -1: not known. */
int job_percent(const struct job *job);

#endif
