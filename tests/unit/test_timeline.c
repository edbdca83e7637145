/* SPDX-License-Identifier: Apache-2.0 */
/* test_timeline.c: the states, stretches and changes of a timeline are those of the log itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kmeta.h>

#include "state/freeze.h"
#include "state/kept_states.h"
#include "state/timeline.h"

#include "files.h"
#include "rows.h"

TestSuite(timeline, .timeout = 120);

/* Below testdata/real: 2.8, a log from 0, checkpoints, an upgrade, the way from ZooKeeper. */
static const char *const logs[] = {
	"kraft-2.8-early-access/node-1/@metadata-0",
	"kraft-3.0/node-1/__cluster_metadata-0",
	"kraft-4.3-full/node-1/__cluster_metadata-0",
	"kraft-4.4/node-1/__cluster_metadata-0",
	"upgrade-chain/final/node-1/__cluster_metadata-0",
	"zk-migration-3.6/final/node-3000/__cluster_metadata-0",
};

enum { LOGS = sizeof(logs) / sizeof(logs[0]) };

struct opened {
	char path[600];
	struct kmeta_pages *pages;
	struct kmeta_timeline *timeline;
};

static void open_path(struct opened *o, const struct kmeta_timeline_options *options)
{
	struct kmeta_finding why = { 0 };

	cr_assert(kmeta_pages_open(&o->pages, o->path, &why) == KMETA_OK, "%s: %s", o->path,
	          why.message);
	cr_assert(kmeta_timeline_open(&o->timeline, o->pages, options, &why) == KMETA_OK, "%s",
	          why.message);
}

static void open_log(struct opened *o, const char *name,
                     const struct kmeta_timeline_options *options)
{
	snprintf(o->path, sizeof(o->path), "%s/real/%s", getenv("TESTDATA"), name);
	open_path(o, options);
}

static void close_log(struct opened *o)
{
	kmeta_timeline_close(o->timeline);
	kmeta_pages_close(o->pages);
}

static void scan(struct opened *o)
{
	struct kmeta_finding why = { 0 };

	cr_assert(kmeta_timeline_scan(o->timeline, NULL, NULL, &why) == KMETA_OK, "%s: %s", o->path,
	          why.message);
}

/* ---- states ---- */

/* An image as a digest; all zero: it could not be had. Takes the image. */
struct digest {
	uint8_t bytes[32];
	int64_t end_offset;
};

static struct digest digest_of(enum kmeta_status status, const struct kmeta_image *image)
{
	struct digest digest = { .end_offset = -1 };
	struct kmeta_finding why;

	if (status != KMETA_OK)
		return digest;
	cr_assert(kmeta_image_hash(image, digest.bytes, &why) == KMETA_OK);
	digest.end_offset = kmeta_image_moment(image).end_offset;
	return digest;
}

static struct digest loaded(const char *path, struct kmeta_point point)
{
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	const enum kmeta_status status = kmeta_image_load(&image, path, point, NULL, &why);
	const struct digest digest = digest_of(status, image);

	kmeta_image_free(image);
	return digest;
}

static void expect_state(const struct opened *o, struct kmeta_point point,
                         struct kmeta_image **image)
{
	struct kmeta_finding why = { 0 };
	const enum kmeta_status status =
		kmeta_timeline_state(o->timeline, o->pages, point, image, NULL, &why);
	const struct digest got = digest_of(status, *image), want = loaded(o->path, point);

	cr_assert((status == KMETA_OK) == (*image != NULL));
	cr_expect(got.end_offset == want.end_offset && !memcmp(got.bytes, want.bytes, 32),
	          "%s: point %d %lld: @%lld, not @%lld", o->path, point.kind,
	          (long long)point.value, (long long)got.end_offset, (long long)want.end_offset);
}

static int64_t end_of(const struct opened *o)
{
	return loaded(o->path, (struct kmeta_point){ .kind = KMETA_POINT_END }).end_offset;
}

static void expect_offsets(const struct opened *o)
{
	const int64_t end = end_of(o);
	const int64_t offsets[] = { end / 2, end / 2 + 1, end - 1, end, 1, end / 3, end + 1, 0 };
	struct kmeta_image *image = NULL;

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++)
		expect_state(
			o, (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = offsets[i] },
			&image);
	expect_state(o, (struct kmeta_point){ .kind = KMETA_POINT_END }, &image);
	expect_state(o, (struct kmeta_point){ .kind = KMETA_POINT_START }, &image);
	kmeta_image_free(image);
}

