/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/check.h: whether logs are whole, whether nodes agree, and what fills a log.
 *
 * The calls of this room read whole logs and answer a whole question; none returns an object to
 * work with. What they find are findings (kmeta/base.h), which kmeta(7) explains, and totals. They
 * take directories that Kafka writes to meanwhile.
 *
 * A program that verifies the directories of three nodes and prints what it finds:
 *
 *	static bool print_finding(void *context, const struct kmeta_finding *finding)
 *	{
 *		kmeta_json_finding(context, finding);
 *		return true;
 *	}
 *
 *	static int verify_nodes(const char *const nodes[3])
 *	{
 *		struct kmeta_verify_options options = { .size = sizeof(options), .jobs = 2 };
 *		struct kmeta_verify_totals totals;
 *		struct kmeta_buffer out = { 0 };
 *		struct kmeta_finding why;
 *		enum kmeta_status status;
 *
 *		status = kmeta_verify(nodes, 3, &options, print_finding, &out, &totals, &why);
 *		fwrite(out.at, 1, out.size, stdout);
 *		kmeta_buffer_release(&out);
 *		if (status != KMETA_OK)
 *			return 2;
 *		return totals.errors || totals.warnings ? 1 : 0;
 *	}
 */
#ifndef KMETA_CHECK_H
#define KMETA_CHECK_H

#include <kmeta/state.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Comparing logs ---- */

/*
 * How two logs relate to each other. The struct owns nothing, and no pointer in it outlives it: the
 * names of files are its own arrays, so do not move the struct while its batches are in use.
 */
struct kmeta_logs {
	/* The first and last offset of the batches that both have in common, -1: none. */
	int64_t first_common, last_common;

	/* The epoch of the last batch in common, -1: none. */
	int32_t last_epoch;

	/*
	 * The next batch of each log is another one: the logs differ after "last_common". False if
	 * one log is merely shorter.
	 */
	bool differ;

	/* Those batches, if "differ". The file and the header are valid, the records are not. */
	struct kmeta_batch first, second;

	/*
	 * The names of the files that "first" and "second" are in, cut to fit. Empty unless
	 * "differ".
	 */
	char first_file[512], second_file[512];

	/* The offset after the last batch of each log, which says which node is behind. 0: none. */
	int64_t first_end, second_end;
};

/*
 * Compares two logs batch by batch, from the first offset that both have up to the first batch that
 * differs or the end of the shorter log. Batches are the same if they have the same offsets, size,
 * epoch and checksum; their records are not decoded. Damage in either log is passed over, with the
 * batches of the other log that stand in its place. Checkpoints are not compared. "first" and
 * "second" are addresses as kmeta_source_open() takes them.
 * "points" are two, up to which each log is compared; NULL: all of both.
 *
 * OK: "logs" is set, even if the logs differ or have nothing in common. FAILED: a log cannot be
 * read, or memory ran out.
 */
KMETA_CHECKED enum kmeta_status kmeta_compare_logs(const char *first, const char *second,
                                                   const struct kmeta_point *points,
                                                   struct kmeta_logs *logs,
                                                   struct kmeta_finding *why);

/* ---- Nodes: whose log it is ---- */

/* What the small files beside a log say of the node that it belongs to. The struct owns nothing. */
struct kmeta_node {
	/* node.id of meta.properties, or broker.id in that of a broker under ZooKeeper. -1: none. */
	int32_t id;

	/* cluster.id of meta.properties, which Kafka takes even if it is empty. Cut to fit. */
	char cluster_id[128];

	/* directory.id of meta.properties, which releases before 3.7 do not write. */
	bool has_directory_id;
	uint8_t directory_id[16];

	/* leaderEpoch of quorum-state: the last epoch that the node has heard of. -1: unknown. */
	int32_t leader_epoch;
};

/*
 * Reads meta.properties and quorum-state (Kafka's MetaProperties and QuorumStateData) of the log
 * directory that an address is in: a log directory, its metadata directory, or a file of that.
 *
 * OK: "node" is set. END: there is no meta.properties; of "node", "leader_epoch" alone may be
 * known. FAILED: the file cannot be read, or says something that Kafka does not take
 * (KMETA_BAD_PROPERTIES).
 */
KMETA_CHECKED enum kmeta_status kmeta_node_read(const char *address, struct kmeta_node *node,
                                                struct kmeta_finding *why);

/* ---- Verifying ---- */

