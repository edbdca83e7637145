/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/base.h: what every other header uses: how a call ends, findings, bytes and buffers.
 *
 * A call that can fail returns an enum kmeta_status and takes a struct kmeta_finding as its last
 * parameter. The status says whether to go on; the finding says what is wrong, in which file, at
 * which byte and which offset:
 *
 *	struct kmeta_finding why;
 *
 *	switch (kmeta_source_next(source, &batch, &why)) {
 *	case KMETA_OK:
 *		break;
 *	case KMETA_END:
 *		return 0;
 *	case KMETA_DAMAGED:
 *		fprintf(stderr, "%s: byte %lld: %s\n", why.file, (long long)why.position,
 *			why.message);
 *		break;
 *	case KMETA_FAILED:
 *		fprintf(stderr, "%s: %s\n", kmeta_code_name(why.code), why.message);
 *		return 2;
 *	}
 */
#ifndef KMETA_BASE_H
#define KMETA_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * KMETA_API marks a function that the shared library exports. KMETA_CHECKED also makes the compiler
 * warn if the caller ignores the result. KMETA_PRINTF lets it check the arguments of a format.
 * Compilers without these attributes see plain declarations.
 */
#if defined(__GNUC__)
#define KMETA_API                 __attribute__((visibility("default")))
#define KMETA_CHECKED             __attribute__((visibility("default"), warn_unused_result))
#define KMETA_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define KMETA_API
#define KMETA_CHECKED
#define KMETA_PRINTF(text, first)
#endif

/*
 * Returns the release of the library that the program runs with, as "0.1.0". The string is constant
 * and never freed. Programs compare it with the release that they were built for; libkmeta(3) says
 * which releases are compatible.
 */
KMETA_API const char *kmeta_version(void);

/* ---- How a call ends ---- */

/* The result of a call. Only these four exist, so a switch over them is complete. */
enum kmeta_status {
	/* There is a result in the output parameters. The finding is untouched. */
	KMETA_OK,

	/* There is no further result: the end of a log, a batch, a walk. Not an error. */
	KMETA_END,

	/*
	 * The input is wrong here, and the finding says where and why. The object is still usable:
	 * the next call goes on after the damage, with the first batch or record that is sound.
	 */
	KMETA_DAMAGED,

	/*
	 * The call cannot go on: the file cannot be read, memory ran out, or an argument is wrong.
	 * The finding says why. Free or close the object.
	 */
	KMETA_FAILED
};

/*
 * How bad a finding is. An ERROR means that data is wrong or missing, or that Kafka would stop
 * here. A WARNING means that something is unusual and Kafka goes on with it. A NOTE is worth
 * knowing and no fault: a check that was not made, a transaction that is still open.
 */
enum kmeta_severity { KMETA_NOTE, KMETA_WARNING, KMETA_ERROR };

/*
 * Every fault that the library knows: identifier, severity, name, and what it means. Names and
 * identifiers are promises: new ones may be added, existing ones keep their meaning. kmeta(7) lists
 * them for users. KMETA_CODES(X) calls X(IDENTIFIER, SEVERITY, "name", "meaning") for each, so that
 * a program can build tables of its own; the comment above each group says what is at fault.
 */
