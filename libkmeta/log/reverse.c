/* SPDX-License-Identifier: Apache-2.0 */
/* reverse.c: walks the batches of one file from its end to its beginning, in bounded memory. */
#include "log/reverse.h"

#include <stdlib.h>

#include "base/finding.h"

enum { STRETCH = 1 << 20 };

static bool add_position(struct places *places, int64_t position)
{
	if (places->count == places->capacity) {
		const size_t capacity = places->capacity ? places->capacity * 2 : 64;
		int64_t *at = realloc(places->at, capacity * sizeof(*at));

		if (!at)
			return false;
		places->at = at;
		places->capacity = capacity;
	}
	places->at[places->count++] = position;
	return true;
}

/*
 * Lists positions of batches and of damage up to "end", at least "apart" bytes from each other. The
 * batch after damage is not listed: reading on from the damage finds it again.
 */
static enum kmeta_status find_places(struct places *places, struct log_file *f, int64_t end,
                                     int64_t apart, struct kmeta_finding *why)
{
	int64_t last = -1;

	for (;;) {
		struct kmeta_batch batch;
		const enum kmeta_status status = file_next(f, &batch, why);
		const int64_t position = status == KMETA_DAMAGED ? why->position : batch.position;

		if (status == KMETA_FAILED)
			return status;
		if (status == KMETA_END || position >= end)
			return KMETA_OK;
		if (last >= 0 && position - last < apart)
			continue;
		if (!add_position(places, position))
			return finding_memory(why);
		last = position;
	}
}

enum kmeta_status reverse_begin(struct reverse *r, struct log_file *f, struct kmeta_finding *why)
{
	r->stretches.count = r->batches.count = 0;
	r->end = INT64_MAX;
	return find_places(&r->stretches, f, INT64_MAX, STRETCH, why);
}

void reverse_release(struct reverse *r)
{
	free(r->stretches.at);
	free(r->batches.at);
	*r = (struct reverse){ 0 };
}

enum kmeta_status reverse_next(struct reverse *r, struct log_file *f, struct kmeta_batch *batch,
                               struct kmeta_finding *why)
{
	if (!r->batches.count) {
		enum kmeta_status status;
		int64_t start;

		if (!r->stretches.count)
			return KMETA_END;
		start = r->stretches.at[--r->stretches.count];
		file_seek(f, start);
		status = find_places(&r->batches, f, r->end, 0, why);
		if (status != KMETA_OK)
			return status;
		r->end = start;
	}
	r->batches.count--;
	file_seek(f, r->batches.at[r->batches.count]);
	return file_next(f, batch, why);
}
