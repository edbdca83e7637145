/* SPDX-License-Identifier: Apache-2.0 */
/* events_rules.c: the table of causes, one row each, and what is said of them. */
#include "state/events_rules.h"

#include <string.h>

#include "base/buffer.h"
#include "kmeta/types.h"
#include "print/scalar.h"
#include "print/text.h"
#include "record/decode.h"
#include "record/kind.h"

int64_t event_integer(const struct kmeta_fields *fields, const char *name, int64_t otherwise)
{
	const struct kmeta_field *field = fields ? kmeta_fields_find(fields, name) : NULL;

	return field ? field->value.integer : otherwise;
}

int32_t event_broker(const struct kmeta_fields *fields)
{
	return (int32_t)event_integer(fields, "brokerId", event_integer(fields, "id", -1));
}

struct kmeta_bytes event_topic_name(const struct event_record *r)
{
	const struct kmeta_field *name = NULL;

	if (r->topic)
		return (struct kmeta_bytes){ r->topic->name, r->topic->name_size };
	if (r->fields && !r->record->control && r->record->type == KMETA_TOPIC_RECORD)
		name = kmeta_fields_find(r->fields, "name");
	else if (r->fields && !r->record->control && r->record->type == KMETA_CONFIG_RECORD &&
	         event_integer(r->fields, "resourceType", 0) == RESOURCE_TOPIC)
		name = kmeta_fields_find(r->fields, "resourceName");
	return name ? name->value.bytes : (struct kmeta_bytes){ 0 };
}

const uint8_t *event_topic_id(const struct event_record *r)
{
	const struct kmeta_field *id =
		r->fields && !r->record->control ? kmeta_fields_find(r->fields, "topicId") : NULL;

	return id && id->value.bytes.size == IMAGE_ID ? id->value.bytes.data : NULL;
}

/* ---- conditions ---- */

static bool is_same_field(const struct event_record *r, const char *name)
{
	const struct kmeta_field *was = kmeta_fields_find(r->registered, name),
				 *is = kmeta_fields_find(r->fields, name);

	return was && is && was->value.bytes.size == is->value.bytes.size &&
	       (!is->value.bytes.size ||
	        !memcmp(was->value.bytes.data, is->value.bytes.data, is->value.bytes.size));
}

static bool is_registered(const struct event_record *r)
{
	return r->registered;
}

static bool is_same_process(const struct event_record *r)
{
	return r->registered && is_same_field(r, "incarnationId");
}

static bool is_unfencing(const struct event_record *r)
{
	return event_integer(r->fields, "fenced", 0) < 0;
}

/* A broker that was fenced, or is stopping, stopped sending heartbeats by intent. */
static bool is_end_of_shutdown(const struct event_record *r)
{
	return event_integer(r->fields, "fenced", 0) > 0 &&
	       (event_integer(r->registered, "inControlledShutdown", 0) ||
	        event_integer(r->registered, "fenced", 0));
}

static bool is_fencing(const struct event_record *r)
{
	return event_integer(r->fields, "fenced", 0) > 0;
}

static bool is_shutting_down(const struct event_record *r)
{
	return event_integer(r->fields, "inControlledShutdown", 0) > 0;
}

static size_t directories(const struct kmeta_fields *fields)
{
	const struct kmeta_field *field = fields ? kmeta_fields_find(fields, "logDirs") : NULL;

	return field ? field->value.bytes.size / IMAGE_ID : 0;
}

static bool is_directory_lost(const struct event_record *r)
{
	return directories(r->fields) && directories(r->fields) < directories(r->registered);
}

/* A broker that starts says which of its directories take no replicas: nearly always none, as before. */
static bool tells_cordoned_anew(const struct event_record *r)
{
	const struct kmeta_field *was = kmeta_fields_find(r->registered, "cordonedLogDirs"),
				 *is = kmeta_fields_find(r->fields, "cordonedLogDirs");

	return is && !(is->flags & KMETA_VALUE_NULL) &&
	       is->value.bytes.size == (was ? was->value.bytes.size : 0) &&
	       (!is->value.bytes.size || is_same_field(r, "cordonedLogDirs"));
}

static bool has_directories(const struct event_record *r)
{
	return directories(r->fields) || tells_cordoned_anew(r);
}

static bool is_of_known_topic(const struct event_record *r)
{
	return r->topic;
}

/* Release 2.8 gave it the number of another record. */
static bool is_leader_change(const struct event_record *r)
{
	return !strcmp(r->fields->schema->name, "LEADER_CHANGE");
}

/* ---- the table ---- */

#define METADATA(name) .type = KMETA_##name##_RECORD
#define CONTROL(name)  .control = true, .type = KMETA_CONTROL_##name
#define CAUSE(name)    .cause = KMETA_CAUSE_##name

