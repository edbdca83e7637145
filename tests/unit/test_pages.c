/* SPDX-License-Identifier: Apache-2.0 */
/* test_pages.c: the rows of pages are those that a source gives, wherever pages begin and end. */
#include <zlib.h>

#include <kmeta.h>

#include "files.h"

TestSuite(pages, .init = scratch_begin, .fini = scratch_end, .timeout = 300);

/* ---- rows, as a source has them and as pages do ---- */

struct seen {
	size_t file;
	int64_t position, offset;
	int32_t index;
	int code;        /* of damage; -1: a record */
	uint64_t digest; /* of all else that it says */
};

struct seen_list {
	struct seen *at;
	size_t count, capacity;
};

static void see(struct seen_list *list, const struct seen *seen)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 256;
		list->at = realloc(list->at, list->capacity * sizeof(*list->at));
		cr_assert(list->at);
	}
	list->at[list->count++] = *seen;
}

static void seen_release(struct seen_list *list)
{
	free(list->at);
	*list = (struct seen_list){ 0 };
}

static uint64_t mix(uint64_t digest, const void *at, size_t size)
{
	const uint8_t *bytes = at;

	for (size_t i = 0; i < size; i++)
		digest = (digest ^ bytes[i]) * UINT64_C(1099511628211);
	return digest ^ size;
}

static void see_record(struct seen_list *list, size_t file, const struct kmeta_batch *batch,
                       const struct kmeta_record *record, int32_t index)
{
	struct seen seen = { file, batch->position, record->offset, index, -1, 0 };

	seen.digest = mix(0, &record->timestamp, sizeof(record->timestamp));
	seen.digest = mix(seen.digest, &record->type, sizeof(record->type));
	seen.digest = mix(seen.digest, &record->version, sizeof(record->version));
	seen.digest = mix(seen.digest, &record->value_position, sizeof(record->value_position));
	seen.digest = mix(seen.digest, record->key.data, record->key.size);
	seen.digest = mix(seen.digest, record->value.data, record->value.size);
	seen.digest = mix(seen.digest, record->headers.data, record->headers.size);
	seen.digest = mix(seen.digest, &batch->epoch, sizeof(batch->epoch));
	seen.digest = mix(seen.digest, &batch->valid, sizeof(batch->valid));
	see(list, &seen);
}

static void see_damage(struct seen_list *list, size_t file, int64_t position,
                       const struct kmeta_finding *why, int32_t index)
{
	struct seen seen = { file, position, why->offset, index, (int)why->code, 0 };

	seen.digest = mix(0, why->message, strlen(why->message));
	seen.digest = mix(seen.digest, &why->position, sizeof(why->position));
	see(list, &seen);
}

static size_t number_of(const struct kmeta_pages *pages, const char *name)
{
	size_t number = 0;

	while (kmeta_pages_file(pages, number).name &&
	       strcmp(kmeta_pages_file(pages, number).name, name) != 0)
		number++;
	cr_assert(kmeta_pages_file(pages, number).name, "%s is none of the files", name);
	return number;
}

static void see_batch(struct seen_list *list, size_t file, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };

	for (int32_t index = 0;;) {
		struct kmeta_record record;
		struct kmeta_finding why;
		const enum kmeta_status status = kmeta_batch_next(batch, &cursor, &record, &why);

		if (status == KMETA_END)
			return;
		/* What is wrong with a batch as a whole was said before its records. */
		if (status != KMETA_OK && batch->valid)
			see_damage(list, file, batch->position, &why, index++);
		if (status != KMETA_OK && why.code != KMETA_BAD_OFFSET)
			continue;
		see_record(list, file, batch, &record, index++);
	}
}

static struct seen_list read_source(const char *address, const struct kmeta_pages *pages)
{
	struct seen_list list = { 0 };
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	enum kmeta_status status;

	cr_assert_eq(kmeta_source_open(&source, address, NULL, &why), KMETA_OK, "%s", address);
	while ((status = kmeta_source_next(source, &batch, &why)) != KMETA_END) {
		const char *name = status == KMETA_OK ? batch.file : why.file;
		const size_t file = number_of(pages, name);

		if (status != KMETA_OK)
			see_damage(&list, file, why.position, &why, -1);
		if (status == KMETA_FAILED)
			break;
		if (batch.size > 0)
			see_batch(&list, file, &batch);
	}
	kmeta_source_close(source);
	return list;
}

