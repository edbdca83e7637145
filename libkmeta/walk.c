/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c: the entities of an image in order, each as the record that a snapshot would hold. */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "encode.h"
#include "finding.h"
#include "image.h"

enum { UNRELEASED = INT16_MAX, LAST_ZOOKEEPER = 21 };

/*
 * Which version of its record Kafka writes an entity as: the first column is the metadata.version
 * from which the kind is written at all, the others those from which each version is
 * (MetadataVersion, and the images' write methods).
 */
static const struct {
	int16_t from;
	int16_t versions[5];
} levels[KMETA_ENTITY_KINDS] = {
	[KMETA_FEATURE] = { 4, { 0, UNRELEASED } },
	[KMETA_ZK_MIGRATION] = { 8, { 0, UNRELEASED } },
	[KMETA_BROKER] = { 0, { 0, 7, 8, 17, 30 } },
	[KMETA_CONTROLLER] = { 15, { 0, UNRELEASED } },
	[KMETA_TOPIC] = { 0, { 0, UNRELEASED } },
	[KMETA_PARTITION] = { 0, { 0, 17, 23, UNRELEASED } },
	[KMETA_CONFIG] = { 0, { 0, UNRELEASED } },
	[KMETA_QUOTA] = { 0, { 0, UNRELEASED } },
	[KMETA_PRODUCER_IDS] = { 0, { 0, UNRELEASED } },
	[KMETA_ACL] = { 0, { 0, UNRELEASED } },
	[KMETA_SCRAM] = { 11, { 0, UNRELEASED } },
	[KMETA_TOKEN] = { 14, { 0, UNRELEASED } },
};

/* Topics come with their partitions, everything else by kind and key. */
struct kmeta_walk {
	const struct kmeta_image *image;
	unsigned flags;
	const struct item **items;
	size_t items_count, next_item;
	const struct topic **topics;
	size_t topics_count, next_topic;
	const struct partition **partitions; /* of the topic at hand */
	size_t partitions_count, next_partition, partitions_capacity;
	struct kmeta_buffer key, value;
	struct kmeta_fields fields, newest;
};

/* ---- order ---- */

static int by_key(const void *a, const void *b)
{
	const struct item *x = *(const struct item *const *)a, *y = *(const struct item *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return kmeta_bytes_compare((struct kmeta_bytes){ x->key, x->key_size },
	                           (struct kmeta_bytes){ y->key, y->key_size });
}

static int by_name(const void *a, const void *b)
{
	const struct topic *x = *(const struct topic *const *)a;
	const struct topic *y = *(const struct topic *const *)b;
	const int order = kmeta_bytes_compare((struct kmeta_bytes){ x->name, x->name_size },
	                                      (struct kmeta_bytes){ y->name, y->name_size });

	return order ? order : memcmp(x->id, y->id, IMAGE_ID);
}

static int by_number(const void *a, const void *b)
{
	const struct partition *x = *(const struct partition *const *)a;
	const struct partition *y = *(const struct partition *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

static size_t gather(const struct table *table, const void **values)
{
	size_t count = 0;

	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].value)
			values[count++] = table->slots[i].value;
	return count;
}

/* Lists have the newest first: turned round they are in order as they come from a snapshot. */
static bool gather_partitions(struct kmeta_walk *w, const struct topic *topic)
{
	size_t left = topic->partitions;

	if (left > w->partitions_capacity) {
		const struct partition **at = realloc(w->partitions, left * sizeof(*at));

		if (!at)
			return false;
		w->partitions = at;
		w->partitions_capacity = left;
	}
	for (const struct partition *p = topic->first; p; p = p->next)
		w->partitions[--left] = p;
	w->partitions_count = topic->partitions;
	w->next_partition = 0;
	if (w->partitions_count)
		qsort(w->partitions, w->partitions_count, sizeof(*w->partitions), by_number);
	return true;
}

enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk, const struct kmeta_image *image,
                                  unsigned flags, struct kmeta_finding *why)
{
	struct kmeta_walk *w = calloc(1, sizeof(*w));

	if (!w)
		return finding_memory(why);
	w->image = image;
	w->flags = flags;
	w->items = calloc(image->items.count + 1, sizeof(*w->items));
	w->topics = calloc(image->topics.count + 1, sizeof(*w->topics));
	if (!w->items || !w->topics) {
		kmeta_walk_close(w);
		return finding_memory(why);
	}
	w->items_count = gather(&image->items, (const void **)w->items);
	w->topics_count = gather(&image->topics, (const void **)w->topics);
	qsort(w->items, w->items_count, sizeof(*w->items), by_key);
	qsort(w->topics, w->topics_count, sizeof(*w->topics), by_name);
	*walk = w;
	return KMETA_OK;
}

