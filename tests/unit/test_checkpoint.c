/* SPDX-License-Identifier: Apache-2.0 */
/* test_checkpoint.c: a state that is written as a checkpoint is the same when it is read back. */
#include <kmeta.h>

#include "files.h"

TestSuite(checkpoint, .init = scratch_begin, .fini = scratch_end, .timeout = 120);

/* Below testdata, each with points on its way. */
static const char *const logs[] = {
	"real/kraft-2.8-early-access/node-1",
	"real/kraft-3.0/node-1",
	"real/kraft-3.3/node-1",
	"real/kraft-4.3-full/node-1",
	"real/kraft-4.4/node-1",
	"real/upgrade-chain/final/node-1",
	"real/zk-migration-3.6/final/node-3000",
	"generated/history-4.4.0-13e",
	"generated/image-4.3.1",
};

static struct kmeta_image *load(const char *path, struct kmeta_point point)
{
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_image_load(&image, path, point, NULL, &why), KMETA_OK, "%s: %s", path,
	             why.message);
	return image;
}

/* Leaves all in the buffer, and counts. */
struct drained {
	int calls, stop_at;
};

static bool keep_all(void *context, struct kmeta_buffer *out)
{
	struct drained *d = context;

	(void)out;
	return ++d->calls != d->stop_at;
}

static enum kmeta_status write_image(const struct kmeta_image *image,
                                     struct kmeta_checkpoint_options options,
                                     struct kmeta_buffer *out,
                                     struct kmeta_checkpoint_totals *totals,
                                     struct kmeta_finding *why)
{
	struct drained drained = { 0 };

	options.size = sizeof(options);
	options.context = &drained;
	return kmeta_write_checkpoint(image, &options, keep_all, out, totals, why);
}

static void count_errors(const char *path)
{
	struct kmeta_verify_totals totals;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_verify(&path, 1, NULL, NULL, NULL, &totals, &why), KMETA_OK);
	/* Made logs have values that no Kafka writes, which are warnings. */
	cr_expect_eq(totals.errors, 0, "%s: %lld errors", path, (long long)totals.errors);
}

/* The lines of all records that a snapshot of the state holds. */
static void put_records(struct kmeta_buffer *out, const struct kmeta_image *image)
{
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_walk_open(&walk, image, 0, &why), KMETA_OK);
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		kmeta_entity_json(out, &entity, KMETA_SHOW_SECRETS);
		kmeta_buffer_add(out, "\n", 1);
	}
	kmeta_walk_close(walk);
}

static void expect_same_state(const struct kmeta_image *a, const struct kmeta_image *b)
{
	struct kmeta_buffer first = { 0 }, second = { 0 };

	put_records(&first, a);
	put_records(&second, b);
	cr_expect_eq(kmeta_bytes_compare(kmeta_buffer_bytes(&first), kmeta_buffer_bytes(&second)),
	             0);
	cr_expect_eq(kmeta_image_quorum(a).kraft_version > 0,
	             kmeta_image_quorum(b).kraft_version > 0);
	kmeta_buffer_release(&first);
	kmeta_buffer_release(&second);
}

static void check_round_trip(const struct kmeta_image *image)
{
	const struct kmeta_moment moment = kmeta_image_moment(image);
	struct kmeta_checkpoint_totals totals, again;
	struct kmeta_buffer out = { 0 }, second = { 0 };
	struct kmeta_image *read;
	struct kmeta_finding why;
	char name[64];

	cr_assert_eq(
		write_image(image, (struct kmeta_checkpoint_options){ 0 }, &out, &totals, &why),
		KMETA_OK, "%s", why.message);
	cr_expect_eq(totals.bytes, (int64_t)out.size);
	snprintf(name, sizeof(name), "%020lld-%010d.checkpoint", (long long)moment.end_offset,
	         moment.epoch);
	write_file(name, kmeta_buffer_bytes(&out));
	count_errors(name);
	read = load(name, (struct kmeta_point){ 0 });
	expect_same_state(image, read);
	cr_expect_eq(kmeta_image_moment(read).timestamp, moment.timestamp);
	cr_expect_eq(kmeta_image_moment(read).epoch, moment.epoch);
	/* What was read makes the same bytes again. */
	cr_assert_eq(
		write_image(read, (struct kmeta_checkpoint_options){ 0 }, &second, &again, &why),
		KMETA_OK);
	cr_expect_eq(kmeta_bytes_compare(kmeta_buffer_bytes(&out), kmeta_buffer_bytes(&second)), 0);
	kmeta_image_free(read);
	kmeta_buffer_release(&out);
	kmeta_buffer_release(&second);
}

