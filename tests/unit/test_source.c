/* SPDX-License-Identifier: Apache-2.0 */
/* test_source.c: batches out of files, pipes and directories, whole and damaged, forwards and back.
 */
#include <zlib.h>
#ifdef KMETA_WITH_LZ4
#include <lz4frame.h>
#endif
#ifdef KMETA_WITH_ZSTD
#include <zstd.h>
#endif

#include <kmeta.h>

#include "files.h"

TestSuite(source, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

#define expect_story(address, options, wanted)                                              \
	do {                                                                                \
		const struct story story_ = story_of(address, options);                     \
		cr_expect_str_eq(story_.text, wanted, "%s:\n  %s\n  %s", what, story_.text, \
		                 wanted);                                                   \
	} while (0)

/* ---- one file, damaged by hand ---- */

/* A file of five batches, 0 to 14, of 94 bytes each: how it is spoilt, and what is read of it. */
/* clang-format off */
static const struct {
	const char *name;
	size_t at;               /* the byte from which on ... */
	struct kmeta_bytes with; /* ... it is overwritten; */
	size_t cut;              /* then it is cut to this size, if not 0; */
	size_t seal;             /* and the batch that begins here gets its right checksum, if not 0 */
	const char *story;
} files[] = {
	{ "sound", 0, { NULL, 0 }, 0, 0, "0..2 3..5 6..8 9..11 12..14 " },
	{ "a record changed", 94 + 70, BYTES("\x55"), 0, 0, "0..2 !crc-mismatch@94 6..8 9..11 12..14 " },
	{ "the first batch changed", 70, BYTES("\x55"), 0, 0, "!crc-mismatch@0 3..5 6..8 9..11 12..14 " },
	{ "the last batch changed", 4 * 94 + 70, BYTES("\x55"), 0, 0, "0..2 3..5 6..8 9..11 !crc-mismatch@376 " },
	{ "checksum changed", 94 + 17, BYTES("\x55"), 0, 0, "0..2 !crc-mismatch@94 6..8 9..11 12..14 " },
	{ "length negative", 94 + 8, BYTES("\xff\xff\xff\xff"), 0, 0, "0..2 !bad-length@94 6..8 9..11 12..14 " },
	{ "length 0", 94 + 8, BYTES("\0\0\0\0"), 0, 0, "0..2 !bad-length@94 6..8 9..11 12..14 " },
	{ "length 48", 94 + 8, BYTES("\0\0\0\x30"), 0, 0, "0..2 !bad-length@94 6..8 9..11 12..14 " },
	{ "length 49", 94 + 8, BYTES("\0\0\0\x31"), 0, 0, "0..2 !crc-mismatch@94 6..8 9..11 12..14 " },
	{ "length past the limit", 94 + 8, BYTES("\x7f\xff\xff\xff"), 0, 0, "0..2 !bad-length@94 6..8 9..11 12..14 " },
	{ "length past the end", 94 + 8, BYTES("\0\1\0\0"), 0, 0, "0..2 !truncated@94 6..8 9..11 12..14 " },
	{ "length into the next batch", 94 + 8, BYTES("\0\0\0\x60"), 0, 0, "0..2 !crc-mismatch@94 6..8 9..11 12..14 " },
	{ "length of two batches", 94 + 8, BYTES("\0\0\0\xb0"), 0, 0, "0..2 !crc-mismatch@94 9..11 12..14 " },
	{ "magic 0", 94 + 16, BYTES("\0"), 0, 0, "0..2 !bad-magic@94 6..8 9..11 12..14 " },
	{ "magic 3", 94 + 16, BYTES("\x03"), 0, 0, "0..2 !bad-magic@94 6..8 9..11 12..14 " },
	{ "magic -1 in the last", 4 * 94 + 16, BYTES("\xff"), 0, 0, "0..2 3..5 6..8 9..11 !bad-magic@376 " },
	{ "two batches changed", 94 + 70, BYTES("\x55" "333333333333333333333333333333333333"), 0, 0,
	  "0..2 !crc-mismatch@94 9..11 12..14 " },
	{ "codec 5", 94 + 22, BYTES("\x05"), 0, 94, "0..2 !bad-codec@94 6..8 9..11 12..14 " },
	{ "gzip that is none", 94 + 22, BYTES("\x01"), 0, 94, "0..2 !bad-payload@94 6..8 9..11 12..14 " },
	{ "count wrong is not the source's affair", 94 + 60, BYTES("\x01"), 0, 94, "0..2 3..5 6..8 9..11 12..14 " },
	{ "offset wrong neither", 94 + 7, BYTES("\x63"), 0, 0, "0..2 99..101 6..8 9..11 12..14 " },
	{ "cut to a byte, which is 0", 0, { NULL, 0 }, 1, 0, "!truncated@0 " },
	{ "cut in a header", 0, { NULL, 0 }, 94 + 60, 0, "0..2 !truncated@94 " },
	{ "cut behind a header", 0, { NULL, 0 }, 94 + 61, 0, "0..2 !truncated@94 " },
	{ "cut before the last byte", 0, { NULL, 0 }, 5 * 94 - 1, 0, "0..2 3..5 6..8 9..11 !truncated@376 " },
	{ "cut between batches", 0, { NULL, 0 }, 2 * 94, 0, "0..2 3..5 " },
	{ "zeros for a batch", 94, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	                                 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0, 0,
	  "0..2 !bad-length@94 6..8 9..11 12..14 " },
	{ "a few zeros at the end", 2 * 94, BYTES("\0\0\0\0\0\0\0\0\0\0"), 2 * 94 + 10, 0, "0..2 3..5 !truncated@188 " },
	{ "a header of zeros at the end", 2 * 94,
	  BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 2 * 94 + 61, 0,
	  "0..2 3..5 !zero-tail@188 " },
	{ "text", 0, BYTES("hello, this is no log at all, and long enough to be taken for a header"), 70, 0,
	  "!bad-magic@0 " },
};
/* clang-format on */

static void spoil(struct made *m, size_t row)
{
	put_run(m, 0, 5);
	if (files[row].with.data)
		memcpy(m->at + files[row].at, files[row].with.data, files[row].with.size);
	if (files[row].seal)
		seal(m->at + files[row].seal, NOOPS_SIZE);
	if (files[row].cut)
		m->size = files[row].cut;
}

ROWS(source, file, files)
ParameterizedTest(const size_t *row, source, file, .timeout = 10)
{
	const char *what = files[*row].name;
	struct made m = { 0 };

	spoil(&m, *row);
	write_file("some.log", made_bytes(&m));
	expect_story("some.log", NULL, files[*row].story);
	made_release(&m);
}

static void expect_reversed(const char *address, const struct kmeta_range *offsets)
{
	struct kmeta_source_options options = { .size = sizeof(options), .offsets = offsets };
	const struct story forwards = story_of(address, &options);
	struct story backwards, turned = { 0 };
	const char *end = forwards.text + forwards.size;

	options.reverse = true;
	backwards = story_of(address, &options);
	while (end > forwards.text) {
		const char *start = end - 1;
		char word[200] = "";

		while (start > forwards.text && start[-1] != ' ')
			start--;
		memcpy(word, start, (size_t)(end - start));
		tell(&turned, word);
		end = start;
	}
	cr_expect_str_eq(backwards.text, turned.text, "%s:\n  %s\n  %s", address, backwards.text,
	                 turned.text);
}

ROWS(source, file_backwards, files)
ParameterizedTest(const size_t *row, source, file_backwards, .timeout = 10)
{
	struct made m = { 0 };

	spoil(&m, *row);
	write_file(files[*row].name, made_bytes(&m));
	expect_reversed(files[*row].name, NULL);
	made_release(&m);
}

/* A pipe gives the same as a file, by standard input and by name. */
ROWS(source, pipe, files)
ParameterizedTest(const size_t *row, source, pipe, .timeout = 10)
{
	const char *what = files[*row].name;
	struct made m = { 0 };
	int ends[2];

	spoil(&m, *row);
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], m.at, m.size), (ssize_t)m.size);
	close(ends[1]);
	cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	expect_story("-", NULL, files[*row].story);
	made_release(&m);
}

