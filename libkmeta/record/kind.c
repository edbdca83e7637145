/* SPDX-License-Identifier: Apache-2.0 */
/* kind.c: the facts about each kind of entity and each type of record, as two constant tables. */
#include "record/kind.h"

#include <string.h>
#include <strings.h>

#include "record/schema.h"

/* ---- kinds of entities ---- */

const struct kind kinds[KMETA_ENTITY_KINDS] = {
	[KMETA_VOTER] = { .name = "voter",
	                  .type = KMETA_CONTROL_KRAFT_VOTERS,
	                  .control = true,
	                  .keys = { { "voterId", "voter" } },
	                  .group = "voters",
	                  .path = "voters/{voterId}" },
	[KMETA_FEATURE] = { .name = "feature",
	                    .type = KMETA_FEATURE_LEVEL_RECORD,
	                    .keys = { { "name", "name" } },
	                    .group = "features",
	                    .path = "features/{name}",
	                    .members = { "featureLevel" } },
	[KMETA_ZK_MIGRATION] = { .name = "zk-migration",
	                         .type = KMETA_ZK_MIGRATION_STATE_RECORD,
	                         .group = "zk-migration",
	                         .path = "zk-migration",
	                         .document = "zkMigrationState",
	                         .members = { "zkMigrationState" } },
	[KMETA_BROKER] = { .name = "broker",
	                   .type = KMETA_REGISTER_BROKER_RECORD,
	                   .keys = { { "brokerId", "broker" } },
	                   .group = "brokers",
	                   .path = "brokers/{brokerId}" },
	[KMETA_CONTROLLER] = { .name = "controller",
	                       .type = KMETA_REGISTER_CONTROLLER_RECORD,
	                       .keys = { { "controllerId", "controller" } },
	                       .group = "controllers",
	                       .path = "controllers/{controllerId}" },
	[KMETA_TOPIC] = { .name = "topic",
	                  .type = KMETA_TOPIC_RECORD,
	                  .keys = { { "name", "topic" }, { "topicId", "topicId" } },
	                  .group = "topics",
	                  .path = "topics/{name}",
	                  .document = "topics/{name}/topicId",
	                  .members = { "topicId" } },
	[KMETA_PARTITION] = { .name = "partition",
	                      .type = KMETA_PARTITION_RECORD,
	                      .keys = { { "topic", "topic" },
	                                { "topicId", "topicId" },
	                                { "partitionId", "partition" } },
	                      .group = "topics",
	                      .path = "topics/{topic}/{partitionId}",
	                      .document = "topics/{topic}/partitions/{partitionId}" },
	[KMETA_CONFIG] = { .name = "config",
	                   .type = KMETA_CONFIG_RECORD,
	                   .keys = { { "resourceType", "resourceType" },
	                             { "resourceName", "resource" },
	                             { "name", "name" } },
	                   .group = "configs",
	                   .path = "configs/{resourceType}/{resourceName}/{name}",
	                   .members = { "value" } },
	[KMETA_QUOTA] = { .name = "quota",
	                  .type = KMETA_CLIENT_QUOTA_RECORD,
	                  .keys = { { "entity", "entity" }, { "key", "key" } },
	                  .group = "quotas",
	                  .path = "quotas/{entity}/{key}",
	                  .members = { "value" } },
	[KMETA_PRODUCER_IDS] = { .name = "producer-ids",
	                         .type = KMETA_PRODUCER_IDS_RECORD,
	                         .group = "producer-ids",
	                         .path = "producer-ids",
	                         .document = "nextProducerId",
	                         .members = { "nextProducerId" } },
	[KMETA_ACL] = { .name = "acl",
	                .type = KMETA_ACCESS_CONTROL_ENTRY_RECORD,
	                .keys = { { "id", "id" } },
	                .group = "acls",
	                .path = "acls/{id}" },
	[KMETA_SCRAM] = { .name = "scram",
	                  .type = KMETA_USER_SCRAM_CREDENTIAL_RECORD,
	                  .keys = { { "name", "user" }, { "mechanism", "mechanism" } },
	                  .group = "scram",
	                  .path = "scram/{name}/{mechanism}",
	                  .members = { "iterations", "salt", "storedKey", "serverKey" } },
	[KMETA_TOKEN] = { .name = "token",
	                  .type = KMETA_DELEGATION_TOKEN_RECORD,
	                  .keys = { { "tokenId", "tokenId" } },
	                  .group = "tokens",
	                  .path = "tokens/{tokenId}" },
};

