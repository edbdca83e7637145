/* SPDX-License-Identifier: Apache-2.0 */
/* test_batch.c: headers, checksums and records of batches, sound and damaged. */
#include <kmeta.h>

#include "record/batch.h"

#include "rows.h"

/* A batch in memory as the library hands one out, without decompressing. */
static struct kmeta_batch batch_over(const struct made *m, int64_t position)
{
	struct kmeta_batch batch = { .file = "made", .position = position };

	batch_read_header(&batch, m->at);
	batch.records = (struct kmeta_bytes){ m->at + MADE_HEADER, m->size - MADE_HEADER };
	return batch;
}

/* ---- checksums ---- */

/* Published values: RFC 3720, B.4, and the customary nine digits. */
/* clang-format off */
static const struct {
	const char *name;
	struct kmeta_bytes bytes;
	uint32_t crc;
} vectors[] = {
	{ "nothing", BYTES(""), 0 },
	{ "nine digits", BYTES("123456789"), 0xe3069283 },
	{ "zeros", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0x8a9136aa },
	{ "ones", BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	                "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), 0x62a8ab43 },
	{ "rising", BYTES("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
	                  "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"), 0x46dd794e },
	{ "falling", BYTES("\x1f\x1e\x1d\x1c\x1b\x1a\x19\x18\x17\x16\x15\x14\x13\x12\x11\x10"
	                   "\x0f\x0e\x0d\x0c\x0b\x0a\x09\x08\x07\x06\x05\x04\x03\x02\x01\x00"), 0x113fdb5c },
	{ "an iSCSI command", BYTES("\x01\xc0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14\0\0\0\0\0\x04\0\0\0\0\x14\0\0\0\x18"
	                            "\x28\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0"), 0xd9963a56 },
};
/* clang-format on */

ROWS(crc, published, vectors)
ParameterizedTest(const size_t *row, crc, published, .timeout = 10)
{
	const struct kmeta_bytes bytes = vectors[*row].bytes;
	struct made m = { 0 };

	/* A batch's checksum begins behind its own field. */
	put(&m, (uint8_t[21]){ 0 }, 21);
	put_all(&m, bytes);
	cr_expect_eq(reference_crc32c(bytes.data, bytes.size), vectors[*row].crc, "%s",
	             vectors[*row].name);
	cr_expect_eq(batch_crc(m.at, m.size), vectors[*row].crc, "%s", vectors[*row].name);
	made_release(&m);
}

/* The fast ways through the processor begin and end differently by length and place. */
Test(crc, every_length_and_alignment, .timeout = 60)
{
	uint8_t bytes[21 + 8 + 700];
	uint32_t state = 1;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
	for (size_t start = 0; start < 8; start++)
		for (size_t size = 0; size <= 700; size++)
			cr_assert_eq(batch_crc(bytes + start, 21 + size),
			             reference_crc32c(bytes + start + 21, size),
			             "%zu bytes from %zu", size, start);
}

/* ---- headers ---- */

Test(header, every_field, .timeout = 10)
{
	struct kmeta_batch batch = { 0 };
	uint8_t at[MADE_HEADER];

	set(at, 0x0102030405060708, 8);
	set(at + 8, 1000, 4);
	set(at + 12, 77, 4);
	at[16] = 2;
	set(at + 17, 0xdeadbeef, 4);
	set(at + 21, 0x8034, 2);
	set(at + 23, 9, 4);
	set(at + 27, (uint64_t)-5, 8);
	set(at + 35, 6, 8);
	set(at + 43, (uint64_t)-7, 8);
	set(at + 51, (uint64_t)-8, 2);
	set(at + 53, (uint64_t)-9, 4);
	set(at + 57, 10, 4);
	batch_read_header(&batch, at);
	cr_expect_eq(batch.base_offset, 0x0102030405060708);
	cr_expect_eq(batch.size, 1012);
	cr_expect_eq(batch.epoch, 77);
	cr_expect_eq(batch.magic, 2);
	cr_expect_eq(batch.crc, 0xdeadbeef);
	cr_expect_eq(batch.attributes, 0x8034);
	cr_expect_eq(batch.last_offset_delta, 9);
	cr_expect_eq(batch.last_offset, 0x0102030405060711);
	cr_expect_eq(batch.base_timestamp, -5);
	cr_expect_eq(batch.max_timestamp, 6);
	cr_expect_eq(batch.producer_id, -7);
	cr_expect_eq(batch.producer_epoch, -8);
	cr_expect_eq(batch.base_sequence, -9);
	cr_expect_eq(batch.count, 10);
}

Test(header, last_offset_wraps, .timeout = 10)
{
	struct made m = { 0 };
	struct kmeta_batch batch;

	put_batch(&m, &(struct batch_plan){ .base_offset = INT64_MAX, .last_offset_delta = 5 });
	batch = batch_over(&m, 0);
	cr_expect_eq(batch.last_offset, INT64_MIN + 4);
	made_release(&m);
}

/* clang-format off */
static const struct {
	int magic;
	int32_t length;
	enum kmeta_code code; /* KMETA_SOUND: none */
	const char *message;
} headers[] = {
	{ 2, 49, KMETA_SOUND, NULL },
	{ 2, (64 << 20) - 12, KMETA_SOUND, NULL },
	{ 2, (64 << 20) - 11, KMETA_BAD_LENGTH, "is above the limit of 64 MiB" },
	{ 2, INT32_MAX, KMETA_BAD_LENGTH, "batch length 2147483647" },
	{ 2, 48, KMETA_BAD_LENGTH, "batch length 48, but its header alone needs 49" },
	{ 2, 0, KMETA_BAD_LENGTH, "batch length 0," },
	{ 2, -1, KMETA_BAD_LENGTH, "batch length -1," },
	{ 2, INT32_MIN, KMETA_BAD_LENGTH, "batch length -2147483648," },
	{ 0, 100, KMETA_BAD_MAGIC, "magic 0: " },
	{ 1, 100, KMETA_BAD_MAGIC, "magic 1: " },
	{ 3, 100, KMETA_BAD_MAGIC, "magic 3: " },
	{ -1, 100, KMETA_BAD_MAGIC, "magic -1: " },
	{ 127, -1, KMETA_BAD_MAGIC, "magic 127: " },
};
/* clang-format on */

ROWS(header, check, headers)
ParameterizedTest(const size_t *row, header, check, .timeout = 10)
{
	const bool sound = headers[*row].code == KMETA_SOUND;
	uint8_t at[MADE_HEADER] = { 0 };
	struct kmeta_finding why = { 0 };
	struct kmeta_batch batch = { 0 };

	set(at + 8, (uint64_t)headers[*row].length, 4);
	at[16] = (uint8_t)headers[*row].magic;
	batch_read_header(&batch, at);
	cr_expect_eq(batch_check_header(&batch, &why), sound ? KMETA_OK : KMETA_DAMAGED);
	cr_expect_eq(why.code, headers[*row].code);
	cr_expect(sound || strstr(why.message, headers[*row].message), "%s", why.message);
}

/* clang-format off */
static const struct {
	const char *name;
	size_t at, size;
	int64_t value;
	bool plausible;
} parts[] = {
	{ "as it was", 0, 8, 7, true },
	{ "epoch unknown", 12, 4, -1, true },
	{ "codec zstd", 21, 2, KMETA_ZSTD, true },
	{ "offsets left out", 23, 4, 100, true },
	{ "base offset negative", 0, 8, -1, false },
	{ "length below a header", 8, 4, 48, false },
	{ "length above the limit", 8, 4, 64 << 20, false },
	{ "epoch -2", 12, 4, -2, false },
	{ "magic 1", 16, 1, 1, false },
	{ "unused attributes", 21, 2, 0x80, false },
	{ "codec 5", 21, 2, 5, false },
	{ "last offset delta negative", 23, 4, -1, false },
	{ "last offset delta below the count", 23, 4, 1, false },
	{ "count negative", 57, 4, -1, false },
};
/* clang-format on */

ROWS(header, plausible, parts)
ParameterizedTest(const size_t *row, header, plausible, .timeout = 10)
{
	struct made m = { 0 };
	struct kmeta_batch batch;

	put_topic_batch(&m, 7, 3);
	set(m.at + parts[*row].at, (uint64_t)parts[*row].value, parts[*row].size);
	cr_expect_eq(batch_may_be_sound(&batch, m.at), parts[*row].plausible, "%s",
	             parts[*row].name);
	made_release(&m);
}

Test(header, more_records_than_bytes, .timeout = 10)
{
	struct made m = { 0 };
	struct kmeta_batch batch;

	put_batch(&m, &(struct batch_plan){ .count = 3, .records = BYTES("seven x two.") });
	cr_expect(!batch_may_be_sound(&batch, m.at));
	set(m.at + 21, KMETA_GZIP, 2);
	cr_expect(batch_may_be_sound(&batch, m.at));
	made_release(&m);
}

/* clang-format off */
static const struct {
	int32_t base, delta, sequence;
} sequences[] = {
	{ 0, 0, 0 },
	{ 5, 2, 7 },
	{ -5, 1, -4 },
	{ INT32_MAX, 0, INT32_MAX },
	{ INT32_MAX, 1, 0 },
	{ INT32_MAX - 1, 5, 3 },
	{ INT32_MAX, INT32_MAX, INT32_MAX - 1 },
};
/* clang-format on */

ROWS(header, sequence, sequences)
ParameterizedTest(const size_t *row, header, sequence, .timeout = 10)
{
	const struct kmeta_batch batch = { .base_sequence = sequences[*row].base };

	cr_expect_eq(batch_sequence(&batch, sequences[*row].delta), sequences[*row].sequence);
}

/* ---- sound records ---- */

static void put_three(struct made *records)
{
	static const uint8_t none;

	put_record(records, &(struct record_plan){ .value = BYTES("\x01\x02\x03"
	                                                          "body") });
	put_record(records, &(struct record_plan){ .value = { &none, 0 },
	                                           .key = BYTES("key"),
	                                           .offset_delta = 1,
	                                           .timestamp_delta = 250 });
	put_record(records, &(struct record_plan){ .headers = BYTES("\x04\x02h\x04vv\x00\x01"),
	                                           .offset_delta = 2,
	                                           .timestamp_delta = -1 });
}

Test(records, walk, .timeout = 10)
{
	struct made records = { 0 }, m = { 0 };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct kmeta_record r;
	struct kmeta_batch batch;

	put_three(&records);
	put_batch(&m, &(struct batch_plan){
			      .base_offset = 40, .count = 3, .records = made_bytes(&records) });
	batch = batch_over(&m, 1000);

	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect(r.offset == 40 && r.timestamp == MADE_TIME * 1000LL);
	cr_expect(r.position == 1061 && !r.control && r.header_count == 0);
	cr_expect_eq(r.value_position, 1000 + (r.value.data - m.at));
	cr_expect(r.frame == 1 && r.type == 2 && r.version == 3 && r.body == 3);
	cr_expect(!r.key.data && r.value.size == 7 && !memcmp(r.value.data + r.body, "body", 4));

	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect(r.offset == 41 && r.timestamp == MADE_TIME * 1000LL + 250);
	cr_expect(r.key.size == 3 && !memcmp(r.key.data, "key", 3));
	cr_expect(r.value.data && !r.value.size && r.frame == -1 && r.type == -1);

	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect(r.offset == 42 && r.timestamp == MADE_TIME * 1000LL - 1);
	cr_expect(!r.value.data && r.value_position == -1 && r.header_count == 2);

	cr_expect_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_END);
	cr_expect_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_END);
	made_release(&records);
	made_release(&m);
}