static int64_t time_at(const struct opened *o, int64_t offset)
{
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	int64_t time;

	if (kmeta_image_load(&image, o->path,
	                     (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = offset },
	                     NULL, &why) != KMETA_OK)
		return 0;
	time = kmeta_image_moment(image).timestamp;
	kmeta_image_free(image);
	return time;
}

static void expect_times(const struct opened *o)
{
	const int64_t end = end_of(o);
	struct kmeta_image *image = NULL;

	for (int64_t i = 1; i <= 4; i++) {
		const int64_t time = time_at(o, end * i / 4);

		for (int64_t t = time - 1; t <= time + 1; t++)
			expect_state(o,
			             (struct kmeta_point){ .kind = KMETA_POINT_TIME, .value = t },
			             &image);
	}
	expect_state(o, (struct kmeta_point){ .kind = KMETA_POINT_TIME, .value = INT64_MAX },
	             &image);
	kmeta_image_free(image);
}

Test(timeline, states_are_those_that_are_loaded)
{
	for (size_t i = 0; i < LOGS; i++) {
		struct opened o;

		open_log(&o, logs[i], NULL);
		expect_offsets(&o);
		expect_times(&o);
		scan(&o);
		expect_offsets(&o);
		expect_times(&o);
		close_log(&o);
	}
}

/* A checkpoint alone has one state. */
Test(timeline, checkpoint)
{
	struct kmeta_image *image = NULL;
	struct opened o;

	open_log(&o,
	         "kraft-4.3-full/node-1/__cluster_metadata-0/"
	         "00000000000000000580-0000000002.checkpoint",
	         NULL);
	scan(&o);
	expect_state(&o, (struct kmeta_point){ .kind = KMETA_POINT_END }, &image);
	cr_assert(image && kmeta_image_moment(image).end_offset == 580);
	kmeta_image_free(image);
	close_log(&o);
}

/* ---- changes ---- */

struct seen {
	size_t count;
	int64_t first, last;
};

static bool see(void *context, const struct kmeta_event *event)
{
	struct seen *seen = context;

	if (!seen->count++)
		seen->first = event->record->offset;
	seen->last = event->record->offset;
	return true;
}

/* Offset 1012 takes the leader of a partition away: see the README. */
Test(timeline, watched_changes)
{
	struct seen seen = { 0 };
	const struct kmeta_reach_options options = {
		.size = sizeof(options), .seen = see, .watched = 1012, .context = &seen
	};
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	struct opened o;

	open_log(&o, "kraft-4.3-full/node-1/__cluster_metadata-0", NULL);
	for (int scanned = 0; scanned < 2; scanned++) {
		seen = (struct seen){ 0 };
		cr_assert(kmeta_timeline_state(
				  o.timeline, o.pages,
				  (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = 1014 },
				  &image, &options, &why) == KMETA_OK);
		cr_expect(seen.count == 2 && seen.first == 1012 && seen.last == 1013);
		scan(&o);
	}
	kmeta_image_free(image);
	close_log(&o);
}

struct offsets {
	int64_t at[300];
	size_t count;
};

static bool note_offset(void *context, const struct kmeta_event *event)
{
	struct offsets *offsets = context;

	if (!offsets->count || offsets->at[offsets->count - 1] != event->record->offset)
		offsets->at[offsets->count++] = event->record->offset;
	return offsets->count < 300;
}

static void history_of(struct offsets *offsets, const char *path, const char *target)
{
	const struct kmeta_history_options options = { .size = sizeof(options),
		                                       .targets = &target,
		                                       .targets_count = 1,
		                                       .seen = note_offset,
		                                       .context = offsets };
	struct kmeta_history_span span;
	struct kmeta_finding why;

	*offsets = (struct offsets){ 0 };
	cr_assert(kmeta_history(path, &options, &span, &why) == KMETA_OK);
}

static enum kmeta_status next_change(struct opened *o, const char *target, int64_t offset,
                                     bool backwards, struct kmeta_step *step)
{
	struct kmeta_finding why;

	return kmeta_timeline_next_change(o->timeline, target, offset, backwards, NULL, NULL, step,
	                                  &why);
}

