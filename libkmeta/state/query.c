/* SPDX-License-Identifier: Apache-2.0 */
/* query.c: finds the partitions that operators look for at night. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/wire.h"
#include "print/scalar.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/query.h"

enum { NO_LEADER = -1 };

bool kmeta_uuid_parse(const char *text, uint8_t uuid[16])
{
	return uuid_parse(text, strlen(text), uuid);
}

bool kmeta_image_topic_id(const struct kmeta_image *image, struct kmeta_bytes name, uint8_t id[16])
{
	const struct topic *topic = image_topic_named(image, name);

	if (topic)
		memcpy(id, topic->id, IMAGE_ID);
	return topic;
}

/* ---- configs ---- */

/* A config's value as a number. False: it is not set, or not a number. */
static bool config_number(const struct kmeta_image *image, int64_t type,
                          struct kmeta_bytes resource, const char *name, int64_t *number)
{
	struct kmeta_buffer key = { 0 };
	struct kmeta_fields fields = { 0 };
	const struct kmeta_field *value;
	const struct item *item;
	struct kmeta_finding ignored; /* without a value, the next place is asked */
	char text[24] = "";

	image_key_number(&key, type);
	image_key_text(&key, resource);
	image_key_text(&key, (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) });
	item = key.failed ? NULL
	                  : image_item(image, KMETA_CONFIG,
	                               (struct kmeta_bytes){ (uint8_t *)key.at, key.size });
	if (item && encode_reread(kind_newest_schema(KMETA_CONFIG),
	                          (struct kmeta_bytes){ item->value, item->value_size }, &fields,
	                          &ignored) == KMETA_OK) {
		value = kmeta_fields_find(&fields, "value");
		if (value->value.bytes.size && value->value.bytes.size < sizeof(text))
			memcpy(text, value->value.bytes.data, value->value.bytes.size);
	}
	kmeta_buffer_release(&key);
	kmeta_fields_release(&fields);
	*number = strtoll(text, NULL, 10);
	return text[0] != '\0';
}

/* The topic's own setting, else the default of all brokers, else Kafka's default. */
int64_t query_min_isr(const struct kmeta_image *image, struct kmeta_bytes topic)
{
	static const char name[] = "min.insync.replicas";
	int64_t number;

	if (config_number(image, RESOURCE_TOPIC, topic, name, &number) ||
	    config_number(image, RESOURCE_BROKER, (struct kmeta_bytes){ 0 }, name, &number))
		return number;
	return 1;
}

/* ---- partitions ---- */

static struct kmeta_bytes array_of(const struct kmeta_entity *entity, const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, name);

	return field ? field->value.bytes : (struct kmeta_bytes){ 0 };
}

static bool holds_number(struct kmeta_bytes array, int32_t number)
{
	for (size_t at = 0; at + 4 <= array.size; at += 4)
		if ((int32_t)wire_get32(array.data + at) == number)
			return true;
	return false;
}

static bool holds_uuid(struct kmeta_bytes array, const uint8_t *uuid)
{
	for (size_t at = 0; at + IMAGE_ID <= array.size; at += IMAGE_ID)
		if (!memcmp(array.data + at, uuid, IMAGE_ID))
			return true;
	return false;
}

static int64_t isr_count(const struct kmeta_entity *entity)
{
	return (int64_t)(array_of(entity, "isr").size / 4);
}

static int64_t replica_count(const struct kmeta_entity *entity)
{
	return (int64_t)(array_of(entity, "replicas").size / 4);
}

bool kmeta_query_matches(const struct kmeta_query *query, const struct kmeta_image *image,
                         const struct kmeta_entity *entity)
{
	if (entity->kind != KMETA_PARTITION)
		return false;
	if (query->leaderless &&
	    (kmeta_entity_is_unknown(entity, "leader") ||
	     fields_must_have(entity->fields, "leader")->value.integer != NO_LEADER))
		return false;
	if ((query->under_replicated || query->under_min_isr) &&
	    kmeta_entity_is_unknown(entity, "isr"))
		return false;
	if (query->under_replicated && isr_count(entity) >= replica_count(entity))
		return false;
	if (query->under_min_isr && isr_count(entity) >= query_min_isr(image, entity->topic_name))
		return false;
	if (query->reassigning && !array_of(entity, "addingReplicas").size &&
	    !array_of(entity, "removingReplicas").size)
		return false;
	if (query->on_broker && !holds_number(array_of(entity, "replicas"), query->broker))
		return false;
	return !query->on_directory ||
	       holds_uuid(array_of(entity, "directories"), query->directory);
}
