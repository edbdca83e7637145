/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_pages.c: takes its input for a segment and reads it in pages. One behind the other they must
 * hold the rows that the file has from its start to its end, in order; and from wherever else they
 * may be read.
 */
#include <kmeta.h>

#include "input.h"

enum { STEP = 300 };

/* Records as a source gives them. */
static size_t count_records(const char *path)
{
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	enum kmeta_status status;
	size_t count = 0;

	CHECK(kmeta_source_open(&source, path, NULL, &why) == KMETA_OK);
	while ((status = kmeta_source_next(source, &batch, &why)) == KMETA_OK ||
	       status == KMETA_DAMAGED) {
		struct kmeta_cursor cursor = { 0 };
		struct kmeta_record record;

		if (!batch.size)
			continue;
		while ((status = kmeta_batch_next(&batch, &cursor, &record, &why)) != KMETA_END)
			count += status == KMETA_OK || why.code == KMETA_BAD_OFFSET;
	}
	kmeta_source_close(source);
	return count;
}

static bool is_behind(struct kmeta_place a, struct kmeta_place b)
{
	return a.position != b.position ? a.position > b.position : a.index > b.index;
}

/* Returns how many rows of a page are records. */
static size_t check_page(const struct kmeta_page *page, struct kmeta_place *last)
{
	size_t records = 0;

	CHECK(page->end > page->begin);
	for (size_t i = 0; i < page->rows_count; i++) {
		const struct kmeta_row *row = &page->rows[i];

		CHECK(is_behind(row->place, *last));
		CHECK(row->place.position >= page->begin && row->place.position < page->end);
		CHECK(row->damage < (int32_t)page->damage_count);
		CHECK(row->batch < page->batches_count || row->damage >= 0);
		records += row->damage < 0;
		*last = row->place;
	}
	return records;
}

static void read_pages(const uint8_t *data, size_t size)
{
	struct kmeta_place last = { .position = -1 };
	struct kmeta_page page = { 0 };
	struct kmeta_pages *pages;
	struct kmeta_finding why;
	size_t records = 0;
	int64_t at = 0;
	char path[32];
	const int fd = file_of(data, size, path);

	if (kmeta_pages_open(&pages, path, &why) != KMETA_OK) {
		close(fd);
		return;
	}
	while (at < kmeta_pages_file(pages, 0).size) {
		CHECK(kmeta_pages_read(pages, 0, at, at + STEP, &page, &why) == KMETA_OK);
		records += check_page(&page, &last);
		at = page.end;
	}
	CHECK(records == count_records(kmeta_pages_file(pages, 0).path));
	for (at = 0; at < kmeta_pages_file(pages, 0).size; at += STEP) {
		const int64_t found = kmeta_pages_find(pages, 0, at, at + STEP);

		CHECK(found >= at && found <= at + STEP);
		last.position = -1;
		CHECK(kmeta_pages_read(pages, 0, found, found + STEP, &page, &why) == KMETA_OK);
		check_page(&page, &last);
	}
	kmeta_page_release(&page);
	kmeta_pages_close(pages);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_it_is_and_sealed(data, size, read_pages);
	return 0;
}
