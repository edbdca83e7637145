/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_quorum.c: what control records say of leaders, kraft.version and voters. Kafka's image does
 * not know them, so replay goes on whatever is found.
 */
#include "check/check_quorum.h"

#include <string.h>

#include "base/buffer.h"
#include "print/scalar.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/image.h"

/* The highest kraft.version that a release knows (KRaftVersion). */
enum { LATEST_KRAFT_VERSION = 1 };

/* One control record that is checked. */
struct quorum_record {
	struct quorum_check *q;
	const struct kmeta_image *image;
	struct findings *findings;
	const struct kmeta_batch *batch;
	const struct kmeta_record *record;
	const struct kmeta_fields *fields;
};

#define OBJECT(r, code, ...)                                                               \
	findings_add((r)->findings, KMETA_##code, (r)->batch->file, (r)->record->position, \
	             (r)->record->offset, __VA_ARGS__)

static bool has_voter_id(const struct kmeta_buffer *numbers, int64_t number)
{
	for (size_t at = 0; at < numbers->size; at += sizeof(int32_t)) {
		int32_t each;

		memcpy(&each, numbers->at + at, sizeof(each));
		if (each == number)
			return true;
	}
	return false;
}

/* ---- LEADER_CHANGE: Kafka's LeaderState writes it as the first record of its epoch ---- */

/* Calls for each id in an array of voters. */
static void each_voter(const struct quorum_record *r, const char *array,
                       void (*see)(const struct quorum_record *r, int32_t id))
{
	const struct kmeta_field *voters = kmeta_fields_find(r->fields, array);
	const size_t start = voters ? (size_t)(voters - r->fields->at) : 0;

	for (size_t i = start + 1; voters && i < start + voters->span; i += r->fields->at[i].span)
		see(r, (int32_t)r->fields->at[i + 1].value.integer);
}

static void take_named(const struct quorum_record *r, int32_t id)
{
	buffer_add(&r->q->named, &id, sizeof(id));
}

/* Only voters grant their vote. */
static void check_granting(const struct quorum_record *r, int32_t id)
{
	if (!has_voter_id(&r->q->named, id))
		OBJECT(r, ODD_VALUE, "LEADER_CHANGE: %d grants its vote, and is none of its voters",
		       id);
}

/* The voters that the leader names, against those that the log has. */
static void check_named(const struct quorum_record *r)
{
	const struct kmeta_buffer *named = &r->q->named, *voters = &r->image->voters;

	if (!voters->size)
		return;
	if (named->size != voters->size)
		OBJECT(r, ODD_VALUE, "LEADER_CHANGE: it names %zu voters, but the log has %zu",
		       named->size / sizeof(int32_t), voters->size / sizeof(int32_t));
	for (size_t at = 0; at < named->size && named->size == voters->size;
	     at += sizeof(int32_t)) {
		int32_t id;

		memcpy(&id, named->at + at, sizeof(id));
		if (!has_voter_id(voters, id))
			OBJECT(r, ODD_VALUE, "LEADER_CHANGE: %d is none of the log's voters", id);
	}
}

/* Only a voter wins an election. Logs that tests write name one voter, whatever the leader. */
static void check_leader(const struct quorum_record *r)
{
	const struct kmeta_field *leader = kmeta_fields_find(r->fields, "leaderId");

	r->q->named.size = 0;
	each_voter(r, "voters", take_named);
	r->findings->failed |= r->q->named.failed;
	if (r->q->named.size > sizeof(int32_t))
		each_voter(r, "grantingVoters", check_granting);
	if (leader && r->q->named.size > sizeof(int32_t) &&
	    !has_voter_id(&r->q->named, leader->value.integer))
		OBJECT(r, ODD_VALUE, "LEADER_CHANGE: leader %lld is none of its voters",
		       (long long)leader->value.integer);
	else
		check_named(r);
	if (r->q->has_leader && r->batch->epoch <= r->q->epoch)
		OBJECT(r, ODD_VALUE, "LEADER_CHANGE: epoch %d had another one before",
		       r->batch->epoch);
	r->q->has_leader = true;
	r->q->epoch = r->batch->epoch;
}

/* ---- KRAFT_VERSION and KRAFT_VOTERS: KIP-853 ---- */

static void check_kraft_version(const struct quorum_record *r)
{
	const struct kmeta_field *field = kmeta_fields_find(r->fields, "kRaftVersion");
	const int64_t version = field ? field->value.integer : 0;

	if (version < 0 || version > LATEST_KRAFT_VERSION)
		OBJECT(r, BAD_VALUE, "KRAFT_VERSION: no release knows kraft.version %lld",
		       (long long)version);
	else if (version < r->image->quorum.kraft_version)
		OBJECT(r, ODD_VALUE, "KRAFT_VERSION: kraft.version goes back from %d to %lld",
		       r->image->quorum.kraft_version, (long long)version);
}

/* The directory of a voter of the image. END: there is no such voter. */
static enum kmeta_status voter_directory_of(const struct kmeta_image *image, int32_t id,
                                            uint8_t directory[IMAGE_ID])
{
	struct kmeta_buffer key = { 0 };
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why; /* memory ran out, as the status says */
	enum kmeta_status status = KMETA_END;
	const struct item *item = NULL;

	image_key_number(&key, id);
	if (key.failed)
		status = KMETA_FAILED;
	else
		item = image_item(image, KMETA_VOTER, kmeta_buffer_bytes(&key));
	if (item)
		status = encode_reread(kind_newest_schema(KMETA_VOTER),
		                       (struct kmeta_bytes){ item->value, item->value_size },
		                       &fields, &why);
	if (status == KMETA_OK)
		memcpy(directory, fields_must_have(&fields, "voterDirectoryId")->value.bytes.data,
		       IMAGE_ID);
	kmeta_fields_release(&fields);
	kmeta_buffer_release(&key);
	return status;
}

