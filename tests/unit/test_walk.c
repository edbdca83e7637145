/* SPDX-License-Identifier: Apache-2.0 */
/* test_walk.c: kinds and shares of a state walked by themselves are those of the whole walk. */
#include <stdio.h>

#include <kmeta.h>

#include "rows.h"
#include "state/walk.h"

TestSuite(walk, .timeout = 60);

/* Below testdata/real. */
static const char *const logs[] = {
	"kraft-2.8-early-access/node-1", "kraft-3.0/node-1",
	"kraft-4.3-full/node-1",         "kraft-4.4/node-1",
	"upgrade-chain/final/node-1",    "zk-migration-3.6/final/node-3000",
};

static struct kmeta_image *load(size_t row)
{
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	char path[600];

	snprintf(path, sizeof(path), "%s/real/%s", getenv("TESTDATA"), logs[row]);
	cr_assert_eq(kmeta_image_load(&image, path, (struct kmeta_point){ 0 }, NULL, &why),
	             KMETA_OK, "%s", why.message);
	return image;
}

/* An entity as a line with its key in front, which two walks must have in common. */
static void put_line(struct kmeta_buffer *out, const struct kmeta_entity *entity)
{
	kmeta_base64(out, entity->key);
	kmeta_buffer_add(out, " ", 1);
	kmeta_entity_path(out, entity, 0);
	kmeta_buffer_add(out, " ", 1);
	kmeta_entity_json(out, entity, KMETA_SHOW_SECRETS);
	kmeta_buffer_add(out, "\n", 1);
}

static const uint8_t *topic_of(const struct kmeta_entity *entity)
{
	const struct kmeta_field *id = kmeta_fields_find(entity->fields, "topicId");

	cr_assert(id && id->value.bytes.size == 16);
	return id->value.bytes.data;
}

/* Those of one kind, and of one topic if partitions of one are asked for. */
static size_t put_of_whole(struct kmeta_buffer *out, const struct kmeta_image *image,
                           enum kmeta_entity_kind kind, const uint8_t *topic_id, unsigned flags)
{
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	size_t count = 0;

	cr_assert_eq(kmeta_walk_open(&walk, image, flags, &why), KMETA_OK);
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		if (entity.kind != kind || (topic_id && memcmp(topic_of(&entity), topic_id, 16)))
			continue;
		put_line(out, &entity);
		count++;
	}
	kmeta_walk_close(walk);
	return count;
}

static size_t put_of_kind(struct kmeta_buffer *out, const struct kmeta_image *image,
                          enum kmeta_entity_kind kind, const uint8_t *topic_id, unsigned flags)
{
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	enum kmeta_status status;
	size_t count = 0;

	cr_assert_eq(kmeta_walk_open_kind(&walk, image, kind, topic_id, flags, &why), KMETA_OK);
	while ((status = kmeta_walk_next(walk, &entity, &why)) == KMETA_OK) {
		cr_expect_eq(entity.kind, kind);
		put_line(out, &entity);
		count++;
	}
	cr_expect_eq(status, KMETA_END);
	cr_expect_eq(kmeta_walk_next(walk, &entity, &why), KMETA_END);
	kmeta_walk_close(walk);
	return count;
}

/* How many there are. */
static size_t expect_same(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                          const uint8_t *topic_id, unsigned flags)
{
	struct kmeta_buffer whole = { 0 }, alone = { 0 };
	const size_t count = put_of_whole(&whole, image, kind, topic_id, flags);

	cr_expect_eq(put_of_kind(&alone, image, kind, topic_id, flags), count, "%s",
	             kmeta_entity_kind_name(kind));
	cr_assert_eq(alone.size, whole.size, "%s", kmeta_entity_kind_name(kind));
	cr_expect(!whole.size || !memcmp(alone.at, whole.at, whole.size), "%s",
	          kmeta_entity_kind_name(kind));
	kmeta_buffer_release(&whole);
	kmeta_buffer_release(&alone);
	return count;
}

static size_t expect_same_partitions(const struct kmeta_image *image, unsigned flags)
{
	struct kmeta_walk *topics;
	struct kmeta_entity topic;
	struct kmeta_finding why;
	size_t count = 0;

	cr_assert_eq(kmeta_walk_open_kind(&topics, image, KMETA_TOPIC, NULL, flags, &why),
	             KMETA_OK);
	while (kmeta_walk_next(topics, &topic, &why) == KMETA_OK)
		count += expect_same(image, KMETA_PARTITION, topic_of(&topic), flags);
	kmeta_walk_close(topics);
	return count;
}

