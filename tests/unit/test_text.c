/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.c: lines for people: what is said of a record, and that nothing in it harms a terminal.
 */
#include <stdio.h>
#include <string.h>

#include <kmeta.h>

#include "lines.h"
#include "print/timestamp.h"

#define ID   "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x09"
#define HEAD "         7  2024-10-27T03:33:20.000Z  e1    "

/* clang-format off */
static const struct {
	struct kmeta_bytes value;
	const char *line; /* behind offset, time and epoch */
} lines[] = {
	{ BYTES("\x01\x02\x00\x07orders" ID "\0"), "TOPIC                       orders id=AAAAAAAAAAAAAAAAAAAACQ\n" },
	{ BYTES("\x01\x09\x00" ID "\0"), "REMOVE_TOPIC                AAAAAAAAAAAAAAAAAAAACQ\n" },
	{ BYTES("\x01\x14\x00\0"), "NO_OP\n" },
	{ BYTES("\x01\x05\x00\0\0\0\x03" ID "\x02\x00\x09\x03\0\0\0\x01\0\0\0\x02\x01\x04\xff\xff\xff\xff"),
	  "PARTITION_CHANGE            AAAAAAAAAAAAAAAAAAAACQ/3 isr=[1,2] leader=none\n" },
	/* an isr of nobody says something, as does being written at all */
	{ BYTES("\x01\x05\x00\0\0\0\x03" ID "\x01\x00\x01\x01"),
	  "PARTITION_CHANGE            AAAAAAAAAAAAAAAAAAAACQ/3 isr=[]\n" },
	{ BYTES("\x01\x04\x00\x02\x02" "t\x0dretention.ms\x03" "10\0"),
	  "CONFIG                      topic t retention.ms=10\n" },
	{ BYTES("\x01\x04\x00\x04\x01\x0dretention.ms\0\0"),
	  "CONFIG                      broker (default) retention.ms=(removed)\n" },
	{ BYTES("\x01\x04\x00\x04\x02" "1\x0dretention.ms\x01\0"),
	  "CONFIG                      broker 1 retention.ms=(empty)\n" },
	{ BYTES("\x01\x04\x00\x04\x02" "1\x11ssl.key.password\x08hunter2\0"),
	  "CONFIG                      broker 1 ssl.key.password=[hidden]\n" },
	{ BYTES("\x01\x04\x00\x63\x02" "1\x02k\x02v\0"), "CONFIG                      99 1 k=v\n" },
	{ BYTES("\x01\x0c\x00\x11metadata.version\0\x15\0"),
	  "FEATURE_LEVEL               metadata.version=21 (3.9-IV0)\n" },
	{ BYTES("\x01\x0c\x00\x11metadata.version\x7f\xff\0"),
	  "FEATURE_LEVEL               metadata.version=32767\n" },
	{ BYTES("\x01\x0c\x00\x0ekraft.version\0\x01\0"), "FEATURE_LEVEL               kraft.version=1\n" },
	{ BYTES("\x01\x0f\x00\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x64\0"),
	  "PRODUCER_IDS                next=100 brokerId=1 brokerEpoch=2\n" },
	{ BYTES("\x01\x1c\x00\x01\0"), "CLEAR_ELR                   topic (all)\n" },
	{ BYTES("\x01\x14\x00\x01\x07\x02hi"), "NO_OP                       tag7=aGk=\n" },
	/* what cannot be decoded */
	{ BYTES("\x01\x8f\x4e\x00"), "UNKNOWN(9999)               !! unknown record type 9999 (4 bytes: AY9OAA==)\n" },
	{ BYTES("\x01"), "UNKNOWN                     !! the record type cannot be read (1 bytes: AQ==)\n" },
	{ BYTES("\x01\x02\x4d"), "TOPIC                       !! unknown version 77 of TOPIC_RECORD (3 bytes: AQJN)\n" },
	{ BYTES("\x01\x0b\x09hunter2"),
	  "USER_SCRAM_CREDENTIAL       !! unknown version 9 of USER_SCRAM_CREDENTIAL_RECORD (10 bytes: [hidden])\n" },
	/* strings that would confuse the eye or the terminal are quoted */
	{ BYTES("\x01\x02\x00\x04" "a b" ID "\0"), "TOPIC                       \"a b\" id=AAAAAAAAAAAAAAAAAAAACQ\n" },
	{ BYTES("\x01\x02\x00\x06\x1b[31m" ID "\0"),
	  "TOPIC                       \"\\u001B[31m\" id=AAAAAAAAAAAAAAAAAAAACQ\n" },
	{ BYTES("\x01\x02\x00\x04" "a\nb" ID "\0"), "TOPIC                       \"a\\nb\" id=AAAAAAAAAAAAAAAAAAAACQ\n" },
	{ BYTES("\x01\x02\x00\x04" "a\"b" ID "\0"), "TOPIC                       \"a\\\"b\" id=AAAAAAAAAAAAAAAAAAAACQ\n" },
	{ BYTES("\x01\x02\x00\x04" "\xed\x95\x9c" ID "\0"),
	  "TOPIC                       \xed\x95\x9c id=AAAAAAAAAAAAAAAAAAAACQ\n" },
	{ BYTES("\x01\x02\x00\x02\xff" ID "\0"), "TOPIC                       \xef\xbf\xbd id=AAAAAAAAAAAAAAAAAAAACQ\n" },
};
/* clang-format on */

