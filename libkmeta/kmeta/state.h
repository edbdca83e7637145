/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/state.h: the state that a log makes, what is in it, and how it changes.
 *
 * An image is the state of a cluster at one moment of its log: topics, partitions, brokers, configs
 * and the rest of what Kafka's controllers and brokers hold in memory as a MetadataImage. This room
 * loads an image from a directory, walks its entities, prints and hashes it, compares two, and
 * tells which records changed what. A timeline moves about in a log and has the state at each
 * place.
 *
 * Kafka's classes decide what a record does. Where releases differ, the log's own records show
 * which one wrote it.
 *
 * A program that prints every partition without a leader at 14:05:
 *
 *	static int print_leaderless(const char *path, int64_t now)
 *	{
 *		const struct kmeta_load_options options = { .size = sizeof(options) };
 *		const struct kmeta_query query = { .leaderless = true };
 *		struct kmeta_buffer out = { 0 };
 *		struct kmeta_point point;
 *		struct kmeta_image *image = NULL;
 *		struct kmeta_walk *walk = NULL;
 *		struct kmeta_entity entity;
 *		struct kmeta_finding why;
 *		enum kmeta_status status = kmeta_point_parse("14:05", now, true, &point, &why);
 *
 *		if (status == KMETA_OK)
 *			status = kmeta_image_load(&image, path, point, &options, &why);
 *		if (status == KMETA_OK)
 *			status = kmeta_walk_open(&walk, image, 0, &why);
 *		while (status == KMETA_OK &&
 *		       (status = kmeta_walk_next(walk, &entity, &why)) == KMETA_OK)
 *			if (kmeta_query_matches(&query, image, &entity)) {
 *				kmeta_entity_path(&out, &entity, 0);
 *				kmeta_buffer_add(&out, "\n", 1);
 *			}
 *		fwrite(out.at, 1, out.size, stdout);
 *		kmeta_buffer_release(&out);
 *		kmeta_walk_close(walk);
 *		kmeta_image_free(image);
 *		return status == KMETA_END ? 0 : 2;
 *	}
 */
#ifndef KMETA_STATE_H
#define KMETA_STATE_H

#include <kmeta/print.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The image: the state, as the records that a snapshot of it would hold ---- */

/*
 * The state of a cluster after some record of its log: Kafka's MetadataImage, and what the control
 * records say of the quorum. Opaque. kmeta_image_load() and kmeta_timeline_state() return one that
 * is filled, kmeta_image_new() one that is empty. The caller frees each with kmeta_image_free().
 *
 * Partitions are packed and take some 140 bytes each. Every other entity is kept as the bytes of
 * its record, in the newest version that the library knows, so no field is lost when a cluster
 * lowers its metadata.version.
 */
struct kmeta_image;

/*
 * The moment of the log that an image shows. A moment is given as an end offset, as Kafka names its
 * checkpoints: the offset of the first record that is not part of the state.
 */
struct kmeta_moment {
	/*
	 * All records below this offset were applied. 0: none was, or the image is of a checkpoint
	 * alone whose name does not give the offset.
	 */
	int64_t end_offset;

	/*
	 * The latest time in the last batch, in milliseconds since 1970 UTC. In an image that was
	 * loaded from a checkpoint alone, the lastContainedLogTimestamp of its header. -1: there
	 * was no batch yet.
	 */
	int64_t timestamp;

	/*
	 * The leader epoch of the last batch. -1: there was none yet, or a checkpoint's name gives
	 * none.
	 */
	int32_t epoch;

	/*
	 * The level of the feature metadata.version (Kafka's MetadataVersion), which
	 * kmeta_metadata_version_name() puts into words. 0: no record has set it.
	 */
	int64_t level;
};

/*
 * What the control records say of the quorum as a whole; its voters are entities of the kind
 * KMETA_VOTER. Kafka keeps this outside of its MetadataImage, so it is no part of what
 * kmeta_image_hash() covers.
 */
struct kmeta_quorum {
	/*
	 * The node id of the active controller and its epoch, from the last LEADER_CHANGE record.
	 * Checkpoints hold no such record, so both are -1 until a segment was read that has one.
	 */
	int32_t leader, leader_epoch;

	/*
	 * The level of the feature kraft.version from the last KRAFT_VERSION record (KIP-853): 1
	 * allows voters to be added and removed. -1: no record has set it, which means 0.
	 */
	int32_t kraft_version;
};

/*
 * Returns the empty state at offset 0, which a program fills with kmeta_image_apply(). The caller
 * frees it with kmeta_image_free(). NULL: out of memory.
 */
KMETA_CHECKED struct kmeta_image *kmeta_image_new(void);

/*
 * Frees an image and everything that was borrowed from it: close walks over it first. A function
 * that watches it gets no further events. NULL is fine.
 */
KMETA_API void kmeta_image_free(struct kmeta_image *image);

/*
 * Applies one decoded record to an image as Kafka's MetadataDelta does. "fields" are those that
 * kmeta_decode() filled from "record", and "batch" is the batch that the record is in. Nothing of
 * the three is kept once the call returns, with the exception below. Pass all records in the order
 * of the log, control records too, and call kmeta_image_reach() after each batch.
 *
 * A record that Kafka's image throws on is reported as an error and changes nothing. What only
 * Kafka's controller would refuse is reported as a warning, and the record takes what effect it
 * can. A finding names the record by its file, position and offset. "report" may be NULL; it gets
 * "context".
 *
 * The records of a transaction (KIP-868) take effect when its END_TRANSACTION record is applied,
 * and never if it is aborted. Until then the image keeps copies of them, but borrows the name of
 * the file they are in: keep the source open while kmeta_image_open_transaction() is not -1.
 *
 * OK: the record was handled, even if it was at fault and reported. FAILED: "report" returned
 * false, and "why" is the finding that it got, or memory ran out. The image may then be half
 * changed; free it.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_apply(struct kmeta_image *image,
                                                  const struct kmeta_batch *batch,
                                                  const struct kmeta_record *record,
                                                  const struct kmeta_fields *fields,
                                                  kmeta_report *report, void *context,
                                                  struct kmeta_finding *why);

/*
 * Says how far an image has come: all records below "end_offset" were applied, the last of them
 * from this batch. kmeta_image_apply() does not move the moment itself, as only the caller knows
 * which records it has passed over. The image copies the batch's time and epoch and keeps no
 * pointer to it. kmeta_image_moment() returns all three.
 */
