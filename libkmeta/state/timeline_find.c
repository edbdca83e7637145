/* SPDX-License-Identifier: Apache-2.0 */
/* timeline_find.c: finds stretches of a timeline by number, place, offset and time. */
#include "state/timeline.h"

size_t kmeta_timeline_count(struct kmeta_timeline *timeline)
{
	size_t count;

	pthread_mutex_lock(&timeline->lock);
	count = timeline->count;
	pthread_mutex_unlock(&timeline->lock);
	return count;
}

bool kmeta_timeline_stretch(struct kmeta_timeline *timeline, size_t number,
                            struct kmeta_stretch *stretch)
{
	bool found;

	pthread_mutex_lock(&timeline->lock);
	found = number < timeline->count;
	if (found)
		*stretch = timeline->stretches[number];
	pthread_mutex_unlock(&timeline->lock);
	return found;
}

/* ---- searching ---- */

typedef bool is_not_after(const struct kmeta_stretch *stretch, const struct kmeta_stretch *key);

/* The number of stretches that are not after the key; they are the first ones. */
static size_t count_up_to(const struct kmeta_timeline *t, const struct kmeta_stretch *key,
                          is_not_after *not_after)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (not_after(&t->stretches[middle], key))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool begins_by(const struct kmeta_stretch *stretch, const struct kmeta_stretch *key)
{
	return stretch->file != key->file ? stretch->file < key->file
	                                  : stretch->begin <= key->begin;
}

static bool has_offset_by(const struct kmeta_stretch *stretch, const struct kmeta_stretch *key)
{
	return stretch->first_offset <= key->first_offset;
}

static bool has_time_by(const struct kmeta_stretch *stretch, const struct kmeta_stretch *key)
{
	return stretch->time <= key->time;
}

bool kmeta_timeline_find_place(struct kmeta_timeline *timeline, size_t file, int64_t position,
                               size_t *number, struct kmeta_stretch *stretch)
{
	const struct kmeta_stretch key = { .file = file, .begin = position };
	struct kmeta_timeline *t = timeline;
	bool found = false;
	size_t count;

	pthread_mutex_lock(&t->lock);
	count = count_up_to(t, &key, begins_by);
	if (count) {
		*stretch = t->stretches[count - 1];
		*number = count - 1;
		found = stretch->file == file && position < stretch->end;
	}
	pthread_mutex_unlock(&t->lock);
	return found;
}

/* Before the scan is complete, only a stretch that another one follows is certain. */
static bool find_last(struct kmeta_timeline *t, const struct kmeta_stretch *key,
                      is_not_after *not_after, size_t *number)
{
	size_t count;
	bool found;

	pthread_mutex_lock(&t->lock);
	count = count_up_to(t, key, not_after);
	found = t->count && (count < t->count || t->complete);
	*number = count ? count - 1 : 0;
	pthread_mutex_unlock(&t->lock);
	return found;
}

bool kmeta_timeline_find_offset(struct kmeta_timeline *timeline, int64_t offset, size_t *number)
{
	const struct kmeta_stretch key = { .first_offset = offset };

	return find_last(timeline, &key, has_offset_by, number);
}

bool kmeta_timeline_find_time(struct kmeta_timeline *timeline, int64_t time, size_t *number)
{
	const struct kmeta_stretch key = { .time = time };

	return find_last(timeline, &key, has_time_by, number);
}

static bool is_all_by(const struct kmeta_stretch *stretch, const struct kmeta_stretch *key)
{
	return stretch->latest <= key->latest;
}

bool timeline_find_later(struct kmeta_timeline *t, int64_t time, struct kmeta_stretch *stretch)
{
	const struct kmeta_stretch key = { .latest = time };
	bool found;
	size_t count;

	pthread_mutex_lock(&t->lock);
	count = count_up_to(t, &key, is_all_by);
	found = count < t->count;
	if (found)
		*stretch = t->stretches[count];
	pthread_mutex_unlock(&t->lock);
	return found;
}

/* ---- what the log has shown ---- */

struct kmeta_dialect kmeta_timeline_dialect(struct kmeta_timeline *timeline)
{
	struct kmeta_dialect dialect = { .release = -1 };
	struct kmeta_stretch last;
	const size_t count = kmeta_timeline_count(timeline);

	if (count && kmeta_timeline_stretch(timeline, count - 1, &last))
		return last.dialect;
	if (!kmeta_dialect_init(&dialect, timeline->dialect))
		dialect.release = -1;
	return dialect;
}

const struct kmeta_topics *kmeta_timeline_lock_topics(struct kmeta_timeline *timeline)
{
	pthread_mutex_lock(&timeline->lock);
	return timeline->topics;
}

void kmeta_timeline_unlock_topics(struct kmeta_timeline *timeline)
{
	pthread_mutex_unlock(&timeline->lock);
}

struct kmeta_stretch timeline_stretch_at(struct kmeta_timeline *t, int64_t offset)
{
	struct kmeta_stretch stretch = { 0 };
	size_t number;

	if (!kmeta_timeline_find_offset(t, offset, &number) ||
	    !kmeta_timeline_stretch(t, number, &stretch))
		stretch.dialect = kmeta_timeline_dialect(t);
	return stretch;
}

size_t kmeta_timeline_memory(struct kmeta_timeline *timeline)
{
	const size_t stretches = kmeta_timeline_count(timeline) * sizeof(struct kmeta_stretch);

	return stretches + kept_states_memory(timeline->kept);
}
