/* SPDX-License-Identifier: Apache-2.0 */
/* rules_topic.c: the rules for topics and partitions. */
#include <string.h>

#include "base/finding.h"
#include "record/kind.h"
#include "state/partial.h"
#include "state/rules.h"

enum { NO_LEADER_CHANGE = -2, NO_STATE_CHANGE = -1, ARRAY_LIMIT = UINT16_MAX };

/* ---- topics ---- */

/* A known id is replaced by an empty topic. Another topic of the same name keeps its partitions. */
enum kmeta_status rule_put_topic(struct replay *r)
{
	const uint8_t *id = rule_bytes(r, "topicId").data;
	const struct kmeta_bytes name = rule_bytes(r, "name");
	struct topic *same_id = image_topic(r->image, id);
	enum kmeta_status status = KMETA_OK;
	uint8_t bytes[PARTIAL_KEY];

	if (same_id || image_topic_named(r->image, name))
		status = rule_object(r, KMETA_DUPLICATE_TOPIC,
		                     "a topic with this %s is there already",
		                     same_id ? "id" : "name");
	if (status != KMETA_OK)
		return status;
	if (same_id)
		image_drop_topic(r->image, same_id);
	if (r->image->is_partial &&
	    !partial_set(r->image, KMETA_TOPIC, partial_key(bytes, id, -1), 0))
		return finding_memory(r->why);
	return image_add_topic(r->image, id, name) ? KMETA_OK : finding_memory(r->why);
}

static enum kmeta_status no_topic(struct replay *r)
{
	return rule_object(r, KMETA_UNKNOWN_TOPIC, "no topic has this id");
}

enum kmeta_status rule_drop_topic(struct replay *r)
{
	struct topic *topic = image_topic(r->image, rule_bytes(r, "topicId").data);

	if (!topic)
		return no_topic(r);
	image_drop_topic(r->image, topic);
	return KMETA_OK;
}

/* ---- partitions ---- */

/* The meaning of a field in both records; from ATTRIBUTE_ARRAYS on, an enum partition_array. */
enum attribute {
	ATTRIBUTE_NONE,
	ATTRIBUTE_ID,
	ATTRIBUTE_TOPIC,
	ATTRIBUTE_LEADER,
	ATTRIBUTE_LEADER_EPOCH,
	ATTRIBUTE_EPOCH,
	ATTRIBUTE_STATE,
	ATTRIBUTE_ARRAYS,
	ATTRIBUTES = ATTRIBUTE_ARRAYS + PARTITION_ARRAYS
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

/* The fields of a record by attribute; NULL: the record does not set it. */
struct partition_change {
	const struct kmeta_field *at[ATTRIBUTES];
};

static uint8_t attribute_of(const char *name)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (!strcmp(attributes[i].name, name))
			return attributes[i].attribute;
	return ATTRIBUTE_NONE;
}

/* Look up the attributes of a layout once: most of a log are changes of partitions. */
static const uint8_t *attributes_of(struct kmeta_image *image, const struct kmeta_schema *schema)
{
	struct attribute_map *map =
		&image->attributes[schema->type == KMETA_PARTITION_CHANGE_RECORD];

	if (map->schema != schema) {
		map->schema = schema;
		for (size_t i = 0; i < schema->count && i < ATTRIBUTE_FIELDS; i++)
			map->attributes[i] = attribute_of(schema->fields[i].name);
	}
	return map->attributes;
}

static void take_fields(struct partition_change *c, struct replay *r)
{
	const struct kmeta_fields *fields = r->fields;
	const uint8_t *map = attributes_of(r->image, fields->schema);

	*c = (struct partition_change){ 0 };
	for (size_t i = 0; i < fields->count; i += fields->at[i].span) {
		const size_t index = (size_t)(fields->at[i].schema - fields->schema->fields);

		if (index < ATTRIBUTE_FIELDS)
			c->at[map[index]] = &fields->at[i];
	}
}

static int32_t number_of(const struct partition_change *c, enum attribute attribute, int32_t absent)
{
	return c->at[attribute] ? (int32_t)c->at[attribute]->value.integer : absent;
}

static const uint8_t *change_topic(const struct partition_change *c)
{
	return c->at[ATTRIBUTE_TOPIC]->value.bytes.data;
}

/* Takes the arrays that the record sets. */
static void take_arrays(struct partition_state *state, const struct partition_change *c)
{
	state->given = 0;
	for (size_t i = 0; i < PARTITION_ARRAYS; i++) {
		const struct kmeta_field *field = c->at[ATTRIBUTE_ARRAYS + i];

		state->arrays[i] = (struct kmeta_bytes){ 0 };
		if (!field || field->flags & KMETA_VALUE_NULL)
			continue;
		state->arrays[i] = field->value.bytes;
		state->given |= 1u << i;
	}
}

