/* SPDX-License-Identifier: Apache-2.0 */
/* entities.c: kmeta_topics() and the like, tables of the entities in a state. */
#include "entities.h"

#include <stdlib.h>
#include <string.h>

/* In the number of a plan. */
enum { PLAN_LEADERS = 1 };

enum { ENTITY_LETTERS = 8, TIME_SUFFIX = sizeof("Timestamp") - 1 };

/* ---- columns ---- */

/* Fields that have another name as a column; NULL: they have none. */
static const struct {
	enum kmeta_entity_kind kind;
	const char *field, *column;
} column_names[] = {
	{ KMETA_BROKER, "brokerId", "broker" },
	{ KMETA_CONTROLLER, "controllerId", "controller" },
	{ KMETA_VOTER, "voterId", "voter" },
	{ KMETA_VOTER, "kRaftVersionFeature", "kraft_version" },
	{ KMETA_TOPIC, "name", "topic" },
	{ KMETA_CONFIG, "resourceName", "resource" },
	{ KMETA_FEATURE, "featureLevel", "level" },
	{ KMETA_SCRAM, "name", "user" },
	{ KMETA_QUOTA, "remove", NULL },
};

/* What modules are made for. */
static const enum kmeta_entity_kind module_kinds[] = {
	KMETA_TOPIC, KMETA_PARTITION, KMETA_BROKER, KMETA_CONTROLLER, KMETA_VOTER,   KMETA_CONFIG,
	KMETA_ACL,   KMETA_QUOTA,     KMETA_SCRAM,  KMETA_TOKEN,      KMETA_FEATURE,
};

/* NULL: the field is no column. */
static const char *column_name(enum kmeta_entity_kind kind, const char *field)
{
	for (size_t i = 0; i < sizeof(column_names) / sizeof(column_names[0]); i++)
		if (column_names[i].kind == kind && !strcmp(column_names[i].field, field))
			return column_names[i].column;
	return field;
}

/* A time in milliseconds, which has a second column with the time as text. */
static bool is_time(const struct kmeta_schema_field *field)
{
	const size_t size = strlen(field->name);

	return field->kind == KMETA_INT64 && size > TIME_SUFFIX &&
	       !strcmp(field->name + size - TIME_SUFFIX, "Timestamp");
}

/* The field of a column by its number, first of all fields, then of times; NULL: the address. */
static const struct kmeta_schema_field *field_of_column(enum kmeta_entity_kind kind, int column,
                                                        bool *as_text)
{
	const struct kmeta_schema *schema = kmeta_entity_kind_schema(kind);

	*as_text = false;
	for (size_t i = 0; i < schema->count; i += schema->fields[i].span)
		if (column_name(kind, schema->fields[i].name) && !column--)
			return &schema->fields[i];
	*as_text = true;
	for (size_t i = 0; i < schema->count; i += schema->fields[i].span)
		if (is_time(&schema->fields[i]) && !column--)
			return &schema->fields[i];
	return NULL;
}

static int address_column(enum kmeta_entity_kind kind)
{
	int column = 0;
	bool as_text;

	if (kind == KMETA_PARTITION)
		return partitions_address;
	while (field_of_column(kind, column, &as_text))
		column++;
	return column;
}

static void declare_columns(struct kmeta_buffer *out, enum kmeta_entity_kind kind)
{
	const struct kmeta_schema *schema = kmeta_entity_kind_schema(kind);
	const struct kmeta_schema_field *field;
	bool as_text;

	if (kind == KMETA_PARTITION) {
		kmeta_buffer_add(out, partitions_declaration, strlen(partitions_declaration) + 1);
		return;
	}
	kmeta_buffer_format(out, "CREATE TABLE entities(");
	for (int column = 0; (field = field_of_column(kind, column, &as_text)); column++) {
		kmeta_buffer_add(out, "\"", 1);
		sql_put_name(out, column_name(kind, field->name));
		/* "issue_time" of "issue_timestamp" */
		out->size -= as_text && !out->failed ? sizeof("stamp") - 1 : 0;
		kmeta_buffer_format(out, "\" %s, ",
		                    as_text ? "TEXT" : sql_field_type(schema, field));
	}
	kmeta_buffer_format(out, "address HIDDEN)");
	kmeta_buffer_add(out, "", 1);
}

static enum kmeta_entity_kind kind_of_table(const sqlite3_vtab *table)
{
	return *(const enum kmeta_entity_kind *)((const struct sql_table *)table)->about;
}

