/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/events.h: what happened in a log, as events: a cause with its effects.
 *
 * When something happens in a cluster, the active controller writes a run of records: a broker
 * sends no heartbeats, so forty partitions get another leader, and then the broker is fenced. A story puts
 * such runs together. Each record of the log is part of exactly one event, so that the records of
 * all events are those of the log. What stands in which order is that of Kafka's
 * ReplicationControlManager and ClusterControlManager.
 *
 * A program that prints every event:
 *
 *	static int print_story(const char *path)
 *	{
 *		const struct kmeta_story_options options = { .size = sizeof(options) };
 *		struct kmeta_story *story = NULL;
 *		struct kmeta_story_event event;
 *		struct kmeta_finding why;
 *		enum kmeta_status status = kmeta_story_open(&story, path, &options, &why);
 *
 *		while (status == KMETA_OK &&
 *		       (status = kmeta_story_next(story, &event, &why)) == KMETA_OK)
 *			printf("%lld %s %s\n", (long long)event.first_offset,
 *			       kmeta_cause_name(event.cause), event.about);
 *		kmeta_story_close(story);
 *		return status == KMETA_END ? 0 : 2;
 *	}
 */
#ifndef KMETA_EVENTS_H
#define KMETA_EVENTS_H

#include <kmeta/state.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Causes ---- */

/*
 * Every cause of an event. Names are promises, as those of KMETA_CODES are. KMETA_CAUSES(X) calls
 * X(IDENTIFIER, SEVERITY, "name", "meaning") for each. An event may be worse than its cause, if
 * partitions lost their leader.
 */
/* clang-format off */
#define KMETA_CAUSES(X) \
	X(CONTROLLER_ELECTED, WARNING, "controller-elected", "a new active controller") \
	X(CONTROLLER_REGISTERED, NOTE, "controller-registered", "a controller started") \
	X(CONTROLLER_UNREGISTERED, NOTE, "controller-unregistered", "a controller was removed") \
	X(VOTERS_CHANGED, WARNING, "voters-changed", "the voters of the quorum changed") \
	X(KRAFT_VERSION, NOTE, "kraft-version", "the version of the quorum's protocol was set") \
	X(BROKER_REGISTERED, NOTE, "broker-registered", "a broker came for the first time") \
	X(BROKER_RESTARTED, NOTE, "broker-restarted", "a broker came again, as a new process") \
	X(BROKER_REGISTERED_AGAIN, NOTE, "broker-registered-again", "the same process of a broker registered again") \
	X(BROKER_UNFENCED, NOTE, "broker-unfenced", "a broker is in service") \
	X(BROKER_SHUTTING_DOWN, NOTE, "broker-shutting-down", "a broker began a controlled shutdown") \
	X(BROKER_STOPPED, NOTE, "broker-stopped", "a controlled shutdown was granted its end, or the heartbeats ended behind it") \
	X(BROKER_FENCED, ERROR, "broker-fenced", "a broker sent no heartbeat for too long") \
	X(BROKER_UNREGISTERED, WARNING, "broker-unregistered", "an operator removed a broker") \
	X(DIRECTORY_LOST, ERROR, "directory-lost", "a broker lost a log directory") \
	X(DIRECTORIES_CHANGED, NOTE, "directories-changed", "a broker told of its log directories") \
	X(BROKER_CHANGED, NOTE, "broker-changed", "the registration of a broker changed in another way") \
	X(UNCLEAN_ELECTION, ERROR, "unclean-election", "a leader was elected that was not in sync: records may be lost") \
	X(LEADERS_LOST, ERROR, "leaders-lost", "partitions lost their leader") \
	X(LEADERS_MOVED, NOTE, "leaders-moved", "partitions got another leader") \
	X(LEADERS_PREFERRED, NOTE, "leaders-preferred", "partitions got their preferred leader back") \
	X(ISR_SHRUNK, WARNING, "isr-shrunk", "replicas fell out of sync") \
	X(ISR_GROWN, NOTE, "isr-grown", "replicas are in sync again") \
	X(RECOVERED, NOTE, "recovered", "leaders recovered from an unclean election") \
	X(REASSIGNMENT_BEGUN, NOTE, "reassignment-begun", "partitions are to move to other brokers") \
	X(REASSIGNMENT_CHANGED, NOTE, "reassignment-changed", "a reassignment went a step further") \
	X(REASSIGNMENT_DONE, NOTE, "reassignment-done", "partitions moved to other brokers") \
	X(REASSIGNMENT_CANCELLED, WARNING, "reassignment-cancelled", "a reassignment was taken back") \
	X(DIRECTORIES_ASSIGNED, NOTE, "directories-assigned", "brokers told in which log directory replicas are") \
	X(EPOCHS_RAISED, NOTE, "epochs-raised", "partitions got a higher leader epoch, and no other leader") \
	X(ELR_CHANGED, NOTE, "elr-changed", "the eligible leader replicas changed") \
	X(ELR_CLEARED, NOTE, "elr-cleared", "the eligible leader replicas were dropped") \
	X(TOPIC_MADE, NOTE, "topic-made", "a topic was created") \
	X(TOPIC_MADE_AGAIN, WARNING, "topic-made-again", "a topic was created under the name of a deleted one") \
	X(TOPIC_GROWN, NOTE, "topic-grown", "a topic got more partitions") \
	X(TOPIC_DELETED, WARNING, "topic-deleted", "a topic was deleted") \
	X(SETTING, NOTE, "setting", "a setting changed") \
	X(QUOTA, NOTE, "quota", "a quota changed") \
	X(ACL_ADDED, NOTE, "acl-added", "an ACL was added") \
	X(ACL_REMOVED, WARNING, "acl-removed", "an ACL was removed") \
	X(SCRAM_SET, NOTE, "scram-set", "the SCRAM credential of a user was set") \
	X(SCRAM_REMOVED, NOTE, "scram-removed", "the SCRAM credential of a user was removed") \
	X(TOKEN_SET, NOTE, "token-set", "a delegation token was issued or renewed") \
	X(TOKEN_REMOVED, NOTE, "token-removed", "a delegation token ended") \
	X(FEATURE, WARNING, "feature", "the level of a feature changed") \
	X(MIGRATION, WARNING, "migration", "the migration from ZooKeeper went a step further") \
	X(TRANSACTION, NOTE, "transaction", "records that took effect together") \
	X(TRANSACTION_ABORTED, WARNING, "transaction-aborted", "records that never took effect") \
	X(PRODUCER_IDS, NOTE, "producer-ids", "a broker took a block of producer ids") \
	X(NO_OP, NOTE, "no-op", "the active controller was alive, and nothing else") \
	X(OTHER, NOTE, "other", "records that no rule explains")
