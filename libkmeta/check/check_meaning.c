/* SPDX-License-Identifier: Apache-2.0 */
/* check_meaning.c: looks at each record that is replayed, before and after it takes effect. */
#include "check/check_meaning.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "check/value_rules.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/kind.h"
#include "record/settings.h"

/* ---- telling ---- */

__attribute__((format(printf, 2, 3))) static void odd(void *context, const char *format, ...)
{
	struct meaning_check *m = context;
	struct kmeta_finding finding;
	char message[sizeof(finding.message) / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	finding_set(&finding, KMETA_ODD_VALUE, "%s: %s", m->fields->schema->name, message);
	finding.file = m->batch->file;
	finding.position = m->record->position;
	finding.offset = m->record->offset;
	m->report(m->context, &finding);
}

static void odd_field(void *context, const struct kmeta_field *field, const char *wanted)
{
	struct meaning_check *m = context;
	const bool is_number = field->schema->kind < KMETA_STRING;

	if (is_number && field->schema->kind != KMETA_FLOAT64)
		odd(m, "%s is %lld, and should be %s", field->schema->name,
		    (long long)field->value.integer, wanted);
	else
		odd(m, "%s should be %s", field->schema->name, wanted);
}

/* ---- what all records have in common ---- */

/* In the version that Kafka writes at this metadata.version, or an older one. */
static void check_version(struct meaning_check *m)
{
	const int64_t level = m->image->moment.level;
	const int64_t needed = record_level(m->record->type, m->record->version);

	if (m->record->control || !level)
		return;
	if (needed > level && m->record->version > 0)
		odd(m,
		    "version %d of the record is written from metadata.version %lld on, not %lld",
		    m->record->version, (long long)needed, (long long)level);
	if (m->fields->irregular & KMETA_IRREGULAR_UNKNOWN)
		odd(m, "it has a tag that no release writes");
}

/* ---- the state before the record ---- */

/* The last metadata.version of release 3.3. */
enum { LAST_CONFIGS_FIRST = 7 };

static bool in_migration(const struct kmeta_image *image)
{
	static const uint8_t none[1];
	const struct item *item =
		image_item(image, KMETA_ZK_MIGRATION, (struct kmeta_bytes){ none, 0 });

	/* In PRE_MIGRATION topics come from ZooKeeper as they are. */
	return item && item->value_size > IMAGE_FRAME && item->value[IMAGE_FRAME] == 2;
}

static int64_t integer_of(const struct meaning_check *m, const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(m->fields, name);

	return field ? field->value.integer : -1;
}

static const struct partition *partition_of(const struct meaning_check *m)
{
	const struct kmeta_field *id = kmeta_fields_find(m->fields, "topicId");
	const struct topic *topic = id ? image_topic(m->image, id->value.bytes.data) : NULL;

	return topic ? image_partition(m->image, topic, (int32_t)integer_of(m, "partitionId"))
	             : NULL;
}

/* A node that is registered has this id: a broker can be configured before it is. */
static bool is_node_name(const struct meaning_check *m, struct kmeta_bytes name)
{
	int64_t id = 0;

	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] < '0' || name.data[i] > '9' || id > INT32_MAX)
			return false;
		id = id * 10 + (name.data[i] - '0');
	}
	return !name.size || known_nodes_has(&m->known, (int32_t)id, NULL);
}

/* Kafka sets configs of what is there (ConfigResourceExistenceChecker). */
static void check_config(struct meaning_check *m)
{
	const int64_t type = integer_of(m, "resourceType");
	const struct kmeta_field *value = kmeta_fields_find(m->fields, "value");
	const struct kmeta_bytes name = fields_must_have(m->fields, "resourceName")->value.bytes;
	const struct kmeta_bytes setting = fields_must_have(m->fields, "name")->value.bytes;
	const char *near = setting_near(setting);

	if (near)
		odd(m, "%.*s is no setting of Kafka, but %s is", (int)setting.size,
		    (const char *)setting.data, near);
	if (!kind_known_value(KMETA_CONFIG, "resourceType", type) || type == RESOURCE_BROKER_LOGGER)
		odd(m, "resourceType %lld has no configs in metadata", (long long)type);
	/* Kafka's checkpoints may hold what it left behind. */
	if (m->is_checkpoint || !value || value->flags & KMETA_VALUE_NULL || in_migration(m->image))
		return;
	/* Up to release 3.3 the configs of a new topic came before it. */
	if (type == RESOURCE_TOPIC && m->image->moment.level > LAST_CONFIGS_FIRST &&
	    !image_topic_named(m->image, name))
		odd(m, "there is no topic of this name");
	if (type == RESOURCE_BROKER && !is_node_name(m, name))
		odd(m, "there is no broker or controller of this name");
}

/*
 * A broker's epoch is the offset at which its registration was about to be written. Logs that tests
 * make up have no brokers, or number them in another way, from the first on, and hold anything.
 */
