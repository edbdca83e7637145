/* SPDX-License-Identifier: Apache-2.0 */
/* kept_lines.c: keeps the last lines of a history, to print the newest first. */
#include <stdlib.h>

#include "history.h"

static bool kept_room(struct kept_lines *kept)
{
	const size_t capacity = kept->capacity ? kept->capacity * 2 : 64;
	struct kmeta_buffer *at = realloc(kept->at, capacity * sizeof(*at));

	if (!at)
		return false;
	for (size_t i = kept->capacity; i < capacity; i++)
		at[i] = (struct kmeta_buffer){ 0 };
	kept->at = at;
	kept->capacity = capacity;
	return true;
}

bool kept_lines_take(struct kept_lines *kept, struct kmeta_buffer *line)
{
	const bool is_full = kept->most > 0 && kept->count == (size_t)kept->most;
	const size_t slot = is_full ? kept->oldest : kept->count;
	struct kmeta_buffer *text;

	if (slot == kept->capacity && !kept_room(kept))
		return false;
	text = &kept->at[slot];
	text->size = 0;
	kmeta_buffer_add(text, line->at, line->size);
	line->size = 0;
	if (is_full)
		kept->oldest = (kept->oldest + 1) % kept->count;
	else
		kept->count++;
	return !text->failed;
}

void kept_lines_print(const struct kept_lines *kept, struct output *out)
{
	for (size_t i = kept->count; i-- > 0;) {
		const struct kmeta_buffer *text = &kept->at[(kept->oldest + i) % kept->count];

		kmeta_buffer_add(&out->buffer, text->at, text->size);
		if (!output_drain(out))
			return;
	}
}

void kept_lines_release(struct kept_lines *kept)
{
	for (size_t i = 0; i < kept->capacity; i++)
		kmeta_buffer_release(&kept->at[i]);
	free(kept->at);
	*kept = (struct kept_lines){ .most = kept->most };
}
