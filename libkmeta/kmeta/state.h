/* SPDX-License-Identifier: Apache-2.0 */
/* kmeta/state.h: the state that a log makes, and how it changes. */
#ifndef KMETA_STATE_H
#define KMETA_STATE_H

#include <kmeta/print.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The image: the state, as the records that a snapshot of it would hold ---- */

struct kmeta_image;

/* Where in the log the image stands. */
struct kmeta_image_place {
	int64_t end_offset; /* all records below it were applied */
	int64_t timestamp;  /* of the last batch, -1: none yet */
	int32_t epoch;      /* of the last batch, -1: none yet */
	int64_t level;      /* metadata.version, 0: not told */
};

/* What the control records say; no part of a snapshot's records. */
struct kmeta_quorum {
	int32_t leader, leader_epoch; /* -1: not told */
	int32_t kraft_version;        /* -1: not told */
	struct kmeta_bytes voters; /* the value of the last KRAFT_VOTERS record; data NULL: none */
};

KMETA_CHECKED struct kmeta_image *kmeta_image_new(void);
KMETA_API void kmeta_image_free(struct kmeta_image *image);

/*
 * Replays one decoded record as Kafka's MetadataDelta does. What Kafka's image throws on is
 * reported as an error and has no effect; what only its controller objects to is reported as a
 * warning. The records of a transaction take effect at its end, and never if it is aborted: until
 * then the name of their batch's file is borrowed, so the source must stay open. A copy, and an
 * image that was loaded, have names of their own.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_apply(struct kmeta_image *image,
                                                  const struct kmeta_batch *batch,
                                                  const struct kmeta_record *record,
                                                  const struct kmeta_fields *fields,
                                                  kmeta_report *report, void *context,
                                                  struct kmeta_finding *why);

/*
 * Told of records just before they are applied, up to KMETA_EXPECT at once, an image fetches what
 * they will change from memory for all of them together, which is much of the time of replay.
 */
enum { KMETA_EXPECT = 16 };
KMETA_API void kmeta_image_expect(const struct kmeta_image *image,
                                  const struct kmeta_record *const *records, size_t count);

/*
 * Says how far the image has come: all records below this offset were applied, the last of them of
 * this batch.
 */
KMETA_API void kmeta_image_reach(struct kmeta_image *image, const struct kmeta_batch *batch,
                                 int64_t end_offset);

KMETA_API struct kmeta_image_place kmeta_image_place(const struct kmeta_image *image);
KMETA_API struct kmeta_quorum kmeta_image_quorum(const struct kmeta_image *image);

/*
 * A state compressed to a small part of its size, for who keeps many and seldom looks at one; made
 * within an open transaction too. What thaws is a state of its own, which goes its own way and
 * which nobody watches (kmeta_image_watch()). NULL: out of memory.
 */
struct kmeta_frozen;
KMETA_CHECKED struct kmeta_frozen *kmeta_image_freeze(const struct kmeta_image *image);
KMETA_CHECKED struct kmeta_image *kmeta_image_thaw(const struct kmeta_frozen *frozen);
KMETA_API size_t kmeta_frozen_memory(const struct kmeta_frozen *frozen); /* bytes */
KMETA_API void kmeta_frozen_free(struct kmeta_frozen *frozen);

/* About how many bytes an image holds, for those who keep several. */
KMETA_API size_t kmeta_image_memory(const struct kmeta_image *image);

/* How many entities of a kind there are. */
KMETA_API size_t kmeta_image_count(const struct kmeta_image *image, enum kmeta_entity_kind kind);

/* The first offset of a transaction that has not ended, or -1. */
KMETA_API int64_t kmeta_image_open_transaction(const struct kmeta_image *image);

/* How to load a state. All zero: as Kafka would, quietly. */
struct kmeta_load_options {
	size_t size;   /* sizeof(struct kmeta_load_options) */
	bool from_log; /* replay segments alone, whatever checkpoints there are */
	bool strict;   /* stop at the first record that Kafka's image throws on */
	bool nearest;  /* where the state cannot be told, take the next that can, and report it */
	const char *dialect; /* NULL: auto */
	kmeta_report
		*report; /* told of violations, and of what had to be passed over; may be NULL */
	kmeta_progress *progress; /* called often; may be NULL */
	void *context;
};

/*
 * The state at a point of a directory, a segment that begins at 0, or a checkpoint. A directory is
 * read as Kafka would: the newest whole checkpoint not past the point, then the segments behind it.
 * FAILED: the state cannot be told, and "why" says what is missing and what can be had instead.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_load(struct kmeta_image **image, const char *path,
                                                 struct kmeta_point point,
                                                 const struct kmeta_load_options *options,
                                                 struct kmeta_finding *why);

/*
 * All entities in order: by kind, then by name or number. Borrows the image, which must not change
 * meanwhile.
 */
struct kmeta_walk;

enum {
	KMETA_WALK_NEWEST = 1 /* in the newest versions, and with all that a lower metadata.version
	                         could not hold */
};

KMETA_CHECKED enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk,
                                                const struct kmeta_image *image, unsigned flags,
                                                struct kmeta_finding *why);