Test(source, named_pipe)
{
	const char *what = "named pipe";
	struct kmeta_source *source;
	struct kmeta_finding why;
	struct story s = { 0 };
	struct made m = { 0 };
	int fd;

	put_run(&m, 0, 5);
	cr_assert_eq(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDWR);
	cr_assert_eq(write(fd, m.at, m.size), (ssize_t)m.size);
	cr_assert_eq(kmeta_source_open(&source, "pipe", NULL, &why), KMETA_OK, "%s: %s", what,
	             why.message);
	close(fd);
	tell_rest(&s, source);
	cr_expect_str_eq(s.text, "0..2 3..5 6..8 9..11 12..14 ");
	kmeta_source_close(source);
	made_release(&m);
}

Test(source, standard_input_may_be_a_file)
{
	const char *what = "standard input";
	struct made m = { 0 };
	int fd;

	put_run(&m, 0, 5);
	write_file("file", made_bytes(&m));
	fd = open("file", O_RDONLY);
	cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	expect_story("-", NULL, "0..2 3..5 6..8 9..11 12..14 ");
	cr_expect(fcntl(STDIN_FILENO, F_GETFD) >= 0, "standard input was closed");
	made_release(&m);
}

/*
 * A byte lost or put in: the batches that it leaves alone are found again. Where a zero is lost at
 * a batch's end, the next one's first byte may stand in for it: then that one is the damaged one.
 */
