/* SPDX-License-Identifier: Apache-2.0 */
/* dumplog.c: prints what kafka-dump-log 4.3.1 prints with its cluster metadata decoder. */
#include "print/dumplog.h"

#include <stdlib.h>
#include <string.h>

#include "print/json.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "record/batch.h"

/* ---- the head of a file ---- */

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* As Java's File prints a path: without doubled slashes and a final one. */
static void put_path(struct kmeta_buffer *out, const char *path)
{
	for (const char *at = path; *at; at++) {
		if (*at == '/' && at > path && (at[1] == '/' || at[1] == '\0'))
			continue;
		if (*at == '/' && at == path && at[1] == '/')
			continue;
		buffer_char(out, *at);
	}
}

static bool has_suffix(const char *name, const char *suffix)
{
	const size_t size = strlen(name), end = strlen(suffix);

	return size >= end && !strcmp(name + size - end, suffix);
}

void kmeta_dumplog_file(struct kmeta_buffer *out, const char *file)
{
	const char *name = last_name(file);
	char *end;

	buffer_text(out, "Dumping ");
	put_path(out, file);
	buffer_char(out, '\n');
	if (has_suffix(name, ".log")) {
		const long long offset = strtoll(name, &end, 10);

		if (end > name && *end == '.')
			buffer_format(out, "Log starting offset: %lld\n", offset);
	} else if (!strcmp(name, "bootstrap.checkpoint")) {
		buffer_text(out, "KRaft bootstrap snapshot\n");
	} else if (has_suffix(name, ".checkpoint") && strlen(name) >= 31 && name[20] == '-') {
		buffer_format(out, "Snapshot end offset: %lld, epoch: %d\n",
		              strtoll(name, NULL, 10), atoi(name + 21));
	}
}

void kmeta_dumplog_tail(struct kmeta_buffer *out, const char *file, int64_t bytes)
{
	buffer_format(out, "Found %lld invalid bytes at the end of ", (long long)bytes);
	buffer_text(out, last_name(file));
	buffer_char(out, '\n');
}

/* ---- batches ---- */

static void put_labelled(struct kmeta_buffer *out, const char *before, int64_t value)
{
	buffer_text(out, before);
	buffer_integer(out, value);
}

static char *print_bool(char *at, bool value)
{
	return value ? PUT(at, "true") : PUT(at, "false");
}

void kmeta_dumplog_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch)
{
	static const char none[] = "unknown";
	const char *codec = kmeta_codec_name(batch->attributes & KMETA_BATCH_CODEC);
	char *at = buffer_room(out, 14 * (DIGITS_ROOM + 32));

	if (!at)
		return;
	at = digits_signed(PUT(at, "baseOffset: "), batch->base_offset);
	at = digits_signed(PUT(at, " lastOffset: "), batch->last_offset);
	at = digits_signed(PUT(at, " count: "), batch->count);
	at = digits_signed(PUT(at, " baseSequence: "), batch->base_sequence);
	at = digits_signed(
		PUT(at, " lastSequence: "),
		batch->base_sequence == -1 ? -1 : batch_sequence(batch, batch->last_offset_delta));
	at = digits_signed(PUT(at, " producerId: "), batch->producer_id);
	at = digits_signed(PUT(at, " producerEpoch: "), batch->producer_epoch);
	at = digits_signed(PUT(at, " partitionLeaderEpoch: "), batch->epoch);
	at = print_bool(PUT(at, " isTransactional: "),
	                batch->attributes & KMETA_BATCH_TRANSACTIONAL);
	at = print_bool(PUT(at, " isControl: "), batch->attributes & KMETA_BATCH_CONTROL);
	if (batch->attributes & KMETA_BATCH_DELETE_HORIZON) {
		at = digits_signed(PUT(at, " deleteHorizonMs: OptionalLong["),
		                   batch->base_timestamp);
		*at++ = ']';
	} else {
		at = PUT(at, " deleteHorizonMs: OptionalLong.empty");
	}
	at = digits_signed(PUT(at, " position: "), batch->position);
	at = batch->attributes & KMETA_BATCH_LOG_APPEND_TIME ? PUT(at, " LogAppendTime: ")
	                                                     : PUT(at, " CreateTime: ");
	at = digits_signed(at, batch->max_timestamp);
	at = digits_signed(PUT(at, " size: "), batch->size);
	at = digits_signed(PUT(at, " magic: "), batch->magic);
	at = stpcpy(PUT(at, " compresscodec: "), codec ? codec : none);
	at = digits_signed(PUT(at, " crc: "), batch->crc);
	at = print_bool(PUT(at, " isvalid: "), batch->valid);
	*at++ = '\n';
	buffer_wrote(out, at);
}

/* ---- records ---- */

static void put_header_keys(struct kmeta_buffer *out, const struct kmeta_record *record)
{
	struct kmeta_bytes left = record->headers, key, value;
	bool first = true;

	if (!record->header_count) {
		buffer_text(out, DUMPLOG_NO_HEADERS);
		return;
	}
	buffer_text(out, " headerKeys: [");
	while (kmeta_header_next(&left, &key, &value)) {
		if (!first)
			buffer_char(out, ',');
		scalar_utf8(out, key);
		first = false;
	}
	buffer_char(out, ']');
}

