/* SPDX-License-Identifier: Apache-2.0 */
/* threads.h: threads of the library's own. */
#ifndef KMETA_BASE_THREADS_H
#define KMETA_BASE_THREADS_H

#include <pthread.h>

#include "kmeta/base.h"

/* How many processors this process may use; at least 1. */
size_t processors_count(void);

/* Starts a thread that takes no signals: they are for the program's own threads. */
KMETA_CHECKED bool thread_start(pthread_t *thread, void *(*run)(void *argument), void *argument);

#endif