Test(source, sound_batches_survive, .timeout = 60)
{
	struct made m = { 0 }, spoilt = { 0 };

	put_run(&m, 0, 3);
	for (size_t at = NOOPS_SIZE; at < 2 * NOOPS_SIZE; at++) {
		for (int lost = 0; lost < 2; lost++) {
			struct story s;

			spoilt.size = 0;
			put(&spoilt, m.at, at);
			put(&spoilt, "\x02\x02\x02", lost ? 0 : 3);
			put(&spoilt, m.at + at + lost, m.size - at - (size_t)lost);
			write_file("file", made_bytes(&spoilt));
			s = story_of("file", NULL);
			cr_assert(!strncmp(s.text, "0..2 ", 5) && strchr(s.text, '!') &&
			                  (strstr(s.text, " 6..8 ") || strstr(s.text, " 3..5 !")),
			          "%zu: %s", at, s.text);
		}
	}
	made_release(&m);
	made_release(&spoilt);
}

/* What is known of a damaged batch: its frame, the checksums, how much was passed over before it.
 */
Test(source, damaged_batch)
{
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	struct made m = { 0 };

	put_run(&m, 0, 3);
	m.at[NOOPS_SIZE + 70] ^= 1;
	put(&m, "garbage", 7);
	put_run(&m, 9, 1);
	write_file("file", made_bytes(&m));
	cr_assert_eq(kmeta_source_open(&source, "file", NULL, &why), KMETA_OK);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK);
	cr_expect(batch.valid && batch.crc == batch.computed_crc && !batch.skipped);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_DAMAGED);
	cr_expect(!batch.valid && batch.crc != batch.computed_crc && batch.size == NOOPS_SIZE);
	cr_expect(batch.position == NOOPS_SIZE && batch.base_offset == 3 &&
	          batch.records.size == 33);
	cr_expect_str_eq(why.file, "file");
	cr_expect(why.size == NOOPS_SIZE && why.offset == 3);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK);
	cr_expect(batch.valid && batch.skipped == NOOPS_SIZE);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_DAMAGED);
	cr_expect(batch.size == 0 && why.position == 3 * NOOPS_SIZE);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK);
	cr_expect(batch.skipped == 7 && batch.base_offset == 9);
	cr_expect_eq(kmeta_source_next(source, &batch, &why), KMETA_END);
	kmeta_source_close(source);
	made_release(&m);
}

/* What is passed over at the end of a file, which no batch follows. */
Test(source, skipped_at_end)
{
	static const struct {
		const char *name;
		size_t spoilt, cut, zeros;
		int64_t skipped;
	} ends[] = {
		{ "sound", 0, 0, 0, 0 },
		{ "last batch changed", 2 * NOOPS_SIZE + 70, 0, 0, NOOPS_SIZE },
		{ "last length changed", 2 * NOOPS_SIZE + 8, 0, 0, NOOPS_SIZE },
		{ "last batch cut", 0, 2 * NOOPS_SIZE + 50, 0, 50 },
		{ "zeros, in which nothing is lost", 0, 0, 100, 0 },
		{ "damage in the middle only", NOOPS_SIZE + 70, 0, 0, 0 },
	};

	for (size_t i = 0; i < COUNT(ends); i++) {
		struct kmeta_source *source;
		struct kmeta_batch batch;
		struct kmeta_finding why;
		enum kmeta_status status;
		struct made m = { 0 };

		put_run(&m, 0, 3);
		if (ends[i].spoilt)
			m.at[ends[i].spoilt] ^= 1;
		if (ends[i].cut)
			m.size = ends[i].cut;
		for (size_t zero = 0; zero < ends[i].zeros; zero++)
			put_byte(&m, 0);
		write_file("file", made_bytes(&m));
		cr_assert_eq(kmeta_source_open(&source, "file", NULL, &why), KMETA_OK);
		do
			status = kmeta_source_next(source, &batch, &why);
		while (status != KMETA_END);
		cr_expect_eq(batch.skipped, ends[i].skipped, "%s: %lld", ends[i].name,
		             (long long)batch.skipped);
		kmeta_source_close(source);
		made_release(&m);
	}
}

/* Zeros, however many, are passed over: to a batch behind them, or to the end. */
Test(source, many_zeros)
{
	static const size_t counts[] = { 61, 100, 65535, 65536, 65537, 300000 };
	const char *what = "many zeros";

	for (size_t i = 0; i < COUNT(counts); i++) {
		uint8_t *zeros = calloc(1, counts[i]);
		struct made m = { 0 };

		put_run(&m, 0, 1);
		put(&m, zeros, counts[i]);
		write_file("tail", made_bytes(&m));
		expect_story("tail", NULL, "0..2 !zero-tail@94 ");
		put_run(&m, 3, 1);
		write_file("middle", made_bytes(&m));
		expect_story("middle", NULL, "0..2 !bad-length@94 3..5 ");
		made_release(&m);
		free(zeros);
	}
}

