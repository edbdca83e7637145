/* SPDX-License-Identifier: Apache-2.0 */
/* test_pending.c: the records of a large transaction wait in a temporary file. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include <kmeta.h>

#include "state/freeze.h"

#include "apply.h"

/* More than is kept in memory, in values that differ. */
enum { MANY = 6000, VALUE_SIZE = 2000, MOST_MEMORY = 24 << 20 };

TestSuite(pending, .timeout = 60);

static void apply_config(struct kmeta_image *image, int number, char letter)
{
	struct made value = { 0 };
	char name[16], text[VALUE_SIZE];

	snprintf(name, sizeof(name), "key-%d", number % (MANY / 2));
	memset(text, letter, sizeof(text));
	snprintf(text, 16, "%d", number);
	put_byte(&value, 1);
	put_byte(&value, KMETA_CONFIG_RECORD);
	put_byte(&value, 0);
	put_byte(&value, 4); /* of a broker */
	put_compact(&value, (struct kmeta_bytes){ (const uint8_t *)"1", 1 });
	put_compact(&value, (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) });
	put_compact(&value, (struct kmeta_bytes){ (const uint8_t *)text, sizeof(text) });
	put_byte(&value, 0);
	apply_value(image, &value);
}

static void apply_bound(struct kmeta_image *image, int type)
{
	struct made value = { 0 };

	put_byte(&value, 1);
	put_byte(&value, type);
	put_byte(&value, 0);
	put_byte(&value, 0);
	apply_value(image, &value);
}

static void apply_many(struct kmeta_image *image, int from, int to, char letter)
{
	for (int i = from; i < to; i++)
		apply_config(image, i, letter);
}

static struct kmeta_image *thawed(const struct kmeta_image *image)
{
	struct kmeta_frozen *frozen = image_freeze(image);
	struct kmeta_image *copy = frozen ? image_thaw(frozen) : NULL;

	frozen_free(frozen);
	cr_assert(copy);
	return copy;
}

static void expect_equal(const struct kmeta_image *a, const struct kmeta_image *b)
{
	struct kmeta_finding why;
	uint8_t x[32], y[32];

	cr_assert_eq(kmeta_image_hash(a, x, &why), KMETA_OK);
	cr_assert_eq(kmeta_image_hash(b, y, &why), KMETA_OK);
	cr_expect(!memcmp(x, y, sizeof(x)));
}

Test(pending, large_transaction_is_as_without_it)
{
	struct kmeta_image *image = kmeta_image_new(), *plain = kmeta_image_new();

	cr_assert(image && plain);
	apply_bound(image, KMETA_BEGIN_TRANSACTION_RECORD);
	apply_many(image, 0, MANY, 'a');
	cr_expect_eq(kmeta_image_count(image, KMETA_CONFIG), 0);
	cr_expect_lt(kmeta_image_memory(image), MOST_MEMORY);
	apply_bound(image, KMETA_END_TRANSACTION_RECORD);
	apply_many(plain, 0, MANY, 'a');
	expect_equal(image, plain);
	kmeta_image_free(image);
	kmeta_image_free(plain);
}

Test(pending, aborted_transaction_leaves_nothing)
{
	struct kmeta_image *image = kmeta_image_new();

	cr_assert(image);
	for (int i = 0; i < 2; i++) {
		apply_bound(image, KMETA_BEGIN_TRANSACTION_RECORD);
		apply_many(image, 0, MANY, 'a');
		apply_bound(image, KMETA_ABORT_TRANSACTION_RECORD);
		cr_expect_eq(kmeta_image_count(image, KMETA_CONFIG), 0);
	}
	/* The next one has records of its own only. */
	apply_bound(image, KMETA_BEGIN_TRANSACTION_RECORD);
	apply_config(image, 7, 'b');
	apply_bound(image, KMETA_END_TRANSACTION_RECORD);
	cr_expect_eq(kmeta_image_count(image, KMETA_CONFIG), 1);
	kmeta_image_free(image);
}

/* Copies share the file until each writes what the others do not have. */
Test(pending, copies_go_their_own_ways)
{
	static const char letters[] = { 'x', 'y', 'z' };
	struct kmeta_image *images[3] = { kmeta_image_new() };

	cr_assert(images[0]);
	apply_bound(images[0], KMETA_BEGIN_TRANSACTION_RECORD);
	apply_many(images[0], 0, MANY, 'a');
	images[1] = thawed(images[0]);
	images[2] = thawed(images[1]);
	for (size_t i = 0; i < 3; i++)
		apply_many(images[i], MANY, 2 * MANY, letters[i]);
	for (size_t i = 0; i < 3; i++) {
		struct kmeta_image *plain = kmeta_image_new();

		cr_assert(plain);
		apply_many(plain, 0, MANY, 'a');
		apply_many(plain, MANY, 2 * MANY, letters[i]);
		apply_bound(images[i], KMETA_END_TRANSACTION_RECORD);
		expect_equal(images[i], plain);
		kmeta_image_free(plain);
		kmeta_image_free(images[i]);
	}
}

/* A temporary file that cannot be made is said, and nothing leaks. */
Test(pending, no_room_for_the_file)
{
	static const struct kmeta_batch batch = { .file = "made.log" };
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_finding why = { .code = KMETA_SOUND };
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct made value = { 0 };
	enum kmeta_status status = KMETA_OK;

	cr_assert(image && kmeta_dialect_init(&dialect, NULL));
	cr_assert_eq(setenv("TMPDIR", "/nonexistent/directory", 1), 0);
	apply_bound(image, KMETA_BEGIN_TRANSACTION_RECORD);
	put_byte(&value, 1);
	put_byte(&value, KMETA_NO_OP_RECORD);
	put_number(&value, 0, 2);
	for (int i = 0; i < 1000000 && status == KMETA_OK; i++) {
		const struct kmeta_record record = { .frame = 1,
			                             .type = KMETA_NO_OP_RECORD,
			                             .body = 3,
			                             .value = made_bytes(&value) };

		cr_assert_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_OK);
		status = kmeta_image_apply(image, &batch, &record, &fields, NULL, NULL, &why);
	}
	cr_expect_eq(status, KMETA_FAILED);
	cr_expect(strstr(why.message, "cannot make a temporary file for a transaction"), "%s",
	          why.message);
	kmeta_fields_release(&fields);
	made_release(&value);
	kmeta_image_free(image);
}
