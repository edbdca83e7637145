/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: which fields of which records hold what. What no row names is replaced. */
#include <stdlib.h>
#include <string.h>

#include "redact.h"

/* ---- the table ---- */

/* What is done with a field. Those that are no class follow. */
enum treatment {
	TREAT_KEEP = CLASSES,
	TREAT_PRINCIPAL,    /* User:NAME */
	TREAT_LISTENER,     /* but for the usual ones */
	TREAT_CONFIG_OF,    /* the resource of a config, by its type */
	TREAT_CONFIG_NAME,  /* kept, but for a listener in it */
	TREAT_CONFIG_VALUE, /* kept if it is a number or a word */
	TREAT_ACL_OF,       /* the resource of an ACL, by its type */
	TREAT_QUOTA_OF      /* the entity of a quota, by its type */
};

/* NULL: in any record, or in the record itself. */
static const struct {
	const char *record, *parent, *field;
	unsigned treatment;
} rules[] = {
	{ NULL, "features", "name", TREAT_KEEP },
	{ "FEATURE_LEVEL_RECORD", NULL, "name", TREAT_KEEP },
	{ "REMOVE_FEATURE_LEVEL_RECORD", NULL, "name", TREAT_KEEP },
	{ NULL, "endPoints", "name", TREAT_LISTENER },
	{ NULL, "endPoints", "host", CLASS_HOST },
	{ NULL, "endpoints", "name", TREAT_LISTENER },
	{ NULL, "endpoints", "host", CLASS_HOST },
	{ "REGISTER_BROKER_RECORD", NULL, "rack", CLASS_RACK },
	{ "TOPIC_RECORD", NULL, "name", CLASS_TOPIC },
	{ "CLEAR_ELR_RECORD", NULL, "topicName", CLASS_TOPIC },
	{ "CONFIG_RECORD", NULL, "resourceName", TREAT_CONFIG_OF },
	{ "CONFIG_RECORD", NULL, "name", TREAT_CONFIG_NAME },
	{ "CONFIG_RECORD", NULL, "value", TREAT_CONFIG_VALUE },
	{ NULL, NULL, "principal", TREAT_PRINCIPAL },
	{ NULL, NULL, "host", CLASS_HOST },
	{ "ACCESS_CONTROL_ENTRY_RECORD", NULL, "resourceName", TREAT_ACL_OF },
	{ "ACCESS_CONTROL_RECORD", NULL, "resourceName", TREAT_ACL_OF },
	{ "DELEGATION_TOKEN_RECORD", NULL, "owner", TREAT_PRINCIPAL },
	{ "DELEGATION_TOKEN_RECORD", NULL, "requester", TREAT_PRINCIPAL },
	{ "DELEGATION_TOKEN_RECORD", NULL, "renewers", TREAT_PRINCIPAL },
	{ NULL, NULL, "tokenId", CLASS_SECRET },
	{ "USER_SCRAM_CREDENTIAL_RECORD", NULL, "name", CLASS_USER },
	{ "REMOVE_USER_SCRAM_CREDENTIAL_RECORD", NULL, "name", CLASS_USER },
	{ "CLIENT_QUOTA_RECORD", "entity", "entityType", TREAT_KEEP },
	{ "CLIENT_QUOTA_RECORD", "entity", "entityName", TREAT_QUOTA_OF },
	{ "CLIENT_QUOTA_RECORD", NULL, "key", TREAT_KEEP },
	{ "BEGIN_TRANSACTION_RECORD", NULL, "name", CLASS_TRANSACTION },
};

static bool fits(const char *wanted, const char *is)
{
	return !wanted || (is && !strcmp(wanted, is));
}

static unsigned treatment_of(const char *record, const char *parent, const char *field)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (fits(rules[i].record, record) && !strcmp(rules[i].field, field) &&
		    (rules[i].parent ? parent && !strcmp(rules[i].parent, parent) : !parent))
			return rules[i].treatment;
	return CLASS_TEXT;
}

/* ---- words that may be seen ---- */

static bool is_text(const uint8_t *at, size_t size, const char *text)
{
	return size == strlen(text) && !memcmp(at, text, size);
}

static bool is_any(const uint8_t *at, size_t size, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_text(at, size, words[i]))
			return true;
	return false;
}

#define IS_ANY(at, size, words) is_any(at, size, words, sizeof(words) / sizeof((words)[0]))

static bool is_of(const uint8_t *at, size_t size, const char *characters)
{
	for (size_t i = 0; i < size; i++)
		if (!at[i] || !strchr(characters, at[i]))
			return false;
	return true;
}

/* As Kafka's features, configurations and quotas are called; other words may say anything. */
static bool is_kafkas_word(const uint8_t *at, size_t size)
{
	return is_of(at, size, "abcdefghijklmnopqrstuvwxyz0123456789._-");
}

