/* SPDX-License-Identifier: Apache-2.0 */
/* events.c: reads a log, and gives its events one after another. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "kmeta/types.h"
#include "record/batch.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/ahead.h"
#include "state/events_run.h"
#include "state/partial.h"

/* ---- the story ---- */

struct kmeta_story {
	struct kmeta_story_options options;
	struct kmeta_image *image;
	struct kmeta_dialect dialect;
	struct kmeta_source *source;
	struct ahead *ahead;
	char *path;
	struct kmeta_batch batch;
	bool has_batch, is_over;
	int64_t from, end_offset, last_time;
	struct event_runs runs;
	struct downtimes downtimes;
	struct kmeta_buffer before; /* the partition before the record */
	struct kmeta_fields registered;
};

/* ---- the log ---- */

/* The broker's registration before a record that names one. */
static const struct kmeta_fields *registration_of(struct kmeta_story *s,
                                                  const struct kmeta_record *record,
                                                  const struct kmeta_fields *fields)
{
	struct kmeta_buffer key = { 0 };
	struct kmeta_finding ignored; /* without it the broker is a new one */
	const struct item *item;
	bool found = false;

	if (record->control || (record->type != KMETA_REGISTER_BROKER_RECORD &&
	                        record->type != KMETA_BROKER_REGISTRATION_CHANGE_RECORD))
		return NULL;
	image_key_number(&key, event_integer(fields, "brokerId", -1));
	item = key.failed ? NULL : image_item(s->image, KMETA_BROKER, kmeta_buffer_bytes(&key));
	if (item)
		found = encode_reread(kind_newest_schema(KMETA_BROKER),
		                      (struct kmeta_bytes){ item->value, item->value_size },
		                      &s->registered, &ignored) == KMETA_OK;
	kmeta_buffer_release(&key);
	return found ? &s->registered : NULL;
}

static const struct topic *story_topic(const struct kmeta_story *s, const struct event_record *r)
{
	const uint8_t *id = event_topic_id(r);

	return id ? image_topic(s->image, id) : NULL;
}

/* A copy of the partition before the record. NULL: there was none. */
static const struct partition *keep_before(struct kmeta_story *s, const struct topic *topic,
                                           int32_t number)
{
	const struct partition *p = topic ? image_partition(s->image, topic, number) : NULL;

	s->before.size = 0;
	if (!p)
		return NULL;
	buffer_add(&s->before, p, partition_size(p));
	return s->before.failed ? NULL : (const struct partition *)(void *)s->before.at;
}

/* What a record did to the downtimes of the partitions of a deleted topic, before it is applied. */
static bool note_deleted(struct kmeta_story *s, const struct topic *topic, int64_t time)
{
	const struct partition *p;
	size_t slot = 0;

	while (topic && (p = topic_next(topic, &slot)) != NULL)
		if (!downtimes_note(&s->downtimes, s->image, p, NULL, time))
			return false;
	return true;
}

static bool story_report(void *context, const struct kmeta_finding *finding)
{
	const struct kmeta_story *s = context;

	return !s->options.report || s->options.report(s->options.context, finding);
}

static enum kmeta_status apply(struct kmeta_story *s, const struct ahead_record *r,
                               struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (!r->fields) {
		*why = *r->fault;
		return story_report(s, why) ? KMETA_OK : KMETA_FAILED;
	}
	status = kmeta_image_apply(s->image, &s->batch, r->record, r->fields, story_report, s, why);
	if (status == KMETA_OK)
		kmeta_image_reach(s->image, &s->batch, r->record->offset + 1);
	return status;
}

/* A record whose effect on a partition says what it is: assign it when it is applied. */
static bool tells_by_effect(const struct kmeta_story *s, const struct ahead_record *a)
{
	return a->fields && !a->record->control && !s->image->in_transaction &&
	       (a->record->type == KMETA_PARTITION_CHANGE_RECORD ||
	        a->record->type == KMETA_PARTITION_RECORD);
}

/* Applies a record, and puts it into the open event or begins the next. END: an event is whole. */
static enum kmeta_status story_take(struct kmeta_story *s, const struct ahead_record *a,
                                    struct kmeta_finding *why)
{
	const struct kmeta_record *record = a->record;
	const bool was_in_transaction = s->image->in_transaction;
	const bool by_effect = tells_by_effect(s, a);
	struct event_record r = { .image = s->image,
		                  .batch = &s->batch,
		                  .last_time = s->last_time,
		                  .record = record,
		                  .fields = a->fields,
		                  .flags = s->options.flags,
		                  .change.broker = -1 };
	const int32_t number =
		by_effect ? (int32_t)event_integer(a->fields, "partitionId", -1) : -1;
	const struct partition *before = NULL, *after = NULL;
	enum kmeta_status status;
	bool goes_on = true;