Test(records, headers, .timeout = 10)
{
	struct kmeta_bytes left = BYTES("\x02h\x04vv\x00\x01"), key, value;

	cr_assert(kmeta_header_next(&left, &key, &value));
	cr_expect(key.size == 1 && key.data[0] == 'h');
	cr_expect(value.size == 2 && !memcmp(value.data, "vv", 2));
	cr_assert(kmeta_header_next(&left, &key, &value));
	cr_expect(key.data && key.size == 0 && !value.data);
	cr_expect(!kmeta_header_next(&left, &key, &value));
}

/* Damaged bytes as headers end; they are never read past. */
Test(records, headers_cut, .timeout = 10)
{
	const struct kmeta_bytes whole = BYTES("\x02h\x04vv\x02i\x02w");

	for (size_t size = 0; size < whole.size; size++) {
		uint8_t *cut = malloc(size + !size);
		struct kmeta_bytes left = { cut, size }, key, value;
		int count = 0;

		memcpy(cut, whole.data, size);
		while (kmeta_header_next(&left, &key, &value))
			count++;
		cr_expect_eq(count, size >= 5 ? 1 : 0, "%zu bytes", size);
		free(cut);
	}
}

Test(records, log_append_time, .timeout = 10)
{
	struct made records = { 0 }, m = { 0 };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct kmeta_record r;
	struct kmeta_batch batch;

	put_record(&records, &(struct record_plan){ .timestamp_delta = 99 });
	put_batch(&m, &(struct batch_plan){ .attributes = KMETA_BATCH_LOG_APPEND_TIME,
	                                    .base_timestamp = 5,
	                                    .max_timestamp = 7,
	                                    .records = made_bytes(&records) });
	batch = batch_over(&m, 0);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect_eq(r.timestamp, 7);
	made_release(&records);
	made_release(&m);
}

