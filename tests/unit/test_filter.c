/* SPDX-License-Identifier: Apache-2.0 */
/* test_filter.c: which of a dozen records each condition lets through, and which it refuses. */
#include <stdio.h>

#include <kmeta.h>

#include "rows.h"
#include "values.h"

#define NOW (MADE_TIME * INT64_C(1000) + 60000)
#define ID1 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
#define ID2 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02"

/* The records, called by letters. Their offsets count from 10, their times by seconds. */
/* clang-format off */
static const struct {
	char letter;
	int32_t epoch;
	bool control;
	struct kmeta_bytes key, value;
} samples[] = {
	/* LEADER_CHANGE of leader 1 */
	{ 'a', 1, true, BYTES("\0\0\0\x02"), BYTES("\0\0\0\0\0\x01\x01\x01\0") },
	/* TOPIC orders */
	{ 'b', 1, false, { 0 }, BYTES("\x01\x02\x00\x07orders" ID1 "\0") },
	/* PARTITION 0 of orders on brokers 1 and 2, and 5 of an unknown topic on 3 */
	{ 'c', 1, false, { 0 }, BYTES("\x01\x03\x00\0\0\0\0" ID1 "\x03\0\0\0\x01\0\0\0\x02\x02\0\0\0\x01\x01\x01"
	                              "\0\0\0\x01\0\0\0\0\0\0\0\0\0") },
	{ 'd', 1, false, { 0 }, BYTES("\x01\x03\x00\0\0\0\x05" ID2 "\x02\0\0\0\x03\x02\0\0\0\x03\x01\x01"
	                              "\0\0\0\x03\0\0\0\0\0\0\0\0\0") },
	/* CONFIG of topic orders, of broker 3, of all brokers */
	{ 'e', 2, false, { 0 }, BYTES("\x01\x04\x00\x02\x07orders\x02k\x02v\0") },
	{ 'f', 2, false, { 0 }, BYTES("\x01\x04\x00\x04\x02" "3" "\x02k\x02v\0") },
	{ 'g', 2, false, { 0 }, BYTES("\x01\x04\x00\x04\x01\x02k\x02v\0") },
	/* NO_OP */
	{ 'h', 2, false, { 0 }, BYTES("\x01\x14\x00\0") },
	/* PARTITION_CHANGE of orders/0: isr 2, leader 2 */
	{ 'i', 3, false, { 0 }, BYTES("\x01\x05\x00\0\0\0\0" ID1 "\x02\x00\x05\x02\0\0\0\x02\x01\x04\0\0\0\x02") },
	/* REMOVE_TOPIC orders */
	{ 'j', 3, false, { 0 }, BYTES("\x01\x09\x00" ID1 "\0") },
	/* an unknown type, and one that cannot be told */
	{ 'k', 3, false, { 0 }, BYTES("\x01\x8f\x4e\x00") },
	{ 'l', 3, false, { 0 }, BYTES("\x01") },
	/* SNAPSHOT_HEADER, and 2.8's leader change, which had its number */
	{ 'm', 3, true, BYTES("\0\0\0\x03"), BYTES("\0\0\0\0\0\0\0\0\0\x07\0") },
	{ 'n', 3, true, BYTES("\0\0\0\x03"), BYTES("\0\0\0\x01\x01\x01\0") },
	/* CLEAR_ELR of orders, and of all topics */
	{ 'o', 3, false, { 0 }, BYTES("\x01\x1c\x00\x07orders\0") },
	{ 'p', 3, false, { 0 }, BYTES("\x01\x1c\x00\x01\0") },
};

