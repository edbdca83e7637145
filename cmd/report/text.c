/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: the report for people: frame, story, downtime, problems, commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* A list of text and one of markdown differ in how a part begins and how a line does. */
enum { MARKDOWN_LINES = 60, MARKDOWN_PROBLEMS = 5, MARKDOWN_LIST = 3, PROBLEMS_EACH = 3 };

static bool is_markdown(const struct report *r)
{
	return r->format == REPORT_MARKDOWN;
}

static struct kmeta_buffer *say_out(struct report *r)
{
	return &r->common.out.buffer;
}

/* Text that a name may be in: markdown shows it as it is, whatever it holds. */
static void say_safely(struct report *r, struct kmeta_bytes text)
{
	struct kmeta_buffer *out = say_out(r);

	for (size_t i = 0; i < text.size; i++) {
		if (is_markdown(r) && strchr("\\`*_{}[]<>#|&!~", text.data[i]) && text.data[i])
			kmeta_buffer_add(out, "\\", 1);
		kmeta_buffer_add(out, text.data + i, 1);
	}
}

static void say_buffer(struct report *r, struct kmeta_buffer *text)
{
	if (!text->failed)
		say_safely(r, kmeta_buffer_bytes(text));
	kmeta_buffer_release(text);
}

static void begin_part(struct report *r, const char *title)
{
	kmeta_buffer_format(say_out(r), is_markdown(r) ? "\n### %s\n\n" : "\n%s\n", title);
}

static void begin_item(struct report *r)
{
	kmeta_buffer_format(say_out(r), is_markdown(r) ? "- " : "  ");
}

/* ---- the frame ---- */

static void say_change(struct report *r, const char *what, int64_t before, int64_t after)
{
	kmeta_buffer_format(say_out(r), before == after ? "%s %lld" : "%s %lld -> %lld", what,
	                    (long long)before, (long long)after);
}

static void say_frame(struct report *r)
{
	struct kmeta_buffer *out = say_out(r), text = { 0 };
	const struct kmeta_story_counts *a = &r->before, *b = &r->after;
	const char *const end = is_markdown(r) ? "  \n" : "\n";

	if (is_markdown(r))
		kmeta_buffer_format(out, "## What happened\n\n**");
	report_verdict(&text, r);
	say_buffer(r, &text);
	kmeta_buffer_format(out, is_markdown(r) ? "**\n\n" : "\n\n");
	kmeta_buffer_format(out, is_markdown(r) ? "`%s`" : "%s", r->common.address);
	kmeta_buffer_format(out, "%s", end);
	if (r->records) {
		kmeta_buffer_format(out, "offsets %lld to %lld, ", (long long)r->first_offset,
		                    (long long)r->last_offset);
		kmeta_print_time(out, r->first_time, r->common.flags);
		kmeta_buffer_format(out, " to ");
		kmeta_print_time(out, r->last_time, r->common.flags);
		kmeta_buffer_format(out, "%s", end);
	}
	output_count(out, r->records, "record", "records");
	kmeta_buffer_format(out, " in ");
	output_count(out, r->events, "event", "events");
	report_gaps(out, r);
	kmeta_buffer_format(out, "%s", end);
	say_change(r, "brokers", a->brokers, b->brokers);
	say_change(r, ", fenced", a->fenced, b->fenced);
	say_change(r, ", topics", a->topics, b->topics);
	say_change(r, ", partitions", a->partitions, b->partitions);
	kmeta_buffer_format(out, "%s", end);
	say_change(r, "without leader", a->leaderless, b->leaderless);
	if (r->worst_leaderless > b->leaderless)
		kmeta_buffer_format(out, " (%lld at the worst)", (long long)r->worst_leaderless);
	say_change(r, ", under-replicated", a->under_replicated, b->under_replicated);
	kmeta_buffer_format(out, "\n");
}

/* ---- the story ---- */

static void say_mark(struct report *r, enum kmeta_severity severity)
{
	static const char *const marks[] = { "  ", "? ", "! " };
	static const char *const colors[] = { "", "\x1b[33m", "\x1b[31m" };
	const bool colored = r->common.flags & KMETA_SHOW_COLOR && severity != KMETA_NOTE;

	if (!is_markdown(r))
		kmeta_buffer_format(say_out(r), "%s%s%s", colored ? colors[severity] : "",
		                    marks[severity], colored ? "\x1b[0m" : "");
}

