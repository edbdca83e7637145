/* SPDX-License-Identifier: Apache-2.0 */
/* test_ahead.c: what a thread reads ahead is what a source, its batches and the decoder give. */
#include <kmeta.h>

#include "state/ahead.h"

#include <stdio.h>

#include "files.h"

TestSuite(ahead, .timeout = 120, .init = scratch_begin, .fini = scratch_end);

#define LOG "log"

enum { LARGE = 1 << 20 }; /* bytes of a file that is worth a thread */

/* ---- logs ---- */

enum ingredient {
	ORDINARY,
	LARGER_THAN_A_BLOCK, /* in records */
	LENT,                /* too large to be copied */
	EMPTY,
	UNKNOWN_TYPE,
	ODD_OFFSETS, /* records that do not stand where their offsets say */
	CUT_RECORD,  /* the second record is longer than what is left */
	BAD_CHECKSUM,
	INGREDIENTS
};

static void put_records_of(struct made *records, enum ingredient kind, int32_t count)
{
	for (int32_t i = 0; i < count; i++) {
		struct made value = { 0 };
		struct record_plan plan = { .offset_delta = i };

		put_topic(&value, "orders", (uint64_t)i);
		if (kind == UNKNOWN_TYPE && i % 2)
			value.at[1] = 99;
		if (kind == ODD_OFFSETS && i % 3 == 1)
			plan.offset_delta = i + 7;
		plan.value = made_bytes(&value);
		put_record(records, &plan);
		made_release(&value);
	}
	if (kind == CUT_RECORD)
		records->at[records->size / 2] ^= 0x55;
}

static void put_ingredient(struct made *log, enum ingredient kind, int64_t *offset)
{
	static const int32_t counts[INGREDIENTS] = {
		[ORDINARY] = 3,     [LARGER_THAN_A_BLOCK] = 1500, [LENT] = 9000,
		[UNKNOWN_TYPE] = 5, [ODD_OFFSETS] = 40,           [CUT_RECORD] = 10,
		[BAD_CHECKSUM] = 2,
	};
	const int32_t count = counts[kind];
	struct made records = { 0 };
	const size_t start = log->size;

	put_records_of(&records, kind, count);
	put_batch(log, &(struct batch_plan){ .base_offset = *offset,
	                                     .count = count,
	                                     .records = made_bytes(&records) });
	if (kind == EMPTY) {
		set(log->at + start + 57, 0, 4);
		seal(log->at + start, log->size - start);
	}
	if (kind == BAD_CHECKSUM)
		log->at[start + 70] ^= 1;
	*offset += count;
	made_release(&records);
}

/* A stretch of each kind, in an order that a seed makes, until the log is so large. */
static void write_log(unsigned seed, size_t size)
{
	struct made log = { 0 };
	int64_t offset = 0;

	while (log.size < size) {
		const enum ingredient kind = (enum ingredient)((seed >> 16) % INGREDIENTS);

		put_ingredient(&log, kind, &offset);
		seed = seed * 1103515245u + 12345u;
	}
	write_at(LOG, O_TRUNC, made_bytes(&log));
	made_release(&log);
}

/* ---- what is read, as text ---- */

static void put_finding(struct kmeta_buffer *out, const struct kmeta_finding *why)
{
	kmeta_buffer_format(out, "%s %s %lld %lld %s\n", why->file ? why->file : "",
	                    kmeta_code_name(why->code), (long long)why->position,
	                    (long long)why->offset, why->message);
}

static void put_batch_line(struct kmeta_buffer *out, enum kmeta_status status,
                           const struct kmeta_batch *batch, const struct kmeta_finding *why)
{
	kmeta_buffer_format(out, "%d batch %lld %lld %d skipped %lld\n", (int)status,
	                    (long long)batch->position, (long long)batch->base_offset, batch->count,
	                    (long long)batch->skipped);
	if (status != KMETA_OK && status != KMETA_END)
		put_finding(out, why);
}

static void put_record_line(struct kmeta_buffer *out, const struct kmeta_record *record,
                            const struct kmeta_fields *fields)
{
	kmeta_buffer_format(out, "record %lld %lld ", (long long)record->offset,
	                    (long long)record->position);
	kmeta_base64(out, record->value);
	for (size_t i = 0; fields && i < fields->count; i++) {
		const struct kmeta_field *field = &fields->at[i];

		kmeta_buffer_format(out, " %s %u+%u", field->schema->name, field->at, field->size);
		if (field->schema->kind == KMETA_UUID || field->schema->kind == KMETA_STRING)
			kmeta_base64(out, field->value.bytes);
	}
	kmeta_buffer_add(out, "\n", 1);
}

