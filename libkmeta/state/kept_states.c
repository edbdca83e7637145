/* SPDX-License-Identifier: Apache-2.0 */
/* kept_states.c: compressed copies of the state at some offsets, to reach others from. */
#include "state/kept_states.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "state/freeze.h"

enum {
	FIRST_SPACING = 16 << 10, /* records between two copies at first */
	SPACING_PER_ENTITY = 8    /* records for each entity of the state, at least */
};

struct copy {
	struct kmeta_frozen *frozen;
	int64_t end_offset;
	size_t bytes;
};

struct kept_states {
	pthread_mutex_t lock;
	struct copy *copies; /* in order of their offsets */
	size_t count, capacity, bytes, memory;
	int64_t spacing;
	struct copy near;
};

struct kept_states *kept_states_new(size_t memory)
{
	struct kept_states *kept = calloc(1, sizeof(*kept));

	if (!kept)
		return NULL;
	pthread_mutex_init(&kept->lock, NULL);
	kept->memory = memory;
	kept->spacing = FIRST_SPACING;
	return kept;
}

void kept_states_clear(struct kept_states *kept)
{
	pthread_mutex_lock(&kept->lock);
	for (size_t i = 0; i < kept->count; i++)
		frozen_free(kept->copies[i].frozen);
	frozen_free(kept->near.frozen);
	kept->near = (struct copy){ 0 };
	kept->count = kept->bytes = 0;
	kept->spacing = FIRST_SPACING;
	pthread_mutex_unlock(&kept->lock);
}

void kept_states_free(struct kept_states *kept)
{
	if (!kept)
		return;
	kept_states_clear(kept);
	pthread_mutex_destroy(&kept->lock);
	free(kept->copies);
	free(kept);
}

/* ---- keeping ---- */

/* Later copies are made half as often. */
static void thin_out(struct kept_states *kept)
{
	size_t left = 0;

	for (size_t i = 0; i < kept->count; i++) {
		if (i % 2 == 0) {
			kept->copies[left++] = kept->copies[i];
			continue;
		}
		kept->bytes -= kept->copies[i].bytes;
		frozen_free(kept->copies[i].frozen);
	}
	kept->count = left;
	kept->spacing *= 2;
}

static int64_t entities_in(const struct kmeta_image *image)
{
	int64_t count = 0;

	for (enum kmeta_entity_kind kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		count += (int64_t)kmeta_image_count(image, kind);
	return count;
}

int64_t kept_states_worth(const struct kmeta_image *image)
{
	const int64_t entities = entities_in(image);

	return entities > WORTH_THAWING ? entities : WORTH_THAWING;
}

static bool is_due(const struct kept_states *kept, const struct kmeta_image *image)
{
	const struct copy *last = kept->count ? &kept->copies[kept->count - 1] : NULL;
	const int64_t replayed =
		last ? kmeta_image_moment(image).end_offset - last->end_offset : INT64_MAX;

	return replayed >= kept->spacing && replayed >= SPACING_PER_ENTITY * entities_in(image);
}

static struct copy copy_of(const struct kmeta_image *image)
{
	struct copy copy = { image_freeze(image), kmeta_image_moment(image).end_offset, 0 };

	if (copy.frozen)
		copy.bytes = frozen_memory(copy.frozen);
	return copy;
}

/* Without memory for it there is no copy, and states near it take longer. */
static void keep_copy(struct kept_states *kept, const struct kmeta_image *image)
{
	const struct copy copy = copy_of(image);
	struct copy *copies = copy.frozen ? array_room(kept->copies, &kept->capacity,
	                                               kept->count + 1, sizeof(*copies))
	                                  : NULL;

	if (!copies) {
		frozen_free(copy.frozen);
		return;
	}
	kept->copies = copies;
	kept->copies[kept->count++] = copy;
	kept->bytes += copy.bytes;
	while (kept->bytes > kept->memory && kept->count > 1)
		thin_out(kept);
}

void kept_states_offer(struct kept_states *kept, const struct kmeta_image *image)
{
	pthread_mutex_lock(&kept->lock);
	if (is_due(kept, image))
		keep_copy(kept, image);
	pthread_mutex_unlock(&kept->lock);
}

void kept_states_put_near(struct kept_states *kept, const struct kmeta_image *image)
{
	pthread_mutex_lock(&kept->lock);
	frozen_free(kept->near.frozen);
	kept->near = copy_of(image);
	pthread_mutex_unlock(&kept->lock);
}

/* ---- taking ---- */

static const struct copy *nearest(const struct kept_states *kept, int64_t end_offset)
{
	const struct copy *best = NULL;

	for (size_t i = 0; i < kept->count && kept->copies[i].end_offset <= end_offset; i++)
		best = &kept->copies[i];
	if (kept->near.frozen && kept->near.end_offset <= end_offset &&
	    (!best || kept->near.end_offset > best->end_offset))
		best = &kept->near;
	return best;
}

void kept_states_take(struct kept_states *kept, int64_t end_offset, struct kmeta_image **image)
{
	const int64_t worth = *image ? kept_states_worth(*image) : 0;
	int64_t have = *image ? kmeta_image_moment(*image).end_offset : -1;
	const struct copy *best;

	if (have > end_offset)
		have = -1;
	pthread_mutex_lock(&kept->lock);
	best = nearest(kept, end_offset);
	if (have < 0 || (best && best->end_offset > have + worth)) {
		kmeta_image_free(*image);
		*image = best ? image_thaw(best->frozen) : NULL;
	}
	pthread_mutex_unlock(&kept->lock);
}

size_t kept_states_count(struct kept_states *kept)
{
	size_t count;

	pthread_mutex_lock(&kept->lock);
	count = kept->count;
	pthread_mutex_unlock(&kept->lock);
	return count;
}

size_t kept_states_memory(struct kept_states *kept)
{
	size_t bytes;

	pthread_mutex_lock(&kept->lock);
	bytes = kept->bytes + kept->near.bytes;
	pthread_mutex_unlock(&kept->lock);
	return bytes;
}