/* A change of a partition is not in it: what it is by itself, its two states tell. */
static const struct event_rule rules[] = {
	{ CAUSE(NO_OP), METADATA(NO_OP) },
	{ CAUSE(CONTROLLER_ELECTED), CONTROL(LEADER_CHANGE), .about = ABOUT_CONTROLLER },
	{ CAUSE(CONTROLLER_ELECTED), CONTROL(SNAPSHOT_HEADER), .about = ABOUT_CONTROLLER,
	  .when = is_leader_change },
	{ CAUSE(VOTERS_CHANGED), CONTROL(KRAFT_VOTERS) },
	{ CAUSE(KRAFT_VERSION), CONTROL(KRAFT_VERSION) },

	{ CAUSE(BROKER_REGISTERED_AGAIN), METADATA(REGISTER_BROKER), .about = ABOUT_BROKER,
	  .when = is_same_process, .before = EFFECT_LOSS },
	{ CAUSE(BROKER_RESTARTED), METADATA(REGISTER_BROKER), .about = ABOUT_BROKER,
	  .when = is_registered, .before = EFFECT_LOSS },
	{ CAUSE(BROKER_REGISTERED), METADATA(REGISTER_BROKER), .about = ABOUT_BROKER,
	  .before = EFFECT_LOSS },
	{ CAUSE(BROKER_UNREGISTERED), METADATA(UNREGISTER_BROKER), .about = ABOUT_BROKER,
	  .before = EFFECT_LOSS },
	{ CAUSE(BROKER_STOPPED), METADATA(BROKER_REGISTRATION_CHANGE), .about = ABOUT_BROKER,
	  .when = is_end_of_shutdown, .before = EFFECT_LOSS },
	{ CAUSE(BROKER_FENCED), METADATA(BROKER_REGISTRATION_CHANGE), .about = ABOUT_BROKER,
	  .when = is_fencing, .before = EFFECT_LOSS },
	{ CAUSE(BROKER_UNFENCED), METADATA(BROKER_REGISTRATION_CHANGE), .about = ABOUT_BROKER,
	  .when = is_unfencing, .after = EFFECT_FOUND },
	{ CAUSE(BROKER_SHUTTING_DOWN), METADATA(BROKER_REGISTRATION_CHANGE), .about = ABOUT_BROKER,
	  .when = is_shutting_down, .after = EFFECT_LOSS },
	{ CAUSE(DIRECTORY_LOST), METADATA(BROKER_REGISTRATION_CHANGE), .about = ABOUT_BROKER,
	  .when = is_directory_lost, .before = EFFECT_LOSS, .after = EFFECT_LOSS },
	{ CAUSE(DIRECTORIES_CHANGED), METADATA(BROKER_REGISTRATION_CHANGE), .about = ABOUT_BROKER,
	  .when = has_directories },
	{ CAUSE(BROKER_CHANGED), METADATA(BROKER_REGISTRATION_CHANGE), .about = ABOUT_BROKER },
	{ CAUSE(BROKER_FENCED), METADATA(FENCE_BROKER), .about = ABOUT_BROKER,
	  .before = EFFECT_LOSS },
	{ CAUSE(BROKER_UNFENCED), METADATA(UNFENCE_BROKER), .about = ABOUT_BROKER,
	  .after = EFFECT_FOUND },

	{ CAUSE(CONTROLLER_REGISTERED), METADATA(REGISTER_CONTROLLER), .about = ABOUT_CONTROLLER },
	{ CAUSE(CONTROLLER_UNREGISTERED), METADATA(UNREGISTER_CONTROLLER),
	  .about = ABOUT_CONTROLLER },

	{ CAUSE(TOPIC_MADE), METADATA(TOPIC), .about = ABOUT_TOPIC },
	{ CAUSE(TOPIC_GROWN), METADATA(PARTITION), .about = ABOUT_TOPIC,
	  .when = is_of_known_topic },
	{ CAUSE(TOPIC_DELETED), METADATA(REMOVE_TOPIC), .about = ABOUT_TOPIC },
	{ CAUSE(ELR_CLEARED), METADATA(CLEAR_ELR), .about = ABOUT_TOPIC },

	{ CAUSE(SETTING), METADATA(CONFIG), .about = ABOUT_ENTITY },
	{ CAUSE(QUOTA), METADATA(CLIENT_QUOTA), .about = ABOUT_ENTITY },
	{ CAUSE(ACL_ADDED), METADATA(ACCESS_CONTROL_ENTRY), .about = ABOUT_ENTITY },
	{ CAUSE(ACL_REMOVED), METADATA(REMOVE_ACCESS_CONTROL_ENTRY), .about = ABOUT_ENTITY },
	{ CAUSE(SCRAM_SET), METADATA(USER_SCRAM_CREDENTIAL), .about = ABOUT_ENTITY },
	{ CAUSE(SCRAM_REMOVED), METADATA(REMOVE_USER_SCRAM_CREDENTIAL), .about = ABOUT_ENTITY },
	{ CAUSE(TOKEN_SET), METADATA(DELEGATION_TOKEN), .about = ABOUT_ENTITY },
	{ CAUSE(TOKEN_REMOVED), METADATA(REMOVE_DELEGATION_TOKEN), .about = ABOUT_ENTITY },
	{ CAUSE(FEATURE), METADATA(FEATURE_LEVEL), .about = ABOUT_ENTITY },
	{ CAUSE(FEATURE), METADATA(REMOVE_FEATURE_LEVEL), .about = ABOUT_ENTITY },
	{ CAUSE(MIGRATION), METADATA(ZK_MIGRATION_STATE) },
	{ CAUSE(TRANSACTION), METADATA(BEGIN_TRANSACTION) },
	{ CAUSE(PRODUCER_IDS), METADATA(PRODUCER_IDS), .about = ABOUT_BROKER },
};

