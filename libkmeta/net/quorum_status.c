/* SPDX-License-Identifier: Apache-2.0 */
/* quorum_status.c: what the leader says of the quorum. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "net/errors.h"
#include "net/quorum.h"

/* The response is too large for the stack; its texts are taken while they are valid. */
struct describing {
	struct quorum_response response;
	struct kmeta_quorum_status *status;
	bool no_memory;
};

static void put_listeners(const struct quorum_response *r, int32_t id, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < r->listeners_count; i++) {
		const struct quorum_listener *l = &r->listeners[i];
		char name[64], host[256];

		if (l->node != id)
			continue;
		packet_text(name, sizeof(name), l->name);
		packet_text(host, sizeof(host), l->host);
		if (used + strlen(name) + strlen(host) + 16 > size)
			break;
		used += (size_t)snprintf(text + used, size - used, "%s%s://%s:%u", used ? "," : "",
		                         name, host, l->port);
	}
}

static bool take_described(struct describing *d)
{
	const struct quorum_response *r = &d->response;
	struct kmeta_quorum_status *status = d->status;

	status->leader = r->leader;
	status->epoch = r->epoch;
	status->high_watermark = r->high_watermark;
	status->leader_time = -1;
	status->replicas = calloc(r->replicas_count + 1, sizeof(*status->replicas));
	if (!status->replicas)
		return false;
	status->count = r->replicas_count;
	for (size_t i = 0; i < r->replicas_count; i++) {
		struct kmeta_quorum_replica *to = &status->replicas[i];
		const struct quorum_replica *from = &r->replicas[i];

		to->id = from->id;
		to->is_voter = from->is_voter;
		memcpy(to->directory, from->directory, sizeof(to->directory));
		to->end_offset = from->end_offset;
		to->last_fetch = from->last_fetch;
		to->last_caught_up = from->last_caught_up;
		put_listeners(r, from->id, to->endpoints, sizeof(to->endpoints));
		/* The leader always has its own log, and says by that what time it is. */
		if (from->is_voter && from->id == r->leader)
			status->leader_time = from->last_caught_up;
	}
	return true;
}

static enum outcome describe_attempt(struct kmeta_quorum *q, void *context,
                                     struct kmeta_finding *why)
{
	struct describing *d = context;
	const int16_t version = connection_version(q->connection, REQUEST_QUORUM);
	enum outcome outcome;
	struct wire answer;

	if (version < 0) {
		finding_set(why, KMETA_NOT_A_CONTROLLER, "it cannot describe a quorum");
		return OUTCOME_FINAL;
	}
	request_put_quorum(connection_begin(q->connection, REQUEST_QUORUM, version));
	if (quorum_call(q, 0, &answer, why) != KMETA_OK)
		return quorum_judge_failure(why);
	response_quorum(&answer, version, &d->response);
	if (answer.fault) {
		connection_bad_response(q->connection, &answer, why);
		return OUTCOME_BROKEN;
	}
	if (d->response.error == SERVER_NOT_AUTHORIZED) {
		finding_set(why, KMETA_ACCESS_REFUSED,
		            "%s lacks the permission DESCRIBE on the cluster",
		            connection_principal(q->connection));
		return OUTCOME_FINAL;
	}
	outcome = quorum_judge(q, d->response.error, d->response.leader, d->response.epoch, why);
	if (outcome == OUTCOME_DONE)
		d->no_memory = !take_described(d);
	return outcome;
}

enum kmeta_status kmeta_quorum_describe(struct kmeta_quorum *q, struct kmeta_quorum_status *status,
                                        struct kmeta_finding *why)
{
	struct describing *d = calloc(1, sizeof(*d));
	enum kmeta_status result;

	*status = (struct kmeta_quorum_status){ 0 };
	if (!d)
		return finding_memory(why);
	d->status = status;
	result = quorum_ask(q, describe_attempt, d, why);
	if (result == KMETA_OK && d->no_memory)
		result = finding_memory(why);
	if (result == KMETA_OK)
		snprintf(status->cluster_id, sizeof(status->cluster_id), "%s", q->cluster_id);
	free(d);
	return result;
}

void kmeta_quorum_status_release(struct kmeta_quorum_status *status)
{
	free(status->replicas);
	*status = (struct kmeta_quorum_status){ 0 };
}
