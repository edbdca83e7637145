/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/record.h: record batches, the records in them, and the fields of a record.
 *
 * A batch comes from a source (kmeta/log.h) or a page. Its records are walked with a cursor, and
 * each is decoded into a flat array of fields by the layout of its type and version:
 *
 *	struct kmeta_dialect dialect;
 *	struct kmeta_fields fields = { 0 };
 *	struct kmeta_cursor cursor = { 0 };
 *	const struct kmeta_field *leader;
 *
 *	if (!kmeta_dialect_init(&dialect, NULL))
 *		return;
 *	while (kmeta_batch_next(&batch, &cursor, &record, &why) == KMETA_OK) {
 *		if (kmeta_decode(&dialect, &record, &fields, &why) != KMETA_OK)
 *			continue;
 *		leader = kmeta_fields_find(&fields, "leader");
 *		if (leader)
 *			printf("offset %lld: leader %lld\n", (long long)record.offset,
 *			       (long long)leader->value.integer);
 *	}
 *	kmeta_fields_release(&fields);
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
 * The type of a field, as Kafka's message definitions name it. Numbers are big-endian on the wire;
 * strings and bytes carry their length, which is compact in flexible versions (KIP-482).
 */
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
	KMETA_STRUCT /* its own fields follow it in the schema, one level deeper */
};

/* Properties of a field, as bits of kmeta_schema_field.flags. */
enum {
	KMETA_FIELD_ARRAY = 1,       /* an array of the kind */
	KMETA_FIELD_NULLABLE = 2,    /* may be null on the wire */
	KMETA_FIELD_TAGGED = 4,      /* in the tag section: absent if it has its default */
	KMETA_FIELD_DEFAULT_NULL = 8 /* its default is null */
};

/*
 * What a field names or holds, for filters and printers: the same thing has different names in
 * different records ("brokerId", "id", "leader", an element of "replicas").
 */
enum kmeta_role {
	KMETA_ROLE_NONE,
	KMETA_ROLE_TOPIC_ID,
	KMETA_ROLE_TOPIC_NAME,
	KMETA_ROLE_PARTITION,
	KMETA_ROLE_BROKER,
	KMETA_ROLE_SECRET /* a credential: printed as "[hidden]" unless the caller asks for it */
};

/*
 * One field of one version of one record. The tables are constant and live as long as the program,
 * so pointers to their entries may be kept and compared.
 */
struct kmeta_schema_field {
	const char *name;      /* as in Kafka's JSON: "brokerId" */
	uint8_t kind;          /* enum kmeta_kind */
	uint8_t flags;         /* KMETA_FIELD_ bits */
	uint8_t tag;           /* the number of a tagged field */
	uint8_t role;          /* enum kmeta_role */
	uint8_t depth;         /* 0: a field of the record itself, 1: of a struct in it, ... */
	uint16_t span;         /* entries up to the next field of the same depth, with this one */
	int64_t default_value; /* of a tagged number or boolean */
};

/*
 * One version of one record, as one release or several lay it out. "older" leads to the layout that
 * older releases used for the same type and version, as some early releases changed a version after
 * they had published it.
 */
struct kmeta_schema {
	const char *name;      /* "TOPIC_RECORD", "LEADER_CHANGE" */
	int16_t type, version; /* the api key or control type, and the version */
	bool control;          /* a control record: its type is an enum kmeta_control_type */
	bool flexible;         /* compact lengths and tag sections */
	uint8_t first_release; /* the releases with this layout, for kmeta_release_name() */
	uint8_t last_release;
	uint16_t count; /* number of fields, with those inside structs */
	const struct kmeta_schema_field *fields;
	const struct kmeta_schema *older; /* NULL: no release had another layout before */
};

/*
 * Returns the newest layout of a record. "type" is an enum kmeta_control_type if "control" is true,
 * otherwise an enum kmeta_record_type. NULL: no release in the tables knows the type or version.
 * The result is constant.
 */
KMETA_API const struct kmeta_schema *kmeta_schema_find(bool control, int32_t type, int32_t version);

/*
 * Returns the name of a type of record, as "PARTITION_RECORD" or, with "control", "LEADER_CHANGE".
 * NULL: no release in the tables knows the type. The string is constant.
 */
KMETA_API const char *kmeta_type_name(bool control, int32_t type);

/*
 * Returns the name of a release that the tables hold, as "2.8.2". Releases are numbered from 0 on,
 * oldest first; NULL for a number past the newest one. The string is constant.
 */
