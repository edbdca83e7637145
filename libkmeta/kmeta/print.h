/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/print.h: records, values and entities in words, and which records are wanted.
 *
 * All printers append to a kmeta_buffer and hide credentials unless KMETA_SHOW_SECRETS is set. They
 * do not fail by themselves: if memory runs out, the buffer says so. They keep no pointer that they
 * are given. Text from the log is printed as UTF-8, with U+FFFD in place of bytes that are not. A
 * program that prints the records of a batch as JSON Lines:
 *
 *	static void print_json(struct kmeta_dialect *dialect, const struct kmeta_batch *batch)
 *	{
 *		struct kmeta_buffer out = { 0 };
 *		struct kmeta_fields fields = { 0 };
 *		struct kmeta_cursor cursor = { 0 };
 *		struct kmeta_record record;
 *		struct kmeta_finding why;
 *		struct kmeta_line line = { .batch = batch, .record = &record };
 *
 *		while (kmeta_batch_next(batch, &cursor, &record, &why) == KMETA_OK) {
 *			const bool decoded =
 *				kmeta_decode(dialect, &record, &fields, &why) == KMETA_OK;
 *
 *			line.fields = decoded ? &fields : NULL;
 *			line.error = decoded ? NULL : &why;
 *			kmeta_json(&out, &line, 0);
 *		}
 *		fwrite(out.at, 1, out.size, stdout);
 *		kmeta_buffer_release(&out);
 *		kmeta_fields_release(&fields);
 *	}
 */
#ifndef KMETA_PRINT_H
#define KMETA_PRINT_H

#include <kmeta/log.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Topics: the name that an id has at this point of the stream ---- */

/*
 * Most records name a topic by its id alone. This object learns the names of ids from the records
 * of a stream, so that printers and filters can use them. Opaque; use one for each stream.
 */
struct kmeta_topics;

/*
 * Returns a new object without any names. The caller frees it with kmeta_topics_free(). NULL: out
 * of memory.
 */
KMETA_CHECKED struct kmeta_topics *kmeta_topics_new(void);

/* Frees the object, and the names that were borrowed from it. NULL is fine. */
KMETA_API void kmeta_topics_free(struct kmeta_topics *topics);

/*
 * Learns from a decoded record: TOPIC_RECORD gives an id its name, REMOVE_TOPIC_RECORD takes it
 * away. Other records change nothing, and their "fields" are not looked at. Pass every record of
 * the stream in order, before it is printed: the name of a topic that a record removes stays known
 * until the next call. Names are copied.
 *
 * False: out of memory; this name is unknown, and the others stay known.
 */
KMETA_CHECKED bool kmeta_topics_learn(struct kmeta_topics *topics,
                                      const struct kmeta_record *record,
                                      const struct kmeta_fields *fields);

/*
 * True for the records that kmeta_topics_learn() learns from. A program that decodes only some
 * records has to decode these too.
 */
KMETA_API bool kmeta_topics_wants(const struct kmeta_record *record);

/*
 * Returns the name of the topic with this id of 16 bytes; data NULL: unknown. The name is not
 * NUL-terminated. It is borrowed and valid until the next kmeta_topics_learn().
 */
KMETA_API struct kmeta_bytes kmeta_topics_name(const struct kmeta_topics *topics,
                                               const uint8_t *id);

/* ---- Records in words ---- */

/*
 * How to print, as bits of the parameter "flags". Each printer uses those that have a meaning for
 * it and ignores the rest.
 */
enum {
	/*
	 * Print credentials and sensitive configs, which otherwise are "[hidden]". Configs count as
	 * sensitive by their names, such as those with "password" in them, since the log does not
	 * say which are.
	 */
	KMETA_SHOW_SECRETS = 1,

	/* Print the fields of the record's batch too. For JSON alone. */
	KMETA_SHOW_BATCH = 2,

	/* Print times in UTC instead of local time (TZ). JSON has numbers and no use for it. */
	KMETA_SHOW_UTC = 4,