static const struct {
	const char *terms[3][2]; /* term and value */
	const char *letters;     /* of the records that meet all of them */
} cases[] = {
	{ { { 0 } }, "abcdefghijklmnop" },

	{ { { "type", "TOPIC_RECORD" } }, "b" },
	{ { { "type", "topic" } }, "b" },
	{ { { "type", "Topic_Record" } }, "b" },
	{ { { "type", "2" } }, "b" },
	{ { { "type", "Topics" } }, "b" },
	{ { { "type", "partition-changes" } }, "i" },
	{ { { "type", "no_op_records,configs" } }, "efgh" },
	{ { { "type", "snapshot_headers" } }, "m" },
	{ { { "type", "*TOPIC*" } }, "bj" },
	{ { { "type", "partition*" } }, "cdi" },
	{ { { "type", "partition?change,no_op" } }, "hi" },
	{ { { "type", "LEADER_CHANGE" } }, "an" },
	{ { { "type", "SNAPSHOT_HEADER" } }, "m" },
	{ { { "type", "*" } }, "abcdefghijmnop" },
	{ { { "type", "9999" } }, "k" },
	{ { { "type", "9998,10000" } }, "" },
	{ { { "type", "-1" } }, "l" },
	{ { { "type", "3" } }, "cd" },
	{ { { "type", "topic" }, { "type", "config" } }, "befg" },
	{ { { "not-type", "no_op" } }, "abcdefgijklmnop" },
	{ { { "not-type", "*" } }, "kl" },
	{ { { "type", "*topic*" }, { "not-type", "remove*" } }, "b" },
	{ { { "control", NULL } }, "amn" },
	{ { { "control", NULL }, { "type", "snapshot*" } }, "m" },

	{ { { "offset", "12" } }, "c" },
	{ { { "offset", "12..14" } }, "cde" },
	{ { { "offset", "..11" } }, "ab" },
	{ { { "offset", "23.." } }, "nop" },
	{ { { "offset", "10,12,14..15" } }, "acef" },
	{ { { "offset", "-5..10" } }, "a" },
	{ { { "offset", "100.." } }, "" },
	{ { { "epoch", "2" } }, "efgh" },
	{ { { "epoch", "..2" } }, "abcdefgh" },
	{ { { "time", "-1m..-59s" } }, "ab" },
	{ { { "time", "@1730000002000..@1730000003999" } }, "cd" },
	{ { { "time", "now.." } }, "" },
	{ { { "time", "..-58s" } }, "abc" },

	{ { { "topic", "orders" } }, "bceijop" },
	{ { { "topic", "ord*" } }, "bceijop" },
	{ { { "topic", "*" } }, "bceijop" },
	{ { { "topic", "ORDERS" } }, "p" },
	{ { { "topic", "AAAAAAAAAAAAAAAAAAAAAQ" } }, "bcijp" },
	{ { { "topic", "AAAAAAAAAAAAAAAAAAAAAg" } }, "dp" },
	{ { { "topic", "nothing,orders" } }, "bceijop" },
	{ { { "partition", "0" } }, "ci" },
	{ { { "partition", "5" } }, "d" },
	{ { { "partition", "1..4" } }, "" },
	{ { { "broker", "3" } }, "df" },
	{ { { "broker", "2" } }, "ci" },
	{ { { "broker", "2..3" } }, "cdfi" },
	{ { { "broker", "-2..-1" } }, "" },
	{ { { "topic", "orders" }, { "broker", "1" } }, "c" },
	{ { { "topic", "orders" }, { "type", "partition*" }, { "offset", "13.." } }, "i" },
};
/* clang-format on */

struct reading {
	struct kmeta_topics *topics;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
};

/* As kmeta-dump does it: the head first, the fields where the filter needs them. */
static bool lets_through(const struct kmeta_filter *filter, struct reading *r, size_t i)
{
	struct made records = { 0 };
	struct kmeta_batch batch = { .file = "made",
		                     .base_offset = 10 + (int64_t)i,
		                     .base_timestamp =
		                             MADE_TIME * INT64_C(1000) + (int64_t)i * 1000,
		                     .epoch = samples[i].epoch,
		                     .attributes = samples[i].control ? KMETA_BATCH_CONTROL : 0,
		                     .count = 1 };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why;
	struct kmeta_record record;
	bool decoded, wanted;

	put_record(&records,
	           &(struct record_plan){ .key = samples[i].key, .value = samples[i].value });
	batch.records = made_bytes(&records);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &record, &why), KMETA_OK);
	decoded = kmeta_decode(&r->dialect, &record, &r->fields, &why) == KMETA_OK;
	cr_assert(decoded || strchr("kl", samples[i].letter), "%c: %s", samples[i].letter,
	          why.message);
	if (decoded)
		cr_assert(kmeta_topics_learn(r->topics, &record, &r->fields));
	wanted = kmeta_filter_record(filter, &batch, &record) &&
	         (!kmeta_filter_needs_fields(filter) ||
	          (decoded && kmeta_filter_fields(filter, r->topics, &r->fields)));
	made_release(&records);
	return wanted;
}

