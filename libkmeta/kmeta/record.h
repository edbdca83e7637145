/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/record.h: record batches, the records in them, and the fields of a record.
 *
 * A batch comes from a source (kmeta/log.h) or a page. Its records are walked with a cursor, and
 * each is decoded into a flat array of fields by the layout of its type and version. The layouts
 * are those of Kafka's message definitions (metadata/src/main/resources/common/metadata/, and
 * clients/src/main/resources/common/message/ for control records), of every release that the tables
 * were made from. A program that prints each leader that a batch sets:
 *
 *	static void print_leaders(struct kmeta_dialect *dialect, const struct kmeta_batch *batch)
 *	{
 *		struct kmeta_fields fields = { 0 };
 *		struct kmeta_cursor cursor = { 0 };
 *		struct kmeta_record record;
 *		struct kmeta_finding why;
 *
 *		while (kmeta_batch_next(batch, &cursor, &record, &why) == KMETA_OK) {
 *			const struct kmeta_field *leader;
 *
 *			if (kmeta_decode(dialect, &record, &fields, &why) != KMETA_OK)
 *				continue;
 *			leader = kmeta_fields_find(&fields, "leader");
 *			if (leader)
 *				printf("offset %lld: leader %lld\n", (long long)record.offset,
 *				       (long long)leader->value.integer);
 *		}
 *		kmeta_fields_release(&fields);
 *	}
 */
#ifndef KMETA_RECORD_H
#define KMETA_RECORD_H

#include <kmeta/base.h>
#include <kmeta/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Schemas: the layout of every record as constant tables ---- */

/*
 * The type of a field, as Kafka's message definitions name it. Numbers are big-endian on the wire
 * and have the size that their name says in bits; strings and bytes carry their length, which is
 * compact in flexible versions (KIP-482). A decoded field has its value in the member of
 * kmeta_field.value that is named here.
 */
enum kmeta_kind {
	/* One byte: "integer" is 0 or 1, whatever byte stands for true. */
	KMETA_BOOL,

	/* A signed number of 1 byte: "integer". */
	KMETA_INT8,

	/* A signed number of 2 bytes: "integer". */
	KMETA_INT16,

	/* An unsigned number of 2 bytes, such as a port: "integer". */
	KMETA_UINT16,

	/* A signed number of 4 bytes, such as the id of a broker: "integer". */
	KMETA_INT32,

	/* An unsigned number of 4 bytes: "integer". */
	KMETA_UINT32,

	/* A signed number of 8 bytes, such as an offset or a time: "integer". */
	KMETA_INT64,

	/* A floating-point number of 8 bytes (IEEE 754), such as a quota: "real". */
	KMETA_FLOAT64,

	/* 16 bytes, such as the id of a topic: "bytes". */
	KMETA_UUID,

	/* Text that should be UTF-8, without a final NUL: "bytes". */
	KMETA_STRING,

	/* Any bytes, such as the salt of a credential: "bytes". */
	KMETA_BYTES,

	/*
	 * A struct: its own fields follow it in the schema, one level deeper. It has no value
	 * itself.
	 */
	KMETA_STRUCT
};

/* Properties of a field, as bits of kmeta_schema_field.flags. */
enum {
	/* The field is an array, and "kind" is that of its elements. */
	KMETA_FIELD_ARRAY = 1,

	/* The field may be null on the wire. */
	KMETA_FIELD_NULLABLE = 2,

	/* The field is in the tag section of the record (KIP-482): absent if it has its default. */
	KMETA_FIELD_TAGGED = 4,

	/* Its default is null, so "default_value" is not used. */
	KMETA_FIELD_DEFAULT_NULL = 8
};

/*
 * What a field names or holds, for filters and printers: the same thing has different names in
 * different records ("brokerId", "id", "leader", an element of "replicas").
 */
enum kmeta_role {
	/* None of the following. */
	KMETA_ROLE_NONE,

	/* The id of a topic, 16 bytes. */
	KMETA_ROLE_TOPIC_ID,

	/* The name of a topic. Empty means all topics where a record allows that. */
	KMETA_ROLE_TOPIC_NAME,