void kmeta_walk_close(struct kmeta_walk *walk)
{
	if (!walk)
		return;
	free(walk->items);
	free(walk->topics);
	free(walk->partitions);
	kmeta_buffer_release(&walk->key);
	kmeta_buffer_release(&walk->value);
	kmeta_fields_release(&walk->fields);
	kmeta_fields_release(&walk->newest);
	free(walk);
}

/* ---- versions ---- */

/* A log without the record is at the lowest level there is. */
static int64_t level_of(const struct kmeta_walk *w)
{
	return w->image->place.level ? w->image->place.level : 1;
}

static const struct kmeta_schema *newest_schema(enum kmeta_entity_kind kind)
{
	const struct kmeta_schema *schema = NULL, *newer;
	int32_t version = 0;

	while ((newer = kmeta_schema_find(false, image_record_type(kind), version++)) != NULL)
		schema = newer;
	return schema;
}

static const struct kmeta_schema *schema_of(const struct kmeta_walk *w, enum kmeta_entity_kind kind)
{
	const int64_t level = level_of(w);
	int32_t version = 0;

	if (w->flags & KMETA_WALK_NEWEST)
		return newest_schema(kind);
	while (version + 1 < 5 && level >= levels[kind].versions[version + 1] &&
	       levels[kind].versions[version + 1] > 0)
		version++;
	return kmeta_schema_find(false, image_record_type(kind), version);
}

/*
 * The state of the migration from ZooKeeper is written by releases up to 3.9, always, and means
 * nothing to later ones. As a state of its own it is of interest where a migration began.
 */
static bool migration_is_written(const struct kmeta_walk *w, const struct item *item)
{
	if (w->image->past_zookeeper || level_of(w) > LAST_ZOOKEEPER)
		return false;
	if (w->flags & KMETA_WALK_NEWEST)
		return item->value[IMAGE_FRAME] != 0;
	return level_of(w) >= levels[KMETA_ZK_MIGRATION].from;
}

