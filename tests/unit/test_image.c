/* SPDX-License-Identifier: Apache-2.0 */
/* test_image.c: copies of a state, and what each record is said to change, while real logs are
 * replayed. */
#include <stdio.h>

#include <kmeta.h>

#include "state/expect.h"
#include "state/freeze.h"

#include "apply.h"
#include "rows.h"

TestSuite(image, .timeout = 60);

/* Below testdata/real. */
static const char *const logs[] = {
	"kraft-2.8-early-access/node-1/@metadata-0",
	"kraft-3.0/node-1/__cluster_metadata-0",
	"kraft-4.3-full/node-1/__cluster_metadata-0",
	"kraft-4.4/node-1/__cluster_metadata-0",
	"upgrade-chain/final/node-1/__cluster_metadata-0",
	"zk-migration-3.6/final/node-3000/__cluster_metadata-0",
	"zk-migration-abort-3.9/killed/node-3000/__cluster_metadata-0",
};

static struct kmeta_image *copy_of(const struct kmeta_image *image)
{
	struct kmeta_frozen *frozen = image_freeze(image);
	struct kmeta_image *copy = frozen ? image_thaw(frozen) : NULL;

	frozen_free(frozen);
	return copy;
}

/* ---- replaying ---- */

struct log {
	char path[600];
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_cursor cursor;
	struct kmeta_record record;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_finding why;
	bool in_batch;
};

static void log_open(struct log *log, size_t row)
{
	const char *testdata = getenv("TESTDATA");

	*log = (struct log){ 0 };
	snprintf(log->path, sizeof(log->path), "%s/real/%s", testdata ? testdata : "testdata",
	         logs[row]);
	cr_assert(kmeta_dialect_init(&log->dialect, NULL));
	cr_assert_eq(kmeta_source_open(&log->source, log->path, NULL, &log->why), KMETA_OK, "%s",
	             log->why.message);
}

static void log_close(struct log *log)
{
	kmeta_source_close(log->source);
	kmeta_fields_release(&log->fields);
}

/* The next record, decoded; false: there is none. */
static bool log_next(struct log *log)
{
	for (;;) {
		if (!log->in_batch) {
			if (kmeta_source_next(log->source, &log->batch, &log->why) == KMETA_END)
				return false;
			log->cursor = (struct kmeta_cursor){ 0 };
			log->in_batch = true;
		}
		if (kmeta_batch_next(&log->batch, &log->cursor, &log->record, &log->why) ==
		    KMETA_OK)
			break;
		log->in_batch = false;
	}
	cr_assert_eq(kmeta_decode(&log->dialect, &log->record, &log->fields, &log->why), KMETA_OK,
	             "%s", log->why.message);
	return true;
}

static void apply(struct log *log, struct kmeta_image *image)
{
	cr_assert_eq(kmeta_image_apply(image, &log->batch, &log->record, &log->fields, NULL, NULL,
	                               &log->why),
	             KMETA_OK, "%s", log->why.message);
}

struct digest {
	uint8_t bytes[32];
};

static struct digest hash_of(const struct kmeta_image *image)
{
	struct kmeta_finding why;
	struct digest digest;

	cr_assert_eq(kmeta_image_hash(image, digest.bytes, &why), KMETA_OK);
	return digest;
}

static bool same_digest(struct digest a, struct digest b)
{
	return !memcmp(a.bytes, b.bytes, sizeof(a.bytes));
}

/* ---- copies ---- */

enum { COPIES = 40 };

struct copies {
	struct kmeta_image *at[COPIES];
	struct digest digests[COPIES]; /* when they were made */
	int64_t offsets[COPIES];       /* of the record before */
	size_t count;
};

/* One every so many records, and in the middle of a transaction. */
static bool is_copied(const struct log *log, const struct kmeta_image *image,
                      const struct copies *copies)
{
	if (copies->count == COPIES)
		return false;
	return log->record.offset % 131 == 17 || kmeta_image_open_transaction(image) >= 0;
}

