/* SPDX-License-Identifier: Apache-2.0 */
/* near.c: names like one that does not exist, by the number of letters that differ. */
#include "near.h"

#include <ctype.h>
#include <string.h>

static int letter(struct kmeta_bytes text, size_t at)
{
	return tolower(text.data[at]);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Letters to add, to drop, to change or to swap with their neighbour until one text is the other,
 * without regard to case (the optimal string alignment distance).
 */
static size_t distance(struct kmeta_bytes a, struct kmeta_bytes b)
{
	size_t rows[3][NEAR_LONGEST + 1];

	for (size_t j = 0; j <= b.size; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.size; i++) {
		size_t *const now = rows[i % 3], *const before = rows[(i + 2) % 3],
			      *const earlier = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b.size; j++) {
			const bool same = letter(a, i - 1) == letter(b, j - 1);

			now[j] = least(before[j - 1] + !same, least(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && letter(a, i - 1) == letter(b, j - 2) &&
			    letter(a, i - 2) == letter(b, j - 1))
				now[j] = least(now[j], earlier[j - 2] + 1);
		}
	}
	return rows[a.size % 3][b.size];
}

/* How far a name may be away: about a letter in three. */
static size_t reach(size_t size)
{
	return size / 3 + 1;
}

static bool begins_with(struct kmeta_bytes name, struct kmeta_bytes word)
{
	return word.size > 2 && name.size > word.size && !memcmp(name.data, word.data, word.size);
}

/* The distance of a name that is near enough; otherwise a number above the reach. */
static size_t distance_of(const struct near_names *near, struct kmeta_bytes name)
{
	const struct kmeta_bytes word = near->word;
	const size_t most = reach(word.size);
	const size_t gap = name.size > word.size ? name.size - word.size : word.size - name.size;

	if (name.size > NEAR_LONGEST || word.size > NEAR_LONGEST || !word.size)
		return most + 1;
	if (gap <= most) {
		const size_t letters = distance(word, name);

		if (letters <= most)
			return letters;
	}
	return begins_with(name, word) ? most : most + 1;
}

void near_begin(struct near_names *near, const char *word)
{
	near->word = (struct kmeta_bytes){ (const uint8_t *)word, strlen(word) };
	near->count = 0;
}

static bool is_offered(const struct near_names *near, struct kmeta_bytes name)
{
	for (size_t i = 0; i < near->count; i++)
		if (near->at[i].size == name.size &&
		    !memcmp(near->at[i].text, name.data, name.size))
			return true;
	return false;
}

void near_offer(struct near_names *near, struct kmeta_bytes name)
{
	const size_t letters = distance_of(near, name);
	size_t at = near->count;

	if (letters > reach(near->word.size) || is_offered(near, name))
		return;
	while (at > 0 && near->at[at - 1].distance > letters)
		at--;
	if (at == NEAR_NAMES)
		return;
	if (near->count < NEAR_NAMES)
		near->count++;
	memmove(&near->at[at + 1], &near->at[at], (near->count - 1 - at) * sizeof(near->at[0]));
	near->at[at].distance = letters;
	near->at[at].size = name.size;
	memcpy(near->at[at].text, name.data, name.size);
}

void near_offer_topics(struct near_names *near, const struct kmeta_image *state)
{
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	struct kmeta_finding ignored; /* without it, there are fewer names to offer */

	if (kmeta_walk_open_kind(&walk, state, KMETA_TOPIC, NULL, 0, &ignored) != KMETA_OK)
		return;
	while (kmeta_walk_next(walk, &entity, &ignored) == KMETA_OK)
		near_offer(near, entity.topic_name);
	kmeta_walk_close(walk);
}

void near_put(struct kmeta_buffer *out, const struct near_names *near)
{
	for (size_t i = 0; i < near->count; i++) {
		const char *before = !i ? "; did you mean " : i + 1 == near->count ? " or " : ", ";

		kmeta_buffer_add(out, before, strlen(before));
		kmeta_buffer_add(out, near->at[i].text, near->at[i].size);
	}
	if (near->count)
		kmeta_buffer_add(out, "?", 1);
}