static void check_registration(struct meaning_check *m)
{
	const int64_t epoch = integer_of(m, "brokerEpoch");

	if (m->is_checkpoint)
		return;
	m->is_real |= epoch <= m->record->offset;
	m->is_made_up |= !m->is_real;
	if (!m->is_made_up && epoch > m->record->offset)
		odd(m, "brokerEpoch %lld is above the record's offset", (long long)epoch);
}

/* Each change changes something. */
static void check_broker_change(struct meaning_check *m)
{
	const struct kmeta_field *dirs = kmeta_fields_find(m->fields, "logDirs");
	const struct kmeta_field *cordoned = kmeta_fields_find(m->fields, "cordonedLogDirs");
	const bool has_dirs = dirs && dirs->value.bytes.size;
	const bool has_cordoned = cordoned && !(cordoned->flags & KMETA_VALUE_NULL);
	const struct kmeta_field *fenced = kmeta_fields_find(m->fields, "fenced");
	const struct kmeta_field *shutdown = kmeta_fields_find(m->fields, "inControlledShutdown");

	if (!has_dirs && !has_cordoned && (!fenced || !fenced->value.integer) &&
	    (!shutdown || !shutdown->value.integer))
		odd(m, "it changes nothing");
}

/* Levels that a release has: the highest of each feature in the newest one. */
static const struct {
	const char *name;
	int64_t highest;
} feature_levels[] = {
	{ "kraft.version", 1 },
	{ "transaction.version", 2 },
	{ "eligible.leader.replicas.version", 1 },
	{ "group.version", 1 },
	{ "share.version", 2 },
	{ "streams.version", 1 },
};

static void check_feature(struct meaning_check *m)
{
	const struct kmeta_bytes name = fields_must_have(m->fields, "name")->value.bytes;
	const int64_t level = integer_of(m, "featureLevel");

	if (name.size == 16 && !memcmp(name.data, "metadata.version", 16) &&
	    !kmeta_metadata_version_name(level))
		odd(m, "no release is known that has metadata.version %lld", (long long)level);
	for (size_t i = 0; i < sizeof(feature_levels) / sizeof(feature_levels[0]); i++)
		if (strlen(feature_levels[i].name) == name.size &&
		    !memcmp(feature_levels[i].name, name.data, name.size) &&
		    level > feature_levels[i].highest)
			odd(m, "no release is known that has %s %lld", feature_levels[i].name,
			    (long long)level);
}

/* The controller hands out blocks one after another, to a broker that is registered. */
static void check_producer_ids(struct meaning_check *m)
{
	const int64_t id = integer_of(m, "brokerId");

	if (!m->is_checkpoint && id != -1 && !known_nodes_has(&m->known, (int32_t)id, NULL))
		odd(m, "broker %lld never was registered", (long long)id);
	if (!m->is_checkpoint && integer_of(m, "brokerEpoch") > m->record->offset)
		odd(m, "brokerEpoch %lld is above the record's offset",
		    (long long)integer_of(m, "brokerEpoch"));
}

