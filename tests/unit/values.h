/* SPDX-License-Identifier: Apache-2.0 */
/* values.h: random values of any record that the tables know, their bytes, and what decoding them
 * has to give. */
#ifndef KMETA_TEST_VALUES_H
#define KMETA_TEST_VALUES_H

#include <kmeta.h>

#include "make.h"
#include "record/schema.h"

enum { VALUE_FIELDS = 4096, VALUE_UNKNOWN = 64, NOISE = 1024 };

enum style { STYLE_EMPTY, STYLE_LOWEST, STYLE_HIGHEST, STYLE_RANDOM };

/*
 * A value: what it is made of, in the order and form that kmeta_decode() promises. "at" and "size"
 * of a field are filled in as its bytes are written.
 */
struct value {
	const struct kmeta_schema *schema;
	enum style style;
	bool unsorted; /* tags are written in falling order */
	bool unknown;  /* with tags that no release knows */
	uint32_t state;
	struct kmeta_field at[VALUE_FIELDS];
	size_t count;
	uint32_t unknown_tags[VALUE_UNKNOWN];
	size_t unknown_count;
	uint8_t noise[NOISE];
};

static const uint8_t value_sizes[] = {
	[KMETA_BOOL] = 1,  [KMETA_INT8] = 1,   [KMETA_INT16] = 2, [KMETA_UINT16] = 2,
	[KMETA_INT32] = 4, [KMETA_UINT32] = 4, [KMETA_INT64] = 8, [KMETA_FLOAT64] = 8,
	[KMETA_UUID] = 16, [KMETA_STRING] = 0, [KMETA_BYTES] = 0, [KMETA_STRUCT] = 0,
};

static inline bool is_array(const struct kmeta_schema_field *f)
{
	return f->flags & KMETA_FIELD_ARRAY;
}

static inline uint32_t value_random(struct value *v, uint32_t below)
{
	v->state = v->state * 1664525 + 1013904223;
	return (v->state >> 8) % below;
}

/* ---- choosing ---- */

static inline int64_t value_integer(struct value *v, enum kmeta_kind kind)
{
	const unsigned bits = value_sizes[kind] * 8u;
	const bool is_unsigned = kind == KMETA_UINT16 || kind == KMETA_UINT32;
	const int64_t highest = bits == 64    ? INT64_MAX
	                        : is_unsigned ? (INT64_C(1) << bits) - 1
	                                      : (INT64_C(1) << (bits - 1)) - 1;
	const int64_t lowest = is_unsigned ? 0 : -highest - 1;

	if (kind == KMETA_BOOL)
		return v->style == STYLE_RANDOM ? value_random(v, 2) : v->style == STYLE_HIGHEST;
	if (v->style == STYLE_EMPTY)
		return 0;
	if (v->style == STYLE_LOWEST)
		return lowest;
	if (v->style == STYLE_HIGHEST)
		return highest;
	return lowest + (int64_t)(value_random(v, 1u << 24) %
	                          (uint64_t)(bits < 24 ? highest - lowest : 1 << 24));
}

static inline double value_real(struct value *v)
{
	static const double reals[] = { 0, -1.5, 1e300, 0 };

	return v->style == STYLE_RANDOM ? value_random(v, 1000000) / 1000.0 : reals[v->style];
}

static inline struct kmeta_bytes value_bytes(struct value *v, size_t size)
{
	return (struct kmeta_bytes){ v->noise + value_random(v, (uint32_t)(NOISE - size)), size };
}

static inline size_t value_count(struct value *v, uint32_t most)
{
	return v->style == STYLE_RANDOM    ? value_random(v, most + 1)
	       : v->style == STYLE_HIGHEST ? most
	                                   : 0;
}

static inline bool value_null(struct value *v, const struct kmeta_schema_field *f)
{
	if (!(f->flags & KMETA_FIELD_NULLABLE))
		return false;
	return v->style == STYLE_RANDOM ? value_random(v, 3) == 0 : v->style == STYLE_LOWEST;
}

static inline struct kmeta_field *value_push(struct value *v, const struct kmeta_schema_field *f,
                                             uint32_t flags)
{
	struct kmeta_field *entry = &v->at[v->count++];

	if (v->count == VALUE_FIELDS)
		abort();
	*entry = (struct kmeta_field){ .schema = f, .span = 1, .flags = flags };
	return entry;
}

static inline void value_scalar(struct value *v, struct kmeta_field *entry)
{
	const enum kmeta_kind kind = (enum kmeta_kind)entry->schema->kind;

	if (kind == KMETA_STRING || kind == KMETA_BYTES)
		entry->value.bytes =
			value_bytes(v, value_count(v, kind == KMETA_STRING ? 40 : 300));
	else if (kind == KMETA_UUID)
		entry->value.bytes = value_bytes(v, 16);
	else if (kind == KMETA_FLOAT64)
		entry->value.real = value_real(v);
	else
		entry->value.integer = value_integer(v, kind);
}

