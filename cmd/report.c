/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: kmeta-report tells what happened in a log. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/absent.h"
#include "report/report.h"

enum { FILE_MODE = 0600, DEFAULT_GAP = 5 };

static const struct option_word report_formats[] = {
	[REPORT_TEXT] = { "text", "for people, the default" },
	[REPORT_MARKDOWN] = { "markdown", "for tickets, 60 lines at most" },
	[REPORT_HTML] = { "html", "one page that needs no others, 2 MB at most" },
	[REPORT_JSON] = { "json", "a line an event, and a summary" },
	{ "", NULL }
};

static struct option_word words_causes(size_t number)
{
	struct option_word word = { "", NULL };

	if (number < KMETA_CAUSE_COUNT)
		snprintf(word.word, sizeof(word.word), "%s",
		         kmeta_cause_name((enum kmeta_cause)number));
	return word;
}

static const struct command_option report_options[] = {
	{ .name = "time",
	  .argument = "A..B",
	  .help = "only between these times: 14:00..15:00, -1h..",
	  .manual =
	          "Only between these times, by the controller's clock: "
	          "`2026-11-24T14:05Z..2026-11-24T15:00Z`, `14:00..15:00`, `-1h..`. The story begins "
	          "with the state at *A*.",
	  TO_TEXT(struct report, time_text),
	  .value = "times (A..B, as in 14:00..15:00, -1h..)",
	  .excludes = "offset" },
	{ .name = "offset",
	  .argument = "A..B",
	  .help = "only these offsets, both ends included",
	  .manual = "Only records with these offsets, both ends included: `A..B`, `A..`, `..B`.",
	  TO_TEXT(struct report, offset_text),
	  .value = "offsets (A..B)" },
	{ .name = "only",
	  .argument = "EVENT,...",
	  .help = "only these events, as broker-fenced",
	  .manual = "Only events of these kinds; see [EVENTS].",
	  TO_TEXT(struct report, only_text),
	  .vocabulary = words_causes,
	  .is_list = true,
	  .value = "event" },
	{ .name = "ignore",
	  .argument = "EVENT,...",
	  .help = "without these events",
	  .manual = "All but events of these kinds.",
	  TO_TEXT(struct report, ignore_text),
	  .vocabulary = words_causes,
	  .is_list = true,
	  .value = "event" },
	{ .name = "topic",
	  .argument = "TOPIC",
	  .help = "only events that touch this topic: a name or a glob",
	  .manual =
	          "Only events with a record of this topic: a name, or a pattern (`'bulk-*'`). The "
	          "figures of such an event are still those of all its records.",
	  TO_TEXT(struct report, topic),
	  .value = "topic" },
	{ .name = "broker",
	  .argument = "ID",
	  .help = "only events of this node",
	  .manual =
	          "Only events that are about this broker or controller, or in which leaders moved "
	          "to it.",
	  TO_NUMBER(struct report, broker, 0, INT32_MAX),
	  .value = "node id" },
	{ .name = "gap",
	  .argument = "SECONDS",
	  .group = GROUP_OUTPUT,
	  .help = "fold events of one kind that are as close; default 5",
	  .manual =
	          "Events of one kind with at most so many seconds between them become one line; by "
	          "default 5. JSON is not folded.",
	  TO_NUMBER(struct report, gap_seconds, 0, 86400000),
	  .value = "seconds" },
	{ .name = "verbose",
	  .group = GROUP_OUTPUT,
	  .help = "every event on a line, no-ops too",
	  .manual = "Fold nothing, and show runs of no-ops too.",
	  TO_FLAG(struct report, verbose) },
	{ .name = "out",
	  .argument = "FILE",
	  .group = GROUP_OUTPUT,
	  .help = "write to this new file",
	  .manual =
	          "Write the report to this file, which must not be there yet. It has its name once "
	          "it is whole.",
	  TO_TEXT(struct report, out),
	  .value = "file" },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [OUTPUT].",
	  TO_WORD(struct report, format),
	  .words = report_formats,
	  .value = "format" },
};

static const struct command_operand report_operands[] = {
	{ .title = "segment or directory", .many = true }, { .title = NULL }
};

/* ---- the command line ---- */

/* Splits "A..B" into copies; NULL where an end is open. False: there are no dots, or no memory. */
static bool split_range(const char *text, char **from, char **to)
{
	const char *dots = strstr(text, "..");

	*from = *to = NULL;
	if (!dots)
		return false;
	if (dots > text)
		*from = strndup(text, (size_t)(dots - text));
	if (dots[2])
		*to = strdup(dots + 2);
	return (dots == text || *from) && (!dots[2] || *to);
}

