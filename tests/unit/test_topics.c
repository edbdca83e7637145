/* SPDX-License-Identifier: Apache-2.0 */
/* test_topics.c: which name an id has, while topics come and go. */
#include <stdio.h>

#include <kmeta.h>

#include "rows.h"
#include "values.h"

/* Hands a record to the topics as a reader of a log would. */
static void learn(struct kmeta_topics *topics, const struct made *value)
{
	const struct kmeta_record record = value_record(kmeta_schema_find(false, 2, 0), value);
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;

	cr_assert(kmeta_dialect_init(&dialect, NULL));
	cr_assert_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_OK, "%s", why.message);
	cr_assert(kmeta_topics_learn(topics, &record, &fields));
	kmeta_fields_release(&fields);
}

static void add(struct kmeta_topics *topics, const char *name, uint64_t number)
{
	struct made value = { 0 };

	put_topic(&value, name, number);
	learn(topics, &value);
	made_release(&value);
}

static void drop(struct kmeta_topics *topics, uint64_t number)
{
	struct made value = { 0 };
	uint8_t id[16];

	set_id(id, number);
	put_head(&value, 9, 0);
	put(&value, id, sizeof(id));
	put_byte(&value, 0);
	learn(topics, &value);
	made_release(&value);
}

/* NO_OP: what comes between. */
static void pass(struct kmeta_topics *topics)
{
	struct made value = { 0 };

	put_head(&value, 20, 0);
	put_byte(&value, 0);
	learn(topics, &value);
	made_release(&value);
}

static bool has(const struct kmeta_topics *topics, uint64_t number, const char *name)
{
	struct kmeta_bytes found;
	uint8_t id[16];

	set_id(id, number);
	found = kmeta_topics_name(topics, id);
	if (!name)
		return !found.data;
	return found.data && found.size == strlen(name) && !memcmp(found.data, name, found.size);
}

Test(topics, learn_and_look_up, .timeout = 10)
{
	struct kmeta_topics *topics = kmeta_topics_new();

	cr_assert_not_null(topics);
	cr_expect(has(topics, 1, NULL));
	add(topics, "orders", 1);
	add(topics, "payments", 2);
	cr_expect(has(topics, 1, "orders"));
	cr_expect(has(topics, 2, "payments"));
	cr_expect(has(topics, 3, NULL));
	kmeta_topics_free(topics);
	kmeta_topics_free(NULL);
}

/* Records that come with the removal still name the topic; the next one does not. */
Test(topics, removed_name_stays_for_one_record, .timeout = 10)
{
	struct kmeta_topics *topics = kmeta_topics_new();

	add(topics, "orders", 1);
	drop(topics, 1);
	cr_expect(has(topics, 1, "orders"));
	pass(topics);
	cr_expect(has(topics, 1, NULL));
	drop(topics, 1);
	drop(topics, 77);
	pass(topics);
	cr_expect(has(topics, 1, NULL));
	kmeta_topics_free(topics);
}

Test(topics, removed_and_made_again, .timeout = 10)
{
	struct kmeta_topics *topics = kmeta_topics_new();

	add(topics, "orders", 1);
	drop(topics, 1);
	add(topics, "orders", 2);
	cr_expect(has(topics, 1, NULL));
	cr_expect(has(topics, 2, "orders"));
	drop(topics, 2);
	add(topics, "again", 2);
	cr_expect(has(topics, 2, "again"));
	kmeta_topics_free(topics);
}

Test(topics, same_id_again_takes_the_later_name, .timeout = 10)
{
	struct kmeta_topics *topics = kmeta_topics_new();

	add(topics, "orders", 1);
	add(topics, "a name of another length", 1);
	cr_expect(has(topics, 1, "a name of another length"));
	kmeta_topics_free(topics);
}

Test(topics, wants, .timeout = 10)
{
	for (int32_t type = -1; type < 40; type++) {
		const struct kmeta_record metadata = { .type = type };
		const struct kmeta_record control = { .type = type, .control = true };

		cr_expect_eq(kmeta_topics_wants(&metadata), type == 2 || type == 9, "type %d",
		             type);
		cr_expect(!kmeta_topics_wants(&control), "control type %d", type);
	}
}

/*
 * Thousands that come and go at random, held against a plain array. Whatever the ids have in
 * common, each is found, and only while it is there.
 */
static void churn(unsigned shift)
{
	enum { IDS = 3000, STEPS = 20000 };
	static char names[IDS][24];
	static bool there[IDS];
	struct kmeta_topics *topics = kmeta_topics_new();
	uint32_t state = shift + 1;

	memset(there, 0, sizeof(there));
	for (int i = 0; i < STEPS; i++) {
		const uint32_t n = (state = state * 1664525 + 1013904223) >> 8 & 0xffffff;
		const uint32_t id = n % IDS;

		if (there[id] && n & 0x100000) {
			drop(topics, (uint64_t)id << shift);
			there[id] = false;
		} else if (!there[id]) {
			snprintf(names[id], sizeof(names[id]), "t-%u-%d", id, i);
			add(topics, names[id], (uint64_t)id << shift);
			there[id] = true;
		}
	}
	pass(topics);
	for (uint32_t id = 0; id < IDS; id++)
		cr_assert(has(topics, (uint64_t)id << shift, there[id] ? names[id] : NULL), "%u",
		          id);
	kmeta_topics_free(topics);
}

static const unsigned shifts[] = { 0, 8, 20, 32, 48 };

ROWS(topics, thousands, shifts)
ParameterizedTest(const size_t *row, topics, thousands, .timeout = 60)
{
	churn(shifts[*row]);
}

/* No Kafka makes them, and a log full of them would fill the memory. */
Test(topics, names_far_above_the_limit_are_not_kept)
{
	struct kmeta_topics *topics = kmeta_topics_new();
	char longest[1001], longer[1002];

	cr_assert(topics);
	memset(longest, 'n', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memset(longer, 'n', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	add(topics, longest, 1);
	add(topics, longer, 2);
	cr_expect(has(topics, 1, longest));
	cr_expect(!has(topics, 2, longer));
	/* The old name is not that of the new topic. */
	add(topics, "orders", 3);
	add(topics, longer, 3);
	cr_expect(!has(topics, 3, "orders"));
	kmeta_topics_free(topics);
}
