/* SPDX-License-Identifier: Apache-2.0 */
/* history.c: reports some entities of the oldest known state, and every change of them since. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "base/options.h"
#include "record/batch.h"
#include "record/decode.h"
#include "state/ahead.h"
#include "state/changes.h"
#include "state/partial.h"
#include "state/rejoin.h"
#include "state/targets.h"

enum { WAIT_MILLISECONDS = 1000 };

struct history {
	struct kmeta_history_options options;
	struct targets targets;
	struct changes_filter filter;
	struct kmeta_image *image;
	struct kmeta_dialect dialect;
	struct ahead *ahead;
	struct kmeta_history_span *span;
	bool stopped;
	bool damaged; /* before the current batch */
	struct logdir dir;
	struct rejoin rejoin;
	bool is_away; /* records are lost, and a checkpoint to come has the state */
};

/* ---- what is wanted ---- */

static bool wants_topic(void *context, const uint8_t *id, struct kmeta_bytes name)
{
	return targets_topic(context, id, name, false);
}

static bool wants_partition(void *context, const struct topic *topic, int32_t id)
{
	return targets_partition(context, topic, id);
}

static bool wants_number(void *context, int32_t id)
{
	return targets_number(context, id);
}

/* Topics and partitions were chosen earlier; items are chosen here, by their path. */
static bool history_event(void *context, const struct kmeta_event *event)
{
	struct history *h = context;
	const struct kmeta_entity *entity =
		event->change.after ? event->change.after : event->change.before;

	if (entity->kind == KMETA_TOPIC || entity->kind == KMETA_PARTITION ||
	    targets_item(&h->targets, entity))
		h->stopped = !h->options.seen(h->options.context, event);
	/* Whether this one was wanted is not known. */
	h->stopped |= h->targets.path.failed;
	return !h->stopped;
}

/* ---- the log ---- */

static bool history_report(void *context, const struct kmeta_finding *finding)
{
	struct history *h = context;

	return !h->options.report || h->options.report(h->options.context, finding);
}

/* A batch that the end is in is read whole. */
static int64_t last_offset(const struct history *h)
{
	return h->options.until.kind == KMETA_POINT_OFFSET ? h->options.until.value - 1 : INT64_MAX;
}

static enum kmeta_status replay_batch(struct history *h, const struct kmeta_batch *batch,
                                      int64_t from, struct kmeta_finding *why)
{
	struct ahead_record r;
	enum kmeta_status status;

	while (!h->stopped && (status = ahead_record(h->ahead, &r, why)) != KMETA_END) {
		if (status == KMETA_OK &&
		    (r.record->offset < from || r.record->offset > last_offset(h)))
			continue;
		if (status == KMETA_OK && !r.fields) {
			*why = *r.fault;
			status = KMETA_DAMAGED;
		}
		if (status == KMETA_OK)
			status = kmeta_image_apply(h->image, batch, r.record, r.fields,
			                           history_report, h, why);
		else if (status == KMETA_DAMAGED)
			status = history_report(h, why) ? KMETA_OK : KMETA_FAILED;
		if (status != KMETA_OK)
			return status;
	}
	return KMETA_OK;
}

static void history_note(struct history *h, const struct kmeta_batch *batch)
{
	struct kmeta_history_span *span = h->span;

	if (span->first_time < 0)
		span->first_time = batch->max_timestamp;
	if (batch->max_timestamp > span->last_time)
		span->last_time = batch->max_timestamp;
	span->end_offset = batch_behind(batch->last_offset);
}

/* Damage that hides records was reported before. */
static bool report_history_gap(struct history *h, const struct kmeta_batch *batch,
                               struct kmeta_finding *why)
{
	finding_set(why, KMETA_MISSING_RECORDS, "the records %lld to %lld are missing%s",
	            (long long)h->span->end_offset, (long long)batch->base_offset - 1,
	            h->is_away ? ": a checkpoint behind them has the state" : "");
	why->file = batch->file;
	why->position = batch->position;
	why->offset = h->span->end_offset;
	return history_report(h, why);
}

