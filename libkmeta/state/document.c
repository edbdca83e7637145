/* SPDX-License-Identifier: Apache-2.0 */
/* document.c: a state as one JSON document, and as one digest. */
#include <string.h>

#include <sha256.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "print/entity.h"
#include "print/json.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "print/text.h"
#include "state/image.h"

/* ---- the document ---- */

/*
 * The document is written as the walk goes: objects are open up to some depth, each with the name
 * that it stands under. An entity closes what it does not lie in, and opens what it does.
 */
enum { DEPTH = 4 };

struct document {
	struct kmeta_buffer *out;
	unsigned flags;
	struct kmeta_buffer names[DEPTH];
	size_t depth;
	bool comma;    /* something stands before in the object at hand */
	size_t hidden; /* members that stand under no name of their own */
};

static void next_member(struct document *d)
{
	if (d->comma)
		buffer_char(d->out, ',');
	d->comma = true;
}

static void close_to(struct document *d, size_t depth)
{
	while (d->depth > depth) {
		buffer_char(d->out, '}');
		d->depth--;
		d->comma = true;
	}
}

/* Opens the object "name" at "depth", unless it is open. */
static void enter(struct document *d, size_t depth, const struct kmeta_buffer *name)
{
	if (d->depth > depth && d->names[depth].size == name->size &&
	    !memcmp(d->names[depth].at, name->at, name->size))
		return;
	close_to(d, depth);
	d->names[depth].size = 0;
	buffer_add(&d->names[depth], name->at, name->size);
	next_member(d);
	buffer_add(d->out, name->at, name->size);
	buffer_text(d->out, ":{");
	d->depth = depth + 1;
	d->comma = false;
}

static void enter_text(struct document *d, size_t depth, const char *text)
{
	struct kmeta_buffer name = { 0 };

	buffer_format(&name, "\"%s\"", text);
	enter(d, depth, &name);
	kmeta_buffer_release(&name);
}

static void enter_bytes(struct document *d, size_t depth, struct kmeta_bytes bytes)
{
	struct kmeta_buffer name = { 0 };

	scalar_string(&name, bytes);
	enter(d, depth, &name);
	kmeta_buffer_release(&name);
}

static const struct kmeta_field *field_of(const struct kmeta_entity *entity, const char *name)
{
	return kmeta_fields_find(entity->fields, name);
}

/* "name": in front of a value of the object at hand. */
static void name_bytes(struct document *d, struct kmeta_bytes name)
{
	next_member(d);
	scalar_string(d->out, name);
	buffer_char(d->out, ':');
}

static void name_number(struct document *d, int64_t number)
{
	next_member(d);
	buffer_format(d->out, "\"%lld\":", (long long)number);
}

static void put_field(struct document *d, const struct kmeta_entity *entity, const char *name)
{
	kmeta_field_json(d->out, entity->fields, field_of(entity, name), d->flags);
}

static void put_topic(struct document *d, const struct kmeta_entity *entity)
{
	enter_text(d, 0, "topics");
	/* Two topics of one name, should there be any, are two members. */
	close_to(d, 1);
	enter_bytes(d, 1, entity->topic_name);
	next_member(d);
	buffer_text(d->out, "\"topicId\":");
	put_field(d, entity, "topicId");
}

static void put_partition(struct document *d, const struct kmeta_entity *entity)
{
	enter_text(d, 0, "topics");
	enter_bytes(d, 1, entity->topic_name);
	enter_text(d, 2, "partitions");
	name_number(d, field_of(entity, "partitionId")->value.integer);
	json_fields(d->out, entity->fields, d->flags);
}

static void put_config(struct document *d, const struct kmeta_entity *entity)
{
	const int64_t type = field_of(entity, "resourceType")->value.integer;
	const char *word = text_word("CONFIG_RECORD", "resourceType", type);
	char number[24];

	*digits_signed(number, type) = '\0';
	enter_text(d, 0, "configs");
	enter_text(d, 1, word ? word : number);
	enter_bytes(d, 2, field_of(entity, "resourceName")->value.bytes);
	name_bytes(d, field_of(entity, "name")->value.bytes);
	put_field(d, entity, "value");
}

/* Quotas are keyed by their entity as the paths have it: "user:alice,client-id:(default)". */
static void put_quota(struct document *d, const struct kmeta_entity *entity)
{
	struct kmeta_buffer path = { 0 };
	const char *start, *end = NULL;

	kmeta_entity_path(&path, entity, d->flags);
	start = path.at ? memchr(path.at, '/', path.size) : NULL;
	for (const char *at = start; at && at < path.at + path.size; at++)
		end = *at == '/' ? at : end;
	enter_text(d, 0, "quotas");
	if (start && end > start)
		enter_bytes(d, 1,
		            (struct kmeta_bytes){ (const uint8_t *)start + 1,
		                                  (size_t)(end - start - 1) });
	name_bytes(d, field_of(entity, "key")->value.bytes);
	put_field(d, entity, "value");
	kmeta_buffer_release(&path);
}

static void put_scram(struct document *d, const struct kmeta_entity *entity)
{
	const int64_t mechanism = field_of(entity, "mechanism")->value.integer;
	const char *word = text_word("USER_SCRAM_CREDENTIAL_RECORD", "mechanism", mechanism);
	char number[24];

	*digits_signed(number, mechanism) = '\0';
	enter_text(d, 0, "scram");
	enter_bytes(d, 1, field_of(entity, "name")->value.bytes);
	enter_text(d, 2, word ? word : number);
	close_to(d, 3);
	next_member(d);
	buffer_text(d->out, "\"iterations\":");
	put_field(d, entity, "iterations");
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = { "salt", "storedKey", "serverKey" };

		buffer_format(d->out, ",\"%s\":", names[i]);
		put_field(d, entity, names[i]);
	}
}

