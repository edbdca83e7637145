/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c: what each record does to the state, as Kafka's MetadataDelta does it: one table of
 * rules. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "decode.h"
#include "encode.h"
#include "finding.h"
#include "image.h"
#include "javamap.h"
#include "wire.h"

enum { PARTITION = 3, PARTITION_CHANGE = 5, NO_LEADER_CHANGE = -2, ARRAY_LIMIT = UINT16_MAX };

/* One record being replayed. */
struct replay {
	struct kmeta_image *image;
	const struct kmeta_batch *batch;
	const struct kmeta_record *record;
	const struct kmeta_fields *fields;
	kmeta_report *report;
	void *context;
	struct kmeta_finding *why;
};

struct rule {
	int16_t type;
	enum kmeta_entity_kind kind;
	enum kmeta_status (*apply)(struct replay *r, const struct rule *rule);
	enum kmeta_code missing; /* what it is to name an entity that is not there */
};

/* ---- helpers ---- */

/* Tells of something wrong; the record has no effect, and replay goes on unless it is told to stop.
 */
__attribute__((format(printf, 3, 4))) static enum kmeta_status object(struct replay *r,
                                                                      enum kmeta_code code,
                                                                      const char *format, ...)
{
	char message[sizeof(r->why->message)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	finding_set(r->why, code, "%s: %s", r->fields->schema->name, message);
	r->why->file = r->batch ? r->batch->file : NULL;
	r->why->position = r->record->position;
	r->why->offset = r->record->offset;
	return !r->report || r->report(r->context, r->why) ? KMETA_OK : KMETA_FAILED;
}

static const struct kmeta_field *field_of(const struct replay *r, const char *name)
{
	return kmeta_fields_find(r->fields, name);
}

static int64_t integer_of(const struct replay *r, const char *name, int64_t absent)
{
	const struct kmeta_field *field = field_of(r, name);

	return field ? field->value.integer : absent;
}

static struct kmeta_bytes bytes_of(const struct replay *r, const char *name)
{
	const struct kmeta_field *field = field_of(r, name);

	return field ? field->value.bytes : (struct kmeta_bytes){ 0 };
}

static struct kmeta_bytes view(const struct kmeta_buffer *buffer)
{
	return (struct kmeta_bytes){ (const uint8_t *)buffer->at, buffer->size };
}

/* The newest layout of a kind's snapshot record: all are kept in it. */
static const struct kmeta_schema *kept_schema(enum kmeta_entity_kind kind)
{
	const struct kmeta_schema *schema = NULL, *newer;
	int32_t version = 0;

	while ((newer = kmeta_schema_find(false, image_record_type(kind), version++)) != NULL)
		schema = newer;
	return schema;
}

/* ---- entities that are put and dropped whole ---- */

static bool key_of(struct replay *r, enum kmeta_entity_kind kind)
{
	r->image->scratch.size = 0;
	return image_key(&r->image->scratch, kind, r->fields);
}

static enum kmeta_status put_fields(struct replay *r, enum kmeta_entity_kind kind,
                                    const struct kmeta_fields *fields)
{
	struct kmeta_buffer *scratch = &r->image->scratch;
	struct kmeta_bytes key, value;
	size_t key_size;

	scratch->size = 0;
	if (!image_key(scratch, kind, fields))
		return object(r, KMETA_BAD_VALUE, "it names nothing that Kafka could keep");
	key_size = scratch->size;
	encode_fields(scratch, kept_schema(kind), fields);
	if (scratch->failed)
		return finding_memory(r->why);
	key = (struct kmeta_bytes){ (uint8_t *)scratch->at, key_size };
	value = (struct kmeta_bytes){ (uint8_t *)scratch->at + key_size, scratch->size - key_size };
	return image_put_item(r->image, kind, key, value) ? KMETA_OK : finding_memory(r->why);
}

static enum kmeta_status put(struct replay *r, const struct rule *rule)
{
	return put_fields(r, rule->kind, r->fields);
}

static struct item *named_item(struct replay *r, enum kmeta_entity_kind kind)
{
	return key_of(r, kind) ? image_item(r->image, kind, view(&r->image->scratch)) : NULL;
}

static enum kmeta_status drop(struct replay *r, const struct rule *rule)
{
	struct item *item = named_item(r, rule->kind);

	if (item)
		image_drop_item(r->image, item);
	else if (rule->missing != KMETA_SOUND)
		return object(r, rule->missing, "there is no such %s",
		              kmeta_entity_kind_name(rule->kind));
	return KMETA_OK;
}

/* A null value takes a config away. */
static enum kmeta_status put_config(struct replay *r, const struct rule *rule)
{
	const struct kmeta_field *value = field_of(r, "value");

	return !value || value->flags & KMETA_VALUE_NULL ? drop(r, rule) : put(r, rule);
}

static enum kmeta_status put_quota(struct replay *r, const struct rule *rule)
{
	return integer_of(r, "remove", 0) ? drop(r, rule) : put(r, rule);
}

static bool is_named(const struct replay *r, const char *name)
{
	const struct kmeta_bytes bytes = bytes_of(r, "name");

	return bytes.size == strlen(name) && !memcmp(bytes.data, name, bytes.size);
}

static enum kmeta_status put_feature(struct replay *r, const struct rule *rule)
{
	const int64_t level = integer_of(r, "featureLevel", integer_of(r, "maxFeatureLevel", 0));

	if (is_named(r, "metadata.version"))
		r->image->place.level = level;
	else if (!level)
		return drop(r, rule);
	return put(r, rule);
}

static enum kmeta_status put_migration(struct replay *r, const struct rule *rule)
{
	const int64_t state = integer_of(r, "zkMigrationState", 0);

	if (state < 0 || state > 4)
		return object(r, KMETA_BAD_VALUE, "zkMigrationState %lld", (long long)state);
	return put(r, rule);
}

static enum kmeta_status put_taken_by_nobody(struct replay *r, const struct kmeta_schema *schema,
                                             int64_t next)
{
	struct kmeta_fields *kept = &r->image->fields;

	kept->schema = schema;
	kept->count = kept->unknown_count = 0;
	for (size_t i = 0; i < schema->count; i++) {
		struct kmeta_field *field = decode_append(kept, &schema->fields[i]);

		if (!field)
			return finding_memory(r->why);
		field->value.integer = strcmp(schema->fields[i].name, "nextProducerId") ? -1 : next;
	}
	return put_fields(r, KMETA_PRODUCER_IDS, kept);
}

/* Which broker took the block, and in which epoch, is not kept. */
static enum kmeta_status put_producer_ids(struct replay *r, const struct rule *rule)
{
	struct kmeta_fields *kept = &r->image->fields;
	const struct kmeta_schema *schema = kept_schema(rule->kind);
	struct item *before = named_item(r, rule->kind);
	int64_t next = integer_of(r, "nextProducerId", integer_of(r, "producerIdsEnd", 0));
	enum kmeta_status status = KMETA_OK;

	if (before) {
		status = encode_reread(schema,
		                       (struct kmeta_bytes){ before->value, before->value_size },
		                       kept, r->why);
		if (status == KMETA_OK &&
		    kmeta_fields_find(kept, "nextProducerId")->value.integer > next)
			status = object(r, KMETA_PRODUCER_IDS_BACK,
			                "next producer id %lld is below %lld", (long long)next,
			                (long long)kmeta_fields_find(kept, "nextProducerId")
			                        ->value.integer);
		if (status != KMETA_OK)
			return status;
	}
	/* A copy of the record whose block was taken by nobody. */
	return put_taken_by_nobody(r, schema, next);
}

/* ---- brokers ---- */

/* 4.0 supports metadata.version 7 to 25, 3.9 from 1 to 21; a broker that migrates from ZooKeeper
 * only its own. */
enum { LOWEST_OF_4 = 7, HIGHEST_OF_4 = 25 };

void image_note_software(struct kmeta_image *image, const struct kmeta_fields *fields)
{
	const struct kmeta_field *features = kmeta_fields_find(fields, "features");
	size_t i, end;

	if (!features)
		return;
	i = (size_t)(features - fields->at) + 1;
	end = i - 1 + features->span;
	for (; i < end; i += fields->at[i].span) {
		/* A feature's name, and the lowest and highest level that are supported. */
		const struct kmeta_bytes name = fields->at[i + 1].value.bytes;
		const int64_t lowest = fields->at[i + 2].value.integer;
		const int64_t highest = fields->at[i + 3].value.integer;

		if (name.size == 16 && !memcmp(name.data, "metadata.version", 16) &&
		    lowest >= LOWEST_OF_4 && highest >= HIGHEST_OF_4)
			image->past_zookeeper = true;
	}
}

/* Directories are kept sorted: what was encoded last is sorted where it lies, and read again. */
static enum kmeta_status sort_directories(struct replay *r, const char *name,
                                          struct kmeta_fields *fields)
{
	const struct kmeta_field *field = kmeta_fields_find(fields, name);
	struct kmeta_buffer *copy;

	if (!field || field->value.bytes.size <= IMAGE_ID)
		return KMETA_OK;
	copy = strcmp(name, "logDirs") ? &r->image->cordoned : &r->image->directories;
	copy->size = 0;
	buffer_add(copy, field->value.bytes.data, field->value.bytes.size);
	if (copy->failed)
		return finding_memory(r->why);
	javamap_sort_uuids((uint8_t *)copy->at, copy->size / IMAGE_ID);
	fields->at[field - fields->at].value.bytes = view(copy);
	return KMETA_OK;
}

/* As Kafka keeps it: the order of its maps and lists shows in what it writes. */
static enum kmeta_status put_in_order(struct replay *r, enum kmeta_entity_kind kind,
                                      struct kmeta_fields *fields)
{
	const bool broker = kind == KMETA_BROKER;
	enum kmeta_status status;

	if (!javamap_order(fields, "endPoints", broker) ||
	    !javamap_order(fields, "features", broker))
		return finding_memory(r->why);
	status = sort_directories(r, "logDirs", fields);
	if (status == KMETA_OK)
		status = sort_directories(r, "cordonedLogDirs", fields);
	return status == KMETA_OK ? put_fields(r, kind, fields) : status;
}

/* The order is made on a copy: the fields are the caller's. */
static enum kmeta_status put_registration(struct replay *r, const struct rule *rule)
{
	struct kmeta_fields *own = &r->image->fields;
	const struct kmeta_fields *given = r->fields;

	image_note_software(r->image, given);
	own->count = own->unknown_count = 0;
	for (size_t i = 0; i < given->count; i++) {
		struct kmeta_field *copy = decode_append(own, given->at[i].schema);

		if (!copy)
			return finding_memory(r->why);
		*copy = given->at[i];
	}
	own->schema = given->schema;
	return put_in_order(r, rule->kind, own);
}

static enum kmeta_status reread(struct replay *r, const struct item *item)
{
	return encode_reread(kept_schema(item->kind),
	                     (struct kmeta_bytes){ item->value, item->value_size },
	                     &r->image->fields, r->why);
}

static enum kmeta_status drop_broker(struct replay *r, const struct rule *rule)
{
	struct item *item = named_item(r, KMETA_BROKER);
	enum kmeta_status status;
	int64_t epoch, own;

	if (!item)
		return object(r, rule->missing, "broker %lld is not registered",
		              (long long)integer_of(r, "brokerId", -1));
	status = reread(r, item);
	if (status != KMETA_OK)
		return status;
	epoch = integer_of(r, "brokerEpoch", -1);
	own = kmeta_fields_find(&r->image->fields, "brokerEpoch")->value.integer;
	image_drop_item(r->image, item);
	if (epoch == own)
		return KMETA_OK;
	return object(r, KMETA_OTHER_EPOCH, "broker epoch %lld, but the registration has %lld",
	              (long long)epoch, (long long)own);
}

/* Replaces a field of the registration that was read again, or adds it behind the others. */
static bool replace(struct kmeta_fields *fields, const char *name, const struct kmeta_field *by)
{
	struct kmeta_field *at = (struct kmeta_field *)(uintptr_t)kmeta_fields_find(fields, name);
	const struct kmeta_schema *schema = fields->schema;

	for (size_t i = 0; !at && i < schema->count; i += schema->fields[i].span) {
		if (strcmp(schema->fields[i].name, name) != 0)
			continue;
		at = decode_append(fields, &schema->fields[i]);
		if (!at)
			return false;
	}
	if (!at)
		return true;
	at->value = by->value;
	at->flags = by->flags & KMETA_VALUE_NULL;
	return true;
}

static enum kmeta_status change_field(struct replay *r, const char *name,
                                      const struct kmeta_field *by)
{
	return replace(&r->image->fields, name, by) ? KMETA_OK : finding_memory(r->why);
}

static enum kmeta_status set_flag(struct replay *r, const char *name, bool value)
{
	const struct kmeta_field flag = { .value.integer = value };

	return change_field(r, name, &flag);
}

/* The registration that the record is about, read again into the image's fields; NULL: it was
 * objected to. */
static struct item *registration(struct replay *r, const char *id, const char *epoch,
                                 enum kmeta_status *status)
{
	const int64_t number = integer_of(r, id, -1), wanted = integer_of(r, epoch, -1);
	struct kmeta_buffer *scratch = &r->image->scratch;
	struct item *item;
	int64_t own;

	scratch->size = 0;
	image_key_number(scratch, number);
	item = scratch->failed ? NULL : image_item(r->image, KMETA_BROKER, view(scratch));
	if (!item) {
		*status = object(r, KMETA_UNKNOWN_BROKER, "broker %lld is not registered",
		                 (long long)number);
		return NULL;
	}
	*status = reread(r, item);
	if (*status != KMETA_OK)
		return NULL;
	own = kmeta_fields_find(&r->image->fields, "brokerEpoch")->value.integer;
	if (own == wanted)
		return item;
	*status = object(r, KMETA_STALE_EPOCH, "broker %lld has epoch %lld, not %lld",
	                 (long long)number, (long long)own, (long long)wanted);
	return NULL;
}

static enum kmeta_status set_fenced(struct replay *r, bool fenced)
{
	enum kmeta_status status;

	if (!registration(r, "id", "epoch", &status))
		return status;
	status = set_flag(r, "fenced", fenced);
	return status == KMETA_OK ? put_fields(r, KMETA_BROKER, &r->image->fields) : status;
}

static enum kmeta_status fence(struct replay *r, const struct rule *rule)
{
	(void)rule;
	return set_fenced(r, true);
}

static enum kmeta_status unfence(struct replay *r, const struct rule *rule)
{
	(void)rule;
	return set_fenced(r, false);
}

/* Absent and empty arrays, and zeros, keep what is there. */
static enum kmeta_status change_broker(struct replay *r, const struct rule *rule)
{
	const int64_t fenced = integer_of(r, "fenced", 0),
		      shutdown = integer_of(r, "inControlledShutdown", 0);
	const struct kmeta_field *dirs = field_of(r, "logDirs"),
				 *cordoned = field_of(r, "cordonedLogDirs");
	enum kmeta_status status;

	(void)rule;
	if (fenced < -1 || fenced > 1 || shutdown < 0 || shutdown > 1)
		return object(r, KMETA_BAD_VALUE, "fenced %lld, inControlledShutdown %lld",
		              (long long)fenced, (long long)shutdown);
	if (!registration(r, "brokerId", "brokerEpoch", &status))
		return status;
	if (fenced)
		status = set_flag(r, "fenced", fenced > 0);
	if (status == KMETA_OK && shutdown)
		status = set_flag(r, "inControlledShutdown", true);
	if (status == KMETA_OK && dirs && dirs->value.bytes.size)
		status = change_field(r, "logDirs", dirs);
	if (status == KMETA_OK && cordoned && !(cordoned->flags & KMETA_VALUE_NULL))
		status = change_field(r, "cordonedLogDirs", cordoned);
	return status == KMETA_OK ? put_in_order(r, KMETA_BROKER, &r->image->fields) : status;
}

/* ---- topics ---- */

/* A known id is replaced by an empty topic; what its name's other topic had stays. */
static enum kmeta_status put_topic(struct replay *r, const struct rule *rule)
{
	const uint8_t *id = bytes_of(r, "topicId").data;
	const struct kmeta_bytes name = bytes_of(r, "name");
	struct topic *same_id = image_topic(r->image, id);
	enum kmeta_status status = KMETA_OK;

	(void)rule;
	if (same_id || image_topic_named(r->image, name))
		status = object(r, KMETA_DUPLICATE_TOPIC, "a topic with this %s is there already",
		                same_id ? "id" : "name");
	if (status != KMETA_OK)
		return status;
	if (same_id)
		image_drop_topic(r->image, same_id);
	return image_add_topic(r->image, id, name) ? KMETA_OK : finding_memory(r->why);
}

static enum kmeta_status no_topic(struct replay *r)
{
	return object(r, KMETA_UNKNOWN_TOPIC, "no topic has this id");
}

static enum kmeta_status drop_topic(struct replay *r, const struct rule *rule)
{
	struct topic *topic = image_topic(r->image, bytes_of(r, "topicId").data);

	(void)rule;
	if (!topic)
		return no_topic(r);
	image_drop_topic(r->image, topic);
	return KMETA_OK;
}

/* ---- partitions ---- */

/* What the fields of both records are; from ATTRIBUTE_ARRAYS on, enum partition_array. */
enum attribute {
	ATTRIBUTE_NONE,
	ATTRIBUTE_ID,
	ATTRIBUTE_TOPIC,
	ATTRIBUTE_LEADER,
	ATTRIBUTE_LEADER_EPOCH,
	ATTRIBUTE_EPOCH,
	ATTRIBUTE_STATE,
	ATTRIBUTE_ARRAYS
};

static const struct {
	const char *name;
	uint8_t attribute;
} attributes[] = {
	{ "partitionId", ATTRIBUTE_ID },
	{ "topicId", ATTRIBUTE_TOPIC },
	{ "leader", ATTRIBUTE_LEADER },
	{ "leaderEpoch", ATTRIBUTE_LEADER_EPOCH },
	{ "partitionEpoch", ATTRIBUTE_EPOCH },
	{ "leaderRecoveryState", ATTRIBUTE_STATE },
	{ "replicas", ATTRIBUTE_ARRAYS + PARTITION_REPLICAS },
	{ "isr", ATTRIBUTE_ARRAYS + PARTITION_ISR },
	{ "removingReplicas", ATTRIBUTE_ARRAYS + PARTITION_REMOVING },
	{ "addingReplicas", ATTRIBUTE_ARRAYS + PARTITION_ADDING },
	{ "directories", ATTRIBUTE_ARRAYS + PARTITION_DIRECTORIES },
	{ "eligibleLeaderReplicas", ATTRIBUTE_ARRAYS + PARTITION_ELR },
	{ "lastKnownElr", ATTRIBUTE_ARRAYS + PARTITION_LAST_KNOWN_ELR },
	{ "lastKnownELR", ATTRIBUTE_ARRAYS + PARTITION_LAST_KNOWN_ELR },
};

struct partition_change {
	int32_t id;
	const uint8_t *topic;
	int32_t leader, leader_epoch, partition_epoch;
	int8_t recovery_state;
	bool has_leader, has_state;
	bool has[PARTITION_ARRAYS];
	struct kmeta_bytes arrays[PARTITION_ARRAYS];
};

static uint8_t attribute_of(const char *name)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (!strcmp(attributes[i].name, name))
			return attributes[i].attribute;
	return ATTRIBUTE_NONE;
}