/* Host names are taken too; what begins like an address has to be one. */
static bool is_ip_address(struct kmeta_bytes name)
{
	char text[64];
	uint8_t address[16];

	if (name.size >= sizeof(text) || !name.size || name.data[0] < '0' || name.data[0] > '9')
		return name.size > 0;
	memcpy(text, name.data, name.size);
	text[name.size] = '\0';
	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static void check_quota_entity(struct meaning_check *m)
{
	const struct kmeta_fields *fields = m->fields;
	const struct kmeta_field *entity = fields_must_have(fields, "entity");
	const size_t start = (size_t)(entity - fields->at);

	for (size_t i = start + 1; i < start + entity->span; i += fields->at[i].span) {
		const struct kmeta_field *type = &fields->at[i + 1], *name = type + 1;
		const struct kmeta_bytes kind = type->value.bytes;

		if (kind.size == 2 && !memcmp(kind.data, "ip", 2) &&
		    !(name->flags & KMETA_VALUE_NULL) && !is_ip_address(name->value.bytes))
			odd(m, "%.*s is no address", (int)name->value.bytes.size,
			    (const char *)name->value.bytes.data);
	}
}

static void check_quota(struct meaning_check *m)
{
	const double value = fields_must_have(m->fields, "value")->value.real;

	check_quota_entity(m);
	if (!integer_of(m, "remove") && !(value > 0 && value < 1e18))
		odd(m, "%g is no quota", value);
}

static void check_token(struct meaning_check *m)
{
	const int64_t issued = integer_of(m, "issueTimestamp");
	const int64_t expires = integer_of(m, "expirationTimestamp");
	const int64_t most = integer_of(m, "maxTimestamp");

	if (issued > most || expires > most)
		odd(m, "it is issued at %lld, expires at %lld, and at %lld at the latest",
		    (long long)issued, (long long)expires, (long long)most);
}

static const struct {
	int16_t type;
	void (*check)(struct meaning_check *m);
} checks[] = {
	{ KMETA_CONFIG_RECORD, check_config },
	{ KMETA_REGISTER_BROKER_RECORD, check_registration },
	{ KMETA_BROKER_REGISTRATION_CHANGE_RECORD, check_broker_change },
	{ KMETA_FEATURE_LEVEL_RECORD, check_feature },
	{ KMETA_PRODUCER_IDS_RECORD, check_producer_ids },
	{ KMETA_CLIENT_QUOTA_RECORD, check_quota },
	{ KMETA_DELEGATION_TOKEN_RECORD, check_token },
};

/* ---- the watcher ---- */

static bool names_partition(const struct kmeta_record *record)
{
	return !record->control && (record->type == KMETA_PARTITION_RECORD ||
	                            record->type == KMETA_PARTITION_CHANGE_RECORD);
}

static enum kmeta_status meaning_before(void *context, const struct kmeta_batch *batch,
                                        const struct kmeta_record *record,
                                        const struct kmeta_fields *fields,
                                        struct kmeta_finding *why)
{
	struct meaning_check *m = context;
	const struct partition *partition;

	m->batch = batch;
	m->record = record;
	m->fields = fields;
	/* Without a broker, Kafka makes no partition. */
	m->is_made_up |= !m->is_checkpoint && !m->known.table.count && names_partition(record);
	if (m->is_made_up)
		return KMETA_OK;
	check_version(m);
	if (names_partition(record)) {
		partition = partition_of(m);
		m->is_new = !partition && record->type == KMETA_PARTITION_RECORD;
		return partition_check_before(&m->partition, partition) ? KMETA_OK
		                                                        : finding_memory(why);
	}
	value_rules_check(record, fields, odd_field, m);
	for (size_t i = 0; !record->control && i < sizeof(checks) / sizeof(checks[0]); i++)
		if (checks[i].type == record->type)
			checks[i].check(m);
	return KMETA_OK;
}

static bool names_nodes(const struct kmeta_record *record)
{
	if (record->control)
		return false;
	return record->type == KMETA_REGISTER_BROKER_RECORD ||
	       record->type == KMETA_REGISTER_CONTROLLER_RECORD ||
	       record->type == KMETA_BROKER_REGISTRATION_CHANGE_RECORD;
}

static bool learn_voters(struct meaning_check *m)
{
	struct kmeta_fields voter;
	bool learned = true;
	size_t at = 0;

	while (learned && decode_next_voter(m->fields, &at, &voter))
		learned = known_nodes_learn(&m->known, &voter);
	return learned;
}

static enum kmeta_status meaning_after(void *context, const struct kmeta_batch *batch,
                                       const struct kmeta_record *record,
                                       const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct meaning_check *m = context;
	const struct partition *partition;
	bool learned = true;

	(void)batch;
	if (m->is_made_up)
		return KMETA_OK;
	if (names_partition(record)) {
		partition = partition_of(m);
		m->partition.known = m->is_checkpoint || in_migration(m->image) ? NULL : &m->known;
		if (partition)
			partition_check_after(&m->partition, partition,
			                      m->is_new && m->partition.known);
	} else if (names_nodes(record)) {
		learned = known_nodes_learn(&m->known, fields);
	} else if (record->control && record->type == KMETA_CONTROL_KRAFT_VOTERS) {
		learned = learn_voters(m);
	}
	return learned ? KMETA_OK : finding_memory(why);
}

enum kmeta_status meaning_check_begin(struct meaning_check *m, struct kmeta_image *image,
                                      struct kmeta_finding *why)
{
	m->image = image;
	m->partition.odd = odd;
	m->partition.context = m;
	image_unwatch(image);
	image->watcher = (struct image_watcher){ meaning_before, meaning_after, NULL, m };
	return known_nodes_begin(&m->known, image) ? KMETA_OK : finding_memory(why);
}

/* Kafka numbers the partitions of a topic from 0 on. */
void meaning_check_end(struct meaning_check *m, const char *file)
{
	for (size_t i = 0; !m->is_made_up && i < m->image->topics.capacity; i++) {
		const struct topic *topic = m->image->topics.slots[i].value;
		struct kmeta_finding finding;

		if (!topic || !topic->partitions || topic_is_gapless(topic))
			continue;
		finding_set(&finding, KMETA_ODD_VALUE,
		            "topic %.*s has %zu partitions, but not those from 0 to %zu",
		            (int)topic->name_size, (const char *)topic->name, topic->partitions,
		            topic->partitions - 1);
		finding.file = file;
		m->report(m->context, &finding);
	}
}

void meaning_check_release(struct meaning_check *m)
{
	known_nodes_release(&m->known);
	partition_check_release(&m->partition);
}
