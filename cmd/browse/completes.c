/* SPDX-License-Identifier: Apache-2.0 */
/* completes.c: the words that Tab may put in at each prompt. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "browser.h"
#include "views/table_view.h"

/* So many are found at most: nobody goes through more. */
enum { WORDS_LIMIT = 200, TYPES_LIMIT = 256 };

/* What has been typed of a word, and those that begin with it. */
struct completion {
	const char *typed;
	size_t size, count;
	struct kmeta_buffer *words;
};

static bool offer(struct completion *c, const char *word, size_t size)
{
	if (size < c->size || strncasecmp(word, c->typed, c->size) != 0 || c->count == WORDS_LIMIT)
		return c->count < WORDS_LIMIT;
	kmeta_buffer_add(c->words, word, size);
	kmeta_buffer_add(c->words, "\n", 1);
	return ++c->count < WORDS_LIMIT;
}

static void offer_all(struct completion *c, const char *const *list)
{
	for (; *list; list++)
		offer(c, *list, strlen(*list));
}

static void offer_action(void *completion, const char *name)
{
	offer(completion, name, strlen(name));
}

static void begin_word(struct completion *c, const char *text, size_t at, size_t *start)
{
	c->typed = text + at;
	c->size = strlen(c->typed);
	*start = at;
}

/* Behind the last blank that belongs to no value. */
static size_t last_word(const char *text)
{
	size_t start = 0;

	for (size_t i = 0; text[i]; i++) {
		if (text[i] == '\\' && text[i + 1])
			i++;
		else if (text[i] == ' ')
			start = i + 1;
	}
	return start;
}

/* ---- the state, if a view has found it and no task uses it ---- */

static void offer_entities(struct browser *b, struct completion *c, enum kmeta_entity_kind kind,
                           const uint8_t *topic, size_t cut)
{
	const struct kmeta_image *image = state_of(&b->screen)->image;
	struct kmeta_walk *walk = NULL;
	struct kmeta_buffer path = { 0 };
	struct kmeta_entity entity;
	struct kmeta_finding why;

	if (!image || job_is_running(&b->model.task.job) ||
	    kmeta_walk_open_kind(&walk, image, kind, topic, 0, &why) != KMETA_OK)
		return;
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		path.size = 0;
		kmeta_entity_path(&path, &entity, b->model.flags);
		if (path.failed || path.size < cut || !offer(c, path.at + cut, path.size - cut))
			break;
	}
	kmeta_walk_close(walk);
	kmeta_buffer_release(&path);
}

static size_t topics_cut(void)
{
	return strlen(kmeta_entity_kind_group(KMETA_TOPIC)) + 1;
}

/* "topics/orders/1": the kind is a word, or a topic whose partitions are wanted. */
static void offer_paths(struct browser *b, struct completion *c, const char *text, size_t *start)
{
	const size_t size = strcspn(text, "/");
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(text, size);
	const char *name = text + size + 1, *slash = strrchr(name, '/');
	uint8_t id[16];

	begin_word(c, text, 0, start);
	if (kind == KMETA_ENTITY_KINDS)
		return;
	if (kind == KMETA_TOPIC && slash && state_of(&b->screen)->image &&
	    kmeta_image_topic_id(
		    state_of(&b->screen)->image,
		    (struct kmeta_bytes){ (const uint8_t *)name, (size_t)(slash - name) }, id))
		offer_entities(b, c, KMETA_PARTITION, id, 0);
	else
		offer_entities(b, c, kind, NULL, 0);
}

/* ---- terms ---- */

static void offer_columns(struct completion *c, const struct table_kind *about)
{
	for (size_t i = 0; i < about->count; i++)
		offer(c, about->columns[i].name, strlen(about->columns[i].name));
}

static void complete_table_term(struct browser *b, struct completion *c, const char *text,
                                enum kmeta_entity_kind kind, size_t from, size_t *start)
{
	static const char *const values[] = { "none", "yes", "no", NULL };
	const struct table_kind *about = table_kind(kind);
	const size_t word = from + last_word(text + from);
	const size_t sign = word + strcspn(text + word, "=<>~!");
	size_t value = sign + strspn(text + sign, "=<>~!");
	const char *comma = strrchr(text + value, ',');