/* What Kafka leaves out when it writes, and a reader has to mark. */
static inline bool value_is_default(const struct kmeta_field *entry)
{
	const struct kmeta_schema_field *f = entry->schema;

	if (!(f->flags & KMETA_FIELD_TAGGED) || entry->flags & KMETA_VALUE_ELEMENT)
		return false;
	if (f->flags & KMETA_FIELD_DEFAULT_NULL || entry->flags & KMETA_VALUE_NULL)
		return f->flags & KMETA_FIELD_DEFAULT_NULL && entry->flags & KMETA_VALUE_NULL;
	if (is_array(f) && value_sizes[f->kind] == 0)
		return entry->value.integer == 0;
	if (is_array(f) || f->kind == KMETA_STRING || f->kind == KMETA_BYTES)
		return entry->value.bytes.size == 0;
	return f->kind <= KMETA_INT64 && entry->value.integer == f->default_value;
}

static inline void value_struct(struct value *v, const struct kmeta_schema_field *from,
                                const struct kmeta_schema_field *end);

static inline void value_elements(struct value *v, const struct kmeta_schema_field *f, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct kmeta_field *entry = value_push(v, f, KMETA_VALUE_ELEMENT);
		const size_t index = v->count - 1;

		if (f->kind == KMETA_STRUCT)
			value_struct(v, f + 1, f + f->span);
		else
			value_scalar(v, entry);
		v->at[index].span = (uint32_t)(v->count - index);
	}
}

static inline void value_field(struct value *v, const struct kmeta_schema_field *f)
{
	struct kmeta_field *entry = value_push(v, f, 0);
	const size_t index = v->count - 1;

	if (value_null(v, f)) {
		entry->flags = KMETA_VALUE_NULL;
	} else if (is_array(f) && value_sizes[f->kind]) {
		entry->value.bytes = value_bytes(v, value_count(v, 5) * value_sizes[f->kind]);
	} else if (is_array(f)) {
		entry->value.integer = (int64_t)value_count(v, 3);
		value_elements(v, f, (size_t)entry->value.integer);
	} else if (f->kind == KMETA_STRUCT) {
		value_struct(v, f + 1, f + f->span);
	} else {
		value_scalar(v, entry);
	}
	v->at[index].span = (uint32_t)(v->count - index);
	if (value_is_default(&v->at[index]))
		v->at[index].flags |= KMETA_VALUE_DEFAULT;
}

static inline void value_struct(struct value *v, const struct kmeta_schema_field *from,
                                const struct kmeta_schema_field *end)
{
	for (const struct kmeta_schema_field *f = from; f < end; f += f->span)
		if (!(f->flags & KMETA_FIELD_TAGGED) || v->style == STYLE_HIGHEST ||
		    (v->style != STYLE_EMPTY && value_random(v, 2)))
			value_field(v, f);
}

/* The first bytes of a control record's value are its version: a field of it, but for markers. */
static inline void value_settle_version(struct value *v)
{
	if (!v->schema->control)
		return;
	if (!strcmp(v->schema->fields->name, "version"))
		v->at[0].value.integer = v->schema->version;
	else if (v->schema->type > 1)
		v->at[0].value.integer &= 0x7fff;
}

/* Chooses a value for every field. Free it with free(). */
static inline struct value *value_new(const struct kmeta_schema *schema, enum style style,
                                      uint32_t seed)
{
	struct value *v = calloc(1, sizeof(*v));

	if (!v)
		abort();
	v->schema = schema;
	v->style = style;
	v->state = seed * 2654435761u + 12345;
	for (size_t i = 0; i < NOISE; i++)
		v->noise[i] = (uint8_t)(' ' + value_random(v, 95));
	value_struct(v, schema->fields, schema->fields ? schema->fields + schema->count : NULL);
	value_settle_version(v);
	return v;
}

/* ---- writing ---- */

static inline void value_put_length(const struct value *v, struct made *m, int64_t length,
                                    size_t plain_size)
{
	if (v->schema->flexible)
		put_uvarint(m, (uint64_t)(length + 1));
	else
		put_number(m, length, plain_size);
}

static inline void value_put_scalar(const struct value *v, struct made *m,
                                    const struct kmeta_field *entry)
{
	const enum kmeta_kind kind = (enum kmeta_kind)entry->schema->kind;
	uint64_t bits;

	switch (kind) {
	case KMETA_STRING:
	case KMETA_BYTES:
		value_put_length(v, m,
		                 entry->flags & KMETA_VALUE_NULL ? -1
		                                                 : (int64_t)entry->value.bytes.size,
		                 kind == KMETA_STRING ? 2 : 4);
		put_all(m, entry->value.bytes);
		break;
	case KMETA_UUID:
		put_all(m, entry->value.bytes);
		break;
	case KMETA_FLOAT64:
		memcpy(&bits, &entry->value.real, sizeof(bits));
		put_number(m, (int64_t)bits, 8);
		break;
	default:
		put_number(m, entry->value.integer, value_sizes[kind]);
	}
}