static const struct event_rule other = { CAUSE(OTHER) };

const struct event_rule *event_rule_of(const struct event_record *r)
{
	if (!r->fields)
		return &other;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct event_rule *rule = &rules[i];

		if (rule->type == r->record->type && rule->control == r->record->control &&
		    (!rule->when || rule->when(r)))
			return rule;
	}
	return &other;
}

unsigned event_effects_of(const struct event_change *change)
{
	switch (change->cause) {
	case KMETA_CAUSE_ISR_SHRUNK:
	case KMETA_CAUSE_LEADERS_MOVED:
	case KMETA_CAUSE_LEADERS_LOST:
	case KMETA_CAUSE_ELR_CHANGED:
	case KMETA_CAUSE_EPOCHS_RAISED:
	case KMETA_CAUSE_LEADERS_PREFERRED:
		return (change->found ? EFFECT_FOUND : 0) | (change->broker >= 0 ? EFFECT_LOSS : 0);
	default:
		return 0;
	}
}

/* ---- what is said ---- */

static void put_field(struct kmeta_buffer *out, const struct event_record *r, const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(r->fields, name);

	if (field)
		kmeta_field_text(out, r->fields, field, r->flags);
}

/* The name in the record, that in the state, or the id. */
static void about_topic(struct kmeta_buffer *out, const struct event_record *r)
{
	const struct kmeta_field *name = kmeta_fields_find(r->fields, "name");

	buffer_text(out, "topics/");
	if (!name)
		name = kmeta_fields_find(r->fields, "topicName");
	if (name)
		text_string(out, name->value.bytes);
	else if (r->topic)
		text_string(out, (struct kmeta_bytes){ r->topic->name, r->topic->name_size });
	else
		put_field(out, r, "topicId");
}

static const char *resource_word(int64_t type)
{
	switch (type) {
	case RESOURCE_TOPIC:
		return "topic";
	case RESOURCE_BROKER:
		return "broker";
	case RESOURCE_BROKER_LOGGER:
		return "broker-logger";
	case RESOURCE_CLIENT_METRICS:
		return "client-metrics";
	case RESOURCE_GROUP:
		return "group";
	default:
		return "other";
	}
}

static void put_setting(struct kmeta_buffer *out, const struct event_record *r)
{
	const struct kmeta_field *name = kmeta_fields_find(r->fields, "resourceName");

	buffer_format(out, "configs/%s/",
	              resource_word(event_integer(r->fields, "resourceType", 0)));
	if (name && name->value.bytes.size)
		text_string(out, name->value.bytes);
	else
		buffer_text(out, "<default>");
}

