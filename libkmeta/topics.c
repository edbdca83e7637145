/* SPDX-License-Identifier: Apache-2.0 */
/* topics.c: which name a topic id has, as far as the stream has told. */
#include <stdlib.h>
#include <string.h>

#include "kmeta.h"
#include "wire.h"

enum { ID_SIZE = 16, TOPIC = 2, REMOVE_TOPIC = 9, FIRST_CAPACITY = 64 };

struct topic {
	uint8_t id[ID_SIZE];
	char *name; /* NULL: an empty slot */
	size_t size;
};

/* Open addressing; at most half full. */
struct kmeta_topics {
	struct topic *slots;
	size_t count, capacity;
	uint64_t seed;
	bool removed; /* "removed_id" goes with the next call */
	uint8_t removed_id[ID_SIZE];
};

/* The seed keeps chosen ids from all falling into one place. */
static size_t slot_of(const struct kmeta_topics *t, const uint8_t *id)
{
	uint64_t h = (wire_get64(id) ^ t->seed) * 0x9e3779b97f4a7c15u;

	h = (h ^ h >> 32 ^ wire_get64(id + 8)) * 0xd6e8feb86659fd93u;
	return (size_t)(h ^ h >> 32) & (t->capacity - 1);
}

struct kmeta_topics *kmeta_topics_new(void)
{
	struct kmeta_topics *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->capacity = FIRST_CAPACITY;
	t->slots = calloc(t->capacity, sizeof(*t->slots));
	t->seed = (uint64_t)(uintptr_t)t->slots;
	if (!t->slots) {
		free(t);
		return NULL;
	}
	return t;
}

void kmeta_topics_free(struct kmeta_topics *topics)
{
	if (!topics)
		return;
	for (size_t i = 0; i < topics->capacity; i++)
		free(topics->slots[i].name);
	free(topics->slots);
	free(topics);
}

/* The slot that holds the id, or the empty one where it belongs. */
static struct topic *find(const struct kmeta_topics *t, const uint8_t *id)
{
	size_t i = slot_of(t, id);

	while (t->slots[i].name && memcmp(t->slots[i].id, id, ID_SIZE) != 0)
		i = (i + 1) & (t->capacity - 1);
	return &t->slots[i];
}

static bool grow(struct kmeta_topics *t)
{
	struct kmeta_topics larger = *t;

	larger.capacity = t->capacity * 2;
	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < t->capacity; i++)
		if (t->slots[i].name)
			*find(&larger, t->slots[i].id) = t->slots[i];
	free(t->slots);
	*t = larger;
	return true;
}

static bool add(struct kmeta_topics *t, const uint8_t *id, struct kmeta_bytes name)
{
	char *copy = malloc(name.size + 1);
	struct topic *slot;

	if (!copy || (t->count >= t->capacity / 2 && !grow(t))) {
		free(copy);
		return false;
	}
	memcpy(copy, name.data, name.size);
	slot = find(t, id);
	t->count += !slot->name;
	free(slot->name);
	memcpy(slot->id, id, ID_SIZE);
	slot->name = copy;
	slot->size = name.size;
	return true;
}

/* Those behind that could not stand in their own place move up, so that no search ends too early.
 */
static void drop(struct kmeta_topics *t, const uint8_t *id)
{
	struct topic *slot = find(t, id);
	size_t i = (size_t)(slot - t->slots);

	if (!slot->name)
		return;
	free(slot->name);
	slot->name = NULL;
	t->count--;
	for (;;) {
		struct topic moved;

		i = (i + 1) & (t->capacity - 1);
		if (!t->slots[i].name)
			return;
		moved = t->slots[i];
		t->slots[i].name = NULL;
		*find(t, moved.id) = moved;
	}
}

bool kmeta_topics_wants(const struct kmeta_record *record)
{
	return !record->control && (record->type == TOPIC || record->type == REMOVE_TOPIC);
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
	if (record->type == TOPIC)
		return !name || add(topics, id->value.bytes.data, name->value.bytes);
	topics->removed = true;
	memcpy(topics->removed_id, id->value.bytes.data, ID_SIZE);
	return true;
}

struct kmeta_bytes kmeta_topics_name(const struct kmeta_topics *topics, const uint8_t *id)
{
	const struct topic *slot = find(topics, id);

	return (struct kmeta_bytes){ (const uint8_t *)slot->name, slot->name ? slot->size : 0 };
}
