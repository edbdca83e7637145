/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_write.c: takes its input for a segment or checkpoint, and writes the state of it as a
 * checkpoint. Whatever was read, what was written verifies, and makes the same bytes again when it was
 * read back often enough.
 */
#include <kmeta.h>

#include "input.h"

static bool keep_all(void *context, struct kmeta_buffer *out)
{
	(void)context;
	return !out->failed;
}

static void put_checkpoint(struct kmeta_buffer *out, const struct kmeta_image *image,
                           enum kmeta_codec codec)
{
	const struct kmeta_checkpoint_options options = { .size = sizeof(options),
		                                          .epoch = 7,
		                                          .codec = codec };
	struct kmeta_checkpoint_totals totals;
	struct kmeta_finding why;

	CHECK(kmeta_write_checkpoint(image, &options, keep_all, out, &totals, &why) == KMETA_OK);
	CHECK(totals.bytes == (int64_t)out->size);
}

static bool no_error(void *context, const struct kmeta_finding *finding)
{
	(void)context;
	CHECK(kmeta_code_severity(finding->code) != KMETA_ERROR);
	return true;
}

/* What the state means was told when it was loaded. */
static void verify(const char *path)
{
	const struct kmeta_verify_options options = {
		.size = sizeof(options),
		.checks = KMETA_CHECK_ALL & ~(KMETA_CHECK_MEANING | KMETA_CHECK_REPLAY_MATCH)
	};
	struct kmeta_verify_totals totals;
	struct kmeta_finding why;

	CHECK(kmeta_verify(&path, 1, &options, no_error, NULL, &totals, &why) == KMETA_OK);
	CHECK(totals.records >= 2);
}

static struct kmeta_image *read_back(const struct kmeta_buffer *out)
{
	static const struct kmeta_point end = { .kind = KMETA_POINT_END };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	char path[32];
	const int fd = file_of((const uint8_t *)out->at, out->size, path);

	verify(path);
	CHECK(kmeta_image_load(&image, path, end, NULL, &why) == KMETA_OK);
	close(fd);
	return image;
}

/*
 * The first readings settle what a snapshot does not tell: which release wrote it, and with that the
 * place of what it has no word for. From then on nothing changes.
 */
static void write_image(const struct kmeta_image *image, enum kmeta_codec codec)
{
	enum { READINGS = 3 };
	struct kmeta_buffer before = { 0 }, after = { 0 };
	struct kmeta_image *read = NULL;

	put_checkpoint(&after, image, codec);
	for (int i = 0; i < READINGS; i++) {
		const struct kmeta_buffer swapped = before;

		kmeta_image_free(read);
		before = after;
		after = swapped;
		after.size = 0;
		read = read_back(&before);
		put_checkpoint(&after, read, KMETA_NONE);
	}
	CHECK(kmeta_bytes_compare(kmeta_buffer_bytes(&before), kmeta_buffer_bytes(&after)) == 0);
	kmeta_image_free(read);
	kmeta_buffer_release(&before);
	kmeta_buffer_release(&after);
}

static void apply_batch(struct kmeta_image *image, struct kmeta_dialect *dialect,
                        struct kmeta_fields *fields, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_finding why;

	while (kmeta_batch_next(batch, &cursor, &record, &why) == KMETA_OK)
		if (kmeta_decode(dialect, &record, fields, &why) == KMETA_OK)
			CHECK(kmeta_image_apply(image, batch, &record, fields, NULL, NULL, &why) ==
			      KMETA_OK);
	kmeta_image_reach(image, batch, batch->base_offset > 0 ? batch->base_offset : 1);
}

/* Damage is passed over, so that much of a hostile input is in the state. */
static void write_state(const char *path, enum kmeta_codec codec)
{
	struct kmeta_image *image = kmeta_image_new();
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	enum kmeta_status status;

	CHECK(image && kmeta_dialect_init(&dialect, NULL));
	if (kmeta_source_open(&source, path, NULL, &why) == KMETA_OK) {
		while ((status = kmeta_source_next(source, &batch, &why)) == KMETA_OK ||
		       status == KMETA_DAMAGED)
			if (status == KMETA_OK)
				apply_batch(image, &dialect, &fields, &batch);
		write_image(image, codec);
		kmeta_source_close(source);
	}
	kmeta_fields_release(&fields);
	kmeta_image_free(image);
}

static void write_file(const uint8_t *data, size_t size)
{
	char path[32];
	const int fd = file_of(data, size, path);

	write_state(path, size % 2 ? KMETA_NONE : KMETA_GZIP);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_it_is_and_sealed(data, size, write_file);
	return 0;
}
