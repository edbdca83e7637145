/* SPDX-License-Identifier: Apache-2.0 */
/* test_failing.c: memory runs out at every place, reads come short or fail: never more than a
 * status. */
#include <zlib.h>

#include <kmeta.h>

#include "failing.h"
#include "files.h"
#include "values.h"

TestSuite(failing, .init = scratch_begin, .fini = scratch_end, .timeout = 120);

/* ---- what is done in it ---- */

/* A directory with all that a reader may meet: kinds of records, codecs, damage, two segments. */
static void put_values(struct made *m, int64_t *offset, unsigned codec)
{
	struct made records = { 0 };
	struct batch_plan plan = { .base_offset = *offset };

	for (int32_t type = 0; type < 32; type++) {
		const struct kmeta_schema *schema = kmeta_schema_find(false, type, 0);
		struct value *v;
		struct made value = { 0 };

		if (!schema || is_early(schema))
			continue;
		v = value_new(schema, STYLE_HIGHEST, (uint32_t)type);
		v->unknown = schema->flexible;
		value_write(v, &value);
		put_record(&records, &(struct record_plan){ .value = made_bytes(&value),
		                                            .headers = BYTES("\x02\x02h\x02v"),
		                                            .offset_delta = plan.count++ });
		made_release(&value);
		free(v);
	}
	*offset += plan.count;
	if (codec == KMETA_GZIP) {
		uLong size = compressBound(records.size) + 100;
		uint8_t *packed = malloc(size);
		z_stream z = { .next_in = records.at,
			       .avail_in = (uInt)records.size,
			       .next_out = packed };

		z.avail_out = (uInt)size;
		deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
		deflate(&z, Z_FINISH);
		records.size = 0;
		put(&records, packed, z.total_out);
		deflateEnd(&z);
		free(packed);
		plan.attributes = KMETA_GZIP;
	}
	plan.records = made_bytes(&records);
	put_batch(m, &plan);
	made_release(&records);
}

static void write_world(void)
{
	struct made m = { 0 };
	int64_t offset = 0;
	char name[64];

	cr_assert_eq(mkdir("d", 0755), 0);
	put_values(&m, &offset, KMETA_NONE);
	put_values(&m, &offset, KMETA_GZIP);
	write_file("d/" FIRST, made_bytes(&m));
	m.size = 0;
	snprintf(name, sizeof(name), "d/%020lld.log", (long long)offset);
	put_topic_batch(&m, offset, 70);
	put_topic_batch(&m, offset + 70, 3);
	m.at[m.size - 30] ^= 1;
	put_topic_batch(&m, offset + 73, 3);
	write_file(name, made_bytes(&m));
	made_release(&m);
}

struct reader {
	struct kmeta_source *source;
	struct kmeta_topics *topics;
	struct kmeta_filter *filter;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_buffer out;
	struct kmeta_text *text;
	long records;
	enum kmeta_code wrong; /* what ended the work and is no lack of memory; asserts allocate */
};

/* Memory ran out, or so it should be. */
static bool give_up(struct reader *r, const struct kmeta_finding *why)
{
	if (why->code != KMETA_OUT_OF_MEMORY)
		r->wrong = why->code;
	return false;
}

/* A record in all three forms. False: memory ran out. */
static bool print(struct reader *r, const struct kmeta_batch *batch,
                  const struct kmeta_record *record)
{
	struct kmeta_finding why = { 0 };
	struct kmeta_line line = { .batch = batch, .record = record, .topics = r->topics };

	switch (kmeta_decode(&r->dialect, record, &r->fields, &why)) {
	case KMETA_OK:
		line.fields = &r->fields;
		break;
	case KMETA_FAILED:
		return give_up(r, &why);
	default:
		line.error = &why;
	}
	if (line.fields && !kmeta_topics_learn(r->topics, record, &r->fields))
		return false;
	r->records++;
	kmeta_json(&r->out, &line, KMETA_SHOW_BATCH);
	kmeta_text(&r->out, r->text, &line, KMETA_SHOW_UTC);
	kmeta_dumplog_record(&r->out, &line, KMETA_SHOW_SECRETS);
	return !r->out.failed;
}

/* All records of the world. False: memory ran out, and that was said. */
static bool read_all(struct reader *r)
{
	for (;;) {
		struct kmeta_batch batch;
		struct kmeta_cursor cursor = { 0 };
		struct kmeta_finding why = { 0 };
		struct kmeta_record record;
		const enum kmeta_status status = kmeta_source_next(r->source, &batch, &why);

		if (status == KMETA_END)
			return true;
		if (status == KMETA_FAILED ||
		    (status == KMETA_DAMAGED && why.code != KMETA_CRC_MISMATCH))
			return give_up(r, &why);
		kmeta_dumplog_file(&r->out, batch.file);
		kmeta_dumplog_batch(&r->out, &batch);
		kmeta_text_batch(&r->out, &batch, 0);
		while (kmeta_batch_next(&batch, &cursor, &record, &why) == KMETA_OK)
			if (!print(r, &batch, &record))
				return false;
	}
}

