/* SPDX-License-Identifier: Apache-2.0 */
/* entity.c: names the entities of a state, for people as paths and for programs as JSON. */
#include "print/entity.h"

#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "print/json.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "print/text.h"
#include "record/kind.h"

const struct kmeta_field *entity_field(const struct kmeta_entity *entity, const char *name,
                                       size_t size)
{
	const struct kmeta_fields *fields = entity->fields;

	for (size_t i = 0; i < fields->count; i += fields->at[i].span)
		if (!strncmp(fields->at[i].schema->name, name, size) &&
		    !fields->at[i].schema->name[size])
			return &fields->at[i];
	return NULL;
}

bool kmeta_entity_is_key(const struct kmeta_entity *entity, const struct kmeta_field *field)
{
	for (size_t i = 0; i < KIND_KEYS && kinds[entity->kind].keys[i].name; i++)
		if (!strcmp(kinds[entity->kind].keys[i].field, field->schema->name))
			return true;
	/* "remove" belongs to the record, not to the quota. */
	return entity->kind == KMETA_QUOTA && !strcmp(field->schema->name, "remove");
}

/* ---- what is unknown ---- */

bool kmeta_entity_is_unknown(const struct kmeta_entity *entity, const char *name)
{
	return entity->unknown && entity->unknown & kind_field_bit(entity->kind, name);
}

/* Appends the names of unknown fields, each between quotes. */
static void put_unknown(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                        const char *quote, const char *separator)
{
	const struct kmeta_schema *schema = kind_newest_schema(entity->kind);
	uint64_t left = entity->unknown;

	for (size_t i = 0; left && i < schema->count; i += schema->fields[i].span) {
		if (!(left >> i & 1))
			continue;
		left &= ~(UINT64_C(1) << i);
		buffer_format(out, "%s%s%s%s", quote, schema->fields[i].name, quote,
		              left ? separator : "");
	}
}

void entity_unknown_json(struct kmeta_buffer *out, const struct kmeta_entity *entity)
{
	buffer_text(out, ",\"unknown\":[");
	put_unknown(out, entity, "\"", ",");
	buffer_char(out, ']');
}

/* ---- paths ---- */

#define DEFAULT_NAME "(default)"

static bool is_default_name(struct kmeta_bytes name)
{
	return name.size == sizeof(DEFAULT_NAME) - 1 && !memcmp(name.data, DEFAULT_NAME, name.size);
}

/*
 * Users type paths: print names as they are. Quote one that would break the line, that holds one of
 * the separators, or that looks like a quoted name or the default: two names never print alike.
 */
static void put_name(struct kmeta_buffer *out, struct kmeta_bytes name, const char *separators)
{
	bool quoted =
		!name.size || name.data[0] == '"' || !text_is_tame(name) || is_default_name(name);

	for (const char *c = separators; !quoted && *c; c++)
		quoted = memchr(name.data, *c, name.size);
	if (!text_is_tame(name))
		text_string(out, name);
	else if (quoted)
		scalar_string(out, name);
	else
		scalar_utf8(out, name);
}

static void put_quota_entity(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                             const struct kmeta_field *array)
{
	const size_t start = (size_t)(array - fields->at), end = start + array->span;

	for (size_t i = start + 1; i < end; i += fields->at[i].span) {
		if (i > start + 1)
			buffer_char(out, ',');
		put_name(out, fields->at[i + 1].value.bytes, ",:");
		buffer_char(out, ':');
		if (fields->at[i + 2].flags & KMETA_VALUE_NULL)
			buffer_text(out, DEFAULT_NAME);
		else
			put_name(out, fields->at[i + 2].value.bytes, ",");
	}
}

static void put_path_slot(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                          const struct kmeta_field *field, unsigned flags)
{
	if (field->schema->flags & KMETA_FIELD_ARRAY)
		put_quota_entity(out, entity->fields, field);
	else if (!(flags & KMETA_SHOW_SECRETS) && secret_is_hidden(field, false))
		buffer_text(out, SECRET_HIDDEN);
	/* Settings of all brokers have no resource. */
	else if (entity->kind == KMETA_CONFIG && !field->value.bytes.size &&
	         !strcmp(field->schema->name, "resourceName"))
		buffer_text(out, DEFAULT_NAME);
	else if (field->schema->kind == KMETA_STRING)
		put_name(out, field->value.bytes, "");
	else
		kmeta_field_text(out, entity->fields, field, flags);
}

void kmeta_entity_path(struct kmeta_buffer *out, const struct kmeta_entity *entity, unsigned flags)
{
	const char *at = kinds[entity->kind].path;

	while (*at) {
		const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
		const size_t size = open ? (size_t)(close - open - 1) : 0;
		const struct kmeta_field *field;

		buffer_add(out, at, open ? (size_t)(open - at) : strlen(at));
		if (!open)
			return;
		field = entity_field(entity, open + 1, size);
		if (field)
			put_path_slot(out, entity, field, flags);
		else if (!strncmp(open + 1, "topic", size))
			put_name(out, entity->topic_name, "");
		at = close + 1;
	}
}

/* ---- words ---- */

/* A partition is a number, or a glob of numbers. */
static bool may_be_partition(const char *text)
{
	return *text && !text[strspn(text, "0123456789*?[]!^-")];
}

