/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: what each page of the log holds, found out behind the scenes while the log is shown. */
#include "index.h"

#include <stdlib.h>
#include <string.h>

/* Types of records, and of control records. */
enum { TOPIC = 2, NO_OP = 20, LEADER_CHANGE = 2, LEADER_CHANGE_OF_2_8 = 3 };

struct index {
	pthread_mutex_t lock; /* of all that follows but the thread's own */
	struct index_page *pages;
	size_t count, capacity;
	struct kmeta_topics *topics;
	struct kmeta_dialect dialect;
	struct states *states;
	char *address;
	const char *release;

	/* the thread's own */
	struct job job;
	struct kmeta_pages *source;
	struct kmeta_image *image;   /* NULL: the state is not known here */
	struct kmeta_frozen *frozen; /* that, while the thread rests */
	bool image_tried;            /* whether there is one at the start was found out */
	int64_t next_offset;         /* what should come, -1: anything may */
	int64_t lost_offset;         /* from which on the state is not known, -1: it is */
	int64_t tried_offset;        /* of the last checkpoint that was to tell it again */
	size_t file;                 /* where to go on */
	int64_t position;
	struct kmeta_fields fields;
};

struct index *index_new(const char *address, const char *dialect)
{
	struct index *index = calloc(1, sizeof(*index));

	if (!index)
		return NULL;
	pthread_mutex_init(&index->lock, NULL);
	index->release = dialect;
	index->next_offset = index->lost_offset = index->tried_offset = -1;
	index->address = strdup(address);
	index->topics = kmeta_topics_new();
	index->states = states_new();
	if (index->address && index->topics && index->states &&
	    kmeta_dialect_init(&index->dialect, dialect))
		return index;
	index_free(index);
	return NULL;
}

void index_free(struct index *index)
{
	if (!index)
		return;
	job_stop(&index->job);
	kmeta_pages_close(index->source);
	kmeta_image_free(index->image);
	kmeta_frozen_free(index->frozen);
	kmeta_fields_release(&index->fields);
	kmeta_topics_free(index->topics);
	states_free(index->states);
	pthread_mutex_destroy(&index->lock);
	free(index->address);
	free(index->pages);
	free(index);
}

void index_reset(struct index *index)
{
	job_stop(&index->job);
	kmeta_frozen_free(index->frozen);
	index->frozen = NULL;
	index->image_tried = false;
	index->next_offset = index->lost_offset = index->tried_offset = -1;
	index->count = index->file = 0;
	index->position = 0;
	states_clear(index->states);
}

bool is_no_op(const struct kmeta_row *row)
{
	return row->damage < 0 && !row->record.control && row->record.type == NO_OP;
}

bool is_leader_change(const struct kmeta_row *row)
{
	return row->damage < 0 && row->record.control &&
	       (row->record.type == LEADER_CHANGE || row->record.type == LEADER_CHANGE_OF_2_8);
}

void expect_rows(const struct kmeta_image *image, const struct kmeta_row *rows, size_t count)
{
	const struct kmeta_record *records[KMETA_EXPECT];

	count = count < KMETA_EXPECT ? count : KMETA_EXPECT;
	for (size_t i = 0; i < count; i++)
		records[i] = &rows[i].record;
	kmeta_image_expect(image, records, count);
}

static int64_t behind(int64_t offset)
{
	return offset < INT64_MAX ? offset + 1 : INT64_MAX;
}

/* ---- the thread ---- */

/* Old logs may begin with a checkpoint that tells names and state which no segment has any more. */
static void learn_state(struct index *index, struct kmeta_point point)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = index->release };
	struct kmeta_finding why;

	kmeta_image_free(index->image);
	index->image = NULL;
	if (kmeta_image_load(&index->image, index->address, point, &options, &why) != KMETA_OK)
		index->image = NULL;
}