static bool too_long(const struct partition_state *state)
{
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		if (state->arrays[i].size >
		    ARRAY_LIMIT * (size_t)(i == PARTITION_DIRECTORIES ? IMAGE_ID : 4))
			return true;
	return false;
}

/* The checks that Kafka makes of both records. */
static enum kmeta_status check_change(struct replay *r, const struct partition_state *change,
                                      int32_t recovery_state, bool *sound)
{
	const size_t directories = change->arrays[PARTITION_DIRECTORIES].size / IMAGE_ID;
	const size_t replicas = change->arrays[PARTITION_REPLICAS].size / 4;

	*sound = false;
	if (too_long(change))
		return rule_object(r, KMETA_BAD_VALUE, "more replicas than a partition can have");
	if (recovery_state != 0 && recovery_state != 1)
		return rule_object(r, KMETA_BAD_VALUE, "leaderRecoveryState %d", recovery_state);
	if (change->given & 1u << PARTITION_REPLICAS && directories && directories != replicas)
		return rule_object(r, KMETA_BAD_VALUE, "%zu directories for %zu replicas",
		                   directories, replicas);
	*sound = true;
	return KMETA_OK;
}

/* Directories that are all unknown are kept as none. */
static void drop_unknown_directories(struct partition_state *state)
{
	const struct kmeta_bytes directories = state->arrays[PARTITION_DIRECTORIES];

	for (size_t i = 0; i < directories.size; i++)
		if (directories.data[i])
			return;
	state->arrays[PARTITION_DIRECTORIES].size = 0;
}

/* ---- partitions of which the beginning is missing ---- */

static enum kmeta_status no_partition(struct replay *r, const struct topic *topic, int32_t id)
{
	return rule_object(r, KMETA_UNKNOWN_PARTITION, "topic %.*s has no partition %d",
	                   (int)(topic->name_size < 100 ? topic->name_size : 100),
	                   (const char *)topic->name, id);
}

/* The topic of a partition. NULL: there is none, as "status" says. */
static struct topic *topic_of(struct replay *r, const struct partition_change *c,
                              enum kmeta_status *status)
{
	struct topic *topic = image_topic(r->image, change_topic(c));

	if (!topic && r->image->is_partial) {
		topic = partial_topic(r->image, change_topic(c));
		*status = finding_memory(r->why);
	} else if (!topic) {
		*status = no_topic(r);
	}
	return topic;
}