/* A log may begin late; records missing between two batches are reported. */
static bool check_gap(struct history *h, const struct kmeta_batch *batch, struct kmeta_finding *why)
{
	struct kmeta_history_span *span = h->span;
	const bool was_damaged = h->damaged;

	h->damaged = false;
	if (!span->end_offset) {
		span->first_offset = batch->base_offset;
		if (h->options.partial && batch->base_offset > 0)
			partial_begin(h->image, batch->base_offset);
	} else if (batch->base_offset > span->end_offset) {
		rejoin_lose(&h->rejoin);
		h->is_away = rejoin_is_ahead(&h->rejoin, batch->base_offset);
		return was_damaged || report_history_gap(h, batch, why);
	}
	return true;
}

static bool history_wait(struct history *h, struct kmeta_source *source, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_END;

	while (status == KMETA_END && (!h->options.idle || h->options.idle(h->options.context)))
		status = kmeta_source_wait(source, WAIT_MILLISECONDS, why);
	if (status == KMETA_DAMAGED)
		history_report(h, why);
	return status == KMETA_OK || status == KMETA_DAMAGED;
}

/* ---- states that are known at once: the oldest, and those behind lost records ---- */

/* Topics and partitions as the watcher would choose them; "seen" chooses the rest. */
static bool is_target(struct history *h, const struct kmeta_image *image,
                      const struct kmeta_entity *entity)
{
	const struct kmeta_field *id = kmeta_fields_find(entity->fields, "topicId");
	const struct topic *topic;

	if (entity->kind != KMETA_TOPIC && entity->kind != KMETA_PARTITION)
		return true;
	if (entity->kind == KMETA_TOPIC)
		return targets_topic(&h->targets, id->value.bytes.data, entity->topic_name, false);
	topic = image_topic(image, id->value.bytes.data);
	return topic &&
	       targets_partition(
		       &h->targets, topic,
		       (int32_t)fields_must_have(entity->fields, "partitionId")->value.integer);
}

static enum kmeta_status tell_start(struct history *h, struct kmeta_finding *why)
{
	const struct kmeta_moment moment = h->image->moment;
	const struct kmeta_batch batch = { .epoch = moment.epoch };
	const struct kmeta_record record = { .offset = moment.end_offset,
		                             .timestamp = moment.timestamp };
	struct kmeta_event event = { .batch = &batch, .record = &record };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open(&walk, h->image, KMETA_WALK_NEWEST, why);

