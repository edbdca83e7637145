/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: keeps the state, and finds its entities. */
#include "state/image.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "record/kind.h"
#include "state/pending.h"

/* ---- the image ---- */

/* A new image has a migration state: none. */
static bool put_no_migration(struct kmeta_image *image)
{
	static const uint8_t none[] = { 1, KMETA_ZK_MIGRATION_STATE_RECORD, 0, 0, 0 };

	return image_put_item(image, KMETA_ZK_MIGRATION, (struct kmeta_bytes){ none, 0 },
	                      (struct kmeta_bytes){ none, sizeof(none) });
}

static struct kmeta_image *new_image(const uint64_t *seed)
{
	struct kmeta_image *image = calloc(1, sizeof(*image));

	if (!image)
		return NULL;
	image->seed = seed ? *seed : (uint64_t)(uintptr_t)image;
	image->moment = (struct kmeta_moment){ .timestamp = -1, .epoch = -1 };
	image->quorum =
		(struct kmeta_quorum){ .leader = -1, .leader_epoch = -1, .kraft_version = -1 };
	image->transaction_offset = -1;
	if (put_no_migration(image))
		return image;
	kmeta_image_free(image);
	return NULL;
}

struct kmeta_image *kmeta_image_new(void)
{
	return new_image(NULL);
}

struct kmeta_image *image_new_seeded(uint64_t seed)
{
	return new_image(&seed);
}

void image_swap(struct kmeta_image *a, struct kmeta_image *b)
{
	const struct image_watcher of_a = a->watcher, of_b = b->watcher;
	const struct kmeta_image content = *a;

	*a = *b;
	*b = content;
	a->watcher = of_a;
	b->watcher = of_b;
}

/* Frees the memory of partitions that is not the pool's. */
static void release_partitions(struct kmeta_image *image)
{
	for (size_t i = 0; i < image->topics.capacity; i++) {
		struct topic *topic = image->topics.slots[i].value;

		if (topic)
			table_release(&topic->far);
	}
}

void image_unwatch(struct kmeta_image *image)
{
	if (image->watcher.release)
		image->watcher.release(image->watcher.context);
	image->watcher = (struct image_watcher){ 0 };
}

void kmeta_image_free(struct kmeta_image *image)
{
	if (!image)
		return;
	image_unwatch(image);
	release_partitions(image);
	table_release(&image->topics);
	table_release(&image->names);
	table_release(&image->resources);
	table_release(&image->items);
	pool_release(&image->pool);
	kmeta_buffer_release(&image->voters);
	kmeta_buffer_release(&image->electors);
	kmeta_buffer_release(&image->scratch);
	kmeta_buffer_release(&image->directories);
	kmeta_buffer_release(&image->cordoned);
	table_release(&image->unknown);
	pending_drop(image);
	kmeta_buffer_release(&image->pending);
	kmeta_buffer_release(&image->pending_name);
	kmeta_fields_release(&image->fields);
	free(image);
}

void image_note_base(struct kmeta_image *image)
{
	image->base = image->moment;
	image->base_bytes = 0;
	image->has_base = true;
}

struct kmeta_moment kmeta_image_moment(const struct kmeta_image *image)
{
	return image->moment;
}

int64_t kmeta_image_partial_from(const struct kmeta_image *image)
{
	return image->is_partial ? image->partial_from : -1;
}

struct kmeta_quorum kmeta_image_quorum(const struct kmeta_image *image)
{
	return image->quorum;
}

size_t kmeta_image_count(const struct kmeta_image *image, enum kmeta_entity_kind kind)
{
	return image->counts[kind];
}

int64_t kmeta_image_open_transaction(const struct kmeta_image *image)
{
	return image->transaction_offset;
}

/* ---- topics ---- */

static bool image_has_id(const void *value, const void *id)
{
	const struct topic *topic = value;

	return !memcmp(topic->id, id, IMAGE_ID);
}

static bool has_name(const void *value, const void *key)
{
	const struct topic *topic = value;
	const struct kmeta_bytes *name = key;

	return topic->name_size == name->size && !memcmp(topic->name, name->data, name->size);
}

struct topic *image_topic(const struct kmeta_image *image, const uint8_t *id)
{
	return table_find(&image->topics, table_hash(image->seed, id, IMAGE_ID), image_has_id, id);
}

struct topic *image_topic_named(const struct kmeta_image *image, struct kmeta_bytes name)
{
	return table_find(&image->names, table_hash(image->seed, name.data, name.size), has_name,
	                  &name);
}

struct topic *image_new_topic(struct kmeta_image *image, const uint8_t *id, struct kmeta_bytes name)
{
	struct topic *topic = pool_get(&image->pool, sizeof(*topic) + name.size);

	if (!topic)
		return NULL;
	*topic = (struct topic){ .name_size = name.size };
	memcpy(topic->id, id, IMAGE_ID);
	memcpy(topic->name, name.data, name.size);
	if (!table_add(&image->topics, table_hash(image->seed, id, IMAGE_ID), topic))
		return NULL;
	image->counts[KMETA_TOPIC]++;
	return topic;
}