	/*
	 * Use the colours of a terminal (ECMA-48). For text alone. What is wrong is red: damage,
	 * partitions without a leader or with one that was chosen uncleanly, fenced brokers. An
	 * ISR without some of the replicas that the record names is yellow.
	 */
	KMETA_SHOW_COLOR = 8,

	/* Print text for narrow columns: times without date and zone, less padding. */
	KMETA_SHOW_NARROW = 16
};

/* A record to print, with all that printers may use. Everything is borrowed during the call. */
struct kmeta_line {
	/* The batch of the record. Not NULL. */
	const struct kmeta_batch *batch;

	/* The record. Not NULL. */
	const struct kmeta_record *record;

	/* The decoded fields; NULL: the record could not be decoded. */
	const struct kmeta_fields *fields;

	/* Why the record is damaged or could not be decoded; NULL: nothing is wrong. */
	const struct kmeta_finding *error;

	/* Names to print for ids of topics. NULL: print ids. Only text uses it. */
	const struct kmeta_topics *topics;
};

/*
 * Appends a record as one line of JSON, with a newline at its end only:
 *
 *	{"offset":5,"timestamp":1730000000000,"epoch":1,"type":"TOPIC_RECORD","version":0,
 *	 "data":{"name":"orders","topicId":"6Iw0X54eRwa0cl6YaNpYAg"}}
 *
 * "data" is what Kafka's own JSON converter prints for the record, byte for byte if secrets are
 * shown. A record that could not be decoded has "error", "code" and its bytes as "value" in base64
 * instead, or "[hidden]" if the bytes may hold a secret. KMETA_SHOW_BATCH adds "batch" and
 * "headers".
 */
KMETA_API void kmeta_json(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags);

/*
 * Appends a finding as one line of JSON, with the newline. Members whose value is unknown are left
 * out:
 *
 *	{"severity":"error","code":"crc-mismatch","file":"a.log","position":61,"offset":5,
 *	 "message":"CRC-32C is ee3ad379, but the batch says 932bee36"}
 */
KMETA_API void kmeta_json_finding(struct kmeta_buffer *out, const struct kmeta_finding *finding);

/*
 * What the text printer remembers from line to line, to be fast: how to put each schema into words,
 * and the last second as text. Opaque. Use one object with the same KMETA_SHOW_UTC throughout, and
 * in one thread at a time; two objects print the same.
 */
struct kmeta_text;

/*
 * Returns a new object, which the caller frees with kmeta_text_free(). The text that it helps to
 * print is in the caller's buffer and does not depend on it. NULL: out of memory.
 */
KMETA_CHECKED struct kmeta_text *kmeta_text_new(void);

/* Frees the object. What it printed stays in the buffer. NULL is fine. */
KMETA_API void kmeta_text_free(struct kmeta_text *text);

/*
 * Appends a record as one line for people, with the newline:
 *
 *	26  2026-11-24T14:15:22.962Z  e1    PARTITION   orders/3 replicas=[11,12] isr=[11,12] ...
 *
 * These are offset, time, epoch, type without _RECORD, and what the type needs most. The words may
 * change from one release to the next: programs parse JSON. Characters that a terminal might act on
 * are escaped. "!!" marks what is wrong with a record.
 */
KMETA_API void kmeta_text(struct kmeta_buffer *out, struct kmeta_text *text,
                          const struct kmeta_line *line, unsigned flags);

/*
 * Appends the start of such a line, up to the epoch, without a newline, for lines that stand for
 * other things than a record. "timestamp" is in milliseconds since 1970 UTC.
 */
KMETA_API void kmeta_text_head(struct kmeta_buffer *out, struct kmeta_text *text, int64_t offset,
                               int64_t timestamp, int32_t epoch, unsigned flags);

/*
 * Appends a line about a batch with the newline, to print before its records: offsets, number of
 * records, size and position in bytes, epoch, codec, CRC and whether it is right.
 */