	/* The number of a partition in its topic. */
	KMETA_ROLE_PARTITION,

	/* The id of a broker, or an array of them. */
	KMETA_ROLE_BROKER,

	/* A credential: printed as "[hidden]" unless the caller asks for it. */
	KMETA_ROLE_SECRET
};

/*
 * One field of one version of one record. The tables are constant and live as long as the program,
 * so pointers to their entries may be kept and compared.
 */
struct kmeta_schema_field {
	/* Its name as in Kafka's JSON: "brokerId". */
	const char *name;

	/* Its type: an enum kmeta_kind. */
	uint8_t kind;

	/* KMETA_FIELD_ bits. */
	uint8_t flags;

	/* The number of a tagged field on the wire; 0 for others. */
	uint8_t tag;

	/* What it names or holds: an enum kmeta_role. */
	uint8_t role;

	/* 0: a field of the record itself, 1: of a struct in it, and so on. */
	uint8_t depth;

	/*
	 * How many entries there are up to the next field of the same depth, with this one: 1, and
	 * more for a struct. Add it to step over the fields inside.
	 */
	uint16_t span;

	/*
	 * What an absent tagged number or boolean means. Strings and arrays default to empty or
	 * null.
	 */
	int64_t default_value;
};

/*
 * One version of one record, as one release or several lay it out. "older" leads to the layout that
 * older releases used for the same type and version, as some early releases changed a version after
 * they had published it.
 */
struct kmeta_schema {
	/* The type by name: "TOPIC_RECORD", or "LEADER_CHANGE" for a control record. */
	const char *name;

	/* The number of the type (the apiKey, or the control type), and the version. */
	int16_t type, version;

	/* A control record: its type is an enum kmeta_control_type. */
	bool control;

	/* Lengths are compact, and tag sections follow the fields (KIP-482). */
	bool flexible;

	/* The oldest and the newest release with this layout, for kmeta_release_name(). */
	uint8_t first_release;
	uint8_t last_release;

	/* How many entries "fields" has, with those inside structs. */
	uint16_t count;

	/* The fields in the order of the wire; tagged ones come last on the wire, by rising tag. */
	const struct kmeta_schema_field *fields;

	/*
	 * The layout that older releases used for this type and version. NULL: there was no other.
	 */
	const struct kmeta_schema *older;
};

/*
 * Returns the newest layout of a record. "type" is an enum kmeta_control_type if "control" is true,
 * otherwise an enum kmeta_record_type; any number may be passed. NULL: no release in the tables
 * knows the type or version. The result is constant and never freed. Constant time, and any number
 * of threads may call it.
 */
KMETA_API const struct kmeta_schema *kmeta_schema_find(bool control, int32_t type, int32_t version);

/*
 * Returns the name of a type of record, as "PARTITION_RECORD" or, with "control", "LEADER_CHANGE".
 * NULL: no release in the tables knows the type. The string is constant.
 */
KMETA_API const char *kmeta_type_name(bool control, int32_t type);

/*
 * Returns what Kafka writes a type of record for, in a line without a full stop: "a topic was
 * deleted, with its partitions and settings". NULL: no release in the tables knows the type, or
 * kmeta does not know what it is for. The string is constant.
 */
KMETA_API const char *kmeta_type_about(bool control, int32_t type);

/*
 * Returns the name of a release that the tables hold, as "2.8.2". Releases are numbered from 0 on,
 * oldest first; NULL for a number past the newest one. The string is constant.
 */
KMETA_API const char *kmeta_release_name(size_t release);

/*
 * Returns the name of a metadata.version level, as "3.9-IV0" for 21 (Kafka's MetadataVersion). NULL
 * for a level that no release in the tables knows, and for 0. The string is constant.
 */
KMETA_API const char *kmeta_metadata_version_name(int64_t level);

/* ---- Kinds of entities: what the records of a state are about ---- */

/*
 * The entities of a cluster's state. They are listed in the order in which Kafka writes them into a
 * snapshot (MetadataImage.write()), and a walk returns them in it. Each is named by the record that
 * holds it.
 */