static void say_event(struct report *r, const struct line *line)
{
	struct kmeta_buffer *out = say_out(r), text = { 0 };
	const bool bold = is_markdown(r) && line->event.severity == KMETA_ERROR;

	say_mark(r, line->event.severity);
	if (is_markdown(r))
		kmeta_buffer_format(out, "- %s", bold ? "**" : "");
	kmeta_print_time(out, line->event.first_time, r->common.flags);
	kmeta_buffer_format(out, is_markdown(r) ? " @%lld " : "  @%-9lld ",
	                    (long long)line->event.first_offset);
	report_sentence(&text, line);
	say_buffer(r, &text);
	kmeta_buffer_format(out, "%s\n", bold ? "**" : "");
}

/* Of too many lines the worst: the mildest severity that is shown. */
static enum kmeta_severity least_shown(const struct report *r, size_t most)
{
	size_t of[KMETA_ERROR + 1] = { 0 };

	for (size_t i = 0; i < r->lines.count; i++)
		of[r->lines.at[i].event.severity]++;
	if (r->lines.count <= most)
		return KMETA_NOTE;
	return of[KMETA_ERROR] + of[KMETA_WARNING] <= most ? KMETA_WARNING : KMETA_ERROR;
}

static void say_story(struct report *r, size_t most)
{
	const enum kmeta_severity least = least_shown(r, most);
	int64_t left_out = r->lines.dropped;
	size_t shown = 0;

	begin_part(r, "Story");
	for (size_t i = 0; i < r->lines.count; i++) {
		if (r->lines.at[i].event.severity < least || shown == most) {
			left_out += r->lines.at[i].count;
			continue;
		}
		say_event(r, &r->lines.at[i]);
		if (!report_drain(r))
			return;
		shown++;
	}
	if (left_out) {
		begin_item(r);
		kmeta_buffer_format(say_out(r), "... and ");
		output_count(say_out(r), left_out, "milder event", "milder events");
		kmeta_buffer_format(say_out(r), "; -o json has all\n");
	}
}

/* ---- what stands behind it ---- */

static void say_settings(struct report *r)
{
	const size_t count = r->settings_count < SETTINGS_KEPT ? r->settings_count : SETTINGS_KEPT;

	if (!r->has_bad || !count)
		return;
	begin_part(r, "Settings changed before the first bad event");
	for (size_t i = is_markdown(r) && count > MARKDOWN_LIST ? count - MARKDOWN_LIST : 0;
	     i < count; i++) {
		const struct setting *s =
			&r->settings[(r->settings_count - count + i) % SETTINGS_KEPT];
		struct kmeta_buffer text = { 0 };

		begin_item(r);
		kmeta_print_time(say_out(r), s->time, r->common.flags);
		kmeta_buffer_format(&text, "  @%lld  %s  %s  (", (long long)s->offset, s->about,
		                    s->detail);
		report_duration(&text, r->bad_time - s->time);
		kmeta_buffer_format(&text, " before)");
		say_buffer(r, &text);
		kmeta_buffer_format(say_out(r), "\n");
	}
}

static void say_downtime(struct report *r, enum kmeta_downtime_kind kind, const char *title)
{
	struct kmeta_buffer *out = say_out(r);
	struct kmeta_downtime d;

	kmeta_story_downtime(r->story, kind, &d);
	if (!d.partitions)
		return;
	begin_part(r, title);
	begin_item(r);
	output_count(out, d.partitions, "partition", "partitions");
	kmeta_buffer_format(out, ", ");
	report_duration(out, d.total);
	kmeta_buffer_format(out, " in all, %lld at the end\n", (long long)d.still);
	for (size_t i = 0; i < d.worst_count && !(is_markdown(r) && i == MARKDOWN_LIST); i++) {
		struct kmeta_buffer text = { 0 };

		begin_item(r);
		kmeta_topic_text(&text, &(struct kmeta_topic_count){ .name = d.worst[i].name });
		kmeta_buffer_format(&text, "/%d  ", d.worst[i].partition);
		report_down(&text, &d.worst[i]);
		say_buffer(r, &text);
		kmeta_buffer_format(out, "\n");
	}
}