/* A hole is not read, however large: the test would not end within its time. */
Test(source, holes, .timeout = 20)
{
	const char *what = "holes";
	struct made m = { 0 };

	put_run(&m, 0, 1);
	write_file("tail", made_bytes(&m));
	cr_assert_eq(truncate("tail", (off_t)1 << 42), 0);
	expect_story("tail", NULL, "0..2 !zero-tail@94 ");
	write_file("hole", (struct kmeta_bytes){ NULL, 0 });
	cr_assert_eq(truncate("hole", (off_t)1 << 42), 0);
	expect_story("hole", NULL, "!bad-length@0 ");
	put_all(&m, BYTES("no batch, but some bytes, sixty-one of them and so a header's size"));
	write_file("damage", made_bytes(&m));
	cr_assert_eq(truncate("damage", (off_t)1 << 42), 0);
	expect_story("damage", NULL, "0..2 !bad-magic@94 ");
	made_release(&m);
}

/* Java's longs wrap; what no log can have is read all the same. */
Test(source, last_offset_of_all)
{
	const char *what = "last offset of all";
	struct made m = { 0 };

	put_noops(&m, INT64_MAX - 2, 1);
	put_noops(&m, INT64_MAX, 1);
	put_noops(&m, 0, 1);
	write_file("file", made_bytes(&m));
	expect_story("file", NULL,
	             "9223372036854775805..9223372036854775807 "
	             "9223372036854775807..-9223372036854775807 0..2 ");
	made_release(&m);
}

/* ---- sizes ---- */

/* One record of so many bytes in a batch, between two small ones; packed by gzip if asked for. */
static void put_large(struct made *m, size_t size, bool packed)
{
	uint8_t *value = calloc(1, size);
	struct made records = { 0 };
	struct batch_plan plan = { .base_offset = 3, .attributes = packed ? KMETA_GZIP : 0 };

	memset(value, 'x', size);
	put_run(m, 0, 1);
	put_record(&records, &(struct record_plan){ .value = { value, size } });
	if (packed) {
		uLong room = compressBound(records.size) + 100;
		uint8_t *out = malloc(room);
		z_stream z = { .next_in = records.at, .avail_in = (uInt)records.size };

		z.next_out = out;
		z.avail_out = (uInt)room;
		cr_assert_eq(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
		cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
		records.size = 0;
		put(&records, out, z.total_out);
		deflateEnd(&z);
		free(out);
	}
	plan.records = made_bytes(&records);
	put_batch(m, &plan);
	put_run(m, 4, 1);
	made_release(&records);
	free(value);
}

/* The batch in the middle has one record whose bytes are all 'x'. */
static void expect_large(const char *file, size_t size)
{
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_record record;
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding why = { 0 };

	cr_assert_eq(kmeta_source_open(&source, file, NULL, &why), KMETA_OK);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK, "%zu: %s", size,
	             why.message);
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &record, &why), KMETA_OK, "%zu: %s", size,
	             why.message);
	cr_assert_eq(record.value.size, size);
	for (size_t i = 0; i < size; i++)
		if (record.value.data[i] != 'x')
			cr_assert_fail("byte %zu of %zu", i, size);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK);
	cr_expect_eq(batch.base_offset, 4);
	cr_expect_eq(kmeta_source_next(source, &batch, &why), KMETA_END);
	kmeta_source_close(source);
}

static const struct {
	size_t size;
	bool packed;
} larges[] = {
	{ 100000, false },          { 300000, false },
	{ (size_t)5 << 20, false }, { (size_t)60 << 20, false },
	{ 100000, true },           { (size_t)20 << 20, true },
	{ (size_t)33 << 20, true }, { ((size_t)64 << 20) - 50, true },
};

ROWS(source, large, larges)
ParameterizedTest(const size_t *row, source, large, .timeout = 60)
{
	struct made m = { 0 };

	put_large(&m, larges[*row].size, larges[*row].packed);
	write_file("file", made_bytes(&m));
	made_release(&m);
	expect_large("file", larges[*row].size);
}

/* One byte over the limit, and it is damage; what follows it is read. */
Test(source, too_large)
{
	const char *what = "too large";
	struct made m = { 0 };

	put_large(&m, (size_t)64 << 20, true);
	write_file("packed", made_bytes(&m));
	expect_story("packed", NULL, "0..2 !too-large@94 4..6 ");
	made_release(&m);
	put_large(&m, (size_t)64 << 20, false);
	write_file("plain", made_bytes(&m));
	expect_story("plain", NULL, "0..2 !bad-length@94 4..6 ");
	made_release(&m);
}

/* ---- files that were compressed as a whole ---- */

