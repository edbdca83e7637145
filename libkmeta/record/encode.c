/* SPDX-License-Identifier: Apache-2.0 */
/* encode.c: turns fields back into the bytes of a record, by the schema alone. */
#include "record/encode.h"

#include "base/buffer.h"
#include "record/decode.h"
#include "record/schema.h"

struct encoder {
	struct kmeta_buffer *out;
	const struct kmeta_field *at;
	bool flexible;
	bool is_own; /* the fields are of the layout that is written */
};

/* ---- values ---- */

/* -1: null. */
static void put_length(struct encoder *e, const struct kmeta_schema_field *field, int64_t length,
                       bool element)
{
	const bool text =
		field->kind == KMETA_STRING && (element || !(field->flags & KMETA_FIELD_ARRAY));

	if (e->flexible)
		buffer_varint(e->out, (uint64_t)(length + 1));
	else
		buffer_big_endian(e->out, (uint64_t)length, text ? 2 : 4);
}

static void encode_struct(struct encoder *e, const struct kmeta_schema_field *field,
                          const struct kmeta_schema_field *end, size_t from, size_t to);

/* NULL: the field is absent and has its default. */
static const struct kmeta_field *encode_find(const struct encoder *e,
                                             const struct kmeta_schema_field *field, size_t from,
                                             size_t to)
{
	for (size_t i = from; i < to; i += e->at[i].span)
		if (e->is_own ? e->at[i].schema == field
		              : !strcmp(e->at[i].schema->name, field->name))
			return &e->at[i];
	return NULL;
}

static void put_default(struct encoder *e, const struct kmeta_schema_field *field)
{
	static const uint8_t zeros[16] = { 0 };
	const bool array = field->flags & KMETA_FIELD_ARRAY;

	if (array || field->kind == KMETA_STRING || field->kind == KMETA_BYTES)
		put_length(e, field, field->flags & KMETA_FIELD_NULLABLE ? -1 : 0, false);
	else if (field->kind == KMETA_STRUCT)
		encode_struct(e, field + 1, field + field->span, 0, 0);
	else
		buffer_add(e->out, zeros, schema_size(field->kind));
}

static void encode_scalar(struct encoder *e, const struct kmeta_schema_field *field,
                          const struct kmeta_field *value, bool element)
{
	uint64_t bits;

	switch ((enum kmeta_kind)field->kind) {
	case KMETA_STRING:
	case KMETA_BYTES:
		if (value->flags & KMETA_VALUE_NULL && field->flags & KMETA_FIELD_NULLABLE) {
			put_length(e, field, -1, element);
			break;
		}
		put_length(e, field, (int64_t)value->value.bytes.size, element);
		buffer_add(e->out, value->value.bytes.data, value->value.bytes.size);
		break;
	case KMETA_UUID:
		buffer_add(e->out, value->value.bytes.data, 16);
		break;
	case KMETA_FLOAT64:
		memcpy(&bits, &value->value.real, sizeof(bits));
		buffer_big_endian(e->out, bits, sizeof(bits));
		break;
	case KMETA_STRUCT:
		break;
	default:
		buffer_big_endian(e->out, (uint64_t)value->value.integer, schema_size(field->kind));
	}
}

static void encode_array(struct encoder *e, const struct kmeta_schema_field *field,
                         const struct kmeta_field *value)
{
	const size_t start = (size_t)(value - e->at), size = schema_size(field->kind);

	if (value->flags & KMETA_VALUE_NULL) {
		put_length(e, field, field->flags & KMETA_FIELD_NULLABLE ? -1 : 0, false);
		return;
	}
	if (size) {
		put_length(e, field, (int64_t)(value->value.bytes.size / size), false);
		buffer_add(e->out, value->value.bytes.data, value->value.bytes.size);
		return;
	}
	put_length(e, field, value->value.integer, false);
	for (size_t i = start + 1; i < start + value->span; i += e->at[i].span) {
		if (field->kind == KMETA_STRUCT)
			encode_struct(e, field + 1, field + field->span, i + 1, i + e->at[i].span);
		else
			encode_scalar(e, field, &e->at[i], true);
	}
}

