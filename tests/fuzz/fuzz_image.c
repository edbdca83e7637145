/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_image.c: takes its input for a segment or checkpoint, as it is and with right checksums, and
 * builds the state of it. Whatever that is, a walk of it comes in order, a copy of it is the same,
 * what each record is said to change leads to it, and it differs from nothing in nothing.
 */
#include <string.h>

#include <kmeta.h>

#include "state/freeze.h"

#include "input.h"

/* ---- one state ---- */

static struct kmeta_image *copy_of(const struct kmeta_image *image)
{
	struct kmeta_frozen *frozen = image_freeze(image);
	struct kmeta_image *copy = frozen ? image_thaw(frozen) : NULL;

	frozen_free(frozen);
	return copy;
}

static void walk(const struct kmeta_image *image)
{
	size_t counts[KMETA_ENTITY_KINDS] = { 0 };
	struct kmeta_walk *w;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	struct kmeta_buffer last = { 0 }, path = { 0 };
	enum kmeta_status status;

	CHECK(kmeta_walk_open(&w, image, KMETA_WALK_NEWEST, &why) == KMETA_OK);
	while ((status = kmeta_walk_next(w, &entity, &why)) == KMETA_OK) {
		const bool in_group = counts[entity.kind] ||
		                      (entity.kind == KMETA_PARTITION && counts[KMETA_TOPIC]);

		/* Topics and partitions are one group, in which keys decide. */
		CHECK(!in_group ||
		      kmeta_bytes_compare((struct kmeta_bytes){ (uint8_t *)last.at, last.size },
		                          entity.key) < 0);
		last.size = path.size = 0;
		kmeta_buffer_add(&last, entity.key.data, entity.key.size);
		kmeta_entity_path(&path, &entity, 0);
		kmeta_entity_text(&path, &entity, 0);
		kmeta_entity_key_json(&path, &entity, 0);
		CHECK(!last.failed && !path.failed);
		counts[entity.kind]++;
	}
	CHECK(status == KMETA_END);
	for (size_t kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		CHECK(kind == KMETA_ZK_MIGRATION ||
		      counts[kind] == kmeta_image_count(image, (enum kmeta_entity_kind)kind));
	kmeta_walk_close(w);
	kmeta_buffer_release(&last);
	kmeta_buffer_release(&path);
}

static bool drain(void *context, struct kmeta_buffer *out)
{
	(void)context;
	out->size = 0;
	return true;
}

static void print(const struct kmeta_image *image)
{
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	CHECK(kmeta_image_json(image, NULL, drain, NULL, &out, 0, &why) == KMETA_OK);
	CHECK(!out.failed);
	kmeta_buffer_release(&out);
}

/* ---- two of them ---- */

static bool no_change(void *context, const struct kmeta_change *change)
{
	(void)context;
	CHECK(!change);
	return false;
}

static void expect_same(const struct kmeta_image *a, const struct kmeta_image *b)
{
	struct kmeta_finding why;
	uint8_t x[32], y[32];

	CHECK(kmeta_diff(a, b, no_change, NULL, &why) == KMETA_OK);
	CHECK(kmeta_image_hash(a, x, &why) == KMETA_OK);
	CHECK(kmeta_image_hash(b, y, &why) == KMETA_OK);
	CHECK(!memcmp(x, y, sizeof(x)));
}

/* ---- changes ---- */

/* How many entities there are of each kind, as the changes tell. */
struct told {
	size_t counts[KMETA_ENTITY_KINDS];
};

static bool take_event(void *context, const struct kmeta_event *event)
{
	struct told *told = context;

	CHECK(event->change.before || event->change.after);
	if (event->change.before)
		told->counts[event->change.before->kind]--;
	if (event->change.after)
		told->counts[event->change.after->kind]++;
	return true;
}

/* Returns a copy, made while the names of files are there that the image borrows. */
static struct kmeta_image *replay(const char *path, struct kmeta_image *image)
{
	struct kmeta_image *copy;
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_record record;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	enum kmeta_status status;

	CHECK(kmeta_dialect_init(&dialect, NULL));
	if (kmeta_source_open(&source, path, NULL, &why) != KMETA_OK)
		return copy_of(image);
	while ((status = kmeta_source_next(source, &batch, &why)) == KMETA_OK ||
	       status == KMETA_DAMAGED) {
		struct kmeta_cursor cursor = { 0 };

		if (status == KMETA_DAMAGED)
			continue;
		while (kmeta_batch_next(&batch, &cursor, &record, &why) == KMETA_OK)
			if (kmeta_decode(&dialect, &record, &fields, &why) == KMETA_OK)
				CHECK(kmeta_image_apply(image, &batch, &record, &fields, NULL, NULL,
				                        &why) == KMETA_OK);
	}
	copy = copy_of(image);
	kmeta_fields_release(&fields);
	kmeta_source_close(source);
	return copy;
}

/* Whatever is damaged is passed over, so that much of a hostile input is replayed. */
static void replay_watched(const char *path)
{
	struct kmeta_image *image = kmeta_image_new(), *copy;
	struct told told = { 0 };

	CHECK(image && kmeta_image_watch(image, take_event, &told));
	copy = replay(path, image);
	CHECK(copy && kmeta_image_memory(copy));
	for (size_t kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		CHECK(kind == KMETA_ZK_MIGRATION ||
		      told.counts[kind] == kmeta_image_count(image, (enum kmeta_entity_kind)kind));
	walk(image);
	print(image);
	expect_same(image, copy);
	kmeta_image_free(image);
	kmeta_image_free(copy);
}

static void load_image(const char *path, bool partial)
{
	static const struct kmeta_point end = { .kind = KMETA_POINT_END };
	const struct kmeta_load_options options = { .size = sizeof(options), .partial = partial };
	struct kmeta_image *image;
	struct kmeta_finding why;

	if (kmeta_image_load(&image, path, end, &options, &why) != KMETA_OK)
		return;
	walk(image);
	print(image);
	expect_same(image, image);
	kmeta_image_free(image);
}

/* Every change of what is known in part. */
static void read_history(const char *path)
{
	static const char *const everything[] = { "*", "brokers" };
	struct told told = { 0 };
	const struct kmeta_history_options options = { .size = sizeof(options),
		                                       .targets = everything,
		                                       .targets_count = 2,
		                                       .partial = true,
		                                       .seen = take_event,
		                                       .context = &told };
	struct kmeta_history_span span;
	struct kmeta_finding why;
	const enum kmeta_status status = kmeta_history(path, &options, &span, &why);

	CHECK(status == KMETA_OK || status == KMETA_FAILED);
}

static void load_file(const uint8_t *data, size_t size)
{
	char path[32];
	const int fd = file_of(data, size, path);

	load_image(path, false);
	load_image(path, true);
	replay_watched(path);
	read_history(path);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_it_is_and_sealed(data, size, load_file);
	return 0;
}
