/* SPDX-License-Identifier: Apache-2.0 */
/* files.h: files in a directory of the test's own, and what a source reads from them, as text. */
#ifndef KMETA_TEST_FILES_H
#define KMETA_TEST_FILES_H

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kmeta.h>

#include "rows.h"

#define FIRST  "00000000000000000000.log"
#define SECOND "00000000000000000009.log"
#define THIRD  "00000000000000000018.log"

/* ---- a directory of the test's own, in which it runs ---- */

static char scratch[300];

static inline void scratch_begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(scratch, sizeof(scratch), "%s/kmeta-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	cr_assert(mkdtemp(scratch) && chdir(scratch) == 0);
}

static inline int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void scratch_end(void)
{
	if (chdir("/") == 0)
		nftw(scratch, scratch_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- writing files ---- */

static inline void write_at(const char *path, int flags, struct kmeta_bytes bytes)
{
	const int fd = open(path, O_WRONLY | O_CREAT | flags, 0644);

	cr_assert(fd >= 0, "%s", path);
	for (size_t done = 0; done < bytes.size;) {
		const ssize_t n = write(fd, bytes.data + done, bytes.size - done);

		cr_assert_gt(n, 0);
		done += (size_t)n;
	}
	close(fd);
}

static inline void write_file(const char *path, struct kmeta_bytes bytes)
{
	write_at(path, O_TRUNC, bytes);
}

static inline void append_file(const char *path, struct kmeta_bytes bytes)
{
	write_at(path, O_APPEND, bytes);
}

/* ---- batches of one size ---- */

/* Three NO_OPs in each, so that a batch's place follows from its number. */
enum { NOOPS = 3, NOOPS_SIZE = MADE_HEADER + NOOPS * 11 };

static inline void put_noops(struct made *m, int64_t base_offset, int32_t epoch)
{
	struct batch_plan plan = { .base_offset = base_offset,
		                   .count = NOOPS,
		                   .epoch = epoch,
		                   .base_timestamp = (MADE_TIME + base_offset % 1000000) * 1000 };
	struct made records = { 0 };

	for (int i = 0; i < NOOPS; i++)
		put_record(&records, &(struct record_plan){ .value = BYTES("\x01\x14\x00\0"),
		                                            .offset_delta = i });
	plan.records = made_bytes(&records);
	put_batch(m, &plan);
	made_release(&records);
}

/* So many batches from an offset on; epoch 1. */
static inline void put_run(struct made *m, int64_t base_offset, int count)
{
	for (int i = 0; i < count; i++)
		put_noops(m, base_offset + i * NOOPS, 1);
}

/* Appends them to a file. */
static inline void append_run(const char *path, int64_t base_offset, int count)
{
	struct made m = { 0 };

	put_run(&m, base_offset, count);
	append_file(path, made_bytes(&m));
	made_release(&m);
}

/* ---- what is read, as text ---- */

/* "0..2 !crc-mismatch@94 6..8 ": offsets of batches, findings with the byte where they are. */
struct story {
	char text[4096];
	size_t size;
};

static inline void tell(struct story *s, const char *text)
{
	const size_t size = strlen(text);

	cr_assert_lt(s->size + size + 1, sizeof(s->text), "the story is too long: %s", s->text);
	memcpy(s->text + s->size, text, size + 1);
	s->size += size;
}

static inline void tell_batch(struct story *s, const struct kmeta_batch *batch)
{
	char text[100];

	snprintf(text, sizeof(text), "%lld..%lld ", (long long)batch->base_offset,
	         (long long)batch->last_offset);
	tell(s, text);
}

static inline void tell_finding(struct story *s, const struct kmeta_finding *why)
{
	char text[100];

	snprintf(text, sizeof(text), "!%s@%lld ", kmeta_code_name(why->code),
	         (long long)why->position);
	tell(s, text);
}

/* Reads on to the end, or to what ends the work. */
static inline void tell_rest(struct story *s, struct kmeta_source *source)
{
	for (;;) {
		struct kmeta_batch batch;
		struct kmeta_finding why = { 0 };
		const enum kmeta_status status = kmeta_source_next(source, &batch, &why);

		if (status == KMETA_OK)
			tell_batch(s, &batch);
		else if (status != KMETA_END)
			tell_finding(s, &why);
		if (status == KMETA_END || status == KMETA_FAILED)
			return;
	}
}

/* All that an address gives; "failed: CODE" if it cannot be opened. */
static inline struct story story_of(const char *address, const struct kmeta_source_options *options)
{
	struct story s = { 0 };
	struct kmeta_source *source = NULL;
	struct kmeta_finding why = { 0 };

	if (kmeta_source_open(&source, address, options, &why) == KMETA_OK) {
		tell_rest(&s, source);
	} else {
		tell(&s, "failed: ");
		tell(&s, kmeta_code_name(why.code));
	}
	kmeta_source_close(source);
	return s;
}

/* How many files this process has open. */
static inline int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

#endif
