/* SPDX-License-Identifier: Apache-2.0 */
/* job.h: work that goes on while the screen stays alive. */
#ifndef BROWSE_JOB_H
#define BROWSE_JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct job;

/* The work of a job, in a thread of its own, until it is done or asked to stop. */
typedef void job_work(struct job *job, void *context);

/* How many milliseconds new work has before the screen is drawn without its result. */
enum { JOB_AT_ONCE = 40 };

/* Initialize it with { 0 }. */
struct job {
	const char *what; /* "searching", for the status line */
	job_work *work;
	void *context;
	pthread_t thread;
	bool started; /* the thread was not joined yet */
	atomic_bool stop, finished;
	atomic_llong done, total; /* progress; total 0: unknown */
	int wake;                 /* a descriptor that gets a byte at the end; -1: none */
};

/*
 * Starts a job that is not running, which writes a byte to "wake" (-1: nowhere) when it is done.
 * False: the system gave no thread.
 */
bool job_start(struct job *job, const char *what, job_work *work, void *context, int wake);

/*
 * Waits up to this many milliseconds (-1: for ever) for the end of a job, and joins its thread.
 * False: the job goes on.
 */
bool job_wait(struct job *job, int milliseconds);

/* Asks a job to stop, and waits until it has. */
void job_stop(struct job *job);

/* True from the start to the call that joined the thread. */
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

/* The progress in percent; -1: unknown. */
int job_percent(const struct job *job);

#endif
