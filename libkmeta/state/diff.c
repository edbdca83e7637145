/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff.c: finds the entities that differ between two states. Compares them as bytes first: only
 * those that differ are sorted and compared field by field.
 */
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "state/snapshot.h"

/* ---- entities ---- */

/* Both are in the newest version, so they have the same fields in the same order. */
static bool same_field(const struct kmeta_field *a, const struct kmeta_field *b)
{
	const enum kmeta_kind kind = (enum kmeta_kind)a->schema->kind;
	const bool array =
		a->schema->flags & KMETA_FIELD_ARRAY && !(a->flags & KMETA_VALUE_ELEMENT);

	if (a->schema != b->schema || a->span != b->span || a->flags != b->flags)
		return false;
	if (kind == KMETA_STRUCT || (array && kind >= KMETA_STRING))
		return true;
	if (array || kind == KMETA_UUID || kind == KMETA_STRING || kind == KMETA_BYTES)
		return a->value.bytes.size == b->value.bytes.size &&
		       (!a->value.bytes.size ||
		        !memcmp(a->value.bytes.data, b->value.bytes.data, a->value.bytes.size));
	/* This compares the bits of a float too: what was written, not its value. */
	return a->value.integer == b->value.integer;
}

bool kmeta_entity_same(const struct kmeta_entity *a, const struct kmeta_entity *b)
{
	const struct kmeta_fields *x = a->fields, *y = b->fields;

	if (x->schema != y->schema || x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++)
		if (!same_field(&x->at[i], &y->at[i]))
			return false;
	return true;
}

/* ---- what differs ---- */

/* An item or a topic in both states; NULL: it is in the other one only. */
struct pair {
	const void *before, *after;
};

struct pairs {
	struct pair *at;
	size_t count, capacity;
};

struct diff {
	struct snapshot before, after;
	struct pairs items, topics;
	struct partition_list old_partitions, new_partitions; /* of the current topics */
	kmeta_change_seen *seen;
	void *context;
	bool stopped;
};

static bool add_pair(struct pairs *pairs, const void *before, const void *after)
{
	if (pairs->count == pairs->capacity) {
		const size_t capacity = pairs->capacity ? pairs->capacity * 2 : 64;
		struct pair *at = realloc(pairs->at, capacity * sizeof(*at));

		if (!at)
			return false;
		pairs->at = at;
		pairs->capacity = capacity;
	}
	pairs->at[pairs->count++] = (struct pair){ before, after };
	return true;
}

static const struct item *same_key(const struct snapshot *v, const struct item *item)
{
	return image_item(v->image, item->kind, (struct kmeta_bytes){ item->key, item->key_size });
}

static const struct item *if_written(const struct snapshot *v, const struct item *item)
{
	return item && snapshot_is_written(v, item) ? item : NULL;
}

static bool same_item(const struct item *a, const struct item *b)
{
	return a == b || (a && b && a->value_size == b->value_size &&
	                  !memcmp(a->value, b->value, a->value_size));
}

static bool find_items(struct diff *d)
{
	const struct table *before = &d->before.image->items, *after = &d->after.image->items;

	for (size_t i = 0; i < before->capacity; i++) {
		const struct item *item = before->slots[i].value;
		const struct item *was = if_written(&d->before, item);
		const struct item *is =
			item ? if_written(&d->after, same_key(&d->after, item)) : NULL;

		if (!same_item(was, is) && !add_pair(&d->items, was, is))
			return false;
	}
	for (size_t i = 0; i < after->capacity; i++) {
		const struct item *is = if_written(&d->after, after->slots[i].value);

		if (is && !same_key(&d->before, is) && !add_pair(&d->items, NULL, is))
			return false;
	}
	return true;
}

/* The topic of the other state with this id and name, or NULL. */
static const struct topic *same_topic(const struct snapshot *v, const struct topic *topic)
{
	const struct topic *other = image_topic(v->image, topic->id);

	return other && other->name_size == topic->name_size &&
	                       !memcmp(other->name, topic->name, topic->name_size)
	               ? other
	               : NULL;
}

static bool same_partitions(const struct diff *d, const struct topic *a, const struct topic *b)
{
	const struct partition *p;
	size_t at = 0;

	if (a->partitions != b->partitions)
		return false;
	while ((p = topic_next(a, &at)) != NULL) {
		const struct partition *other = image_partition(d->after.image, b, p->id);

		if (!other || !partition_same(p, other))
			return false;
	}
	return true;
}

static bool find_topics(struct diff *d)
{
	const struct table *before = &d->before.image->topics, *after = &d->after.image->topics;

	for (size_t i = 0; i < before->capacity; i++) {
		const struct topic *was = before->slots[i].value;
		const struct topic *is = was ? same_topic(&d->after, was) : NULL;

		if (was && !(is && same_partitions(d, was, is)) && !add_pair(&d->topics, was, is))
			return false;
	}
	for (size_t i = 0; i < after->capacity; i++) {
		const struct topic *is = after->slots[i].value;

		if (is && !same_topic(&d->before, is) && !add_pair(&d->topics, NULL, is))
			return false;
	}
	return true;
}

