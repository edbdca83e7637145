/* SPDX-License-Identifier: Apache-2.0 */
/* entities.c: every change of the entities that were named. */
#include <string.h>

#include "../common/absent.h"
#include "history.h"

bool history_is_since(const struct history *h, const struct kmeta_record *record)
{
	switch (h->since.kind) {
	case KMETA_POINT_OFFSET:
		return record->offset >= h->since.value;
	case KMETA_POINT_TIME:
		return record->timestamp >= h->since.value;
	default:
		return true;
	}
}

void history_put_json_head(struct history *h, const struct kmeta_batch *batch,
                           const struct kmeta_record *record)
{
	struct kmeta_buffer *out = &h->common.out.buffer;

	kmeta_buffer_add(out, "{", 1);
	if (h->addresses_count > 1) {
		kmeta_buffer_format(out, "\"address\":");
		kmeta_string_json(out, h->common.address);
		kmeta_buffer_add(out, ",", 1);
	}
	kmeta_buffer_format(out, "\"offset\":%lld,\"timestamp\":%lld,\"epoch\":%d,",
	                    (long long)record->offset, (long long)record->timestamp, batch->epoch);
}

bool history_end_line(struct history *h)
{
	h->events++;
	if (h->reverse && !kept_lines_take(&h->kept, &h->common.out.buffer))
		h->common.out.buffer.failed = true;
	return output_drain(&h->common.out) && (h->reverse || h->limit < 0 || h->events < h->limit);
}

static void put_event_type(struct kmeta_buffer *out, const char *type)
{
	static const char blanks[] = "                            ";
	const size_t size = words_type_size(type), width = sizeof(blanks) - 1;

	kmeta_buffer_add(out, type, size);
	kmeta_buffer_add(out, blanks, size + 2 < width ? width - size : 2);
}

/* ---- events ---- */

static void put_event_json(struct history *h, const struct kmeta_event *event)
{
	struct kmeta_buffer *out = &h->common.out.buffer;

	history_put_json_head(h, event->batch, event->record);
	if (event->by)
		kmeta_buffer_format(out, "\"by\":\"%s\",", event->by);
	else
		kmeta_buffer_format(out, "\"by\":null,");
	if (h->elections)
		kmeta_buffer_format(out, "\"unclean\":%s,",
		                    history_is_unclean(&event->change) ? "true" : "false");
	changes_json(&h->changes, &event->change);
	kmeta_buffer_format(out, "}\n");
}

static void put_event_text(struct history *h, const struct kmeta_event *event)
{
	struct kmeta_buffer *out = &h->common.out.buffer;

	kmeta_text_head(out, h->text, event->record->offset, event->record->timestamp,
	                event->batch->epoch, h->common.flags);
	put_event_type(out, event->by ? event->by : "(there at the start)");
	changes_text(&h->changes, &event->change);
	if (h->elections && history_is_unclean(&event->change))
		kmeta_buffer_format(out, "  unclean");
	kmeta_buffer_add(out, "\n", 1);
}

/* What the log begins with is part of the story if all of the story is there. */
static bool is_asked(const struct history *h, const struct kmeta_event *event)
{
	if (!event->by && !h->start_only && h->span.first_offset > 0)
		return false;
	if (h->elections && !history_is_election(&event->change))
		return false;
	if (h->unclean && !history_is_unclean(&event->change))
		return false;
	return history_is_since(h, event->record) && changes_any(&h->changes, &event->change);
}

static bool see_event(void *context, const struct kmeta_event *event)
{
	struct history *h = context;

	h->at_start += !event->by;
	h->changed += event->by != NULL;
	if (!is_asked(h, event))
		return true;
	progress_hide(&h->common.progress);
	if (h->format == HISTORY_JSON)
		put_event_json(h, event);
	else
		put_event_text(h, event);
	return history_end_line(h);
}

bool history_idle(void *context)
{
	struct history *h = context;

	return output_flush(&h->common.out);
}

/* ---- the whole history ---- */

static void note_begin(struct history *h)
{
	struct kmeta_buffer time = { 0 };

	if (h->span.first_offset <= 0)
		return;
	kmeta_print_time(&time, h->span.first_time, h->common.flags);
	kmeta_buffer_add(&time, "", 1);
	common_note(&h->common,
	            "what is kept begins at offset %lld%s%s: what was before is not known",
	            (long long)h->span.first_offset,
	            h->span.first_time >= 0 && !time.failed ? ", " : "",
	            h->span.first_time >= 0 && !time.failed ? time.at : "");
	kmeta_buffer_release(&time);
	if (h->common.trouble && !h->at_start && !h->partial)
		common_note(&h->common, "--partial takes what the missing part said as unknown");
}

static bool all_found(const struct history *h)
{
	for (size_t i = 0; i < h->targets_count; i++)
		if (!h->found[i])
			return false;
	return true;
}

/* Says which targets never were there, with names that are there in the end. */
static void say_absent(struct history *h)
{
	const struct kmeta_load_options options = { .size = sizeof(options), .nearest = true };
	struct kmeta_image *state = NULL;
	struct kmeta_finding ignored; /* without a state, there are no names to offer */

	if (all_found(h) || h->common.out.closed || h->brokers)
		return;
	if (kmeta_image_load(&state, h->common.address, h->until, &options, &ignored) != KMETA_OK)
		state = NULL;
	for (size_t i = 0; i < h->targets_count; i++)
		if (!h->found[i])
			absent_say(&h->common, state, h->targets[i]);
	kmeta_image_free(state);
}

static void note_nothing(struct history *h)
{
	if (!h->events && all_found(h) && h->span.first_offset < h->span.end_offset)
		common_note(&h->common, "no %s of that between offsets %lld and %lld",
		            h->unclean     ? "unclean election"
		            : h->elections ? "election"
		                           : "change",
		            (long long)h->span.first_offset, (long long)h->span.end_offset);
}

static enum kmeta_status read_history(struct history *h, struct kmeta_point until,
                                      struct kmeta_finding *why)
{
	const struct kmeta_history_options library = { .size = sizeof(library),
		                                       .targets = h->targets,
		                                       .targets_count = h->targets_count,
		                                       .found = h->found,
		                                       .dialect = h->common.dialect,
		                                       .until = until,
		                                       .partial = h->partial,
		                                       .follow = h->follow,
		                                       .seen = see_event,
		                                       .report = common_report,
		                                       .idle = history_idle,
		                                       .progress = common_progress,
		                                       .context = h };

	return kmeta_history(h->common.address, &library, &h->span, why);
}

/* Where nothing changed, what there was is all that there is to say. */
static enum kmeta_status tell_what_stayed(struct history *h, struct kmeta_finding *why)
{
	const struct kmeta_history_span span = h->span;
	const struct kmeta_point start = { .kind = KMETA_POINT_OFFSET, .value = span.first_offset };
	enum kmeta_status status;

	h->start_only = true;
	status = read_history(h, start, why);
	h->start_only = false;
	h->span = span;
	return status;
}

enum kmeta_status history_entities(struct history *h, struct kmeta_finding *why)
{
	enum kmeta_status status;

	h->events = h->at_start = h->changed = 0;
	status = read_history(h, h->until, why);
	output_flush(&h->common.out);
	if (status != KMETA_OK)
		return status;
	note_begin(h);
	note_nothing(h);
	say_absent(h);
	if (!h->changed && h->at_start && h->span.first_offset > 0 && !h->elections)
		status = tell_what_stayed(h, why);
	output_flush(&h->common.out);
	return status;
}
