/* SPDX-License-Identifier: Apache-2.0 */
/* decode.c: turns the bytes of one record into a flat array of fields, by the schema alone. */
#include "record/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "base/wire.h"
#include "record/dialect.h"
#include "record/schema.h"

enum {
	TAGS_LIMIT = 10000,   /* Kafka's own, since 4.4 */
	STRING_LIMIT = 32767, /* Kafka's own */
	FEATURE_LEVEL = 12
};

struct decoder {
	struct wire wire;
	struct kmeta_fields *fields;
	bool flexible;
	bool no_memory;
	const struct kmeta_schema_field *fault_field;
};

static void decode_struct(struct decoder *d, const struct kmeta_schema_field *field,
                          const struct kmeta_schema_field *end);

/* ---- the array ---- */

/* Each entry has bytes of its own, or holds one that has: the record bounds their number. */
static bool grow_fields(struct decoder *d)
{
	struct kmeta_fields *fields = d->fields;
	const size_t capacity = fields->capacity ? fields->capacity * 2 : 64;
	struct kmeta_field *at;

	at = realloc(fields->at, capacity * sizeof(*at));
	if (!at) {
		d->no_memory = true;
		wire_fail(&d->wire, "out of memory");
		return false;
	}
	fields->at = at;
	fields->capacity = capacity;
	return true;
}

/* A new entry at the end, whose bytes begin here. NULL: no memory; the reader has failed. */
static inline struct kmeta_field *push_field(struct decoder *d,
                                             const struct kmeta_schema_field *schema)
{
	struct kmeta_fields *fields = d->fields;
	struct kmeta_field *entry;

	if (fields->count == fields->capacity && !grow_fields(d))
		return NULL;
	entry = &fields->at[fields->count++];
	entry->schema = schema;
	entry->at = (uint32_t)(d->wire.at - d->wire.start);
	entry->span = 1;
	entry->flags = 0;
	entry->value.integer = 0;
	return entry;
}

static void close_entry(struct decoder *d, size_t index)
{
	struct kmeta_field *entry = &d->fields->at[index];

	entry->size = (uint32_t)(d->wire.at - d->wire.start) - entry->at;
	entry->span = (uint32_t)(d->fields->count - index);
}

struct kmeta_field *decode_append(struct kmeta_fields *fields,
                                  const struct kmeta_schema_field *schema)
{
	struct decoder d = { .wire = wire_over(NULL, 0), .fields = fields };

	return push_field(&d, schema);
}

/* ---- values ---- */

/* A length or count; -1: null, if the field may be. */
static int64_t take_length(struct decoder *d, const struct kmeta_schema_field *field, bool element)
{
	struct wire *w = &d->wire;
	int64_t length;

	if (d->flexible)
		length = (int64_t)wire_uvarint(w) - 1;
	else
		length = field->kind == KMETA_STRING &&
		                         (element || !(field->flags & KMETA_FIELD_ARRAY))
		                 ? wire_int16(w)
		                 : wire_int32(w);
	if (length < -1)
		wire_fail(w, "a negative length");
	if (length == -1 && (element || !(field->flags & KMETA_FIELD_NULLABLE)))
		wire_fail(w, "null where there must be a value");
	return w->fault ? 0 : length;
}

static void take_text(struct decoder *d, struct kmeta_field *entry, bool element)
{
	const int64_t length = take_length(d, entry->schema, element);

	entry->value.bytes = (struct kmeta_bytes){ 0 };
	if (length < 0) {
		entry->flags |= KMETA_VALUE_NULL;
		return;
	}
	if (entry->schema->kind == KMETA_STRING && length > STRING_LIMIT)
		wire_fail(&d->wire, "a string longer than 32767 bytes");
	entry->value.bytes.data = wire_take(&d->wire, (size_t)length);
	if (entry->value.bytes.data)
		entry->value.bytes.size = (size_t)length;
}

static double real_of(uint64_t bits)
{
	double real;

	memcpy(&real, &bits, sizeof(real));
	return real;
}