	r.topic = story_topic(s, &r);
	r.registered = a->fields ? registration_of(s, record, a->fields) : NULL;
	if (by_effect) {
		before = keep_before(s, r.topic, number);
	} else {
		/* The topic is gone once the record is applied, so what is said of it is said now. */
		goes_on = runs_take(&s->runs, &r);
		if (a->fields && !record->control && record->type == KMETA_REMOVE_TOPIC_RECORD &&
		    !was_in_transaction && !note_deleted(s, r.topic, record->timestamp))
			return finding_memory(why);
	}
	status = apply(s, a, why);
	if (status != KMETA_OK)
		return status;
	if (was_in_transaction && !s->image->in_transaction &&
	    !downtimes_scan(&s->downtimes, s->image, record->timestamp))
		return finding_memory(why);
	if (by_effect) {
		r.topic = story_topic(s, &r);
		after = r.topic ? image_partition(s->image, r.topic, number) : NULL;
		r.change = event_change_of(before, after);
		goes_on = runs_take(&s->runs, &r);
		if ((before || after) &&
		    !downtimes_note(&s->downtimes, s->image, before, after, record->timestamp))
			return finding_memory(why);
	}
	if (record->timestamp > s->last_time)
		s->last_time = record->timestamp;
	return goes_on ? KMETA_OK : KMETA_END;
}

static bool story_is_past(const struct kmeta_story *s, const struct kmeta_record *record)
{
	return s->options.until.kind == KMETA_POINT_OFFSET &&
	       record->offset >= s->options.until.value;
}

/* Records that are missing end the story, as what follows rests upon them. */
static enum kmeta_status events_next_batch(struct kmeta_story *s, struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (s->has_batch && !ahead_go_on(s->ahead, s->options.progress, s->options.context))
		return finding_stopped(why);
	status = ahead_batch(s->ahead, &s->batch, why);
	s->has_batch = status == KMETA_OK;
	if (status != KMETA_OK)
		return status;
	if (s->end_offset < 0 && !s->from && s->batch.base_offset > 0)
		partial_begin(s->image, s->batch.base_offset);
	else if (s->end_offset < 0)
		s->end_offset = s->from;
	if (s->end_offset >= 0 && s->batch.base_offset > s->end_offset) {
		finding_set(why, KMETA_MISSING_RECORDS, "the records %lld to %lld are missing",
		            (long long)s->end_offset, (long long)s->batch.base_offset - 1);
		why->file = s->batch.file;
		why->position = s->batch.position;
		why->offset = s->end_offset;
		return KMETA_DAMAGED;
	}
	s->end_offset = batch_behind(s->batch.last_offset);
	return KMETA_OK;
}

/* OK: nothing is whole yet. END: an event is, or the log has ended, which "is_over" tells. */
static enum kmeta_status story_step(struct kmeta_story *s, struct kmeta_finding *why)
{
	struct ahead_record r;
	enum kmeta_status status = s->has_batch ? ahead_record(s->ahead, &r, why) : KMETA_END;

	if (status == KMETA_END) {
		status = events_next_batch(s, why);
		s->is_over = status != KMETA_OK;
		return status;
	}
	if (status != KMETA_OK) {
		s->is_over = true;
		return status;
	}
	if (story_is_past(s, r.record)) {
		s->is_over = true;
		return KMETA_END;
	}
	return r.record->offset < s->from ? KMETA_OK : story_take(s, &r, why);
}

/* Damage is told behind the last event. */
enum kmeta_status kmeta_story_next(struct kmeta_story *s, struct kmeta_story_event *event,
                                   struct kmeta_finding *why)
{
	enum kmeta_status status = s->is_over ? KMETA_END : KMETA_OK;
	struct kmeta_finding damage;

	while (status == KMETA_OK)
		status = story_step(s, &damage);
	if (status == KMETA_FAILED) {
		*why = damage;
		s->is_over = true;
		finding_detach(why, s->path);
		return status;
	}
	if (status == KMETA_DAMAGED && !story_report(s, &damage)) {
		*why = damage;
		return KMETA_FAILED;
	}
	if (!s->is_over) {
		*event = *runs_ended(&s->runs);
		return KMETA_OK;
	}
	if (!runs_end(&s->runs))
		return KMETA_END;
	*event = *runs_ended(&s->runs);
	return KMETA_OK;
}