KMETA_API void kmeta_text_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch,
                                unsigned flags);

/* A run of records that one line stands for: no-ops, which an idle leader writes all the time. */
struct kmeta_fold {
	/*
	 * How many records there are, and the offsets of the first and the last one printed.
	 * "last_offset" is the smaller one if the log is read backwards.
	 */
	int64_t count, first_offset, last_offset;

	/* The time of the first record, in milliseconds since 1970 UTC. */
	int64_t timestamp;

	/* The leader epoch of the first record. */
	int32_t epoch;
};

/* Appends the line that stands for a run of no-op records, with the newline. */
KMETA_API void kmeta_text_fold(struct kmeta_buffer *out, struct kmeta_text *text,
                               const struct kmeta_fold *fold, unsigned flags);

/*
 * The next four append what kafka-dump-log --cluster-metadata-decoder of release 4.3.1 prints
 * (Kafka's DumpLogSegments), byte for byte on a sound file if secrets are shown. Call them in their
 * order: the file, then each batch before its records, and the end of the file.
 *
 * This one appends the lines before a file's first batch. "file" is a path, of which they show a
 * part.
 */
KMETA_API void kmeta_dumplog_file(struct kmeta_buffer *out, const char *file);

/* Appends the line about a batch. A damaged one has isvalid: false. */
KMETA_API void kmeta_dumplog_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch);

/*
 * Appends the line about a record. If its fields could not be decoded, the line has the message of
 * the exception that Kafka would throw, made from line->error, which must not be NULL then.
 */
KMETA_API void kmeta_dumplog_record(struct kmeta_buffer *out, const struct kmeta_line *line,
                                    unsigned flags);

/* Appends the line about "bytes" bytes of a batch that is cut off by the end of the file. */
KMETA_API void kmeta_dumplog_tail(struct kmeta_buffer *out, const char *file, int64_t bytes);

/* ---- The same, faster: lines of the usual records straight from their bytes ---- */

/* The three forms of a record's line. */
enum kmeta_line_format {
	KMETA_LINE_TEXT, /* as kmeta_text() */
	KMETA_LINE_JSON, /* as kmeta_json() */
	KMETA_LINE_KAFKA /* as kmeta_dumplog_record() */
};

/*
 * What a printer of many records remembers: a plan for each type, and the parts of a line that many
 * records share. Opaque; use one object in one thread at a time. To print the records of a log:
 *
 *	if (kmeta_printer_record(printer, &out, &dialect, &batch, &record, topics))
 *		continue;
 *	... decode the record, and print it with kmeta_json() ...
 */
struct kmeta_printer;

/*
 * Returns a new printer of lines of one form, with these KMETA_SHOW_ bits. The caller frees it with
 * kmeta_printer_free(). NULL: out of memory.
 */
KMETA_CHECKED struct kmeta_printer *kmeta_printer_new(enum kmeta_line_format format,
                                                      unsigned flags);

/* Frees the printer. What it printed stays in the buffer. NULL is fine. */
KMETA_API void kmeta_printer_free(struct kmeta_printer *printer);

/*
 * Appends the line of a record of a sound batch without decoding it, byte for byte as the printer of
 * the form prints it decoded, if it is a usual one: of a common type, without secrets, nothing in it
 * that this dialect would learn from. "topics" NULL: ids are printed. Nothing is learned; a record
 * that kmeta_topics_wants() is not printed where "topics" is given.
 *
 * False: nothing was appended. Decode the record and print it.
 */
KMETA_CHECKED bool kmeta_printer_record(struct kmeta_printer *printer, struct kmeta_buffer *out,
                                        const struct kmeta_dialect *dialect,
                                        const struct kmeta_batch *batch,
                                        const struct kmeta_record *record,
                                        const struct kmeta_topics *topics);

/* The most records that kmeta_printer_expect() takes. */
enum { KMETA_PRINTER_EXPECTS = 16 };