/* One value of any kind but struct. */
static inline void take_scalar(struct decoder *d, struct kmeta_field *entry, bool element)
{
	struct wire *w = &d->wire;

	switch ((enum kmeta_kind)entry->schema->kind) {
	case KMETA_BOOL:
		entry->value.integer = wire_int8(w);
		if (entry->value.integer & ~1)
			d->fields->irregular |= KMETA_IRREGULAR_BOOLEAN;
		entry->value.integer = entry->value.integer != 0;
		break;
	case KMETA_INT8:
		entry->value.integer = wire_int8(w);
		break;
	case KMETA_INT16:
		entry->value.integer = wire_int16(w);
		break;
	case KMETA_UINT16:
		entry->value.integer = (uint16_t)wire_int16(w);
		break;
	case KMETA_INT32:
		entry->value.integer = wire_int32(w);
		break;
	case KMETA_UINT32:
		entry->value.integer = (uint32_t)wire_int32(w);
		break;
	case KMETA_INT64:
		entry->value.integer = wire_int64(w);
		break;
	case KMETA_FLOAT64:
		entry->value.real = real_of((uint64_t)wire_int64(w));
		break;
	case KMETA_UUID:
		entry->value.bytes = (struct kmeta_bytes){ wire_take(w, 16), 16 };
		break;
	case KMETA_STRING:
	case KMETA_BYTES:
		take_text(d, entry, element);
		break;
	case KMETA_STRUCT:
		break;
	}
}

/* Elements of one size stay where they are: one entry for all of them. */
static void take_plain_array(struct decoder *d, struct kmeta_field *entry, size_t count)
{
	const size_t size = schema_size(entry->schema->kind);

	if (count > wire_left(&d->wire) / size) {
		wire_fail(&d->wire, "an array longer than what is left");
		return;
	}
	entry->value.bytes = (struct kmeta_bytes){ d->wire.at, count * size };
	wire_take(&d->wire, count * size);
}

static void take_array_elements(struct decoder *d, const struct kmeta_schema_field *field,
                                size_t count)
{
	if (count > wire_left(&d->wire))
		wire_fail(&d->wire, "an array longer than what is left");
	for (size_t i = 0; i < count && !d->wire.fault; i++) {
		const size_t index = d->fields->count;
		struct kmeta_field *entry = push_field(d, field);

		if (!entry)
			return;
		entry->flags = KMETA_VALUE_ELEMENT;
		if (field->kind == KMETA_STRUCT)
			decode_struct(d, field + 1, field + field->span);
		else
			take_scalar(d, entry, true);
		close_entry(d, index);
	}
}

static void take_array(struct decoder *d, size_t index)
{
	struct kmeta_field *entry = &d->fields->at[index];
	const struct kmeta_schema_field *field = entry->schema;
	const int64_t count = take_length(d, field, false);

	if (count < 0) {
		entry->flags |= KMETA_VALUE_NULL;
		entry->value.bytes = (struct kmeta_bytes){ 0 };
	} else if (schema_size(field->kind)) {
		take_plain_array(d, entry, (size_t)count);
	} else {
		entry->value.integer = count;
		take_array_elements(d, field, (size_t)count);
	}
}

static void take_field(struct decoder *d, const struct kmeta_schema_field *field)
{
	const size_t index = d->fields->count;
	struct kmeta_field *entry = push_field(d, field);

	if (!entry)
		return;
	if (field->flags & KMETA_FIELD_ARRAY) {
		take_array(d, index);
		close_entry(d, index);
	} else if (field->kind == KMETA_STRUCT) {
		decode_struct(d, field + 1, field + field->span);
		close_entry(d, index);
	} else {
		take_scalar(d, entry, false);
		entry->size = (uint32_t)(d->wire.at - d->wire.start) - entry->at;
	}
	if (d->wire.fault && !d->fault_field)
		d->fault_field = field;
}

/* ---- tag sections ---- */

bool decode_holds_default(const struct kmeta_schema_field *field, const struct kmeta_field *entry)
{
	if (field->flags & KMETA_FIELD_DEFAULT_NULL)
		return entry->flags & KMETA_VALUE_NULL;
	if (entry->flags & KMETA_VALUE_NULL)
		return false;
	if (field->flags & KMETA_FIELD_ARRAY)
		return schema_size(field->kind) ? !entry->value.bytes.size : !entry->value.integer;
	if (field->kind == KMETA_STRING || field->kind == KMETA_BYTES)
		return !entry->value.bytes.size;
	return field->kind <= KMETA_INT64 && entry->value.integer == field->default_value;
}

static void reverse(struct kmeta_field *from, struct kmeta_field *to)
{
	while (from < to) {
		const struct kmeta_field swap = *from;

		*from++ = *--to;
		*to = swap;
	}
}