static int64_t take_offset(const struct common *c, const char *text)
{
	char *end;
	int64_t number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || *end || number < 0 || number == INT64_MAX || text[0] == '+')
		common_usage(
			c, "--offset: '%s' is no offset or range of offsets: use A..B, A.. or ..B",
			text);
	return number;
}

static void take_offsets(struct report *r)
{
	char *from, *to;

	if (!split_range(r->offset_text, &from, &to) || (!from && !to))
		common_usage(&r->common,
		             "--offset: '%s' is no range of offsets: use A..B, A.. or ..B",
		             r->offset_text);
	if (from) {
		r->story_options.has_from = true;
		r->story_options.from =
			(struct kmeta_point){ .kind = KMETA_POINT_OFFSET,
			                      .value = take_offset(&r->common, from) };
	}
	if (to)
		r->story_options.until =
			(struct kmeta_point){ .kind = KMETA_POINT_OFFSET,
			                      .value = take_offset(&r->common, to) + 1 };
	if (from && to && r->story_options.from.value >= r->story_options.until.value)
		common_usage(&r->common, "--offset: '%s' ends before it begins", r->offset_text);
	free(from);
	free(to);
}

static struct kmeta_point take_time(struct report *r, const char *text, bool last)
{
	struct kmeta_point point;
	struct kmeta_finding why;

	if (kmeta_point_parse(text, common_clock(r->common.operands, r->common.operands_count),
	                      last, &point, &why) != KMETA_OK)
		common_usage(&r->common, "--time: %s", why.message);
	return point;
}

/* The state before a time is that of all batches that are not later than the millisecond before. */
static void take_times(struct report *r)
{
	char *from, *to;

	if (!split_range(r->time_text, &from, &to) || (!from && !to))
		common_usage(&r->common, "--time: '%s' is no range of times: use A..B, A.. or ..B",
		             r->time_text);
	if (from) {
		r->story_options.has_from = true;
		r->story_options.from = take_time(r, from, false);
		if (r->story_options.from.kind == KMETA_POINT_TIME)
			r->story_options.from.value--;
	}
	if (to)
		r->story_options.until = take_time(r, to, true);
	free(from);
	free(to);
}

/* Marks the causes that a list names. */
static void take_causes(const struct common *c, const char *option, const char *list, bool *of)
{
	for (const char *at = list; *at;) {
		const size_t size = strcspn(at, ",");
		struct kmeta_buffer text = { 0 };
		struct near near;
		bool found = false;

		near_begin(&near, at, size);
		for (int i = 0; i < KMETA_CAUSE_COUNT; i++) {
			const char *name = kmeta_cause_name((enum kmeta_cause)i);

			near_add(&near, name, strlen(name));
			if (strlen(name) == size && !strncmp(name, at, size))
				of[i] = found = true;
		}
		if (!found) {
			near_put(&near, &text);
			common_usage(c, "--%s: there is no event '%.*s'%.*s", option, (int)size, at,
			             (int)text.size, text.at ? text.at : "");
		}
		at += size + (at[size] == ',');
	}
}

static void choose_causes(struct report *r)
{
	bool only[KMETA_CAUSE_COUNT] = { false }, ignored[KMETA_CAUSE_COUNT] = { false };

	if (r->only_text)
		take_causes(&r->common, "only", r->only_text, only);
	if (r->ignore_text)
		take_causes(&r->common, "ignore", r->ignore_text, ignored);
	for (int i = 0; i < KMETA_CAUSE_COUNT; i++)
		r->only[i] = (!r->only_text || only[i]) && !ignored[i];
}

static void report_check(struct common *c)
{
	struct report *r = (struct report *)c;

	if (r->format == REPORT_HTML && c->operands_count > 1)
		common_usage(c, "a page is of one ADDRESS, but '%s' is another", c->operands[1]);
	choose_causes(r);
	if (r->offset_text)
		take_offsets(r);
	if (r->time_text)
		take_times(r);
	r->lines.gap = 1000 * r->gap_seconds;
	r->lines.unfolded = r->verbose;
}

/* ---- reading ---- */

static bool is_of_broker(const struct report *r, const struct kmeta_story_event *e)
{
	if (r->broker < 0 || e->broker == r->broker)
		return true;
	for (size_t i = 0; i < e->effects.to_count; i++)
		if (e->effects.to[i].broker == r->broker)
			return true;
	return false;
}

static bool report_wants(const struct report *r, const struct kmeta_story_event *e)
{
	return r->only[e->cause] && e->touches_topic && is_of_broker(r, e);
}