/*
 * The classes of checks, with their names: KMETA_CHECKS(X) calls X(IDENTIFIER, "name") for each.
 *
 * - bytes: batch headers, checksums, compression, lengths
 * - records: every record decodes, and is written as Kafka writes it
 * - order: offsets and epochs of batches and segments
 * - checkpoint: header, footer, name and content of checkpoints
 * - directory: indexes, quorum-state, leader-epoch-checkpoint and the other small files
 * - meaning: the log is replayed, and what Kafka would object to is reported
 * - replay-match: each checkpoint holds the state that the log makes
 * - nodes: several addresses hold the same log
 * - start: what Kafka looks at when it starts, and which releases do
 */
#define KMETA_CHECKS(X)                 \
	X(BYTES, "bytes")               \
	X(RECORDS, "records")           \
	X(ORDER, "order")               \
	X(CHECKPOINT, "checkpoint")     \
	X(DIRECTORY, "directory")       \
	X(MEANING, "meaning")           \
	X(REPLAY_MATCH, "replay-match") \
	X(NODES, "nodes")               \
	X(START, "start")

/* The classes as numbers from 0 on, KMETA_CHECK_BIT_BYTES and so on, and their count. */
#define KMETA_CHECK_(name, text) KMETA_CHECK_BIT_##name,
enum { KMETA_CHECKS(KMETA_CHECK_) KMETA_CHECK_COUNT };
#undef KMETA_CHECK_

/* The classes as bits, KMETA_CHECK_BYTES and so on, and all of them. */
#define KMETA_CHECK_(name, text) KMETA_CHECK_##name = 1 << KMETA_CHECK_BIT_##name,
enum { KMETA_CHECKS(KMETA_CHECK_) KMETA_CHECK_ALL = (1 << KMETA_CHECK_COUNT) - 1 };
#undef KMETA_CHECK_

/*
 * Returns the bit of the class with this name of "size" bytes, which need not be NUL-terminated; 0:
 * there is no such class.
 */
KMETA_API unsigned kmeta_check_of(const char *name, size_t size);

/*
 * Returns the name of a class by its number from 0 on. NULL past the last. The string is constant.
 */
KMETA_API const char *kmeta_check_name(size_t number);

/*
 * Returns the name of a release of Kafka that KMETA_CHECK_START can judge for, as "3.3", by its
 * number from 0 on, the oldest first. NULL past the last. The string is constant.
 */
KMETA_API const char *kmeta_start_release(size_t number);

/*
 * What to verify, and how. Set "size" to sizeof the struct and leave the rest zero for all checks,
 * one file after another.
 */
struct kmeta_verify_options {
	/* sizeof(struct kmeta_verify_options) */
	size_t size;

	/* KMETA_CHECK_ bits of the classes to check. 0: all. */
	unsigned checks;

	/*
	 * The release that wrote the logs, as kmeta_dialect_init() takes it. NULL: auto. Borrowed
	 * during the call.
	 */
	const char *dialect;

	/*
	 * One for each address: up to where it is verified. Batches and checkpoints behind it are
	 * not looked at. NULL: everything.
	 */
	const struct kmeta_point *points;

	/* Check the checksum of each batch, and nothing of its records: as fast as reading. */
	bool checksum_only;

	/*
	 * The release of Kafka that is to start, as "4.3" or "4.3.1": KMETA_CHECK_START judges for
	 * it. NULL: for all that are known. Borrowed during the call.
	 */
	const char *release;

	/*
	 * The ids of the voters that the servers are to be configured with
	 * (controller.quorum.voters), and their count. NULL: they are not known. Borrowed during
	 * the call.
	 */
	const int32_t *static_voters;
	size_t static_voters_count;

	/*
	 * How many files to check in parallel, each in a thread; 64 at most. Segments that are
	 * replayed count as one. 0: one, in the thread of the caller.
	 */
	unsigned jobs;

	/*
	 * How many findings of one file to keep; later ones are counted in the totals only. It
	 * bounds memory when a file is nothing but damage. 0: 10000.
	 */
	size_t findings_limit;

	/*
	 * Called often with the bytes checked and in all, by any thread but never by two at once.
	 * May be NULL. It cannot stop the work.
	 */
	void (*progress)(void *context, int64_t bytes, int64_t total);

	/* Passed to "progress". "report" has a context of its own. */
	void *context;
};

/*
 * What was verified, in sums over all addresses. A program that says "nothing was found" has to say
 * how much was looked at, and the members are for that.
 */