/* Moves the field that was just read from the end to its place in its struct. */
static void place_tagged(struct kmeta_fields *fields, size_t first, size_t index)
{
	struct kmeta_field *const at = fields->at;
	const struct kmeta_schema_field *schema = at[index].schema;
	size_t target = first;

	while (target < index && at[target].schema < schema)
		target += at[target].span;
	if (target < index && at[target].schema == schema) {
		/* Kafka takes the last one if a tag is written twice. */
		const size_t span = at[target].span;

		memmove(at + target, at + target + span,
		        (fields->count - target - span) * sizeof(*at));
		fields->count -= span;
		index -= span;
	}
	if (target == index)
		return;
	reverse(at + target, at + index);
	reverse(at + index, at + fields->count);
	reverse(at + target, at + fields->count);
}

static void keep_unknown(struct decoder *d, uint32_t tag, size_t size)
{
	struct kmeta_fields *fields = d->fields;

	if (fields->unknown_count == fields->unknown_capacity) {
		const size_t capacity = fields->unknown_capacity ? fields->unknown_capacity * 2 : 8;
		struct kmeta_unknown_tag *unknown =
			realloc(fields->unknown, capacity * sizeof(*unknown));

		if (!unknown) {
			d->no_memory = true;
			wire_fail(&d->wire, "out of memory");
			return;
		}
		fields->unknown = unknown;
		fields->unknown_capacity = capacity;
	}
	fields->irregular |= KMETA_IRREGULAR_UNKNOWN;
	fields->unknown[fields->unknown_count].tag = tag;
	fields->unknown[fields->unknown_count].value =
		(struct kmeta_bytes){ wire_take(&d->wire, size), size };
	fields->unknown_count++;
}

static void take_tagged(struct decoder *d, const struct kmeta_schema_field *field, size_t size)
{
	struct wire *w = &d->wire;
	const uint8_t *const end = w->end;
	const size_t index = d->fields->count;

	w->end = w->at + size;
	take_field(d, field);
	if (w->fault)
		return;
	if (w->at != w->end) {
		wire_fail(w, "a tagged field shorter than its size");
		d->fault_field = field;
		return;
	}
	w->end = end;
	if (decode_holds_default(field, &d->fields->at[index])) {
		d->fields->at[index].flags |= KMETA_VALUE_DEFAULT;
		d->fields->irregular |= KMETA_IRREGULAR_DEFAULT;
	}
}

static const struct kmeta_schema_field *find_tag(const struct kmeta_schema_field *field,
                                                 const struct kmeta_schema_field *end, uint32_t tag)
{
	while (field < end && !(field->flags & KMETA_FIELD_TAGGED && field->tag == tag))
		field += field->span;
	return field;
}

/* The struct's fields are "field" to "end". "last" was read last; those before it are in order. */
static void take_tags(struct decoder *d, const struct kmeta_schema_field *field,
                      const struct kmeta_schema_field *end, const struct kmeta_schema_field *last,
                      size_t first)
{
	struct wire *w = &d->wire;
	const uint32_t count = wire_uvarint(w);
	const struct kmeta_schema_field *known = field;
	int64_t last_tag = -1;
	size_t index;

	if (count > wire_left(w) || count > TAGS_LIMIT)
		wire_fail(w, "more tagged fields than can be");
	for (uint32_t i = 0; i < count && !w->fault; i++) {
		const uint32_t tag = wire_uvarint(w), size = wire_uvarint(w);

		if (size > wire_left(w))
			wire_fail(w, "a tagged field longer than what is left");
		if (w->fault)
			return;
		if (tag <= last_tag)
			d->fields->irregular |=
				tag == last_tag ? KMETA_IRREGULAR_REPEAT : KMETA_IRREGULAR_ORDER;
		last_tag = tag;
		/* Tags mostly come in the schema's order. */
		known = find_tag(known, end, tag);
		if (known == end)
			known = find_tag(field, end, tag);
		if (known == end) {
			keep_unknown(d, tag, size);
			known = field;
			continue;
		}
		index = d->fields->count;
		take_tagged(d, known, size);
		if (w->fault)
			return;
		if (!last || known > last)
			last = known;
		else
			place_tagged(d->fields, first, index);
	}
}

static void decode_struct(struct decoder *d, const struct kmeta_schema_field *field,
                          const struct kmeta_schema_field *end)
{
	const struct kmeta_schema_field *const start = field, *last = NULL;
	const size_t first = d->fields->count;

	for (; field < end && !d->wire.fault; field += field->span) {
		if (field->flags & KMETA_FIELD_TAGGED)
			continue;
		take_field(d, field);
		last = field;
	}
	if (!d->flexible || d->wire.fault)
		return;
	if (d->wire.at < d->wire.end && *d->wire.at == 0)
		d->wire.at++;
	else
		take_tags(d, start, end, last, first);
}