/* Settings before the first bad event; what the last ones were. */
static void report_note_setting(struct report *r, const struct kmeta_story_event *e)
{
	struct setting *s = &r->settings[r->settings_count % SETTINGS_KEPT];

	if (r->has_bad || e->cause != KMETA_CAUSE_SETTING)
		return;
	free(s->about);
	free(s->detail);
	*s = (struct setting){ e->first_offset, e->first_time, strdup(e->about),
		               strdup(e->detail) };
	r->lines.failed |= !s->about || !s->detail;
	r->settings_count++;
}

static void note_bad(struct report *r, const struct kmeta_story_event *e)
{
	if (e->severity != KMETA_ERROR || r->has_bad)
		return;
	r->has_bad = true;
	r->bad_offset = e->first_offset;
	r->bad_time = e->first_time;
}

static void count_event(struct report *r, const struct kmeta_story_event *e)
{
	if (!r->events++) {
		r->first_offset = e->first_offset;
		r->first_time = e->first_time;
	}
	r->last_offset = e->last_offset;
	r->last_time = e->last_time > r->last_time ? e->last_time : r->last_time;
	r->records += e->records;
	r->of_cause[e->cause]++;
	r->lost += e->effects.lost;
	r->unclean += e->effects.unclean;
	if (e->leaderless > r->worst_leaderless) {
		r->worst_leaderless = e->leaderless;
		r->worst_time = e->last_time;
	}
}

static bool take_event(struct report *r, const struct kmeta_story_event *e)
{
	report_note_setting(r, e);
	lanes_add(&r->brokers, &r->controllers, e);
	if (!report_wants(r, e))
		return true;
	if (e->cause != KMETA_CAUSE_NO_OP)
		bins_add(&r->bins, e);
	note_bad(r, e);
	count_event(r, e);
	if (r->format == REPORT_JSON) {
		report_json_event(r, e);
		return report_drain(r);
	}
	if (e->cause != KMETA_CAUSE_NO_OP || r->verbose || r->only_text)
		lines_add(&r->lines, e);
	return !r->lines.failed;
}

bool report_drain(struct report *r)
{
	enum { MUCH = 1 << 16 };
	struct kmeta_buffer *out = &r->common.out.buffer;
	bool written = true;

	if (!r->file)
		return output_drain(&r->common.out);
	if (out->size >= MUCH) {
		written = place_write(r->file, out->at, out->size);
		out->size = 0;
	}
	return written;
}

/* What the log is damaged by was said when it was met. */
static bool say_story_finding(void *context, const struct kmeta_finding *finding)
{
	struct report *r = context;

	if (!r->is_broken && common_hides(finding->code)) {
		r->is_broken = true;
		r->damage.code = finding->code;
		r->damage.position = finding->position;
		r->damage.offset = finding->offset;
	}
	return common_report(&r->common, finding);
}

/* Brokers that the state has with which the story begins. */
static enum kmeta_status begin_lanes(struct report *r, struct kmeta_finding *why)
{
	const struct kmeta_image *image = kmeta_story_image(r->story);
	const struct kmeta_quorum quorum = kmeta_image_quorum(image);
	const int64_t time = kmeta_image_moment(image).timestamp;
	struct kmeta_story_event event = { .first_time = time,
		                           .cause = KMETA_CAUSE_CONTROLLER_ELECTED,
		                           .broker = quorum.leader };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open_kind(&walk, image, KMETA_BROKER, NULL, 0, why);

	if (quorum.leader >= 0)
		lanes_add(&r->brokers, &r->controllers, &event);
	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK) {
		const struct kmeta_field *id = kmeta_fields_find(entity.fields, "brokerId"),
					 *fenced = kmeta_fields_find(entity.fields, "fenced");

		event.broker = (int32_t)id->value.integer;
		event.cause = fenced && fenced->value.integer ? KMETA_CAUSE_BROKER_FENCED
		                                              : KMETA_CAUSE_BROKER_UNFENCED;
		lanes_add(&r->brokers, &r->controllers, &event);
	}
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status read_story(struct report *r, struct kmeta_finding *why)
{
	struct kmeta_story_event event;
	enum kmeta_status status = kmeta_story_count(r->story, &r->before, why);

	if (status == KMETA_OK)
		status = begin_lanes(r, why);
	while (status == KMETA_OK && (status = kmeta_story_next(r->story, &event, why)) == KMETA_OK)
		if (!take_event(r, &event))
			break;
	progress_hide(&r->common.progress);
	if (r->lines.failed)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (status == KMETA_END)
		status = kmeta_story_count(r->story, &r->after, why);
	return status;
}

static enum kmeta_status print_report(struct report *r, struct kmeta_finding *why)
{
	switch (r->format) {
	case REPORT_JSON:
		return report_json_summary(r, why);
	case REPORT_HTML:
		return report_html(r, why);
	default:
		return report_text(r, why);
	}
}