/*
 * Says which records of one batch come next, so that the names they need are in the processor's cache
 * by then. It prints nothing, and changes nothing that is printed; leave it out as you like. More
 * records than KMETA_PRINTER_EXPECTS are ignored.
 */
KMETA_API void kmeta_printer_expect(struct kmeta_printer *printer,
                                    const struct kmeta_dialect *dialect,
                                    const struct kmeta_record *records, size_t count,
                                    const struct kmeta_topics *topics);

/* ---- Tables: records and entities as a stream of Apache Arrow ---- */

/*
 * Makes an Arrow IPC stream of records, or of the entities of a state, which pandas, Polars, DuckDB and Spark read: a schema,
 * batches of rows, and an end. Opaque; use one object for one stream. It holds at most 16384 rows,
 * and few more than 8 MiB of them.
 *
 *	kmeta_arrow_record(arrow, &out, &line);   ... for each record ...
 *	kmeta_arrow_end(arrow, &out);
 */
struct kmeta_arrow;
struct kmeta_entity;

/*
 * Returns a new stream. "type" NULL: a table of any records, with the columns offset, timestamp
 * (milliseconds since 1970 UTC), epoch, type, version, data, error, code and value, each as in
 * kmeta_json(); data is the JSON as text. Otherwise a table of records of the type of this layout,
 * whose fields in all versions of the type are the columns instead of type and data. A column that a
 * field has the name of is called record_epoch, record_version or record_value then.
 *
 * Arrays are lists, structs are structs, ids and bytes are text as in JSON. A value is null where
 * the JSON has null or no such field. Unknown tagged fields are left out. "flags" are KMETA_SHOW_
 * bits, of which KMETA_SHOW_SECRETS counts. The caller frees the result with kmeta_arrow_free().
 * NULL: out of memory.
 */
KMETA_CHECKED struct kmeta_arrow *kmeta_arrow_new(const struct kmeta_schema *type, unsigned flags);

/*
 * Returns a new stream for entities of one kind, for kmeta_arrow_entity(). Its columns are the fields
 * of the record that a snapshot holds, in all versions, so that the tables of any two clusters have
 * the same. A number that stands for a word (kmeta_field_word()) is the word, as text. Partitions
 * have "topic", the name, before them. "unknown" is a list of the fields that are not known, and null
 * unless the state was loaded with "partial". The rest is as in kmeta_arrow_new(). NULL: out of
 * memory, or "kind" is none.
 */
KMETA_CHECKED struct kmeta_arrow *kmeta_arrow_new_entities(enum kmeta_entity_kind kind,
                                                           unsigned flags);

/* Frees the stream, with rows that were not appended yet. NULL is fine. */
KMETA_API void kmeta_arrow_free(struct kmeta_arrow *arrow);

/*
 * Adds a record as a row, and appends the rows to "out" once there are many. In a table of one type,
 * a record of another type has nulls for fields. If memory runs out, or a row takes more than 2 GiB,
 * out->failed is set.
 */
KMETA_API void kmeta_arrow_record(struct kmeta_arrow *arrow, struct kmeta_buffer *out,
                                  const struct kmeta_line *line);

/* The same for an entity, which is of the kind that the stream was made for. */
KMETA_API void kmeta_arrow_entity(struct kmeta_arrow *arrow, struct kmeta_buffer *out,
                                  const struct kmeta_entity *entity);

/* Appends the rows so far, and the schema if it was not appended yet. */
KMETA_API void kmeta_arrow_flush(struct kmeta_arrow *arrow, struct kmeta_buffer *out);

/* The same, and then the end of the stream. */
KMETA_API void kmeta_arrow_end(struct kmeta_arrow *arrow, struct kmeta_buffer *out);

/* ---- Single values in words ---- */

/*
 * Appends the value of one field of "fields" as JSON, as it is in kmeta_json(): with its elements
 * and the fields of structs in it, without its name. "field" points to an entry of "fields". Hides
 * secrets unless KMETA_SHOW_SECRETS is set.
 */