static inline void value_write_struct(struct value *v, struct made *m, size_t from, size_t end,
                                      bool dry);

static inline void value_write_field(struct value *v, struct made *m, size_t index, bool dry)
{
	struct kmeta_field *entry = &v->at[index];
	const struct kmeta_schema_field *f = entry->schema;
	const bool array = is_array(f) && !(entry->flags & KMETA_VALUE_ELEMENT);

	entry->at = (uint32_t)m->size;
	if (array && entry->flags & KMETA_VALUE_NULL) {
		value_put_length(v, m, -1, 4);
	} else if (array && value_sizes[f->kind]) {
		value_put_length(v, m, (int64_t)(entry->value.bytes.size / value_sizes[f->kind]),
		                 4);
		put_all(m, entry->value.bytes);
	} else if (array) {
		value_put_length(v, m, entry->value.integer, 4);
		for (size_t e = index + 1; e < index + entry->span; e += v->at[e].span)
			value_write_field(v, m, e, dry);
	} else if (f->kind == KMETA_STRUCT) {
		value_write_struct(v, m, index + 1, index + entry->span, dry);
	} else {
		value_put_scalar(v, m, entry);
	}
	entry->size = (uint32_t)m->size - entry->at;
}

/* A tag that no release knows, by a number of its own. */
static inline void value_put_unknown(struct value *v, struct made *m, bool dry)
{
	const uint32_t tag = 1000 + (uint32_t)v->unknown_count;

	put_uvarint(m, tag);
	put_uvarint(m, tag % 3);
	put(m, "abc", tag % 3);
	if (!dry)
		v->unknown_tags[v->unknown_count++ % VALUE_UNKNOWN] = tag;
}

/* Its size comes before it, so it is written once to be measured and once to stay. */
static inline void value_write_tagged(struct value *v, struct made *m, size_t index, bool dry)
{
	struct made measured = { 0 };

	value_write_field(v, &measured, index, true);
	put_uvarint(m, v->at[index].schema->tag);
	put_uvarint(m, measured.size);
	made_release(&measured);
	value_write_field(v, m, index, dry);
}

static inline void value_write_struct(struct value *v, struct made *m, size_t from, size_t end,
                                      bool dry)
{
	size_t tagged[64], count = 0;

	for (size_t i = from; i < end; i += v->at[i].span) {
		if (v->at[i].schema->flags & KMETA_FIELD_TAGGED)
			tagged[count++] = i;
		else
			value_write_field(v, m, i, dry);
	}
	if (!v->schema->flexible)
		return;
	put_uvarint(m, count + v->unknown);
	for (size_t i = 0; i < count; i++)
		value_write_tagged(v, m, tagged[v->unsorted ? count - 1 - i : i], dry);
	if (v->unknown)
		value_put_unknown(v, m, dry);
}

/* True for what only 2.8 wrote: frame version 0. */
static inline bool is_early(const struct kmeta_schema *schema)
{
	return schema->last_release == 0;
}

/* Appends the value's bytes as a record has them; "m" has to be empty, as places count from it. */
static inline void value_write(struct value *v, struct made *m)
{
	if (!v->schema->control) {
		put_byte(m, is_early(v->schema) ? 0 : 1);
		put_uvarint(m, (uint64_t)v->schema->type);
		put_uvarint(m, (uint64_t)v->schema->version);
	} else if (v->schema->type <= 1) {
		put_number(m, v->schema->version, 2);
	}
	v->unknown_count = 0;
	value_write_struct(v, m, 0, v->count, false);
}

/* A record as a batch hands it out, with "value" in it. */
static inline struct kmeta_record value_record(const struct kmeta_schema *schema,
                                               const struct made *value)
{
	static const uint8_t keys[][4] = { { 0, 0, 0, 0 }, { 0, 0, 0, 1 }, { 0, 0, 0, 2 },
		                           { 0, 0, 0, 3 }, { 0, 0, 0, 4 }, { 0, 0, 0, 5 },
		                           { 0, 0, 0, 6 } };
	struct kmeta_record record = { 0 };
	struct kmeta_batch batch = { .file = "made", .count = 1 };
	struct record_plan plan = { .value = made_bytes(value) };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct made records = { 0 };

	if (schema->control) {
		plan.key = (struct kmeta_bytes){ keys[schema->type], 4 };
		batch.attributes = KMETA_BATCH_CONTROL;
	}
	put_record(&records, &plan);
	batch.records = made_bytes(&records);
	if (kmeta_batch_next(&batch, &cursor, &record, &why) != KMETA_OK)
		abort();
	/* The bytes outlive the batch that told what they are. */
	record.value_position = record.value.data - records.at;
	record.value = plan.value;
	record.key = plan.key;
	made_release(&records);
	return record;
}

#endif