static void replay_and_copy(size_t row, struct kmeta_image *image, struct copies *copies)
{
	struct log log;

	log_open(&log, row);
	while (log_next(&log)) {
		apply(&log, image);
		if (!is_copied(&log, image, copies))
			continue;
		copies->digests[copies->count] = hash_of(image);
		copies->offsets[copies->count] = log.record.offset;
		copies->at[copies->count] = copy_of(image);
		cr_assert(copies->at[copies->count]);
		copies->count++;
	}
	log_close(&log);
}

static bool has_file(void *context, const struct kmeta_event *event)
{
	(void)context;
	cr_assert(event->batch->file && strstr(event->batch->file, ".log"));
	return true;
}

/* The log is another source than the one that the copy was made from, which is closed. */
static void go_on(size_t row, struct kmeta_image *copy, int64_t offset)
{
	struct log log;

	cr_assert(kmeta_image_watch(copy, has_file, NULL));
	log_open(&log, row);
	while (log_next(&log))
		if (log.record.offset > offset)
			apply(&log, copy);
	log_close(&log);
}

ROWS(image, copies_go_their_own_way, logs)
ParameterizedTest(const size_t *row, image, copies_go_their_own_way)
{
	struct kmeta_image *image = kmeta_image_new();
	struct copies copies = { 0 };

	cr_assert(image);
	replay_and_copy(*row, image, &copies);
	cr_assert_gt(copies.count, 0);
	for (size_t i = 0; i < copies.count; i++) {
		struct kmeta_image *copy = copies.at[i];
		const long long offset = (long long)copies.offsets[i];

		cr_expect(same_digest(hash_of(copy), copies.digests[i]),
		          "%s: the copy behind %lld changed with its original", logs[*row], offset);
		go_on(*row, copy, copies.offsets[i]);
		cr_expect(same_digest(hash_of(copy), hash_of(image)),
		          "%s: the copy behind %lld went another way", logs[*row], offset);
		for (int kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
			cr_expect_eq(kmeta_image_count(copy, (enum kmeta_entity_kind)kind),
			             kmeta_image_count(image, (enum kmeta_entity_kind)kind));
		kmeta_image_free(copy);
	}
	kmeta_image_free(image);
}

/* What of a state is no entity. */
Test(image, copy_has_place_and_quorum)
{
	struct kmeta_image *image = NULL, *copy;
	struct kmeta_moment place, same;
	struct kmeta_quorum quorum, like;
	struct kmeta_finding why;
	struct log log;

	log_open(&log, 2);
	log_close(&log);
	cr_assert_eq(kmeta_image_load(&image, log.path, (struct kmeta_point){ 0 }, NULL, &why),
	             KMETA_OK);
	copy = copy_of(image);
	cr_assert(copy);
	place = kmeta_image_moment(image);
	same = kmeta_image_moment(copy);
	quorum = kmeta_image_quorum(image);
	like = kmeta_image_quorum(copy);
	cr_expect_eq(place.end_offset, same.end_offset);
	cr_expect_eq(place.timestamp, same.timestamp);
	cr_expect_eq(place.epoch, same.epoch);
	cr_expect_eq(place.level, same.level);
	cr_expect_eq(quorum.leader_epoch, like.leader_epoch);
	cr_expect_eq(kmeta_image_count(image, KMETA_VOTER), kmeta_image_count(copy, KMETA_VOTER));
	kmeta_image_free(image);
	kmeta_image_free(copy);
}

/* ---- states made by hand ---- */

static void apply_topic(struct kmeta_image *image, const char *name, uint64_t number)
{
	struct made value = { 0 };

	put_topic(&value, name, number);
	apply_value(image, &value);
}

static void apply_level(struct kmeta_image *image, int level)
{
	struct made value = { 0 };

	put_head(&value, 12, 0);
	put_compact(&value, BYTES("metadata.version"));
	put_number(&value, level, 2);
	put_byte(&value, 0);
	apply_value(image, &value);
}

static void apply_migration(struct kmeta_image *image, int state)
{
	struct made value = { 0 };

	put_head(&value, 21, 0);
	put_byte(&value, state);
	put_byte(&value, 0);
	apply_value(image, &value);
}

/* A controller of 4.0, which knows the levels 7 to 25. */
static void apply_controller(struct kmeta_image *image)
{
	struct made value = { 0 };
	uint8_t id[16];

	put_head(&value, 27, 0);
	put_number(&value, 1, 4);
	set_id(id, 9);
	put(&value, id, sizeof(id));
	put_byte(&value, 0); /* no migration */
	put_byte(&value, 1); /* no endpoints */
	put_byte(&value, 2); /* one feature */
	put_compact(&value, BYTES("metadata.version"));
	put_number(&value, 7, 2);
	put_number(&value, 25, 2);
	put_byte(&value, 0);
	put_byte(&value, 0);
	apply_value(image, &value);
}

/* A partition of a topic, with one replica. */
static void apply_partition(struct kmeta_image *image, uint64_t number, int32_t partition)
{
	struct made value = { 0 };
	uint8_t id[16];

	set_id(id, number);
	put_head(&value, 3, 0);
	put_number(&value, partition, 4);
	put(&value, id, sizeof(id));
	put_all(&value, BYTES("\2\0\0\0\1\2\0\0\0\1\1\1")); /* replicas, isr, two empty */
	put_all(&value, BYTES("\0\0\0\1\0\0\0\0\0\0\0\0\0"));
	apply_value(image, &value);
}

static void apply_topic_config(struct kmeta_image *image, const char *topic)
{
	struct made value = { 0 };

	put_head(&value, 4, 0);
	put_byte(&value, 2);
	put_compact(&value, (struct kmeta_bytes){ (const uint8_t *)topic, strlen(topic) });
	put_compact(&value, BYTES("retention.ms"));
	put_compact(&value, BYTES("1"));
	put_byte(&value, 0);
	apply_value(image, &value);
}

static void apply_removal(struct kmeta_image *image, uint64_t number)
{
	struct made value = { 0 };
	uint8_t id[16];

	set_id(id, number);
	put_head(&value, 9, 0);
	put(&value, id, sizeof(id));
	put_byte(&value, 0);
	apply_value(image, &value);
}

/* Numbers of partitions as they come, some of them twice: and in order, once. */
static const struct {
	const char *name;
	int32_t put[12];
	size_t put_count;
	int32_t wanted[12];
	size_t wanted_count;
} numbers[] = {
	{ "as Kafka gives them", { 0, 1, 2, 3 }, 4, { 0, 1, 2, 3 }, 4 },
	{ "turned round", { 3, 2, 1, 0 }, 4, { 0, 1, 2, 3 }, 4 },
	{ "none but a far one", { 1000000 }, 1, { 1000000 }, 1 },
	{ "the ends", { INT32_MAX, 0, INT32_MIN, -1 }, 4, { INT32_MIN, -1, 0, INT32_MAX }, 4 },
	{ "far, until there are many",
	  { 20, 0, 1, 2, 3, 4, 5, 6, 19, 21, 20, 18 },
	  12,
	  { 0, 1, 2, 3, 4, 5, 6, 18, 19, 20, 21 },
	  11 },
	{ "twice each", { 7, 900, -5, 900, 7, -5 }, 6, { -5, 7, 900 }, 3 },
};

static void expect_numbers(const struct kmeta_image *image, size_t row)
{
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	size_t count = 0;

	cr_assert_eq(kmeta_walk_open(&walk, image, KMETA_WALK_NEWEST, &why), KMETA_OK);
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		if (entity.kind != KMETA_PARTITION)
			continue;
		cr_assert_lt(count, numbers[row].wanted_count, "%s", numbers[row].name);
		cr_expect_eq(kmeta_fields_find(entity.fields, "partitionId")->value.integer,
		             numbers[row].wanted[count], "%s", numbers[row].name);
		count++;
	}
	kmeta_walk_close(walk);
	cr_expect_eq(count, numbers[row].wanted_count, "%s", numbers[row].name);
	cr_expect_eq(kmeta_image_count(image, KMETA_PARTITION), count, "%s", numbers[row].name);
}