/* ---- records ---- */

static enum kmeta_status decode_damaged(const struct kmeta_record *record, size_t at,
                                        struct kmeta_finding *why)
{
	why->offset = record->offset;
	why->position = record->value_position >= 0 ? record->value_position + (int64_t)at
	                                            : record->position;
	return KMETA_DAMAGED;
}

/* Callers may print the fields read before a fault: drop the last, incomplete one. */
static void drop_last(struct kmeta_fields *fields)
{
	size_t last = 0;

	for (size_t i = 0; i < fields->count; i += fields->at[i].span)
		last = i;
	fields->count = last;
	if (fields->unknown_count && !fields->unknown[fields->unknown_count - 1].value.data)
		fields->unknown_count--;
}

enum kmeta_status decode_as(const struct kmeta_schema *schema, const struct kmeta_record *record,
                            struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct decoder d = { .wire = wire_over(record->value.data, record->value.size),
		             .fields = fields,
		             .flexible = schema->flexible };

	fields->schema = schema;
	fields->count = fields->unknown_count = 0;
	fields->irregular = 0;
	d.wire.at += record->body;
	decode_struct(&d, schema->fields, schema->fields ? schema->fields + schema->count : NULL);
	if (d.no_memory)
		return finding_memory(why);
	if (d.wire.fault) {
		drop_last(fields);
		finding_set(why, KMETA_BAD_FIELD, "%s version %d: %s%s%s", schema->name,
		            schema->version, d.fault_field ? d.fault_field->name : "",
		            d.fault_field ? ": " : "", d.wire.fault);
		return decode_damaged(record, (size_t)(d.wire.fault_at - d.wire.start), why);
	}
	if (wire_left(&d.wire)) {
		finding_set(why, KMETA_TRAILING_BYTES,
		            "%s version %d: %zu bytes after its last field", schema->name,
		            schema->version, wire_left(&d.wire));
		why->size = (int64_t)wire_left(&d.wire);
		return decode_damaged(record, (size_t)(d.wire.at - d.wire.start), why);
	}
	return KMETA_OK;
}

static enum kmeta_status frame_fault(const struct kmeta_record *record, struct kmeta_finding *why)
{
	static const char *const parts[] = { "frame version", "record type", "record version" };
	const int part = record->frame < 0 ? 0 : record->type < 0 ? 1 : 2;

	finding_set(why, KMETA_BAD_FRAME, "the %s cannot be read", parts[part]);
	return decode_damaged(record, 0, why);
}

/* Checks the record before its fields. */
static enum kmeta_status check_head(const struct kmeta_record *record, struct kmeta_finding *why)
{
	if (record->control) {
		if (record->key.size >= 4 && record->value.size >= 2)
			return KMETA_OK;
		if (record->key.size >= 4)
			finding_set(why, KMETA_BAD_FIELD, "%s: the control record has no value",
			            kmeta_type_name(true, record->type)
			                    ? kmeta_type_name(true, record->type)
			                    : "unknown type");
		else
			finding_set(why, KMETA_BAD_CONTROL_KEY,
			            "the control record's key has %zu bytes, not 4",
			            record->key.size);
		return decode_damaged(record, 0, why);
	}
	if (!record->value.size) {
		finding_set(why, KMETA_NO_VALUE, "the record has %s value",
		            record->value.data ? "an empty" : "no");
		return decode_damaged(record, 0, why);
	}
	if (record->frame < 0 || record->type < 0 || record->version < 0)
		return frame_fault(record, why);
	if (record->frame > 1) {
		finding_set(why, KMETA_UNKNOWN_FRAME, "frame version %d", record->frame);
		return decode_damaged(record, 0, why);
	}
	return KMETA_OK;
}

static bool has_structs(const struct kmeta_schema *schema)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].kind == KMETA_STRUCT)
			return true;
	return false;
}

/*
 * Kafka does not compare the version of a metadata record with those that it knows: it reads a later
 * one as the newest. Only elements of arrays refuse it (AbstractApiMessageSerde, MessageDataGenerator).
 */
