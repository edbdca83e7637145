/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_quorum.c: what control records say of leaders, kraft.version and voters. Kafka's image does
 * not know them, so replay goes on whatever is found.
 */
#include "check/check_quorum.h"

#include <string.h>

#include "base/buffer.h"
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

static bool is_voter(const struct kmeta_image *image, int64_t id)
{
	for (size_t at = 0; at < image->voters.size; at += sizeof(int32_t)) {
		int32_t voter;

		memcpy(&voter, image->voters.at + at, sizeof(voter));
		if (voter == id)
			return true;
	}
	return false;
}

/* ---- LEADER_CHANGE: Kafka's LeaderState writes it as the first record of its epoch ---- */

/* The voters that the leader names, against those that the log has. */
static void check_named_voters(const struct quorum_record *r, const struct kmeta_field *voters)
{
	const size_t start = (size_t)(voters - r->fields->at), end = start + voters->span;

	if (!r->image->voters.size)
		return;
	if ((size_t)voters->value.integer != r->image->voters.size / sizeof(int32_t))
		OBJECT(r, ODD_VALUE, "LEADER_CHANGE: it names %lld voters, but the log has %zu",
		       (long long)voters->value.integer, r->image->voters.size / sizeof(int32_t));
	else
		for (size_t i = start + 1; i < end; i += r->fields->at[i].span)
			if (!is_voter(r->image, r->fields->at[i + 1].value.integer))
				OBJECT(r, ODD_VALUE,
				       "LEADER_CHANGE: %lld is none of the log's voters",
				       (long long)r->fields->at[i + 1].value.integer);
}

/* Only a voter wins an election. Logs that tests write name one voter, whatever the leader. */
static void check_leader(const struct quorum_record *r)
{
	const struct kmeta_field *leader = kmeta_fields_find(r->fields, "leaderId");
	const struct kmeta_field *voters = kmeta_fields_find(r->fields, "voters");
	const size_t start = voters ? (size_t)(voters - r->fields->at) : 0;
	bool found = !leader || !voters || voters->value.integer < 2;

	for (size_t i = start + 1; !found && i < start + voters->span; i += r->fields->at[i].span)
		found = r->fields->at[i + 1].value.integer == leader->value.integer;
	if (!found)
		OBJECT(r, ODD_VALUE, "LEADER_CHANGE: leader %lld is none of its voters",
		       (long long)leader->value.integer);
	else if (voters)
		check_named_voters(r, voters);
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

/* A voter of the image with this id has this directory. */
static bool has_directory(const struct kmeta_image *image, int32_t id, struct kmeta_bytes directory)
{
	struct kmeta_buffer key = { 0 };
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding ignored; /* a voter that cannot be read has no directory */
	const struct item *item;
	struct kmeta_bytes own;
	bool same = false;

	image_key_number(&key, id);
	item = key.failed ? NULL : image_item(image, KMETA_VOTER, kmeta_buffer_bytes(&key));
	if (item && encode_reread(kind_newest_schema(KMETA_VOTER),
	                          (struct kmeta_bytes){ item->value, item->value_size }, &fields,
	                          &ignored) == KMETA_OK) {
		own = fields_must_have(&fields, "voterDirectoryId")->value.bytes;
		same = !memcmp(own.data, directory.data, IMAGE_ID);
	}
	kmeta_fields_release(&fields);
	kmeta_buffer_release(&key);
	return same;
}

/* "copied": the first leader copies the voters of the checkpoint at offset 0 into the log. */
static void check_voter(const struct quorum_record *r, const struct kmeta_fields *voter,
                        bool copied, struct kmeta_buffer *ids)
{
	const int32_t id = (int32_t)fields_must_have(voter, "voterId")->value.integer;

	buffer_add(ids, &id, sizeof(id));
	if (id < 0)
		OBJECT(r, ODD_VALUE, "KRAFT_VOTERS: a voter has the id %d", id);
	if (copied &&
	    !has_directory(r->image, id, fields_must_have(voter, "voterDirectoryId")->value.bytes))
		OBJECT(r, ODD_VALUE,
		       "KRAFT_VOTERS: the checkpoint at offset 0, from which these voters come, has "
		       "no voter %d with this directory",
		       id);
}

/* Kafka keeps the last of several voters with the same id. */
static void check_twins(const struct quorum_record *r, const struct kmeta_buffer *ids)
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

static void check_voters(const struct quorum_record *r)
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
	check_twins(r, &ids);
	if (r->image->quorum.kraft_version < 1)
		OBJECT(r, ODD_VALUE, "KRAFT_VOTERS: kraft.version 0 has none");
	r->q->has_voters = true;
	kmeta_buffer_release(&ids);
}

void quorum_check_record(struct quorum_check *q, const struct kmeta_image *image,
                         struct findings *findings, const struct kmeta_batch *batch,
                         const struct kmeta_record *record, const struct kmeta_fields *fields)
{
	const struct quorum_record r = { q, image, findings, batch, record, fields };

	/* Compare the name: release 2.8 wrote it as another type. */
	if (!strcmp(fields->schema->name, "LEADER_CHANGE"))
		check_leader(&r);
	else if (record->type == KMETA_CONTROL_KRAFT_VERSION)
		check_kraft_version(&r);
	else if (record->type == KMETA_CONTROL_KRAFT_VOTERS)
		check_voters(&r);
}