/* ---- types of records ---- */

#define ENTITY(kind) .entity = (kind), .has_entity = true

static const struct record_kind records[] = {
	[KMETA_REGISTER_BROKER_RECORD] = { ENTITY(KMETA_BROKER), .lead = "broker {brokerId}",
	                                   .levels = { 0, 7, 8, 17, 30 } },
	[KMETA_UNREGISTER_BROKER_RECORD] = { ENTITY(KMETA_BROKER), .lead = "broker {brokerId}" },
	[KMETA_TOPIC_RECORD] = { ENTITY(KMETA_TOPIC), .lead = "{name} id={topicId}" },
	[KMETA_PARTITION_RECORD] = { ENTITY(KMETA_PARTITION), .lead = "{topicId}/{partitionId}",
	                             .levels = { 0, 17, 23 } },
	[KMETA_CONFIG_RECORD] = { ENTITY(KMETA_CONFIG),
	                          .lead = "{resourceType} {resourceName} {name}={value}",
	                          .holds_secrets = true },
	[KMETA_PARTITION_CHANGE_RECORD] = { ENTITY(KMETA_PARTITION),
	                                    .lead = "{topicId}/{partitionId}",
	                                    .levels = { 0, 17, 23 } },
	[KMETA_ACCESS_CONTROL_RECORD] = { .has_entity = false },
	[KMETA_FENCE_BROKER_RECORD] = { ENTITY(KMETA_BROKER), .number = "id",
	                                .lead = "broker {id}" },
	[KMETA_UNFENCE_BROKER_RECORD] = { ENTITY(KMETA_BROKER), .number = "id",
	                                  .lead = "broker {id}" },
	[KMETA_REMOVE_TOPIC_RECORD] = { ENTITY(KMETA_TOPIC), .lead = "{topicId}" },
	[KMETA_DELEGATION_TOKEN_RECORD] = { ENTITY(KMETA_TOKEN), .lead = "{owner}",
	                                    .holds_secrets = true, .levels = { 14 } },
	[KMETA_USER_SCRAM_CREDENTIAL_RECORD] = { ENTITY(KMETA_SCRAM), .lead = "{name}",
	                                         .holds_secrets = true, .levels = { 11 } },
	[KMETA_FEATURE_LEVEL_RECORD] = { ENTITY(KMETA_FEATURE), .lead = "{name}={featureLevel}",
	                                 .levels = { 4 } },
	[KMETA_CLIENT_QUOTA_RECORD] = { ENTITY(KMETA_QUOTA) },
	[KMETA_PRODUCER_IDS_RECORD] = { ENTITY(KMETA_PRODUCER_IDS),
	                                .lead = "next={nextProducerId}" },
	[KMETA_REMOVE_FEATURE_LEVEL_RECORD] = { ENTITY(KMETA_FEATURE), .lead = "{name}" },
	[KMETA_BROKER_REGISTRATION_CHANGE_RECORD] = { ENTITY(KMETA_BROKER),
	                                              .lead = "broker {brokerId}",
	                                              .levels = { 6, 7, 17, 30 } },
	[KMETA_ACCESS_CONTROL_ENTRY_RECORD] = { ENTITY(KMETA_ACL),
	                                        .lead = "{permissionType} {principal} from {host} "
	                                                "{operation} on {resourceType} "
	                                                "{resourceName} {patternType}" },
	[KMETA_REMOVE_ACCESS_CONTROL_ENTRY_RECORD] = { ENTITY(KMETA_ACL) },
	[KMETA_NO_OP_RECORD] = { .levels = { 5 } },
	[KMETA_ZK_MIGRATION_STATE_RECORD] = { ENTITY(KMETA_ZK_MIGRATION),
	                                      .lead = "{zkMigrationState}", .levels = { 8 } },
	[KMETA_REMOVE_USER_SCRAM_CREDENTIAL_RECORD] = { ENTITY(KMETA_SCRAM), .lead = "{name}",
	                                                .levels = { 11 } },
	[KMETA_BEGIN_TRANSACTION_RECORD] = { .lead = "{name}", .levels = { 13 } },
	[KMETA_END_TRANSACTION_RECORD] = { .levels = { 13 } },
	[KMETA_ABORT_TRANSACTION_RECORD] = { .lead = "{reason}", .levels = { 13 } },
	[KMETA_REMOVE_DELEGATION_TOKEN_RECORD] = { ENTITY(KMETA_TOKEN), .holds_secrets = true,
	                                           .levels = { 14 } },
	[KMETA_REGISTER_CONTROLLER_RECORD] = { ENTITY(KMETA_CONTROLLER),
	                                       .lead = "controller {controllerId}",
	                                       .levels = { 15 } },
	[KMETA_CLEAR_ELR_RECORD] = { ENTITY(KMETA_PARTITION), .lead = "topic {topicName}",
	                             .levels = { 23 } },
	[KMETA_UNREGISTER_CONTROLLER_RECORD] = { ENTITY(KMETA_CONTROLLER),
	                                         .lead = "controller {controllerId}",
	                                         .levels = { 33 } },
};