static bool is_internal_topic(const uint8_t *at, size_t size)
{
	static const char *const topics[] = { "__consumer_offsets", "__transaction_state",
		                              "__share_group_state", "__remote_log_metadata",
		                              "__cluster_metadata" };

	return IS_ANY(at, size, topics);
}

static bool is_usual_listener(const uint8_t *at, size_t size)
{
	static const char *const listeners[] = { "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL",
		                                 "CONTROLLER" };

	return IS_ANY(at, size, listeners);
}

/* Configurations of Kafka's own whose values are numbers, booleans or words of a list. */
static const char *const plain_configs[] = {
	"background.threads",
	"cleanup.policy",
	"compression.gzip.level",
	"compression.lz4.level",
	"compression.type",
	"compression.zstd.level",
	"consumer.heartbeat.interval.ms",
	"consumer.session.timeout.ms",
	"consumer.assignment.interval.ms",
	"delete.retention.ms",
	"errors.deadletterqueue.topic.replication.factor",
	"file.delete.delay.ms",
	"flush.messages",
	"flush.ms",
	"follower.replication.throttled.rate",
	"follower.replication.throttled.replicas",
	"group.initial.rebalance.delay.ms",
	"index.interval.bytes",
	"interval.ms",
	"leader.replication.throttled.rate",
	"leader.replication.throttled.replicas",
	"local.retention.bytes",
	"local.retention.ms",
	"log.cleaner.backoff.ms",
	"log.cleaner.dedupe.buffer.size",
	"log.cleaner.delete.retention.ms",
	"log.cleaner.io.buffer.load.factor",
	"log.cleaner.io.buffer.size",
	"log.cleaner.io.max.bytes.per.second",
	"log.cleaner.max.compaction.lag.ms",
	"log.cleaner.min.cleanable.ratio",
	"log.cleaner.min.compaction.lag.ms",
	"log.cleaner.threads",
	"log.cleanup.policy",
	"log.flush.interval.messages",
	"log.flush.interval.ms",
	"log.index.interval.bytes",
	"log.index.size.max.bytes",
	"log.local.retention.bytes",
	"log.local.retention.ms",
	"log.message.downconversion.enable",
	"log.message.timestamp.after.max.ms",
	"log.message.timestamp.before.max.ms",
	"log.message.timestamp.difference.max.ms",
	"log.message.timestamp.type",
	"log.preallocate",
	"log.retention.bytes",
	"log.retention.ms",
	"log.roll.jitter.ms",
	"log.roll.ms",
	"log.segment.bytes",
	"log.segment.delete.delay.ms",
	"max.compaction.lag.ms",
	"max.connection.creation.rate",
	"max.connections",
	"max.connections.per.ip",
	"max.message.bytes",
	"message.downconversion.enable",
	"message.format.version",
	"message.max.bytes",
	"message.timestamp.after.max.ms",
	"message.timestamp.before.max.ms",
	"message.timestamp.difference.max.ms",
	"message.timestamp.type",
	"min.cleanable.dirty.ratio",
	"min.compaction.lag.ms",
	"min.insync.replicas",
	"num.io.threads",
	"num.network.threads",
	"num.recovery.threads.per.data.dir",
	"num.replica.fetchers",
	"num.standby.replicas",
	"preallocate",
	"producer.id.expiration.ms",
	"remote.copy.disable",
	"remote.log.copy.disable",
	"remote.log.delete.on.disable",
	"remote.log.index.file.cache.total.size.bytes",
	"remote.log.manager.copy.max.bytes.per.second",
	"remote.log.manager.fetch.max.bytes.per.second",
	"remote.storage.enable",
	"replica.alter.log.dirs.io.max.bytes.per.second",
	"retention.bytes",
	"retention.ms",
	"segment.bytes",
	"segment.index.bytes",
	"segment.jitter.ms",
	"segment.ms",
	"share.auto.offset.reset",
	"share.heartbeat.interval.ms",
	"share.isolation.level",
	"share.record.lock.duration.ms",
	"share.session.timeout.ms",
	"streams.heartbeat.interval.ms",
	"streams.num.standby.replicas",
	"streams.session.timeout.ms",
	"transaction.partition.verification.enable",
	"unclean.leader.election.enable",
};

static bool is_plain_word(const uint8_t *at, size_t size)
{
	static const char *const words[] = {
		"true",           "false",
		"compact",        "delete",
		"producer",       "uncompressed",
		"none",           "gzip",
		"snappy",         "lz4",
		"zstd",           "CreateTime",
		"LogAppendTime",  "earliest",
		"latest",         "*",
		"read_committed", "read_uncommitted",
	};

	return is_of(at, size, "0123456789.-+:eE") || IS_ANY(at, size, words);
}