struct kmeta_verify_totals {
	/* Segments and checkpoints that were read, what was in them, and their bytes. */
	int64_t files, batches, records, bytes;

	/* Addresses and files that could not be read. */
	int64_t unreadable;

	/* Bytes that were passed over because they are damaged, and in how many stretches. */
	int64_t lost_bytes, lost_gaps;

	/*
	 * The offsets between which segments lost records. "first_lost" -1: none were lost.
	 * "last_lost" -1: all from "first_lost" on may be lost.
	 */
	int64_t first_lost, last_lost;

	/* Findings by severity, including those that were not kept. */
	int64_t errors, warnings, notes;

	/* The first and last offset of segments, -1: none. */
	int64_t first_offset, last_offset;

	/* The first and last time of batches in ms, -1: none. */
	int64_t first_time, last_time;

	/* The first and last epoch, -1: none. */
	int32_t first_epoch, last_epoch;

	/*
	 * The oldest and the newest release of Kafka that start on all the directories, as "3.9".
	 * NULL: none does, or none was judged. Constant.
	 */
	const char *first_release, *last_release;

	/*
	 * How many directories were judged, and of how many of these part of the records could not
	 * be read: what the rest of it says may keep a release from starting.
	 */
	int64_t judged, unknown_states;
};

/*
 * Verifies segments, checkpoints and directories. "addresses" are "count" paths as
 * kmeta_source_open() takes them. Several directories are also compared with the first. A directory
 * may be in use by a running controller: a batch that is half written is no fault. Uses up to
 * "jobs" threads of its own until it returns. "options" NULL: the defaults.
 *
 * Findings go to "report", in the thread of the caller, in the order of addresses, files and
 * positions, after the address was checked. They and their names are valid until "report" returns.
 * If it returns false, it gets no more, but the work goes on and the totals are complete. It may be
 * NULL.
 *
 * OK: everything was read, whatever was found; look at the totals. FAILED: an address or file could
 * not be read, or only in part, or memory ran out. That is a finding too, all other addresses were
 * verified, "totals" is set, and "why" is the first such failure. FAILED with KMETA_BAD_ARGUMENT
 * for a wrong option: nothing was verified.
 */
KMETA_CHECKED enum kmeta_status kmeta_verify(const char *const *addresses, size_t count,
                                             const struct kmeta_verify_options *options,
                                             kmeta_report *report, void *context,
                                             struct kmeta_verify_totals *totals,
                                             struct kmeta_finding *why);

/* ---- Statistics: what fills a log ---- */

/*
 * A number of records, and the bytes of their values. In kmeta_stats.times, the bytes are those of
 * whole batches.
 */
struct kmeta_count {
	/* How many records, and how many bytes. */
	int64_t records, bytes;
};

/* The records of one type and version, by the layout that fits them. */
struct kmeta_type_count {
	/* Their layout, with type, version and name. Constant. NULL: they could not be decoded. */
	const struct kmeta_schema *schema;

	/* How many there are. */
	struct kmeta_count count;
};

/* The records that name one topic by its id. Configs name it by its name and do not count. */
struct kmeta_topic_count {
	/* The id of the topic. */
	uint8_t id[16];

	/*
	 * Its name, owned by the statistics. "data" NULL: no record in the log gives the name of
	 * the id.
	 */
	struct kmeta_bytes name;

	/* How many records name it. */
	struct kmeta_count count;
};

/*
 * The records about one broker: that register it, change it, or make it the leader of a partition.
 */
struct kmeta_broker_count {
	/* The id of the broker. */
	int32_t broker;

	/*
	 * Records that register it (one each time it starts), that change or remove its
	 * registration, and that make it the leader of a partition.
	 */
	int64_t registrations, changes, leaderships;
};

/* A checkpoint in a directory, as its name and its size say. It is not read. */
struct kmeta_checkpoint_file {
	/* The end offset in its name: the offset after the last record in its state. */
	int64_t end_offset;

	/* The epoch in its name: that of the last record in its state. */
	int32_t epoch;

	/* The size of the file. 0 if it was removed meanwhile. */
	int64_t bytes;
};

/* How many buckets there are of times, and of batch sizes. */
enum { KMETA_STAT_TIMES = 48, KMETA_STAT_SIZES = 32 };

/*
 * What fills a log. Types and topics with the most bytes come first, brokers with the most records.
 * Numbers that are unknown are -1.
 */
struct kmeta_stats {
	/* Segments (or the one file), sound batches, records of all kinds, and bytes of batches. */
	int64_t files, batches, records, bytes;

