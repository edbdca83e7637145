/* SPDX-License-Identifier: Apache-2.0 */
/* table_columns.c: the columns of the tables, and how their cells are made. */
#include "table_columns.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "table.h"

static void cell_word(struct kmeta_buffer *text, const char *word)
{
	if (text)
		kmeta_buffer_add(text, word, strlen(word));
}

static void cell_nothing(struct table_value *value, struct kmeta_buffer *text, enum value_kind kind)
{
	value->kind = kind;
	cell_word(text, kind == VALUE_UNKNOWN ? "?" : "-");
}

static void cell_number(struct table_value *value, struct kmeta_buffer *text, int64_t number)
{
	value->kind = VALUE_NUMBER;
	value->number = (double)number;
	if (text)
		kmeta_buffer_format(text, "%lld", (long long)number);
}

static void cell_flag(struct table_value *value, struct kmeta_buffer *text, bool flag)
{
	value->kind = VALUE_NUMBER;
	value->number = flag;
	cell_word(text, flag ? "yes" : "-");
}

/* ---- fields ---- */

const struct kmeta_field *table_field(const struct kmeta_fields *fields, const char *name,
                                      size_t *at)
{
	const struct kmeta_field *field;

	if (*at < fields->count && !strcmp(fields->at[*at].schema->name, name))
		return &fields->at[*at];
	field = kmeta_fields_find(fields, name);
	*at = field ? (size_t)(field - fields->at) : 0;
	return field;
}

static bool field_is_unknown(const struct table_row *row, const char *field)
{
	return row->entity->unknown && kmeta_entity_is_unknown(row->entity, field);
}

/* The brackets of "[1,2]" say nothing in a column. */
static void cell_list(const struct table_row *row, const struct kmeta_field *field,
                      struct table_value *value, struct kmeta_buffer *text)
{
	const struct kmeta_bytes ids = field->value.bytes;
	const enum kmeta_kind kind = field->schema->kind;
	const size_t start = text ? text->size : 0;

	value->kind = VALUE_LIST;
	if (kind == KMETA_INT32)
		value->ids = ids;
	value->number = kind == KMETA_INT32  ? (double)(ids.size / 4)
	                : kind == KMETA_UUID ? (double)(ids.size / 16)
	                                     : (double)field->value.integer;
	if (!text)
		return;
	if (value->number < 1) {
		cell_word(text, "-");
		return;
	}
	kmeta_field_text(text, row->entity->fields, field, row->table->flags);
	if (!text->failed && text->size > start + 1 && text->at[start] == '[' &&
	    text->at[text->size - 1] == ']') {
		memmove(text->at + start, text->at + start + 1, text->size - start - 2);
		text->size -= 2;
	}
}

static void cell_field(const struct table_row *row, const struct column *column,
                       struct table_value *value, struct kmeta_buffer *text)
{
	const struct kmeta_field *field = kmeta_fields_find(row->entity->fields, column->field);

	if (field_is_unknown(row, column->field)) {
		cell_nothing(value, text, VALUE_UNKNOWN);
		return;
	}
	if (!field || field->flags & KMETA_VALUE_NULL) {
		cell_nothing(value, text, VALUE_NONE);
		return;
	}
	if (field->schema->flags & KMETA_FIELD_ARRAY) {
		cell_list(row, field, value, text);
		return;
	}
	if (field->schema->kind == KMETA_BOOL) {
		cell_flag(value, text, field->value.integer != 0);
		return;
	}
	value->kind = field->schema->kind <= KMETA_FLOAT64 ? VALUE_NUMBER : VALUE_TEXT;
	value->number = field->schema->kind == KMETA_FLOAT64 ? field->value.real
	                : value->kind == VALUE_NUMBER        ? (double)field->value.integer
	                                                     : 0;
	if (text)
		kmeta_field_text(text, row->entity->fields, field, row->table->flags);
}

/* The settings of all brokers have no resource. */
static void cell_resource(const struct table_row *row, const struct column *column,
                          struct table_value *value, struct kmeta_buffer *text)
{
	const struct kmeta_field *field = kmeta_fields_find(row->entity->fields, column->field);