/* Numbers and words, between commas. */
static bool is_plain_value(const uint8_t *at, size_t size)
{
	for (;;) {
		const uint8_t *comma = memchr(at, ',', size);
		const size_t part = comma ? (size_t)(comma - at) : size;

		if (!is_plain_word(at, part))
			return false;
		if (!comma)
			return true;
		at += part + 1;
		size -= part + 1;
	}
}

/* ---- treatments ---- */

struct treating {
	struct redact *r;
	const struct kmeta_fields *fields;
	size_t number; /* of the field */
};

static int64_t number_in_record(const struct treating *t, const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(t->fields, name);

	return field ? field->value.integer : -1;
}

static bool replace(struct redact *r, enum name_class class, uint8_t *at, size_t size)
{
	return r->kept & 1u << class || names_replace(&r->names, class, at, size);
}

static bool is_wildcard(const uint8_t *at, size_t size)
{
	return is_text(at, size, "*");
}

static bool replace_principal(struct redact *r, uint8_t *at, size_t size)
{
	uint8_t *colon = memchr(at, ':', size);
	const size_t type = colon ? (size_t)(colon - at) + 1 : 0;

	if (type && !is_text(at, type, "User:"))
		return replace(r, CLASS_USER, at, size);
	return is_wildcard(at + type, size - type) ||
	       replace(r, CLASS_USER, at + type, size - type);
}

/* ResourceType of Kafka's ACLs. */
static bool replace_of_acl(const struct treating *t, uint8_t *at, size_t size)
{
	static const enum name_class classes[] = { CLASS_TEXT,  CLASS_TEXT, CLASS_TOPIC,
		                                   CLASS_GROUP, CLASS_TEXT, CLASS_TRANSACTION,
		                                   CLASS_SECRET };
	enum { TOPIC = 2, CLUSTER = 4, USER = 7 };
	const int64_t type = number_in_record(t, "resourceType");

	if (is_wildcard(at, size) || (type == CLUSTER && is_text(at, size, "kafka-cluster")))
		return true;
	if (type == USER)
		return replace_principal(t->r, at, size);
	if (type == TOPIC && is_internal_topic(at, size))
		return true;
	return replace(t->r, type >= 0 && type < USER ? classes[type] : CLASS_TEXT, at, size);
}

/* ConfigResource.Type. Brokers are numbers; the defaults of all have no name. */
static bool replace_of_config(const struct treating *t, uint8_t *at, size_t size)
{
	enum { TOPIC = 2, BROKER = 4, BROKER_LOGGER = 8, METRICS = 16, GROUP = 32 };
	const int64_t type = number_in_record(t, "resourceType");

	if ((type == BROKER || type == BROKER_LOGGER) && is_of(at, size, "0123456789"))
		return true;
	if (type == TOPIC && is_internal_topic(at, size))
		return true;
	return replace(t->r,
	               type == TOPIC     ? CLASS_TOPIC
	               : type == METRICS ? CLASS_CLIENT
	               : type == GROUP   ? CLASS_GROUP
	                                 : CLASS_TEXT,
	               at, size);
}

/* listener.name.NAME.ssl.keystore.location: the name in it may be anything. */
static bool replace_in_config_name(const struct treating *t, uint8_t *at, size_t size)
{
	static const char prefix[] = "listener.name.";
	static const char *const usual[] = { "plaintext", "ssl", "sasl_plaintext", "sasl_ssl",
		                             "controller" };
	const size_t start = sizeof(prefix) - 1;
	const uint8_t *dot;

	if (size <= start || memcmp(at, prefix, start) != 0)
		return is_kafkas_word(at, size) || replace(t->r, CLASS_TEXT, at, size);
	dot = memchr(at + start, '.', size - start);
	if (!dot || IS_ANY(at + start, (size_t)(dot - at) - start, usual))
		return true;
	return replace(t->r, CLASS_LISTENER, at + start, (size_t)(dot - at) - start);
}

static bool replace_config_value(const struct treating *t, uint8_t *at, size_t size)
{
	const struct kmeta_field *name = kmeta_fields_find(t->fields, "name");
	const struct kmeta_field *field = &t->fields->at[t->number];
	struct kmeta_buffer shown = { 0 };
	bool is_secret;

	if (IS_ANY(name->value.bytes.data, name->value.bytes.size, plain_configs) &&
	    is_plain_value(at, size))
		return true;
	kmeta_field_json(&shown, t->fields, field, 0);
	is_secret = shown.failed || is_text((const uint8_t *)shown.at, shown.size, "\"[hidden]\"");
	kmeta_buffer_release(&shown);
	if (is_secret)
		return names_replace(&t->r->names, CLASS_SECRET, at, size);
	return replace(t->r, CLASS_VALUE, at, size);
}

