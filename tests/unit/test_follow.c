/* SPDX-License-Identifier: Apache-2.0 */
/* test_follow.c: a source that waits for more, while its files grow, roll, shrink and go away. */
#include <sys/wait.h>

#include <kmeta.h>

#include "files.h"

TestSuite(follow, .init = scratch_begin, .fini = scratch_end, .timeout = 60);

/* A followed source and what it has told so far. */
struct follower {
	struct kmeta_source *source;
	struct story story;
};

static void follow(struct follower *f, const char *address, const struct kmeta_range *offsets)
{
	const struct kmeta_source_options options = { .size = sizeof(options),
		                                      .follow = true,
		                                      .offsets = offsets };
	struct kmeta_finding why = { 0 };

	*f = (struct follower){ 0 };
	cr_assert_eq(kmeta_source_open(&f->source, address, &options, &why), KMETA_OK, "%s: %s",
	             address, why.message);
	tell_rest(&f->story, f->source);
}

/*
 * Waits, without time, and reads on until nothing is new: files were changed by now, or they are
 * not. A loop of news that never ends is a failure of its own.
 */
static void catch_up(struct follower *f)
{
	enum kmeta_status status;
	int rounds = 0;

	do {
		struct kmeta_finding why = { 0 };

		status = kmeta_source_wait(f->source, 0, &why);
		if (status == KMETA_DAMAGED || status == KMETA_FAILED)
			tell_finding(&f->story, &why);
		if (status == KMETA_OK || status == KMETA_DAMAGED)
			tell_rest(&f->story, f->source);
		cr_assert_lt(++rounds, 20, "no end: %s", f->story.text);
	} while (status == KMETA_OK || status == KMETA_DAMAGED);
}

/* Exactly this was told since the last time it was asked. */
#define expect_told(f, wanted)                                                             \
	do {                                                                               \
		cr_expect_str_eq((f)->story.text, wanted, "\n  %s\n  %s", (f)->story.text, \
		                 wanted);                                                  \
		(f)->story = (struct story){ 0 };                                          \
	} while (0)

static void unfollow(struct follower *f)
{
	kmeta_source_close(f->source);
}

Test(follow, file_that_grows)
{
	struct follower f;

	append_run("file", 0, 2);
	follow(&f, "file", NULL);
	expect_told(&f, "0..2 3..5 ");
	catch_up(&f);
	expect_told(&f, "");
	append_run("file", 6, 1);
	catch_up(&f);
	expect_told(&f, "6..8 ");
	append_run("file", 9, 3);
	catch_up(&f);
	expect_told(&f, "9..11 12..14 15..17 ");
	unfollow(&f);
}

Test(follow, empty_file)
{
	struct follower f;

	write_file("file", BYTES(""));
	follow(&f, "file", NULL);
	catch_up(&f);
	expect_told(&f, "");
	append_run("file", 0, 1);
	catch_up(&f);
	expect_told(&f, "0..2 ");
	unfollow(&f);
}

/* An unfinished batch is waited for, wherever the writer stands in it. */
Test(follow, torn_batch)
{
	struct made m = { 0 };

	put_run(&m, 3, 1);
	for (size_t at = 1; at < m.size; at++) {
		struct follower f;

		unlink("file");
		append_run("file", 0, 1);
		append_file("file", (struct kmeta_bytes){ m.at, at });
		follow(&f, "file", NULL);
		catch_up(&f);
		expect_told(&f, "0..2 ");
		append_file("file", (struct kmeta_bytes){ m.at + at, m.size - at });
		catch_up(&f);
		expect_told(&f, "3..5 ");
		unfollow(&f);
	}
	made_release(&m);
}

Test(follow, byte_by_byte)
{
	struct made m = { 0 };
	struct follower f;

	put_run(&m, 0, 3);
	write_file("file", BYTES(""));
	follow(&f, "file", NULL);
	for (size_t i = 0; i < m.size; i++) {
		append_file("file", (struct kmeta_bytes){ m.at + i, 1 });
		catch_up(&f);
	}
	expect_told(&f, "0..2 3..5 6..8 ");
	unfollow(&f);
	made_release(&m);
}

