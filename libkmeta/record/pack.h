/* SPDX-License-Identifier: Apache-2.0 */
/* pack.h: compresses the records of a batch with gzip, snappy, lz4 or zstd. */
#ifndef KMETA_RECORD_PACK_H
#define KMETA_RECORD_PACK_H

#include "kmeta/record.h"

/*
 * Appends the compressed records of a batch, in the framings that Kafka's Compression classes write
 * and codec_unpack() reads. BAD_CODEC: there is no such codec, or this build is without it.
 */
KMETA_CHECKED enum kmeta_status codec_pack(unsigned codec, struct kmeta_bytes records,
                                           struct kmeta_buffer *out, struct kmeta_finding *why);

#endif