KMETA_API void kmeta_image_reach(struct kmeta_image *image, const struct kmeta_batch *batch,
                                 int64_t end_offset);

/*
 * Returns the moment of the log that an image shows, by value: as kmeta_image_reach() set it last,
 * and the metadata.version of the records that were applied. Constant time.
 */
KMETA_API struct kmeta_moment kmeta_image_moment(const struct kmeta_image *image);

/*
 * Returns the offset at which the log of a state begins of which the part before is unknown, or -1:
 * the state was not loaded with "partial", or did not need it. Constant time.
 */
KMETA_API int64_t kmeta_image_partial_from(const struct kmeta_image *image);

/* Returns what the control records that were applied say of the quorum. Constant time. */
KMETA_API struct kmeta_quorum kmeta_image_quorum(const struct kmeta_image *image);

/*
 * Returns how many entities of a kind an image holds, such as all partitions of all topics. "kind"
 * is below KMETA_ENTITY_KINDS. A walk may show fewer, since a snapshot of an old metadata.version
 * leaves out what that version cannot express. Constant time.
 */
KMETA_API size_t kmeta_image_count(const struct kmeta_image *image, enum kmeta_entity_kind kind);

/*
 * Returns the offset of the BEGIN_TRANSACTION record (KIP-868) whose transaction is open. The
 * records after it are not part of the state yet. -1: no transaction is open.
 */
KMETA_API int64_t kmeta_image_open_transaction(const struct kmeta_image *image);

/*
 * Finds the topic that has this name at the image's moment, and copies its id to "id". The name
 * need not be NUL-terminated and is compared byte by byte. False: no topic has it, and "id" is
 * untouched.
 */
KMETA_API bool kmeta_image_topic_id(const struct kmeta_image *image, struct kmeta_bytes name,
                                    uint8_t id[16]);

/*
 * Returns about how many bytes of memory an image takes, with its tables and the records of an open
 * transaction. For programs that keep several images and have to bound them. The time grows with
 * the number of topics.
 */
KMETA_API size_t kmeta_image_memory(const struct kmeta_image *image);

/* ---- Loading: the state at a point of a log ---- */

/*
 * How to load a state. Set "size" to sizeof the struct and leave the rest zero to load as Kafka
 * would, without reports. NULL instead of the struct means the same.
 */
struct kmeta_load_options {
	/* sizeof(struct kmeta_load_options) */
	size_t size;

	/*
	 * Replay the segments alone, from an empty state, whatever checkpoints there are. If they
	 * begin above offset 0, begin with the oldest checkpoint that is where they begin or behind
	 * it, as Kafka's log then starts there. To see whether a checkpoint holds what the log
	 * makes, load both ways and compare.
	 */
	bool from_log;

	/*
	 * If the log begins late and no checkpoint has the state there, begin with nothing. What
	 * only missing records say is unknown: an entity that a later record changes has the fields
	 * that were set since, and kmeta_entity_is_unknown() names the others. Topics of which only
	 * the id is known are called by it, with a question mark before it. Records that name what
	 * the missing part made are no findings.
	 */
	bool partial;

	/*
	 * Fail at the first finding that is an error: a record that Kafka's image throws on, a
	 * record that does not fit its layout, a checkpoint that cannot be used. Without it, they
	 * are reported and passed over.
	 */
	bool strict;

	/*
	 * If the state at the point is unknown, because the log begins after it, load the first
	 * usable checkpoint after the point instead. The report then gets a finding that says so,
	 * and kmeta_image_moment() the offset that was loaded.
	 */
	bool nearest;

	/* As in struct kmeta_source_options: "path" is a file that was found in a directory. */
	bool regular;

	/*
	 * The release that wrote the log, as kmeta_dialect_init() takes it. NULL: auto. Borrowed
	 * during the call.
	 */
	const char *dialect;

	/*
	 * Gets records that Kafka would object to or that cannot be decoded, and checkpoints that
	 * could not be used. May be NULL. If it returns false, the load fails with that finding.
	 */
	kmeta_report *report;

	/*
	 * Called after each batch with the bytes of the current file or directory that were read,
	 * and those in all. May be NULL. If it returns false, the load fails with KMETA_STOPPED.
	 */
	kmeta_progress *progress;

	/* Passed to "report" and "progress". */
	void *context;

	/*
	 * Note since when partitions and other entities are as they are, for kmeta_problems(). The
	 * log is then replayed from the oldest state that it tells, before the newest checkpoint is
	 * loaded as without the option.
	 */
	bool since;
};

/*
 * Loads the state at a point. "path" is a directory, a segment that begins at offset 0, a
 * checkpoint, or "-" for one of the two on standard input; its content decides which, not its name.
 * A directory is read as Kafka reads it: the newest whole checkpoint that is not past the point,
 * then the records of the segments after it. If no checkpoint is usable, the segments have to begin
 * at offset 0.
 *
 * A point by time ends before the first batch that has a later record; a time after the end of the
 * log is the end. A point by offset may lie inside a batch. The start is the first state that is
 * known: the empty one, or the oldest checkpoint. A checkpoint alone holds one state and shows no
 * earlier one.
 *
 * The call may read ahead with a thread of its own until it returns. "report" and "progress" run in
 * the caller's thread.
 *
 * OK: "image" is set, and the caller frees it; it borrows nothing. FAILED: no image is returned.
 * KMETA_MISSING_RECORDS: the state at the point is unknown, because records are missing or damaged,
 * or the log ends before that offset; the message says what is missing, and up to which point the
 * state can be loaded. Other codes: the path cannot be read or holds no log, an option is wrong,
 * memory ran out, or a function of the caller asked to stop. "why" has no file then; the message
 * names it if it is another one than "path".
 */
KMETA_CHECKED enum kmeta_status kmeta_image_load(struct kmeta_image **image, const char *path,
                                                 struct kmeta_point point,
                                                 const struct kmeta_load_options *options,
                                                 struct kmeta_finding *why);

/* ---- Walking: the entities of a state in order ---- */

/*
 * A walk over the entities of an image, in the order of enum kmeta_entity_kind and then by name or
 * number; the partitions of a topic follow it. This is the order of Kafka's snapshots, but sorted
 * within a kind. Opaque. It borrows the image, which must not change or be freed before
 * kmeta_walk_close(). Several walks over one image may be open.
 */
struct kmeta_walk;