Test(follow, damage_is_told_and_passed)
{
	struct made m = { 0 };
	struct follower f;

	append_run("file", 0, 1);
	follow(&f, "file", NULL);
	put_run(&m, 3, 3);
	m.at[70] ^= 1;
	append_file("file", made_bytes(&m));
	catch_up(&f);
	expect_told(&f, "0..2 !crc-mismatch@94 6..8 9..11 ");
	append_run("file", 12, 1);
	catch_up(&f);
	expect_told(&f, "12..14 ");
	unfollow(&f);
	made_release(&m);
}

/* Damage at the end: what comes behind it is found once it is there. */
Test(follow, damage_at_the_end)
{
	struct follower f;

	append_run("file", 0, 1);
	append_file(
		"file",
		BYTES("this is no batch, but long enough to be taken for a header of one......"));
	follow(&f, "file", NULL);
	catch_up(&f);
	expect_told(&f, "0..2 !bad-magic@94 ");
	append_run("file", 3, 2);
	catch_up(&f);
	expect_told(&f, "3..5 6..8 ");
	unfollow(&f);
}

/* ---- segments ---- */

Test(follow, segment_rolls)
{
	struct follower f;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 1);
	follow(&f, "d", NULL);
	expect_told(&f, "0..2 ");
	/* The old one is finished before the new one is begun, whatever is seen first. */
	append_run("d/" FIRST, 3, 2);
	append_run("d/" SECOND, 9, 1);
	catch_up(&f);
	expect_told(&f, "3..5 6..8 9..11 ");
	append_run("d/" SECOND, 12, 2);
	append_run("d/" THIRD, 18, 1);
	catch_up(&f);
	expect_told(&f, "12..14 15..17 18..20 ");
	append_run("d/" THIRD, 21, 1);
	catch_up(&f);
	expect_told(&f, "21..23 ");
	unfollow(&f);
}

Test(follow, several_rolls_at_once)
{
	struct follower f;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	follow(&f, "d", NULL);
	append_run("d/" SECOND, 9, 3);
	append_run("d/" THIRD, 18, 1);
	append_run("d/00000000000000000021.log", 21, 1);
	catch_up(&f);
	expect_told(&f, "0..2 3..5 6..8 9..11 12..14 15..17 18..20 21..23 ");
	unfollow(&f);
}

/* A new segment that is empty yet changes nothing. */
Test(follow, roll_to_an_empty_segment)
{
	struct follower f;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	follow(&f, "d", NULL);
	write_file("d/" SECOND, BYTES(""));
	catch_up(&f);
	expect_told(&f, "0..2 3..5 6..8 ");
	append_run("d/" SECOND, 9, 1);
	catch_up(&f);
	expect_told(&f, "9..11 ");
	unfollow(&f);
}

/* What is still torn when the next segment is there will never be whole. */
Test(follow, torn_batch_before_a_roll)
{
	struct made m = { 0 };
	struct follower f;

	put_run(&m, 3, 1);
	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 1);
	append_file("d/" FIRST, (struct kmeta_bytes){ m.at, 70 });
	follow(&f, "d", NULL);
	catch_up(&f);
	expect_told(&f, "0..2 ");
	append_run("d/" SECOND, 9, 1);
	catch_up(&f);
	expect_told(&f, "!truncated@94 9..11 ");
	unfollow(&f);
	made_release(&m);
}

Test(follow, directory_without_segments)
{
	struct follower f;

	cr_assert_eq(mkdir("d", 0755), 0);
	follow(&f, "d", NULL);
	catch_up(&f);
	expect_told(&f, "");
	append_run("d/" FIRST, 0, 1);
	catch_up(&f);
	expect_told(&f, "0..2 ");
	unfollow(&f);
}

