/* SPDX-License-Identifier: Apache-2.0 */
/* kmeta/base.h: what every other header uses: results, findings, bytes. */
#ifndef KMETA_BASE_H
#define KMETA_BASE_H

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

/* Told of what is wrong; false: stop, and the call fails with the finding. */
typedef bool kmeta_report(void *context, const struct kmeta_finding *finding);

/*
 * Asked often, during long work, whether to go on, with the bytes that were read and of all, as
 * kmeta_source_progress() tells them; false: stop, and the call fails with STOPPED.
 */
typedef bool kmeta_progress(void *context, int64_t done, int64_t total);

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

#ifdef __cplusplus
}
#endif

#endif
