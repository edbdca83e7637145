/* SPDX-License-Identifier: Apache-2.0 */
/* topics.c: the names of topic ids, learned from the records of a stream. */
#include "print/topics.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "print/scalar.h"

/* Kafka's longest name has 249 bytes (Topic.MAX_NAME_LENGTH). Much longer ones are not kept. */
enum { ID_SIZE = 16, LONGEST_NAME = 1000 };

struct topic {
	uint8_t id[ID_SIZE];
	bool is_simple;
	unsigned marks;
	size_t size;
	uint8_t name[];
};

struct kmeta_topics {
	struct table table;
	struct table marked; /* those with marks: few, and so found quickly */
	topics_judge *judge; /* NULL: none */
	const void *context;
	uint64_t seed;
	bool removed; /* the next call drops "removed_id" */
	uint8_t removed_id[ID_SIZE];
};

struct kmeta_topics *kmeta_topics_new(void)
{
	struct kmeta_topics *t = calloc(1, sizeof(*t));

	if (t)
		t->seed = (uint64_t)(uintptr_t)t;
	return t;
}

void kmeta_topics_free(struct kmeta_topics *topics)
{
	if (!topics)
		return;
	for (size_t i = 0; i < topics->table.capacity; i++)
		free(topics->table.slots[i].value);
	table_release(&topics->table);
	table_release(&topics->marked);
	free(topics);
}

static bool topic_has_id(const void *value, const void *id)
{
	const struct topic *topic = value;

	return !memcmp(topic->id, id, ID_SIZE);
}

static struct topic *find_topic(const struct kmeta_topics *t, const uint8_t *id, uint64_t *hash)
{
	*hash = table_hash(t->seed, id, ID_SIZE);
	return table_find(&t->table, *hash, topic_has_id, id);
}

static void drop(struct kmeta_topics *t, const uint8_t *id)
{
	uint64_t hash;
	struct topic *topic = find_topic(t, id, &hash);

	if (!topic)
		return;
	table_drop(&t->table, hash, topic);
	if (topic->marks)
		table_drop(&t->marked, hash, topic);
	free(topic);
}

static struct topic *make_topic(const struct kmeta_topics *t, const uint8_t *id,
                                struct kmeta_bytes name)
{
	struct topic *topic = malloc(sizeof(*topic) + name.size);

	if (!topic)
		return NULL;
	memcpy(topic->id, id, ID_SIZE);
	memcpy(topic->name, name.data, name.size);
	topic->size = name.size;
	topic->is_simple = scalar_is_simple(name);
	topic->marks = t->judge ? t->judge(t->context, name) : 0;
	return topic;
}

static bool add_topic(struct kmeta_topics *t, const uint8_t *id, struct kmeta_bytes name)
{
	const uint64_t hash = table_hash(t->seed, id, ID_SIZE);
	struct topic *topic;

	drop(t, id);
	if (name.size > LONGEST_NAME)
		return true;
	topic = make_topic(t, id, name);
	if (!topic)
		return false;
	if (!table_add(&t->table, hash, topic)) {
		free(topic);
		return false;
	}
	if (!topic->marks || table_add(&t->marked, hash, topic))
		return true;
	table_drop(&t->table, hash, topic);
	free(topic);
	return false;
}

bool kmeta_topics_wants(const struct kmeta_record *record)
{
	return !record->control &&
	       (record->type == KMETA_TOPIC_RECORD || record->type == KMETA_REMOVE_TOPIC_RECORD);
}

bool kmeta_topics_learn(struct kmeta_topics *topics, const struct kmeta_record *record,
                        const struct kmeta_fields *fields)
{
	const struct kmeta_field *id, *name;

	if (topics->removed) {
		topics->removed = false;
		drop(topics, topics->removed_id);
	}
	if (!kmeta_topics_wants(record))
		return true;
	id = kmeta_fields_find(fields, "topicId");
	name = kmeta_fields_find(fields, "name");
	if (!id)
		return true;
	if (record->type == KMETA_TOPIC_RECORD)
		return !name || add_topic(topics, id->value.bytes.data, name->value.bytes);
	topics->removed = true;
	memcpy(topics->removed_id, id->value.bytes.data, ID_SIZE);
	return true;
}

struct kmeta_bytes kmeta_topics_name(const struct kmeta_topics *topics, const uint8_t *id)
{
	uint64_t hash;
	const struct topic *topic = find_topic(topics, id, &hash);

	return topic ? (struct kmeta_bytes){ topic->name, topic->size } : (struct kmeta_bytes){ 0 };
}

struct kmeta_bytes topics_simple_name(const struct kmeta_topics *topics, const uint8_t *id,
                                      bool *known)
{
	uint64_t hash;
	const struct topic *topic = find_topic(topics, id, &hash);

	*known = topic != NULL;
	return topic && topic->is_simple ? (struct kmeta_bytes){ topic->name, topic->size }
	                                 : (struct kmeta_bytes){ 0 };
}

uint64_t topics_fetch(const struct kmeta_topics *topics, const uint8_t *id)
{
	const uint64_t hash = table_hash(topics->seed, id, ID_SIZE);

	table_fetch(&topics->table, hash);
	return hash;
}

void topics_fetch_name(const struct kmeta_topics *topics, uint64_t fetched)
{
	const struct topic *topic = table_likely(&topics->table, fetched);

	if (topic)
		__builtin_prefetch(topic);
}

/* ---- marks ---- */

void topics_mark(struct kmeta_topics *topics, topics_judge *judge, const void *context)
{
	topics->judge = judge;
	topics->context = context;
}

bool topics_are_marked(const struct kmeta_topics *topics, const void *context)
{
	return topics->judge && topics->context == context;
}

unsigned topics_marks(const struct kmeta_topics *topics, const uint8_t *id)
{
	const struct topic *topic = table_find(
		&topics->marked, table_hash(topics->seed, id, ID_SIZE), topic_has_id, id);

	return topic ? topic->marks : 0;
}