/* Kafka deletes the oldest segments while others are read. */
Test(follow, old_segments_deleted)
{
	struct follower f;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	append_run("d/" SECOND, 9, 1);
	follow(&f, "d", NULL);
	expect_told(&f, "0..2 3..5 6..8 9..11 ");
	cr_assert_eq(unlink("d/" FIRST), 0);
	catch_up(&f);
	append_run("d/" SECOND, 12, 1);
	catch_up(&f);
	expect_told(&f, "12..14 ");
	unfollow(&f);
}

/* ---- what shrinks ---- */

Test(follow, file_cut)
{
	struct follower f;

	append_run("file", 0, 3);
	follow(&f, "file", NULL);
	expect_told(&f, "0..2 3..5 6..8 ");
	cr_assert_eq(truncate("file", NOOPS_SIZE), 0);
	catch_up(&f);
	expect_told(&f, "!file-changed@94 ");
	append_run("file", 3, 1);
	catch_up(&f);
	expect_told(&f, "3..5 ");
	unfollow(&f);
}

/* A batch that was half written, and so half read, is taken back and another written in its place.
 */
Test(follow, torn_batch_taken_back)
{
	static const size_t torn[] = { 1, 17, 60, 61, 93 };

	for (size_t i = 0; i < COUNT(torn); i++) {
		struct made m = { 0 };
		struct follower f;

		put_noops(&m, 1000, 1);
		unlink("file");
		append_run("file", 0, 1);
		append_file("file", (struct kmeta_bytes){ m.at, torn[i] });
		follow(&f, "file", NULL);
		catch_up(&f);
		expect_told(&f, "0..2 ");
		cr_assert_eq(truncate("file", NOOPS_SIZE), 0);
		m.size = 0;
		put_run(&m, 3, 2);
		append_file("file", made_bytes(&m));
		catch_up(&f);
		cr_expect(!strcmp(f.story.text, "3..5 6..8 ") ||
		                  !strcmp(f.story.text, "!file-changed@94 3..5 6..8 "),
		          "%zu bytes: %s", torn[i], f.story.text);
		unfollow(&f);
		made_release(&m);
	}
}

/* ---- what goes away ---- */

Test(follow, file_replaced)
{
	struct follower f;

	append_run("file", 0, 2);
	follow(&f, "file", NULL);
	expect_told(&f, "0..2 3..5 ");
	append_run("new", 30, 2);
	cr_assert_eq(rename("new", "file"), 0);
	catch_up(&f);
	expect_told(&f, "!file-changed@-1 30..32 33..35 ");
	append_run("file", 36, 1);
	catch_up(&f);
	expect_told(&f, "36..38 ");
	unfollow(&f);
}

Test(follow, file_removed_and_back)
{
	struct follower f;

	append_run("file", 0, 2);
	follow(&f, "file", NULL);
	expect_told(&f, "0..2 3..5 ");
	cr_assert_eq(unlink("file"), 0);
	catch_up(&f);
	expect_told(&f, "!file-changed@188 ");
	catch_up(&f);
	expect_told(&f, "");
	append_run("file", 6, 1);
	catch_up(&f);
	expect_told(&f, "!file-changed@-1 6..8 ");
	unfollow(&f);
}

/* What was written before the file went away is read before that is told. */
Test(follow, file_grown_and_replaced)
{
	struct follower f;

	append_run("file", 0, 1);
	follow(&f, "file", NULL);
	expect_told(&f, "0..2 ");
	append_run("file", 3, 1);
	append_run("new", 30, 1);
	cr_assert_eq(rename("new", "file"), 0);
	catch_up(&f);
	expect_told(&f, "3..5 !file-changed@-1 30..32 ");
	unfollow(&f);
}