static bool count_change(void *context, const struct kmeta_change *change)
{
	size_t *count = context;

	(void)change;
	++*count;
	return true;
}

ROWS(image, partitions_of_any_number, numbers)
ParameterizedTest(const size_t *row, image, partitions_of_any_number)
{
	struct kmeta_image *image = kmeta_image_new(), *copy;
	struct kmeta_finding why;
	size_t changes = 0;

	apply_topic(image, "orders", 1);
	for (size_t i = 0; i < numbers[*row].put_count; i++)
		apply_partition(image, 1, numbers[*row].put[i]);
	expect_numbers(image, *row);
	copy = copy_of(image);
	cr_assert(copy);
	expect_numbers(copy, *row);
	apply_removal(image, 1);
	cr_expect_eq(kmeta_image_count(image, KMETA_PARTITION), 0);
	expect_numbers(copy, *row);
	/* The topic goes too. */
	cr_assert_eq(kmeta_diff(copy, image, count_change, &changes, &why), KMETA_OK);
	cr_expect_eq(changes, numbers[*row].wanted_count + 1);
	kmeta_image_free(image);
	kmeta_image_free(copy);
}

/* A name that two topics had goes with the one that got it last, in the copy too. */
Test(image, copy_knows_whose_a_name_is)
{
	static const uint64_t order[][2] = { { 1, 2 }, { 2, 1 } };

	for (size_t i = 0; i < COUNT(order); i++) {
		struct kmeta_image *image = kmeta_image_new(), *copy;
		uint8_t id[16], wanted[16];

		apply_topic(image, "orders", order[i][0]);
		apply_topic(image, "orders", order[i][1]);
		copy = copy_of(image);
		cr_assert(copy);
		set_id(wanted, order[i][1]);
		cr_expect(kmeta_image_topic_id(copy, BYTES("orders"), id));
		cr_expect_arr_eq(id, wanted, 16);
		kmeta_image_free(image);
		kmeta_image_free(copy);
	}
}

