/* SPDX-License-Identifier: Apache-2.0 */
/* partitions.c: the partitions of topics, packed. */
#include <string.h>

#include "image.h"

/* A topic has places for all numbers up to twice as many as it has partitions, and a few more. */
enum { FEW_NUMBERS = 8 };

/* ---- finding ---- */

static bool has_number(const void *value, const void *number)
{
	return ((const struct partition *)value)->id == *(const int32_t *)number;
}

static uint64_t hash_of(const struct kmeta_image *image, int32_t id)
{
	return table_hash(image->seed, &id, sizeof(id));
}

static bool is_near(const struct topic *topic, int32_t id)
{
	return id >= 0 && (uint32_t)id < topic->room;
}

struct partition *image_partition(const struct kmeta_image *image, const struct topic *topic,
                                  int32_t id)
{
	if (is_near(topic, id) && topic->near[id])
		return topic->near[id];
	return topic->far.count ? table_find(&topic->far, hash_of(image, id), has_number, &id)
	                        : NULL;
}

struct partition *topic_next(const struct topic *topic, size_t *place)
{
	while (*place < topic->room) {
		struct partition *partition = topic->near[(*place)++];

		if (partition)
			return partition;
	}
	while (*place - topic->room < topic->far.capacity) {
		struct partition *partition = topic->far.slots[(*place)++ - topic->room].value;

		if (partition)
			return partition;
	}
	return NULL;
}

/* ---- packing ---- */

static size_t element_size(size_t array)
{
	return array == PARTITION_DIRECTORIES ? IMAGE_ID : 4;
}

static size_t partition_size(const uint16_t counts[PARTITION_ARRAYS])
{
	size_t size = sizeof(struct partition);

	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		size += counts[i] * element_size(i);
	return size;
}

struct partition_state partition_unpack(const struct partition *partition)
{
	struct partition_state state = { .leader = partition->leader,
		                         .leader_epoch = partition->leader_epoch,
		                         .partition_epoch = partition->partition_epoch,
		                         .recovery_state = partition->recovery_state };
	const uint8_t *at = partition->data;

	for (size_t i = 0; i < PARTITION_ARRAYS; i++) {
		state.arrays[i] =
			(struct kmeta_bytes){ at, partition->counts[i] * element_size(i) };
		at += state.arrays[i].size;
	}
	return state;
}

static void pack(struct partition *partition, const struct partition_state *state)
{
	uint8_t *at = partition->data;

	partition->leader = state->leader;
	partition->leader_epoch = state->leader_epoch;
	partition->partition_epoch = state->partition_epoch;
	partition->recovery_state = state->recovery_state;
	for (size_t i = 0; i < PARTITION_ARRAYS; i++) {
		const struct kmeta_bytes array = state->arrays[i];

		partition->counts[i] = (uint16_t)(array.size / element_size(i));
		if (array.size)
			memcpy(at, array.data, array.size);
		at += array.size;
	}
}

/* Most changes leave the size about as it was: the piece of memory is used again, by way of a copy.
 */
static void repack(struct partition *partition, const struct partition_state *state, size_t size)
{
	union {
		struct partition partition;
		uint8_t bytes[POOL_CLASSES * POOL_GRAIN];
	} copy;

	copy.partition = *partition;
	pack(&copy.partition, state);
	memcpy(partition, &copy, size);
}

static size_t count_elements(const struct partition_state *state, uint16_t counts[PARTITION_ARRAYS])
{
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		counts[i] = (uint16_t)(state->arrays[i].size / element_size(i));
	return partition_size(counts);
}

static struct partition *new_partition(struct kmeta_image *image, struct topic *topic, int32_t id,
                                       const struct partition_state *state)
{
	uint16_t counts[PARTITION_ARRAYS];
	struct partition *partition = pool_get(&image->pool, count_elements(state, counts));

	if (!partition)
		return NULL;
	*partition = (struct partition){ .topic = topic, .id = id };
	pack(partition, state);
	return partition;
}

/* ---- places ---- */

static bool make_room(struct kmeta_image *image, struct topic *topic, uint32_t wanted)
{
	uint32_t room = FEW_NUMBERS;
	struct partition **near;

	while (room < wanted)
		room *= 2;
	near = pool_get(&image->pool, room * sizeof(*near));
	if (!near)
		return false;
	if (topic->room)
		memcpy(near, topic->near, topic->room * sizeof(*near));
	memset(near + topic->room, 0, (room - topic->room) * sizeof(*near));
	pool_put(&image->pool, topic->near, topic->room * sizeof(*near));
	topic->near = near;
	topic->room = room;
	return true;
}

/* Numbers are nearly always those from 0 on: one that lies far beyond is found by its hash. */
static bool place(struct kmeta_image *image, struct topic *topic, struct partition *partition)
{
	const int32_t id = partition->id;

	if (!is_near(topic, id) && id >= 0 && (size_t)id < topic->partitions * 2 + FEW_NUMBERS &&
	    !make_room(image, topic, (uint32_t)id + 1))
		return false;
	if (is_near(topic, id))
		topic->near[id] = partition;
	else if (!table_add(&topic->far, hash_of(image, id), partition))
		return false;
	topic->partitions++;
	image->counts[KMETA_PARTITION]++;
	return true;
}

static void replace(struct kmeta_image *image, struct partition *before, struct partition *after)
{
	struct topic *topic = before->topic;

	if (is_near(topic, before->id) && topic->near[before->id] == before)
		topic->near[before->id] = after;
	else
		table_replace(&topic->far, hash_of(image, before->id), before, after);
}

/* ---- changing ---- */

bool image_change_partition(struct kmeta_image *image, struct partition *partition,
                            const struct partition_state *state)
{
	uint16_t counts[PARTITION_ARRAYS];
	const size_t size = count_elements(state, counts),
		     before = partition_size(partition->counts);
	struct partition *after;

	if (pool_class(size) < POOL_CLASSES && pool_class(size) == pool_class(before)) {
		repack(partition, state, size);
		return true;
	}
	after = new_partition(image, partition->topic, partition->id, state);
	if (!after)
		return false;
	replace(image, partition, after);
	pool_put(&image->pool, partition, before);
	return true;
}

bool image_put_partition(struct kmeta_image *image, struct topic *topic, int32_t id,
                         const struct partition_state *state)
{
	struct partition *partition = image_partition(image, topic, id);

	if (partition)
		return image_change_partition(image, partition, state);
	partition = new_partition(image, topic, id, state);
	return partition && place(image, topic, partition);
}

void image_drop_partitions(struct kmeta_image *image, struct topic *topic)
{
	struct partition *partition;
	size_t at = 0;

	while ((partition = topic_next(topic, &at)) != NULL)
		pool_put(&image->pool, partition, partition_size(partition->counts));
	pool_put(&image->pool, topic->near, topic->room * sizeof(*topic->near));
	table_release(&topic->far);
	image->counts[KMETA_PARTITION] -= topic->partitions;
	topic->near = NULL;
	topic->partitions = topic->room = 0;
}
