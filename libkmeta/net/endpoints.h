/* SPDX-License-Identifier: Apache-2.0 */
/* endpoints.h: where controllers are: those that the caller named, and those that servers told. */
#ifndef KMETA_NET_ENDPOINTS_H
#define KMETA_NET_ENDPOINTS_H

#include "net/responses.h"

enum { ENDPOINT_HOST = 256, ENDPOINTS = 64 };

struct endpoint {
	char host[ENDPOINT_HOST];
	uint16_t port;
	char text[ENDPOINT_HOST + 8]; /* HOST:PORT */
	int32_t node;                 /* -1: not told */
	bool tried;                   /* in this round */
	char reason[256];             /* why it was of no use; empty: it was not tried */
	bool is_behind;               /* its epoch is below one that is known */
};

struct endpoints {
	struct endpoint at[ENDPOINTS];
	size_t count;
};

/* Takes HOST:PORT,... as the caller gives them. */
KMETA_CHECKED enum kmeta_status endpoints_parse(struct endpoints *e, const char *addresses,
                                                struct kmeta_finding *why);

/* Takes what a server told. Hosts that cannot be any are left out. */
void endpoints_learn(struct endpoints *e, const struct server_nodes *nodes);

/* That of the leader, else the first one that was not tried in this round. NULL: all were. */
struct endpoint *endpoints_next(struct endpoints *e, int32_t leader);

/* Begins another round. */
void endpoints_retry(struct endpoints *e);

/* True if the last round found only controllers that are behind. */
bool endpoints_are_behind(const struct endpoints *e);

/* Why each was of no use, for a message. */
void endpoints_put_reasons(const struct endpoints *e, char *text, size_t size);

#endif