/* By the plain functions. */
static void read_plainly(struct kmeta_buffer *out, bool undecoded)
{
	struct kmeta_source *source = NULL;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_batch batch = { 0 };
	struct kmeta_record record;
	struct kmeta_finding why;
	enum kmeta_status status;

	cr_assert(kmeta_dialect_init(&dialect, NULL));
	cr_assert_eq(kmeta_source_open(&source, LOG, NULL, &why), KMETA_OK);
	do {
		struct kmeta_cursor cursor = { 0 };
		enum kmeta_status inside = KMETA_OK;

		status = kmeta_source_next(source, &batch, &why);
		put_batch_line(out, status, &batch, &why);
		while (status == KMETA_OK && inside != KMETA_END) {
			inside = kmeta_batch_next(&batch, &cursor, &record, &why);
			if (inside == KMETA_DAMAGED) {
				put_finding(out, &why);
			} else if (inside == KMETA_OK && undecoded) {
				put_record_line(out, &record, NULL);
			} else if (inside == KMETA_OK) {
				const bool sound =
					kmeta_decode(&dialect, &record, &fields, &why) == KMETA_OK;

				why.file = batch.file;
				put_record_line(out, &record, sound ? &fields : NULL);
				if (!sound)
					put_finding(out, &why);
			}
		}
	} while (status != KMETA_END);
	kmeta_fields_release(&fields);
	kmeta_source_close(source);
}

struct reading {
	struct kmeta_source *source;
	struct kmeta_dialect dialect;
	struct ahead *ahead;
};

/* The log, from its start. */
static void reading_open(struct reading *r, const struct kmeta_source_options *source,
                         const struct ahead_options *options)
{
	struct kmeta_finding why;

	cr_assert(kmeta_dialect_init(&r->dialect, NULL));
	cr_assert_eq(kmeta_source_open(&r->source, LOG, source, &why), KMETA_OK);
	r->ahead = ahead_open(r->source, &r->dialect, options);
	cr_assert(r->ahead);
}

static void reading_close(struct reading *r)
{
	ahead_close(r->ahead);
	kmeta_source_close(r->source);
}

/* So many records of each batch are taken. */
static void read_ahead(struct kmeta_buffer *out, const struct ahead_options *options, long most)
{
	struct reading reading;
	struct kmeta_batch batch = { 0 };
	struct ahead_record r;
	struct kmeta_finding why;
	enum kmeta_status status;

	reading_open(&reading, NULL, options);
	do {
		enum kmeta_status inside = KMETA_OK;

		status = ahead_batch(reading.ahead, &batch, &why);
		put_batch_line(out, status, &batch, &why);
		for (long i = 0; status == KMETA_OK && i < most && inside != KMETA_END; i++) {
			inside = ahead_record(reading.ahead, &r, &why);
			if (inside == KMETA_DAMAGED)
				put_finding(out, &why);
			if (inside != KMETA_OK)
				continue;
			put_record_line(out, r.record, r.fields);
			if (r.fault)
				put_finding(out, r.fault);
		}
	} while (status != KMETA_END);
	cr_assert_eq(ahead_batch(reading.ahead, &batch, &why), KMETA_END, "the end stays the end");
	reading_close(&reading);
}

static void assert_same(const struct kmeta_buffer *a, const struct kmeta_buffer *b,
                        const char *what, unsigned seed)
{
	size_t at = 0;

	while (at < a->size && at < b->size && a->at[at] == b->at[at])
		at++;
	cr_assert(!a->failed && !b->failed && a->size == b->size && at == a->size,
	          "%s, seed %u: differs at %zu of %zu and %zu", what, seed, at, a->size, b->size);
}

static const struct {
	const char *what;
	struct ahead_options options;
	size_t size;
} ways[] = {
	{ "by a thread", { 0 }, 3 * LARGE },
	{ "by a thread, undecoded", { .undecoded = true }, 2 * LARGE },
	{ "alone", { .alone = true }, 2 * LARGE },
	{ "a small log", { 0 }, LARGE / 8 },
	{ "a log of one batch", { 0 }, 1 },
};

Test(ahead, gives_what_the_plain_functions_give)
{
	for (size_t i = 0; i < COUNT(ways); i++)
		for (unsigned seed = 1; seed < 6; seed++) {
			struct kmeta_buffer plain = { 0 }, ahead = { 0 };

			write_log(seed * 77777, ways[i].size);
			read_plainly(&plain, ways[i].options.undecoded);
			read_ahead(&ahead, &ways[i].options, INT32_MAX);
			assert_same(&plain, &ahead, ways[i].what, seed);
			kmeta_buffer_release(&plain);
			kmeta_buffer_release(&ahead);
		}
}