static void expect_letters(const struct kmeta_filter *filter, const char *letters, const char *what)
{
	struct reading r = { .topics = kmeta_topics_new() };
	char found[COUNT(samples) + 1] = "", *end = found;

	cr_assert(kmeta_dialect_init(&r.dialect, NULL));
	for (size_t i = 0; i < COUNT(samples); i++)
		if (lets_through(filter, &r, i))
			*end++ = samples[i].letter;
	*end = '\0';
	cr_expect_str_eq(found, letters, "%s: %s, not %s", what, found, letters);
	kmeta_fields_release(&r.fields);
	kmeta_topics_free(r.topics);
}

ROWS(filter, lets_through, cases)
ParameterizedTest(const size_t *row, filter, lets_through, .timeout = 10)
{
	struct kmeta_filter *filter = kmeta_filter_new();
	char what[200] = "";

	for (size_t i = 0; i < 3 && cases[*row].terms[i][0]; i++) {
		const char *term = cases[*row].terms[i][0], *value = cases[*row].terms[i][1];
		struct kmeta_finding why = { 0 };

		cr_assert_eq(kmeta_filter_add(filter, term, value, (struct kmeta_clock){ NOW, NOW },
		                              &why),
		             KMETA_OK, "%s", why.message);
		snprintf(what + strlen(what), sizeof(what) - strlen(what), "%s=%s ", term,
		         value ? value : "");
	}
	cr_expect_eq(kmeta_filter_is_empty(filter), !cases[*row].terms[0][0]);
	expect_letters(filter, cases[*row].letters, what);
	kmeta_filter_free(filter);
	kmeta_filter_free(NULL);
}

/* ---- what a source and a reader are told ---- */

/* clang-format off */
static const struct {
	const char *term, *value;
	bool fields, topics;
	int64_t first, last; /* of the window for that term */
} needs[] = {
	{ "type", "topic", false, false, 0, 0 },
	{ "offset", "5..9,20", false, false, 5, 20 },
	{ "offset", "7..", false, false, 7, INT64_MAX },
	{ "epoch", "..3", false, false, INT64_MIN, 3 },
	{ "time", "@5..@9", false, false, 5, 9 },
	{ "partition", "3", true, false, 0, 0 },
	{ "broker", "3", true, false, 0, 0 },
	{ "topic", "orders", true, true, 0, 0 },
	{ "topic", "AAAAAAAAAAAAAAAAAAAAAQ", true, false, 0, 0 },
	{ "topic", "AAAAAAAAAAAAAAAAAAAAAQ,o*", true, true, 0, 0 },
	{ "grep", "x", false, false, 0, 0 },
};
/* clang-format on */

ROWS(filter, needs, needs)
ParameterizedTest(const size_t *row, filter, needs, .timeout = 10)
{
	const char *term = needs[*row].term;
	struct kmeta_filter *filter = kmeta_filter_new();
	struct kmeta_source_options window = { .size = sizeof(window) };
	const struct kmeta_range *range;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_filter_add(filter, term, needs[*row].value,
	                              (struct kmeta_clock){ NOW, NOW }, &why),
	             KMETA_OK);
	cr_expect_eq(kmeta_filter_needs_fields(filter), needs[*row].fields);
	cr_expect_eq(kmeta_filter_needs_topics(filter), needs[*row].topics);
	kmeta_filter_window(filter, &window);
	range = window.offsets ? window.offsets : window.times ? window.times : window.epochs;
	cr_expect_eq(window.offsets != NULL, !strcmp(term, "offset"));
	cr_expect_eq(window.times != NULL, !strcmp(term, "time"));
	cr_expect_eq(window.epochs != NULL, !strcmp(term, "epoch"));
	if (range)
		cr_expect(range->first == needs[*row].first && range->last == needs[*row].last);
	kmeta_filter_free(filter);
}