/* clang-format off */
#define KMETA_CODES(X) \
	/* outside of the log: files, memory, arguments */ \
	X(CANNOT_READ,       ERROR,   "cannot-read",       "a file or directory cannot be opened or read") \
	X(NOT_A_LOG,         ERROR,   "not-a-log",         "the path holds no metadata log") \
	X(OUT_OF_MEMORY,     ERROR,   "out-of-memory",     "the system gave no more memory") \
	X(BAD_ARGUMENT,      ERROR,   "bad-argument",      "an option or address cannot be understood") \
	X(STOPPED,           NOTE,    "stopped",           "the work was stopped before it was done") \
	X(FILE_CHANGED,      WARNING, "file-changed",      "a followed file was cut, replaced or removed") \
	/* bytes of a file: what follows cannot be trusted up to the next sound batch */ \
	X(TRUNCATED,         ERROR,   "truncated",         "the file ends inside a batch") \
	X(ZERO_TAIL,         WARNING, "zero-tail",         "the file ends in zeros, as a preallocated or unclean file does") \
	X(BAD_LENGTH,        ERROR,   "bad-length",        "a batch length is below the header's size or above the limit") \
	X(BAD_MAGIC,         ERROR,   "bad-magic",         "the magic byte is not 2") \
	X(CRC_MISMATCH,      ERROR,   "crc-mismatch",      "stored and computed CRC-32C differ") \
	X(BAD_CODEC,         ERROR,   "bad-codec",         "the compression codec is unknown or was left out of this build") \
	X(BAD_PAYLOAD,       ERROR,   "bad-payload",       "compressed records cannot be decompressed") \
	X(TOO_LARGE,         ERROR,   "too-large",         "decompressed records exceed the limit") \
	/* the records of a batch */ \
	X(BAD_COUNT,         ERROR,   "bad-count",         "the record count does not fit the batch's content") \
	X(BAD_RECORD,        ERROR,   "bad-record",        "a record's own lengths contradict each other") \
	X(BAD_OFFSET,        ERROR,   "bad-offset",        "a record's offset does not fit its place in the batch") \
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
	/* meaning of records: Kafka's image throws on errors, only its controller objects to warnings */ \
	X(UNKNOWN_TOPIC,     ERROR,   "unknown-topic",     "a record names a topic that is not there") \
	X(UNKNOWN_PARTITION, ERROR,   "unknown-partition", "a record changes a partition that is not there") \
	X(UNKNOWN_BROKER,    ERROR,   "unknown-broker",    "a record changes a broker that is not registered") \
	X(STALE_EPOCH,       ERROR,   "stale-broker-epoch", "a record has another broker epoch than the registration") \
	X(UNKNOWN_ACL,       ERROR,   "unknown-acl",       "a record removes an ACL that is not there") \
	X(BAD_VALUE,         ERROR,   "bad-value",         "a field has a value that Kafka does not accept") \
	X(NO_TRANSACTION,    ERROR,   "no-transaction",    "a transaction ends that did not begin") \
	X(NESTED_TRANSACTION, ERROR,  "nested-transaction", "a transaction begins inside another") \
	X(UNSUPPORTED,       ERROR,   "unsupported-record", "a record type that no Kafka release implements") \
	X(DUPLICATE_TOPIC,   WARNING, "duplicate-topic",   "a topic is created whose name or id is in use") \
	X(NOTHING_THERE,     WARNING, "nothing-there",     "a record removes what is not there") \
	X(OTHER_EPOCH,       WARNING, "other-broker-epoch", "a broker is unregistered under another epoch than its own") \
	X(MISSING_RECORDS,   ERROR,   "missing-records",   "the state is unknown, because records are missing") \
	X(UNUSABLE_CHECKPOINT, ERROR, "unusable-checkpoint", "a checkpoint is damaged or not whole, and an older one is used") \
	X(PRODUCER_IDS_BACK, WARNING, "producer-ids-back", "the next producer id goes back") \
	/* form of a record: Kafka reads it, but would not write it so */ \
	X(TAGS_UNSORTED,     WARNING, "tags-unsorted",     "the tags of a record do not rise") \
	X(TAG_REPEATED,      WARNING, "tag-repeated",      "a tag is written twice; Kafka takes the last") \
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
	X(OTHER_NAME,        ERROR,   "other-name",        "a file's name contradicts its content") \
	X(ODD_NAME,          WARNING, "odd-name",          "a file has another name than Kafka would give it") \
	X(NOT_FOR_SNAPSHOT,  WARNING, "not-for-snapshot",  "a checkpoint holds a record that Kafka does not put there") \
	X(PAST_LOG,          ERROR,   "past-log",          "a checkpoint is named for a state that the log has not reached") \
	X(CHECKPOINT_DIFFERS, ERROR,  "checkpoint-differs", "a checkpoint holds another state than the log makes") \
	/* other files of a directory */ \
	X(BAD_INDEX,         WARNING, "bad-index",         "an index does not fit its segment; Kafka rebuilds it when it starts") \
	X(BAD_EPOCHS,        ERROR,   "bad-epochs",        "leader-epoch-checkpoint is malformed or does not fit the batches") \
	X(BAD_QUORUM_STATE,  ERROR,   "bad-quorum-state",  "quorum-state is malformed or does not fit the log") \
	X(BAD_PROPERTIES,    ERROR,   "bad-properties",    "meta.properties or partition.metadata is malformed or says something else") \
	X(LEFTOVER,          NOTE,    "leftover",          "a file that Kafka deletes when it starts") \
	/* checks that were not made */ \
	X(NOT_CHECKED,       NOTE,    "not-checked",       "a check could not be made, and why") \
	X(OPEN_TRANSACTION,  NOTE,    "open-transaction",  "the log ends inside a transaction") \
	/* nodes */ \
	X(NODES_DIFFER,      ERROR,   "nodes-differ",      "two nodes have different batches at the same offset") \
	/* order of the log */ \
	X(EPOCH_BACK,        ERROR,   "epoch-back",        "a leader epoch goes back") \
	X(BAD_BASE,          ERROR,   "bad-base-offset",   "a base offset is negative, or a last offset too large") \
	X(BAD_DELTA,         ERROR,   "bad-offset-delta",  "a batch's last offset does not fit its record count") \
	X(OFFSET_GAP,        ERROR,   "offset-gap",        "offsets jump forward") \
	X(OFFSET_OVERLAP,    ERROR,   "offset-overlap",    "offsets go back")
/* clang-format on */

/*
 * The faults as numbers: KMETA_CRC_MISMATCH, KMETA_OFFSET_GAP and so on, in the order of
 * KMETA_CODES. KMETA_SOUND, which is 0, means that nothing is wrong. Numbers may change from one
 * release to the next; store names instead.
 */