const struct kmeta_image *kmeta_story_image(const struct kmeta_story *story)
{
	return story->image;
}

enum kmeta_status kmeta_story_count(const struct kmeta_story *story,
                                    struct kmeta_story_counts *counts, struct kmeta_finding *why)
{
	const struct kmeta_image *image = story->image;
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open_kind(&walk, image, KMETA_BROKER, NULL, 0, why);

	*counts = (struct kmeta_story_counts){
		.brokers = (int64_t)kmeta_image_count(image, KMETA_BROKER),
		.controllers = (int64_t)kmeta_image_count(image, KMETA_CONTROLLER),
		.topics = (int64_t)kmeta_image_count(image, KMETA_TOPIC),
		.partitions = (int64_t)kmeta_image_count(image, KMETA_PARTITION),
		.leaderless = story->downtimes.leaderless,
		.under_replicated = story->downtimes.under_replicated,
	};
	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK)
		counts->fenced += event_integer(entity.fields, "fenced", 0) > 0;
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

void kmeta_story_downtime(struct kmeta_story *story, enum kmeta_downtime_kind kind,
                          struct kmeta_downtime *downtime)
{
	downtimes_sum(&story->downtimes, kind, story->last_time, downtime);
}

/* ---- opening ---- */

static enum kmeta_status open_log(struct kmeta_story *s, struct kmeta_finding *why)
{
	const struct kmeta_range from = { s->from, INT64_MAX };
	const struct kmeta_source_options window = { .size = sizeof(window),
		                                     .offsets = &from,
		                                     .until = &s->options.until };
	enum kmeta_status status = kmeta_source_open(&s->source, s->path, &window, why);

	if (status != KMETA_OK)
		return status;
	s->ahead = ahead_open(s->source, &s->dialect, &(struct ahead_options){ .image = s->image });
	return s->ahead ? KMETA_OK : finding_memory(why);
}

/* Standard input cannot be read twice, so its story begins where it begins. */
static enum kmeta_status load_begin(struct kmeta_story *s, const char *path,
                                    struct kmeta_finding *why)
{
	const struct kmeta_point start = { .kind = KMETA_POINT_START };
	const struct kmeta_load_options load = { .size = sizeof(load),
		                                 .partial = true,
		                                 .dialect = s->options.dialect,
		                                 .report = story_report,
		                                 .context = s };

	if (strcmp(path, "-") != 0)
		return kmeta_image_load(&s->image, path,
		                        s->options.has_from ? s->options.from : start, &load, why);
	if (s->options.has_from)
		return finding_set(why, KMETA_BAD_ARGUMENT,
		                   "standard input is read once: a range needs a file");
	s->image = kmeta_image_new();
	return s->image ? KMETA_OK : finding_memory(why);
}

static enum kmeta_status begin(struct kmeta_story *s, const char *path, struct kmeta_finding *why)
{
	enum kmeta_status status;

	s->path = strdup(path);
	if (!s->path)
		return finding_memory(why);
	if (!kmeta_dialect_init(&s->dialect, s->options.dialect))
		return finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                   s->options.dialect);
	status = load_begin(s, path, why);
	if (status != KMETA_OK)
		return status;
	s->from = s->image->moment.end_offset;
	s->last_time = s->image->moment.timestamp;
	s->runs.image = s->image;
	s->runs.downtimes = &s->downtimes;
	s->runs.topic = s->options.topic;
	if (!downtimes_scan(&s->downtimes, s->image, s->last_time))
		return finding_memory(why);
	return open_log(s, why);
}

enum kmeta_status kmeta_story_open(struct kmeta_story **story, const char *path,
                                   const struct kmeta_story_options *options,
                                   struct kmeta_finding *why)
{
	struct kmeta_story *s = calloc(1, sizeof(*s));
	enum kmeta_status status;

	*story = NULL;
	if (!s)
		return finding_memory(why);
	s->end_offset = -1;
	status = options_take(&s->options, sizeof(s->options), options, why);
	if (status == KMETA_OK)
		status = begin(s, path, why);
	if (status == KMETA_OK) {
		*story = s;
		return KMETA_OK;
	}
	finding_detach(why, path);
	kmeta_story_close(s);
	return status;
}

void kmeta_story_close(struct kmeta_story *s)
{
	if (!s)
		return;
	ahead_close(s->ahead);
	kmeta_source_close(s->source);
	kmeta_image_free(s->image);
	downtimes_release(&s->downtimes);
	runs_release(&s->runs);
	kmeta_buffer_release(&s->before);
	kmeta_fields_release(&s->registered);
	free(s->path);
	free(s);
}