/* Java's long wraps; the sanitizers would tell if ours did not. */
Test(records, numbers_wrap, .timeout = 10)
{
	struct made records = { 0 }, m = { 0 };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct kmeta_record r;
	struct kmeta_batch batch;

	put_record(&records, &(struct record_plan){ .timestamp_delta = 1 });
	put_record(&records, &(struct record_plan){ .offset_delta = 1, .timestamp_delta = 2 });
	put_batch(&m, &(struct batch_plan){ .base_offset = INT64_MAX,
	                                    .base_timestamp = INT64_MAX,
	                                    .count = 2,
	                                    .records = made_bytes(&records) });
	batch = batch_over(&m, 0);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect(r.offset == INT64_MAX && r.timestamp == INT64_MIN);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect(r.offset == INT64_MIN && r.timestamp == INT64_MIN + 1);
	made_release(&records);
	made_release(&m);
}

/* ---- control records ---- */

/* clang-format off */
static const struct {
	struct kmeta_bytes key, value;
	int32_t type, version;
	uint32_t body;
} controls[] = {
	{ BYTES("\0\0\0\x03"), BYTES("\0\x01rest"), 3, 1, 0 },
	{ BYTES("\0\0\0\x00"), BYTES("\0\x00\0\0\0\x05"), 0, 0, 2 },
	{ BYTES("\0\0\0\x01"), BYTES("\0\x02"), 1, 2, 2 },
	{ BYTES("\0\0\0\x01"), BYTES("\x02"), 1, -1, 0 },
	{ BYTES("\0\x09\0\x02longer"), BYTES("\xff\xff"), 2, -1, 0 },
	{ BYTES("\0\0\xff\xff"), BYTES("\0\0"), -1, 0, 0 },
	{ BYTES("\0\0\0"), BYTES("\0\0"), -1, 0, 0 },
	{ { NULL, 0 }, { NULL, 0 }, -1, -1, 0 },
};
/* clang-format on */

