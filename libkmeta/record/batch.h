/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h: the header of a record batch, and whether its bytes can be trusted. */
#ifndef KMETA_RECORD_BATCH_H
#define KMETA_RECORD_BATCH_H

#include "kmeta/record.h"

/* Bytes of a v2 header; its length field counts what follows the first 12. */
enum { BATCH_HEADER = 61, BATCH_OVERHEAD = 12 };

/*
 * Reads the header at "at", where BATCH_HEADER bytes can be read. Leaves file, position and records
 * alone.
 */
void batch_read_header(struct kmeta_batch *batch, const uint8_t *at);

/* Checks length and magic. OK: the size may be used to read on. */
KMETA_CHECKED enum kmeta_status batch_check_header(const struct kmeta_batch *batch,
                                                   struct kmeta_finding *why);

/* The CRC-32C of a whole batch of "size" bytes, to compare with its header's. */
uint32_t batch_crc(const uint8_t *at, size_t size);

/*
 * Reads the header at "at", where BATCH_HEADER bytes can be read. True: its parts fit each other,
 * and computing the checksum of the batch is worthwhile.
 */
bool batch_may_be_sound(struct kmeta_batch *batch, const uint8_t *at);

/* The offset after "last_offset"; the largest one stays as it is. */
static inline int64_t batch_behind(int64_t last_offset)
{
	return last_offset < INT64_MAX ? last_offset + 1 : INT64_MAX;
}

/* The sequence number of a record. As in Kafka, 0 follows the largest. */
int32_t batch_sequence(const struct kmeta_batch *batch, int32_t delta);

#endif
