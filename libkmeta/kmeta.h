/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta.h: read the metadata log of a Kafka KRaft quorum.
 *
 * A program opens a source (a segment, a checkpoint, a directory of them, or standard input), asks
 * it for one record batch after another, walks the records of each batch, decodes those it wants
 * into a flat array of fields, and prints that array or looks at it:
 *
 *	struct kmeta_dialect dialect;
 *	struct kmeta_fields fields = { 0 };
 *
 *	kmeta_dialect_init(&dialect, NULL);
 *	kmeta_source_open(&source, "/var/kafka/__cluster_metadata-0", NULL, &finding);
 *	while (kmeta_source_next(source, &batch, &finding) == KMETA_OK) {
 *		struct kmeta_cursor cursor = { 0 };
 *		while (kmeta_batch_next(&batch, &cursor, &record, &finding) == KMETA_OK)
 *			if (kmeta_decode(&dialect, &record, &fields, &finding) == KMETA_OK)
 *				... kmeta_fields_find(&fields, "leader") ...
 *	}
 *	kmeta_fields_release(&fields);
 *	kmeta_source_close(source);
 *
 * Rules that hold for every function here:
 *
 * - Nothing is printed, no signal is handled, no process is ended, there are no globals. An object
 *   belongs to one thread at a time; any number of objects may be used side by side.
 * - A call that takes in a large log (load, history, stat, verify) may have a thread of its own
 *   until it returns. That takes no signals, and calls nobody back unless it is said so.
 * - No input can crash a call: every byte read is taken to be wrong until it was checked. Memory
 *   is bounded by KMETA_BATCH_LIMIT, not by what the input claims.
 * - Inspected files are only read: never created, locked, or touched.
 * - Outputs are written on success, the finding on failure only. "free" and "close" take NULL.
 * - Offsets and sizes are in records and bytes; times are milliseconds since 1970-01-01 UTC.
 */
#ifndef KMETA_H
#define KMETA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define KMETA_API                 __attribute__((visibility("default")))
#define KMETA_CHECKED             __attribute__((visibility("default"), warn_unused_result))
#define KMETA_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define KMETA_API
#define KMETA_CHECKED
#define KMETA_PRINTF(text, first)
#endif

/* The release of this library, "0.1.0". */
KMETA_API const char *kmeta_version(void);

/* ---- What a call came to ---- */

enum kmeta_status {
	KMETA_OK,      /* there is a result */
	KMETA_END,     /* no more results */
	KMETA_DAMAGED, /* the input is wrong here; the finding says where. The next call goes on
	                  behind it */
	KMETA_FAILED /* could not go on: unreadable, out of memory, wrong argument. The finding says
	                why */
};

enum kmeta_severity { KMETA_NOTE, KMETA_WARNING, KMETA_ERROR };

/*
 * Everything that can be found wrong: identifier, severity, name, meaning. Names are promises: they
 * are documented in the manual and never change. The comment of each group says who is at fault.
 */