/* What each field of a layout is, found once: changes of partitions are most of a log. */
static const uint8_t *attributes_of(struct kmeta_image *image, const struct kmeta_schema *schema)
{
	struct attribute_map *map = &image->attributes[schema->type == PARTITION_CHANGE];

	if (map->schema != schema) {
		map->schema = schema;
		for (size_t i = 0; i < schema->count && i < ATTRIBUTE_FIELDS; i++)
			map->attributes[i] = attribute_of(schema->fields[i].name);
	}
	return map->attributes;
}

static void take_field(struct partition_change *c, uint8_t attribute,
                       const struct kmeta_field *field)
{
	const int32_t number = (int32_t)field->value.integer;

	switch (attribute) {
	case ATTRIBUTE_NONE:
		break;
	case ATTRIBUTE_ID:
		c->id = number;
		break;
	case ATTRIBUTE_TOPIC:
		c->topic = field->value.bytes.data;
		break;
	case ATTRIBUTE_LEADER:
		c->leader = number;
		c->has_leader = true;
		break;
	case ATTRIBUTE_LEADER_EPOCH:
		c->leader_epoch = number;
		break;
	case ATTRIBUTE_EPOCH:
		c->partition_epoch = number;
		break;
	case ATTRIBUTE_STATE:
		c->recovery_state = (int8_t)number;
		c->has_state = true;
		break;
	default:
		if (field->flags & KMETA_VALUE_NULL)
			break;
		c->has[attribute - ATTRIBUTE_ARRAYS] = true;
		c->arrays[attribute - ATTRIBUTE_ARRAYS] = field->value.bytes;
	}
}