enum kmeta_entity_kind {
	/*
	 * A voter of the quorum, with its directory and endpoints, where they can change (KIP-853):
	 * an element of KRAFT_VOTERS. It belongs to the quorum and not to Kafka's image of the
	 * cluster, so that a state's records and its hash are without it.
	 */
	KMETA_VOTER,

	/* The level of a feature such as metadata.version (KIP-584): FEATURE_LEVEL_RECORD. */
	KMETA_FEATURE,

	/*
	 * How far the migration from ZooKeeper is (KIP-866): ZK_MIGRATION_STATE_RECORD. One at
	 * most.
	 */
	KMETA_ZK_MIGRATION,

	/*
	 * A registered broker, with its endpoints and whether it is fenced: REGISTER_BROKER_RECORD.
	 */
	KMETA_BROKER,

	/* A registered controller (KIP-919): REGISTER_CONTROLLER_RECORD. */
	KMETA_CONTROLLER,

	/* A topic, which is its name and its id: TOPIC_RECORD. */
	KMETA_TOPIC,

	/* A partition, with replicas, ISR and leader: PARTITION_RECORD. */
	KMETA_PARTITION,

	/* One setting of a topic, a broker, a group or clients: CONFIG_RECORD. */
	KMETA_CONFIG,

	/*
	 * One quota of a user, a client id, an ip or a combination (KIP-546): CLIENT_QUOTA_RECORD.
	 */
	KMETA_QUOTA,

	/* The next block of producer ids (KIP-730): PRODUCER_IDS_RECORD. One at most. */
	KMETA_PRODUCER_IDS,

	/* An access rule: ACCESS_CONTROL_ENTRY_RECORD. */
	KMETA_ACL,

	/* A user's SCRAM credential (KIP-900): USER_SCRAM_CREDENTIAL_RECORD. */
	KMETA_SCRAM,

	/* A delegation token: DELEGATION_TOKEN_RECORD. */
	KMETA_TOKEN,

	/* How many kinds there are; no kind itself. */
	KMETA_ENTITY_KINDS
};

/*
 * Returns the name of a kind, as "partition", which the "entity" of JSON output and options of the
 * commands use. NULL for a number that is no kind. The string is constant.
 */
KMETA_API const char *kmeta_entity_kind_name(enum kmeta_entity_kind kind);

/*
 * Returns the first word of a kind's paths, as "topics" for topics and partitions. NULL for a
 * number that is no kind. The string is constant.
 */
KMETA_API const char *kmeta_entity_kind_group(enum kmeta_entity_kind kind);

/*
 * Returns the newest layout of the record that holds an entity of this kind: the fields that it can
 * have. NULL for a number that is no kind. Constant.
 */
KMETA_API const struct kmeta_schema *kmeta_entity_kind_schema(enum kmeta_entity_kind kind);

/*
 * Tells which kind a word of "size" bytes means, which need not be NUL-terminated: the name of the
 * kind, the first word of its paths, either of them as singular or plural, or the name of a type of
 * record about it with or without _RECORD, all in any case and with "_" for "-". "topics" are
 * topics, not partitions. KMETA_ENTITY_KINDS: it means none.
 */
KMETA_API enum kmeta_entity_kind kmeta_entity_kind_find(const char *word, size_t size);

/*
 * Returns true if a state holds one entity of this kind at most, as the next block of producer ids.
 * False for a number that is no kind.
 */
KMETA_API bool kmeta_entity_kind_is_single(enum kmeta_entity_kind kind);

/* ---- Batches ---- */

/*
 * The largest batch in bytes that is read, compressed or decompressed. Larger ones are damage.
 * Kafka's own limit for the metadata log is 8 MiB.
 */
#define KMETA_BATCH_LIMIT ((size_t)64 << 20)

/*
 * The compression codecs of a batch, as the lowest three bits of its attributes have them (Kafka's
 * CompressionType). The records of a batch are compressed as one; its header is not.
 */
