/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.c: scans a log stretch by stretch, and keeps what each holds and the states on the way. */
#include "state/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "log/pages.h"
#include "record/batch.h"
#include "state/expect.h"
#include "state/freeze.h"

enum { DEFAULT_MEMORY = 64 << 20 };

/* ---- opening ---- */

static char *address_of(const struct kmeta_pages *pages)
{
	const char *directory = pages_directory(pages);

	return strdup(directory ? directory : kmeta_pages_file(pages, 0).path);
}

static void forget_position(struct kmeta_timeline *t)
{
	t->begun = false;
	t->next_offset = t->lost_offset = t->tried_offset = -1;
	t->count = t->file = 0;
	t->position = 0;
	t->latest = INT64_MIN;
	t->complete = t->out_of_memory = false;
}

static bool fill_timeline(struct kmeta_timeline *t, const struct kmeta_pages *pages,
                          const struct kmeta_timeline_options *options)
{
	t->address = address_of(pages);
	t->dialect = options->dialect ? strdup(options->dialect) : NULL;
	t->pages = kmeta_pages_copy(pages);
	t->topics = kmeta_topics_new();
	t->kept = kept_states_new(options->memory ? options->memory : DEFAULT_MEMORY);
	return t->address && (t->dialect || !options->dialect) && t->pages && t->topics && t->kept;
}

enum kmeta_status kmeta_timeline_open(struct kmeta_timeline **timeline,
                                      const struct kmeta_pages *pages,
                                      const struct kmeta_timeline_options *options,
                                      struct kmeta_finding *why)
{
	struct kmeta_timeline_options own;
	enum kmeta_status status = options_take(&own, sizeof(own), options, why);
	struct kmeta_timeline *t;

	if (status != KMETA_OK)
		return status;
	t = calloc(1, sizeof(*t));
	if (!t)
		return finding_memory(why);
	pthread_mutex_init(&t->lock, NULL);
	forget_position(t);
	if (!kmeta_dialect_init(&t->stream, own.dialect))
		status = finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                     own.dialect);
	else if (!fill_timeline(t, pages, &own))
		status = finding_memory(why);
	if (status == KMETA_OK)
		*timeline = t;
	else
		kmeta_timeline_close(t);
	return status;
}

void kmeta_timeline_close(struct kmeta_timeline *timeline)
{
	struct kmeta_timeline *t = timeline;

	if (!t)
		return;
	kmeta_pages_close(t->pages);
	kmeta_image_free(t->image);
	frozen_free(t->frozen);
	kmeta_fields_release(&t->fields);
	kmeta_topics_free(t->topics);
	kept_states_free(t->kept);
	pthread_mutex_destroy(&t->lock);
	free(t->address);
	free(t->dialect);
	free(t->stretches);
	free(t->target);
	free(t->changes);
	free(t);
}

void timeline_forget_changes(struct kmeta_timeline *t)
{
	free(t->target);
	t->target = NULL;
	t->changes_count = 0;
}

bool kmeta_timeline_renew(struct kmeta_timeline *timeline, const struct kmeta_pages *pages,
                          bool replaced)
{
	struct kmeta_timeline *t = timeline;
	struct kmeta_pages *copy = kmeta_pages_copy(pages);

	if (!copy)
		return false;
	kmeta_pages_close(t->pages);
	t->pages = copy;
	timeline_forget_changes(t);
	pthread_mutex_lock(&t->lock);
	t->complete = false;
	if (replaced) {
		frozen_free(t->frozen);
		t->frozen = NULL;
		forget_position(t);
	} else if (t->count) {
		/* The last stretch may have ended in half of a batch that is whole now. */
		const struct kmeta_stretch *last = &t->stretches[--t->count];

		t->file = last->file;
		t->position = last->begin;
		t->next_offset = last->first_offset;
	}
	pthread_mutex_unlock(&t->lock);
	if (replaced)
		kept_states_clear(t->kept);
	return true;
}

/* ---- rows ---- */

void timeline_expect(const struct kmeta_image *image, const struct kmeta_row *rows, size_t count)
{
	const struct kmeta_record *records[IMAGE_EXPECT];

	count = count < IMAGE_EXPECT ? count : IMAGE_EXPECT;
	for (size_t i = 0; i < count; i++)
		records[i] = &rows[i].record;
	image_expect(image, records, count);
}

/* ---- the state on the way ---- */

/* A checkpoint may hold names and a state that no segment has any more. Without it, none is known. */
static void load_state(struct kmeta_timeline *t, struct kmeta_point point)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = t->dialect };
	struct kmeta_finding ignored; /* the state is unknown, for whatever reason */

	kmeta_image_free(t->image);
	t->image = NULL;
	if (kmeta_image_load(&t->image, t->address, point, &options, &ignored) != KMETA_OK)
		t->image = NULL;
}