/*
 * How to show entities, as bits of the parameter "flags" of the two calls below. They are not the
 * KMETA_SHOW_ flags of the printers.
 */
enum {
	/*
	 * In the newest version of each record, with everything that the state's metadata.version
	 * cannot express. Use it to compare states, since two versions of a record have different
	 * fields. Without it, entities are what Kafka would write into a snapshot at that
	 * metadata.version (its ImageWriter).
	 */
	KMETA_WALK_NEWEST = 1
};

/*
 * Begins a walk over all entities. "flags" are KMETA_WALK_ bits. Sorts the topics and the smaller
 * entities first, so the call takes longer than one step.
 *
 * OK: "walk" is set, and the caller closes it. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk,
                                                const struct kmeta_image *image, unsigned flags,
                                                struct kmeta_finding *why);

/*
 * Begins a walk over the entities of one kind alone: all topics without their partitions, the
 * partitions of one topic, all brokers, and so on. Entities of other kinds take no time. "topic_id"
 * is the 16 bytes of the topic whose partitions are wanted, as kmeta_image_topic_id() finds it;
 * other kinds ignore it. NULL, or an id that no topic has: a walk over no partitions.
 *
 * OK: "walk" is set, and the caller closes it. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_walk_open_kind(struct kmeta_walk **walk,
                                                     const struct kmeta_image *image,
                                                     enum kmeta_entity_kind kind,
                                                     const uint8_t *topic_id, unsigned flags,
                                                     struct kmeta_finding *why);

/*
 * Returns the next entity. What it points to belongs to the walk and the image, and is valid until
 * the next call on the walk.
 *
 * OK: "entity" is set. END: there are no more, now and in later calls. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_walk_next(struct kmeta_walk *walk,
                                                struct kmeta_entity *entity,
                                                struct kmeta_finding *why);

/* Ends a walk and frees it with the entity it returned last. The image stays. NULL is fine. */
KMETA_API void kmeta_walk_close(struct kmeta_walk *walk);

/* ---- Lists: the entities of a kind by number ---- */

/*
 * Gives the entities of one kind by their number, in the order of a walk, to programs that sort and
 * page through them. It takes 8 bytes for each entity. Opaque. It borrows the image,
 * which must not change or be freed before kmeta_list_close(). Several lists of one image may be
 * open, each used by one thread at a time.
 */
struct kmeta_list;

/*
 * Begins a list of all entities of a kind: all topics, the partitions of all topics, all brokers,
 * and so on. "flags" are KMETA_WALK_ bits.
 *
 * OK: "list" is set, and the caller closes it. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_list_open(struct kmeta_list **list,
                                                const struct kmeta_image *image,
                                                enum kmeta_entity_kind kind, unsigned flags,
                                                struct kmeta_finding *why);

/* Returns how many entities a list has. Constant time. */
KMETA_API size_t kmeta_list_count(const struct kmeta_list *list);

/*
 * Returns an entity by its number, from 0 on. What it points to belongs to the list and the image,
 * and is valid until the next call on the list. Constant time.
 *
 * OK: "entity" is set. END: there is none of that number. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_list_entity(struct kmeta_list *list, size_t number,
                                                  struct kmeta_entity *entity,
                                                  struct kmeta_finding *why);

/* Frees a list with the entity that it returned last. The image stays. NULL is fine. */
KMETA_API void kmeta_list_close(struct kmeta_list *list);

/* ---- The whole state as text ---- */

/*
 * A function that gets the output of a longer printer piece by piece, so that a large state need
 * not fit into memory as text. It may write what the buffer holds and set its size to 0, or leave
 * the text there to grow. "context" is the pointer that the caller passed with it. Return false to
 * stop.
 */
typedef bool kmeta_drain(void *context, struct kmeta_buffer *out);

/*
 * A function that chooses entities: return true for those to print. The entity is valid until the
 * function returns. "context" is the pointer that the caller passed with it.
 */
typedef bool kmeta_wanted(void *context, const struct kmeta_entity *entity);

/*
 * Appends a state as one JSON document, with the newline: objects keyed by name, such as
 *
 *	{"endOffset":...,"topics":{"orders":{"topicId":"...","partitions":{"0":{...}}}},...}
 *
 * Entities are what Kafka would write into a snapshot. "flags" are KMETA_SHOW_ bits; without
 * KMETA_SHOW_SECRETS credentials are hidden. "drain" must not be NULL: it is called after each
 * entity that was printed, and not for the end of the document, so write what the buffer still
 * holds afterwards. "wanted" chooses entities; NULL: all. Both get "context".
 *
 * OK: the document is complete, or "drain" returned false: the document then ends early, with its
 * brackets closed. FAILED: out of memory, and the document breaks off. As with all printers, memory
 * that ran out for the text itself shows as "failed" of the buffer only.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_json(const struct kmeta_image *image,
                                                 kmeta_wanted *wanted, kmeta_drain *drain,
                                                 void *context, struct kmeta_buffer *out,
                                                 unsigned flags, struct kmeta_finding *why);

/*
 * Computes a digest of a state: the sum, modulo 2^256, of the SHA-256 of each entity's JSON
 * (kmeta_entity_json() in the newest version with secrets), as a big-endian number of 32 bytes. The
 * sum does not depend on the order of the entities, so it can be followed record by record by
 * adding and subtracting single digests.
 *
 * Two images with equal digests hold the same entities, on whatever nodes and by whatever way they
 * were loaded. The moment and the quorum are no part of it. A release that learns new fields may
 * give another digest, so compare digests of one release only.
 *
 * OK: "hash" is set. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_hash(const struct kmeta_image *image, uint8_t hash[32],
                                                 struct kmeta_finding *why);

/* ---- Writing: a state as a checkpoint ---- */

/* A voter of a quorum whose voters may change (KIP-853), with one endpoint. */
struct kmeta_voter {
	/* The node id, and directory.id of its meta.properties, which has to be the same. */
	int32_t id;
	uint8_t directory[16];

	/* The endpoint of its controller listener, by which others find it. NUL-terminated. */
	const char *listener, *host;
	uint16_t port;

	/* The levels of kraft.version that the node supports. */
	int16_t least_version, most_version;
};

/* How to write a checkpoint. Set "size" to sizeof the struct. NULL: all of the state as it is. */
struct kmeta_checkpoint_options {
	/* sizeof(struct kmeta_checkpoint_options) */
	size_t size;