static void see_page(struct seen_list *list, const struct kmeta_page *page)
{
	for (size_t i = 0; i < page->rows_count; i++) {
		const struct kmeta_row *row = &page->rows[i];

		cr_assert_eq(row->place.file, page->file);
		if (row->damage >= 0) {
			cr_assert_lt((size_t)row->damage, page->damage_count);
			see_damage(list, page->file, row->place.position,
			           &page->damage[row->damage].finding, row->place.index);
		} else {
			cr_assert_lt(row->batch, page->batches_count);
			cr_assert_eq(row->place.position, page->batches[row->batch].position);
			see_record(list, page->file, &page->batches[row->batch], &row->record,
			           row->place.index);
		}
	}
}

/* Asked for up to where it ends it is the same: what begins there is no part of it. */
static void expect_same_page(struct kmeta_pages *pages, const struct kmeta_page *page)
{
	struct kmeta_page again = { 0 };
	struct kmeta_finding why;

	cr_assert_eq(kmeta_pages_read(pages, page->file, page->begin, page->end, &again, &why),
	             KMETA_OK);
	cr_expect_eq(again.end, page->end);
	cr_expect_eq(again.rows_count, page->rows_count);
	kmeta_page_release(&again);
}

/* From a position to the end of its file, in pages of so many bytes, one joined to the other. */
static void read_file_from(struct seen_list *list, struct kmeta_pages *pages, size_t file,
                           int64_t position, int64_t step)
{
	struct kmeta_page page = { 0 };
	struct kmeta_finding why;

	while (position != INT64_MAX) {
		cr_assert_eq(kmeta_pages_read(pages, file, position, position + step, &page, &why),
		             KMETA_OK, "%s", why.message);
		cr_assert_eq(page.begin, position);
		cr_assert_gt(page.end, page.begin);
		see_page(list, &page);
		if (page.end != INT64_MAX)
			expect_same_page(pages, &page);
		position = page.end;
	}
	kmeta_page_release(&page);
}

static struct seen_list read_pages(struct kmeta_pages *pages, int64_t step)
{
	struct seen_list list = { 0 };

	for (size_t file = 0; kmeta_pages_file(pages, file).name; file++)
		read_file_from(&list, pages, file, 0, step);
	return list;
}

static bool is_same(const struct seen *a, const struct seen *b)
{
	return a->file == b->file && a->position == b->position && a->offset == b->offset &&
	       a->index == b->index && a->code == b->code && a->digest == b->digest;
}

static void expect_same(const struct seen_list *have, const struct seen_list *wanted,
                        const char *what)
{
	cr_expect_eq(have->count, wanted->count, "%s: %zu rows, not %zu", what, have->count,
	             wanted->count);
	for (size_t i = 0; i < have->count && i < wanted->count; i++)
		if (!is_same(&have->at[i], &wanted->at[i])) {
			cr_expect(false, "%s: row %zu is at %lld, offset %lld, not at %lld, %lld",
			          what, i, (long long)have->at[i].position,
			          (long long)have->at[i].offset, (long long)wanted->at[i].position,
			          (long long)wanted->at[i].offset);
			return;
		}
}

static struct kmeta_pages *open_pages(const char *address)
{
	struct kmeta_pages *pages;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_pages_open(&pages, address, &why), KMETA_OK, "%s: %s", address,
	             why.message);
	return pages;
}

/* ---- every log that there is ---- */

static char *addresses[4096];
static size_t addresses_count;

static int gather(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *dot = strrchr(path, '.');
	char directory[600];

	(void)st;
	if (type != FTW_F || !dot || (strcmp(dot, ".log") != 0 && strcmp(dot, ".checkpoint") != 0))
		return 0;
	cr_assert_lt(addresses_count + 1, COUNT(addresses));
	addresses[addresses_count++] = strdup(path);
	/* Its directory too, once. */
	snprintf(directory, sizeof(directory), "%.*s", at->base - 1, path);
	for (size_t i = 0; i < addresses_count; i++)
		if (!strcmp(addresses[i], directory))
			return 0;
	if (!strcmp(dot, ".log"))
		addresses[addresses_count++] = strdup(directory);
	return 0;
}

