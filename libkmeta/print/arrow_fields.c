/* SPDX-License-Identifier: Apache-2.0 */
/* arrow_fields.c: columns of Apache Arrow by the layouts of a record, and the values in them. */
#include "print/arrow_fields.h"

#include <stdlib.h>
#include <strings.h>

#include "base/wire.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "print/text.h"
#include "record/schema.h"

struct arrow_layout {
	const struct kmeta_schema *schema;
	struct place {
		size_t column;
		const struct text_words *words; /* NULL: the value itself is printed */
	} * places;                             /* one a field */
};

/* ---- columns ---- */

/* Only small numbers are enumerations: -1 for a leader is a number still. */
static const struct text_words *words_of(const struct arrow_fields *f,
                                         const struct kmeta_schema *schema,
                                         const struct kmeta_schema_field *field)
{
	return f->in_words && field->kind == KMETA_INT8 ? text_words(schema->name, field->name)
	                                                : NULL;
}

static struct arrow_column column_like(const struct kmeta_schema_field *field, bool in_words)
{
	struct arrow_column like = { .name = field->name, .type = ARROW_INT };

	switch ((enum kmeta_kind)field->kind) {
	case KMETA_BOOL:
		like.type = ARROW_BOOL;
		break;
	case KMETA_FLOAT64:
		like.type = ARROW_DOUBLE;
		break;
	case KMETA_UUID:
	case KMETA_STRING:
	case KMETA_BYTES:
		like.type = ARROW_TEXT;
		break;
	case KMETA_STRUCT:
		like.type = ARROW_STRUCT;
		break;
	default:
		like.is_signed = field->kind != KMETA_UINT16 && field->kind != KMETA_UINT32;
		like.type = in_words ? ARROW_TEXT : ARROW_INT;
	}
	like.size = (uint8_t)schema_size(field->kind);
	return like;
}

/* Names differ in more than case: one field was renamed so, and many readers do not tell case. */
static size_t find_column(const struct arrow_table *t, size_t parent, const char *name)
{
	for (size_t c = t->at[parent].child; c; c = t->at[c].next)
		if (!strcasecmp(t->at[c].name, name))
			return c;
	return 0;
}

static size_t make_column(struct arrow_table *t, size_t parent,
                          const struct kmeta_schema_field *field, bool in_words)
{
	struct arrow_column like = column_like(field, in_words);
	const struct arrow_column list = { .name = field->name, .type = ARROW_LIST };
	size_t column = find_column(t, parent, field->name);

	if (column || t->failed)
		return column;
	if (!(field->flags & KMETA_FIELD_ARRAY))
		return arrow_add_column(t, parent, &like);
	column = arrow_add_column(t, parent, &list);
	like.name = "item";
	return column && arrow_add_column(t, column, &like) ? column : 0;
}

/* The fields from "from" to "end" are those of one struct. */
static void make_columns(struct arrow_fields *f, const struct arrow_layout *layout, size_t from,
                         size_t end, size_t parent)
{
	const struct kmeta_schema_field *fields = layout->schema->fields;

	for (size_t i = from; i < end && !f->table->failed; i += fields[i].span) {
		const struct text_words *words = words_of(f, layout->schema, &fields[i]);
		const size_t column = make_column(f->table, parent, &fields[i], words);
		const bool is_list = fields[i].flags & KMETA_FIELD_ARRAY;

		layout->places[i] = (struct place){ column, words };
		if (column && fields[i].kind == KMETA_STRUCT)
			make_columns(f, layout, i + 1, i + fields[i].span,
			             is_list ? f->table->at[column].child : column);
	}
}

void arrow_fields_make(struct arrow_fields *f)
{
	for (size_t l = 0; l < f->count && !f->table->failed; l++)
		make_columns(f, &f->layouts[l], 0, f->layouts[l].schema->count, 0);
}

void arrow_fields_take(struct arrow_fields *f, const struct kmeta_schema *schema)
{
	struct arrow_layout *at = array_room(f->layouts, &f->capacity, f->count + 1, sizeof(*at));

	if (at) {
		f->layouts = at;
		at += f->count;
		at->schema = schema;
		at->places = calloc(schema->count + 1u, sizeof(*at->places));
	}
	if (at && at->places)
		f->count++;
	else
		f->table->failed = true;
}

/*
 * Release 2.8 wrote leader changes with the number that is now the snapshot header, and had other
 * names for some metadata records.
 */
static bool is_same_type(const struct kmeta_schema *a, const struct kmeta_schema *b)
{
	return a->control ? !strcmp(a->name, b->name) : a->type == b->type;
}

/* The newest version first: its names and their order count. */
void arrow_fields_take_type(struct arrow_fields *f, const struct kmeta_schema *type)
{
	const struct schema_type *types = type->control ? schema_control : schema_metadata;
	const size_t count = type->control ? schema_control_count : schema_metadata_count;

	for (size_t t = 0; t < count; t++)
		for (size_t v = types[t].versions_count; v-- > 0;)
			for (const struct kmeta_schema *s = types[t].versions[v]; s; s = s->older)
				if (is_same_type(s, type))
					arrow_fields_take(f, s);
}

void arrow_fields_release(struct arrow_fields *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->layouts[i].places);
	free(f->layouts);
}

bool arrow_fields_have(const struct arrow_fields *f, const char *name)
{
	for (size_t l = 0; l < f->count; l++) {
		const struct kmeta_schema *s = f->layouts[l].schema;

		for (size_t i = 0; i < s->count; i += s->fields[i].span)
			if (!strcasecmp(s->fields[i].name, name))
				return true;
	}
	return false;
}

