/* SPDX-License-Identifier: Apache-2.0 */
/* codec.h: decompresses gzip, snappy, lz4 and zstd, each up to a limit. */
#ifndef KMETA_RECORD_CODEC_H
#define KMETA_RECORD_CODEC_H

#include "kmeta/record.h"

/*
 * Appends the decompressed records of a batch to "out", in the framings that Kafka's Compression
 * classes use. More than "limit" bytes: TOO_LARGE. The finding has no file and no position.
 */
KMETA_CHECKED enum kmeta_status codec_unpack(unsigned codec, struct kmeta_bytes packed,
                                             struct kmeta_buffer *out, size_t limit,
                                             struct kmeta_finding *why);

/* The codec of a file that was compressed as a whole, by its first bytes. KMETA_NONE: none. */
unsigned codec_of_file(const uint8_t *start, size_t size);

/* A decompressor that takes its input piece by piece. */
struct codec_stream;

/* Input and output of one step; the step takes off what it used. */
struct codec_step {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

KMETA_CHECKED enum kmeta_status codec_stream_open(struct codec_stream **stream, unsigned codec,
                                                  struct kmeta_finding *why);
void codec_stream_close(struct codec_stream *stream);

/* Decompresses until the input or the room for output is used up. DAMAGED: corrupt. */
KMETA_CHECKED enum kmeta_status codec_stream_step(struct codec_stream *stream,
                                                  struct codec_step *step,
                                                  struct kmeta_finding *why);

/* True where the input may end: between frames, and after at least one. */
bool codec_stream_complete(const struct codec_stream *stream);

#endif
