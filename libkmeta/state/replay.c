/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c: what each record does to the state, as Kafka's MetadataDelta does it: one table of
 * rules. */
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/decode.h"
#include "state/pending.h"
#include "state/rules.h"

/* By the type of the record. */
static const struct rule rules[] = {
	[0] = { KMETA_BROKER, rule_put_registration, KMETA_SOUND },
	[1] = { KMETA_BROKER, rule_drop_broker, KMETA_NOTHING_THERE },
	[2] = { KMETA_TOPIC, rule_put_topic, KMETA_SOUND },
	[3] = { KMETA_PARTITION, rule_put_partition, KMETA_UNKNOWN_TOPIC },
	[4] = { KMETA_CONFIG, rule_put_config, KMETA_SOUND },
	[5] = { KMETA_PARTITION, rule_change_partition, KMETA_UNKNOWN_PARTITION },
	[6] = { KMETA_ACL, rule_unsupported, KMETA_SOUND },
	[7] = { KMETA_BROKER, rule_fence, KMETA_UNKNOWN_BROKER },
	[8] = { KMETA_BROKER, rule_unfence, KMETA_UNKNOWN_BROKER },
	[9] = { KMETA_TOPIC, rule_drop_topic, KMETA_UNKNOWN_TOPIC },
	[10] = { KMETA_TOKEN, rule_put, KMETA_SOUND },
	[11] = { KMETA_SCRAM, rule_put, KMETA_SOUND },
	[12] = { KMETA_FEATURE, rule_put_feature, KMETA_SOUND },
	[14] = { KMETA_QUOTA, rule_put_quota, KMETA_SOUND },
	[15] = { KMETA_PRODUCER_IDS, rule_put_producer_ids, KMETA_SOUND },
	[16] = { KMETA_FEATURE, rule_drop, KMETA_SOUND },
	[17] = { KMETA_BROKER, rule_change_broker, KMETA_UNKNOWN_BROKER },
	[18] = { KMETA_ACL, rule_put, KMETA_SOUND },
	[19] = { KMETA_ACL, rule_drop, KMETA_UNKNOWN_ACL },
	[21] = { KMETA_ZK_MIGRATION, rule_put_migration, KMETA_SOUND },
	[22] = { KMETA_SCRAM, rule_drop, KMETA_NOTHING_THERE },
	[26] = { KMETA_TOKEN, rule_drop, KMETA_SOUND },
	[27] = { KMETA_CONTROLLER, rule_put_registration, KMETA_SOUND },
	[28] = { KMETA_PARTITION, rule_clear_elr, KMETA_UNKNOWN_TOPIC },
	[29] = { KMETA_CONTROLLER, rule_drop, KMETA_NOTHING_THERE },
};

/* Types that have no rule change nothing. */
static enum kmeta_status apply_rule(struct replay *r)
{
	const int32_t type = r->record->type;

	if (type < 0 || (size_t)type >= sizeof(rules) / sizeof(rules[0]) || !rules[type].apply)
		return KMETA_OK;
	return rules[type].apply(r, &rules[type]);
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

static enum kmeta_status replay_pending(struct replay *r, struct pending *p,
                                        struct kmeta_fields *fields)
{
	const struct kmeta_batch batch = { .file = p->file, .epoch = p->epoch };
	struct replay later = *r;
	const enum kmeta_status status = decode_as(p->schema, &p->record, fields, r->why);

	if (status != KMETA_OK)
		return status;
	later.batch = &batch;
	later.record = &p->record;
	later.fields = fields;
	return replay_one(&later);
}

static void leave_transaction(struct kmeta_image *image)
{
	image->in_transaction = false;
	image->transaction_offset = -1;
	image->pending.size = 0;
}

static enum kmeta_status commit(struct replay *r)
{
	struct kmeta_fields fields = { 0 };
	enum kmeta_status status = KMETA_OK;
	struct pending p;
	size_t at = 0;

	while (status == KMETA_OK && pending_next(r->image, &at, &p))
		status = replay_pending(r, &p, &fields);
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
		if (!image->in_transaction)
			return replay_one(&r);
		return pending_keep(image, batch, record, fields) ? KMETA_OK : finding_memory(why);
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