static bool say_problem(void *context, const struct kmeta_problem *problem)
{
	struct report *r = context;
	struct kmeta_buffer text = { 0 };

	if (is_markdown(r) && (kmeta_problem_severity(problem->code) == KMETA_NOTE ||
	                       r->problems++ == MARKDOWN_PROBLEMS))
		return true;
	begin_item(r);
	kmeta_buffer_format(&text, "%s  %s  %s", kmeta_problem_name(problem->code),
	                    problem->path[0] ? problem->path : "cluster", problem->message);
	say_buffer(r, &text);
	kmeta_buffer_format(say_out(r), "\n");
	return true;
}

static enum kmeta_status say_problems(struct report *r, struct kmeta_finding *why)
{
	const struct kmeta_problem_options options = { .size = sizeof(options),
		                                       .most = is_markdown(r) ? 1 : PROBLEMS_EACH,
		                                       .address = r->common.address,
		                                       .seen = say_problem,
		                                       .context = r };
	struct kmeta_problem_counts counts;

	begin_part(r, "Problems at the end");
	const size_t start = say_out(r)->size;
	const enum kmeta_status status =
		kmeta_problems(kmeta_story_image(r->story), &options, &counts, why);

	if (status == KMETA_OK && say_out(r)->size == start) {
		begin_item(r);
		kmeta_buffer_format(say_out(r), "none\n");
	}
	return status;
}

static void say_command(struct report *r, const char *command, const char *point)
{
	const struct kmeta_bytes address = { (const uint8_t *)r->path, strlen(r->path) };

	kmeta_buffer_format(say_out(r), "%s%s ", is_markdown(r) ? "    " : "  ", command);
	kmeta_shell_word(say_out(r), address);
	kmeta_buffer_format(say_out(r), "%s\n", point);
}

static void say_commands(struct report *r)
{
	enum { AROUND = 100 };
	const int64_t end = kmeta_image_moment(kmeta_story_image(r->story)).end_offset;
	char text[96];

	if (!r->records)
		return;
	begin_part(r, "To see more");
	if (r->has_bad) {
		const int64_t behind = r->bad_offset + AROUND < end ? r->bad_offset + AROUND : end;

		snprintf(text, sizeof(text), "kmeta-dump --offset=%lld..%lld",
		         (long long)r->bad_offset, (long long)behind - 1);
		say_command(r, text, "");
		snprintf(text, sizeof(text), "@%lld", (long long)r->bad_offset);
		say_command(r, "kmeta-image --problems", text);
	}
	say_command(r, "kmeta-history --brokers", "");
	snprintf(text, sizeof(text), "@%lld", (long long)r->last_offset + 1);
	say_command(r, "kmeta-image --problems", text);
}

static size_t lines_of(const struct kmeta_buffer *text, size_t from)
{
	size_t count = 0;

	for (size_t i = from; i < text->size; i++)
		count += text->at[i] == '\n';
	return count;
}

static enum kmeta_status say_tail(struct report *r, struct kmeta_finding *why)
{
	enum kmeta_status status;

	say_settings(r);
	say_downtime(r, KMETA_DOWNTIME_LEADERLESS, "Without leader");
	say_downtime(r, KMETA_DOWNTIME_UNDER_MIN_ISR, "Below min.insync.replicas");
	status = say_problems(r, why);
	say_commands(r);
	return status;
}

/* The story has the lines that the rest leaves, so the rest is made first. */
enum kmeta_status report_text(struct report *r, struct kmeta_finding *why)
{
	enum { STORY_FRAME = 4 };
	struct kmeta_buffer *out = say_out(r), tail = { 0 };
	size_t start, most = SIZE_MAX;
	enum kmeta_status status;

	say_frame(r);
	start = out->size;
	status = say_tail(r, why);
	if (is_markdown(r) && !r->verbose)
		most = MARKDOWN_LINES - STORY_FRAME - lines_of(out, 0);
	kmeta_buffer_add(&tail, out->at + start, out->size - start);
	out->size = start;
	say_story(r, most);
	kmeta_buffer_add(out, tail.at, tail.size);
	out->failed |= tail.failed;
	kmeta_buffer_release(&tail);
	return status;
}