static void take_fields(struct replay *r, struct partition_change *c)
{
	const struct kmeta_fields *fields = r->fields;
	const uint8_t *map = attributes_of(r->image, fields->schema);

	for (size_t i = 0; i < fields->count; i += fields->at[i].span) {
		const size_t index = (size_t)(fields->at[i].schema - fields->schema->fields);

		if (index < ATTRIBUTE_FIELDS)
			take_field(c, map[index], &fields->at[i]);
	}
}

static bool too_long(const struct partition_change *c)
{
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		if (c->arrays[i].size / (i == PARTITION_DIRECTORIES ? IMAGE_ID : 4) > ARRAY_LIMIT)
			return true;
	return false;
}

/* Kafka's own checks of both records. */
static enum kmeta_status check_change(struct replay *r, const struct partition_change *c,
                                      bool *sound)
{
	*sound = false;
	if (too_long(c))
		return object(r, KMETA_BAD_VALUE, "more replicas than a partition can have");
	if (c->has_state && c->recovery_state != 0 && c->recovery_state != 1)
		return object(r, KMETA_BAD_VALUE, "leaderRecoveryState %d", c->recovery_state);
	if (c->has[PARTITION_REPLICAS] && c->arrays[PARTITION_DIRECTORIES].size &&
	    c->arrays[PARTITION_DIRECTORIES].size / IMAGE_ID !=
	            c->arrays[PARTITION_REPLICAS].size / 4)
		return object(r, KMETA_BAD_VALUE, "%zu directories for %zu replicas",
		              c->arrays[PARTITION_DIRECTORIES].size / IMAGE_ID,
		              c->arrays[PARTITION_REPLICAS].size / 4);
	*sound = true;
	return KMETA_OK;
}

