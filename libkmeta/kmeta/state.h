/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/state.h: the state that a log makes, what is in it, and how it changes.
 *
 * An image is the state of a cluster at one moment of its log. A program that prints every
 * partition without a leader at 14:05:
 *
 *	struct kmeta_load_options options = { .size = sizeof(options) };
 *	struct kmeta_query query = { .leaderless = true };
 *	struct kmeta_buffer out = { 0 };
 *	struct kmeta_image *image;
 *	struct kmeta_walk *walk;
 *	struct kmeta_entity entity;
 *
 *	if (kmeta_image_load(&image, path, point, &options, &why) != KMETA_OK ||
 *	    kmeta_walk_open(&walk, image, 0, &why) != KMETA_OK)
 *		return 2;
 *	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK)
 *		if (kmeta_query_matches(&query, image, &entity)) {
 *			kmeta_entity_path(&out, &entity, 0);
 *			kmeta_buffer_add(&out, "\n", 1);
 *		}
 *	kmeta_walk_close(walk);
 *	kmeta_image_free(image);
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
 * records say. Opaque; free it with kmeta_image_free(). It takes some 140 bytes a partition.
 */
struct kmeta_image;

/* The moment of the log that an image shows. */
struct kmeta_moment {
	/* All records below this offset were applied. */
	int64_t end_offset;

	/* The time of the last batch in ms, -1: there was none yet. */
	int64_t timestamp;

	/* The epoch of the last batch, -1: there was none yet. */
	int32_t epoch;

	/* The metadata.version, 0: no record has set it. */
	int64_t level;
};

/* What the control records say of the quorum. They are no part of a snapshot's metadata records. */
struct kmeta_quorum {
	/* The active controller and its epoch, -1: unknown. */
	int32_t leader, leader_epoch;

	/* The kraft.version, -1: unknown, which means 0. */
	int32_t kraft_version;

	/* The value of the last KRAFT_VOTERS record, borrowed from the image; data NULL: none. */
	struct kmeta_bytes voters;
};

/* Returns the empty state at offset 0. The caller frees it. NULL: out of memory. */
KMETA_CHECKED struct kmeta_image *kmeta_image_new(void);

/* Frees an image and everything that was borrowed from it. NULL is fine. */
KMETA_API void kmeta_image_free(struct kmeta_image *image);

/*
 * Applies one decoded record as Kafka's MetadataDelta does. A record that Kafka's image throws on
 * is reported as an error and changes nothing. What only Kafka's controller would refuse is
 * reported as a warning. "batch" is the record's, and "report" may be NULL.
 *
 * The records of a transaction (KIP-868) take effect at its end, and never if it is aborted. Until
 * then the image borrows the name of their file, so keep the source open.
 *
 * OK: the record was handled, even if a violation was reported. FAILED: "report" asked to stop, or
 * memory ran out; the image is then useless.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_apply(struct kmeta_image *image,
                                                  const struct kmeta_batch *batch,
                                                  const struct kmeta_record *record,
                                                  const struct kmeta_fields *fields,
                                                  kmeta_report *report, void *context,
                                                  struct kmeta_finding *why);

/*
 * Tells the image how far it has come: all records below "end_offset" were applied, the last of
 * them from this batch. Call it after the records of a batch; kmeta_image_moment() returns it.
 */
KMETA_API void kmeta_image_reach(struct kmeta_image *image, const struct kmeta_batch *batch,
                                 int64_t end_offset);

/* Returns the moment of the log that an image shows. */
KMETA_API struct kmeta_moment kmeta_image_moment(const struct kmeta_image *image);

/* Returns what the control records say. The voters are borrowed until the next applied record. */
KMETA_API struct kmeta_quorum kmeta_image_quorum(const struct kmeta_image *image);

/* Returns how many entities of a kind an image has. Constant time. */
KMETA_API size_t kmeta_image_count(const struct kmeta_image *image, enum kmeta_entity_kind kind);

/* Returns the offset at which the open transaction began; -1: no transaction is open. */
KMETA_API int64_t kmeta_image_open_transaction(const struct kmeta_image *image);

/*
 * Finds the id of the topic that has this name now. False: no topic has it, and "id" is untouched.
 */
KMETA_API bool kmeta_image_topic_id(const struct kmeta_image *image, struct kmeta_bytes name,
                                    uint8_t id[16]);