ROWS(text, line, lines)
ParameterizedTest(const size_t *row, text, line, .timeout = 10)
{
	struct kmeta_text *text = kmeta_text_new();
	struct printed p;
	char wanted[500];

	printed_value(&p, lines[*row].value);
	snprintf(wanted, sizeof(wanted), HEAD "%s", lines[*row].line);
	kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC);
	printed_is(&p, wanted);
	printed_release(&p);
	kmeta_text_free(text);
}

/* No byte that a terminal acts upon comes through, whatever a string holds. */
Test(text, no_control_characters, .timeout = 10)
{
	for (int byte = 0; byte < 256; byte++) {
		const uint8_t strings[][2] = { { (uint8_t)byte, 'x' }, { 0xc2, (uint8_t)byte } };

		for (size_t i = 0; i < COUNT(strings); i++) {
			struct kmeta_text *text = kmeta_text_new();
			struct made m = { 0 };
			struct printed p;

			put_head(&m, 2, 0);
			put_compact(&m, (struct kmeta_bytes){ strings[i], 2 });
			put_all(&m, BYTES(ID "\0"));
			printed_value(&p, made_bytes(&m));
			kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC);
			for (size_t c = 0; c + 1 < p.out.size; c++) {
				const uint8_t at = (uint8_t)p.out.at[c];

				cr_assert(at >= 0x20, "byte %02x shows as %02x", byte, at);
				/* 7f and the controls of Latin 1 may stand in quotes. */
				cr_assert(at != 0x7f || memchr(p.out.at, '"', p.out.size),
				          "byte %02x is not quoted", byte);
			}
			printed_release(&p);
			kmeta_text_free(text);
			made_release(&m);
		}
	}
}

Test(text, topics_by_name, .timeout = 10)
{
	struct kmeta_topics *topics = kmeta_topics_new();
	struct kmeta_text *text = kmeta_text_new();
	struct printed topic, removal;

	printed_value(&topic, BYTES("\x01\x02\x00\x07orders" ID "\0"));
	cr_assert(kmeta_topics_learn(topics, &topic.record, &topic.fields));
	topic.line.topics = topics;
	kmeta_text(&topic.out, text, &topic.line, KMETA_SHOW_UTC);
	printed_is(&topic, HEAD "TOPIC                       orders id=AAAAAAAAAAAAAAAAAAAACQ\n");

	printed_value(&removal, BYTES("\x01\x09\x00" ID "\0"));
	cr_assert(kmeta_topics_learn(topics, &removal.record, &removal.fields));
	removal.line.topics = topics;
	kmeta_text(&removal.out, text, &removal.line, KMETA_SHOW_UTC);
	printed_is(&removal, HEAD "REMOVE_TOPIC                orders\n");
	printed_release(&topic);
	kmeta_text_free(text);
	printed_release(&removal);
	kmeta_topics_free(topics);
}

/* Damage that was met and the record all the same: both are said. */
Test(text, doubtful_record, .timeout = 10)
{
	struct kmeta_text *text = kmeta_text_new();
	struct printed p;

	printed_value(&p, BYTES("\x01\x02\x00\x07orders" ID "\0"));
	strcpy(p.why.message, "CRC-32C is wrong");
	p.line.error = &p.why;
	kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC);
	printed_is(&p, HEAD "TOPIC                       orders id=AAAAAAAAAAAAAAAAAAAACQ "
	                    "!! CRC-32C is wrong\n");
	printed_release(&p);
	kmeta_text_free(text);
}