/* Once a release is there that has forgotten it, the migration is no part of the state. */
Test(image, copy_knows_that_zookeeper_is_past)
{
	struct kmeta_image *image = kmeta_image_new(), *copy;

	apply_level(image, 15);
	apply_controller(image);
	copy = copy_of(image);
	cr_assert(copy);
	apply_migration(image, 1);
	apply_migration(copy, 1);
	cr_expect(same_digest(hash_of(copy), hash_of(image)));
	kmeta_image_free(image);
	kmeta_image_free(copy);
}

/* ---- memory ---- */

Test(image, memory_grows_with_what_is_held)
{
	struct kmeta_image *image = kmeta_image_new(), *copy;
	const size_t empty = kmeta_image_memory(image);
	struct log log;

	log_open(&log, 2);
	while (log_next(&log))
		apply(&log, image);
	log_close(&log);
	copy = copy_of(image);
	cr_expect_gt(empty, 0);
	cr_expect_gt(kmeta_image_memory(image), empty);
	/* A copy has no more than it needs. */
	cr_expect_leq(kmeta_image_memory(copy), kmeta_image_memory(image));
	kmeta_image_free(image);
	kmeta_image_free(copy);
}

/* ---- kept compressed ---- */

enum { MANY_TOPICS = 300, MANY_PARTITIONS = 200 };

static struct kmeta_image *many_partitions(void)
{
	struct kmeta_image *image = kmeta_image_new();
	char name[32];

	cr_assert(image);
	for (int topic = 1; topic <= MANY_TOPICS; topic++) {
		snprintf(name, sizeof(name), "topic-%d", topic);
		apply_topic(image, name, (uint64_t)topic);
		apply_topic_config(image, name);
		for (int32_t i = 0; i < MANY_PARTITIONS; i++)
			apply_partition(image, (uint64_t)topic, i);
	}
	return image;
}

