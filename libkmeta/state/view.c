/* SPDX-License-Identifier: Apache-2.0 */
/* view.c: an entity of an image as the fields of the record that a snapshot holds it as. */
#include "state/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/encode.h"
#include "record/kind.h"

enum { LAST_ZOOKEEPER = 21 };

/* ---- versions ---- */

/* A log without the record is at the lowest level there is. */
static int64_t level_of(const struct view *v)
{
	return v->image->place.level ? v->image->place.level : 1;
}

static const struct kmeta_schema *schema_of(const struct view *v, enum kmeta_entity_kind kind)
{
	return v->flags & KMETA_WALK_NEWEST ? kind_newest_schema(kind)
	                                    : kind_schema_at(kind, level_of(v));
}

/* From which metadata.version on a snapshot holds the kind at all. */
static int64_t lowest_level(enum kmeta_entity_kind kind)
{
	return record_level(kinds[kind].type, 0);
}

/*
 * The state of the migration from ZooKeeper is written by releases up to 3.9, always, and means
 * nothing to later ones. As a state of its own it is of interest where a migration began.
 */
static bool migration_is_written(const struct view *v, const struct item *item)
{
	if (v->image->past_zookeeper || level_of(v) > LAST_ZOOKEEPER)
		return false;
	if (v->flags & KMETA_WALK_NEWEST)
		return item->value[IMAGE_FRAME] != 0;
	return level_of(v) >= lowest_level(KMETA_ZK_MIGRATION);
}

/* What the kind's level leaves out Kafka leaves out too. */
bool view_is_written(const struct view *v, const struct item *item)
{
	if (item->kind == KMETA_ZK_MIGRATION)
		return migration_is_written(v, item);
	return v->flags & KMETA_WALK_NEWEST || level_of(v) >= lowest_level(item->kind);
}

/* ---- entities as fields ---- */

static struct kmeta_field *push(struct kmeta_fields *fields,
                                const struct kmeta_schema_field *schema)
{
	struct kmeta_field *field = &fields->at[fields->count++];

	*field = (struct kmeta_field){ .schema = schema, .span = 1 };
	return field;
}

static bool reserve(struct kmeta_fields *fields, size_t count)
{
	struct kmeta_field *at;

	if (fields->capacity >= count)
		return true;
	at = realloc(fields->at, count * sizeof(*at));
	if (!at)
		return false;
	fields->at = at;
	fields->capacity = count;
	return true;
}

/* A partition without directories has one that is not known yet for each replica. */
static bool pad_directories(struct view *v, struct partition_state *state)
{
	const size_t size = state->arrays[PARTITION_REPLICAS].size / 4 * IMAGE_ID;
	char *zeros;

	if (state->arrays[PARTITION_DIRECTORIES].size || !size)
		return true;
	v->value.size = 0;
	zeros = buffer_room(&v->value, size);
	if (!zeros)
		return false;
	memset(zeros, 0, size);
	state->arrays[PARTITION_DIRECTORIES] = (struct kmeta_bytes){ (uint8_t *)zeros, size };
	return true;
}

/* Where each field of a partition's record comes from. */
enum partition_source {
	FROM_ID,
	FROM_TOPIC,
	FROM_LEADER,
	FROM_LEADER_EPOCH,
	FROM_EPOCH,
	FROM_STATE,
	FROM_ARRAY
};

static const struct {
	const char *name;
	enum partition_source source;
	enum partition_array array;
} partition_fields[] = {
	{ "partitionId", FROM_ID, 0 },
	{ "topicId", FROM_TOPIC, 0 },
	{ "replicas", FROM_ARRAY, PARTITION_REPLICAS },
	{ "isr", FROM_ARRAY, PARTITION_ISR },
	{ "removingReplicas", FROM_ARRAY, PARTITION_REMOVING },
	{ "addingReplicas", FROM_ARRAY, PARTITION_ADDING },
	{ "leader", FROM_LEADER, 0 },
	{ "leaderRecoveryState", FROM_STATE, 0 },
	{ "leaderEpoch", FROM_LEADER_EPOCH, 0 },
	{ "partitionEpoch", FROM_EPOCH, 0 },
	{ "directories", FROM_ARRAY, PARTITION_DIRECTORIES },
	{ "eligibleLeaderReplicas", FROM_ARRAY, PARTITION_ELR },
	{ "lastKnownElr", FROM_ARRAY, PARTITION_LAST_KNOWN_ELR },
};

static void fill(struct kmeta_field *field, size_t source, const struct partition *p,
                 const struct partition_state *state)
{
	switch (partition_fields[source].source) {
	case FROM_ID:
		field->value.integer = p->id;
		break;
	case FROM_TOPIC:
		field->value.bytes = (struct kmeta_bytes){ p->topic->id, IMAGE_ID };
		break;
	case FROM_LEADER:
		field->value.integer = state->leader;
		break;
	case FROM_LEADER_EPOCH:
		field->value.integer = state->leader_epoch;
		break;
	case FROM_EPOCH:
		field->value.integer = state->partition_epoch;
		break;
	case FROM_STATE:
		field->value.integer = state->recovery_state;
		break;
	case FROM_ARRAY:
		field->value.bytes = state->arrays[partition_fields[source].array];
		break;
	}
}

enum { PARTITION_FIELDS = sizeof(partition_fields) / sizeof(partition_fields[0]) };