	/*
	 * The epoch of all batches, which has to be that in the name of the file. A node that starts
	 * from the checkpoint leads above it. 0: that of the state's moment.
	 */
	int32_t epoch;

	/*
	 * Other voters than those of the state, and how many: the checkpoint then is of a quorum
	 * with kraft.version 1. NULL: those of the state. Borrowed during the call.
	 */
	const struct kmeta_voter *voters;
	size_t voters_count;

	/* Neither kraft.version nor voters: the servers' configuration has to list the voters. */
	bool static_voters;

	/* How to compress batches. Kafka reads all codecs and writes KMETA_NONE. */
	enum kmeta_codec codec;

	/* Chooses entities. NULL: all. The level of metadata.version goes through it too. */
	kmeta_wanted *wanted;

	/*
	 * Called after each entity with those that were written, and all. May be NULL. If it returns
	 * false, the call fails with KMETA_STOPPED.
	 */
	kmeta_progress *progress;

	/* Passed to "wanted", "progress" and the drain. */
	void *context;
};

/* What a checkpoint holds. */
struct kmeta_checkpoint_totals {
	/* Records with the control records, batches, and bytes. */
	int64_t records, batches, bytes;

	/* How many entities of each kind were written, without voters. */
	int64_t entities[KMETA_ENTITY_KINDS];
};

/*
 * Writes a state as a checkpoint: its header, kraft.version and voters where the quorum has them,
 * the records that a walk shows, which are Kafka's at the state's metadata.version, and its footer
 * (Kafka's RecordsSnapshotWriter and MetadataImage.write()). Batches have about 1 MiB, and memory
 * does not grow with the state. A checkpoint is known by its name, ENDOFFSET-EPOCH.checkpoint. Two
 * checkpoints of one state are the same byte for byte: all records have the time of the last batch
 * in the state. A program that writes one:
 *
 *	static bool write_out(void *context, struct kmeta_buffer *out)
 *	{
 *		const bool written = fwrite(out->at, 1, out->size, context) == out->size;
 *
 *		out->size = 0;
 *		return written;
 *	}
 *
 *	options.context = file;
 *	status = kmeta_write_checkpoint(image, &options, write_out, &out, &totals, &why);
 *
 * "drain" must not be NULL: it is called after each batch, and takes what "out" holds. OK: all of
 * the checkpoint went to "drain", and "totals" is set. FAILED: an option is wrong, the state is
 * known in part only (KMETA_MISSING_RECORDS), memory ran out, or a function of the caller returned
 * false (KMETA_STOPPED): what was written until then is no checkpoint.
 */
KMETA_CHECKED enum kmeta_status kmeta_write_checkpoint(
	const struct kmeta_image *image, const struct kmeta_checkpoint_options *options,
	kmeta_drain *drain, struct kmeta_buffer *out, struct kmeta_checkpoint_totals *totals,
	struct kmeta_finding *why);

/* ---- Queries: the partitions that operators look for at night ---- */

/*
 * Conditions on partitions. { 0 } has none, and every partition meets it. A partition has to meet
 * all that are set. The caller owns the struct; nothing in it is a pointer.
 */
struct kmeta_query {
	/* It has no leader: "leader" is -1, so nobody can read or write it. */
	bool leaderless;

	/* It has fewer replicas in sync (ISR) than replicas. */
	bool under_replicated;

	/*
	 * It has fewer replicas in sync than min.insync.replicas asks for, so producers with
	 * acks=all fail. The topic's own setting counts, else that of all brokers in the log, else
	 * Kafka's default of 1. What stands in the brokers' own files is not in the log.
	 */
	bool under_min_isr;

	/* It has adding or removing replicas: a reassignment goes on (KIP-455). */
	bool reassigning;

	/* It has a replica on the broker "broker". */
	bool on_broker;

	/* It has a replica in the log directory with the id "directory" (KIP-858). */
	bool on_directory;

	/* The node id of a broker, for "on_broker". */
	int32_t broker;

	/*
	 * The id of a log directory, for "on_directory": the 16 bytes that kmeta_uuid_parse() makes
	 * of directory.id in meta.properties.
	 */
	uint8_t directory[16];
};

/*
 * True if the entity is a partition that meets all conditions; false for entities of other kinds.
 * "image" is the state that the entity is from: it has the settings of min.insync.replicas.
 * Directories are only in the records of metadata.version 3.7-IV2 and later, or in a walk with
 * KMETA_WALK_NEWEST.
 */
KMETA_API bool kmeta_query_matches(const struct kmeta_query *query, const struct kmeta_image *image,
                                   const struct kmeta_entity *entity);

/* ---- Problems: what an operator should know of a state ---- */

/*
 * Everything that can be wrong with a state, worst first: identifier, severity, name, and what it
 * means. Names are promises, as those of KMETA_CODES are. KMETA_PROBLEMS(X) calls
 * X(IDENTIFIER, SEVERITY, "name", "meaning") for each. kmeta-image(1) lists them for users.
 */
