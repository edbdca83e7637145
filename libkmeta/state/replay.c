/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c: applies each record to the state as Kafka's MetadataDelta does, by one table of rules.
 */
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/decode.h"
#include "record/kind.h"
#include "state/pending.h"
#include "state/rules.h"

/* The rule of each type of record. */
static const struct rule rules[] = {
	[KMETA_REGISTER_BROKER_RECORD] = { rule_put_registration, KMETA_SOUND },
	[KMETA_UNREGISTER_BROKER_RECORD] = { rule_drop_broker, KMETA_NOTHING_THERE },
	[KMETA_TOPIC_RECORD] = { rule_put_topic, KMETA_SOUND },
	[KMETA_PARTITION_RECORD] = { rule_put_partition, KMETA_SOUND },
	[KMETA_CONFIG_RECORD] = { rule_put_config, KMETA_SOUND },
	[KMETA_PARTITION_CHANGE_RECORD] = { rule_change_partition, KMETA_SOUND },
	[KMETA_ACCESS_CONTROL_RECORD] = { rule_unsupported, KMETA_SOUND },
	[KMETA_FENCE_BROKER_RECORD] = { rule_fence, KMETA_SOUND },
	[KMETA_UNFENCE_BROKER_RECORD] = { rule_unfence, KMETA_SOUND },
	[KMETA_REMOVE_TOPIC_RECORD] = { rule_drop_topic, KMETA_SOUND },
	[KMETA_DELEGATION_TOKEN_RECORD] = { rule_put, KMETA_SOUND },
	[KMETA_USER_SCRAM_CREDENTIAL_RECORD] = { rule_put_enumerated, KMETA_SOUND },
	[KMETA_FEATURE_LEVEL_RECORD] = { rule_put_feature, KMETA_SOUND },
	[KMETA_CLIENT_QUOTA_RECORD] = { rule_put_quota, KMETA_SOUND },
	[KMETA_PRODUCER_IDS_RECORD] = { rule_put_producer_ids, KMETA_SOUND },
	[KMETA_REMOVE_FEATURE_LEVEL_RECORD] = { rule_drop, KMETA_SOUND },
	[KMETA_BROKER_REGISTRATION_CHANGE_RECORD] = { rule_change_broker, KMETA_SOUND },
	[KMETA_ACCESS_CONTROL_ENTRY_RECORD] = { rule_put_enumerated, KMETA_SOUND },
	[KMETA_REMOVE_ACCESS_CONTROL_ENTRY_RECORD] = { rule_drop, KMETA_UNKNOWN_ACL },
	/* the leader's heartbeat: changes nothing */
	[KMETA_NO_OP_RECORD] = { rule_nothing, KMETA_SOUND },
	[KMETA_ZK_MIGRATION_STATE_RECORD] = { rule_put_migration, KMETA_SOUND },
	[KMETA_REMOVE_USER_SCRAM_CREDENTIAL_RECORD] = { rule_drop, KMETA_NOTHING_THERE },
	[KMETA_BEGIN_TRANSACTION_RECORD] = { rule_nothing,
	                                     KMETA_SOUND }, /* see kmeta_image_apply() */
	[KMETA_END_TRANSACTION_RECORD] = { rule_nothing, KMETA_SOUND },
	[KMETA_ABORT_TRANSACTION_RECORD] = { rule_nothing, KMETA_SOUND },
	[KMETA_REMOVE_DELEGATION_TOKEN_RECORD] = { rule_drop, KMETA_SOUND },
	[KMETA_REGISTER_CONTROLLER_RECORD] = { rule_put_registration, KMETA_SOUND },
	[KMETA_CLEAR_ELR_RECORD] = { rule_clear_elr, KMETA_SOUND },
	[KMETA_UNREGISTER_CONTROLLER_RECORD] = { rule_drop, KMETA_NOTHING_THERE },
};

/* Types that no release knows change nothing. */
static enum kmeta_status apply_rule(struct replay *r)
{
	const struct record_kind *kind = record_kind(false, r->record->type);

	if (r->record->control)
		return rule_control(r);
	if (!kind || (size_t)r->record->type >= sizeof(rules) / sizeof(rules[0]))
		return KMETA_OK;
	r->rule = &rules[r->record->type];
	r->kind = kind->entity;
	return r->rule->apply ? r->rule->apply(r) : KMETA_OK;
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
	pending_drop(image);
}

static enum kmeta_status commit(struct replay *r)
{
	struct kmeta_fields fields = { 0 };
	enum kmeta_status status = KMETA_OK;
	struct pending_cursor cursor = { 0 };
	struct pending p;

	while (status == KMETA_OK &&
	       (status = pending_next(r->image, &cursor, &p, r->why)) == KMETA_OK)
		status = replay_pending(r, &p, &fields);
	pending_cursor_release(&cursor);
	kmeta_fields_release(&fields);
	leave_transaction(r->image);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status begin_transaction(struct replay *r)
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
	if (r->record->type == KMETA_END_TRANSACTION_RECORD)
		return commit(r);
	leave_transaction(r->image);
	return KMETA_OK;
}

enum kmeta_status kmeta_image_apply(struct kmeta_image *image, const struct kmeta_batch *batch,
                                    const struct kmeta_record *record,
                                    const struct kmeta_fields *fields, kmeta_report *report,
                                    void *context, struct kmeta_finding *why)
{
	struct replay r = { .image = image,
		            .batch = batch,
		            .record = record,
		            .fields = fields,
		            .report = report,
		            .context = context,
		            .why = why };

	if (record->control)
		return replay_one(&r);
	switch (record->type) {
	case KMETA_BEGIN_TRANSACTION_RECORD:
		return begin_transaction(&r);
	case KMETA_END_TRANSACTION_RECORD:
	case KMETA_ABORT_TRANSACTION_RECORD:
		return end(&r);
	default:
		if (!image->in_transaction)
			return replay_one(&r);
		return pending_keep(image, batch, record, fields, why);
	}
}

enum kmeta_status image_try_pending(struct kmeta_image *image, kmeta_report *report, void *context,
                                    struct kmeta_finding *why)
{
	struct replay r = { .image = image, .report = report, .context = context, .why = why };

	return image->in_transaction ? commit(&r) : KMETA_OK;
}

void kmeta_image_reach(struct kmeta_image *image, const struct kmeta_batch *batch,
                       int64_t end_offset)
{
	if (image->moment.timestamp < 0)
		image->base.timestamp = batch->max_timestamp;
	image->base_bytes += batch->size;
	image->moment.end_offset = end_offset;
	image->moment.timestamp = batch->max_timestamp;
	image->moment.epoch = batch->epoch;
}
