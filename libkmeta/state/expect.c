/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect.c: prefetches what the next records will change: the partitions of a large cluster are
 * scattered over memory.
 */
#include "state/expect.h"
#include "state/image.h"

#include "base/wire.h"

/* A partition with three replicas fits in three cache lines. */
enum { ID_AND_TOPIC = 4 + IMAGE_ID, CACHE_LINE = 64, EXPECTED_SIZE = 2 * CACHE_LINE };

/* A partition that a record names. */
struct named {
	int32_t id;
	uint64_t topic_hash;
	const struct topic *topic; /* the likely one */
};

/* All layouts of both records begin with the partition's number and the topic id. */
static bool is_about_partition(const struct kmeta_record *record)
{
	return !record->control &&
	       (record->type == KMETA_PARTITION_RECORD ||
	        record->type == KMETA_PARTITION_CHANGE_RECORD) &&
	       record->value.size >= (size_t)record->body + ID_AND_TOPIC;
}

static size_t fetch_slots(const struct kmeta_image *image,
                          const struct kmeta_record *const *records, size_t records_count,
                          struct named *named)
{
	size_t count = 0;

	for (size_t i = 0; i < records_count; i++) {
		const struct kmeta_record *record = records[i];
		const uint8_t *at;

		if (!is_about_partition(record))
			continue;
		at = record->value.data + record->body;
		named[count] = (struct named){ (int32_t)wire_get32(at),
			                       table_hash(image->seed, at + 4, IMAGE_ID), NULL };
		table_fetch(&image->topics, named[count++].topic_hash);
	}
	return count;
}

static bool has_place(const struct named *named)
{
	return named->topic && named->id >= 0 && (uint32_t)named->id < named->topic->room;
}

/* One step for all records, then the next step: slot, topic, slot of the partition, partition. */
void image_expect(const struct kmeta_image *image, const struct kmeta_record *const *records,
                  size_t records_count)
{
	struct named named[IMAGE_EXPECT];
	const size_t count = fetch_slots(
		image, records, records_count < IMAGE_EXPECT ? records_count : IMAGE_EXPECT, named);

	for (size_t i = 0; i < count; i++) {
		named[i].topic = table_likely(&image->topics, named[i].topic_hash);
		__builtin_prefetch(named[i].topic);
	}
	for (size_t i = 0; i < count; i++)
		if (has_place(&named[i]))
			__builtin_prefetch(&named[i].topic->near[named[i].id]);
	for (size_t i = 0; i < count; i++) {
		const char *partition = has_place(&named[i])
		                                ? (const char *)named[i].topic->near[named[i].id]
		                                : NULL;

		for (size_t at = 0; partition && at <= EXPECTED_SIZE; at += CACHE_LINE)
			__builtin_prefetch(partition + at);
	}
}
