/* SPDX-License-Identifier: Apache-2.0 */
/* paths.c: the paths that a user means by the words of the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

bool image_take_paths(struct image *i, const char *const *words, size_t count)
{
	i->globs = calloc(count + 1, sizeof(*i->globs));
	while (i->globs && i->globs_count < count) {
		struct image_glob *glob = &i->globs[i->globs_count];
		struct kmeta_buffer path = { 0 };

		glob->topic =
			words_path(&path, words[i->globs_count]) ? NULL : words[i->globs_count];
		kmeta_buffer_add(&path, "", 1);
		if (path.failed) {
			kmeta_buffer_release(&path);
			return false;
		}
		glob->path = path.at;
		i->globs_count++;
	}
	return i->globs;
}

void image_release_paths(struct image *i)
{
	for (size_t g = 0; g < i->globs_count; g++)
		free(i->globs[g].path);
	free(i->globs);
}

static void add_topics(struct near *near, const struct kmeta_image *state)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding ignored;

	if (kmeta_walk_open_kind(&walk, state, KMETA_TOPIC, NULL, 0, &ignored) != KMETA_OK)
		return;
	while (kmeta_walk_next(walk, &entity, &ignored) == KMETA_OK)
		near_add(near, (const char *)entity.topic_name.data, entity.topic_name.size);
	kmeta_walk_close(walk);
}

static enum kmeta_status refuse_topic(const struct image *i, struct kmeta_bytes name,
                                      struct kmeta_finding *why)
{
	struct kmeta_buffer nearest = { 0 };
	struct option_word group;
	struct near near;

	near_begin(&near, (const char *)name.data, name.size);
	for (size_t g = 0; *(group = words_groups(g)).word; g++)
		near_add(&near, group.word, strlen(group.word));
	add_topics(&near, i->state);
	near_put(&near, &nearest);
	*why = (struct kmeta_finding){ .code = KMETA_BAD_ARGUMENT, .position = -1, .offset = -1 };
	snprintf(why->message, sizeof(why->message),
	         "there is no topic '%.*s' in this state, and no path begins so%.*s",
	         (int)name.size, (const char *)name.data, (int)nearest.size,
	         nearest.at ? nearest.at : "");
	kmeta_buffer_release(&nearest);
	return KMETA_FAILED;
}

enum kmeta_status image_find_topics(const struct image *i, struct kmeta_finding *why)
{
	for (size_t g = 0; g < i->globs_count; g++) {
		const char *topic = i->globs[g].topic;
		const struct kmeta_bytes name = { (const uint8_t *)topic,
			                          topic ? strcspn(topic, "/") : 0 };
		uint8_t id[16];

		if (topic && !kmeta_image_topic_id(i->state, name, id))
			return refuse_topic(i, name, why);
	}
	return KMETA_OK;
}
