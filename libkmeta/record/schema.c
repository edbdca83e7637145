/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: every record, version and field of Kafka's releases; written by tools/import-schema, do not edit. */
/* clang-format off */
#include "record/schema.h"

/* The name of a field lies in its key, where schema_key() finds it. */
#define NAME(text) ((const struct schema_key){ \
	.key = ",\"" text "\":", .size = sizeof(",\"" text "\":") - 1, .name = text }).name
/* All columns that are not named are zero. */
#define FIELD(text, ...) { .name = NAME(text), __VA_ARGS__ }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	RELEASE_2_8_2, RELEASE_3_0_2, RELEASE_3_1_2, RELEASE_3_2_3, RELEASE_3_3_2, RELEASE_3_4_1,
	RELEASE_3_5_2, RELEASE_3_6_2, RELEASE_3_7_2, RELEASE_3_8_1, RELEASE_3_9_2, RELEASE_4_0_2,
	RELEASE_4_1_2, RELEASE_4_2_1, RELEASE_4_3_1, RELEASE_4_4_0
};
#define NEWEST RELEASE_4_4_0

const char *const schema_releases[] = {
	[RELEASE_2_8_2] = "2.8.2",
	[RELEASE_3_0_2] = "3.0.2",
	[RELEASE_3_1_2] = "3.1.2",
	[RELEASE_3_2_3] = "3.2.3",
	[RELEASE_3_3_2] = "3.3.2",
	[RELEASE_3_4_1] = "3.4.1",
	[RELEASE_3_5_2] = "3.5.2",
	[RELEASE_3_6_2] = "3.6.2",
	[RELEASE_3_7_2] = "3.7.2",
	[RELEASE_3_8_1] = "3.8.1",
	[RELEASE_3_9_2] = "3.9.2",
	[RELEASE_4_0_2] = "4.0.2",
	[RELEASE_4_1_2] = "4.1.2",
	[RELEASE_4_2_1] = "4.2.1",
	[RELEASE_4_3_1] = "4.3.1",
	[RELEASE_4_4_0] = "4.4.0",
};
const size_t schema_releases_count = COUNT(schema_releases);