/* Of a large state little is kept, and all of it comes back, as often as it is asked for. */
Test(image, frozen_large)
{
	struct kmeta_image *image = many_partitions();
	const struct digest digest = hash_of(image);
	const size_t memory = kmeta_image_memory(image);
	struct kmeta_frozen *frozen = image_freeze(image);

	cr_assert(frozen);
	kmeta_image_free(image);
	cr_expect_lt(frozen_memory(frozen), memory / 4, "%zu of %zu bytes", frozen_memory(frozen),
	             memory);
	for (int i = 0; i < 2; i++) {
		struct kmeta_image *copy = image_thaw(frozen);

		cr_assert(copy);
		cr_expect_eq(kmeta_image_count(copy, KMETA_PARTITION),
		             MANY_TOPICS * MANY_PARTITIONS);
		cr_expect_eq(kmeta_image_count(copy, KMETA_CONFIG), MANY_TOPICS);
		cr_expect(same_digest(hash_of(copy), digest));
		/* What one of them goes through is nothing to the next. */
		apply_removal(copy, 1);
		kmeta_image_free(copy);
	}
	frozen_free(frozen);
}

Test(image, frozen_empty_and_none)
{
	struct kmeta_image *image = kmeta_image_new(), *copy;
	struct kmeta_frozen *frozen = image_freeze(image);

	cr_assert(frozen);
	copy = image_thaw(frozen);
	cr_assert(copy);
	cr_expect(same_digest(hash_of(copy), hash_of(image)));
	cr_expect_gt(frozen_memory(frozen), 0);
	frozen_free(frozen);
	frozen_free(NULL);
	kmeta_image_free(copy);
	kmeta_image_free(image);
}

/* ---- expecting ---- */

/* All records of a batch that come, the one at hand included; returns how many. */
static size_t expect_what_comes(const struct log *log, const struct kmeta_image *image)
{
	static struct kmeta_record records[100];
	const struct kmeta_record *pointers[COUNT(records)];
	struct kmeta_cursor cursor = log->cursor;
	struct kmeta_finding why;
	size_t count = 1;

	records[0] = log->record;
	while (count < COUNT(records) &&
	       kmeta_batch_next(&log->batch, &cursor, &records[count], &why) == KMETA_OK)
		count++;
	for (size_t i = 0; i < count; i++)
		pointers[i] = &records[i];
	image_expect(image, pointers, count);
	image_expect(image, pointers, 0);
	return count;
}

/* To expect changes nothing, be it of more records than are heeded or of some that never come. */
ROWS(image, expecting_has_no_effect, logs)
ParameterizedTest(const size_t *row, image, expecting_has_no_effect)
{
	struct kmeta_image *image = kmeta_image_new(), *like = kmeta_image_new();
	size_t most = 0;
	struct log log;

	log_open(&log, *row);
	while (log_next(&log)) {
		const size_t memory = kmeta_image_memory(image);
		const size_t count = expect_what_comes(&log, image);

		most = count > most ? count : most;
		cr_expect_eq(kmeta_image_memory(image), memory);
		apply(&log, image);
		apply(&log, like);
		if (log.record.offset % 50 == 0)
			cr_assert(same_digest(hash_of(image), hash_of(like)));
	}
	cr_expect(same_digest(hash_of(image), hash_of(like)));
	cr_expect_gt(most, 1);
	log_close(&log);
	kmeta_image_free(image);
	kmeta_image_free(like);
}

/* ---- changes ---- */

/* Changes as lines, which are compared in order. */
struct lines {
	char *at[4096];
	size_t count;
};

static void add_side(struct kmeta_buffer *out, const struct kmeta_entity *entity)
{
	if (entity)
		kmeta_entity_json(out, entity, KMETA_SHOW_SECRETS);
	kmeta_buffer_add(out, "\n", 1);
}

static bool add_change(void *context, const struct kmeta_change *change)
{
	struct lines *lines = context;
	struct kmeta_buffer out = { 0 };

	add_side(&out, change->before);
	add_side(&out, change->after);
	kmeta_buffer_add(&out, "", 1);
	cr_assert(!out.failed && lines->count < COUNT(lines->at));
	lines->at[lines->count++] = out.at;
	return true;
}

