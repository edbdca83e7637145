/* SPDX-License-Identifier: Apache-2.0 */
/* kmeta/check.h: whether a log is whole, and what fills it. */
#ifndef KMETA_CHECK_H
#define KMETA_CHECK_H

#include <kmeta/state.h>

#ifdef __cplusplus
extern "C" {
#endif

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
	size_t size;         /* sizeof(struct kmeta_stat_options) */
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

/* ---- Comparing logs ---- */

/* How two logs run beside each other. */
struct kmeta_logs {
	int64_t first_common, last_common; /* offsets, -1: none */
	int32_t last_epoch;                /* of the last batch in common, -1: none */
	bool differ;                       /* and the next batch of each is: */
	struct kmeta_batch first, second;  /* "file" and the header are valid; records are not */
	char first_file[512], second_file[512];
	int64_t first_end, second_end; /* the offset behind the last batch of each */
};

/*
 * Compares two logs batch by batch, from the first offset that both have. Damage in either ends the
 * comparison.
 */
KMETA_CHECKED enum kmeta_status kmeta_compare_logs(const char *first, const char *second,
                                                   struct kmeta_logs *logs,
                                                   struct kmeta_finding *why);

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
	size_t size;         /* sizeof(struct kmeta_verify_options) */
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

#ifdef __cplusplus
}
#endif

#endif