enum kmeta_codec { KMETA_NONE, KMETA_GZIP, KMETA_SNAPPY, KMETA_LZ4, KMETA_ZSTD };

/*
 * A record batch: Kafka's DefaultRecordBatch with magic 2 (KIP-98). The header's fields are as the
 * file has them and may contradict each other in a damaged batch. The struct and all that it points
 * to are valid until the next call on the source, or as long as the page, that it came from. A copy
 * of the struct lives no longer than that.
 */
struct kmeta_batch {
	/* The file as opened, "-" for standard input. Borrowed from the source or the pages. */
	const char *file;

	/*
	 * The first byte of the batch in the file, and its size in bytes with its header. In a file
	 * that is compressed as a whole, positions count decompressed bytes.
	 */
	int64_t position, size;

	/* Bytes just before the batch that were skipped because they are damaged. Mostly 0. */
	int64_t skipped;

	/*
	 * The first and last offset. "last_offset" is the sum of the base offset and the delta
	 * below and wraps as Java's long does: check it before you use it.
	 */
	int64_t base_offset, last_offset;

	/*
	 * Milliseconds since 1970 UTC, as the clock of the controller had them. Records count from
	 * "base_timestamp"; "max_timestamp" is the latest of them.
	 */
	int64_t base_timestamp, max_timestamp;

	/*
	 * Who produced the batch in an idempotent or transactional way. Always -1 in a metadata
	 * log, as are "producer_epoch" and "base_sequence" below.
	 */
	int64_t producer_id;

	/* The last offset minus the base offset, as the header has it. */
	int32_t last_offset_delta;

	/* The leader epoch (partitionLeaderEpoch): that of the active controller that wrote it. */
	int32_t epoch;

	/* The number of records as the header claims it. Do not allocate by it. */
	int32_t count;

	/* The sequence number of the first record for its producer. */
	int32_t base_sequence;

	/* The epoch of the producer. */
	int16_t producer_epoch;

	/* The version of the format. 2 in every sound batch of a metadata log. */
	int8_t magic;

	/*
	 * True if the checksum is right: the batch is as it was written. Base offset, length and
	 * epoch are not under the checksum.
	 */
	bool valid;

	/* KMETA_BATCH_ bits. */
	uint16_t attributes;

	/* The CRC-32C that the header has, and that of the bytes from the attributes on. */
	uint32_t crc, computed_crc;

	/*
	 * The records after decompression, one after the other, as kmeta_batch_next() walks them.
	 * Borrowed.
	 */
	struct kmeta_bytes records;
};

/* Attributes of a batch. A metadata log uses KMETA_BATCH_CONTROL alone. */
enum {
	/* The bits that hold an enum kmeta_codec. */
	KMETA_BATCH_CODEC = 0x07,

	/* All records have the time "max_timestamp", at which the leader appended them. */
	KMETA_BATCH_LOG_APPEND_TIME = 0x08,

	/*
	 * Part of a transaction of a producer. KIP-868 transactions are records and do not set it.
	 */
	KMETA_BATCH_TRANSACTIONAL = 0x10,

	/* Its records are control records, which belong to the raft layer. */
	KMETA_BATCH_CONTROL = 0x20,

	/* "base_timestamp" is when compaction may drop its tombstones (KIP-534). */
	KMETA_BATCH_DELETE_HORIZON = 0x40
};

/*
 * Returns the name of a codec, as "none" or "gzip". NULL for a number that is no codec. The string
 * is constant.
 */
KMETA_API const char *kmeta_codec_name(unsigned codec);

/*
 * Says whether this build can read and write a codec. A build without it finds KMETA_BAD_CODEC in
 * batches that need it. False for a number that is no codec.
 */
KMETA_API bool kmeta_codec_is_built(unsigned codec);

/* ---- Records ---- */

/*
 * A record of a batch (Kafka's DefaultRecord). The bytes are borrowed from the batch and valid as
 * long as it.
 *
 * The value of a metadata record begins with three numbers: the version of the frame, the type (api
 * key) and the version (Kafka's AbstractApiMessageSerde). A control record has its type in the key.
 */