static void gather_all(void)
{
	static const char *const folders[] = { "real", "faults", "faults-dir", "generated" };
	const char *testdata = getenv("TESTDATA");
	char path[600];

	for (size_t i = 0; i < COUNT(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", testdata, folders[i]);
		cr_assert_eq(nftw(path, gather, 16, FTW_PHYS), 0, "%s", path);
	}
	cr_assert_gt(addresses_count, 250);
}

static void free_addresses(void)
{
	while (addresses_count)
		free(addresses[--addresses_count]);
}

/* Pages of one batch each, of a few, and of all: joined they are the file, once. */
Test(pages, rows_are_those_of_a_source)
{
	static const int64_t steps[] = { 1, 1000, 1 << 20 };

	gather_all();
	for (size_t i = 0; i < addresses_count; i++) {
		struct kmeta_pages *pages = open_pages(addresses[i]);
		struct seen_list wanted = read_source(addresses[i], pages);

		for (size_t j = 0; j < COUNT(steps); j++) {
			struct seen_list have = read_pages(pages, steps[j]);

			expect_same(&have, &wanted, addresses[i]);
			seen_release(&have);
		}
		seen_release(&wanted);
		kmeta_pages_close(pages);
	}
	free_addresses();
}

/* The number of the first row at a position; count: there is none. */
static size_t row_at(const struct seen_list *list, size_t file, int64_t position)
{
	size_t i = 0;

	while (i < list->count && (list->at[i].file != file || list->at[i].position != position ||
	                           list->at[i].index > 0))
		i++;
	return i;
}

static void expect_rest(struct kmeta_pages *pages, const struct seen_list *all, int64_t position,
                        const char *what)
{
	struct seen_list rest = { 0 }, wanted = { 0 };
	const size_t from = row_at(all, 0, position);

	read_file_from(&rest, pages, 0, position, 1 << 20);
	cr_assert_lt(from, all->count, "%s: no row is at %lld", what, (long long)position);
	wanted.at = all->at + from;
	while (from + wanted.count < all->count && wanted.at[wanted.count].file == 0)
		wanted.count++;
	expect_same(&rest, &wanted, what);
	seen_release(&rest);
}

/* What is found from a position on is the next batch that is sound, from which on all is the same.
 */
Test(pages, found_batches_are_of_the_sequence)
{
	size_t found = 0;

	gather_all();
	for (size_t i = 0; i < addresses_count; i++) {
		struct kmeta_pages *pages = open_pages(addresses[i]);
		struct seen_list all = read_pages(pages, 1 << 20);
		const int64_t size = kmeta_pages_file(pages, 0).size;

		/* A file begins at its start, whatever is there. */
		cr_expect_eq(kmeta_pages_find(pages, 0, 0, size), 0);
		for (int64_t at = 1; at < size; at += 1 + size / 37) {
			const int64_t to = kmeta_pages_find(pages, 0, at, size);

			cr_assert(to >= at && to <= size, "%s", addresses[i]);
			if (to == size)
				continue;
			found++;
			expect_rest(pages, &all, to, addresses[i]);
			cr_expect_eq(kmeta_pages_find(pages, 0, at, to), to, "%s", addresses[i]);
			cr_expect_eq(kmeta_pages_find(pages, 0, to, size), to, "%s", addresses[i]);
		}
		seen_release(&all);
		kmeta_pages_close(pages);
	}
	cr_expect_gt(found, 1000);
	free_addresses();
}

/* ---- what cannot be gone back in, and is copied ---- */

static void write_gzip(const char *path, struct kmeta_bytes bytes)
{
	gzFile file = gzopen(path, "wb");

	cr_assert(file);
	cr_assert_eq(gzwrite(file, bytes.data, (unsigned)bytes.size), (int)bytes.size);
	cr_assert_eq(gzclose(file), Z_OK);
}

/* A file's bytes, to be freed. */
static struct made read_whole(const char *path)
{
	struct made m = { 0 };
	uint8_t bytes[4096];
	ssize_t n;
	const int fd = open(path, O_RDONLY);

	cr_assert(fd >= 0, "%s", path);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		put(&m, bytes, (size_t)n);
	close(fd);
	return m;
}

static struct made a_real_log(void)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/real/kraft-4.3-full/node-1/__cluster_metadata-0/%s",
	         getenv("TESTDATA"), "00000000000000000310.log");
	return read_whole(path);
}

