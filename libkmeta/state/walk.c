/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c: walks the entities of an image in order. */
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "state/snapshot.h"

/* Topics are walked with their partitions, everything else by kind and key. */
struct kmeta_walk {
	struct snapshot snapshot;
	const struct item **items;
	size_t items_count, next_item;
	const struct topic **topics;
	size_t topics_count, next_topic;
	struct partition_list partitions; /* of the current topic */
	size_t next_partition;
	bool without_partitions;
};

/* ---- order ---- */

static int items_by_key(const void *a, const void *b)
{
	return item_order(*(const struct item *const *)a, *(const struct item *const *)b);
}

static int topics_by_name(const void *a, const void *b)
{
	return topic_order(*(const struct topic *const *)a, *(const struct topic *const *)b);
}

static size_t gather(const struct table *table, const void **values)
{
	size_t count = 0;

	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].value)
			values[count++] = table->slots[i].value;
	return count;
}

static struct kmeta_walk *new_walk(const struct kmeta_image *image, unsigned flags)
{
	struct kmeta_walk *w = calloc(1, sizeof(*w));

	if (w)
		w->snapshot = (struct snapshot){ .image = image, .flags = flags };
	return w;
}

/* Gathers the items of one kind, so that the others need not be sorted. */
static bool gather_kind(struct kmeta_walk *w, enum kmeta_entity_kind kind)
{
	const struct table *items = &w->snapshot.image->items;

	w->items = calloc(w->snapshot.image->counts[kind] + 1, sizeof(*w->items));
	for (size_t i = 0; w->items && i < items->capacity; i++) {
		const struct item *item = items->slots[i].value;

		if (item && item->kind == kind && w->items_count < w->snapshot.image->counts[kind])
			w->items[w->items_count++] = item;
	}
	if (w->items)
		qsort(w->items, w->items_count, sizeof(*w->items), items_by_key);
	return w->items != NULL;
}

static bool gather_topics(struct kmeta_walk *w)
{
	w->topics = calloc(w->snapshot.image->topics.count + 1, sizeof(*w->topics));
	if (!w->topics)
		return false;
	w->topics_count = gather(&w->snapshot.image->topics, (const void **)w->topics);
	qsort(w->topics, w->topics_count, sizeof(*w->topics), topics_by_name);
	return true;
}

enum kmeta_status kmeta_walk_open_kind(struct kmeta_walk **walk, const struct kmeta_image *image,
                                       enum kmeta_entity_kind kind, const uint8_t *topic_id,
                                       unsigned flags, struct kmeta_finding *why)
{
	struct kmeta_walk *w = new_walk(image, flags);
	const struct topic *topic;
	bool room = w != NULL;

	if (room && kind == KMETA_PARTITION) {
		topic = topic_id ? image_topic(image, topic_id) : NULL;
		room = !topic || partition_list_fill(&w->partitions, topic);
	} else if (room && kind == KMETA_TOPIC) {
		room = gather_topics(w);
		w->without_partitions = true;
	} else if (room) {
		room = gather_kind(w, kind);
	}
	if (room) {
		*walk = w;
		return KMETA_OK;
	}
	kmeta_walk_close(w);
	return finding_memory(why);
}

enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk, const struct kmeta_image *image,
                                  unsigned flags, struct kmeta_finding *why)
{
	struct kmeta_walk *w = new_walk(image, flags);

	if (!w)
		return finding_memory(why);
	w->items = calloc(image->items.count + 1, sizeof(*w->items));
	if (!w->items || !gather_topics(w)) {
		kmeta_walk_close(w);
		return finding_memory(why);
	}
	w->items_count = gather(&image->items, (const void **)w->items);
	qsort(w->items, w->items_count, sizeof(*w->items), items_by_key);
	*walk = w;
	return KMETA_OK;
}

void kmeta_walk_close(struct kmeta_walk *walk)
{
	if (!walk)
		return;
	free(walk->items);
	free(walk->topics);
	free(walk->partitions.at);
	snapshot_release(&walk->snapshot);
	free(walk);
}

/* ---- walking ---- */

/* The next item of a kind below "end" that a snapshot holds. END: there is none. */
static enum kmeta_status give_item(struct kmeta_walk *w, enum kmeta_entity_kind end,
                                   struct kmeta_entity *entity, struct kmeta_finding *why)
{
	while (w->next_item < w->items_count && w->items[w->next_item]->kind < end) {
		const struct item *item = w->items[w->next_item++];

		if (snapshot_is_written(&w->snapshot, item))
			return snapshot_item(&w->snapshot, item, entity, why);
	}
	return KMETA_END;
}

enum kmeta_status kmeta_walk_next(struct kmeta_walk *walk, struct kmeta_entity *entity,
                                  struct kmeta_finding *why)
{
	struct kmeta_walk *w = walk;
	enum kmeta_status status = give_item(w, KMETA_TOPIC, entity, why);
	bool room = true;

	if (status != KMETA_END)
		return status;
	if (w->next_partition < w->partitions.count) {
		room = snapshot_partition(&w->snapshot, w->partitions.at[w->next_partition++],
		                          entity);
	} else if (w->next_topic < w->topics_count) {
		const struct topic *topic = w->topics[w->next_topic++];

		w->next_partition = 0;
		room = (w->without_partitions || partition_list_fill(&w->partitions, topic)) &&
		       snapshot_topic(&w->snapshot, topic, entity);
	} else {
		return give_item(w, KMETA_ENTITY_KINDS, entity, why);
	}
	return room ? KMETA_OK : finding_memory(why);
}
