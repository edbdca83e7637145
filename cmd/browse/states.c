/* SPDX-License-Identifier: Apache-2.0 */
/* states.c: the state at any offset: copies kept on the way, and replay from the nearest. */
#include "states.h"

#include <stdlib.h>
#include <string.h>

#include "index.h"

enum {
	FIRST_SPACING = 16 << 10, /* records between copies, to begin with; and in any case: */
	SPACING_PER_ENTITY = 8,   /* making them should take little of the time of the replay */
	NEAR = 1 << 10,           /* how far in front of a far state a copy is left */
	WORTH_THAWING = 8 << 10,  /* records that are quicker replayed than a copy thawed */
	MEMORY_LIMIT = 64 << 20   /* bytes of all copies */
};

struct copy {
	struct kmeta_frozen *frozen;
	int64_t end_offset;
	size_t bytes;
};

struct states {
	pthread_mutex_t lock;
	char *address;
	const char *dialect;
	struct copy *copies; /* in order */
	size_t count, capacity, bytes;
	int64_t spacing;
	struct copy near; /* left on the way to the last far state */
};

struct states *states_new(const char *address, const char *dialect)
{
	struct states *states = calloc(1, sizeof(*states));

	if (!states)
		return NULL;
	pthread_mutex_init(&states->lock, NULL);
	states->address = strdup(address);
	states->dialect = dialect;
	states->spacing = FIRST_SPACING;
	if (states->address)
		return states;
	states_free(states);
	return NULL;
}

void states_clear(struct states *states)
{
	pthread_mutex_lock(&states->lock);
	for (size_t i = 0; i < states->count; i++)
		kmeta_frozen_free(states->copies[i].frozen);
	kmeta_frozen_free(states->near.frozen);
	states->near = (struct copy){ 0 };
	states->count = states->bytes = 0;
	states->spacing = FIRST_SPACING;
	pthread_mutex_unlock(&states->lock);
}

void states_free(struct states *states)
{
	if (!states)
		return;
	states_clear(states);
	pthread_mutex_destroy(&states->lock);
	free(states->copies);
	free(states->address);
	free(states);
}

/* ---- copies ---- */

/* Every other copy goes, and further ones are made half as often. */
static void thin_out(struct states *states)
{
	size_t kept = 0;

	for (size_t i = 0; i < states->count; i++) {
		if (i % 2 == 0) {
			states->copies[kept++] = states->copies[i];
			continue;
		}
		states->bytes -= states->copies[i].bytes;
		kmeta_frozen_free(states->copies[i].frozen);
	}
	states->count = kept;
	states->spacing *= 2;
}

static bool make_room(struct states *states)
{
	const size_t capacity = states->capacity ? states->capacity * 2 : 32;
	struct copy *copies;

	if (states->count < states->capacity)
		return true;
	copies = realloc(states->copies, capacity * sizeof(*copies));
	if (!copies)
		return false;
	states->copies = copies;
	states->capacity = capacity;
	return true;
}

