/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c: an image of its own that is the same, and how much memory one takes. */
#include "buffer.h"
#include "image.h"

/* ---- entities ---- */

/* With the seed of the original, each thing has the hash that its slot tells. */
static bool copy_topics(struct kmeta_image *to, const struct kmeta_image *from)
{
	for (size_t i = 0; i < from->topics.capacity; i++) {
		const struct topic *topic = from->topics.slots[i].value;
		struct topic *copy;

		if (!topic)
			continue;
		copy = pool_get(&to->pool, sizeof(*copy) + topic->name_size);
		if (!copy)
			return false;
		memcpy(copy, topic, sizeof(*copy) + topic->name_size);
		copy->near = NULL;
		copy->far = (struct table){ 0 };
		copy->partitions = copy->room = 0;
		if (!table_add(&to->topics, from->topics.slots[i].hash, copy))
			return false;
	}
	return true;
}

/* Of several topics of one name, and even of one, it may be that none goes by it. */
static bool copy_names(struct kmeta_image *to, const struct kmeta_image *from)
{
	for (size_t i = 0; i < from->names.capacity; i++) {
		const struct topic *topic = from->names.slots[i].value;

		if (topic &&
		    !table_add(&to->names, from->names.slots[i].hash, image_topic(to, topic->id)))
			return false;
	}
	return true;
}

static bool copy_partitions(struct kmeta_image *to, const struct topic *topic)
{
	struct topic *copy = image_topic(to, topic->id);
	const struct partition *p;
	size_t at = 0;

	while ((p = topic_next(topic, &at)) != NULL) {
		const struct partition_state state = partition_unpack(p);

		if (!image_put_partition(to, copy, p->id, &state))
			return false;
	}
	return true;
}

static bool copy_all_partitions(struct kmeta_image *to, const struct kmeta_image *from)
{
	for (size_t i = 0; i < from->topics.capacity; i++)
		if (from->topics.slots[i].value &&
		    !copy_partitions(to, from->topics.slots[i].value))
			return false;
	return true;
}

static bool copy_item(struct kmeta_image *to, const struct item *item)
{
	return image_put_item(to, item->kind, (struct kmeta_bytes){ item->key, item->key_size },
	                      (struct kmeta_bytes){ item->value, item->value_size });
}

static bool copy_items(struct kmeta_image *to, const struct kmeta_image *from)
{
	for (size_t i = 0; i < from->items.capacity; i++) {
		const struct item *item = from->items.slots[i].value;

		if (item && !item->resource && !copy_item(to, item))
			return false;
	}
	return true;
}

/* From the oldest on, so that each list has the same order. */
static bool copy_configs(struct kmeta_image *to, const struct kmeta_image *from)
{
	for (size_t i = 0; i < from->resources.capacity; i++) {
		const struct resource *resource = from->resources.slots[i].value;
		const struct item *item = resource ? resource->first : NULL;

		while (item && item->next)
			item = item->next;
		for (; item; item = item->previous)
			if (!copy_item(to, item))
				return false;
	}
	return true;
}

/* ---- the image ---- */

static bool reserve(struct kmeta_image *to, const struct kmeta_image *from)
{
	return table_reserve(&to->topics, from->topics.count) &&
	       table_reserve(&to->names, from->names.count);
}

static bool copy_rest(struct kmeta_image *to, const struct kmeta_image *from)
{
	memcpy(to->attributes, from->attributes, sizeof(to->attributes));
	to->counts[KMETA_TOPIC] = from->counts[KMETA_TOPIC];
	to->place = from->place;
	to->quorum = from->quorum;
	to->in_transaction = from->in_transaction;
	to->transaction_offset = from->transaction_offset;
	to->past_zookeeper = from->past_zookeeper;
	buffer_add(&to->voters, from->voters.at, from->voters.size);
	if (from->quorum.voters.data)
		to->quorum.voters.data = (const uint8_t *)to->voters.at;
	buffer_add(&to->pending, from->pending.at, from->pending.size);
	return !to->voters.failed && !to->pending.failed && image_keep_files(to);
}

struct kmeta_image *kmeta_image_copy(const struct kmeta_image *image)
{
	struct kmeta_image *copy = image_new_seeded(image->seed);

	if (copy && reserve(copy, image) && copy_topics(copy, image) && copy_names(copy, image) &&
	    copy_all_partitions(copy, image) && copy_items(copy, image) &&
	    copy_configs(copy, image) && copy_rest(copy, image))
		return copy;
	kmeta_image_free(copy);
	return NULL;
}

size_t kmeta_image_memory(const struct kmeta_image *image)
{
	const struct table *const tables[] = { &image->topics, &image->names, &image->resources,
		                               &image->items };
	size_t bytes = sizeof(*image) + image->pool.bytes + image->voters.capacity +
	               image->pending.capacity + image->scratch.capacity +
	               image->directories.capacity + image->cordoned.capacity +
	               image->fields.capacity * sizeof(*image->fields.at);

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		bytes += tables[i]->capacity * sizeof(struct table_slot);
	for (size_t i = 0; i < image->topics.capacity; i++) {
		const struct topic *topic = image->topics.slots[i].value;

		bytes += topic ? topic->far.capacity * sizeof(struct table_slot) : 0;
	}
	return bytes;
}
