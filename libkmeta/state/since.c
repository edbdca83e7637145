/* SPDX-License-Identifier: Apache-2.0 */
/* since.c: watches, while a state is loaded, since when things are as they are. */
#include "state/since.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "base/wire.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/kind.h"

enum { NO_LEADER = -1, NUMBER = 4, RECOVERING = 1 };

/* The partition that the current record is about, as it was before. */
struct before {
	const struct topic *topic; /* NULL: the record is about no partition that is there */
	int32_t id;
	bool existed;
	unsigned troubles;
	int32_t leader;
	int8_t recovery_state;
	struct kmeta_buffer isr, elr; /* as on the wire */
};

/* The last change of another entity. */
struct kept_item {
	struct since_mark at;
	enum kmeta_entity_kind kind;
	size_t key_size;
	uint8_t key[];
};

struct since {
	struct kmeta_image *image;
	uint64_t seed; /* of the tables, whatever image is watched */
	struct since_mark begin;
	struct pool pool;
	struct table partitions, items;
	struct before was;
	struct kmeta_buffer key; /* of an item that the current record is about */
	int fenced;              /* whether that broker was: -1 if it was not registered */
	struct kmeta_fields fields;
	struct since_no_ops no_ops;
	struct since_mark last; /* record, and its epoch */
	int32_t last_epoch;
};

/* ---- partitions: what they are ---- */

size_t partition_wanted_isr(const struct partition *partition)
{
	const size_t replicas = partition->counts[PARTITION_REPLICAS],
		     adding = partition->counts[PARTITION_ADDING];

	return replicas > adding ? replicas - adding : replicas;
}

unsigned partition_troubles(const struct partition *partition)
{
	const uint16_t *counts = partition->counts;
	const bool lacks = counts[PARTITION_ISR] < counts[PARTITION_REPLICAS];
	unsigned troubles = 0;

	if (partition->leader == NO_LEADER)
		troubles |= 1u << TROUBLE_LEADERLESS;
	if (counts[PARTITION_ADDING] || counts[PARTITION_REMOVING])
		troubles |= 1u << TROUBLE_REASSIGNING;
	if (counts[PARTITION_ISR] < partition_wanted_isr(partition))
		troubles |= 1u << TROUBLE_UNDER_REPLICATED;
	for (unsigned size = 0; lacks && size <= 2; size++)
		if (counts[PARTITION_ISR] <= size)
			troubles |= 1u << (TROUBLE_NO_ISR + size);
	return troubles;
}

/* ---- partitions: since when ---- */

struct wanted_partition {
	uint8_t topic_id[IMAGE_ID];
	int32_t id;
};

static bool is_partition(const void *value, const void *key)
{
	const struct since_partition *partition = value;
	const struct wanted_partition *wanted = key;

	return partition->id == wanted->id &&
	       !memcmp(partition->topic_id, wanted->topic_id, IMAGE_ID);
}

static uint64_t partition_hash(const struct since *since, const struct wanted_partition *wanted)
{
	return table_hash(since->seed, wanted, sizeof(*wanted));
}

const struct since_partition *since_partition(const struct since *since, const uint8_t *topic_id,
                                              int32_t id)
{
	struct wanted_partition wanted = { .id = id };

	if (!since->partitions.count)
		return NULL;
	memcpy(wanted.topic_id, topic_id, IMAGE_ID);
	return table_find(&since->partitions, partition_hash(since, &wanted), is_partition,
	                  &wanted);
}

static size_t unclean_size(size_t isr_count)
{
	return sizeof(struct unclean_election) + isr_count * sizeof(int32_t);
}

static void drop_unclean(struct since *since, struct since_partition *partition)
{
	if (partition->unclean)
		pool_put(&since->pool, partition->unclean,
		         unclean_size(partition->unclean->isr_count));
	partition->unclean = NULL;
}

static void drop_partition(struct since *since, struct since_partition *partition)
{
	struct wanted_partition wanted = { .id = partition->id };

	memcpy(wanted.topic_id, partition->topic_id, IMAGE_ID);
	table_drop(&since->partitions, partition_hash(since, &wanted), partition);
	drop_unclean(since, partition);
	pool_put(&since->pool, partition, sizeof(*partition));
}