	if (!field || field->value.bytes.size) {
		cell_field(row, column, value, text);
		return;
	}
	value->kind = VALUE_TEXT;
	cell_word(text, "(default)");
}

static void cell_time(const struct table_row *row, const struct column *column,
                      struct table_value *value, struct kmeta_buffer *text)
{
	const struct kmeta_field *field = kmeta_fields_find(row->entity->fields, column->field);

	if (field_is_unknown(row, column->field) || !field) {
		cell_nothing(value, text, field ? VALUE_UNKNOWN : VALUE_NONE);
		return;
	}
	value->kind = VALUE_NUMBER;
	value->number = (double)field->value.integer;
	if (text)
		kmeta_print_time(text, field->value.integer,
		                 row->table->flags & ~(unsigned)KMETA_SHOW_NARROW);
}

static void cell_level(const struct table_row *row, const struct column *column,
                       struct table_value *value, struct kmeta_buffer *text)
{
	const struct kmeta_field *name = kmeta_fields_find(row->entity->fields, "name");
	const struct kmeta_field *level = kmeta_fields_find(row->entity->fields, column->field);
	const char *word = NULL;

	if (name && level && name->value.bytes.size == 16 &&
	    !memcmp(name->value.bytes.data, "metadata.version", 16))
		word = kmeta_metadata_version_name(level->value.integer);
	if (!word) {
		cell_nothing(value, text, VALUE_NONE);
		return;
	}
	value->kind = VALUE_TEXT;
	cell_word(text, word);
}

/* "0-1": the levels that a voter supports, which are the two numbers of a struct. */
static void cell_range(const struct table_row *row, const struct column *column,
                       struct table_value *value, struct kmeta_buffer *text)
{
	const struct kmeta_field *field = kmeta_fields_find(row->entity->fields, column->field);

	if (!field || field->span < 3) {
		cell_nothing(value, text, VALUE_NONE);
		return;
	}
	value->kind = VALUE_TEXT;
	if (text)
		kmeta_buffer_format(text, "%lld-%lld", (long long)field[1].value.integer,
		                    (long long)field[2].value.integer);
}

/* ---- parts of the path, which are tame whatever bytes a name has ---- */

/* The path without its first word and, with "number" set, without its last one. */
static void cell_path(const struct table_row *row, const struct column *column,
                      struct table_value *value, struct kmeta_buffer *text)
{
	size_t start, cut;

	value->kind = VALUE_TEXT;
	if (!text)
		return;
	start = text->size;
	kmeta_entity_path(text, row->entity, row->table->flags);
	if (text->failed)
		return;
	cut = strlen(kmeta_entity_kind_group(row->entity->kind)) + 1;
	cut = cut < text->size - start ? cut : text->size - start;
	memmove(text->at + start, text->at + start + cut, text->size - start - cut);
	text->size -= cut;
	while (column->number && text->size > start)
		if (text->at[--text->size] == '/')
			break;
}

/* ---- partitions ---- */

static struct kmeta_bytes ids_of(const struct table_row *row, const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(row->entity->fields, name);

	return field ? field->value.bytes : (struct kmeta_bytes){ 0 };
}

/* How many a list has. */
static void cell_size(const struct table_row *row, const struct column *column,
                      struct table_value *value, struct kmeta_buffer *text)
{
	if (field_is_unknown(row, column->field))
		cell_nothing(value, text, VALUE_UNKNOWN);
	else
		cell_number(value, text, (int64_t)(ids_of(row, column->field).size / 4));
}

/* How many replicas are not in sync. */
static void cell_missing(const struct table_row *row, const struct column *column,
                         struct table_value *value, struct kmeta_buffer *text)
{
	const int64_t replicas = (int64_t)(ids_of(row, "replicas").size / 4);
	const int64_t isr = (int64_t)(ids_of(row, "isr").size / 4);

