/* SPDX-License-Identifier: Apache-2.0 */
/* requests.c: what is asked of a server, as bytes. */
#include "net/requests.h"

#include "base/buffer.h"
#include "net/packet.h"

static const char client_name[] = "kmeta";
static const char metadata_topic[] = "__cluster_metadata";

/* A positive id that no node has would make the leader count an observer. */
enum { NO_REPLICA = -1 };

const struct request_form request_forms[REQUEST_KINDS] = {
	[REQUEST_API_VERSIONS] = { 18, 3, 3, true, false, "ApiVersions" },
	[REQUEST_LOGIN_HANDSHAKE] = { 17, 1, 1, false, false, "SaslHandshake" },
	[REQUEST_LOGIN_STEP] = { 36, 2, 2, true, true, "SaslAuthenticate" },
	[REQUEST_FETCH] = { 1, 13, 17, true, true, "Fetch" },
	[REQUEST_SNAPSHOT] = { 59, 0, 0, true, true, "FetchSnapshot" },
	[REQUEST_QUORUM] = { 55, 0, 2, true, true, "DescribeQuorum" },
	[REQUEST_CLUSTER] = { 60, 1, 1, true, true, "DescribeCluster" },
};

void request_begin(struct kmeta_buffer *out, enum request_kind kind, int16_t version,
                   int32_t correlation)
{
	const struct request_form *form = &request_forms[kind];

	out->size = 0;
	packet_int32(out, 0);
	packet_int16(out, form->key);
	packet_int16(out, version);
	packet_int32(out, correlation);
	packet_plain_string(out, client_name);
	if (form->flexible)
		packet_no_tags(out);
}

void request_end(struct kmeta_buffer *out)
{
	packet_patch32(out, 0, (int32_t)out->size - 4);
}

void request_put_api_versions(struct kmeta_buffer *out)
{
	packet_string(out, client_name);
	packet_string(out, kmeta_version());
	packet_no_tags(out);
}

void request_put_handshake(struct kmeta_buffer *out, const char *mechanism)
{
	packet_plain_string(out, mechanism);
}

void request_put_login_step(struct kmeta_buffer *out, struct kmeta_bytes token)
{
	buffer_room(out, token.size + 16);
	packet_bytes(out, token);
	packet_no_tags(out);
}

/* The id of the cluster is the tagged field 0 of the requests that may have it. */
static void put_cluster_tag(struct kmeta_buffer *out, const char *cluster_id)
{
	struct kmeta_buffer value = { 0 };

	if (!cluster_id) {
		packet_no_tags(out);
		return;
	}
	packet_string(&value, cluster_id);
	packet_uvarint(out, 1);
	packet_uvarint(out, 0);
	packet_uvarint(out, (uint32_t)value.size);
	kmeta_buffer_add(out, value.at, value.size);
	out->failed |= value.failed;
	kmeta_buffer_release(&value);
}

void request_put_fetch(struct kmeta_buffer *out, int16_t version, const struct fetch_request *f)
{
	enum { REPLICA_IS_TAGGED = 15 };
	static const uint8_t topic_id[16] = { [15] = 1 };

	if (version < REPLICA_IS_TAGGED)
		packet_int32(out, NO_REPLICA);
	packet_int32(out, f->wait);
	packet_int32(out, 1); /* bytes that are worth an answer */
	packet_int32(out, f->most);
	packet_int8(out, 0);  /* isolation level */
	packet_int32(out, 0); /* no incremental fetching */
	packet_int32(out, -1);
	packet_count(out, 1);
	kmeta_buffer_add(out, topic_id, sizeof(topic_id));
	packet_count(out, 1);
	packet_int32(out, 0);
	packet_int32(out, f->leader_epoch);
	packet_int64(out, f->offset);
	packet_int32(out, f->last_epoch);
	packet_int64(out, -1); /* our log's start */
	packet_int32(out, f->most);
	packet_no_tags(out);
	packet_no_tags(out);
	packet_count(out, 0);   /* forgotten topics */
	packet_string(out, ""); /* rack */
	put_cluster_tag(out, f->cluster_id);
}

void request_put_snapshot(struct kmeta_buffer *out, const struct snapshot_request *s)
{
	packet_int32(out, NO_REPLICA);
	packet_int32(out, s->most);
	packet_count(out, 1);
	packet_string(out, metadata_topic);
	packet_count(out, 1);
	packet_int32(out, 0);
	packet_int32(out, s->leader_epoch);
	packet_int64(out, s->end_offset);
	packet_int32(out, s->epoch);
	packet_no_tags(out);
	packet_int64(out, s->position);
	packet_no_tags(out);
	packet_no_tags(out);
	put_cluster_tag(out, s->cluster_id);
}

void request_put_quorum(struct kmeta_buffer *out)
{
	packet_count(out, 1);
	packet_string(out, metadata_topic);
	packet_count(out, 1);
	packet_int32(out, 0);
	packet_no_tags(out);
	packet_no_tags(out);
	packet_no_tags(out);
}

void request_put_cluster(struct kmeta_buffer *out)
{
	enum { CONTROLLERS = 2 };

	packet_int8(out, 0); /* without the operations that are allowed */
	packet_int8(out, CONTROLLERS);
	packet_no_tags(out);
}