Test(checkpoint, states_of_real_and_made_logs_come_back)
{
	enum { POINTS = 5 };

	for (size_t i = 0; i < COUNT(logs); i++) {
		char path[600];
		struct kmeta_image *last;
		int64_t end;

		snprintf(path, sizeof(path), "%s/%s", getenv("TESTDATA"), logs[i]);
		last = load(path, (struct kmeta_point){ 0 });
		end = kmeta_image_moment(last).end_offset;
		check_round_trip(last);
		for (int k = 1; k < POINTS; k++) {
			const struct kmeta_load_options options = { .size = sizeof(options),
				                                    .nearest = true };
			const struct kmeta_point point = { .kind = KMETA_POINT_OFFSET,
				                           .value = end * k / POINTS };
			struct kmeta_image *image = NULL;
			struct kmeta_finding why;

			cr_assert_eq(kmeta_image_load(&image, path, point, &options, &why),
			             KMETA_OK, "%s", why.message);
			check_round_trip(image);
			kmeta_image_free(image);
		}
		kmeta_image_free(last);
	}
}

static struct kmeta_image *load_quorum(void)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/real/kraft-4.3-full/node-1", getenv("TESTDATA"));
	return load(path, (struct kmeta_point){ 0 });
}

/* Every sound batch of a checkpoint, and a count of them. */
static int64_t largest_batch(const char *path, const struct kmeta_buffer *out, int32_t epoch)
{
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	int64_t largest = 0, next = 0;

	write_file(path, kmeta_buffer_bytes(out));
	cr_assert_eq(kmeta_source_open(&source, path, NULL, &why), KMETA_OK);
	while (kmeta_source_next(source, &batch, &why) == KMETA_OK) {
		cr_expect_eq(batch.base_offset, next);
		cr_expect_eq(batch.epoch, epoch);
		next = batch.last_offset + 1;
		largest = batch.size > largest ? batch.size : largest;
	}
	kmeta_source_close(source);
	return largest;
}

Test(checkpoint, other_epochs_voters_and_codecs)
{
	const struct kmeta_voter voters[] = {
		{ .id = 7,
		  .directory = { 1, 2, 3 },
		  .listener = "CTL",
		  .host = "h",
		  .port = 65535,
		  .most_version = 1 },
		{ .id = 9, .directory = { 9 }, .listener = "CTL", .host = "::1", .port = 1 },
	};
	static const char name[] = "00000000000000001174-0000000050.checkpoint";
	struct kmeta_image *image = load_quorum(), *read;
	struct kmeta_checkpoint_totals totals;
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	cr_assert_eq(write_image(image,
	                         (struct kmeta_checkpoint_options){ .epoch = 50,
	                                                            .voters = voters,
	                                                            .voters_count = 2,
	                                                            .codec = KMETA_GZIP },
	                         &out, &totals, &why),
	             KMETA_OK);
	largest_batch(name, &out, 50);
	count_errors(name);
	read = load(name, (struct kmeta_point){ 0 });
	cr_expect_eq(kmeta_image_count(read, KMETA_VOTER), 2);
	cr_expect_eq(kmeta_image_quorum(read).kraft_version, 1);
	kmeta_image_free(read);
	out.size = 0;
	cr_assert_eq(write_image(image, (struct kmeta_checkpoint_options){ .static_voters = true },
	                         &out, &totals, &why),
	             KMETA_OK);
	write_file("static.checkpoint", kmeta_buffer_bytes(&out));
	read = load("static.checkpoint", (struct kmeta_point){ 0 });
	cr_expect_eq(kmeta_image_count(read, KMETA_VOTER), 0);
	cr_expect_eq(kmeta_image_quorum(read).kraft_version, -1);
	kmeta_image_free(read);
	kmeta_image_free(image);
	kmeta_buffer_release(&out);
}

static bool only_brokers(void *context, const struct kmeta_entity *entity)
{
	(void)context;
	return entity->kind == KMETA_BROKER;
}