/* clang-format on */

#define KMETA_CAUSE_ENUM(identifier, severity, name, meaning) KMETA_CAUSE_##identifier,

/* KMETA_CAUSE_CONTROLLER_ELECTED and so on, and behind them how many there are. */
enum kmeta_cause { KMETA_CAUSES(KMETA_CAUSE_ENUM) KMETA_CAUSE_COUNT };

/* Returns the name, as "broker-fenced", and what it means, in a line. The strings are constant. */
KMETA_API const char *kmeta_cause_name(enum kmeta_cause cause);
KMETA_API const char *kmeta_cause_meaning(enum kmeta_cause cause);

/* ---- Events ---- */

/* How many brokers of those that leaders moved to are told one by one. */
enum { KMETA_MOVED_BROKERS = 8 };

/* What an event did to partitions, as numbers of changes. */
struct kmeta_effects {
	/* Records that changed a partition, or made or deleted one. */
	int64_t partitions;

	/* Leaders that moved from one broker to another; to none; and from none to a broker. */
	int64_t moved, lost, found;

	/* Elections of a leader that was not in sync. */
	int64_t unclean;

	/* Sets of replicas in sync that lost or got a broker. */
	int64_t shrunk, grown;

	/* The brokers that got leaders, how many each, and how many got all others. */
	struct {
		int32_t broker;
		int64_t leaders;
	} to[KMETA_MOVED_BROKERS];
	size_t to_count;
	int64_t to_others;
};

/* An event. The texts are borrowed until the next call of kmeta_story_next(). */
struct kmeta_story_event {
	/* Why. */
	enum kmeta_cause cause;

	/* How bad it is: an error if a partition lost its leader, else as its cause. */
	enum kmeta_severity severity;

	/* The first and last record, and how many there are. Times are milliseconds since 1970 UTC. */
	int64_t first_offset, last_offset, first_time, last_time, records;

	/* The leader epoch of the first one. */
	int32_t epoch;

	/* The node it is about, -1: none. Of LEADERS_LOST and ISR_SHRUNK that which fell out. */
	int32_t broker;

	/*
	 * What it is about, as a path (topics/orders, brokers/11) and, in a few words, what became of
	 * it. Control characters in them are escaped, and secrets hidden. NUL-terminated; may be empty.
	 */
	const char *about, *detail;

	/* The topic, as the name stands in the log. Null: none, or several. */
	struct kmeta_bytes topic;

	/* A record is of the topic that the options name. True if they name none. */
	bool touches_topic;

	/* What it did to partitions. */
	struct kmeta_effects effects;

	/*
	 * The offset of the event that this one ends, such as the fencing of a broker that is unfenced,
	 * and how many milliseconds it took. -1: none.
	 */
	int64_t ends_offset, after;

