/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.c: reading the records of a batch some steps before they are applied to an image. */
#include "ahead.h"

#include "wire.h"

enum { PARTITION = 3, PARTITION_CHANGE = 5 };

/* A partition with three replicas lies in three cache lines. */
enum { ID_AND_TOPIC = 4 + IMAGE_ID, CACHE_LINE = 64, EXPECTED_SIZE = 3 * CACHE_LINE };

/* All layouts of both records begin with the partition's number and its topic's id. */
static bool names_partition(const struct kmeta_image *image, const struct kmeta_record *record)
{
	return !record->control &&
	       (record->type == PARTITION || record->type == PARTITION_CHANGE) &&
	       image->partitions.capacity &&
	       record->value.size >= (size_t)record->body + ID_AND_TOPIC;
}

/*
 * Has the memory that a record will need brought near: first its place in the table, and "soon"
 * what that leads to.
 */
static void expect(const struct kmeta_image *image, const struct kmeta_record *record, bool soon)
{
	const uint8_t *at;
	const char *partition;
	uint64_t hash;

	if (!names_partition(image, record))
		return;
	at = record->value.data + record->body;
	hash = image_partition_hash(image, at + 4, (int32_t)wire_get32(at));
	if (!soon) {
		table_fetch(&image->partitions, hash);
		return;
	}
	partition = table_likely(&image->partitions, hash);
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
	a->read++;
	if (!image)
		return;
	expect(image, record, false);
	if (a->read >= AHEAD_SOON)
		expect(image, &a->records[(a->read - AHEAD_SOON) % AHEAD_RECORDS], true);
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