/* clang-format off */
#define KMETA_CODES(X) \
	/* the world: files, memory, arguments */ \
	X(CANNOT_READ,       ERROR,   "cannot-read",       "a file or directory cannot be opened or read") \
	X(NOT_A_LOG,         ERROR,   "not-a-log",         "the path holds no metadata log") \
	X(OUT_OF_MEMORY,     ERROR,   "out-of-memory",     "the system gave no more memory") \
	X(BAD_ARGUMENT,      ERROR,   "bad-argument",      "an option or address cannot be understood") \
	X(STOPPED,           NOTE,    "stopped",           "the work was stopped before it was done") \
	X(FILE_CHANGED,      WARNING, "file-changed",      "a followed file was cut, replaced or removed") \
	/* the bytes of a file: nothing behind the damage can be trusted until a sound batch is found */ \
	X(TRUNCATED,         ERROR,   "truncated",         "the file ends inside a batch") \
	X(ZERO_TAIL,         WARNING, "zero-tail",         "the file ends in zeros, as a preallocated or unclean file does") \
	X(BAD_LENGTH,        ERROR,   "bad-length",        "a batch length is below the header's size or above the limit") \
	X(BAD_MAGIC,         ERROR,   "bad-magic",         "the magic byte is not 2") \
	X(CRC_MISMATCH,      ERROR,   "crc-mismatch",      "stored and computed CRC-32C differ") \
	X(BAD_CODEC,         ERROR,   "bad-codec",         "the compression codec is unknown or was left out of this build") \
	X(BAD_PAYLOAD,       ERROR,   "bad-payload",       "compressed records cannot be decompressed") \
	X(TOO_LARGE,         ERROR,   "too-large",         "decompressed records pass the limit") \
	/* the records of a batch */ \
	X(BAD_COUNT,         ERROR,   "bad-count",         "the record count does not fit the batch's content") \
	X(BAD_RECORD,        ERROR,   "bad-record",        "a record's own lengths contradict each other") \
	X(BAD_OFFSET,        ERROR,   "bad-offset",        "a record's offset is not the one that its place in the batch calls for") \
	X(SLACK,             ERROR,   "slack",             "bytes are left after a batch's last record") \
	/* the value of one record */ \
	X(BAD_CONTROL_KEY,   ERROR,   "bad-control-key",   "a control record has no usable key") \
	X(NO_VALUE,          ERROR,   "no-value",          "a metadata record has no value") \
	X(BAD_FRAME,         ERROR,   "bad-frame",         "frame version, type or version of a record cannot be read") \
	X(UNKNOWN_FRAME,     ERROR,   "unknown-frame",     "the frame version is not one that Kafka has used") \
	X(UNKNOWN_RECORD,    WARNING, "unknown-record",    "the record type is not in the tables") \
	X(UNKNOWN_VERSION,   WARNING, "unknown-version",   "the record version is not in the tables") \
	X(BAD_FIELD,         ERROR,   "bad-field",         "a field of a record cannot be read") \
	X(TRAILING_BYTES,    ERROR,   "trailing-bytes",    "bytes are left after a record's last field") \
	/* what records mean: errors are what Kafka's image throws on, warnings what only its controller objects to */ \
	X(UNKNOWN_TOPIC,     ERROR,   "unknown-topic",     "a record names a topic that is not there") \
	X(UNKNOWN_PARTITION, ERROR,   "unknown-partition", "a record changes a partition that is not there") \
	X(UNKNOWN_BROKER,    ERROR,   "unknown-broker",    "a record changes a broker that is not registered") \
	X(STALE_EPOCH,       ERROR,   "stale-broker-epoch", "a record has another broker epoch than the registration") \
	X(UNKNOWN_ACL,       ERROR,   "unknown-acl",       "a record removes an ACL that is not there") \
	X(BAD_VALUE,         ERROR,   "bad-value",         "a field has a value that Kafka does not take") \
	X(NO_TRANSACTION,    ERROR,   "no-transaction",    "a transaction ends that did not begin") \
	X(NESTED_TRANSACTION, ERROR,  "nested-transaction", "a transaction begins inside another") \
	X(UNSUPPORTED,       ERROR,   "unsupported-record", "a record type that Kafka never came to implement") \
	X(DUPLICATE_TOPIC,   WARNING, "duplicate-topic",   "a topic is created whose name or id is in use") \
	X(NOTHING_THERE,     WARNING, "nothing-there",     "a record removes what is not there") \
	X(OTHER_EPOCH,       WARNING, "other-broker-epoch", "a broker is unregistered under another epoch than its own") \
	X(MISSING_RECORDS,   ERROR,   "missing-records",   "the state cannot be told, since records are missing") \
	X(UNUSABLE_CHECKPOINT, ERROR, "unusable-checkpoint", "a checkpoint is damaged or not whole, and an older one was taken") \
	X(PRODUCER_IDS_BACK, WARNING, "producer-ids-back", "the next producer id goes back") \
	/* how a record is written: Kafka reads it all the same */ \
	X(TAGS_UNSORTED,     WARNING, "tags-unsorted",     "the tags of a record do not rise") \
	X(TAG_REPEATED,      WARNING, "tag-repeated",      "a tag is written twice: Kafka takes the last") \
	X(TAG_DEFAULT,       WARNING, "tag-default",       "a tagged field is written although it holds its default") \
	X(BAD_BOOLEAN,       WARNING, "bad-boolean",       "a boolean is neither 0 nor 1") \
	X(BAD_UTF8,          WARNING, "bad-utf8",          "a string is not UTF-8") \
	X(BAD_ATTRIBUTES,    WARNING, "bad-attributes",    "a batch has attributes that metadata never has") \
	X(BAD_TIME,          WARNING, "bad-time",          "a time is negative, or does not fit its batch or checkpoint") \
	/* checkpoints */ \
	X(NO_HEADER,         ERROR,   "no-header",         "a checkpoint does not begin with a header") \
	X(NO_FOOTER,         ERROR,   "no-footer",         "a checkpoint does not end with a footer: it is not whole") \
	X(SECOND_HEADER,     ERROR,   "second-header",     "a checkpoint has another header inside") \
	X(BEHIND_FOOTER,     ERROR,   "behind-footer",     "a checkpoint goes on behind its footer") \
	X(OTHER_NAME,        ERROR,   "other-name",        "a file's name does not say what is in it") \
	X(ODD_NAME,          WARNING, "odd-name",          "a file is not called as Kafka would call it") \
	X(NOT_FOR_SNAPSHOT,  WARNING, "not-for-snapshot",  "a checkpoint holds a record that Kafka does not put there") \
	X(PAST_LOG,          ERROR,   "past-log",          "a checkpoint is named for a state that the log has not reached") \
	X(CHECKPOINT_DIFFERS, ERROR,  "checkpoint-differs", "a checkpoint holds another state than the log makes") \
	/* the other files of a directory */ \
	X(BAD_INDEX,         WARNING, "bad-index",         "an index does not fit its segment; Kafka makes it anew at start") \
	X(BAD_EPOCHS,        ERROR,   "bad-epochs",        "leader-epoch-checkpoint is malformed or does not fit the batches") \
	X(BAD_QUORUM_STATE,  ERROR,   "bad-quorum-state",  "quorum-state is malformed or does not fit the log") \
	X(BAD_PROPERTIES,    ERROR,   "bad-properties",    "meta.properties or partition.metadata is malformed or says something else") \
	X(LEFTOVER,          NOTE,    "leftover",          "a file that Kafka will delete at its next start") \
	/* what was not checked */ \
	X(NOT_CHECKED,       NOTE,    "not-checked",       "a check could not be made, and why") \
	X(OPEN_TRANSACTION,  NOTE,    "open-transaction",  "the log ends inside a transaction") \
	/* nodes */ \
	X(NODES_DIFFER,      ERROR,   "nodes-differ",      "two nodes have different batches at the same offset") \
	/* the order of the stream */ \
	X(EPOCH_BACK,        ERROR,   "epoch-back",        "a leader epoch goes back") \
	X(BAD_BASE,          ERROR,   "bad-base-offset",   "a base offset is negative, or a last offset too large") \
	X(BAD_DELTA,         ERROR,   "bad-offset-delta",  "a batch's last offset does not fit its record count") \
	X(OFFSET_GAP,        ERROR,   "offset-gap",        "offsets jump forward") \
	X(OFFSET_OVERLAP,    ERROR,   "offset-overlap",    "offsets go back")
/* clang-format on */

#define KMETA_CODE_(name, severity, text, meaning) KMETA_##name,
enum kmeta_code { KMETA_SOUND, KMETA_CODES(KMETA_CODE_) KMETA_CODE_COUNT };
#undef KMETA_CODE_

/* An error, a warning, or damage: one value, filled where the fact is known. */
struct kmeta_finding {
	enum kmeta_code code;
	const char *file;  /* borrowed from the source; NULL: not about a file */
	int64_t position;  /* first byte at fault, -1: unknown. In a compressed batch: the batch's
	                      own */
	int64_t size;      /* bytes at fault, -1: unknown */
	int64_t offset;    /* of the record or batch, -1: unknown */
	int system_error;  /* errno, or 0 */
	char message[240]; /* one line, without file name and newline */
};

/* "crc-mismatch", and so on. */
KMETA_API const char *kmeta_code_name(enum kmeta_code code);
KMETA_API const char *kmeta_code_meaning(enum kmeta_code code);
KMETA_API enum kmeta_severity kmeta_code_severity(enum kmeta_code code);

/* ---- Bytes and buffers ---- */

/* Borrowed bytes, not NUL-terminated. data NULL: null, as Kafka knows it; size is 0 then. */
struct kmeta_bytes {
	const uint8_t *data;
	size_t size;
};

/* As memcmp(), shorter first among those that begin alike. */
KMETA_API int kmeta_bytes_compare(struct kmeta_bytes a, struct kmeta_bytes b);

/*
 * What the printers append to. Start with {0}. When memory runs out "failed" is set and appending
 * does nothing, so that a writer asks once, at its end.
 */
struct kmeta_buffer {
	char *at;
	size_t size, capacity;
	bool failed;
};

KMETA_API void kmeta_buffer_release(struct kmeta_buffer *buffer);
KMETA_API void kmeta_buffer_add(struct kmeta_buffer *buffer, const void *data, size_t size);
KMETA_API void kmeta_buffer_format(struct kmeta_buffer *buffer, const char *format, ...)
	KMETA_PRINTF(2, 3);

/* ---- Schemas: every record and version as constant tables ---- */

enum kmeta_kind {
	KMETA_BOOL,
	KMETA_INT8,
	KMETA_INT16,
	KMETA_UINT16,
	KMETA_INT32,
	KMETA_UINT32,
	KMETA_INT64,
	KMETA_FLOAT64,
	KMETA_UUID, /* 16 bytes */
	KMETA_STRING,
	KMETA_BYTES,
	KMETA_STRUCT
};

enum {
	KMETA_FIELD_ARRAY = 1,       /* an array of the kind */
	KMETA_FIELD_NULLABLE = 2,    /* may be null on the wire */
	KMETA_FIELD_TAGGED = 4,      /* lives in the tag section, absent when it has its default */
	KMETA_FIELD_DEFAULT_NULL = 8 /* its default is null */
};