static void learn_names(struct index *index)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	const struct kmeta_record topic = { .type = TOPIC };

	if (!index->image ||
	    kmeta_walk_open_kind(&walk, index->image, KMETA_TOPIC, NULL, 0, &why) != KMETA_OK)
		return;
	pthread_mutex_lock(&index->lock);
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK)
		if (!kmeta_topics_learn(index->topics, &topic, entity.fields))
			break;
	pthread_mutex_unlock(&index->lock);
	kmeta_walk_close(walk);
}

/* Behind a gap the state is known again from the first checkpoint past it. */
static void look_for_checkpoint(struct index *index)
{
	struct kmeta_finding why;
	char *path = NULL;
	int64_t end_offset;

	if (index->next_offset < 0 || kmeta_newest_checkpoint(index->address, index->next_offset,
	                                                      &path, &end_offset, &why) != KMETA_OK)
		return;
	if (end_offset >= index->lost_offset && end_offset > index->tried_offset) {
		index->tried_offset = end_offset;
		learn_state(index, (struct kmeta_point){ KMETA_POINT_OFFSET, index->next_offset });
	}
	free(path);
}

static void lose_state(struct index *index, int64_t offset)
{
	kmeta_image_free(index->image);
	index->image = NULL;
	index->lost_offset = offset;
}

static void learn_topic(struct index *index, const struct kmeta_record *record)
{
	/* A name that is taken back still names what the log says of it elsewhere. */
	if (record->control || record->type != TOPIC)
		return;
	pthread_mutex_lock(&index->lock);
	if (!kmeta_topics_learn(index->topics, record, &index->fields))
		index->job.stop = true;
	pthread_mutex_unlock(&index->lock);
}

static bool replay(struct index *index, const struct kmeta_batch *batch,
                   const struct kmeta_record *record, bool no_op, struct index_page *entry)
{
	struct kmeta_finding why;

	if (!no_op && kmeta_decode(&index->dialect, record, &index->fields, &why) != KMETA_OK) {
		entry->flags |= PAGE_HAS_DAMAGE;
		return false;
	}
	if (!no_op)
		learn_topic(index, record);
	if (!index->image || record->offset < kmeta_image_moment(index->image).end_offset)
		return true;
	if (record->offset > kmeta_image_moment(index->image).end_offset)
		return false;
	if (!no_op && kmeta_image_apply(index->image, batch, record, &index->fields, NULL, NULL,
	                                &why) != KMETA_OK)
		return false;
	kmeta_image_reach(index->image, batch, behind(record->offset));
	return true;
}

static void note_record(struct index *index, const struct kmeta_batch *batch,
                        const struct kmeta_row *row, struct index_page *entry)
{
	const struct kmeta_record *record = &row->record;

	if (entry->first_offset < 0) {
		entry->first_offset = record->offset;
		entry->time = record->timestamp;
	}
	entry->last_offset = record->offset;
	if (is_leader_change(row))
		entry->flags |= PAGE_HAS_LEADER;
	if (!batch->valid)
		return;
	if (index->next_offset >= 0 && record->offset != index->next_offset) {
		entry->flags |= PAGE_HAS_DAMAGE;
		if (record->offset > index->next_offset)
			lose_state(index, record->offset);
	}
	index->next_offset = behind(record->offset);
	if (!replay(index, batch, record, is_no_op(row), entry))
		lose_state(index, record->offset);
}

static void note_page(struct index *index, const struct kmeta_page *page, struct index_page *entry)
{
	bool only = page->rows_count > 0, leading = true;

	*entry = (struct index_page){ .file = page->file,
		                      .begin = page->begin,
		                      .end = page->end,
		                      .first_offset = -1,
		                      .last_offset = -1,
		                      .time = -1,
		                      .rows = (uint32_t)page->rows_count,
		                      .dialect = index->dialect };
	for (size_t i = 0; i < page->rows_count; i++) {
		const struct kmeta_row *row = &page->rows[i];
		const bool no_op = is_no_op(row);

		if (index->image && i % KMETA_EXPECT == 0)
			expect_rows(index->image, row, page->rows_count - i);
		only &= no_op;
		leading &= no_op;
		entry->leading_no_ops += leading;
		if (row->damage >= 0)
			entry->flags |= PAGE_HAS_DAMAGE;
		else
			note_record(index, &page->batches[row->batch], row, entry);
	}
	if (only)
		entry->flags |= PAGE_ONLY_NO_OPS;
	if (page->rows_count && is_no_op(&page->rows[page->rows_count - 1]))
		entry->flags |= PAGE_ENDS_IN_NO_OP;
}

