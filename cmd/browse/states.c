/* SPDX-License-Identifier: Apache-2.0 */
/* states.c: copies of the state at some offsets of the log, from which others are near. */
#include "states.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_SPACING = 16 << 10, /* records between copies, to begin with; and in any case: */
	SPACING_PER_ENTITY = 8,   /* making them should take little of the time of the replay */
	MEMORY_LIMIT = 64 << 20   /* bytes of all copies */
};

struct copy {
	struct kmeta_frozen *frozen;
	int64_t end_offset;
	size_t bytes;
};

struct states {
	pthread_mutex_t lock;
	struct copy *copies; /* in order */
	size_t count, capacity, bytes;
	int64_t spacing;
	struct copy near; /* left on the way to the last far state */
};

struct states *states_new(void)
{
	struct states *states = calloc(1, sizeof(*states));

	if (!states)
		return NULL;
	pthread_mutex_init(&states->lock, NULL);
	states->spacing = FIRST_SPACING;
	return states;
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
		last ? kmeta_image_moment(image).end_offset - last->end_offset : INT64_MAX;

	return replayed >= states->spacing && replayed >= SPACING_PER_ENTITY * entities_in(image);
}

static bool keep(struct states *states, const struct kmeta_image *image)
{
	struct copy copy = { kmeta_image_freeze(image), kmeta_image_moment(image).end_offset, 0 };

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
void states_take_nearer(struct states *states, int64_t end_offset, struct kmeta_image **image)
{
	const struct copy *best = NULL;
	int64_t have = *image ? kmeta_image_moment(*image).end_offset : -1;
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
void states_leave_near(struct states *states, const struct kmeta_image *image)
{
	pthread_mutex_lock(&states->lock);
	kmeta_frozen_free(states->near.frozen);
	states->near =
		(struct copy){ kmeta_image_freeze(image), kmeta_image_moment(image).end_offset, 0 };
	pthread_mutex_unlock(&states->lock);
}
