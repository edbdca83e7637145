/* SPDX-License-Identifier: Apache-2.0 */
/* waiting.h: waits that end: at a moment, or when the caller wants to stop. */
#ifndef KMETA_NET_WAITING_H
#define KMETA_NET_WAITING_H

#include "kmeta/base.h"

/* Until when, in milliseconds of a clock that nobody sets, and a descriptor that becomes readable to
 * stop all; 0: none. */
struct waiting {
	int64_t deadline;
	int stop;
};

int64_t waiting_now(void);

/* Waits for events of poll(). FAILED: STOPPED, or CANNOT_CONNECT when the time is over. */
KMETA_CHECKED enum kmeta_status waiting_for(const struct waiting *w, int fd, short events,
                                            struct kmeta_finding *why);

/* Waits so many milliseconds. FAILED: STOPPED. */
KMETA_CHECKED enum kmeta_status waiting_pause(int stop, int64_t milliseconds,
                                              struct kmeta_finding *why);

#endif
