/* SPDX-License-Identifier: Apache-2.0 */
/* tls.h: TLS 1.2 and 1.3 over a descriptor that never blocks, by OpenSSL. */
#ifndef KMETA_NET_TLS_H
#define KMETA_NET_TLS_H

#include <sys/types.h>

#include "net/settings.h"
#include "net/waiting.h"

struct tls;

/*
 * Shakes hands. The descriptor stays the caller's. FAILED: ACCESS_REFUSED if a certificate is not
 * accepted, by us or by the server; BAD_ARGUMENT or CANNOT_READ for a store that cannot be used;
 * CANNOT_CONNECT otherwise.
 */
KMETA_CHECKED enum kmeta_status tls_open(struct tls **tls, int fd, const char *host,
                                         const struct client_settings *settings,
                                         const struct waiting *w, struct kmeta_finding *why);

/* As recv() and send() do it: 0 is the end; -1 with EAGAIN asks to wait for "events" of poll(). Any
 * other failure is said by tls_failure(). */
ssize_t tls_read(struct tls *tls, void *at, size_t size, short *events);
ssize_t tls_write(struct tls *tls, const void *at, size_t size, short *events);

/* "fresh" is a connection whose server has not answered a request yet; NULL: it has. */
enum kmeta_status tls_failure(const struct tls *fresh, struct kmeta_finding *why);

/* The subject of the client's own certificate, as Kafka's principals have it; empty: there is none. */
void tls_subject(const struct tls *tls, char *text, size_t size);

void tls_close(struct tls *tls);

#endif