	(void)column;
	if (field_is_unknown(row, "replicas") || field_is_unknown(row, "isr"))
		cell_nothing(value, text, VALUE_UNKNOWN);
	else
		cell_number(value, text, replicas > isr ? replicas - isr : 0);
}

static int nodes_by_id(const void *key, const void *node)
{
	const int32_t id = *(const int32_t *)key, other = ((const struct table_node *)node)->id;

	return (id > other) - (id < other);
}

const struct table_node *table_node(const struct table *t, int32_t id)
{
	return t->nodes_count
	               ? bsearch(&id, t->nodes, t->nodes_count, sizeof(*t->nodes), nodes_by_id)
	               : NULL;
}

/* The replicas on brokers that are fenced or not registered. */
static void cell_offline(const struct table_row *row, const struct column *column,
                         struct table_value *value, struct kmeta_buffer *text)
{
	const struct kmeta_bytes replicas = ids_of(row, "replicas");

	(void)column;
	/* Of a state that is known in part, some brokers are not known either. */
	if (kmeta_image_partial_from(row->table->image) >= 0) {
		cell_nothing(value, text, VALUE_UNKNOWN);
		return;
	}
	value->kind = VALUE_LIST;
	for (size_t i = 0; i < replicas.size / 4; i++) {
		const int32_t id = table_id(replicas, i);

		const struct table_node *node = table_node(row->table, id);

		if (node && node->online)
			continue;
		if (text)
			kmeta_buffer_format(text, "%s%d", value->number > 0 ? "," : "", id);
		value->number++;
	}
	if (value->number < 1)
		cell_word(text, "-");
}

/* "+4,5 -1": replicas that come and go. */
static void cell_reassigning(const struct table_row *row, const struct column *column,
                             struct table_value *value, struct kmeta_buffer *text)
{
	static const struct {
		const char *field, *sign;
	} sides[] = { { "addingReplicas", "+" }, { "removingReplicas", "-" } };

	(void)column;
	value->kind = VALUE_LIST;
	for (size_t side = 0; side < 2; side++) {
		const struct kmeta_bytes ids = ids_of(row, sides[side].field);

		for (size_t i = 0; i < ids.size / 4; i++, value->number++)
			if (text)
				kmeta_buffer_format(text, "%s%s%d",
				                    i                   ? ","
				                    : value->number > 0 ? " "
				                                        : "",
				                    i ? "" : sides[side].sign, table_id(ids, i));
	}
	if (value->number < 1)
		cell_word(text, "-");
}

/* Conditions of operators, as kmeta-image has them. */
enum { QUERY_LEADERLESS, QUERY_UNDER_REPLICATED, QUERY_UNDER_MIN_ISR };

static void cell_query(const struct table_row *row, const struct column *column,
                       struct table_value *value, struct kmeta_buffer *text)
{
	static const struct kmeta_query queries[] = {
		[QUERY_LEADERLESS] = { .leaderless = true },
		[QUERY_UNDER_REPLICATED] = { .under_replicated = true },
		[QUERY_UNDER_MIN_ISR] = { .under_min_isr = true },
	};

	if (field_is_unknown(row, column->field))
		cell_nothing(value, text, VALUE_UNKNOWN);
	else
		cell_flag(value, text,
		          kmeta_query_matches(&queries[column->number], row->table->image,
		                              row->entity));
}

/* ---- what was counted ---- */

static uint32_t tally_of(const struct table_row *row, size_t which)
{
	const struct table *t = row->table;

	return t->tallies ? t->tallies[row->number * t->about->tallies + which] : 0;
}

static void cell_tally(const struct table_row *row, const struct column *column,
                       struct table_value *value, struct kmeta_buffer *text)
{
	cell_number(value, text, tally_of(row, column->number));
}

/* The replication factor of a topic: "3", or "1-3" where its partitions differ. */
static void cell_factor(const struct table_row *row, const struct column *column,
                        struct table_value *value, struct kmeta_buffer *text)
{
	const uint32_t least = tally_of(row, TALLY_LEAST_REPLICAS);
	const uint32_t most = tally_of(row, TALLY_MOST_REPLICAS);

