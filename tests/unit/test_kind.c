/* SPDX-License-Identifier: Apache-2.0 */
/* test_kind.c: the words that name kinds of entities, and what types of records are for. */
#include <stdio.h>
#include <string.h>

#include <kmeta.h>

#include "rows.h"

static const struct {
	const char *word;
	enum kmeta_entity_kind kind;
} words[] = {
	{ "topic", KMETA_TOPIC },
	{ "topics", KMETA_TOPIC },
	{ "Topics", KMETA_TOPIC },
	{ "TOPIC_RECORD", KMETA_TOPIC },
	{ "topic_records", KMETA_TOPIC },
	{ "remove_topic", KMETA_TOPIC },
	{ "partition", KMETA_PARTITION },
	{ "PARTITIONS", KMETA_PARTITION },
	{ "partition-change", KMETA_PARTITION },
	{ "acl", KMETA_ACL },
	{ "acls", KMETA_ACL },
	{ "ACCESS_CONTROL_ENTRY_RECORD", KMETA_ACL },
	{ "producer-ids", KMETA_PRODUCER_IDS },
	{ "producer_id", KMETA_PRODUCER_IDS },
	{ "zk-migration", KMETA_ZK_MIGRATION },
	{ "zk_migration_state", KMETA_ZK_MIGRATION },
	{ "register_broker", KMETA_BROKER },
	{ "client-quotas", KMETA_QUOTA },
	{ "", KMETA_ENTITY_KINDS },
	{ "s", KMETA_ENTITY_KINDS },
	{ "top", KMETA_ENTITY_KINDS },
	{ "topicss", KMETA_ENTITY_KINDS },
	{ "NO_OP", KMETA_ENTITY_KINDS },
	{ "topic_recordings", KMETA_ENTITY_KINDS },
	{ "_RECORD", KMETA_ENTITY_KINDS },
};

ROWS(kind, words, words)

ParameterizedTest(const size_t *row, kind, words)
{
	const char *word = words[*row].word;
	char text[64];

	cr_assert_eq(kmeta_entity_kind_find(word, strlen(word)), words[*row].kind, "%s", word);
	/* Only "size" bytes count. */
	snprintf(text, sizeof(text), "%sx", word);
	cr_assert_eq(kmeta_entity_kind_find(text, strlen(word)), words[*row].kind, "%s", word);
}

Test(kind, each_is_found_by_its_name)
{
	for (enum kmeta_entity_kind kind = 0; kind < KMETA_ENTITY_KINDS; kind++) {
		const char *name = kmeta_entity_kind_name(kind);

		cr_assert_eq(kmeta_entity_kind_find(name, strlen(name)), kind, "%s", name);
	}
}

Test(kind, every_type_is_for_something)
{
	for (int32_t type = 0; type < 64; type++)
		for (int control = 0; control < 2; control++)
			cr_assert_eq(!kmeta_type_name(control, type),
			             !kmeta_type_about(control, type), "%d", type);
	cr_assert_null(kmeta_type_about(false, -1));
	cr_assert_str_eq(kmeta_type_about(true, KMETA_CONTROL_SNAPSHOT_HEADER),
	                 "the first record of a checkpoint");
}