/* What kafka-dump-log prints before the body of a control record, by type. */
static const char *const bodies[] = {
	NULL,
	NULL,
	" LeaderChange: ",
	" SnapshotHeader ",
	" SnapshotFooter ",
	" KRaftVersion ",
	" KRaftVoters ",
};

static void put_control(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags)
{
	const int32_t type = line->record->type;
	const struct kmeta_field *epoch;

	if (!line->fields || type < 0 || (size_t)type >= sizeof(bodies) / sizeof(bodies[0])) {
		buffer_format(out, " controlType: UNKNOWN(%d)", type);
	} else if (type <= 1) {
		epoch = kmeta_fields_find(line->fields, "coordinatorEpoch");
		buffer_format(out, " endTxnMarker: %s coordinatorEpoch: %lld",
		              type ? "COMMIT" : "ABORT",
		              epoch ? (long long)epoch->value.integer : 0);
	} else {
		buffer_text(out, strcmp(line->fields->schema->name, "LEADER_CHANGE") ? bodies[type]
		                                                                     : bodies[2]);
		json_fields(out, line->fields, flags);
	}
}

/*
 * The messages of MetadataRecordSerde and AbstractApiMessageSerde for a value that they cannot
 * read.
 */
static void put_error(struct kmeta_buffer *out, const struct kmeta_line *line)
{
	const struct kmeta_record *record = line->record;
	static const char *const parts[] = { "frame version", "type", "version" };

	buffer_format(out, "Error at %lld, skipping. ", (long long)record->offset);
	switch (line->error->code) {
	case KMETA_NO_VALUE:
		buffer_text(out, "Error while reading frame version");
		break;
	case KMETA_BAD_FRAME:
		buffer_format(out, "Error while reading %s",
		              parts[record->frame < 0  ? 0
		                    : record->type < 0 ? 1
		                                       : 2]);
		break;
	case KMETA_UNKNOWN_FRAME:
		buffer_format(out,
		              "Could not deserialize metadata record due to unknown frame version "
		              "%d(only frame version 1 is supported)",
		              record->frame);
		break;
	case KMETA_UNKNOWN_RECORD:
		buffer_format(out,
		              "org.apache.kafka.common.errors.UnsupportedVersionException: Unknown "
		              "metadata id %d",
		              record->type);
		break;
	case KMETA_TRAILING_BYTES:
		buffer_format(out, "Found %lld byte(s) of garbage after %d",
		              (long long)line->error->size, record->type);
		break;
	default:
		buffer_format(out, "Failed to deserialize record with type %d", record->type);
	}
}

void dumplog_payload(struct kmeta_buffer *out, const struct kmeta_schema *schema, int32_t version)
{
	buffer_text(out, DUMPLOG_PAYLOAD "{\"type\":\"");
	buffer_text(out, schema->name);
	put_labelled(out, "\",\"version\":", version);
	buffer_text(out, ",\"data\":");
}

static void put_payload(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags)
{
	if (!line->fields) {
		buffer_text(out, DUMPLOG_PAYLOAD);
		put_error(out, line);
		return;
	}
	dumplog_payload(out, line->fields->schema, line->record->version);
	json_fields(out, line->fields, flags);
	buffer_char(out, '}');
}

void dumplog_offset(struct kmeta_buffer *out, int64_t offset)
{
	put_labelled(out, "| offset: ", offset);
}

void dumplog_time(struct kmeta_buffer *out, const struct kmeta_batch *batch, int64_t timestamp)
{
	const bool appended = batch->attributes & KMETA_BATCH_LOG_APPEND_TIME;

	put_labelled(out, appended ? " LogAppendTime: " : " CreateTime: ", timestamp);
}

void dumplog_key_size(struct kmeta_buffer *out, int64_t size)
{
	put_labelled(out, " keySize: ", size);
}

void dumplog_sequence(struct kmeta_buffer *out, int32_t sequence)
{
	put_labelled(out, " sequence: ", sequence);
}

/* Everything before the header keys. */
static void put_record_head(struct kmeta_buffer *out, const struct kmeta_line *line)
{
	const struct kmeta_record *record = line->record;
	const struct kmeta_batch *batch = line->batch;
	const int32_t delta = (int32_t)((uint64_t)record->offset - (uint64_t)batch->base_offset);

	dumplog_offset(out, record->offset);
	dumplog_time(out, batch, record->timestamp);
	dumplog_key_size(out, record->key.data ? (int64_t)record->key.size : -1);
	put_labelled(out, DUMPLOG_VALUE_SIZE,
	             record->value.data ? (int64_t)record->value.size : -1);
	dumplog_sequence(out, batch->base_sequence < 0 ? -1 : batch_sequence(batch, delta));
}

void kmeta_dumplog_record(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags)
{
	put_record_head(out, line);
	put_header_keys(out, line->record);
	if (line->record->control)
		put_control(out, line, flags);
	else
		put_payload(out, line, flags);
	buffer_char(out, '\n');
}