static bool set_up(struct reader *r, bool reverse, bool follow)
{
	struct kmeta_source_options options = { .size = sizeof(options),
		                                .reverse = reverse,
		                                .follow = follow };
	struct kmeta_finding why = { 0 };

	if (!kmeta_dialect_init(&r->dialect, NULL))
		return false;
	r->topics = kmeta_topics_new();
	r->filter = kmeta_filter_new();
	r->text = kmeta_text_new();
	if (!r->topics || !r->filter || !r->text)
		return false;
	if (kmeta_filter_add(r->filter, "topic", "a,b", (struct kmeta_clock){ 0 }, &why) !=
	            KMETA_OK ||
	    kmeta_filter_add(r->filter, "offset", "..5,7..", (struct kmeta_clock){ 0 }, &why) !=
	            KMETA_OK ||
	    kmeta_filter_add(r->filter, "type", "topic,9999", (struct kmeta_clock){ 0 }, &why) !=
	            KMETA_OK ||
	    kmeta_source_open(&r->source, "d", &options, &why) != KMETA_OK)
		return give_up(r, &why);
	return true;
}

/* Opens, reads and prints everything, and frees it; how many records that were. -1: no memory; -2:
 * another fault. */
static long read_world(bool reverse, bool follow)
{
	struct reader r = { 0 };
	struct kmeta_finding why;
	char *path = NULL;
	int64_t end;
	bool done = set_up(&r, reverse, follow) && read_all(&r);

	if (done && kmeta_newest_checkpoint("d", 100, &path, &end, &why) == KMETA_FAILED)
		done = false;
	free(path);
	kmeta_source_close(r.source);
	kmeta_topics_free(r.topics);
	kmeta_filter_free(r.filter);
	kmeta_text_free(r.text);
	kmeta_fields_release(&r.fields);
	kmeta_buffer_release(&r.out);
	return done ? r.records : r.wrong ? -2 : -1;
}

/* ---- memory ---- */

static const struct {
	bool reverse, follow, once;
} ways[] = {
	{ .once = false },   { .once = true },
	{ .reverse = true }, { .reverse = true, .once = true },
	{ .follow = true },
};

/* The n-th allocation fails, alone or with all after it, for every n until it all works. */
ROWS(failing, memory, ways)
ParameterizedTest(const size_t *row, failing, memory, .timeout = 120)
{
	const bool reverse = ways[*row].reverse, follow = ways[*row].follow;
	long wanted, n = 0, records, files;

	write_world();
	fails_once = ways[*row].once;
	wanted = read_world(reverse, follow);
	cr_assert_geq(wanted, 76 + 2 * 24);
	files = open_files();
	do {
		counting = true;
		alive = 0;
		memory_failed = false;
		allocations_left = n++;
		records = read_world(reverse, follow);
		allocations_left = -1;
		counting = false;
		cr_assert_eq(alive, 0, "%ld blocks are left after allocation %ld failed", alive, n);
		cr_assert(records == wanted || (records == -1 && memory_failed),
		          "%ld records at %ld", records, n);
	} while (memory_failed);
	cr_assert_eq(records, wanted);
	cr_expect_gt(n, 40);
	cr_expect_eq(open_files(), files);
}

/* Opens, copies, looks at and reads all pages; how many rows there are, -1: no memory, -2: another
 * fault. */
static long read_pages(const char *address)
{
	struct kmeta_pages *pages = NULL, *copy = NULL;
	struct kmeta_page page = { 0 };
	struct kmeta_finding why = { 0 };
	enum kmeta_status status = kmeta_pages_open(&pages, address, &why);
	long rows = 0;

	if (status == KMETA_OK) {
		status = KMETA_FAILED;
		why.code = KMETA_OUT_OF_MEMORY;
		copy = kmeta_pages_copy(pages);
	}
	if (copy)
		status = kmeta_pages_refresh(pages, &why) == KMETA_END ? KMETA_OK : KMETA_FAILED;
	for (size_t file = 0; status == KMETA_OK; file++) {
		status = kmeta_pages_read(copy, file, 0, INT64_MAX, &page, &why);
		rows += (long)page.rows_count;
		/* What could not be read for that shows as damage. */
		for (size_t i = 0; i < page.damage_count && status == KMETA_OK; i++)
			if (page.damage[i].finding.code != KMETA_CRC_MISMATCH) {
				why = page.damage[i].finding;
				status = KMETA_FAILED;
			}
	}
	kmeta_page_release(&page);
	kmeta_pages_close(copy);
	kmeta_pages_close(pages);
	if (status == KMETA_END)
		return rows;
	return why.code == KMETA_OUT_OF_MEMORY || why.code == KMETA_FILE_CHANGED ? -1 : -2;
}

