/* SPDX-License-Identifier: Apache-2.0 */
/* pack.c: compresses the records of a batch, each codec as Kafka frames it. */
#include "record/pack.h"

#include <zlib.h>
#ifdef KMETA_WITH_LZ4
#include <lz4frame.h>
#endif
#ifdef KMETA_WITH_ZSTD
#include <zstd.h>
#endif

#include "base/buffer.h"
#include "base/finding.h"
#ifdef KMETA_WITH_SNAPPY
#include "record/snappy.h"
#endif

/* Records of a batch are below KMETA_BATCH_LIMIT, which any size type holds. */
typedef enum kmeta_status packer(struct kmeta_bytes records, struct kmeta_buffer *out,
                                 struct kmeta_finding *why);

static enum kmeta_status pack_gzip(struct kmeta_bytes records, struct kmeta_buffer *out,
                                   struct kmeta_finding *why)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)records.data,
		       .avail_in = (uInt)records.size };
	char *room;
	int result;

	/* 16 + 15: gzip framing, largest window. */
	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		return finding_memory(why);
	z.avail_out = (uInt)deflateBound(&z, (uLong)records.size);
	room = buffer_room(out, z.avail_out);
	z.next_out = (Bytef *)room;
	result = room ? deflate(&z, Z_FINISH) : Z_MEM_ERROR;
	if (result == Z_STREAM_END)
		out->size += z.total_out;
	deflateEnd(&z);
	return result == Z_STREAM_END ? KMETA_OK : finding_memory(why);
}

#ifdef KMETA_WITH_SNAPPY
/* As snappy-java's SnappyOutputStream: a header, then blocks of 32 KiB, each after its size. */
static enum kmeta_status pack_snappy(struct kmeta_bytes records, struct kmeta_buffer *out,
                                     struct kmeta_finding *why)
{
	enum { BLOCK = 32 << 10 };
	static const uint8_t header[16] = { 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0,
		                            0,    0,   0,   1,   0,   0,   0,   1 };
	struct snappy snappy;

	if (snappy_find(&snappy, why) != KMETA_OK)
		return KMETA_FAILED;
	buffer_add(out, header, sizeof(header));
	for (size_t at = 0; at < records.size; at += BLOCK) {
		const size_t size = records.size - at < BLOCK ? records.size - at : BLOCK;
		size_t packed = snappy.max_compressed_length(size);
		char *room = buffer_room(out, packed + 4);

		if (!room || snappy.compress((const char *)records.data + at, size, room + 4,
		                             &packed) != SNAPPY_OK)
			return finding_memory(why);
		buffer_big_endian(out, packed, 4);
		out->size += packed;
	}
	return out->failed ? finding_memory(why) : KMETA_OK;
}
#endif

#ifdef KMETA_WITH_LZ4
/* Kafka takes independent blocks only. */
static enum kmeta_status pack_lz4(struct kmeta_bytes records, struct kmeta_buffer *out,
                                  struct kmeta_finding *why)
{
	const LZ4F_preferences_t preferences = {
		.frameInfo = { .blockSizeID = LZ4F_max64KB, .blockMode = LZ4F_blockIndependent }
	};
	const size_t bound = LZ4F_compressFrameBound(records.size, &preferences);
	char *room = buffer_room(out, bound);
	size_t size;

	if (!room)
		return finding_memory(why);
	size = LZ4F_compressFrame(room, bound, records.data, records.size, &preferences);
	if (LZ4F_isError(size))
		return finding_memory(why);
	out->size += size;
	return KMETA_OK;
}
#endif

#ifdef KMETA_WITH_ZSTD
static enum kmeta_status pack_zstd(struct kmeta_bytes records, struct kmeta_buffer *out,
                                   struct kmeta_finding *why)
{
	const size_t bound = ZSTD_compressBound(records.size);
	char *room = buffer_room(out, bound);
	size_t size;

	if (!room)
		return finding_memory(why);
	size = ZSTD_compress(room, bound, records.data, records.size, ZSTD_CLEVEL_DEFAULT);
	if (ZSTD_isError(size))
		return finding_memory(why);
	out->size += size;
	return KMETA_OK;
}
#endif

static packer *const packers[] = {
	[KMETA_GZIP] = pack_gzip,
#ifdef KMETA_WITH_SNAPPY
	[KMETA_SNAPPY] = pack_snappy,
#endif
#ifdef KMETA_WITH_LZ4
	[KMETA_LZ4] = pack_lz4,
#endif
#ifdef KMETA_WITH_ZSTD
	[KMETA_ZSTD] = pack_zstd,
#endif
};

enum kmeta_status codec_pack(unsigned codec, struct kmeta_bytes records, struct kmeta_buffer *out,
                             struct kmeta_finding *why)
{
	const char *name = kmeta_codec_name(codec);

	if (codec == KMETA_NONE) {
		buffer_add(out, records.data, records.size);
		return out->failed ? finding_memory(why) : KMETA_OK;
	}
	if (!name)
		return finding_set(why, KMETA_BAD_CODEC, "unknown compression codec %u", codec);
	if (codec >= sizeof(packers) / sizeof(packers[0]) || !packers[codec])
		return finding_set(why, KMETA_BAD_CODEC, "this kmeta was built without %s", name);
	return packers[codec](records, out, why);
}