	if (!text[sign]) {
		begin_word(c, text, word, start);
		offer_columns(c, about);
		return;
	}
	if (comma)
		value = (size_t)(comma + 1 - text);
	begin_word(c, text, value, start);
	if (sign - word == 5 && !strncasecmp(text + word, "topic", 5)) {
		offer_entities(b, c, KMETA_TOPIC, NULL, topics_cut());
		return;
	}
	offer_all(c, values);
	offer_columns(c, about);
}

static void offer_types(struct completion *c)
{
	static const char suffix[] = "_RECORD";

	for (int32_t type = 0; type < 2 * TYPES_LIMIT; type++) {
		const char *name = kmeta_type_name(type >= TYPES_LIMIT, type % TYPES_LIMIT);
		size_t size = name ? strlen(name) : 0;

		if (size > sizeof(suffix) - 1 &&
		    !strcmp(name + size - (sizeof(suffix) - 1), suffix))
			size -= sizeof(suffix) - 1;
		if (name)
			offer(c, name, size);
	}
}

static void complete_log_term(struct browser *b, struct completion *c, const char *text,
                              size_t *start)
{
	static const char *const names[] = { "type=",   "not-type=", "topic=", "partition=",
		                             "broker=", "offset=",   "time=",  "epoch=",
		                             "control", "grep=",     NULL };
	const size_t word = last_word(text);
	const size_t sign = word + strcspn(text + word, "=");
	const char *comma = strrchr(text + sign, ',');

	if (!text[sign]) {
		begin_word(c, text, word, start);
		offer_all(c, names);
		return;
	}
	begin_word(c, text, comma ? (size_t)(comma + 1 - text) : sign + 1, start);
	if (!strncmp(text + word, "type=", 5) || !strncmp(text + word, "not-type=", 9))
		offer_types(c);
	else if (!strncmp(text + word, "topic=", 6))
		offer_entities(b, c, KMETA_TOPIC, NULL, topics_cut());
}

/* ---- files ---- */

static void complete_file(struct completion *c, const char *text, size_t from, size_t *start)
{
	struct kmeta_buffer pattern = { 0 };
	glob_t found = { 0 };

	begin_word(c, text, from, start);
	for (const char *at = c->typed; *at; at++) {
		if (strchr("*?[]\\", *at))
			kmeta_buffer_add(&pattern, "\\", 1);
		kmeta_buffer_add(&pattern, at, 1);
	}
	kmeta_buffer_add(&pattern, "*", 2);
	if (!pattern.failed && !glob(pattern.at, GLOB_MARK, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (!strchr(found.gl_pathv[i], '\n'))
				offer(c, found.gl_pathv[i], strlen(found.gl_pathv[i]));
	globfree(&found);
	kmeta_buffer_release(&pattern);
}

/* ---- prompts ---- */

static void complete_command(struct browser *b, struct completion *c, const char *text,
                             size_t *start)
{
	static const char *const commands[] = {
		"topics", "partitions", "brokers",      "controllers", "voters", "configs",
		"acls",   "quotas",     "features",     "scram",       "tokens", "producer-ids",
		"quit",   "w ",         "zk-migration", NULL
	};
	const size_t size = strcspn(text, " ");
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(text, size);

	if (!text[size] && strchr(text, '/')) {
		offer_paths(b, c, text, start);
	} else if (!text[size]) {
		begin_word(c, text, 0, start);
		offer_all(c, commands);
		browser_offer_actions(&b->screen, offer_action, c);
	} else if (size == 1 && *text == 'w') {
		complete_file(c, text, 2, start);
	} else if (kind != KMETA_ENTITY_KINDS) {
		complete_table_term(b, c, text, kind, size + 1, start);
	}
}

void complete_prompt(void *browser, char lead, const char *text, struct kmeta_buffer *words,
                     size_t *start)
{
	struct browser *b = browser;
	const bool in_table = b->screen.kind == VIEW_TABLE && b->screen.focus == FOCUS_VIEW;
	const enum kmeta_entity_kind kind = table_of(&b->screen)->kind;
	struct completion c = { .words = words };

	switch (lead) {
	case ':':
		complete_command(b, &c, text, start);
		break;
	case '&':
		if (in_table)
			complete_table_term(b, &c, text, kind, 0, start);
		else
			complete_log_term(b, &c, text, start);
		break;
	case '+':
		begin_word(&c, text, 0, start);
		offer_columns(&c, table_kind(kind));
		break;
	case ' ':
		complete_file(&c, text, 0, start);
		break;
	default:
		break;
	}
}
