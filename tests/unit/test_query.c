/* SPDX-License-Identifier: Apache-2.0 */
/* test_query.c: which partitions a query finds, by their state and by the settings of others. */
#include <stdio.h>

#include <kmeta.h>

#include "apply.h"
#include "rows.h"

TestSuite(query, .timeout = 10);

static void put_ids(struct made *m, int32_t count)
{
	put_uvarint(m, (uint64_t)count + 1);
	for (int32_t i = 1; i <= count; i++)
		put_number(m, i, 4);
}

/* Topic "a" with a partition of three replicas, of which so many are in sync. */
static void apply_partition(struct kmeta_image *image, int32_t in_sync)
{
	struct made value = { 0 };
	uint8_t id[16];

	put_topic(&value, "a", 7);
	apply_value(image, &value);
	set_id(id, 7);
	put_head(&value, 3, 0);
	put_number(&value, 0, 4);
	put(&value, id, sizeof(id));
	put_ids(&value, 3);
	put_ids(&value, in_sync);
	put_ids(&value, 0);
	put_ids(&value, 0);
	put_number(&value, in_sync ? 1 : -1, 4);
	put_number(&value, 0, 4);
	put_number(&value, 0, 4);
	put_byte(&value, 0);
	apply_value(image, &value);
}

/* min.insync.replicas of a topic (type 2) or broker (type 4); NULL: leaves it alone. */
static void apply_setting(struct kmeta_image *image, int type, const char *name,
                          const char *setting)
{
	struct made value = { 0 };

	if (!setting)
		return;
	put_head(&value, 4, 0);
	put_byte(&value, type);
	put_compact(&value, (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) });
	put_compact(&value, BYTES("min.insync.replicas"));
	put_compact(&value, (struct kmeta_bytes){ (const uint8_t *)setting, strlen(setting) });
	put_byte(&value, 0);
	apply_value(image, &value);
}

static size_t count_found(const struct kmeta_image *image, const struct kmeta_query *query)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	size_t count = 0;

	cr_assert_eq(kmeta_walk_open(&walk, image, KMETA_WALK_NEWEST, &why), KMETA_OK);
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK)
		count += kmeta_query_matches(query, image, &entity);
	kmeta_walk_close(walk);
	return count;
}

/* The settings of the topic, of all brokers, and of one broker, which does not count. */
static const struct {
	const char *topic, *brokers, *broker;
	int32_t in_sync;
	bool under;
} settings[] = {
	{ NULL, NULL, NULL, 1, false }, { NULL, NULL, NULL, 0, true },
	{ "2", NULL, NULL, 1, true },   { "2", NULL, NULL, 2, false },
	{ NULL, "2", NULL, 1, true },   { NULL, "2", NULL, 2, false },
	{ "1", "3", NULL, 1, false },   { "3", "1", NULL, 2, true },
	{ NULL, NULL, "3", 1, false },  { "", "3", NULL, 2, true },
	{ "2", NULL, NULL, 3, false },  { "123456789012345678901234", NULL, NULL, 1, false },
};

ROWS(query, under_min_isr, settings)
ParameterizedTest(const size_t *row, query, under_min_isr)
{
	const struct kmeta_query query = { .under_min_isr = true };
	struct kmeta_image *image = kmeta_image_new();

	apply_partition(image, settings[*row].in_sync);
	apply_setting(image, 2, "a", settings[*row].topic);
	apply_setting(image, 2, "b", "3");
	apply_setting(image, 4, "", settings[*row].brokers);
	apply_setting(image, 4, "1", settings[*row].broker);
	cr_expect_eq(count_found(image, &query), settings[*row].under);
	kmeta_image_free(image);
}

/* Several conditions have to be met at once, and only partitions meet any. */
Test(query, conditions)
{
	struct kmeta_image *image = kmeta_image_new();

	apply_partition(image, 0);
	cr_expect_eq(count_found(image, &(struct kmeta_query){ .leaderless = true }), 1);
	cr_expect_eq(count_found(image, &(struct kmeta_query){ .under_replicated = true }), 1);
	cr_expect_eq(count_found(image, &(struct kmeta_query){ .reassigning = true }), 0);
	cr_expect_eq(count_found(image, &(struct kmeta_query){ .on_broker = true, .broker = 3 }),
	             1);
	cr_expect_eq(count_found(image, &(struct kmeta_query){ .on_broker = true, .broker = 4 }),
	             0);
	cr_expect_eq(count_found(image,
	                         &(struct kmeta_query){ .on_directory = true, .directory = { 1 } }),
	             0);
	cr_expect_eq(count_found(image,
	                         &(struct kmeta_query){ .leaderless = true, .reassigning = true }),
	             0);
	cr_expect_eq(count_found(image, &(struct kmeta_query){ 0 }), 1);
	kmeta_image_free(image);
}
