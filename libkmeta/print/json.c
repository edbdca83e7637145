/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c: prints records as JSON Lines, with their fields byte for byte as Kafka's own converters
 * print them.
 */
#include "print/json.h"

#include "base/wire.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "record/batch.h"
#include "record/schema.h"

/* Any number, uuid or boolean with a comma fits in. */
enum { SCALAR_ROOM = 32, ELEMENTS_AT_ONCE = 512 };

/*
 * Arrays up to this size are printed without another check of the room: an int32 takes 12
 * characters at most.
 */
enum { SIMPLE_ARRAY = 128, SIMPLE_ROOM = SIMPLE_ARRAY / 4 * 12 + SCALAR_ROOM };

struct printer {
	struct kmeta_buffer *out;
	const struct kmeta_field *at;
	bool hide;   /* hide secrets */
	bool config; /* a config whose value is a secret */
};

/* ---- values ---- */

static char *print_uuid(char *at, const uint8_t *from)
{
	*at = '"';
	at = uuid_print(at + 1, from);
	*at = '"';
	return at + 1;
}

/* Prints a number, boolean or uuid from its wire form. "at" has SCALAR_ROOM bytes. */
static char *print_element(char *at, enum kmeta_kind kind, const uint8_t *from)
{
	switch (kind) {
	case KMETA_BOOL:
		return *from ? PUT(at, "true") : PUT(at, "false");
	case KMETA_INT8:
		return digits_small(at, (int8_t)*from);
	case KMETA_INT16:
		return digits_small(at, (int16_t)wire_get16(from));
	case KMETA_UINT16:
		return digits_small(at, wire_get16(from));
	case KMETA_INT32:
		return digits_small(at, (int32_t)wire_get32(from));
	case KMETA_UINT32:
		return digits_small(at, wire_get32(from));
	case KMETA_INT64:
		return digits_small(at, (int64_t)wire_get64(from));
	case KMETA_UUID:
		return print_uuid(at, from);
	case KMETA_FLOAT64:
	case KMETA_STRING:
	case KMETA_BYTES:
	case KMETA_STRUCT:
		break;
	}
	return at;
}

/* Make room for some elements at a time, so that a huge array does not need many times its size. */
static void put_plain_array(struct printer *p, const struct kmeta_field *field)
{
	const enum kmeta_kind kind = (enum kmeta_kind)field->schema->kind;
	const size_t size = schema_size(kind);
	size_t left = field->value.bytes.size / size;
	const uint8_t *from = field->value.bytes.data;

	buffer_char(p->out, '[');
	while (left) {
		const size_t count = left < ELEMENTS_AT_ONCE ? left : ELEMENTS_AT_ONCE;
		char *at = buffer_room(p->out, count * SCALAR_ROOM);

		if (!at)
			return;
		for (size_t i = 0; i < count; i++, from += size) {
			at = print_element(at, kind, from);
			*at++ = ',';
		}
		buffer_wrote(p->out, at);
		left -= count;
	}
	/* The closing bracket replaces the last comma. */
	if (field->value.bytes.size)
		p->out->size--;
	buffer_char(p->out, ']');
}

static void put_double(struct printer *p, double value)
{
	const bool number = value - value == 0;

	if (!number)
		buffer_char(p->out, '"');
	scalar_double(p->out, value);
	if (!number)
		buffer_char(p->out, '"');
}

static void put_bytes(struct printer *p, struct kmeta_bytes bytes)
{
	buffer_char(p->out, '"');
	kmeta_base64(p->out, bytes);
	buffer_char(p->out, '"');
}

static void json_scalar(struct printer *p, const struct kmeta_field *field)
{
	char *at;

	switch ((enum kmeta_kind)field->schema->kind) {
	case KMETA_STRING:
		scalar_string(p->out, field->value.bytes);
		return;
	case KMETA_BYTES:
		put_bytes(p, field->value.bytes);
		return;
	case KMETA_FLOAT64:
		put_double(p, field->value.real);
		return;
	case KMETA_BOOL:
		buffer_text(p->out, field->value.integer ? "true" : "false");
		return;
	case KMETA_UUID:
		at = buffer_room(p->out, SCALAR_ROOM);
		if (at)
			buffer_wrote(p->out, print_uuid(at, field->value.bytes.data));
		return;
	default:
		buffer_integer(p->out, field->value.integer);
	}
}

static void json_struct(struct printer *p, size_t from, size_t end);

static bool has_elements(const struct kmeta_field *field)
{
	return field->schema->flags & KMETA_FIELD_ARRAY && !(field->flags & KMETA_VALUE_ELEMENT);
}

static void json_value(struct printer *p, size_t i)
{
	const struct kmeta_field *field = &p->at[i];
	const size_t end = i + field->span;

	if (field->flags & KMETA_VALUE_NULL) {
		buffer_add(p->out, "null", 4);
	} else if (p->hide && secret_is_hidden(field, p->config)) {
		buffer_text(p->out, "\"" SECRET_HIDDEN "\"");
	} else if (!has_elements(field)) {
		if (field->schema->kind == KMETA_STRUCT)
			json_struct(p, i + 1, end);
		else
			json_scalar(p, field);
	} else if (schema_size(field->schema->kind)) {
		put_plain_array(p, field);
	} else {
		buffer_char(p->out, '[');
		for (size_t e = i + 1; e < end; e += p->at[e].span) {
			if (e > i + 1)
				buffer_char(p->out, ',');
			json_value(p, e);
		}
		buffer_char(p->out, ']');
	}
}

