/* SPDX-License-Identifier: Apache-2.0 */
/* test_check_partition.c: what Kafka's controller would not write of a partition, part by part. */
#include <criterion/criterion.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "check/check_partition.h"

enum { MOST = 4, BROKERS = 4 };

/* Node ids, ended by END; directories are told by the number in their last byte. */
#define END INT32_MIN
struct plan {
	int32_t leader, leader_epoch, partition_epoch;
	int32_t arrays[PARTITION_ARRAYS][MOST];
	bool is_new;
	const char *said;
};

#define NONE        \
	{           \
		END \
	}
#define SOUND_REPLICAS .arrays[PARTITION_REPLICAS] = { 1, 2, 3, END }
#define SOUND_ISR      .arrays[PARTITION_ISR] = { 1, 2, END }
#define NO_OTHERS                                                                \
	.arrays[PARTITION_REMOVING] = NONE, .arrays[PARTITION_ADDING] = NONE,    \
	.arrays[PARTITION_ELR] = NONE, .arrays[PARTITION_LAST_KNOWN_ELR] = NONE, \
	.arrays[PARTITION_DIRECTORIES] = NONE
#define SOUND .leader = 1, SOUND_REPLICAS, SOUND_ISR, NO_OTHERS

/* clang-format off */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct plan plans[] = {
	{ SOUND, .said = "" },
	{ SOUND, .leader = -1, .said = "" },
	{ SOUND, .leader = 3, .said = "leader 3 is not in the isr" },
	{ SOUND, .leader = -2, .said = "leader -2 is neither a node nor none, -1" },
	{ SOUND, .leader_epoch = -1, .said = "an epoch is negative: leaderEpoch -1, partitionEpoch 0" },
	{ SOUND, .partition_epoch = 7, .said = "" },
	{ SOUND, .partition_epoch = 7, .is_new = true,
	  .said = "a new partition begins with leaderEpoch 0 and partitionEpoch 7, not 0" },
	{ SOUND, .arrays[PARTITION_REPLICAS] = { 1, 2, 1, END }, .said = "replicas name node 1 twice" },
	{ SOUND, .arrays[PARTITION_REPLICAS] = { 1, 2, 9, END },
	  .said = "replica 9 is no broker that was registered" },
	{ SOUND, .arrays[PARTITION_REPLICAS] = { 1, 2, -3, END },
	  .said = "replica -3 is no broker that was registered" },
	{ SOUND, .arrays[PARTITION_ISR] = { 1, 4, END }, .said = "isr name node 4, which is no replica" },
	{ SOUND, .arrays[PARTITION_ELR] = { 3, END }, .said = "" },
	{ SOUND, .arrays[PARTITION_ELR] = { 2, END },
	  .said = "node 2 is in both isr and eligibleLeaderReplicas" },
	{ SOUND, .arrays[PARTITION_LAST_KNOWN_ELR] = { 4, END },
	  .said = "lastKnownElr name node 4, which is no replica" },
	{ SOUND, .arrays[PARTITION_ADDING] = { 3, END }, .arrays[PARTITION_REMOVING] = { 3, END },
	  .said = "node 3 is in both addingReplicas and removingReplicas" },
	{ SOUND, .arrays[PARTITION_DIRECTORIES] = { 101, 102, 103, END }, .said = "" },
	{ SOUND, .arrays[PARTITION_DIRECTORIES] = { 1, 0, 2, END }, .said = "" },
	{ SOUND, .arrays[PARTITION_DIRECTORIES] = { 101, 103, 103, END },
	  .said = "replica 2 is in a directory that broker 2 never registered" },
	{ SOUND, .arrays[PARTITION_DIRECTORIES] = { 101, 102, 42, END },
	  .said = "the directory of replica 3 is a reserved id without meaning" },
	/* It was there before, whoever knew it. */
	{ SOUND, .arrays[PARTITION_DIRECTORIES] = { 101, 102, 111, END }, .said = "" },
};
#pragma GCC diagnostic pop
/* clang-format on */

static void put_array(struct kmeta_buffer *out, enum partition_array array, const int32_t *numbers)
{
	for (size_t i = 0; numbers[i] != END; i++) {
		const uint8_t id[IMAGE_ID] = { [IMAGE_ID - 1] = (uint8_t)numbers[i] };
		const uint32_t n = (uint32_t)numbers[i];
		const uint8_t number[] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16),
			                   (uint8_t)(n >> 8), (uint8_t)n };

		if (array == PARTITION_DIRECTORIES)
			buffer_add(out, id, sizeof(id));
		else
			buffer_add(out, number, sizeof(number));
	}
}