static void learn_names(struct kmeta_timeline *t)
{
	const struct kmeta_record topic = { .type = KMETA_TOPIC_RECORD };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding ignored; /* names are a help, and ids print without them */

	if (!t->image ||
	    kmeta_walk_open_kind(&walk, t->image, KMETA_TOPIC, NULL, 0, &ignored) != KMETA_OK)
		return;
	pthread_mutex_lock(&t->lock);
	while (kmeta_walk_next(walk, &entity, &ignored) == KMETA_OK)
		if (!kmeta_topics_learn(t->topics, &topic, entity.fields))
			break;
	pthread_mutex_unlock(&t->lock);
	kmeta_walk_close(walk);
}

/* The state where the log begins, before its first record is replayed. */
static void begin_state(struct kmeta_timeline *t)
{
	if (t->begun)
		return;
	t->begun = true;
	load_state(t, (struct kmeta_point){ .kind = KMETA_POINT_START });
	learn_names(t);
	if (t->image)
		kept_states_offer(t->kept, t->image);
	else
		t->lost_offset = 0;
}

/* After a gap the state is known again from the first checkpoint past it. */
static void look_for_checkpoint(struct kmeta_timeline *t)
{
	struct kmeta_finding ignored; /* without a checkpoint the state stays unknown */
	char *path = NULL;
	int64_t end_offset;

	if (t->next_offset < 0 || kmeta_newest_checkpoint(t->address, t->next_offset, &path,
	                                                  &end_offset, &ignored) != KMETA_OK)
		return;
	if (end_offset >= t->lost_offset && end_offset > t->tried_offset) {
		t->tried_offset = end_offset;
		load_state(t, (struct kmeta_point){ .kind = KMETA_POINT_OFFSET,
		                                    .value = t->next_offset });
	}
	free(path);
}

static void lose_state(struct kmeta_timeline *t, int64_t offset)
{
	kmeta_image_free(t->image);
	t->image = NULL;
	t->lost_offset = offset;
}

/* The image is needed in full only while the scan runs. */
static void freeze_state(struct kmeta_timeline *t)
{
	t->frozen = t->image ? image_freeze(t->image) : NULL;
	kmeta_image_free(t->image);
	t->image = NULL;
}

static void thaw_state(struct kmeta_timeline *t)
{
	begin_state(t);
	if (t->frozen)
		t->image = image_thaw(t->frozen);
	frozen_free(t->frozen);
	t->frozen = NULL;
}

/* ---- stretches ---- */

/* Keep the names of removed topics: other records still refer to their ids. */
static bool learn_topic(struct kmeta_timeline *t, const struct kmeta_record *record)
{
	bool learned;

	if (record->control || record->type != KMETA_TOPIC_RECORD)
		return true;
	pthread_mutex_lock(&t->lock);
	learned = kmeta_topics_learn(t->topics, record, &t->fields);
	pthread_mutex_unlock(&t->lock);
	t->out_of_memory |= !learned;
	return learned;
}

/* False: the record cannot be applied, and the state is unknown after it. */
static bool replay_row(struct kmeta_timeline *t, const struct kmeta_batch *batch,
                       const struct kmeta_row *row, struct kmeta_stretch *stretch)
{
	const struct kmeta_record *record = &row->record;
	const bool no_op = kmeta_row_is_no_op(row);
	struct kmeta_finding ignored; /* the stretch is marked, and its rows tell the reason */
	int64_t have;

	if (!no_op && kmeta_decode(&t->stream, record, &t->fields, &ignored) != KMETA_OK) {
		stretch->flags |= KMETA_STRETCH_DAMAGE;
		return false;
	}
	if (!no_op && !learn_topic(t, record))
		return false;
	if (!t->image)
		return true;
	have = kmeta_image_moment(t->image).end_offset;
	if (record->offset != have)
		return record->offset < have;
	if (!no_op && kmeta_image_apply(t->image, batch, record, &t->fields, NULL, NULL,
	                                &ignored) != KMETA_OK)
		return false;
	kmeta_image_reach(t->image, batch, batch_behind(record->offset));
	return true;
}

static void note_record(struct kmeta_timeline *t, const struct kmeta_batch *batch,
                        const struct kmeta_row *row, struct kmeta_stretch *stretch)
{
	const struct kmeta_record *record = &row->record;

	if (stretch->first_offset < 0) {
		stretch->first_offset = record->offset;
		stretch->time = record->timestamp;
	}
	stretch->last_offset = record->offset;
	if (kmeta_row_is_leader_change(row))
		stretch->flags |= KMETA_STRETCH_LEADER_CHANGE;
	if (!batch->valid)
		return;
	if (t->next_offset >= 0 && record->offset != t->next_offset) {
		stretch->flags |= KMETA_STRETCH_DAMAGE;
		if (record->offset > t->next_offset)
			lose_state(t, record->offset);
	}
	t->next_offset = batch_behind(record->offset);
	if (!replay_row(t, batch, row, stretch))
		lose_state(t, record->offset);
}

