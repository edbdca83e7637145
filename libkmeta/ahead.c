/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.c: reading the records of a batch some steps before they are applied to an image. */
#include "ahead.h"

#include "wire.h"

enum { PARTITION = 3, PARTITION_CHANGE = 5 };

/* A partition with three replicas lies in two or three cache lines. */
enum { ID_AND_TOPIC = 4 + IMAGE_ID, CACHE_LINE = 64, EXPECTED_SIZE = 128 };

/* How many records before it is applied what it needs is fetched, one thing leading to the next. */
enum { FETCH_TOPIC = 12, FETCH_PLACE = 8, FETCH_PARTITION = 4 };

/* All layouts of both records begin with the partition's number and its topic's id. */
static bool names_partition(const struct kmeta_record *record)
{
	return !record->control &&
	       (record->type == PARTITION || record->type == PARTITION_CHANGE) &&
	       record->value.size >= (size_t)record->body + ID_AND_TOPIC;
}

static void expect_slot(struct ahead_partition *p, const struct kmeta_image *image,
                        const struct kmeta_record *record)
{
	const uint8_t *at;

	p->named = names_partition(record);
	if (!p->named)
		return;
	at = record->value.data + record->body;
	p->id = (int32_t)wire_get32(at);
	p->topic = table_hash(image->seed, at + 4, IMAGE_ID);
	table_fetch(&image->topics, p->topic);
}

/* The partition that was read so many records before the last one; NULL: none was. */
static const struct ahead_partition *back(const struct ahead *a, size_t records)
{
	const struct ahead_partition *p;

	if (a->read <= records)
		return NULL;
	p = &a->partitions[(a->read - 1 - records) % AHEAD_RECORDS];
	return p->named ? p : NULL;
}

/* The topic may be another one, or none: what it leads to is only fetched. */
static const struct topic *likely_topic(const struct kmeta_image *image,
                                        const struct ahead_partition *p)
{
	const struct topic *topic = table_likely(&image->topics, p->topic);

	return topic && p->id >= 0 && (uint32_t)p->id < topic->room ? topic : NULL;
}

static void expect_rest(const struct ahead *a, const struct kmeta_image *image)
{
	const struct ahead_partition *p = back(a, AHEAD_RECORDS - FETCH_TOPIC);
	const struct topic *topic;
	const char *partition;

	if (p)
		__builtin_prefetch(table_likely(&image->topics, p->topic));
	p = back(a, AHEAD_RECORDS - FETCH_PLACE);
	topic = p ? likely_topic(image, p) : NULL;
	if (topic)
		__builtin_prefetch(&topic->near[p->id]);
	p = back(a, AHEAD_RECORDS - FETCH_PARTITION);
	topic = p ? likely_topic(image, p) : NULL;
	partition = topic ? (const char *)topic->near[p->id] : NULL;
	for (size_t i = 0; partition && i < EXPECTED_SIZE; i += CACHE_LINE)
		__builtin_prefetch(partition + i);
}

/* Damage waits until the records before it were given out, and stops the reading ahead. */
static void read_one(struct ahead *a, const struct kmeta_batch *batch,
                     const struct kmeta_image *image)
{
	struct kmeta_record *record = &a->records[a->read % AHEAD_RECORDS];

	a->status = kmeta_batch_next(batch, &a->cursor, record, &a->damage);
	if (a->status != KMETA_OK)
		return;
	if (image)
		expect_slot(&a->partitions[a->read % AHEAD_RECORDS], image, record);
	a->read++;
	if (image)
		expect_rest(a, image);
}

enum kmeta_status ahead_next(struct ahead *a, const struct kmeta_batch *batch,
                             const struct kmeta_image *image, const struct kmeta_record **record,
                             struct kmeta_finding *why)
{
	while (a->status == KMETA_OK && a->read < a->done + AHEAD_RECORDS)
		read_one(a, batch, image);
	if (a->done < a->read) {
		*record = &a->records[a->done++ % AHEAD_RECORDS];
		return KMETA_OK;
	}
	if (a->status != KMETA_DAMAGED)
		return a->status;
	*why = a->damage;
	*record = &a->records[a->read % AHEAD_RECORDS];
	/* The next call goes on behind it. */
	a->status = KMETA_OK;
	return KMETA_DAMAGED;
}