/* clang-format off */
#define KMETA_PROBLEMS(X) \
	X(NO_LEADER, ERROR, "no-leader", \
	  "a partition has no leader: nobody can read or write it") \
	X(LEADER_OFFLINE, ERROR, "leader-offline", \
	  "the leader of a partition is a broker that is fenced or not registered") \
	X(UNDER_MIN_ISR, ERROR, "under-min-isr", \
	  "fewer replicas are in sync than min.insync.replicas: producers with acks=all fail") \
	X(LEVEL_UNSUPPORTED, ERROR, "level-unsupported", \
	  "a registered node does not support the level of a feature") \
	X(OPEN_TRANSACTION, WARNING, "open-transaction", \
	  "the records of a transaction wait for its end") \
	X(BROKER_FENCED, WARNING, "broker-fenced", \
	  "a broker is registered, but fenced: it leads no partition") \
	X(REPLICA_WITHOUT_BROKER, WARNING, "replica-without-broker", \
	  "a partition has a replica on a broker that is not registered") \
	X(REPLICA_WITHOUT_DIRECTORY, WARNING, "replica-without-directory", \
	  "a partition has a replica in a log directory that its broker does not have") \
	X(UNDER_REPLICATED, WARNING, "under-replicated", \
	  "fewer replicas are in sync than the partition has") \
	X(REASSIGNMENT_STUCK, WARNING, "reassignment-stuck", \
	  "a reassignment does not move, or waits for a broker that is offline") \
	X(UNCLEAN_ELECTION, WARNING, "unclean-election", \
	  "a leader was elected that was not in sync: records may be lost") \
	X(VOTER_NOT_REGISTERED, WARNING, "voter-not-registered", \
	  "a voter has no registration as a controller") \
	X(LEVEL_HELD_BACK, WARNING, "level-held-back", \
	  "some nodes keep a feature from a level that the others support") \
	X(MIGRATION_UNFINISHED, WARNING, "migration-unfinished", \
	  "the migration from ZooKeeper is not finished") \
	X(BROKER_OF_ZOOKEEPER, WARNING, "broker-of-zookeeper", \
	  "a broker is still registered as one of ZooKeeper") \
	X(CONTROLLER_NOT_READY, WARNING, "controller-not-ready", \
	  "a controller is not ready for the migration from ZooKeeper") \
	X(CONFIG_WITHOUT_TOPIC, WARNING, "config-without-topic", \
	  "a setting is of a topic that does not exist") \
	X(SETTING_UNKNOWN, WARNING, "setting-unknown", \
	  "no release that runs this metadata.version knows a setting") \
	X(PRODUCER_IDS_END, WARNING, "producer-ids-end", \
	  "hardly any producer ids are left") \
	X(CHECKPOINTS_STOPPED, WARNING, "checkpoints-stopped", \
	  "no checkpoint has been written for long") \
	X(REASSIGNING, NOTE, "reassigning", \
	  "a partition is being reassigned") \
	X(BROKER_SHUTTING_DOWN, NOTE, "broker-shutting-down", \
	  "a broker is shutting down") \
	X(CONTROLLER_NO_VOTER, NOTE, "controller-no-voter", \
	  "a controller is registered, but no voter") \
	X(CONFIG_WITHOUT_BROKER, NOTE, "config-without-broker", \
	  "a setting is of a broker that is not registered") \
	X(SETTING_REMOVED, NOTE, "setting-removed", \
	  "later releases do not know a setting") \
	X(NO_OP_RATE, NOTE, "no-op-rate", \
	  "an idle controller writes NO_OP records far too often, or hardly ever") \
	X(OLD_METADATA_VERSION, NOTE, "old-metadata-version", \
	  "release 4.0 and later do not start with this metadata.version") \
	X(LEVEL_CAN_RISE, NOTE, "level-can-rise", \
	  "all nodes support a higher metadata.version")
/* clang-format on */

#define KMETA_PROBLEM_ENUM(identifier, severity, name, meaning) KMETA_PROBLEM_##identifier,

/* KMETA_PROBLEM_NO_LEADER and so on, and behind them how many there are. */
enum kmeta_problem_code { KMETA_PROBLEMS(KMETA_PROBLEM_ENUM) KMETA_PROBLEM_CODES };

/* Returns the name, as "no-leader", and what it means, in a line. The strings are constant. */
KMETA_API const char *kmeta_problem_name(enum kmeta_problem_code code);
KMETA_API const char *kmeta_problem_meaning(enum kmeta_problem_code code);

/* Returns how bad a problem is. */
KMETA_API enum kmeta_severity kmeta_problem_severity(enum kmeta_problem_code code);

/* A problem. All of it is borrowed until the function that gets it returns. */
struct kmeta_problem {
	/* What is wrong. */
	enum kmeta_problem_code code;

	/* The path of the entity, as kmeta_entity_path() prints it. Empty: the cluster as a whole. */
	const char *path;

	/* A sentence for people: what is so, and whom it waits for. */
	const char *message;

	/* The command that shows more or mends it. HOST:PORT stands for a broker. */
	const char *command;

	/*
	 * The offset of the record since which it is so, and its time in milliseconds since 1970
	 * UTC. -1: unknown, as the image was loaded without "since", or the problem has no
	 * beginning.
	 */
	int64_t since_offset, since_time;

	/* It has been so longer: "since_offset" and "since_time" are those of the oldest known state. */
	bool since_before;
};

/* A function that gets problems one by one. Return false to get no more, which is no failure. */
typedef bool kmeta_problem_seen(void *context, const struct kmeta_problem *problem);

/* How to look for problems. Set "size" to sizeof the struct. */
struct kmeta_problem_options {
	/* sizeof(struct kmeta_problem_options) */
	size_t size;

	/* At most so many problems of each code are passed on; all are counted. 0: no limit. */
	size_t most;

	/* The address of the log, for commands. Borrowed during the call. NULL: "ADDRESS". */
	const char *address;

	/*
	 * The image was loaded from a directory with the newest checkpoint in it: see whether
	 * checkpoints are written.
	 */
	bool checkpoints;

	/* Gets the problems, and "context". NULL: they are only counted. */
	kmeta_problem_seen *seen;
	void *context;
};

/* How many problems there are of each code. */
struct kmeta_problem_counts {
	size_t of[KMETA_PROBLEM_CODES];
};

/*
 * Finds what is wrong with a state, worst first: by code, and then by path. "counts" is set to the
 * number of problems of each code. Partitions are judged as Kafka's Partition, DirectoryId and
 * PartitionChangeBuilder do, features as its QuorumFeatures does.
 *
 * The log does not hold everything: settings in the brokers' own files and consumer groups are
 * unknown. Of a state that is known in part (kmeta_image_partial_from()), what is unknown is no
 * problem.
 *
 * OK: all were passed, or "seen" returned false; "counts" is then not complete. FAILED: out of
 * memory, or an option is wrong.
 */
KMETA_CHECKED enum kmeta_status kmeta_problems(const struct kmeta_image *image,
                                               const struct kmeta_problem_options *options,
                                               struct kmeta_problem_counts *counts,
                                               struct kmeta_finding *why);

/* ---- Comparing states ---- */

/*
 * An entity that differs between two states. "before" NULL: it was added. "after" NULL: it was
 * removed. Neither NULL: its fields changed. Both are in the newest version of their record, and
 * borrowed until the function that gets them returns.
 */
struct kmeta_change {
	const struct kmeta_entity *before, *after;
};

/*
 * A function that gets changes one by one. "context" is the pointer that the caller passed with it.
 * Return false to stop, which is no failure. One that prints what was added, removed and changed:
 *
 *	static bool print_change(void *context, const struct kmeta_change *change)
 *	{
 *		const struct kmeta_entity *entity = change->after ? change->after : change->before;
 *		struct kmeta_buffer *out = context;
 *
 *		kmeta_buffer_add(out, !change->before ? "+ " : !change->after ? "- " : "~ ", 2);
 *		kmeta_entity_path(out, entity, 0);
 *		kmeta_buffer_add(out, "\n", 1);
 *		return !out->failed;
 *	}
 */
