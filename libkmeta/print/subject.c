/* SPDX-License-Identifier: Apache-2.0 */
/* subject.c: what a record is about, as filters see it, and single facts for tables of records. */
#include <string.h>

#include "print/json.h"
#include "print/scalar.h"
#include "print/text.h"
#include "record/kind.h"

static const struct kmeta_field *field_of_role(const struct kmeta_fields *fields,
                                               enum kmeta_role role)
{
	for (size_t i = 0; i < fields->count; i++)
		if (fields->at[i].schema->role == role &&
		    !(fields->at[i].schema->flags & KMETA_FIELD_ARRAY) &&
		    !(fields->at[i].flags & KMETA_VALUE_NULL))
			return &fields->at[i];
	return NULL;
}

/* The resource of a configuration, or of an ACL, if it is of this type. */
static struct kmeta_bytes resource_of(const struct kmeta_fields *fields, int64_t type)
{
	const struct kmeta_field *of = kmeta_fields_find(fields, "resourceType");
	const struct kmeta_field *name = kmeta_fields_find(fields, "resourceName");

	if (!of || !name || of->value.integer != type)
		return (struct kmeta_bytes){ 0 };
	return name->value.bytes;
}

bool kmeta_fields_topic(const struct kmeta_fields *fields, const struct kmeta_topics *topics,
                        struct kmeta_buffer *out)
{
	const struct kmeta_field *id = field_of_role(fields, KMETA_ROLE_TOPIC_ID);
	const struct kmeta_field *name = field_of_role(fields, KMETA_ROLE_TOPIC_NAME);
	struct kmeta_bytes text = { 0 };
	char printed[UUID_TEXT];

	if (name)
		text = name->value.bytes;
	else if (id && topics)
		text = kmeta_topics_name(topics, id->value.bytes.data);
	else if (!id)
		text = resource_of(fields, RESOURCE_TOPIC);
	if (!text.data && id)
		text = (struct kmeta_bytes){ (const uint8_t *)printed,
			                     (size_t)(uuid_print(printed, id->value.bytes.data) -
			                              printed) };
	if (text.data)
		scalar_utf8(out, text);
	return text.data != NULL;
}

bool kmeta_fields_partition(const struct kmeta_fields *fields, int64_t *partition)
{
	const struct kmeta_field *field = field_of_role(fields, KMETA_ROLE_PARTITION);

	if (field)
		*partition = field->value.integer;
	return field != NULL;
}

bool kmeta_fields_broker(const struct kmeta_fields *fields, int64_t *broker)
{
	const struct kmeta_field *field = field_of_role(fields, KMETA_ROLE_BROKER);
	struct kmeta_bytes name = { 0 };
	int64_t number = 0;

	/* A partition without a leader names none, and one whose leader stays does not say it. */
	if (field && field->value.integer >= 0) {
		*broker = field->value.integer;
		return true;
	}
	/* The resources of ACLs are of other types. */
	if (fields->schema && !strcmp(fields->schema->name, "CONFIG_RECORD"))
		name = resource_of(fields, RESOURCE_BROKER);
	if (!name.size || name.size > 10)
		return false;
	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] < '0' || name.data[i] > '9')
			return false;
		number = number * 10 + (name.data[i] - '0');
	}
	*broker = number;
	return true;
}

void kmeta_fields_json(struct kmeta_buffer *out, const struct kmeta_fields *fields, unsigned flags)
{
	json_fields(out, fields, flags);
}

const char *kmeta_field_word(const struct kmeta_schema *schema,
                             const struct kmeta_schema_field *field, int64_t value)
{
	return field->kind == KMETA_INT8 ? text_word(schema->name, field->name, value) : NULL;
}
