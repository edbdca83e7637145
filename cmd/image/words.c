/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: which entities the words and options of the command line mean. */
#include <fnmatch.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/absent.h"
#include "image.h"

/* ---- which ---- */

bool image_chooses_partitions(const struct image *i)
{
	const struct kmeta_query *q = &i->query;

	return q->leaderless || q->under_replicated || q->under_min_isr || q->reassigning ||
	       q->on_broker || q->on_directory;
}

/* A glob matches entities and all that lies below them; but "topics" alone matches no partitions. */
static bool glob_matches(const char *glob, const char *path)
{
	const char *slash = strchr(path, '/');
	const bool deep = slash && !strncmp(path, "topics/", 7) && strchr(slash + 1, '/');

	return fnmatch(glob, path, FNM_PATHNAME | FNM_LEADING_DIR) == 0 &&
	       (strchr(glob, '/') || !deep);
}

/* The path of a topic or partition with the topic's id instead of its name. */
static bool put_path_by_id(struct kmeta_buffer *out, const struct kmeta_entity *entity)
{
	const struct kmeta_field *id = kmeta_fields_find(entity->fields, "topicId");
	const struct kmeta_field *number = kmeta_fields_find(entity->fields, "partitionId");

	if (entity->kind != KMETA_TOPIC && entity->kind != KMETA_PARTITION)
		return false;
	kmeta_buffer_format(out, "topics/");
	kmeta_field_text(out, entity->fields, id, 0);
	if (number)
		kmeta_buffer_format(out, "/%lld", (long long)number->value.integer);
	return true;
}

/* Notes which words the entity matches; true: one at least. "path" is the buffer's text. */
static bool match_words(struct image *i, bool by_id)
{
	bool matches = false;

	kmeta_buffer_add(&i->path, "", 1);
	for (size_t w = 0; w < i->words_count && !i->path.failed; w++)
		if ((!by_id || i->words[w].by_id) && glob_matches(i->words[w].glob, i->path.at))
			i->words[w].found = matches = true;
	return matches;
}

bool image_wants(void *context, const struct kmeta_entity *entity)
{
	struct image *i = context;
	bool wanted = !i->words_count;

	/* Kafka's image has no voters, and no record for one alone. */
	if (i->format == IMAGE_RECORDS && entity->fields->schema->control)
		return false;
	if (i->kinds && !(i->kinds >> entity->kind & 1))
		return false;
	if (image_chooses_partitions(i) && !kmeta_query_matches(&i->query, i->state, entity))
		return false;
	if (i->words_count) {
		i->path.size = 0;
		kmeta_entity_path(&i->path, entity, i->common.flags);
		wanted = match_words(i, false);
	}
	i->path.size = 0;
	if (i->any_by_id && put_path_by_id(&i->path, entity))
		wanted |= match_words(i, true);
	i->matches |= wanted;
	return wanted;
}

/* ---- words ---- */

/* A pattern that fits the name of a kind is one of paths; all other words are looked up. */
static bool is_path_glob(const char *word)
{
	const char *slash = strchr(word, '/');
	char first[64];

	snprintf(first, sizeof(first), "%.*s",
	         (int)(slash ? slash - word : (ptrdiff_t)strlen(word)), word);
	if (!strpbrk(first, "*?["))
		return false;
	for (enum kmeta_entity_kind kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		if (fnmatch(first, kmeta_entity_kind_group(kind), 0) == 0)
			return true;
	return false;
}

static bool names_id(const char *glob)
{
	const char *slash = strncmp(glob, "topics/", 7) ? NULL : strchr(glob + 7, '/');
	char name[32];
	uint8_t id[16];

	if (strncmp(glob, "topics/", 7) != 0)
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)(slash ? slash - glob - 7 : 31), glob + 7);
	return kmeta_uuid_parse(name, id);
}

static bool take_word(struct image_word *word, const char *text, struct kmeta_finding *why)
{
	struct kmeta_buffer glob = { 0 };

	word->text = text;
	if (is_path_glob(text))
		kmeta_buffer_add(&glob, text, strlen(text));
	else if (kmeta_entity_word(&glob, text, why) != KMETA_OK)
		return false;
	kmeta_buffer_add(&glob, "", 1);
	if (glob.failed) {
		kmeta_buffer_release(&glob);
		return false;
	}
	word->glob = glob.at; /* the word owns it now */
	word->by_id = names_id(word->glob);
	return true;
}

void image_take_words(struct image *i, const char *const *texts, size_t count)
{
	struct kmeta_finding why = { .message = "out of memory" };

	i->words = calloc(count + 1, sizeof(*i->words));
	if (!i->words)
		common_usage(&i->common, "%s", why.message);
	for (; i->words_count < count; i->words_count++) {
		if (!take_word(&i->words[i->words_count], texts[i->words_count], &why))
			common_usage(&i->common, "%s", why.message);
		i->any_by_id |= i->words[i->words_count].by_id;
	}
}

void image_release_words(struct image *i)
{
	for (size_t w = 0; w < i->words_count; w++)
		free(i->words[w].glob);
	free(i->words);
}

void image_say_absent(struct image *i)
{
	bool said = false;

	/* Not all of it was looked at if the reader went away. */
	if (i->common.out.closed || i->common.out.failed)
		return;
	for (size_t w = 0; w < i->words_count; w++) {
		if (i->words[w].found)
			continue;
		absent_say(&i->common, i->state, i->words[w].text);
		said = true;
	}
	if (!said && !i->matches && image_chooses_partitions(i))
		absent_nothing(&i->common, "no partition is so");
}