/* Returns about how many bytes an image takes, for programs that keep several. */
KMETA_API size_t kmeta_image_memory(const struct kmeta_image *image);

/* ---- Loading: the state at a point of a log ---- */

/*
 * How to load a state. Set "size" to sizeof the struct and leave the rest zero to load as Kafka
 * would, without reports.
 */
struct kmeta_load_options {
	/* sizeof(struct kmeta_load_options) */
	size_t size;

	/* Replay the segments alone, from an empty state, whatever checkpoints there are. */
	bool from_log;

	/* Stop at the first record that Kafka's image throws on. */
	bool strict;

	/* If the state at the point is unknown, load the next known one after it, and report it. */
	bool nearest;

	/* As in struct kmeta_source_options: "path" is a file that was found in a directory. */
	bool regular;

	/* A release, as kmeta_dialect_init() takes it. NULL: auto. */
	const char *dialect;

	/* Gets violations, damage, and checkpoints that could not be used. May be NULL. */
	kmeta_report *report;

	/* Called often, with bytes. May be NULL. */
	kmeta_progress *progress;

	/* Passed to both. */
	void *context;
};

/*
 * Loads the state at a point. "path" is a directory, a segment that begins at offset 0, a
 * checkpoint, or "-" for one of the two on standard input. A directory is read as Kafka reads it:
 * the newest whole checkpoint that is not past the point, then the records of the segments after
 * it. A point after the end of the log is the end. May read ahead with a thread of its own until it
 * returns.
 *
 * OK: "image" is set, and the caller frees it; it borrows nothing. FAILED: the state at the point
 * is unknown, because records or checkpoints are missing or damaged. "why" then says what is
 * missing, and which state can be loaded instead.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_load(struct kmeta_image **image, const char *path,
                                                 struct kmeta_point point,
                                                 const struct kmeta_load_options *options,
                                                 struct kmeta_finding *why);

/* ---- Walking: the entities of a state in order ---- */

/*
 * A walk over the entities of an image, in the order of enum kmeta_entity_kind and then by name or
 * number; the partitions of a topic follow it. Opaque. It borrows the image, which must not change
 * or be freed before kmeta_walk_close().
 */
struct kmeta_walk;

/* How to show entities, as bits of the parameter "flags" of the two calls below. */
enum {
	/*
	 * In the newest version of each record, with everything that the state's metadata.version
	 * cannot express. Without it, entities are what Kafka would write into a snapshot.
	 */
	KMETA_WALK_NEWEST = 1
};

/* Begins a walk over all entities. OK: "walk" is set, and the caller closes it. FAILED: memory. */
KMETA_CHECKED enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk,
                                                const struct kmeta_image *image, unsigned flags,
                                                struct kmeta_finding *why);

/*
 * Begins a walk over the entities of one kind alone: all topics without their partitions, the
 * partitions of one topic, all brokers, and so on. "topic_id" is the 16 bytes of the topic whose
 * partitions are wanted; other kinds ignore it.
 */
KMETA_CHECKED enum kmeta_status kmeta_walk_open_kind(struct kmeta_walk **walk,
                                                     const struct kmeta_image *image,
                                                     enum kmeta_entity_kind kind,
                                                     const uint8_t *topic_id, unsigned flags,
                                                     struct kmeta_finding *why);

/*
 * Returns the next entity, which is valid until the next call on the walk. END: there are no more.
 * FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_walk_next(struct kmeta_walk *walk,
                                                struct kmeta_entity *entity,
                                                struct kmeta_finding *why);

/* Ends a walk and frees it. NULL is fine. */
KMETA_API void kmeta_walk_close(struct kmeta_walk *walk);

/* ---- The whole state as text ---- */

/*
 * A function that gets the output of a longer printer piece by piece. It may write what the buffer
 * holds and set its size to 0. Return false to stop.
 */
typedef bool kmeta_drain(void *context, struct kmeta_buffer *out);

/* A function that chooses entities. Return true for those to print. */
typedef bool kmeta_wanted(void *context, const struct kmeta_entity *entity);

