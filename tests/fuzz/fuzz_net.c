/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_net.c: takes its input for what a server sends, by its first byte for one of the responses, and
 * for the file of a client's properties. What a response holds must be inside of its bytes.
 */
#include "input.h"

#include "net/responses.h"
#include "net/settings.h"

/* Bytes of a response may be read, and are part of it. */
static void check_inside(const struct wire *w, struct kmeta_bytes bytes)
{
	CHECK(!bytes.data || w->fault ||
	      (bytes.data >= w->start && bytes.size <= (size_t)(w->end - bytes.data)));
}

static void read_fetch(struct wire w)
{
	struct fetch_response r;

	response_fetch(&w, &r);
	check_inside(&w, r.records);
	CHECK(r.nodes.count <= RESPONSE_NODES);
	for (size_t i = 0; i < r.nodes.count; i++)
		check_inside(&w, r.nodes.at[i].host);
}

static void read_quorum(struct wire w, int16_t version)
{
	struct quorum_response *r = malloc(sizeof(*r));

	CHECK(r);
	response_quorum(&w, version, r);
	CHECK(r->replicas_count <= QUORUM_REPLICAS && r->listeners_count <= QUORUM_LISTENERS);
	for (size_t i = 0; i < r->listeners_count; i++)
		check_inside(&w, r->listeners[i].host);
	free(r);
}

static void read_small(struct wire w, uint8_t kind)
{
	struct server_versions versions;
	struct handshake_response handshake;
	struct login_response login;
	struct snapshot_response snapshot;
	struct cluster_response cluster;
	int16_t error;

	switch (kind % 5) {
	case 0:
		response_versions(&w, &versions, &error);
		break;
	case 1:
		response_handshake(&w, &handshake);
		CHECK(memchr(handshake.mechanisms, '\0', sizeof(handshake.mechanisms)));
		break;
	case 2:
		response_login(&w, &login);
		check_inside(&w, login.token);
		break;
	case 3:
		response_snapshot(&w, &snapshot);
		check_inside(&w, snapshot.bytes);
		break;
	default:
		response_cluster(&w, &cluster);
		check_inside(&w, cluster.cluster_id);
	}
}

static void read_settings(const uint8_t *data, size_t size)
{
	struct client_settings settings;
	struct kmeta_finding why;
	char *text = malloc(size + 1);

	CHECK(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (settings_read(&settings, text, size, "fuzz", NULL, NULL, &why) != KMETA_OK)
		CHECK(memchr(why.message, '\0', sizeof(why.message)));
	settings_clear(&settings);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	read_fetch(wire_over(data + 1, size - 1));
	for (int16_t version = 0; version <= 2; version++)
		read_quorum(wire_over(data + 1, size - 1), version);
	read_small(wire_over(data + 1, size - 1), data[0]);
	read_settings(data + 1, size - 1);
	return 0;
}