struct kmeta_record {
	/* The base offset of the batch plus the record's own delta. Offsets count records. */
	int64_t offset;

	/*
	 * Milliseconds since 1970 UTC; in a batch with KMETA_BATCH_LOG_APPEND_TIME that of the
	 * batch.
	 */
	int64_t timestamp;

	/* The record's first byte in the file; in a compressed batch, the batch's. */
	int64_t position;

	/* The value's first byte in the file, -1 in a compressed batch. */
	int64_t value_position;

	/* The frame of a metadata record: 0 in release 2.8, 1 since; -1: unreadable. */
	int32_t frame;

	/* An enum kmeta_record_type or kmeta_control_type, and the version; -1: unreadable. */
	int32_t type, version;

	/* A control record, which belongs to the raft layer and not to the metadata. */
	bool control;

	/* Where in the value the fields begin, in bytes: after the three numbers of the frame. */
	uint32_t body;

	/* Headers of the record; Kafka's metadata has none. Walk them with kmeta_header_next(). */
	int32_t header_count;

	/*
	 * Key and value; "data" NULL means null. A metadata record has no key. And the headers as
	 * they are on the wire.
	 */
	struct kmeta_bytes key, value, headers;
};

/*
 * A position in a batch, for kmeta_batch_next(). Set it to { 0 } to begin with the first record. It
 * owns nothing; a copy of it comes back to the same record.
 */
struct kmeta_cursor {
	/* The next record's first byte in kmeta_batch.records. */
	size_t at;

	/* The number of the next record in the batch, from 0 on. */
	int32_t index;

	/* The records that the header counts were read, and others follow. */
	bool uncounted;
};

/*
 * Reads the next record of a batch and moves the cursor. The batch may be a damaged one; its
 * records are then not to be trusted. Nothing is copied: the record borrows from the batch.
 *
 * OK: "record" is set. END: there are no more. DAMAGED with KMETA_BAD_OFFSET: "record" is set
 * nevertheless, only its offset is wrong. DAMAGED with KMETA_BAD_COUNT: the batch holds fewer
 * records than its header says, or more, which the next calls read. DAMAGED with KMETA_BAD_RECORD
 * or KMETA_SLACK: the rest of the batch cannot be told apart, and the next call returns END. It
 * never returns FAILED.
 */
KMETA_CHECKED enum kmeta_status kmeta_batch_next(const struct kmeta_batch *batch,
                                                 struct kmeta_cursor *cursor,
                                                 struct kmeta_record *record,
                                                 struct kmeta_finding *why);

/*
 * Takes the next header off "headers", which is first a copy of record->headers. Sets "key" and
 * "value", which are borrowed from the batch; "data" NULL means null. False: there are no more, or
 * the headers are damaged.
 */
KMETA_API bool kmeta_header_next(struct kmeta_bytes *headers, struct kmeta_bytes *key,
                                 struct kmeta_bytes *value);

/* ---- Decoding: the fields of a record as one flat array ---- */

/* Properties of a decoded field, as bits of kmeta_field.flags. */
enum {
	/* The value is null: "bytes" has data NULL, "integer" says nothing. */
	KMETA_VALUE_NULL = 1,

	/* A struct, string or byte string that is an element of the array before it. */
	KMETA_VALUE_ELEMENT = 2,

	/* A tagged field that was written although it has its default, which Kafka never does. */
	KMETA_VALUE_DEFAULT = 4
};

/*
 * A decoded field. Fields are in the order of the schema. A tagged field that was not written is
 * missing and has its default.
 *
 * The fields of a struct follow it, and so do the elements of an array of structs or strings, each
 * as an entry with KMETA_VALUE_ELEMENT. An array of numbers or uuids is a single entry that holds
 * the elements as they are on the wire. To walk the fields of one level:
 *
 *	for (i = 0; i < fields.count; i += fields.at[i].span)
 *		... fields.at[i].schema->name ...
 */
struct kmeta_field {
	/* Its name, type and place in the layout. Constant. */
	const struct kmeta_schema_field *schema;

	/* Where its bytes are in record.value: the first one, and how many. */
	uint32_t at, size;