	/* How many partitions had no leader, and were under-replicated, when it was over. */
	int64_t leaderless, under_replicated;
};

/* ---- Reading them ---- */

/* The story of a log, read event by event. Opaque; kmeta_story_close() frees it. */
struct kmeta_story;

/* How to read. Set "size" to sizeof the struct; the rest zero: all of the log. NULL: the same. */
struct kmeta_story_options {
	/* sizeof(struct kmeta_story_options) */
	size_t size;

	/* Where the story begins: at the first record that is not part of the state there. */
	bool has_from;
	struct kmeta_point from;

	/* Where it ends. { 0 }: at the end of the log. */
	struct kmeta_point until;

	/* The release that wrote the log, as kmeta_dialect_init() takes it. NULL: auto. */
	const char *dialect;

	/* KMETA_SHOW_SECRETS, or 0. */
	unsigned flags;

	/* The name of a topic or a pattern as of a shell, for "touches_topic". NULL: none. Borrowed. */
	const char *topic;

	/* Gets what Kafka would object to. May be NULL. If it returns false, the story ends there. */
	kmeta_report *report;

	/* As in struct kmeta_load_options. May be NULL. */
	kmeta_progress *progress;

	/* Passed to both. Has to stay valid as long as the story. */
	void *context;
};

/*
 * Opens the story of the log at a path, which is as for kmeta_image_load(), and loads the state that
 * it begins with. If the log begins late and no checkpoint has the state there, what only the
 * missing part says is unknown.
 *
 * OK: "story" is set, and the caller closes it. FAILED: as kmeta_image_load().
 */
KMETA_CHECKED enum kmeta_status kmeta_story_open(struct kmeta_story **story, const char *path,
                                                 const struct kmeta_story_options *options,
                                                 struct kmeta_finding *why);

/* Frees a story. NULL is fine. */
KMETA_API void kmeta_story_close(struct kmeta_story *story);

/*
 * Reads the next event. OK: "event" is set. END: there are no more. The story ends before damage and
 * before records that are missing, as what follows rests upon them; "report" gets the reason before the
 * last event is returned. FAILED: reading failed, memory ran out, or a function of the caller returned
 * false.
 */
KMETA_CHECKED enum kmeta_status kmeta_story_next(struct kmeta_story *story,
                                                 struct kmeta_story_event *event,
                                                 struct kmeta_finding *why);

/*
 * Returns the state at the place that was read: at first, that with which the story begins; at the
 * end, that with which it ends. Between two calls of kmeta_story_next() it is up to one record
 * ahead. Borrowed; unchanged until the next call.
 */
KMETA_API const struct kmeta_image *kmeta_story_image(const struct kmeta_story *story);

/* How a cluster stands. */
struct kmeta_story_counts {
	int64_t brokers, fenced, controllers, topics, partitions, leaderless, under_replicated;
};

/*
 * Counts what the state at the place that was read holds. OK: "counts" is set. FAILED: out of
 * memory.
 */
KMETA_CHECKED enum kmeta_status kmeta_story_count(const struct kmeta_story *story,
                                                  struct kmeta_story_counts *counts,
                                                  struct kmeta_finding *why);

/* ---- Downtime ---- */

/* How many of the worst partitions are told. */
enum { KMETA_DOWNTIME_WORST = 10 };

/* Why a partition was down: it had no leader, or fewer replicas in sync than min.insync.replicas. */
enum kmeta_downtime_kind {
	KMETA_DOWNTIME_LEADERLESS,
	KMETA_DOWNTIME_UNDER_MIN_ISR,
	KMETA_DOWNTIMES
};

/* How long partitions were down. */
struct kmeta_downtime {
	/* Partitions that ever were, those that are at the end, and milliseconds of all together. */
	int64_t partitions, still, total;

	/*
	 * The worst, with the longest first. "name" is the topic's, borrowed from the story. A partition
	 * may have been down several times: "milliseconds" are those of all, "lasting" those of the
	 * one that goes on at the end.
	 */
	struct kmeta_downtime_row {
		struct kmeta_bytes name;
		int32_t partition;
		int64_t milliseconds;
		bool still;
		int64_t lasting;
	} worst[KMETA_DOWNTIME_WORST];
	size_t worst_count;
};

/*
 * Sums up how long partitions were down in the part that was read: from the record that made it so,
 * or the begin of the story, to the one that ended it, or the last one read. Settings of
 * min.insync.replicas count from the next change of a partition on. Constant memory and time that
 * grows with the partitions that were down.
 */
KMETA_API void kmeta_story_downtime(struct kmeta_story *story, enum kmeta_downtime_kind kind,
                                    struct kmeta_downtime *downtime);

#ifdef __cplusplus
}
#endif

#endif