/* Of several topics with one name, the last is found by it. */
bool image_name_topic(struct kmeta_image *image, struct topic *topic)
{
	const struct kmeta_bytes name = { topic->name, topic->name_size };
	const uint64_t hash = table_hash(image->seed, name.data, name.size);
	struct topic *const before = image_topic_named(image, name);

	if (before)
		table_drop(&image->names, hash, before);
	return table_add(&image->names, hash, topic);
}

bool image_add_topic(struct kmeta_image *image, const uint8_t *id, struct kmeta_bytes name)
{
	struct topic *topic = image_new_topic(image, id, name);

	return topic && image_name_topic(image, topic);
}

int topic_order(const struct topic *a, const struct topic *b)
{
	const int order = kmeta_bytes_compare((struct kmeta_bytes){ a->name, a->name_size },
	                                      (struct kmeta_bytes){ b->name, b->name_size });

	return order ? order : memcmp(a->id, b->id, IMAGE_ID);
}

/* ---- other entities ---- */

int item_order(const struct item *a, const struct item *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return kmeta_bytes_compare((struct kmeta_bytes){ a->key, a->key_size },
	                           (struct kmeta_bytes){ b->key, b->key_size });
}

struct item_key {
	enum kmeta_entity_kind kind;
	struct kmeta_bytes key;
};

static bool is_item(const void *value, const void *wanted)
{
	const struct item *item = value;
	const struct item_key *key = wanted;

	return item->kind == key->kind && item->key_size == key->key.size &&
	       !memcmp(item->key, key->key.data, item->key_size);
}

static uint64_t item_hash(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                          struct kmeta_bytes key)
{
	return table_hash(image->seed + kind, key.data, key.size);
}

struct item *image_item(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                        struct kmeta_bytes key)
{
	const struct item_key wanted = { kind, key };

	return table_find(&image->items, item_hash(image, kind, key), is_item, &wanted);
}

static bool is_resource(const void *value, const void *key)
{
	const struct resource *resource = value;
	const struct kmeta_bytes *wanted = key;

	return resource->key_size == wanted->size &&
	       !memcmp(resource->key, wanted->data, wanted->size);
}

static struct resource *find_resource(const struct kmeta_image *image, struct kmeta_bytes key)
{
	return table_find(&image->resources, table_hash(image->seed, key.data, key.size),
	                  is_resource, &key);
}

/* A config's key begins with its resource: a number, then text with its end mark. */
static struct kmeta_bytes resource_part(struct kmeta_bytes key)
{
	size_t size = 8;

	while (size + 1 < key.size && (key.data[size] || key.data[size + 1]))
		size += key.data[size] ? 1 : 2;
	return (struct kmeta_bytes){ key.data, size + 2 < key.size ? size + 2 : key.size };
}

static bool join_resource(struct kmeta_image *image, struct item *item, struct kmeta_bytes key)
{
	struct resource *resource = find_resource(image, key);

	if (!resource) {
		resource = pool_get(&image->pool, sizeof(*resource) + key.size);
		if (!resource)
			return false;
		*resource = (struct resource){ .key_size = key.size };
		memcpy(resource->key, key.data, key.size);
		if (!table_add(&image->resources, table_hash(image->seed, key.data, key.size),
		               resource))
			return false;
	}
	item->resource = resource;
	item->next = resource->first;
	if (resource->first)
		resource->first->previous = item;
	resource->first = item;
	return true;
}

static void leave_resource(struct kmeta_image *image, struct item *item)
{
	struct resource *resource = item->resource;

	if (!resource)
		return;
	if (item->next)
		item->next->previous = item->previous;
	if (item->previous)
		item->previous->next = item->next;
	else
		resource->first = item->next;
	if (resource->first)
		return;
	table_drop(&image->resources, table_hash(image->seed, resource->key, resource->key_size),
	           resource);
	pool_put(&image->pool, resource, sizeof(*resource) + resource->key_size);
}

static bool set_value(struct kmeta_image *image, struct item *item, struct kmeta_bytes value)
{
	uint8_t *copy = item->value;

	if (item->value_size != value.size || !copy) {
		copy = pool_get(&image->pool, value.size);
		if (!copy)
			return false;
		pool_put(&image->pool, item->value, item->value_size);
	}
	memcpy(copy, value.data, value.size);
	item->value = copy;
	item->value_size = (uint32_t)value.size;
	return true;
}

bool image_put_item(struct kmeta_image *image, enum kmeta_entity_kind kind, struct kmeta_bytes key,
                    struct kmeta_bytes value)
{
	struct item *item = image_item(image, kind, key);

	if (item)
		return set_value(image, item, value);
	item = pool_get(&image->pool, sizeof(*item) + key.size);
	if (!item)
		return false;
	*item = (struct item){ .kind = kind, .key_size = (uint32_t)key.size };
	memcpy(item->key, key.data, key.size);
	if (!set_value(image, item, value) ||
	    !table_add(&image->items, item_hash(image, kind, key), item))
		return false;
	image->counts[kind]++;
	return kind != KMETA_CONFIG || join_resource(image, item, resource_part(key));
}