/* Directories that are all unknown yet are as good as none. */
static void drop_unknown_directories(struct partition_state *state)
{
	const struct kmeta_bytes directories = state->arrays[PARTITION_DIRECTORIES];

	for (size_t i = 0; i < directories.size; i++)
		if (directories.data[i])
			return;
	state->arrays[PARTITION_DIRECTORIES].size = 0;
}

static enum kmeta_status put_partition(struct replay *r, const struct rule *rule)
{
	struct partition_change c = {
		.id = -1, .leader = -1, .leader_epoch = -1, .partition_epoch = -1
	};
	struct partition_state state;
	struct topic *topic;
	bool sound;
	enum kmeta_status status;

	(void)rule;
	take_fields(r, &c);
	topic = image_topic(r->image, c.topic);
	if (!topic)
		return no_topic(r);
	status = check_change(r, &c, &sound);
	if (!sound)
		return status;
	state = (struct partition_state){ .leader = c.leader,
		                          .leader_epoch = c.leader_epoch,
		                          .partition_epoch = c.partition_epoch,
		                          .recovery_state = c.recovery_state };
	memcpy(state.arrays, c.arrays, sizeof(state.arrays));
	drop_unknown_directories(&state);
	return image_put_partition(r->image, topic, c.id, &state) ? KMETA_OK
	                                                          : finding_memory(r->why);
}

