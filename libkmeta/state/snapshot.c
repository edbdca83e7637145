/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot.c: turns an entity of an image into the record that a snapshot holds. */
#include "state/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/partial.h"

/* ---- versions ---- */

/* A log without that record has the lowest level, unless the record may be missing. */
static int64_t level_of(const struct snapshot *s)
{
	return s->image->moment.level ? s->image->moment.level
	       : s->image->is_partial ? INT16_MAX
	                              : 1;
}

static const struct kmeta_schema *schema_of(const struct snapshot *s, enum kmeta_entity_kind kind)
{
	return s->flags & KMETA_WALK_NEWEST ? kind_newest_schema(kind)
	                                    : kind_schema_at(kind, level_of(s));
}

/* The metadata.version from which a snapshot holds the kind at all. */
static int64_t lowest_level(enum kmeta_entity_kind kind)
{
	return record_level(kinds[kind].type, 0);
}

/*
 * Releases up to 3.9 always write the state of the ZooKeeper migration; later ones ignore it. In
 * the newest version it is shown if a migration began.
 */
static bool migration_is_written(const struct snapshot *s, const struct item *item)
{
	if (s->image->past_zookeeper || level_of(s) > LAST_ZOOKEEPER)
		return false;
	if (s->flags & KMETA_WALK_NEWEST)
		return item->value[IMAGE_FRAME] != 0;
	return level_of(s) >= lowest_level(KMETA_ZK_MIGRATION);
}

/* Kafka leaves out kinds that the metadata.version does not have. */
bool snapshot_is_written(const struct snapshot *s, const struct item *item)
{
	if (item->kind == KMETA_ZK_MIGRATION)
		return migration_is_written(s, item);
	return s->flags & KMETA_WALK_NEWEST || level_of(s) >= lowest_level(item->kind);
}

/* ---- entities as fields ---- */