/* The type of an entity of a quota stands before its name. */
static bool replace_of_quota(const struct treating *t, uint8_t *at, size_t size)
{
	const struct kmeta_field *type = t->number ? &t->fields->at[t->number - 1] : NULL;
	const struct kmeta_bytes text = type ? type->value.bytes : (struct kmeta_bytes){ 0 };

	return replace(t->r,
	               is_text(text.data, text.size, "user")        ? CLASS_USER
	               : is_text(text.data, text.size, "client-id") ? CLASS_CLIENT
	               : is_text(text.data, text.size, "ip")        ? CLASS_HOST
	                                                            : CLASS_TEXT,
	               at, size);
}

static bool treat(const struct treating *t, unsigned treatment, uint8_t *at, size_t size)
{
	struct redact *r = t->r;

	switch (treatment) {
	case TREAT_KEEP:
		return is_kafkas_word(at, size) || replace(r, CLASS_TEXT, at, size);
	case TREAT_PRINCIPAL:
		return replace_principal(r, at, size);
	case TREAT_LISTENER:
		return is_usual_listener(at, size) || replace(r, CLASS_LISTENER, at, size);
	case TREAT_CONFIG_OF:
		return replace_of_config(t, at, size);
	case TREAT_CONFIG_NAME:
		return replace_in_config_name(t, at, size);
	case TREAT_CONFIG_VALUE:
		return replace_config_value(t, at, size);
	case TREAT_ACL_OF:
		return replace_of_acl(t, at, size);
	case TREAT_QUOTA_OF:
		return replace_of_quota(t, at, size);
	case CLASS_TOPIC:
		return is_internal_topic(at, size) || replace(r, CLASS_TOPIC, at, size);
	case CLASS_HOST:
		return is_wildcard(at, size) || replace(r, CLASS_HOST, at, size);
	default:
		return replace(r, (enum name_class)treatment, at, size);
	}
}

/* ---- fields ---- */

/* Kafka's own ids, such as that of a lost directory, are numbers below 100. */
static bool replace_ids(struct redact *r, uint8_t *at, size_t size)
{
	enum { ID = 16, RESERVED = 100 };
	static const uint8_t zeros[ID - 1];

	for (size_t i = 0; r->hide_ids && i + ID <= size; i += ID) {
		if (!memcmp(at + i, zeros, sizeof(zeros)) && at[i + ID - 1] < RESERVED)
			continue;
		if (!names_replace_bytes(&r->names, CLASS_ID, at + i, ID))
			return false;
	}
	return true;
}

static bool redact_field(const struct treating *t, const char *parent, uint8_t *at)
{
	const struct kmeta_field *field = &t->fields->at[t->number];
	const bool is_array =
		field->schema->flags & KMETA_FIELD_ARRAY && !(field->flags & KMETA_VALUE_ELEMENT);
	const size_t size = field->value.bytes.size;

	if (field->flags & KMETA_VALUE_NULL)
		return true;
	if (field->schema->kind == KMETA_UUID)
		return replace_ids(t->r, at, size);
	if (is_array)
		return true;
	if (field->schema->kind == KMETA_BYTES)
		return names_replace_bytes(&t->r->names, CLASS_SECRET, at, size);
	if (field->schema->kind != KMETA_STRING)
		return true;
	return treat(t, treatment_of(t->fields->schema->name, parent, field->schema->name), at,
	             size);
}

/* Rules ask other fields of the record, which therefore stay as they were in "original". */
bool rules_redact(struct redact *r, const struct kmeta_fields *fields, uint8_t *value,
                  const uint8_t *original)
{
	enum { DEPTH = 8 };
	const char *parents[DEPTH + 1] = { NULL };
	struct treating t = { r, fields, 0 };

	for (; t.number < fields->count; t.number++) {
		const struct kmeta_field *field = &fields->at[t.number];
		const uint8_t depth = field->schema->depth;
		const uint8_t *data = field->value.bytes.data;
		const bool has_bytes = field->schema->kind == KMETA_STRING ||
		                       field->schema->kind == KMETA_BYTES ||
		                       field->schema->kind == KMETA_UUID;

		if (depth >= DEPTH)
			return false;
		if (field->schema->kind == KMETA_STRUCT)
			parents[depth + 1] = field->schema->name;
		/* An array of texts has its elements behind it, and no bytes itself. */
		if (!has_bytes || (field->schema->kind != KMETA_UUID &&
		                   field->schema->flags & KMETA_FIELD_ARRAY &&
		                   !(field->flags & KMETA_VALUE_ELEMENT)))
			continue;
		if (!redact_field(&t, parents[depth], data ? value + (data - original) : NULL))
			return false;
	}
	return true;
}
