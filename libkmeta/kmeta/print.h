/* SPDX-License-Identifier: Apache-2.0 */
/* kmeta/print.h: records, values and entities in words; which records are wanted. */
#ifndef KMETA_PRINT_H
#define KMETA_PRINT_H

#include <kmeta/log.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/*
 * The name of the topic with this 16-byte id; data NULL if it is not known. Borrowed until the next
 * learn.
 */
KMETA_API struct kmeta_bytes kmeta_topics_name(const struct kmeta_topics *topics,
                                               const uint8_t *id);

/* ---- Printing ---- */

enum {
	KMETA_SHOW_SECRETS =
		1,             /* otherwise credentials and sensitive configs print as "[hidden]" */
	KMETA_SHOW_BATCH = 2,  /* with the fields of the record's batch */
	KMETA_SHOW_UTC = 4,    /* times in UTC, not local time */
	KMETA_SHOW_COLOR = 8,  /* for a terminal */
	KMETA_SHOW_NARROW = 16 /* text: without date and zone, and less padded */
};

/*
 * What is printed: a record, decoded (error NULL) or with the finding that says why it could not
 * be.
 */
struct kmeta_line {
	const struct kmeta_batch *batch;
	const struct kmeta_record *record;
	const struct kmeta_fields *fields;
	const struct kmeta_finding *error;
	const struct kmeta_topics *topics; /* names for ids in text; may be NULL */
};

/*
 * One JSON line. "data" is byte for byte what Kafka's own converters print, where secrets are
 * shown.
 */
KMETA_API void kmeta_json(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags);

/*
 * A finding as one JSON line:
 * {"severity":...,"code":...,"file":...,"position":...,"offset":...,"message":...}.
 */
KMETA_API void kmeta_json_finding(struct kmeta_buffer *out, const struct kmeta_finding *finding);

/* The state of the text printer: what it found out of schemas, and the time it printed last. */
struct kmeta_text;

KMETA_CHECKED struct kmeta_text *kmeta_text_new(void);
KMETA_API void kmeta_text_free(struct kmeta_text *text);

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

/* ---- addresses: PATH[@POINT] ---- */

enum kmeta_point_kind { KMETA_POINT_END, KMETA_POINT_START, KMETA_POINT_OFFSET, KMETA_POINT_TIME };

/*
 * A moment: the state made by all records below an offset, or by all batches that are not later
 * than a time.
 */
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

/*
 * A point by itself, as it stands behind an address's @. A day, minute or second is its last
 * millisecond with "last", as in an address, or else its first.
 */
KMETA_CHECKED enum kmeta_status kmeta_point_parse(const char *text, int64_t now, bool last,
                                                  struct kmeta_point *point,
                                                  struct kmeta_finding *why);

/* ---- Entities ---- */

/*
 * An entity as the record that a snapshot of the image's metadata.version holds. Borrowed until the
 * next call.
 */
struct kmeta_entity {
	enum kmeta_entity_kind kind;
	struct kmeta_bytes key;        /* compares as the entities are ordered */
	struct kmeta_bytes topic_name; /* of topics and partitions */
	const struct kmeta_fields *fields;
};

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

/*
 * Its snapshot record as one JSON object: {"type":...,"version":...,"data":{...}}, without a
 * newline.
 */
KMETA_API void kmeta_entity_json(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                 unsigned flags);

/* What names it, as a JSON object: {"topic":"orders","topicId":"...","partition":3}. */
KMETA_API void kmeta_entity_key_json(struct kmeta_buffer *out, const struct kmeta_entity *entity,
                                     unsigned flags);

/* True for the fields that are part of what names the entity. */
KMETA_API bool kmeta_entity_is_key(const struct kmeta_entity *entity,
                                   const struct kmeta_field *field);

/* A directory's id from its text; false: it is none. */
KMETA_API bool kmeta_uuid_parse(const char *text, uint8_t uuid[16]);

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

/*
 * Three looks at a record, each dearer than the one before: its head, its fields, the line it
 * prints as.
 */
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
