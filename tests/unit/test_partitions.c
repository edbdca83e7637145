/* SPDX-License-Identifier: Apache-2.0 */
/* test_partitions.c: packed partitions that change in place are what was put into them, and leave
 * their neighbours alone. */
#include <criterion/criterion.h>

#include <kmeta.h>

#include "make.h"
#include "state/image.h"

TestSuite(partitions, .timeout = 60);

enum { PARTITIONS = 40, LONGEST = 300, CHANGES = 20000 };

/* What a partition is to be. */
struct model {
	bool there;
	int32_t leader, leader_epoch, partition_epoch;
	int8_t recovery_state;
	size_t sizes[PARTITION_ARRAYS]; /* bytes */
	uint8_t arrays[PARTITION_ARRAYS][LONGEST * IMAGE_ID];
};

static struct model models[PARTITIONS];

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

/* Most are short, as they are in a cluster, and a few far beyond what is kept side by side. */
static size_t random_size(unsigned *seed, size_t array)
{
	const size_t element = array == PARTITION_DIRECTORIES ? IMAGE_ID : 4;
	const unsigned kind = next_random(seed) % 50;

	return element * (next_random(seed) % (kind ? kind < 40 ? 5 : 12 : LONGEST));
}

/* Puts new content into the arrays that are given, in the model and, borrowed from it, in the
 * state. */
static void fill(struct model *model, struct partition_state *state, unsigned given, unsigned *seed)
{
	state->given = given;
	state->leader = model->leader = (int32_t)next_random(seed);
	state->leader_epoch = model->leader_epoch = (int32_t)next_random(seed);
	state->partition_epoch = model->partition_epoch = (int32_t)next_random(seed);
	state->recovery_state = model->recovery_state = (int8_t)(next_random(seed) % 2);
	for (size_t i = 0; i < PARTITION_ARRAYS; i++) {
		if (!(given >> i & 1))
			continue;
		model->sizes[i] = random_size(seed, i);
		for (size_t at = 0; at < model->sizes[i]; at++)
			model->arrays[i][at] = (uint8_t)next_random(seed);
		state->arrays[i] = (struct kmeta_bytes){ model->arrays[i], model->sizes[i] };
	}
}

static void expect_like(const struct kmeta_image *image, const struct topic *topic, int32_t id,
                        unsigned step)
{
	const struct model *model = &models[id];
	const struct partition *partition = image_partition(image, topic, id);
	struct partition_state state;

	cr_assert_eq(partition != NULL, model->there);
	if (!partition)
		return;
	partition_unpack(&state, partition);
	cr_assert(partition->id == id && partition->topic == topic, "step %u", step);
	cr_assert(state.leader == model->leader && state.leader_epoch == model->leader_epoch &&
	                  state.partition_epoch == model->partition_epoch &&
	                  state.recovery_state == model->recovery_state,
	          "step %u: the numbers of %d", step, id);
	for (size_t i = 0; i < PARTITION_ARRAYS; i++)
		cr_assert(state.arrays[i].size == model->sizes[i] &&
		                  !memcmp(state.arrays[i].data, model->arrays[i], model->sizes[i]),
		          "step %u: array %zu of %d", step, i, id);
}

/* One step: a new content, or one array or several of those that are there. */
static void change(struct kmeta_image *image, struct topic *topic, int32_t id, unsigned *seed)
{
	struct partition *partition = image_partition(image, topic, id);
	struct partition_state state = { 0 };
	unsigned given = 1u << next_random(seed) % PARTITION_ARRAYS;

	if (next_random(seed) % 4 == 0)
		given = next_random(seed) & PARTITION_ALL_ARRAYS;
	if (partition && next_random(seed) % 5) {
		fill(&models[id], &state, given, seed);
		cr_assert(image_change_partition(image, partition, &state));
	} else {
		fill(&models[id], &state, PARTITION_ALL_ARRAYS, seed);
		cr_assert(image_put_partition(image, topic, id, &state));
		models[id].there = true;
	}
}

Test(partitions, are_what_was_put_into_them)
{
	static const uint8_t topic_id[IMAGE_ID] = { 7 };
	struct kmeta_image *image = kmeta_image_new();
	struct topic *topic;
	unsigned seed = 20;

	cr_assert(image && image_add_topic(image, topic_id, BYTES("orders")));
	topic = image_topic(image, topic_id);
	for (unsigned step = 0; step < CHANGES; step++) {
		const int32_t id = (int32_t)(next_random(&seed) % PARTITIONS);

		change(image, topic, id, &seed);
		expect_like(image, topic, id, step);
		for (int32_t i = 0; step % 16 == 0 && i < PARTITIONS; i++)
			expect_like(image, topic, i, step);
	}
	kmeta_image_free(image);
}
