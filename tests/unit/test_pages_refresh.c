/* SPDX-License-Identifier: Apache-2.0 */
/* test_pages_refresh.c: files that grow, are cut, replaced or removed under who reads their pages.
 */
#include <kmeta.h>

#include "files.h"

TestSuite(pages_refresh, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

/* All rows of all files: offsets, and damage by its name. */
static struct story rows_of(struct kmeta_pages *pages)
{
	struct story s = { 0 };
	struct kmeta_page page = { 0 };
	struct kmeta_finding why;
	enum kmeta_status status;

	for (size_t file = 0;
	     (status = kmeta_pages_read(pages, file, 0, INT64_MAX, &page, &why)) != KMETA_END;
	     file++) {
		if (status != KMETA_OK) {
			tell_finding(&s, &why);
			continue;
		}
		for (size_t i = 0; i < page.batches_count; i++)
			tell_batch(&s, &page.batches[i]);
		for (size_t i = 0; i < page.damage_count; i++)
			tell_finding(&s, &page.damage[i].finding);
	}
	kmeta_page_release(&page);
	return s;
}

static void expect_rows(struct kmeta_pages *pages, const char *wanted)
{
	const struct story s = rows_of(pages);

	cr_expect_str_eq(s.text, wanted, "\n  %s\n  %s", s.text, wanted);
}

static struct kmeta_pages *open_pages(const char *address)
{
	struct kmeta_pages *pages;
	struct kmeta_finding why;

	cr_assert_eq(kmeta_pages_open(&pages, address, &why), KMETA_OK, "%s", why.message);
	return pages;
}

static void expect_status(struct kmeta_pages *pages, enum kmeta_status wanted)
{
	struct kmeta_finding why = { 0 };

	cr_expect_eq(kmeta_pages_refresh(pages, &why), wanted, "%s", why.message);
}

/* It is said once; what is said last names the file that it is about, if there is one. */
static void expect_changed(struct kmeta_pages *pages, const char *file, const char *message)
{
	struct kmeta_finding why = { 0 };

	cr_assert_eq(kmeta_pages_refresh(pages, &why), KMETA_DAMAGED);
	cr_expect_eq(why.code, KMETA_FILE_CHANGED);
	cr_expect(strstr(why.message, message), "%s", why.message);
	if (file)
		cr_expect_str_eq(why.file, file);
}

static struct kmeta_pages *a_directory(void)
{
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	append_run("d/" SECOND, 9, 1);
	return open_pages("d");
}

Test(pages_refresh, nothing_new)
{
	struct kmeta_pages *pages = a_directory();

	expect_status(pages, KMETA_END);
	expect_rows(pages, "0..2 3..5 6..8 9..11 ");
	expect_status(pages, KMETA_END);
	kmeta_pages_close(pages);
}

Test(pages_refresh, growth)
{
	struct kmeta_pages *pages = a_directory();

	expect_rows(pages, "0..2 3..5 6..8 9..11 ");
	append_run("d/" SECOND, 12, 2);
	expect_status(pages, KMETA_OK);
	expect_rows(pages, "0..2 3..5 6..8 9..11 12..14 15..17 ");
	cr_expect_eq(kmeta_pages_file(pages, 1).size, 3 * NOOPS_SIZE);
	expect_status(pages, KMETA_END);
	kmeta_pages_close(pages);
}

/* A batch that is written in two pieces is cut only until the second is there. */
Test(pages_refresh, half_a_batch)
{
	struct kmeta_pages *pages = a_directory();
	struct made m = { 0 };

	put_run(&m, 12, 1);
	append_file("d/" SECOND, (struct kmeta_bytes){ m.at, 70 });
	expect_status(pages, KMETA_OK);
	expect_rows(pages, "0..2 3..5 6..8 9..11 !truncated@94 ");
	append_file("d/" SECOND, (struct kmeta_bytes){ m.at + 70, m.size - 70 });
	expect_status(pages, KMETA_OK);
	expect_rows(pages, "0..2 3..5 6..8 9..11 12..14 ");
	made_release(&m);
	kmeta_pages_close(pages);
}

Test(pages_refresh, another_segment)
{
	struct kmeta_pages *pages = a_directory();

	append_run("d/" SECOND, 12, 2);
	append_run("d/" THIRD, 18, 1);
	expect_status(pages, KMETA_OK);
	expect_rows(pages, "0..2 3..5 6..8 9..11 12..14 15..17 18..20 ");
	cr_expect_str_eq(kmeta_pages_file(pages, 2).name, "d/" THIRD);
	expect_status(pages, KMETA_END);
	/* One that lies before the last is none that came behind it. */
	append_run("d/00000000000000000003.log", 3, 1);
	expect_status(pages, KMETA_END);
	kmeta_pages_close(pages);
}

Test(pages_refresh, file_that_is_cut)
{
	struct kmeta_pages *pages = a_directory();

	cr_assert_eq(truncate("d/" FIRST, 2 * NOOPS_SIZE), 0);
	expect_changed(pages, "d/" FIRST, "was cut");
	expect_status(pages, KMETA_END);
	expect_rows(pages, "0..2 3..5 9..11 ");
	kmeta_pages_close(pages);
}

Test(pages_refresh, file_that_is_replaced)
{
	struct kmeta_pages *pages = a_directory();

	append_run("other", 9, 4);
	cr_assert_eq(rename("other", "d/" SECOND), 0);
	expect_changed(pages, "d/" SECOND, "was replaced");
	expect_status(pages, KMETA_END);
	expect_rows(pages, "0..2 3..5 6..8 9..11 12..14 15..17 18..20 ");
	kmeta_pages_close(pages);
}

Test(pages_refresh, file_that_is_removed)
{
	struct kmeta_pages *pages = a_directory();

	cr_assert_eq(unlink("d/" FIRST), 0);
	expect_changed(pages, "d/" FIRST, "was removed");
	expect_status(pages, KMETA_END);
	expect_rows(pages, "!cannot-read@-1 9..11 ");
	/* It comes back as another file. */
	append_run("d/" FIRST, 0, 1);
	expect_changed(pages, "d/" FIRST, "was ");
	expect_rows(pages, "0..2 9..11 ");
	kmeta_pages_close(pages);
}

Test(pages_refresh, directory_that_is_removed)
{
	struct kmeta_pages *pages = a_directory();
	struct kmeta_finding why;

	cr_assert_eq(rename("d", "elsewhere"), 0);
	expect_changed(pages, "d/" FIRST, "was removed");
	expect_changed(pages, "d/" SECOND, "was removed");
	cr_assert_eq(kmeta_pages_refresh(pages, &why), KMETA_DAMAGED);
	cr_expect(strstr(why.message, "directory"), "%s", why.message);
	/* Nothing of it is lost that comes back. */
	cr_assert_eq(rename("elsewhere", "d"), 0);
	expect_status(pages, KMETA_END);
	expect_rows(pages, "0..2 3..5 6..8 9..11 ");
	kmeta_pages_close(pages);
}

/* A file alone is looked at too, and read as it is then. */
/* A name that leads nowhere is what is left to open of a segment that was removed meanwhile. */
/* A segment that exists but cannot be opened is not passed over. */
Test(pages_refresh, segment_that_cannot_be_opened)
{
	struct kmeta_pages *pages = a_directory(), *again;
	struct kmeta_finding why = { 0 };

	cr_assert_eq(symlink("nowhere", "d/" THIRD), 0);
	expect_status(pages, KMETA_DAMAGED);
	expect_rows(pages, "0..2 3..5 6..8 9..11 ");
	kmeta_pages_close(pages);
	cr_expect_eq(kmeta_pages_open(&again, "d", &why), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_CANNOT_READ);
	cr_expect(strstr(why.message, "a link to a file that does not exist"));
}

Test(pages_refresh, one_file)
{
	struct kmeta_pages *pages;

	append_run("some.log", 0, 1);
	pages = open_pages("some.log");
	append_run("some.log", 3, 1);
	append_run("other.log", 6, 1);
	expect_status(pages, KMETA_OK);
	expect_rows(pages, "0..2 3..5 ");
	expect_status(pages, KMETA_END);
	cr_assert_eq(rename("other.log", "some.log"), 0);
	expect_changed(pages, "some.log", "was replaced");
	expect_rows(pages, "6..8 ");
	cr_assert_eq(unlink("some.log"), 0);
	expect_changed(pages, "some.log", "was removed");
	kmeta_pages_close(pages);
}
