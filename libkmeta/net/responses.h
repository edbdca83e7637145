/* SPDX-License-Identifier: Apache-2.0 */
/*
 * responses.h: what a server says, from bytes. The field lists are those of Kafka's classes named
 * ...ResponseData. Nothing is allocated; what a response holds points into its bytes. Each function
 * leaves its fault in the reader.
 */
#ifndef KMETA_NET_RESPONSES_H
#define KMETA_NET_RESPONSES_H

#include "net/packet.h"
#include "net/requests.h"

enum { RESPONSE_NODES = 64 };

/* Which versions of a request the server takes; highest -1: it does not know the request. */
struct server_versions {
	struct version_range {
		int16_t lowest, highest;
	} of[REQUEST_KINDS];
};

/* Where a node is. The host is not terminated and not checked. */
struct server_node {
	int32_t id;
	struct kmeta_bytes host;
	int32_t port;
};

struct server_nodes {
	struct server_node at[RESPONSE_NODES];
	size_t count; /* more than there is room for are left out */
};

struct fetch_response {
	int16_t error;
	int64_t high_watermark, log_start;
	struct kmeta_bytes records;
	bool diverging, has_snapshot;
	int64_t diverging_end;
	int32_t diverging_epoch;
	int64_t snapshot_end;
	int32_t snapshot_epoch;
	int32_t leader, leader_epoch; /* -1: not told */
	struct server_nodes nodes;
};

struct snapshot_response {
	int16_t error;
	int32_t leader, leader_epoch;
	int64_t size, position;
	struct kmeta_bytes bytes;
};

struct cluster_response {
	int16_t error;
	struct kmeta_bytes cluster_id;
	int32_t controller;
	struct server_nodes nodes;
};

struct handshake_response {
	int16_t error;
	char mechanisms[256]; /* "PLAIN, SCRAM-SHA-256" */
};

struct login_response {
	int16_t error;
	struct kmeta_bytes message, token;
	int64_t lifetime; /* milliseconds, 0: no end */
};

/* A voter or an observer. Times are milliseconds of the leader's clock, -1: not told. */
struct quorum_replica {
	int32_t id;
	uint8_t directory[16];
	int64_t end_offset, last_fetch, last_caught_up;
	bool is_voter;
};

struct quorum_listener {
	int32_t node;
	struct kmeta_bytes name, host;
	uint16_t port;
};

enum { QUORUM_REPLICAS = 1024, QUORUM_LISTENERS = 256 };

struct quorum_response {
	int16_t error;
	int32_t leader, epoch;
	int64_t high_watermark;
	struct quorum_replica replicas[QUORUM_REPLICAS];
	size_t replicas_count;
	struct quorum_listener listeners[QUORUM_LISTENERS];
	size_t listeners_count;
};

void response_versions(struct wire *w, struct server_versions *versions, int16_t *error);
void response_handshake(struct wire *w, struct handshake_response *r);
void response_login(struct wire *w, struct login_response *r);
void response_fetch(struct wire *w, struct fetch_response *r);
void response_snapshot(struct wire *w, struct snapshot_response *r);
void response_cluster(struct wire *w, struct cluster_response *r);
void response_quorum(struct wire *w, int16_t version, struct quorum_response *r);

#endif
