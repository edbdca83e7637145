/* SPDX-License-Identifier: Apache-2.0 */
/* codec.c: gzip, snappy, lz4 and zstd, as streams and as Kafka frames them in a batch. */
#include "record/codec.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#ifdef KMETA_WITH_LZ4
#include <lz4frame.h>
#endif
#ifdef KMETA_WITH_ZSTD
#include <zstd.h>
#endif

#include "base/buffer.h"
#include "base/finding.h"
#include "base/wire.h"
#ifdef KMETA_WITH_SNAPPY
#include "record/snappy.h"
#endif

/* ---- one decompressor each ---- */

struct codec_stream {
	const struct decompressor *type;
	void *state;
	bool complete; /* between frames */
};

/* The functions return NULL, or what is wrong with the input. */
struct decompressor {
	const char *name;
	void *(*open)(void);
	void (*close)(void *state);
	const char *(*step)(struct codec_stream *stream, struct codec_step *step);
};

static void *gzip_open(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	/* 16 + 15: gzip framing, largest window. */
	if (z && inflateInit2(z, 16 + 15) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

static unsigned at_most_unsigned(size_t size)
{
	return size > 1u << 30 ? 1u << 30 : (unsigned)size;
}

static const char *gzip_step(struct codec_stream *stream, struct codec_step *step)
{
	z_stream *z = stream->state;
	const unsigned in = at_most_unsigned(step->in_left), out = at_most_unsigned(step->out_left);
	int result;

	if (stream->complete && inflateReset(z) != Z_OK)
		return "gzip state cannot be reset";
	z->next_in = (Bytef *)(uintptr_t)step->in;
	z->avail_in = in;
	z->next_out = step->out;
	z->avail_out = out;
	result = inflate(z, Z_NO_FLUSH);
	step->in += in - z->avail_in;
	step->in_left -= in - z->avail_in;
	step->out += out - z->avail_out;
	step->out_left -= out - z->avail_out;
	stream->complete = result == Z_STREAM_END;
	if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR)
		return NULL;
	return z->msg ? z->msg : "corrupt gzip data";
}

#ifdef KMETA_WITH_LZ4
static void *lz4_open(void)
{
	LZ4F_dctx *context = NULL;

	return LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) ? NULL
	                                                                             : context;
}

static void lz4_close(void *state)
{
	LZ4F_freeDecompressionContext(state);
}

static const char *lz4_step(struct codec_stream *stream, struct codec_step *step)
{
	size_t in = step->in_left, out = step->out_left;
	const size_t result = LZ4F_decompress(stream->state, step->out, &out, step->in, &in, NULL);

	if (LZ4F_isError(result))
		return LZ4F_getErrorName(result);
	step->in += in;
	step->in_left -= in;
	step->out += out;
	step->out_left -= out;
	stream->complete = result == 0;
	return NULL;
}
#endif

#ifdef KMETA_WITH_ZSTD
static void *zstd_open(void)
{
	return ZSTD_createDStream();
}

static void zstd_close(void *state)
{
	ZSTD_freeDStream(state);
}

static const char *zstd_step(struct codec_stream *stream, struct codec_step *step)
{
	ZSTD_inBuffer in = { step->in, step->in_left, 0 };
	ZSTD_outBuffer out = { step->out, step->out_left, 0 };
	const size_t result = ZSTD_decompressStream(stream->state, &out, &in);

	if (ZSTD_isError(result))
		return ZSTD_getErrorName(result);
	step->in += in.pos;
	step->in_left -= in.pos;
	step->out += out.pos;
	step->out_left -= out.pos;
	stream->complete = result == 0;
	return NULL;
}
#endif

static const struct decompressor decompressors[] = {
	[KMETA_GZIP] = { "gzip", gzip_open, gzip_close, gzip_step },
	[KMETA_SNAPPY] = { "snappy", NULL, NULL, NULL },
#ifdef KMETA_WITH_LZ4
	[KMETA_LZ4] = { "lz4", lz4_open, lz4_close, lz4_step },
#else
	[KMETA_LZ4] = { "lz4", NULL, NULL, NULL },
#endif
#ifdef KMETA_WITH_ZSTD
	[KMETA_ZSTD] = { "zstd", zstd_open, zstd_close, zstd_step },
#else
	[KMETA_ZSTD] = { "zstd", NULL, NULL, NULL },
#endif
};