Test(checkpoint, chosen_entities_and_callers_that_stop)
{
	struct kmeta_image *image = load_quorum();
	struct kmeta_checkpoint_options options = { .size = sizeof(options),
		                                    .wanted = only_brokers };
	struct kmeta_checkpoint_totals totals;
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	cr_assert_eq(write_image(image, options, &out, &totals, &why), KMETA_OK);
	/* Header, kraft.version, voters and footer too. */
	cr_expect_eq(totals.records, 4 + 2);
	cr_expect_eq(totals.entities[KMETA_BROKER], 2);
	cr_expect_eq(totals.entities[KMETA_TOPIC], 0);
	for (int stop = 1; stop <= 3; stop++) {
		struct drained drained = { .stop_at = stop };

		options.context = &drained;
		cr_expect_eq(kmeta_write_checkpoint(image, &options, keep_all, &out, &totals, &why),
		             KMETA_FAILED);
		cr_expect_eq(why.code, KMETA_STOPPED);
	}
	kmeta_image_free(image);
	kmeta_buffer_release(&out);
}

Test(checkpoint, options_that_make_no_sense)
{
	const struct kmeta_voter voter = { .id = 1, .listener = "C", .host = "h", .port = 1 };
	const struct kmeta_checkpoint_options wrong[] = {
		{ .epoch = -1 },
		{ .voters = &voter, .voters_count = 1, .static_voters = true },
	};
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_checkpoint_totals totals;
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	for (size_t i = 0; i < COUNT(wrong); i++) {
		cr_expect_eq(write_image(image, wrong[i], &out, &totals, &why), KMETA_FAILED);
		cr_expect_eq(why.code, KMETA_BAD_ARGUMENT);
	}
	cr_expect_eq(out.size, 0);
	kmeta_image_free(image);
	kmeta_buffer_release(&out);
}

/* Part of a state is no state that Kafka could start from. */
Test(checkpoint, a_state_that_is_known_in_part_is_refused)
{
	const struct kmeta_load_options options = { .size = sizeof(options), .partial = true };
	struct kmeta_checkpoint_totals totals;
	struct kmeta_buffer out = { 0 };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	char path[600];

	snprintf(path, sizeof(path),
	         "%s/real/kraft-4.3-full/node-1/__cluster_metadata-0/00000000000000000310.log",
	         getenv("TESTDATA"));
	cr_assert_eq(kmeta_image_load(&image, path, (struct kmeta_point){ 0 }, &options, &why),
	             KMETA_OK);
	cr_expect_eq(
		write_image(image, (struct kmeta_checkpoint_options){ 0 }, &out, &totals, &why),
		KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_MISSING_RECORDS);
	kmeta_image_free(image);
	kmeta_buffer_release(&out);
}

/* ---- large states ---- */

/* Puts many topics with long names into an image, as records of a log would. */
static void put_topics(struct kmeta_image *image, size_t count)
{
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;

	cr_assert(kmeta_dialect_init(&dialect, NULL));
	for (size_t i = 0; i < count; i++) {
		struct made value = { 0 };
		struct kmeta_record record = { .body = 3, .frame = 1, .type = 2 };
		const struct kmeta_batch batch = { .file = "made", .epoch = 1 };
		char name[250];

		memset(name, 'n', sizeof(name));
		snprintf(name + 230, 20, "%019zu", i);
		put_topic(&value, name, i + 1);
		record.value = made_bytes(&value);
		cr_assert_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_OK, "%s",
		             why.message);
		cr_assert_eq(kmeta_image_apply(image, &batch, &record, &fields, NULL, NULL, &why),
		             KMETA_OK);
		made_release(&value);
	}
	kmeta_fields_release(&fields);
}

Test(checkpoint, batches_have_about_a_mebibyte)
{
	enum { TOPICS = 20000, MEBIBYTE = 1 << 20 };
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_checkpoint_totals totals;
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;
	int64_t largest;

	put_topics(image, TOPICS);
	cr_assert_eq(write_image(image, (struct kmeta_checkpoint_options){ .epoch = 3 }, &out,
	                         &totals, &why),
	             KMETA_OK);
	cr_expect_eq(totals.entities[KMETA_TOPIC], TOPICS);
	largest = largest_batch("large.checkpoint", &out, 3);
	cr_expect_leq(largest, MEBIBYTE + 100);
	cr_expect_gt(largest, MEBIBYTE / 2);
	cr_expect_eq(totals.batches, 2 + (totals.bytes + MEBIBYTE - 1) / MEBIBYTE);
	kmeta_image_free(image);
	kmeta_buffer_release(&out);
}