	/* Control records, and batches with another codec than none. */
	int64_t control_records, compressed_batches;

	/*
	 * The first and last offset; the time of the first batch and the latest of all, in
	 * milliseconds since 1970 UTC; and the epochs of the first and last batch.
	 */
	int64_t first_offset, last_offset, first_time, last_time;
	int32_t first_epoch, last_epoch;

	/* LEADER_CHANGE records: how often the quorum elected an active controller. */
	int64_t leader_changes;

	/*
	 * By type and version of records, by topic, and by broker: arrays of the statistics, with
	 * how many entries each has.
	 */
	struct kmeta_type_count *types;
	size_t types_count;
	struct kmeta_topic_count *topics;
	size_t topics_count;
	struct kmeta_broker_count *brokers;
	size_t brokers_count;

	/* The checkpoints of a directory by rising end offset, and how many there are. */
	struct kmeta_checkpoint_file *checkpoints;
	size_t checkpoints_count;

	/*
	 * How many batches have from 2^i up to 2^(i+1) bytes (the last also all larger ones), and
	 * the bytes of the largest batch.
	 */
	int64_t batch_sizes[KMETA_STAT_SIZES];
	int64_t largest_batch;

	/*
	 * Records by the time of their batch: buckets of "time_width" milliseconds each, beginning
	 * at "time_start", in milliseconds since 1970 UTC. The width follows from the length of the
	 * log: 1, 2, 5, 10, 15 or 30 seconds or minutes; 1, 2, 3, 6 or 12 hours; 1, 2 or 7 days, or
	 * 7 doubled. Buckets begin at multiples of it by local time (TZ) at the begin of the log,
	 * weeks with Monday. A time before the start counts for the first bucket. "time_width" 0:
	 * there was no batch.
	 */
	struct kmeta_count times[KMETA_STAT_TIMES];
	int64_t time_start, time_width;

	/*
	 * The offset at which a transaction (KIP-868) began that is still open at the end. -1:
	 * none.
	 */
	int64_t open_transaction;

	/* The last metadata.version that a record set, as a level. 0: none. */
	int64_t metadata_version;

	/*
	 * The oldest and the newest release that can read the log, for kmeta_release_name(). A
	 * release reads the layouts of its records and every metadata.version that it sets.
	 * "lowest_release" above "highest_release": none that the library knows.
	 */
	size_t lowest_release, highest_release;

	/* The lowest level of metadata.version that allows all records in the log. 0: any does. */
	int64_t lowest_level;

	/*
	 * The last state of the ZooKeeper migration (KIP-866) as Kafka numbers it, and the offset
	 * and time of its record. -1: the log holds no such record.
	 */
	int32_t migration_state;
	int64_t migration_offset, migration_time;

	/*
	 * The brokers whose last registration says that they are still under ZooKeeper, and the
	 * controllers whose last one says that they are not ready to migrate, each by rising id.
	 */
	int32_t *migrating_brokers, *unready_controllers;
	size_t migrating_brokers_count, unready_controllers_count;
};

/*
 * How to count. Set "size" to sizeof the struct. A program that prints the types of records:
 *
 *	struct kmeta_stat_options options = { .size = sizeof(options) };
 *	struct kmeta_stats *stats;
 *
 *	if (kmeta_stat(&stats, path, &options, &why) != KMETA_OK)
 *		return 2;
 *	for (i = 0; i < stats->types_count; i++)
 *		if (stats->types[i].schema)
 *			printf("%s: %lld\n", stats->types[i].schema->name,
 *			       (long long)stats->types[i].count.records);
 *	kmeta_stats_free(stats);
 */
struct kmeta_stat_options {
	/* sizeof(struct kmeta_stat_options) */
	size_t size;

	/* The release that wrote the log, as kmeta_dialect_init() takes it. NULL: auto. */
	const char *dialect;

	/* Where to end. { 0 }: at the end of the log. */
	struct kmeta_point until;

	/*
	 * Gets damage and records that cannot be decoded. Its result is not used: counting goes on.
	 * May be NULL.
	 */
	kmeta_report *report;

	/*
	 * Called after each batch with the bytes that were read, and those in all. May be NULL. If
	 * it returns false, the call fails with KMETA_STOPPED.
	 */
	kmeta_progress *progress;

	/* Passed to "report" and "progress". */
	void *context;
};

