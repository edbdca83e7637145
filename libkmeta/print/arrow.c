/* SPDX-License-Identifier: Apache-2.0 */
/* arrow.c: records as tables of Apache Arrow, with columns by the layouts of their types. */
#include <stdlib.h>
#include <strings.h>

#include "base/wire.h"
#include "print/arrow_stream.h"
#include "print/json.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "record/schema.h"

enum { ROWS = 16384, ROW_BYTES = 8 << 20 };

/* The columns that every table has, and those of a table of any records. */
enum head { OFFSET, TIMESTAMP, EPOCH, TYPE, VERSION, DATA, ERROR, CODE, VALUE, HEADS };

struct head_column {
	const char *name, *beside_field; /* what it is called where a field has the name */
	struct arrow_column like;
	bool only_untyped;
};

static const struct head_column heads[] = {
	[OFFSET] = { "offset",
	             "record_offset",
	             { .type = ARROW_INT, .size = 8, .is_signed = true },
	             false },
	[TIMESTAMP] = { "timestamp",
	                "record_timestamp",
	                { .type = ARROW_INT, .size = 8, .is_signed = true },
	                false },
	[EPOCH] = { "epoch",
	            "record_epoch",
	            { .type = ARROW_INT, .size = 4, .is_signed = true },
	            false },
	[TYPE] = { "type", NULL, { .type = ARROW_TEXT }, true },
	[VERSION] = { "version",
	              "record_version",
	              { .type = ARROW_INT, .size = 4, .is_signed = true },
	              false },
	[DATA] = { "data", NULL, { .type = ARROW_TEXT }, true },
	[ERROR] = { "error", "record_error", { .type = ARROW_TEXT }, false },
	[CODE] = { "code", "record_code", { .type = ARROW_TEXT }, false },
	[VALUE] = { "value", "record_value", { .type = ARROW_TEXT }, false }
};

/* A layout of the type, and the column of each of its fields. */
struct layout {
	const struct kmeta_schema *schema;
	size_t *columns;
};

struct kmeta_arrow {
	struct arrow_table table;
	size_t heads[HEADS]; /* numbers of columns; 0: the table has none */
	struct layout *layouts;
	size_t layouts_count, layouts_capacity;
	unsigned flags;
	bool is_typed, began;
};

/* ---- columns ---- */