static bool add_page(struct index *index, const struct index_page *entry)
{
	bool room = true;

	pthread_mutex_lock(&index->lock);
	if (index->count == index->capacity) {
		const size_t capacity = index->capacity ? index->capacity * 2 : 256;
		struct index_page *pages = realloc(index->pages, capacity * sizeof(*pages));

		room = pages != NULL;
		if (room) {
			index->pages = pages;
			index->capacity = capacity;
		}
	}
	if (room)
		index->pages[index->count++] = *entry;
	pthread_mutex_unlock(&index->lock);
	return room;
}

static int64_t bytes_in_all(const struct kmeta_pages *pages)
{
	int64_t total = 0;

	for (size_t i = 0; kmeta_pages_file(pages, i).name; i++)
		total += kmeta_pages_file(pages, i).size;
	return total;
}

/* The state where the log begins, before its first record is replayed. */
static void begin_state(struct index *index)
{
	if (index->image_tried)
		return;
	index->image_tried = true;
	learn_state(index, (struct kmeta_point){ .kind = KMETA_POINT_START });
	learn_names(index);
	if (index->image)
		states_offer(index->states, index->image);
	else
		index->lost_offset = 0;
}

/* Nobody needs the state at the end of the log in full until there is more of the log. */
static void rest(struct index *index)
{
	index->frozen = index->image ? kmeta_image_freeze(index->image) : NULL;
	kmeta_image_free(index->image);
	index->image = NULL;
}

static void wake_up(struct index *index)
{
	begin_state(index);
	if (index->frozen)
		index->image = kmeta_image_thaw(index->frozen);
	kmeta_frozen_free(index->frozen);
	index->frozen = NULL;
}

static void read_page(struct index *index, struct kmeta_page *page)
{
	struct kmeta_finding why;
	struct index_page entry;

	if (kmeta_pages_read(index->source, index->file, index->position,
	                     index->position + PAGE_STEP, page, &why) != KMETA_OK) {
		index->position = INT64_MAX;
		return;
	}
	note_page(index, page, &entry);
	index->position = page->end;
	if (!add_page(index, &entry))
		index->job.stop = true;
	if (!index->image)
		look_for_checkpoint(index);
	if (index->image)
		states_offer(index->states, index->image);
}

static void scan(struct job *job, void *context)
{
	struct index *index = context;
	const int64_t total = bytes_in_all(index->source);
	struct kmeta_page page = { 0 };
	int64_t before = 0;

	wake_up(index);
	for (size_t i = 0; i < index->file; i++)
		before += kmeta_pages_file(index->source, i).size;
	while (!job_should_stop(job) && kmeta_pages_file(index->source, index->file).name) {
		const int64_t size = kmeta_pages_file(index->source, index->file).size;

		if (index->position < size) {
			read_page(index, &page);
			job_progress(job,
			             before + (index->position < size ? index->position : size),
			             total);
			continue;
		}
		before += size;
		index->position = 0;
		index->file++;
	}
	kmeta_page_release(&page);
	rest(index);
}

bool index_start(struct index *index, const struct kmeta_pages *pages, int wake)
{
	job_stop(&index->job);
	kmeta_pages_close(index->source);
	index->source = kmeta_pages_copy(pages);
	if (!index->source)
		return false;
	/* What ended the last page may have been half of a batch that is whole now. */
	if (index->count) {
		const struct index_page *last = &index->pages[--index->count];

		index->file = last->file;
		index->position = last->begin;
		index->next_offset = last->first_offset;
	}
	return job_start(&index->job, "indexing", scan, index, wake);
}