/*
 * The same for one kind alone: topics without their partitions, the partitions of one topic (of the
 * others "topic_id" is not used), and so on.
 */
KMETA_CHECKED enum kmeta_status kmeta_walk_open_kind(struct kmeta_walk **walk,
                                                     const struct kmeta_image *image,
                                                     enum kmeta_entity_kind kind,
                                                     const uint8_t *topic_id, unsigned flags,
                                                     struct kmeta_finding *why);
KMETA_CHECKED enum kmeta_status kmeta_walk_next(struct kmeta_walk *walk,
                                                struct kmeta_entity *entity,
                                                struct kmeta_finding *why);
KMETA_API void kmeta_walk_close(struct kmeta_walk *walk);

/* The id of the topic that has this name in a state; false: none has. */
KMETA_API bool kmeta_image_topic_id(const struct kmeta_image *image, struct kmeta_bytes name,
                                    uint8_t id[16]);

/*
 * The state as one JSON document: objects keyed by name. It is given out piece by piece: "drain" is
 * called whenever the buffer has grown, and may write and empty it; false: stop. "wanted" chooses
 * entities; NULL: all.
 */
typedef bool kmeta_drain(void *context, struct kmeta_buffer *out);
typedef bool kmeta_wanted(void *context, const struct kmeta_entity *entity);
KMETA_CHECKED enum kmeta_status kmeta_image_json(const struct kmeta_image *image,
                                                 kmeta_wanted *wanted, kmeta_drain *drain,
                                                 void *context, struct kmeta_buffer *out,
                                                 unsigned flags, struct kmeta_finding *why);

/*
 * A digest of the state: the sum, modulo 2^256, of the SHA-256 of each entity's JSON
 * (kmeta_entity_json(), in the newest versions, secrets shown), as a big-endian number. It depends
 * on nothing but the state.
 */
KMETA_CHECKED enum kmeta_status kmeta_image_hash(const struct kmeta_image *image, uint8_t hash[32],
                                                 struct kmeta_finding *why);

/* What operators ask of partitions at night. All zero: nothing is asked for. */
struct kmeta_query {
	bool leaderless, under_replicated, under_min_isr, reassigning;
	bool on_broker, on_directory;
	int32_t broker;
	uint8_t directory[16];
};

/* True for partitions that meet every condition of a query. */
KMETA_API bool kmeta_query_matches(const struct kmeta_query *query, const struct kmeta_image *image,
                                   const struct kmeta_entity *entity);

/* ---- Comparing states ---- */

/* One entity that differs; the absent side is NULL. Borrowed until the call returns. */
struct kmeta_change {
	const struct kmeta_entity *before, *after;
};

typedef bool kmeta_change_seen(void *context, const struct kmeta_change *change); /* false: stop */

/* True if two entities of one kind say the same, both in the newest version. */
KMETA_API bool kmeta_entity_same(const struct kmeta_entity *a, const struct kmeta_entity *b);

/* Tells of every entity that is not the same in both, in the order of kmeta_walk_next(). */
KMETA_CHECKED enum kmeta_status kmeta_diff(const struct kmeta_image *before,
                                           const struct kmeta_image *after, kmeta_change_seen *seen,
                                           void *context, struct kmeta_finding *why);

/* ---- History ---- */

/* One change of one entity, and the record that made it. Borrowed until the call returns. */
struct kmeta_event {
	const struct kmeta_batch *batch; /* its file and epoch */
	const struct kmeta_record *record;
	const char *by; /* the record's type */
	struct kmeta_change change;
};

typedef bool kmeta_event_seen(void *context, const struct kmeta_event *event); /* false: stop */

/*
 * From now on, kmeta_image_apply() tells of every change that a record makes to any entity of this
 * image, while it makes it: those of a transaction at its end. "false" ends the telling, not the
 * replay; NULL lets it be. False: out of memory.
 */
KMETA_CHECKED bool kmeta_image_watch(struct kmeta_image *image, kmeta_event_seen *seen,
                                     void *context);

/*
 * What to tell the history of: "orders" and "orders/3" (a topic by name, glob or id, and its
 * partitions), or the path of any entity (kmeta_entity_path()), with globs. A topic stands for its
 * partitions and configs too.
 */
struct kmeta_history_options {
	size_t size; /* sizeof(struct kmeta_history_options) */
	const char *const *targets;
	size_t targets_count;
	const char *dialect; /* NULL: auto */
	bool follow;         /* wait for more at the end, for ever */
	kmeta_event_seen *seen;
	kmeta_report *report;        /* told of what is wrong; may be NULL */
	bool (*idle)(void *context); /* with "follow": called while nothing comes; false: stop. May
	                                be NULL */
	kmeta_progress *progress;
	void *context;
};

/* Where the knowledge of a history begins and ends. */
struct kmeta_history_span {
	int64_t first_offset, end_offset;
	int64_t first_time, last_time; /* of batches, -1: none */
};

/*
 * Replays a log from the oldest state that can be told, and tells of every change of its targets.
 */
KMETA_CHECKED enum kmeta_status kmeta_history(const char *path,
                                              const struct kmeta_history_options *options,
                                              struct kmeta_history_span *span,
                                              struct kmeta_finding *why);

#ifdef __cplusplus
}
#endif

#endif