/*
 * Prints the common kinds of fields at once, into room that is there. NULL: the field is of another
 * kind.
 */
static char *print_simple(char *at, const struct printer *p, const struct kmeta_field *field)
{
	const struct kmeta_schema_field *schema = field->schema;
	const uint8_t *from = field->value.bytes.data, *end;

	if (field->flags || (p->hide && schema->role == KMETA_ROLE_SECRET))
		return NULL;
	if (!(schema->flags & KMETA_FIELD_ARRAY)) {
		if (schema->kind >= KMETA_INT8 && schema->kind <= KMETA_INT64)
			return digits_small(at, field->value.integer);
		return schema->kind == KMETA_UUID ? print_uuid(at, from) : NULL;
	}
	if (schema->kind != KMETA_INT32 && schema->kind != KMETA_UUID)
		return NULL;
	if (field->value.bytes.size > SIMPLE_ARRAY)
		return NULL;
	*at++ = '[';
	for (end = from + field->value.bytes.size; from < end; *at++ = ',') {
		if (schema->kind == KMETA_INT32) {
			at = digits_small(at, (int32_t)wire_get32(from));
			from += 4;
		} else {
			at = print_uuid(at, from);
			from += 16;
		}
	}
	at -= field->value.bytes.size != 0;
	*at = ']';
	return at + 1;
}

/* Copy the key with its padding: a constant size compiles to a few moves. */
static void json_struct(struct printer *p, size_t from, size_t end)
{
	size_t comma = 0;

	buffer_char(p->out, '{');
	for (size_t i = from; i < end; i += p->at[i].span) {
		const struct kmeta_field *field = &p->at[i];
		const struct schema_key *key = schema_key(field->schema);
		char *at, *simple;

		if (field->flags & KMETA_VALUE_DEFAULT)
			continue;
		at = buffer_room(p->out, sizeof(key->key) + SIMPLE_ROOM);
		if (!at)
			return;
		memcpy(at, key->key + 1 - comma, sizeof(key->key) - 1);
		at += key->size - 1 + comma;
		comma = 1;
		simple = print_simple(at, p, field);
		buffer_wrote(p->out, simple ? simple : at);
		if (!simple)
			json_value(p, i);
	}
	buffer_char(p->out, '}');
}

void json_fields(struct kmeta_buffer *out, const struct kmeta_fields *fields, unsigned flags)
{
	struct printer p = { .out = out, .at = fields->at, .hide = !(flags & KMETA_SHOW_SECRETS) };

	p.config = p.hide && secret_is_config(fields);
	json_struct(&p, 0, fields->count);
}

void kmeta_field_json(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                      const struct kmeta_field *field, unsigned flags)
{
	struct printer p = { .out = out, .at = fields->at, .hide = !(flags & KMETA_SHOW_SECRETS) };

	p.config = p.hide && secret_is_config(fields);
	json_value(&p, (size_t)(field - fields->at));
}

/* ---- lines ---- */

static void key_text(struct kmeta_buffer *out, const char *key, const char *value)
{
	buffer_text(out, key);
	scalar_string(out, (struct kmeta_bytes){ (const uint8_t *)value, strlen(value) });
}

void kmeta_string_json(struct kmeta_buffer *out, const char *text)
{
	key_text(out, "", text);
}

static void key_number(struct kmeta_buffer *out, const char *key, int64_t value)
{
	buffer_text(out, key);
	buffer_integer(out, value);
}

static void key_bool(struct kmeta_buffer *out, const char *key, bool value)
{
	buffer_text(out, key);
	buffer_text(out, value ? "true" : "false");
}

static void key_bytes(struct kmeta_buffer *out, const char *key, struct kmeta_bytes value)
{
	buffer_text(out, key);
	if (!value.data) {
		buffer_text(out, "null");
		return;
	}
	buffer_char(out, '"');
	kmeta_base64(out, value);
	buffer_char(out, '"');
}

