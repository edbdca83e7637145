/* SPDX-License-Identifier: Apache-2.0 */
/* responses.c: what a server says, from bytes. */
#include "net/responses.h"

#include <stdio.h>

/* An error of the whole response comes before that of its part. */
static void note_error(int16_t *error, int16_t other)
{
	if (!*error)
		*error = other;
}

static void take_nodes(struct wire *w, struct server_nodes *nodes, bool flexible_rack)
{
	enum { SMALLEST = 4 + 1 + 4 + 1 };
	const size_t count = packet_take_count(w, SMALLEST);

	for (size_t i = 0; i < count && !w->fault; i++) {
		struct server_node node = { .id = wire_int32(w) };

		node.host = packet_take_bytes(w);
		node.port = wire_int32(w);
		if (flexible_rack)
			packet_take_bytes(w);
		packet_skip_tags(w);
		if (!w->fault && nodes->count < RESPONSE_NODES)
			nodes->at[nodes->count++] = node;
	}
}

/* ---- versions and login ---- */

void response_versions(struct wire *w, struct server_versions *versions, int16_t *error)
{
	enum { SMALLEST = 7 };
	size_t count;

	for (size_t i = 0; i < REQUEST_KINDS; i++)
		versions->of[i] = (struct version_range){ 0, -1 };
	*error = wire_int16(w);
	if (*error)
		return;
	count = packet_take_count(w, SMALLEST);
	for (size_t i = 0; i < count && !w->fault; i++) {
		const int16_t key = wire_int16(w);
		struct version_range range = { .lowest = wire_int16(w) };

		range.highest = wire_int16(w);
		packet_skip_tags(w);
		for (size_t k = 0; k < REQUEST_KINDS; k++)
			if (request_forms[k].key == key)
				versions->of[k] = range;
	}
}

void response_handshake(struct wire *w, struct handshake_response *r)
{
	size_t used = 0;
	int32_t count;

	*r = (struct handshake_response){ .error = wire_int16(w) };
	count = wire_int32(w);
	for (int32_t i = 0; i < count && !w->fault; i++) {
		const int16_t size = wire_int16(w);
		const uint8_t *name;
		char text[64];

		if (size < 0) {
			wire_fail(w, "a negative length");
			break;
		}
		name = wire_take(w, (size_t)size);
		if (!name)
			break;
		packet_text(text, sizeof(text), (struct kmeta_bytes){ name, (size_t)size });
		if (used + strlen(text) + 3 > sizeof(r->mechanisms))
			continue;
		used += (size_t)snprintf(r->mechanisms + used, sizeof(r->mechanisms) - used, "%s%s",
		                         used ? ", " : "", text);
	}
}

void response_login(struct wire *w, struct login_response *r)
{
	*r = (struct login_response){ .error = wire_int16(w) };
	r->message = packet_take_bytes(w);
	r->token = packet_take_bytes(w);
	r->lifetime = wire_int64(w);
	packet_skip_tags(w);
}

/* ---- the log ---- */

static void take_leader(struct wire value, int32_t *leader, int32_t *epoch)
{
	const int32_t id = wire_int32(&value), its_epoch = wire_int32(&value);

	if (value.fault)
		return;
	*leader = id;
	*epoch = its_epoch;
}

static void take_fetch_tag(uint32_t tag, struct wire value, struct fetch_response *r)
{
	enum { DIVERGING, LEADER, SNAPSHOT };

	switch (tag) {
	case DIVERGING:
		r->diverging_epoch = wire_int32(&value);
		r->diverging_end = wire_int64(&value);
		r->diverging = !value.fault;
		break;
	case LEADER:
		take_leader(value, &r->leader, &r->leader_epoch);
		break;
	case SNAPSHOT:
		r->snapshot_end = wire_int64(&value);
		r->snapshot_epoch = wire_int32(&value);
		r->has_snapshot = !value.fault && r->snapshot_end >= 0 && r->snapshot_epoch >= 0;
		break;
	}
}

static void take_aborted(struct wire *w)
{
	enum { SMALLEST = 17 };
	const size_t count = packet_take_count(w, SMALLEST);

	for (size_t i = 0; i < count && !w->fault; i++) {
		wire_int64(w);
		wire_int64(w);
		packet_skip_tags(w);
	}
}

static void take_fetch_partition(struct wire *w, struct fetch_response *r)
{
	uint32_t left, tag;
	struct wire value;

	wire_int32(w);
	note_error(&r->error, wire_int16(w));
	r->high_watermark = wire_int64(w);
	wire_int64(w);
	r->log_start = wire_int64(w);
	take_aborted(w);
	wire_int32(w);
	r->records = packet_take_bytes(w);
	left = packet_take_tags(w);
	while (packet_next_tag(w, &left, &tag, &value))
		take_fetch_tag(tag, value, r);
}

void response_fetch(struct wire *w, struct fetch_response *r)
{
	enum { SMALLEST_TOPIC = 18, SMALLEST_PARTITION = 37, NODES = 0 };
	struct wire value;
	uint32_t left, tag;
	size_t topics;

	*r = (struct fetch_response){
		.high_watermark = -1, .log_start = -1, .leader = -1, .leader_epoch = -1
	};
	wire_int32(w);
	r->error = wire_int16(w);
	wire_int32(w);
	topics = packet_take_count(w, SMALLEST_TOPIC);
	for (size_t i = 0; i < topics && !w->fault; i++) {
		size_t partitions;

		wire_take(w, 16);
		partitions = packet_take_count(w, SMALLEST_PARTITION);
		for (size_t k = 0; k < partitions && !w->fault; k++)
			take_fetch_partition(w, r);
		packet_skip_tags(w);
	}
	left = packet_take_tags(w);
	while (packet_next_tag(w, &left, &tag, &value))
		if (tag == NODES)
			take_nodes(&value, &r->nodes, true);
	if (!w->fault && !r->error && topics != 1)
		wire_fail(w, "it is not about one partition");
}

