/* SPDX-License-Identifier: Apache-2.0 */
/* named.c: the entities that a record names. */
#include "named.h"

#include <string.h>

/* Ends the text and gives it away. NULL: out of memory. */
static char *end_text(struct kmeta_buffer *text)
{
	char *copy;

	kmeta_buffer_add(text, "", 1);
	copy = text->failed ? NULL : strdup(text->at);
	kmeta_buffer_release(text);
	return copy;
}

/* ---- brokers ---- */

static bool one_broker(int64_t id, struct wish *wish)
{
	struct kmeta_buffer path = { 0 };

	/* "none" is no broker. */
	if (id < 0)
		return false;
	kmeta_buffer_format(&path, "%s/%lld", kmeta_entity_kind_group(KMETA_BROKER), (long long)id);
	wish->path = end_text(&path);
	return wish->path != NULL;
}

static int64_t named_broker_at(const struct kmeta_field *field, size_t number)
{
	const uint8_t *at = field->value.bytes.data + number * 4;

	return (int32_t)((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
	                 at[3]);
}

/* Several of them are rows of a table. */
static bool named_brokers(const struct kmeta_field *field, struct wish *wish, enum view_kind *view)
{
	const bool is_array = field->schema->flags & KMETA_FIELD_ARRAY;
	const size_t count = is_array ? field->value.bytes.size / 4 : 1;
	struct kmeta_buffer terms = { 0 };

	if (field->flags & KMETA_VALUE_NULL || !count)
		return false;
	if (count == 1)
		return one_broker(is_array ? named_broker_at(field, 0) : field->value.integer,
		                  wish);
	for (size_t i = 0; i < count; i++)
		kmeta_buffer_format(&terms, "%s%lld",
		                    i ? "," : "broker=", (long long)named_broker_at(field, i));
	wish->table = KMETA_BROKER;
	wish->terms = end_text(&terms);
	*view = VIEW_TABLE;
	return wish->terms != NULL;
}

/* ---- topics and partitions ---- */

static const struct kmeta_field *named_role(const struct kmeta_fields *fields, enum kmeta_role role)
{
	for (size_t i = 0; i < fields->count; i++)
		if (fields->at[i].schema->role == role && !(fields->at[i].flags & KMETA_VALUE_NULL))
			return &fields->at[i];
	return NULL;
}

/* The path of a partition is made of its record; that of a topic is the same without the end. */
static bool named_topic(const struct kmeta_fields *fields, bool with_partition,
                        struct kmeta_timeline *timeline, unsigned flags, struct wish *wish)
{
	const struct kmeta_field *id = named_role(fields, KMETA_ROLE_TOPIC_ID);
	const struct kmeta_field *name = named_role(fields, KMETA_ROLE_TOPIC_NAME);
	struct kmeta_entity entity = { .kind = KMETA_PARTITION, .fields = fields };
	const struct kmeta_topics *topics = kmeta_timeline_lock_topics(timeline);
	struct kmeta_buffer path = { 0 };

	if (name)
		entity.topic_name = name->value.bytes;
	else if (id)
		entity.topic_name = kmeta_topics_name(topics, id->value.bytes.data);
	if (entity.topic_name.data)
		kmeta_entity_path(&path, &entity, flags);
	kmeta_timeline_unlock_topics(timeline);
	while (path.size && !with_partition)
		if (path.at[--path.size] == '/')
			break;
	if (!path.size) {
		kmeta_buffer_release(&path);
		return false;
	}
	wish->path = end_text(&path);
	return wish->path != NULL;
}

/* ---- all of them ---- */

/* What the type of a record is about. */
static bool named_subject(const struct kmeta_fields *fields, struct kmeta_timeline *timeline,
                          unsigned flags, struct wish *wish)
{
	const char *type = fields->schema ? fields->schema->name : "";
	const struct kmeta_entity entity = { .kind = kmeta_entity_kind_find(type, strlen(type)),
		                             .fields = fields };
	const struct kmeta_field *broker;
	struct kmeta_buffer path = { 0 };

	switch (entity.kind) {
	case KMETA_TOPIC:
	case KMETA_PARTITION:
		return named_topic(fields, entity.kind == KMETA_PARTITION, timeline, flags, wish);
	case KMETA_BROKER:
		broker = named_role(fields, KMETA_ROLE_BROKER);
		return broker && one_broker(broker->value.integer, wish);
	case KMETA_ENTITY_KINDS:
		return false;
	default:
		kmeta_entity_path(&path, &entity, flags);
		wish->path = end_text(&path);
		return wish->path != NULL;
	}
}

bool named_find(const struct kmeta_fields *fields, const struct kmeta_field *field,
                struct kmeta_timeline *timeline, unsigned flags, struct wish *wish,
                enum view_kind *view)
{
	bool found = false;

	*wish = (struct wish){ .table = KMETA_ENTITY_KINDS, .unfolded = true };
	*view = VIEW_STATE;
	switch (field ? field->schema->role : KMETA_ROLE_NONE) {
	case KMETA_ROLE_BROKER:
		found = named_brokers(field, wish, view);
		break;
	case KMETA_ROLE_TOPIC_ID:
	case KMETA_ROLE_TOPIC_NAME:
		found = named_topic(fields, false, timeline, flags, wish);
		break;
	case KMETA_ROLE_PARTITION:
		found = named_topic(fields, true, timeline, flags, wish);
		break;
	default:
		break;
	}
	return found || named_subject(fields, timeline, flags, wish);
}
