/* SPDX-License-Identifier: Apache-2.0 */
/* test_write.c: batches that are written are those that were to be, whatever reads them. */
#include <kmeta.h>

#include "files.h"

TestSuite(write, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

enum { TIME = 1730000000 };

static const int64_t time_of = TIME * INT64_C(1000);

static void expect_same(struct kmeta_bytes a, struct kmeta_bytes b)
{
	cr_expect_eq(!a.data, !b.data);
	cr_expect_eq(kmeta_bytes_compare(a, b), 0);
}

/* Reads a batch back with the library, and expects these records in it. */
static void expect_records(const struct kmeta_buffer *out, const struct kmeta_new_batch *wanted,
                           const struct kmeta_new_record *records, size_t count)
{
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_finding why;

	write_file(FIRST, kmeta_buffer_bytes(out));
	cr_assert_eq(kmeta_source_open(&source, FIRST, NULL, &why), KMETA_OK);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK, "%s", why.message);
	cr_expect(batch.valid);
	cr_expect_eq(batch.size, (int64_t)out->size);
	cr_expect_eq(batch.base_offset, wanted->base_offset);
	cr_expect_eq(batch.epoch, wanted->epoch);
	cr_expect_eq(batch.attributes, wanted->codec | (wanted->control ? KMETA_BATCH_CONTROL : 0));
	cr_expect_eq(batch.producer_id, -1);
	cr_expect_eq(batch.producer_epoch, -1);
	cr_expect_eq(batch.base_sequence, -1);
	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(kmeta_batch_next(&batch, &cursor, &record, &why), KMETA_OK, "%s",
		             why.message);
		cr_expect_eq(record.offset, wanted->base_offset + (int64_t)i);
		cr_expect_eq(record.timestamp, records[i].timestamp);
		cr_expect_eq(record.header_count, 0);
		expect_same(record.key, records[i].key);
		expect_same(record.value, records[i].value);
	}
	cr_expect_eq(kmeta_batch_next(&batch, &cursor, &record, &why), KMETA_END);
	cr_expect_eq(kmeta_source_next(source, &batch, &why), KMETA_END);
	kmeta_source_close(source);
}

Test(write, a_batch_is_the_one_that_is_made_byte_by_byte)
{
	struct made made = { 0 };
	struct kmeta_buffer out = { 0 };
	struct kmeta_new_record records[5];
	const struct kmeta_new_batch batch = { .base_offset = 1500, .epoch = 1 };
	struct made values[COUNT(records)] = { 0 };
	struct kmeta_finding why;

	put_topic_batch(&made, 1500, COUNT(records));
	for (size_t i = 0; i < COUNT(records); i++) {
		char name[16];

		snprintf(name, sizeof(name), "topic-150%zu", i);
		put_topic(&values[i], name, 1500 + i);
		records[i] = (struct kmeta_new_record){ .timestamp = time_of,
			                                .value = made_bytes(&values[i]) };
	}
	cr_assert_eq(kmeta_write_batch(&out, &batch, records, COUNT(records), &why), KMETA_OK);
	expect_same(kmeta_buffer_bytes(&out), made_bytes(&made));
	for (size_t i = 0; i < COUNT(records); i++)
		made_release(&values[i]);
	made_release(&made);
	kmeta_buffer_release(&out);
}

/* Lengths and deltas around each size of a variable-length number, and null beside empty. */
Test(write, lengths_times_and_nulls_are_kept)
{
	static const size_t sizes[] = { 0, 1, 62, 63, 64, 65, 8190, 8191, 8192, 100000 };
	static const int64_t deltas[] = { 0,    1, -1, 63, -64, 64, 8192, -8193, INT64_C(1) << 40,
		                          -1000 };
	uint8_t *bytes = calloc(1, 100000);
	struct kmeta_new_record records[COUNT(sizes) + 2];
	const struct kmeta_new_batch batch = { .base_offset = INT64_C(1) << 40,
		                               .epoch = INT32_MAX,
		                               .control = true };
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	for (size_t i = 0; i < 100000; i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < COUNT(sizes); i++)
		records[i] = (struct kmeta_new_record){ .timestamp = time_of + deltas[i],
			                                .key = { bytes, sizes[i] % 100 },
			                                .value = { bytes, sizes[i] } };
	records[COUNT(sizes)] = (struct kmeta_new_record){ .timestamp = time_of };
	records[COUNT(sizes) + 1] = (struct kmeta_new_record){ .timestamp = time_of,
		                                               .key = { bytes, 0 },
		                                               .value = { bytes, 0 } };
	cr_assert_eq(kmeta_write_batch(&out, &batch, records, COUNT(records), &why), KMETA_OK);
	expect_records(&out, &batch, records, COUNT(records));
	kmeta_buffer_release(&out);
	free(bytes);
}

static bool is_built_in(enum kmeta_codec codec)
{
#ifndef KMETA_WITH_SNAPPY
	if (codec == KMETA_SNAPPY)
		return false;
#endif
#ifndef KMETA_WITH_LZ4
	if (codec == KMETA_LZ4)
		return false;
#endif
#ifndef KMETA_WITH_ZSTD
	if (codec == KMETA_ZSTD)
		return false;
#endif
	return codec <= KMETA_ZSTD;
}