const char *kmeta_codec_name(unsigned codec)
{
	if (codec == KMETA_NONE)
		return "none";
	return codec <= KMETA_ZSTD ? decompressors[codec].name : NULL;
}

bool kmeta_codec_is_built(unsigned codec)
{
#ifdef KMETA_WITH_SNAPPY
	if (codec == KMETA_SNAPPY)
		return true;
#endif
	return codec == KMETA_NONE || (codec <= KMETA_ZSTD && decompressors[codec].open);
}

unsigned codec_of_file(const uint8_t *start, size_t size)
{
	static const struct {
		uint8_t magic[4];
		uint8_t size, codec;
	} magics[] = {
		{ { 0x1f, 0x8b, 0x08 }, 3, KMETA_GZIP },
		{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, KMETA_ZSTD },
		{ { 0x04, 0x22, 0x4d, 0x18 }, 4, KMETA_LZ4 },
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (size >= magics[i].size && !memcmp(start, magics[i].magic, magics[i].size))
			return magics[i].codec;
	return KMETA_NONE;
}

/* ---- streams ---- */

static enum kmeta_status left_out(unsigned codec, struct kmeta_finding *why)
{
	return finding_set(why, KMETA_BAD_CODEC,
	                   "compressed with %s, and this kmeta was built without it",
	                   decompressors[codec].name);
}

enum kmeta_status codec_stream_open(struct codec_stream **stream, unsigned codec,
                                    struct kmeta_finding *why)
{
	const struct decompressor *type = &decompressors[codec];
	struct codec_stream *s;

	if (!type->open)
		return left_out(codec, why);
	s = calloc(1, sizeof(*s));
	if (!s)
		return finding_memory(why);
	s->type = type;
	s->state = type->open();
	if (!s->state) {
		free(s);
		return finding_memory(why);
	}
	*stream = s;
	return KMETA_OK;
}

void codec_stream_close(struct codec_stream *stream)
{
	if (!stream)
		return;
	stream->type->close(stream->state);
	free(stream);
}

enum kmeta_status codec_stream_step(struct codec_stream *stream, struct codec_step *step,
                                    struct kmeta_finding *why)
{
	/*
	 * A codec may hold back output after it has used its input: the step ends when neither
	 * moves.
	 */
	while (step->out_left && (step->in_left || !stream->complete)) {
		const size_t in_left = step->in_left, out_left = step->out_left;
		const char *fault = stream->type->step(stream, step);

		if (fault)
			return finding_set(why, KMETA_BAD_PAYLOAD, "corrupt %s data: %s",
			                   stream->type->name, fault);
		if (step->in_left != in_left || step->out_left != out_left)
			continue;
		if (!in_left)
			return KMETA_OK;
		return finding_set(why, KMETA_BAD_PAYLOAD, "corrupt %s data: no progress",
		                   stream->type->name);
	}
	return KMETA_OK;
}

bool codec_stream_complete(const struct codec_stream *stream)
{
	return stream->complete;
}

/* ---- the records of a batch ---- */

static enum kmeta_status too_large(unsigned codec, size_t limit, struct kmeta_finding *why)
{
	return finding_set(why, KMETA_TOO_LARGE, "%s data holds more than the limit of %zu MiB",
	                   decompressors[codec].name, limit >> 20);
}

/* The room doubles as data comes out, so that memory follows what the input really holds. */
static enum kmeta_status unpack_stream(struct codec_stream *stream, unsigned codec,
                                       struct kmeta_bytes packed, struct kmeta_buffer *out,
                                       size_t limit, struct kmeta_finding *why)
{
	struct codec_step step = { .in = packed.data, .in_left = packed.size };
	size_t room = packed.size * 2 + 4096;

	do {
		enum kmeta_status status;

		if (room > limit + 1 - out->size)
			room = limit + 1 - out->size;
		step.out = (uint8_t *)buffer_room(out, room);
		if (!step.out)
			return finding_memory(why);
		step.out_left = room;
		status = codec_stream_step(stream, &step, why);
		out->size += room - step.out_left;
		if (status != KMETA_OK)
			return status;
		if (out->size > limit)
			return too_large(codec, limit, why);
		room = out->size;
	} while (!step.out_left);
	if (!codec_stream_complete(stream))
		return finding_set(why, KMETA_BAD_PAYLOAD, "%s data ends early",
		                   decompressors[codec].name);
	return KMETA_OK;
}

#ifdef KMETA_WITH_SNAPPY
static enum kmeta_status unpack_snappy_block(const struct snappy *snappy, struct kmeta_bytes block,
                                             struct kmeta_buffer *out, size_t limit,
                                             struct kmeta_finding *why)
{
	const char *data = (const char *)block.data;
	size_t size;
	char *room;

	if (snappy->uncompressed_length(data, block.size, &size) != SNAPPY_OK)
		return finding_set(why, KMETA_BAD_PAYLOAD, "corrupt snappy data: no length");
	if (size > limit - out->size)
		return too_large(KMETA_SNAPPY, limit, why);
	if (snappy->validate(data, block.size) != SNAPPY_OK)
		return finding_set(why, KMETA_BAD_PAYLOAD, "corrupt snappy data");
	room = buffer_room(out, size);
	if (!room)
		return finding_memory(why);
	if (snappy->uncompress(data, block.size, room, &size) != SNAPPY_OK)
		return finding_set(why, KMETA_BAD_PAYLOAD, "corrupt snappy data");
	out->size += size;
	return KMETA_OK;
}

/*
 * As snappy-java's SnappyOutputStream writes it: a header, then blocks, each after its size; or one
 * bare block.
 */
static enum kmeta_status unpack_snappy(struct kmeta_bytes packed, struct kmeta_buffer *out,
                                       size_t limit, struct kmeta_finding *why)
{
	static const uint8_t magic[8] = { 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0 };
	struct wire w = wire_over(packed.data, packed.size);
	struct snappy snappy;

	if (snappy_find(&snappy, why) != KMETA_OK)
		return KMETA_FAILED;
	if (packed.size < sizeof(magic) || memcmp(packed.data, magic, sizeof(magic)) != 0)
		return unpack_snappy_block(&snappy, packed, out, limit, why);
	while (wire_left(&w)) {
		struct kmeta_bytes block;
		enum kmeta_status status;

		if (wire_left(&w) >= 16 && !memcmp(w.at, magic, sizeof(magic))) {
			wire_take(&w, 16);
			continue;
		}
		block.size = (uint32_t)wire_int32(&w);
		block.data = wire_take(&w, block.size);
		if (!block.data)
			return finding_set(why, KMETA_BAD_PAYLOAD, "snappy data ends early");
		status = unpack_snappy_block(&snappy, block, out, limit, why);
		if (status != KMETA_OK)
			return status;
	}
	return KMETA_OK;
}
#endif

enum kmeta_status codec_unpack(unsigned codec, struct kmeta_bytes packed, struct kmeta_buffer *out,
                               size_t limit, struct kmeta_finding *why)
{
	struct codec_stream *stream = NULL;
	enum kmeta_status status;

	if (codec > KMETA_ZSTD)
		return finding_set(why, KMETA_BAD_CODEC, "unknown compression codec %u", codec);
	if (!packed.size)
		return finding_set(why, KMETA_BAD_PAYLOAD, "no %s data at all",
		                   decompressors[codec].name);
	if (codec == KMETA_SNAPPY) {
#ifdef KMETA_WITH_SNAPPY
		return unpack_snappy(packed, out, limit, why);
#else
		return left_out(codec, why);
#endif
	}
	status = codec_stream_open(&stream, codec, why);
	if (status == KMETA_OK)
		status = unpack_stream(stream, codec, packed, out, limit, why);
	codec_stream_close(stream);
	return status;
}