#define KMETA_CODE_(name, severity, text, meaning) KMETA_##name,
enum kmeta_code { KMETA_SOUND, KMETA_CODES(KMETA_CODE_) KMETA_CODE_COUNT };
#undef KMETA_CODE_

/*
 * A fault with its place: an error, a warning, or damage. The function that discovers the fault
 * fills in what it knows; unknown numbers are -1. A finding owns nothing and needs no release, but
 * "file" is borrowed: it is valid as long as the object that reported it, unless the function says
 * otherwise. Copy the struct, and the name if you need it longer.
 */
struct kmeta_finding {
	/* What is wrong. kmeta_code_name() and kmeta_code_severity() give its name and severity. */
	enum kmeta_code code;

	/* The file as the caller or the directory names it. NULL: not about a file. Borrowed. */
	const char *file;

	/* The first byte at fault in the file, -1: unknown. In a compressed batch, its start. */
	int64_t position;

	/* Bytes at fault from "position" on, -1: unknown. */
	int64_t size;

	/* The offset of the record or batch at fault, -1: unknown. */
	int64_t offset;

	/* The errno of a failed system call, 0: none failed. */
	int system_error;

	/* What is wrong in one line of text, without file name, position and newline. */
	char message[240];
};

/*
 * Returns the name of a code, as "crc-mismatch". It is the same in all releases, in all output
 * formats and in the manual. The string is constant. "sound" for KMETA_SOUND and for a number that
 * is no code.
 */
KMETA_API const char *kmeta_code_name(enum kmeta_code code);

/*
 * Returns what a code means, as one clause: "stored and computed CRC-32C differ". The string is
 * constant; its wording may change. Empty for KMETA_SOUND and for a number that is no code.
 */
KMETA_API const char *kmeta_code_meaning(enum kmeta_code code);

/*
 * Returns how bad a code is. The severity of a code does not depend on where it is found.
 * KMETA_NOTE for a number that is no code.
 */
KMETA_API enum kmeta_severity kmeta_code_severity(enum kmeta_code code);

/* ---- Functions that the caller passes in ---- */

/*
 * A function that gets each finding of a longer call, in the order of the input. The finding and
 * the name of its file are valid until the function returns. "context" is the pointer that the
 * caller passed with the function.
 *
 * Return true to go on. Return false to stop: the call then fails with this finding.
 */
typedef bool kmeta_report(void *context, const struct kmeta_finding *finding);

/*
 * A function that longer calls run many times a second, to show progress and to offer a way out.
 * "done" is the number of bytes read so far and "total" that of all input, -1 if it is unknown, as
 * kmeta_source_progress() counts them.
 *
 * Return true to go on. Return false to stop: the call then fails with KMETA_STOPPED.
 */
typedef bool kmeta_progress(void *context, int64_t done, int64_t total);

/* ---- Bytes and buffers ---- */

/*
 * Bytes that belong to somebody else, such as a string inside a batch. They are not NUL-terminated
 * and may hold any byte. "data" NULL means null in Kafka's sense, which is not the same as empty;
 * "size" is 0 then. Each function says how long its bytes stay valid.
 */
struct kmeta_bytes {
	const uint8_t *data;
	size_t size;
};

/*
 * Compares two byte strings as memcmp() does. If one is the beginning of the other, the shorter one
 * comes first; null equals empty. Returns a number below, equal to or above 0.
 */
KMETA_API int kmeta_bytes_compare(struct kmeta_bytes a, struct kmeta_bytes b);

/*
 * A growing text to which all printing functions append. Set it to { 0 } and release it at the end:
 *
 *	struct kmeta_buffer out = { 0 };
 *
 *	kmeta_json(&out, &line, 0);
 *	fwrite(out.at, 1, out.size, stdout);
 *	out.size = 0;
 *	...
 *	kmeta_buffer_release(&out);
 *
 * The text is "size" bytes at "at" and is not NUL-terminated. Set "size" to 0 to use the memory
 * again. When memory runs out, "failed" becomes true and appending does nothing from then on, so a
 * program checks it once, after all printing.
 */
struct kmeta_buffer {
	char *at;
	size_t size, capacity;
	bool failed;
};

/* Frees the memory of a buffer and sets it to { 0 }. The struct itself stays the caller's. */
KMETA_API void kmeta_buffer_release(struct kmeta_buffer *buffer);

/* Appends "size" bytes. "data" may be NULL if "size" is 0. Sets "failed" if memory runs out. */
KMETA_API void kmeta_buffer_add(struct kmeta_buffer *buffer, const void *data, size_t size);

/*
 * Appends text that is formatted as printf() does it, without the final NUL. Sets "failed" if
 * memory runs out; appends nothing if the format is invalid.
 */
KMETA_API void kmeta_buffer_format(struct kmeta_buffer *buffer, const char *format, ...)
	KMETA_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif

#endif
