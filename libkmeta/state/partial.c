/* SPDX-License-Identifier: Apache-2.0 */
/* partial.c: what is unknown of an entity in the state of a log that begins late. */
#include "state/partial.h"

#include <string.h>

#include "print/scalar.h"
#include "record/kind.h"

/* An entity that is known in part. */
struct partly_known {
	uint64_t unknown;
	enum kmeta_entity_kind kind;
	size_t key_size;
	uint8_t key[];
};

struct wanted {
	enum kmeta_entity_kind kind;
	struct kmeta_bytes key;
};

static bool is_partly_known(const void *value, const void *key)
{
	const struct partly_known *entity = value;
	const struct wanted *wanted = key;

	return entity->kind == wanted->kind && entity->key_size == wanted->key.size &&
	       !memcmp(entity->key, wanted->key.data, entity->key_size);
}

static uint64_t partial_hash(const struct kmeta_image *image, const struct wanted *wanted)
{
	return table_hash(image->seed + wanted->kind, wanted->key.data, wanted->key.size);
}

static struct partly_known *find(const struct kmeta_image *image, const struct wanted *wanted)
{
	return image->unknown.count ? table_find(&image->unknown, partial_hash(image, wanted),
	                                         is_partly_known, wanted)
	                            : NULL;
}

void partial_begin(struct kmeta_image *image, int64_t offset)
{
	image->is_partial = true;
	image->partial_from = offset;
}

uint64_t partial_unknown(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                         struct kmeta_bytes key)
{
	const struct wanted wanted = { kind, key };
	const struct partly_known *entity = find(image, &wanted);

	return entity ? entity->unknown : 0;
}

bool partial_set(struct kmeta_image *image, enum kmeta_entity_kind kind, struct kmeta_bytes key,
                 uint64_t unknown)
{
	const struct wanted wanted = { kind, key };
	struct partly_known *entity = find(image, &wanted);

	if (entity && !unknown) {
		table_drop(&image->unknown, partial_hash(image, &wanted), entity);
		pool_put(&image->pool, entity, sizeof(*entity) + key.size);
		return true;
	}
	if (entity || !unknown) {
		if (entity)
			entity->unknown = unknown;
		return true;
	}
	entity = pool_get(&image->pool, sizeof(*entity) + key.size);
	if (!entity)
		return false;
	*entity = (struct partly_known){ .unknown = unknown, .kind = kind, .key_size = key.size };
	memcpy(entity->key, key.data, key.size);
	return table_add(&image->unknown, partial_hash(image, &wanted), entity);
}

struct kmeta_bytes partial_key(uint8_t bytes[PARTIAL_KEY], const uint8_t *topic_id,
                               int32_t partition)
{
	memcpy(bytes, topic_id, IMAGE_ID);
	memcpy(bytes + IMAGE_ID, &partition, sizeof(partition));
	return (struct kmeta_bytes){ bytes, PARTIAL_KEY };
}

/* No topic that Kafka makes has a question mark in its name. */
struct topic *partial_topic(struct kmeta_image *image, const uint8_t *id)
{
	char name[1 + UUID_TEXT] = "?";
	const size_t size = (size_t)(uuid_print(name + 1, id) - name);
	uint8_t bytes[PARTIAL_KEY];

	if (!partial_set(image, KMETA_TOPIC, partial_key(bytes, id, -1),
	                 kind_field_bit(KMETA_TOPIC, "name")))
		return NULL;
	return image_new_topic(image, id, (struct kmeta_bytes){ (uint8_t *)name, size });
}

bool partial_excuses(const struct kmeta_image *image, enum kmeta_code code)
{
	return image->is_partial &&
	       (code == KMETA_UNKNOWN_TOPIC || code == KMETA_UNKNOWN_PARTITION ||
	        code == KMETA_UNKNOWN_BROKER || code == KMETA_UNKNOWN_ACL ||
	        code == KMETA_NOTHING_THERE);
}

void partial_strip(struct kmeta_fields *fields, enum kmeta_entity_kind kind, uint64_t unknown)
{
	size_t kept = 0, next;

	if (!unknown)
		return;
	for (size_t i = 0; i < fields->count; i = next) {
		next = i + fields->at[i].span;
		if (unknown & kind_field_bit(kind, fields->at[i].schema->name))
			continue;
		memmove(fields->at + kept, fields->at + i, (next - i) * sizeof(*fields->at));
		kept += next - i;
	}
	fields->count = kept;
}

void partial_hide(const struct kmeta_image *image, struct kmeta_bytes key,
                  struct kmeta_fields *fields, struct kmeta_entity *entity)
{
	entity->unknown = partial_unknown(image, entity->kind, key);
	partial_strip(fields, entity->kind, entity->unknown);
}