/* What is not taken of a batch, in whatever block it lies, is passed over. */
Test(ahead, passes_over_what_is_not_taken)
{
	static const long most[] = { 0, 1, 600 };

	write_log(4242, 3 * LARGE);
	for (size_t i = 0; i < COUNT(most); i++) {
		struct kmeta_buffer threaded = { 0 }, alone = { 0 };

		read_ahead(&threaded, &(struct ahead_options){ 0 }, most[i]);
		read_ahead(&alone, &(struct ahead_options){ .alone = true }, most[i]);
		assert_same(&threaded, &alone, "passed over", (unsigned)most[i]);
		kmeta_buffer_release(&threaded);
		kmeta_buffer_release(&alone);
	}
}

/* At any moment, wherever the thread is. */
Test(ahead, can_be_closed_before_the_end)
{
	write_log(99, 3 * LARGE);
	for (int batches = 0; batches < 200; batches += 7) {
		struct reading reading;
		struct kmeta_batch batch;
		struct kmeta_finding why;

		reading_open(&reading, NULL, &(struct ahead_options){ 0 });
		for (int i = 0; i < batches; i++)
			cr_assert_neq(ahead_batch(reading.ahead, &batch, &why), KMETA_FAILED);
		reading_close(&reading);
	}
}

/* A broker with so many endpoints, each of five fields. */
static void put_broker(struct made *value, size_t endpoints)
{
	static const uint8_t id[16] = { 1 };

	put_head(value, 0, 0);
	put_number(value, 1, 4);
	put(value, id, sizeof(id));
	put_number(value, 1, 8);
	put_uvarint(value, endpoints + 1);
	for (size_t i = 0; i < endpoints; i++)
		put_all(value, BYTES("\2a\2b\0\1\0\0\0"));
	put_all(value, BYTES("\1\0\1\0"));
}

/* Records may unpack to many times their size: few of such make a block. */
Test(ahead, holds_few_records_of_many_fields)
{
	enum { RECORDS = 200, ENDPOINTS = 2000 };
	struct made log = { 0 }, records = { 0 }, value = { 0 };
	struct kmeta_source *source = NULL;
	struct kmeta_finding why;
	struct block *block = block_new();
	struct block_reader reader = { .enough = RECORDS };
	size_t seen = 0;

	put_broker(&value, ENDPOINTS);
	for (int32_t i = 0; i < RECORDS; i++)
		put_record(&records,
		           &(struct record_plan){ .value = made_bytes(&value), .offset_delta = i });
	put_batch(&log, &(struct batch_plan){ .count = RECORDS, .records = made_bytes(&records) });
	write_at(LOG, O_TRUNC, made_bytes(&log));
	cr_assert(block && kmeta_dialect_init(&reader.dialect, NULL));
	cr_assert_eq(kmeta_source_open(&source, LOG, NULL, &why), KMETA_OK);
	reader.source = source;
	while (!reader.ended) {
		block_fill(block, &reader);
		seen += block->records_count;
		cr_assert_lt(block->fields_count, 4 * 5 * ENDPOINTS);
	}
	cr_assert_eq(seen, RECORDS);
	block_reader_release(&reader);
	block_free(block);
	kmeta_source_close(source);
	made_release(&log);
	made_release(&records);
	made_release(&value);
}

/* Who follows a log asks again after its end. */
Test(ahead, goes_on_where_a_log_has_grown)
{
	const struct kmeta_source_options follow = { .size = sizeof(follow), .follow = true };
	struct reading reading;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	struct made log = { 0 };

	put_topic_batch(&log, 0, 2);
	write_at(LOG, O_TRUNC, made_bytes(&log));
	reading_open(&reading, &follow, &(struct ahead_options){ .alone = true });
	for (int64_t offset = 0; offset < 6; offset += 2) {
		cr_assert_eq(ahead_batch(reading.ahead, &batch, &why), KMETA_OK);
		cr_assert_eq(batch.base_offset, offset);
		cr_assert_eq(ahead_batch(reading.ahead, &batch, &why), KMETA_END);
		put_topic_batch(&log, offset + 2, 2);
		write_at(LOG, O_TRUNC, made_bytes(&log));
		cr_assert_eq(kmeta_source_wait(reading.source, 1000, &why), KMETA_OK);
	}
	reading_close(&reading);
	made_release(&log);
}
