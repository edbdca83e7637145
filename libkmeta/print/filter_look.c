/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter_look.c: looks at records as a filter says, in order of cost: record header, decoded fields,
 * printed line.
 */
#include <fnmatch.h>
#include <string.h>

#include "base/wire.h"
#include "print/filter.h"
#include "record/kind.h"

enum { NAME_LIMIT = 32768 };

/* ---- what a filter needs ---- */

void kmeta_filter_window(const struct kmeta_filter *filter, struct kmeta_source_options *options)
{
	options->offsets = filter->offsets.count ? &filter->offsets.hull : NULL;
	options->times = filter->times.count ? &filter->times.hull : NULL;
	options->epochs = filter->epochs.count ? &filter->epochs.hull : NULL;
}

bool kmeta_filter_needs_fields(const struct kmeta_filter *filter)
{
	return filter->topics.count || filter->partitions.count || filter->brokers.count;
}

bool kmeta_filter_needs_topics(const struct kmeta_filter *filter)
{
	return filter->topics.count > filter->ids.size / FILTER_ID;
}

bool kmeta_filter_needs_line(const struct kmeta_filter *filter)
{
	return filter->greps.count;
}

bool kmeta_filter_is_empty(const struct kmeta_filter *filter)
{
	return filter->is_empty;
}

/* ---- looking at records ---- */

static bool in_ranges(const struct ranges *ranges, int64_t value)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (value >= ranges->at[i].first && value <= ranges->at[i].last)
			return true;
	return !ranges->count;
}

static bool has_type(const struct types *types, const struct kmeta_record *record)
{
	const uint64_t bits = record->control ? types->control : types->metadata;
	int32_t type = record->type;

	/*
	 * Release 2.8 wrote leader changes with the type that is now the snapshot header. A
	 * snapshot header always has 11 bytes.
	 */
	if (record->control && type == KMETA_CONTROL_SNAPSHOT_HEADER && record->value.size != 11)
		type = KMETA_CONTROL_LEADER_CHANGE;
	if (type >= 0 && type < FILTER_TYPES)
		return bits >> type & 1;
	return !record->control && types->others.count && in_ranges(&types->others, type);
}

bool kmeta_filter_record(const struct kmeta_filter *filter, const struct kmeta_batch *batch,
                         const struct kmeta_record *record)
{
	return filter->is_empty ||
	       (in_ranges(&filter->offsets, record->offset) &&
	        in_ranges(&filter->times, record->timestamp) &&
	        in_ranges(&filter->epochs, batch->epoch) &&
	        (!filter->types.any || has_type(&filter->types, record)) &&
	        (!filter->not_types.any || !has_type(&filter->not_types, record)) &&
	        (!filter->control || record->control));
}

/* ---- looking at fields ---- */

bool filter_wants_topic(const struct kmeta_filter *filter, struct kmeta_bytes name)
{
	char text[NAME_LIMIT];

	if (!name.data || name.size >= sizeof(text))
		return false;
	memcpy(text, name.data, name.size);
	text[name.size] = '\0';
	for (size_t i = 0; i < filter->topics.count; i++)
		if (fnmatch(filter->topics.at[i], text, 0) == 0)
			return true;
	return false;
}

bool filter_wants_topic_id(const struct kmeta_filter *filter, const struct kmeta_topics *topics,
                           const uint8_t *id)
{
	for (size_t at = 0; at < filter->ids.size; at += FILTER_ID)
		if (!memcmp(filter->ids.at + at, id, FILTER_ID))
			return true;
	return topics && filter_wants_topic(filter, kmeta_topics_name(topics, id));
}

static bool is_topic_resource(const struct kmeta_fields *fields)
{
	const struct kmeta_field *type = kmeta_fields_find(fields, "resourceType");

	return type && type->value.integer == RESOURCE_TOPIC;
}

static bool field_names_topic(const struct kmeta_filter *f, const struct kmeta_topics *topics,
                              const struct kmeta_fields *fields, const struct kmeta_field *field)
{
	switch (field->schema->role) {
	case KMETA_ROLE_TOPIC_ID:
		return filter_wants_topic_id(f, topics, field->value.bytes.data);
	case KMETA_ROLE_TOPIC_NAME:
		/* An empty topic name in a record means all topics. */
		return !field->value.bytes.size || filter_wants_topic(f, field->value.bytes);
	default:
		return field->schema->kind == KMETA_STRING &&
		       !strcmp(field->schema->name, "resourceName") && is_topic_resource(fields) &&
		       filter_wants_topic(f, field->value.bytes);
	}
}

static bool names_wanted_topic(const struct kmeta_filter *f, const struct kmeta_topics *topics,
                               const struct kmeta_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (field_names_topic(f, topics, fields, &fields->at[i]))
			return true;
	return false;
}

bool filter_has_number(const struct ranges *ranges, struct kmeta_bytes numbers)
{
	for (size_t at = 0; at + 4 <= numbers.size; at += 4)
		if (in_ranges(ranges, (int32_t)wire_get32(numbers.data + at)))
			return true;
	return false;
}

static bool field_in_ranges(const struct ranges *ranges, const struct kmeta_field *field)
{
	if (field->flags & KMETA_VALUE_NULL || field->schema->kind != KMETA_INT32)
		return false;
	return field->schema->flags & KMETA_FIELD_ARRAY
	               ? filter_has_number(ranges, field->value.bytes)
	               : in_ranges(ranges, field->value.integer);
}

static bool names_number(const struct ranges *ranges, const struct kmeta_fields *fields,
                         enum kmeta_role role)
{
	for (size_t i = 0; i < fields->count; i++)
		if (fields->at[i].schema->role == role && field_in_ranges(ranges, &fields->at[i]))
			return true;
	return false;
}

/* A broker's config names the broker by its number as text. */
static bool names_broker_resource(const struct kmeta_filter *f, const struct kmeta_fields *fields)
{
	const struct kmeta_field *type = kmeta_fields_find(fields, "resourceType");
	const struct kmeta_field *name = kmeta_fields_find(fields, "resourceName");
	int64_t number;

	return type && name && type->value.integer == RESOURCE_BROKER &&
	       !strcmp(fields->schema->name, "CONFIG_RECORD") && name->value.bytes.size &&
	       filter_decimal((const char *)name->value.bytes.data, name->value.bytes.size,
	                      &number) &&
	       in_ranges(&f->brokers, number);
}

bool kmeta_filter_fields(const struct kmeta_filter *filter, const struct kmeta_topics *topics,
                         const struct kmeta_fields *fields)
{
	if (filter->topics.count && !names_wanted_topic(filter, topics, fields))
		return false;
	if (filter->partitions.count &&
	    !names_number(&filter->partitions, fields, KMETA_ROLE_PARTITION))
		return false;
	return !filter->brokers.count ||
	       names_number(&filter->brokers, fields, KMETA_ROLE_BROKER) ||
	       names_broker_resource(filter, fields);
}

bool kmeta_filter_line(const struct kmeta_filter *filter, const char *line, size_t size)
{
	for (size_t i = 0; i < filter->greps.count; i++)
		if (memmem(line, size, filter->greps.at[i], strlen(filter->greps.at[i])))
			return true;
	return !filter->greps.count;
}
