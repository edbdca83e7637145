/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: says which stretch came from where, what was lost, and what to do next. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "salvage.h"

static struct kmeta_buffer *lines(struct salvage *s)
{
	return &s->common.out.buffer;
}

static bool is_json(const struct salvage *s)
{
	return s->format == SALVAGE_JSON;
}

/* Lines go out as they come, so that memory does not grow with their number. */
static void end_line(struct salvage *s)
{
	kmeta_buffer_add(lines(s), "\n", 1);
	if (s->common.quiet)
		lines(s)->size = 0;
	output_drain(&s->common.out);
}

void report_line(struct salvage *s, const char *what, const char *format, ...)
{
	char text[400];
	va_list arguments;

	if (s->is_replaying)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (is_json(s)) {
		kmeta_buffer_format(lines(s), "{\"what\":\"%s\",\"message\":", what);
		kmeta_string_json(lines(s), text);
		kmeta_buffer_add(lines(s), "}", 1);
	} else {
		kmeta_buffer_format(lines(s), "%s: %s", what, text);
	}
	end_line(s);
}

/* ---- stretches ---- */

void report_end_stretch(struct salvage *s)
{
	const struct stretch *t = &s->stretch;

	if (!t->batches || s->is_replaying)
		return;
	if (is_json(s)) {
		kmeta_buffer_format(lines(s),
		                    "{\"what\":\"stretch\",\"first\":%lld,\"last\":%lld,"
		                    "\"batches\":%lld,\"bytes\":%lld,\"from\":",
		                    (long long)t->first, (long long)t->last, (long long)t->batches,
		                    (long long)t->bytes);
		kmeta_string_json(lines(s), t->input->address);
		kmeta_buffer_add(lines(s), "}", 1);
	} else {
		kmeta_buffer_format(lines(s), "%lld..%lld from %s, ", (long long)t->first,
		                    (long long)t->last, t->input->address);
		output_count(lines(s), t->batches, "batch", "batches");
		kmeta_buffer_format(lines(s), " in ");
		output_count(lines(s), t->bytes, "byte", "bytes");
	}
	end_line(s);
	s->stretch = (struct stretch){ 0 };
}

void report_piece(struct salvage *s, const struct input *in, const struct piece *piece)
{
	struct stretch *t = &s->stretch;

	if (t->batches && (t->input != in || t->last + 1 != piece->base))
		report_end_stretch(s);
	if (!t->batches)
		*t = (struct stretch){ .input = in, .first = piece->base };
	t->last = piece->last;
	t->batches++;
	t->bytes += piece->size;
}

/* ---- what is missing ---- */

static void put_report_time(const struct salvage *s, struct kmeta_buffer *out, int64_t time)
{
	kmeta_print_time(out, time, s->common.flags);
	kmeta_buffer_add(out, "", 1);
}

/* The first batch behind a hole. */
static const struct piece *piece_at(const struct salvage *s, int64_t offset)
{
	for (size_t i = 0; i < s->inputs_count; i++)
		if (s->inputs[i].has_head && !s->inputs[i].is_dropped &&
		    s->inputs[i].head.base == offset)
			return &s->inputs[i].head;
	return NULL;
}

void report_hole(struct salvage *s, int64_t first, int64_t last, const char *meaning)
{
	const struct piece *behind = piece_at(s, last + 1);
	struct kmeta_buffer before_time = { 0 }, behind_time = { 0 };

	report_end_stretch(s);
	put_report_time(s, &before_time, s->time);
	put_report_time(s, &behind_time, behind ? behind->time : 0);
	if (s->has_log && behind && !before_time.failed && !behind_time.failed)
		report_line(s, "lost",
		            "offsets %lld..%lld, which no input has: between %s in epoch %d and %s "
		            "in epoch %d; %s",
		            (long long)first, (long long)last, before_time.at, s->epoch,
		            behind_time.at, behind->epoch, meaning);
	else
		report_line(s, "lost", "offsets %lld..%lld, which no input has; %s",
		            (long long)first, (long long)last, meaning);
	kmeta_buffer_release(&before_time);
	kmeta_buffer_release(&behind_time);
}

void report_branch(struct salvage *s, const struct input *loser, const struct input *winner)
{
	report_end_stretch(s);
	if (winner)
		report_line(s, "dropped",
		            "%s from offset %lld (epoch %d) up to %lld: it is of another branch "
		            "than %s, which ends at %lld in epoch %d",
		            loser->address, (long long)loser->head.base, loser->head.epoch,
		            (long long)loser->end - 1, winner->address, (long long)winner->end - 1,
		            winner->last_epoch);
	else
		report_line(s, "dropped",
		            "%s from offset %lld (epoch %d) up to %lld: its batches begin at other "
		            "offsets",
		            loser->address, (long long)loser->head.base, loser->head.epoch,
		            (long long)loser->end - 1);
}

/* ---- what was made ---- */

static size_t kept_count(const struct salvage *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->checkpoints_count; i++)
		count += !s->checkpoints[i].is_useless;
	return count;
}

static void put_what_was_made(const struct salvage *s, struct kmeta_buffer *out)
{
	if (s->state_name[0]) {
		kmeta_buffer_format(out, "the state as %s", s->state_name);
		return;
	}
	if (s->has_log) {
		kmeta_buffer_format(out, "offsets %lld..%lld in ", (long long)s->begin,
		                    (long long)s->behind - 1);
		output_count(out, (int64_t)s->segments_count, "segment", "segments");
		kmeta_buffer_format(out, ", ");
	}
	output_count(out, (int64_t)kept_count(s), "checkpoint", "checkpoints");
}

static void say_next_step(struct salvage *s)
{
	const struct kmeta_node *node = &s->inputs[0].node;

	if (s->inputs[0].has_node)
		report_line(s, "next",
		            "stop node %d, put the directory in the place of its log directory, "
		            "and start it; or make it lead alone with kmeta-snapshot(1)",
		            node->id);
	else
		report_line(s, "next", "put a meta.properties into it: the first input has none");
	report_line(s, "beware",
	            "a node that votes with less than it had may elect a leader without what was "
	            "acknowledged: if other controllers still have a majority, let it copy theirs");
}

static void put_summary(struct salvage *s)
{
	kmeta_buffer_format(lines(s),
	                    "{\"summary\":{\"first\":%lld,\"last\":%lld,\"segments\":%zu,"
	                    "\"checkpoints\":%zu,\"lost\":%s,\"out\":",
	                    (long long)(s->has_log ? s->begin : -1),
	                    (long long)(s->has_log ? s->behind - 1 : -1), s->segments_count,
	                    kept_count(s), s->is_lost ? "true" : "false");
	kmeta_string_json(lines(s), s->out);
	kmeta_buffer_format(lines(s), "}}");
	end_line(s);
}

void report_made(struct salvage *s)
{
	struct kmeta_buffer content = { 0 };

	report_end_stretch(s);
	put_what_was_made(s, &content);
	kmeta_buffer_add(&content, "", 1);
	report_line(s, s->dry_run ? "would write" : "wrote", "%s: %s%s", s->out,
	            content.failed ? "" : content.at,
	            s->dry_run     ? ""
	            : s->no_verify ? ", not read back"
	                           : ", read back and verified");
	kmeta_buffer_release(&content);
	say_next_step(s);
	if (is_json(s))
		put_summary(s);
}