KMETA_API void kmeta_field_json(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                                const struct kmeta_field *field, unsigned flags);

/*
 * Appends the value of one field for people, as it is in kmeta_text(): words for numbers that Kafka
 * gives names. "field" points to an entry of "fields". Hides secrets unless KMETA_SHOW_SECRETS is
 * set.
 */
KMETA_API void kmeta_field_text(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                                const struct kmeta_field *field, unsigned flags);

/*
 * Appends the fields of a record as one JSON object, the "data" of kmeta_json(). Hides secrets unless
 * KMETA_SHOW_SECRETS is set.
 */
KMETA_API void kmeta_fields_json(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                                 unsigned flags);

/*
 * Returns the word that a number of an enumeration stands for, as "recovering" or "SCRAM-SHA-256".
 * "field" is one of "schema". NULL: the field is no enumeration, or the number has no word. The
 * string is constant.
 */
KMETA_API const char *kmeta_field_word(const struct kmeta_schema *schema,
                                       const struct kmeta_schema_field *field, int64_t value);

/*
 * The next three tell what a record is about, in the sense of the filter's terms "topic", "partition"
 * and "broker". A record that names several brokers is about the first that stands alone: the leader
 * of a partition, not its replicas. False: the record names none.
 *
 * Appends the name of the topic, or its id if "topics", which may be NULL, does not know the name.
 * Records that mean all topics have an empty name.
 */
KMETA_API bool kmeta_fields_topic(const struct kmeta_fields *fields,
                                  const struct kmeta_topics *topics, struct kmeta_buffer *out);
KMETA_API bool kmeta_fields_partition(const struct kmeta_fields *fields, int64_t *partition);
KMETA_API bool kmeta_fields_broker(const struct kmeta_fields *fields, int64_t *broker);

/*
 * True if the bytes of a record that cannot be decoded may hold a credential, so that a program
 * should not print them: by its type, or because the batch is damaged and the type may be wrong. It
 * looks at the header of the record alone; use it for raw bytes, since the printers hide fields by
 * themselves.
 */
KMETA_API bool kmeta_record_is_secret(const struct kmeta_batch *batch,
                                      const struct kmeta_record *record);

/*
 * Appends a NUL-terminated text as a JSON string with quotes. Bytes that are not UTF-8 become
 * U+FFFD.
 */
KMETA_API void kmeta_string_json(struct kmeta_buffer *out, const char *text);

/*
 * Appends bytes as padded standard base64 (RFC 4648), without quotes: as Kafka's JSON shows bytes.
 * Nothing for empty or null bytes.
 */
KMETA_API void kmeta_base64(struct kmeta_buffer *out, struct kmeta_bytes bytes);

/*
 * Appends a word as a shell takes it: between quotes where it needs them. Control characters become
 * question marks, so that a command with a hostile name in it can be printed and pasted.
 */
KMETA_API void kmeta_shell_word(struct kmeta_buffer *out, struct kmeta_bytes word);

/*
 * Appends a time, in milliseconds since 1970, as ISO 8601 with milliseconds and zone:
 * "2026-11-24T14:05:00.000+01:00", or with Z if "flags" has KMETA_SHOW_UTC. A year of more than
 * four digits prints as the number of milliseconds.
 */
KMETA_API void kmeta_print_time(struct kmeta_buffer *out, int64_t milliseconds, unsigned flags);

/*
 * Parses a uuid as Kafka prints it (Uuid.toString()): 22 characters of URL-safe base64 without
 * padding, NUL-terminated. "uuid" gets the 16 bytes as they are on the wire. False: the text is not
 * of that form, and "uuid" is untouched.
 */
KMETA_API bool kmeta_uuid_parse(const char *text, uint8_t uuid[16]);

/* ---- Addresses: PATH[@POINT] ---- */

/* What texts such as "-10m" and "14:05" refer to, in milliseconds since 1970. */
struct kmeta_clock {
	int64_t now;    /* for "now" and "-10m" */
	int64_t latest; /* a time of day is the last one up to here: now, or the end of a log */
};