static struct arrow_column column_like(const struct kmeta_schema_field *field)
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
                          const struct kmeta_schema_field *field)
{
	struct arrow_column like = column_like(field);
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
static void make_columns(struct kmeta_arrow *a, const struct layout *layout, size_t from,
                         size_t end, size_t parent)
{
	const struct kmeta_schema_field *fields = layout->schema->fields;

	for (size_t i = from; i < end && !a->table.failed; i += fields[i].span) {
		const size_t column = make_column(&a->table, parent, &fields[i]);
		const bool is_list = fields[i].flags & KMETA_FIELD_ARRAY;

		layout->columns[i] = column;
		if (column && fields[i].kind == KMETA_STRUCT)
			make_columns(a, layout, i + 1, i + fields[i].span,
			             is_list ? a->table.at[column].child : column);
	}
}

static void add_layout(struct kmeta_arrow *a, const struct kmeta_schema *schema)
{
	struct layout *at =
		array_room(a->layouts, &a->layouts_capacity, a->layouts_count + 1, sizeof(*at));

	if (at) {
		a->layouts = at;
		at += a->layouts_count;
		at->schema = schema;
		at->columns = calloc(schema->count + 1u, sizeof(*at->columns));
	}
	if (at && at->columns)
		a->layouts_count++;
	else
		a->table.failed = true;
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
static void add_layouts(struct kmeta_arrow *a, const struct kmeta_schema *of)
{
	const struct schema_type *types = of->control ? schema_control : schema_metadata;
	const size_t count = of->control ? schema_control_count : schema_metadata_count;

	for (size_t t = 0; t < count; t++)
		for (size_t v = types[t].versions_count; v-- > 0;)
			for (const struct kmeta_schema *s = types[t].versions[v]; s; s = s->older)
				if (is_same_type(s, of))
					add_layout(a, s);
}

static bool has_field_called(const struct kmeta_arrow *a, const char *name)
{
	for (size_t l = 0; l < a->layouts_count; l++) {
		const struct kmeta_schema *s = a->layouts[l].schema;

		for (size_t i = 0; i < s->count; i += s->fields[i].span)
			if (!strcasecmp(s->fields[i].name, name))
				return true;
	}
	return false;
}

static void add_heads(struct kmeta_arrow *a, enum head from, enum head end)
{
	for (enum head h = from; h < end; h++) {
		struct arrow_column like = heads[h].like;

		if (a->is_typed && heads[h].only_untyped)
			continue;
		like.name =
			has_field_called(a, heads[h].name) ? heads[h].beside_field : heads[h].name;
		a->heads[h] = arrow_add_column(&a->table, 0, &like);
	}
}

struct kmeta_arrow *kmeta_arrow_new(const struct kmeta_schema *type, unsigned flags)
{
	const struct arrow_column row = { .name = "", .type = ARROW_STRUCT };
	struct kmeta_arrow *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->flags = flags;
	a->is_typed = type != NULL;
	arrow_add_column(&a->table, 0, &row);
	if (type)
		add_layouts(a, type);
	if (!a->table.failed)
		add_heads(a, OFFSET, ERROR);
	for (size_t l = 0; l < a->layouts_count && !a->table.failed; l++)
		make_columns(a, &a->layouts[l], 0, a->layouts[l].schema->count, 0);
	if (!a->table.failed)
		add_heads(a, ERROR, HEADS);
	if (!a->table.failed)
		return a;
	kmeta_arrow_free(a);
	return NULL;
}

void kmeta_arrow_free(struct kmeta_arrow *arrow)
{
	if (!arrow)
		return;
	arrow_release(&arrow->table);
	for (size_t i = 0; i < arrow->layouts_count; i++)
		free(arrow->layouts[i].columns);
	free(arrow->layouts);
	free(arrow);
}

/* ---- values ---- */

/* The record whose fields become values. */
struct source {
	struct kmeta_arrow *arrow;
	const struct layout *layout;
	const struct kmeta_field *at;
	bool hide, config;
};

static void put_id(struct arrow_table *t, size_t column, const uint8_t *id)
{
	char *at = buffer_room(&t->at[column].values, UUID_TEXT);

	if (at)
		buffer_wrote(&t->at[column].values, uuid_print(at, id));
	arrow_end_text(t, column);
}

static void put_utf8(struct arrow_table *t, size_t column, const char *text)
{
	scalar_utf8(&t->at[column].values,
	            (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) });
	arrow_end_text(t, column);
}

/* An array of numbers, booleans or ids, from its wire form. */
static void put_plain_list(struct arrow_table *t, size_t column, const struct kmeta_field *field)
{
	const size_t size = schema_size(field->schema->kind), child = t->at[column].child;
	const uint8_t *end = field->value.bytes.data + field->value.bytes.size;

	for (const uint8_t *from = field->value.bytes.data; from < end; from += size) {
		struct arrow_column *c = &t->at[child];

		if (field->schema->kind == KMETA_UUID)
			put_id(t, child, from);
		else if (field->schema->kind == KMETA_BOOL)
			arrow_bool(c, *from);
		else if (size == 8)
			arrow_int(c, (int64_t)wire_get64(from));
		else if (size == 4)
			arrow_int(c, (int32_t)wire_get32(from));
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
		scalar_utf8(&c->values, field->value.bytes);
		arrow_end_text(t, column);
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

static void put_value(const struct source *s, size_t i, size_t column)
{
	struct arrow_table *t = &s->arrow->table;
	const struct kmeta_field *field = &s->at[i];
	const size_t end = i + field->span;
	const bool is_list =
		field->schema->flags & KMETA_FIELD_ARRAY && !(field->flags & KMETA_VALUE_ELEMENT);

	if (field->flags & KMETA_VALUE_NULL) {
		arrow_null(t, column);
	} else if (s->hide && secret_is_hidden(field, s->config)) {
		if (t->at[column].type == ARROW_TEXT)
			put_utf8(t, column, SECRET_HIDDEN);
		else
			arrow_null(t, column);
	} else if (is_list && schema_size(field->schema->kind)) {
		put_plain_list(t, column, field);
	} else if (is_list) {
		for (size_t e = i + 1; e < end; e += s->at[e].span)
			put_value(s, e, t->at[column].child);
		arrow_end_list(t, column);
	} else if (field->schema->kind == KMETA_STRUCT) {
		put_struct(s, i + 1, end, column);
		arrow_end_struct(t, column);
	} else {
		put_single(t, column, field);
	}
}

static void put_struct(const struct source *s, size_t from, size_t end, size_t column)
{
	const struct arrow_table *t = &s->arrow->table;

	for (size_t i = from; i < end; i += s->at[i].span) {
		const struct kmeta_field *field = &s->at[i];
		const size_t c = s->layout->columns[field->schema - s->layout->schema->fields];

		/* A column takes one value a row, whatever the record has. */
		if (!(field->flags & KMETA_VALUE_DEFAULT) && t->at[c].rows == t->at[column].rows)
			put_value(s, i, c);
	}
}

/* The record's fields as typed columns; those that have no value are filled with nulls later. */
static void put_typed(struct kmeta_arrow *a, const struct kmeta_fields *fields)
{
	for (size_t l = 0; l < a->layouts_count; l++) {
		struct source s = { .arrow = a,
			            .layout = &a->layouts[l],
			            .at = fields->at,
			            .hide = !(a->flags & KMETA_SHOW_SECRETS) };

		if (s.layout->schema != fields->schema)
			continue;
		s.config = s.hide && secret_is_config(fields);
		put_struct(&s, 0, fields->count, 0);
		return;
	}
}

/* ---- rows ---- */

static void put_type_name(struct arrow_table *t, size_t column, const struct kmeta_line *line)
{
	const struct kmeta_record *record = line->record;
	const char *name = line->fields && line->fields->schema
	                           ? line->fields->schema->name
	                           : kmeta_type_name(record->control, record->type);

	if (name) {
		put_utf8(t, column, name);
	} else if (record->type >= 0 || record->control) {
		buffer_format(&t->at[column].values, "UNKNOWN(%d)", record->type);
		arrow_end_text(t, column);
	} /* otherwise null */
}

static void put_raw_value(struct kmeta_arrow *a, const struct kmeta_line *line)
{
	struct arrow_table *t = &a->table;
	const size_t column = a->heads[VALUE];

	if (!(a->flags & KMETA_SHOW_SECRETS) && secret_is_raw(line->batch, line->record)) {
		put_utf8(t, column, SECRET_HIDDEN);
	} else if (line->record->value.data) {
		kmeta_base64(&t->at[column].values, line->record->value);
		arrow_end_text(t, column);
	}
}

void kmeta_arrow_record(struct kmeta_arrow *arrow, struct kmeta_buffer *out,
                        const struct kmeta_line *line)
{
	struct arrow_table *t = &arrow->table;
	const size_t *head = arrow->heads;
	const struct kmeta_record *record = line->record;

	arrow_int(&t->at[head[OFFSET]], record->offset);
	arrow_int(&t->at[head[TIMESTAMP]], record->timestamp);
	arrow_int(&t->at[head[EPOCH]], line->batch->epoch);
	if (!arrow->is_typed)
		put_type_name(t, head[TYPE], line);
	if (line->fields || record->version >= 0 || record->control)
		arrow_int(&t->at[head[VERSION]], record->version);
	if (line->error) {
		put_utf8(t, head[ERROR], line->error->message);
		put_utf8(t, head[CODE], kmeta_code_name(line->error->code));
	}
	if (!line->fields) {
		put_raw_value(arrow, line);
	} else if (arrow->is_typed) {
		put_typed(arrow, line->fields);
	} else {
		json_fields(&t->at[head[DATA]].values, line->fields, arrow->flags);
		arrow_end_text(t, head[DATA]);
	}
	arrow_end_struct(t, 0);
	if (t->at[0].rows >= ROWS || arrow_bytes(t) >= ROW_BYTES)
		kmeta_arrow_flush(arrow, out);
}

static bool has_failed(const struct arrow_table *t)
{
	bool failed = t->failed;

	for (size_t c = 0; c < t->count; c++)
		failed |=
			t->at[c].valid.failed || t->at[c].offsets.failed || t->at[c].values.failed;
	return failed;
}

void kmeta_arrow_flush(struct kmeta_arrow *arrow, struct kmeta_buffer *out)
{
	if (has_failed(&arrow->table)) {
		out->failed = true;
		return;
	}
	if (!arrow->began)
		arrow_put_schema(out, &arrow->table);
	arrow->began = true;
	if (arrow->table.at[0].rows)
		arrow_put_batch(out, &arrow->table);
}

void kmeta_arrow_end(struct kmeta_arrow *arrow, struct kmeta_buffer *out)
{
	kmeta_arrow_flush(arrow, out);
	arrow_put_end(out);
}