/* What a field names or holds, where a filter or a printer has to know. */
enum kmeta_role {
	KMETA_ROLE_NONE,
	KMETA_ROLE_TOPIC_ID,
	KMETA_ROLE_TOPIC_NAME,
	KMETA_ROLE_PARTITION,
	KMETA_ROLE_BROKER,
	KMETA_ROLE_SECRET /* never shown unless asked for */
};

/* One field of one version of one record. A struct's own fields follow it, one level deeper. */
struct kmeta_schema_field {
	const char *name;      /* "brokerId", as Kafka's JSON has it */
	char key[40];          /* ,"brokerId": padded with NUL */
	uint8_t key_size;      /* bytes of key in use */
	uint8_t kind;          /* enum kmeta_kind */
	uint8_t flags;         /* KMETA_FIELD_ */
	uint8_t tag;           /* of a tagged field */
	uint8_t role;          /* enum kmeta_role */
	uint8_t depth;         /* 0: a field of the record itself */
	uint16_t span;         /* entries from this one to the next of the same depth */
	int64_t default_value; /* of a tagged field that is a number or boolean */
};

/* One version of one record, as laid out by a range of releases. */
struct kmeta_schema {
	const char *name; /* "TOPIC_RECORD", "LEADER_CHANGE" */
	int16_t type, version;
	bool control;  /* a control record, with types of its own */
	bool flexible; /* compact lengths and tag sections */
	uint8_t first_release,
		last_release; /* which releases lay it out so: kmeta_release_name() */
	uint16_t count;       /* of fields */
	const struct kmeta_schema_field *fields;
	const struct kmeta_schema
		*older; /* how older releases laid out the same type and version, or NULL */
};

/* The newest layout of a record, or NULL where type or version is unknown. */
KMETA_API const struct kmeta_schema *kmeta_schema_find(bool control, int32_t type, int32_t version);

/* "PARTITION_RECORD", or NULL for a type that no release in the tables knows. */
KMETA_API const char *kmeta_type_name(bool control, int32_t type);

/* The releases that the tables were made from, oldest first: "2.8.2". NULL past the last. */
KMETA_API const char *kmeta_release_name(size_t release);

/* The name of a metadata.version level, "3.9-IV0"; NULL if unknown. */
KMETA_API const char *kmeta_metadata_version_name(int64_t level);

/* ---- Sources: one stream of batches ---- */

/* No batch, compressed or not, is read if it is larger (Kafka's own limit for metadata is 8 MiB).
 */
#define KMETA_BATCH_LIMIT ((size_t)64 << 20)

/* Both ends are included. */
struct kmeta_range {
	int64_t first, last;
};

enum kmeta_codec { KMETA_NONE, KMETA_GZIP, KMETA_SNAPPY, KMETA_LZ4, KMETA_ZSTD };

/* A record batch, Kafka's DefaultRecordBatch (magic 2). Borrowed: valid until the next call on its
 * source. */
struct kmeta_batch {
	const char *file;       /* as opened; valid as long as the source */
	int64_t position, size; /* bytes in the file */
	int64_t skipped;        /* bytes passed over just before it because they were damaged */
	int64_t base_offset, last_offset; /* last_offset wraps as Java's long does: check it */
	int64_t base_timestamp, max_timestamp;
	int64_t producer_id;
	int32_t last_offset_delta;
	int32_t epoch; /* of the leader that wrote it */
	int32_t count; /* of records, as the header claims */
	int32_t base_sequence;
	int16_t producer_epoch;
	int8_t magic;
	bool valid;                 /* the CRC is right */
	uint16_t attributes;        /* KMETA_BATCH_ */
	uint32_t crc, computed_crc; /* stored, and of the bytes */
	struct kmeta_bytes records; /* after decompression */
};

enum {
	KMETA_BATCH_CODEC = 0x07, /* mask: enum kmeta_codec */
	KMETA_BATCH_LOG_APPEND_TIME = 0x08,
	KMETA_BATCH_TRANSACTIONAL = 0x10,
	KMETA_BATCH_CONTROL = 0x20,
	KMETA_BATCH_DELETE_HORIZON = 0x40
};

/* "none", "gzip", ...; NULL for a codec that does not exist. */
KMETA_API const char *kmeta_codec_name(unsigned codec);

struct kmeta_source;

/* What to read and how. All zero: everything, forwards, to the end. */
struct kmeta_source_options {
	const struct kmeta_range *offsets; /* batches wholly outside are passed over by their
	                                      headers, segments by their */
	const struct kmeta_range *times;   /* names and time indexes; what is passed over is not
	                                      checked. Copied; NULL: all */
	const struct kmeta_range *epochs;
	bool reverse; /* the newest batch first; only files that can be read at any place */
	bool follow;  /* an unfinished batch at the end is not damage: kmeta_source_wait() */
	void (*opened)(void *context,
	               const char *file); /* told of each file as it is begun; may be NULL */
	void *context;
};

/*
 * Opens an address: a segment (.log), a checkpoint, a metadata directory or the log directory above
 * it (all its segments in order), or "-" (standard input). Files may be compressed whole by gzip,
 * zstd or lz4. A file's name is a hint and never needed. On failure "why" says what to do; close
 * the source with kmeta_source_close().
 */
KMETA_CHECKED enum kmeta_status kmeta_source_open(struct kmeta_source **source, const char *address,
                                                  const struct kmeta_source_options *options,
                                                  struct kmeta_finding *why);

/*
 * The next batch. DAMAGED: "batch" holds the damaged batch if its frame could be told (size is not
 * 0; its records may be walked, but not trusted), and the next call resumes at the next batch whose
 * checksum is right. END, forwards: "batch" tells only in "skipped" how many bytes were passed over
 * at the end of the last file.
 */
KMETA_CHECKED enum kmeta_status kmeta_source_next(struct kmeta_source *source,
                                                  struct kmeta_batch *batch,
                                                  struct kmeta_finding *why);

/*
 * With "follow", after END: waits up to "milliseconds" for the file or directory to change. OK: ask
 * for the next batch again. END: nothing happened. DAMAGED: a file was cut, replaced or removed, as
 * the finding says.
 */
KMETA_CHECKED enum kmeta_status kmeta_source_wait(struct kmeta_source *source, int milliseconds,
                                                  struct kmeta_finding *why);

/* Bytes of the input read or passed over so far, and in all; total -1: unknown (standard input,
 * compressed). */
KMETA_API void kmeta_source_progress(const struct kmeta_source *source, int64_t *done,
                                     int64_t *total);

KMETA_API void kmeta_source_close(struct kmeta_source *source);

/*
 * The newest checkpoint beside a directory's segments whose end offset is not above "limit": a path
 * that the caller frees, and its end offset. END: there is none, or the address is no directory.
 */
KMETA_CHECKED enum kmeta_status kmeta_newest_checkpoint(const char *address, int64_t limit,
                                                        char **path, int64_t *end_offset,
                                                        struct kmeta_finding *why);

/* ---- Records ---- */

