/* SPDX-License-Identifier: Apache-2.0 */
/* partitions.c: the columns of the table of partitions, and counting by leader. */
#include <stdlib.h>
#include <string.h>

#include "entities.h"

enum partition_column {
	PARTITION_TOPIC,
	PARTITION_NUMBER,
	PARTITION_LEADER,
	PARTITION_LEADER_EPOCH,
	PARTITION_EPOCH,
	PARTITION_REPLICAS,
	PARTITION_ISR,
	PARTITION_REPLICA_COUNT,
	PARTITION_ISR_COUNT,
	PARTITION_UNDER_REPLICATED,
	PARTITION_LEADERLESS,
	PARTITION_UNDER_MIN_ISR,
	PARTITION_REASSIGNING,
	PARTITION_ADDING,
	PARTITION_REMOVING,
	PARTITION_ELR,
	PARTITION_LAST_KNOWN_ELR,
	PARTITION_DIRECTORIES,
	PARTITION_RECOVERY,
	PARTITION_TOPIC_ID,
	PARTITION_ADDRESS
};

const char *const partitions_declaration =
	"CREATE TABLE partitions(topic TEXT, \"partition\" INTEGER, leader INTEGER,"
	" leader_epoch INTEGER, partition_epoch INTEGER, replicas JSON TEXT, isr JSON TEXT,"
	" replica_count INTEGER, isr_count INTEGER, under_replicated BOOLEAN,"
	" leaderless BOOLEAN, under_min_isr BOOLEAN, reassigning BOOLEAN, adding JSON TEXT,"
	" removing JSON TEXT, elr JSON TEXT, last_known_elr JSON TEXT, directories JSON TEXT,"
	" leader_recovery_state TEXT, topic_id TEXT, address HIDDEN)";

const int partitions_address = PARTITION_ADDRESS, partitions_topic = PARTITION_TOPIC,
	  partitions_leader = PARTITION_LEADER;

/* The columns that are fields, by the names of these. */
static const char *const partition_fields[] = {
	[PARTITION_NUMBER] = "partitionId",         [PARTITION_LEADER] = "leader",
	[PARTITION_LEADER_EPOCH] = "leaderEpoch",   [PARTITION_EPOCH] = "partitionEpoch",
	[PARTITION_REPLICAS] = "replicas",          [PARTITION_ISR] = "isr",
	[PARTITION_ADDING] = "addingReplicas",      [PARTITION_REMOVING] = "removingReplicas",
	[PARTITION_ELR] = "eligibleLeaderReplicas", [PARTITION_LAST_KNOWN_ELR] = "lastKnownElr",
	[PARTITION_DIRECTORIES] = "directories",    [PARTITION_RECOVERY] = "leaderRecoveryState",
	[PARTITION_TOPIC_ID] = "topicId",           [PARTITION_ADDRESS] = NULL
};

static int count_numbers(const struct entities_cursor *c, const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(c->entity.fields, name);

	return field ? (int)(field->value.bytes.size / sizeof(int32_t)) : 0;
}

static bool partition_is(const struct entities_cursor *c, struct kmeta_query query)
{
	return kmeta_query_matches(&query, sql_state_image(c->state), &c->entity);
}

static void partition_put_field(struct entities_cursor *c, sqlite3_context *result, int column)
{
	const char *name = partition_fields[column];
	const struct kmeta_field *field = kmeta_fields_find(c->entity.fields, name);
	const struct kmeta_schema *schema = kmeta_entity_kind_schema(KMETA_PARTITION);

	if (field) {
		sql_result_field(result, &c->scratch, c->entity.fields, field,
		                 c->common.sql->options.flags);
		return;
	}
	for (size_t i = 0; i < schema->count; i += schema->fields[i].span)
		if (!strcmp(schema->fields[i].name, name))
			sql_result_default(result, schema, &schema->fields[i]);
}