static void expect_steps(struct opened *o, const char *target)
{
	struct offsets offsets;
	struct kmeta_step step;

	history_of(&offsets, o->path, target);
	cr_assert_gt(offsets.count, 1, "%s", target);
	for (size_t i = 0; i < offsets.count; i++) {
		cr_assert(next_change(o, target, offsets.at[i] - 1, false, &step) == KMETA_OK);
		cr_expect(step.offset == offsets.at[i] && step.number == i + 1 &&
		          step.count == offsets.count);
		cr_assert(next_change(o, target, offsets.at[i] + 1, true, &step) == KMETA_OK);
		cr_expect(step.offset == offsets.at[i] && step.number == i + 1);
	}
	cr_expect(next_change(o, target, offsets.at[0], true, &step) == KMETA_END);
	cr_expect(next_change(o, target, offsets.at[offsets.count - 1], false, &step) == KMETA_END);
}

Test(timeline, steps_are_those_of_the_history)
{
	struct kmeta_step step;
	struct opened o;

	open_log(&o, "kraft-4.3-full/node-1/__cluster_metadata-0", NULL);
	expect_steps(&o, "orders/3");
	expect_steps(&o, "brokers/11");
	expect_steps(&o, "orders/3");
	cr_expect(next_change(&o, "no-such-topic", 0, false, &step) == KMETA_END);
	close_log(&o);
}

/* ---- stretches ---- */

static void expect_stretch(const struct opened *o, const struct kmeta_stretch *stretch,
                           struct kmeta_page *page)
{
	struct kmeta_finding why;
	int64_t first = -1, last = -1;

	cr_assert(kmeta_pages_read(o->pages, stretch->file, stretch->begin,
	                           stretch->end == INT64_MAX ? INT64_MAX : stretch->end, page,
	                           &why) == KMETA_OK);
	for (size_t i = 0; i < page->rows_count; i++) {
		if (page->rows[i].damage >= 0)
			continue;
		first = first < 0 ? page->rows[i].record.offset : first;
		last = page->rows[i].record.offset;
	}
	cr_expect(page->rows_count == stretch->rows && first == stretch->first_offset &&
	          last == stretch->last_offset);
}

Test(timeline, stretches_are_the_pages_of_the_log)
{
	for (size_t i = 0; i < LOGS; i++) {
		struct kmeta_stretch stretch, found;
		struct kmeta_page page = { 0 };
		struct opened o;
		size_t number;

		open_log(&o, logs[i], NULL);
		cr_expect(!kmeta_timeline_find_offset(o.timeline, 0, &number));
		scan(&o);
		for (size_t n = 0; kmeta_timeline_stretch(o.timeline, n, &stretch); n++) {
			expect_stretch(&o, &stretch, &page);
			cr_expect(kmeta_timeline_find_place(o.timeline, stretch.file, stretch.begin,
			                                    &number, &found) &&
			          number == n);
			cr_expect(stretch.first_offset < 0 ||
			          (kmeta_timeline_find_offset(o.timeline, stretch.first_offset,
			                                      &number) &&
			           number == n));
		}
		cr_expect(kmeta_timeline_count(o.timeline) > 0);
		kmeta_page_release(&page);
		close_log(&o);
	}
}

/* ---- stopping ---- */

static bool stop_at(void *context, int64_t done, int64_t total)
{
	int *left = context;

	cr_expect(done <= total);
	return (*left)-- > 0;
}

Test(timeline, scan_that_is_stopped_goes_on)
{
	struct kmeta_finding why = { 0 };
	int left = 1;
	struct opened o;

	open_log(&o, "kraft-4.3-full/node-1/__cluster_metadata-0", NULL);
	cr_assert(kmeta_timeline_scan(o.timeline, stop_at, &left, &why) == KMETA_FAILED);
	cr_assert(why.code == KMETA_STOPPED);
	cr_expect(kmeta_timeline_count(o.timeline) == 1);
	expect_offsets(&o);
	scan(&o);
	cr_expect(kmeta_timeline_count(o.timeline) > 1);
	expect_offsets(&o);
	close_log(&o);
}

Test(timeline, state_that_is_stopped)
{
	int left = 0;
	const struct kmeta_reach_options options = { .size = sizeof(options),
		                                     .progress = stop_at,
		                                     .context = &left };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why = { 0 };
	struct opened o;

	open_log(&o, "kraft-4.3-full/node-1/__cluster_metadata-0", NULL);
	scan(&o);
	cr_expect(kmeta_timeline_state(
			  o.timeline, o.pages,
			  (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = 900 }, &image,
			  &options, &why) == KMETA_FAILED);
	cr_expect(!image && why.code == KMETA_STOPPED);
	close_log(&o);
}