/* Borrowed from its batch. */
struct kmeta_record {
	int64_t offset, timestamp;
	int64_t position;       /* in the file; in a compressed batch the batch's own */
	int64_t value_position; /* of the value in the file; -1 in a compressed batch */
	int32_t frame;          /* metadata: 0 for 2.8, 1 since; -1: could not be told */
	int32_t type, version;  /* api key, or control type; -1: could not be told */
	bool control;
	uint32_t body; /* where in the value the fields begin */
	int32_t header_count;
	struct kmeta_bytes key, value, headers;
};

/* A place in a batch: start with {0}. */
struct kmeta_cursor {
	size_t at;
	int32_t index;
};

/*
 * The next record of a batch. DAMAGED with BAD_OFFSET: "record" holds it all the same. Other damage
 * ends the batch, since what follows in it cannot be told apart: the next call gives END.
 */
KMETA_CHECKED enum kmeta_status kmeta_batch_next(const struct kmeta_batch *batch,
                                                 struct kmeta_cursor *cursor,
                                                 struct kmeta_record *record,
                                                 struct kmeta_finding *why);

/* The next header of a record: start with a copy of record->headers, which is used up. False: no
 * more. */
KMETA_API bool kmeta_header_next(struct kmeta_bytes *headers, struct kmeta_bytes *key,
                                 struct kmeta_bytes *value);

/* ---- Decoding: a record's fields as one flat array ---- */

enum {
	KMETA_VALUE_NULL = 1, /* null */
	KMETA_VALUE_ELEMENT =
		2, /* a struct, string or byte string that is an element of the array before it */
	KMETA_VALUE_DEFAULT = 4 /* a tagged field that was written although it holds its default */
};

/*
 * A field as found. Fields stand in the schema's order; those in the tag section that were not
 * written are missing and have their default. A struct's fields, and the elements of an array of
 * structs or strings, follow it; arrays of numbers and uuids are one entry with the elements'
 * big-endian bytes.
 */
struct kmeta_field {
	const struct kmeta_schema_field *schema;
	uint32_t at, size; /* its bytes in record.value */
	uint32_t span;     /* entries from this one to the next of its level */
	uint32_t flags;    /* KMETA_VALUE_ */
	union {
		int64_t integer; /* numbers and booleans; arrays of structs and strings: the count
		                  */
		double real;
		struct kmeta_bytes bytes; /* strings, bytes, uuids, arrays of numbers and uuids */
	} value;
};

/* A field of a tag section that no release in the tables knows. Kafka's JSON leaves such fields
 * out. */
struct kmeta_unknown_tag {
	uint32_t tag;
	struct kmeta_bytes value;
};

/* Reused from record to record: start with {0}, release once. */
struct kmeta_fields {
	const struct kmeta_schema *schema; /* the layout that fitted */
	struct kmeta_field *at;
	size_t count, capacity;
	struct kmeta_unknown_tag *unknown;
	size_t unknown_count, unknown_capacity;
	unsigned irregular; /* KMETA_IRREGULAR_: what Kafka reads although it would not write it */
};

enum {
	KMETA_IRREGULAR_ORDER = 1,   /* tags that do not rise */
	KMETA_IRREGULAR_REPEAT = 2,  /* a tag written twice */
	KMETA_IRREGULAR_DEFAULT = 4, /* a tagged field that holds its default */
	KMETA_IRREGULAR_BOOLEAN = 8  /* a boolean that is neither 0 nor 1 */
};

KMETA_API void kmeta_fields_release(struct kmeta_fields *fields);

/* The field of that name at the top level, or NULL if it is absent (and so has its default). */
KMETA_API const struct kmeta_field *kmeta_fields_find(const struct kmeta_fields *fields,
                                                      const char *name);

/*
 * Which release's layouts to read by. Some early releases laid out the same type and version
 * differently. With a release given, its layout is taken wherever it had one; otherwise the newest
 * that fits the bytes, and, where several do, the one that fits what the stream has shown so far.
 * One object for each stream.
 */
struct kmeta_dialect {
	int release;         /* index of the release, -1: told from the stream */
	int lowest, highest; /* what the stream has shown: written by these releases */
};

/* "release" is "2.8", "3.2.3", "4", ..., or NULL or "auto". False: no such release. */
KMETA_CHECKED bool kmeta_dialect_init(struct kmeta_dialect *dialect, const char *release);

/* Decodes one record. DAMAGED: it cannot be; the whole fields before the fault are in "fields". */
KMETA_CHECKED enum kmeta_status kmeta_decode(struct kmeta_dialect *dialect,
                                             const struct kmeta_record *record,
                                             struct kmeta_fields *fields,
                                             struct kmeta_finding *why);

/* ---- Topics: which name an id had at this point of the stream ---- */

struct kmeta_topics;

KMETA_CHECKED struct kmeta_topics *kmeta_topics_new(void);
KMETA_API void kmeta_topics_free(struct kmeta_topics *topics);

/*
 * Takes in a TOPIC or REMOVE_TOPIC record; others change nothing. A removed topic's name stays
 * known until the next call. False: out of memory.
 */
KMETA_CHECKED bool kmeta_topics_learn(struct kmeta_topics *topics,
                                      const struct kmeta_record *record,
                                      const struct kmeta_fields *fields);

/* True for the records that kmeta_topics_learn() needs. */
KMETA_API bool kmeta_topics_wants(const struct kmeta_record *record);

/* The name of the topic with this 16-byte id; data NULL if it is not known. Borrowed until the next
 * learn. */
KMETA_API struct kmeta_bytes kmeta_topics_name(const struct kmeta_topics *topics,
                                               const uint8_t *id);

/* ---- The image: the state, as the records that a snapshot of it would hold ---- */

/* In the order in which Kafka writes them into a snapshot. */
enum kmeta_entity_kind {
	KMETA_FEATURE,
	KMETA_ZK_MIGRATION,
	KMETA_BROKER,
	KMETA_CONTROLLER,
	KMETA_TOPIC,
	KMETA_PARTITION,
	KMETA_CONFIG,
	KMETA_QUOTA,
	KMETA_PRODUCER_IDS,
	KMETA_ACL,
	KMETA_SCRAM,
	KMETA_TOKEN,
	KMETA_ENTITY_KINDS
};

/* "partition", and so on. */
KMETA_API const char *kmeta_entity_kind_name(enum kmeta_entity_kind kind);

struct kmeta_image;

/* Where in the log the image stands. */
struct kmeta_image_place {
	int64_t end_offset; /* all records below it were applied */
	int64_t timestamp;  /* of the last batch, -1: none yet */
	int32_t epoch;      /* of the last batch, -1: none yet */
	int64_t level;      /* metadata.version, 0: not told */
};

/* What the control records say; no part of a snapshot's records. */
struct kmeta_quorum {
	int32_t leader, leader_epoch; /* -1: not told */
	int32_t kraft_version;        /* -1: not told */
	struct kmeta_bytes voters; /* the value of the last KRAFT_VOTERS record; data NULL: none */
};

/* Told of what is wrong; false: stop, and the call fails with the finding. */
typedef bool kmeta_report(void *context, const struct kmeta_finding *finding);