ROWS(walk, each_kind_is_that_of_the_whole, logs)
ParameterizedTest(const size_t *row, walk, each_kind_is_that_of_the_whole)
{
	static const unsigned flags[] = { 0, KMETA_WALK_NEWEST };
	struct kmeta_image *image = load(*row);

	for (size_t i = 0; i < COUNT(flags); i++) {
		size_t sum = 0;

		for (int kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
			if (kind != KMETA_PARTITION)
				sum += expect_same(image, (enum kmeta_entity_kind)kind, NULL,
				                   flags[i]);
		cr_expect_gt(sum, 2);
		cr_expect_eq(expect_same_partitions(image, flags[i]),
		             kmeta_image_count(image, KMETA_PARTITION));
	}
	kmeta_image_free(image);
}

/* ---- lists ---- */

/* The last first, so that no entity may lean on the one before it. Returns how many there are. */
static size_t put_of_list(struct kmeta_buffer *out, const struct kmeta_image *image,
                          enum kmeta_entity_kind kind, unsigned flags)
{
	struct kmeta_list *list;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	size_t count;

	cr_assert_eq(kmeta_list_open(&list, image, kind, flags, &why), KMETA_OK);
	count = kmeta_list_count(list);
	cr_expect_eq(kmeta_list_entity(list, count, &entity, &why), KMETA_END);
	for (size_t i = count; i-- > 0;) {
		cr_assert_eq(kmeta_list_entity(list, i, &entity, &why), KMETA_OK);
		cr_expect_eq(entity.kind, kind);
	}
	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(kmeta_list_entity(list, i, &entity, &why), KMETA_OK);
		put_line(out, &entity);
	}
	kmeta_list_close(list);
	return count;
}

ROWS(walk, a_list_is_a_walk_by_number, logs)
ParameterizedTest(const size_t *row, walk, a_list_is_a_walk_by_number)
{
	static const unsigned flags[] = { 0, KMETA_WALK_NEWEST };
	struct kmeta_image *image = load(*row);

	for (size_t i = 0; i < 2 * KMETA_ENTITY_KINDS; i++) {
		const enum kmeta_entity_kind kind = (enum kmeta_entity_kind)(i / 2);
		struct kmeta_buffer whole = { 0 }, list = { 0 };
		const size_t count = put_of_whole(&whole, image, kind, NULL, flags[i % 2]);

		cr_expect_eq(put_of_list(&list, image, kind, flags[i % 2]), count, "%s",
		             kmeta_entity_kind_name(kind));
		cr_assert_eq(list.size, whole.size, "%s", kmeta_entity_kind_name(kind));
		cr_expect(!whole.size || !memcmp(list.at, whole.at, whole.size), "%s",
		          kmeta_entity_kind_name(kind));
		kmeta_buffer_release(&whole);
		kmeta_buffer_release(&list);
	}
	kmeta_image_free(image);
}

/* Adds up the lines of a share, so that their order does not matter. */
static uint64_t add_lines(const struct kmeta_image *image, size_t number, size_t count,
                          size_t *entities)
{
	struct kmeta_buffer line = { 0 };
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	uint64_t sum = 0;

	cr_assert_eq(walk_open_share(&walk, image, number, count, 0, &why), KMETA_OK);
	for (*entities = 0; kmeta_walk_next(walk, &entity, &why) == KMETA_OK; (*entities)++) {
		uint64_t hash = 14695981039346656037u;

		line.size = 0;
		put_line(&line, &entity);
		for (size_t i = 0; i < line.size; i++)
			hash = (hash ^ (uint8_t)line.at[i]) * 1099511628211u;
		sum += hash;
	}
	kmeta_walk_close(walk);
	kmeta_buffer_release(&line);
	return sum;
}

ROWS(walk, shares_are_the_whole, logs)
ParameterizedTest(const size_t *row, walk, shares_are_the_whole)
{
	struct kmeta_image *image = load(*row);
	size_t whole_entities;
	const uint64_t whole = add_lines(image, 0, 1, &whole_entities);

	cr_expect_gt(whole_entities, 2);
	for (size_t count = 2; count < 9; count++) {
		uint64_t sum = 0;
		size_t entities = 0, some;

		for (size_t number = 0; number < count; number++) {
			sum += add_lines(image, number, count, &some);
			entities += some;
			/* None has the work of another. */
			cr_expect_lt(some, whole_entities / count + whole_entities / 4 + 8);
		}
		cr_expect_eq(entities, whole_entities);
		cr_expect_eq(sum, whole);
	}
	kmeta_image_free(image);
}

/* Partitions of no topic, or of one that is not there, are none. */
Test(walk, partitions_of_no_topic)
{
	static const uint8_t unknown[16] = { 1, 2, 3 };
	struct kmeta_image *image = load(2);
	struct kmeta_buffer out = { 0 };

	cr_expect_gt(kmeta_image_count(image, KMETA_PARTITION), 100);
	cr_expect_eq(put_of_kind(&out, image, KMETA_PARTITION, NULL, 0), 0);
	cr_expect_eq(put_of_kind(&out, image, KMETA_PARTITION, unknown, 0), 0);
	kmeta_buffer_release(&out);
	kmeta_image_free(image);
}