/*
 * Counts what fills a log, in one pass over an address as kmeta_source_open() takes it. Damage is
 * reported and passed over; what it hides is not counted. May read ahead with a thread of its own
 * until it returns. "options" NULL: the defaults.
 *
 * OK: "stats" is set, and the caller frees it with kmeta_stats_free(). FAILED: the log cannot be
 * read, an option is wrong, memory ran out, or "progress" returned false.
 */
KMETA_CHECKED enum kmeta_status kmeta_stat(struct kmeta_stats **stats, const char *path,
                                           const struct kmeta_stat_options *options,
                                           struct kmeta_finding *why);

/* Frees statistics with all their arrays and names. NULL is fine. */
KMETA_API void kmeta_stats_free(struct kmeta_stats *stats);

/*
 * Appends a topic's name for people, with characters escaped that a terminal might act on, or its
 * id as Kafka prints it if the name is unknown.
 */
KMETA_API void kmeta_topic_text(struct kmeta_buffer *out, const struct kmeta_topic_count *topic);

/* Appends the name or the id in the same way, as a JSON string with quotes. */
KMETA_API void kmeta_topic_json(struct kmeta_buffer *out, const struct kmeta_topic_count *topic);

/* ---- Whose disk is this, and how do several stand to each other? ---- */

/* What is behind an address. */
enum kmeta_info_kind {
	KMETA_INFO_METADATA,   /* a directory with a metadata log: segments or checkpoints */
	KMETA_INFO_FORMATTED,  /* formatted, and never started: no record of a cluster yet */
	KMETA_INFO_PARTITIONS, /* a log directory of Kafka without metadata: another one has it */
	KMETA_INFO_NOTHING,    /* a directory with nothing of Kafka in it */
	KMETA_INFO_FILE        /* a segment or a checkpoint by itself */
};

/* A voter of the quorum. What a source does not tell is empty. */
struct kmeta_info_voter {
	int32_t id;
	char directory[24];  /* its directory id */
	char endpoints[200]; /* "CONTROLLER://host:9093", with blanks between them */
};

/* The voters as one source names them. */
struct kmeta_info_voters {
	bool known;
	size_t count;
	struct kmeta_info_voter *at;
};

/* Where an epoch begins in the log. */
struct kmeta_info_epoch {
	int32_t epoch;
	int64_t offset;
};

/*
 * What a directory says of itself. Numbers are -1 and texts empty where nothing tells them. All of it
 * belongs to the struct, which kmeta_info_free() frees.
 */
struct kmeta_info {
	/*
	 * The address, the directory with the metadata log, and the log directory with meta.properties
	 * and partitions; NULL: there is none.
	 */
	char *address, *directory, *log_directory;
	enum kmeta_info_kind kind;

	/* meta.properties: Kafka's MetaProperties. */
	bool has_properties, has_cluster_id;
	int32_t node_id, properties_version;
	char cluster_id[64], directory_id[24];

	/* quorum-state: Kafka's QuorumStateData. */
	bool has_quorum_state;
	int32_t quorum_version, leader_id, leader_epoch, voted_id;
	char voted_directory[24];

	/* The files of the log. */
	size_t segments, checkpoints;

	/*
	 * The sound part of the log as Kafka opens it: up to the first damage, and from the newest
	 * checkpoint on where that is past the end. Offsets of the first record and behind the last
	 * one; the epoch and the time of the last batch in milliseconds.
	 */
	int64_t start_offset, end_offset, last_time;
	int32_t last_epoch;
	struct kmeta_info_epoch *epochs;
	size_t epochs_count;

	/* What is wrong with the log, and where it begins; empty: nothing was seen. */
	char damage[480];
	int64_t damage_offset;

	/* The newest whole checkpoint: its end offset, epoch and time, and what lies behind it. */
	bool has_checkpoint;
	int64_t checkpoint_offset, checkpoint_time, records_behind, bytes_behind;

	/* The state; "state_fault" says why it is unknown. */
	bool has_state;
	char state_fault[480];
	int64_t level;         /* of metadata.version; 0: none */
	int32_t kraft_version; /* -1: not in the log */
	int32_t migration;     /* ZkMigrationState; -1: none */
	size_t brokers, controllers, topics, partitions;

	/* The voters of quorum-state (version 0), of the log, and of the last election. */
	struct kmeta_info_voters file_voters, log_voters, elected_voters;

	/* Directories of partitions beside the metadata, and names of what does not belong there. */
	size_t partition_directories;
	struct kmeta_buffer others; /* a name a line */

