/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: helpers of all rules of replay, and the rules that put or drop a whole entity. */
#include "state/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/javamap.h"
#include "state/partial.h"

/* ---- helpers ---- */

enum kmeta_status rule_object(struct replay *r, enum kmeta_code code, const char *format, ...)
{
	char message[sizeof(r->why->message)];
	va_list arguments;

	if (partial_excuses(r->image, code))
		return KMETA_OK;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	finding_set(r->why, code, "%s: %s", r->fields->schema->name, message);
	r->why->file = r->batch ? r->batch->file : NULL;
	r->why->position = r->record->position;
	r->why->offset = r->record->offset;
	return !r->report || r->report(r->context, r->why) ? KMETA_OK : KMETA_FAILED;
}

const struct kmeta_field *rule_field(const struct replay *r, const char *name)
{
	return kmeta_fields_find(r->fields, name);
}

int64_t rule_integer(const struct replay *r, const char *name, int64_t absent)
{
	const struct kmeta_field *field = rule_field(r, name);

	return field ? field->value.integer : absent;
}

struct kmeta_bytes rule_bytes(const struct replay *r, const char *name)
{
	const struct kmeta_field *field = rule_field(r, name);

	return field ? field->value.bytes : (struct kmeta_bytes){ 0 };
}

bool rule_copy_fields(struct replay *r)
{
	struct kmeta_fields *own = &r->image->fields;

	own->count = own->unknown_count = 0;
	for (size_t i = 0; i < r->fields->count; i++) {
		struct kmeta_field *copy = decode_append(own, r->fields->at[i].schema);

		if (!copy)
			return false;
		*copy = r->fields->at[i];
	}
	own->schema = r->fields->schema;
	return true;
}

/* ---- entities that are put and dropped whole ---- */

static bool rule_key(struct replay *r, enum kmeta_entity_kind kind)
{
	r->image->scratch.size = 0;
	return image_key(&r->image->scratch, kind, r->fields);
}

enum kmeta_status rule_put_fields(struct replay *r, enum kmeta_entity_kind kind,
                                  const struct kmeta_fields *fields)
{
	struct kmeta_buffer *scratch = &r->image->scratch;
	struct kmeta_bytes key, value;
	size_t key_size;

	scratch->size = 0;
	if (!image_key(scratch, kind, fields))
		return rule_object(r, KMETA_BAD_VALUE, "it names nothing that Kafka could keep");
	key_size = scratch->size;
	encode_fields(scratch, kind_newest_schema(kind), fields);
	if (scratch->failed)
		return finding_memory(r->why);
	key = (struct kmeta_bytes){ (uint8_t *)scratch->at, key_size };
	value = (struct kmeta_bytes){ (uint8_t *)scratch->at + key_size, scratch->size - key_size };
	return image_put_item(r->image, kind, key, value) ? KMETA_OK : finding_memory(r->why);
}

enum kmeta_status rule_put(struct replay *r)
{
	return rule_put_fields(r, r->kind, r->fields);
}

struct item *rule_named_item(struct replay *r, enum kmeta_entity_kind kind)
{
	return rule_key(r, kind)
	               ? image_item(r->image, kind, kmeta_buffer_bytes(&r->image->scratch))
	               : NULL;
}

enum kmeta_status rule_drop(struct replay *r)
{
	struct item *item = rule_named_item(r, r->kind);

	if (item)
		image_drop_item(r->image, item);
	else if (r->rule->missing != KMETA_SOUND)
		return rule_object(r, r->rule->missing, "there is no such %s",
		                   kmeta_entity_kind_name(r->kind));
	return KMETA_OK;
}

/* Bytes that no enumeration of Kafka knows become 0, UNKNOWN, when it replays them. */
enum kmeta_status rule_put_enumerated(struct replay *r)
{
	struct kmeta_fields *own = &r->image->fields;

	if (!rule_copy_fields(r))
		return finding_memory(r->why);
	for (size_t i = 0; i < own->count; i += own->at[i].span)
		if (own->at[i].schema->kind == KMETA_INT8)
			own->at[i].value.integer = kind_known_value(
				r->kind, own->at[i].schema->name, own->at[i].value.integer);
	return rule_put_fields(r, r->kind, own);
}

/* ---- configs, quotas, features ---- */

/* A null value removes a config. */
enum kmeta_status rule_put_config(struct replay *r)
{
	const struct kmeta_field *value = rule_field(r, "value");

	return !value || value->flags & KMETA_VALUE_NULL ? rule_drop(r) : rule_put_enumerated(r);
}

/* The entity is a map: its parts have one order, whatever that of the record. */
enum kmeta_status rule_put_quota(struct replay *r)
{
	if (rule_integer(r, "remove", 0))
		return rule_drop(r);
	if (!rule_copy_fields(r) || !javamap_order(&r->image->fields, "entity", JAVAMAP_GROWN))
		return finding_memory(r->why);
	return rule_put_fields(r, r->kind, &r->image->fields);
}

static bool is_named(const struct replay *r, const char *name)
{
	const struct kmeta_bytes bytes = rule_bytes(r, "name");

	return bytes.size == strlen(name) && !memcmp(bytes.data, name, bytes.size);
}

enum kmeta_status rule_put_feature(struct replay *r)
{
	const int64_t level =
		rule_integer(r, "featureLevel", rule_integer(r, "maxFeatureLevel", 0));

	if (is_named(r, "metadata.version")) {
		r->image->moment.level = level;
		/* Only release 4.0 and later have such a level. */
		r->image->past_zookeeper |= level > LAST_ZOOKEEPER;
	} else if (!level) {
		return rule_drop(r);
	}
	return rule_put(r);
}

enum kmeta_status rule_put_migration(struct replay *r)
{
	const int64_t state = rule_integer(r, "zkMigrationState", 0);

	if (state < 0 || state > 4)
		return rule_object(r, KMETA_BAD_VALUE, "zkMigrationState %lld", (long long)state);
	return rule_put(r);
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
	return rule_put_fields(r, KMETA_PRODUCER_IDS, kept);
}

/* Kafka does not keep which broker took the block, and in which epoch. */
enum kmeta_status rule_put_producer_ids(struct replay *r)
{
	struct kmeta_fields *kept = &r->image->fields;
	const struct kmeta_schema *schema = kind_newest_schema(r->kind);
	struct item *before = rule_named_item(r, r->kind);
	int64_t next = rule_integer(r, "nextProducerId", rule_integer(r, "producerIdsEnd", 0));
	enum kmeta_status status = KMETA_OK;

	if (before) {
		status = encode_reread(schema,
		                       (struct kmeta_bytes){ before->value, before->value_size },
		                       kept, r->why);
		if (status == KMETA_OK &&
		    fields_must_have(kept, "nextProducerId")->value.integer > next)
			status = rule_object(
				r, KMETA_PRODUCER_IDS_BACK, "next producer id %lld is below %lld",
				(long long)next,
				(long long)fields_must_have(kept, "nextProducerId")->value.integer);
		if (status != KMETA_OK)
			return status;
	}
	/* Kafka's image has a negative id for none. */
	if (next < 0) {
		if (before)
			image_drop_item(r->image, before);
		return KMETA_OK;
	}
	/* Keep the record as if no broker had taken the block. */
	return put_taken_by_nobody(r, schema, next);
}

enum kmeta_status rule_unsupported(struct replay *r)
{
	return rule_object(r, KMETA_UNSUPPORTED, "no release replays this record");
}

enum kmeta_status rule_nothing(struct replay *r)
{
	(void)r;
	return KMETA_OK;
}