/* What the record does not give stays; a leader that is given, the same one too, begins a new
 * leader epoch. */
static void merge(struct partition_state *state, const struct partition_change *c)
{
	if (c->has_leader && c->leader != NO_LEADER_CHANGE) {
		state->leader = c->leader;
		state->leader_epoch = (int32_t)((uint32_t)state->leader_epoch + 1);
	}
	if (c->has_state)
		state->recovery_state = c->recovery_state;
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		if (c->has[i])
			state->arrays[i] = c->arrays[i];
	state->partition_epoch = (int32_t)((uint32_t)state->partition_epoch + 1);
}

static enum kmeta_status no_partition(struct replay *r, const uint8_t *topic_id, int32_t id)
{
	const struct topic *topic = image_topic(r->image, topic_id);

	if (!topic)
		return no_topic(r);
	return object(r, KMETA_UNKNOWN_PARTITION, "topic %.*s has no partition %d",
	              (int)(topic->name_size < 100 ? topic->name_size : 100),
	              (const char *)topic->name, id);
}

static enum kmeta_status change_partition(struct replay *r, const struct rule *rule)
{
	struct partition_change c = { .id = -1, .recovery_state = -1 };
	struct partition_state state;
	struct partition *partition;
	bool sound;
	enum kmeta_status status;