static struct since_partition *add_partition(struct since *since, const uint8_t *topic_id,
                                             int32_t id)
{
	struct since_partition *partition = pool_get(&since->pool, sizeof(*partition));
	struct wanted_partition wanted = { .id = id };

	if (!partition)
		return NULL;
	memcpy(wanted.topic_id, topic_id, IMAGE_ID);
	*partition = (struct since_partition){ .id = id };
	memcpy(partition->topic_id, topic_id, IMAGE_ID);
	for (size_t i = 0; i < TROUBLES; i++)
		partition->marks[i].offset = SINCE_BEFORE;
	partition->moved.offset = SINCE_BEFORE;
	if (table_add(&since->partitions, partition_hash(since, &wanted), partition))
		return partition;
	pool_put(&since->pool, partition, sizeof(*partition));
	return NULL;
}

static struct since_partition *known_partition(struct since *since, const uint8_t *topic_id,
                                               int32_t id)
{
	return (struct since_partition *)(uintptr_t)since_partition(since, topic_id, id);
}

static void forget_topic(struct since *since, const struct topic *topic)
{
	struct partition *partition;
	size_t at = 0;

	while (since->partitions.count && (partition = topic_next(topic, &at)) != NULL) {
		struct since_partition *known = known_partition(since, topic->id, partition->id);

		if (known)
			drop_partition(since, known);
	}
}

/* ---- the record: before ---- */

static void copy_array(struct kmeta_buffer *to, struct kmeta_bytes from)
{
	to->size = 0;
	if (from.size)
		kmeta_buffer_add(to, (const char *)from.data, from.size);
}

/* ISR and ELR are needed only if the record may elect a leader. */
static bool see_partition(struct since *since, const struct kmeta_fields *fields)
{
	const struct kmeta_field *leader = kmeta_fields_find(fields, "leader");
	struct before *was = &since->was;
	const struct partition *partition;
	struct partition_state state;

	was->topic =
		image_topic(since->image, fields_must_have(fields, "topicId")->value.bytes.data);
	if (!was->topic)
		return true;
	was->id = (int32_t)fields_must_have(fields, "partitionId")->value.integer;
	partition = image_partition(since->image, was->topic, was->id);
	was->existed = partition != NULL;
	was->troubles = partition ? partition_troubles(partition) : 0;
	was->leader = partition ? partition->leader : NO_LEADER;
	was->recovery_state = partition ? partition->recovery_state : RECOVERING;
	if (!partition || !leader || leader->value.integer < 0)
		return true;
	partition_unpack(&state, partition);
	copy_array(&was->isr, state.arrays[PARTITION_ISR]);
	copy_array(&was->elr, state.arrays[PARTITION_ELR]);
	return !was->isr.failed && !was->elr.failed;
}

/* Whether a broker is fenced; -1: it is not registered. */
static int see_broker(struct since *since)
{
	const struct item *item =
		image_item(since->image, KMETA_BROKER, kmeta_buffer_bytes(&since->key));
	const struct kmeta_field *fenced;
	struct kmeta_finding ignored; /* a registration that cannot be read is none */

	if (!item || encode_reread(kind_newest_schema(KMETA_BROKER),
	                           (struct kmeta_bytes){ item->value, item->value_size },
	                           &since->fields, &ignored) != KMETA_OK)
		return -1;
	fenced = kmeta_fields_find(&since->fields, "fenced");
	return fenced && fenced->value.integer;
}

static const struct kmeta_field *broker_number(const struct kmeta_fields *fields)
{
	const struct kmeta_field *number = kmeta_fields_find(fields, "brokerId");

	return number ? number : kmeta_fields_find(fields, "id");
}

/* The key of the item that a record is about. False: it is about none that is watched. */
static bool item_key(struct since *since, const struct kmeta_record *record,
                     const struct kmeta_fields *fields, enum kmeta_entity_kind *kind)
{
	since->key.size = 0;
	switch (record->type) {
	case KMETA_REGISTER_BROKER_RECORD:
	case KMETA_BROKER_REGISTRATION_CHANGE_RECORD:
	case KMETA_FENCE_BROKER_RECORD:
	case KMETA_UNFENCE_BROKER_RECORD:
	case KMETA_UNREGISTER_BROKER_RECORD:
		*kind = KMETA_BROKER;
		if (!broker_number(fields))
			return false;
		image_key_number(&since->key, broker_number(fields)->value.integer);
		return true;
	case KMETA_REGISTER_CONTROLLER_RECORD:
	case KMETA_FEATURE_LEVEL_RECORD:
	case KMETA_CONFIG_RECORD:
	case KMETA_ZK_MIGRATION_STATE_RECORD:
		*kind = record_kind(false, record->type)->entity;
		return image_key(&since->key, *kind, fields);
	default:
		return false;
	}
}