/*
 * Appends a state as one JSON document, with the newline: objects keyed by name, such as
 * {"endOffset":...,"topics":{"orders":{"topicId":"...","partitions":{"0":{...}}}},...}. "drain" is
 * called after each entity. "wanted" chooses entities; NULL: all. Both get "context".
 *
 * FAILED: out of memory. A "drain" that returns false ends the document early, which is OK.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_json(const struct kmeta_image *image,
                                                 kmeta_wanted *wanted, kmeta_drain *drain,
                                                 void *context, struct kmeta_buffer *out,
                                                 unsigned flags, struct kmeta_finding *why);

/*
 * Computes a digest of a state: the sum, modulo 2^256, of the SHA-256 of each entity's JSON
 * (kmeta_entity_json() in the newest version with secrets), as a big-endian number. It depends on
 * nothing but the state, so two nodes with equal digests are in the same state.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_hash(const struct kmeta_image *image, uint8_t hash[32],
                                                 struct kmeta_finding *why);

/* ---- Queries: the partitions that operators look for at night ---- */

/* Conditions on partitions. { 0 } has none. A partition has to meet all that are set. */
struct kmeta_query {
	bool leaderless;       /* has no leader */
	bool under_replicated; /* has fewer replicas in sync than replicas */
	bool under_min_isr;    /* has fewer replicas in sync than min.insync.replicas asks for */
	bool reassigning;      /* has adding or removing replicas */
	bool on_broker;        /* has a replica on "broker" */
	bool on_directory;     /* has a replica in the log directory with the id "directory" */
	int32_t broker;
	uint8_t directory[16];
};

/*
 * True if the entity is a partition that meets all conditions. "image" is the state that the entity
 * is from; it has the settings of min.insync.replicas.
 */
KMETA_API bool kmeta_query_matches(const struct kmeta_query *query, const struct kmeta_image *image,
                                   const struct kmeta_entity *entity);

/* ---- Comparing states ---- */

/*
 * An entity that differs between two states. NULL: the entity does not exist in that state.
 * Borrowed until the function that gets it returns.
 */
struct kmeta_change {
	const struct kmeta_entity *before, *after;
};

/*
 * A function that gets changes. Return false to stop, which is no failure. One that prints what was
 * added, removed and changed:
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

/* True if two entities of one kind have the same fields. Both must be in the newest version. */
KMETA_API bool kmeta_entity_same(const struct kmeta_entity *a, const struct kmeta_entity *b);

/*
 * Compares two states and passes every entity that is not the same in both to "seen", in the order
 * of a walk and in the newest version. Compares bytes first, so states that hardly differ take
 * little longer than one look at each entity.
 */
KMETA_CHECKED enum kmeta_status kmeta_diff(const struct kmeta_image *before,
                                           const struct kmeta_image *after, kmeta_change_seen *seen,
                                           void *context, struct kmeta_finding *why);

/* ---- History: the changes that records make ---- */

/*
 * A change of one entity, and the record that makes it. Borrowed until the function that gets it
 * returns.
 */
struct kmeta_event {
	const struct kmeta_batch *batch; /* only its file and epoch are set in a transaction */
	const struct kmeta_record *record;
	const char *by; /* the type of the record: "PARTITION_CHANGE_RECORD" */
	struct kmeta_change change;
};

/* A function that gets events. Return false to get no more. */
typedef bool kmeta_event_seen(void *context, const struct kmeta_event *event);

/*
 * Sets the function that gets every change that kmeta_image_apply() makes to the image, while it
 * makes it; changes of a transaction come at its end. It replaces an earlier one; NULL removes it.
 * Watching makes replay several times slower. False: out of memory.
 */
KMETA_CHECKED bool kmeta_image_watch(struct kmeta_image *image, kmeta_event_seen *seen,
                                     void *context);

/*
 * What to tell the history of. Set "size" to sizeof the struct. To get every change of a topic, of
 * its partitions and its configs:
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
	 * Topics and partitions as "orders" or "orders/3" (name, glob or id), or the path of any
	 * entity as kmeta_entity_path() prints it, with globs. A topic stands for its partitions
	 * and configs too.
	 */
	const char *const *targets;
	size_t targets_count;

	/* A release, as kmeta_dialect_init() takes it. NULL: auto. */
	const char *dialect;

	/* Where the history ends. { 0 }: at the end of the log. */
	struct kmeta_point until;

	/* Wait for more at the end of the log, for ever. */
	bool follow;

	/* Gets the changes of the targets. */
	kmeta_event_seen *seen;

	/* Gets violations and damage. May be NULL. */
	kmeta_report *report;

	/*
	 * With "follow": called about once a second while nothing comes. False: stop. May be NULL.
	 */
	bool (*idle)(void *context);

	/* Called often, with bytes. May be NULL. */
	kmeta_progress *progress;

	/* Passed to all of them. */
	void *context;
};