/* The others: a member of a group, by one of its fields. */
static void put_member(struct document *d, const struct kmeta_entity *entity, const char *group,
                       const char *key)
{
	const struct kmeta_field *field = field_of(entity, key);

	enter_text(d, 0, group);
	next_member(d);
	if (field->schema->kind == KMETA_INT32)
		buffer_format(d->out, "\"%lld\"", (long long)field->value.integer);
	else if (!(d->flags & KMETA_SHOW_SECRETS) && secret_is_hidden(field, false))
		buffer_format(d->out, "\"" SECRET_HIDDEN " %zu\"", ++d->hidden);
	else
		kmeta_field_json(d->out, entity->fields, field, d->flags);
	buffer_char(d->out, ':');
	json_fields(d->out, entity->fields, d->flags);
}

static void put_entity(struct document *d, const struct kmeta_entity *entity)
{
	switch (entity->kind) {
	case KMETA_FEATURE:
		enter_text(d, 0, "features");
		name_bytes(d, field_of(entity, "name")->value.bytes);
		put_field(d, entity, "featureLevel");
		break;
	case KMETA_ZK_MIGRATION:
	case KMETA_PRODUCER_IDS:
		close_to(d, 0);
		next_member(d);
		buffer_text(d->out, entity->kind == KMETA_PRODUCER_IDS ? "\"nextProducerId\":"
		                                                       : "\"zkMigrationState\":");
		put_field(d, entity,
		          entity->kind == KMETA_PRODUCER_IDS ? "nextProducerId"
		                                             : "zkMigrationState");
		break;
	case KMETA_BROKER:
		put_member(d, entity, "brokers", "brokerId");
		break;
	case KMETA_CONTROLLER:
		put_member(d, entity, "controllers", "controllerId");
		break;
	case KMETA_TOPIC:
		put_topic(d, entity);
		break;
	case KMETA_PARTITION:
		put_partition(d, entity);
		break;
	case KMETA_CONFIG:
		put_config(d, entity);
		break;
	case KMETA_QUOTA:
		put_quota(d, entity);
		break;
	case KMETA_ACL:
		put_member(d, entity, "acls", "id");
		break;
	case KMETA_SCRAM:
		put_scram(d, entity);
		break;
	case KMETA_TOKEN:
		put_member(d, entity, "tokens", "tokenId");
		break;
	case KMETA_ENTITY_KINDS:
		break;
	}
}

static void put_place(struct document *d, const struct kmeta_image *image)
{
	const struct kmeta_image_place place = image->place;
	const struct kmeta_quorum quorum = image->quorum;
	const char *name = kmeta_metadata_version_name(place.level);

	buffer_format(d->out, "{\"endOffset\":%lld,\"epoch\":%d,\"timestamp\":%lld",
	              (long long)place.end_offset, place.epoch, (long long)place.timestamp);
	if (place.level)
		buffer_format(d->out, ",\"metadataVersion\":{\"level\":%lld,\"name\":%s%s%s}",
		              (long long)place.level, name ? "\"" : "", name ? name : "null",
		              name ? "\"" : "");
	buffer_format(d->out, ",\"quorum\":{\"leader\":%d,\"leaderEpoch\":%d,\"kraftVersion\":%d}",
	              quorum.leader, quorum.leader_epoch, quorum.kraft_version);
	d->comma = true;
}

enum kmeta_status kmeta_image_json(const struct kmeta_image *image, kmeta_wanted *wanted,
                                   kmeta_drain *drain, void *context, struct kmeta_buffer *out,
                                   unsigned flags, struct kmeta_finding *why)
{
	struct document d = { .out = out, .flags = flags };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open(&walk, image, 0, why);
	bool going = true;

	if (status == KMETA_OK)
		put_place(&d, image);
	while (going && status == KMETA_OK &&
	       (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK) {
		if (wanted && !wanted(context, &entity))
			continue;
		put_entity(&d, &entity);
		going = drain(context, out);
	}
	if (status == KMETA_END || status == KMETA_OK) {
		close_to(&d, 0);
		buffer_text(out, "}\n");
		status = KMETA_OK;
	}
	for (size_t i = 0; i < DEPTH; i++)
		kmeta_buffer_release(&d.names[i]);
	kmeta_walk_close(walk);
	return status;
}

/* ---- the digest ---- */

static void add_digest(uint8_t sum[32], const uint8_t digest[32])
{
	unsigned carry = 0;

	for (int i = 31; i >= 0; i--) {
		carry += (unsigned)sum[i] + digest[i];
		sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

enum kmeta_status kmeta_image_hash(const struct kmeta_image *image, uint8_t hash[32],
                                   struct kmeta_finding *why)
{
	struct kmeta_buffer line = { 0 };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	uint8_t sum[32] = { 0 };
	enum kmeta_status status = kmeta_walk_open(&walk, image, KMETA_WALK_NEWEST, why);

	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK) {
		uint8_t digest[32];
		SHA2_CTX sha;

		line.size = 0;
		kmeta_entity_json(&line, &entity, KMETA_SHOW_SECRETS);
		if (line.failed) {
			status = finding_memory(why);
			break;
		}
		SHA256Init(&sha);
		SHA256Update(&sha, (const uint8_t *)line.at, line.size);
		SHA256Final(digest, &sha);
		add_digest(sum, digest);
	}
	kmeta_walk_close(walk);
	kmeta_buffer_release(&line);
	if (status != KMETA_END)
		return status;
	memcpy(hash, sum, sizeof(sum));
	return KMETA_OK;
}
