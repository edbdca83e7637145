/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c: what each record does to the state, as Kafka's MetadataDelta does it: one table of
 * rules. */
#include <string.h>

#include "buffer.h"
#include "decode.h"
#include "finding.h"
#include "rules.h"

static const struct rule rules[] = {
	{ 0, KMETA_BROKER, rule_put_registration, KMETA_SOUND },
	{ 1, KMETA_BROKER, rule_drop_broker, KMETA_NOTHING_THERE },
	{ 2, KMETA_TOPIC, rule_put_topic, KMETA_SOUND },
	{ 3, KMETA_PARTITION, rule_put_partition, KMETA_UNKNOWN_TOPIC },
	{ 4, KMETA_CONFIG, rule_put_config, KMETA_SOUND },
	{ 5, KMETA_PARTITION, rule_change_partition, KMETA_UNKNOWN_PARTITION },
	{ 6, KMETA_ACL, rule_unsupported, KMETA_SOUND },
	{ 7, KMETA_BROKER, rule_fence, KMETA_UNKNOWN_BROKER },
	{ 8, KMETA_BROKER, rule_unfence, KMETA_UNKNOWN_BROKER },
	{ 9, KMETA_TOPIC, rule_drop_topic, KMETA_UNKNOWN_TOPIC },
	{ 10, KMETA_TOKEN, rule_put, KMETA_SOUND },
	{ 11, KMETA_SCRAM, rule_put, KMETA_SOUND },
	{ 12, KMETA_FEATURE, rule_put_feature, KMETA_SOUND },
	{ 14, KMETA_QUOTA, rule_put_quota, KMETA_SOUND },
	{ 15, KMETA_PRODUCER_IDS, rule_put_producer_ids, KMETA_SOUND },
	{ 16, KMETA_FEATURE, rule_drop, KMETA_SOUND },
	{ 17, KMETA_BROKER, rule_change_broker, KMETA_UNKNOWN_BROKER },
	{ 18, KMETA_ACL, rule_put, KMETA_SOUND },
	{ 19, KMETA_ACL, rule_drop, KMETA_UNKNOWN_ACL },
	{ 21, KMETA_ZK_MIGRATION, rule_put_migration, KMETA_SOUND },
	{ 22, KMETA_SCRAM, rule_drop, KMETA_NOTHING_THERE },
	{ 26, KMETA_TOKEN, rule_drop, KMETA_SOUND },
	{ 27, KMETA_CONTROLLER, rule_put_registration, KMETA_SOUND },
	{ 28, KMETA_PARTITION, rule_clear_elr, KMETA_UNKNOWN_TOPIC },
	{ 29, KMETA_CONTROLLER, rule_drop, KMETA_NOTHING_THERE },
};

static enum kmeta_status apply_rule(struct replay *r)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == r->record->type)
			return rules[i].apply(r, &rules[i]);
	return KMETA_OK;
}

static enum kmeta_status replay_one(struct replay *r)
{
	const struct image_watcher *watcher = &r->image->watcher;
	enum kmeta_status status = KMETA_OK;

	if (watcher->before)
		status = watcher->before(watcher->context, r->batch, r->record, r->fields, r->why);
	if (status == KMETA_OK)
		status = apply_rule(r);
	if (status == KMETA_OK && watcher->after)
		status = watcher->after(watcher->context, r->batch, r->record, r->fields, r->why);
	return status;
}

/* ---- transactions: KIP-868 ---- */

enum { BEGIN_TRANSACTION = 23, END_TRANSACTION = 24, ABORT_TRANSACTION = 25 };

/* A record that waits for the end of its transaction; its value follows. */
struct pending {
	struct kmeta_record record;
	const struct kmeta_schema *schema;
	const char *file;
	int32_t epoch;
};

static enum kmeta_status keep(struct replay *r)
{
	struct kmeta_buffer *pending = &r->image->pending;
	struct pending p = { *r->record, r->fields->schema, r->batch ? r->batch->file : NULL,
		             r->batch ? r->batch->epoch : -1 };

	/* Only the value is kept: what else the record borrows will be gone. */
	p.record.key = p.record.headers = (struct kmeta_bytes){ 0 };
	p.record.header_count = 0;
	buffer_add(pending, &p, sizeof(p));
	buffer_add(pending, p.record.value.data, p.record.value.size);
	return pending->failed ? finding_memory(r->why) : KMETA_OK;
}

static enum kmeta_status replay_kept(struct replay *r, struct pending *p, struct kmeta_bytes value,
                                     struct kmeta_fields *fields)
{
	const struct kmeta_batch batch = { .file = p->file, .epoch = p->epoch };
	struct replay kept = *r;
	enum kmeta_status status;