KMETA_API const char *kmeta_release_name(size_t release);

/*
 * Returns the name of a metadata.version level, as "3.9-IV0" for 21 (Kafka's MetadataVersion). NULL
 * for a level that no release in the tables knows. The string is constant.
 */
KMETA_API const char *kmeta_metadata_version_name(int64_t level);

/* ---- Kinds of entities: what the records of a state are about ---- */

/*
 * The entities of a cluster's state. They are listed in the order in which Kafka writes them into a
 * snapshot (MetadataImage.write()).
 */
enum kmeta_entity_kind {
	KMETA_FEATURE, /* the level of a feature such as metadata.version */
	KMETA_ZK_MIGRATION,
	KMETA_BROKER,     /* a registered broker */
	KMETA_CONTROLLER, /* a registered controller */
	KMETA_TOPIC,
	KMETA_PARTITION,
	KMETA_CONFIG, /* one setting of a topic, a broker, a group or clients */
	KMETA_QUOTA,
	KMETA_PRODUCER_IDS, /* the next block of producer ids */
	KMETA_ACL,
	KMETA_SCRAM, /* a user's SCRAM credential */
	KMETA_TOKEN, /* a delegation token */
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

/* ---- Batches ---- */

/*
 * The largest batch in bytes that is read, compressed or decompressed. Larger ones are damage.
 * Kafka's own limit for the metadata log is 8 MiB.
 */
#define KMETA_BATCH_LIMIT ((size_t)64 << 20)

/* The compression codecs of a batch, as the lowest bits of its attributes have them. */
enum kmeta_codec { KMETA_NONE, KMETA_GZIP, KMETA_SNAPPY, KMETA_LZ4, KMETA_ZSTD };

/*
 * A record batch: Kafka's DefaultRecordBatch with magic 2. The header's fields are as the file has
 * them and may contradict each other in a damaged batch. The struct is valid until the next call on
 * the source, or as long as the page, that it came from.
 */
struct kmeta_batch {
	/* The file as opened. Borrowed from the source. */
	const char *file;

	/* The first byte of the batch in the file, and its size in bytes. */
	int64_t position, size;

	/* Bytes just before the batch that were skipped because they are damaged. */
	int64_t skipped;

	/*
	 * The first and last offset. "last_offset" is the sum of the base offset and the delta
	 * below and wraps as Java's long does: check it before you use it.
	 */
	int64_t base_offset, last_offset;

	/* Milliseconds since 1970. Records count from "base_timestamp". */
	int64_t base_timestamp, max_timestamp;

	/* Always -1 in a metadata log, as are the producer epoch and the sequence. */
	int64_t producer_id;

	int32_t last_offset_delta;

	/* The epoch of the leader that wrote the batch. */
	int32_t epoch;

	/* The number of records as the header claims it. */
	int32_t count;

	int32_t base_sequence;
	int16_t producer_epoch;
	int8_t magic;

	/* True if the checksum is right: the batch is as it was written. */
	bool valid;

	/* KMETA_BATCH_ bits. */
	uint16_t attributes;

	/* The CRC-32C in the header, and that of the bytes. */
	uint32_t crc, computed_crc;

	/* The records after decompression. */
	struct kmeta_bytes records;
};

/* Attributes of a batch. A metadata log uses KMETA_BATCH_CONTROL alone. */
enum {
	KMETA_BATCH_CODEC = 0x07,           /* mask for an enum kmeta_codec */
	KMETA_BATCH_LOG_APPEND_TIME = 0x08, /* records have the time of the batch */
	KMETA_BATCH_TRANSACTIONAL = 0x10,
	KMETA_BATCH_CONTROL = 0x20, /* its records are control records */
	KMETA_BATCH_DELETE_HORIZON = 0x40
};

/*
 * Returns the name of a codec, as "none" or "gzip". NULL for a number that is no codec. The string
 * is constant.
 */
KMETA_API const char *kmeta_codec_name(unsigned codec);

/* ---- Records ---- */

/*
 * A record of a batch. The bytes are borrowed from the batch and valid as long as it.
 *
 * The value of a metadata record begins with three numbers: the version of the frame, the type (api
 * key) and the version (Kafka's AbstractApiMessageSerde). A control record has its type in the key.
 */
struct kmeta_record {
	int64_t offset;

	/* Milliseconds since 1970. */
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

	/* Where in the value the fields begin, in bytes. */
	uint32_t body;

	/* Headers of the record; Kafka's metadata has none. Walk them with kmeta_header_next(). */
	int32_t header_count;

