/* SPDX-License-Identifier: Apache-2.0 */
/* connection.h: one connection to a server: requests, and their responses whole or not at all. */
#ifndef KMETA_NET_CONNECTION_H
#define KMETA_NET_CONNECTION_H

#include "net/responses.h"
#include "net/settings.h"

/* A server answers with what was asked for and one batch; releases before 4.0 always hand out up to
 * 8 MiB of the log. */
enum { RESPONSE_LIMIT = 24 << 20, SMALL_RESPONSE_LIMIT = 4 << 20 };

struct connection;

/* What each call may take. */
struct call_limits {
	int64_t timeout; /* milliseconds */
	int stop;        /* as in struct waiting */
};

/*
 * Connects, encrypts if the settings want it, and shakes no hands beyond that: login_run() and
 * connection_ask_versions() are next. FAILED: CANNOT_CONNECT, ACCESS_REFUSED, STOPPED and others.
 */
KMETA_CHECKED enum kmeta_status connection_open(struct connection **connection, const char *host,
                                                uint16_t port,
                                                const struct client_settings *settings,
                                                const struct call_limits *limits,
                                                struct kmeta_finding *why);
void connection_close(struct connection *c);

/* The body of the next request, to be filled in between begin and call. */
struct kmeta_buffer *connection_begin(struct connection *c, enum request_kind kind,
                                      int16_t version);

/*
 * Sends it and waits for the response, up to the limits and "extra" milliseconds more. "answer" is
 * over its body and valid until the next call. FAILED: the connection is of no use any more.
 */
KMETA_CHECKED enum kmeta_status connection_call(struct connection *c, int64_t extra,
                                                struct wire *answer, struct kmeta_finding *why);

/* Overwrites request and response, which held a login. */
void connection_forget(struct connection *c);

/* Asks which requests the server knows. */
KMETA_CHECKED enum kmeta_status connection_ask_versions(struct connection *c,
                                                        struct kmeta_finding *why);

/* The newest version of a request that both sides know; -1: there is none. */
int16_t connection_version(const struct connection *c, enum request_kind kind);

/* Says that a response cannot be read; the connection is of no use then. */
enum kmeta_status connection_bad_response(const struct connection *c, const struct wire *answer,
                                          struct kmeta_finding *why);

/* The principal that the server takes the client for: "User:alice". */
const char *connection_principal(const struct connection *c);
void connection_set_principal(struct connection *c, const char *name);

/* When the server will want another login, in milliseconds of waiting_now(); 0: never. */
int64_t connection_expires(const struct connection *c);
void connection_set_lifetime(struct connection *c, int64_t milliseconds);

#endif