ROWS(records, control, controls)
ParameterizedTest(const size_t *row, records, control, .timeout = 10)
{
	struct made records = { 0 }, m = { 0 };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct kmeta_record r;
	struct kmeta_batch batch;

	put_record(&records, &(struct record_plan){ .key = controls[*row].key,
	                                            .value = controls[*row].value });
	put_batch(&m, &(struct batch_plan){ .attributes = KMETA_BATCH_CONTROL,
	                                    .records = made_bytes(&records) });
	batch = batch_over(&m, 0);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect(r.control);
	cr_expect_eq(r.type, controls[*row].type);
	cr_expect_eq(r.version, controls[*row].version);
	cr_expect_eq(r.body, controls[*row].body);
	made_release(&records);
	made_release(&m);
}

/* ---- damaged records ---- */

/* A sound record of a null key and value, spelled out: length, attributes, time, offset, sizes. */
#define GOOD(delta) "\x0c\x00\x00" delta "\x01\x01\x00"

/* clang-format off */
static const struct {
	const char *name;
	int32_t count;
	struct kmeta_bytes bytes;
	int sound; /* records before it */
	enum kmeta_code code;
	const char *message;
	size_t at; /* in the records */
} damages[] = {
	{ "count too high", 9, BYTES(GOOD("\x00") GOOD("\x02")), 2, KMETA_BAD_COUNT,
	  "record count 9, but the batch holds 2", 14 },
	{ "count, no records", 1, BYTES(""), 0, KMETA_BAD_COUNT, "record count 1, but the batch holds 0", 0 },
	{ "count negative, no records", -1, BYTES(""), 0, KMETA_BAD_COUNT, "record count -1", 0 },
	{ "slack", 1, BYTES(GOOD("\x00") "\0\0\0"), 1, KMETA_SLACK, "3 bytes after the last of 1 records", 7 },
	{ "record of length 0", 1, BYTES("\x00"), 0, KMETA_BAD_RECORD, "record 1 of 1: it ends inside a field", 0 },
	{ "length negative", 2, BYTES(GOOD("\x00") "\x09\x00\x00\x02\x01\x01\x00"), 1, KMETA_BAD_RECORD,
	  "record 2 of 2: a negative record length", 7 },
	{ "length past the end", 1, BYTES("\x0e\x00\x00\x00\x01\x01\x00"), 0, KMETA_BAD_RECORD,
	  "a record length past the end of the batch", 0 },
	{ "length never ends", 1, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff"), 0, KMETA_BAD_RECORD,
	  "a variable-length number does not end", 0 },
	{ "key past the end", 1, BYTES("\x0c\x00\x00\x00\x64\x01\x00"), 0, KMETA_BAD_RECORD,
	  "it ends inside a field", 0 },
	{ "key length -2", 1, BYTES("\x0c\x00\x00\x00\x03\x01\x00"), 0, KMETA_BAD_RECORD, "a negative length", 0 },
	{ "value past the end", 1, BYTES("\x0c\x00\x00\x00\x01\x64\x00"), 0, KMETA_BAD_RECORD,
	  "it ends inside a field", 0 },
	{ "value length -2", 1, BYTES("\x0c\x00\x00\x00\x01\x03\x00"), 0, KMETA_BAD_RECORD, "a negative length", 0 },
	{ "value length the least", 1, BYTES("\x14\x00\x00\x00\x01\xff\xff\xff\xff\x0f\x00"), 0, KMETA_BAD_RECORD,
	  "a negative length", 0 },
	{ "bytes after its parts", 1, BYTES("\x10\x00\x00\x00\x01\x01\x00\x07\x07"), 0, KMETA_BAD_RECORD,
	  "bytes left after its last part", 0 },
	{ "no header count", 1, BYTES("\x0a\x00\x00\x00\x01\x01"), 0, KMETA_BAD_RECORD, "it ends inside a field", 0 },
	{ "header count negative", 1, BYTES("\x0c\x00\x00\x00\x01\x01\x05"), 0, KMETA_BAD_RECORD,
	  "a negative header count", 0 },
	{ "headers, but no bytes", 1, BYTES("\x0c\x00\x00\x00\x01\x01\x06"), 0, KMETA_BAD_RECORD,
	  "more headers than bytes", 0 },
	{ "header without key", 1, BYTES("\x10\x00\x00\x00\x01\x01\x02\x01\x00"), 0, KMETA_BAD_RECORD,
	  "a header without a key", 0 },
	{ "header value cut", 1, BYTES("\x10\x00\x00\x00\x01\x01\x02\x00\x08"), 0, KMETA_BAD_RECORD,
	  "it ends inside a field", 0 },
	{ "ends in a timestamp", 1, BYTES("\x04\x00\xff"), 0, KMETA_BAD_RECORD, "it ends inside a field", 0 },
};
/* clang-format on */

