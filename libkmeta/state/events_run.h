/* SPDX-License-Identifier: Apache-2.0 */
/* events_run.h: puts records together to events: which belong to one, and what ends what. */
#ifndef KMETA_STATE_EVENTS_RUN_H
#define KMETA_STATE_EVENTS_RUN_H

#include "state/events_rules.h"

enum {
	/* Names of deleted topics, and brokers, that are remembered. */
	DELETED = 256,
	AWAY = 1024,
};

/* An event that records are still added to. */
struct open_event {
	bool is_open;
	struct kmeta_story_event event;
	const struct event_rule *rule; /* NULL: a run of changes of partitions */
	struct kmeta_buffer about, detail, topic;
	uint8_t topic_id[IMAGE_ID];
	int64_t batch_records; /* in the batch that was read last */
	int64_t batch_offset;  /* of that batch */
};

/* A broker that is out of service. */
struct away {
	int32_t broker;
	int64_t offset, time;
};

/* The event that records are added to, the one before it, and what later ones need of earlier ones. */
struct event_runs {
	const struct kmeta_image *image;
	const struct downtimes *downtimes;
	const char *topic; /* a pattern of names, for "touches_topic"; NULL: all */
	struct open_event events[2];
	size_t current; /* of events; the other one has ended */
	uint64_t deleted[DELETED];
	size_t deleted_count;
	struct away away[AWAY];
	size_t away_count;
};

/* Adds the record to the open event, or ends that and begins another. False: one has ended. */
bool runs_take(struct event_runs *runs, const struct event_record *r);

/* Ends the open event. False: there is none. */
bool runs_end(struct event_runs *runs);

/* The event that ended last, until another one ends. */
const struct kmeta_story_event *runs_ended(const struct event_runs *runs);

void runs_release(struct event_runs *runs);

#endif
