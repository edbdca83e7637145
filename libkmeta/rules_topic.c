/* SPDX-License-Identifier: Apache-2.0 */
/* rules_topic.c: how topics and partitions come, change and go. */
#include <string.h>

#include "finding.h"
#include "rules.h"

enum { PARTITION_CHANGE = 5, NO_LEADER_CHANGE = -2, ARRAY_LIMIT = UINT16_MAX };

/* ---- topics ---- */

/* A known id is replaced by an empty topic; what its name's other topic had stays. */
enum kmeta_status rule_put_topic(struct replay *r, const struct rule *rule)
{
	const uint8_t *id = rule_bytes(r, "topicId").data;
	const struct kmeta_bytes name = rule_bytes(r, "name");
	struct topic *same_id = image_topic(r->image, id);
	enum kmeta_status status = KMETA_OK;

	(void)rule;
	if (same_id || image_topic_named(r->image, name))
		status = rule_object(r, KMETA_DUPLICATE_TOPIC,
		                     "a topic with this %s is there already",
		                     same_id ? "id" : "name");
	if (status != KMETA_OK)
		return status;
	if (same_id)
		image_drop_topic(r->image, same_id);
	return image_add_topic(r->image, id, name) ? KMETA_OK : finding_memory(r->why);
}

static enum kmeta_status no_topic(struct replay *r)
{
	return rule_object(r, KMETA_UNKNOWN_TOPIC, "no topic has this id");
}

enum kmeta_status rule_drop_topic(struct replay *r, const struct rule *rule)
{
	struct topic *topic = image_topic(r->image, rule_bytes(r, "topicId").data);

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
		return rule_object(r, KMETA_BAD_VALUE, "more replicas than a partition can have");
	if (c->has_state && c->recovery_state != 0 && c->recovery_state != 1)
		return rule_object(r, KMETA_BAD_VALUE, "leaderRecoveryState %d", c->recovery_state);
	if (c->has[PARTITION_REPLICAS] && c->arrays[PARTITION_DIRECTORIES].size &&
	    c->arrays[PARTITION_DIRECTORIES].size / IMAGE_ID !=
	            c->arrays[PARTITION_REPLICAS].size / 4)
		return rule_object(r, KMETA_BAD_VALUE, "%zu directories for %zu replicas",
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

enum kmeta_status rule_put_partition(struct replay *r, const struct rule *rule)
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

static enum kmeta_status no_partition(struct replay *r, const struct topic *topic, int32_t id)
{
	return rule_object(r, KMETA_UNKNOWN_PARTITION, "topic %.*s has no partition %d",
	                   (int)(topic->name_size < 100 ? topic->name_size : 100),
	                   (const char *)topic->name, id);
}

enum kmeta_status rule_change_partition(struct replay *r, const struct rule *rule)
{
	struct partition_change c = { .id = -1, .recovery_state = -1 };
	struct partition_state state;
	const struct topic *topic;
	struct partition *partition;
	bool sound;
	enum kmeta_status status;

	(void)rule;
	take_fields(r, &c);
	if (c.recovery_state == -1)
		c.has_state = false;
	topic = image_topic(r->image, c.topic);
	if (!topic)
		return no_topic(r);
	partition = image_partition(r->image, topic, c.id);
	if (!partition)
		return no_partition(r, topic, c.id);
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
	struct partition *p;
	size_t at = 0;

	while ((p = topic_next(topic, &at)) != NULL) {
		struct partition_state state = partition_unpack(p);

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

enum kmeta_status rule_clear_elr(struct replay *r, const struct rule *rule)
{
	const struct kmeta_bytes name = rule_bytes(r, "topicName");
	struct topic *topic;

	(void)rule;
	if (name.size) {
		topic = image_topic_named(r->image, name);
		if (!topic)
			return rule_object(r, KMETA_UNKNOWN_TOPIC, "no topic has this name");
		return clear_elr_of(r, topic);
	}
	for (size_t i = 0; i < r->image->topics.capacity; i++) {
		topic = r->image->topics.slots[i].value;
		if (topic && clear_elr_of(r, topic) != KMETA_OK)
			return KMETA_FAILED;
	}
	return KMETA_OK;
}
