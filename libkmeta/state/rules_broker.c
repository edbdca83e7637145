/* SPDX-License-Identifier: Apache-2.0 */
/* rules_broker.c: the rules for registrations of brokers and controllers. */
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/decode.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/javamap.h"
#include "state/partial.h"
#include "state/rules.h"

/* ---- brokers ---- */

/*
 * Release 4.0 supports metadata.version 7 to 25, release 3.9 supports 1 to 21. A broker that
 * migrates from ZooKeeper supports its current one only.
 */
enum { LOWEST_OF_4 = 7, HIGHEST_OF_4 = 25 };

void image_note_software(struct kmeta_image *image, const struct kmeta_fields *fields)
{
	const struct kmeta_field *features = kmeta_fields_find(fields, "features");
	size_t i, end;

	if (!features)
		return;
	i = (size_t)(features - fields->at) + 1;
	end = i - 1 + features->span;
	for (; i < end; i += fields->at[i].span) {
		/* A feature's name, and the lowest and highest supported level. */
		const struct kmeta_bytes name = fields->at[i + 1].value.bytes;
		const int64_t lowest = fields->at[i + 2].value.integer;
		const int64_t highest = fields->at[i + 3].value.integer;

		if (name.size == 16 && !memcmp(name.data, "metadata.version", 16) &&
		    lowest >= LOWEST_OF_4 && highest >= HIGHEST_OF_4)
			image->past_zookeeper = true;
	}
}

/* Kafka keeps directories sorted: sort a copy and let the field point to it. */
static enum kmeta_status sort_directories(struct replay *r, const char *name,
                                          struct kmeta_fields *fields)
{
	const struct kmeta_field *field = kmeta_fields_find(fields, name);
	struct kmeta_buffer *copy;

	if (!field || field->value.bytes.size <= IMAGE_ID)
		return KMETA_OK;
	copy = strcmp(name, "logDirs") ? &r->image->cordoned : &r->image->directories;
	copy->size = 0;
	buffer_add(copy, field->value.bytes.data, field->value.bytes.size);
	if (copy->failed)
		return finding_memory(r->why);
	javamap_sort_uuids((uint8_t *)copy->at, copy->size / IMAGE_ID);
	fields->at[field - fields->at].value.bytes = kmeta_buffer_bytes(copy);
	return KMETA_OK;
}

/* Keep the order of Kafka's maps and lists: its snapshots show it. */
static enum kmeta_status put_in_order(struct replay *r, enum kmeta_entity_kind kind,
                                      struct kmeta_fields *fields)
{
	const bool broker = kind == KMETA_BROKER;
	enum kmeta_status status;

	if (!javamap_order(fields, "endPoints", broker ? JAVAMAP_SIZED : JAVAMAP_GROWN) ||
	    !javamap_order(fields, "features", broker ? JAVAMAP_COPIED : JAVAMAP_GROWN))
		return finding_memory(r->why);
	status = sort_directories(r, "logDirs", fields);
	if (status == KMETA_OK)
		status = sort_directories(r, "cordonedLogDirs", fields);
	return status == KMETA_OK ? rule_put_fields(r, kind, fields) : status;
}

/* The record has all of a broker that may have been known in part. */
static bool know_broker(struct replay *r)
{
	struct kmeta_buffer *scratch = &r->image->scratch;

	if (!r->image->is_partial || r->kind != KMETA_BROKER)
		return true;
	scratch->size = 0;
	image_key_number(scratch, rule_integer(r, "brokerId", -1));
	return !scratch->failed &&
	       partial_set(r->image, KMETA_BROKER, kmeta_buffer_bytes(scratch), 0);
}

enum kmeta_status rule_put_registration(struct replay *r)
{
	image_note_software(r->image, r->fields);
	if (!rule_copy_fields(r) || !know_broker(r))
		return finding_memory(r->why);
	return put_in_order(r, r->kind, &r->image->fields);
}

static enum kmeta_status reread(struct replay *r, const struct item *item)
{
	return encode_reread(kind_newest_schema(item->kind),
	                     (struct kmeta_bytes){ item->value, item->value_size },
	                     &r->image->fields, r->why);
}

enum kmeta_status rule_drop_broker(struct replay *r)
{
	struct item *item = rule_named_item(r, KMETA_BROKER);
	enum kmeta_status status;
	int64_t epoch, own;

	if (!item)
		return rule_object(r, r->rule->missing, "broker %lld is not registered",
		                   (long long)rule_integer(r, "brokerId", -1));
	status = reread(r, item);
	if (status != KMETA_OK)
		return status;
	epoch = rule_integer(r, "brokerEpoch", -1);
	own = fields_must_have(&r->image->fields, "brokerEpoch")->value.integer;
	image_drop_item(r->image, item);
	if (epoch == own)
		return KMETA_OK;
	return rule_object(r, KMETA_OTHER_EPOCH, "broker epoch %lld, but the registration has %lld",
	                   (long long)epoch, (long long)own);
}

/* Replaces a field of the decoded registration, or appends it. */
static bool replace_field(struct kmeta_fields *fields, const char *name,
                          const struct kmeta_field *by)
{
	struct kmeta_field *at = (struct kmeta_field *)(uintptr_t)kmeta_fields_find(fields, name);
	const struct kmeta_schema *schema = fields->schema;

	for (size_t i = 0; !at && i < schema->count; i += schema->fields[i].span) {
		if (strcmp(schema->fields[i].name, name) != 0)
			continue;
		at = decode_append(fields, &schema->fields[i]);
		if (!at)
			return false;
	}
	if (!at)
		return true;
	at->value = by->value;
	at->flags = by->flags & KMETA_VALUE_NULL;
	return true;
}