typedef bool kmeta_change_seen(void *context, const struct kmeta_change *change);

/*
 * True if two entities of one kind have the same fields. It does not look at the key. Both must be
 * in the newest version (KMETA_WALK_NEWEST), or they differ by their layout alone. Floating-point
 * numbers are compared by their bits.
 */
KMETA_API bool kmeta_entity_same(const struct kmeta_entity *a, const struct kmeta_entity *b);

/*
 * Compares two states and passes every entity that is not the same in both to "seen", in the order
 * of a walk and in the newest version. A topic that was removed and created again has another id:
 * it comes as two changes, with all of its partitions. The states may be from different logs, and
 * neither is changed. The call compares bytes first, so states that hardly differ take little
 * longer than one look at each entity.
 *
 * OK: all differences were passed, or "seen" returned false. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_diff(const struct kmeta_image *before,
                                           const struct kmeta_image *after, kmeta_change_seen *seen,
                                           void *context, struct kmeta_finding *why);

/* ---- History: the changes that records make ---- */

/*
 * A change of one entity, and the record that makes it. A record that changes several entities
 * makes several events, such as REMOVE_TOPIC_RECORD for a topic and each of its partitions. All of
 * it is borrowed until the function that gets it returns.
 */
struct kmeta_event {
	/*
	 * The batch of the record. Of a record in a transaction, only "file" and "epoch" are set.
	 */
	const struct kmeta_batch *batch;

	/*
	 * The record itself, with its offset and time. In a transaction, it has no key and no
	 * headers.
	 */
	const struct kmeta_record *record;

	/*
	 * The type of the record, as "PARTITION_CHANGE_RECORD". The string is constant. NULL: no
	 * record of the log, but the state that a history begins with holds the entity. "record"
	 * and "batch" then have the offset, time and epoch of that state, and nothing else.
	 * "checkpoint": records are missing that made the change, and the checkpoint behind them
	 * shows it. "record" and "batch" are filled in the same way.
	 */
	const char *by;

	/* What the record changed: the entity before and after it. */
	struct kmeta_change change;
};

/*
 * A function that gets events in the order of the log. "context" is the pointer that the caller
 * passed with it. It must not change the image. Return false to get no more; what that means for
 * the call is said there.
 */
typedef bool kmeta_event_seen(void *context, const struct kmeta_event *event);

/*
 * Sets the function that gets every change that kmeta_image_apply() makes to the image, while it
 * makes it; changes of a transaction come at its end. Only records that make a difference cause
 * events. If "seen" returns false, it gets no more, but replay goes on. A later call replaces the
 * function; NULL removes it. "context" is borrowed until then. Watching makes replay several times
 * slower.
 *
 * False: out of memory, and the function that was set before stays.
 */
KMETA_CHECKED bool kmeta_image_watch(struct kmeta_image *image, kmeta_event_seen *seen,
                                     void *context);

/*
 * Which entities a history is about, and which functions get it. Set "size" to sizeof the struct.
 * All pointers are borrowed during the call. To get every change of a topic, of its partitions and
 * its configs:
 *
 *	static const char *const targets[] = { "orders" };
 *	const struct kmeta_history_options options = {
 *		.size = sizeof(options),
 *		.targets = targets,
 *		.targets_count = 1,
 *		.seen = print_event,
 *		.context = &out,
 *	};
 *	struct kmeta_history_span span;
 *
 *	if (kmeta_history("/var/kafka/__cluster_metadata-0", &options, &span, &why) != KMETA_OK)
 *		return 2;
 */
struct kmeta_history_options {
	/* sizeof(struct kmeta_history_options) */
	size_t size;

	/*
	 * The entities whose changes are wanted, and how many words there are: topics and
	 * partitions as "orders" or "orders/3" (name, glob or id), or the path of any entity, with
	 * globs, as kmeta_entity_word() takes it. A topic stands for its partitions and configs
	 * too, and a path for everything below it.
	 */
	const char *const *targets;
	size_t targets_count;

	/*
	 * NULL, or an array with an element for each target, which is set to true if the state or a
	 * record has an entity that the target means.
	 */
	bool *found;

	/* The release that wrote the log, as kmeta_dialect_init() takes it. NULL: auto. */
	const char *dialect;

	/* Where the history ends. { 0 }: at the end of the log. */
	struct kmeta_point until;

	/*
	 * If the log begins late and no checkpoint has the state there, begin with nothing, as
	 * kmeta_load_options says. Without it, such records are findings.
	 */
	bool partial;

	/*
	 * At the end of the log, wait for more until "seen", "idle" or "progress" returns false.
	 * Only plain files and directories can be followed.
	 */
	bool follow;

	/*
	 * Gets the changes of the targets. Not NULL. If it returns false, the history ends with OK.
	 */
	kmeta_event_seen *seen;

	/*
	 * Gets violations, damage and gaps, which may explain why later changes look odd. May be
	 * NULL. If it returns false, the history fails with that finding.
	 */
	kmeta_report *report;

	/*
	 * With "follow": called about once a second while nothing new comes, before the wait. If it
	 * returns false, the history ends with OK. May be NULL: then only a change can end it.
	 */
	bool (*idle)(void *context);

	/*
	 * Called after each batch with the bytes that were read, and those in all. May be NULL. If
	 * it returns false, the history fails with KMETA_STOPPED.
	 */
	kmeta_progress *progress;

	/* Passed to "seen", "report", "idle" and "progress". */
	void *context;
};

/*
 * Which part of a log a history covers. A program needs it to say that an entity did not change,
 * since changes before the first offset are unknown.
 */
struct kmeta_history_span {
	/*
	 * The offset of the state that the history began with: changes by the records from here on
	 * are known. And the offset after the last record that was read.
	 */
	int64_t first_offset, end_offset;

	/*
	 * The time of the first batch that was read, and the latest of all, in milliseconds since
	 * 1970 UTC. -1: no batch was read.
	 */
	int64_t first_time, last_time;
};

/*
 * Replays a log from the oldest state that is known, and passes every change of the targets to
 * "seen". "path" is what kmeta_image_load() takes, but not standard input, since it is read twice.
 * The targets that the oldest state holds come first, each as an event without "by". Damage is
 * reported and passed over. The call may read ahead with a thread of its own until it returns; the functions of the caller run in the
 * caller's thread.
 *
 * OK: the end of the log was reached, or "seen" or "idle" asked to stop. FAILED: the log cannot be
 * read, an option is wrong, memory ran out, or "report" or "progress" asked to stop. "span" is set
 * in both cases, and covers what was read until then.
 */