static enum kmeta_status since_before_record(void *context, const struct kmeta_batch *batch,
                                             const struct kmeta_record *record,
                                             const struct kmeta_fields *fields,
                                             struct kmeta_finding *why)
{
	struct since *since = context;
	enum kmeta_entity_kind kind;
	const struct topic *topic;

	(void)batch;
	since->was.topic = NULL;
	if (record->control)
		return KMETA_OK;
	switch (record->type) {
	case KMETA_PARTITION_RECORD:
	case KMETA_PARTITION_CHANGE_RECORD:
		return see_partition(since, fields) ? KMETA_OK : finding_memory(why);
	case KMETA_TOPIC_RECORD:
	case KMETA_REMOVE_TOPIC_RECORD:
		topic = image_topic(since->image,
		                    fields_must_have(fields, "topicId")->value.bytes.data);
		if (topic)
			forget_topic(since, topic);
		return KMETA_OK;
	default:
		if (item_key(since, record, fields, &kind) && kind == KMETA_BROKER)
			since->fenced = see_broker(since);
		return since->key.failed ? finding_memory(why) : KMETA_OK;
	}
}

/* ---- the record: after ---- */

static bool names(const struct kmeta_buffer *ids, int32_t id)
{
	for (size_t at = 0; at + NUMBER <= ids->size; at += NUMBER)
		if ((int32_t)wire_get32((const uint8_t *)ids->at + at) == id)
			return true;
	return false;
}

/*
 * The controller marks an unclean election by the recovery state. It also does so where it finds at
 * the election that a replica of the ELR was not shut down cleanly.
 */
static bool is_unclean(const struct before *was, const struct partition *now)
{
	const bool marked = was->recovery_state != RECOVERING && now->recovery_state == RECOVERING;

	return was->existed && now->leader >= 0 && now->leader != was->leader &&
	       (marked || (!names(&was->isr, now->leader) && !names(&was->elr, now->leader)));
}

static bool note_unclean(struct since *since, struct since_partition *partition,
                         const struct partition *now, struct since_mark here)
{
	const size_t count = since->was.isr.size / NUMBER;
	struct unclean_election *unclean = pool_get(&since->pool, unclean_size(count));

	if (!unclean)
		return false;
	drop_unclean(since, partition);
	*unclean =
		(struct unclean_election){ .at = here, .leader = now->leader, .isr_count = count };
	for (size_t i = 0; i < count; i++)
		unclean->isr[i] =
			(int32_t)wire_get32((const uint8_t *)since->was.isr.at + i * NUMBER);
	partition->unclean = unclean;
	return true;
}

static bool note_partition(struct since *since, struct since_mark here)
{
	const struct before *was = &since->was;
	const struct partition *now = image_partition(since->image, was->topic, was->id);
	const unsigned is = now ? partition_troubles(now) : 0, begun = is & ~was->troubles;
	const bool unclean = now && is_unclean(was, now);
	struct since_partition *partition;

	if (!is && !was->troubles && !unclean)
		return true;
	partition = known_partition(since, was->topic->id, was->id);
	if (!partition && (is || unclean)) {
		partition = add_partition(since, was->topic->id, was->id);
		if (!partition)
			return false;
	}
	if (!partition)
		return true;
	for (unsigned i = 0; i < TROUBLES; i++)
		if (begun >> i & 1)
			partition->marks[i] = here;
	if (is >> TROUBLE_REASSIGNING & 1)
		partition->moved = here;
	if (unclean && !note_unclean(since, partition, now, here))
		return false;
	if (!is && !partition->unclean)
		drop_partition(since, partition);
	return true;
}

struct wanted_item {
	enum kmeta_entity_kind kind;
	struct kmeta_bytes key;
};

static bool is_kept_item(const void *value, const void *key)
{
	const struct kept_item *item = value;
	const struct wanted_item *wanted = key;

	/* A kind of which there is one only has an empty key. */
	return item->kind == wanted->kind && item->key_size == wanted->key.size &&
	       (!item->key_size || !memcmp(item->key, wanted->key.data, item->key_size));
}

static uint64_t kept_item_hash(const struct since *since, const struct wanted_item *wanted)
{
	return table_hash(since->seed + wanted->kind, wanted->key.data, wanted->key.size);
}