	while (!h->stopped && status == KMETA_OK &&
	       (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK) {
		event.change.after = &entity;
		if (is_target(h, h->image, &entity))
			history_event(h, &event);
	}
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

/* What a checkpoint shows of records that are lost. */
struct leap {
	struct history *h;
	const struct kmeta_image *before, *after;
	struct kmeta_event event;
};

static bool see_leap(void *context, const struct kmeta_change *change)
{
	struct leap *leap = context;

	leap->event.change = *change;
	if ((change->before && is_target(leap->h, leap->before, change->before)) ||
	    (change->after && is_target(leap->h, leap->after, change->after)))
		return history_event(leap->h, &leap->event);
	return true;
}

/* Goes on with the state of a checkpoint. OK, even if it cannot be used, which is reported. */
static enum kmeta_status leap_to(struct history *h, const struct logdir_file *checkpoint,
                                 struct kmeta_finding *why)
{
	struct kmeta_image *image = NULL;
	enum kmeta_status status = rejoin_load(&image, checkpoint, h->options.dialect, why);
	struct kmeta_moment moment;

	if (status != KMETA_OK) {
		why->code = KMETA_UNUSABLE_CHECKPOINT;
		why->file = checkpoint->path;
		return history_report(h, why) ? KMETA_OK : KMETA_FAILED;
	}
	moment = kmeta_image_moment(image);
	{
		const struct kmeta_batch batch = { .epoch = moment.epoch };
		const struct kmeta_record record = { .offset = moment.end_offset,
			                             .timestamp = moment.timestamp };
		struct leap leap = {
			h, h->image, image, { &batch, &record, "checkpoint", { NULL, NULL } }
		};

		status = kmeta_diff(h->image, image, see_leap, &leap, why);
	}
	image_swap(h->image, image);
	kmeta_image_free(image);
	h->is_away = false;
	return status;
}

/* "from": the first offset that is not in the state yet. */
static enum kmeta_status history_batch(struct history *h, const struct kmeta_batch *batch,
                                       int64_t *from, struct kmeta_finding *why)
{
	enum kmeta_status status = check_gap(h, batch, why) ? KMETA_OK : KMETA_FAILED;
	const struct logdir_file *checkpoint;

	history_note(h, batch);
	while (status == KMETA_OK && h->is_away &&
	       (checkpoint = rejoin_find(&h->rejoin, batch)) != NULL) {
		status = leap_to(h, checkpoint, why);
		*from = checkpoint->offset;
	}
	return status == KMETA_OK && !h->is_away ? replay_batch(h, batch, *from, why) : status;
}

/* Reports damage and goes on: later records may look odd without those that it hides. */
static enum kmeta_status history_read(struct history *h, struct kmeta_source *source,
                                      struct kmeta_finding *why)
{
	int64_t from = h->span->first_offset;
	enum kmeta_status status;

	while (!h->stopped) {
		struct kmeta_batch batch;

		status = ahead_batch(h->ahead, &batch, why);
		if (status == KMETA_END) {
			if (!h->options.follow || !history_wait(h, source, why))
				return KMETA_OK;
			continue;
		}
		if (status == KMETA_OK) {
			status = history_batch(h, &batch, &from, why);
		} else if (status == KMETA_DAMAGED && history_report(h, why)) {
			h->damaged = true;
			status = KMETA_OK;
		}
		if (status != KMETA_OK)
			return KMETA_FAILED;
		if (!ahead_go_on(h->ahead, h->options.progress, h->options.context))
			return finding_stopped(why);
	}
	return KMETA_OK;
}

/* ---- the whole of it ---- */

/* A file has no checkpoints beside it that are its own. */
static enum kmeta_status list_history_checkpoints(struct history *h, const char *path,
                                                  struct kmeta_finding *why)
{
	struct stat st;

	if (!strcmp(path, "-") || stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return KMETA_OK;
	h->rejoin.dir = &h->dir;
	return logdir_open(&h->dir, path, false, why);
}

static enum kmeta_status history_begin(struct history *h, const char *path,
                                       struct kmeta_finding *why)
{
	const struct kmeta_point start = { .kind = KMETA_POINT_START };
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = h->options.dialect,
		                                    .report = history_report,
		                                    .context = h };
	enum kmeta_status status;

	status = targets_parse(&h->targets, h->options.targets, h->options.targets_count, why);
	if (status != KMETA_OK)
		return status;
	if (!kmeta_dialect_init(&h->dialect, h->options.dialect))
		return finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                   h->options.dialect);
	status = list_history_checkpoints(h, path, why);
	if (status == KMETA_OK)
		status = kmeta_image_load(&h->image, path, start, &options, why);
	if (status != KMETA_OK)
		return status;
	h->span->first_offset = h->span->end_offset = h->image->moment.end_offset;
	status = tell_start(h, why);
	if (status != KMETA_OK)
		return status;
	h->filter =
		(struct changes_filter){ wants_topic, wants_partition, wants_number, &h->targets };
	if (!changes_watch(h->image, &h->filter, history_event, h))
		return finding_memory(why);
	return KMETA_OK;
}

enum kmeta_status kmeta_history(const char *path, const struct kmeta_history_options *options,
                                struct kmeta_history_span *span, struct kmeta_finding *why)
{
	struct history h = { .span = span };
	struct kmeta_source_options window = { .size = sizeof(window) };
	struct kmeta_source *source = NULL;
	struct kmeta_range from;
	enum kmeta_status status = options_take(&h.options, sizeof(h.options), options, why);

	*span = (struct kmeta_history_span){ .first_time = -1, .last_time = -1 };
	if (status != KMETA_OK)
		return status;
	status = history_begin(&h, path, why);
	from = (struct kmeta_range){ span->first_offset, INT64_MAX };
	window.offsets = &from;
	window.until = &h.options.until;
	window.follow = h.options.follow;
	if (status == KMETA_OK)
		status = kmeta_source_open(&source, path, &window, why);
	if (status == KMETA_OK)
		h.ahead = ahead_open(
			source, &h.dialect,
			&(struct ahead_options){ .alone = h.options.follow, .image = h.image });
	if (status == KMETA_OK)
		status = h.ahead ? history_read(&h, source, why) : finding_memory(why);
	if (status == KMETA_OK && h.targets.path.failed)
		status = finding_memory(why);
	if (status != KMETA_OK)
		finding_detach(why, path);
	for (size_t i = 0; h.options.found && i < h.targets.count; i++)
		h.options.found[i] = h.targets.at[i].found;
	ahead_close(h.ahead);
	kmeta_source_close(source);
	targets_release(&h.targets);
	logdir_release(&h.dir);
	kmeta_image_free(h.image);
	return status;
}
