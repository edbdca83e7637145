/* SPDX-License-Identifier: Apache-2.0 */
/* dial.h: connects to a host and port. */
#ifndef KMETA_NET_DIAL_H
#define KMETA_NET_DIAL_H

#include "net/waiting.h"

/* A descriptor that never blocks. FAILED: CANNOT_CONNECT says why, or STOPPED. */
KMETA_CHECKED enum kmeta_status dial(const char *host, uint16_t port, const struct waiting *w,
                                     int *fd, struct kmeta_finding *why);

#endif