static int entities_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                            sqlite3_vtab **table, char **error)
{
	const struct sql_module *module = aux;
	struct kmeta_buffer columns = { 0 };
	int code;

	(void)argc, (void)argv, (void)error;
	declare_columns(&columns, *(const enum kmeta_entity_kind *)module->about);
	code = columns.failed ? SQLITE_NOMEM : sql_connect(db, aux, columns.at, table);
	kmeta_buffer_release(&columns);
	return code;
}

/* ---- plans ---- */

/* The partitions of a topic are found without the others. */
static void plan_topic(sqlite3_index_info *info, enum kmeta_entity_kind kind, char *letters,
                       int *count)
{
	for (int i = 0; kind == KMETA_PARTITION && i < info->nConstraint; i++) {
		if (info->aConstraint[i].iColumn != partitions_topic ||
		    info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ ||
		    !info->aConstraint[i].usable)
			continue;
		letters[(*count)++] = 't';
		info->aConstraintUsage[i].argvIndex = *count;
		info->estimatedRows = 50;
		info->estimatedCost = 100;
		return;
	}
}

/* Nothing but the leader is asked for, and rows with the same one are wanted together. */
static bool asks_for_leaders(const sqlite3_index_info *info, enum kmeta_entity_kind kind)
{
	const uint64_t arguments = UINT64_C(1) << partitions_address;

	return kind == KMETA_PARTITION && info->nOrderBy == 1 && !info->aOrderBy[0].desc &&
	       info->aOrderBy[0].iColumn == partitions_leader &&
	       (info->colUsed & ~arguments) == UINT64_C(1) << partitions_leader;
}

static int entities_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	const enum kmeta_entity_kind kind = kind_of_table(table);
	const struct sql_arguments arguments = { .first = address_column(kind),
		                                 .names = { "address" },
		                                 .needed = 1 };
	char letters[ENTITY_LETTERS] = "";
	int count = 0;
	const int code = sql_take_arguments(info, &arguments, letters, &count);

	if (code != SQLITE_OK)
		return code;
	info->estimatedRows = kind == KMETA_PARTITION ? 100000 : 1000;
	info->estimatedCost = (double)info->estimatedRows;
	plan_topic(info, kind, letters, &count);
	if (count == 1 && asks_for_leaders(info, kind)) {
		info->idxNum = PLAN_LEADERS;
		info->orderByConsumed = 1;
	}
	return sql_end_plan(info, &arguments, letters, count);
}

/* ---- cursors ---- */

static int entities_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
	return sql_open(table, sizeof(struct entities_cursor), cursor);
}

static void entities_reset(struct entities_cursor *c)
{
	kmeta_walk_close(c->walk);
	sql_state_give_back(c->common.sql, c->state);
	free(c->leaders);
	c->walk = NULL;
	c->state = NULL;
	c->leaders = NULL;
	c->leaders_count = 0;
	c->row = 0;
	c->is_at_end = false;
}

static int entities_close(sqlite3_vtab_cursor *cursor)
{
	struct entities_cursor *c = (struct entities_cursor *)cursor;

	entities_reset(c);
	kmeta_buffer_release(&c->scratch);
	sql_close(&c->common);
	return SQLITE_OK;
}

static int entities_step(struct entities_cursor *c)
{
	struct kmeta_finding why;
	enum kmeta_status status;

	c->row++;
	if (c->leaders) {
		c->is_at_end = (size_t)c->row >= c->leaders_count;
		return SQLITE_OK;
	}
	do
		status = kmeta_walk_next(c->walk, &c->entity, &why);
	while (status == KMETA_OK && c->entity.kind < c->kind);
	/* A walk over all goes on to topics behind the partitions of one. */
	while (status == KMETA_OK && c->entity.kind == KMETA_TOPIC && c->kind == KMETA_PARTITION)
		status = kmeta_walk_next(c->walk, &c->entity, &why);
	if (status == KMETA_FAILED)
		return sql_fail(c->common.base.pVtab, &why, NULL);
	c->is_at_end = status == KMETA_END || c->entity.kind != c->kind;
	return SQLITE_OK;
}

/* A walk over the kind, or over the partitions of all topics or of one. */
static int open_walk(struct entities_cursor *c, const char *letters, int count,
                     sqlite3_value **values)
{
	const struct kmeta_image *image = sql_state_image(c->state);
	struct kmeta_bytes topic = { 0 };
	struct kmeta_finding why;
	enum kmeta_status status;
	uint8_t id[16];
	bool known = false;

	if (c->kind == KMETA_PARTITION && count < 2) {
		status = kmeta_walk_open(&c->walk, image, 0, &why);
		return status == KMETA_OK ? SQLITE_OK : SQLITE_NOMEM;
	}
	for (int i = 0; i < count; i++)
		if (letters[i] == 't' && sqlite3_value_text(values[i])) {
			topic.data = sqlite3_value_text(values[i]);
			topic.size = (size_t)sqlite3_value_bytes(values[i]);
			known = kmeta_image_topic_id(image, topic, id);
		}
	status = kmeta_walk_open_kind(&c->walk, image, c->kind, known ? id : NULL, 0, &why);
	return status == KMETA_OK ? SQLITE_OK : SQLITE_NOMEM;
}