static void take_snapshot_partition(struct wire *w, struct snapshot_response *r)
{
	enum { LEADER = 0 };
	uint32_t left, tag;
	struct wire value;

	wire_int32(w);
	note_error(&r->error, wire_int16(w));
	wire_int64(w);
	wire_int32(w);
	packet_skip_tags(w);
	r->size = wire_int64(w);
	r->position = wire_int64(w);
	r->bytes = packet_take_bytes(w);
	left = packet_take_tags(w);
	while (packet_next_tag(w, &left, &tag, &value))
		if (tag == LEADER)
			take_leader(value, &r->leader, &r->leader_epoch);
}

void response_snapshot(struct wire *w, struct snapshot_response *r)
{
	enum { SMALLEST_TOPIC = 3, SMALLEST_PARTITION = 37 };
	size_t topics;

	*r = (struct snapshot_response){ .leader = -1, .leader_epoch = -1, .size = -1 };
	wire_int32(w);
	r->error = wire_int16(w);
	topics = packet_take_count(w, SMALLEST_TOPIC);
	for (size_t i = 0; i < topics && !w->fault; i++) {
		size_t partitions;

		packet_take_bytes(w);
		partitions = packet_take_count(w, SMALLEST_PARTITION);
		for (size_t k = 0; k < partitions && !w->fault; k++)
			take_snapshot_partition(w, r);
		packet_skip_tags(w);
	}
	packet_skip_tags(w);
	if (!w->fault && !r->error && (topics != 1 || r->size < 0))
		wire_fail(w, "it is not about one checkpoint");
}

/* ---- the cluster ---- */

void response_cluster(struct wire *w, struct cluster_response *r)
{
	*r = (struct cluster_response){ .controller = -1 };
	wire_int32(w);
	r->error = wire_int16(w);
	packet_take_bytes(w);
	wire_int8(w);
	r->cluster_id = packet_take_bytes(w);
	r->controller = wire_int32(w);
	take_nodes(w, &r->nodes, true);
	wire_int32(w);
	packet_skip_tags(w);
}

static void take_replicas(struct wire *w, int16_t version, bool is_voter, struct quorum_response *r)
{
	const size_t smallest = version >= 2 ? 45 : version == 1 ? 29 : 13;
	const size_t count = packet_take_count(w, smallest);

	for (size_t i = 0; i < count && !w->fault; i++) {
		struct quorum_replica replica = { .id = wire_int32(w), .is_voter = is_voter };
		const uint8_t *directory = version >= 2 ? wire_take(w, 16) : NULL;

		if (directory)
			memcpy(replica.directory, directory, 16);
		replica.end_offset = wire_int64(w);
		replica.last_fetch = version >= 1 ? wire_int64(w) : -1;
		replica.last_caught_up = version >= 1 ? wire_int64(w) : -1;
		packet_skip_tags(w);
		if (!w->fault && r->replicas_count < QUORUM_REPLICAS)
			r->replicas[r->replicas_count++] = replica;
	}
}

static void take_quorum_partition(struct wire *w, int16_t version, struct quorum_response *r)
{
	wire_int32(w);
	note_error(&r->error, wire_int16(w));
	if (version >= 2)
		packet_take_bytes(w);
	r->leader = wire_int32(w);
	r->epoch = wire_int32(w);
	r->high_watermark = wire_int64(w);
	take_replicas(w, version, true, r);
	take_replicas(w, version, false, r);
	packet_skip_tags(w);
}

static void take_listeners(struct wire *w, struct quorum_response *r)
{
	enum { SMALLEST_NODE = 6, SMALLEST_LISTENER = 5 };
	const size_t nodes = packet_take_count(w, SMALLEST_NODE);

	for (size_t i = 0; i < nodes && !w->fault; i++) {
		const int32_t id = wire_int32(w);
		const size_t count = packet_take_count(w, SMALLEST_LISTENER);

		for (size_t k = 0; k < count && !w->fault; k++) {
			struct quorum_listener listener = { .node = id };

			listener.name = packet_take_bytes(w);
			listener.host = packet_take_bytes(w);
			listener.port = (uint16_t)wire_int16(w);
			packet_skip_tags(w);
			if (!w->fault && r->listeners_count < QUORUM_LISTENERS)
				r->listeners[r->listeners_count++] = listener;
		}
		packet_skip_tags(w);
	}
}

void response_quorum(struct wire *w, int16_t version, struct quorum_response *r)
{
	enum { SMALLEST_TOPIC = 3, SMALLEST_PARTITION = 25 };
	size_t topics;

	memset(r, 0, sizeof(*r));
	r->leader = r->epoch = -1;
	r->high_watermark = -1;
	r->error = wire_int16(w);
	if (version >= 2)
		packet_take_bytes(w);
	topics = packet_take_count(w, SMALLEST_TOPIC);
	for (size_t i = 0; i < topics && !w->fault; i++) {
		size_t partitions;

		packet_take_bytes(w);
		partitions = packet_take_count(w, SMALLEST_PARTITION);
		for (size_t k = 0; k < partitions && !w->fault; k++)
			take_quorum_partition(w, version, r);
		packet_skip_tags(w);
	}
	if (version >= 2)
		take_listeners(w, r);
	packet_skip_tags(w);
	if (!w->fault && !r->error && topics != 1)
		wire_fail(w, "it is not about one partition");
}