	p->record.value = value;
	status = decode_as(p->schema, &p->record, fields, r->why);
	if (status != KMETA_OK)
		return status;
	kept.batch = &batch;
	kept.record = &p->record;
	kept.fields = fields;
	return replay_one(&kept);
}

bool image_keep_files(struct kmeta_image *image)
{
	const char *borrowed = NULL, *kept = NULL;
	struct pending p;

	for (size_t at = 0; at < image->pending.size; at += sizeof(p) + p.record.value.size) {
		memcpy(&p, image->pending.at + at, sizeof(p));
		if (!p.file)
			continue;
		if (p.file != borrowed) {
			const size_t size = strlen(p.file) + 1;
			char *name = pool_get(&image->pool, size);

			if (!name)
				return false;
			borrowed = p.file;
			kept = memcpy(name, p.file, size);
		}
		p.file = kept;
		memcpy(image->pending.at + at, &p, sizeof(p));
	}
	return true;
}

static void leave_transaction(struct kmeta_image *image)
{
	image->in_transaction = false;
	image->transaction_offset = -1;
	image->pending.size = 0;
}

static enum kmeta_status commit(struct replay *r)
{
	const struct kmeta_buffer *pending = &r->image->pending;
	struct kmeta_fields fields = { 0 };
	enum kmeta_status status = KMETA_OK;
	struct pending p;

	for (size_t at = 0; at < pending->size && status == KMETA_OK;) {
		memcpy(&p, pending->at + at, sizeof(p));
		at += sizeof(p);
		status = replay_kept(
			r, &p,
			(struct kmeta_bytes){ (uint8_t *)pending->at + at, p.record.value.size },
			&fields);
		at += p.record.value.size;
	}
	kmeta_fields_release(&fields);
	leave_transaction(r->image);
	return status;
}

static enum kmeta_status begin(struct replay *r)
{
	if (r->image->in_transaction)
		return rule_object(r, KMETA_NESTED_TRANSACTION,
		                   "one that began at offset %lld is open",
		                   (long long)r->image->transaction_offset);
	r->image->in_transaction = true;
	r->image->transaction_offset = r->record->offset;
	return KMETA_OK;
}

static enum kmeta_status end(struct replay *r)
{
	if (!r->image->in_transaction)
		return rule_object(r, KMETA_NO_TRANSACTION, "no transaction is open");
	if (r->record->type == END_TRANSACTION)
		return commit(r);
	leave_transaction(r->image);
	return KMETA_OK;
}

/* ---- control records ---- */

enum { KRAFT_VERSION = 5, KRAFT_VOTERS = 6 };

static enum kmeta_status take_control(struct replay *r)
{
	struct kmeta_quorum *quorum = &r->image->quorum;
	struct kmeta_buffer *voters = &r->image->voters;

	if (!strcmp(r->fields->schema->name, "LEADER_CHANGE")) {
		quorum->leader = (int32_t)rule_integer(r, "leaderId", -1);
		quorum->leader_epoch = r->batch ? r->batch->epoch : -1;
	} else if (r->record->type == KRAFT_VERSION) {
		quorum->kraft_version = (int32_t)rule_integer(r, "kRaftVersion", -1);
	} else if (r->record->type == KRAFT_VOTERS) {
		voters->size = 0;
		buffer_add(voters, r->record->value.data, r->record->value.size);
		quorum->voters = rule_view(voters);
		return voters->failed ? finding_memory(r->why) : KMETA_OK;
	}
	return KMETA_OK;
}

enum kmeta_status kmeta_image_apply(struct kmeta_image *image, const struct kmeta_batch *batch,
                                    const struct kmeta_record *record,
                                    const struct kmeta_fields *fields, kmeta_report *report,
                                    void *context, struct kmeta_finding *why)
{
	struct replay r = { image, batch, record, fields, report, context, why };

	if (record->control)
		return take_control(&r);
	switch (record->type) {
	case BEGIN_TRANSACTION:
		return begin(&r);
	case END_TRANSACTION:
	case ABORT_TRANSACTION:
		return end(&r);
	default:
		return image->in_transaction ? keep(&r) : replay_one(&r);
	}
}

enum kmeta_status image_try_pending(struct kmeta_image *image, kmeta_report *report, void *context,
                                    struct kmeta_finding *why)
{
	struct replay r = { image, NULL, NULL, NULL, report, context, why };

	return image->in_transaction ? commit(&r) : KMETA_OK;
}

void kmeta_image_reach(struct kmeta_image *image, const struct kmeta_batch *batch,
                       int64_t end_offset)
{
	image->place.end_offset = end_offset;
	image->place.timestamp = batch->max_timestamp;
	image->place.epoch = batch->epoch;
}