static bool add_event(void *context, const struct kmeta_event *event)
{
	cr_assert(event->by);
	cr_assert(event->batch->file && strstr(event->batch->file, ".log"));
	return add_change(context, &event->change);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void expect_same_lines(struct lines *told, struct lines *found, const struct log *log)
{
	if (told->count)
		qsort(told->at, told->count, sizeof(*told->at), by_text);
	if (found->count)
		qsort(found->at, found->count, sizeof(*found->at), by_text);
	cr_expect_eq(told->count, found->count, "%s, offset %lld", log->path,
	             (long long)log->record.offset);
	for (size_t i = 0; i < told->count && i < found->count; i++)
		cr_expect_str_eq(told->at[i], found->at[i], "%s, offset %lld", log->path,
		                 (long long)log->record.offset);
}

static void clear_lines(struct lines *lines)
{
	while (lines->count)
		free(lines->at[--lines->count]);
}

/* Whatever a record is said to change is what differs before and after it, and nothing else is. */
ROWS(image, changes_are_what_differs, logs)
ParameterizedTest(const size_t *row, image, changes_are_what_differs)
{
	static struct lines told, found;
	struct kmeta_image *image = kmeta_image_new(), *before;
	size_t sum = 0;
	struct log log;

	cr_assert(kmeta_image_watch(image, add_event, &told));
	log_open(&log, *row);
	while (log_next(&log)) {
		before = copy_of(image);
		cr_assert(before);
		apply(&log, image);
		cr_assert_eq(kmeta_diff(before, image, add_change, &found, &log.why), KMETA_OK);
		expect_same_lines(&told, &found, &log);
		sum += told.count;
		clear_lines(&told);
		clear_lines(&found);
		kmeta_image_free(before);
	}
	cr_expect_gt(sum, 3);
	log_close(&log);
	kmeta_image_free(image);
}

/* What a record changes beside the thing that it names. */
static void put_topic_again(struct kmeta_image *image)
{
	apply_topic(image, "orders", 1);
}

static void put_topic_renamed(struct kmeta_image *image)
{
	apply_topic(image, "invoices", 1);
}

static void raise_level(struct kmeta_image *image)
{
	apply_level(image, 22);
}

static const struct {
	const char *name;
	void (*apply)(struct kmeta_image *image);
	size_t changes;
} sideways[] = {
	{ "a topic put again loses partition and config", put_topic_again, 2 },
	{ "renamed too", put_topic_renamed, 4 },
	{ "a level without ZooKeeper ends the migration", raise_level, 2 },
	{ "a controller of a release without it does", apply_controller, 2 },
};

ROWS(image, changes_beside_what_is_named, sideways)
ParameterizedTest(const size_t *row, image, changes_beside_what_is_named)
{
	static struct lines told, found;
	struct kmeta_image *image = kmeta_image_new(), *before;
	const struct log log = { .path = "made" };
	struct kmeta_finding why;

	apply_level(image, 15);
	apply_migration(image, 1);
	apply_topic(image, "orders", 1);
	apply_partition(image, 1, 0);
	apply_topic_config(image, "orders");
	before = copy_of(image);
	cr_assert(before && kmeta_image_watch(image, add_event, &told));
	sideways[*row].apply(image);
	cr_assert_eq(kmeta_diff(before, image, add_change, &found, &why), KMETA_OK);
	cr_expect_eq(found.count, sideways[*row].changes, "%s: %zu", sideways[*row].name,
	             found.count);
	expect_same_lines(&told, &found, &log);
	clear_lines(&told);
	clear_lines(&found);
	kmeta_image_free(before);
	kmeta_image_free(image);
}

static bool count_to_three(void *context, const struct kmeta_event *event)
{
	int *count = context;

	(void)event;
	return ++*count < 3;
}

Test(image, watching_ends_when_told_to)
{
	struct kmeta_image *image = kmeta_image_new(), *watched = kmeta_image_new();
	int count = 0, again = 0;
	struct log log;

	cr_assert(kmeta_image_watch(watched, count_to_three, &count));
	log_open(&log, 1);
	while (log_next(&log)) {
		apply(&log, image);
		apply(&log, watched);
		if (log.record.offset == 150)
			cr_assert(kmeta_image_watch(watched, count_to_three, &again));
		if (again == 1)
			cr_assert(kmeta_image_watch(watched, NULL, NULL));
	}
	log_close(&log);
	cr_expect_eq(count, 3);
	cr_expect_eq(again, 1);
	cr_expect(same_digest(hash_of(image), hash_of(watched)));
	kmeta_image_free(image);
	kmeta_image_free(watched);
}
