/* SPDX-License-Identifier: Apache-2.0 */
/* test_codec.c: every codec gives back what its own library packed, and survives what it did not.
 */
#include <kmeta.h>

#include "record/codec.h"

#include <zlib.h>
#ifdef KMETA_WITH_SNAPPY
#include <snappy-c.h>
#endif
#ifdef KMETA_WITH_LZ4
#include <lz4frame.h>
#endif
#ifdef KMETA_WITH_ZSTD
#include <zstd.h>
#endif

#include "rows.h"

#define LARGE  ((size_t)3 << 20)
#define LIMIT  ((size_t)8 << 20)
#define HEADER "\x82SNAPPY\0\0\0\0\x01\0\0\0\x01"

/* ---- packing ---- */

typedef void pack(struct made *out, const uint8_t *data, size_t size);

static void pack_gzip(struct made *out, const uint8_t *data, size_t size)
{
	z_stream z = { 0 };
	uint8_t *room;

	cr_assert_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	room = malloc(deflateBound(&z, size));
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)size;
	z.next_out = room;
	z.avail_out = (uInt)deflateBound(&z, size);
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	put(out, room, z.total_out);
	deflateEnd(&z);
	free(room);
}

#ifdef KMETA_WITH_SNAPPY
static void pack_snappy_block(struct made *out, const uint8_t *data, size_t size)
{
	size_t packed = snappy_max_compressed_length(size);
	char *room = malloc(packed);

	cr_assert_eq(snappy_compress((const char *)data, size, room, &packed), SNAPPY_OK);
	put(out, room, packed);
	free(room);
}

/* As snappy-java's output stream does, which cuts into blocks of 32 KiB. */
static void pack_snappy(struct made *out, const uint8_t *data, size_t size)
{
	put_all(out, BYTES(HEADER));
	while (size) {
		const size_t piece = size < 32 << 10 ? size : 32 << 10;
		struct made block = { 0 };

		pack_snappy_block(&block, data, piece);
		put_number(out, (int64_t)block.size, 4);
		put_all(out, made_bytes(&block));
		made_release(&block);
		data += piece;
		size -= piece;
	}
}
#endif

#ifdef KMETA_WITH_LZ4
static void pack_lz4(struct made *out, const uint8_t *data, size_t size)
{
	const LZ4F_preferences_t independent = { .frameInfo.blockMode = LZ4F_blockIndependent };
	const size_t most = LZ4F_compressFrameBound(size, &independent);
	uint8_t *room = malloc(most);

	put(out, room, LZ4F_compressFrame(room, most, data, size, &independent));
	free(room);
}
#endif

#ifdef KMETA_WITH_ZSTD
static void pack_zstd(struct made *out, const uint8_t *data, size_t size)
{
	const size_t most = ZSTD_compressBound(size);
	uint8_t *room = malloc(most);

	put(out, room, ZSTD_compress(room, most, data, size, 3));
	free(room);
}
#endif

/* clang-format off */
static const struct {
	const char *name;
	unsigned codec;
	pack *pack;
	size_t may_end; /* after so many bytes, besides its end; 0: nowhere */
	bool joins;     /* two after another are as one */
} codecs[] = {
	{ "gzip", KMETA_GZIP, pack_gzip, 0, true },
#ifdef KMETA_WITH_SNAPPY
	{ "snappy", KMETA_SNAPPY, pack_snappy, sizeof(HEADER) - 1, true },
	{ "bare snappy", KMETA_SNAPPY, pack_snappy_block, 0, false },
#endif
#ifdef KMETA_WITH_LZ4
	{ "lz4", KMETA_LZ4, pack_lz4, 0, true },
#endif
#ifdef KMETA_WITH_ZSTD
	{ "zstd", KMETA_ZSTD, pack_zstd, 0, true },
#endif
};
/* clang-format on */

/* Every 16th byte is random: packs well, but not to nothing. */
static uint8_t *make_data(size_t size)
{
	uint8_t *data = calloc(1, size + 1);
	uint32_t state = 7;

	for (size_t i = 0; i < size; i += 16)
		data[i] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
	return data;
}

/* ---- whole payloads ---- */

static enum kmeta_status unpack(unsigned codec, const struct made *packed, struct kmeta_buffer *out,
                                size_t limit, struct kmeta_finding *why)
{
	/* Of exactly its size, so that a read past its end is seen. */
	uint8_t *copy = malloc(packed->size + !packed->size);
	enum kmeta_status status;

	if (packed->size)
		memcpy(copy, packed->at, packed->size);
	status = codec_unpack(codec, (struct kmeta_bytes){ copy, packed->size }, out, limit, why);
	free(copy);
	return status;
}