/* Found once for a layout. A field that a later release may add has its default. */
static void find_sources(struct view *v, const struct kmeta_schema *schema)
{
	if (v->partition_schema == schema)
		return;
	v->partition_schema = schema;
	for (size_t i = 0; i < schema->count && i < VIEW_FIELDS; i++) {
		uint8_t source = 0;

		while (source < PARTITION_FIELDS &&
		       strcmp(partition_fields[source].name, schema->fields[i].name) != 0)
			source++;
		v->partition_sources[i] = source;
	}
}

/* Tagged fields are written only where they say something. */
static bool says_something(const struct kmeta_field *field)
{
	if (!(field->schema->flags & KMETA_FIELD_TAGGED))
		return true;
	return field->schema->flags & KMETA_FIELD_ARRAY ? field->value.bytes.size > 0
	                                                : field->value.integer != 0;
}

static bool fill_partition(struct view *v, const struct partition *p)
{
	const struct kmeta_schema *schema = schema_of(v, KMETA_PARTITION);
	struct partition_state state;
	struct kmeta_fields *fields = &v->fields;

	partition_unpack(&state, p);
	find_sources(v, schema);
	if (!reserve(fields, schema->count) || !pad_directories(v, &state))
		return false;
	fields->schema = schema;
	fields->count = fields->unknown_count = 0;
	for (size_t i = 0; i < schema->count; i++) {
		const size_t source = i < VIEW_FIELDS ? v->partition_sources[i] : PARTITION_FIELDS;
		struct kmeta_field *field = push(fields, &schema->fields[i]);

		if (source == PARTITION_FIELDS)
			continue;
		fill(field, source, p, &state);
		if (!says_something(field))
			fields->count--;
	}
	return true;
}

/*
 * What a release has no word for it keeps, and writes, as 0: to 3.9 and before the groups of 4.0
 * are so.
 */
static void hide_unknown_resource(struct view *v)
{
	const struct kmeta_field *field = kmeta_fields_find(&v->fields, "resourceType");
	const int64_t type = field->value.integer;
	const bool is_4 = v->image->past_zookeeper || level_of(v) > LAST_ZOOKEEPER;

	if (type != RESOURCE_TOPIC && type != RESOURCE_BROKER && type != RESOURCE_BROKER_LOGGER &&
	    type != RESOURCE_CLIENT_METRICS && !(type == RESOURCE_GROUP && is_4))
		v->fields.at[field - v->fields.at].value.integer = 0;
}

/* Items are kept in the newest version; an older one is written and read again. */
static enum kmeta_status fill_item(struct view *v, const struct item *item,
                                   struct kmeta_finding *why)
{
	const struct kmeta_schema *newest = kind_newest_schema(item->kind),
				  *schema = schema_of(v, item->kind);
	const struct kmeta_bytes value = { item->value, item->value_size };
	enum kmeta_status status;

	if (schema == newest)
		return encode_reread(newest, value, &v->fields, why);
	status = encode_reread(newest, value, &v->newest, why);
	if (status != KMETA_OK)
		return status;
	v->value.size = 0;
	encode_fields(&v->value, schema, &v->newest);
	if (v->value.failed)
		return finding_memory(why);
	return encode_reread(schema, (struct kmeta_bytes){ (uint8_t *)v->value.at, v->value.size },
	                     &v->fields, why);
}

/* ---- entities ---- */

static struct kmeta_bytes key_of(const struct view *v)
{
	return (struct kmeta_bytes){ (const uint8_t *)v->key.at, v->key.size };
}

bool view_topic(struct view *v, const struct topic *topic, struct kmeta_entity *entity)
{
	const struct kmeta_schema *schema = schema_of(v, KMETA_TOPIC);
	const struct kmeta_bytes name = { topic->name, topic->name_size };
	struct kmeta_fields *fields = &v->fields;

	if (!reserve(fields, schema->count))
		return false;
	fields->schema = schema;
	fields->count = fields->unknown_count = 0;
	push(fields, &schema->fields[0])->value.bytes = name;
	push(fields, &schema->fields[1])->value.bytes = (struct kmeta_bytes){ topic->id, IMAGE_ID };
	v->key.size = 0;
	image_key_text(&v->key, name);
	buffer_add(&v->key, topic->id, IMAGE_ID);
	*entity = (struct kmeta_entity){ KMETA_TOPIC, key_of(v), name, fields };
	return !v->key.failed;
}

/* A partition's key is its topic's and its number, so that it follows it. */
bool view_partition(struct view *v, const struct partition *p, struct kmeta_entity *entity)
{
	const struct kmeta_bytes name = { p->topic->name, p->topic->name_size };

	if (!fill_partition(v, p))
		return false;
	v->key.size = 0;
	image_key_text(&v->key, name);
	buffer_add(&v->key, p->topic->id, IMAGE_ID);
	image_key_number(&v->key, p->id);
	*entity = (struct kmeta_entity){ KMETA_PARTITION, key_of(v), name, &v->fields };
	return !v->key.failed;
}

enum kmeta_status view_item(struct view *v, const struct item *item, struct kmeta_entity *entity,
                            struct kmeta_finding *why)
{
	const enum kmeta_status status = fill_item(v, item, why);

	if (status != KMETA_OK)
		return status;
	if (item->kind == KMETA_CONFIG && !(v->flags & KMETA_WALK_NEWEST))
		hide_unknown_resource(v);
	*entity = (struct kmeta_entity){ .kind = item->kind,
		                         .key = { item->key, item->key_size },
		                         .fields = &v->fields };
	return KMETA_OK;
}

void view_release(struct view *v)
{
	kmeta_buffer_release(&v->key);
	kmeta_buffer_release(&v->value);
	kmeta_fields_release(&v->fields);
	kmeta_fields_release(&v->newest);
}