static void note_rows(struct kmeta_timeline *t, const struct kmeta_page *page,
                      struct kmeta_stretch *stretch)
{
	bool only = page->rows_count > 0, leading = true;

	for (size_t i = 0; i < page->rows_count; i++) {
		const struct kmeta_row *row = &page->rows[i];
		const bool no_op = kmeta_row_is_no_op(row);

		if (t->image && i % IMAGE_EXPECT == 0)
			timeline_expect(t->image, row, page->rows_count - i);
		only &= no_op;
		leading &= no_op;
		stretch->leading_no_ops += leading;
		if (row->damage >= 0)
			stretch->flags |= KMETA_STRETCH_DAMAGE;
		else
			note_record(t, &page->batches[row->batch], row, stretch);
	}
	if (only)
		stretch->flags |= KMETA_STRETCH_ONLY_NO_OPS;
	if (page->rows_count && kmeta_row_is_no_op(&page->rows[page->rows_count - 1]))
		stretch->flags |= KMETA_STRETCH_ENDS_IN_NO_OP;
}

static void note_batches(struct kmeta_timeline *t, const struct kmeta_page *page)
{
	for (size_t i = 0; i < page->batches_count; i++)
		if (page->batches[i].valid && page->batches[i].max_timestamp > t->latest)
			t->latest = page->batches[i].max_timestamp;
}

static bool add_stretch(struct kmeta_timeline *t, const struct kmeta_stretch *stretch)
{
	struct kmeta_stretch *stretches;

	pthread_mutex_lock(&t->lock);
	stretches = array_room(t->stretches, &t->capacity, t->count + 1, sizeof(*stretches));
	if (stretches) {
		t->stretches = stretches;
		t->stretches[t->count++] = *stretch;
	}
	pthread_mutex_unlock(&t->lock);
	return stretches != NULL;
}

/* A file that cannot be read is passed over: its rows tell why. */
static bool scan_stretch(struct kmeta_timeline *t, struct kmeta_page *page)
{
	struct kmeta_finding why; /* whoever shows the file meets the same failure */
	struct kmeta_stretch stretch = {
		.dialect = t->stream, .first_offset = -1, .last_offset = -1, .time = -1
	};

	if (kmeta_pages_read(t->pages, t->file, t->position, t->position + STRETCH_BYTES, page,
	                     &why) != KMETA_OK) {
		if (why.code == KMETA_OUT_OF_MEMORY)
			return false;
		t->position = INT64_MAX;
		return true;
	}
	stretch.file = page->file;
	stretch.begin = page->begin;
	stretch.end = page->end;
	stretch.rows = (uint32_t)page->rows_count;
	note_batches(t, page);
	stretch.latest = t->latest;
	note_rows(t, page, &stretch);
	t->position = page->end;
	if (t->out_of_memory || !add_stretch(t, &stretch))
		return false;
	if (!t->image)
		look_for_checkpoint(t);
	if (t->image)
		kept_states_offer(t->kept, t->image);
	return true;
}

/* ---- scanning ---- */

static int64_t size_of_files(const struct kmeta_pages *pages, size_t count)
{
	int64_t size = 0;

	for (size_t i = 0; i < count && kmeta_pages_file(pages, i).name; i++)
		size += kmeta_pages_file(pages, i).size;
	return size;
}

static enum kmeta_status scan_files(struct kmeta_timeline *t, struct kmeta_page *page,
                                    kmeta_progress *progress, void *context,
                                    struct kmeta_finding *why)
{
	const int64_t total = size_of_files(t->pages, SIZE_MAX);
	int64_t before = size_of_files(t->pages, t->file);
	struct kmeta_pages_file file;

	while ((file = kmeta_pages_file(t->pages, t->file)).name) {
		if (t->position >= file.size) {
			before += file.size;
			t->position = 0;
			t->file++;
			continue;
		}
		if (progress && !progress(context, before + t->position, total))
			return finding_stopped(why);
		if (!scan_stretch(t, page))
			return finding_memory(why);
	}
	return KMETA_OK;
}

enum kmeta_status kmeta_timeline_scan(struct kmeta_timeline *timeline, kmeta_progress *progress,
                                      void *context, struct kmeta_finding *why)
{
	struct kmeta_timeline *t = timeline;
	struct kmeta_page page = { 0 };
	enum kmeta_status status;

	thaw_state(t);
	status = scan_files(t, &page, progress, context, why);
	kmeta_page_release(&page);
	freeze_state(t);
	pthread_mutex_lock(&t->lock);
	t->complete = status == KMETA_OK;
	pthread_mutex_unlock(&t->lock);
	return status;
}
