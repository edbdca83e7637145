/* SPDX-License-Identifier: Apache-2.0 */
/* stores.h: certificates and keys from PEM and PKCS12, for OpenSSL. */
#ifndef KMETA_NET_STORES_H
#define KMETA_NET_STORES_H

#include "net/settings.h"

struct ssl_ctx_st;

/* Loads the certificates that the client trusts: those of the truststore, or the system's. */
KMETA_CHECKED enum kmeta_status stores_load_trust(struct ssl_ctx_st *context,
                                                  const struct client_settings *settings,
                                                  struct kmeta_finding *why);

/* Loads the client's own key and certificates, if it has any. */
KMETA_CHECKED enum kmeta_status stores_load_key(struct ssl_ctx_st *context,
                                                const struct client_settings *settings,
                                                struct kmeta_finding *why);

#endif
