/* SPDX-License-Identifier: Apache-2.0 */
/* timeline_state.c: the state at any moment of a timeline, and the changes of one entity. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "state/expect.h"
#include "state/load.h"
#include "state/timeline.h"

/* How many records before a distant state a copy is kept. */
enum { NEAR = 1 << 10 };

struct reach {
	struct kmeta_timeline *timeline;
	struct kmeta_pages *pages;
	struct kmeta_image *image;
	struct kmeta_reach_options options;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	int64_t start, end_offset;
	struct kmeta_finding *why;
};

static int64_t reached(const struct reach *r)
{
	return kmeta_image_moment(r->image).end_offset;
}

static enum kmeta_status reach_progress(const struct reach *r)
{
	if (!r->options.progress || r->options.progress(r->options.context, reached(r) - r->start,
	                                                r->end_offset - r->start))
		return KMETA_OK;
	return finding_stopped(r->why);
}

/* ---- replay ---- */

static enum kmeta_status watch_from(struct reach *r, int64_t offset)
{
	if (!r->options.seen || offset != r->options.watched)
		return KMETA_OK;
	return kmeta_image_watch(r->image, r->options.seen, r->options.context)
	               ? KMETA_OK
	               : finding_memory(r->why);
}

/* DAMAGED: records are missing before this one. */
static enum kmeta_status reach_row(struct reach *r, const struct kmeta_page *page,
                                   const struct kmeta_row *row)
{
	const struct kmeta_batch *batch = &page->batches[row->batch];
	const int64_t have = reached(r);
	enum kmeta_status status;

	if (row->damage >= 0 || !batch->valid || row->record.offset < have)
		return KMETA_OK;
	if (row->record.offset > have)
		return KMETA_DAMAGED;
	status = watch_from(r, have);
	if (status == KMETA_OK && !kmeta_row_is_no_op(row))
		status = kmeta_decode(&r->dialect, &row->record, &r->fields, r->why);
	if (status == KMETA_OK && !kmeta_row_is_no_op(row))
		status = kmeta_image_apply(r->image, batch, &row->record, &r->fields,
		                           r->options.report, r->options.context, r->why);
	if (status != KMETA_OK)
		return status;
	kmeta_image_reach(r->image, batch, have + 1);
	if (have + 1 == r->end_offset - NEAR && have - r->start > WORTH_THAWING)
		kept_states_put_near(r->timeline->kept, r->image);
	return KMETA_OK;
}

static enum kmeta_status reach_page(struct reach *r, const struct kmeta_page *page)
{
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < page->rows_count && status == KMETA_OK; i++) {
		if (reached(r) >= r->end_offset)
			break;
		if (i % IMAGE_EXPECT == 0)
			timeline_expect(r->image, &page->rows[i], page->rows_count - i);
		status = reach_row(r, page, &page->rows[i]);
	}
	return status == KMETA_OK ? reach_progress(r) : status;
}

/* DAMAGED: the pages do not lead to the offset. */
static enum kmeta_status reach_pages(struct reach *r, size_t file, int64_t position)
{
	struct kmeta_page page = { 0 };
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK && reached(r) < r->end_offset) {
		const struct kmeta_pages_file info = kmeta_pages_file(r->pages, file);

		if (!info.name) {
			status = KMETA_DAMAGED;
		} else if (position >= info.size) {
			file++;
			position = 0;
		} else {
			status = kmeta_pages_read(r->pages, file, position,
			                          position + STRETCH_BYTES, &page, r->why);
			position = page.end;
			if (status == KMETA_OK)
				status = reach_page(r, &page);
		}
	}
	kmeta_page_release(&page);
	return status;
}

/* Without a scan nothing tells where to begin: read the segments as a whole. */
static enum kmeta_status reach_segments(struct reach *r)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = r->timeline->dialect,
		                                    .report = r->options.report,
		                                    .progress = r->options.progress,
		                                    .context = r->options.context };

	return load_advance(
		r->image, r->timeline->address,
		(struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = r->end_offset },
		&options, r->why);
}

static enum kmeta_status reach_replay(struct reach *r)
{
	const struct kmeta_stretch from = timeline_stretch_at(r->timeline, reached(r));
	enum kmeta_status status;

