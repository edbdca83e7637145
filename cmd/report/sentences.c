/* SPDX-License-Identifier: Apache-2.0 */
/* sentences.c: events in words. */
#include <string.h>

#include "report.h"

static void word_part(struct kmeta_buffer *out, size_t start, int64_t count, const char *one,
                      const char *many)
{
	if (!count)
		return;
	if (out->size > start)
		kmeta_buffer_format(out, ", ");
	output_count(out, count, one, many);
}

static void word_receivers(struct kmeta_buffer *out, const struct kmeta_effects *effects)
{
	for (size_t i = 0; i < effects->to_count; i++)
		kmeta_buffer_format(out, "%s%d: %lld", i ? ", " : " (", effects->to[i].broker,
		                    (long long)effects->to[i].leaders);
	if (effects->to_others)
		kmeta_buffer_format(out, ", others: %lld", (long long)effects->to_others);
	if (effects->to_count)
		kmeta_buffer_format(out, ")");
}

void report_effects(struct kmeta_buffer *out, const struct kmeta_effects *e)
{
	const size_t start = out->size;

	word_part(out, start, e->moved, "leader moved", "leaders moved");
	if (e->moved && !e->found)
		word_receivers(out, e);
	word_part(out, start, e->lost, "partition lost its leader", "partitions lost their leader");
	word_part(out, start, e->found, "partition got a leader", "partitions got a leader");
	if (e->found)
		word_receivers(out, e);
	word_part(out, start, e->unclean, "unclean election", "unclean elections");
	word_part(out, start, e->shrunk, "ISR shrunk", "ISRs shrunk");
	word_part(out, start, e->grown, "ISR grown", "ISRs grown");
	if (out->size == start)
		word_part(out, start, e->partitions, "partition", "partitions");
}

void report_duration(struct kmeta_buffer *out, int64_t milliseconds)
{
	enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

	if (milliseconds < 10 * SECOND)
		kmeta_buffer_format(out, "%lld.%lld s", (long long)(milliseconds / SECOND),
		                    (long long)(milliseconds % SECOND / 100));
	else if (milliseconds < 10 * MINUTE)
		kmeta_buffer_format(out, "%lld s", (long long)(milliseconds / SECOND));
	else if (milliseconds < HOUR)
		kmeta_buffer_format(out, "%lld min", (long long)(milliseconds / MINUTE));
	else
		kmeta_buffer_format(out, "%lld h %lld min", (long long)(milliseconds / HOUR),
		                    (long long)(milliseconds % HOUR / MINUTE));
}

static void word_brokers(struct kmeta_buffer *out, const struct line *line)
{
	const enum kmeta_cause cause = line->event.cause;
	const bool is_controller = cause == KMETA_CAUSE_CONTROLLER_ELECTED ||
	                           cause == KMETA_CAUSE_CONTROLLER_REGISTERED ||
	                           cause == KMETA_CAUSE_CONTROLLER_UNREGISTERED;

	kmeta_buffer_format(out, "  %s%s ", is_controller ? "controller" : "broker",
	                    line->brokers_count > 1 ? "s" : "");
	for (size_t i = 0; i < line->brokers_count; i++)
		kmeta_buffer_format(out, "%s%d", i ? ", " : "", line->brokers[i]);
	if (line->brokers_count == LINE_BROKERS && line->count > LINE_BROKERS)
		kmeta_buffer_format(out, ", ...");
}

static bool is_absence(const struct line *line)
{
	return line->event.cause == KMETA_CAUSE_BROKER_FENCED ||
	       line->event.cause == KMETA_CAUSE_BROKER_SHUTTING_DOWN;
}

static void word_end(struct kmeta_buffer *out, const struct line *line)
{
	if (is_absence(line)) {
		if (line->back >= 0) {
			kmeta_buffer_format(out, "; back after ");
			report_duration(out, line->back);
			if (line->count > 1)
				kmeta_buffer_format(out, " at most");
		}
		if (line->away > 0 && line->count > 1)
			kmeta_buffer_format(out, "; %lld of %lld times not back in this log",
			                    (long long)line->away, (long long)line->count);
		else if (line->away > 0)
			kmeta_buffer_format(out, "; not back in this log");
	} else if (line->event.cause == KMETA_CAUSE_CONTROLLER_ELECTED && line->event.after >= 0) {
		kmeta_buffer_format(out, "; nothing was written for ");
		report_duration(out, line->event.after);
	}
}

