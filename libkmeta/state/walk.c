/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c: walks the entities of an image in order. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "state/snapshot.h"
#include "state/walk.h"

/* Topics are walked with their partitions, everything else by kind and key. */
struct kmeta_walk {
	struct snapshot snapshot;
	const struct item **items;
	size_t items_count, next_item;
	const struct topic **topics;
	size_t topics_count, next_topic;
	struct partition_list partitions; /* of the current topic */
	size_t next_partition;
	size_t share, shares; /* every so many-th item, topic and partition is given */
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
		*w = (struct kmeta_walk){ .snapshot = { .image = image, .flags = flags },
			                  .shares = 1 };
	return w;
}

/* The others need not be sorted. */
const struct item **walk_items(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                               size_t *count)
{
	const struct item **sorted = calloc(image->counts[kind] + 1, sizeof(*sorted));

	*count = 0;
	for (size_t i = 0; sorted && i < image->items.capacity; i++) {
		const struct item *item = image->items.slots[i].value;

		if (item && item->kind == kind && *count < image->counts[kind])
			sorted[(*count)++] = item;
	}
	if (sorted)
		qsort(sorted, *count, sizeof(*sorted), items_by_key);
	return sorted;
}

const struct topic **walk_topics(const struct kmeta_image *image, size_t *count)
{
	const struct topic **sorted = calloc(image->topics.count + 1, sizeof(*sorted));

	*count = sorted ? gather(&image->topics, (const void **)sorted) : 0;
	if (sorted)
		qsort(sorted, *count, sizeof(*sorted), topics_by_name);
	return sorted;
}

static bool gather_topics(struct kmeta_walk *w)
{
	w->topics = walk_topics(w->snapshot.image, &w->topics_count);
	return w->topics != NULL;
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
		w->items = walk_items(image, kind, &w->items_count);
		room = w->items != NULL;
	}
	if (room) {
		*walk = w;
		return KMETA_OK;
	}
	kmeta_walk_close(w);
	return finding_memory(why);
}

enum kmeta_status walk_open_share(struct kmeta_walk **walk, const struct kmeta_image *image,
                                  size_t number, size_t count, unsigned flags,
                                  struct kmeta_finding *why)
{
	struct kmeta_walk *w = new_walk(image, flags);

	assert(number < count);
	if (!w)
		return finding_memory(why);
	w->share = w->next_item = number;
	w->shares = count;
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

enum kmeta_status kmeta_walk_open(struct kmeta_walk **walk, const struct kmeta_image *image,
                                  unsigned flags, struct kmeta_finding *why)
{
	return walk_open_share(walk, image, 0, 1, flags, why);
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
		const struct item *item = w->items[w->next_item];

		w->next_item += w->shares;
		if (snapshot_is_written(&w->snapshot, item))
			return snapshot_item(&w->snapshot, item, entity, why);
	}
	return KMETA_END;
}

/* Goes on to the next topic, whose partitions follow. OK: it is given itself, too. */
static enum kmeta_status give_topic(struct kmeta_walk *w, struct kmeta_entity *entity,
                                    struct kmeta_finding *why)
{
	const struct topic *topic = w->topics[w->next_topic];
	/* Topics of one partition each must not all go to the same share. */
	const size_t turn = (w->share + w->shares - w->next_topic % w->shares) % w->shares;

	w->next_topic++;
	w->next_partition = turn;
	if (!w->without_partitions && !partition_list_fill(&w->partitions, topic))
		return finding_memory(why);
	if (turn)
		return KMETA_END;
	return snapshot_topic(&w->snapshot, topic, entity) ? KMETA_OK : finding_memory(why);
}

enum kmeta_status kmeta_walk_next(struct kmeta_walk *walk, struct kmeta_entity *entity,
                                  struct kmeta_finding *why)
{
	struct kmeta_walk *w = walk;
	enum kmeta_status status = give_item(w, KMETA_TOPIC, entity, why);

	while (status == KMETA_END) {
		if (w->next_partition < w->partitions.count) {
			const struct partition *p = w->partitions.at[w->next_partition];

			w->next_partition += w->shares;
			return snapshot_partition(&w->snapshot, p, entity) ? KMETA_OK
			                                                   : finding_memory(why);
		}
		if (w->next_topic == w->topics_count)
			return give_item(w, KMETA_ENTITY_KINDS, entity, why);
		status = give_topic(w, entity, why);
	}
	return status;
}
