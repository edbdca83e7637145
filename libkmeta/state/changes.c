/* SPDX-License-Identifier: Apache-2.0 */
/*
 * changes.c: reports what each replayed record changes, by comparing the entities that it may
 * change before and after it.
 */
#include "state/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/partial.h"
#include "state/snapshot.h"

/* An entity as it was before a record, and how to find it again. */
struct look {
	enum kmeta_entity_kind kind;
	uint8_t topic_id[IMAGE_ID];
	int32_t partition;
	struct kmeta_buffer key; /* of an item */
	bool existed;
	struct kmeta_entity entity; /* as it was; borrows from the members below */
	struct kmeta_buffer value, entity_key, topic_name;
	struct kmeta_fields fields;
};

struct changes {
	struct kmeta_image *image;
	const struct changes_filter *filter; /* NULL: everything is wanted */
	kmeta_event_seen *seen;
	void *context;
	struct snapshot snapshot;
	struct look *looks; /* of the current record */
	size_t looks_count, looks_capacity;
	bool stopped;
};

/* ---- looks ---- */

static void copy(struct kmeta_buffer *to, struct kmeta_bytes from)
{
	to->size = 0;
	buffer_add(to, from.data, from.size);
}

/* The entity as it is now. END: it does not exist. */
static enum kmeta_status look_now(struct changes *c, const struct look *look,
                                  struct kmeta_entity *entity, struct kmeta_finding *why)
{
	const struct topic *topic;
	const struct partition *partition;
	const struct item *item;

	if (look->kind == KMETA_TOPIC) {
		topic = image_topic(c->image, look->topic_id);
		if (!topic)
			return KMETA_END;
		return snapshot_topic(&c->snapshot, topic, entity) ? KMETA_OK : finding_memory(why);
	}
	if (look->kind == KMETA_PARTITION) {
		topic = image_topic(c->image, look->topic_id);
		partition = topic ? image_partition(c->image, topic, look->partition) : NULL;
		if (!partition)
			return KMETA_END;
		return snapshot_partition(&c->snapshot, partition, entity) ? KMETA_OK
		                                                           : finding_memory(why);
	}
	item = image_item(c->image, look->kind, kmeta_buffer_bytes(&look->key));
	if (!item || !snapshot_is_written(&c->snapshot, item))
		return KMETA_END;
	return snapshot_item(&c->snapshot, item, entity, why);
}

/* Copies an entity into the look's own memory. */
static enum kmeta_status keep_look(struct look *look, const struct kmeta_entity *entity,
                                   struct kmeta_finding *why)
{
	const struct kmeta_schema *schema = entity->fields->schema;
	enum kmeta_status status;

	copy(&look->entity_key, entity->key);
	copy(&look->topic_name, entity->topic_name);
	look->value.size = 0;
	encode_fields(&look->value, schema, entity->fields);
	if (look->entity_key.failed || look->topic_name.failed || look->value.failed)
		return finding_memory(why);
	look->entity = (struct kmeta_entity){ entity->kind, kmeta_buffer_bytes(&look->entity_key),
		                              kmeta_buffer_bytes(&look->topic_name), &look->fields,
		                              entity->unknown };
	status = encode_reread(schema, kmeta_buffer_bytes(&look->value), &look->fields, why);
	/* The encoding has a default where nothing is known. */
	partial_strip(&look->fields, entity->kind, entity->unknown);
	return status;
}

static struct look *new_look(struct changes *c, enum kmeta_entity_kind kind)
{
	struct look *look;

	if (c->looks_count == c->looks_capacity) {
		const size_t capacity = c->looks_capacity ? c->looks_capacity * 2 : 8;
		struct look *looks = realloc(c->looks, capacity * sizeof(*looks));

		if (!looks)
			return NULL;
		memset(looks + c->looks_capacity, 0,
		       (capacity - c->looks_capacity) * sizeof(*looks));
		c->looks = looks;
		c->looks_capacity = capacity;
	}
	look = &c->looks[c->looks_count++];
	look->kind = kind;
	look->existed = false;
	return look;
}

static enum kmeta_status finish_look(struct changes *c, struct look *look,
                                     struct kmeta_finding *why)
{
	struct kmeta_entity entity;
	enum kmeta_status status = look_now(c, look, &entity, why);