	(void)rule;
	take_fields(r, &c);
	if (c.recovery_state == -1)
		c.has_state = false;
	partition = image_partition(r->image, c.topic, c.id);
	if (!partition)
		return no_partition(r, c.topic, c.id);
	status = check_change(r, &c, &sound);
	if (!sound)
		return status;
	state = partition_unpack(partition);
	merge(&state, &c);
	drop_unknown_directories(&state);
	return image_change_partition(r->image, partition, &state) ? KMETA_OK
	                                                           : finding_memory(r->why);
}

static enum kmeta_status clear_elr_of(struct replay *r, struct topic *topic)
{
	struct partition *next;

	for (struct partition *p = topic->first; p; p = next) {
		struct partition_state state = partition_unpack(p);

		/* Putting one moves it to the list's beginning, behind us. */
		next = p->next;
		if (!state.arrays[PARTITION_ELR].size &&
		    !state.arrays[PARTITION_LAST_KNOWN_ELR].size)
			continue;
		state.arrays[PARTITION_ELR].size = state.arrays[PARTITION_LAST_KNOWN_ELR].size = 0;
		state.partition_epoch = (int32_t)((uint32_t)state.partition_epoch + 1);
		if (!image_change_partition(r->image, p, &state))
			return finding_memory(r->why);
	}
	return KMETA_OK;
}

