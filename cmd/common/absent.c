/* SPDX-License-Identifier: Apache-2.0 */
/* absent.c: says that there is nothing of a name, and what is called nearly so. */
#include "absent.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char topics[] = "topics/";

void absent_check_word(const struct common *c, const char *word)
{
	struct kmeta_buffer path = { 0 };
	struct kmeta_finding why;

	if (kmeta_entity_word(&path, word, &why) != KMETA_OK)
		common_usage(c, "%s", why.message);
	kmeta_buffer_release(&path);
}

void absent_nothing(struct common *c, const char *format, ...)
{
	char text[sizeof(((struct kmeta_finding *)0)->message)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	common_note(c, "%s", text);
	c->different = true;
}

/* ---- names that there are ---- */

/* The part of a path that has as many components as another. */
static struct kmeta_bytes cut_path(struct kmeta_bytes path, const char *like)
{
	size_t slashes = 1, size = 0;

	for (const char *at = like; *at; at++)
		slashes += *at == '/';
	while (size < path.size && (path.data[size] != '/' || --slashes))
		size++;
	return (struct kmeta_bytes){ path.data, size };
}

/* Offers the entities of a kind: topics by their names, others by paths that are cut like one. */
static void offer_kind(struct near *near, const struct kmeta_image *state,
                       enum kmeta_entity_kind kind, const char *like)
{
	struct kmeta_buffer path = { 0 };
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	struct kmeta_finding ignored; /* without it, there are fewer names to offer */

	if (kmeta_walk_open_kind(&walk, state, kind, NULL, 0, &ignored) != KMETA_OK)
		return;
	while (kmeta_walk_next(walk, &entity, &ignored) == KMETA_OK) {
		struct kmeta_bytes name = entity.topic_name;

		if (kind != KMETA_TOPIC) {
			path.size = 0;
			kmeta_entity_path(&path, &entity, 0);
			name = cut_path(kmeta_buffer_bytes(&path), like);
		}
		near_add(near, (const char *)name.data, name.size);
	}
	kmeta_walk_close(walk);
	kmeta_buffer_release(&path);
}

void absent_near_topics(struct near *near, const struct kmeta_image *state)
{
	offer_kind(near, state, KMETA_TOPIC, NULL);
}

/* ---- what is said ---- */

/* "path" is topics/NAME or topics/NAME/NUMBER. True: it is about a partition of a topic there is. */
static bool lacks_partition(struct kmeta_buffer *out, const struct kmeta_image *state, char *name)
{
	char *slash = strchr(name, '/');
	uint8_t id[16];

	if (!slash)
		return false;
	*slash = '\0';
	if (!kmeta_image_topic_id(state,
	                          (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) }, id))
		return false;
	kmeta_buffer_format(out, "topic %s has no partition %s", name, slash + 1);
	return true;
}

static void put_absence(struct kmeta_buffer *out, const struct kmeta_image *state, const char *word,
                        char *path)
{
	const char *slash = strchr(path, '/');
	const size_t group = slash ? (size_t)(slash - path) : strlen(path);
	struct near near;
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(path, group);

	near_begin(&near, path, strlen(path));
	if (strpbrk(path, "*?[")) {
		kmeta_buffer_format(out, "nothing matches '%s'", word);
	} else if (!strncmp(path, topics, sizeof(topics) - 1)) {
		if (state && lacks_partition(out, state, path + sizeof(topics) - 1))
			return;
		near_begin(&near, path + sizeof(topics) - 1, strlen(path) - (sizeof(topics) - 1));
		if (state)
			absent_near_topics(&near, state);
		kmeta_buffer_format(out, "no topic is called '%s'", path + sizeof(topics) - 1);
	} else {
		if (state && kind < KMETA_ENTITY_KINDS)
			offer_kind(&near, state, kind, path);
		kmeta_buffer_format(out, "there is no '%s'", path);
	}
	near_put(&near, out);
}

void absent_say(struct common *c, const struct kmeta_image *state, const char *word)
{
	struct kmeta_buffer path = { 0 }, text = { 0 };
	struct kmeta_finding ignored; /* the word was checked */

	if (kmeta_entity_word(&path, word, &ignored) == KMETA_OK) {
		kmeta_buffer_add(&path, "", 1);
		if (!path.failed)
			put_absence(&text, state, word, path.at);
		if (state && kmeta_image_partial_from(state) >= 0)
			kmeta_buffer_format(&text, "; the log before @%lld is missing",
			                    (long long)kmeta_image_partial_from(state));
		absent_nothing(c, "%.*s", (int)text.size, text.at ? text.at : "");
	}
	kmeta_buffer_release(&path);
	kmeta_buffer_release(&text);
}
