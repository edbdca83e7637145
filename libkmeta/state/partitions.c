/* SPDX-License-Identifier: Apache-2.0 */
/* partitions.c: keeps the partitions of topics in packed form. */
#include <stdlib.h>
#include <string.h>

#include "state/image.h"

/* A topic has slots for twice as many numbers as it has partitions, and a few more. */
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

struct partition *topic_next(const struct topic *topic, size_t *slot)
{
	while (*slot < topic->room) {
		struct partition *partition = topic->near[(*slot)++];

		if (partition)
			return partition;
	}
	while (*slot - topic->room < topic->far.capacity) {
		struct partition *partition = topic->far.slots[(*slot)++ - topic->room].value;

		if (partition)
			return partition;
	}
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	const struct partition *x = *(const struct partition *const *)a;
	const struct partition *y = *(const struct partition *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

bool partition_list_fill(struct partition_list *list, const struct topic *topic)
{
	const size_t count = topic ? topic->partitions : 0;
	size_t at = 0;

	if (count > list->capacity) {
		const struct partition **more = realloc(list->at, count * sizeof(*more));

		if (!more)
			return false;
		list->at = more;
		list->capacity = count;
	}
	list->count = count;
	for (size_t i = 0; i < count; i++)
		list->at[i] = topic_next(topic, &at);
	if (count && topic->far.count)
		qsort(list->at, count, sizeof(*list->at), by_number);
	return true;
}

/* ---- packing ---- */

/* An element has 16 or 4 bytes: a shift is much faster than a division here. */
static unsigned element_shift(size_t array)
{
	return array == PARTITION_DIRECTORIES ? 4 : 2;
}

static size_t array_size(const uint16_t counts[PARTITION_ARRAYS], size_t array)
{
	return (size_t)counts[array] << element_shift(array);
}

static size_t packed_size(const uint16_t counts[PARTITION_ARRAYS])
{
	size_t size = sizeof(struct partition);

	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		size += array_size(counts, i);
	return size;
}

size_t partition_size(const struct partition *partition)
{
	return packed_size(partition->counts);
}

bool partition_same(const struct partition *a, const struct partition *b)
{
	return a->id == b->id && a->leader == b->leader && a->leader_epoch == b->leader_epoch &&
	       a->partition_epoch == b->partition_epoch && a->recovery_state == b->recovery_state &&
	       !memcmp(a->counts, b->counts, sizeof(a->counts)) &&
	       !memcmp(a->data, b->data, packed_size(a->counts) - sizeof(struct partition));
}

void partition_unpack(struct partition_state *state, const struct partition *partition)
{
	const uint8_t *at = partition->data;

	state->leader = partition->leader;
	state->leader_epoch = partition->leader_epoch;
	state->partition_epoch = partition->partition_epoch;
	state->recovery_state = partition->recovery_state;
	state->given = PARTITION_ALL_ARRAYS;
	for (size_t i = 0; i < PARTITION_ARRAYS; i++) {
		const size_t size = array_size(partition->counts, i);

		state->arrays[i] = (struct kmeta_bytes){ at, size };
		at += size;
	}
}

static void pack_numbers(struct partition *partition, const struct partition_state *state)
{
	partition->leader = state->leader;
	partition->leader_epoch = state->leader_epoch;
	partition->partition_epoch = state->partition_epoch;
	partition->recovery_state = state->recovery_state;
}

/* Returns the size of the packed array. */
static size_t pack_array(struct partition *partition, size_t index, struct kmeta_bytes array,
                         uint8_t *at)
{
	partition->counts[index] = (uint16_t)(array.size >> element_shift(index));
	if (array.size)
		memcpy(at, array.data, array.size);
	return array.size;
}

static void pack(struct partition *partition, const struct partition_state *state)
{
	uint8_t *at = partition->data;

	pack_numbers(partition, state);
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		at += pack_array(partition, i, state->arrays[i], at);
}

static bool is_given(const struct partition_state *state, size_t array)
{
	return state->given >> array & 1;
}

/* Writes the given arrays in place. One of them may change its size: the arrays after it move. */
static void splice(struct partition *partition, const struct partition_state *change)
{
	uint8_t *at = partition->data;
	size_t behind = packed_size(partition->counts) - sizeof(*partition);

	for (size_t i = 0; i < PARTITION_ARRAYS; i++) {
		size_t size = array_size(partition->counts, i);

		behind -= size;
		if (is_given(change, i)) {
			if (change->arrays[i].size != size)
				memmove(at + change->arrays[i].size, at + size, behind);
			size = pack_array(partition, i, change->arrays[i], at);
		}
		at += size;
	}
}

static size_t count_elements(const struct partition_state *state, uint16_t counts[PARTITION_ARRAYS])
{
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		counts[i] = (uint16_t)(state->arrays[i].size >> element_shift(i));
	return packed_size(counts);
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

static bool partition_room(struct kmeta_image *image, struct topic *topic, uint32_t wanted)
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

/* Partitions are nearly always numbered from 0 on. One far above is found by its hash. */
static bool insert_partition(struct kmeta_image *image, struct topic *topic,
                             struct partition *partition)
{
	const int32_t id = partition->id;

	if (!is_near(topic, id) && id >= 0 && (size_t)id < topic->partitions * 2 + FEW_NUMBERS &&
	    !partition_room(image, topic, (uint32_t)id + 1))
		return false;
	if (is_near(topic, id))
		topic->near[id] = partition;
	else if (!table_add(&topic->far, hash_of(image, id), partition))
		return false;
	topic->partitions++;
	image->counts[KMETA_PARTITION]++;
	return true;
}

static void replace_partition(struct kmeta_image *image, struct partition *before,
                              struct partition *after)
{
	struct topic *topic = before->topic;

	if (is_near(topic, before->id) && topic->near[before->id] == before)
		topic->near[before->id] = after;
	else
		table_replace(&topic->far, hash_of(image, before->id), before, after);
}

/* ---- changing ---- */

/* The size after the change, and the number of arrays whose size changes. */
static size_t changed_size(const struct partition *partition, const struct partition_state *change,
                           unsigned *resized)
{
	size_t size = packed_size(partition->counts);

	*resized = 0;
	for (size_t i = 0; i < PARTITION_ARRAYS; i++) {
		const size_t before = array_size(partition->counts, i);

		if (!is_given(change, i) || change->arrays[i].size == before)
			continue;
		size += change->arrays[i].size - before;
		++*resized;
	}
	return size;
}

static bool move_partition(struct kmeta_image *image, struct partition *partition,
                           const struct partition_state *change)
{
	struct partition_state before, state = *change;
	struct partition *after;

	partition_unpack(&before, partition);
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		if (!is_given(change, i))
			state.arrays[i] = before.arrays[i];
	after = new_partition(image, partition->topic, partition->id, &state);
	if (!after)
		return false;
	replace_partition(image, partition, after);
	pool_put(&image->pool, partition, packed_size(partition->counts));
	return true;
}

/* Most changes are of one array and hardly change the size: reuse the memory. */
bool image_change_partition(struct kmeta_image *image, struct partition *partition,
                            const struct partition_state *change)
{
	unsigned resized;
	const size_t class = pool_class(changed_size(partition, change, &resized));

	if (resized > 1 || class >= POOL_CLASSES ||
	    class != pool_class(packed_size(partition->counts)))
		return move_partition(image, partition, change);
	pack_numbers(partition, change);
	splice(partition, change);
	return true;
}

bool image_put_partition(struct kmeta_image *image, struct topic *topic, int32_t id,
                         const struct partition_state *state)
{
	struct partition *partition = image_partition(image, topic, id);

	if (partition)
		return image_change_partition(image, partition, state);
	partition = new_partition(image, topic, id, state);
	return partition && insert_partition(image, topic, partition);
}

void image_drop_partitions(struct kmeta_image *image, struct topic *topic)
{
	struct partition *partition;
	size_t at = 0;

	while ((partition = topic_next(topic, &at)) != NULL)
		pool_put(&image->pool, partition, packed_size(partition->counts));
	pool_put(&image->pool, topic->near, topic->room * sizeof(*topic->near));
	table_release(&topic->far);
	image->counts[KMETA_PARTITION] -= topic->partitions;
	topic->near = NULL;
	topic->partitions = topic->room = 0;
}

bool topic_is_gapless(const struct topic *topic)
{
	const struct partition *p;
	size_t at = 0;

	/* They are different numbers, so none above their count means that none is missing. */
	while ((p = topic_next(topic, &at)) != NULL)
		if (p->id < 0 || (size_t)p->id >= topic->partitions)
			return false;
	return true;
}