	/*
	 * How many entries there are up to the next field of the same level, with this one and with
	 * the elements of an array.
	 */
	uint32_t span;

	/* KMETA_VALUE_ bits. */
	uint32_t flags;

	/* The value, in the member that its kind takes: see enum kmeta_kind. Structs have none. */
	union {
		/* Numbers and booleans; of an array of structs or strings, the element count. */
		int64_t integer;

		/* A floating-point number: KMETA_FLOAT64. */
		double real;

		/*
		 * Strings, bytes and uuids; of an array of numbers or uuids, its elements, each
		 * big-endian. Borrowed from the record.
		 */
		struct kmeta_bytes bytes;
	} value;
};

/*
 * A tagged field that no release in the tables knows. Kafka ignores such fields, and its JSON
 * leaves them out.
 */
struct kmeta_unknown_tag {
	/* The number of the tag. */
	uint32_t tag;

	/* Its bytes without tag and length. Borrowed from the record. */
	struct kmeta_bytes value;
};

/*
 * The fields of one record. Set it to { 0 }, use it for record after record, and release it once:
 * its memory is reused. Fields are valid until the next kmeta_decode() into it, and only as long as
 * the record's bytes.
 */
struct kmeta_fields {
	/*
	 * The layout that fits the record. NULL: none was found, and there are no fields. Constant.
	 */
	const struct kmeta_schema *schema;

	/* The fields. Memory of this struct, reused by the next record. */
	struct kmeta_field *at;

	/* How many fields there are, and how many there is room for. */
	size_t count, capacity;

	/* The tagged fields that the layout does not have. */
	struct kmeta_unknown_tag *unknown;

	/* How many of these there are, and how many there is room for. */
	size_t unknown_count, unknown_capacity;

	/* KMETA_IRREGULAR_ bits: what Kafka would have written in another way. */
	unsigned irregular;
};

/* What Kafka accepts when it reads a record, although it would not write it. */
enum {
	/* Tags are not in rising order. */
	KMETA_IRREGULAR_ORDER = 1,

	/* A tag is written twice: the last one counts. */
	KMETA_IRREGULAR_REPEAT = 2,

	/* A tagged field is written although it has its default. */
	KMETA_IRREGULAR_DEFAULT = 4,

	/* A boolean is neither 0 nor 1: it counts as true. */
	KMETA_IRREGULAR_BOOLEAN = 8,

	/* It has a tagged field that its layout does not know: a newer release wrote it. */
	KMETA_IRREGULAR_UNKNOWN = 16
};

/*
 * Frees the memory of the fields and sets them to { 0 }, so that they may be used again. The struct
 * itself stays the caller's. Fields that are { 0 } are fine.
 */
KMETA_API void kmeta_fields_release(struct kmeta_fields *fields);

/*
 * Returns the field of the record itself, not of a struct in it, that has this name, as "leader".
 * NULL: the field is absent and so has its default, or the layout has no such field. The result is
 * valid as long as the fields.
 */
KMETA_API const struct kmeta_field *kmeta_fields_find(const struct kmeta_fields *fields,
                                                      const char *name);

/*
 * Which release's layouts to read a stream by. Some early releases laid out the same type and
 * version differently, so their bytes alone may fit two layouts.
 *
 * With a release given, its layout is used wherever it had one. Otherwise the newest layout that
 * fits the bytes is used and, if several do, the one that agrees with what the stream has shown so
 * far: its frame versions, its metadata.version, and the records that only one layout fits. A log
 * that grew through upgrades is read right throughout.
 *
 * Use one object for each stream, from its beginning on. The members are the library's.
 */
struct kmeta_dialect {
	/* The number of the release that was asked for, -1: chosen by the stream. */
	int release;

	/* The releases that may have written the stream, as the records so far have shown. */
	int lowest, highest;
};

/*
 * Initializes a dialect. "release" is a release as "3.2.3", as "3.2" for any of its patch releases,
 * or as "4" for the newest of that line; NULL or "auto" lets the stream decide. The string is not
 * kept. A dialect owns nothing: copy it freely, and there is nothing to release.
 *
 * False: no such release is in the tables, and "dialect" is untouched.
 */