/* Asked often, during long work, whether to go on, with the bytes that were read and of all, as
 * kmeta_source_progress() tells them; false: stop, and the call fails with STOPPED. */
typedef bool kmeta_progress(void *context, int64_t done, int64_t total);

KMETA_CHECKED struct kmeta_image *kmeta_image_new(void);
KMETA_API void kmeta_image_free(struct kmeta_image *image);

/*
 * Replays one decoded record as Kafka's MetadataDelta does. What Kafka's image throws on is
 * reported as an error and has no effect; what only its controller objects to is reported as a
 * warning. The records of a transaction take effect at its end, and never if it is aborted: until
 * then the name of their batch's file is borrowed, so the source must stay open. A copy, and an
 * image that was loaded, have names of their own.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_apply(struct kmeta_image *image,
                                                  const struct kmeta_batch *batch,
                                                  const struct kmeta_record *record,
                                                  const struct kmeta_fields *fields,
                                                  kmeta_report *report, void *context,
                                                  struct kmeta_finding *why);

/*
 * Told of records just before they are applied, up to KMETA_EXPECT at once, an image fetches what
 * they will change from memory for all of them together, which is much of the time of replay.
 */
enum { KMETA_EXPECT = 16 };
KMETA_API void kmeta_image_expect(const struct kmeta_image *image,
                                  const struct kmeta_record *const *records, size_t count);

/* Says how far the image has come: all records below this offset were applied, the last of them of
 * this batch. */
KMETA_API void kmeta_image_reach(struct kmeta_image *image, const struct kmeta_batch *batch,
                                 int64_t end_offset);

KMETA_API struct kmeta_image_place kmeta_image_place(const struct kmeta_image *image);
KMETA_API struct kmeta_quorum kmeta_image_quorum(const struct kmeta_image *image);

/*
 * A state compressed to a small part of its size, for who keeps many and seldom looks at one; made
 * within an open transaction too. What thaws is a state of its own, which goes its own way and
 * which nobody watches (kmeta_image_watch()). NULL: out of memory.
 */
struct kmeta_frozen;
KMETA_CHECKED struct kmeta_frozen *kmeta_image_freeze(const struct kmeta_image *image);
KMETA_CHECKED struct kmeta_image *kmeta_image_thaw(const struct kmeta_frozen *frozen);
KMETA_API size_t kmeta_frozen_memory(const struct kmeta_frozen *frozen); /* bytes */
KMETA_API void kmeta_frozen_free(struct kmeta_frozen *frozen);

/* About how many bytes an image holds, for those who keep several. */
KMETA_API size_t kmeta_image_memory(const struct kmeta_image *image);

/* How many entities of a kind there are. */
KMETA_API size_t kmeta_image_count(const struct kmeta_image *image, enum kmeta_entity_kind kind);

/* The first offset of a transaction that has not ended, or -1. */
KMETA_API int64_t kmeta_image_open_transaction(const struct kmeta_image *image);

/* ---- addresses: PATH[@POINT] ---- */

enum kmeta_point_kind { KMETA_POINT_END, KMETA_POINT_START, KMETA_POINT_OFFSET, KMETA_POINT_TIME };

/* A moment: the state made by all records below an offset, or by all batches that are not later
 * than a time. */
struct kmeta_point {
	enum kmeta_point_kind kind;
	int64_t value; /* end offset, or milliseconds */
};

/*
 * Takes an address apart: POINT is an end offset, a time ("2026-11-24T14:05:00Z", "-10m", "now"),
 * "start" or "end". "path" is the caller's to free. A path that exists as it stands has no point.
 */
KMETA_CHECKED enum kmeta_status kmeta_address_parse(const char *address, int64_t now, char **path,
                                                    struct kmeta_point *point,
                                                    struct kmeta_finding *why);

/* A point by itself, as it stands behind an address's @. A day, minute or second is its last
 * millisecond with "last", as in an address, or else its first. */
KMETA_CHECKED enum kmeta_status kmeta_point_parse(const char *text, int64_t now, bool last,
                                                  struct kmeta_point *point,
                                                  struct kmeta_finding *why);

/* How to load a state. All zero: as Kafka would, quietly. */
struct kmeta_load_options {
	bool from_log; /* replay segments alone, whatever checkpoints there are */
	bool strict;   /* stop at the first record that Kafka's image throws on */
	bool nearest;  /* where the state cannot be told, take the next that can, and report it */
	const char *dialect; /* NULL: auto */
	kmeta_report
		*report; /* told of violations, and of what had to be passed over; may be NULL */
	kmeta_progress *progress; /* called often; may be NULL */
	void *context;
};

/*
 * The state at a point of a directory, a segment that begins at 0, or a checkpoint. A directory is
 * read as Kafka would: the newest whole checkpoint not past the point, then the segments behind it.
 * FAILED: the state cannot be told, and "why" says what is missing and what can be had instead.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_load(struct kmeta_image **image, const char *path,
                                                 struct kmeta_point point,
                                                 const struct kmeta_load_options *options,
                                                 struct kmeta_finding *why);

/* All entities in order: by kind, then by name or number. Borrows the image, which must not change
 * meanwhile. */
struct kmeta_walk;

/* An entity as the record that a snapshot of the image's metadata.version holds. Borrowed until the
 * next call. */
struct kmeta_entity {
	enum kmeta_entity_kind kind;
	struct kmeta_bytes key;        /* compares as the entities are ordered */
	struct kmeta_bytes topic_name; /* of topics and partitions */
	const struct kmeta_fields *fields;
};

enum {
	KMETA_WALK_NEWEST = 1 /* in the newest versions, and with all that a lower metadata.version
	                         could not hold */
};

KMETA_CHECKED enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk,
                                                const struct kmeta_image *image, unsigned flags,
                                                struct kmeta_finding *why);

/* The same for one kind alone: topics without their partitions, the partitions of one topic (of the
 * others "topic_id" is not used), and so on. */
KMETA_CHECKED enum kmeta_status kmeta_walk_open_kind(struct kmeta_walk **walk,
                                                     const struct kmeta_image *image,
                                                     enum kmeta_entity_kind kind,
                                                     const uint8_t *topic_id, unsigned flags,
                                                     struct kmeta_finding *why);
KMETA_CHECKED enum kmeta_status kmeta_walk_next(struct kmeta_walk *walk,
                                                struct kmeta_entity *entity,
                                                struct kmeta_finding *why);
KMETA_API void kmeta_walk_close(struct kmeta_walk *walk);

/* ---- Entities in words ---- */

/*
 * Where an entity stands in the tree of the state: "topics/orders/3", "brokers/11",
 * "configs/topic/orders/retention.ms", "quotas/user:alice/producer_byte_rate", "acls/ID",
 * "scram/alice/SCRAM-SHA-256". An empty name is "(default)".
 */
KMETA_API void kmeta_entity_path(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                 unsigned flags);

/* Its fields as name=value, those left out that the path tells. */
KMETA_API void kmeta_entity_text(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                 unsigned flags);

/* Its snapshot record as one JSON object: {"type":...,"version":...,"data":{...}}, without a
 * newline. */
KMETA_API void kmeta_entity_json(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                 unsigned flags);