static enum kmeta_status clear_elr(struct replay *r, const struct rule *rule)
{
	const struct kmeta_bytes name = bytes_of(r, "topicName");
	struct topic *topic;

	(void)rule;
	if (name.size) {
		topic = image_topic_named(r->image, name);
		if (!topic)
			return object(r, KMETA_UNKNOWN_TOPIC, "no topic has this name");
		return clear_elr_of(r, topic);
	}
	for (size_t i = 0; i < r->image->topics.capacity; i++) {
		topic = r->image->topics.slots[i].value;
		if (topic && clear_elr_of(r, topic) != KMETA_OK)
			return KMETA_FAILED;
	}
	return KMETA_OK;
}

/* ---- the rest ---- */

static enum kmeta_status unsupported(struct replay *r, const struct rule *rule)
{
	(void)rule;
	return object(r, KMETA_UNSUPPORTED, "no release replays this record");
}

static const struct rule rules[] = {
	{ 0, KMETA_BROKER, put_registration, KMETA_SOUND },
	{ 1, KMETA_BROKER, drop_broker, KMETA_NOTHING_THERE },
	{ 2, KMETA_TOPIC, put_topic, KMETA_SOUND },
	{ 3, KMETA_PARTITION, put_partition, KMETA_UNKNOWN_TOPIC },
	{ 4, KMETA_CONFIG, put_config, KMETA_SOUND },
	{ 5, KMETA_PARTITION, change_partition, KMETA_UNKNOWN_PARTITION },
	{ 6, KMETA_ACL, unsupported, KMETA_SOUND },
	{ 7, KMETA_BROKER, fence, KMETA_UNKNOWN_BROKER },
	{ 8, KMETA_BROKER, unfence, KMETA_UNKNOWN_BROKER },
	{ 9, KMETA_TOPIC, drop_topic, KMETA_UNKNOWN_TOPIC },
	{ 10, KMETA_TOKEN, put, KMETA_SOUND },
	{ 11, KMETA_SCRAM, put, KMETA_SOUND },
	{ 12, KMETA_FEATURE, put_feature, KMETA_SOUND },
	{ 14, KMETA_QUOTA, put_quota, KMETA_SOUND },
	{ 15, KMETA_PRODUCER_IDS, put_producer_ids, KMETA_SOUND },
	{ 16, KMETA_FEATURE, drop, KMETA_SOUND },
	{ 17, KMETA_BROKER, change_broker, KMETA_UNKNOWN_BROKER },
	{ 18, KMETA_ACL, put, KMETA_SOUND },
	{ 19, KMETA_ACL, drop, KMETA_UNKNOWN_ACL },
	{ 21, KMETA_ZK_MIGRATION, put_migration, KMETA_SOUND },
	{ 22, KMETA_SCRAM, drop, KMETA_NOTHING_THERE },
	{ 26, KMETA_TOKEN, drop, KMETA_SOUND },
	{ 27, KMETA_CONTROLLER, put_registration, KMETA_SOUND },
	{ 28, KMETA_PARTITION, clear_elr, KMETA_UNKNOWN_TOPIC },
	{ 29, KMETA_CONTROLLER, drop, KMETA_NOTHING_THERE },
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
	const struct pending p = { *r->record, r->fields->schema, r->batch ? r->batch->file : NULL,
		                   r->batch ? r->batch->epoch : -1 };

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
		return object(r, KMETA_NESTED_TRANSACTION, "one that began at offset %lld is open",
		              (long long)r->image->transaction_offset);
	r->image->in_transaction = true;
	r->image->transaction_offset = r->record->offset;
	return KMETA_OK;
}