enum { RECORDS = sizeof(records) / sizeof(records[0]) };

const struct record_kind *record_kind(bool control, int32_t type)
{
	return !control && type >= 0 && type < RECORDS ? &records[type] : NULL;
}

int64_t record_level(int32_t type, int32_t version)
{
	const struct record_kind *record = record_kind(false, type);

	return record && version >= 0 && version < KIND_VERSIONS ? record->levels[version] : 0;
}

/* ---- what a snapshot holds ---- */

const char *kmeta_entity_kind_name(enum kmeta_entity_kind kind)
{
	return kind < KMETA_ENTITY_KINDS ? kinds[kind].name : NULL;
}

const char *kmeta_entity_kind_group(enum kmeta_entity_kind kind)
{
	return kind < KMETA_ENTITY_KINDS ? kinds[kind].group : NULL;
}

bool kmeta_entity_kind_is_single(enum kmeta_entity_kind kind)
{
	return kind < KMETA_ENTITY_KINDS && !kinds[kind].keys[0].field;
}

/* ---- words ---- */

static size_t singular_size(const char *word, size_t size)
{
	return size > 1 && (word[size - 1] | 0x20) == 's' ? size - 1 : size;
}

/* The length of a word without _RECORD and without the s of a plural. */
static size_t stem_size(const char *word, size_t size)
{
	static const char suffix[] = "_record";
	const size_t cut = sizeof(suffix) - 1;

	size = singular_size(word, size);
	if (size > cut && !strncasecmp(word + size - cut, suffix, cut))
		size = singular_size(word, size - cut);
	return size;
}