static void put_entity(struct kmeta_buffer *out, const struct event_record *r)
{
	static const struct {
		int16_t type;
		const char *path, *field;
	} paths[] = {
		{ KMETA_CLIENT_QUOTA_RECORD, "quotas/", "entity" },
		{ KMETA_ACCESS_CONTROL_ENTRY_RECORD, "acls/", "id" },
		{ KMETA_REMOVE_ACCESS_CONTROL_ENTRY_RECORD, "acls/", "id" },
		{ KMETA_USER_SCRAM_CREDENTIAL_RECORD, "scram/", "name" },
		{ KMETA_REMOVE_USER_SCRAM_CREDENTIAL_RECORD, "scram/", "name" },
		{ KMETA_DELEGATION_TOKEN_RECORD, "tokens/", "tokenId" },
		{ KMETA_REMOVE_DELEGATION_TOKEN_RECORD, "tokens/", "tokenId" },
		{ KMETA_FEATURE_LEVEL_RECORD, "features/", "name" },
		{ KMETA_REMOVE_FEATURE_LEVEL_RECORD, "features/", "name" },
	};

	if (r->record->type == KMETA_CONFIG_RECORD) {
		put_setting(out, r);
		return;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (paths[i].type == r->record->type) {
			buffer_text(out, paths[i].path);
			put_field(out, r, paths[i].field);
		}
}

void event_about(struct kmeta_buffer *out, const struct event_rule *rule,
                 const struct event_record *r)
{
	switch (rule->about) {
	case ABOUT_BROKER:
		buffer_format(out, "brokers/%d", event_broker(r->fields));
		break;
	case ABOUT_CONTROLLER:
		buffer_format(
			out, "controllers/%lld",
			(long long)event_integer(
				r->fields, r->record->control ? "leaderId" : "controllerId", -1));
		break;
	case ABOUT_TOPIC:
		about_topic(out, r);
		break;
	case ABOUT_ENTITY:
		put_entity(out, r);
		break;
	default:
		break;
	}
}

/* " NAME=VALUE" for the fields of a list. */
static void put_event_fields(struct kmeta_buffer *out, const struct event_record *r,
                             const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		if (!kmeta_fields_find(r->fields, names[i]))
			continue;
		buffer_format(out, "%s%s=", out->size ? " " : "", names[i]);
		put_field(out, r, names[i]);
	}
}

static void put_registration(struct kmeta_buffer *out, const struct event_record *r)
{
	static const char *const names[] = { "endPoints", "features", "rack", "logDirs" };
	size_t count = 0;

	for (size_t i = 0; r->registered && i < sizeof(names) / sizeof(names[0]); i++) {
		struct kmeta_buffer was = { 0 }, is = { 0 };
		const struct kmeta_field *a = kmeta_fields_find(r->registered, names[i]),
					 *b = kmeta_fields_find(r->fields, names[i]);

		if (a && b) {
			kmeta_field_text(&was, r->registered, a, 0);
			kmeta_field_text(&is, r->fields, b, 0);
			/* Kafka's maps have no order of their own: the same entries are as long. */
			if (was.size != is.size)
				buffer_format(out, "%s%s", count++ ? ", " : "changed: ", names[i]);
		}
		kmeta_buffer_release(&was);
		kmeta_buffer_release(&is);
	}
}

static void put_assignment(struct kmeta_buffer *out, const struct event_record *r, const char *name)
{
	put_field(out, r, name);
	buffer_text(out, "=");
	if (kmeta_fields_find(r->fields, "value") &&
	    kmeta_fields_find(r->fields, "value")->flags & KMETA_VALUE_NULL)
		buffer_text(out, "(removed)");
	else
		put_field(out, r, "value");
}

void event_detail(struct kmeta_buffer *out, const struct event_rule *rule,
                  const struct event_record *r)
{
	static const char *const acl[] = { "principal",    "permissionType",
		                           "operation",    "resourceType",
		                           "resourceName", "patternType",
		                           "host",         NULL };
	static const char *const voters[] = { "voters", "kRaftVersion", NULL };
	static const char *const cordoned[] = { "cordonedLogDirs", NULL };
	static const char *const level[] = { "featureLevel", NULL };
	static const char *const mechanism[] = { "mechanism", NULL };
	static const char *const state[] = { "zkMigrationState", "name", NULL };
	static const char *const ids[] = { "nextProducerId", NULL };

	switch (rule->cause) {
	case KMETA_CAUSE_BROKER_RESTARTED:
	case KMETA_CAUSE_BROKER_REGISTERED_AGAIN:
		put_registration(out, r);
		break;
	case KMETA_CAUSE_BROKER_CHANGED:
		put_event_fields(out, r, cordoned);
		break;
	case KMETA_CAUSE_TOPIC_DELETED:
		if (r->topic)
			buffer_format(out, "%zu partitions", r->topic->partitions);
		break;
	case KMETA_CAUSE_SETTING:
		put_assignment(out, r, "name");
		break;
	case KMETA_CAUSE_QUOTA:
		put_assignment(out, r, "key");
		break;
	case KMETA_CAUSE_ACL_ADDED:
		put_event_fields(out, r, acl);
		break;
	case KMETA_CAUSE_VOTERS_CHANGED:
	case KMETA_CAUSE_KRAFT_VERSION:
		put_event_fields(out, r, voters);
		break;
	case KMETA_CAUSE_FEATURE:
		put_event_fields(out, r, level);
		break;
	case KMETA_CAUSE_SCRAM_SET:
	case KMETA_CAUSE_SCRAM_REMOVED:
		put_event_fields(out, r, mechanism);
		break;
	case KMETA_CAUSE_MIGRATION:
	case KMETA_CAUSE_TRANSACTION:
		put_event_fields(out, r, state);
		break;
	case KMETA_CAUSE_PRODUCER_IDS:
		put_event_fields(out, r, ids);
		break;
	default:
		break;
	}
}