typedef void packer(struct made *out, const struct made *in);

static void pack_gzip(struct made *out, const struct made *in)
{
	const gzFile gz = gzopen("packing", "wb");

	cr_assert_eq(gzwrite(gz, in->at, (unsigned)in->size), (int)in->size);
	cr_assert_eq(gzclose(gz), Z_OK);
	out->at = malloc(out->capacity = in->size + 1000);
	out->size = (size_t)read(open("packing", O_RDONLY), out->at, out->capacity);
}

#ifdef KMETA_WITH_LZ4
static void pack_lz4(struct made *out, const struct made *in)
{
	out->at = malloc(out->capacity = LZ4F_compressFrameBound(in->size, NULL));
	out->size = LZ4F_compressFrame(out->at, out->capacity, in->at, in->size, NULL);
}
#endif

#ifdef KMETA_WITH_ZSTD
static void pack_zstd(struct made *out, const struct made *in)
{
	out->at = malloc(out->capacity = ZSTD_compressBound(in->size));
	out->size = ZSTD_compress(out->at, out->capacity, in->at, in->size, 3);
}
#endif

static const struct {
	const char *name;
	packer *pack;
} packers[] = {
	{ FIRST ".gz", pack_gzip },
#ifdef KMETA_WITH_LZ4
	{ FIRST ".lz4", pack_lz4 },
#endif
#ifdef KMETA_WITH_ZSTD
	{ FIRST ".zst", pack_zstd },
#endif
};

ROWS(source, packed_file, packers)
ParameterizedTest(const size_t *row, source, packed_file, .timeout = 10)
{
	const char *what = packers[*row].name;
	const struct kmeta_range some = { 4, 7 };
	struct kmeta_source_options options = { .size = sizeof(options), .offsets = &some };
	struct made m = { 0 }, packed = { 0 };
	struct story s;

	put_run(&m, 0, 5);
	m.at[3 * NOOPS_SIZE + 70] ^= 1;
	packers[*row].pack(&packed, &m);
	write_file("any name", made_bytes(&packed));
	expect_story("any name", NULL, "0..2 3..5 6..8 !crc-mismatch@282 12..14 ");
	expect_story("any name", &options, "3..5 6..8 ");
	options.reverse = true;
	expect_story("any name", &options, "failed: bad-argument");
	cr_assert_eq(mkdir("dir", 0755), 0);
	cr_assert_eq(chdir("dir"), 0);
	write_file(packers[*row].name, made_bytes(&packed));
	append_run(SECOND, 15, 1);
	expect_story(".", NULL, "0..2 3..5 6..8 !crc-mismatch@282 12..14 15..17 ");
	/* Two after another are as one. */
	append_file(packers[*row].name, made_bytes(&packed));
	s = story_of(packers[*row].name, NULL);
	cr_expect_eq(s.size, 2 * strlen("0..2 3..5 6..8 !crc-mismatch@282 12..14 "), "%s", s.text);
	made_release(&m);
	made_release(&packed);
}

/* Cut anywhere: what came out is given, then the damage is told, and no more than once. */
ROWS(source, packed_file_cut, packers)
ParameterizedTest(const size_t *row, source, packed_file_cut, .timeout = 60)
{
	struct made m = { 0 }, packed = { 0 };

	put_run(&m, 0, 5);
	packers[*row].pack(&packed, &m);
	while (--packed.size > 8) {
		struct story s;
		const char *damage;

		write_file("cut", made_bytes(&packed));
		s = story_of("cut", NULL);
		damage = strchr(s.text, '!');
		cr_assert(damage && strstr(damage, "!bad-payload@") == damage &&
		                  !strchr(damage + 1, '!'),
		          "%zu bytes: %s", packed.size, s.text);
		cr_assert(!strncmp(s.text, "0..2 3..5 6..8 9..11 12..14 ",
		                   (size_t)(damage - s.text)));
	}
	made_release(&m);
	made_release(&packed);
}

/* ---- directories ---- */

static void make_directory(const char *name)
{
	cr_assert_eq(mkdir(name, 0755), 0);
	cr_assert_eq(chdir(name), 0);
	append_run(FIRST, 0, 3);
	append_run(SECOND, 9, 3);
	append_run(THIRD, 18, 1);
	cr_assert_eq(chdir(".."), 0);
}

Test(source, directory)
{
	const char *what = "directory";

	make_directory("d");
	expect_story("d", NULL, "0..2 3..5 6..8 9..11 12..14 15..17 18..20 ");
	expect_story("d/", NULL, "0..2 3..5 6..8 9..11 12..14 15..17 18..20 ");
	expect_reversed("d", NULL);
}