Test(write, every_codec_gives_back_what_was_written)
{
	enum { RECORDS = 3000, SIZE = 97 };
	uint8_t *bytes = malloc(RECORDS * SIZE);
	struct kmeta_new_record *records = calloc(RECORDS, sizeof(*records));
	struct kmeta_finding why;

	for (size_t i = 0; i < RECORDS * SIZE; i++)
		bytes[i] = (uint8_t)(i * i >> 5);
	for (size_t i = 0; i < RECORDS; i++)
		records[i] = (struct kmeta_new_record){ .timestamp = time_of,
			                                .value = { bytes + i * SIZE, SIZE } };
	for (enum kmeta_codec codec = KMETA_NONE; codec <= KMETA_ZSTD; codec++) {
		const struct kmeta_new_batch batch = { .epoch = 7, .codec = codec };
		struct kmeta_buffer out = { 0 };
		const enum kmeta_status status =
			kmeta_write_batch(&out, &batch, records, RECORDS, &why);

		cr_assert_eq(status, is_built_in(codec) ? KMETA_OK : KMETA_FAILED);
		if (status == KMETA_OK)
			expect_records(&out, &batch, records, RECORDS);
		else
			cr_expect_eq(why.code, KMETA_BAD_CODEC);
		kmeta_buffer_release(&out);
	}
	free(records);
	free(bytes);
}

Test(write, what_cannot_be_written_leaves_the_buffer_as_it_was)
{
	static uint8_t byte;
	const struct kmeta_new_record record = { .timestamp = 1, .value = { &byte, 1 } };
	uint8_t *large = calloc(1, KMETA_BATCH_LIMIT);
	const struct kmeta_new_record too_large = { .value = { large, KMETA_BATCH_LIMIT } };
	const struct {
		struct kmeta_new_batch batch;
		const struct kmeta_new_record *record;
		size_t count;
		enum kmeta_code code;
	} rows[] = {
		{ { .epoch = 1 }, &record, 0, KMETA_BAD_ARGUMENT },
		{ { .base_offset = -1 }, &record, 1, KMETA_BAD_ARGUMENT },
		{ { .base_offset = INT64_MAX }, &record, 1, KMETA_BAD_ARGUMENT },
		{ { .codec = (enum kmeta_codec)5 }, &record, 1, KMETA_BAD_CODEC },
		{ { .epoch = 1 }, &too_large, 1, KMETA_TOO_LARGE },
	};
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	kmeta_buffer_add(&out, "before", 6);
	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_expect_eq(kmeta_write_batch(&out, &rows[i].batch, rows[i].record, rows[i].count,
		                               &why),
		             KMETA_FAILED);
		cr_expect_eq(why.code, rows[i].code, "row %zu: %s", i, why.message);
		cr_expect_eq(out.size, 6);
	}
	kmeta_buffer_release(&out);
	free(large);
}

/* The records of a batch are other ones, and all else stays: what is odd in its header, too. */
Test(write, a_batch_keeps_its_header_with_other_records)
{
	struct made made = { 0 };
	struct kmeta_buffer out = { 0 };
	struct kmeta_source *source;
	struct kmeta_batch before, after;
	struct kmeta_finding why;
	uint8_t records[4096];

	put_topic_batch(&made, 1500, 5);
	/* An odd time and a producer. */
	set(made.at + 35, 77, 8);
	set(made.at + 43, 12345, 8);
	seal(made.at, made.size);
	write_file(FIRST, made_bytes(&made));
	cr_assert_eq(kmeta_source_open(&source, FIRST, NULL, &why), KMETA_OK);
	cr_assert_eq(kmeta_source_next(source, &before, &why), KMETA_OK);
	cr_assert_eq(kmeta_rewrite_batch(&out, &before, before.records, &why), KMETA_OK);
	expect_same(kmeta_buffer_bytes(&out), made_bytes(&made));
	cr_assert_leq(before.records.size, sizeof(records));
	memcpy(records, before.records.data, before.records.size);
	records[before.records.size - 3] ^= 1;
	out.size = 0;
	for (enum kmeta_codec codec = KMETA_NONE; codec <= KMETA_GZIP; codec++) {
		const struct kmeta_bytes other = { records, before.records.size };
		struct kmeta_source *again;

		before.attributes = (uint16_t)codec;
		out.size = 0;
		cr_assert_eq(kmeta_rewrite_batch(&out, &before, other, &why), KMETA_OK);
		write_file(SECOND, kmeta_buffer_bytes(&out));
		cr_assert_eq(kmeta_source_open(&again, SECOND, NULL, &why), KMETA_OK);
		cr_assert_eq(kmeta_source_next(again, &after, &why), KMETA_OK, "%s", why.message);
		expect_same(after.records, other);
		cr_expect_eq(after.base_offset, 1500);
		cr_expect_eq(after.max_timestamp, 77);
		cr_expect_eq(after.producer_id, 12345);
		cr_expect_eq(after.count, 5);
		kmeta_source_close(again);
	}
	kmeta_source_close(source);
	made_release(&made);
	kmeta_buffer_release(&out);
}
