/* SPDX-License-Identifier: Apache-2.0 */
/* kerberos.h: the client's side of GSSAPI with Kerberos 5 (RFC 4752), without a security layer. */
#ifndef KMETA_NET_KERBEROS_H
#define KMETA_NET_KERBEROS_H

#include "net/settings.h"

struct kerberos;

/*
 * Finds the tickets for the service on "host": by the key table of the settings, or by what kinit
 * left. FAILED: there are none, or this build has no Kerberos. kerberos_end() is needed either way.
 */
KMETA_CHECKED enum kmeta_status kerberos_begin(struct kerberos **kerberos,
                                               const struct client_settings *settings,
                                               const char *host, struct kmeta_finding *why);
void kerberos_end(struct kerberos *k);

/* The principal of the tickets: "alice@EXAMPLE.COM"; "" while it is not known. */
const char *kerberos_principal(const struct kerberos *k);

/*
 * Appends the client's next message, which may be empty; "challenge" is what the server said to the
 * one before, empty at first. "last" tells that the server has nothing more to say to it. FAILED:
 * no ticket for the service, or the server does not prove to be it.
 */
KMETA_CHECKED enum kmeta_status kerberos_step(struct kerberos *k, struct kmeta_bytes challenge,
                                              struct kmeta_buffer *out, bool *last,
                                              struct kmeta_finding *why);

#endif
