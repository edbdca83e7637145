/* SPDX-License-Identifier: Apache-2.0 */
/* value_rules.c: the table of what fields may hold. Those of partitions are in check_partition.c. */
#include "check/value_rules.h"

#include <string.h>

enum { TOPIC_NAME = 249, PRODUCER_IDS_BLOCK = 1000 };

/* ---- kinds of rules ---- */

struct value_rule {
	int16_t type;
	const char *field; /* of the record, or "array.field" of its elements */
	const char *wanted;
	bool (*fits)(const struct value_rule *rule, const struct kmeta_field *field);
	int64_t least, most;      /* of numbers */
	const char *const *words; /* ends in NULL */
};

static bool is_within(const struct value_rule *rule, const struct kmeta_field *field)
{
	return field->value.integer >= rule->least && field->value.integer <= rule->most;
}

static bool is_block(const struct value_rule *rule, const struct kmeta_field *field)
{
	(void)rule;
	return field->value.integer % PRODUCER_IDS_BLOCK == 0;
}

static bool is_word(const struct value_rule *rule, const struct kmeta_field *field)
{
	const struct kmeta_bytes text = field->value.bytes;

	for (size_t i = 0; rule->words[i]; i++)
		if (strlen(rule->words[i]) == text.size &&
		    !memcmp(rule->words[i], text.data, text.size))
			return true;
	return false;
}

/* Kafka's Topic.validate(). */
static bool is_topic_name(const struct value_rule *rule, const struct kmeta_field *field)
{
	const struct kmeta_bytes name = field->value.bytes;
	bool only_dots = true;

	(void)rule;
	for (size_t i = 0; i < name.size; i++) {
		const uint8_t c = name.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '.' || c == '_' || c == '-'))
			return false;
		only_dots &= c == '.';
	}
	return name.size && name.size <= TOPIC_NAME && !(only_dots && name.size <= 2);
}

/* How many bits of two texts of one length differ. */
static int bits_apart(const uint8_t *a, const char *b, size_t size)
{
	int bits = 0;

	for (size_t i = 0; i < size; i++)
		bits += __builtin_popcount((unsigned)(a[i] ^ (uint8_t)b[i]));
	return bits;
}

/*
 * "User:alice": Kafka's KafkaPrincipal. Other types than User are possible, but not one that is User
 * but for a bit.
 */