/* What names it, as a JSON object: {"topic":"orders","topicId":"...","partition":3}. */
KMETA_API void kmeta_entity_key_json(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                     unsigned flags);

/* True for the fields that are part of what names the entity. */
KMETA_API bool kmeta_entity_is_key(const struct kmeta_entity *entity,
                                   const struct kmeta_field *field);

/* The id of the topic that has this name in a state; false: none has. */
KMETA_API bool kmeta_image_topic_id(const struct kmeta_image *image, struct kmeta_bytes name,
                                    uint8_t id[16]);

/*
 * The state as one JSON document: objects keyed by name. It is given out piece by piece: "drain" is
 * called whenever the buffer has grown, and may write and empty it; false: stop. "wanted" chooses
 * entities; NULL: all.
 */
typedef bool kmeta_drain(void *context, struct kmeta_buffer *out);
typedef bool kmeta_wanted(void *context, const struct kmeta_entity *entity);
KMETA_CHECKED enum kmeta_status kmeta_image_json(const struct kmeta_image *image,
                                                 kmeta_wanted *wanted, kmeta_drain *drain,
                                                 void *context, struct kmeta_buffer *out,
                                                 unsigned flags, struct kmeta_finding *why);

/*
 * A digest of the state: the sum, modulo 2^256, of the SHA-256 of each entity's JSON
 * (kmeta_entity_json(), in the newest versions, secrets shown), as a big-endian number. It depends
 * on nothing but the state.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_hash(const struct kmeta_image *image, uint8_t hash[32],
                                                 struct kmeta_finding *why);

/* What operators ask of partitions at night. All zero: nothing is asked for. */
struct kmeta_query {
	bool leaderless, under_replicated, under_min_isr, reassigning;
	bool on_broker, on_directory;
	int32_t broker;
	uint8_t directory[16];
};

/* True for partitions that meet every condition of a query. */
KMETA_API bool kmeta_query_matches(const struct kmeta_query *query, const struct kmeta_image *image,
                                   const struct kmeta_entity *entity);

/* A directory's id from its text; false: it is none. */
KMETA_API bool kmeta_uuid_parse(const char *text, uint8_t uuid[16]);

/* ---- Comparing states ---- */

/* One entity that differs; the absent side is NULL. Borrowed until the call returns. */
struct kmeta_change {
	const struct kmeta_entity *before, *after;
};

typedef bool kmeta_change_seen(void *context, const struct kmeta_change *change); /* false: stop */

/* True if two entities of one kind say the same, both in the newest version. */
KMETA_API bool kmeta_entity_same(const struct kmeta_entity *a, const struct kmeta_entity *b);

/* Tells of every entity that is not the same in both, in the order of kmeta_walk_next(). */
KMETA_CHECKED enum kmeta_status kmeta_diff(const struct kmeta_image *before,
                                           const struct kmeta_image *after, kmeta_change_seen *seen,
                                           void *context, struct kmeta_finding *why);

/* How two logs run beside each other. */
struct kmeta_logs {
	int64_t first_common, last_common; /* offsets, -1: none */
	int32_t last_epoch;                /* of the last batch in common, -1: none */
	bool differ;                       /* and the next batch of each is: */
	struct kmeta_batch first, second;  /* "file" and the header are valid; records are not */
	char first_file[512], second_file[512];
	int64_t first_end, second_end; /* the offset behind the last batch of each */
};

/* Compares two logs batch by batch, from the first offset that both have. Damage in either ends the
 * comparison. */
KMETA_CHECKED enum kmeta_status kmeta_compare_logs(const char *first, const char *second,
                                                   struct kmeta_logs *logs,
                                                   struct kmeta_finding *why);

/* ---- History ---- */

/* One change of one entity, and the record that made it. Borrowed until the call returns. */
struct kmeta_event {
	const struct kmeta_batch *batch; /* its file and epoch */
	const struct kmeta_record *record;
	const char *by; /* the record's type */
	struct kmeta_change change;
};

typedef bool kmeta_event_seen(void *context, const struct kmeta_event *event); /* false: stop */

/*
 * From now on, kmeta_image_apply() tells of every change that a record makes to any entity of this
 * image, while it makes it: those of a transaction at its end. "false" ends the telling, not the
 * replay; NULL lets it be. False: out of memory.
 */
KMETA_CHECKED bool kmeta_image_watch(struct kmeta_image *image, kmeta_event_seen *seen,
                                     void *context);

/*
 * What to tell the history of: "orders" and "orders/3" (a topic by name, glob or id, and its
 * partitions), or the path of any entity (kmeta_entity_path()), with globs. A topic stands for its
 * partitions and configs too.
 */
struct kmeta_history_options {
	const char *const *targets;
	size_t targets_count;
	const char *dialect; /* NULL: auto */
	bool follow;         /* wait for more at the end, for ever */
	kmeta_event_seen *seen;
	kmeta_report *report;        /* told of what is wrong; may be NULL */
	bool (*idle)(void *context); /* with "follow": called while nothing comes; false: stop. May
	                                be NULL */
	kmeta_progress *progress;
	void *context;
};

/* Where the knowledge of a history begins and ends. */
struct kmeta_history_span {
	int64_t first_offset, end_offset;
	int64_t first_time, last_time; /* of batches, -1: none */
};

/* Replays a log from the oldest state that can be told, and tells of every change of its targets.
 */
KMETA_CHECKED enum kmeta_status kmeta_history(const char *path,
                                              const struct kmeta_history_options *options,
                                              struct kmeta_history_span *span,
                                              struct kmeta_finding *why);

/* ---- Statistics ---- */

/* So many records, and the bytes of their values. */
struct kmeta_count {
	int64_t records, bytes;
};

struct kmeta_type_count {
	const struct kmeta_schema *schema; /* NULL: what could not be decoded */
	struct kmeta_count count;
};

struct kmeta_topic_count {
	uint8_t id[16];
	struct kmeta_bytes name; /* data NULL: no record told it */
	struct kmeta_count count;
};

struct kmeta_broker_count {
	int32_t broker;
	int64_t registrations, changes,
		leaderships; /* records that register it, change it, make it leader */
};

struct kmeta_checkpoint_place {
	int64_t end_offset;
	int32_t epoch;
	int64_t bytes;
};

enum { KMETA_STAT_TIMES = 48, KMETA_STAT_SIZES = 32 };

/* What fills a log. Lists are sorted with the most bytes (of brokers: the most records) first. */
struct kmeta_stats {
	int64_t files, batches, records, bytes, control_records, compressed_batches;
	int64_t first_offset, last_offset, first_time, last_time; /* -1: none */
	int32_t first_epoch, last_epoch;
	int64_t leader_changes;
	struct kmeta_type_count *types;
	size_t types_count;
	struct kmeta_topic_count *topics;
	size_t topics_count;
	struct kmeta_broker_count *brokers;
	size_t brokers_count;
	struct kmeta_checkpoint_place *checkpoints; /* of a directory, in order */
	size_t checkpoints_count;
	int64_t batch_sizes[KMETA_STAT_SIZES]; /* batches of 2^i up to 2^(i+1) bytes */
	int64_t largest_batch;
	struct kmeta_count
		times[KMETA_STAT_TIMES]; /* from time_start on, each time_width milliseconds long */
	int64_t time_start, time_width;
	int64_t open_transaction; /* the offset at which it began, -1: none */
	int64_t metadata_version; /* the last that was set, 0: none */
	size_t lowest_release; /* that knows every record and version used: kmeta_release_name() */
	int64_t lowest_level;  /* the metadata.version that does, 0: any */
	int32_t migration_state; /* of ZooKeeper: the last that was set, -1: none */
	int64_t migration_offset, migration_time;
	int64_t migrating_brokers; /* whose last registration is one of a migration */
};