void report_sentence(struct kmeta_buffer *out, const struct line *line)
{
	const struct kmeta_story_event *e = &line->event;
	const bool is_of_topic =
		!strncmp(line->about, "topics/", 7) || !strncmp(line->about, "configs/", 8);

	kmeta_buffer_format(out, "%s", kmeta_cause_name(e->cause));
	if (line->brokers_count && !is_of_topic)
		word_brokers(out, line);
	else if (line->about[0])
		kmeta_buffer_format(out, "  %s", line->about);
	if (line->count > 1)
		kmeta_buffer_format(out, "%s (%lld events)",
		                    line->about[0] && is_of_topic ? " ..." : "",
		                    (long long)line->count);
	if (line->detail[0])
		kmeta_buffer_format(out, "  %s", line->detail);
	if (e->effects.partitions && !(e->cause == KMETA_CAUSE_TOPIC_DELETED && line->detail[0])) {
		kmeta_buffer_format(out, ": ");
		report_effects(out, &e->effects);
	}
	word_end(out, line);
	if (line->peak > 0 && e->severity == KMETA_ERROR)
		kmeta_buffer_format(out, "; %lld without leader at the worst",
		                    (long long)line->peak);
}

void report_gaps(struct kmeta_buffer *out, const struct report *r)
{
	const int64_t from = kmeta_image_partial_from(kmeta_story_image(r->story));

	if (from >= 0)
		kmeta_buffer_format(out, "; what was before offset %lld is unknown",
		                    (long long)from);
	if (r->is_broken)
		kmeta_buffer_format(out, "; the log has errors: the story may not be whole");
}

/* Earlier times and the one that goes on are told apart. */
void report_down(struct kmeta_buffer *out, const struct kmeta_downtime_row *row)
{
	report_duration(out, row->milliseconds);
	if (row->still && row->lasting < row->milliseconds) {
		kmeta_buffer_format(out, ", and still so for the last ");
		report_duration(out, row->lasting);
	} else if (row->still) {
		kmeta_buffer_format(out, ", still so");
	}
}

/* ---- the verdict ---- */

/* Who has only the page should know that it may be cut short. */
static void word_damage(struct kmeta_buffer *out, const struct report *r)
{
	kmeta_buffer_format(out, "%s (%s",
	                    kmeta_code_severity(r->damage.code) == KMETA_ERROR
	                            ? "The log is damaged"
	                            : "A record was not understood",
	                    kmeta_code_name(r->damage.code));
	if (r->damage.position >= 0)
		kmeta_buffer_format(out, " at byte %lld", (long long)r->damage.position);
	if (r->damage.offset >= 0)
		kmeta_buffer_format(out, ", offset %lld", (long long)r->damage.offset);
	kmeta_buffer_format(out, "), and the story may not be whole. ");
}

void report_verdict(struct kmeta_buffer *out, const struct report *r)
{
	const int64_t *of = r->of_cause;
	size_t start;

	if (r->is_broken)
		word_damage(out, r);
	if (!r->events) {
		kmeta_buffer_format(out, "There is no event to tell of.");
		return;
	}
	start = out->size;
	word_part(out, start, of[KMETA_CAUSE_BROKER_FENCED], "broker was fenced",
	          "times a broker was fenced");
	word_part(out, start, of[KMETA_CAUSE_DIRECTORY_LOST], "log directory was lost",
	          "log directories were lost");
	word_part(out, start, r->unclean, "election was unclean", "elections were unclean");
	word_part(out, start, r->lost, "partition lost its leader",
	          "times a partition lost its leader");
	word_part(out, start, of[KMETA_CAUSE_BROKER_SHUTTING_DOWN], "broker shut down",
	          "times a broker shut down");
	word_part(out, start, of[KMETA_CAUSE_OTHER], "event is none that is known",
	          "events are none that are known");
	if (out->size == start)
		kmeta_buffer_format(out, "%s: no broker was fenced, no partition lost its leader",
		                    r->is_broken ? "What was read is well" : "Nothing went wrong");
	kmeta_buffer_format(out, "; at the end ");
	if (r->after.leaderless)
		output_count(out, r->after.leaderless, "partition has", "partitions have");
	else
		kmeta_buffer_format(out, "no partition is without");
	kmeta_buffer_format(out, "%s leader.", r->after.leaderless ? " no" : "");
}