	(void)column;
	cell_number(value, text, least);
	if (text && most > least)
		kmeta_buffer_format(text, "-%u", most);
}

/* ---- the columns, those that matter most first ---- */

enum {
	KEY = COLUMN_KEY,
	RIGHT = COLUMN_RIGHT,
	NUMBER_KEY = COLUMN_KEY | COLUMN_RIGHT,
	TEXT = COLUMN_TEXT,
	TEXT_KEY = COLUMN_KEY | COLUMN_TEXT,
	FIRST = COLUMN_KEY | COLUMN_TEXT | COLUMN_IN_ORDER,
	FLAG = COLUMN_FLAG,
	HIDDEN = COLUMN_HIDDEN,
	WRONG = COLUMN_WRONG_SOME
};

/* As cells number them. */
enum { ALARM = 1, CAUTION = 3 };

static const struct column partition_columns[] = {
	{ "topic", cell_path, NULL, 1, 32, FIRST, 0 },
	{ "partition", cell_field, "partitionId", 0, 9, NUMBER_KEY, 0 },
	{ "leader", cell_field, "leader", 0, 10, RIGHT | COLUMN_WRONG_NONE, ALARM },
	{ "isr", cell_field, "isr", 0, 16, 0, 0 },
	{ "replicas", cell_field, "replicas", 0, 16, 0, 0 },
	{ "missing", cell_missing, NULL, 0, 7, RIGHT | WRONG, CAUTION },
	{ "offline", cell_offline, NULL, 0, 16, WRONG, CAUTION },
	{ "reassigning", cell_reassigning, NULL, 0, 16, WRONG, CAUTION },
	{ "elr", cell_field, "eligibleLeaderReplicas", 0, 12, 0, 0 },
	{ "last-elr", cell_field, "lastKnownElr", 0, 12, 0, 0 },
	{ "epoch", cell_field, "partitionEpoch", 0, 10, RIGHT, 0 },
	{ "leader-epoch", cell_field, "leaderEpoch", 0, 12, RIGHT, 0 },
	{ "recovery", cell_field, "leaderRecoveryState", 0, 10, WRONG, CAUTION },
	{ "under-min-isr", cell_query, "isr", QUERY_UNDER_MIN_ISR, 13, FLAG | WRONG, ALARM },
	{ "directories", cell_field, "directories", 0, 48, 0, 0 },
	{ "topic-id", cell_field, "topicId", 0, 22, TEXT, 0 },
	{ "rf", cell_size, "replicas", 0, 4, RIGHT | HIDDEN, 0 },
	{ "leaderless", cell_query, "leader", QUERY_LEADERLESS, 10, FLAG | HIDDEN | WRONG, ALARM },
	{ "under-replicated", cell_query, "isr", QUERY_UNDER_REPLICATED, 16, FLAG | HIDDEN | WRONG,
	  CAUTION },
};

static const struct column topic_columns[] = {
	{ "topic", cell_path, NULL, 0, 48, FIRST, 0 },
	{ "partitions", cell_tally, NULL, TALLY_PARTITIONS, 10, RIGHT, 0 },
	{ "rf", cell_factor, NULL, 0, 6, RIGHT, 0 },
	{ "leaderless", cell_tally, NULL, TALLY_LEADERLESS, 10, RIGHT | WRONG, ALARM },
	{ "under-replicated", cell_tally, NULL, TALLY_UNDER_REPLICATED, 16, RIGHT | WRONG,
	  CAUTION },
	{ "reassigning", cell_tally, NULL, TALLY_REASSIGNING, 11, RIGHT | WRONG, CAUTION },
	{ "overrides", cell_tally, NULL, TALLY_OVERRIDES, 9, RIGHT, 0 },
	{ "id", cell_field, "topicId", 0, 22, TEXT, 0 },
};

