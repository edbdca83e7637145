/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h: the header of a record batch, and how far its bytes can be trusted. */
#ifndef KMETA_RECORD_BATCH_H
#define KMETA_RECORD_BATCH_H

#include "kmeta/record.h"

/* Bytes of a v2 header; its length field counts what follows the first 12. */
enum { BATCH_HEADER = 61, BATCH_OVERHEAD = 12 };

/* Reads the header at "at", of which BATCH_HEADER bytes are there. File, position and records are
 * left alone. */
void batch_read_header(struct kmeta_batch *batch, const uint8_t *at);

/* What is wrong with a header by itself: length and magic. OK: its size may be relied on for
 * reading on. */
KMETA_CHECKED enum kmeta_status batch_check_header(const struct kmeta_batch *batch,
                                                   struct kmeta_finding *why);

/* The CRC-32C of a whole batch of "size" bytes, as its header should have it. */
uint32_t batch_crc(const uint8_t *at, size_t size);

/*
 * Reads the header at "at", of which BATCH_HEADER bytes are there; false where its parts cannot all
 * be right. True says that summing up the whole batch is worth while.
 */
bool batch_may_be_sound(struct kmeta_batch *batch, const uint8_t *at);

/* The offset behind one; that behind the largest is the largest. */
static inline int64_t batch_behind(int64_t last_offset)
{
	return last_offset < INT64_MAX ? last_offset + 1 : INT64_MAX;
}

/* A record's sequence as Kafka counts it: after the largest comes 0. */
int32_t batch_sequence(const struct kmeta_batch *batch, int32_t delta);

#endif
