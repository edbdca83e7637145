/* SPDX-License-Identifier: Apache-2.0 */
/* test_problems.c: what is wrong with a state, in which order, and since when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kmeta.h>

#include "apply.h"
#include "rows.h"

TestSuite(problems, .timeout = 10);

#define LOG "/real/kraft-4.3-full/node-1/__cluster_metadata-0"

/* ---- a state of one topic ---- */

static void put_ids(struct made *m, int32_t count)
{
	put_uvarint(m, (uint64_t)count + 1);
	for (int32_t i = 1; i <= count; i++)
		put_number(m, i, 4);
}

/* Topic "a" with a partition of two replicas. */
static void apply_partition(struct kmeta_image *image, int32_t in_sync, int32_t leader)
{
	struct made value = { 0 };
	uint8_t id[16];

	put_topic(&value, "a", 7);
	apply_value(image, &value);
	set_id(id, 7);
	put_head(&value, 3, 0);
	put_number(&value, 0, 4);
	put(&value, id, sizeof(id));
	put_ids(&value, 2);
	put_ids(&value, in_sync);
	put_ids(&value, 0);
	put_ids(&value, 0);
	put_number(&value, leader, 4);
	put_number(&value, 0, 4);
	put_number(&value, 0, 4);
	put_byte(&value, 0);
	apply_value(image, &value);
}

/* What was passed on. */
struct seen {
	size_t count, of[KMETA_PROBLEM_CODES], stop_after;
	int last;
	bool ordered, whole;
};

static bool note(void *context, const struct kmeta_problem *problem)
{
	struct seen *seen = context;

	seen->ordered &= (int)problem->code >= seen->last;
	seen->last = (int)problem->code;
	seen->of[problem->code]++;
	seen->whole &= problem->message[0] && problem->command[0];
	return ++seen->count != seen->stop_after;
}

static struct seen find(const struct kmeta_image *image, size_t most, size_t stop_after,
                        struct kmeta_problem_counts *counts)
{
	struct seen seen = { .ordered = true, .whole = true, .stop_after = stop_after };
	const struct kmeta_problem_options options = {
		.size = sizeof(options), .most = most, .seen = note, .context = &seen
	};
	struct kmeta_finding why;

	cr_assert_eq(kmeta_problems(image, &options, counts, &why), KMETA_OK);
	cr_expect(seen.ordered && seen.whole);
	return seen;
}

/* ---- tests ---- */

/* Worst first: a severity never rises from one code to the next, and names are unlike. */
Test(problems, codes)
{
	for (int a = 0; a < KMETA_PROBLEM_CODES; a++) {
		const enum kmeta_problem_code code = (enum kmeta_problem_code)a;

		cr_expect(a == 0 ||
		          kmeta_problem_severity(code) <=
		                  kmeta_problem_severity((enum kmeta_problem_code)(a - 1)));
		cr_expect(kmeta_problem_meaning(code)[0]);
		for (int b = 0; b < a; b++)
			cr_expect_str_neq(kmeta_problem_name(code),
			                  kmeta_problem_name((enum kmeta_problem_code)b));
	}
}

static const struct {
	int32_t in_sync, leader;
	enum kmeta_problem_code code;
} partitions[] = {
	{ 0, -1, KMETA_PROBLEM_NO_LEADER },
	{ 1, -1, KMETA_PROBLEM_NO_LEADER },
	{ 2, 1, KMETA_PROBLEM_LEADER_OFFLINE },
};

/* No broker is registered, so that each replica is on one that is not there. */
ROWS(problems, of_a_partition, partitions)
ParameterizedTest(const size_t *row, problems, of_a_partition)
{
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_problem_counts counts;

	apply_partition(image, partitions[*row].in_sync, partitions[*row].leader);
	find(image, 0, 0, &counts);
	cr_expect_eq(counts.of[partitions[*row].code], 1);
	cr_expect_eq(counts.of[KMETA_PROBLEM_REPLICA_WITHOUT_BROKER], 1);
	cr_expect_eq(counts.of[KMETA_PROBLEM_UNDER_REPLICATED], 0);
	kmeta_image_free(image);
}

Test(problems, of_an_empty_state)
{
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_problem_counts counts;

	/* It has no metadata.version. */
	cr_expect_eq(find(image, 0, 0, &counts).count, 1);
	cr_expect_eq(counts.of[KMETA_PROBLEM_OLD_METADATA_VERSION], 1);
	kmeta_image_free(image);
}

static const struct {
	int16_t level;
	int8_t resource;
	const char *name;
	enum kmeta_problem_code code;
	size_t count;
} settings[] = {
	{ 20, 2, "retention.ms", KMETA_PROBLEM_SETTING_UNKNOWN, 0 },
	{ 20, 2, "retention.ms", KMETA_PROBLEM_SETTING_REMOVED, 0 },
	{ 20, 2, "retention.m", KMETA_PROBLEM_SETTING_UNKNOWN, 1 },
	{ 20, 2, "a", KMETA_PROBLEM_SETTING_UNKNOWN, 1 },
	{ 20, 2, "zz", KMETA_PROBLEM_SETTING_UNKNOWN, 1 },
	{ 20, 2, "", KMETA_PROBLEM_SETTING_UNKNOWN, 1 },
	{ 20, 2, "message.format.version", KMETA_PROBLEM_SETTING_REMOVED, 1 },
	{ 20, 2, "message.format.version", KMETA_PROBLEM_SETTING_UNKNOWN, 0 },
	{ 25, 2, "message.format.version", KMETA_PROBLEM_SETTING_UNKNOWN, 1 },
	{ 25, 4, "message.format.version", KMETA_PROBLEM_SETTING_UNKNOWN, 0 },
	{ 25, 4, "log.retention.ms", KMETA_PROBLEM_SETTING_UNKNOWN, 0 },
	{ 25, 4, "listener.name.internal.ssl.keystore.type", KMETA_PROBLEM_SETTING_UNKNOWN, 0 },
	{ 25, 16, "interval.ms", KMETA_PROBLEM_SETTING_UNKNOWN, 0 },
	{ 25, 16, "interval", KMETA_PROBLEM_SETTING_UNKNOWN, 1 },
	{ 25, 32, "consumer.session.timeout.ms", KMETA_PROBLEM_SETTING_UNKNOWN, 0 },
	{ 25, 32, "session.timeout.ms", KMETA_PROBLEM_SETTING_UNKNOWN, 1 },
};

