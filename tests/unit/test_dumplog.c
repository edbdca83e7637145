/* SPDX-License-Identifier: Apache-2.0 */
/* test_dumplog.c: the lines of kafka-dump-log 4.3.1, to the letter. */
#include <stdio.h>

#include <kmeta.h>

#include "lines.h"

/* ---- the head of a file ---- */

static const struct {
	const char *file, *lines;
} heads[] = {
	{ "00000000000000000000.log",
	  "Dumping 00000000000000000000.log\nLog starting offset: 0\n" },
	{ "/a/b/00000000000000000310.log",
	  "Dumping /a/b/00000000000000000310.log\nLog starting offset: 310\n" },
	{ "a//b/./c/5.log", "Dumping a/b/./c/5.log\nLog starting offset: 5\n" },
	{ "12.34.log", "Dumping 12.34.log\nLog starting offset: 12\n" },
	{ "-5.log", "Dumping -5.log\nLog starting offset: -5\n" },
	{ "00000000000000000580-0000000002.checkpoint",
	  "Dumping 00000000000000000580-0000000002.checkpoint\n"
	  "Snapshot end offset: 580, epoch: 2\n" },
	{ "d/bootstrap.checkpoint", "Dumping d/bootstrap.checkpoint\nKRaft bootstrap snapshot\n" },
	{ "00000000000000000000.log.deleted", "Dumping 00000000000000000000.log.deleted\n" },
	{ "segment.log", "Dumping segment.log\n" },
	{ "snapshot.checkpoint", "Dumping snapshot.checkpoint\n" },
};

ROWS(kafka, head, heads)
ParameterizedTest(const size_t *row, kafka, head, .timeout = 10)
{
	struct printed p = { 0 };

	kmeta_dumplog_file(&p.out, heads[*row].file);
	printed_is(&p, heads[*row].lines);
	kmeta_buffer_release(&p.out);
}

Test(kafka, tail, .timeout = 10)
{
	struct printed p = { 0 };

	kmeta_dumplog_tail(&p.out, "/a/00000000000000000000.log", 777);
	printed_is(&p, "Found 777 invalid bytes at the end of 00000000000000000000.log\n");
	kmeta_buffer_release(&p.out);
}

/* ---- batches ---- */

Test(kafka, batch, .timeout = 10)
{
	struct printed p;

	printed_value(&p, BYTES("\x01\x14\x00\0"));
	kmeta_dumplog_batch(&p.out, &p.batch);
	printed_is(&p, "baseOffset: 7 lastOffset: 7 count: 1 baseSequence: -1 lastSequence: -1 "
	               "producerId: -1 producerEpoch: -1 partitionLeaderEpoch: 1 "
	               "isTransactional: false isControl: false "
	               "deleteHorizonMs: OptionalLong.empty position: 128 "
	               "CreateTime: 1730000000005 size: 72 magic: 2 compresscodec: none "
	               "crc: 51966 isvalid: true\n");
	printed_release(&p);
}

Test(kafka, batch_of_another_kind, .timeout = 10)
{
	struct printed p;

	printed_value(&p, BYTES("\x01\x14\x00\0"));
	p.batch.attributes = KMETA_BATCH_TRANSACTIONAL | KMETA_BATCH_CONTROL |
	                     KMETA_BATCH_LOG_APPEND_TIME | KMETA_BATCH_DELETE_HORIZON | KMETA_ZSTD;
	p.batch.base_sequence = INT32_MAX;
	p.batch.last_offset_delta = 2;
	p.batch.producer_id = 9;
	p.batch.producer_epoch = 3;
	p.batch.crc = UINT32_MAX;
	p.batch.valid = false;
	kmeta_dumplog_batch(&p.out, &p.batch);
	printed_is(&p, "baseOffset: 7 lastOffset: 7 count: 1 baseSequence: 2147483647 "
	               "lastSequence: 1 producerId: 9 producerEpoch: 3 partitionLeaderEpoch: 1 "
	               "isTransactional: true isControl: true "
	               "deleteHorizonMs: OptionalLong[1730000000000] position: 128 "
	               "LogAppendTime: 1730000000005 size: 72 magic: 2 compresscodec: zstd "
	               "crc: 4294967295 isvalid: false\n");
	printed_release(&p);
}

/* ---- records ---- */

#define ID "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x09"