static const char *const paged[] = { "d", "d/" FIRST ".gz" };

/* A directory, and a file that is copied; the n-th allocation fails. */
ROWS(failing, memory_for_pages, paged)
ParameterizedTest(const size_t *row, failing, memory_for_pages, .timeout = 120)
{
	long wanted, n = 0, rows, files;
	struct made m = { 0 };

	write_world();
	if (*row) {
		gzFile file = gzopen(paged[1], "wb");

		put_run(&m, 0, 20);
		gzwrite(file, m.at, (unsigned)m.size);
		gzclose(file);
		made_release(&m);
	}
	wanted = read_pages(paged[*row]);
	cr_assert_geq(wanted, 60);
	files = open_files();
	do {
		counting = true;
		alive = 0;
		memory_failed = false;
		allocations_left = n++;
		rows = read_pages(paged[*row]);
		allocations_left = -1;
		counting = false;
		cr_assert_eq(alive, 0, "%ld blocks are left after allocation %ld failed", alive, n);
		cr_assert(rows == wanted || (rows == -1 && memory_failed), "%ld rows at %ld", rows,
		          n);
	} while (memory_failed);
	cr_assert_eq(rows, wanted);
	cr_expect_gt(n, 15);
	cr_expect_eq(open_files(), files);
}

/* ---- reads ---- */

static const size_t pieces[] = { 1, 2, 60, 61, 1000 };

/* However little a read gives, and however often it is interrupted, all is read. */
ROWS(failing, short_reads, pieces)
ParameterizedTest(const size_t *row, failing, short_reads, .timeout = 60)
{
	const long wanted = (write_world(), read_world(false, false));

	read_at_most = pieces[*row];
	interrupts = 10;
	cr_expect_eq(read_world(false, false), wanted);
	cr_expect_eq(interrupts, 0);
}

/* A disk that cannot be read from some byte on: what comes before is given, then it is said. */
Test(failing, bad_disk)
{
	struct made m = { 0 };

	put_run(&m, 0, 4);
	write_file("file", made_bytes(&m));
	for (int64_t at = 0; at < (int64_t)m.size; at += 7) {
		struct story s;
		char wanted[100] = "";

		reads_fail_at = at;
		s = story_of("file", NULL);
		reads_fail_at = -1;
		for (int64_t batch = 0; batch < at / NOOPS_SIZE; batch++)
			snprintf(wanted + strlen(wanted), sizeof(wanted) - strlen(wanted),
			         "%lld..%lld ", (long long)batch * NOOPS,
			         (long long)batch * NOOPS + 2);
		snprintf(wanted + strlen(wanted), sizeof(wanted) - strlen(wanted),
		         "!cannot-read@%lld ", (long long)at);
		cr_assert_str_eq(s.text, wanted, "%lld:\n  %s\n  %s", (long long)at, s.text,
		                 wanted);
	}
	made_release(&m);
}

/* Pages show it in its place, once. */
Test(failing, bad_disk_in_pages)
{
	struct made m = { 0 };
	struct kmeta_pages *pages;
	struct kmeta_page page = { 0 };
	struct kmeta_finding why;

	put_run(&m, 0, 4);
	write_file("file", made_bytes(&m));
	cr_assert_eq(kmeta_pages_open(&pages, "file", &why), KMETA_OK);
	reads_fail_at = NOOPS_SIZE;
	cr_assert_eq(kmeta_pages_read(pages, 0, 0, INT64_MAX, &page, &why), KMETA_OK);
	reads_fail_at = -1;
	cr_expect_eq(page.end, INT64_MAX);
	cr_assert_eq(page.rows_count, NOOPS + 1);
	cr_expect_eq(page.rows[NOOPS].place.position, NOOPS_SIZE);
	cr_assert_eq(page.damage_count, 1);
	cr_expect_eq(page.damage[0].finding.code, KMETA_CANNOT_READ);
	kmeta_page_release(&page);
	kmeta_pages_close(pages);
	made_release(&m);
}

/* A file that is cut while it is read, as no map of it could survive. */
Test(failing, file_shrinks)
{
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	struct story s = { 0 };
	struct made m = { 0 };

	put_run(&m, 0, 20000);
	write_file("file", made_bytes(&m));
	made_release(&m);
	cr_assert_eq(kmeta_source_open(&source, "file", NULL, &why), KMETA_OK);
	cr_assert_eq(kmeta_source_next(source, &batch, &why), KMETA_OK);
	cr_assert_eq(truncate("file", 10), 0);
	while (kmeta_source_next(source, &batch, &why) == KMETA_OK)
		s.size++;
	cr_expect_lt(s.size, 19999);
	kmeta_source_close(source);
}
