/* SPDX-License-Identifier: Apache-2.0 */
/* kmeta/record.h: batches, records, and their fields. */
#ifndef KMETA_RECORD_H
#define KMETA_RECORD_H

#include <kmeta/base.h>
#include <kmeta/types.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/* ---- Kinds of entities: what the records of a state are about ---- */

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

/* The first word of the kind's paths: "topics" of topics and partitions. */
KMETA_API const char *kmeta_entity_kind_group(enum kmeta_entity_kind kind);

/* ---- Batches ---- */

/*
 * No batch, compressed or not, is read if it is larger (Kafka's own limit for metadata is 8 MiB).
 */
#define KMETA_BATCH_LIMIT ((size_t)64 << 20)

enum kmeta_codec { KMETA_NONE, KMETA_GZIP, KMETA_SNAPPY, KMETA_LZ4, KMETA_ZSTD };

/*
 * A record batch, Kafka's DefaultRecordBatch (magic 2). Borrowed: valid until the next call on its
 * source.
 */
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

/*
 * The next header of a record: start with a copy of record->headers, which is used up. False: no
 * more.
 */
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
		/* numbers and booleans; arrays of structs and strings: the count */
		int64_t integer;
		double real;
		struct kmeta_bytes bytes; /* strings, bytes, uuids, arrays of numbers and uuids */
	} value;
};

/*
 * A field of a tag section that no release in the tables knows. Kafka's JSON leaves such fields
 * out.
 */
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

#ifdef __cplusplus
}
#endif

#endif