struct job *index_job(struct index *index)
{
	return &index->job;
}

const char *index_release(const struct index *index)
{
	return index->release;
}

const char *index_address(const struct index *index)
{
	return index->address;
}

struct states *index_states(struct index *index)
{
	return index->states;
}

/* ---- asking ---- */

size_t index_count(struct index *index)
{
	size_t count;

	pthread_mutex_lock(&index->lock);
	count = index->count;
	pthread_mutex_unlock(&index->lock);
	return count;
}

bool index_page(struct index *index, size_t number, struct index_page *page)
{
	bool found;

	pthread_mutex_lock(&index->lock);
	found = number < index->count;
	if (found)
		*page = index->pages[number];
	pthread_mutex_unlock(&index->lock);
	return found;
}

/* The number of pages for which "is_before" holds: it does for all up to some page. */
static size_t bisect(const struct index *index, const struct index_page *key,
                     bool (*is_before)(const struct index_page *page, const struct index_page *key))
{
	size_t low = 0, high = index->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (is_before(&index->pages[middle], key))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool begins_before(const struct index_page *page, const struct index_page *key)
{
	return page->file != key->file ? page->file < key->file : page->begin <= key->begin;
}

static bool has_lower_offset(const struct index_page *page, const struct index_page *key)
{
	return page->first_offset <= key->first_offset;
}

static bool is_earlier(const struct index_page *page, const struct index_page *key)
{
	return page->time <= key->time;
}

bool index_find(struct index *index, size_t file, int64_t position, size_t *number,
                struct index_page *page)
{
	const struct index_page key = { .file = file, .begin = position };
	bool found = false;
	size_t behind;

	pthread_mutex_lock(&index->lock);
	behind = bisect(index, &key, begins_before);
	if (behind) {
		*page = index->pages[behind - 1];
		*number = behind - 1;
		found = page->file == file && position < page->end;
	}
	pthread_mutex_unlock(&index->lock);
	return found;
}

static bool find_by(struct index *index, const struct index_page *key,
                    bool (*is_before)(const struct index_page *, const struct index_page *),
                    size_t *number)
{
	size_t behind;
	bool found;

	pthread_mutex_lock(&index->lock);
	behind = bisect(index, key, is_before);
	found = index->count && (behind < index->count || !job_is_running(&index->job));
	*number = behind ? behind - 1 : 0;
	pthread_mutex_unlock(&index->lock);
	return found;
}

bool index_find_offset(struct index *index, int64_t offset, size_t *number)
{
	const struct index_page key = { .first_offset = offset };

	return find_by(index, &key, has_lower_offset, number);
}

bool index_find_time(struct index *index, int64_t time, size_t *number)
{
	const struct index_page key = { .time = time };

	return find_by(index, &key, is_earlier, number);
}

/* ---- filters ---- */

void index_clear_matches(struct index *index)
{
	pthread_mutex_lock(&index->lock);
	for (size_t i = 0; i < index->count; i++)
		index->pages[i].match = MATCH_UNKNOWN;
	pthread_mutex_unlock(&index->lock);
}

void index_set_match(struct index *index, size_t number, enum match match)
{
	pthread_mutex_lock(&index->lock);
	if (number < index->count)
		index->pages[number].match = (uint8_t)match;
	pthread_mutex_unlock(&index->lock);
}

/* ---- what the log has shown ---- */

struct kmeta_dialect index_dialect(struct index *index)
{
	struct kmeta_dialect dialect;
	struct index_page last;
	const size_t count = index_count(index);

	if (count && index_page(index, count - 1, &last))
		return last.dialect;
	if (!kmeta_dialect_init(&dialect, index->release))
		dialect = (struct kmeta_dialect){ .release = -1 };
	return dialect;
}

const struct kmeta_topics *index_lock_topics(struct index *index)
{
	pthread_mutex_lock(&index->lock);
	return index->topics;
}

void index_unlock_topics(struct index *index)
{
	pthread_mutex_unlock(&index->lock);
}
