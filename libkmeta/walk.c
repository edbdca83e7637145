/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c: the entities of an image in order. */
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "view.h"

/* Topics come with their partitions, everything else by kind and key. */
struct kmeta_walk {
	struct view view;
	const struct item **items;
	size_t items_count, next_item;
	const struct topic **topics;
	size_t topics_count, next_topic;
	struct partition_list partitions; /* of the topic at hand */
	size_t next_partition;
};

/* ---- order ---- */

static int by_key(const void *a, const void *b)
{
	return item_order(*(const struct item *const *)a, *(const struct item *const *)b);
}

static int by_name(const void *a, const void *b)
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

enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk, const struct kmeta_image *image,
                                  unsigned flags, struct kmeta_finding *why)
{
	struct kmeta_walk *w = calloc(1, sizeof(*w));

	if (!w)
		return finding_memory(why);
	w->view = (struct view){ .image = image, .flags = flags };
	w->items = calloc(image->items.count + 1, sizeof(*w->items));
	w->topics = calloc(image->topics.count + 1, sizeof(*w->topics));
	if (!w->items || !w->topics) {
		kmeta_walk_close(w);
		return finding_memory(why);
	}
	w->items_count = gather(&image->items, (const void **)w->items);
	w->topics_count = gather(&image->topics, (const void **)w->topics);
	qsort(w->items, w->items_count, sizeof(*w->items), by_key);
	qsort(w->topics, w->topics_count, sizeof(*w->topics), by_name);
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
	view_release(&walk->view);
	free(walk);
}

/* ---- walking ---- */

/* The next item of a kind below "end" that is written; END: there is none. */
static enum kmeta_status give_item(struct kmeta_walk *w, enum kmeta_entity_kind end,
                                   struct kmeta_entity *entity, struct kmeta_finding *why)
{
	while (w->next_item < w->items_count && w->items[w->next_item]->kind < end) {
		const struct item *item = w->items[w->next_item++];

		if (view_is_written(&w->view, item))
			return view_item(&w->view, item, entity, why);
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
		room = view_partition(&w->view, w->partitions.at[w->next_partition++], entity);
	} else if (w->next_topic < w->topics_count) {
		const struct topic *topic = w->topics[w->next_topic++];

		w->next_partition = 0;
		room = partition_list_fill(&w->partitions, topic) &&
		       view_topic(&w->view, topic, entity);
	} else {
		return give_item(w, KMETA_ENTITY_KINDS, entity, why);
	}
	return room ? KMETA_OK : finding_memory(why);
}