/* clang-format off */
static const struct {
	struct kmeta_bytes value;
	const char *tail; /* behind valueSize */
} payloads[] = {
	{ BYTES("\x01\x02\x00\x07orders" ID "\0"),
	  "27 sequence: -1 headerKeys: [] payload: {\"type\":\"TOPIC_RECORD\",\"version\":0,"
	  "\"data\":{\"name\":\"orders\",\"topicId\":\"AAAAAAAAAAAAAAAAAAAACQ\"}}\n" },
	{ BYTES("\x01\x14\x00\0"),
	  "4 sequence: -1 headerKeys: [] payload: {\"type\":\"NO_OP_RECORD\",\"version\":0,\"data\":{}}\n" },
	{ BYTES("\x01\x04\x00\x04\x02" "1\x11ssl.key.password\x08hunter2\0"),
	  "32 sequence: -1 headerKeys: [] payload: {\"type\":\"CONFIG_RECORD\",\"version\":0,"
	  "\"data\":{\"resourceType\":4,\"resourceName\":\"1\",\"name\":\"ssl.key.password\",\"value\":\"[hidden]\"}}\n" },
	{ { NULL, 0 }, "-1 sequence: -1 headerKeys: [] payload: Error at 7, skipping. Error while reading frame version\n" },
	{ BYTES(""), "0 sequence: -1 headerKeys: [] payload: Error at 7, skipping. Error while reading frame version\n" },
	{ BYTES("\x01"), "1 sequence: -1 headerKeys: [] payload: Error at 7, skipping. Error while reading type\n" },
	{ BYTES("\x01\x02"), "2 sequence: -1 headerKeys: [] payload: Error at 7, skipping. Error while reading version\n" },
	{ BYTES("\x02\x02\x00"),
	  "3 sequence: -1 headerKeys: [] payload: Error at 7, skipping. Could not deserialize metadata record "
	  "due to unknown frame version 2(only frame version 1 is supported)\n" },
	{ BYTES("\x01\x63\x00"),
	  "3 sequence: -1 headerKeys: [] payload: Error at 7, skipping. "
	  "org.apache.kafka.common.errors.UnsupportedVersionException: Unknown metadata id 99\n" },
	{ BYTES("\x01\x02\x00\x09" "abc"),
	  "7 sequence: -1 headerKeys: [] payload: Error at 7, skipping. Failed to deserialize record with type 2\n" },
	{ BYTES("\x01\x14\x00\0\xde\xad"),
	  "6 sequence: -1 headerKeys: [] payload: Error at 7, skipping. Found 2 byte(s) of garbage after 20\n" },
};
/* clang-format on */

ROWS(kafka, payload, payloads)
ParameterizedTest(const size_t *row, kafka, payload, .timeout = 10)
{
	struct printed p;
	char wanted[500];

	printed_value(&p, payloads[*row].value);
	snprintf(wanted, sizeof(wanted),
	         "| offset: 7 CreateTime: 1730000000000 keySize: -1 valueSize: %s",
	         payloads[*row].tail);
	kmeta_dumplog_record(&p.out, &p.line, 0);
	printed_is(&p, wanted);
	printed_release(&p);
}

/* clang-format off */
static const struct {
	struct kmeta_bytes key, value;
	const char *tail; /* behind headerKeys */
} controls[] = {
	{ BYTES("\0\0\0\0"), BYTES("\0\0\0\0\0\x05"), " endTxnMarker: ABORT coordinatorEpoch: 5" },
	{ BYTES("\0\0\0\x01"), BYTES("\0\0\0\0\0\x06"), " endTxnMarker: COMMIT coordinatorEpoch: 6" },
	{ BYTES("\0\0\0\x02"), BYTES("\0\0\0\0\0\x01\x02\0\0\0\x02\0\x01\0"),
	  " LeaderChange: {\"version\":0,\"leaderId\":1,\"voters\":[{\"voterId\":2}],\"grantingVoters\":[]}" },
	{ BYTES("\0\0\0\x03"), BYTES("\0\0\0\0\0\0\0\0\0\x07\0"),
	  " SnapshotHeader {\"version\":0,\"lastContainedLogTimestamp\":7}" },
	{ BYTES("\0\0\0\x04"), BYTES("\0\0\0"), " SnapshotFooter {\"version\":0}" },
	{ BYTES("\0\0\0\x05"), BYTES("\0\0\0\x01\0"), " KRaftVersion {\"version\":0,\"kRaftVersion\":1}" },
	{ BYTES("\0\0\0\x06"), BYTES("\0\0\x01\0"), " KRaftVoters {\"version\":0,\"voters\":[]}" },
	{ BYTES("\0\0\0\x63"), { NULL, 0 }, " controlType: UNKNOWN(99)" },
	{ BYTES("\0\0\xff\xff"), BYTES("\0\0"), " controlType: UNKNOWN(-1)" },
};
/* clang-format on */

ROWS(kafka, control, controls)
ParameterizedTest(const size_t *row, kafka, control, .timeout = 10)
{
	const struct kmeta_bytes value = controls[*row].value;
	struct printed p;
	char wanted[500];

	printed_init(&p,
	             &(struct batch_plan){ .base_offset = 7, .attributes = KMETA_BATCH_CONTROL },
	             &(struct record_plan){ .key = controls[*row].key, .value = value });
	snprintf(wanted, sizeof(wanted),
	         "| offset: 7 CreateTime: 1730000000000 keySize: 4 valueSize: %d sequence: -1 "
	         "headerKeys: []%s\n",
	         value.data ? (int)value.size : -1, controls[*row].tail);
	kmeta_dumplog_record(&p.out, &p.line, 0);
	printed_is(&p, wanted);
	printed_release(&p);
}

/* Header keys are raw, but for bytes that are no UTF-8; the sequence goes on from 0. */
Test(kafka, headers_and_sequence, .timeout = 10)
{
	struct printed p;

	printed_init(
		&p,
		&(struct batch_plan){ .base_offset = 7, .attributes = KMETA_BATCH_LOG_APPEND_TIME },
		&(struct record_plan){ .value = BYTES("\x01\x14\x00\0"),
	                               .key = BYTES("ab"),
	                               .headers = BYTES("\x06\x04k\"\x00\x02\xff\x01\x00\x01") });
	p.batch.base_sequence = INT32_MAX;
	p.batch.base_offset = 6;
	kmeta_dumplog_record(&p.out, &p.line, 0);
	printed_is(&p, "| offset: 7 LogAppendTime: 1730000000005 keySize: 2 valueSize: 4 "
	               "sequence: 0 headerKeys: [k\",\xef\xbf\xbd,] payload: "
	               "{\"type\":\"NO_OP_RECORD\",\"version\":0,\"data\":{}}\n");
	printed_release(&p);
}