static const struct kmeta_schema_field register_broker_record_v0_until_2_8_2_fields[] = {
	FIELD("brokerId",            .kind = KMETA_INT32,  .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("incarnationId",       .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("brokerEpoch",         .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("endPoints",           .kind = KMETA_STRUCT, .depth = 0, .span = 5,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("securityProtocol",    .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("features",            .kind = KMETA_STRUCT, .depth = 0, .span = 4,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("minSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("rack",                .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_NULLABLE),
};

static const struct kmeta_schema register_broker_record_v0_until_2_8_2 = {
	.name = "REGISTER_BROKER_RECORD", .type = 0, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(register_broker_record_v0_until_2_8_2_fields), .fields = register_broker_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema_field register_broker_record_v0_fields[] = {
	FIELD("brokerId",            .kind = KMETA_INT32,  .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("incarnationId",       .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("brokerEpoch",         .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("endPoints",           .kind = KMETA_STRUCT, .depth = 0, .span = 5,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("securityProtocol",    .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("features",            .kind = KMETA_STRUCT, .depth = 0, .span = 4,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("minSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("rack",                .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_NULLABLE),
	FIELD("fenced",              .kind = KMETA_BOOL,   .depth = 0, .span = 1),
};

static const struct kmeta_schema register_broker_record_v0 = {
	.name = "REGISTER_BROKER_RECORD", .type = 0, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(register_broker_record_v0_fields), .fields = register_broker_record_v0_fields,
	.older = &register_broker_record_v0_until_2_8_2,
};

static const struct kmeta_schema_field register_broker_record_v1_fields[] = {
	FIELD("brokerId",             .kind = KMETA_INT32,  .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("incarnationId",        .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("brokerEpoch",          .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("endPoints",            .kind = KMETA_STRUCT, .depth = 0, .span = 5,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                 .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("securityProtocol",     .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("features",             .kind = KMETA_STRUCT, .depth = 0, .span = 4,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("minSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("rack",                 .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_NULLABLE),
	FIELD("fenced",               .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("inControlledShutdown", .kind = KMETA_BOOL,   .depth = 0, .span = 1),
};

static const struct kmeta_schema register_broker_record_v1 = {
	.name = "REGISTER_BROKER_RECORD", .type = 0, .version = 1, .control = false, .flexible = true,
	.first_release = RELEASE_3_3_2, .last_release = NEWEST,
	.count = COUNT(register_broker_record_v1_fields), .fields = register_broker_record_v1_fields,
};

static const struct kmeta_schema_field register_broker_record_v2_fields[] = {
	FIELD("brokerId",             .kind = KMETA_INT32,  .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("isMigratingZkBroker",  .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("incarnationId",        .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("brokerEpoch",          .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("endPoints",            .kind = KMETA_STRUCT, .depth = 0, .span = 5,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                 .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("securityProtocol",     .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("features",             .kind = KMETA_STRUCT, .depth = 0, .span = 4,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("minSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("rack",                 .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_NULLABLE),
	FIELD("fenced",               .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("inControlledShutdown", .kind = KMETA_BOOL,   .depth = 0, .span = 1),
};

static const struct kmeta_schema register_broker_record_v2 = {
	.name = "REGISTER_BROKER_RECORD", .type = 0, .version = 2, .control = false, .flexible = true,
	.first_release = RELEASE_3_4_1, .last_release = NEWEST,
	.count = COUNT(register_broker_record_v2_fields), .fields = register_broker_record_v2_fields,
};

static const struct kmeta_schema_field register_broker_record_v3_fields[] = {
	FIELD("brokerId",             .kind = KMETA_INT32,  .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("isMigratingZkBroker",  .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("incarnationId",        .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("brokerEpoch",          .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("endPoints",            .kind = KMETA_STRUCT, .depth = 0, .span = 5,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                 .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("securityProtocol",     .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("features",             .kind = KMETA_STRUCT, .depth = 0, .span = 4,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("minSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("rack",                 .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_NULLABLE),
	FIELD("fenced",               .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("inControlledShutdown", .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("logDirs",              .kind = KMETA_UUID,   .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_TAGGED, .tag = 0),
};

static const struct kmeta_schema register_broker_record_v3 = {
	.name = "REGISTER_BROKER_RECORD", .type = 0, .version = 3, .control = false, .flexible = true,
	.first_release = RELEASE_3_7_2, .last_release = NEWEST,
	.count = COUNT(register_broker_record_v3_fields), .fields = register_broker_record_v3_fields,
};

static const struct kmeta_schema_field register_broker_record_v4_fields[] = {
	FIELD("brokerId",             .kind = KMETA_INT32,  .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("isMigratingZkBroker",  .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("incarnationId",        .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("brokerEpoch",          .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("endPoints",            .kind = KMETA_STRUCT, .depth = 0, .span = 5,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                 .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("securityProtocol",     .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("features",             .kind = KMETA_STRUCT, .depth = 0, .span = 4,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                 .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("minSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion",  .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("rack",                 .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_NULLABLE),
	FIELD("fenced",               .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("inControlledShutdown", .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("logDirs",              .kind = KMETA_UUID,   .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_TAGGED,                                                   .tag = 0),
	FIELD("cordonedLogDirs",      .kind = KMETA_UUID,   .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 1),
};

static const struct kmeta_schema register_broker_record_v4 = {
	.name = "REGISTER_BROKER_RECORD", .type = 0, .version = 4, .control = false, .flexible = true,
	.first_release = RELEASE_4_3_1, .last_release = NEWEST,
	.count = COUNT(register_broker_record_v4_fields), .fields = register_broker_record_v4_fields,
};

static const struct kmeta_schema *const register_broker_record_versions[] = {
	&register_broker_record_v0, &register_broker_record_v1, &register_broker_record_v2,
	&register_broker_record_v3, &register_broker_record_v4
};

static const struct kmeta_schema_field unregister_broker_record_v0_until_2_8_2_fields[] = {
	FIELD("brokerId",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("brokerEpoch", .kind = KMETA_INT64, .depth = 0, .span = 1),
};

static const struct kmeta_schema unregister_broker_record_v0_until_2_8_2 = {
	.name = "UNREGISTER_BROKER_RECORD", .type = 1, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(unregister_broker_record_v0_until_2_8_2_fields), .fields = unregister_broker_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema unregister_broker_record_v0 = {
	.name = "UNREGISTER_BROKER_RECORD", .type = 1, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(unregister_broker_record_v0_until_2_8_2_fields), .fields = unregister_broker_record_v0_until_2_8_2_fields,
	.older = &unregister_broker_record_v0_until_2_8_2,
};

static const struct kmeta_schema *const unregister_broker_record_versions[] = {
	&unregister_broker_record_v0
};

static const struct kmeta_schema_field topic_record_v0_until_2_8_2_fields[] = {
	FIELD("name",    .kind = KMETA_STRING, .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_NAME),
	FIELD("topicId", .kind = KMETA_UUID,   .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
};

static const struct kmeta_schema topic_record_v0_until_2_8_2 = {
	.name = "TOPIC_RECORD", .type = 2, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(topic_record_v0_until_2_8_2_fields), .fields = topic_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema topic_record_v0 = {
	.name = "TOPIC_RECORD", .type = 2, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(topic_record_v0_until_2_8_2_fields), .fields = topic_record_v0_until_2_8_2_fields,
	.older = &topic_record_v0_until_2_8_2,
};

static const struct kmeta_schema *const topic_record_versions[] = {
	&topic_record_v0
};

static const struct kmeta_schema_field partition_record_v0_until_2_8_2_fields[] = {
	FIELD("partitionId",      .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",          .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("replicas",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("isr",              .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("removingReplicas", .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE),
	FIELD("addingReplicas",   .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE),
	FIELD("leader",           .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("leaderEpoch",      .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("partitionEpoch",   .kind = KMETA_INT32, .depth = 0, .span = 1),
};

static const struct kmeta_schema partition_record_v0_until_2_8_2 = {
	.name = "PARTITION_RECORD", .type = 3, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(partition_record_v0_until_2_8_2_fields), .fields = partition_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema_field partition_record_v0_fields[] = {
	FIELD("partitionId",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",             .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("replicas",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("isr",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("removingReplicas",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("addingReplicas",      .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("leader",              .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("leaderRecoveryState", .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED, .tag = 0),
	FIELD("leaderEpoch",         .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("partitionEpoch",      .kind = KMETA_INT32, .depth = 0, .span = 1),
};

static const struct kmeta_schema partition_record_v0 = {
	.name = "PARTITION_RECORD", .type = 3, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(partition_record_v0_fields), .fields = partition_record_v0_fields,
	.older = &partition_record_v0_until_2_8_2,
};

static const struct kmeta_schema_field partition_record_v1_fields[] = {
	FIELD("partitionId",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",             .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("replicas",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("isr",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("removingReplicas",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("addingReplicas",      .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("leader",              .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("leaderRecoveryState", .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED, .tag = 0),
	FIELD("leaderEpoch",         .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("partitionEpoch",      .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("directories",         .kind = KMETA_UUID,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_ARRAY),
};

static const struct kmeta_schema partition_record_v1 = {
	.name = "PARTITION_RECORD", .type = 3, .version = 1, .control = false, .flexible = true,
	.first_release = RELEASE_3_7_2, .last_release = NEWEST,
	.count = COUNT(partition_record_v1_fields), .fields = partition_record_v1_fields,
};

static const struct kmeta_schema_field partition_record_v2_until_3_7_2_fields[] = {
	FIELD("partitionId",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",                .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("replicas",               .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("isr",                    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("removingReplicas",       .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("addingReplicas",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("leader",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("leaderRecoveryState",    .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 0),
	FIELD("leaderEpoch",            .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("partitionEpoch",         .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("directories",            .kind = KMETA_UUID,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_ARRAY),
	FIELD("eligibleLeaderReplicas", .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 1),
	FIELD("lastKnownELR",           .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 2),
};

static const struct kmeta_schema partition_record_v2_until_3_7_2 = {
	.name = "PARTITION_RECORD", .type = 3, .version = 2, .control = false, .flexible = true,
	.first_release = RELEASE_3_7_2, .last_release = RELEASE_3_7_2,
	.count = COUNT(partition_record_v2_until_3_7_2_fields), .fields = partition_record_v2_until_3_7_2_fields,
};

static const struct kmeta_schema_field partition_record_v2_fields[] = {
	FIELD("partitionId",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",                .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("replicas",               .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("isr",                    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("removingReplicas",       .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("addingReplicas",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY),
	FIELD("leader",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("leaderRecoveryState",    .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 0),
	FIELD("leaderEpoch",            .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("partitionEpoch",         .kind = KMETA_INT32, .depth = 0, .span = 1),
	FIELD("directories",            .kind = KMETA_UUID,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_ARRAY),
	FIELD("eligibleLeaderReplicas", .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 1),
	FIELD("lastKnownElr",           .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 2),
};

static const struct kmeta_schema partition_record_v2 = {
	.name = "PARTITION_RECORD", .type = 3, .version = 2, .control = false, .flexible = true,
	.first_release = RELEASE_3_8_1, .last_release = NEWEST,
	.count = COUNT(partition_record_v2_fields), .fields = partition_record_v2_fields,
	.older = &partition_record_v2_until_3_7_2,
};

static const struct kmeta_schema *const partition_record_versions[] = {
	&partition_record_v0, &partition_record_v1, &partition_record_v2
};

static const struct kmeta_schema_field config_record_v0_until_2_8_2_fields[] = {
	FIELD("resourceType", .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("resourceName", .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("name",         .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("value",        .kind = KMETA_STRING, .depth = 0, .span = 1),
};

static const struct kmeta_schema config_record_v0_until_2_8_2 = {
	.name = "CONFIG_RECORD", .type = 4, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(config_record_v0_until_2_8_2_fields), .fields = config_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema_field config_record_v0_fields[] = {
	FIELD("resourceType", .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("resourceName", .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("name",         .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("value",        .kind = KMETA_STRING, .depth = 0, .span = 1, .flags = KMETA_FIELD_NULLABLE),
};

static const struct kmeta_schema config_record_v0 = {
	.name = "CONFIG_RECORD", .type = 4, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(config_record_v0_fields), .fields = config_record_v0_fields,
	.older = &config_record_v0_until_2_8_2,
};

static const struct kmeta_schema *const config_record_versions[] = {
	&config_record_v0
};

static const struct kmeta_schema_field partition_change_record_v0_fields[] = {
	FIELD("partitionId",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",             .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("isr",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 0),
	FIELD("leader",              .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 1, .default_value = -2),
	FIELD("replicas",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 2),
	FIELD("removingReplicas",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 3),
	FIELD("addingReplicas",      .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 4),
	FIELD("leaderRecoveryState", .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 5, .default_value = -1),
};

static const struct kmeta_schema partition_change_record_v0 = {
	.name = "PARTITION_CHANGE_RECORD", .type = 5, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_2_8_2, .last_release = NEWEST,
	.count = COUNT(partition_change_record_v0_fields), .fields = partition_change_record_v0_fields,
};

static const struct kmeta_schema_field partition_change_record_v1_fields[] = {
	FIELD("partitionId",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",             .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("isr",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 0),
	FIELD("leader",              .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 1, .default_value = -2),
	FIELD("replicas",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 2),
	FIELD("removingReplicas",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 3),
	FIELD("addingReplicas",      .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 4),
	FIELD("leaderRecoveryState", .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 5, .default_value = -1),
	FIELD("directories",         .kind = KMETA_UUID,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 8),
};

static const struct kmeta_schema partition_change_record_v1 = {
	.name = "PARTITION_CHANGE_RECORD", .type = 5, .version = 1, .control = false, .flexible = true,
	.first_release = RELEASE_3_7_2, .last_release = NEWEST,
	.count = COUNT(partition_change_record_v1_fields), .fields = partition_change_record_v1_fields,
};

static const struct kmeta_schema_field partition_change_record_v2_until_3_7_2_fields[] = {
	FIELD("partitionId",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",                .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("isr",                    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 0),
	FIELD("leader",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 1, .default_value = -2),
	FIELD("replicas",               .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 2),
	FIELD("removingReplicas",       .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 3),
	FIELD("addingReplicas",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 4),
	FIELD("leaderRecoveryState",    .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 5, .default_value = -1),
	FIELD("directories",            .kind = KMETA_UUID,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 8),
	FIELD("eligibleLeaderReplicas", .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 6),
	FIELD("lastKnownELR",           .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 7),
};

static const struct kmeta_schema partition_change_record_v2_until_3_7_2 = {
	.name = "PARTITION_CHANGE_RECORD", .type = 5, .version = 2, .control = false, .flexible = true,
	.first_release = RELEASE_3_7_2, .last_release = RELEASE_3_7_2,
	.count = COUNT(partition_change_record_v2_until_3_7_2_fields), .fields = partition_change_record_v2_until_3_7_2_fields,
};

static const struct kmeta_schema_field partition_change_record_v2_fields[] = {
	FIELD("partitionId",            .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_PARTITION),
	FIELD("topicId",                .kind = KMETA_UUID,  .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
	FIELD("isr",                    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 0),
	FIELD("leader",                 .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 1, .default_value = -2),
	FIELD("replicas",               .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 2),
	FIELD("removingReplicas",       .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 3),
	FIELD("addingReplicas",         .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 4),
	FIELD("leaderRecoveryState",    .kind = KMETA_INT8,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 5, .default_value = -1),
	FIELD("directories",            .kind = KMETA_UUID,  .depth = 0, .span = 1,                               .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 8),
	FIELD("eligibleLeaderReplicas", .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 6),
	FIELD("lastKnownElr",           .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER,    .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 7),
};

static const struct kmeta_schema partition_change_record_v2 = {
	.name = "PARTITION_CHANGE_RECORD", .type = 5, .version = 2, .control = false, .flexible = true,
	.first_release = RELEASE_3_8_1, .last_release = NEWEST,
	.count = COUNT(partition_change_record_v2_fields), .fields = partition_change_record_v2_fields,
	.older = &partition_change_record_v2_until_3_7_2,
};

static const struct kmeta_schema *const partition_change_record_versions[] = {
	&partition_change_record_v0, &partition_change_record_v1, &partition_change_record_v2
};

static const struct kmeta_schema_field access_control_record_v0_fields[] = {
	FIELD("resourceType",   .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("resourceName",   .kind = KMETA_STRING, .depth = 0, .span = 1, .flags = KMETA_FIELD_NULLABLE),
	FIELD("patternType",    .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("principal",      .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("host",           .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("operation",      .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("permissionType", .kind = KMETA_INT8,   .depth = 0, .span = 1),
};

static const struct kmeta_schema access_control_record_v0 = {
	.name = "ACCESS_CONTROL_RECORD", .type = 6, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_3_4_1,
	.count = COUNT(access_control_record_v0_fields), .fields = access_control_record_v0_fields,
};

static const struct kmeta_schema *const access_control_record_versions[] = {
	&access_control_record_v0
};

static const struct kmeta_schema_field fence_broker_record_v0_until_2_8_2_fields[] = {
	FIELD("id",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("epoch", .kind = KMETA_INT64, .depth = 0, .span = 1),
};

static const struct kmeta_schema fence_broker_record_v0_until_2_8_2 = {
	.name = "FENCE_BROKER_RECORD", .type = 7, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(fence_broker_record_v0_until_2_8_2_fields), .fields = fence_broker_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema fence_broker_record_v0 = {
	.name = "FENCE_BROKER_RECORD", .type = 7, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(fence_broker_record_v0_until_2_8_2_fields), .fields = fence_broker_record_v0_until_2_8_2_fields,
	.older = &fence_broker_record_v0_until_2_8_2,
};

static const struct kmeta_schema *const fence_broker_record_versions[] = {
	&fence_broker_record_v0
};

static const struct kmeta_schema_field unfence_broker_record_v0_until_2_8_2_fields[] = {
	FIELD("id",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("epoch", .kind = KMETA_INT64, .depth = 0, .span = 1),
};

static const struct kmeta_schema unfence_broker_record_v0_until_2_8_2 = {
	.name = "UNFENCE_BROKER_RECORD", .type = 8, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(unfence_broker_record_v0_until_2_8_2_fields), .fields = unfence_broker_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema unfence_broker_record_v0 = {
	.name = "UNFENCE_BROKER_RECORD", .type = 8, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(unfence_broker_record_v0_until_2_8_2_fields), .fields = unfence_broker_record_v0_until_2_8_2_fields,
	.older = &unfence_broker_record_v0_until_2_8_2,
};

static const struct kmeta_schema *const unfence_broker_record_versions[] = {
	&unfence_broker_record_v0
};

static const struct kmeta_schema_field remove_topic_record_v0_until_2_8_2_fields[] = {
	FIELD("topicId", .kind = KMETA_UUID, .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_ID),
};

static const struct kmeta_schema remove_topic_record_v0_until_2_8_2 = {
	.name = "REMOVE_TOPIC_RECORD", .type = 9, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(remove_topic_record_v0_until_2_8_2_fields), .fields = remove_topic_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema remove_topic_record_v0 = {
	.name = "REMOVE_TOPIC_RECORD", .type = 9, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(remove_topic_record_v0_until_2_8_2_fields), .fields = remove_topic_record_v0_until_2_8_2_fields,
	.older = &remove_topic_record_v0_until_2_8_2,
};

static const struct kmeta_schema *const remove_topic_record_versions[] = {
	&remove_topic_record_v0
};

static const struct kmeta_schema_field delegation_token_record_v0_until_2_8_2_fields[] = {
	FIELD("owner",               .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("renewers",            .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("issueTimestamp",      .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("maxTimestamp",        .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("expirationTimestamp", .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("tokenId",             .kind = KMETA_STRING, .depth = 0, .span = 1, .role = KMETA_ROLE_SECRET),
};

static const struct kmeta_schema delegation_token_record_v0_until_2_8_2 = {
	.name = "DELEGATION_TOKEN_RECORD", .type = 10, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(delegation_token_record_v0_until_2_8_2_fields), .fields = delegation_token_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema delegation_token_record_v0_until_3_5_2 = {
	.name = "DELEGATION_TOKEN_RECORD", .type = 10, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = RELEASE_3_5_2,
	.count = COUNT(delegation_token_record_v0_until_2_8_2_fields), .fields = delegation_token_record_v0_until_2_8_2_fields,
	.older = &delegation_token_record_v0_until_2_8_2,
};

static const struct kmeta_schema_field delegation_token_record_v0_fields[] = {
	FIELD("owner",               .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("requester",           .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("renewers",            .kind = KMETA_STRING, .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("issueTimestamp",      .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("maxTimestamp",        .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("expirationTimestamp", .kind = KMETA_INT64,  .depth = 0, .span = 1),
	FIELD("tokenId",             .kind = KMETA_STRING, .depth = 0, .span = 1, .role = KMETA_ROLE_SECRET),
};

static const struct kmeta_schema delegation_token_record_v0 = {
	.name = "DELEGATION_TOKEN_RECORD", .type = 10, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_6_2, .last_release = NEWEST,
	.count = COUNT(delegation_token_record_v0_fields), .fields = delegation_token_record_v0_fields,
	.older = &delegation_token_record_v0_until_3_5_2,
};

static const struct kmeta_schema *const delegation_token_record_versions[] = {
	&delegation_token_record_v0
};

static const struct kmeta_schema_field user_scram_credential_record_v0_until_2_8_2_fields[] = {
	FIELD("name",            .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("credentialInfos", .kind = KMETA_STRUCT, .depth = 0, .span = 5,                            .flags = KMETA_FIELD_ARRAY),
	FIELD("mechanism",       .kind = KMETA_INT8,   .depth = 1, .span = 1),
	FIELD("salt",            .kind = KMETA_BYTES,  .depth = 1, .span = 1, .role = KMETA_ROLE_SECRET),
	FIELD("saltedPassword",  .kind = KMETA_BYTES,  .depth = 1, .span = 1, .role = KMETA_ROLE_SECRET),
	FIELD("iterations",      .kind = KMETA_INT32,  .depth = 1, .span = 1),
};

static const struct kmeta_schema user_scram_credential_record_v0_until_2_8_2 = {
	.name = "USER_SCRAM_CREDENTIAL_RECORD", .type = 11, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(user_scram_credential_record_v0_until_2_8_2_fields), .fields = user_scram_credential_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema user_scram_credential_record_v0_until_3_4_1 = {
	.name = "USER_SCRAM_CREDENTIAL_RECORD", .type = 11, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = RELEASE_3_4_1,
	.count = COUNT(user_scram_credential_record_v0_until_2_8_2_fields), .fields = user_scram_credential_record_v0_until_2_8_2_fields,
	.older = &user_scram_credential_record_v0_until_2_8_2,
};

static const struct kmeta_schema_field user_scram_credential_record_v0_fields[] = {
	FIELD("name",       .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("mechanism",  .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("salt",       .kind = KMETA_BYTES,  .depth = 0, .span = 1, .role = KMETA_ROLE_SECRET),
	FIELD("storedKey",  .kind = KMETA_BYTES,  .depth = 0, .span = 1, .role = KMETA_ROLE_SECRET),
	FIELD("serverKey",  .kind = KMETA_BYTES,  .depth = 0, .span = 1, .role = KMETA_ROLE_SECRET),
	FIELD("iterations", .kind = KMETA_INT32,  .depth = 0, .span = 1),
};

static const struct kmeta_schema user_scram_credential_record_v0 = {
	.name = "USER_SCRAM_CREDENTIAL_RECORD", .type = 11, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_5_2, .last_release = NEWEST,
	.count = COUNT(user_scram_credential_record_v0_fields), .fields = user_scram_credential_record_v0_fields,
	.older = &user_scram_credential_record_v0_until_3_4_1,
};

static const struct kmeta_schema *const user_scram_credential_record_versions[] = {
	&user_scram_credential_record_v0
};

static const struct kmeta_schema_field feature_level_record_v0_until_2_8_2_fields[] = {
	FIELD("name",            .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("minFeatureLevel", .kind = KMETA_INT16,  .depth = 0, .span = 1),
	FIELD("maxFeatureLevel", .kind = KMETA_INT16,  .depth = 0, .span = 1),
};

static const struct kmeta_schema feature_level_record_v0_until_2_8_2 = {
	.name = "FEATURE_LEVEL_RECORD", .type = 12, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(feature_level_record_v0_until_2_8_2_fields), .fields = feature_level_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema feature_level_record_v0_until_3_2_3 = {
	.name = "FEATURE_LEVEL_RECORD", .type = 12, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = RELEASE_3_2_3,
	.count = COUNT(feature_level_record_v0_until_2_8_2_fields), .fields = feature_level_record_v0_until_2_8_2_fields,
	.older = &feature_level_record_v0_until_2_8_2,
};

static const struct kmeta_schema_field feature_level_record_v0_fields[] = {
	FIELD("name",         .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("featureLevel", .kind = KMETA_INT16,  .depth = 0, .span = 1),
};

static const struct kmeta_schema feature_level_record_v0 = {
	.name = "FEATURE_LEVEL_RECORD", .type = 12, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_3_2, .last_release = NEWEST,
	.count = COUNT(feature_level_record_v0_fields), .fields = feature_level_record_v0_fields,
	.older = &feature_level_record_v0_until_3_2_3,
};

static const struct kmeta_schema *const feature_level_record_versions[] = {
	&feature_level_record_v0
};

static const struct kmeta_schema_field quota_record_v0_until_2_8_2_fields[] = {
	FIELD("entity",     .kind = KMETA_STRUCT,  .depth = 0, .span = 3, .flags = KMETA_FIELD_ARRAY),
	FIELD("entityType", .kind = KMETA_STRING,  .depth = 1, .span = 1),
	FIELD("entityName", .kind = KMETA_STRING,  .depth = 1, .span = 1, .flags = KMETA_FIELD_NULLABLE),
	FIELD("key",        .kind = KMETA_STRING,  .depth = 0, .span = 1),
	FIELD("value",      .kind = KMETA_FLOAT64, .depth = 0, .span = 1),
	FIELD("remove",     .kind = KMETA_BOOL,    .depth = 0, .span = 1),
};

static const struct kmeta_schema quota_record_v0_until_2_8_2 = {
	.name = "QUOTA_RECORD", .type = 14, .version = 0, .control = false, .flexible = false,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(quota_record_v0_until_2_8_2_fields), .fields = quota_record_v0_until_2_8_2_fields,
};

static const struct kmeta_schema client_quota_record_v0 = {
	.name = "CLIENT_QUOTA_RECORD", .type = 14, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(quota_record_v0_until_2_8_2_fields), .fields = quota_record_v0_until_2_8_2_fields,
	.older = &quota_record_v0_until_2_8_2,
};

static const struct kmeta_schema *const client_quota_record_versions[] = {
	&client_quota_record_v0
};

static const struct kmeta_schema_field producer_ids_record_v0_until_3_1_2_fields[] = {
	FIELD("brokerId",       .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("brokerEpoch",    .kind = KMETA_INT64, .depth = 0, .span = 1),
	FIELD("producerIdsEnd", .kind = KMETA_INT64, .depth = 0, .span = 1),
};

static const struct kmeta_schema producer_ids_record_v0_until_3_1_2 = {
	.name = "PRODUCER_IDS_RECORD", .type = 15, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = RELEASE_3_1_2,
	.count = COUNT(producer_ids_record_v0_until_3_1_2_fields), .fields = producer_ids_record_v0_until_3_1_2_fields,
};

static const struct kmeta_schema_field producer_ids_record_v0_fields[] = {
	FIELD("brokerId",       .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("brokerEpoch",    .kind = KMETA_INT64, .depth = 0, .span = 1),
	FIELD("nextProducerId", .kind = KMETA_INT64, .depth = 0, .span = 1),
};

static const struct kmeta_schema producer_ids_record_v0 = {
	.name = "PRODUCER_IDS_RECORD", .type = 15, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_2_3, .last_release = NEWEST,
	.count = COUNT(producer_ids_record_v0_fields), .fields = producer_ids_record_v0_fields,
	.older = &producer_ids_record_v0_until_3_1_2,
};

static const struct kmeta_schema *const producer_ids_record_versions[] = {
	&producer_ids_record_v0
};

static const struct kmeta_schema_field remove_feature_level_record_v0_fields[] = {
	FIELD("name", .kind = KMETA_STRING, .depth = 0, .span = 1),
};

static const struct kmeta_schema remove_feature_level_record_v0 = {
	.name = "REMOVE_FEATURE_LEVEL_RECORD", .type = 16, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = RELEASE_3_2_3,
	.count = COUNT(remove_feature_level_record_v0_fields), .fields = remove_feature_level_record_v0_fields,
};

static const struct kmeta_schema *const remove_feature_level_record_versions[] = {
	&remove_feature_level_record_v0
};

static const struct kmeta_schema_field broker_registration_change_record_v0_fields[] = {
	FIELD("brokerId",    .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("brokerEpoch", .kind = KMETA_INT64, .depth = 0, .span = 1),
	FIELD("fenced",      .kind = KMETA_INT8,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_TAGGED, .tag = 0),
};

static const struct kmeta_schema broker_registration_change_record_v0 = {
	.name = "BROKER_REGISTRATION_CHANGE_RECORD", .type = 17, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(broker_registration_change_record_v0_fields), .fields = broker_registration_change_record_v0_fields,
};

static const struct kmeta_schema_field broker_registration_change_record_v1_fields[] = {
	FIELD("brokerId",             .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("brokerEpoch",          .kind = KMETA_INT64, .depth = 0, .span = 1),
	FIELD("fenced",               .kind = KMETA_INT8,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_TAGGED, .tag = 0),
	FIELD("inControlledShutdown", .kind = KMETA_INT8,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_TAGGED, .tag = 1),
};

static const struct kmeta_schema broker_registration_change_record_v1 = {
	.name = "BROKER_REGISTRATION_CHANGE_RECORD", .type = 17, .version = 1, .control = false, .flexible = true,
	.first_release = RELEASE_3_3_2, .last_release = NEWEST,
	.count = COUNT(broker_registration_change_record_v1_fields), .fields = broker_registration_change_record_v1_fields,
};

static const struct kmeta_schema_field broker_registration_change_record_v2_fields[] = {
	FIELD("brokerId",             .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("brokerEpoch",          .kind = KMETA_INT64, .depth = 0, .span = 1),
	FIELD("fenced",               .kind = KMETA_INT8,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_TAGGED,                     .tag = 0),
	FIELD("inControlledShutdown", .kind = KMETA_INT8,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_TAGGED,                     .tag = 1),
	FIELD("logDirs",              .kind = KMETA_UUID,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_TAGGED, .tag = 2),
};

static const struct kmeta_schema broker_registration_change_record_v2 = {
	.name = "BROKER_REGISTRATION_CHANGE_RECORD", .type = 17, .version = 2, .control = false, .flexible = true,
	.first_release = RELEASE_3_7_2, .last_release = NEWEST,
	.count = COUNT(broker_registration_change_record_v2_fields), .fields = broker_registration_change_record_v2_fields,
};

static const struct kmeta_schema_field broker_registration_change_record_v3_fields[] = {
	FIELD("brokerId",             .kind = KMETA_INT32, .depth = 0, .span = 1, .role = KMETA_ROLE_BROKER),
	FIELD("brokerEpoch",          .kind = KMETA_INT64, .depth = 0, .span = 1),
	FIELD("fenced",               .kind = KMETA_INT8,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 0),
	FIELD("inControlledShutdown", .kind = KMETA_INT8,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_TAGGED,                                                                       .tag = 1),
	FIELD("logDirs",              .kind = KMETA_UUID,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_TAGGED,                                                   .tag = 2),
	FIELD("cordonedLogDirs",      .kind = KMETA_UUID,  .depth = 0, .span = 1,                            .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 3),
};

static const struct kmeta_schema broker_registration_change_record_v3 = {
	.name = "BROKER_REGISTRATION_CHANGE_RECORD", .type = 17, .version = 3, .control = false, .flexible = true,
	.first_release = RELEASE_4_3_1, .last_release = NEWEST,
	.count = COUNT(broker_registration_change_record_v3_fields), .fields = broker_registration_change_record_v3_fields,
};

static const struct kmeta_schema *const broker_registration_change_record_versions[] = {
	&broker_registration_change_record_v0, &broker_registration_change_record_v1,
	&broker_registration_change_record_v2, &broker_registration_change_record_v3
};

static const struct kmeta_schema_field access_control_entry_record_v0_fields[] = {
	FIELD("id",             .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("resourceType",   .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("resourceName",   .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("patternType",    .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("principal",      .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("host",           .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("operation",      .kind = KMETA_INT8,   .depth = 0, .span = 1),
	FIELD("permissionType", .kind = KMETA_INT8,   .depth = 0, .span = 1),
};

static const struct kmeta_schema access_control_entry_record_v0 = {
	.name = "ACCESS_CONTROL_ENTRY_RECORD", .type = 18, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_2_3, .last_release = NEWEST,
	.count = COUNT(access_control_entry_record_v0_fields), .fields = access_control_entry_record_v0_fields,
};

static const struct kmeta_schema *const access_control_entry_record_versions[] = {
	&access_control_entry_record_v0
};

static const struct kmeta_schema_field remove_access_control_entry_record_v0_fields[] = {
	FIELD("id", .kind = KMETA_UUID, .depth = 0, .span = 1),
};

static const struct kmeta_schema remove_access_control_entry_record_v0 = {
	.name = "REMOVE_ACCESS_CONTROL_ENTRY_RECORD", .type = 19, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_2_3, .last_release = NEWEST,
	.count = COUNT(remove_access_control_entry_record_v0_fields), .fields = remove_access_control_entry_record_v0_fields,
};

static const struct kmeta_schema *const remove_access_control_entry_record_versions[] = {
	&remove_access_control_entry_record_v0
};

static const struct kmeta_schema no_op_record_v0 = {
	.name = "NO_OP_RECORD", .type = 20, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_3_2, .last_release = NEWEST,
};

static const struct kmeta_schema *const no_op_record_versions[] = {
	&no_op_record_v0
};

static const struct kmeta_schema_field zk_migration_state_record_v0_fields[] = {
	FIELD("zkMigrationState", .kind = KMETA_INT8, .depth = 0, .span = 1),
};

static const struct kmeta_schema zk_migration_state_record_v0 = {
	.name = "ZK_MIGRATION_STATE_RECORD", .type = 21, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_4_1, .last_release = NEWEST,
	.count = COUNT(zk_migration_state_record_v0_fields), .fields = zk_migration_state_record_v0_fields,
};

static const struct kmeta_schema *const zk_migration_state_record_versions[] = {
	&zk_migration_state_record_v0
};

static const struct kmeta_schema_field remove_user_scram_credential_record_v0_fields[] = {
	FIELD("name",      .kind = KMETA_STRING, .depth = 0, .span = 1),
	FIELD("mechanism", .kind = KMETA_INT8,   .depth = 0, .span = 1),
};

static const struct kmeta_schema remove_user_scram_credential_record_v0 = {
	.name = "REMOVE_USER_SCRAM_CREDENTIAL_RECORD", .type = 22, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_5_2, .last_release = NEWEST,
	.count = COUNT(remove_user_scram_credential_record_v0_fields), .fields = remove_user_scram_credential_record_v0_fields,
};

static const struct kmeta_schema *const remove_user_scram_credential_record_versions[] = {
	&remove_user_scram_credential_record_v0
};

static const struct kmeta_schema_field begin_transaction_record_v0_fields[] = {
	FIELD("name", .kind = KMETA_STRING, .depth = 0, .span = 1, .flags = KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 0),
};

static const struct kmeta_schema begin_transaction_record_v0 = {
	.name = "BEGIN_TRANSACTION_RECORD", .type = 23, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_6_2, .last_release = NEWEST,
	.count = COUNT(begin_transaction_record_v0_fields), .fields = begin_transaction_record_v0_fields,
};

static const struct kmeta_schema *const begin_transaction_record_versions[] = {
	&begin_transaction_record_v0
};

static const struct kmeta_schema end_transaction_record_v0 = {
	.name = "END_TRANSACTION_RECORD", .type = 24, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_6_2, .last_release = NEWEST,
};

static const struct kmeta_schema *const end_transaction_record_versions[] = {
	&end_transaction_record_v0
};

static const struct kmeta_schema_field abort_transaction_record_v0_fields[] = {
	FIELD("reason", .kind = KMETA_STRING, .depth = 0, .span = 1, .flags = KMETA_FIELD_NULLABLE | KMETA_FIELD_TAGGED | KMETA_FIELD_DEFAULT_NULL, .tag = 0),
};

static const struct kmeta_schema abort_transaction_record_v0 = {
	.name = "ABORT_TRANSACTION_RECORD", .type = 25, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_6_2, .last_release = NEWEST,
	.count = COUNT(abort_transaction_record_v0_fields), .fields = abort_transaction_record_v0_fields,
};

static const struct kmeta_schema *const abort_transaction_record_versions[] = {
	&abort_transaction_record_v0
};

static const struct kmeta_schema_field remove_delegation_token_record_v0_fields[] = {
	FIELD("tokenId", .kind = KMETA_STRING, .depth = 0, .span = 1, .role = KMETA_ROLE_SECRET),
};

static const struct kmeta_schema remove_delegation_token_record_v0 = {
	.name = "REMOVE_DELEGATION_TOKEN_RECORD", .type = 26, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_6_2, .last_release = NEWEST,
	.count = COUNT(remove_delegation_token_record_v0_fields), .fields = remove_delegation_token_record_v0_fields,
};

static const struct kmeta_schema *const remove_delegation_token_record_versions[] = {
	&remove_delegation_token_record_v0
};

static const struct kmeta_schema_field register_controller_record_v0_fields[] = {
	FIELD("controllerId",        .kind = KMETA_INT32,  .depth = 0, .span = 1),
	FIELD("incarnationId",       .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("zkMigrationReady",    .kind = KMETA_BOOL,   .depth = 0, .span = 1),
	FIELD("endPoints",           .kind = KMETA_STRUCT, .depth = 0, .span = 5, .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("securityProtocol",    .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("features",            .kind = KMETA_STRUCT, .depth = 0, .span = 4, .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("minSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
};

static const struct kmeta_schema register_controller_record_v0 = {
	.name = "REGISTER_CONTROLLER_RECORD", .type = 27, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_3_7_2, .last_release = NEWEST,
	.count = COUNT(register_controller_record_v0_fields), .fields = register_controller_record_v0_fields,
};

static const struct kmeta_schema *const register_controller_record_versions[] = {
	&register_controller_record_v0
};

static const struct kmeta_schema_field clear_elr_record_v0_fields[] = {
	FIELD("topicName", .kind = KMETA_STRING, .depth = 0, .span = 1, .role = KMETA_ROLE_TOPIC_NAME),
};

static const struct kmeta_schema clear_elr_record_v0 = {
	.name = "CLEAR_ELR_RECORD", .type = 28, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_4_0_2, .last_release = NEWEST,
	.count = COUNT(clear_elr_record_v0_fields), .fields = clear_elr_record_v0_fields,
};

static const struct kmeta_schema *const clear_elr_record_versions[] = {
	&clear_elr_record_v0
};

static const struct kmeta_schema_field unregister_controller_record_v0_fields[] = {
	FIELD("controllerId", .kind = KMETA_INT32, .depth = 0, .span = 1),
};

static const struct kmeta_schema unregister_controller_record_v0 = {
	.name = "UNREGISTER_CONTROLLER_RECORD", .type = 29, .version = 0, .control = false, .flexible = true,
	.first_release = RELEASE_4_4_0, .last_release = NEWEST,
	.count = COUNT(unregister_controller_record_v0_fields), .fields = unregister_controller_record_v0_fields,
};

static const struct kmeta_schema *const unregister_controller_record_versions[] = {
	&unregister_controller_record_v0
};

static const struct kmeta_schema_field control_abort_v0_fields[] = {
	FIELD("coordinatorEpoch", .kind = KMETA_INT32, .depth = 0, .span = 1),
};

static const struct kmeta_schema control_abort_v0 = {
	.name = "ABORT", .type = 0, .version = 0, .control = true, .flexible = false,
	.first_release = RELEASE_4_1_2, .last_release = NEWEST,
	.count = COUNT(control_abort_v0_fields), .fields = control_abort_v0_fields,
};

static const struct kmeta_schema *const control_abort_versions[] = {
	&control_abort_v0
};

static const struct kmeta_schema_field control_commit_v0_fields[] = {
	FIELD("coordinatorEpoch", .kind = KMETA_INT32, .depth = 0, .span = 1),
};

static const struct kmeta_schema control_commit_v0 = {
	.name = "COMMIT", .type = 1, .version = 0, .control = true, .flexible = false,
	.first_release = RELEASE_4_1_2, .last_release = NEWEST,
	.count = COUNT(control_commit_v0_fields), .fields = control_commit_v0_fields,
};

static const struct kmeta_schema *const control_commit_versions[] = {
	&control_commit_v0
};

static const struct kmeta_schema_field control_leader_change_v0_fields[] = {
	FIELD("version",        .kind = KMETA_INT16,  .depth = 0, .span = 1),
	FIELD("leaderId",       .kind = KMETA_INT32,  .depth = 0, .span = 1),
	FIELD("voters",         .kind = KMETA_STRUCT, .depth = 0, .span = 2, .flags = KMETA_FIELD_ARRAY),
	FIELD("voterId",        .kind = KMETA_INT32,  .depth = 1, .span = 1),
	FIELD("grantingVoters", .kind = KMETA_STRUCT, .depth = 0, .span = 2, .flags = KMETA_FIELD_ARRAY),
	FIELD("voterId",        .kind = KMETA_INT32,  .depth = 1, .span = 1),
};

static const struct kmeta_schema control_leader_change_v0 = {
	.name = "LEADER_CHANGE", .type = 2, .version = 0, .control = true, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(control_leader_change_v0_fields), .fields = control_leader_change_v0_fields,
};

static const struct kmeta_schema_field control_leader_change_v1_fields[] = {
	FIELD("version",          .kind = KMETA_INT16,  .depth = 0, .span = 1),
	FIELD("leaderId",         .kind = KMETA_INT32,  .depth = 0, .span = 1),
	FIELD("voters",           .kind = KMETA_STRUCT, .depth = 0, .span = 3, .flags = KMETA_FIELD_ARRAY),
	FIELD("voterId",          .kind = KMETA_INT32,  .depth = 1, .span = 1),
	FIELD("voterDirectoryId", .kind = KMETA_UUID,   .depth = 1, .span = 1),
	FIELD("grantingVoters",   .kind = KMETA_STRUCT, .depth = 0, .span = 3, .flags = KMETA_FIELD_ARRAY),
	FIELD("voterId",          .kind = KMETA_INT32,  .depth = 1, .span = 1),
	FIELD("voterDirectoryId", .kind = KMETA_UUID,   .depth = 1, .span = 1),
};

static const struct kmeta_schema control_leader_change_v1 = {
	.name = "LEADER_CHANGE", .type = 2, .version = 1, .control = true, .flexible = true,
	.first_release = RELEASE_3_9_2, .last_release = NEWEST,
	.count = COUNT(control_leader_change_v1_fields), .fields = control_leader_change_v1_fields,
};

static const struct kmeta_schema *const control_leader_change_versions[] = {
	&control_leader_change_v0, &control_leader_change_v1
};

static const struct kmeta_schema_field control_leader_change_v0_until_2_8_2_fields[] = {
	FIELD("leaderId",       .kind = KMETA_INT32,  .depth = 0, .span = 1),
	FIELD("voters",         .kind = KMETA_STRUCT, .depth = 0, .span = 2, .flags = KMETA_FIELD_ARRAY),
	FIELD("voterId",        .kind = KMETA_INT32,  .depth = 1, .span = 1),
	FIELD("grantingVoters", .kind = KMETA_STRUCT, .depth = 0, .span = 2, .flags = KMETA_FIELD_ARRAY),
	FIELD("voterId",        .kind = KMETA_INT32,  .depth = 1, .span = 1),
};

static const struct kmeta_schema control_leader_change_v0_until_2_8_2 = {
	.name = "LEADER_CHANGE", .type = 3, .version = 0, .control = true, .flexible = true,
	.first_release = RELEASE_2_8_2, .last_release = RELEASE_2_8_2,
	.count = COUNT(control_leader_change_v0_until_2_8_2_fields), .fields = control_leader_change_v0_until_2_8_2_fields,
};

static const struct kmeta_schema_field control_snapshot_header_v0_fields[] = {
	FIELD("version",                   .kind = KMETA_INT16, .depth = 0, .span = 1),
	FIELD("lastContainedLogTimestamp", .kind = KMETA_INT64, .depth = 0, .span = 1),
};

static const struct kmeta_schema control_snapshot_header_v0 = {
	.name = "SNAPSHOT_HEADER", .type = 3, .version = 0, .control = true, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(control_snapshot_header_v0_fields), .fields = control_snapshot_header_v0_fields,
	.older = &control_leader_change_v0_until_2_8_2,
};

static const struct kmeta_schema *const control_snapshot_header_versions[] = {
	&control_snapshot_header_v0
};

static const struct kmeta_schema_field control_snapshot_footer_v0_fields[] = {
	FIELD("version", .kind = KMETA_INT16, .depth = 0, .span = 1),
};

static const struct kmeta_schema control_snapshot_footer_v0 = {
	.name = "SNAPSHOT_FOOTER", .type = 4, .version = 0, .control = true, .flexible = true,
	.first_release = RELEASE_3_0_2, .last_release = NEWEST,
	.count = COUNT(control_snapshot_footer_v0_fields), .fields = control_snapshot_footer_v0_fields,
};

static const struct kmeta_schema *const control_snapshot_footer_versions[] = {
	&control_snapshot_footer_v0
};

static const struct kmeta_schema_field control_kraft_version_v0_fields[] = {
	FIELD("version",      .kind = KMETA_INT16, .depth = 0, .span = 1),
	FIELD("kRaftVersion", .kind = KMETA_INT16, .depth = 0, .span = 1),
};

static const struct kmeta_schema control_kraft_version_v0 = {
	.name = "KRAFT_VERSION", .type = 5, .version = 0, .control = true, .flexible = true,
	.first_release = RELEASE_3_8_1, .last_release = NEWEST,
	.count = COUNT(control_kraft_version_v0_fields), .fields = control_kraft_version_v0_fields,
};

static const struct kmeta_schema *const control_kraft_version_versions[] = {
	&control_kraft_version_v0
};

static const struct kmeta_schema_field control_kraft_voters_v0_fields[] = {
	FIELD("version",             .kind = KMETA_INT16,  .depth = 0, .span = 1),
	FIELD("voters",              .kind = KMETA_STRUCT, .depth = 0, .span = 10, .flags = KMETA_FIELD_ARRAY),
	FIELD("voterId",             .kind = KMETA_INT32,  .depth = 1, .span = 1),
	FIELD("voterDirectoryId",    .kind = KMETA_UUID,   .depth = 1, .span = 1),
	FIELD("endpoints",           .kind = KMETA_STRUCT, .depth = 1, .span = 4,  .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 2, .span = 1),
	FIELD("host",                .kind = KMETA_STRING, .depth = 2, .span = 1),
	FIELD("port",                .kind = KMETA_UINT16, .depth = 2, .span = 1),
	FIELD("kRaftVersionFeature", .kind = KMETA_STRUCT, .depth = 1, .span = 3),
	FIELD("minSupportedVersion", .kind = KMETA_INT16,  .depth = 2, .span = 1),
	FIELD("maxSupportedVersion", .kind = KMETA_INT16,  .depth = 2, .span = 1),
};

static const struct kmeta_schema control_kraft_voters_v0 = {
	.name = "KRAFT_VOTERS", .type = 6, .version = 0, .control = true, .flexible = true,
	.first_release = RELEASE_3_8_1, .last_release = NEWEST,
	.count = COUNT(control_kraft_voters_v0_fields), .fields = control_kraft_voters_v0_fields,
};

static const struct kmeta_schema *const control_kraft_voters_versions[] = {
	&control_kraft_voters_v0
};

const struct schema_type schema_metadata[] = {
	[0] = { "REGISTER_BROKER_RECORD", COUNT(register_broker_record_versions), register_broker_record_versions,
	  "a broker started: its endpoints, features and log directories" },
	[1] = { "UNREGISTER_BROKER_RECORD", COUNT(unregister_broker_record_versions), unregister_broker_record_versions,
	  "an operator removed a broker" },
	[2] = { "TOPIC_RECORD", COUNT(topic_record_versions), topic_record_versions,
	  "a topic was created: its name and id; its partitions follow" },
	[3] = { "PARTITION_RECORD", COUNT(partition_record_versions), partition_record_versions,
	  "a partition was created, or a snapshot holds it: all of its fields" },
	[4] = { "CONFIG_RECORD", COUNT(config_record_versions), config_record_versions,
	  "a setting of a topic, a broker, a group or clients; null removes it" },
	[5] = { "PARTITION_CHANGE_RECORD", COUNT(partition_change_record_versions), partition_change_record_versions,
	  "leader, ISR or replicas of a partition changed; only what changed" },
	[6] = { "ACCESS_CONTROL_RECORD", COUNT(access_control_record_versions), access_control_record_versions,
	  "never written, and replayed by no release" },
	[7] = { "FENCE_BROKER_RECORD", COUNT(fence_broker_record_versions), fence_broker_record_versions,
	  "a broker sends no heartbeat; replaced in 3.3" },
	[8] = { "UNFENCE_BROKER_RECORD", COUNT(unfence_broker_record_versions), unfence_broker_record_versions,
	  "a broker caught up; replaced in 3.3" },
	[9] = { "REMOVE_TOPIC_RECORD", COUNT(remove_topic_record_versions), remove_topic_record_versions,
	  "a topic was deleted, with its partitions and settings" },
	[10] = { "DELEGATION_TOKEN_RECORD", COUNT(delegation_token_record_versions), delegation_token_record_versions,
	  "a delegation token was issued or renewed" },
	[11] = { "USER_SCRAM_CREDENTIAL_RECORD", COUNT(user_scram_credential_record_versions), user_scram_credential_record_versions,
	  "a user's SCRAM credential was set" },
	[12] = { "FEATURE_LEVEL_RECORD", COUNT(feature_level_record_versions), feature_level_record_versions,
	  "the level of a feature was set, metadata.version among them" },
	[14] = { "CLIENT_QUOTA_RECORD", COUNT(client_quota_record_versions), client_quota_record_versions,
	  "a quota of a user, a client id or an ip was set or removed" },
	[15] = { "PRODUCER_IDS_RECORD", COUNT(producer_ids_record_versions), producer_ids_record_versions,
	  "a broker took a block of producer ids" },
	[16] = { "REMOVE_FEATURE_LEVEL_RECORD", COUNT(remove_feature_level_record_versions), remove_feature_level_record_versions,
	  "a feature was removed" },
	[17] = { "BROKER_REGISTRATION_CHANGE_RECORD", COUNT(broker_registration_change_record_versions), broker_registration_change_record_versions,
	  "a broker was fenced, unfenced, is shutting down, or has other directories" },
	[18] = { "ACCESS_CONTROL_ENTRY_RECORD", COUNT(access_control_entry_record_versions), access_control_entry_record_versions,
	  "an ACL was added" },
	[19] = { "REMOVE_ACCESS_CONTROL_ENTRY_RECORD", COUNT(remove_access_control_entry_record_versions), remove_access_control_entry_record_versions,
	  "an ACL was removed" },
	[20] = { "NO_OP_RECORD", COUNT(no_op_record_versions), no_op_record_versions,
	  "the active controller is alive; it changes nothing" },
	[21] = { "ZK_MIGRATION_STATE_RECORD", COUNT(zk_migration_state_record_versions), zk_migration_state_record_versions,
	  "the migration from ZooKeeper went a step further" },
	[22] = { "REMOVE_USER_SCRAM_CREDENTIAL_RECORD", COUNT(remove_user_scram_credential_record_versions), remove_user_scram_credential_record_versions,
	  "a user's SCRAM credential was removed" },
	[23] = { "BEGIN_TRANSACTION_RECORD", COUNT(begin_transaction_record_versions), begin_transaction_record_versions,
	  "related records follow, which take effect together (KIP-868)" },
	[24] = { "END_TRANSACTION_RECORD", COUNT(end_transaction_record_versions), end_transaction_record_versions,
	  "the records since the beginning take effect now" },
	[25] = { "ABORT_TRANSACTION_RECORD", COUNT(abort_transaction_record_versions), abort_transaction_record_versions,
	  "the records since the beginning never take effect" },
	[26] = { "REMOVE_DELEGATION_TOKEN_RECORD", COUNT(remove_delegation_token_record_versions), remove_delegation_token_record_versions,
	  "a delegation token expired or was removed" },
	[27] = { "REGISTER_CONTROLLER_RECORD", COUNT(register_controller_record_versions), register_controller_record_versions,
	  "a controller started: its endpoints and features" },
	[28] = { "CLEAR_ELR_RECORD", COUNT(clear_elr_record_versions), clear_elr_record_versions,
	  "the eligible leader replicas of a topic, or of all, were dropped" },
	[29] = { "UNREGISTER_CONTROLLER_RECORD", COUNT(unregister_controller_record_versions), unregister_controller_record_versions,
	  "an operator removed a controller" },
};
const size_t schema_metadata_count = COUNT(schema_metadata);

const struct schema_type schema_control[] = {
	[0] = { "ABORT", COUNT(control_abort_versions), control_abort_versions,
	  "a transaction of a producer ended; never in a metadata log" },
	[1] = { "COMMIT", COUNT(control_commit_versions), control_commit_versions,
	  "a transaction of a producer ended; never in a metadata log" },
	[2] = { "LEADER_CHANGE", COUNT(control_leader_change_versions), control_leader_change_versions,
	  "a controller won an election: the first record of its epoch" },
	[3] = { "SNAPSHOT_HEADER", COUNT(control_snapshot_header_versions), control_snapshot_header_versions,
	  "the first record of a checkpoint" },
	[4] = { "SNAPSHOT_FOOTER", COUNT(control_snapshot_footer_versions), control_snapshot_footer_versions,
	  "the last record of a checkpoint: without it the checkpoint is not whole" },
	[5] = { "KRAFT_VERSION", COUNT(control_kraft_version_versions), control_kraft_version_versions,
	  "the version of the quorum protocol; 1 allows voters to change (KIP-853)" },
	[6] = { "KRAFT_VOTERS", COUNT(control_kraft_voters_versions), control_kraft_voters_versions,
	  "the voters of the quorum, with their directories and endpoints (KIP-853)" },
};
const size_t schema_control_count = COUNT(schema_control);

static const struct kmeta_schema_field voter_fields[] = {
	FIELD("voterId",             .kind = KMETA_INT32,  .depth = 0, .span = 1),
	FIELD("voterDirectoryId",    .kind = KMETA_UUID,   .depth = 0, .span = 1),
	FIELD("endpoints",           .kind = KMETA_STRUCT, .depth = 0, .span = 4, .flags = KMETA_FIELD_ARRAY),
	FIELD("name",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("host",                .kind = KMETA_STRING, .depth = 1, .span = 1),
	FIELD("port",                .kind = KMETA_UINT16, .depth = 1, .span = 1),
	FIELD("kRaftVersionFeature", .kind = KMETA_STRUCT, .depth = 0, .span = 3),
	FIELD("minSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
	FIELD("maxSupportedVersion", .kind = KMETA_INT16,  .depth = 1, .span = 1),
};

const struct kmeta_schema schema_voter = {
	.name = "KRAFT_VOTERS", .type = 6, .version = 0, .control = true, .flexible = true,
	.first_release = RELEASE_3_8_1, .last_release = NEWEST,
	.count = COUNT(voter_fields), .fields = voter_fields,
};

/* clang-format on */