static bool is_principal(const struct value_rule *rule, const struct kmeta_field *field)
{
	static const char user[] = "User";
	const struct kmeta_bytes text = field->value.bytes;
	const uint8_t *colon = text.size ? memchr(text.data, ':', text.size) : NULL;

	(void)rule;
	for (const uint8_t *c = text.data; colon && c < colon; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z')))
			return false;
	if (!colon || colon == text.data)
		return false;
	return (size_t)(colon - text.data) != sizeof(user) - 1 ||
	       bits_apart(text.data, user, sizeof(user) - 1) != 1;
}

static bool is_some_text(const struct value_rule *rule, const struct kmeta_field *field)
{
	(void)rule;
	return field->value.bytes.size;
}

/* SHA-256 or SHA-512. */
static bool is_digest(const struct value_rule *rule, const struct kmeta_field *field)
{
	(void)rule;
	return field->value.bytes.size == 32 || field->value.bytes.size == 64;
}

/* ---- the rules ---- */

static const char *const quota_kinds[] = { "user", "client-id", "ip", NULL };
static const char *const quota_keys[] = { "producer_byte_rate",       "consumer_byte_rate",
	                                  "request_percentage",       "controller_mutation_rate",
	                                  "connection_creation_rate", NULL };
static const char *const features[] = { "metadata.version",
	                                "kraft.version",
	                                "transaction.version",
	                                "group.version",
	                                "eligible.leader.replicas.version",
	                                "share.version",
	                                "streams.version",
	                                NULL };

#define RANGE(low, high) .fits = is_within, .least = (low), .most = (high)
#define WORDS(list)      .fits = is_word, .words = (list)
#define NUMBER(type, field)                                   \
	{                                                     \
		type, field, "0 or more", RANGE(0, INT64_MAX) \
	}

static const struct value_rule rules[] = {
	NUMBER(KMETA_REGISTER_BROKER_RECORD, "brokerId"),
	NUMBER(KMETA_REGISTER_BROKER_RECORD, "brokerEpoch"),
	{ KMETA_REGISTER_BROKER_RECORD, "endPoints.name", "a name", .fits = is_some_text },
	{ KMETA_REGISTER_BROKER_RECORD, "endPoints.host", "a host", .fits = is_some_text },
	{ KMETA_REGISTER_BROKER_RECORD, "endPoints.securityProtocol", "0 to 3", RANGE(0, 3) },
	{ KMETA_REGISTER_BROKER_RECORD, "features.name", "a feature", .fits = is_some_text },
	NUMBER(KMETA_REGISTER_BROKER_RECORD, "features.minSupportedVersion"),
	{ KMETA_TOPIC_RECORD, "name", "a name that Kafka takes", .fits = is_topic_name },
	{ KMETA_CONFIG_RECORD, "name", "a name", .fits = is_some_text },
	{ KMETA_DELEGATION_TOKEN_RECORD, "owner", "TYPE:NAME", .fits = is_principal },
	{ KMETA_DELEGATION_TOKEN_RECORD, "requester", "TYPE:NAME", .fits = is_principal },
	{ KMETA_DELEGATION_TOKEN_RECORD, "renewers", "TYPE:NAME", .fits = is_principal },
	NUMBER(KMETA_DELEGATION_TOKEN_RECORD, "issueTimestamp"),
	{ KMETA_USER_SCRAM_CREDENTIAL_RECORD, "mechanism", "1 or 2", RANGE(1, 2) },
	{ KMETA_USER_SCRAM_CREDENTIAL_RECORD, "iterations", "4096 to 16384", RANGE(4096, 16384) },
	{ KMETA_USER_SCRAM_CREDENTIAL_RECORD, "storedKey", "32 or 64 bytes", .fits = is_digest },
	{ KMETA_USER_SCRAM_CREDENTIAL_RECORD, "serverKey", "32 or 64 bytes", .fits = is_digest },
	{ KMETA_USER_SCRAM_CREDENTIAL_RECORD, "name", "a user", .fits = is_some_text },
	{ KMETA_FEATURE_LEVEL_RECORD, "name", "a feature that a release has", WORDS(features) },
	NUMBER(KMETA_FEATURE_LEVEL_RECORD, "featureLevel"),
	{ KMETA_CLIENT_QUOTA_RECORD, "entity.entityType", "user, client-id or ip",
	  WORDS(quota_kinds) },
	{ KMETA_CLIENT_QUOTA_RECORD, "key", "a quota that Kafka has", WORDS(quota_keys) },
	{ KMETA_PRODUCER_IDS_RECORD, "nextProducerId", "the end of a block of 1000",
	  .fits = is_block },
	{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "resourceType", "2 to 7", RANGE(2, 7) },
	{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "resourceName", "a name", .fits = is_some_text },
	{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "patternType", "3 or 4", RANGE(3, 4) },
	{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "principal", "TYPE:NAME", .fits = is_principal },
	{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "host", "a host", .fits = is_some_text },
	{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "operation", "2 to 15", RANGE(2, 15) },
	{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "permissionType", "2 or 3", RANGE(2, 3) },
	NUMBER(KMETA_REGISTER_CONTROLLER_RECORD, "controllerId"),
	{ KMETA_REGISTER_CONTROLLER_RECORD, "endPoints.name", "a name", .fits = is_some_text },
	{ KMETA_REGISTER_CONTROLLER_RECORD, "endPoints.host", "a host", .fits = is_some_text },
	{ KMETA_REGISTER_CONTROLLER_RECORD, "endPoints.securityProtocol", "0 to 3", RANGE(0, 3) },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

/* ---- applying them ---- */

/* True if a rule's name is "array.field" with this array; sets the rest of it. */
static const char *behind_array(const char *name, const char *array)
{
	const size_t size = strlen(array);

	return !strncmp(name, array, size) && name[size] == '.' ? name + size + 1 : NULL;
}

struct applied {
	const struct value_rule *rule;
	const struct kmeta_fields *fields;
	value_odd *odd;
	void *context;
};

static void check_rule_value(const struct applied *a, const struct kmeta_field *field)
{
	if (!(field->flags & KMETA_VALUE_NULL) && !a->rule->fits(a->rule, field))
		a->odd(a->context, field, a->rule->wanted);
}

/* The fields of an array's elements that a rule is about. */
static void check_rule_elements(const struct applied *a, size_t array, const char *name)
{
	const struct kmeta_fields *fields = a->fields;
	const size_t end = array + fields->at[array].span;

	for (size_t i = array + 1; i < end; i++)
		if (!strcmp(fields->at[i].schema->name, name))
			check_rule_value(a, &fields->at[i]);
}

/* An array of strings has its elements behind it. */
static void check_rule_field(const struct applied *a, size_t i)
{
	const struct kmeta_field *field = &a->fields->at[i];

	if (!(field->schema->flags & KMETA_FIELD_ARRAY))
		check_rule_value(a, field);
	else
		for (size_t j = i + 1; j < i + field->span; j++)
			check_rule_value(a, &a->fields->at[j]);
}

static void apply_value_rule(const struct applied *a)
{
	const struct kmeta_fields *fields = a->fields;

	for (size_t i = 0; i < fields->count; i += fields->at[i].span) {
		const char *name = fields->at[i].schema->name;
		const char *rest = behind_array(a->rule->field, name);

		if (rest)
			check_rule_elements(a, i, rest);
		else if (!strcmp(a->rule->field, name))
			check_rule_field(a, i);
	}
}

void value_rules_check(const struct kmeta_record *record, const struct kmeta_fields *fields,
                       value_odd *odd, void *context)
{
	for (size_t i = 0; i < RULES && !record->control; i++) {
		const struct applied a = { &rules[i], fields, odd, context };

		if (rules[i].type == record->type)
			apply_value_rule(&a);
	}
}
