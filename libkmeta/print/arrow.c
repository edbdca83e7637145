/* SPDX-License-Identifier: Apache-2.0 */
/* arrow.c: records, or the entities of a state, as tables of Apache Arrow. */
#include <stdlib.h>
#include <string.h>

#include "print/arrow_fields.h"
#include "print/json.h"
#include "print/secret.h"
#include "record/kind.h"
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

struct kmeta_arrow {
	struct arrow_table table;
	struct arrow_fields fields;
	/* Numbers of columns; 0: the table has none. The last two are of entities. */
	size_t heads[HEADS], topic, unknown;
	unsigned flags;
	bool is_typed, began;
};

static void add_heads(struct kmeta_arrow *a, enum head from, enum head end)
{
	for (enum head h = from; h < end; h++) {
		struct arrow_column like = heads[h].like;

		if (a->is_typed && heads[h].only_untyped)
			continue;
		like.name = arrow_fields_have(&a->fields, heads[h].name) ? heads[h].beside_field
		                                                         : heads[h].name;
		a->heads[h] = arrow_add_column(&a->table, 0, &like);
	}
}

/* ---- streams ---- */

static struct kmeta_arrow *new_stream(unsigned flags)
{
	const struct arrow_column row = { .name = "", .type = ARROW_STRUCT };
	struct kmeta_arrow *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->flags = flags;
	a->fields.table = &a->table;
	arrow_add_column(&a->table, 0, &row);
	return a;
}

static struct kmeta_arrow *whole_or_none(struct kmeta_arrow *a)
{
	if (!a->table.failed)
		return a;
	kmeta_arrow_free(a);
	return NULL;
}

struct kmeta_arrow *kmeta_arrow_new(const struct kmeta_schema *type, unsigned flags)
{
	struct kmeta_arrow *a = new_stream(flags);

	if (!a)
		return NULL;
	a->is_typed = type != NULL;
	if (type && !a->table.failed)
		arrow_fields_take_type(&a->fields, type);
	if (!a->table.failed)
		add_heads(a, OFFSET, ERROR);
	if (!a->table.failed)
		arrow_fields_make(&a->fields);
	if (!a->table.failed)
		add_heads(a, ERROR, HEADS);
	return whole_or_none(a);
}

/* A voter is a part of a record, and has one layout. */
struct kmeta_arrow *kmeta_arrow_new_entities(enum kmeta_entity_kind kind, unsigned flags)
{
	static const struct arrow_column topic = { .name = "topic", .type = ARROW_TEXT };
	static const struct arrow_column unknown = { .name = "unknown", .type = ARROW_LIST };
	static const struct arrow_column item = { .name = "item", .type = ARROW_TEXT };
	const struct kmeta_schema *schema = kmeta_entity_kind_schema(kind);
	struct kmeta_arrow *a = schema ? new_stream(flags) : NULL;

	if (!a)
		return NULL;
	a->fields.in_words = true;
	if (a->table.failed)
		return whole_or_none(a);
	if (kinds[kind].control)
		arrow_fields_take(&a->fields, schema);
	else
		arrow_fields_take_type(&a->fields, schema);
	if (kind == KMETA_PARTITION && !a->table.failed)
		a->topic = arrow_add_column(&a->table, 0, &topic);
	arrow_fields_make(&a->fields);
	if (!a->table.failed)
		a->unknown = arrow_add_column(&a->table, 0, &unknown);
	if (!a->table.failed)
		arrow_add_column(&a->table, a->unknown, &item);
	return whole_or_none(a);
}

void kmeta_arrow_free(struct kmeta_arrow *arrow)
{
	if (!arrow)
		return;
	arrow_release(&arrow->table);
	arrow_fields_release(&arrow->fields);
	free(arrow);
}

/* ---- rows ---- */

static void put_c_string(struct arrow_table *t, size_t column, const char *text)
{
	arrow_put_text(t, column, (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) });
}

static void end_table_row(struct kmeta_arrow *a, struct kmeta_buffer *out)
{
	arrow_end_struct(&a->table, 0);
	if (a->table.at[0].rows >= ROWS || arrow_bytes(&a->table) >= ROW_BYTES)
		kmeta_arrow_flush(a, out);
}

static void put_type_name(struct arrow_table *t, size_t column, const struct kmeta_line *line)
{
	const struct kmeta_record *record = line->record;
	const char *name = line->fields && line->fields->schema
	                           ? line->fields->schema->name
	                           : kmeta_type_name(record->control, record->type);

	if (name) {
		put_c_string(t, column, name);
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
		put_c_string(t, column, SECRET_HIDDEN);
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
		put_c_string(t, head[ERROR], line->error->message);
		put_c_string(t, head[CODE], kmeta_code_name(line->error->code));
	}
	if (!line->fields) {
		put_raw_value(arrow, line);
	} else if (arrow->is_typed) {
		arrow_fields_put(&arrow->fields, line->fields, arrow->flags);
	} else {
		json_fields(&t->at[head[DATA]].values, line->fields, arrow->flags);
		arrow_end_text(t, head[DATA]);
	}
	end_table_row(arrow, out);
}

static void put_unknown_names(struct kmeta_arrow *a, const struct kmeta_entity *entity)
{
	const struct kmeta_schema *schema = kmeta_entity_kind_schema(entity->kind);
	struct arrow_table *t = &a->table;

	for (size_t i = 0; i < schema->count; i += schema->fields[i].span)
		if (kmeta_entity_is_unknown(entity, schema->fields[i].name))
			put_c_string(t, t->at[a->unknown].child, schema->fields[i].name);
	arrow_end_list(t, a->unknown);
}

void kmeta_arrow_entity(struct kmeta_arrow *arrow, struct kmeta_buffer *out,
                        const struct kmeta_entity *entity)
{
	if (arrow->topic)
		arrow_put_text(&arrow->table, arrow->topic, entity->topic_name);
	arrow_fields_put(&arrow->fields, entity->fields, arrow->flags);
	if (entity->unknown)
		put_unknown_names(arrow, entity);
	end_table_row(arrow, out);
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