static void expect_same(size_t row, const uint8_t *data, size_t size)
{
	struct made packed = { 0 };
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why = { 0 };

	codecs[row].pack(&packed, data, size);
	cr_expect_eq(unpack(codecs[row].codec, &packed, &out, LIMIT, &why), KMETA_OK,
	             "%s, %zu bytes: %s", codecs[row].name, size, why.message);
	cr_expect(out.size == size && (!size || !memcmp(out.at, data, size)), "%s, %zu bytes",
	          codecs[row].name, size);
	kmeta_buffer_release(&out);
	made_release(&packed);
}

ROWS(codec, round_trip, codecs)
ParameterizedTest(const size_t *row, codec, round_trip, .timeout = 60)
{
	static const size_t sizes[] = {
		0, 1, 2, 61, 4095, 4096, 4097, 65535, 65536, 300000, LARGE
	};
	uint8_t *data = make_data(LARGE);

	for (size_t i = 0; i < COUNT(sizes); i++)
		expect_same(*row, data, sizes[i]);
	free(data);
}

ROWS(codec, several_frames, codecs)
ParameterizedTest(const size_t *row, codec, several_frames, .timeout = 60)
{
	uint8_t *data = make_data(50000);
	struct made packed = { 0 };
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;
	const bool joins = codecs[*row].joins;

	codecs[*row].pack(&packed, data, 20000);
	codecs[*row].pack(&packed, data + 20000, 30000);
	cr_assert_eq(unpack(codecs[*row].codec, &packed, &out, LIMIT, &why),
	             joins ? KMETA_OK : KMETA_DAMAGED, "%s", codecs[*row].name);
	cr_expect(!joins || (out.size == 50000 && !memcmp(out.at, data, 50000)), "%s",
	          codecs[*row].name);
	kmeta_buffer_release(&out);
	made_release(&packed);
	free(data);
}

ROWS(codec, limit, codecs)
ParameterizedTest(const size_t *row, codec, limit, .timeout = 60)
{
	static const size_t sizes[] = { 0, 1, 99999, 100000, 100001, 1000000 };
	uint8_t *data = make_data(1000000);

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct made packed = { 0 };
		struct kmeta_buffer out = { 0 };
		struct kmeta_finding why = { 0 };
		const bool fits = sizes[i] <= 100000;

		codecs[*row].pack(&packed, data, sizes[i]);
		cr_expect_eq(unpack(codecs[*row].codec, &packed, &out, 100000, &why),
		             fits ? KMETA_OK : KMETA_DAMAGED, "%s, %zu bytes", codecs[*row].name,
		             sizes[i]);
		cr_expect_eq(why.code, fits ? KMETA_SOUND : KMETA_TOO_LARGE, "%s, %zu bytes",
		             codecs[*row].name, sizes[i]);
		cr_expect_leq(out.capacity, 2 * 100000 + 8192);
		kmeta_buffer_release(&out);
		made_release(&packed);
	}
	free(data);
}

/* What is cut anywhere is damage: only snappy's stream has places where it may end. */
ROWS(codec, cut, codecs)
ParameterizedTest(const size_t *row, codec, cut, .timeout = 60)
{
	uint8_t *data = make_data(2000);
	struct made packed = { 0 };

	codecs[*row].pack(&packed, data, 2000);
	while (packed.size-- > 0) {
		struct kmeta_buffer out = { 0 };
		struct kmeta_finding why = { 0 };
		const enum kmeta_status status =
			unpack(codecs[*row].codec, &packed, &out, LIMIT, &why);

		if (packed.size && packed.size == codecs[*row].may_end) {
			cr_expect(status == KMETA_OK && !out.size);
		} else {
			cr_expect_eq(status, KMETA_DAMAGED, "%s, %zu bytes", codecs[*row].name,
			             packed.size);
			cr_expect_eq(why.code, KMETA_BAD_PAYLOAD, "%s, %zu bytes",
			             codecs[*row].name, packed.size);
		}
		kmeta_buffer_release(&out);
	}
	made_release(&packed);
	free(data);
}