	/* What could not be read, a line each. The directory is then not known whole. */
	struct kmeta_buffer unread;

	/* Of a directory with nothing of Kafka: where below it something is. NULL: nowhere. */
	char *below;
};

/* How to read a directory. Set "size" to sizeof the struct. NULL instead of it means the defaults. */
struct kmeta_info_options {
	/* sizeof(struct kmeta_info_options) */
	size_t size;

	/* The release that wrote the log, as kmeta_dialect_init() takes it. NULL: auto. Borrowed. */
	const char *dialect;

	/*
	 * Called often with the bytes that were read, and those in all. May be NULL. If it returns
	 * false, the call fails with KMETA_STOPPED.
	 */
	kmeta_progress *progress;

	/* Passed to "progress". */
	void *context;
};

/*
 * Reads what a directory says of itself. "address" is a log directory, a metadata directory, a segment
 * or a checkpoint. Nothing is written or locked.
 *
 * OK: "info" is set, and the caller frees it. That nothing is there, or that something cannot be read,
 * is said in it. FAILED: the address does not exist or cannot be opened, an option is wrong, memory ran
 * out, or "progress" asked to stop.
 */
KMETA_CHECKED enum kmeta_status kmeta_info_read(struct kmeta_info **info, const char *address,
                                                const struct kmeta_info_options *options,
                                                struct kmeta_finding *why);

/* Frees it. NULL is fine. */
KMETA_API void kmeta_info_free(struct kmeta_info *info);

/*
 * The offset up to which two logs are the same by their epochs, as Kafka finds it when a follower
 * fetches from a new leader (LeaderEpochFileCache.endOffsetFor()). It may lie before the first record
 * of a log that begins late. -1: they share no epoch.
 */
KMETA_API int64_t kmeta_info_common(const struct kmeta_info *a, const struct kmeta_info *b);

/*
 * Compares how new two logs are by Raft's rule: by the last epoch, and then by the end offset. Below 0:
 * "a" is older; above 0: newer.
 */
KMETA_API int kmeta_info_compare(const struct kmeta_info *a, const struct kmeta_info *b);

/* A directory of a partition, and what the state says of it. */
enum kmeta_stray {
	KMETA_STRAY_NONE,            /* it belongs here */
	KMETA_STRAY_NO_TOPIC,        /* no topic has its name */
	KMETA_STRAY_OTHER_ID,        /* its topic was deleted, and created again with another id */
	KMETA_STRAY_NO_PARTITION,    /* its topic has no such partition */
	KMETA_STRAY_NO_REPLICA,      /* the partition has no replica on this broker */
	KMETA_STRAY_OTHER_DIRECTORY, /* the replica is in another log directory of this broker */
	KMETA_STRAY_DELETED,         /* -delete: the broker is removing it */
	KMETA_STRAY_FUTURE,          /* -future: a copy that is being moved here */
	KMETA_STRAY_MARKED,          /* -stray: a broker has put it aside */
	KMETA_STRAY_MISSING,         /* the state has a replica here, and there is no directory */
	KMETA_STRAY_UNKNOWN,         /* its partition.metadata cannot be read */
	KMETA_STRAYS
};

/* Borrowed until the function that gets it returns. */
struct kmeta_partition_directory {
	enum kmeta_stray is;
	const char *name;  /* "orders-0" */
	const char *topic; /* the topic's name, as far as the directory's tells it */
	const char *
		topic_id; /* of partition.metadata, or of the state if it is missing; may be empty */
	const char *message; /* a sentence for people */
};

/* Return false to stop. */
typedef bool kmeta_partition_directory_seen(void *context,
                                            const struct kmeta_partition_directory *directory);

/*
 * Compares the directories of partitions in a log directory with a state, by name and then by number:
 * as the broker's LogManager does when it starts. "path" is the log directory, "node_id" and
 * "directory_id" are those of its meta.properties. "image" is the state, "seen" gets all directories and
 * the missing ones behind them.
 *
 * OK: all were passed, or "seen" returned false. FAILED: the directory cannot be read, or memory ran
 * out.
 */
KMETA_CHECKED enum kmeta_status kmeta_partition_directories(const struct kmeta_image *image,
                                                            const char *path, int32_t node_id,
                                                            const char *directory_id,
                                                            kmeta_partition_directory_seen *seen,
                                                            void *context,
                                                            struct kmeta_finding *why);

#ifdef __cplusplus
}
#endif

#endif