/* ---- a log that grows, is replaced, is damaged ---- */

static void copy_file(const char *from, const char *to, size_t limit)
{
	static uint8_t bytes[1 << 20];
	FILE *file = fopen(from, "rb");
	struct kmeta_bytes part = { bytes, 0 };

	cr_assert(file, "%s", from);
	part.size = fread(bytes, 1, limit < sizeof(bytes) ? limit : sizeof(bytes), file);
	fclose(file);
	write_at(to, O_TRUNC, part);
}

static void a_segment(char path[700])
{
	snprintf(path, 700,
	         "%s/real/kraft-4.3-full/node-1/__cluster_metadata-0/00000000000000000000.log",
	         getenv("TESTDATA"));
}

Test(timeline, log_that_grows, .init = scratch_begin, .fini = scratch_end)
{
	struct kmeta_finding why = { 0 };
	struct opened o = { .path = FIRST };
	int64_t before;
	char path[700];

	a_segment(path);
	copy_file(path, FIRST, 9000);
	open_path(&o, NULL);
	scan(&o);
	before = end_of(&o);
	copy_file(path, FIRST, SIZE_MAX);
	cr_assert(kmeta_pages_refresh(o.pages, &why) == KMETA_OK);
	cr_assert(kmeta_timeline_renew(o.timeline, o.pages, false));
	scan(&o);
	cr_expect_gt(end_of(&o), before);
	expect_offsets(&o);
	close_log(&o);
}

Test(timeline, log_that_is_replaced, .init = scratch_begin, .fini = scratch_end)
{
	struct opened o = { .path = FIRST };
	char path[700];

	a_segment(path);
	copy_file(path, FIRST, SIZE_MAX);
	open_path(&o, NULL);
	scan(&o);
	copy_file(path, FIRST, 9000);
	cr_assert(kmeta_timeline_renew(o.timeline, o.pages, true));
	cr_expect(kmeta_timeline_count(o.timeline) == 0);
	scan(&o);
	expect_offsets(&o);
	close_log(&o);
}

/* After the damage the state is unknown, to the timeline as to kmeta_image_load(). */
Test(timeline, damaged_log, .init = scratch_begin, .fini = scratch_end)
{
	const uint8_t wrong = 0xff;
	struct opened o = { .path = FIRST };
	struct kmeta_stretch stretch;
	bool damaged = false;
	char path[700];
	int fd;

	a_segment(path);
	copy_file(path, FIRST, SIZE_MAX);
	fd = open(FIRST, O_WRONLY);
	cr_assert(fd >= 0 && pwrite(fd, &wrong, 1, 9000) == 1);
	close(fd);
	open_path(&o, NULL);
	scan(&o);
	for (size_t i = 0; kmeta_timeline_stretch(o.timeline, i, &stretch); i++)
		damaged |= stretch.flags & KMETA_STRETCH_DAMAGE;
	cr_expect(damaged);
	expect_offsets(&o);
	close_log(&o);
}

/* ---- memory ---- */

/* The kept states of a small bound are thinned out, and the states that are reached are the same. */
Test(timeline, kept_states_are_thinned_out)
{
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	struct kept_states *kept = kept_states_new(SIZE_MAX), *few;
	struct kmeta_batch batch = { 0 };
	size_t limit;
	char path[700];

	snprintf(path, sizeof(path), "%s/real/%s", getenv("TESTDATA"), logs[2]);
	cr_assert(kmeta_image_load(&image, path, (struct kmeta_point){ 0 }, NULL, &why) ==
	          KMETA_OK);
	kept_states_offer(kept, image);
	limit = kept_states_memory(kept) * 10;
	few = kept_states_new(limit);
	for (int64_t i = 1; i <= 40; i++) {
		kmeta_image_reach(image, &batch, i * 20000);
		kept_states_offer(kept, image);
		kept_states_offer(few, image);
	}
	cr_expect(kept_states_count(kept) == 41);
	cr_expect(kept_states_count(few) > 1 && kept_states_count(few) <= 10);
	cr_expect(kept_states_memory(few) <= limit);
	for (int64_t i = 1; i <= 40; i++) {
		kmeta_image_free(image);
		image = NULL;
		kept_states_take(few, i * 20000, &image);
		cr_expect(image && kmeta_image_moment(image).end_offset <= i * 20000);
	}
	kmeta_image_free(image);
	kept_states_free(kept);
	kept_states_free(few);
}