static enum kmeta_status end(struct replay *r)
{
	if (!r->image->in_transaction)
		return object(r, KMETA_NO_TRANSACTION, "no transaction is open");
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
		quorum->leader = (int32_t)integer_of(r, "leaderId", -1);
		quorum->leader_epoch = r->batch ? r->batch->epoch : -1;
	} else if (r->record->type == KRAFT_VERSION) {
		quorum->kraft_version = (int32_t)integer_of(r, "kRaftVersion", -1);
	} else if (r->record->type == KRAFT_VOTERS) {
		voters->size = 0;
		buffer_add(voters, r->record->value.data, r->record->value.size);
		quorum->voters = view(voters);
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

/* A partition with three replicas lies in three cache lines. */
enum { ID_AND_TOPIC = 4 + IMAGE_ID, CACHE_LINE = 64, EXPECTED_SIZE = 3 * CACHE_LINE };

/* All layouts of both records begin with the partition's number and its topic's id. */
static bool names_partition(const struct kmeta_image *image, const struct kmeta_record *record)
{
	return !record->control &&
	       (record->type == PARTITION || record->type == PARTITION_CHANGE) &&
	       image->partitions.capacity &&
	       record->value.size >= (size_t)record->body + ID_AND_TOPIC;
}

void image_expect(const struct kmeta_image *image, const struct kmeta_record *record, bool soon)
{
	const uint8_t *at = record->value.data + record->body;
	const char *partition;
	uint64_t hash;

	if (!names_partition(image, record))
		return;
	hash = image_partition_hash(image, at + 4, (int32_t)wire_get32(at));
	if (!soon) {
		table_fetch(&image->partitions, hash);
		return;
	}
	partition = table_likely(&image->partitions, hash);
	for (size_t i = 0; partition && i < EXPECTED_SIZE; i += CACHE_LINE)
		__builtin_prefetch(partition + i);
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