/* What the kind's level leaves out Kafka leaves out too. */
static bool is_written(const struct kmeta_walk *w, const struct item *item)
{
	if (item->kind == KMETA_ZK_MIGRATION)
		return migration_is_written(w, item);
	return w->flags & KMETA_WALK_NEWEST || level_of(w) >= levels[item->kind].from;
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
static bool pad_directories(struct kmeta_walk *w, struct partition_state *state)
{
	const size_t size = state->arrays[PARTITION_REPLICAS].size / 4 * IMAGE_ID;
	char *zeros;

	if (state->arrays[PARTITION_DIRECTORIES].size || !size)
		return true;
	w->value.size = 0;
	zeros = buffer_room(&w->value, size);
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

/* Both stand in the schema's order. A field that a later release may add has its default. */
static size_t find_source(const char *name, size_t from)
{
	const size_t count = sizeof(partition_fields) / sizeof(partition_fields[0]);

	while (from < count && strcmp(partition_fields[from].name, name) != 0)
		from++;
	return from < count ? from : SIZE_MAX;
}

/* Tagged fields are written only where they say something. */
static bool says_something(const struct kmeta_field *field)
{
	if (!(field->schema->flags & KMETA_FIELD_TAGGED))
		return true;
	return field->schema->flags & KMETA_FIELD_ARRAY ? field->value.bytes.size > 0
	                                                : field->value.integer != 0;
}

static bool partition_as_fields(struct kmeta_walk *w, const struct partition *p)
{
	const struct kmeta_schema *schema = schema_of(w, KMETA_PARTITION);
	struct partition_state state = partition_unpack(p);
	struct kmeta_fields *fields = &w->fields;
	size_t next = 0;

	if (!reserve(fields, schema->count) || !pad_directories(w, &state))
		return false;
	fields->schema = schema;
	fields->count = fields->unknown_count = 0;
	for (size_t i = 0; i < schema->count; i++) {
		const size_t source = find_source(schema->fields[i].name, next);
		struct kmeta_field *field = push(fields, &schema->fields[i]);

		if (source == SIZE_MAX)
			continue;
		next = source + 1;
		fill(field, source, p, &state);
		if (!says_something(field))
			fields->count--;
	}
	return true;
}

static bool topic_as_fields(struct kmeta_walk *w, const struct topic *topic)
{
	const struct kmeta_schema *schema = schema_of(w, KMETA_TOPIC);
	struct kmeta_fields *fields = &w->fields;

	if (!reserve(fields, schema->count))
		return false;
	fields->schema = schema;
	fields->count = fields->unknown_count = 0;
	push(fields, &schema->fields[0])->value.bytes =
		(struct kmeta_bytes){ topic->name, topic->name_size };
	push(fields, &schema->fields[1])->value.bytes = (struct kmeta_bytes){ topic->id, IMAGE_ID };
	return true;
}

/* Items are kept in the newest version; an older one is written and read again. */
static enum kmeta_status item_as_fields(struct kmeta_walk *w, const struct item *item,
                                        struct kmeta_finding *why)
{
	const struct kmeta_schema *newest = newest_schema(item->kind),
				  *schema = schema_of(w, item->kind);
	const struct kmeta_bytes value = { item->value, item->value_size };
	enum kmeta_status status;

	if (schema == newest)
		return encode_reread(newest, value, &w->fields, why);
	status = encode_reread(newest, value, &w->newest, why);
	if (status != KMETA_OK)
		return status;
	w->value.size = 0;
	encode_fields(&w->value, schema, &w->newest);
	if (w->value.failed)
		return finding_memory(why);
	return encode_reread(schema, (struct kmeta_bytes){ (uint8_t *)w->value.at, w->value.size },
	                     &w->fields, why);
}

/* What a release has no word for it keeps, and writes, as 0: to 3.9 and before the groups of 4.0
 * are so. */
static void hide_unknown_resource(struct kmeta_walk *w)
{
	enum { TOPIC = 2, BROKER = 4, BROKER_LOGGER = 8, CLIENT_METRICS = 16, GROUP = 32 };
	const struct kmeta_field *field = kmeta_fields_find(&w->fields, "resourceType");
	const int64_t type = field->value.integer;
	const bool is_4 = w->image->past_zookeeper || level_of(w) > LAST_ZOOKEEPER;

	if (type != TOPIC && type != BROKER && type != BROKER_LOGGER && type != CLIENT_METRICS &&
	    !(type == GROUP && is_4))
		w->fields.at[field - w->fields.at].value.integer = 0;
}

/* ---- walking ---- */

static enum kmeta_status give_item(struct kmeta_walk *w, struct kmeta_entity *entity,
                                   struct kmeta_finding *why)
{
	const struct item *item = w->items[w->next_item++];

	enum kmeta_status status;

	*entity = (struct kmeta_entity){ .kind = item->kind,
		                         .key = { item->key, item->key_size },
		                         .fields = &w->fields };
	status = item_as_fields(w, item, why);
	if (status == KMETA_OK && item->kind == KMETA_CONFIG && !(w->flags & KMETA_WALK_NEWEST))
		hide_unknown_resource(w);
	return status;
}

static enum kmeta_status give_topic(struct kmeta_walk *w, struct kmeta_entity *entity,
                                    struct kmeta_finding *why)
{
	const struct topic *topic = w->topics[w->next_topic++];

	if (!topic_as_fields(w, topic) || !gather_partitions(w, topic))
		return finding_memory(why);
	w->key.size = 0;
	image_key(&w->key, KMETA_TOPIC, &w->fields);
	*entity = (struct kmeta_entity){ .kind = KMETA_TOPIC,
		                         .key = { (uint8_t *)w->key.at, w->key.size },
		                         .topic_name = { topic->name, topic->name_size },
		                         .fields = &w->fields };
	return w->key.failed ? finding_memory(why) : KMETA_OK;
}

/* A partition's key is its topic's and its number, so that it follows it. */
static enum kmeta_status give_partition(struct kmeta_walk *w, struct kmeta_entity *entity,
                                        struct kmeta_finding *why)
{
	const struct partition *p = w->partitions[w->next_partition++];
	const struct topic *topic = p->topic;
	char *at;

	if (!partition_as_fields(w, p))
		return finding_memory(why);
	if (w->next_partition > 1)
		w->key.size -= 4;
	at = buffer_room(&w->key, 4);
	if (!at)
		return finding_memory(why);
	for (int i = 0; i < 4; i++)
		at[i] = (char)(((uint32_t)p->id ^ 0x80000000u) >> (24 - 8 * i));
	w->key.size += 4;
	*entity = (struct kmeta_entity){ .kind = KMETA_PARTITION,
		                         .key = { (uint8_t *)w->key.at, w->key.size },
		                         .topic_name = { topic->name, topic->name_size },
		                         .fields = &w->fields };
	return KMETA_OK;
}

enum kmeta_status kmeta_walk_next(struct kmeta_walk *walk, struct kmeta_entity *entity,
                                  struct kmeta_finding *why)
{
	struct kmeta_walk *w = walk;

	while (w->next_item < w->items_count && w->items[w->next_item]->kind < KMETA_TOPIC) {
		if (is_written(w, w->items[w->next_item]))
			return give_item(w, entity, why);
		w->next_item++;
	}
	if (w->next_partition < w->partitions_count)
		return give_partition(w, entity, why);
	if (w->next_topic < w->topics_count)
		return give_topic(w, entity, why);
	while (w->next_item < w->items_count) {
		if (is_written(w, w->items[w->next_item]))
			return give_item(w, entity, why);
		w->next_item++;
	}
	return KMETA_END;
}