/* ---- order ---- */

static const void *either(const struct pair *pair)
{
	return pair->before ? pair->before : pair->after;
}

static int pair_by_key(const void *a, const void *b)
{
	return item_order(either(a), either(b));
}

static int pair_by_name(const void *a, const void *b)
{
	return topic_order(either(a), either(b));
}

static void sort_pairs(struct pairs *pairs, int (*order)(const void *, const void *))
{
	if (pairs->count)
		qsort(pairs->at, pairs->count, sizeof(*pairs->at), order);
}

/* ---- telling ---- */

static void report_pair(struct diff *d, const struct kmeta_entity *before,
                        const struct kmeta_entity *after)
{
	const struct kmeta_change change = { before, after };

	if (!(before && after && kmeta_entity_same(before, after)))
		d->stopped = !d->seen(d->context, &change);
}

static enum kmeta_status tell_item(struct diff *d, const struct pair *pair,
                                   struct kmeta_finding *why)
{
	struct kmeta_entity before, after;
	enum kmeta_status status = KMETA_OK;

	if (pair->before)
		status = snapshot_item(&d->before, pair->before, &before, why);
	if (pair->after && status == KMETA_OK)
		status = snapshot_item(&d->after, pair->after, &after, why);
	if (status == KMETA_OK)
		report_pair(d, pair->before ? &before : NULL, pair->after ? &after : NULL);
	return status;
}

/* Reports the items of kinds below "end", beginning with the next. */
static enum kmeta_status tell_items(struct diff *d, size_t *next, enum kmeta_entity_kind end,
                                    struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK && !d->stopped && *next < d->items.count) {
		const struct pair *pair = &d->items.at[*next];

		if (((const struct item *)either(pair))->kind >= end)
			break;
		status = tell_item(d, pair, why);
		++*next;
	}
	return status;
}

static bool tell_partition(struct diff *d, const struct partition *was, const struct partition *is)
{
	struct kmeta_entity before, after;

	if (was && is && partition_same(was, is))
		return true;
	if ((was && !snapshot_partition(&d->before, was, &before)) ||
	    (is && !snapshot_partition(&d->after, is, &after)))
		return false;
	report_pair(d, was ? &before : NULL, is ? &after : NULL);
	return true;
}

static bool tell_partitions(struct diff *d, const struct pair *topics)
{
	const struct partition_list *was = &d->old_partitions, *is = &d->new_partitions;
	size_t i = 0, j = 0;

	if (!partition_list_fill(&d->old_partitions, topics->before) ||
	    !partition_list_fill(&d->new_partitions, topics->after))
		return false;
	while (!d->stopped && (i < was->count || j < is->count)) {
		const bool old =
			i < was->count && (j == is->count || was->at[i]->id <= is->at[j]->id);
		const bool new =
			j < is->count && (i == was->count || is->at[j]->id <= was->at[i]->id);

		if (!tell_partition(d, old ? was->at[i] : NULL, new ? is->at[j] : NULL))
			return false;
		i += old;
		j += new;
	}
	return true;
}

static bool tell_topic(struct diff *d, const struct pair *pair)
{
	struct kmeta_entity before, after;

	if ((pair->before && !snapshot_topic(&d->before, pair->before, &before)) ||
	    (pair->after && !snapshot_topic(&d->after, pair->after, &after)))
		return false;
	report_pair(d, pair->before ? &before : NULL, pair->after ? &after : NULL);
	return d->stopped || tell_partitions(d, pair);
}

static enum kmeta_status tell_all(struct diff *d, struct kmeta_finding *why)
{
	size_t next = 0;
	enum kmeta_status status = tell_items(d, &next, KMETA_TOPIC, why);

	for (size_t i = 0; status == KMETA_OK && !d->stopped && i < d->topics.count; i++)
		if (!tell_topic(d, &d->topics.at[i]))
			status = finding_memory(why);
	return status == KMETA_OK ? tell_items(d, &next, KMETA_ENTITY_KINDS, why) : status;
}

enum kmeta_status kmeta_diff(const struct kmeta_image *before, const struct kmeta_image *after,
                             kmeta_change_seen *seen, void *context, struct kmeta_finding *why)
{
	struct diff d = { .before = { .image = before, .flags = KMETA_WALK_NEWEST },
		          .after = { .image = after, .flags = KMETA_WALK_NEWEST },
		          .seen = seen,
		          .context = context };
	enum kmeta_status status = KMETA_OK;

	if (!find_items(&d) || !find_topics(&d))
		status = finding_memory(why);
	sort_pairs(&d.items, pair_by_key);
	sort_pairs(&d.topics, pair_by_name);
	if (status == KMETA_OK)
		status = tell_all(&d, why);
	free(d.items.at);
	free(d.topics.at);
	free(d.old_partitions.at);
	free(d.new_partitions.at);
	snapshot_release(&d.before);
	snapshot_release(&d.after);
	return status;
}
