/* SPDX-License-Identifier: Apache-2.0 */
/* test_load.c: the state of directories that are made by hand, and why there is none. */
#include <kmeta.h>

#include "checkpoints.h"
#include "files.h"
#include "findings.h"

TestSuite(load, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

/* Where the state is and how many topics it has, or why there is none. */
struct outcome {
	enum kmeta_status status;
	struct kmeta_finding why;
	struct told told;
	int64_t end_offset;
	size_t topics;
};

static struct outcome load(struct kmeta_point point, bool nearest)
{
	struct outcome o = { .end_offset = -1 };
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .nearest = nearest,
		                                    .report = note_finding,
		                                    .context = &o.told };
	struct kmeta_image *image = NULL;

	o.status = kmeta_image_load(&image, "d", point, &options, &o.why);
	if (o.status != KMETA_OK)
		return o;
	o.end_offset = kmeta_image_moment(image).end_offset;
	o.topics = kmeta_image_count(image, KMETA_TOPIC);
	kmeta_image_free(image);
	return o;
}

static struct kmeta_point at(int64_t offset)
{
	return (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = offset };
}

/* ---- the nearest state ---- */

Test(load, nearest_state_is_the_first_checkpoint)
{
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" SECOND, 9, 3);
	write_checkpoint("d/" CHECKPOINT_9, 2, true);
	write_checkpoint("d/" CHECKPOINT_12, 5, true);
	o = load(at(5), true);
	cr_assert_eq(o.status, KMETA_OK, "%s", o.why.message);
	cr_expect_eq(o.end_offset, 9);
	cr_expect_eq(o.topics, 2);
	cr_expect_str_eq(o.told.text, "missing-records@-1 ");
	cr_expect(strstr(o.told.last.message, "the state @5 is unknown"), "%s",
	          o.told.last.message);
	o = load(at(5), false);
	cr_expect_eq(o.status, KMETA_FAILED);
	cr_expect_eq(o.why.code, KMETA_MISSING_RECORDS);
}

/* A checkpoint that is not whole is passed over, and nothing of it stays. */
Test(load, nearest_state_is_a_usable_one)
{
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" SECOND, 9, 3);
	write_checkpoint("d/" CHECKPOINT_9, 2, false);
	write_checkpoint("d/" CHECKPOINT_12, 5, true);
	o = load(at(5), true);
	cr_assert_eq(o.status, KMETA_OK, "%s", o.why.message);
	cr_expect_eq(o.end_offset, 12);
	cr_expect_eq(o.topics, 5);
	cr_expect_str_eq(o.told.text, "unusable-checkpoint@-1 missing-records@-1 ");
}

static void expect_no_state(int64_t offset, const char *told)
{
	const struct outcome o = load(at(offset), true);

	cr_assert_eq(o.status, KMETA_FAILED);
	cr_expect_eq(o.why.code, KMETA_MISSING_RECORDS);
	cr_expect(strstr(o.why.message, "the log begins at offset 9, and no usable checkpoint"),
	          "%s", o.why.message);
	cr_expect_str_eq(o.told.text, told);
}

Test(load, nearest_state_without_a_usable_checkpoint)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" SECOND, 9, 3);
	expect_no_state(5, "");
	expect_no_state(12, "");
	write_checkpoint("d/" CHECKPOINT_9, 2, false);
	expect_no_state(5, "unusable-checkpoint@-1 ");
}

/* At 0 every log has the empty state, with nothing of the checkpoint that was tried. */
Test(load, nearest_state_of_the_first_moment)
{
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" SECOND, 9, 3);
	write_checkpoint("d/" CHECKPOINT_9, 2, false);
	o = load(at(0), true);
	cr_assert_eq(o.status, KMETA_OK, "%s", o.why.message);
	cr_expect_eq(o.end_offset, 0);
	cr_expect_eq(o.topics, 0);
	cr_expect_str_eq(o.told.text, "unusable-checkpoint@-1 ");
}

/* ---- records that are missing ---- */