__attribute__((format(printf, 2, 3))) static void say(void *context, const char *format, ...)
{
	char *said = context;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(said + strlen(said), 200 - strlen(said), format, arguments);
	va_end(arguments);
}

static void put_partition(struct kmeta_image *image, struct topic *topic, const struct plan *plan)
{
	struct kmeta_buffer arrays[PARTITION_ARRAYS] = { { 0 } };
	struct partition_state state = { .leader = plan->leader,
		                         .leader_epoch = plan->leader_epoch,
		                         .partition_epoch = plan->partition_epoch,
		                         .given = PARTITION_ALL_ARRAYS };

	for (enum partition_array i = 0; i < PARTITION_ARRAYS; i++) {
		put_array(&arrays[i], i, plan->arrays[i]);
		state.arrays[i] = kmeta_buffer_bytes(&arrays[i]);
	}
	cr_assert(image_put_partition(image, topic, 0, &state));
	for (enum partition_array i = 0; i < PARTITION_ARRAYS; i++)
		kmeta_buffer_release(&arrays[i]);
}

/* Broker 1 has directory 101, and so on. */
static void register_brokers(struct known_nodes *known)
{
	for (int32_t id = 1; id <= BROKERS; id++) {
		const uint8_t directory[IMAGE_ID] = { [IMAGE_ID - 1] = (uint8_t)(100 + id) };

		cr_assert(known_nodes_add(known, id, NULL));
		cr_assert(known_nodes_add(known, id, directory));
	}
}

Test(check_partition, each_part)
{
	static const uint8_t id[IMAGE_ID] = { 7 };
	/* clang-format off */
	static const struct plan earlier = { SOUND_REPLICAS, SOUND_ISR, .leader = 1,
		.arrays[PARTITION_REMOVING] = NONE, .arrays[PARTITION_ADDING] = NONE,
		.arrays[PARTITION_ELR] = NONE, .arrays[PARTITION_LAST_KNOWN_ELR] = NONE,
		.arrays[PARTITION_DIRECTORIES] = { 101, 102, 111, END } };
	/* clang-format on */
	struct known_nodes known = { 0 };

	register_brokers(&known);
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		struct kmeta_image *image = kmeta_image_new();
		char said[200] = "";
		struct partition_check check = { .known = &known, .odd = say, .context = said };
		struct topic *topic;

		cr_assert(image_add_topic(image, id,
		                          (struct kmeta_bytes){ (const uint8_t *)"t", 1 }));
		topic = image_topic(image, id);
		put_partition(image, topic, &earlier);
		cr_assert(partition_check_before(&check, image_partition(image, topic, 0)));
		put_partition(image, topic, &plans[i]);
		partition_check_after(&check, image_partition(image, topic, 0), plans[i].is_new);
		cr_expect_str_eq(said, plans[i].said, "plan %zu: %s", i, said);
		partition_check_release(&check);
		kmeta_image_free(image);
	}
	known_nodes_release(&known);
}

/* More replicas than any partition has are told as such, and not compared each with each. */
Test(check_partition, many_replicas)
{
	static const uint8_t id[IMAGE_ID] = { 7 };
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_buffer replicas = { 0 };
	struct partition_state state = { .leader = -1, .given = PARTITION_ALL_ARRAYS };
	char said[200] = "";
	struct partition_check check = { .odd = say, .context = said };

	for (int32_t i = 0; i < 60000; i++)
		put_array(&replicas, PARTITION_REPLICAS, (const int32_t[]){ i, END });
	state.arrays[PARTITION_REPLICAS] = kmeta_buffer_bytes(&replicas);
	cr_assert(image_add_topic(image, id, (struct kmeta_bytes){ (const uint8_t *)"t", 1 }));
	cr_assert(image_put_partition(image, image_topic(image, id), 0, &state));
	partition_check_after(&check, image_partition(image, image_topic(image, id), 0), false);
	cr_expect_str_eq(said, "replicas name 60000 nodes");
	kmeta_buffer_release(&replicas);
	kmeta_image_free(image);
}