Test(text, time_goes_on, .timeout = 10)
{
	static const struct {
		int64_t time;
		const char *text;
	} times[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },        { 999, "1970-01-01T00:00:00.999Z" },
		{ 1000, "1970-01-01T00:00:01.000Z" },     { -1, "1969-12-31T23:59:59.999Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },       { 0, "1970-01-01T00:00:00.000Z" },
		{ 86400000, "1970-01-02T00:00:00.000Z" }, { INT64_MAX, "@9223372036854775.807" },
		{ INT64_MIN, "@-9223372036854776.192" },
	};
	struct kmeta_text *text = kmeta_text_new();

	for (size_t i = 0; i < COUNT(times); i++) {
		struct printed p;

		printed_value(&p, BYTES("\x01\x14\x00\0"));
		p.record.timestamp = times[i].time;
		kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC);
		cr_expect(printed_has(&p, times[i].text), "%.*s", (int)p.out.size, p.out.at);
		printed_release(&p);
	}
	kmeta_text_free(text);
}

/* Without date and zone, and less padded; what it says of the record is the same. */
Test(text, narrow, .timeout = 10)
{
	static const unsigned flags = KMETA_SHOW_UTC | KMETA_SHOW_NARROW;
	static const struct kmeta_fold fold = { .count = 12,
		                                .first_offset = 100,
		                                .last_offset = 111,
		                                .timestamp = MADE_TIME * INT64_C(1000) + 7,
		                                .epoch = 3 };
	struct kmeta_text *text = kmeta_text_new();
	struct printed p;

	printed_value(&p, BYTES("\x01\x0c\x00\x11metadata.version\0\x15\0"));
	kmeta_text(&p.out, text, &p.line, flags);
	printed_is(&p, "         7  03:33:20.000 e1   FEATURE_LEVEL     metadata.version=21 "
	               "(3.9-IV0)\n");
	p.out.size = 0;
	kmeta_text_fold(&p.out, text, &fold, flags);
	printed_is(&p, "       100  03:33:20.007 e3   NO_OP             12 folded, up to offset "
	               "111\n");
	/* The day is not forgotten. */
	p.out.size = 0;
	kmeta_text_head(&p.out, text, 7, MADE_TIME * INT64_C(1000), 1, KMETA_SHOW_UTC);
	printed_is(&p, "         7  2024-10-27T03:33:20.000Z  e1    ");
	p.out.size = 0;
	kmeta_text_head(&p.out, text, 7, INT64_MAX, 1, flags);
	printed_is(&p, "         7  @9223372036854775.807 e1   ");
	printed_release(&p);
	kmeta_text_free(text);
}

Test(text, colors, .timeout = 10)
{
	struct kmeta_text *text = kmeta_text_new();
	struct printed p;

	printed_value(&p, BYTES("\x01\x14\x00\0"));
	kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC);
	cr_expect(!memchr(p.out.at, '\x1b', p.out.size));
	p.out.size = 0;
	kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC | KMETA_SHOW_COLOR);
	cr_expect(memchr(p.out.at, '\x1b', p.out.size));
	cr_expect(printed_has(&p, "\x1b[0m"));
	printed_release(&p);
	kmeta_text_free(text);
}

#define PARTITION "\x01\x03\x00\0\0\0\x03" ID "\x03\0\0\0\x01\0\0\0\x02"
#define CHANGE    "\x01\x05\x00\0\0\0\x03" ID
#define TOPIC_3   "AAAAAAAAAAAAAAAAAAAACQ/3 "
#define RED(text) "\x1b[31m" text "\x1b[0m"

