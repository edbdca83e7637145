/* SPDX-License-Identifier: Apache-2.0 */
/* threads.c: threads of the library's own. */
#include "base/threads.h"

#include <sched.h>
#include <signal.h>

size_t processors_count(void)
{
	cpu_set_t ours;

	return sched_getaffinity(0, sizeof(ours), &ours) == 0 ? (size_t)CPU_COUNT(&ours) : 1;
}

bool thread_start(pthread_t *thread, void *(*run)(void *argument), void *argument)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(thread, NULL, run, argument) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}