/* ---- values ---- */

/* The record whose fields become values. */
struct source {
	struct arrow_table *table;
	const struct arrow_layout *layout;
	const struct kmeta_field *at;
	bool hide, config;
};

void arrow_put_text(struct arrow_table *t, size_t column, struct kmeta_bytes text)
{
	scalar_utf8(&t->at[column].values, text);
	arrow_end_text(t, column);
}

static void put_constant(struct arrow_table *t, size_t column, const char *text)
{
	buffer_text(&t->at[column].values, text);
	arrow_end_text(t, column);
}

static void put_id(struct arrow_table *t, size_t column, const uint8_t *id)
{
	char *at = buffer_room(&t->at[column].values, UUID_TEXT);

	if (at)
		buffer_wrote(&t->at[column].values, uuid_print(at, id));
	arrow_end_text(t, column);
}

/* A number that a later release gave a word is the number. */
static void put_word(struct arrow_table *t, size_t column, const struct text_words *words,
                     int64_t value)
{
	const char *word = text_word_of(words, value);

	if (word)
		buffer_text(&t->at[column].values, word);
	else
		buffer_integer(&t->at[column].values, value);
	arrow_end_text(t, column);
}

/* An array of numbers, booleans or ids, from its wire form. */
static void put_plain_list(struct arrow_table *t, size_t column, const struct kmeta_field *field)
{
	const size_t size = schema_size(field->schema->kind), child = t->at[column].child;
	const uint8_t *end = field->value.bytes.data + field->value.bytes.size;

	if (size == 4)
		arrow_int32s(&t->at[child], field->value.bytes.data, field->value.bytes.size / 4);
	for (const uint8_t *from = field->value.bytes.data; size != 4 && from < end; from += size) {
		struct arrow_column *c = &t->at[child];

		if (field->schema->kind == KMETA_UUID)
			put_id(t, child, from);
		else if (field->schema->kind == KMETA_BOOL)
			arrow_bool(c, *from);
		else if (size == 8)
			arrow_int(c, (int64_t)wire_get64(from));
		else
			arrow_int(c, size == 2 ? wire_get16(from) : *from);
	}
	arrow_end_list(t, column);
}

static void put_single(struct arrow_table *t, size_t column, const struct kmeta_field *field)
{
	struct arrow_column *c = &t->at[column];

	switch ((enum kmeta_kind)field->schema->kind) {
	case KMETA_UUID:
		put_id(t, column, field->value.bytes.data);
		return;
	case KMETA_STRING:
		arrow_put_text(t, column, field->value.bytes);
		return;
	case KMETA_BYTES:
		kmeta_base64(&c->values, field->value.bytes);
		arrow_end_text(t, column);
		return;
	case KMETA_FLOAT64:
		arrow_double(c, field->value.real);
		return;
	case KMETA_BOOL:
		arrow_bool(c, field->value.integer);
		return;
	default:
		arrow_int(c, field->value.integer);
	}
}

static void put_struct(const struct source *s, size_t from, size_t end, size_t column);

static void put_value(const struct source *s, size_t i, const struct place *place, size_t column)
{
	struct arrow_table *t = s->table;
	const struct kmeta_field *field = &s->at[i];
	const size_t end = i + field->span;
	const bool is_list =
		field->schema->flags & KMETA_FIELD_ARRAY && !(field->flags & KMETA_VALUE_ELEMENT);

	if (field->flags & KMETA_VALUE_NULL) {
		arrow_null(t, column);
	} else if (s->hide && secret_is_hidden(field, s->config)) {
		if (t->at[column].type == ARROW_TEXT)
			put_constant(t, column, SECRET_HIDDEN);
		else
			arrow_null(t, column);
	} else if (is_list && schema_size(field->schema->kind)) {
		put_plain_list(t, column, field);
	} else if (is_list) {
		for (size_t e = i + 1; e < end; e += s->at[e].span)
			put_value(s, e, place, t->at[column].child);
		arrow_end_list(t, column);
	} else if (field->schema->kind == KMETA_STRUCT) {
		put_struct(s, i + 1, end, column);
		arrow_end_struct(t, column);
	} else if (place->words) {
		put_word(t, column, place->words, field->value.integer);
	} else {
		put_single(t, column, field);
	}
}

static void put_struct(const struct source *s, size_t from, size_t end, size_t column)
{
	const struct arrow_table *t = s->table;

	for (size_t i = from; i < end; i += s->at[i].span) {
		const struct kmeta_field *field = &s->at[i];
		const struct place *place =
			&s->layout->places[field->schema - s->layout->schema->fields];

		/* A column takes one value a row, whatever the record has. */
		if (!(field->flags & KMETA_VALUE_DEFAULT) &&
		    t->at[place->column].rows == t->at[column].rows)
			put_value(s, i, place, place->column);
	}
}

void arrow_fields_put(const struct arrow_fields *f, const struct kmeta_fields *record,
                      unsigned flags)
{
	for (size_t l = 0; l < f->count; l++) {
		struct source s = { .table = f->table,
			            .layout = &f->layouts[l],
			            .at = record->at,
			            .hide = !(flags & KMETA_SHOW_SECRETS) };

		if (s.layout->schema != record->schema)
			continue;
		s.config = s.hide && secret_is_config(record);
		put_struct(&s, 0, record->count, 0);
		return;
	}
}