	if (status == KMETA_END)
		return KMETA_OK;
	look->existed = status == KMETA_OK;
	return status == KMETA_OK ? keep_look(look, &entity, why) : status;
}

/* ---- what a record may change ---- */

static enum kmeta_status look_at_partition(struct changes *c, const struct topic *topic, int32_t id,
                                           struct kmeta_finding *why)
{
	struct look *look;

	if (c->filter && !c->filter->partition(c->filter->context, topic, id))
		return KMETA_OK;
	look = new_look(c, KMETA_PARTITION);
	if (!look)
		return finding_memory(why);
	memcpy(look->topic_id, topic->id, IMAGE_ID);
	look->partition = id;
	return finish_look(c, look, why);
}

static enum kmeta_status look_at_partitions(struct changes *c, const struct topic *topic,
                                            struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;
	const struct partition *p;
	size_t at = 0;

	while (status == KMETA_OK && (p = topic_next(topic, &at)) != NULL)
		status = look_at_partition(c, topic, p->id, why);
	return status;
}

static enum kmeta_status look_at_topic(struct changes *c, const uint8_t *id,
                                       struct kmeta_bytes name, struct kmeta_finding *why)
{
	struct look *look;

	if (c->filter && !c->filter->topic(c->filter->context, id, name))
		return KMETA_OK;
	look = new_look(c, KMETA_TOPIC);
	if (!look)
		return finding_memory(why);
	memcpy(look->topic_id, id, IMAGE_ID);
	return finish_look(c, look, why);
}

static enum kmeta_status look_at_item(struct changes *c, enum kmeta_entity_kind kind,
                                      struct kmeta_bytes key, struct kmeta_finding *why)
{
	struct look *look = new_look(c, kind);

	if (!look)
		return finding_memory(why);
	copy(&look->key, key);
	return look->key.failed ? finding_memory(why) : finish_look(c, look, why);
}

/* Removing a topic removes its partitions and configs too. */
static enum kmeta_status look_at_belongings(struct changes *c, const struct topic *topic,
                                            struct kmeta_finding *why)
{
	const struct resource *resource = image_resource(
		c->image, RESOURCE_TOPIC, (struct kmeta_bytes){ topic->name, topic->name_size });
	enum kmeta_status status = look_at_partitions(c, topic, why);

	for (const struct item *item = resource ? resource->first : NULL;
	     item && status == KMETA_OK; item = item->next)
		status = look_at_item(c, KMETA_CONFIG,
		                      (struct kmeta_bytes){ item->key, item->key_size }, why);
	return status;
}

static struct kmeta_bytes topic_name(const struct topic *topic)
{
	return (struct kmeta_bytes){ topic->name, topic->name_size };
}

static enum kmeta_status look_at_removal(struct changes *c, const struct kmeta_fields *fields,
                                         struct kmeta_finding *why)
{
	const uint8_t *id = fields_must_have(fields, "topicId")->value.bytes.data;
	const struct topic *topic = image_topic(c->image, id);
	enum kmeta_status status;

	if (!topic)
		return KMETA_OK;
	status = look_at_topic(c, id, topic_name(topic), why);
	return status == KMETA_OK ? look_at_belongings(c, topic, why) : status;
}

/* A topic id that is put again replaces the old topic, which may have another name. */
static enum kmeta_status look_at_creation(struct changes *c, const struct kmeta_fields *fields,
                                          struct kmeta_finding *why)
{
	const uint8_t *id = fields_must_have(fields, "topicId")->value.bytes.data;
	const struct topic *topic = image_topic(c->image, id);
	enum kmeta_status status =
		look_at_topic(c, id, fields_must_have(fields, "name")->value.bytes, why);

	if (!topic || status != KMETA_OK)
		return status;
	if (!c->looks_count)
		status = look_at_topic(c, id, topic_name(topic), why);
	return status == KMETA_OK ? look_at_belongings(c, topic, why) : status;
}

static enum kmeta_status look_at_named_partition(struct changes *c,
                                                 const struct kmeta_fields *fields,
                                                 struct kmeta_finding *why)
{
	const int32_t id = (int32_t)fields_must_have(fields, "partitionId")->value.integer;
	const struct topic *topic;