struct kmeta_stat_options {
	const char *dialect; /* NULL: auto */
	kmeta_report *report;
	kmeta_progress *progress;
	void *context;
};

KMETA_CHECKED enum kmeta_status kmeta_stat(struct kmeta_stats **stats, const char *path,
                                           const struct kmeta_stat_options *options,
                                           struct kmeta_finding *why);
KMETA_API void kmeta_stats_free(struct kmeta_stats *stats);

/* A topic's name, or its id where no record told the name; as text, and as JSON with quotes. */
KMETA_API void kmeta_topic_text(struct kmeta_buffer *out, const struct kmeta_topic_count *topic);
KMETA_API void kmeta_topic_json(struct kmeta_buffer *out, const struct kmeta_topic_count *topic);

/* ---- Verifying ---- */

/* The classes of checks, as bits, and their names. */
#define KMETA_CHECKS(X)                 \
	X(BYTES, "bytes")               \
	X(RECORDS, "records")           \
	X(ORDER, "order")               \
	X(CHECKPOINT, "checkpoint")     \
	X(DIRECTORY, "directory")       \
	X(MEANING, "meaning")           \
	X(REPLAY_MATCH, "replay-match") \
	X(NODES, "nodes")

#define KMETA_CHECK_(name, text) KMETA_CHECK_BIT_##name,
enum { KMETA_CHECKS(KMETA_CHECK_) KMETA_CHECK_COUNT };
#undef KMETA_CHECK_
#define KMETA_CHECK_(name, text) KMETA_CHECK_##name = 1 << KMETA_CHECK_BIT_##name,
enum { KMETA_CHECKS(KMETA_CHECK_) KMETA_CHECK_ALL = (1 << KMETA_CHECK_COUNT) - 1 };
#undef KMETA_CHECK_

/* The bit of a class by its name, 0 for none; and its name by its number. */
KMETA_API unsigned kmeta_check_of(const char *name, size_t size);
KMETA_API const char *kmeta_check_name(size_t number);

struct kmeta_verify_options {
	unsigned checks;     /* bits; 0: all */
	const char *dialect; /* NULL: auto */
	bool checksum_only;  /* the fast pass: each batch's checksum, and nothing of its records */
	unsigned jobs;       /* files checked side by side, but what is replayed; 0: one */
	size_t findings_limit; /* findings kept of one file; 0: 10000. The others are counted */
	void (*progress)(void *context, int64_t bytes,
	                 int64_t total); /* called often, by any thread; may be NULL */
	void *context;
};

/* What was looked at. */
struct kmeta_verify_totals {
	int64_t files, batches, records, bytes;
	int64_t unreadable;              /* addresses and files that could not be read */
	int64_t lost_bytes, lost_places; /* passed over because they were damaged */
	int64_t first_lost, last_lost;   /* among these offsets of segments some are missing
	                                    there; -1: none, and to the end */
	int64_t errors, warnings, notes;
	int64_t first_offset, last_offset; /* of segments; -1: none */
	int64_t first_time, last_time;     /* milliseconds; -1: none */
	int32_t first_epoch, last_epoch;   /* -1: none */
};

/*
 * Checks segments, checkpoints and directories, several directories against each other. Findings go
 * to "report" in the order of addresses, files and positions; they borrow nothing beyond the call.
 * FAILED: an address could not be read, or only in part: that is a finding too, and the others were
 * checked all the same; "why" is the first.
 */
KMETA_CHECKED enum kmeta_status kmeta_verify(const char *const *addresses, size_t count,
                                             const struct kmeta_verify_options *options,
                                             kmeta_report *report, void *context,
                                             struct kmeta_verify_totals *totals,
                                             struct kmeta_finding *why);

/* ---- Printing ---- */

enum {
	KMETA_SHOW_SECRETS =
		1,             /* otherwise credentials and sensitive configs print as "[hidden]" */
	KMETA_SHOW_BATCH = 2,  /* with the fields of the record's batch */
	KMETA_SHOW_UTC = 4,    /* times in UTC, not local time */
	KMETA_SHOW_COLOR = 8,  /* for a terminal */
	KMETA_SHOW_NARROW = 16 /* text: without date and zone, and less padded */
};

/* What is printed: a record, decoded (error NULL) or with the finding that says why it could not
 * be. */
struct kmeta_line {
	const struct kmeta_batch *batch;
	const struct kmeta_record *record;
	const struct kmeta_fields *fields;
	const struct kmeta_finding *error;
	const struct kmeta_topics *topics; /* names for ids in text; may be NULL */
};

/* One JSON line. "data" is byte for byte what Kafka's own converters print, where secrets are
 * shown. */
KMETA_API void kmeta_json(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags);

/* A finding as one JSON line:
 * {"severity":...,"code":...,"file":...,"position":...,"offset":...,"message":...}. */
KMETA_API void kmeta_json_finding(struct kmeta_buffer *out, const struct kmeta_finding *finding);

enum { KMETA_TEXT_PLANS = 16 };

/* What was found out of a schema: how records of it are put into words. Bits go by the number of a
 * field. */
struct kmeta_text_plan {
	const struct kmeta_schema *schema;
	const char *lead;  /* what comes first; NULL: nothing */
	uint64_t left_out; /* fields that do not follow it by name */
	uint64_t in_words; /* numbers, of which some stand for words */
	uint8_t type_size; /* of the type's name, as far as it is shown */
	bool names_level;
};

/* The state of the text printer: the time it printed last, and plans. Start with {0}. */
struct kmeta_text {
	int64_t second;
	char time[32], zone[8];
	uint8_t time_size;
	struct kmeta_text_plan plans[KMETA_TEXT_PLANS];
};

/* One line that a person reads at a glance. */
KMETA_API void kmeta_text(struct kmeta_buffer *out, struct kmeta_text *text,
                          const struct kmeta_line *line, unsigned flags);

/* How each line of text begins: offset, time and epoch. */
KMETA_API void kmeta_text_head(struct kmeta_buffer *out, struct kmeta_text *text, int64_t offset,
                               int64_t timestamp, int32_t epoch, unsigned flags);

/* The line that stands for a batch, before its records. */
KMETA_API void kmeta_text_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch,
                                unsigned flags);

/* The line that stands for a run of records that are not shown one by one: "count" no-ops. */
struct kmeta_fold {
	int64_t count, first_offset, last_offset;
	int64_t timestamp; /* of the first */
	int32_t epoch;
};