static void encode_value(struct encoder *e, const struct kmeta_schema_field *field,
                         const struct kmeta_field *value)
{
	const size_t i = (size_t)(value - e->at);

	if (field->flags & KMETA_FIELD_ARRAY)
		encode_array(e, field, value);
	else if (field->kind == KMETA_STRUCT)
		encode_struct(e, field + 1, field + field->span, i + 1, i + value->span);
	else
		encode_scalar(e, field, value, false);
}

/* ---- structs ---- */

/* A field of the same name but another type is another field. */
static bool same_shape(const struct kmeta_schema_field *field, const struct kmeta_field *value)
{
	return value && field->kind == value->schema->kind &&
	       !((field->flags ^ value->schema->flags) & KMETA_FIELD_ARRAY);
}

/* Tags are written in rising order, each followed by the size of its value. */
static void put_tag(struct encoder *e, const struct kmeta_schema_field *field,
                    const struct kmeta_field *value)
{
	struct kmeta_buffer content = { 0 };
	struct encoder inner = *e;

	inner.out = &content;

	encode_value(&inner, field, value);
	buffer_varint(e->out, field->tag);
	buffer_varint(e->out, (uint32_t)content.size);
	buffer_add(e->out, content.at, content.size);
	e->out->failed |= content.failed;
	kmeta_buffer_release(&content);
}

static const struct kmeta_field *tagged_value(const struct encoder *e,
                                              const struct kmeta_schema_field *field, size_t from,
                                              size_t to)
{
	const struct kmeta_field *value;

	if (!(field->flags & KMETA_FIELD_TAGGED))
		return NULL;
	value = encode_find(e, field, from, to);
	return same_shape(field, value) && !decode_holds_default(field, value) ? value : NULL;
}

static void put_tags(struct encoder *e, const struct kmeta_schema_field *field,
                     const struct kmeta_schema_field *end, size_t from, size_t to)
{
	const struct kmeta_schema_field *f;
	uint32_t count = 0;
	int last = -1;

	for (f = field; f < end; f += f->span)
		count += tagged_value(e, f, from, to) != NULL;
	buffer_varint(e->out, count);
	while (count--) {
		const struct kmeta_schema_field *next = NULL;

		for (f = field; f < end; f += f->span)
			if (f->tag > last && (!next || f->tag < next->tag) &&
			    tagged_value(e, f, from, to))
				next = f;
		if (!next)
			return;
		put_tag(e, next, tagged_value(e, next, from, to));
		last = next->tag;
	}
}

static void encode_struct(struct encoder *e, const struct kmeta_schema_field *field,
                          const struct kmeta_schema_field *end, size_t from, size_t to)
{
	/* Fields of the layout that is written stand in its order. */
	size_t next = from;

	for (const struct kmeta_schema_field *f = field; f < end; f += f->span) {
		const bool is_next = e->is_own && next < to && e->at[next].schema == f;
		const struct kmeta_field *value = is_next ? &e->at[next] : NULL;

		if (is_next)
			next += value->span;
		if (f->flags & KMETA_FIELD_TAGGED)
			continue;
		if (!value)
			value = encode_find(e, f, from, to);
		if (same_shape(f, value))
			encode_value(e, f, value);
		else
			put_default(e, f);
	}
	if (e->flexible)
		put_tags(e, field, end, from, to);
}

void encode_fields(struct kmeta_buffer *out, const struct kmeta_schema *schema,
                   const struct kmeta_fields *fields)
{
	buffer_varint(out, 1);
	buffer_varint(out, (uint64_t)schema->type);
	buffer_varint(out, (uint64_t)schema->version);
	encode_body(out, schema, fields);
}

void encode_body(struct kmeta_buffer *out, const struct kmeta_schema *schema,
                 const struct kmeta_fields *fields)
{
	struct encoder e = { .out = out,
		             .at = fields->at,
		             .flexible = schema->flexible,
		             .is_own = fields->count && fields->at->schema == schema->fields };

	encode_struct(&e, schema->fields, schema->fields ? schema->fields + schema->count : NULL, 0,
	              fields->count);
}

enum kmeta_status encode_reread(const struct kmeta_schema *schema, struct kmeta_bytes value,
                                struct kmeta_fields *fields, struct kmeta_finding *why)
{
	/* Types and versions stay below 128: three bytes of framing. */
	const struct kmeta_record record = {
		.offset = -1, .value = value, .body = 3, .value_position = -1
	};

	return decode_as(schema, &record, fields, why);
}