	/* The number alone rules out most partitions. */
	if (c->filter && !c->filter->number(c->filter->context, id))
		return KMETA_OK;
	topic = image_topic(c->image, fields_must_have(fields, "topicId")->value.bytes.data);
	return topic ? look_at_partition(c, topic, id, why) : KMETA_OK;
}

/* Most partitions have no ELR, so that clearing it changes nothing. */
static enum kmeta_status look_at_elr(struct changes *c, const struct topic *topic,
                                     struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;
	const struct partition *p;
	size_t at = 0;

	while (status == KMETA_OK && (p = topic_next(topic, &at)) != NULL)
		if (partition_has_elr(p))
			status = look_at_partition(c, topic, p->id, why);
	return status;
}

static enum kmeta_status look_at_clearing(struct changes *c, struct kmeta_bytes name,
                                          struct kmeta_finding *why)
{
	const struct topic *topic = name.size ? image_topic_named(c->image, name) : NULL;
	enum kmeta_status status = KMETA_OK;

	if (topic)
		return look_at_elr(c, topic, why);
	for (size_t i = 0; !name.size && i < c->image->topics.capacity && status == KMETA_OK; i++)
		if (c->image->topics.slots[i].value)
			status = look_at_elr(c, c->image->topics.slots[i].value, why);
	return status;
}

static enum kmeta_status look_at_named(struct changes *c, const struct kmeta_record *record,
                                       const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	const struct record_kind *kind = record_kind(record->control, record->type);
	struct kmeta_buffer key = { 0 };
	bool is_named = true;
	enum kmeta_status status = KMETA_OK;

	if (!kind || !kind->has_entity)
		return KMETA_OK;
	if (kind->number)
		image_key_number(&key, fields_must_have(fields, kind->number)->value.integer);
	else
		is_named = image_key(&key, kind->entity, fields);
	if (key.failed)
		status = finding_memory(why);
	else if (is_named)
		status = look_at_item(c, kind->entity, kmeta_buffer_bytes(&key), why);
	kmeta_buffer_release(&key);
	return status;
}

static enum kmeta_status look_at_voter(struct changes *c, int32_t id, struct kmeta_finding *why)
{
	struct kmeta_buffer key = { 0 };
	enum kmeta_status status;

	image_key_number(&key, id);
	status = key.failed ? finding_memory(why)
	                    : look_at_item(c, KMETA_VOTER, kmeta_buffer_bytes(&key), why);
	kmeta_buffer_release(&key);
	return status;
}

/* The record has all voters: look at those of the image and at those that it names, each once. */
static enum kmeta_status look_at_voters(struct changes *c, const struct kmeta_fields *fields,
                                        struct kmeta_finding *why)
{
	struct kmeta_buffer ids = { 0 };
	enum kmeta_status status = KMETA_OK;
	struct kmeta_fields voter;
	size_t at = 0, count;

	buffer_add(&ids, c->image->voters.at, c->image->voters.size);
	while (decode_next_voter(fields, &at, &voter)) {
		const int32_t id = (int32_t)fields_must_have(&voter, "voterId")->value.integer;

		buffer_add(&ids, &id, sizeof(id));
	}
	count = ids.size / sizeof(int32_t);
	if (ids.failed)
		status = finding_memory(why);
	else
		numbers_sort(ids.at, count);
	for (size_t i = 0; i < count && status == KMETA_OK; i++) {
		int32_t id, before;

		memcpy(&id, ids.at + i * sizeof(id), sizeof(id));
		memcpy(&before, ids.at + (i ? i - 1 : 0) * sizeof(id), sizeof(id));
		if (!i || id != before)
			status = look_at_voter(c, id, why);
	}
	kmeta_buffer_release(&ids);
	return status;
}

/*
 * Whether the ZooKeeper migration is part of the state depends on the metadata.version and on the
 * software that registers.
 */
static enum kmeta_status look_at_migration(struct changes *c, const struct kmeta_record *record,
                                           struct kmeta_finding *why)
{
	if (record->type != KMETA_REGISTER_BROKER_RECORD &&
	    record->type != KMETA_FEATURE_LEVEL_RECORD &&
	    record->type != KMETA_REMOVE_FEATURE_LEVEL_RECORD &&
	    record->type != KMETA_REGISTER_CONTROLLER_RECORD)
		return KMETA_OK;
	return look_at_item(c, KMETA_ZK_MIGRATION, (struct kmeta_bytes){ NULL, 0 }, why);
}