static void forget(struct report *r)
{
	lines_release(&r->lines);
	for (size_t i = 0; i < SETTINGS_KEPT; i++) {
		free(r->settings[i].about);
		free(r->settings[i].detail);
		r->settings[i] = (struct setting){ 0 };
	}
	memset(r->of_cause, 0, sizeof(r->of_cause));
	r->bins = (struct bins){ 0 };
	r->brokers.count = r->controllers.count = 0;
	r->brokers.left_out = r->controllers.left_out = 0;
	r->settings_count = r->problems = 0;
	r->has_bad = r->is_broken = false;
	r->events = r->records = r->lost = r->unclean = r->worst_leaderless = 0;
	r->last_time = -1;
}

/* The range ends where the address does, unless it has an end of its own. */
static void report_address(struct report *r, const char *address, struct kmeta_finding *why)
{
	struct common *c = &r->common;
	struct kmeta_story_options options = r->story_options;
	struct kmeta_point until;
	char *path = NULL;
	enum kmeta_status status = common_address(c, address, &path, &until, why);

	options.size = sizeof(options);
	if (options.until.kind == KMETA_POINT_END)
		options.until = until;
	options.dialect = c->dialect;
	options.flags = c->flags;
	options.topic = r->topic;
	options.report = say_story_finding;
	options.progress = common_progress;
	options.context = r;
	c->address = r->path = address;
	if (status == KMETA_OK) {
		r->path = path;
		status = kmeta_story_open(&r->story, path, &options, why);
	}
	if (status == KMETA_OK)
		status = read_story(r, why);
	if (status == KMETA_OK && !r->events)
		absent_nothing(c, "%s: no event %s", address,
		               r->story_options.has_from || r->only_text || r->topic ||
		                               r->broker >= 0
		                       ? "matches"
		                       : "is in the log");
	if (status == KMETA_OK)
		status = print_report(r, why);
	if (status != KMETA_OK)
		common_report(c, why);
	kmeta_story_close(r->story);
	r->story = NULL;
	forget(r);
	free(path);
}

/* ---- all of it ---- */

static void report_addresses(struct report *r, struct kmeta_finding *why)
{
	struct common *c = &r->common;

	for (size_t i = 0; i < c->operands_count; i++) {
		if (i && r->format != REPORT_JSON)
			kmeta_buffer_format(&c->out.buffer, "\n");
		report_address(r, c->operands[i], why);
	}
	c->address = NULL;
}

static enum kmeta_status fill_file(struct report *r, struct place *place, struct kmeta_finding *why)
{
	struct kmeta_buffer *out = &r->common.out.buffer;
	struct place_file file;
	enum kmeta_status status = place_open(place, why);

	if (status == KMETA_OK)
		status = place_make_file(place, &file, "report", why);
	if (status != KMETA_OK)
		return status;
	r->file = &file;
	report_addresses(r, why);
	place_write(&file, out->at, out->size);
	out->size = 0;
	r->file = NULL;
	status = place_close_file(&file, why);
	return status == KMETA_OK ? place_finish(place, "report", why) : status;
}

static enum kmeta_status report_run(struct common *c, struct kmeta_finding *why)
{
	struct report *r = (struct report *)c;
	struct place place = { .path = r->out, .mode = FILE_MODE };
	enum kmeta_status status;

	if (!r->out) {
		report_addresses(r, why);
		return KMETA_OK;
	}
	c->flags &= ~(unsigned)KMETA_SHOW_COLOR;
	status = place_check(&place, why);
	if (status == KMETA_OK)
		status = fill_file(r, &place, why);
	place_close(&place);
	return status;
}

static const struct command report_command = {
	.name = "kmeta-report",
	.synopsis = "[options] ADDRESS...",
	.about =
		"Tells what happened in a log: brokers fenced, stopped and restarted, leaders moved and "
		"lost, elections, reassignments, topics, settings, ..., causes with their effects, and "
		"how long partitions were down.",
	.notes =
		"Exit status: 0 done; 1 no event matches; 2 the log is damaged or could not be read.",
	.own_group = "Which events",
	.options = report_options,
	.options_count = sizeof(report_options) / sizeof(report_options[0]),
	.operands = report_operands,
	.least = 1,
	.missing = "name a directory or segment",
	.check = report_check,
	.run = report_run,
};

int main(int argc, char **argv)
{
	struct report r = { .common.command = &report_command,
		            .gap_seconds = DEFAULT_GAP,
		            .broker = -1,
		            .last_time = -1 };

	return common_main(&r.common, argc, argv);
}