struct since_mark since_item(const struct since *since, enum kmeta_entity_kind kind,
                             struct kmeta_bytes key)
{
	const struct wanted_item wanted = { kind, key };
	const struct kept_item *item =
		table_find(&since->items, kept_item_hash(since, &wanted), is_kept_item, &wanted);

	return item ? item->at : (struct since_mark){ .offset = SINCE_BEFORE };
}

static bool note_item(struct since *since, enum kmeta_entity_kind kind, struct since_mark here)
{
	const struct wanted_item wanted = { kind, kmeta_buffer_bytes(&since->key) };
	const uint64_t hash = kept_item_hash(since, &wanted);
	struct kept_item *item = table_find(&since->items, hash, is_kept_item, &wanted);

	if (item) {
		item->at = here;
		return true;
	}
	item = pool_get(&since->pool, sizeof(*item) + wanted.key.size);
	if (!item)
		return false;
	*item = (struct kept_item){ .at = here, .kind = kind, .key_size = wanted.key.size };
	if (wanted.key.size)
		memcpy(item->key, wanted.key.data, wanted.key.size);
	if (table_add(&since->items, hash, item))
		return true;
	pool_put(&since->pool, item, sizeof(*item) + wanted.key.size);
	return false;
}

/* ---- NO_OP records ---- */

/* Controllers write them from this metadata.version on, 3.3-IV1. */
enum { FIRST_NO_OPS = 5 };

/* No controller stays the active one for so long without a word: that clock was wrong. */
#define NO_SILENCE (30 * 24 * 3600 * INT64_C(1000))

static void see_rhythm(struct since *since, const struct kmeta_batch *batch,
                       const struct kmeta_record *record, struct since_mark here)
{
	struct since_no_ops *seen = &since->no_ops;
	const int64_t silence = here.time - since->last.time;

	if (since->image->moment.level < FIRST_NO_OPS)
		return;
	if (since->last_epoch == batch->epoch && since->last.time > 0 && silence > seen->silence &&
	    silence < NO_SILENCE) {
		seen->silence = silence;
		seen->before_silence = since->last;
	}
	since->last = here;
	since->last_epoch = batch->epoch;
	if (record->control || record->type != KMETA_NO_OP_RECORD)
		return;
	if (!seen->count++)
		seen->first = here;
	seen->last = here;
}

const struct since_no_ops *since_no_ops(const struct since *since)
{
	return &since->no_ops;
}

/* ---- records ---- */

static enum kmeta_status since_after(void *context, const struct kmeta_batch *batch,
                                     const struct kmeta_record *record,
                                     const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	const struct since_mark here = { record->offset, record->timestamp };
	struct since *since = context;
	enum kmeta_entity_kind kind;

	see_rhythm(since, batch, record, here);
	if (record->control)
		return KMETA_OK;
	if (since->was.topic)
		return note_partition(since, here) ? KMETA_OK : finding_memory(why);
	if (!item_key(since, record, fields, &kind) ||
	    (kind == KMETA_BROKER && see_broker(since) == since->fenced))
		return since->key.failed ? finding_memory(why) : KMETA_OK;
	return note_item(since, kind, here) ? KMETA_OK : finding_memory(why);
}

/* ---- watching ---- */

static void since_release(void *context)
{
	struct since *since = context;

	table_release(&since->partitions);
	table_release(&since->items);
	pool_release(&since->pool);
	kmeta_buffer_release(&since->was.isr);
	kmeta_buffer_release(&since->was.elr);
	kmeta_buffer_release(&since->key);
	kmeta_fields_release(&since->fields);
	free(since);
}

bool since_watch(struct kmeta_image *image)
{
	struct since *since = calloc(1, sizeof(*since));

	if (!since)
		return false;
	since->image = image;
	since->seed = image->seed;
	since->begin = (struct since_mark){ image->moment.end_offset, image->moment.timestamp };
	image_unwatch(image);
	image->watcher =
		(struct image_watcher){ since_before_record, since_after, since_release, since };
	return true;
}

const struct since *since_of(const struct kmeta_image *image)
{
	return image->watcher.before == since_before_record ? image->watcher.context : NULL;
}

struct since_mark since_begin(const struct since *since)
{
	return since->begin;
}

void since_move(struct kmeta_image *from, struct kmeta_image *to)
{
	struct since *since = from->watcher.context;

	image_unwatch(to);
	to->watcher = from->watcher;
	from->watcher = (struct image_watcher){ 0 };
	since->image = to;
}