	if (!from.rows && !r->options.seen)
		return reach_segments(r);
	r->dialect = from.dialect;
	r->start = reached(r);
	status = reach_pages(r, from.file, from.begin);
	if (!kmeta_image_watch(r->image, NULL, NULL) && status == KMETA_OK)
		status = finding_memory(r->why);
	kmeta_fields_release(&r->fields);
	return status;
}

/* ---- loading ---- */

/* kmeta_image_load() knows what to do where records are missing. */
static enum kmeta_status reach_load(struct reach *r, struct kmeta_point point,
                                    struct kmeta_image **image)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = r->timeline->dialect,
		                                    .report = r->options.report,
		                                    .progress = r->options.progress,
		                                    .context = r->options.context };

	kmeta_image_free(*image);
	*image = NULL;
	return kmeta_image_load(image, r->timeline->address, point, &options, r->why);
}

/* The newest checkpoint at or below an offset; 0: none, so the log begins with an empty state. */
static int64_t checkpoint_below(const struct kmeta_timeline *t, int64_t end_offset)
{
	struct kmeta_finding ignored; /* without a checkpoint, loading starts from nothing */
	int64_t found = 0;
	char *path = NULL;

	if (kmeta_newest_checkpoint(t->address, end_offset, &path, &found, &ignored) != KMETA_OK)
		return 0;
	free(path);
	return found;
}

/* A copy of a state that took long to load makes the next one quick. */
static void keep_if_dear(const struct reach *r)
{
	const int64_t have = reached(r);
	const int64_t replayed = have - checkpoint_below(r->timeline, have);

	if (!kmeta_timeline_count(r->timeline) && replayed > kept_states_worth(r->image))
		kept_states_put_near(r->timeline->kept, r->image);
}

/* ---- offsets ---- */

static struct kmeta_point at_offset(int64_t end_offset)
{
	return (struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = end_offset };
}

/* Loading would not help, and would not tell the changes that are watched. */
static bool is_final(const struct reach *r, enum kmeta_status status)
{
	return status == KMETA_FAILED &&
	       (r->why->code == KMETA_STOPPED || r->why->code == KMETA_OUT_OF_MEMORY);
}

/* Before a scan, a checkpoint that is nearer than a kept state is what kmeta_image_load() takes. */
static void take_kept(struct reach *r, int64_t end_offset, struct kmeta_image **image)
{
	struct kmeta_timeline *t = r->timeline;

	kept_states_take(t->kept, end_offset, image);
	if (*image && !kmeta_timeline_count(t) &&
	    checkpoint_below(t, end_offset) > kmeta_image_moment(*image).end_offset) {
		kmeta_image_free(*image);
		*image = NULL;
	}
}

static enum kmeta_status reach_offset(struct reach *r, struct kmeta_image **image)
{
	enum kmeta_status status = KMETA_OK;
	int64_t from = r->end_offset;

	/* The changes of a record are seen while it is applied. */
	if (r->options.seen && r->options.watched < from)
		from = r->options.watched;
	take_kept(r, from, image);
	if (!*image)
		status = reach_load(r, at_offset(from), image);
	if (status != KMETA_OK)
		return status;
	r->image = *image;
	status = reached(r) < r->end_offset ? reach_replay(r) : KMETA_OK;
	if (status == KMETA_OK) {
		keep_if_dear(r);
		return KMETA_OK;
	}
	kmeta_image_free(*image);
	*image = NULL;
	return is_final(r, status) ? status : reach_load(r, at_offset(r->end_offset), image);
}

/* ---- times ---- */

static bool find_later_batch(const struct kmeta_page *page, int64_t time, int64_t *offset)
{
	for (size_t i = 0; i < page->batches_count; i++)
		if (page->batches[i].valid && page->batches[i].max_timestamp > time) {
			*offset = page->batches[i].base_offset;
			return true;
		}
	return false;
}

/* The offset of the first batch that is later; END: the scan has not met one. */
static enum kmeta_status offset_of_time(struct reach *r, int64_t time, int64_t *offset)
{
	struct kmeta_stretch stretch;
	struct kmeta_page page = { 0 };
	enum kmeta_status status = KMETA_END;

	if (timeline_find_later(r->timeline, time, &stretch))
		status = kmeta_pages_read(r->pages, stretch.file, stretch.begin, stretch.end, &page,
		                          r->why);
	if (status == KMETA_OK && !find_later_batch(&page, time, offset))
		status = KMETA_END;
	kmeta_page_release(&page);
	return status;
}