void image_drop_item(struct kmeta_image *image, struct item *item)
{
	const struct kmeta_bytes key = { item->key, item->key_size };

	table_drop(&image->items, item_hash(image, item->kind, key), item);
	leave_resource(image, item);
	image->counts[item->kind]--;
	pool_put(&image->pool, item->value, item->value_size);
	pool_put(&image->pool, item, sizeof(*item) + item->key_size);
}

/* ---- keys ---- */

/* With the sign bit flipped, numbers compare as bytes. */
void image_key_number(struct kmeta_buffer *out, int64_t number)
{
	const uint64_t turned = (uint64_t)number ^ (uint64_t)1 << 63;

	for (int shift = 56; shift >= 0; shift -= 8)
		buffer_char(out, (char)(turned >> shift));
}

/* Text ends in two zeros, and a zero inside it is followed by ff: no key is a prefix of another. */
void image_key_text(struct kmeta_buffer *out, struct kmeta_bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		buffer_char(out, (char)text.data[i]);
		if (!text.data[i])
			buffer_char(out, (char)0xff);
	}
	buffer_add(out, "\0", 2);
}

/* The default entity of a quota has a null name and sorts first. */
static void key_nullable(struct kmeta_buffer *out, const struct kmeta_field *field)
{
	const bool null = field->flags & KMETA_VALUE_NULL;

	buffer_char(out, null ? 1 : 2);
	if (!null)
		image_key_text(out, field->value.bytes);
}

/* A quota has a user, a client id or an ip. */
enum { ENTITY_LIMIT = 16 };

/*
 * The entity of a quota is a set: its parts are sorted by type, whatever their order in the record.
 */
static void key_entity(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                       const struct kmeta_field *array)
{
	const size_t start = (size_t)(array - fields->at), end = start + array->span;
	struct kmeta_bytes last = { 0 };

	for (;;) {
		const struct kmeta_field *next = NULL;

		for (size_t i = start + 1; i < end; i += fields->at[i].span) {
			const struct kmeta_field *type = &fields->at[i + 1];

			if (last.data && kmeta_bytes_compare(type->value.bytes, last) <= 0)
				continue;
			if (!next || kmeta_bytes_compare(type->value.bytes, next->value.bytes) < 0)
				next = type;
		}
		if (!next)
			break;
		image_key_text(out, next->value.bytes);
		key_nullable(out, next + 1);
		last = next->value.bytes;
	}
	buffer_char(out, 0);
}

bool image_key(struct kmeta_buffer *out, enum kmeta_entity_kind kind,
               const struct kmeta_fields *fields)
{
	for (size_t i = 0; i < KIND_KEYS && kinds[kind].keys[i].field; i++) {
		const struct kmeta_field *field =
			kmeta_fields_find(fields, kinds[kind].keys[i].field);

		if (!field)
			return false;
		if (field->schema->flags & KMETA_FIELD_ARRAY && field->value.integer > ENTITY_LIMIT)
			return false;
		if (field->schema->flags & KMETA_FIELD_ARRAY)
			key_entity(out, fields, field);
		else if (field->schema->kind == KMETA_STRING)
			image_key_text(out, field->value.bytes);
		else if (field->schema->kind == KMETA_UUID)
			buffer_add(out, field->value.bytes.data, IMAGE_ID);
		else
			image_key_number(out, kind_known_value(kind, field->schema->name,
			                                       field->value.integer));
	}
	return true;
}

/* ---- cascades ---- */

struct resource *image_resource(const struct kmeta_image *image, int64_t type,
                                struct kmeta_bytes name)
{
	struct kmeta_buffer key = { 0 };
	struct resource *resource = NULL;

	image_key_number(&key, type);
	image_key_text(&key, name);
	if (!key.failed)
		resource =
			find_resource(image, (struct kmeta_bytes){ (uint8_t *)key.at, key.size });
	kmeta_buffer_release(&key);
	return resource;
}

static void drop_topic_configs(struct kmeta_image *image, const struct topic *topic)
{
	struct resource *resource = image_resource(
		image, RESOURCE_TOPIC, (struct kmeta_bytes){ topic->name, topic->name_size });

	while (resource) {
		/* Dropping the last one frees the resource. */
		const bool last = !resource->first->next;

		image_drop_item(image, resource->first);
		if (last)
			break;
	}
}

void image_drop_topic(struct kmeta_image *image, struct topic *topic)
{
	const struct kmeta_bytes name = { topic->name, topic->name_size };

	image_drop_partitions(image, topic);
	drop_topic_configs(image, topic);
	if (image_topic_named(image, name) == topic)
		table_drop(&image->names, table_hash(image->seed, name.data, name.size), topic);
	table_drop(&image->topics, table_hash(image->seed, topic->id, IMAGE_ID), topic);
	image->counts[KMETA_TOPIC]--;
	pool_put(&image->pool, topic, sizeof(*topic) + topic->name_size);
}