Test(timeline, memory_is_bounded)
{
	const struct kmeta_timeline_options options = { .size = sizeof(options), .memory = 1 };
	struct opened o;

	open_log(&o, "kraft-4.3-full/node-1/__cluster_metadata-0", &options);
	scan(&o);
	expect_offsets(&o);
	cr_expect_lt(kmeta_timeline_memory(o.timeline), (size_t)1 << 20);
	close_log(&o);
}

enum { EVERY = 1000, LONG_BATCHES = 300, LONG_LOG = LONG_BATCHES * EVERY };

/* Each batch begins with a new topic, so that the offset tells how many there are; no-ops follow. */
static void write_long_log(void)
{
	struct made m = { 0 };

	for (int i = 0; i < LONG_BATCHES; i++) {
		struct batch_plan plan = { .base_offset = i * EVERY, .count = EVERY };
		struct made value = { 0 }, records = { 0 };
		char name[16];

		snprintf(name, sizeof(name), "topic-%d", i);
		put_topic(&value, name, (uint64_t)i + 1);
		put_record(&records, &(struct record_plan){ .value = made_bytes(&value) });
		for (int n = 1; n < EVERY; n++)
			put_record(&records,
			           &(struct record_plan){ .value = BYTES("\x01\x14\x00\0"),
			                                  .offset_delta = n });
		plan.records = made_bytes(&records);
		put_batch(&m, &plan);
		made_release(&records);
		made_release(&value);
	}
	write_file(FIRST, made_bytes(&m));
	made_release(&m);
}

static size_t frozen_size(const struct kmeta_image *image)
{
	struct kmeta_frozen *frozen = image_freeze(image);
	size_t size;

	cr_assert(frozen);
	size = frozen_memory(frozen);
	frozen_free(frozen);
	return size;
}

/* What all copies of the long log take without a bound, and the last state alone. */
static void measure(size_t *all, size_t *copies, size_t *one)
{
	struct kmeta_image *image = NULL;
	struct opened o = { .path = FIRST };
	struct kmeta_finding why;

	open_path(&o, NULL);
	scan(&o);
	*all = kept_states_memory(o.timeline->kept);
	*copies = kept_states_count(o.timeline->kept);
	cr_assert(kmeta_timeline_state(
			  o.timeline, o.pages,
			  (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = LONG_LOG },
			  &image, NULL, &why) == KMETA_OK);
	*one = frozen_size(image);
	kmeta_image_free(image);
	close_log(&o);
}

/*
 * Many states are asked for, far from each other. The copies that the scan has made stay within
 * their bound; in addition there is at most the one near the last state that was asked for.
 */
Test(timeline, many_states_in_bounded_memory, .init = scratch_begin, .fini = scratch_end)
{
	struct opened o = { .path = FIRST };
	struct kmeta_timeline_options options = { .size = sizeof(options) };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	size_t all, copies, one, kept;

	write_long_log();
	measure(&all, &copies, &one);
	cr_assert_gt(copies, 10);
	options.memory = all / 3;
	cr_assert_gt(options.memory, one);
	open_path(&o, &options);
	scan(&o);
	kept = kept_states_count(o.timeline->kept);
	cr_expect(kept > 1 && kept < copies);
	cr_expect_leq(kept_states_memory(o.timeline->kept), options.memory);
	for (int64_t i = 0; i < 60; i++) {
		const int64_t offset = i * 77777 % LONG_LOG + 1;

		cr_assert(kmeta_timeline_state(o.timeline, o.pages,
		                               (struct kmeta_point){ .kind = KMETA_POINT_OFFSET,
		                                                     .value = offset },
		                               &image, NULL, &why) == KMETA_OK);
		cr_expect_eq(kmeta_image_moment(image).end_offset, offset);
		cr_expect_eq(kmeta_image_count(image, KMETA_TOPIC),
		             (size_t)(offset + EVERY - 1) / EVERY);
		cr_expect_leq(kept_states_memory(o.timeline->kept), options.memory + one);
		cr_expect_eq(kmeta_timeline_memory(o.timeline),
		             kept_states_memory(o.timeline->kept) +
		                     kmeta_timeline_count(o.timeline) *
		                             sizeof(struct kmeta_stretch));
	}
	cr_expect_eq(kept_states_count(o.timeline->kept), kept);
	kmeta_image_free(image);
	close_log(&o);
}

