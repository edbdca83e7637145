/* SPDX-License-Identifier: Apache-2.0 */
/* entities.c: every change of the entities that were named. */
#include <string.h>

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
	kmeta_buffer_format(&h->common.out.buffer,
	                    "{\"offset\":%lld,\"timestamp\":%lld,\"epoch\":%d,",
	                    (long long)record->offset, (long long)record->timestamp, batch->epoch);
}

/* Like kmeta-dump: without the suffix that nearly all types have. */
static void put_event_type(struct kmeta_buffer *out, const char *type)
{
	static const char suffix[] = "_RECORD";
	const size_t size = strlen(type), cut = sizeof(suffix) - 1;
	const bool has = size > cut && !strcmp(type + size - cut, suffix);

	kmeta_buffer_format(out, "%-26.*s  ", (int)(has ? size - cut : size), type);
}

static bool see_event(void *context, const struct kmeta_event *event)
{
	struct history *h = context;
	struct kmeta_buffer *out = &h->common.out.buffer;

	if (!history_is_since(h, event->record) || !changes_any(&h->changes, &event->change))
		return true;
	progress_hide(&h->common.progress);
	h->events++;
	if (h->format == HISTORY_JSON) {
		history_put_json_head(h, event->batch, event->record);
		kmeta_buffer_format(out, "\"by\":\"%s\",", event->by);
		changes_json(&h->changes, &event->change);
		kmeta_buffer_format(out, "}\n");
	} else {
		kmeta_text_head(out, h->text, event->record->offset, event->record->timestamp,
		                event->batch->epoch, h->common.flags);
		put_event_type(out, event->by);
		changes_text(&h->changes, &event->change);
		kmeta_buffer_format(out, "\n");
	}
	return output_drain(&h->common.out);
}

bool history_idle(void *context)
{
	struct history *h = context;

	return output_flush(&h->common.out);
}

static void history_note_span(struct history *h, const struct kmeta_history_span *span)
{
	struct kmeta_buffer time = { 0 };

	kmeta_print_time(&time, span->first_time, h->common.flags);
	kmeta_buffer_add(&time, "", 1);
	if (span->first_offset > 0)
		common_note(&h->common,
		            "what is kept begins at offset %lld%s%s: what was before is not known",
		            (long long)span->first_offset,
		            span->first_time >= 0 && !time.failed ? ", " : "",
		            span->first_time >= 0 && !time.failed ? time.at : "");
	if (!h->events)
		common_note(&h->common, "no change of that between offsets %lld and %lld",
		            (long long)span->first_offset, (long long)span->end_offset);
	kmeta_buffer_release(&time);
}

enum kmeta_status history_entities(struct history *h, struct kmeta_finding *why)
{
	const struct kmeta_history_options library = { .size = sizeof(library),
		                                       .targets = h->targets,
		                                       .targets_count = h->targets_count,
		                                       .dialect = h->common.dialect,
		                                       .until = h->until,
		                                       .follow = h->follow,
		                                       .seen = see_event,
		                                       .report = common_report,
		                                       .idle = history_idle,
		                                       .progress = common_progress,
		                                       .context = h };
	struct kmeta_history_span span;
	const enum kmeta_status status = kmeta_history(h->common.address, &library, &span, why);

	output_flush(&h->common.out);
	if (status == KMETA_OK)
		history_note_span(h, &span);
	return status;
}