void partitions_put_column(struct entities_cursor *c, sqlite3_context *result, int column)
{
	if (c->leaders) {
		sqlite3_result_int(result, c->leaders[c->row]);
		return;
	}
	switch ((enum partition_column)column) {
	case PARTITION_TOPIC:
		sqlite3_result_text64(result, (const char *)c->entity.topic_name.data,
		                      c->entity.topic_name.size, SQLITE_TRANSIENT, SQLITE_UTF8);
		break;
	case PARTITION_REPLICA_COUNT:
		sqlite3_result_int(result, count_numbers(c, "replicas"));
		break;
	case PARTITION_ISR_COUNT:
		sqlite3_result_int(result, count_numbers(c, "isr"));
		break;
	case PARTITION_UNDER_REPLICATED:
		sqlite3_result_int(
			result, partition_is(c, (struct kmeta_query){ .under_replicated = true }));
		break;
	case PARTITION_LEADERLESS:
		sqlite3_result_int(result,
		                   partition_is(c, (struct kmeta_query){ .leaderless = true }));
		break;
	case PARTITION_UNDER_MIN_ISR:
		sqlite3_result_int(result,
		                   partition_is(c, (struct kmeta_query){ .under_min_isr = true }));
		break;
	case PARTITION_REASSIGNING:
		sqlite3_result_int(result,
		                   partition_is(c, (struct kmeta_query){ .reassigning = true }));
		break;
	case PARTITION_ADDRESS:
		break;
	default:
		partition_put_field(c, result, column);
	}
}

/* ---- counting by leader ---- */

static int leaders_by_number(const void *a, const void *b)
{
	const int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;

	return (left > right) - (left < right);
}

/* Few leaders of many partitions: counts them if their numbers are small, and sorts otherwise. */
static bool sort_leaders(int32_t *leaders, size_t count)
{
	enum { SMALL = 1 << 16 };
	size_t *counts = calloc(SMALL + 1, sizeof(*counts)), at = 0;
	bool small = true;

	if (!counts)
		return false;
	for (size_t i = 0; i < count && small; i++) {
		small = leaders[i] >= -1 && leaders[i] < SMALL;
		counts[small ? leaders[i] + 1 : 0]++;
	}
	for (int32_t leader = -1; small && leader < SMALL; leader++)
		for (size_t n = counts[leader + 1]; n; n--)
			leaders[at++] = leader;
	if (!small)
		qsort(leaders, count, sizeof(*leaders), leaders_by_number);
	free(counts);
	return true;
}

int partitions_gather_leaders(struct entities_cursor *c)
{
	const size_t room = kmeta_image_count(sql_state_image(c->state), KMETA_PARTITION);
	struct kmeta_finding why;
	enum kmeta_status status;
	size_t field_at = 0;

	c->leaders = malloc((room + 1) * sizeof(*c->leaders));
	if (!c->leaders)
		return SQLITE_NOMEM;
	while ((status = kmeta_walk_next(c->walk, &c->entity, &why)) == KMETA_OK &&
	       c->entity.kind <= KMETA_PARTITION) {
		const struct kmeta_fields *fields = c->entity.fields;

		if (c->entity.kind != KMETA_PARTITION || c->leaders_count == room)
			continue;
		/* It nearly always stands where it stood before. */
		if (field_at >= fields->count ||
		    strcmp(fields->at[field_at].schema->name, "leader") != 0) {
			const struct kmeta_field *field = kmeta_fields_find(fields, "leader");

			field_at = field ? (size_t)(field - fields->at) : 0;
			c->leaders[c->leaders_count++] = field ? (int32_t)field->value.integer : -1;
			continue;
		}
		c->leaders[c->leaders_count++] = (int32_t)fields->at[field_at].value.integer;
	}
	if (status == KMETA_FAILED)
		return sql_fail(c->common.base.pVtab, &why, NULL);
	return sort_leaders(c->leaders, c->leaders_count) ? SQLITE_OK : SQLITE_NOMEM;
}