/* Any bit may be wrong: never more than a finding, and never more than the limit. */
ROWS(codec, bit_flipped, codecs)
ParameterizedTest(const size_t *row, codec, bit_flipped, .timeout = 120)
{
	uint8_t *data = make_data(600);
	struct made packed = { 0 };

	codecs[*row].pack(&packed, data, 600);
	for (size_t bit = 0; bit < packed.size * 8; bit++) {
		struct kmeta_buffer out = { 0 };
		struct kmeta_finding why = { 0 };
		enum kmeta_status status;

		packed.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
		status = unpack(codecs[*row].codec, &packed, &out, 4096, &why);
		packed.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_expect(status == KMETA_OK ||
		                  (status == KMETA_DAMAGED &&
		                   (why.code == KMETA_BAD_PAYLOAD || why.code == KMETA_TOO_LARGE)),
		          "%s, bit %zu: %s", codecs[*row].name, bit, why.message);
		cr_expect_leq(out.size, 4097);
		kmeta_buffer_release(&out);
	}
	made_release(&packed);
	free(data);
}

ROWS(codec, nothing_at_all, codecs)
ParameterizedTest(const size_t *row, codec, nothing_at_all, .timeout = 10)
{
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	cr_expect_eq(codec_unpack(codecs[*row].codec, BYTES(""), &out, LIMIT, &why), KMETA_DAMAGED);
	cr_expect_eq(why.code, KMETA_BAD_PAYLOAD);
	kmeta_buffer_release(&out);
}

Test(codec, unknown, .timeout = 10)
{
	for (unsigned codec = 5; codec < 8; codec++) {
		struct kmeta_buffer out = { 0 };
		struct kmeta_finding why;

		cr_expect_eq(codec_unpack(codec, BYTES("data"), &out, LIMIT, &why), KMETA_DAMAGED);
		cr_expect_eq(why.code, KMETA_BAD_CODEC);
		cr_expect_null(kmeta_codec_name(codec));
		kmeta_buffer_release(&out);
	}
}

/* ---- particulars of the framings ---- */

/* clang-format off */
static const struct {
	const char *name;
	unsigned codec;
	struct kmeta_bytes packed;
	const char *unpacked; /* NULL: damage */
} framings[] = {
	{ "gzip, member of nothing", KMETA_GZIP,
	  BYTES("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0"), "" },
	{ "gzip, wrong length", KMETA_GZIP,
	  BYTES("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\x01\0\0\0"), NULL },
#ifdef KMETA_WITH_SNAPPY
	{ "snappy, bare block", KMETA_SNAPPY, BYTES("\x03\x08" "abc"), "abc" },
	{ "snappy, stream of two blocks", KMETA_SNAPPY,
	  BYTES(HEADER "\0\0\0\x05\x03\x08" "abc" "\0\0\0\x04\x02\x04" "de"), "abcde" },
	{ "snappy, a second header", KMETA_SNAPPY,
	  BYTES(HEADER "\0\0\0\x05\x03\x08" "abc" HEADER "\0\0\0\x04\x02\x04" "de"), "abcde" },
	{ "snappy, other versions in the header", KMETA_SNAPPY,
	  BYTES("\x82SNAPPY\0\0\0\0\x02\0\0\0\x01" "\0\0\0\x05\x03\x08" "abc"), "abc" },
	{ "snappy, block longer than the rest", KMETA_SNAPPY, BYTES(HEADER "\0\0\0\x06\x03\x08" "abc"), NULL },
	{ "snappy, block of negative length", KMETA_SNAPPY, BYTES(HEADER "\xff\xff\xff\xff\x03\x08" "abc"), NULL },
	{ "snappy, block of no bytes", KMETA_SNAPPY, BYTES(HEADER "\0\0\0\0"), NULL },
	{ "snappy, block that promises much", KMETA_SNAPPY, BYTES("\xff\xff\xff\xff\x0f\x08" "abc"), NULL },
	{ "snappy, header cut", KMETA_SNAPPY, BYTES("\x82SNAPPY\0\0\0\0"), NULL },
#endif
#ifdef KMETA_WITH_LZ4
	{ "lz4, one stored block", KMETA_LZ4,
	  BYTES("\x04\x22\x4d\x18\x60\x40\x82\x03\0\0\x80" "abc" "\0\0\0\0"), "abc" },
	{ "lz4, no end mark", KMETA_LZ4, BYTES("\x04\x22\x4d\x18\x60\x40\x82\x03\0\0\x80" "abc"), NULL },
	{ "lz4, wrong header checksum", KMETA_LZ4,
	  BYTES("\x04\x22\x4d\x18\x60\x40\x83\x03\0\0\x80" "abc" "\0\0\0\0"), NULL },
	{ "lz4, version 2", KMETA_LZ4,
	  BYTES("\x04\x22\x4d\x18\xa0\x40\x82\x03\0\0\x80" "abc" "\0\0\0\0"), NULL },
#endif
#ifdef KMETA_WITH_ZSTD
	{ "zstd, one raw block, no size, no checksum", KMETA_ZSTD,
	  BYTES("\x28\xb5\x2f\xfd\x00\x58\x19\0\0" "abc"), "abc" },
	{ "zstd, a skippable frame first", KMETA_ZSTD,
	  BYTES("\x50\x2a\x4d\x18\x02\0\0\0xx" "\x28\xb5\x2f\xfd\x00\x58\x19\0\0" "abc"), "abc" },
	{ "zstd, reserved block type", KMETA_ZSTD, BYTES("\x28\xb5\x2f\xfd\x00\x58\x1f\0\0" "abc"), NULL },
	{ "zstd, other magic", KMETA_ZSTD, BYTES("\x29\xb5\x2f\xfd\x00\x58\x19\0\0" "abc"), NULL },
#endif
};
/* clang-format on */