static enum kmeta_status before(void *context, const struct kmeta_batch *batch,
                                const struct kmeta_record *record,
                                const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct changes *c = context;
	enum kmeta_status status;

	(void)batch;
	c->looks_count = 0;
	if (c->stopped)
		return KMETA_OK;
	if (record->control)
		return record->type == KMETA_CONTROL_KRAFT_VOTERS ? look_at_voters(c, fields, why)
		                                                  : KMETA_OK;
	switch (record->type) {
	case KMETA_PARTITION_RECORD:
	case KMETA_PARTITION_CHANGE_RECORD:
		return look_at_named_partition(c, fields, why);
	case KMETA_TOPIC_RECORD:
		return look_at_creation(c, fields, why);
	case KMETA_REMOVE_TOPIC_RECORD:
		return look_at_removal(c, fields, why);
	case KMETA_CLEAR_ELR_RECORD:
		return look_at_clearing(c, fields_must_have(fields, "topicName")->value.bytes, why);
	default:
		status = look_at_named(c, record, fields, why);
		return status == KMETA_OK ? look_at_migration(c, record, why) : status;
	}
}

/* ---- what it did change ---- */

static void report_change(struct changes *c, struct kmeta_event *event,
                          const struct kmeta_entity *was, const struct kmeta_entity *is)
{
	event->change = (struct kmeta_change){ was, is };
	c->stopped = c->stopped || !c->seen(c->context, event);
}

static enum kmeta_status after(void *context, const struct kmeta_batch *batch,
                               const struct kmeta_record *record, const struct kmeta_fields *fields,
                               struct kmeta_finding *why)
{
	struct kmeta_event event = { .batch = batch, .record = record, .by = fields->schema->name };
	struct changes *c = context;

	for (size_t i = 0; i < c->looks_count && !c->stopped; i++) {
		struct look *look = &c->looks[i];
		struct kmeta_entity now;
		const enum kmeta_status status = look_now(c, look, &now, why);
		const bool exists = status == KMETA_OK;

		if (status != KMETA_OK && status != KMETA_END)
			return status;
		/* The array of looks may have moved since. */
		look->entity.fields = &look->fields;
		if (look->existed && exists && kmeta_entity_same(&look->entity, &now))
			continue;
		if (look->existed && exists && !kmeta_bytes_compare(look->entity.key, now.key)) {
			report_change(c, &event, &look->entity, &now);
			continue;
		}
		/* A topic with the same id and another name is another entity. */
		if (look->existed)
			report_change(c, &event, &look->entity, NULL);
		if (exists)
			report_change(c, &event, NULL, &now);
	}
	return KMETA_OK;
}

/* ---- watching ---- */

static void changes_release(void *context)
{
	struct changes *c = context;

	for (size_t i = 0; i < c->looks_capacity; i++) {
		kmeta_buffer_release(&c->looks[i].key);
		kmeta_buffer_release(&c->looks[i].value);
		kmeta_buffer_release(&c->looks[i].entity_key);
		kmeta_buffer_release(&c->looks[i].topic_name);
		kmeta_fields_release(&c->looks[i].fields);
	}
	free(c->looks);
	snapshot_release(&c->snapshot);
	free(c);
}

bool changes_watch(struct kmeta_image *image, const struct changes_filter *filter,
                   kmeta_event_seen *seen, void *context)
{
	struct changes *c = calloc(1, sizeof(*c));

	if (!c)
		return false;
	*c = (struct changes){ .image = image, .filter = filter, .seen = seen, .context = context };
	c->snapshot = (struct snapshot){ .image = image, .flags = KMETA_WALK_NEWEST };
	image_unwatch(image);
	image->watcher = (struct image_watcher){ before, after, changes_release, c };
	return true;
}

bool kmeta_image_watch(struct kmeta_image *image, kmeta_event_seen *seen, void *context)
{
	if (seen)
		return changes_watch(image, NULL, seen, context);
	image_unwatch(image);
	return true;
}