/* clang-format off */
static const struct {
	struct kmeta_bytes value;
	const char *line; /* behind the type; colours alone are there */
} meanings[] = {
	{ BYTES(PARTITION "\x02\0\0\0\x01\x01\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0"),
	  TOPIC_3 "replicas=[1,2] \x1b[33misr=[1]\x1b[0m leader=1 leaderEpoch=0 partitionEpoch=0\n" },
	{ BYTES(PARTITION "\x03\0\0\0\x02\0\0\0\x01\x01\x01\0\0\0\x01\0\0\0\0\0\0\0\0\0"),
	  TOPIC_3 "replicas=[1,2] isr=[2,1] leader=1 leaderEpoch=0 partitionEpoch=0\n" },
	{ BYTES(PARTITION "\x01\x01\x01\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0"),
	  TOPIC_3 "replicas=[1,2] \x1b[33misr=[]\x1b[0m " RED("leader=none") " leaderEpoch=0 partitionEpoch=0\n" },
	/* how many replicas there are is not known here, or said by the same record */
	{ BYTES(CHANGE "\x02\x00\x05\x02\0\0\0\x01\x01\x04\xff\xff\xff\xff"), TOPIC_3 "isr=[1] " RED("leader=none") "\n" },
	{ BYTES(CHANGE "\x02\x00\x05\x02\0\0\0\x01\x01\x04\0\0\0\x01"), TOPIC_3 "isr=[1] leader=1\n" },
	{ BYTES(CHANGE "\x02\x00\x05\x02\0\0\0\x01\x02\x09\x03\0\0\0\x01\0\0\0\x02"),
	  TOPIC_3 "\x1b[33misr=[1]\x1b[0m replicas=[1,2]\n" },
	{ BYTES(CHANGE "\x02\x01\x04\0\0\0\x02\x05\x01\x01"), TOPIC_3 "leader=2 " RED("leaderRecoveryState=recovering") "\n" },
	{ BYTES(CHANGE "\x02\x01\x04\0\0\0\x02\x05\x01\x00"), TOPIC_3 "leader=2 leaderRecoveryState=recovered\n" },
	{ BYTES("\x01\x11\x00\0\0\0\x01\0\0\0\0\0\0\0\x02\x01\x00\x01\x01"), "broker 1 brokerEpoch=2 " RED("fenced=fence") "\n" },
	{ BYTES("\x01\x11\x00\0\0\0\x01\0\0\0\0\0\0\0\x02\x01\x00\x01\xff"), "broker 1 brokerEpoch=2 fenced=unfence\n" },
};
/* clang-format on */

ROWS(text, meaning, meanings)
ParameterizedTest(const size_t *row, text, meaning, .timeout = 10)
{
	struct kmeta_text *text = kmeta_text_new();
	struct printed p;
	const char *type_end;

	printed_value(&p, meanings[*row].value);
	kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC | KMETA_SHOW_COLOR);
	kmeta_buffer_add(&p.out, "", 1);
	type_end = strstr(p.out.at, "\x1b[1m");
	type_end = type_end ? strstr(type_end, "\x1b[0m  ") : NULL;
	cr_assert(type_end, "%s", p.out.at);
	cr_expect_str_eq(type_end + 6, meanings[*row].line);
	printed_release(&p);
	kmeta_text_free(text);
}

Test(text, no_ops_are_dim_and_wrong_checksums_red, .timeout = 10)
{
	struct kmeta_text *text = kmeta_text_new();
	struct printed p;

	printed_value(&p, BYTES("\x01\x14\x00\0"));
	kmeta_text(&p.out, text, &p.line, KMETA_SHOW_UTC | KMETA_SHOW_COLOR);
	cr_expect(printed_has(&p, "\x1b[2mNO_OP"));
	p.out.size = 0;
	p.batch.valid = false;
	kmeta_text_batch(&p.out, &p.batch, KMETA_SHOW_COLOR);
	cr_expect(printed_has(&p, "\x1b[31mWRONG\x1b[0m"));
	printed_release(&p);
	kmeta_text_free(text);
}

Test(text, batch_and_fold, .timeout = 10)
{
	const struct kmeta_fold fold = { .count = 12,
		                         .first_offset = 100,
		                         .last_offset = 111,
		                         .timestamp = MADE_TIME * INT64_C(1000),
		                         .epoch = 3 };
	struct kmeta_text *text = kmeta_text_new();
	struct printed p;

	printed_init(&p,
	             &(struct batch_plan){ .base_offset = 7, .attributes = KMETA_BATCH_CONTROL },
	             &(struct record_plan){ .key = BYTES("\0\0\0\x04"), .value = BYTES("\0\0\0") });
	p.batch.valid = false;
	kmeta_text_batch(&p.out, &p.batch, 0);
	printed_is(&p, "batch 7..7: 1 records, 75 bytes at dir/made.log:128, epoch 1, none, "
	               "crc 0000cafe WRONG, control\n");
	p.out.size = 0;
	kmeta_text_fold(&p.out, text, &fold, KMETA_SHOW_UTC);
	printed_is(&p, "       100  2024-10-27T03:33:20.000Z  e3    NO_OP                       "
	               "12 folded, up to offset 111\n");
	printed_release(&p);
	kmeta_text_free(text);
}
