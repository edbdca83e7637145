/* SPDX-License-Identifier: Apache-2.0 */
/* targets.c: the entities that a history is about. */
#include "state/targets.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "print/scalar.h"
#include "record/kind.h"

enum { NUMBER_TEXT = 16 };

/* ---- words ---- */

static bool begins_with_group(const char *word)
{
	for (enum kmeta_entity_kind kind = 0; kind < KMETA_ENTITY_KINDS; kind++) {
		const size_t size = strlen(kinds[kind].group);

		if (!strncmp(word, kinds[kind].group, size) &&
		    (word[size] == '/' || word[size] == '\0'))
			return true;
	}
	return false;
}

static bool parse_topic(struct target *t, const char *word)
{
	const char *slash = strchr(word, '/');

	t->topic = slash ? strndup(word, (size_t)(slash - word)) : strdup(word);
	if (slash && slash[1])
		t->partition = strdup(slash + 1);
	if (!t->topic || (slash && slash[1] && !t->partition))
		return false;
	t->is_glob = strpbrk(t->topic, "*?[\\");
	t->any_partition = !t->partition;
	t->number = -1;
	if (t->partition && *t->partition && !t->partition[strspn(t->partition, "0123456789")])
		t->number = strtoll(t->partition, NULL, 10);
	t->by_id = uuid_parse(t->topic, strlen(t->topic), t->id);
	return true;
}

static bool parse_target(struct target *t, const char *word)
{
	if (!strncmp(word, "topics/", 7))
		return parse_topic(t, word + 7);
	if (!strcmp(word, "topics"))
		return parse_topic(t, "*");
	if (!begins_with_group(word))
		return parse_topic(t, word);
	t->path = strdup(word);
	return t->path;
}

bool targets_parse(struct targets *t, const char *const *words, size_t count)
{
	t->at = calloc(count + 1, sizeof(*t->at));
	if (!t->at)
		return false;
	for (t->count = 0; t->count < count; t->count++)
		if (!parse_target(&t->at[t->count], words[t->count])) {
			t->count++;
			return false;
		}
	return true;
}

void targets_release(struct targets *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->at[i].topic);
		free(t->at[i].partition);
		free(t->at[i].path);
	}
	free(t->at);
	kmeta_buffer_release(&t->path);
}

/* ---- what they name ---- */

static bool target_topic(const struct target *t, const uint8_t *id, struct kmeta_bytes name)
{
	char text[INT16_MAX + 1];

	if (t->by_id && !memcmp(t->id, id, IMAGE_ID))
		return true;
	if (!t->is_glob)
		return strlen(t->topic) == name.size && !memcmp(t->topic, name.data, name.size);
	if (name.size >= sizeof(text))
		return false;
	memcpy(text, name.data, name.size);
	text[name.size] = '\0';
	return fnmatch(t->topic, text, 0) == 0;
}

bool targets_topic(const struct targets *t, const uint8_t *id, struct kmeta_bytes name, bool whole)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->at[i].topic && !(whole && t->at[i].partition) &&
		    target_topic(&t->at[i], id, name))
			return true;
	return false;
}

static bool target_partition(const struct target *t, int32_t id)
{
	char number[NUMBER_TEXT];

	if (t->any_partition || t->number >= 0)
		return t->any_partition || t->number == id;
	*digits_signed(number, id) = '\0';
	return fnmatch(t->partition, number, 0) == 0;
}

bool targets_partition(const struct targets *t, const struct topic *topic, int32_t id)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct target *target = &t->at[i];

		if (target->topic && target_partition(target, id) &&
		    target_topic(target, topic->id,
		                 (struct kmeta_bytes){ topic->name, topic->name_size }))
			return true;
	}
	return false;
}

bool targets_number(const struct targets *t, int32_t id)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->at[i].topic && target_partition(&t->at[i], id))
			return true;
	return false;
}

/* A path stands for everything below it. */
static bool path_matches(const char *glob, const char *path)
{
	return fnmatch(glob, path, FNM_LEADING_DIR) == 0;
}

/* A topic's configs belong to it. */
static bool is_config_of_topic(const struct targets *t, const struct kmeta_entity *entity)
{
	static const uint8_t no_id[IMAGE_ID] = { 0 };

	return entity->kind == KMETA_CONFIG &&
	       kmeta_fields_find(entity->fields, "resourceType")->value.integer == RESOURCE_TOPIC &&
	       targets_topic(t, no_id,
	                     kmeta_fields_find(entity->fields, "resourceName")->value.bytes, true);
}

bool targets_item(struct targets *t, const struct kmeta_entity *entity)
{
	if (is_config_of_topic(t, entity))
		return true;
	t->path.size = 0;
	kmeta_entity_path(&t->path, entity, KMETA_SHOW_SECRETS);
	buffer_add(&t->path, "", 1);
	for (size_t i = 0; i < t->count && !t->path.failed; i++)
		if (t->at[i].path && path_matches(t->at[i].path, t->path.at))
			return true;
	return false;
}