KMETA_CHECKED enum kmeta_status kmeta_history(const char *path,
                                              const struct kmeta_history_options *options,
                                              struct kmeta_history_span *span,
                                              struct kmeta_finding *why);

/* ---- The timeline: a log to move about in ---- */

/*
 * A timeline reads a log once, from beginning to end, and keeps what each stretch of it holds and
 * compressed copies of the state on the way. Then the state at any moment is there in a fraction of
 * a second, and places can be found by offset and time. It is what an interactive program needs; a
 * program that wants one state calls kmeta_image_load(). Opaque; close it with
 * kmeta_timeline_close(). A program that shows the state at several moments:
 *
 *	struct kmeta_pages *pages;
 *	struct kmeta_timeline *timeline;
 *	struct kmeta_image *image = NULL;
 *
 *	if (kmeta_pages_open(&pages, "/var/kafka/__cluster_metadata-0", &why) != KMETA_OK ||
 *	    kmeta_timeline_open(&timeline, pages, NULL, &why) != KMETA_OK ||
 *	    kmeta_timeline_scan(timeline, NULL, NULL, &why) != KMETA_OK)
 *		return 2;
 *	for (i = 0; i < count; i++)
 *		if (kmeta_timeline_state(timeline, pages, points[i], &image, NULL, &why) ==
 *		    KMETA_OK)
 *			show(image);
 *	kmeta_image_free(image);
 *	kmeta_timeline_close(timeline);
 *	kmeta_pages_close(pages);
 *
 * One thread may scan while others ask: each answer is what is known by then. The calls that look
 * stretches up answer false before the scan has come to the place; the others need no scan.
 * Everything that a call returns is copied, with the one exception of the locked topics.
 */
struct kmeta_timeline;

/*
 * How to keep a timeline. Set "size" to sizeof the struct. NULL instead of the struct means the
 * defaults.
 */
struct kmeta_timeline_options {
	/* sizeof(struct kmeta_timeline_options) */
	size_t size;

	/* The release that wrote the log, as kmeta_dialect_init() takes it. Copied. NULL: auto. */
	const char *dialect;

	/*
	 * How many bytes the kept states may take. 0: 64 MiB. When they take more, every second one
	 * is dropped: less memory means more records to replay for each state.
	 */
	size_t memory;
};

/* What a stretch of the log holds, as bits of kmeta_stretch.flags. */
enum {
	/* It holds a LEADER_CHANGE record: the quorum elected an active controller. */
	KMETA_STRETCH_LEADER_CHANGE = 1,

	/* It holds damage, a gap of offsets, or a record that cannot be decoded. */
	KMETA_STRETCH_DAMAGE = 2,

	/*
	 * It has rows, and all of them are no-op records, so a program may fold it into one line.
	 */
	KMETA_STRETCH_ONLY_NO_OPS = 4,

	/* Its last row is a no-op record: a run of no-ops may go on in the next stretch. */
	KMETA_STRETCH_ENDS_IN_NO_OP = 8
};

/*
 * A stretch of some 64 KiB of the log, which kmeta_pages_read() reads as one page. Stretches follow
 * each other without gaps and never span two files. The struct is a copy and owns nothing.
 */
struct kmeta_stretch {
	/* The number of the file among the pages. */
	size_t file;

	/*
	 * The positions in the file, in bytes: pass them to kmeta_pages_read(). "end" is INT64_MAX
	 * in the last stretch of a file.
	 */
	int64_t begin, end;

	/*
	 * The offsets of the first and last record, and the time of the first in milliseconds since
	 * 1970 UTC. -1: the stretch has no record.
	 */
	int64_t first_offset, last_offset, time;

	/*
	 * The latest time of a sound batch from the beginning of the log to the end of the stretch,
	 * in milliseconds; INT64_MIN: no batch. It never goes back from one stretch to the next,
	 * although clocks do, so it can be searched.
	 */
	int64_t latest;

	/* The number of rows, and how many no-op records come before the first other row. */
	uint32_t rows, leading_no_ops;

	/* KMETA_STRETCH_ bits. */
	unsigned flags;

	/*
	 * The dialect as the log before the stretch has shown it. Decode the records of the stretch
	 * with a copy of it: it then reads them as a program that came from the beginning would.
	 */
	struct kmeta_dialect dialect;
};

/*
 * Makes a timeline of the files that "pages" has open. The pages are copied, so the caller may
 * close its own first or use them in another thread; only pages of temporary copies (standard
 * input, compressed files) have to stay open as long as the timeline. The log is not read yet.
 *
 * OK: "timeline" is set, and the caller closes it. FAILED: an option is wrong, or memory ran out.
 */
KMETA_CHECKED enum kmeta_status kmeta_timeline_open(struct kmeta_timeline **timeline,
                                                    const struct kmeta_pages *pages,
                                                    const struct kmeta_timeline_options *options,
                                                    struct kmeta_finding *why);

/*
 * Closes a timeline and frees what it keeps. No other thread may use it any more. Images that it
 * returned belong to the caller and stay valid. NULL is fine.
 */
KMETA_API void kmeta_timeline_close(struct kmeta_timeline *timeline);

/*
 * Reads the log from where the last scan ended up to its end. Damage is passed over: the state is
 * unknown after it up to the next checkpoint. A file that cannot be read is passed over too:
 * reading its pages says why.
 *
 * "progress" may be NULL. It gets the bytes before the next stretch and the bytes of all files, and
 * may stop the scan, which a later call continues. The scan may run in a thread of the caller's
 * while others ask, but only one scan at a time, and "progress" runs in the thread of the scan.
 *
 * OK: the end was reached. FAILED: "progress" returned false (KMETA_STOPPED), or memory ran out.
 * What was scanned until then stays known.
 */
KMETA_CHECKED enum kmeta_status kmeta_timeline_scan(struct kmeta_timeline *timeline,
                                                    kmeta_progress *progress, void *context,
                                                    struct kmeta_finding *why);