/* Start and end, and times that the scan has not reached, are as kmeta_image_load() finds them. */
static enum kmeta_status reach_point(struct reach *r, struct kmeta_point point,
                                     struct kmeta_image **image)
{
	enum kmeta_status status;

	r->options.seen = NULL;
	if (point.kind == KMETA_POINT_TIME &&
	    offset_of_time(r, point.value, &r->end_offset) == KMETA_OK)
		return reach_offset(r, image);
	status = reach_load(r, point, image);
	if (status != KMETA_OK)
		return status;
	r->image = *image;
	keep_if_dear(r);
	return KMETA_OK;
}

enum kmeta_status kmeta_timeline_state(struct kmeta_timeline *timeline, struct kmeta_pages *pages,
                                       struct kmeta_point point, struct kmeta_image **image,
                                       const struct kmeta_reach_options *options,
                                       struct kmeta_finding *why)
{
	struct reach r = {
		.timeline = timeline, .pages = pages, .end_offset = point.value, .why = why
	};
	enum kmeta_status status = options_take(&r.options, sizeof(r.options), options, why);

	if (status == KMETA_OK)
		status = point.kind == KMETA_POINT_OFFSET ? reach_offset(&r, image)
		                                          : reach_point(&r, point, image);
	if (status != KMETA_OK) {
		kmeta_image_free(*image);
		*image = NULL;
	}
	return status == KMETA_OK ? KMETA_OK : KMETA_FAILED;
}

/* ---- the changes of one entity ---- */

struct search {
	struct kmeta_timeline *timeline;
	kmeta_progress *progress;
	void *context;
	bool out_of_memory;
};

/* A record that changes several things of the target is one change. */
static bool note_change(void *context, const struct kmeta_event *event)
{
	struct search *s = context;
	struct kmeta_timeline *t = s->timeline;
	const int64_t offset = event->record->offset;
	int64_t *changes;

	if (t->changes_count && t->changes[t->changes_count - 1] == offset)
		return true;
	changes = array_room(t->changes, &t->changes_capacity, t->changes_count + 1,
	                     sizeof(*changes));
	s->out_of_memory = !changes;
	if (!changes)
		return false;
	t->changes = changes;
	t->changes[t->changes_count++] = offset;
	return true;
}

static bool search_progress(void *context, int64_t done, int64_t total)
{
	const struct search *s = context;

	return !s->progress || s->progress(s->context, done, total);
}

static enum kmeta_status find_changes(struct search *s, const char *target,
                                      struct kmeta_finding *why)
{
	struct kmeta_timeline *t = s->timeline;
	const struct kmeta_history_options options = { .size = sizeof(options),
		                                       .targets = &target,
		                                       .targets_count = 1,
		                                       .dialect = t->dialect,
		                                       .seen = note_change,
		                                       .progress = search_progress,
		                                       .context = s };
	struct kmeta_history_span span;
	char *name = strdup(target);
	enum kmeta_status status;

	timeline_forget_changes(t);
	if (!name)
		return finding_memory(why);
	status = kmeta_history(t->address, &options, &span, why);
	if (status == KMETA_OK && s->out_of_memory)
		status = finding_memory(why);
	if (status == KMETA_OK)
		t->target = name;
	else
		free(name);
	return status;
}

enum kmeta_status kmeta_timeline_next_change(struct kmeta_timeline *timeline, const char *target,
                                             int64_t offset, bool backwards,
                                             kmeta_progress *progress, void *context,
                                             struct kmeta_step *step, struct kmeta_finding *why)
{
	struct search s = { .timeline = timeline, .progress = progress, .context = context };
	const struct kmeta_timeline *t = timeline;
	enum kmeta_status status = KMETA_OK;
	size_t at = 0;

	if (!t->target || strcmp(t->target, target) != 0)
		status = find_changes(&s, target, why);
	if (status != KMETA_OK)
		return status;
	while (at < t->changes_count &&
	       (backwards ? t->changes[at] < offset : t->changes[at] <= offset))
		at++;
	if (backwards ? at == 0 : at == t->changes_count)
		return KMETA_END;
	at -= backwards;
	*step = (struct kmeta_step){ t->changes[at], at + 1, t->changes_count };
	return KMETA_OK;
}
