/* SPDX-License-Identifier: Apache-2.0 */
/* events.c: what happened in the log, as lines and as amounts over time. */
#include "events.h"

#include <stdlib.h>

#include "../../report/report.h"

/* Bins are halved in number, and doubled in width, as the time goes on. */
enum { EVENT_BINS = 4096, FOLD_GAP = 5000 /* milliseconds */ };

struct events {
	struct lines lines;
	int64_t start, width, last; /* of the bins; width 0: there is no event yet */
	int64_t bins[EVENT_BINS][EVENTS_LANES];
};

/* Which lane an event belongs to by its cause; the others are LANE_OTHERS. */
static const uint8_t cause_lanes[KMETA_CAUSE_COUNT] = {
	[KMETA_CAUSE_CONTROLLER_ELECTED] = LANE_CONTROLLERS,
	[KMETA_CAUSE_CONTROLLER_REGISTERED] = LANE_CONTROLLERS,
	[KMETA_CAUSE_CONTROLLER_UNREGISTERED] = LANE_CONTROLLERS,
	[KMETA_CAUSE_VOTERS_CHANGED] = LANE_CONTROLLERS,
	[KMETA_CAUSE_KRAFT_VERSION] = LANE_CONTROLLERS,
	[KMETA_CAUSE_BROKER_REGISTERED] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_RESTARTED] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_REGISTERED_AGAIN] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_UNFENCED] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_SHUTTING_DOWN] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_STOPPED] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_FENCED] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_UNREGISTERED] = LANE_BROKERS,
	[KMETA_CAUSE_DIRECTORY_LOST] = LANE_BROKERS,
	[KMETA_CAUSE_DIRECTORIES_CHANGED] = LANE_BROKERS,
	[KMETA_CAUSE_BROKER_CHANGED] = LANE_BROKERS,
	[KMETA_CAUSE_UNCLEAN_ELECTION] = LANE_LEADERS,
	[KMETA_CAUSE_LEADERS_LOST] = LANE_LEADERLESS,
	[KMETA_CAUSE_LEADERS_MOVED] = LANE_LEADERS,
	[KMETA_CAUSE_LEADERS_PREFERRED] = LANE_LEADERS,
	[KMETA_CAUSE_ISR_SHRUNK] = LANE_SHRUNK,
	[KMETA_CAUSE_ISR_GROWN] = LANE_GROWN,
};

/* What a leader and brokers write when nothing happens. */
static bool is_quiet(const struct kmeta_story_event *event)
{
	return event->cause == KMETA_CAUSE_NO_OP || event->cause == KMETA_CAUSE_PRODUCER_IDS;
}

struct events *events_new(void)
{
	struct events *events = calloc(1, sizeof(*events));

	if (events)
		events->lines.gap = FOLD_GAP;
	return events;
}

void events_free(struct events *events)
{
	if (!events)
		return;
	lines_release(&events->lines);
	free(events);
}

/* ---- amounts over time ---- */

static void widen_bins(struct events *e)
{
	for (size_t i = 0; i < EVENT_BINS; i++)
		for (size_t lane = 0; lane < EVENTS_LANES; lane++)
			e->bins[i][lane] = i < EVENT_BINS / 2
			                           ? e->bins[2 * i][lane] + e->bins[2 * i + 1][lane]
			                           : 0;
	e->width *= 2;
}

static size_t bin_of(const struct events *e, int64_t time)
{
	return (size_t)((time - e->start) / e->width);
}

/* Spreads an amount over the bins from the first to the last. */
static void spread(struct events *e, enum events_lane lane, int64_t amount, size_t first,
                   size_t last)
{
	const int64_t count = (int64_t)(last - first + 1);

	for (int64_t i = 0; amount && i < count; i++)
		e->bins[first + (size_t)i][lane] += amount * (i + 1) / count - amount * i / count;
}

static void count_in_lanes(struct events *e, const struct kmeta_story_event *event)
{
	const struct kmeta_effects *effects = &event->effects;
	const enum events_lane lane = cause_lanes[event->cause];
	const int64_t until =
		event->last_time > event->first_time ? event->last_time : event->first_time;
	size_t first, last;

	if (!e->width) {
		e->start = e->last = event->first_time;
		e->width = 1;
	}
	/* A clock may have gone back. */
	if (event->first_time < e->start)
		return;
	while ((until - e->start) / e->width >= EVENT_BINS)
		widen_bins(e);
	e->last = until > e->last ? until : e->last;
	first = bin_of(e, event->first_time);
	last = bin_of(e, until);
	spread(e, LANE_RECORDS, event->records, first, last);
	spread(e, LANE_LEADERLESS, effects->lost, first, last);
	spread(e, LANE_LEADERS, effects->moved + effects->found, first, last);
	spread(e, LANE_SHRUNK, effects->shrunk, first, last);
	spread(e, LANE_GROWN, effects->grown, first, last);
	/* Leaders and replicas were counted one by one. */
	if (!is_quiet(event) && (!lane || lane >= LANE_BROKERS))
		spread(e, lane ? lane : LANE_OTHERS, 1, first, first);
}

bool events_span(const struct events *events, int64_t *first, int64_t *end)
{
	*first = events->start;
	*end = events->last + 1;
	return events->width > 0;
}

int64_t events_amount(const struct events *events, enum events_lane lane, int64_t from, int64_t end)
{
	int64_t sum = 0;

	if (!events->width || end <= events->start)
		return 0;
	for (size_t i = from > events->start ? bin_of(events, from) : 0;
	     i < EVENT_BINS && events->start + (int64_t)i * events->width < end; i++)
		sum += events->bins[i][lane];
	return sum;
}

const char *events_lane_name(enum events_lane lane)
{
	static const char *const names[EVENTS_LANES] = {
		[LANE_RECORDS] = "records",       [LANE_LEADERLESS] = "leaders lost",
		[LANE_LEADERS] = "leaders moved", [LANE_SHRUNK] = "ISR shrunk",
		[LANE_GROWN] = "ISR grown",       [LANE_BROKERS] = "brokers",
		[LANE_CONTROLLERS] = "quorum",    [LANE_OTHERS] = "other changes",
	};

	return names[lane];
}

/* ---- lines ---- */

void events_add(struct events *events, const struct kmeta_story_event *event)
{
	count_in_lanes(events, event);
	if (!is_quiet(event))
		lines_add(&events->lines, event);
}

bool events_have_failed(const struct events *events)
{
	return events->lines.failed;
}

int64_t events_left_out(const struct events *events)
{
	return events->lines.dropped;
}

size_t events_count(const struct events *events)
{
	return events->lines.count;
}

struct events_line events_at(const struct events *events, size_t number)
{
	const struct kmeta_story_event *event = &events->lines.at[number].event;

	return (struct events_line){ event->severity, event->first_offset, event->first_time,
		                     event->last_time };
}

void events_text(const struct events *events, size_t number, struct kmeta_buffer *out)
{
	report_sentence(out, &events->lines.at[number]);
}