static int files_in(const char *path)
{
	DIR *dir = opendir(path);
	int count = -2; /* . and .. */

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

Test(pages, compressed_files_and_standard_input)
{
	struct made m = a_real_log();
	struct seen_list wanted, have;
	struct kmeta_pages *pages;
	const int files = open_files();

	cr_assert_eq(mkdir("temporary", 0755), 0);
	setenv("TMPDIR", "temporary", 1);
	write_file("plain.log", made_bytes(&m));
	write_gzip("packed.log.gz", made_bytes(&m));
	pages = open_pages("plain.log");
	wanted = read_pages(pages, 1 << 20);
	cr_expect_str_eq(kmeta_pages_file(pages, 0).path, "plain.log");
	kmeta_pages_close(pages);
	cr_assert_gt(wanted.count, 400);

	pages = open_pages("packed.log.gz");
	cr_expect_str_eq(kmeta_pages_file(pages, 0).name, "packed.log.gz");
	cr_expect_eq(kmeta_pages_file(pages, 0).size, (int64_t)m.size);
	have = read_pages(pages, 1000);
	expect_same(&have, &wanted, "gzip");
	seen_release(&have);
	/* Nobody else can see the copy, and it is gone with the last who had it. */
	cr_expect_eq(files_in("temporary"), 0);
	kmeta_pages_close(pages);

	cr_assert(freopen("packed.log.gz", "r", stdin));
	pages = open_pages("-");
	have = read_pages(pages, 1000);
	expect_same(&have, &wanted, "standard input");
	seen_release(&have);
	kmeta_pages_close(pages);
	cr_expect_eq(open_files(), files);
	seen_release(&wanted);
	made_release(&m);
}

/* Cut anywhere it has the rows that a source gives of it: what it ends with is no end. */
Test(pages, compressed_file_that_is_cut)
{
	struct made m = a_real_log(), packed;

	write_gzip("whole", made_bytes(&m));
	packed = read_whole("whole");
	for (size_t size = 20; size < packed.size; size += 331) {
		struct kmeta_pages *pages;
		struct seen_list wanted, have;
		char what[40];

		write_file("cut.gz", (struct kmeta_bytes){ packed.at, size });
		snprintf(what, sizeof(what), "cut to %zu bytes", size);
		pages = open_pages("cut.gz");
		wanted = read_source("cut.gz", pages);
		cr_assert_gt(wanted.count, 0);
		cr_expect_eq(wanted.at[wanted.count - 1].code, KMETA_BAD_PAYLOAD, "%s", what);
		have = read_pages(pages, 1);
		expect_same(&have, &wanted, what);
		seen_release(&have);
		have = read_pages(pages, 1 << 20);
		expect_same(&have, &wanted, what);
		seen_release(&have);
		seen_release(&wanted);
		kmeta_pages_close(pages);
	}
	made_release(&packed);
	made_release(&m);
}

static void expect_failure(const char *address, enum kmeta_code code, const char *message)
{
	struct kmeta_pages *pages = NULL;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_pages_open(&pages, address, &why), KMETA_FAILED, "%s", address);
	cr_expect_eq(why.code, code, "%s: %s", address, why.message);
	cr_expect_null(why.file);
	cr_expect(strstr(why.message, message), "%s: %s", address, why.message);
}

Test(pages, what_cannot_be_opened)
{
	const int files = open_files();
	struct made m = { 0 };

	expect_failure("nowhere", KMETA_CANNOT_READ, "No such file");
	cr_assert_eq(mkdir("empty", 0755), 0);
	expect_failure("empty", KMETA_NOT_A_LOG, "");
	put_run(&m, 0, 2);
	write_gzip("some.gz", made_bytes(&m));
	setenv("TMPDIR", "nowhere", 1);
	expect_failure("some.gz", KMETA_CANNOT_READ, "temporary");
	cr_assert_eq(mkdir("d", 0755), 0);
	write_gzip("d/" FIRST ".gz", made_bytes(&m));
	/* Of a directory it is said of which file. */
	expect_failure("d", KMETA_CANNOT_READ, FIRST ".gz: cannot make a temporary file");
	cr_expect_eq(open_files(), files);
	made_release(&m);
}