static const struct column broker_columns[] = {
	{ "broker", cell_field, "brokerId", 0, 10, NUMBER_KEY, 0 },
	{ "fenced", cell_field, "fenced", 0, 6, FLAG | WRONG, ALARM },
	{ "in-shutdown", cell_field, "inControlledShutdown", 0, 11, FLAG | WRONG, CAUTION },
	{ "leaders", cell_tally, NULL, TALLY_LEADERS, 9, RIGHT, 0 },
	{ "replicas", cell_tally, NULL, TALLY_REPLICAS, 9, RIGHT, 0 },
	{ "behind", cell_tally, NULL, TALLY_BEHIND, 9, RIGHT | WRONG, CAUTION },
	{ "rack", cell_field, "rack", 0, 16, TEXT, 0 },
	{ "endpoints", cell_field, "endPoints", 0, 48, TEXT, 0 },
	{ "directories", cell_field, "logDirs", 0, 48, 0, 0 },
	{ "cordoned", cell_field, "cordonedLogDirs", 0, 24, 0, 0 },
	{ "epoch", cell_field, "brokerEpoch", 0, 10, RIGHT, 0 },
	{ "incarnation", cell_field, "incarnationId", 0, 22, TEXT, 0 },
	{ "of-zookeeper", cell_field, "isMigratingZkBroker", 0, 12, FLAG | WRONG, CAUTION },
	{ "features", cell_field, "features", 0, 64, TEXT, 0 },
};

static const struct column controller_columns[] = {
	{ "controller", cell_field, "controllerId", 0, 10, NUMBER_KEY, 0 },
	{ "endpoints", cell_field, "endPoints", 0, 48, TEXT, 0 },
	{ "migration-ready", cell_field, "zkMigrationReady", 0, 15, FLAG, 0 },
	{ "incarnation", cell_field, "incarnationId", 0, 22, TEXT, 0 },
	{ "features", cell_field, "features", 0, 64, TEXT, 0 },
};

static const struct column voter_columns[] = {
	{ "voter", cell_field, "voterId", 0, 10, NUMBER_KEY, 0 },
	{ "endpoints", cell_field, "endpoints", 0, 48, TEXT, 0 },
	{ "directory", cell_field, "voterDirectoryId", 0, 22, TEXT, 0 },
	{ "kraft-version", cell_range, "kRaftVersionFeature", 0, 13, TEXT, 0 },
};

static const struct column config_columns[] = {
	{ "type", cell_field, "resourceType", 0, 14, TEXT_KEY, 0 },
	{ "resource", cell_resource, "resourceName", 0, 28, TEXT_KEY, 0 },
	{ "name", cell_field, "name", 0, 36, TEXT, 0 },
	{ "value", cell_field, "value", 0, 48, TEXT, 0 },
};

static const struct column acl_columns[] = {
	{ "principal", cell_field, "principal", 0, 24, TEXT_KEY, 0 },
	{ "permission", cell_field, "permissionType", 0, 10, TEXT, 0 },
	{ "operation", cell_field, "operation", 0, 16, TEXT, 0 },
	{ "type", cell_field, "resourceType", 0, 16, TEXT, 0 },
	{ "resource", cell_field, "resourceName", 0, 28, TEXT, 0 },
	{ "pattern", cell_field, "patternType", 0, 8, TEXT, 0 },
	{ "host", cell_field, "host", 0, 24, TEXT, 0 },
	{ "id", cell_field, "id", 0, 22, TEXT, 0 },
};

static const struct column quota_columns[] = {
	{ "entity", cell_path, NULL, 1, 48, TEXT_KEY, 0 },
	{ "quota", cell_field, "key", 0, 28, TEXT, 0 },
	{ "value", cell_field, "value", 0, 20, RIGHT, 0 },
};

static const struct column feature_columns[] = {
	{ "feature", cell_field, "name", 0, 36, TEXT_KEY, 0 },
	{ "level", cell_field, "featureLevel", 0, 6, RIGHT, 0 },
	{ "called", cell_level, "featureLevel", 0, 12, TEXT, 0 },
};

