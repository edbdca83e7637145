/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c: folds events of one kind that lie close together, and keeps the worst of too many. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum { LINES_KEPT = 4000 };

static void release_line(struct line *line)
{
	free(line->about);
	free(line->detail);
}

void lines_release(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		release_line(&lines->at[i]);
	free(lines->at);
	lines->at = NULL;
	lines->count = lines->capacity = 0;
	lines->dropped = 0;
	memset(lines->latest, 0, sizeof(lines->latest));
}

static enum kmeta_severity mildest_of(const struct lines *lines)
{
	enum kmeta_severity mildest = KMETA_ERROR;

	for (size_t i = 0; i < lines->count; i++)
		if (lines->at[i].event.severity < mildest)
			mildest = lines->at[i].event.severity;
	return mildest;
}

/* Drops all of the mildest severity there is; where there are only errors, the older half. */
static void lines_make_room(struct lines *lines)
{
	const enum kmeta_severity mildest = mildest_of(lines);
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const bool drops = lines->at[i].event.severity == mildest &&
		                   (mildest < KMETA_ERROR || i < lines->count / 2);

		if (drops) {
			lines->dropped += lines->at[i].count;
			release_line(&lines->at[i]);
		} else {
			lines->at[kept++] = lines->at[i];
		}
	}
	lines->count = kept;
	memset(lines->latest, 0, sizeof(lines->latest));
}

static bool line_has_broker(const struct line *line, int32_t broker)
{
	for (size_t i = 0; i < line->brokers_count; i++)
		if (line->brokers[i] == broker)
			return true;
	return false;
}

static void note_broker(struct line *line, int32_t broker)
{
	if (broker >= 0 && !line_has_broker(line, broker) && line->brokers_count < LINE_BROKERS)
		line->brokers[line->brokers_count++] = broker;
}

static void sum_effects(struct kmeta_effects *sum, const struct kmeta_effects *more)
{
	sum->partitions += more->partitions;
	sum->moved += more->moved;
	sum->lost += more->lost;
	sum->found += more->found;
	sum->unclean += more->unclean;
	sum->shrunk += more->shrunk;
	sum->grown += more->grown;
	sum->to_others += more->to_others;
	for (size_t i = 0; i < more->to_count; i++) {
		size_t at = 0;

		while (at < sum->to_count && sum->to[at].broker != more->to[i].broker)
			at++;
		if (at == KMETA_MOVED_BROKERS) {
			sum->to_others += more->to[i].leaders;
			continue;
		}
		if (at == sum->to_count) {
			sum->to[at] = more->to[i];
			sum->to_count++;
		} else {
			sum->to[at].leaders += more->to[i].leaders;
		}
	}
}

static void fold_into(struct line *line, const struct kmeta_story_event *event)
{
	struct kmeta_story_event *sum = &line->event;

	sum->last_offset = event->last_offset;
	sum->last_time = event->last_time > sum->last_time ? event->last_time : sum->last_time;
	sum->records += event->records;
	if (event->severity > sum->severity)
		sum->severity = event->severity;
	if (event->after > sum->after)
		sum->after = event->after;
	sum_effects(&sum->effects, &event->effects);
	line->count++;
	line->away++;
	note_broker(line, event->broker);
	if (strcmp(line->about, event->about) != 0)
		line->detail[0] = '\0';
	if (event->leaderless > line->peak) {
		line->peak = event->leaderless;
		line->peak_time = event->last_time;
	}
}

/* Settings that differ stand alone, as each may be the one that did it; so do what names nothing. */
static bool may_fold(const struct lines *lines, const struct line *line,
                     const struct kmeta_story_event *event)
{
	return !lines->unfolded && event->first_time - line->event.last_time <= lines->gap &&
	       event->cause != KMETA_CAUSE_CONTROLLER_ELECTED &&
	       event->cause != KMETA_CAUSE_MIGRATION && event->cause != KMETA_CAUSE_FEATURE;
}

/* A broker is back: the line that says why it was away says so too. */
static void line_note_back(struct lines *lines, const struct kmeta_story_event *event)
{
	for (size_t i = lines->count; i-- > 0;) {
		struct line *line = &lines->at[i];

		if (line->event.first_offset > event->ends_offset ||
		    line->event.last_offset < event->ends_offset ||
		    (line->event.cause != KMETA_CAUSE_BROKER_FENCED &&
		     line->event.cause != KMETA_CAUSE_BROKER_SHUTTING_DOWN))
			continue;
		line->away--;
		if (event->after > line->back)
			line->back = event->after;
		return;
	}
}

void lines_add(struct lines *lines, const struct kmeta_story_event *event)
{
	const size_t latest = lines->latest[event->cause];
	struct line *line;

	if (event->cause == KMETA_CAUSE_BROKER_UNFENCED && event->ends_offset >= 0)
		line_note_back(lines, event);
	if (latest && may_fold(lines, &lines->at[latest - 1], event)) {
		fold_into(&lines->at[latest - 1], event);
		return;
	}
	if (lines->count == LINES_KEPT)
		lines_make_room(lines);
	if (lines->count == lines->capacity) {
		const size_t capacity = lines->capacity ? 2 * lines->capacity : 64;
		struct line *at = realloc(lines->at, capacity * sizeof(*at));

		if (!at) {
			lines->failed = true;
			return;
		}
		lines->at = at;
		lines->capacity = capacity;
	}
	line = &lines->at[lines->count];
	*line = (struct line){ .event = *event,
		               .count = 1,
		               .peak = event->leaderless,
		               .peak_time = event->last_time,
		               .back = -1,
		               .away = 1,
		               .about = strdup(event->about),
		               .detail = strdup(event->detail) };
	if (!line->about || !line->detail) {
		release_line(line);
		lines->failed = true;
		return;
	}
	note_broker(line, event->broker);
	lines->latest[event->cause] = ++lines->count;
}