/* Nothing tells what was before the first segment, whatever is asked for. */
static const struct kmeta_point unknown[] = {
	{ .kind = KMETA_POINT_OFFSET, .value = 5 },
	{ .kind = KMETA_POINT_OFFSET, .value = 9 },
	{ .kind = KMETA_POINT_OFFSET, .value = 12 },
	{ .kind = KMETA_POINT_TIME, .value = 1000 },
	{ .kind = KMETA_POINT_TIME, .value = (MADE_TIME + 9) * INT64_C(1000) },
	{ .kind = KMETA_POINT_TIME, .value = INT64_MAX },
	{ .kind = KMETA_POINT_END },
};

ROWS(load, log_that_begins_late, unknown)
ParameterizedTest(const size_t *row, load, log_that_begins_late, .init = scratch_begin,
                  .fini = scratch_end)
{
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" SECOND, 9, 3);
	o = load(unknown[*row], false);
	cr_assert_eq(o.status, KMETA_FAILED);
	cr_expect_eq(o.why.code, KMETA_MISSING_RECORDS);
	cr_expect(strstr(o.why.message, "the log begins at offset 9"), "%s", o.why.message);
}

/* Behind the gap nothing is known; up to it, and at it, all is. */
Test(load, gap_between_segments)
{
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 2);
	append_run("d/" SECOND, 9, 3);
	o = load(at(6), false);
	cr_expect(o.status == KMETA_OK && o.end_offset == 6);
	for (int64_t offset = 7; offset <= 12; offset++) {
		o = load(at(offset), false);
		cr_assert_eq(o.status, KMETA_FAILED);
		cr_expect_str_eq(o.why.message,
		                 "the records 6 to 8 are missing; the state is known up to @6");
	}
	o = load((struct kmeta_point){ .kind = KMETA_POINT_TIME,
	                               .value = (MADE_TIME + 3) * INT64_C(1000) },
	         false);
	cr_assert_eq(o.status, KMETA_FAILED);
	cr_expect_eq(o.why.code, KMETA_MISSING_RECORDS);
}

Test(load, past_the_end)
{
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 2);
	o = load(at(7), false);
	cr_expect(o.status == KMETA_OK && o.end_offset == 6);
}

/* A checkpoint without segments holds one state. */
Test(load, checkpoints_alone)
{
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	write_checkpoint("d/" CHECKPOINT_9, 2, true);
	write_checkpoint("d/" CHECKPOINT_12, 5, true);
	o = load(at(9), false);
	cr_expect(o.status == KMETA_OK && o.end_offset == 9 && o.topics == 2);
	o = load((struct kmeta_point){ .kind = KMETA_POINT_START }, false);
	cr_expect(o.status == KMETA_OK && o.end_offset == 9);
	o = load((struct kmeta_point){ .kind = KMETA_POINT_END }, false);
	cr_expect(o.status == KMETA_OK && o.end_offset == 12 && o.topics == 5);
	o = load(at(13), false);
	cr_expect(o.status == KMETA_OK && o.end_offset == 12);
}

/* ---- when to stop ---- */

/* A topic's removal, without the topic, and an end without the transaction. */
static void write_violations(void)
{
	struct made m = { 0 }, records = { 0 }, removal = { 0 };
	struct batch_plan plan = { .count = 2 };
	uint8_t id[16];

	cr_assert_eq(mkdir("d", 0755), 0);
	set_id(id, 9);
	put_head(&removal, 9, 0);
	put(&removal, id, sizeof(id));
	put_byte(&removal, 0);
	put_record(&records, &(struct record_plan){ .value = made_bytes(&removal) });
	put_record(&records,
	           &(struct record_plan){ .value = BYTES("\x01\x18\x00\0"), .offset_delta = 1 });
	plan.records = made_bytes(&records);
	put_batch(&m, &plan);
	write_file("d/" FIRST, made_bytes(&m));
	append_run("d/" FIRST, 2, 2);
	made_release(&m);
	made_release(&records);
	made_release(&removal);
}

static bool note_and_stop(void *context, const struct kmeta_finding *finding)
{
	note_finding(context, finding);
	return false;
}