static struct kmeta_field *snapshot_field(struct kmeta_fields *fields,
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

/* A partition without directories gets an unknown directory for each replica. */
static bool pad_directories(struct snapshot *s, struct partition_state *state)
{
	const size_t size = state->arrays[PARTITION_REPLICAS].size / 4 * IMAGE_ID;
	char *zeros;

	if (state->arrays[PARTITION_DIRECTORIES].size || !size)
		return true;
	s->value.size = 0;
	zeros = buffer_room(&s->value, size);
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

static void fill_from(struct kmeta_field *field, size_t source, const struct partition *p,
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

/*
 * Kafka writes the ELR only where a feature switches it on
 * (ImageWriterOptions.isEligibleLeaderReplicasEnabled). False: out of memory.
 */
static bool find_elr(struct snapshot *s, bool *is_written)
{
	static const char feature[] = "eligible.leader.replicas.version";

	*is_written = s->flags & KMETA_WALK_NEWEST;
	if (*is_written)
		return true;
	s->key.size = 0;
	image_key_text(&s->key,
	               (struct kmeta_bytes){ (const uint8_t *)feature, sizeof(feature) - 1 });
	*is_written =
		!s->key.failed && image_item(s->image, KMETA_FEATURE, kmeta_buffer_bytes(&s->key));
	return !s->key.failed;
}

/* Found once for each layout. A field that a later release may add has its default. False: out of
 * memory. */
static bool find_sources(struct snapshot *s, const struct kmeta_schema *schema)
{
	bool with_elr;

	if (s->partition_schema == schema)
		return true;
	if (!find_elr(s, &with_elr))
		return false;
	s->partition_schema = schema;
	for (size_t i = 0; i < schema->count && i < SNAPSHOT_FIELDS; i++) {
		uint8_t source = 0;

		while (source < PARTITION_FIELDS &&
		       strcmp(partition_fields[source].name, schema->fields[i].name) != 0)
			source++;
		if (!with_elr && source < PARTITION_FIELDS &&
		    (partition_fields[source].array == PARTITION_ELR ||
		     partition_fields[source].array == PARTITION_LAST_KNOWN_ELR))
			source = PARTITION_FIELDS;
		s->partition_sources[i] = source;
	}
	return true;
}

/* Tagged fields are written only if they are not empty. */
static bool says_something(const struct kmeta_field *field)
{
	if (!(field->schema->flags & KMETA_FIELD_TAGGED))
		return true;
	return field->schema->flags & KMETA_FIELD_ARRAY ? field->value.bytes.size > 0
	                                                : field->value.integer != 0;
}

static bool fill_partition(struct snapshot *s, const struct partition *p)
{
	const struct kmeta_schema *schema = schema_of(s, KMETA_PARTITION);
	struct partition_state state;
	struct kmeta_fields *fields = &s->fields;

	partition_unpack(&state, p);
	if (!find_sources(s, schema) || !reserve(fields, schema->count) ||
	    !pad_directories(s, &state))
		return false;
	fields->schema = schema;
	fields->count = fields->unknown_count = 0;
	for (size_t i = 0; i < schema->count; i++) {
		const size_t source =
			i < SNAPSHOT_FIELDS ? s->partition_sources[i] : PARTITION_FIELDS;
		struct kmeta_field *field = snapshot_field(fields, &schema->fields[i]);

		if (source < PARTITION_FIELDS)
			fill_from(field, source, p, &state);
		if (!says_something(field))
			fields->count--;
	}
	return true;
}

/*
 * Kafka keeps and writes an unknown resource type as 0: for release 3.9 and older, groups are
 * unknown.
 */
static void hide_unknown_resource(struct snapshot *s)
{
	const struct kmeta_field *field = kmeta_fields_find(&s->fields, "resourceType");
	const int64_t type = field->value.integer;
	const bool is_4 = s->image->past_zookeeper || level_of(s) > LAST_ZOOKEEPER;

	if (type != RESOURCE_TOPIC && type != RESOURCE_BROKER && type != RESOURCE_BROKER_LOGGER &&
	    type != RESOURCE_CLIENT_METRICS && !(type == RESOURCE_GROUP && is_4))
		s->fields.at[field - s->fields.at].value.integer = 0;
}

/* Items are kept in the newest version. For an older one, encode and decode the record. */
static enum kmeta_status fill_item(struct snapshot *s, const struct item *item,
                                   struct kmeta_finding *why)
{
	const struct kmeta_schema *newest = kind_newest_schema(item->kind),
				  *schema = schema_of(s, item->kind);
	const struct kmeta_bytes value = { item->value, item->value_size };
	enum kmeta_status status;

	if (schema == newest)
		return encode_reread(newest, value, &s->fields, why);
	status = encode_reread(newest, value, &s->newest, why);
	if (status != KMETA_OK)
		return status;
	s->value.size = 0;
	encode_fields(&s->value, schema, &s->newest);
	if (s->value.failed)
		return finding_memory(why);
	return encode_reread(schema, (struct kmeta_bytes){ (uint8_t *)s->value.at, s->value.size },
	                     &s->fields, why);
}

/* ---- entities ---- */

static struct kmeta_bytes snapshot_key(const struct snapshot *s)
{
	return kmeta_buffer_bytes(&s->key);
}

bool snapshot_topic(struct snapshot *s, const struct topic *topic, struct kmeta_entity *entity)
{
	const struct kmeta_schema *schema = schema_of(s, KMETA_TOPIC);
	const struct kmeta_bytes name = { topic->name, topic->name_size };
	struct kmeta_fields *fields = &s->fields;
	uint8_t partial[PARTIAL_KEY];

	if (!reserve(fields, schema->count))
		return false;
	fields->schema = schema;
	fields->count = fields->unknown_count = 0;
	snapshot_field(fields, &schema->fields[0])->value.bytes = name;
	snapshot_field(fields, &schema->fields[1])->value.bytes =
		(struct kmeta_bytes){ topic->id, IMAGE_ID };
	s->key.size = 0;
	image_key_text(&s->key, name);
	buffer_add(&s->key, topic->id, IMAGE_ID);
	*entity = (struct kmeta_entity){ KMETA_TOPIC, snapshot_key(s), name, fields, 0 };
	if (s->image->is_partial)
		partial_hide(s->image, partial_key(partial, topic->id, -1), fields, entity);
	return !s->key.failed;
}

/* A partition's key is its topic's and its number, so that partitions follow their topic. */
bool snapshot_partition(struct snapshot *s, const struct partition *p, struct kmeta_entity *entity)
{
	const struct kmeta_bytes name = { p->topic->name, p->topic->name_size };
	uint8_t partial[PARTIAL_KEY];

	if (!fill_partition(s, p))
		return false;
	s->key.size = 0;
	image_key_text(&s->key, name);
	buffer_add(&s->key, p->topic->id, IMAGE_ID);
	image_key_number(&s->key, p->id);
	*entity = (struct kmeta_entity){ KMETA_PARTITION, snapshot_key(s), name, &s->fields, 0 };
	if (s->image->is_partial)
		partial_hide(s->image, partial_key(partial, p->topic->id, p->id), &s->fields,
		             entity);
	return !s->key.failed;
}

enum kmeta_status snapshot_item(struct snapshot *s, const struct item *item,
                                struct kmeta_entity *entity, struct kmeta_finding *why)
{
	const enum kmeta_status status = fill_item(s, item, why);

	if (status != KMETA_OK)
		return status;
	if (item->kind == KMETA_CONFIG && !(s->flags & KMETA_WALK_NEWEST))
		hide_unknown_resource(s);
	*entity = (struct kmeta_entity){ .kind = item->kind,
		                         .key = { item->key, item->key_size },
		                         .fields = &s->fields };
	if (s->image->is_partial)
		partial_hide(s->image, entity->key, &s->fields, entity);
	return KMETA_OK;
}

void snapshot_release(struct snapshot *s)
{
	kmeta_buffer_release(&s->key);
	kmeta_buffer_release(&s->value);
	kmeta_fields_release(&s->fields);
	kmeta_fields_release(&s->newest);
}
