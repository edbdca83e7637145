/* SPDX-License-Identifier: Apache-2.0 */
/* targets.c: the entities that a history is about. */
#include "state/targets.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "print/scalar.h"
#include "record/decode.h"
#include "record/kind.h"

enum { NUMBER_TEXT = 16 };

/* ---- words ---- */

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

static enum kmeta_status parse_target(struct target *t, const char *word, struct kmeta_finding *why)
{
	struct kmeta_buffer path = { 0 };
	enum kmeta_status status = kmeta_entity_word(&path, word, why);
	bool parsed;

	buffer_add(&path, "", 1);
	if (status == KMETA_OK && path.failed)
		status = finding_memory(why);
	if (status == KMETA_OK) {
		if (!strncmp(path.at, "topics/", 7))
			parsed = parse_topic(t, path.at + 7);
		else if (!strcmp(path.at, "topics"))
			parsed = parse_topic(t, "*");
		else
			parsed = (t->path = strdup(path.at)) != NULL;
		status = parsed ? KMETA_OK : finding_memory(why);
	}
	kmeta_buffer_release(&path);
	return status;
}

enum kmeta_status targets_parse(struct targets *t, const char *const *words, size_t count,
                                struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	t->at = calloc(count + 1, sizeof(*t->at));
	if (!t->at)
		return finding_memory(why);
	while (status == KMETA_OK && t->count < count) {
		status = parse_target(&t->at[t->count], words[t->count], why);
		t->count++;
	}
	return status;
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

bool targets_topic(struct targets *t, const uint8_t *id, struct kmeta_bytes name, bool whole)
{
	bool is_one = false;

	for (size_t i = 0; i < t->count; i++) {
		struct target *target = &t->at[i];

		if (!target->topic || (whole && target->partition) ||
		    !target_topic(target, id, name))
			continue;
		/* A partition comes and goes with its topic, but there may be none of it. */
		target->found |= !target->partition;
		is_one = true;
	}
	return is_one;
}

static bool target_partition(const struct target *t, int32_t id)
{
	char number[NUMBER_TEXT];

	if (t->any_partition || t->number >= 0)
		return t->any_partition || t->number == id;
	*digits_signed(number, id) = '\0';
	return fnmatch(t->partition, number, 0) == 0;
}

bool targets_partition(struct targets *t, const struct topic *topic, int32_t id)
{
	bool is_one = false;

	for (size_t i = 0; i < t->count; i++) {
		struct target *target = &t->at[i];

		if (!target->topic || !target_partition(target, id) ||
		    !target_topic(target, topic->id,
		                  (struct kmeta_bytes){ topic->name, topic->name_size }))
			continue;
		target->found = is_one = true;
	}
	return is_one;
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
static bool is_config_of_topic(struct targets *t, const struct kmeta_entity *entity)
{
	static const uint8_t no_id[IMAGE_ID] = { 0 };

	return entity->kind == KMETA_CONFIG &&
	       fields_must_have(entity->fields, "resourceType")->value.integer == RESOURCE_TOPIC &&
	       targets_topic(t, no_id,
	                     fields_must_have(entity->fields, "resourceName")->value.bytes, true);
}

bool targets_item(struct targets *t, const struct kmeta_entity *entity)
{
	bool is_one = is_config_of_topic(t, entity);

	t->path.size = 0;
	kmeta_entity_path(&t->path, entity, KMETA_SHOW_SECRETS);
	buffer_add(&t->path, "", 1);
	for (size_t i = 0; i < t->count && !t->path.failed; i++)
		if (t->at[i].path && path_matches(t->at[i].path, t->path.at))
			t->at[i].found = is_one = true;
	return is_one;
}