Test(follow, directory_replaced)
{
	struct follower f;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 1);
	follow(&f, "d", NULL);
	expect_told(&f, "0..2 ");
	cr_assert_eq(rename("d", "old"), 0);
	catch_up(&f);
	cr_expect(!strncmp(f.story.text, "!file-changed@", 14), "%s", f.story.text);
	f.story = (struct story){ 0 };
	cr_assert_eq(mkdir("d", 0755), 0);
	catch_up(&f);
	expect_told(&f, "");
	append_run("d/" SECOND, 9, 2);
	catch_up(&f);
	cr_expect(strstr(f.story.text, "9..11 12..14 "), "%s", f.story.text);
	append_run("d/" SECOND, 15, 1);
	f.story = (struct story){ 0 };
	catch_up(&f);
	expect_told(&f, "15..17 ");
	unfollow(&f);
}

/* ---- windows ---- */

Test(follow, window)
{
	const struct kmeta_range offsets = { 6, INT64_MAX };
	struct follower f;

	append_run("file", 0, 1);
	follow(&f, "file", &offsets);
	expect_told(&f, "");
	append_run("file", 3, 2);
	catch_up(&f);
	expect_told(&f, "6..8 ");
	unfollow(&f);
}

/* A batch that is not wanted is passed over by its header: also when it is not all there yet. */
Test(follow, window_and_a_torn_batch)
{
	const struct kmeta_range offsets = { 6, INT64_MAX };
	struct made m = { 0 };

	put_run(&m, 3, 1);
	for (size_t at = 61; at < m.size; at++) {
		struct follower f;

		unlink("file");
		append_run("file", 0, 1);
		append_file("file", (struct kmeta_bytes){ m.at, at });
		follow(&f, "file", &offsets);
		catch_up(&f);
		append_file("file", (struct kmeta_bytes){ m.at + at, m.size - at });
		catch_up(&f);
		append_run("file", 6, 1);
		catch_up(&f);
		cr_assert_str_eq(f.story.text, "6..8 ", "torn at %zu: %s", at, f.story.text);
		unfollow(&f);
	}
	made_release(&m);
}

/* ---- waiting ---- */

#ifdef __linux__
static const char *const waits[] = { "d", "d/" FIRST };

/* News wake it: if they did not, this would take ten minutes, and so run out of time. */
ROWS(follow, wakes, waits)
ParameterizedTest(const size_t *row, follow, wakes, .timeout = 30)
{
	struct kmeta_finding why;
	struct follower f;
	pid_t writer;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 1);
	follow(&f, waits[*row], NULL);
	expect_told(&f, "0..2 ");
	writer = fork();
	if (!writer) {
		usleep(100000);
		append_run("d/" FIRST, 3, 1);
		_exit(0);
	}
	cr_assert_eq(kmeta_source_wait(f.source, 600000, &why), KMETA_OK);
	cr_assert_eq(waitpid(writer, NULL, 0), writer);
	catch_up(&f);
	unfollow(&f);
}
#endif

/* ---- what cannot be followed ---- */

Test(follow, only_plain_files)
{
	const struct kmeta_source_options options = { .size = sizeof(options), .follow = true };
	struct kmeta_source *source;
	struct kmeta_finding why = { 0 };

	write_file("packed", BYTES("\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0"));
	cr_expect_eq(kmeta_source_open(&source, "packed", &options, &why), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_BAD_ARGUMENT);
	cr_expect(strstr(why.message, "only a plain file can be followed"), "%s", why.message);
	cr_expect_eq(kmeta_source_open(&source, "absent", &options, &why), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_CANNOT_READ);
}

Test(follow, files_are_closed)
{
	const int before = open_files();
	struct follower f;

	cr_assert_eq(mkdir("d", 0755), 0);
	append_run("d/" FIRST, 0, 3);
	follow(&f, "d", NULL);
	append_run("d/" SECOND, 9, 1);
	catch_up(&f);
	append_run("new", 9, 2);
	cr_assert_eq(rename("new", "d/" SECOND), 0);
	catch_up(&f);
	unfollow(&f);
	cr_expect_eq(open_files(), before);
}
