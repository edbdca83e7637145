/* SPDX-License-Identifier: Apache-2.0 */
/* reach.c: the state at any offset, by replay from the nearest that is kept. */
#include "reach.h"

/* How far in front of a far state a copy is left. */
enum { NEAR = 1 << 10 };

struct replay {
	struct states *states;
	struct kmeta_pages *pages;
	struct kmeta_image *image;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	int64_t start, end_offset, watched;
	kmeta_event_seen *seen;
	void *context;
	struct job *job;
	struct kmeta_finding *why;
};

static bool stopped(void *context, int64_t done, int64_t total)
{
	struct job *job = context;

	job_progress(job, done, total);
	return !job_should_stop(job);
}

static enum kmeta_status apply_row(struct replay *r, const struct kmeta_page *page,
                                   const struct kmeta_row *row)
{
	const struct kmeta_batch *batch = &page->batches[row->batch];
	const int64_t have = kmeta_image_moment(r->image).end_offset;
	enum kmeta_status status = KMETA_OK;

	if (row->damage >= 0 || !batch->valid || row->record.offset < have)
		return KMETA_OK;
	if (row->record.offset > have)
		return KMETA_DAMAGED;
	if (have == r->watched && r->seen && !kmeta_image_watch(r->image, r->seen, r->context))
		return KMETA_FAILED;
	if (!is_no_op(row)) {
		status = kmeta_decode(&r->dialect, &row->record, &r->fields, r->why);
		if (status == KMETA_OK)
			status = kmeta_image_apply(r->image, batch, &row->record, &r->fields, NULL,
			                           NULL, r->why);
	}
	kmeta_image_reach(r->image, batch, have + 1);
	if (have + 1 == r->end_offset - NEAR && have - r->start > WORTH_THAWING)
		states_leave_near(r->states, r->image);
	return status;
}

/* OK: the offset was reached; anything else: these pages do not lead there. */
static enum kmeta_status replay_pages(struct replay *r, size_t file, int64_t position)
{
	struct kmeta_page page = { 0 };
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK && kmeta_image_moment(r->image).end_offset < r->end_offset) {
		const struct kmeta_pages_file info = kmeta_pages_file(r->pages, file);

		if (!info.name || job_should_stop(r->job)) {
			status = KMETA_FAILED;
		} else if (position >= info.size) {
			file++;
			position = 0;
			continue;
		} else {
			status = kmeta_pages_read(r->pages, file, position, position + PAGE_STEP,
			                          &page, r->why);
		}
		for (size_t i = 0; i < page.rows_count && status == KMETA_OK; i++) {
			if (kmeta_image_moment(r->image).end_offset >= r->end_offset)
				break;
			if (i % KMETA_EXPECT == 0)
				expect_rows(r->image, &page.rows[i], page.rows_count - i);
			status = apply_row(r, &page, &page.rows[i]);
		}
		position = page.end;
		job_progress(r->job, kmeta_image_moment(r->image).end_offset - r->start,
		             r->end_offset - r->start);
	}
	kmeta_page_release(&page);
	return status;
}

static enum kmeta_status replay(struct replay *r, struct index *index)
{
	const int64_t have = kmeta_image_moment(r->image).end_offset;
	struct index_page page = { .dialect = index_dialect(index) };
	enum kmeta_status status;
	size_t number;

	if (!index_find_offset(index, have, &number) || !index_page(index, number, &page))
		page.file = 0;
	r->dialect = page.dialect;
	r->start = have;
	status = replay_pages(r, page.file, page.begin);
	if (!kmeta_image_watch(r->image, NULL, NULL))
		status = KMETA_FAILED;
	kmeta_fields_release(&r->fields);
	return status;
}

static struct kmeta_point at(int64_t end_offset)
{
	return (struct kmeta_point){ KMETA_POINT_OFFSET, end_offset };
}

/* As the library loads it, which knows what can be done where something is missing. */
static enum kmeta_status load(struct index *index, struct kmeta_point point,
                              struct kmeta_image **image, struct job *job,
                              struct kmeta_finding *why)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = index_release(index),
		                                    .progress = stopped,
		                                    .context = job };

	return kmeta_image_load(image, index_address(index), point, &options, why);
}

enum kmeta_status reach_checkpoint(struct index *index, struct kmeta_image **image, struct job *job,
                                   struct kmeta_finding *why)
{
	return *image ? KMETA_OK
	              : load(index, (struct kmeta_point){ .kind = KMETA_POINT_END }, image, job,
	                     why);
}

enum kmeta_status reach_state(struct index *index, struct kmeta_pages *pages, int64_t end_offset,
                              struct kmeta_image **image, int64_t watched, kmeta_event_seen *seen,
                              void *context, struct job *job, struct kmeta_finding *why)
{
	struct states *states = index_states(index);
	struct replay r = { .states = states,
		            .pages = pages,
		            .end_offset = end_offset,
		            .watched = watched,
		            .seen = seen,
		            .context = context,
		            .job = job,
		            .why = why };
	/* What a record changes is seen by going through it. */
	const int64_t from = seen && watched < end_offset ? watched : end_offset;

	states_take_nearer(states, from, image);
	if (!*image && load(index, at(from), image, job, why) != KMETA_OK) {
		*image = NULL;
		return KMETA_FAILED;
	}
	r.image = *image;
	if (replay(&r, index) == KMETA_OK)
		return KMETA_OK;
	kmeta_image_free(*image);
	*image = NULL;
	if (job_should_stop(job) || load(index, at(end_offset), image, job, why) != KMETA_OK) {
		*image = NULL;
		return KMETA_FAILED;
	}
	return KMETA_OK;
}