Test(filter, grep, .timeout = 10)
{
	struct kmeta_filter *filter = kmeta_filter_new();
	struct kmeta_finding why;

	cr_expect(kmeta_filter_line(filter, "anything", 8));
	cr_assert_eq(
		kmeta_filter_add(filter, "grep", "a,b", (struct kmeta_clock){ NOW, NOW }, &why),
		KMETA_OK);
	cr_assert_eq(kmeta_filter_add(filter, "grep", "zz", (struct kmeta_clock){ NOW, NOW }, &why),
	             KMETA_OK);
	cr_expect(kmeta_filter_line(filter, "1 a,b 2", 7));
	cr_expect(kmeta_filter_line(filter, "zz", 2));
	cr_expect(!kmeta_filter_line(filter, "a b", 3));
	cr_expect(!kmeta_filter_line(filter, "A,B", 3));
	cr_expect(!kmeta_filter_line(filter, "zz", 1));
	cr_expect(!kmeta_filter_line(filter, "", 0));
	kmeta_filter_free(filter);
}

/* ---- bad values ---- */

/* clang-format off */
static const struct {
	const char *term, *value, *message;
} bad[] = {
	{ "offset", "x", "offset 'x' is no number or range: use A, A..B, A.. or ..B" },
	{ "offset", "1-2", "offset '1-2' is no number or range" },
	{ "offset", "..", "offset '..' is no number or range" },
	{ "offset", "1...2", "offset '1...2' is no number or range" },
	{ "offset", "5..3", "offset '5..3' begins after its end" },
	{ "offset", "1,,2", "offset '' is no number or range" },
	{ "offset", "1,", "offset '' is no number or range" },
	{ "offset", " 1", "offset ' 1' is no number or range" },
	{ "offset", "9223372036854775808", "is no number or range" },
	{ "offset", "-", "is no number or range" },
	{ "offset", "", "offset needs a value" },
	{ "offset", NULL, "offset needs a value" },
	{ "epoch", "one", "epoch 'one' is no number or range" },
	{ "partition", "0x1", "partition '0x1' is no number or range" },
	{ "broker", "1..x", "broker '1..x' is no number or range" },
	{ "time", "yesterday", "time 'yesterday' is no time or range of times" },
	{ "time", "now..-10m", "time 'now..-10m' begins after its end" },
	{ "type", "TOPICZ", "type 'TOPICZ' matches no record type" },
	{ "type", "[", "type '[' matches no record type" },
	{ "not-type", "nothing*", "not-type 'nothing*' matches no record type" },
	{ "type", "topic,", "matches no record type" },
	{ "colour", "red", "no filter is called 'colour'" },
	{ "topic", "", "topic needs a value" },
	{ "grep", "", "grep needs a value" },
};
/* clang-format on */

ROWS(filter, refuses, bad)
ParameterizedTest(const size_t *row, filter, refuses, .timeout = 10)
{
	struct kmeta_filter *filter = kmeta_filter_new();
	struct kmeta_finding why = { 0 };

	cr_expect_eq(kmeta_filter_add(filter, bad[*row].term, bad[*row].value,
	                              (struct kmeta_clock){ NOW, NOW }, &why),
	             KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_BAD_ARGUMENT);
	cr_expect(strstr(why.message, bad[*row].message), "%s", why.message);
	kmeta_filter_free(filter);
}

/* A pattern of any length is taken whole: no part of it may be what is looked for. */
Test(filter, long_patterns, .timeout = 10)
{
	struct kmeta_filter *filter = kmeta_filter_new();
	struct kmeta_finding why;
	char pattern[100] = "";

	memset(pattern, '*', 62);
	strcpy(pattern + 62, "*IS_NOT_A_TYPE");
	cr_expect_eq(
		kmeta_filter_add(filter, "type", pattern, (struct kmeta_clock){ NOW, NOW }, &why),
		KMETA_FAILED);
	kmeta_filter_free(filter);
}
