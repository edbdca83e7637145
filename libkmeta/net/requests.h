/* SPDX-License-Identifier: Apache-2.0 */
/* requests.h: what is asked of a server, as bytes. The field lists are those of Kafka's classes
 * named ...RequestData. */
#ifndef KMETA_NET_REQUESTS_H
#define KMETA_NET_REQUESTS_H

#include "kmeta/base.h"

enum request_kind {
	REQUEST_API_VERSIONS,
	REQUEST_LOGIN_HANDSHAKE,
	REQUEST_LOGIN_STEP,
	REQUEST_FETCH,
	REQUEST_SNAPSHOT,
	REQUEST_QUORUM,
	REQUEST_CLUSTER,
	REQUEST_KINDS
};

/* Which versions are understood here, and how they are framed. */
struct request_form {
	int16_t key;
	int16_t oldest, newest;
	bool flexible;        /* its header ends with tagged fields */
	bool flexible_answer; /* that of the response, too */
	const char *name;
};

extern const struct request_form request_forms[REQUEST_KINDS];

/* Where a copy stands: the offset wanted next, and the epoch of the record before it. */
struct fetch_request {
	int64_t offset;
	int32_t last_epoch;
	int32_t leader_epoch;
	int32_t wait;           /* milliseconds that the server may wait for records */
	int32_t most;           /* bytes */
	const char *cluster_id; /* NULL: any */
};

struct snapshot_request {
	int64_t end_offset;
	int32_t epoch;
	int32_t leader_epoch;
	int64_t position;
	int32_t most;
	const char *cluster_id;
};

/* Begins a request with its length and header; then comes its body, then request_end(). */
void request_begin(struct kmeta_buffer *out, enum request_kind kind, int16_t version,
                   int32_t correlation);
void request_end(struct kmeta_buffer *out);

void request_put_api_versions(struct kmeta_buffer *out);
void request_put_handshake(struct kmeta_buffer *out, const char *mechanism);
void request_put_login_step(struct kmeta_buffer *out, struct kmeta_bytes token);
void request_put_fetch(struct kmeta_buffer *out, int16_t version, const struct fetch_request *f);
void request_put_snapshot(struct kmeta_buffer *out, const struct snapshot_request *s);
void request_put_quorum(struct kmeta_buffer *out);
void request_put_cluster(struct kmeta_buffer *out);

#endif