/* The copy near a state that was looked at is the nearest to those just behind it. */
Test(timeline, copy_near_a_state)
{
	struct kept_states *kept = kept_states_new(SIZE_MAX);
	struct kmeta_image *image = kmeta_image_new();
	const struct kmeta_batch batch = { 0 };

	kmeta_image_reach(image, &batch, 100);
	kept_states_offer(kept, image);
	kmeta_image_reach(image, &batch, 500);
	kept_states_put_near(kept, image);
	cr_expect_eq(kept_states_count(kept), 1);
	for (int64_t offset = 99; offset <= 1000; offset += 100) {
		kmeta_image_free(image);
		image = NULL;
		kept_states_take(kept, offset, &image);
		if (offset < 100)
			cr_expect_null(image);
		else
			cr_expect_eq(kmeta_image_moment(image).end_offset,
			             offset < 500 ? 100 : 500);
	}
	kmeta_image_free(image);
	kept_states_free(kept);
}

/* No-ops fill whole stretches of an idle cluster's log, which a viewer can fold. */
Test(timeline, stretches_of_no_ops, .init = scratch_begin, .fini = scratch_end)
{
	struct opened o = { .path = FIRST };
	struct kmeta_stretch stretch;
	size_t count;

	append_run(FIRST, 0, 3000);
	open_path(&o, NULL);
	scan(&o);
	count = kmeta_timeline_count(o.timeline);
	cr_assert_gt(count, 2);
	for (size_t i = 0; i < count; i++) {
		cr_assert(kmeta_timeline_stretch(o.timeline, i, &stretch));
		cr_expect_eq(stretch.flags,
		             (unsigned)(KMETA_STRETCH_ONLY_NO_OPS | KMETA_STRETCH_ENDS_IN_NO_OP));
		cr_expect_eq(stretch.leading_no_ops, stretch.rows);
	}
	close_log(&o);
}

/* Without a scan, a state that took long to load is kept for the next one. */
Test(timeline, dear_state_is_kept, .init = scratch_begin, .fini = scratch_end)
{
	struct opened o = { .path = FIRST };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;

	write_long_log();
	open_path(&o, NULL);
	cr_expect_eq(kmeta_timeline_memory(o.timeline), 0);
	cr_assert(kmeta_timeline_state(o.timeline, o.pages,
	                               (struct kmeta_point){ .kind = KMETA_POINT_END }, &image,
	                               NULL, &why) == KMETA_OK);
	cr_expect_eq(kmeta_image_moment(image).end_offset, LONG_LOG);
	cr_expect_gt(kmeta_timeline_memory(o.timeline), 0);
	kmeta_image_free(image);
	close_log(&o);
}

/* A log that is replaced takes the states of the old one with it. */
Test(timeline, replaced_log_frees_its_states, .init = scratch_begin, .fini = scratch_end)
{
	struct opened o = { .path = FIRST };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;

	write_long_log();
	open_path(&o, NULL);
	scan(&o);
	cr_assert(kmeta_timeline_state(
			  o.timeline, o.pages,
			  (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = LONG_LOG - 3 },
			  &image, NULL, &why) == KMETA_OK);
	cr_assert_gt(kmeta_timeline_memory(o.timeline), 0);
	cr_assert(kmeta_timeline_renew(o.timeline, o.pages, true));
	cr_expect_eq(kmeta_timeline_memory(o.timeline), 0);
	kmeta_image_free(image);
	close_log(&o);
}

Test(timeline, unknown_release)
{
	const struct kmeta_timeline_options options = { .size = sizeof(options), .dialect = "1.0" };
	struct kmeta_timeline *timeline = NULL;
	struct kmeta_finding why = { 0 };
	struct opened o;

	open_log(&o, logs[2], NULL);
	cr_expect(kmeta_timeline_open(&timeline, o.pages, &options, &why) == KMETA_FAILED);
	cr_expect(why.code == KMETA_BAD_ARGUMENT && !timeline);
	close_log(&o);
}