/* "why" has no address of a file: it is about the command line. */
enum kmeta_status kmeta_entity_word(struct kmeta_buffer *out, const char *word,
                                    struct kmeta_finding *why)
{
	const char *slash = strchr(word, '/');
	const size_t size = slash ? (size_t)(slash - word) : strlen(word);
	const char *rest = slash ? slash : "";
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(word, size);

	if (!size)
		return finding_set(why, KMETA_BAD_ARGUMENT, "'%s' names no kind of entity", word);
	if (kind < KMETA_ENTITY_KINDS) {
		buffer_text(out, kinds[kind].group);
		buffer_text(out, kind == KMETA_PARTITION && size == strlen(word) ? "/*/*" : rest);
		return KMETA_OK;
	}
	if (slash && slash[1] && !may_be_partition(slash + 1))
		return finding_set(
			why, KMETA_BAD_ARGUMENT,
			"'%s' is no path: '%.*s' is no kind of entity, and '%s' no number "
			"of a partition",
			word, (int)size, word, slash + 1);
	buffer_text(out, "topics/");
	buffer_text(out, word);
	return KMETA_OK;
}

void kmeta_entity_text(struct kmeta_buffer *out, const struct kmeta_entity *entity, unsigned flags)
{
	const struct kmeta_fields *fields = entity->fields;
	const size_t start = out->size;
	const char *version;

	for (size_t i = 0; i < fields->count; i += fields->at[i].span) {
		const struct kmeta_field *field = &fields->at[i];
		const bool key = kmeta_entity_is_key(entity, field);

		/* A topic's id is a key, but not part of its path. */
		if ((key && !(entity->kind == KMETA_TOPIC && field->schema->kind == KMETA_UUID)) ||
		    !text_is_telling(field))
			continue;
		if (out->size > start)
			buffer_char(out, ' ');
		buffer_text(out, field->schema->name);
		buffer_char(out, '=');
		kmeta_field_text(out, fields, field, flags);
		version = !strcmp(field->schema->name, "featureLevel") &&
		                          fields->at[0].value.bytes.size == 16 &&
		                          !memcmp(fields->at[0].value.bytes.data,
		                                  "metadata.version", 16)
		                  ? kmeta_metadata_version_name(field->value.integer)
		                  : NULL;
		if (version)
			buffer_format(out, " (%s)", version);
	}
	if (!entity->unknown)
		return;
	buffer_text(out, out->size > start ? " unknown: " : "unknown: ");
	put_unknown(out, entity, "", ", ");
}

/* ---- JSON ---- */

void kmeta_entity_json(struct kmeta_buffer *out, const struct kmeta_entity *entity, unsigned flags)
{
	const struct kmeta_schema *schema = entity->fields->schema;

	buffer_text(out, "{\"type\":\"");
	buffer_text(out, schema->name);
	buffer_text(out, "\",\"version\":");
	buffer_integer(out, schema->version);
	buffer_text(out, ",\"data\":");
	json_fields(out, entity->fields, flags);
	if (entity->unknown)
		entity_unknown_json(out, entity);
	buffer_char(out, '}');
}

void entity_quota_json(struct kmeta_buffer *out, const struct kmeta_fields *fields)
{
	const struct kmeta_field *array = kmeta_fields_find(fields, "entity");
	const size_t start = (size_t)(array - fields->at), end = start + array->span;

	buffer_char(out, '{');
	for (size_t i = start + 1; i < end; i += fields->at[i].span) {
		if (i > start + 1)
			buffer_char(out, ',');
		scalar_string(out, fields->at[i + 1].value.bytes);
		buffer_char(out, ':');
		if (fields->at[i + 2].flags & KMETA_VALUE_NULL)
			buffer_text(out, "null");
		else
			scalar_string(out, fields->at[i + 2].value.bytes);
	}
	buffer_char(out, '}');
}

void entity_quota_name(struct kmeta_buffer *out, const struct kmeta_fields *fields)
{
	struct kmeta_buffer path = { 0 };

	put_quota_entity(&path, fields, kmeta_fields_find(fields, "entity"));
	scalar_string(out, kmeta_buffer_bytes(&path));
	out->failed |= path.failed;
	kmeta_buffer_release(&path);
}

/* A number that stands for a word is printed as the word. */
static void put_key_value(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                          const struct kmeta_field *field, unsigned flags)
{
	const char *word = field->schema->kind < KMETA_FLOAT64
	                           ? text_word(entity->fields->schema->name, field->schema->name,
	                                       field->value.integer)
	                           : NULL;

	if (field->schema->flags & KMETA_FIELD_ARRAY)
		entity_quota_json(out, entity->fields);
	else if (word)
		buffer_format(out, "\"%s\"", word);
	else
		kmeta_field_json(out, entity->fields, field, flags);
}

void kmeta_entity_key_json(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                           unsigned flags)
{
	buffer_char(out, '{');
	for (size_t i = 0; i < KIND_KEYS && kinds[entity->kind].keys[i].name; i++) {
		const char *name = kinds[entity->kind].keys[i].field;
		const struct kmeta_field *field = entity_field(entity, name, strlen(name));

		buffer_format(out, "%s\"%s\":", i ? "," : "", kinds[entity->kind].keys[i].name);
		if (field)
			put_key_value(out, entity, field, flags);
		else
			scalar_string(out, entity->topic_name);
	}
	buffer_char(out, '}');
}