/*
 * Takes over the files of refreshed pages (kmeta_pages_refresh()), so that the next scan reads what
 * is new. "pages" is copied again. "replaced" says that the files are other ones, as after DAMAGED
 * from the refresh: everything known of the old ones is dropped. Otherwise the last stretch is
 * dropped alone, since it may have ended in a batch that was half written. No scan and no
 * kmeta_timeline_next_change() may be running.
 *
 * False: out of memory, and the timeline is unchanged.
 */
KMETA_CHECKED bool kmeta_timeline_renew(struct kmeta_timeline *timeline,
                                        const struct kmeta_pages *pages, bool replaced);

/*
 * Returns how many stretches were scanned so far. The number only falls in kmeta_timeline_renew().
 */
KMETA_API size_t kmeta_timeline_count(struct kmeta_timeline *timeline);

/*
 * Copies a stretch by its number, from 0 on in the order of the log. False: the scan has not come
 * so far, and "stretch" is untouched.
 */
KMETA_API bool kmeta_timeline_stretch(struct kmeta_timeline *timeline, size_t number,
                                      struct kmeta_stretch *stretch);

/*
 * Finds the stretch that holds a position of a file, in bytes, with its number. "file" is the
 * number of the file among the pages. False: the scan has not come so far, or there is no such
 * file; "number" and "stretch" are then of no use.
 */
KMETA_API bool kmeta_timeline_find_place(struct kmeta_timeline *timeline, size_t file,
                                         int64_t position, size_t *number,
                                         struct kmeta_stretch *stretch);

/*
 * Finds the number of the last stretch that begins at or below an offset; the first one if none
 * does. False: the scan has not come so far, or the log is empty. Until a scan has reached the end,
 * the stretch that was scanned last is not certain and gives false.
 */
KMETA_API bool kmeta_timeline_find_offset(struct kmeta_timeline *timeline, int64_t offset,
                                          size_t *number);

/*
 * Finds the number of the last stretch whose first record is at or before a time, in milliseconds
 * since 1970 UTC; the first one if none is. False in the same cases as for offsets. Times of a log
 * may go back when another controller takes over, so look at the stretches around it too.
 */
KMETA_API bool kmeta_timeline_find_time(struct kmeta_timeline *timeline, int64_t time,
                                        size_t *number);

/*
 * Returns a copy of the dialect that the log has shown up to the last scanned stretch, for records
 * that the scan has not reached.
 */
KMETA_API struct kmeta_dialect kmeta_timeline_dialect(struct kmeta_timeline *timeline);

/*
 * Returns the names of all topics that the scan has met, and locks them until
 * kmeta_timeline_unlock_topics(). Names of removed topics are included, since earlier records refer
 * to them. The result belongs to the timeline: use it only while it is locked. Call nothing else of
 * the timeline in between, or the thread waits for itself.
 */
KMETA_API const struct kmeta_topics *kmeta_timeline_lock_topics(struct kmeta_timeline *timeline);
/*
 * Unlocks the names again, in the thread that locked them. A scan that waits for the lock goes on.
 */
KMETA_API void kmeta_timeline_unlock_topics(struct kmeta_timeline *timeline);

/* Returns about how many bytes the stretches and the kept states take. */
KMETA_API size_t kmeta_timeline_memory(struct kmeta_timeline *timeline);

/*
 * How to reach a state. Set "size" to sizeof the struct. NULL instead of the struct means no
 * functions.
 */
struct kmeta_reach_options {
	/* sizeof(struct kmeta_reach_options) */
	size_t size;

	/*
	 * Gets the changes that the records from the offset "watched" on make, up to the point, if
	 * the point is an offset; other points ignore both. To learn what one record changes, ask
	 * for the state after it and watch from its own offset. NULL: nobody. A result of false
	 * ends the events and not the call.
	 */
	kmeta_event_seen *seen;
	int64_t watched;

	/*
	 * Gets violations and damage of the part of the log that is replayed. May be NULL. A kept
	 * state spares a replay, so it is no complete list: kmeta_verify() gives that.
	 */
	kmeta_report *report;

	/*
	 * Called often: with bytes while a state is loaded, with records while it is replayed, as
	 * the parts done and in all. May be NULL. If it returns false, the call fails with
	 * KMETA_STOPPED.
	 */
	kmeta_progress *progress;

	/* Passed to "seen", "report" and "progress". */
	void *context;
};

/*
 * Makes *image the state at a point. *image is an input too: set it to NULL before the first call,
 * or pass a state of the same timeline, which is reused or replaced, whichever is faster. Walks
 * over it must be closed. The state is replayed from the nearest one that is kept, or loaded as
 * kmeta_image_load() does if none is. Works without a scan too, but slower.
 *
 * "pages" has the same files as the timeline and is used by no other thread meanwhile: a thread
 * that asks needs a copy of its own (kmeta_pages_copy()).
 *
 * OK: *image is the state, and the caller frees it. FAILED: the state is unknown, as "why" says, an
 * option is wrong, memory ran out, or a function of the caller asked to stop; *image is freed and
 * NULL.
 */
KMETA_CHECKED enum kmeta_status kmeta_timeline_state(struct kmeta_timeline *timeline,
                                                     struct kmeta_pages *pages,
                                                     struct kmeta_point point,
                                                     struct kmeta_image **image,
                                                     const struct kmeta_reach_options *options,
                                                     struct kmeta_finding *why);

/* A change of an entity, found by kmeta_timeline_next_change(). The struct owns nothing. */
struct kmeta_step {
	/* The offset of the record that makes the change. */
	int64_t offset;

	/* Which of the changes it is, from 1 on, and how many the log holds in all. */
	size_t number, count;
};

/*
 * Finds the next change of an entity after an offset, or the last one before it if "backwards".
 * "target" is one word as kmeta_history() takes them; it is copied. A record that changes several
 * things of the target is one change.
 *
 * The first call for a target replays the log with kmeta_history(), and "progress" may stop it;
 * later calls for the same target look up what it has found, until kmeta_timeline_renew(). No scan
 * is needed. Only one thread may make this call at a time, but a scan may run meanwhile.
 *
 * OK: "step" is set. END: there is no such change. FAILED: the log cannot be read, memory ran out,
 * or "progress" returned false.
 */
KMETA_CHECKED enum kmeta_status kmeta_timeline_next_change(struct kmeta_timeline *timeline,
                                                           const char *target, int64_t offset,
                                                           bool backwards, kmeta_progress *progress,
                                                           void *context, struct kmeta_step *step,
                                                           struct kmeta_finding *why);

#ifdef __cplusplus
}
#endif

#endif