/* Which part of a log a history covers. */
struct kmeta_history_span {
	/* The first offset whose changes are known, and the offset after the last record. */
	int64_t first_offset, end_offset;

	/* Times of batches in ms, -1: there was none. */
	int64_t first_time, last_time;
};

/*
 * Replays a log from the oldest state that is known, and passes every change of the targets to
 * "seen". May read ahead with a thread of its own until it returns.
 *
 * OK: the end of the log was reached, or "seen" or "idle" asked to stop. FAILED: the log cannot be
 * read, memory ran out, or "report" or "progress" asked to stop. "span" is set in both cases.
 */
KMETA_CHECKED enum kmeta_status kmeta_history(const char *path,
                                              const struct kmeta_history_options *options,
                                              struct kmeta_history_span *span,
                                              struct kmeta_finding *why);

/* ---- The timeline: a log to move about in ---- */

/*
 * A timeline reads a log once, from beginning to end, and keeps what each stretch of it holds and
 * compressed copies of the state on the way. Then the state at any moment is there in a fraction of
 * a second, and places can be found by offset and time. Opaque; close it with
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
 * One thread may scan while others ask: each answer is what is known by then. Only the calls that
 * say so need a scan at all.
 */
struct kmeta_timeline;

/* How to keep a timeline. Set "size" to sizeof the struct. */
struct kmeta_timeline_options {
	/* sizeof(struct kmeta_timeline_options) */
	size_t size;

	/* A release, as kmeta_dialect_init() takes it. Copied. NULL: auto. */
	const char *dialect;

	/* How many bytes the kept states may take. 0: 64 MiB. */
	size_t memory;
};

/* What a stretch of the log holds, as bits of kmeta_stretch.flags. */
enum {
	KMETA_STRETCH_LEADER_CHANGE = 1, /* a LEADER_CHANGE record */
	KMETA_STRETCH_DAMAGE = 2,        /* damage, a gap, or a record that cannot be decoded */
	KMETA_STRETCH_ONLY_NO_OPS = 4,   /* rows, and all of them are no-op records */
	KMETA_STRETCH_ENDS_IN_NO_OP = 8  /* its last row is a no-op record */
};

/* A stretch of some 64 KiB of the log, which kmeta_pages_read() reads as one page. */
struct kmeta_stretch {
	/* The number of the file among the pages, and the positions in it, in bytes. */
	size_t file;
	int64_t begin, end;

	/* The first and last offset, and the time of the first record in ms; -1: no record. */
	int64_t first_offset, last_offset, time;

	/* The latest time of a batch up to the end of the stretch, in ms; INT64_MIN: no batch. */
	int64_t latest;

	/* The number of rows, and of no-op records at the beginning. */
	uint32_t rows, leading_no_ops;

	/* KMETA_STRETCH_ bits. */
	unsigned flags;

	/*
	 * The dialect as the log before the stretch has shown it: decode its records with a copy.
	 */
	struct kmeta_dialect dialect;
};

/*
 * Makes a timeline of the files that "pages" has open. The pages are copied. "options" NULL: the
 * defaults. The log is not read yet.
 *
 * OK: "timeline" is set, and the caller closes it. FAILED: an option is wrong, or out of memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_timeline_open(struct kmeta_timeline **timeline,
                                                    const struct kmeta_pages *pages,
                                                    const struct kmeta_timeline_options *options,
                                                    struct kmeta_finding *why);

/* Closes a timeline and frees what it keeps. No other thread may use it. NULL is fine. */
KMETA_API void kmeta_timeline_close(struct kmeta_timeline *timeline);

/*
 * Reads the log from where the last scan ended up to its end. Damage is passed over: the state is
 * unknown after it up to the next checkpoint. "progress" may be NULL; it is called for each stretch
 * and may stop the scan, which a later call continues. May run in a thread of the caller's while
 * others ask, but only one scan at a time.
 *
 * OK: the end was reached. FAILED: "progress" asked to stop, or memory ran out.
 */
KMETA_CHECKED enum kmeta_status kmeta_timeline_scan(struct kmeta_timeline *timeline,
                                                    kmeta_progress *progress, void *context,
                                                    struct kmeta_finding *why);