KMETA_CHECKED bool kmeta_dialect_init(struct kmeta_dialect *dialect, const char *release);

/*
 * Decodes a record into "fields", and lets the dialect learn from it. Pass records in the order of
 * the log. The fields point into the record's value and are valid as long as the batch, but no
 * longer than until the next call with the same "fields".
 *
 * OK: the fields are complete. DAMAGED: the record has no layout (KMETA_UNKNOWN_RECORD,
 * KMETA_UNKNOWN_VERSION, KMETA_UNKNOWN_FRAME), its frame or key cannot be read (KMETA_NO_VALUE,
 * KMETA_BAD_FRAME, KMETA_BAD_CONTROL_KEY), or it does not fit its layout (KMETA_BAD_FIELD,
 * KMETA_TRAILING_BYTES); "fields" then holds the complete fields before the fault. The finding has
 * position and offset, but no file: add batch.file. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_decode(struct kmeta_dialect *dialect,
                                             const struct kmeta_record *record,
                                             struct kmeta_fields *fields,
                                             struct kmeta_finding *why);

/* ---- Writing: records as a batch ---- */

/*
 * A record to write. A metadata record has no key, and its value begins with the frame; the key of a
 * control record is its version, 0, and its type, two bytes each. The caller owns the bytes.
 */
struct kmeta_new_record {
	/* Milliseconds since 1970 UTC. */
	int64_t timestamp;

	/* "data" NULL: null. */
	struct kmeta_bytes key, value;
};

/* A batch to write. { 0 } is one of metadata records at offset 0 and epoch 0, not compressed. */
struct kmeta_new_batch {
	/* The offset of the first record; the others follow without gaps. */
	int64_t base_offset;

	/* The leader epoch. */
	int32_t epoch;

	/* How to compress the records. Kafka itself does not compress its metadata log. */
	enum kmeta_codec codec;

	/* The records are control records. */
	bool control;
};

/*
 * Appends a batch v2 with its checksum to "out": what Kafka's MemoryRecordsBuilder makes, without
 * a producer. A program that makes a batch of one record:
 *
 *	const struct kmeta_new_batch batch = { .base_offset = 1500, .epoch = 3 };
 *	const struct kmeta_new_record record = { .timestamp = now, .value = value };
 *
 *	if (kmeta_write_batch(&out, &batch, &record, 1, &why) == KMETA_OK)
 *		fwrite(out.at, 1, out.size, file);
 *
 * OK: the batch was appended. FAILED: there is no record, the offset is below 0
 * (KMETA_BAD_ARGUMENT), the codec is unknown or was left out of this build (KMETA_BAD_CODEC), the
 * records are above KMETA_BATCH_LIMIT (KMETA_TOO_LARGE), or memory ran out. "out" is then as it
 * was. Kafka takes no batch above 8 MiB, which this call does not check.
 */
KMETA_CHECKED enum kmeta_status kmeta_write_batch(struct kmeta_buffer *out,
                                                  const struct kmeta_new_batch *batch,
                                                  const struct kmeta_new_record *records,
                                                  size_t count, struct kmeta_finding *why);

/*
 * Appends a batch with the header of another, and with other records: the offsets, times, epoch and
 * attributes stay as they are, the records are compressed with the same codec, and length and
 * checksum are those of the result. "records" are as in batch->records, one after the other, and
 * are copied. Their count has to be that of the header, which the call does not look at.
 *
 * OK: the batch was appended. FAILED: the codec was left out of this build (KMETA_BAD_CODEC), the
 * records are above KMETA_BATCH_LIMIT (KMETA_TOO_LARGE), or memory ran out. "out" is then as it was.
 */
KMETA_CHECKED enum kmeta_status kmeta_rewrite_batch(struct kmeta_buffer *out,
                                                    const struct kmeta_batch *batch,
                                                    struct kmeta_bytes records,
                                                    struct kmeta_finding *why);

#ifdef __cplusplus
}
#endif

#endif