	struct kmeta_bytes key, value, headers;
};

/* A position in a batch, for kmeta_batch_next(). Set it to { 0 } to begin with the first record. */
struct kmeta_cursor {
	/* Bytes of batch->records before the next record. */
	size_t at;

	/* The number of the next record, from 0 on. */
	int32_t index;

	/* The records that the header counts were read, and others follow. */
	bool uncounted;
};

/*
 * Reads the next record of a batch and moves the cursor. The batch may be a damaged one; its
 * records are then not to be trusted.
 *
 * OK: "record" is set. END: there are no more. DAMAGED with KMETA_BAD_OFFSET: "record" is set
 * nevertheless, only its offset is wrong. DAMAGED with KMETA_BAD_COUNT: the batch holds fewer
 * records than its header says, or more, which the next calls read. DAMAGED with another code: the
 * rest of the batch cannot be told apart, and the next call returns END.
 */
KMETA_CHECKED enum kmeta_status kmeta_batch_next(const struct kmeta_batch *batch,
                                                 struct kmeta_cursor *cursor,
                                                 struct kmeta_record *record,
                                                 struct kmeta_finding *why);

/*
 * Takes the next header off "headers", which is first a copy of record->headers. Sets "key" and
 * "value", which are borrowed from the batch. False: there are no more.
 */
KMETA_API bool kmeta_header_next(struct kmeta_bytes *headers, struct kmeta_bytes *key,
                                 struct kmeta_bytes *value);

/* ---- Decoding: the fields of a record as one flat array ---- */

/* Properties of a decoded field, as bits of kmeta_field.flags. */
enum {
	/* The value is null. */
	KMETA_VALUE_NULL = 1,

	/* A struct, string or byte string that is an element of the array before it. */
	KMETA_VALUE_ELEMENT = 2,

	/* A tagged field that was written although it has its default. */
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
	const struct kmeta_schema_field *schema;

	/* Where its bytes are in record.value. */
	uint32_t at, size;

	/* Entries up to the next field of the same level, with this one. */
	uint32_t span;

	/* KMETA_VALUE_ bits. */
	uint32_t flags;

	union {
		/* Numbers and booleans; of an array of structs or strings, the element count. */
		int64_t integer;

		/* KMETA_FLOAT64. */
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
	uint32_t tag;
	struct kmeta_bytes value; /* borrowed from the record */
};

/*
 * The fields of one record. Set it to { 0 }, use it for record after record, and release it once:
 * its memory is reused. Fields are valid until the next kmeta_decode() into it, and only as long as
 * the record's bytes.
 */
struct kmeta_fields {
	/* The layout that fits the record. */
	const struct kmeta_schema *schema;

	struct kmeta_field *at;
	size_t count, capacity;

	struct kmeta_unknown_tag *unknown;
	size_t unknown_count, unknown_capacity;

	/* KMETA_IRREGULAR_ bits. */
	unsigned irregular;
};

/* What Kafka accepts when it reads a record, although it would not write it. */
enum {
	KMETA_IRREGULAR_ORDER = 1,   /* tags are not in rising order */
	KMETA_IRREGULAR_REPEAT = 2,  /* a tag is written twice: the last one counts */
	KMETA_IRREGULAR_DEFAULT = 4, /* a tagged field is written with its default */
	KMETA_IRREGULAR_BOOLEAN = 8  /* a boolean is neither 0 nor 1: it counts as true */
};

/* Frees the memory of the fields and sets them to { 0 }. The struct itself stays the caller's. */
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
	int release;         /* the number of the release, -1: chosen by the stream */
	int lowest, highest; /* the releases that may have written the stream */
};

/*
 * Initializes a dialect. "release" is a release as "3.2.3", "3.2" or "4"; NULL or "auto" lets the
 * stream decide. False: no such release is in the tables.
 */
KMETA_CHECKED bool kmeta_dialect_init(struct kmeta_dialect *dialect, const char *release);

/*
 * Decodes a record into "fields", and lets the dialect learn from it.
 *
 * OK: the fields are complete. DAMAGED: the record has no layout (KMETA_UNKNOWN_RECORD,
 * KMETA_UNKNOWN_VERSION) or does not fit it; "fields" then holds the complete fields before the
 * fault. The finding has no file. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_decode(struct kmeta_dialect *dialect,
                                             const struct kmeta_record *record,
                                             struct kmeta_fields *fields,
                                             struct kmeta_finding *why);

#ifdef __cplusplus
}
#endif

#endif
