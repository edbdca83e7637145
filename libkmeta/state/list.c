/* SPDX-License-Identifier: Apache-2.0 */
/* list.c: the entities of one kind by number. */
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "state/snapshot.h"
#include "state/walk.h"

/* Only one of the arrays is there. */
struct kmeta_list {
	struct snapshot snapshot;
	size_t count;
	const struct item **items;
	const struct topic **topics;
	const struct partition **partitions;
};

/* What a snapshot leaves out is not in a walk either. */
static bool list_items(struct kmeta_list *list, enum kmeta_entity_kind kind)
{
	size_t count;

	list->items = walk_items(list->snapshot.image, kind, &count);
	for (size_t i = 0; list->items && i < count; i++)
		if (snapshot_is_written(&list->snapshot, list->items[i]))
			list->items[list->count++] = list->items[i];
	return list->items;
}

static bool list_partitions(struct kmeta_list *list)
{
	const size_t room = list->snapshot.image->counts[KMETA_PARTITION];
	struct partition_list of_topic = { 0 };
	size_t topics_count;
	const struct topic **topics = walk_topics(list->snapshot.image, &topics_count);
	bool enough = topics != NULL;

	list->partitions = calloc(room + 1, sizeof(struct partition *));
	enough &= list->partitions != NULL;
	for (size_t i = 0; enough && i < topics_count; i++) {
		enough = partition_list_fill(&of_topic, topics[i]);
		if (!enough || !of_topic.count || of_topic.count > room - list->count)
			continue;
		memcpy(list->partitions + list->count, of_topic.at,
		       of_topic.count * sizeof(struct partition *));
		list->count += of_topic.count;
	}
	free(of_topic.at);
	free(topics);
	return enough;
}

enum kmeta_status kmeta_list_open(struct kmeta_list **list, const struct kmeta_image *image,
                                  enum kmeta_entity_kind kind, unsigned flags,
                                  struct kmeta_finding *why)
{
	struct kmeta_list *l = calloc(1, sizeof(*l));
	bool room = l != NULL;

	if (room)
		l->snapshot = (struct snapshot){ .image = image, .flags = flags };
	if (room && kind == KMETA_PARTITION) {
		room = list_partitions(l);
	} else if (room && kind == KMETA_TOPIC) {
		l->topics = walk_topics(image, &l->count);
		room = l->topics != NULL;
	} else if (room) {
		room = list_items(l, kind);
	}
	if (room) {
		*list = l;
		return KMETA_OK;
	}
	kmeta_list_close(l);
	return finding_memory(why);
}

size_t kmeta_list_count(const struct kmeta_list *list)
{
	return list->count;
}

enum kmeta_status kmeta_list_entity(struct kmeta_list *list, size_t number,
                                    struct kmeta_entity *entity, struct kmeta_finding *why)
{
	struct snapshot *s = &list->snapshot;

	if (number >= list->count)
		return KMETA_END;
	if (list->items)
		return snapshot_item(s, list->items[number], entity, why);
	if (list->topics ? snapshot_topic(s, list->topics[number], entity)
	                 : snapshot_partition(s, list->partitions[number], entity))
		return KMETA_OK;
	return finding_memory(why);
}

void kmeta_list_close(struct kmeta_list *list)
{
	if (!list)
		return;
	free(list->items);
	free(list->topics);
	free(list->partitions);
	snapshot_release(&list->snapshot);
	free(list);
}