static const char *const passed_over[] = {
	"00000000000000000021.log.deleted",
	"00000000000000000021.log.swap",
	"00000000000000000021-0000000001.checkpoint",
	"00000000000000000021-0000000001.checkpoint.part",
	"00000000000000000021.snapshot",
	"00000000000000000021.index",
	"0000000000000000021.log",
	"000000000000000000021.log",
	"99999999999999999999.log",
	"0000000000000000002x.log",
	"-0000000000000000021.log",
	"segment.log",
	"leader-epoch-checkpoint",
	".log",
};

ROWS(source, passed_over, passed_over)
ParameterizedTest(const size_t *row, source, passed_over, .timeout = 10)
{
	const char *what = passed_over[*row];

	make_directory("d");
	cr_assert_eq(chdir("d"), 0);
	append_run(passed_over[*row], 21, 1);
	expect_story(".", NULL, "0..2 3..5 6..8 9..11 12..14 15..17 18..20 ");
	/* But read if named. */
	expect_story(passed_over[*row], NULL, "21..23 ");
}

static const struct {
	const char *name;
	const char *directories[3];
	const char *story;
} shapes[] = {
	{ "log directory", { "d", "d/__cluster_metadata-0" }, "0..2 " },
	{ "log directory of 2.8", { "d", "d/@metadata-0" }, "0..2 " },
	{ "log directory without", { "d", "d/orders-0" }, "failed: not-a-log" },
	{ "the metadata directory itself", { "d" }, "0..2 " },
};

ROWS(source, shape, shapes)
ParameterizedTest(const size_t *row, source, shape, .timeout = 10)
{
	const char *what = shapes[*row].name;
	char path[100] = "";

	for (size_t i = 0; i < 3 && shapes[*row].directories[i]; i++) {
		cr_assert_eq(mkdir(shapes[*row].directories[i], 0755), 0);
		snprintf(path, sizeof(path), "%s/" FIRST, shapes[*row].directories[i]);
	}
	append_run(path, 0, 1);
	expect_story("d", NULL, shapes[*row].story);
}

Test(source, nothing_to_read)
{
	const char *what = "nothing";
	struct kmeta_source *source = NULL;
	struct kmeta_finding why = { 0 };

	expect_story("absent", NULL, "failed: cannot-read");
	expect_story("absent/" FIRST, NULL, "failed: cannot-read");
	cr_assert_eq(mkdir("empty", 0755), 0);
	expect_story("empty", NULL, "failed: not-a-log");
	/* A directory without segments is its newest checkpoint. */
	append_run("empty/00000000000000000009-0000000001.checkpoint", 0, 2);
	append_run("empty/00000000000000000021-0000000001.checkpoint", 0, 1);
	expect_story("empty", NULL, "0..2 ");
	expect_story("empty/00000000000000000021-0000000001.checkpoint", NULL, "0..2 ");
	write_file("file", BYTES(""));
	expect_story("file", NULL, "");
	expect_story("file/below", NULL, "failed: cannot-read");
	cr_expect_eq(kmeta_source_open(&source, "absent", NULL, &why), KMETA_FAILED);
	cr_expect_null(source);
	cr_expect(strstr(why.message, "No such file"), "%s", why.message);
	kmeta_source_close(NULL);
}

static void opened(void *context, const char *file)
{
	const char *slash = strrchr(file, '/');

	tell(context, slash ? slash + 1 : file);
	tell(context, " ");
}

Test(source, opened_files_are_told_of)
{
	struct story s = { 0 };
	struct kmeta_source_options options = { .size = sizeof(options),
		                                .opened = opened,
		                                .context = &s };

	make_directory("d");
	story_of("d", &options);
	cr_expect_str_eq(s.text, FIRST " " SECOND " " THIRD " ");
	s = (struct story){ 0 };
	options.reverse = true;
	story_of("d", &options);
	cr_expect_str_eq(s.text, THIRD " " SECOND " " FIRST " ");
	s = (struct story){ 0 };
	options.reverse = false;
	options.offsets = &(struct kmeta_range){ 9, 11 };
	story_of("d", &options);
	cr_expect_str_eq(s.text, SECOND " ");
}

Test(source, progress)
{
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	int64_t done, total, before = 0;

	make_directory("d");
	cr_assert_eq(kmeta_source_open(&source, "d", NULL, &why), KMETA_OK);
	while (kmeta_source_next(source, &batch, &why) == KMETA_OK) {
		kmeta_source_progress(source, &done, &total);
		cr_expect_eq(total, 7 * NOOPS_SIZE);
		cr_expect(done >= before && done <= total);
		before = done;
	}
	kmeta_source_progress(source, &done, &total);
	cr_expect_eq(done, total);
	kmeta_source_close(source);
}

/* ---- windows ---- */