static struct outcome load_violations(bool strict, kmeta_report *report)
{
	struct outcome o = { .end_offset = -1 };
	const struct kmeta_load_options options = {
		.size = sizeof(options), .strict = strict, .report = report, .context = &o.told
	};
	struct kmeta_image *image = NULL;

	o.status = kmeta_image_load(&image, "d", (struct kmeta_point){ 0 }, &options, &o.why);
	if (o.status == KMETA_OK)
		o.end_offset = kmeta_image_moment(image).end_offset;
	kmeta_image_free(o.status == KMETA_OK ? image : NULL);
	return o;
}

Test(load, violations_are_reported_or_end_it)
{
	struct outcome o;

	write_violations();
	o = load_violations(false, note_finding);
	cr_expect(o.status == KMETA_OK && o.end_offset == 8, "%s", o.why.message);
	cr_expect_eq(o.told.count, 2, "%s", o.told.text);
	o = load_violations(false, note_and_stop);
	cr_expect_eq(o.status, KMETA_FAILED);
	cr_expect_eq(o.told.count, 1, "%s", o.told.text);
	o = load_violations(true, note_finding);
	cr_expect_eq(o.status, KMETA_FAILED);
	cr_expect_eq(o.told.count, 1, "%s", o.told.text);
	o = load_violations(false, NULL);
	cr_expect(o.status == KMETA_OK && o.end_offset == 8);
}

/* A record that no release knows is passed over; one without a value is what Kafka throws on. */
static const struct {
	struct kmeta_bytes value;
	bool strict, loaded;
	const char *told;
} odd[] = {
	{ BYTES("\x01\x8f\x4e\x00"), false, true, "unknown-record@0 " },
	{ BYTES("\x01\x8f\x4e\x00"), true, true, "unknown-record@0 " },
	{ { NULL, 0 }, false, true, "no-value@0 " },
	{ { NULL, 0 }, true, false, "no-value@0 " },
};

ROWS(load, odd_record, odd)
ParameterizedTest(const size_t *row, load, odd_record, .init = scratch_begin, .fini = scratch_end)
{
	struct made m = { 0 }, records = { 0 };
	struct batch_plan plan = { 0 };
	struct outcome o;

	cr_assert_eq(mkdir("d", 0755), 0);
	put_record(&records, &(struct record_plan){ .value = odd[*row].value });
	plan.records = made_bytes(&records);
	put_batch(&m, &plan);
	write_file("d/" FIRST, made_bytes(&m));
	append_run("d/" FIRST, 1, 2);
	o = load_violations(odd[*row].strict, note_finding);
	cr_expect_eq(o.status == KMETA_OK, odd[*row].loaded);
	cr_expect_eq(o.end_offset, odd[*row].loaded ? 7 : -1);
	cr_expect_str_eq(o.told.text, odd[*row].told);
	cr_expect(odd[*row].loaded || o.why.code == KMETA_NO_VALUE);
	made_release(&m);
	made_release(&records);
}

/* ---- releases ---- */

Test(load, unknown_release)
{
	const struct kmeta_load_options options = { .size = sizeof(options), .dialect = "1.0" };
	static const char *const targets[] = { "a" };
	const struct kmeta_history_options history = {
		.size = sizeof(history), .targets = targets, .targets_count = 1, .dialect = "1.0"
	};
	const struct kmeta_stat_options stat = { .size = sizeof(stat), .dialect = "1.0" };
	struct kmeta_finding why = { 0 };
	struct kmeta_history_span span;
	struct kmeta_image *image = NULL;
	struct kmeta_stats *stats = NULL;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	cr_expect_eq(kmeta_image_load(&image, "d", at(3), &options, &why), KMETA_FAILED);
	cr_expect(!image && why.code == KMETA_BAD_ARGUMENT);
	cr_expect_str_eq(why.message, "no release '1.0' is known");
	why = (struct kmeta_finding){ 0 };
	cr_expect_eq(kmeta_history("d", &history, &span, &why), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_BAD_ARGUMENT);
	why = (struct kmeta_finding){ 0 };
	cr_expect_eq(kmeta_stat(&stats, "d", &stat, &why), KMETA_FAILED);
	cr_expect(!stats && why.code == KMETA_BAD_ARGUMENT);
}