/* Notes that a field of the broker whose key is in the image's scratch is known. */
static bool know_field(struct replay *r, const char *name)
{
	const struct kmeta_bytes key = kmeta_buffer_bytes(&r->image->scratch);

	return !r->image->is_partial || partial_set(r->image, KMETA_BROKER, key,
	                                            partial_unknown(r->image, KMETA_BROKER, key) &
	                                                    ~kind_field_bit(KMETA_BROKER, name));
}

static enum kmeta_status change_field(struct replay *r, const char *name,
                                      const struct kmeta_field *by)
{
	if (!know_field(r, name))
		return finding_memory(r->why);
	return replace_field(&r->image->fields, name, by) ? KMETA_OK : finding_memory(r->why);
}

static enum kmeta_status set_flag(struct replay *r, const char *name, bool value)
{
	const struct kmeta_field flag = { .value.integer = value };

	return change_field(r, name, &flag);
}

/* A broker of which only the id and the epoch are known, in the image's fields and its scratch. */
static struct item *unknown_broker(struct replay *r, int64_t id, int64_t epoch,
                                   enum kmeta_status *status)
{
	const struct kmeta_field number = { .value.integer = id },
				 given = { .value.integer = epoch };
	struct kmeta_fields *fields = &r->image->fields;
	struct kmeta_buffer *scratch = &r->image->scratch;
	const uint64_t unknown = kind_field_bits(KMETA_BROKER) &
	                         ~kind_field_bit(KMETA_BROKER, "brokerId") &
	                         ~kind_field_bit(KMETA_BROKER, "brokerEpoch");

	fields->schema = kind_newest_schema(KMETA_BROKER);
	fields->count = fields->unknown_count = 0;
	if (!replace_field(fields, "brokerId", &number) ||
	    !replace_field(fields, "brokerEpoch", &given) ||
	    !partial_set(r->image, KMETA_BROKER, kmeta_buffer_bytes(scratch), unknown)) {
		*status = finding_memory(r->why);
		return NULL;
	}
	*status = rule_put_fields(r, KMETA_BROKER, fields);
	scratch->size = 0;
	image_key_number(scratch, id);
	return *status != KMETA_OK || scratch->failed
	               ? NULL
	               : image_item(r->image, KMETA_BROKER, kmeta_buffer_bytes(scratch));
}

/*
 * Decodes the registration that the record is about into the image's fields. NULL: a violation was
 * reported.
 */
static struct item *registration(struct replay *r, const char *id, const char *epoch,
                                 enum kmeta_status *status)
{
	const int64_t number = rule_integer(r, id, -1), wanted = rule_integer(r, epoch, -1);
	struct kmeta_buffer *scratch = &r->image->scratch;
	struct item *item;
	int64_t own;

	scratch->size = 0;
	image_key_number(scratch, number);
	item = scratch->failed ? NULL
	                       : image_item(r->image, KMETA_BROKER, kmeta_buffer_bytes(scratch));
	if (!item && r->image->is_partial && !scratch->failed)
		item = unknown_broker(r, number, wanted, status);
	else if (!item)
		*status = rule_object(r, KMETA_UNKNOWN_BROKER, "broker %lld is not registered",
		                      (long long)number);
	if (!item)
		return NULL;
	*status = reread(r, item);
	if (*status != KMETA_OK)
		return NULL;
	own = fields_must_have(&r->image->fields, "brokerEpoch")->value.integer;
	if (own == wanted)
		return item;
	*status = rule_object(r, KMETA_STALE_EPOCH, "broker %lld has epoch %lld, not %lld",
	                      (long long)number, (long long)own, (long long)wanted);
	return NULL;
}

static enum kmeta_status set_fenced(struct replay *r, bool fenced)
{
	enum kmeta_status status;

	if (!registration(r, "id", "epoch", &status))
		return status;
	status = set_flag(r, "fenced", fenced);
	return status == KMETA_OK ? rule_put_fields(r, KMETA_BROKER, &r->image->fields) : status;
}

enum kmeta_status rule_fence(struct replay *r)
{
	return set_fenced(r, true);
}

enum kmeta_status rule_unfence(struct replay *r)
{
	return set_fenced(r, false);
}

/* Absent and empty arrays and zeros change nothing. */
enum kmeta_status rule_change_broker(struct replay *r)
{
	const int64_t fenced = rule_integer(r, "fenced", 0),
		      shutdown = rule_integer(r, "inControlledShutdown", 0);
	const struct kmeta_field *dirs = rule_field(r, "logDirs"),
				 *cordoned = rule_field(r, "cordonedLogDirs");
	enum kmeta_status status;

	if (fenced < -1 || fenced > 1 || shutdown < 0 || shutdown > 1)
		return rule_object(r, KMETA_BAD_VALUE, "fenced %lld, inControlledShutdown %lld",
		                   (long long)fenced, (long long)shutdown);
	if (!registration(r, "brokerId", "brokerEpoch", &status))
		return status;
	if (fenced)
		status = set_flag(r, "fenced", fenced > 0);
	if (status == KMETA_OK && shutdown)
		status = set_flag(r, "inControlledShutdown", true);
	if (status == KMETA_OK && dirs && dirs->value.bytes.size)
		status = change_field(r, "logDirs", dirs);
	if (status == KMETA_OK && cordoned && !(cordoned->flags & KMETA_VALUE_NULL))
		status = change_field(r, "cordonedLogDirs", cordoned);
	return status == KMETA_OK ? put_in_order(r, KMETA_BROKER, &r->image->fields) : status;
}