static bool fits_newest(const struct kmeta_record *record, struct kmeta_fields *fields)
{
	const struct schema_type *type = &schema_metadata[record->type];
	struct kmeta_finding ignored; /* it does not fit */

	return !record->control && record->frame == 1 && record->version >= type->versions_count &&
	       !has_structs(type->versions[type->versions_count - 1]) &&
	       decode_as(type->versions[type->versions_count - 1], record, fields, &ignored) ==
	               KMETA_OK;
}

static enum kmeta_status unknown(const struct kmeta_record *record, struct kmeta_fields *fields,
                                 struct kmeta_finding *why)
{
	const char *name = kmeta_type_name(record->control, record->type);
	const bool fits = name && fits_newest(record, fields);

	fields->schema = NULL;
	fields->count = fields->unknown_count = 0;
	if (fits)
		finding_set(why, KMETA_LATER_VERSION,
		            "unknown version %d of %s; its newest layout fits", record->version,
		            name);
	else if (!name)
		finding_set(why, KMETA_UNKNOWN_RECORD, "unknown %s type %d",
		            record->control ? "control" : "record", record->type);
	else
		finding_set(why, KMETA_UNKNOWN_VERSION, "unknown version %d of %s%s",
		            record->version, name, record->frame == 0 ? " in frame version 0" : "");
	return decode_damaged(record, record->body, why);
}

static bool is_metadata_version(const struct kmeta_fields *fields)
{
	static const char name[] = "metadata.version";
	const struct kmeta_field *field = kmeta_fields_find(fields, "name");

	return field && field->value.bytes.size == sizeof(name) - 1 &&
	       !memcmp(field->value.bytes.data, name, sizeof(name) - 1);
}

static void learn(struct kmeta_dialect *dialect, const struct kmeta_record *record,
                  const struct kmeta_fields *fields)
{
	const struct kmeta_schema *schema = fields->schema;
	const struct kmeta_field *level;

	/*
	 * A record that only an older layout fits is evidence of the release; one that several fit
	 * is not.
	 */
	if (schema->first_release > dialect->lowest || schema->last_release < dialect->highest)
		dialect_learn(dialect, schema,
		              schema != kmeta_schema_find(record->control, record->type,
		                                          record->version));
	if (record->control || record->type != FEATURE_LEVEL || !is_metadata_version(fields))
		return;
	level = kmeta_fields_find(fields, "featureLevel");
	if (level)
		dialect_learn_level(dialect, level->value.integer);
}

enum kmeta_status kmeta_decode(struct kmeta_dialect *dialect, const struct kmeta_record *record,
                               struct kmeta_fields *fields, struct kmeta_finding *why)
{
	const struct kmeta_schema *candidates[DIALECT_CANDIDATES];
	struct kmeta_finding first, other;
	enum kmeta_status status;
	size_t count;

	fields->schema = NULL;
	fields->count = fields->unknown_count = 0;
	status = check_head(record, why);
	if (status != KMETA_OK)
		return status;
	count = dialect_candidates(dialect, record, candidates);
	if (!count)
		return unknown(record, fields, why);
	status = decode_as(candidates[0], record, fields, &first);
	for (size_t i = 1; i < count && status == KMETA_DAMAGED; i++)
		status = decode_as(candidates[i], record, fields, &other);
	if (status == KMETA_OK) {
		learn(dialect, record, fields);
		return KMETA_OK;
	}
	/* Report the fault of the likeliest layout. */
	if (count > 1)
		status = decode_as(candidates[0], record, fields, &first);
	*why = first;
	return status;
}

void kmeta_fields_release(struct kmeta_fields *fields)
{
	free(fields->at);
	free(fields->unknown);
	*fields = (struct kmeta_fields){ 0 };
}

const struct kmeta_field *kmeta_fields_find(const struct kmeta_fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i += fields->at[i].span)
		if (!strcmp(fields->at[i].schema->name, name))
			return &fields->at[i];
	return NULL;
}

bool decode_next_voter(const struct kmeta_fields *record, size_t *at, struct kmeta_fields *voter)
{
	const struct kmeta_field *voters = kmeta_fields_find(record, "voters");
	const size_t start = voters ? (size_t)(voters - record->at) : 0;
	struct kmeta_field *element;

	if (!voters || start + 1 + *at >= start + voters->span)
		return false;
	element = &record->at[start + 1 + *at];
	*voter = (struct kmeta_fields){ .schema = &schema_voter,
		                        .at = element + 1,
		                        .count = element->span - 1 };
	*at += element->span;
	return true;
}
