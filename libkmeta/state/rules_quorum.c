/* SPDX-License-Identifier: Apache-2.0 */
/* rules_quorum.c: what control records change: the leader, kraft.version and the voters. */
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/decode.h"
#include "state/rules.h"

/* ---- voters: KIP-853, Kafka's VoterSet.fromVotersRecord() ---- */

/* The image lists the ids of its voters, so that no other items need to be looked at. */
static void drop_voters(struct kmeta_image *image)
{
	for (size_t at = 0; at < image->voters.size; at += sizeof(int32_t)) {
		struct item *item;
		int32_t id;

		memcpy(&id, image->voters.at + at, sizeof(id));
		image->scratch.size = 0;
		image_key_number(&image->scratch, id);
		item = image->scratch.failed ? NULL
		                             : image_item(image, KMETA_VOTER,
		                                          kmeta_buffer_bytes(&image->scratch));
		if (item)
			image_drop_item(image, item);
	}
	image->voters.size = 0;
}

/* The record has all voters: those that it does not name are none any more. */
static enum kmeta_status put_voters(struct replay *r)
{
	struct kmeta_image *image = r->image;
	enum kmeta_status status = KMETA_OK;
	struct kmeta_fields voter;
	size_t at = 0;

	drop_voters(image);
	while (status == KMETA_OK && decode_next_voter(r->fields, &at, &voter)) {
		const int32_t id = (int32_t)fields_must_have(&voter, "voterId")->value.integer;
		const size_t before = image->counts[KMETA_VOTER];

		status = rule_put_fields(r, KMETA_VOTER, &voter);
		/* A voter that is named twice is one. */
		if (image->counts[KMETA_VOTER] > before)
			buffer_add(&image->voters, &id, sizeof(id));
	}
	return status == KMETA_OK && image->voters.failed ? finding_memory(r->why) : status;
}

/* The voters that a LEADER_CHANGE names: all that is known of them where they cannot change. */
static enum kmeta_status put_electors(struct replay *r)
{
	struct kmeta_buffer *electors = &r->image->electors;
	struct kmeta_fields voter;
	size_t at = 0;

	electors->size = 0;
	while (decode_next_voter(r->fields, &at, &voter)) {
		const int32_t id = (int32_t)fields_must_have(&voter, "voterId")->value.integer;

		buffer_add(electors, &id, sizeof(id));
	}
	return electors->failed ? finding_memory(r->why) : KMETA_OK;
}

/* ---- all of them ---- */

enum kmeta_status rule_control(struct replay *r)
{
	struct kmeta_quorum *quorum = &r->image->quorum;

	/* Compare the name: release 2.8 wrote it as another type. */
	if (!strcmp(r->fields->schema->name, "LEADER_CHANGE")) {
		quorum->leader = (int32_t)rule_integer(r, "leaderId", -1);
		quorum->leader_epoch = r->batch ? r->batch->epoch : -1;
		return put_electors(r);
	} else if (r->record->type == KMETA_CONTROL_KRAFT_VERSION) {
		quorum->kraft_version = (int32_t)rule_integer(r, "kRaftVersion", -1);
	} else if (r->record->type == KMETA_CONTROL_KRAFT_VOTERS) {
		return put_voters(r);
	}
	return KMETA_OK;
}