/* clang-format off */
static const struct {
	const char *name;
	struct kmeta_range offsets, times, epochs; /* all zero: no window; times in seconds */
	const char *story;
} windows[] = {
	{ "one offset", { 4, 4 }, { 0 }, { 0 }, "3..5 " },
	{ "first offsets", { INT64_MIN, 2 }, { 0 }, { 0 }, "0..2 " },
	{ "across segments", { 8, 9 }, { 0 }, { 0 }, "6..8 9..11 " },
	{ "last offsets", { 18, INT64_MAX }, { 0 }, { 0 }, "18..20 " },
	{ "before all", { -10, -1 }, { 0 }, { 0 }, "" },
	{ "behind all", { 21, 1000 }, { 0 }, { 0 }, "" },
	{ "times", { 0 }, { 4, 6 }, { 0 }, "6..8 " },
	{ "times across segments", { 0 }, { 6, 9 }, { 0 }, "6..8 9..11 " },
	{ "later times", { 0 }, { 100, 200 }, { 0 }, "" },
	{ "epoch", { 0 }, { 0 }, { 1, 1 }, "0..2 3..5 6..8 9..11 12..14 15..17 18..20 " },
	{ "another epoch", { 0 }, { 0 }, { 2, 9 }, "" },
	{ "offsets and times", { 3, 14 }, { 9, 100 }, { 0 }, "9..11 12..14 " },
};
/* clang-format on */

ROWS(source, window, windows)
ParameterizedTest(const size_t *row, source, window, .timeout = 10)
{
	const char *what = windows[*row].name;
	const struct kmeta_range none = { 0, 0 }, *offsets = &windows[*row].offsets;
	const struct kmeta_range *epochs = &windows[*row].epochs;
	const struct kmeta_range times = { (MADE_TIME + windows[*row].times.first) * 1000,
		                           (MADE_TIME + windows[*row].times.last) * 1000 };
	const struct kmeta_source_options options = {
		.size = sizeof(options),
		.offsets = memcmp(offsets, &none, sizeof(none)) ? offsets : NULL,
		.times = windows[*row].times.last ? &times : NULL,
		.epochs = epochs->last ? epochs : NULL,
	};
	struct kmeta_source_options backwards = options;

	make_directory("d");
	expect_story("d", &options, windows[*row].story);
	backwards.reverse = true;
	cr_expect_eq(story_of("d", &backwards).size, strlen(windows[*row].story), "%s", what);
}

/* A segment whose index says that it ended before the time asked for is not opened. */
Test(source, time_index)
{
	const char *what = "time index";
	const struct kmeta_range times = { (MADE_TIME + 3) * 1000LL, INT64_MAX };
	const struct kmeta_source_options options = { .size = sizeof(options), .times = &times };
	uint8_t entry[12] = { 0 };

	make_directory("d");
	/* It lies, and so shows that it was believed. */
	set(entry, (MADE_TIME + 2) * 1000LL, 8);
	write_file("d/00000000000000000000.timeindex", (struct kmeta_bytes){ entry, 12 });
	expect_story("d", &options, "9..11 12..14 15..17 18..20 ");
	/* One with a tail of zeros, or cut, says nothing. */
	append_file("d/00000000000000000000.timeindex",
	            (struct kmeta_bytes){ (uint8_t[12]){ 0 }, 12 });
	expect_story("d", &options, "3..5 6..8 9..11 12..14 15..17 18..20 ");
	write_file("d/00000000000000000000.timeindex", (struct kmeta_bytes){ entry, 11 });
	expect_story("d", &options, "3..5 6..8 9..11 12..14 15..17 18..20 ");
	write_file("d/00000000000000000000.timeindex", BYTES("\x01"));
	append_file("d/00000000000000000000.timeindex", (struct kmeta_bytes){ entry, 12 });
	expect_story("d", &options, "3..5 6..8 9..11 12..14 15..17 18..20 ");
}

/* One base offset past the range may be a flipped bit: what lies behind it is read all the same. */
Test(source, window_and_a_wrong_offset)
{
	const char *what = "wrong offset";
	const struct kmeta_range offsets = { 3, 8 };
	const struct kmeta_source_options options = { .size = sizeof(options),
		                                      .offsets = &offsets };
	struct made m = { 0 };

	put_run(&m, 0, 5);
	m.at[NOOPS_SIZE + 1] ^= 0x10;
	write_file("file", made_bytes(&m));
	expect_story("file", &options, "6..8 ");
	made_release(&m);
}

/* ---- files large enough to be bisected, and cut into stretches ---- */

enum { MANY = 25000 };

static void write_many(const char *path, bool damaged)
{
	struct made m = { 0 };

	put_run(&m, 0, MANY);
	for (size_t i = 0; damaged && i < MANY; i += 1000)
		m.at[i * NOOPS_SIZE + 70] ^= 1;
	write_file(path, made_bytes(&m));
	made_release(&m);
}

