/* SPDX-License-Identifier: Apache-2.0 */
/* events.h: what happened in the log, as lines and as amounts over time. */
#ifndef BROWSE_MODEL_EVENTS_H
#define BROWSE_MODEL_EVENTS_H

#include <kmeta/events.h>

/* What is counted over time. */
enum events_lane {
	LANE_RECORDS,
	LANE_LEADERLESS,
	LANE_LEADERS,
	LANE_SHRUNK,
	LANE_GROWN,
	LANE_BROKERS,
	LANE_CONTROLLERS,
	LANE_OTHERS,
	EVENTS_LANES
};

/* Events of one kind that lie close together are one line. Times are milliseconds since 1970 UTC. */
struct events_line {
	enum kmeta_severity severity;
	int64_t first_offset, first_time, last_time;
};

struct events;

/* NULL: out of memory. */
struct events *events_new(void);
void events_free(struct events *events);

/* Takes the next event. */
void events_add(struct events *events, const struct kmeta_story_event *event);

/* True if memory ran out: then some are missing. */
bool events_have_failed(const struct events *events);

/* How many events of the mildest kinds were left out, since there were too many lines. */
int64_t events_left_out(const struct events *events);

/* The lines, in the order of the log. */
size_t events_count(const struct events *events);
struct events_line events_at(const struct events *events, size_t number);

/* Appends what a line says, without its time. */
void events_text(const struct events *events, size_t number, struct kmeta_buffer *out);

/* The time of the first event, and that behind the last one. False: there is none. */
bool events_span(const struct events *events, int64_t *first, int64_t *end);

/* What a lane is called, and how much of it is in the time from "from" to below "end". */
const char *events_lane_name(enum events_lane lane);
int64_t events_amount(const struct events *events, enum events_lane lane, int64_t from,
                      int64_t end);

#endif