static int64_t entities_in(const struct kmeta_image *image)
{
	int64_t count = 0;

	for (int kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		count += (int64_t)kmeta_image_count(image, (enum kmeta_entity_kind)kind);
	return count;
}

static bool is_due(const struct states *states, const struct kmeta_image *image)
{
	const struct copy *last = states->count ? &states->copies[states->count - 1] : NULL;
	const int64_t replayed =
		last ? kmeta_image_place(image).end_offset - last->end_offset : INT64_MAX;

	return replayed >= states->spacing &&
	       replayed >= SPACING_PER_ENTITY * entities_in(image);
}

static bool keep(struct states *states, const struct kmeta_image *image)
{
	struct copy copy = { kmeta_image_freeze(image), kmeta_image_place(image).end_offset, 0 };

	if (!copy.frozen || !make_room(states)) {
		kmeta_frozen_free(copy.frozen);
		return false;
	}
	copy.bytes = kmeta_frozen_memory(copy.frozen);
	states->copies[states->count++] = copy;
	states->bytes += copy.bytes;
	return true;
}

void states_offer(struct states *states, const struct kmeta_image *image)
{
	pthread_mutex_lock(&states->lock);
	if (is_due(states, image) && keep(states, image))
		while (states->bytes > MEMORY_LIMIT && states->count > 1)
			thin_out(states);
	pthread_mutex_unlock(&states->lock);
}

/* Where there is a copy that is much nearer to an offset than what is at hand, it is taken. */
static void take_nearer(struct states *states, int64_t end_offset, struct kmeta_image **image)
{
	const struct copy *best = NULL;
	int64_t have = *image ? kmeta_image_place(*image).end_offset : -1;
	const int64_t entities = *image ? entities_in(*image) : 0;
	const int64_t worth = entities > WORTH_THAWING ? entities : WORTH_THAWING;

	if (have > end_offset)
		have = -1;
	pthread_mutex_lock(&states->lock);
	for (size_t i = 0; i < states->count && states->copies[i].end_offset <= end_offset; i++)
		best = &states->copies[i];
	if (states->near.frozen && states->near.end_offset <= end_offset &&
	    (!best || states->near.end_offset > best->end_offset))
		best = &states->near;
	if (have < 0 || (best && best->end_offset > have + worth)) {
		kmeta_image_free(*image);
		*image = best ? kmeta_image_thaw(best->frozen) : NULL;
	}
	pthread_mutex_unlock(&states->lock);
}

/* So that who looks at a far state can go back from there step by step. */
static void leave_near(struct states *states, const struct kmeta_image *image)
{
	pthread_mutex_lock(&states->lock);
	kmeta_frozen_free(states->near.frozen);
	states->near = (struct copy){ kmeta_image_freeze(image),
		                      kmeta_image_place(image).end_offset, 0 };
	pthread_mutex_unlock(&states->lock);
}

/* ---- replay ---- */

void expect_rows(const struct kmeta_image *image, const struct kmeta_row *rows, size_t count)
{
	const struct kmeta_record *records[KMETA_EXPECT];

	count = count < KMETA_EXPECT ? count : KMETA_EXPECT;
	for (size_t i = 0; i < count; i++)
		records[i] = &rows[i].record;
	kmeta_image_expect(image, records, count);
}

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

static bool stopped(void *context, const struct kmeta_source *source)
{
	struct job *job = context;
	int64_t done, total;

	kmeta_source_progress(source, &done, &total);
	job_progress(job, done, total);
	return !job_should_stop(job);
}

static enum kmeta_status apply_row(struct replay *r, const struct kmeta_page *page,
                                   const struct kmeta_row *row)
{
	const struct kmeta_batch *batch = &page->batches[row->batch];
	const int64_t have = kmeta_image_place(r->image).end_offset;
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
		leave_near(r->states, r->image);
	return status;
}

/* OK: the offset was reached; anything else: these pages do not lead there. */
static enum kmeta_status replay_pages(struct replay *r, size_t file, int64_t position)
{
	struct kmeta_page page = { 0 };
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK && kmeta_image_place(r->image).end_offset < r->end_offset) {
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
			if (kmeta_image_place(r->image).end_offset >= r->end_offset)
				break;
			if (i % KMETA_EXPECT == 0)
				expect_rows(r->image, &page.rows[i], page.rows_count - i);
			status = apply_row(r, &page, &page.rows[i]);
		}
		position = page.end;
		job_progress(r->job, kmeta_image_place(r->image).end_offset - r->start,
		             r->end_offset - r->start);
	}
	kmeta_page_release(&page);
	return status;
}

static enum kmeta_status replay(struct replay *r, struct index *index)
{
	const int64_t have = kmeta_image_place(r->image).end_offset;
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

/* As the library loads it, which knows what can be done where something is missing. */
static enum kmeta_status load(struct states *states, int64_t end_offset, struct kmeta_image **image,
                              struct job *job, struct kmeta_finding *why)
{
	const struct kmeta_load_options options = { .dialect = states->dialect,
		                                    .progress = stopped,
		                                    .context = job };
	const struct kmeta_point point = { KMETA_POINT_OFFSET, end_offset };

	return kmeta_image_load(image, states->address, point, &options, why);
}

enum kmeta_status states_reach(struct states *states, struct index *index,
                               struct kmeta_pages *pages, int64_t end_offset,
                               struct kmeta_image **image, int64_t watched, kmeta_event_seen *seen,
                               void *context, struct job *job, struct kmeta_finding *why)
{
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

	take_nearer(states, from, image);
	if (!*image && load(states, from, image, job, why) != KMETA_OK) {
		*image = NULL;
		return KMETA_FAILED;
	}
	r.image = *image;
	if (replay(&r, index) == KMETA_OK)
		return KMETA_OK;
	kmeta_image_free(*image);
	*image = NULL;
	if (job_should_stop(job) || load(states, end_offset, image, job, why) != KMETA_OK) {
		*image = NULL;
		return KMETA_FAILED;
	}
	return KMETA_OK;
}