static void expect_damage(const struct made *m, size_t row, int64_t position)
{
	const struct kmeta_batch batch = batch_over(m, position);
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why = { 0 };
	struct kmeta_record r;

	for (int i = 0; i < damages[row].sound; i++)
		cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_DAMAGED);
	cr_expect_eq(why.code, damages[row].code);
	cr_expect(strstr(why.message, damages[row].message), "%s", why.message);
	cr_expect_str_eq(why.file, "made");
	cr_expect_eq(why.position, position + MADE_HEADER + (int64_t)damages[row].at);
	cr_expect_eq(why.position + why.size, position + (int64_t)m->size);
	cr_expect(why.offset >= 500 && why.offset <= 502, "%lld", (long long)why.offset);
	cr_expect_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_END);
	cr_expect_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_END);
}

/* A count that says less than is there hides no record. */
Test(records, count_too_low, .timeout = 10)
{
	for (int32_t count = -1; count < 3; count++) {
		struct made m = { 0 };
		struct kmeta_batch batch;
		struct kmeta_cursor cursor = { 0 };
		struct kmeta_finding why = { 0 };
		struct kmeta_record r;
		int read = 0, faults = 0;
		enum kmeta_status status;

		put_batch(&m, &(struct batch_plan){
				      .base_offset = 500,
				      .count = 3,
				      .last_offset_delta = 2,
				      .records = BYTES(GOOD("\x00") GOOD("\x02") GOOD("\x04")) });
		set(m.at + 57, (uint64_t)count, 4);
		batch = batch_over(&m, 0);
		while ((status = kmeta_batch_next(&batch, &cursor, &r, &why)) != KMETA_END) {
			read += status == KMETA_OK;
			faults += status == KMETA_DAMAGED;
			cr_expect(status != KMETA_OK || r.offset == 500 + read - 1);
		}
		cr_expect_eq(read, 3, "count %d: %d records", count, read);
		cr_expect_eq(faults, 1);
		cr_expect_eq(why.code, KMETA_BAD_COUNT);
		made_release(&m);
	}
}