/* ---- copies and bytes ---- */

Test(pages, copy_reads_the_same_files)
{
	struct made m = a_real_log();
	struct kmeta_pages *pages, *copy;
	struct kmeta_finding why;
	struct seen_list wanted, have;
	const int files = open_files();

	write_gzip("packed.gz", made_bytes(&m));
	pages = open_pages("packed.gz");
	copy = kmeta_pages_copy(pages);
	cr_assert(copy);
	wanted = read_pages(pages, 1 << 20);
	have = read_pages(copy, 1000);
	expect_same(&have, &wanted, "the copy");
	seen_release(&have);
	/* What the copy closes is its own. */
	kmeta_pages_close(copy);
	cr_assert_eq(kmeta_pages_refresh(pages, &why), KMETA_END);
	have = read_pages(pages, 1000);
	expect_same(&have, &wanted, "the original");
	seen_release(&have);
	seen_release(&wanted);
	kmeta_pages_close(pages);
	cr_expect_eq(open_files(), files);
	made_release(&m);
}

Test(pages, bytes_as_they_are)
{
	struct made m = a_real_log();
	struct kmeta_pages *pages;
	uint8_t bytes[100];

	write_gzip("packed.gz", made_bytes(&m));
	pages = open_pages("packed.gz");
	for (size_t at = 0; at + sizeof(bytes) <= m.size; at += 977) {
		cr_assert_eq(kmeta_pages_bytes(pages, 0, (int64_t)at, bytes, sizeof(bytes)),
		             sizeof(bytes));
		cr_assert_arr_eq(bytes, m.at + at, sizeof(bytes));
	}
	/* Fewer at the end, none behind it, and none of a file that there is not. */
	cr_expect_eq(kmeta_pages_bytes(pages, 0, (int64_t)m.size - 7, bytes, sizeof(bytes)), 7);
	cr_expect_arr_eq(bytes, m.at + m.size - 7, 7);
	cr_expect_eq(kmeta_pages_bytes(pages, 0, (int64_t)m.size, bytes, sizeof(bytes)), 0);
	cr_expect_eq(kmeta_pages_bytes(pages, 1, 0, bytes, sizeof(bytes)), 0);
	kmeta_pages_close(pages);
	made_release(&m);
}

/* A page owns what its rows point to, and is read into again and again. */
Test(pages, page_outlives_the_files)
{
	struct made m = a_real_log();
	struct kmeta_pages *pages;
	struct kmeta_page page = { 0 };
	struct kmeta_finding why;
	struct seen_list wanted = { 0 }, have = { 0 };

	write_file("a.log", made_bytes(&m));
	pages = open_pages("a.log");
	cr_assert_eq(kmeta_pages_read(pages, 0, 0, INT64_MAX, &page, &why), KMETA_OK);
	see_page(&wanted, &page);
	cr_assert_eq(kmeta_pages_read(pages, 0, 0, 1, &page, &why), KMETA_OK);
	cr_expect_eq(page.batches_count, 1);
	cr_expect_eq(page.end, page.batches[0].size);
	cr_assert_eq(kmeta_pages_read(pages, 1, 0, INT64_MAX, &page, &why), KMETA_END);
	cr_expect_eq(page.rows_count, 0);
	cr_assert_eq(kmeta_pages_read(pages, 0, 0, INT64_MAX, &page, &why), KMETA_OK);
	kmeta_pages_bytes(pages, 0, 0, &(uint8_t){ 0 }, 1);
	write_file("a.log", BYTES(""));
	see_page(&have, &page);
	expect_same(&have, &wanted, "read again");
	kmeta_pages_close(pages);
	kmeta_page_release(&page);
	cr_expect_null(page.rows);
	seen_release(&wanted);
	seen_release(&have);
	made_release(&m);
}