static void json_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch)
{
	const unsigned codec = batch->attributes & KMETA_BATCH_CODEC;
	const char *name = kmeta_codec_name(codec);

	key_text(out, ",\"batch\":{\"file\":", batch->file);
	key_number(out, ",\"position\":", batch->position);
	key_number(out, ",\"size\":", batch->size);
	key_number(out, ",\"baseOffset\":", batch->base_offset);
	key_number(out, ",\"lastOffset\":", batch->last_offset);
	key_number(out, ",\"count\":", batch->count);
	key_text(out, ",\"codec\":", name ? name : "unknown");
	key_number(out, ",\"crc\":", batch->crc);
	key_bool(out, ",\"valid\":", batch->valid);
	key_number(out, ",\"magic\":", batch->magic);
	key_number(out, ",\"partitionLeaderEpoch\":", batch->epoch);
	key_number(out, ",\"maxTimestamp\":", batch->max_timestamp);
	key_bool(out, ",\"isControl\":", batch->attributes & KMETA_BATCH_CONTROL);
	key_bool(out, ",\"isTransactional\":", batch->attributes & KMETA_BATCH_TRANSACTIONAL);
	key_number(out, ",\"producerId\":", batch->producer_id);
	key_number(out, ",\"producerEpoch\":", batch->producer_epoch);
	key_number(out, ",\"baseSequence\":", batch->base_sequence);
	key_number(out, ",\"lastSequence\":",
	           batch->base_sequence == -1 ? -1
	                                      : batch_sequence(batch, batch->last_offset_delta));
	buffer_char(out, '}');
}

static void put_headers(struct kmeta_buffer *out, const struct kmeta_record *record)
{
	struct kmeta_bytes left = record->headers, key, value;
	const char *before = ",\"headers\":[{\"key\":";

	while (kmeta_header_next(&left, &key, &value)) {
		buffer_text(out, before);
		scalar_string(out, key);
		key_bytes(out, ",\"value\":", value);
		buffer_char(out, '}');
		before = ",{\"key\":";
	}
	buffer_char(out, ']');
}

static void put_unknown_tags(struct kmeta_buffer *out, const struct kmeta_fields *fields)
{
	const char *before = ",\"unknownTags\":[{\"tag\":";

	for (size_t i = 0; i < fields->unknown_count; i++) {
		key_number(out, before, fields->unknown[i].tag);
		key_bytes(out, ",\"value\":", fields->unknown[i].value);
		buffer_char(out, '}');
		before = ",{\"tag\":";
	}
	buffer_char(out, ']');
}

void json_record_type(struct kmeta_buffer *out, const struct kmeta_schema *schema, int32_t version)
{
	buffer_text(out, ",\"type\":\"");
	buffer_text(out, schema->name);
	key_number(out, "\",\"version\":", version);
}

/* The same of a record without a layout. */
static void json_unknown_type(struct kmeta_buffer *out, const struct kmeta_record *record)
{
	const char *name = kmeta_type_name(record->control, record->type);

	buffer_text(out, ",\"type\":");
	if (name) {
		buffer_char(out, '"');
		buffer_text(out, name);
		buffer_char(out, '"');
	} else if (record->type < 0 && !record->control)
		buffer_text(out, "null");
	else
		buffer_format(out, "\"UNKNOWN(%d)\"", record->type);
	if (record->version < 0 && !record->control)
		buffer_text(out, ",\"version\":null");
	else
		key_number(out, ",\"version\":", record->version);
}

static void put_raw(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags)
{
	if (flags & KMETA_SHOW_SECRETS || !secret_is_raw(line->batch, line->record))
		key_bytes(out, ",\"value\":", line->record->value);
	else
		buffer_text(out, ",\"value\":\"" SECRET_HIDDEN "\"");
}

void json_offset(struct kmeta_buffer *out, int64_t offset)
{
	key_number(out, "{\"offset\":", offset);
}

void json_timestamp(struct kmeta_buffer *out, int64_t timestamp)
{
	key_number(out, ",\"timestamp\":", timestamp);
}

void json_epoch(struct kmeta_buffer *out, int32_t epoch)
{
	key_number(out, ",\"epoch\":", epoch);
}

void kmeta_json(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags)
{
	const struct kmeta_record *record = line->record;

	json_offset(out, record->offset);
	json_timestamp(out, record->timestamp);
	json_epoch(out, line->batch->epoch);
	if (line->fields && line->fields->schema)
		json_record_type(out, line->fields->schema, record->version);
	else
		json_unknown_type(out, record);
	if (flags & KMETA_SHOW_BATCH) {
		json_batch(out, line->batch);
		if (record->key.data && !record->control)
			key_bytes(out, ",\"key\":", record->key);
		if (record->header_count)
			put_headers(out, record);
	}
	if (line->error) {
		key_text(out, ",\"error\":", line->error->message);
		key_text(out, ",\"code\":", kmeta_code_name(line->error->code));
	}
	if (line->fields) {
		buffer_text(out, JSON_DATA);
		json_fields(out, line->fields, flags);
		if (line->fields->unknown_count)
			put_unknown_tags(out, line->fields);
	} else {
		put_raw(out, line, flags);
	}
	buffer_add(out, "}\n", 2);
}

void kmeta_json_finding(struct kmeta_buffer *out, const struct kmeta_finding *finding)
{
	key_text(out, "{\"severity\":", kmeta_severity_name(kmeta_code_severity(finding->code)));
	key_text(out, ",\"code\":", kmeta_code_name(finding->code));
	if (finding->file)
		key_text(out, ",\"file\":", finding->file);
	if (finding->position >= 0)
		key_number(out, ",\"position\":", finding->position);
	if (finding->offset >= 0)
		key_number(out, ",\"offset\":", finding->offset);
	key_text(out, ",\"message\":", finding->message);
	buffer_add(out, "}\n", 2);
}