ROWS(records, damage, damages)
ParameterizedTest(const size_t *row, records, damage, .timeout = 10)
{
	const int32_t count = damages[*row].count;
	struct made m = { 0 };

	put_batch(&m, &(struct batch_plan){ .base_offset = 500,
	                                    .count = count,
	                                    .last_offset_delta = 2,
	                                    .records = damages[*row].bytes });
	expect_damage(&m, *row, 2000);
	made_release(&m);
}

Test(records, count_of_none, .timeout = 10)
{
	struct kmeta_batch batch = { .file = "made", .records = BYTES("no records") };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct kmeta_record r;

	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_DAMAGED);
	cr_expect_eq(why.code, KMETA_SLACK);
	cr_expect_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_END);
}

/* A record with a wrong offset is handed out all the same, and those behind it. */
Test(records, bad_offset, .timeout = 10)
{
	struct kmeta_batch batch = { .file = "made",
		                     .base_offset = 10,
		                     .count = 3,
		                     .records = BYTES(GOOD("\x00") GOOD("\x00") GOOD("\x04")) };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why = { 0 };
	struct kmeta_record r;

	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_DAMAGED);
	cr_expect_eq(why.code, KMETA_BAD_OFFSET);
	cr_expect_str_eq(why.message, "record 2 of 3 has offset 10");
	cr_expect_eq(why.offset, 11);
	cr_expect_eq(r.offset, 10);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect_eq(r.offset, 12);
	cr_expect_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_END);
}

/* In a compressed batch a place inside it means nothing: the batch's own is told. */
Test(records, compressed_batch_is_the_place, .timeout = 10)
{
	struct kmeta_batch batch = { .file = "made",
		                     .position = 700,
		                     .size = 90,
		                     .count = 2,
		                     .attributes = KMETA_GZIP,
		                     .records = BYTES(GOOD("\x00") "\x02\x00") };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct kmeta_record r;

	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_OK);
	cr_expect(r.position == 700 && r.value_position == -1);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &r, &why), KMETA_DAMAGED);
	cr_expect(why.position == 700 && why.size == 90);
}

/* Whatever single byte is changed, the walk ends and stays inside; ASan watches the bounds. */
Test(records, any_byte_changed, .timeout = 60)
{
	struct made records = { 0 }, m = { 0 };

	put_three(&records);
	put_batch(&m, &(struct batch_plan){ .count = 3, .records = made_bytes(&records) });
	for (size_t i = MADE_HEADER; i < m.size; i++) {
		for (int value = 0; value < 256; value++) {
			const uint8_t before = m.at[i];
			const struct kmeta_batch batch = batch_over(&m, 0);
			struct kmeta_cursor cursor = { 0 };
			struct kmeta_finding why;
			struct kmeta_record r;
			int calls = 0;

			m.at[i] = (uint8_t)value;
			while (kmeta_batch_next(&batch, &cursor, &r, &why) != KMETA_END)
				cr_assert_leq(++calls, 4);
			m.at[i] = before;
		}
	}
	made_release(&records);
	made_release(&m);
}