/*
 * Splits an address into path and point. The point follows the last "@" and is an end offset, a
 * time as kmeta_point_parse() takes it, "start" or "end"; without one it is the end. A path that
 * exists as it stands has no point, even with an "@" in it: release 2.8 named its directory
 * @metadata-0. "now" is the current time in milliseconds since 1970 UTC, for times such as "-10m". A
 * time of day is the last one that the log covers, for which the end of the log is read.
 *
 * OK: "point" is set and "path" too, which the caller frees with free(). FAILED with
 * KMETA_BAD_ARGUMENT: the text after "@" is no point, and there is no such file. FAILED with
 * KMETA_OUT_OF_MEMORY is possible too.
 */
KMETA_CHECKED enum kmeta_status kmeta_address_parse(const char *address, int64_t now, char **path,
                                                    struct kmeta_point *point,
                                                    struct kmeta_finding *why);

/*
 * Parses a point as it stands after the "@" of an address: "1500", "start", "end", "now", "-10m",
 * "2026-11-24T14:05:00Z", "2026-11-24", "14:05", "@1730000000000". A time without a zone is local.
 * A day, minute or second means its last millisecond if "last" is true, as in an address, otherwise
 * its first.
 *
 * OK: "point" is set. FAILED with KMETA_BAD_ARGUMENT: the text is no point, and "point" is
 * untouched.
 */
KMETA_CHECKED enum kmeta_status kmeta_point_parse(const char *text, struct kmeta_clock clock,
                                                  bool last, struct kmeta_point *point,
                                                  struct kmeta_finding *why);

/* ---- Entities in words ---- */

/*
 * An entity of a state as the record that a snapshot of the state holds. Everything is borrowed
 * from the walk, comparison or image that returned it, and valid until the next call on that.
 */
struct kmeta_entity {
	/* What it is. */
	enum kmeta_entity_kind kind;

	/*
	 * Bytes that identify the entity within a state, and compare in the order of a walk. Their
	 * form is the library's own and may change from one release to the next.
	 */
	struct kmeta_bytes key;

	/* The topic's name, for topics and partitions. Not NUL-terminated. */
	struct kmeta_bytes topic_name;

	/*
	 * The fields of its record, as kmeta_decode() would fill them, without those that are
	 * unknown. Not NULL.
	 */
	const struct kmeta_fields *fields;

	/*
	 * Bits that stand for the unknown fields of the entity: see kmeta_entity_is_unknown(). 0
	 * unless the state was loaded with "partial".
	 */
	uint64_t unknown;
};

/*
 * Appends where an entity is in the tree of the state: "topics/orders/3", "brokers/11",
 * "configs/topic/orders/retention.ms", "quotas/user:alice/producer_byte_rate", "acls/ID",
 * "scram/alice/SCRAM-SHA-256". An empty name prints as "(default)". The commands accept such paths.
 * The id of a delegation token is a secret and hidden unless "flags" has KMETA_SHOW_SECRETS.
 */
KMETA_API void kmeta_entity_path(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                 unsigned flags);

/*
 * Appends the path, or the glob of paths, that a user's word means: "topics/orders/3" for itself, for
 * "orders/3" and for "partition/orders/3", "brokers/11" for "broker/11". The first part of the word
 * is a kind, as kmeta_entity_kind_find() takes it, or the name or id of a topic; behind a topic
 * there may be a partition's number or a glob. A topic that is called like a kind is
 * "topics/NAME".
 *
 * OK: the path was appended. FAILED: the word cannot be right, as "why" says.
 */
KMETA_CHECKED enum kmeta_status kmeta_entity_word(struct kmeta_buffer *out, const char *word,
                                                  struct kmeta_finding *why);

/*
 * Appends its fields for people, as name=value between blanks, without those that are in the path
 * or say nothing, such as empty arrays other than the ISR. Appends nothing if no field is left.
 */