/* "copied": the first leader copies the voters of the checkpoint at offset 0 into the log. */
static void check_voter(const struct quorum_record *r, const struct kmeta_fields *voter,
                        bool copied, struct kmeta_buffer *ids)
{
	const int32_t id = (int32_t)fields_must_have(voter, "voterId")->value.integer;
	const uint8_t *directory = fields_must_have(voter, "voterDirectoryId")->value.bytes.data;
	enum kmeta_status status = KMETA_OK;
	uint8_t own[IMAGE_ID];

	buffer_add(ids, &id, sizeof(id));
	if (id < 0)
		OBJECT(r, ODD_VALUE, "KRAFT_VOTERS: a voter has the id %d", id);
	if (copied)
		status = voter_directory_of(r->image, id, own);
	r->findings->failed |= status == KMETA_FAILED;
	if (status == KMETA_END ||
	    (copied && status == KMETA_OK && memcmp(own, directory, IMAGE_ID)))
		OBJECT(r, ODD_VALUE,
		       "KRAFT_VOTERS: the checkpoint at offset 0, from which these voters come, has "
		       "no voter %d with this directory",
		       id);
}

/* Kafka keeps the last of several voters with the same id. */
static void check_voter_twins(const struct quorum_record *r, const struct kmeta_buffer *ids)
{
	const size_t count = ids->size / sizeof(int32_t);

	numbers_sort(ids->at, count);
	for (size_t i = 1; i < count; i++) {
		const char *at = ids->at + i * sizeof(int32_t);

		if (memcmp(at, at - sizeof(int32_t), sizeof(int32_t)) != 0)
			continue;
		OBJECT(r, ODD_VALUE, "KRAFT_VOTERS: a voter is named twice");
		return;
	}
}

static void check_voter_set(const struct quorum_record *r)
{
	const bool copied = !r->q->has_voters && r->image->voters.size;
	struct kmeta_buffer ids = { 0 };
	struct kmeta_fields voter;
	size_t at = 0;

	while (decode_next_voter(r->fields, &at, &voter))
		check_voter(r, &voter, copied, &ids);
	r->findings->failed |= ids.failed;
	if (!at)
		OBJECT(r, ODD_VALUE, "KRAFT_VOTERS: there is no voter");
	check_voter_twins(r, &ids);
	if (r->image->quorum.kraft_version < 1)
		OBJECT(r, ODD_VALUE, "KRAFT_VOTERS: kraft.version 0 has none");
	r->q->has_voters = r->q->has_voters_record = true;
	kmeta_buffer_release(&ids);
}

void quorum_check_record(struct quorum_check *q, const struct kmeta_image *image,
                         struct findings *findings, const struct kmeta_batch *batch,
                         const struct kmeta_record *record, const struct kmeta_fields *fields)
{
	const struct quorum_record r = { q, image, findings, batch, record, fields };

	if (record->type == KMETA_CONTROL_KRAFT_VERSION ||
	    record->type == KMETA_CONTROL_KRAFT_VOTERS) {
		q->has_record = true;
		q->last_record = record->offset;
	}
	/* Compare the name: release 2.8 wrote it as another type. */
	if (!strcmp(fields->schema->name, "LEADER_CHANGE"))
		check_leader(&r);
	else if (record->type == KMETA_CONTROL_KRAFT_VERSION)
		check_kraft_version(&r);
	else if (record->type == KMETA_CONTROL_KRAFT_VOTERS)
		check_voter_set(&r);
	else if (record->type == KMETA_CONTROL_ABORT || record->type == KMETA_CONTROL_COMMIT)
		OBJECT(&r, BAD_VALUE, "%s: the quorum knows no markers of transactions",
		       fields->schema->name);
}

/* ---- the end ---- */

/* As text. Empty if it is not known: a voter that a static configuration named has none. */
static enum kmeta_status print_directory(const struct kmeta_image *image, int32_t id, char text[32])
{
	static const uint8_t unknown[IMAGE_ID];
	uint8_t directory[IMAGE_ID];
	const enum kmeta_status status = voter_directory_of(image, id, directory);

	if (status == KMETA_OK && memcmp(directory, unknown, IMAGE_ID) != 0)
		*uuid_print(text, directory) = '\0';
	return status;
}

bool quorum_check_end(struct quorum_check *q, const struct kmeta_image *image, int32_t node_id,
                      struct quorum_end *end)
{
	const struct kmeta_buffer *voters = image->voters.size ? &image->voters : &q->named;
	enum kmeta_status status = KMETA_END;

	*end = (struct quorum_end){ .is_known = true,
		                    .leader = image->quorum.leader,
		                    .leader_epoch = image->quorum.leader_epoch,
		                    .has_voters = q->has_voters_record,
		                    .last_record = q->has_record ? q->last_record : -1 };
	buffer_add(&end->voters, voters->at, voters->size);
	if (node_id >= 0)
		status = print_directory(image, node_id, end->voter_directory);
	if (status != KMETA_FAILED && image->voters.size == sizeof(end->only_voter)) {
		memcpy(&end->only_voter, image->voters.at, sizeof(end->only_voter));
		status = print_directory(image, end->only_voter, end->only_directory);
	}
	return status != KMETA_FAILED && !end->voters.failed;
}

void quorum_check_release(struct quorum_check *q)
{
	kmeta_buffer_release(&q->named);
}

bool quorum_end_is_voter(const struct quorum_end *end, int64_t id)
{
	return !end->voters.size || has_voter_id(&end->voters, id);
}

void quorum_end_release(struct quorum_end *end)
{
	kmeta_buffer_release(&end->voters);
}