/* The change clears what it sets. Epochs count from a number that is unknown. */
static uint64_t still_unknown(uint64_t unknown, const struct partition_change *c)
{
	static const char *const known[] = { "partitionId", "topicId" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		unknown &= ~kind_field_bit(KMETA_PARTITION, known[i]);
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (c->at[attributes[i].attribute])
			unknown &= ~kind_field_bit(KMETA_PARTITION, attributes[i].name);
	return unknown;
}

/* Notes what a change leaves unknown. False: out of memory. */
static bool note_unknown(struct replay *r, const struct topic *topic, int32_t id,
                         const struct partition_change *c, bool is_new)
{
	uint8_t bytes[PARTIAL_KEY];
	const struct kmeta_bytes key = partial_key(bytes, topic->id, id);
	const uint64_t unknown = is_new ? kind_field_bits(KMETA_PARTITION)
	                                : partial_unknown(r->image, KMETA_PARTITION, key);

	return partial_set(r->image, KMETA_PARTITION, key, still_unknown(unknown, c));
}

/*
 * The partition that a record changes; one that is unknown becomes a partition of which only the
 * change is known. NULL: there is none, as "status" says.
 */
static struct partition *changed_partition(struct replay *r, struct topic *topic, int32_t id,
                                           const struct partition_change *c,
                                           enum kmeta_status *status)
{
	const struct partition_state nothing = { .leader = -1, .given = PARTITION_ALL_ARRAYS };
	struct partition *partition = image_partition(r->image, topic, id);

	if (!partition && !r->image->is_partial) {
		*status = no_partition(r, topic, id);
		return NULL;
	}
	if (r->image->is_partial && !note_unknown(r, topic, id, c, !partition)) {
		*status = finding_memory(r->why);
		return NULL;
	}
	if (!partition && image_put_partition(r->image, topic, id, &nothing))
		partition = image_partition(r->image, topic, id);
	if (!partition)
		*status = finding_memory(r->why);
	return partition;
}

/* The record has all of the partition. */
static bool forget_unknown(struct replay *r, const struct topic *topic, int32_t id)
{
	uint8_t bytes[PARTIAL_KEY];

	return !r->image->is_partial ||
	       partial_set(r->image, KMETA_PARTITION, partial_key(bytes, topic->id, id), 0);
}

/* ---- both records ---- */

enum kmeta_status rule_put_partition(struct replay *r)
{
	struct partition_change c;
	struct partition_state state;
	struct topic *topic;
	int32_t recovery_state;
	bool sound;
	enum kmeta_status status;

	take_fields(&c, r);
	recovery_state = number_of(&c, ATTRIBUTE_STATE, 0);
	topic = topic_of(r, &c, &status);
	if (!topic)
		return status;
	take_arrays(&state, &c);
	status = check_change(r, &state, recovery_state, &sound);
	if (!sound)
		return status;
	state.leader = number_of(&c, ATTRIBUTE_LEADER, -1);
	state.leader_epoch = number_of(&c, ATTRIBUTE_LEADER_EPOCH, -1);
	state.partition_epoch = number_of(&c, ATTRIBUTE_EPOCH, -1);
	state.recovery_state = (int8_t)recovery_state;
	state.given = PARTITION_ALL_ARRAYS;
	drop_unknown_directories(&state);
	if (!forget_unknown(r, topic, number_of(&c, ATTRIBUTE_ID, -1)))
		return finding_memory(r->why);
	return image_put_partition(r->image, topic, number_of(&c, ATTRIBUTE_ID, -1), &state)
	               ? KMETA_OK
	               : finding_memory(r->why);
}

/* A record that sets the leader begins a new leader epoch, even with the same leader. */
static void change_numbers(struct partition_state *state, const struct partition *partition,
                           const struct partition_change *c)
{
	const int32_t leader = number_of(c, ATTRIBUTE_LEADER, NO_LEADER_CHANGE);
	const int32_t recovery_state = number_of(c, ATTRIBUTE_STATE, NO_STATE_CHANGE);
	const bool led = leader != NO_LEADER_CHANGE;

	state->leader = led ? leader : partition->leader;
	state->leader_epoch = (int32_t)((uint32_t)partition->leader_epoch + led);
	state->partition_epoch = (int32_t)((uint32_t)partition->partition_epoch + 1);
	state->recovery_state = recovery_state != NO_STATE_CHANGE ? (int8_t)recovery_state
	                                                          : partition->recovery_state;
}

/* How many elements an array has after a change. */
static size_t count_after(const struct partition *partition, const struct partition_state *change,
                          enum partition_array array)
{
	const size_t size = array == PARTITION_DIRECTORIES ? IMAGE_ID : 4;

	return change->given & 1u << array ? change->arrays[array].size / size
	                                   : partition->counts[array];
}

/*
 * From release 3.7 on a partition has a directory for each replica (PartitionRegistration). None at
 * all means that all are unknown.
 */
static bool directories_fit(const struct partition *partition, const struct partition_state *change)
{
	const size_t directories = count_after(partition, change, PARTITION_DIRECTORIES);

	return !directories || directories == count_after(partition, change, PARTITION_REPLICAS);
}

enum kmeta_status rule_change_partition(struct replay *r)
{
	struct partition_change c;
	struct partition_state change;
	struct topic *topic;
	struct partition *partition;
	int32_t id, recovery_state;
	bool sound;
	enum kmeta_status status;

	take_fields(&c, r);
	topic = topic_of(r, &c, &status);
	if (!topic)
		return status;
	id = number_of(&c, ATTRIBUTE_ID, -1);
	recovery_state = number_of(&c, ATTRIBUTE_STATE, NO_STATE_CHANGE);
	partition = changed_partition(r, topic, id, &c, &status);
	if (!partition)
		return status;
	take_arrays(&change, &c);
	status = check_change(r, &change, recovery_state == NO_STATE_CHANGE ? 0 : recovery_state,
	                      &sound);
	if (!sound)
		return status;
	if (!directories_fit(partition, &change))
		return rule_object(r, KMETA_BAD_VALUE,
		                   "%zu replicas and %zu directories would be left",
		                   count_after(partition, &change, PARTITION_REPLICAS),
		                   count_after(partition, &change, PARTITION_DIRECTORIES));
	change_numbers(&change, partition, &c);
	drop_unknown_directories(&change);
	return image_change_partition(r->image, partition, &change) ? KMETA_OK
	                                                            : finding_memory(r->why);
}

static enum kmeta_status clear_elr_of(struct replay *r, struct topic *topic)
{
	struct partition *p;
	size_t at = 0;

	while ((p = topic_next(topic, &at)) != NULL) {
		struct partition_state state;

		if (!partition_has_elr(p))
			continue;
		partition_unpack(&state, p);
		state.given = 1u << PARTITION_ELR | 1u << PARTITION_LAST_KNOWN_ELR;
		state.arrays[PARTITION_ELR].size = state.arrays[PARTITION_LAST_KNOWN_ELR].size = 0;
		state.partition_epoch = (int32_t)((uint32_t)state.partition_epoch + 1);
		if (!image_change_partition(r->image, p, &state))
			return finding_memory(r->why);
	}
	return KMETA_OK;
}

enum kmeta_status rule_clear_elr(struct replay *r)
{
	const struct kmeta_bytes name = rule_bytes(r, "topicName");
	struct topic *topic;

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