static char plain_letter(char c)
{
	if (c == '_')
		return '-';
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_word(const char *word, size_t size, const char *known)
{
	const size_t stem = stem_size(word, size);

	if (!size || stem != stem_size(known, strlen(known)))
		return false;
	for (size_t i = 0; i < stem; i++)
		if (plain_letter(word[i]) != plain_letter(known[i]))
			return false;
	return true;
}

bool kind_word_is_type(const char *word, size_t size, bool control, int32_t type)
{
	const char *name = kmeta_type_name(control, type);

	return name && same_word(word, size, name);
}

enum kmeta_entity_kind kmeta_entity_kind_find(const char *word, size_t size)
{
	for (enum kmeta_entity_kind kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		if (same_word(word, size, kinds[kind].name) ||
		    same_word(word, size, kinds[kind].group))
			return kind;
	for (int32_t type = 0; type < RECORDS; type++)
		if (records[type].has_entity && kind_word_is_type(word, size, false, type))
			return records[type].entity;
	return KMETA_ENTITY_KINDS;
}

/* ---- for the state ---- */

const char *kind_document(enum kmeta_entity_kind kind)
{
	return kinds[kind].document ? kinds[kind].document : kinds[kind].path;
}

enum kmeta_entity_kind kind_of_snapshot_record(int32_t type)
{
	enum kmeta_entity_kind kind = 0;

	while (kind < KMETA_ENTITY_KINDS && (kinds[kind].control || kinds[kind].type != type))
		kind++;
	return kind;
}

const struct kmeta_schema *kind_newest_schema(enum kmeta_entity_kind kind)
{
	const struct kmeta_schema *schema = NULL, *newer;
	int32_t version = 0;

	if (kind == KMETA_VOTER)
		return &schema_voter;
	while ((newer = kmeta_schema_find(false, kinds[kind].type, version++)) != NULL)
		schema = newer;
	return schema;
}

const struct kmeta_schema *kmeta_entity_kind_schema(enum kmeta_entity_kind kind)
{
	return kind < KMETA_ENTITY_KINDS ? kind_newest_schema(kind) : NULL;
}

uint64_t kind_field_bits(enum kmeta_entity_kind kind)
{
	const struct kmeta_schema *schema = kind_newest_schema(kind);
	uint64_t all = 0;

	for (size_t i = 0; i < schema->count && i < 64; i += schema->fields[i].span)
		all |= UINT64_C(1) << i;
	return all;
}

uint64_t kind_field_bit(enum kmeta_entity_kind kind, const char *name)
{
	const struct kmeta_schema *schema = kind_newest_schema(kind);

	for (size_t i = 0; i < schema->count && i < 64; i += schema->fields[i].span)
		if (!strcmp(schema->fields[i].name, name))
			return UINT64_C(1) << i;
	return 0;
}

/* ConfigResource.Type, ScramMechanism, ResourceType, PatternType, AclOperation, AclPermissionType. */
static const struct {
	enum kmeta_entity_kind kind;
	const char *field;
	uint64_t known; /* bits; a value above 63 is not known */
} enumerations[] = {
	{ KMETA_CONFIG, "resourceType", UINT64_C(0x100010114) },
	{ KMETA_SCRAM, "mechanism", 0x6 },
	{ KMETA_ACL, "resourceType", 0xfe },
	{ KMETA_ACL, "patternType", 0x1e },
	{ KMETA_ACL, "operation", 0xfffe },
	{ KMETA_ACL, "permissionType", 0xe },
};

int64_t kind_known_value(enum kmeta_entity_kind kind, const char *field, int64_t value)
{
	for (size_t i = 0; i < sizeof(enumerations) / sizeof(enumerations[0]); i++)
		if (enumerations[i].kind == kind && !strcmp(enumerations[i].field, field))
			return value >= 0 && value < 64 && enumerations[i].known >> value & 1
			               ? value
			               : 0;
	return value;
}

const struct kmeta_schema *kind_schema_at(enum kmeta_entity_kind kind, int64_t level)
{
	const int16_t *levels = records[kinds[kind].type].levels;
	int32_t version = 0;

	if (kind == KMETA_VOTER)
		return &schema_voter;
	while (version + 1 < KIND_VERSIONS && levels[version + 1] && level >= levels[version + 1])
		version++;
	return kmeta_schema_find(false, kinds[kind].type, version);
}