KMETA_API void kmeta_text_fold(struct kmeta_buffer *out, struct kmeta_text *text,
                               const struct kmeta_fold *fold, unsigned flags);

/* The lines of kafka-dump-log 4.3.1: a file's head, a batch, a record, a cut end. */
KMETA_API void kmeta_kafka_file(struct kmeta_buffer *out, const char *file);
KMETA_API void kmeta_kafka_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch);
KMETA_API void kmeta_kafka_record(struct kmeta_buffer *out, const struct kmeta_line *line,
                                  unsigned flags);
KMETA_API void kmeta_kafka_tail(struct kmeta_buffer *out, const char *file, int64_t bytes);

/* One field's value alone, as JSON and as people read it. */
KMETA_API void kmeta_field_json(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                                const struct kmeta_field *field, unsigned flags);
KMETA_API void kmeta_field_text(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                                const struct kmeta_field *field, unsigned flags);

/* Whether the bytes of a record that cannot be decoded may hold what is kept secret. */
KMETA_API bool kmeta_record_is_secret(const struct kmeta_batch *batch,
                                      const struct kmeta_record *record);

/* A string as JSON, with quotes. */
KMETA_API void kmeta_string_json(struct kmeta_buffer *out, const char *text);

/* Bytes in padded standard base64, without quotes. */
KMETA_API void kmeta_base64(struct kmeta_buffer *out, struct kmeta_bytes bytes);

/* A time as ISO 8601 with milliseconds, in UTC or local time. */
KMETA_API void kmeta_print_time(struct kmeta_buffer *out, int64_t milliseconds, unsigned flags);

/* ---- Pages: the rows of a log at any place, for who goes to and fro in it ---- */

/* Where a row stands. Places compare by file, position and index. */
struct kmeta_place {
	size_t file;      /* number of the file among those of the address */
	int64_t position; /* of the batch, or of damage */
	int32_t index;    /* of the record in its batch; -1: damage in front of it */
};

/* A record, or damage. */
struct kmeta_row {
	struct kmeta_place place;
	size_t batch; /* its number in the page; of damage outside all batches, that of the next */
	int32_t damage;             /* its number in the page, -1: the row is a record */
	struct kmeta_record record; /* of a batch that may be damaged: see its "valid" */
};

struct kmeta_page_damage {
	size_t batch; /* number of the batch that it is in, or in front of */
	struct kmeta_finding finding;
};

/* A stretch of a file as rows, which own what they point to. Start with {0}; read as often as you
 * like; release once. */
struct kmeta_page {
	size_t file;
	int64_t begin, end; /* positions: the next page begins where this one ends; INT64_MAX: the
	                       file does */
	struct kmeta_batch *batches;
	size_t batches_count, batches_capacity;
	struct kmeta_page_damage *damage;
	size_t damage_count, damage_capacity;
	struct kmeta_row *rows;
	size_t rows_count, rows_capacity;
	struct kmeta_buffer bytes;
};

KMETA_API void kmeta_page_release(struct kmeta_page *page);

/* Bytes that it holds: usually some hundred thousand, but a small batch may unpack to very many
 * records. */
KMETA_API size_t kmeta_page_memory(const struct kmeta_page *page);

struct kmeta_pages;

/* One file: name as it is shown, and a path under which its plain content can be read. */
struct kmeta_pages_file {
	const char *name, *path; /* NULL: there is no such file */
	int64_t size;
};

/*
 * Opens an address as kmeta_source_open() does. Standard input and compressed files are first
 * copied, unpacked, to a temporary file without a name.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_open(struct kmeta_pages **pages, const char *address,
                                                 struct kmeta_finding *why);
KMETA_API void kmeta_pages_close(struct kmeta_pages *pages);

/* The same files for another thread; the first object must be there as long as any of its copies.
 * NULL: out of memory. */
KMETA_CHECKED struct kmeta_pages *kmeta_pages_copy(const struct kmeta_pages *pages);
KMETA_API struct kmeta_pages_file kmeta_pages_file(const struct kmeta_pages *pages, size_t file);

/*
 * Reads the rows of the batches that begin from "position" on and before "end"; fewer where they
 * unpack to very much. "position" is where a batch begins, or where another page ended. END: there
 * is no such file.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_read(struct kmeta_pages *pages, size_t file,
                                                 int64_t position, int64_t end,
                                                 struct kmeta_page *page,
                                                 struct kmeta_finding *why);

/* The position of the first batch from "position" on whose checksum is right, 0 if that is asked
 * for; "end" if there is none before it. */
KMETA_API int64_t kmeta_pages_find(struct kmeta_pages *pages, size_t file, int64_t position,
                                   int64_t end);

/* Bytes of a file as they are; returns how many there were. */
KMETA_API size_t kmeta_pages_bytes(struct kmeta_pages *pages, size_t file, int64_t position,
                                   void *at, size_t size);

/*
 * Looks whether files have grown, or segments came behind the last. OK: there is more. END: nothing
 * new. DAMAGED: something was cut, replaced or removed, as the finding says, and what was read
 * before may be there no more.
 */
KMETA_CHECKED enum kmeta_status kmeta_pages_refresh(struct kmeta_pages *pages,
                                                    struct kmeta_finding *why);

/* ---- Filters: which records are wanted ---- */

struct kmeta_filter;

KMETA_CHECKED struct kmeta_filter *kmeta_filter_new(void);
KMETA_API void kmeta_filter_free(struct kmeta_filter *filter);

/*
 * Adds a condition; a record has to meet all of them, and may choose among the values of one.
 * Terms: type, not-type (names, globs or numbers), offset, time, epoch, partition (A, A..B, A..,
 * ..B), topic (name, glob or id), broker, control, grep. "now" is the time that relative times
 * count from.
 */
KMETA_CHECKED enum kmeta_status kmeta_filter_add(struct kmeta_filter *filter, const char *term,
                                                 const char *value, int64_t now,
                                                 struct kmeta_finding *why);

/* Sets the ranges of a source to what the filter can use; they are borrowed from the filter. */
KMETA_API void kmeta_filter_window(const struct kmeta_filter *filter,
                                   struct kmeta_source_options *options);

/* Whether the filter has to see fields, and topics learned from the beginning of the stream. */
KMETA_API bool kmeta_filter_needs_fields(const struct kmeta_filter *filter);
KMETA_API bool kmeta_filter_needs_topics(const struct kmeta_filter *filter);

/* True if nothing is asked for: every record is wanted. */
KMETA_API bool kmeta_filter_is_empty(const struct kmeta_filter *filter);

/* Three looks at a record, each dearer than the one before: its head, its fields, the line it
 * prints as. */
KMETA_API bool kmeta_filter_record(const struct kmeta_filter *filter,
                                   const struct kmeta_batch *batch,
                                   const struct kmeta_record *record);
KMETA_API bool kmeta_filter_fields(const struct kmeta_filter *filter,
                                   const struct kmeta_topics *topics,
                                   const struct kmeta_fields *fields);
KMETA_API bool kmeta_filter_line(const struct kmeta_filter *filter, const char *line, size_t size);

#ifdef __cplusplus
}
#endif

#endif