static struct kmeta_bytes text(const char *words)
{
	return (struct kmeta_bytes){ (const uint8_t *)words, strlen(words) };
}

/* A setting that the releases of a metadata.version know, knew, or never knew. */
ROWS(problems, of_a_setting, settings)
ParameterizedTest(const size_t *row, problems, of_a_setting)
{
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_problem_counts counts;
	struct made value = { 0 };

	put_head(&value, 12, 0);
	put_compact(&value, text("metadata.version"));
	put_number(&value, settings[*row].level, 2);
	put_byte(&value, 0);
	apply_value(image, &value);
	put_head(&value, 4, 0);
	put_byte(&value, settings[*row].resource);
	put_compact(&value, text("a"));
	put_compact(&value, text(settings[*row].name));
	put_compact(&value, text("1"));
	put_byte(&value, 0);
	apply_value(image, &value);
	find(image, 0, 0, &counts);
	cr_expect_eq(counts.of[settings[*row].code], settings[*row].count, "%s at %d",
	             settings[*row].name, settings[*row].level);
	kmeta_image_free(image);
}

static struct kmeta_image *load(bool since, const char *file)
{
	const struct kmeta_load_options options = { .size = sizeof(options), .since = since };
	const struct kmeta_point end = { .kind = KMETA_POINT_END };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	char path[4096];

	snprintf(path, sizeof(path), "%s" LOG "%s", getenv("TESTDATA"), file);
	cr_assert_eq(kmeta_image_load(&image, path, end, &options, &why), KMETA_OK, "%s",
	             why.message);
	return image;
}

/* All are counted, whatever number is wanted; only stopping ends the count. */
Test(problems, limits)
{
	struct kmeta_image *image = load(true, "");
	struct kmeta_problem_counts all, some;
	const struct seen seen = find(image, 0, 0, &all), few = find(image, 2, 0, &some);

	cr_expect_gt(seen.of[KMETA_PROBLEM_NO_LEADER], 100);
	cr_expect_eq(few.of[KMETA_PROBLEM_NO_LEADER], 2);
	cr_expect_arr_eq(all.of, seen.of, sizeof(all.of));
	cr_expect_arr_eq(all.of, some.of, sizeof(all.of));
	cr_expect_eq(find(image, 0, 3, &some).count, 3);
	kmeta_image_free(image);
}

struct beginning {
	int64_t offset;
	bool before;
};

static bool note_beginning(void *context, const struct kmeta_problem *problem)
{
	struct beginning *beginning = context;

	if (problem->code != KMETA_PROBLEM_NO_LEADER)
		return false;
	*beginning = (struct beginning){ problem->since_offset, problem->since_before };
	return !strcmp(problem->path, "topics/orders/3") ? false : true;
}

static struct beginning beginning_of(const struct kmeta_image *image)
{
	struct beginning beginning = { .offset = -2 };
	const struct kmeta_problem_options options = { .size = sizeof(options),
		                                       .seen = note_beginning,
		                                       .context = &beginning };
	struct kmeta_problem_counts counts;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_problems(image, &options, &counts, &why), KMETA_OK);
	return beginning;
}

/* With the log before the checkpoint, without watching, and of a checkpoint alone. */
Test(problems, since)
{
	struct kmeta_image *image = load(true, "");

	cr_expect_eq(beginning_of(image).offset, 1017);
	cr_expect_not(beginning_of(image).before);
	/* Another watcher takes the place of the first. */
	cr_expect(kmeta_image_watch(image, NULL, NULL));
	cr_expect_eq(beginning_of(image).offset, -1);
	kmeta_image_free(image);
	image = load(false, "");
	cr_expect_eq(beginning_of(image).offset, -1);
	kmeta_image_free(image);
	image = load(true, "/00000000000000000580-0000000002.checkpoint");
	cr_expect_eq(beginning_of(image).offset, 580);
	cr_expect(beginning_of(image).before);
	kmeta_image_free(image);
}

Test(problems, wrong_options)
{
	const struct kmeta_problem_options options = { .size = 1 };
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_problem_counts counts;
	struct kmeta_finding why;

	cr_expect_eq(kmeta_problems(image, &options, &counts, &why), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_BAD_ARGUMENT);
	cr_expect_eq(kmeta_problems(image, NULL, &counts, &why), KMETA_OK);
	cr_expect_eq(counts.of[KMETA_PROBLEM_OLD_METADATA_VERSION], 1);
	kmeta_image_free(image);
}
