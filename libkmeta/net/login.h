/* SPDX-License-Identifier: Apache-2.0 */
/* login.h: SASL: PLAIN (RFC 4616), SCRAM (RFC 5802), OAUTHBEARER (RFC 7628), GSSAPI (RFC 4752). */
#ifndef KMETA_NET_LOGIN_H
#define KMETA_NET_LOGIN_H

#include "net/connection.h"

/*
 * Logs in at the server that the settings or others call "host". FAILED with ACCESS_REFUSED: it does
 * not let us, and trying again will not help.
 */
KMETA_CHECKED enum kmeta_status login_run(struct connection *c, const char *host,
                                          const struct client_settings *settings,
                                          struct kmeta_finding *why);

#endif