KMETA_API void kmeta_entity_text(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                 unsigned flags);

/*
 * Appends its record as one JSON object, {"type":...,"version":...,"data":{...}}, without a
 * newline. "data" is what Kafka's JSON converter prints for the record.
 */
KMETA_API void kmeta_entity_json(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                 unsigned flags);

/* Appends what identifies it as a JSON object: {"topic":"orders","topicId":"...","partition":3}. */
KMETA_API void kmeta_entity_key_json(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                     unsigned flags);

/*
 * Returns true if the entity has a field of this name that is unknown, since the log begins late and
 * nothing in it says what the field is. kmeta_entity_text() and kmeta_entity_json() name such fields
 * at the end.
 */
KMETA_API bool kmeta_entity_is_unknown(const struct kmeta_entity *entity, const char *name);

/*
 * True for a field that is part of what identifies the entity, and so never changes between two
 * states of it.
 */
KMETA_API bool kmeta_entity_is_key(const struct kmeta_entity *entity,
                                   const struct kmeta_field *field);

/* ---- Filters: which records are wanted ---- */

/*
 * Conditions on records, as the options of kmeta-dump(1) express them. Opaque. To use one:
 *
 *	kmeta_filter_add(filter, "topic", "orders", now, &why);
 *	kmeta_filter_window(filter, &options);
 *	... open a source with the options; then for each record ...
 *	if (!kmeta_filter_record(filter, &batch, &record))
 *		continue;
 *	... decode the record, learn its topic ...
 *	if (kmeta_filter_fields(filter, topics, &fields))
 *		... the record is wanted ...
 */
struct kmeta_filter;

/*
 * Returns a new filter, which accepts every record. The caller frees it with kmeta_filter_free().
 * NULL: out of memory.
 */
KMETA_CHECKED struct kmeta_filter *kmeta_filter_new(void);

/* Frees the filter, and the ranges that kmeta_filter_window() lent. NULL is fine. */
KMETA_API void kmeta_filter_free(struct kmeta_filter *filter);

/*
 * Adds a condition. A record has to meet the conditions of all terms; several values of one term,
 * between commas or added one by one, are alternatives. The terms are:
 *
 *	type, not-type		names with or without _RECORD, globs, numbers
 *	offset, epoch,		A, A..B, A.. or ..B; both ends belong to the range
 *	partition, broker
 *	time			the same, of times as kmeta_point_parse() takes them
 *	topic			names, globs or ids
 *	control			only control records; the value is not used
 *	grep			text that the printed line holds, commas included
 *
 * Term and value are copied. A range of times of day whose end comes before its beginning ends on
 * the next day. Add all conditions before the first record.
 *
 * FAILED with KMETA_BAD_ARGUMENT: there is no such term, or the value cannot be understood. FAILED
 * with KMETA_OUT_OF_MEMORY is possible too. Values before a comma may have been added by then: free
 * a filter that a call has failed on.
 */
KMETA_CHECKED enum kmeta_status kmeta_filter_add(struct kmeta_filter *filter, const char *term,
                                                 const char *value, struct kmeta_clock clock,
                                                 struct kmeta_finding *why);

/*
 * Sets the ranges of source options to what the filter can accept, so that the source skips the
 * rest; NULL where it accepts all. Other options stay. The ranges are borrowed from the filter
 * until kmeta_source_open() has copied them.
 */
KMETA_API void kmeta_filter_window(const struct kmeta_filter *filter,
                                   struct kmeta_source_options *options);

/* True if the filter has conditions on fields, so that records must be decoded for it. */
KMETA_API bool kmeta_filter_needs_fields(const struct kmeta_filter *filter);

/*
 * True if the filter needs the names of topics, so that the stream must be read from its beginning
 * with kmeta_topics_learn().
 */
KMETA_API bool kmeta_filter_needs_topics(const struct kmeta_filter *filter);