ROWS(codec, framing, framings)
ParameterizedTest(const size_t *row, codec, framing, .timeout = 10)
{
	const char *unpacked = framings[*row].unpacked;
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why = { 0 };
	const enum kmeta_status status =
		codec_unpack(framings[*row].codec, framings[*row].packed, &out, LIMIT, &why);

	cr_expect_eq(status, unpacked ? KMETA_OK : KMETA_DAMAGED, "%s: %s", framings[*row].name,
	             why.message);
	if (unpacked)
		cr_expect(out.size == strlen(unpacked) && !memcmp(out.at, unpacked, out.size), "%s",
		          framings[*row].name);
	kmeta_buffer_release(&out);
}

/* clang-format off */
static const struct {
	struct kmeta_bytes start;
	unsigned codec;
} magics[] = {
	{ BYTES("\x1f\x8b\x08\x00"), KMETA_GZIP },
	{ BYTES("\x1f\x8b\x08"), KMETA_GZIP },
	{ BYTES("\x1f\x8b\x07\x00"), KMETA_NONE },
	{ BYTES("\x1f\x8b"), KMETA_NONE },
	{ BYTES("\x28\xb5\x2f\xfd"), KMETA_ZSTD },
	{ BYTES("\x28\xb5\x2f"), KMETA_NONE },
	{ BYTES("\x04\x22\x4d\x18"), KMETA_LZ4 },
	{ BYTES("\x04\x22\x4d"), KMETA_NONE },
	{ BYTES("\0\0\0\0\0\0\0\0"), KMETA_NONE },
	{ BYTES(""), KMETA_NONE },
};
/* clang-format on */

ROWS(codec, of_file, magics)
ParameterizedTest(const size_t *row, codec, of_file, .timeout = 10)
{
	cr_expect_eq(codec_of_file(magics[*row].start.data, magics[*row].start.size),
	             magics[*row].codec);
}

/* ---- piece by piece ---- */

/* Bytes come and go in pieces of all sizes; what comes out does not depend on them. */
static void expect_pieces(size_t row, size_t in, size_t out)
{
	uint8_t *data = make_data(3000), *result = calloc(1, 3001);
	struct made packed = { 0 };
	struct codec_step step = { .out = result };
	struct codec_stream *stream;
	struct kmeta_finding why;
	size_t fed = 0, calls = 0;

	codecs[row].pack(&packed, data, 3000);
	cr_assert_eq(codec_stream_open(&stream, codecs[row].codec, &why), KMETA_OK);
	cr_expect(!codec_stream_complete(stream));
	while (!codec_stream_complete(stream) || step.in_left) {
		const size_t more = packed.size - fed < in ? packed.size - fed : in;

		if (!step.in_left) {
			step.in = packed.at + fed;
			step.in_left = more;
			fed += more;
		}
		step.out_left = (size_t)(result + 3001 - step.out);
		if (step.out_left > out)
			step.out_left = out;
		cr_assert_eq(codec_stream_step(stream, &step, &why), KMETA_OK);
		cr_assert_leq(++calls, 10000);
	}
	cr_expect_eq(step.out - result, 3000);
	cr_expect_arr_eq(result, data, 3000);
	codec_stream_close(stream);
	made_release(&packed);
	free(result);
	free(data);
}

ROWS(codec, pieces, codecs)
ParameterizedTest(const size_t *row, codec, pieces, .timeout = 60)
{
	static const size_t sizes[] = { 1, 2, 7, 64, 4000 };

	if (codecs[*row].codec == KMETA_SNAPPY)
		return;
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t o = 0; o < COUNT(sizes); o++)
			expect_pieces(*row, sizes[i], sizes[o]);
}
