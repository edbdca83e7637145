/* SPDX-License-Identifier: Apache-2.0 */
/* choice.c: the entity that is selected, with what jumps need of it. */
#include <stdlib.h>
#include <string.h>

#include "way.h"

void choice_release(struct choice *choice)
{
	free(choice->path);
	free(choice->topic);
	*choice = (struct choice){ .kind = KMETA_ENTITY_KINDS };
}

static int64_t number_in_entity(const struct kmeta_entity *entity, const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, name);

	return field ? field->value.integer : -1;
}

/* "topics/NAME", and of a partition "/NUMBER" behind it. */
static char *topic_of_path(const char *path, bool is_partition)
{
	const char *name = strchr(path, '/'), *end = path + strlen(path);

	if (!name)
		return NULL;
	while (is_partition && end > name + 1 && *end != '/')
		end--;
	return strndup(name + 1, (size_t)(end - name - 1));
}

bool choice_take(struct choice *choice, const struct kmeta_entity *entity, unsigned flags)
{
	struct kmeta_buffer path = { 0 };

	*choice = (struct choice){ .kind = entity->kind, .node = -1, .leader = -1 };
	kmeta_entity_path(&path, entity, flags);
	kmeta_buffer_add(&path, "", 1);
	if (path.failed) {
		kmeta_buffer_release(&path);
		return false;
	}
	choice->path = strdup(path.at);
	kmeta_buffer_release(&path);
	if (choice->path && (entity->kind == KMETA_TOPIC || entity->kind == KMETA_PARTITION))
		choice->topic = topic_of_path(choice->path, entity->kind == KMETA_PARTITION);
	if (entity->kind == KMETA_BROKER)
		choice->node = number_in_entity(entity, "brokerId");
	if (entity->kind == KMETA_PARTITION)
		choice->leader = number_in_entity(entity, "leader");
	return choice->path != NULL;
}

/* ---- by path ---- */

struct finder {
	const struct kmeta_image *image;
	const char *path;
	unsigned flags;
	struct kmeta_buffer text;
	uint8_t topic[16]; /* a topic that the path begins with */
	bool has_topic;
};

/* "begins": the path may go on below the entity. */
static bool has_path(struct finder *f, const struct kmeta_entity *entity, bool *begins)
{
	size_t size;

	f->text.size = 0;
	kmeta_entity_path(&f->text, entity, f->flags);
	size = f->text.size;
	*begins = !f->text.failed && size && !strncmp(f->path, f->text.at, size) &&
	          f->path[size] == '/';
	return !f->text.failed && size == strlen(f->path) && !memcmp(f->path, f->text.at, size);
}

static bool find_among(struct finder *f, enum kmeta_entity_kind kind, struct choice *choice)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	bool found = false, begins;

	if (kmeta_walk_open_kind(&walk, f->image, kind, f->has_topic ? f->topic : NULL, 0, &why) !=
	    KMETA_OK)
		return false;
	while (!found && kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		if (has_path(f, &entity, &begins)) {
			found = choice_take(choice, &entity, f->flags);
		} else if (begins && kind == KMETA_TOPIC) {
			const struct kmeta_field *id = kmeta_fields_find(entity.fields, "topicId");

			f->has_topic = id && id->value.bytes.size == sizeof(f->topic);
			if (f->has_topic)
				memcpy(f->topic, id->value.bytes.data, sizeof(f->topic));
		}
	}
	kmeta_walk_close(walk);
	return found;
}

bool choice_find(struct choice *choice, const struct kmeta_image *image, const char *path,
                 unsigned flags)
{
	const size_t size = strcspn(path, "/");
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(path, size);
	struct finder f = { .image = image, .path = path, .flags = flags };
	bool found;

	*choice = (struct choice){ .kind = KMETA_ENTITY_KINDS };
	if (kind == KMETA_ENTITY_KINDS)
		return false;
	found = find_among(&f, kind, choice) ||
	        (f.has_topic && find_among(&f, KMETA_PARTITION, choice));
	kmeta_buffer_release(&f.text);
	return found;
}

const char *choice_word(enum kmeta_entity_kind kind)
{
	return kind == KMETA_PARTITION ? "partitions" : kmeta_entity_kind_group(kind);
}