static const struct column scram_columns[] = {
	{ "user", cell_field, "name", 0, 32, TEXT_KEY, 0 },
	{ "mechanism", cell_field, "mechanism", 0, 14, TEXT, 0 },
	{ "iterations", cell_field, "iterations", 0, 10, RIGHT, 0 },
	{ "salt", cell_field, "salt", 0, 24, TEXT | HIDDEN, 0 },
	{ "stored-key", cell_field, "storedKey", 0, 48, TEXT | HIDDEN, 0 },
	{ "server-key", cell_field, "serverKey", 0, 48, TEXT | HIDDEN, 0 },
};

static const struct column token_columns[] = {
	{ "owner", cell_field, "owner", 0, 24, TEXT_KEY, 0 },
	{ "requester", cell_field, "requester", 0, 24, TEXT, 0 },
	{ "expires", cell_time, "expirationTimestamp", 0, 29, 0, 0 },
	{ "issued", cell_time, "issueTimestamp", 0, 29, 0, 0 },
	{ "at-most", cell_time, "maxTimestamp", 0, 29, 0, 0 },
	{ "renewers", cell_field, "renewers", 0, 32, TEXT, 0 },
	{ "id", cell_field, "tokenId", 0, 22, TEXT, 0 },
};

static const struct column producer_ids_columns[] = {
	{ "next", cell_field, "nextProducerId", 0, 20, NUMBER_KEY, 0 },
	{ "broker", cell_field, "brokerId", 0, 10, RIGHT, 0 },
	{ "broker-epoch", cell_field, "brokerEpoch", 0, 12, RIGHT, 0 },
};

static const struct column migration_columns[] = {
	{ "state", cell_field, "zkMigrationState", 0, 24, TEXT_KEY, 0 },
};

#define COLUMNS(of) of, sizeof(of) / sizeof((of)[0])

static const struct table_kind table_kinds[KMETA_ENTITY_KINDS] = {
	[KMETA_VOTER] = { COLUMNS(voter_columns), 0, false },
	[KMETA_FEATURE] = { COLUMNS(feature_columns), 0, false },
	[KMETA_ZK_MIGRATION] = { COLUMNS(migration_columns), 0, false },
	[KMETA_BROKER] = { COLUMNS(broker_columns), TALLIES_OF_BROKER, true },
	[KMETA_CONTROLLER] = { COLUMNS(controller_columns), 0, false },
	[KMETA_TOPIC] = { COLUMNS(topic_columns), TALLIES_OF_TOPIC, true },
	[KMETA_PARTITION] = { COLUMNS(partition_columns), 0, true },
	[KMETA_CONFIG] = { COLUMNS(config_columns), 0, false },
	[KMETA_QUOTA] = { COLUMNS(quota_columns), 0, false },
	[KMETA_PRODUCER_IDS] = { COLUMNS(producer_ids_columns), 0, false },
	[KMETA_ACL] = { COLUMNS(acl_columns), 0, false },
	[KMETA_SCRAM] = { COLUMNS(scram_columns), 0, false },
	[KMETA_TOKEN] = { COLUMNS(token_columns), 0, false },
};

const struct table_kind *table_kind(enum kmeta_entity_kind kind)
{
	return &table_kinds[kind];
}

static bool same_name(const char *name, const char *word, size_t size)
{
	if (strlen(name) != size)
		return false;
	for (size_t i = 0; i < size; i++) {
		const char c = word[i] == '_' ? '-' : word[i];

		if (strncasecmp(&c, name + i, 1) != 0)
			return false;
	}
	return true;
}

bool table_column(const struct table_kind *kind, const char *name, size_t size, size_t *column)
{
	for (size_t i = 0; i < kind->count; i++)
		if (same_name(kind->columns[i].name, name, size)) {
			*column = i;
			return true;
		}
	return false;
}

void table_cell(const struct table_row *row, const struct column *column, struct table_value *value,
                struct kmeta_buffer *text)
{
	*value = (struct table_value){ .kind = VALUE_NONE };
	column->put(row, column, value, text);
}