static int entities_filter(sqlite3_vtab_cursor *cursor, int number, const char *letters, int count,
                           sqlite3_value **values)
{
	struct entities_cursor *c = (struct entities_cursor *)cursor;
	int code;

	entities_reset(c);
	c->common.salvage = c->common.sql->options.salvage;
	c->kind = kind_of_table(cursor->pVtab);
	code = sql_state_take(&c->common, sql_argument(letters, count, values, 0), &c->state);
	if (code == SQLITE_OK)
		code = open_walk(c, letters, count, values);
	if (code == SQLITE_OK && number & PLAN_LEADERS)
		code = partitions_gather_leaders(c);
	c->row = -1;
	return code == SQLITE_OK ? entities_step(c) : code;
}

static int entities_next(sqlite3_vtab_cursor *cursor)
{
	return entities_step((struct entities_cursor *)cursor);
}

static int entities_eof(sqlite3_vtab_cursor *cursor)
{
	return ((struct entities_cursor *)cursor)->is_at_end;
}

/* Who or what a quota is for, as an object: {"user":"alice"}. */
static void entity_put_quota(struct entities_cursor *c, sqlite3_context *result)
{
	static const char before[] = "{\"entity\":", behind[] = ",\"key\":";
	const char *end;

	c->scratch.size = 0;
	kmeta_entity_key_json(&c->scratch, &c->entity, c->common.sql->options.flags);
	end = c->scratch.failed
	              ? NULL
	              : memmem(c->scratch.at, c->scratch.size, behind, sizeof(behind) - 1);
	if (!end) {
		sqlite3_result_error_nomem(result);
		return;
	}
	sql_result_json_text(result, c->scratch.at + sizeof(before) - 1,
	                     (size_t)(end - c->scratch.at) - (sizeof(before) - 1));
}

static int entities_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int column)
{
	struct entities_cursor *c = (struct entities_cursor *)cursor;
	const struct kmeta_schema_field *wanted;
	const struct kmeta_field *field;
	bool as_text;

	if (c->kind == KMETA_PARTITION) {
		partitions_put_column(c, result, column);
		return SQLITE_OK;
	}
	wanted = field_of_column(c->kind, column, &as_text);
	if (!wanted)
		return SQLITE_OK;
	field = kmeta_fields_find(c->entity.fields, wanted->name);
	if (c->kind == KMETA_QUOTA && !strcmp(wanted->name, "entity"))
		entity_put_quota(c, result);
	else if (field && as_text)
		sql_result_time(result, &c->scratch, field->value.integer,
		                c->common.sql->options.flags);
	else if (field)
		sql_result_field(result, &c->scratch, c->entity.fields, field,
		                 c->common.sql->options.flags);
	else if (!as_text)
		sql_result_default(result, c->entity.fields->schema, wanted);
	return SQLITE_OK;
}

static int entities_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
	*rowid = ((struct entities_cursor *)cursor)->row;
	return SQLITE_OK;
}

static const sqlite3_module entities_module = { .xConnect = entities_connect,
	                                        .xBestIndex = entities_plan,
	                                        .xDisconnect = sql_disconnect,
	                                        .xOpen = entities_open,
	                                        .xClose = entities_close,
	                                        .xFilter = entities_filter,
	                                        .xNext = entities_next,
	                                        .xEof = entities_eof,
	                                        .xColumn = entities_column,
	                                        .xRowid = entities_rowid };

const struct sql_row_of_modules sql_entities_modules[] = {
	{ "kmeta_topics", &entities_module, &module_kinds[0] },
	{ "kmeta_partitions", &entities_module, &module_kinds[1] },
	{ "kmeta_brokers", &entities_module, &module_kinds[2] },
	{ "kmeta_controllers", &entities_module, &module_kinds[3] },
	{ "kmeta_voters", &entities_module, &module_kinds[4] },
	{ "kmeta_configs", &entities_module, &module_kinds[5] },
	{ "kmeta_acls", &entities_module, &module_kinds[6] },
	{ "kmeta_quotas", &entities_module, &module_kinds[7] },
	{ "kmeta_scram", &entities_module, &module_kinds[8] },
	{ "kmeta_tokens", &entities_module, &module_kinds[9] },
	{ "kmeta_features", &entities_module, &module_kinds[10] },
	{ NULL, NULL, NULL }
};