/*
 * Takes over the files of refreshed pages (kmeta_pages_refresh()), so that the next scan reads what
 * is new. "replaced": the files are other ones, and everything known of the old ones is dropped. No
 * scan may be running. False: out of memory, and the timeline is unchanged.
 */
KMETA_CHECKED bool kmeta_timeline_renew(struct kmeta_timeline *timeline,
                                        const struct kmeta_pages *pages, bool replaced);

/* Returns how many stretches were scanned so far. */
KMETA_API size_t kmeta_timeline_count(struct kmeta_timeline *timeline);

/* Copies a stretch by its number from 0 on. False: the scan has not come so far. */
KMETA_API bool kmeta_timeline_stretch(struct kmeta_timeline *timeline, size_t number,
                                      struct kmeta_stretch *stretch);

/*
 * Finds the stretch that holds a position of a file, in bytes, with its number. False: the scan has
 * not come so far.
 */
KMETA_API bool kmeta_timeline_find_place(struct kmeta_timeline *timeline, size_t file,
                                         int64_t position, size_t *number,
                                         struct kmeta_stretch *stretch);

/*
 * Finds the number of the last stretch that begins at or below an offset; the first one if none
 * does. False: the scan has not come so far, or the log is empty.
 */
KMETA_API bool kmeta_timeline_find_offset(struct kmeta_timeline *timeline, int64_t offset,
                                          size_t *number);

/* The same by the time of the first record, in ms. */
KMETA_API bool kmeta_timeline_find_time(struct kmeta_timeline *timeline, int64_t time,
                                        size_t *number);

/* Returns the dialect that the log has shown so far, for records that the scan has not reached. */
KMETA_API struct kmeta_dialect kmeta_timeline_dialect(struct kmeta_timeline *timeline);

/*
 * Returns the names of all topics that the scan has met, removed ones included, and locks them
 * until kmeta_timeline_unlock_topics(). Call nothing else of the timeline in between.
 */
KMETA_API const struct kmeta_topics *kmeta_timeline_lock_topics(struct kmeta_timeline *timeline);
KMETA_API void kmeta_timeline_unlock_topics(struct kmeta_timeline *timeline);

/* Returns about how many bytes the stretches and the kept states take. */
KMETA_API size_t kmeta_timeline_memory(struct kmeta_timeline *timeline);

/* How to reach a state. Set "size" to sizeof the struct. */
struct kmeta_reach_options {
	/* sizeof(struct kmeta_reach_options) */
	size_t size;

	/*
	 * Gets the changes that the records from the offset "watched" on make, if the point is an
	 * offset. NULL: nobody.
	 */
	kmeta_event_seen *seen;
	int64_t watched;

	/* Gets violations and damage, of each stretch of the log once. May be NULL. */
	kmeta_report *report;

	/* Called often: in bytes while a state is loaded, in records while it is replayed. */
	kmeta_progress *progress;

	/* Passed to all of them. */
	void *context;
};

/*
 * Makes *image the state at a point. *image may be NULL or a state of the same timeline: it is
 * reused or replaced, whichever is faster. The state is replayed from the nearest one that is kept,
 * or loaded as kmeta_image_load() does if none is. Works without a scan too, but slower.
 *
 * "pages" has the same files as the timeline and is used by no other thread meanwhile.
 *
 * OK: *image is the state, and the caller frees it. FAILED: the state is unknown, as "why" says, or
 * "progress" asked to stop; *image is NULL.
 */
KMETA_CHECKED enum kmeta_status kmeta_timeline_state(struct kmeta_timeline *timeline,
                                                     struct kmeta_pages *pages,
                                                     struct kmeta_point point,
                                                     struct kmeta_image **image,
                                                     const struct kmeta_reach_options *options,
                                                     struct kmeta_finding *why);

/* A change of an entity: the offset of its record, and which of how many it is, from 1 on. */
struct kmeta_step {
	int64_t offset;
	size_t number, count;
};

/*
 * Finds the next change of an entity after an offset, or the last one before it if "backwards".
 * "target" is what kmeta_history() takes. The first call for a target replays the log; later ones
 * look up what it has found. One thread at a time.
 *
 * OK: "step" is set. END: there is no such change. FAILED: the log cannot be read, or "progress"
 * asked to stop.
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