/* True if the filter searches lines, so that records must be printed for it. */
KMETA_API bool kmeta_filter_needs_line(const struct kmeta_filter *filter);

/* True if the filter has no conditions: it accepts every record. */
KMETA_API bool kmeta_filter_is_empty(const struct kmeta_filter *filter);

/*
 * True if the record's header meets the conditions on offset, time, epoch and type. The first and
 * cheapest of three tests: a record is wanted if all three accept it.
 */
KMETA_API bool kmeta_filter_record(const struct kmeta_filter *filter,
                                   const struct kmeta_batch *batch,
                                   const struct kmeta_record *record);

/*
 * True if the decoded fields meet the conditions on topic, partition and broker, in any field that
 * names one (enum kmeta_role) and in the resource of a config. "topics" knows the names of ids;
 * NULL: only ids and names in the record itself match. The second test.
 */
KMETA_API bool kmeta_filter_fields(const struct kmeta_filter *filter,
                                   const struct kmeta_topics *topics,
                                   const struct kmeta_fields *fields);

/*
 * True if the printed line of "size" bytes holds the text that is searched; it need not be
 * NUL-terminated. The third test, and the slowest: the record has to be printed for it. True for
 * every line if the filter searches none.
 */
KMETA_API bool kmeta_filter_line(const struct kmeta_filter *filter, const char *line, size_t size);

/* ---- The same, faster: refusing usual records from their bytes ---- */

/*
 * Looks at records as a filter does, without decoding or printing them. Opaque; use one object in one
 * thread at a time. For the records of a log:
 *
 *	kmeta_matcher_begin(matcher, batch.records);
 *	... then for each record that kmeta_filter_record() accepts ...
 *	if (kmeta_matcher_record(matcher, &dialect, &batch, &record, topics) == KMETA_MATCH_NO)
 *		continue;
 *	... the second and the third test ...
 */
struct kmeta_matcher;

/* What is known of a record by its bytes. */
enum kmeta_match {
	KMETA_MATCH_UNKNOWN, /* nothing: it is not a usual one */
	KMETA_MATCH_NO,      /* kmeta_filter_fields() or kmeta_filter_line() would refuse it */
	KMETA_MATCH_FIELDS   /* kmeta_filter_fields() would accept it; its line may be refused */
};

/*
 * Returns a new matcher for lines of this form, with these KMETA_SHOW_ bits. It borrows the filter,
 * which has all of its conditions by then. The caller frees it with kmeta_matcher_free(). NULL: out of
 * memory.
 */
KMETA_CHECKED struct kmeta_matcher *kmeta_matcher_new(const struct kmeta_filter *filter,
                                                      enum kmeta_line_format format,
                                                      unsigned flags);

/* Frees the matcher. NULL is fine. */
KMETA_API void kmeta_matcher_free(struct kmeta_matcher *matcher);

/*
 * From now on "topics" remembers of each name that it learns whether the filter wants it, which saves
 * looking names up. Call it before the first name. "topics" borrows the filter; all matchers of this
 * filter make use of it.
 */
KMETA_API void kmeta_matcher_mark(const struct kmeta_matcher *matcher, struct kmeta_topics *topics);

/*
 * Says which bytes hold the next records: all of a batch, or those that will be looked at. If none of
 * the words that lines are searched for can be in them, most lines need not be printed.
 */
KMETA_API void kmeta_matcher_begin(struct kmeta_matcher *matcher, struct kmeta_bytes records);

/*
 * Looks at a record of a sound batch. KMETA_MATCH_NO means too that nothing would be wrong with it.
 * The topic of a record that kmeta_topics_wants() is not looked at where "topics" is given.
 */
KMETA_CHECKED enum kmeta_match kmeta_matcher_record(struct kmeta_matcher *matcher,
                                                    const struct kmeta_dialect *dialect,
                                                    const struct kmeta_batch *batch,
                                                    const struct kmeta_record *record,
                                                    const struct kmeta_topics *topics);

#ifdef __cplusplus
}
#endif

#endif