/* Counts and checks: the offsets, in the direction of reading, of "first" to "last" batches. */
static void expect_range(const char *path, struct kmeta_range offsets, bool reverse, bool damaged)
{
	const struct kmeta_source_options options = { .size = sizeof(options),
		                                      .offsets = &offsets,
		                                      .reverse = reverse };
	int64_t first = offsets.first < 0              ? 0
	                : offsets.first < MANY * NOOPS ? offsets.first / NOOPS
	                                               : MANY;
	int64_t last = offsets.last / NOOPS < MANY ? offsets.last / NOOPS : MANY - 1;
	struct kmeta_source *source;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_source_open(&source, path, &options, &why), KMETA_OK);
	for (;;) {
		struct kmeta_batch batch;
		const enum kmeta_status status = kmeta_source_next(source, &batch, &why);
		const int64_t wanted = reverse ? last-- : first++;

		if (status == KMETA_END) {
			cr_assert_eq(first, last + 2);
			break;
		}
		cr_assert_eq(status, damaged && wanted % 1000 == 0 ? KMETA_DAMAGED : KMETA_OK);
		cr_assert_eq(batch.base_offset, wanted * NOOPS);
		cr_assert_eq(batch.position, wanted * NOOPS_SIZE);
	}
	kmeta_source_close(source);
}

Test(source, many, .timeout = 60)
{
	static const int64_t firsts[] = { INT64_MIN, 0, 1, 100, 37499, 37500, 74990, 75000, 80000 };

	write_many("sound", false);
	write_many("damaged", true);
	for (size_t i = 0; i < COUNT(firsts); i++) {
		for (int reverse = 0; reverse < 2; reverse++) {
			expect_range("sound", (struct kmeta_range){ firsts[i], INT64_MAX }, reverse,
			             false);
			expect_range("sound",
			             (struct kmeta_range){ firsts[i],
			                                   firsts[i] < 0 ? 5 : firsts[i] + 5 },
			             reverse, false);
			expect_range("damaged", (struct kmeta_range){ firsts[i], INT64_MAX },
			             reverse, true);
		}
	}
}

/* ---- checkpoints beside the segments ---- */

static const struct {
	int64_t limit;
	const char *name; /* NULL: there is none */
	int64_t end_offset;
} checkpoints[] = {
	{ -1, NULL, 0 },
	{ 0, "00000000000000000000-0000000000.checkpoint", 0 },
	{ 99, "00000000000000000000-0000000000.checkpoint", 0 },
	{ 100, "00000000000000000100-0000000007.checkpoint", 100 },
	{ 249, "00000000000000000100-0000000007.checkpoint", 100 },
	{ 250, "00000000000000000250-0000000009.checkpoint.gz", 250 },
	{ INT64_MAX, "00000000000000000250-0000000009.checkpoint.gz", 250 },
};

ROWS(source, newest_checkpoint, checkpoints)
ParameterizedTest(const size_t *row, source, newest_checkpoint, .timeout = 10)
{
	const char *name = checkpoints[*row].name;
	char *path = NULL;
	int64_t end = -1;
	struct kmeta_finding why;

	cr_assert_eq(mkdir("d", 0755), 0);
	write_file("d/00000000000000000000-0000000000.checkpoint", BYTES(""));
	write_file("d/00000000000000000100-0000000005.checkpoint", BYTES(""));
	write_file("d/00000000000000000100-0000000007.checkpoint", BYTES(""));
	write_file("d/00000000000000000250-0000000009.checkpoint.gz", BYTES(""));
	write_file("d/00000000000000000260-0000000009.checkpoint.part", BYTES(""));
	write_file("d/bootstrap.checkpoint", BYTES(""));
	cr_assert_eq(kmeta_newest_checkpoint("d", checkpoints[*row].limit, &path, &end, &why),
	             name ? KMETA_OK : KMETA_END);
	if (name)
		cr_expect(!strncmp(path, "d/", 2) && !strcmp(path + 2, name), "%s", path);
	cr_expect_eq(end, name ? checkpoints[*row].end_offset : -1);
	free(path);
	write_file("file", BYTES(""));
	cr_expect_eq(kmeta_newest_checkpoint("file", 1, &path, &end, &why), KMETA_END);
	cr_expect_eq(kmeta_newest_checkpoint("absent", 1, &path, &end, &why), KMETA_END);
}

/* ---- nothing stays behind ---- */

Test(source, files_are_closed)
{
	const int before = open_files();

	make_directory("d");
	cr_assert_eq(mkdir("empty", 0755), 0);
	for (int i = 0; i < 3; i++) {
		const struct kmeta_source_options backwards = { .size = sizeof(backwards),
			                                        .reverse = true };

		story_of("d", NULL);
		story_of("d", &backwards);
		story_of("d/" FIRST, NULL);
		story_of("absent", NULL);
		story_of("empty", NULL);
	}
	cr_expect_eq(open_files(), before);
}
