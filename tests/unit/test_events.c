/* SPDX-License-Identifier: Apache-2.0 */
/* test_events.c: events hold every record once, and end in the state that the log makes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <kmeta.h>

TestSuite(events, .timeout = 60);

/* Below testdata/real. */
static const char *const logs[] = {
	"kraft-2.8-early-access/node-1",
	"kraft-3.0/node-1",
	"kraft-3.3/node-1",
	"kraft-4.3-full/node-1",
	"kraft-4.4/node-1",
	"upgrade-chain/final/node-1",
	"zk-migration-3.6/final/node-3000",
};

static void path_of(char path[600], size_t row)
{
	snprintf(path, 600, "%s/real/%s", getenv("TESTDATA"), logs[row]);
}

static struct kmeta_story *open_story(const char *path, const struct kmeta_story_options *options)
{
	struct kmeta_story *story = NULL;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_story_open(&story, path, options, &why), KMETA_OK, "%s", why.message);
	return story;
}

Test(events, each_record_is_in_one_event)
{
	for (size_t row = 0; row < sizeof(logs) / sizeof(logs[0]); row++) {
		struct kmeta_story_event event;
		struct kmeta_story *story;
		struct kmeta_finding why;
		enum kmeta_status status;
		int64_t next = -1, end, time;
		char path[600];

		path_of(path, row);
		story = open_story(path, NULL);
		while ((status = kmeta_story_next(story, &event, &why)) == KMETA_OK) {
			cr_assert(next < 0 || event.first_offset == next, "%s", path);
			cr_assert_eq(event.last_offset - event.first_offset + 1, event.records);
			cr_assert_neq(event.cause, KMETA_CAUSE_OTHER, "%s: offset %lld", path,
			              (long long)event.first_offset);
			next = event.last_offset + 1;
		}
		cr_assert_eq(status, KMETA_END);
		cr_assert_eq(kmeta_log_end(path, &end, &time, &why), KMETA_OK);
		cr_assert_eq(next, end, "%s", path);
		cr_assert_eq(kmeta_story_next(story, &event, &why), KMETA_END);
		kmeta_story_close(story);
	}
}

Test(events, the_last_state_is_that_of_the_log)
{
	for (size_t row = 0; row < sizeof(logs) / sizeof(logs[0]); row++) {
		struct kmeta_story_event event;
		struct kmeta_story *story;
		struct kmeta_image *image = NULL;
		struct kmeta_finding why;
		uint8_t told[32], loaded[32];
		char path[600];

		path_of(path, row);
		story = open_story(path, NULL);
		while (kmeta_story_next(story, &event, &why) == KMETA_OK)
			;
		cr_assert_eq(kmeta_image_load(&image, path, (struct kmeta_point){ 0 }, NULL, &why),
		             KMETA_OK);
		cr_assert_eq(kmeta_image_hash(kmeta_story_image(story), told, &why), KMETA_OK);
		cr_assert_eq(kmeta_image_hash(image, loaded, &why), KMETA_OK);
		cr_assert_eq(memcmp(told, loaded, sizeof(told)), 0, "%s", path);
		kmeta_image_free(image);
		kmeta_story_close(story);
	}
}

/* What is counted along the way is what is found at the end. */
Test(events, counts_are_those_of_the_state)
{
	static const struct kmeta_query leaderless = { .leaderless = true },
					under = { .under_replicated = true };

	for (size_t row = 0; row < sizeof(logs) / sizeof(logs[0]); row++) {
		struct kmeta_story_counts counts;
		struct kmeta_downtime downtime;
		struct kmeta_story_event event;
		struct kmeta_story *story;
		struct kmeta_walk *walk = NULL;
		struct kmeta_entity entity;
		struct kmeta_finding why;
		int64_t without = 0, fewer = 0;
		char path[600];

		path_of(path, row);
		story = open_story(path, NULL);
		while (kmeta_story_next(story, &event, &why) == KMETA_OK)
			;
		cr_assert_eq(
			kmeta_walk_open(&walk, kmeta_story_image(story), KMETA_WALK_NEWEST, &why),
			KMETA_OK);
		while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
			without +=
				kmeta_query_matches(&leaderless, kmeta_story_image(story), &entity);
			fewer += kmeta_query_matches(&under, kmeta_story_image(story), &entity);
		}
		kmeta_walk_close(walk);
		cr_assert_eq(kmeta_story_count(story, &counts, &why), KMETA_OK);
		cr_assert_eq(counts.leaderless, without, "%s", path);
		cr_assert_eq(counts.under_replicated, fewer, "%s", path);
		kmeta_story_downtime(story, KMETA_DOWNTIME_LEADERLESS, &downtime);
		cr_assert_eq(downtime.still, without, "%s", path);
		cr_assert_leq(downtime.still, downtime.partitions);
		kmeta_story_close(story);
	}
}

Test(events, a_story_in_two_parts_is_the_whole)
{
	struct kmeta_story_options first = {
		.size = sizeof(first), .until = { .kind = KMETA_POINT_OFFSET, .value = 378 }
	};
	struct kmeta_story_options second = { .size = sizeof(second),
		                              .has_from = true,
		                              .from = { .kind = KMETA_POINT_OFFSET,
		                                        .value = 378 } };
	int64_t records = 0;

	for (int part = 0; part < 2; part++) {
		struct kmeta_story_event event;
		struct kmeta_story *story;
		struct kmeta_finding why;
		char path[600];

		path_of(path, 3);
		story = open_story(path, part ? &second : &first);
		while (kmeta_story_next(story, &event, &why) == KMETA_OK)
			records += event.records;
		kmeta_story_close(story);
	}
	cr_assert_eq(records, 1174);
}

Test(events, causes_have_names)
{
	for (int i = 0; i < KMETA_CAUSE_COUNT; i++) {
		cr_assert(kmeta_cause_name((enum kmeta_cause)i)[0]);
		cr_assert(kmeta_cause_meaning((enum kmeta_cause)i)[0]);
	}
	cr_assert_str_empty(kmeta_cause_name(KMETA_CAUSE_COUNT));
}

Test(events, a_path_that_is_none_fails)
{
	struct kmeta_story *story = NULL;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_story_open(&story, "/nowhere", NULL, &why), KMETA_FAILED);
	cr_assert_null(story);
	kmeta_story_close(NULL);
}
